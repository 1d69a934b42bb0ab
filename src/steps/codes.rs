//! What only the shell can give a decision: codes that nobody can guess.

use data_encoding::BASE32_NOPAD;

use crate::command::{Command, Parsed};
use crate::decide::Verdict;
use crate::domain::{Rules, Senders};

/// Codes for the confirmations that a mail's commands can ask for: 40 random bits each.
pub(super) fn codes(parsed: &Parsed) -> Vec<String> {
    let asks = parsed.lines.iter().filter(|line| matches!(line.command, Ok(Command::Also { .. }))).count();
    (0..asks * 2).filter_map(|_| code()).collect()
}

/// The code of the question whether a mail is its sender's, where that may have to be asked.
pub(super) fn hold_code(rules: &Rules, verdict: &Verdict, parsed: &Parsed) -> Option<String> {
    let may_be_held = rules.senders == Senders::Proven && *verdict == Verdict::Claimed && !parsed.lines.is_empty();
    may_be_held.then(code).flatten()
}

/// A code of eight characters, at least one of them a digit, so that it is no word.
fn code() -> Option<String> {
    for _ in 0..64 {
        let mut bytes = [0_u8; 5];
        getrandom::fill(&mut bytes).ok()?;
        let code = BASE32_NOPAD.encode(&bytes).to_lowercase();
        if code.bytes().any(|byte| byte.is_ascii_digit()) && code.bytes().any(|byte| byte.is_ascii_lowercase()) {
            return Some(code);
        }
    }
    None
}
