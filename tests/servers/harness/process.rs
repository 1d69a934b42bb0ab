//! Server processes: started as the servers' user, stopped by their own number, and waited for.

use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

/// A server that runs. It is stopped, and gone, when this is dropped.
#[derive(Debug)]
pub struct Server {
    process: Child,
}

impl Server {
    /// Starts it.
    pub fn start(mut command: Command) -> Self {
        let process = command.spawn();
        Self { process: process.unwrap_or_else(|error| panic!("{command:?} does not start: {error}")) }
    }

    /// How it ended, if it did.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.process.try_wait().expect("the state of a server")
    }

    /// Tells it to stop, and waits until it is gone.
    pub fn stop(&mut self) {
        if self.ended().is_some() {
            return;
        }
        let id = self.process.id().to_string();
        // A shell's own `kill` is there everywhere.
        let _ = Command::new("sh").arg("-c").arg(format!("kill -TERM {id}")).status();
        let end = Instant::now() + Duration::from_secs(10);
        while self.ended().is_none() {
            if Instant::now() > end {
                let _ = self.process.kill();
                let _ = self.process.wait();
                return;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}
