//! text/plain -> lines: `>` marks counted, format=flowed rejoined (RFC 3676).

use crate::domain::without_controls;

use super::lines::{Line, MOST_LINES, clean, clean_but_controls, divided, is_kept};

/// How a plain part says that its paragraphs were broken (RFC 3676, section 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    /// Lines are as written.
    Fixed,
    /// A line that ends in a space goes on in the next.
    Flowed {
        /// That space is not of the text (`DelSp=yes`).
        delete_space: bool,
    },
}

/// The lines of a plain text.
pub(super) fn lines(text: &str, flow: Flow) -> Vec<Line> {
    match flow {
        Flow::Fixed => {
            let text = clean_but_controls(text);
            let has_controls = text.bytes().any(|byte| is_kept(byte.into()));
            let line = if has_controls { with_controls } else { fixed };
            quoted_by_prefix(divided(&text).take(MOST_LINES).map(line).collect())
        }
        Flow::Flowed { delete_space } => quoted_by_prefix(flowed(&clean(text), delete_space)),
    }
}

/// Three lines or more in a row that begin with the same mark are quoted by it: `: text`, `| text`,
/// and the initials of old programs, `KP> text`.
pub(super) fn quoted_by_prefix(mut lines: Vec<Line>) -> Vec<Line> {
    let mut start = 0;
    while start < lines.len() {
        let prefix = prefix(&lines[start]).map(str::to_owned);
        let Some(prefix) = prefix else {
            start += 1;
            continue;
        };
        let run = lines[start..].iter().take_while(|line| self::prefix(line) == Some(&prefix)).count();
        if run >= 3 || run == 2 && prefix.len() > 1 {
            for line in &mut lines[start..start + run] {
                line.depth = 1;
                line.text = line.text.trim_start().strip_prefix(&prefix).unwrap_or_default().trim_start().to_owned();
            }
        }
        start += run.max(1);
    }
    lines
}

/// The quote mark that a line begins with, where it is not `>`.
fn prefix(line: &Line) -> Option<&str> {
    if line.depth > 0 {
        return None;
    }
    let text = line.text.trim_start();
    let end = match text.as_bytes().first()? {
        b':' => 1,
        // A table has bars inside its rows too.
        b'|' if !text[1..].contains('|') => 1,
        first if first.is_ascii_uppercase() => text.find('>').filter(|at| *at <= 4)? + 1,
        _ => return None,
    };
    let (prefix, rest) = text.split_at(end);
    let initials =
        prefix.trim_end_matches('>').bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b':' | b'|'));
    (initials && (rest.is_empty() || rest.starts_with(' '))).then_some(prefix)
}

fn fixed(line: &str) -> Line {
    let (depth, rest) = unquote(line);
    Line::new(rest, depth)
}

/// A line that may have control characters in it.
fn with_controls(written: &str) -> Line {
    let mut line = fixed(&without_controls(written));
    let has_controls = written.bytes().any(|byte| is_kept(byte.into()));
    if has_controls && line.depth == 0 && !line.is_blank() {
        // White space at the end is none of the text, whatever control character stands in it.
        let end = written.trim_end_matches(|c: char| c.is_whitespace() || is_kept(c));
        let behind = written.get(end.len()..).unwrap_or_default();
        let controls = behind.find(char::is_whitespace).unwrap_or(behind.len());
        line.written = written.get(..end.len() + controls).map(Into::into);
    }
    line
}

/// Takes the `>` marks off a line and counts them. Up to four columns of white space may stand
/// before the first and one between two.
pub(super) fn unquote(line: &str) -> (u16, &str) {
    let (mut depth, mut rest) = (0_u16, line);
    loop {
        let inner = rest.trim_start_matches([' ', '\t']);
        if depth == 0 && rest.len() - inner.len() > 4 {
            return (depth, rest);
        }
        match inner.strip_prefix(['>', '＞']) {
            Some(after) => {
                depth = depth.saturating_add(1);
                rest = after;
            }
            None => return (depth, if depth == 0 { rest } else { rest.strip_prefix(' ').unwrap_or(rest) }),
        }
    }
}

/// Rejoins what format=flowed broke: a line that ends in a space goes on in the next one of the
/// same depth; `-- ` never does, and what it ends does not go on over it.
fn flowed(text: &str, delete_space: bool) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    // The paragraph that is still open: its depth and text so far.
    let mut open: Option<(u16, String)> = None;
    for line in text.split('\n').take(MOST_LINES) {
        let content = line.trim_start_matches('>');
        let depth = u16::try_from(line.len() - content.len()).unwrap_or(u16::MAX);
        let content = content.strip_prefix(' ').unwrap_or(content);
        let flows = content.ends_with(' ') && content != "-- ";
        let ends_here = open.as_ref().is_some_and(|(of, _)| *of != depth || content == "-- ");
        if ends_here && let Some((depth, text)) = open.take() {
            lines.push(again(&text, depth));
        }
        let mut joined = open.take().map_or_else(String::new, |(_, text)| text);
        joined.push_str(content);
        if flows {
            if delete_space {
                joined.pop();
            }
            open = Some((depth, joined));
        } else {
            lines.push(again(&joined, depth));
        }
    }
    if let Some((depth, text)) = open {
        lines.push(again(&text, depth));
    }
    lines
}

/// A line whose own quote marks are taken off: programs that flow text still quote in the old way
/// (`> > text`), and a mark that was stuffed is a quote made by hand.
fn again(text: &str, depth: u16) -> Line {
    let (more, rest) = unquote(text);
    Line::new(rest, depth.saturating_add(more))
}
