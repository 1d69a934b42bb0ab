//! What only the shell can give a decision: codes that nobody can guess.

use data_encoding::BASE32_NOPAD;

use crate::command::{Command, Parsed};

/// Codes for the confirmations that a mail's commands can ask for: 40 random bits each.
pub(super) fn codes(parsed: &Parsed) -> Vec<String> {
    let asks = parsed.lines.iter().filter(|line| matches!(line.command, Ok(Command::Also { .. }))).count();
    (0..asks * 2).filter_map(|_| code()).collect()
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
