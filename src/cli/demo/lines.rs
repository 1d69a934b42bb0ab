//! Lines that fit into a terminal.

use unicode_width::UnicodeWidthStr as _;

/// No line is wider, in columns.
pub(super) const WIDTH: usize = 80;

/// The text in lines of at most [`WIDTH`] columns: the first behind `first`, the others behind `then`.
/// A word that is wider than a line stands alone.
pub(super) fn wrapped(text: &str, first: &str, then: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut line, mut empty) = (first.to_owned(), true);
    for word in text.split_whitespace() {
        if !empty && line.width() + 1 + word.width() > WIDTH {
            lines.push(std::mem::replace(&mut line, then.to_owned()));
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    lines.push(line.trim_end().to_owned());
    lines
}

/// A text of lines, each behind `margin`; those that are too wide are wrapped under their own
/// indentation.
pub(super) fn behind(text: &str, margin: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for line in text.lines() {
        let indent: String = line.chars().take_while(|c| *c == ' ').collect();
        let first = format!("{margin}{indent}");
        lines.extend(if first.width() + line.trim().width() <= WIDTH {
            vec![format!("{first}{}", line.trim()).trim_end().to_owned()]
        } else {
            wrapped(line, &first, &format!("{first}  "))
        });
    }
    lines
}

/// `1 mail`, `3 mails`.
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
