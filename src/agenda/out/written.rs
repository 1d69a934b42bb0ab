//! What a cell can hold, so that every kind of file gives it back: printed text in lines.

use crate::agenda::blocks::{is_invisible, one_line};

/// A text as a cell holds it: nothing invisible, one kind of space, no blank lines, no space around
/// a line.
pub(super) fn cell(text: &str) -> String {
    let mut lines = Vec::new();
    for line in text.split(is_line_end) {
        let kept = line.chars().filter(|c| !is_invisible(*c));
        let kept = kept.map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !is_control(*c));
        let kept: String = kept.collect();
        let kept = kept.trim();
        if !kept.is_empty() {
            lines.push(kept.to_owned());
        }
    }
    lines.join("\n")
}

/// As [`cell`], in one line.
pub(super) fn line(text: &str) -> String {
    one_line(&cell(text))
}

const fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// What no XML holds, and no text should.
fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}')
}
