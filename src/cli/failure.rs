//! How a command ends that does not end well: one clear text on standard error, and an exit code
//! (sysexits where a mail server looks at it).

use std::fmt;
use std::io::{self, Write as _};
use std::process::ExitCode;

use super::output::printable;
use crate::config::ConfigErrors;
use crate::mailbox;
use crate::store::StoreError;

/// It did not work, or the answer is no.
pub(super) const FAILED: u8 = 1;
/// The arguments make no sense (what clap exits with, too).
pub(super) const USAGE: u8 = 2;
/// `EX_DATAERR`: the mail cannot be taken in, now or later.
pub(super) const BAD_DATA: u8 = 65;
/// `EX_NOINPUT`: there is no such file.
pub(super) const NO_INPUT: u8 = 66;
/// `EX_SOFTWARE`: the program itself is wrong.
const SOFTWARE: u8 = 70;
/// `EX_TEMPFAIL`: the same may work later; a mail server tries again.
pub(super) const TEMPORARY: u8 = 75;
/// `EX_CONFIG`: the configuration is wrong.
pub(super) const CONFIGURATION: u8 = 78;

/// Why a command ends without having done what it was asked.
#[derive(Debug)]
pub(super) struct Failure {
    code: u8,
    /// What is said; nothing where it has been said already.
    text: String,
}

impl Failure {
    /// A failure that is told and exits with `code`.
    pub(super) fn new(code: u8, text: impl Into<String>) -> Self {
        Self { code, text: text.into() }
    }

    /// What was asked for does not exist or cannot be.
    pub(super) fn refused(text: impl Into<String>) -> Self {
        Self::new(FAILED, text)
    }

    /// The arguments do not go together.
    pub(super) fn usage(text: impl Into<String>) -> Self {
        Self::new(USAGE, text)
    }

    /// Everything has been said on standard output; only the exit code tells.
    pub(super) fn told() -> Self {
        Self::new(FAILED, "")
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Failure {}

/// The reader of our standard output has gone (`| head`): nothing is wrong, and nothing is said.
#[derive(Debug)]
pub(super) struct NobodyReads;

impl fmt::Display for NobodyReads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nobody reads the output")
    }
}

impl std::error::Error for NobodyReads {}

/// Has a panic told in a line, without a backtrace. Readers catch their own and go on.
pub(super) fn tell_panics_shortly() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(|place| format!(" ({}:{})", place.file(), place.line())).unwrap_or_default();
        let what = panic.payload_as_str().unwrap_or("no reason given");
        let told = format!("minuted: this is a mistake in minuted itself: {what}{place}");
        let _ = writeln!(io::stderr(), "{}", printable(&told));
    }));
}

/// The exit code after a panic, which has been told. A mail server that waits keeps its mail.
pub(super) fn after_panic(is_intake: bool) -> ExitCode {
    ExitCode::from(if is_intake { TEMPORARY } else { SOFTWARE })
}

/// Tells why a command failed, and gives the exit code for it.
pub(super) fn tell(error: &anyhow::Error) -> ExitCode {
    if error.is::<NobodyReads>() {
        return ExitCode::SUCCESS;
    }
    let told = text(error);
    let mut stderr = io::stderr().lock();
    for line in told.lines().filter(|line| !line.trim().is_empty()) {
        // There is nowhere to say that standard error cannot be written to.
        let _ = writeln!(stderr, "{}", printable(line));
    }
    ExitCode::from(code(error))
}

/// The error with its causes; the problems of a file that people write are a line each, beginning
/// with the place, so that an editor can jump there.
fn text(error: &anyhow::Error) -> String {
    if let Some(failure) = error.downcast_ref::<Failure>() {
        return if failure.text.is_empty() { String::new() } else { format!("minuted: {failure}") };
    }
    if let Some(problems) = error.downcast_ref::<ConfigErrors>() {
        return problems.to_string();
    }
    format!("minuted: {}", told(error))
}

/// The error with its causes, in a line. Some errors tell their cause themselves; it is not told
/// twice.
pub(super) fn told(error: &anyhow::Error) -> String {
    let mut told = String::new();
    for cause in error.chain() {
        let cause = cause.to_string();
        if told.is_empty() {
            told = cause;
        } else if !told.contains(&cause) {
            told = format!("{told}: {cause}");
        }
    }
    told
}

/// The exit code that says what kind of error it is.
fn code(error: &anyhow::Error) -> u8 {
    if let Some(failure) = error.downcast_ref::<Failure>() {
        return failure.code;
    }
    if error.chain().any(|cause| cause.is::<ConfigErrors>()) {
        return CONFIGURATION;
    }
    let store = error.chain().find_map(|cause| cause.downcast_ref::<StoreError>());
    if store.is_some_and(StoreError::is_temporary) {
        return TEMPORARY;
    }
    FAILED
}

/// An error of `ingest`, which a mail server may be waiting for: unless the mail itself is the
/// reason, it is to keep the mail and try again. At the end of a `pipe` that holds for a wrong
/// configuration too: a mail server gives any other code back to the sender as a bounce.
pub(super) fn of_intake(error: anyhow::Error, pipe: bool) -> anyhow::Error {
    let is_told = error.is::<Failure>() || error.is::<ConfigErrors>();
    if error.is::<NobodyReads>() || (is_told && !pipe) {
        return error;
    }
    let code = match error.chain().find_map(|cause| cause.downcast_ref::<mailbox::Error>()) {
        Some(mailbox::Error::Missing { .. }) => NO_INPUT,
        Some(
            mailbox::Error::Empty { .. }
            | mailbox::Error::NoMail { .. }
            | mailbox::Error::NotMail { .. }
            | mailbox::Error::NotAMaildir { .. },
        ) => BAD_DATA,
        _ => TEMPORARY,
    };
    Failure::new(code, told(&error)).into()
}

#[cfg(test)]
mod tests {
    use anyhow::Context as _;

    use super::*;

    #[test]
    fn a_cause_that_its_error_tells_already_is_not_told_twice() {
        let cause = io::Error::other("the disk is gone");
        let error = anyhow::Error::new(cause).context("cannot read it: the disk is gone");
        assert_eq!(text(&error), "minuted: cannot read it: the disk is gone");
        let error = anyhow::Error::new(io::Error::other("the disk is gone")).context("cannot read it");
        assert_eq!(text(&error), "minuted: cannot read it: the disk is gone");
    }

    #[test]
    fn a_mail_server_tries_again_unless_the_mail_is_to_blame() {
        let empty = mailbox::Error::Empty { path: "-".into() };
        assert_eq!(code(&of_intake(empty.into(), true)), BAD_DATA);
        let busy: anyhow::Error = Err::<(), _>(io::Error::other("no memory")).context("reading").unwrap_err();
        assert_eq!(code(&of_intake(busy, false)), TEMPORARY);
        let problem = crate::config::Problem::of_file(std::path::Path::new("minuted.toml"), "is wrong");
        for (pipe, expected) in [(true, TEMPORARY), (false, CONFIGURATION)] {
            assert_eq!(code(&of_intake(ConfigErrors::from(problem.clone()).into(), pipe)), expected);
        }
        assert_eq!(code(&of_intake(Failure::usage("which group?").into(), true)), TEMPORARY);
    }
}
