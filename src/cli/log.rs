//! The log, on standard error.

use std::io::{self, IsTerminal as _};

use tracing::Level;
use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};

/// Begins to write the log as the configuration says.
pub(super) fn begin(log: Log) {
    start(log.format, log.level);
}

/// As [`begin`], for a command that tells what it does on standard output: of the log, only what is
/// wrong, unless the configuration wants more than the ordinary.
pub(super) fn begin_quietly(log: Log) {
    start(log.format, if log.level == Level::INFO { Level::WARN } else { log.level });
}

fn start(format: LogFormat, level: Level) {
    // Other crates' own words are wanted only where something is wrong with them.
    let filter = EnvFilter::new(format!("warn,minuted={}", level.as_str().to_lowercase()));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_target(false);
    // It fails only where a log was begun before, which then goes on.
    let _ = match format {
        LogFormat::Text => builder.with_ansi(io::stderr().is_terminal()).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
}
