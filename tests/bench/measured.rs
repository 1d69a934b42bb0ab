//! What a run of a command costs.

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What it was.
pub struct Measured {
    pub took: Duration,
    /// Time of the processors, in ticks of 10 ms, up to a few milliseconds before its end.
    pub cpu: Duration,
    /// The peak of resident memory in MiB (`VmHWM`, polled).
    pub peak: u64,
}

/// Runs the command to its end.
pub fn measured(command: &mut Command) -> Measured {
    let begin = Instant::now();
    let mut child = command.stdout(Stdio::null()).spawn().expect("minuted starts");
    let (status, stat) = (format!("/proc/{}/status", child.id()), format!("/proc/{}/stat", child.id()));
    let (mut peak, mut ticks) = (0, 0);
    loop {
        // User and system time are the 14th and 15th field (proc(5)), the 12th and 13th behind the name.
        if let Some((_, text)) = fs::read_to_string(&stat).ok().as_deref().and_then(|text| text.rsplit_once(')')) {
            let times = text.split_whitespace().skip(11).take(2);
            ticks = times.filter_map(|time| time.parse::<u64>().ok()).sum::<u64>().max(ticks);
        }
        if let Ok(text) = fs::read_to_string(&status) {
            let high = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let kib = high.and_then(|rest| rest.split_whitespace().next()).and_then(|kib| kib.parse::<u64>().ok());
            peak = peak.max(kib.unwrap_or(0) / 1024);
        }
        if let Some(status) = child.try_wait().expect("minuted ends") {
            assert!(status.success(), "{status}");
            return Measured { took: begin.elapsed(), cpu: Duration::from_millis(ticks * 10), peak };
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}
