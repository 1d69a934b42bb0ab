//! What a run of a command costs.

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How long the command took, and its peak of resident memory in MiB (`VmHWM`, polled).
pub fn measured(command: &mut Command) -> (Duration, u64) {
    let begin = Instant::now();
    let mut child = command.stdout(Stdio::null()).spawn().expect("minuted starts");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        if let Ok(text) = fs::read_to_string(&status) {
            let high = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let kib = high.and_then(|rest| rest.split_whitespace().next()).and_then(|kib| kib.parse::<u64>().ok());
            peak = peak.max(kib.unwrap_or(0) / 1024);
        }
        if let Some(status) = child.try_wait().expect("minuted ends") {
            assert!(status.success(), "{status}");
            return (begin.elapsed(), peak);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}
