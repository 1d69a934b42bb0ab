//! What others than the sender wrote around the text: a list's footer, a legal notice, a gateway's
//! warning.

use super::super::words::{BANNERS, DISCLAIMERS, HEADINGS, LIST_FOOTERS, NOTICES};
use super::Own;
use super::earlier::is_rule;
use super::signature::begins_with_command;

/// A list's footer has at most this many written lines.
const LONGEST_FOOTER: usize = 25;
/// Between two paragraphs that are a list's footer stand at most so many that do not say so.
const MOST_OTHERS: usize = 2;

/// The lines without footers, notices and warnings.
pub(super) fn without(mut lines: Vec<Own<'_>>) -> Vec<Own<'_>> {
    drop_fields(&mut lines);
    drop_banners(&mut lines);
    if let Some(begin) = attached_begin(&lines) {
        lines.truncate(begin);
    }
    while let Some(begin) = footer_begins(&lines).or_else(|| disclaimer_begins(&lines)) {
        lines.truncate(begin);
    }
    lines
}

/// Takes out the MIME fields that a broken program wrote once more at the top of the text.
fn drop_fields(lines: &mut Vec<Own<'_>>) {
    let Some(first) = lines.iter().position(|line| !line.is_blank()) else { return };
    let is_field = |line: &Own<'_>| {
        let text = line.text().trim_start();
        ["mime-version:", "content-type:", "content-transfer-encoding:"]
            .iter()
            .any(|name| text.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)))
    };
    if lines.get(first).is_some_and(is_field) {
        let end = lines.iter().skip(first).position(Own::is_blank).map_or(lines.len(), |length| first + length);
        lines.drain(..end);
    }
}

/// Where the names of attached files begin that Lotus Notes writes at the end, each as ` - NAME.doc`.
fn attached_begin(lines: &[Own<'_>]) -> Option<usize> {
    let (from, to) = last_paragraphs(lines).next()?;
    let is_name = |line: &Own<'_>| line.text().starts_with(' ') && is_attached_name(line.text().trim_start());
    // At most one line of the paragraph is something else.
    let others = lines[from..to].iter().filter(|line| !is_name(line)).count();
    (others <= 1 && is_name(&lines[from])).then_some(from)
}

/// `- NAME.doc`
pub(super) fn is_attached_name(line: &str) -> bool {
    let Some(name) = line.strip_prefix("- ") else { return false };
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    (1..=4).contains(&extension.len()) && extension.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Takes out the paragraphs that a gateway put at the top or the bottom.
fn drop_banners(lines: &mut Vec<Own<'_>>) {
    let paragraphs = paragraphs(lines);
    let mut drop: Vec<(usize, usize)> = Vec::new();
    for (index, &(from, to)) in paragraphs.iter().enumerate() {
        if index > 2 && index + 3 < paragraphs.len() {
            continue;
        }
        if (to - from) <= 12
            && let Some(length) = banner_length(&lines[from..to])
        {
            drop.push((from, from + length));
        }
    }
    for (from, to) in drop.into_iter().rev() {
        lines.drain(from..to);
    }
}

/// How many lines of a paragraph are a gateway's: to the end of the sentence that the last phrase
/// stands in. Some put the sender's text directly below it.
fn banner_length(paragraph: &[Own<'_>]) -> Option<usize> {
    let text = joined(paragraph, 1_500);
    let mut said = 0;
    while let Some(end) = text.get(said..).and_then(|rest| BANNERS.end(rest)) {
        said += end;
    }
    if said == 0 {
        return None;
    }
    let mut length = 0;
    let ends = paragraph.iter().map(|line| {
        length += line.text().trim().len() + 1;
        (length, line.text().trim_end().ends_with(['.', '!', '>', ']', ')', '*']))
    });
    let last = ends.enumerate().find(|(_, (length, ends))| *length >= said && *ends);
    Some(last.map_or(paragraph.len(), |(at, _)| at + 1))
}

/// Where a list's footer begins that reaches to the end.
fn footer_begins(lines: &[Own<'_>]) -> Option<usize> {
    let (mut written, mut others) = (0, 0);
    let mut begin = None;
    for (from, to) in last_paragraphs(lines) {
        written += to - from;
        if written > LONGEST_FOOTER || others > MOST_OTHERS {
            break;
        }
        let was = begin;
        let rule = (from..to).find(|at| is_footer_rule(lines[*at].text()));
        if let Some(rule) = rule
            && lines[rule..to].iter().skip(1).any(|line| LIST_FOOTERS.found(line.text()) || line.text().contains("@"))
        {
            begin = Some(rule);
            others = 0;
            continue;
        }
        let text = joined(&lines[from..to], 2_000);
        let said = LIST_FOOTERS.count(&text, 4);
        let linked = text.contains("http") || text.contains('@') || text.contains("www.");
        // "I have sent a mail to list-unsubscribe@": who speaks so is no program.
        let speaks = text.split_whitespace().any(|word| matches!(word, "I" | "I've" | "I’ve" | "I'm" | "my"));
        // The sender's first words, too, may tell where something is in the list's archives.
        let is_first = lines[..from].iter().all(Own::is_blank);
        if said >= 2 && !(speaks && is_first) || said == 1 && linked && !speaks && !is_first && (to - from) <= 6 {
            let above = from.checked_sub(1).map_or("", |at| lines[at].text());
            begin = Some(if is_rule(above) { from - 1 } else { footer_line(lines, from, to) });
        } else if begin.is_none() && written > 4 {
            break;
        }
        // A footer has paragraphs that say nothing of a list; the sender's text above it has more.
        others = if begin == was { others + 1 } else { 0 };
    }
    begin
}

/// The line of a paragraph at which the footer in it begins: its rule, or its first.
fn footer_line(lines: &[Own<'_>], from: usize, to: usize) -> usize {
    (from..to).find(|at| is_rule(lines[*at].text()) || is_dashes(lines[*at].text())).unwrap_or(from)
}

fn is_dashes(line: &str) -> bool {
    matches!(line.trim(), "--" | "—" | "---")
}

/// Mailman's rule of underscores, ezmlm's of dashes.
fn is_footer_rule(line: &str) -> bool {
    let line = line.trim();
    line.len() >= 20 && line.bytes().all(|byte| byte == b'_')
        || line.len() >= 40 && line.bytes().all(|byte| byte == b'-')
}

/// Where a legal notice begins that reaches to the end, or nearly.
fn disclaimer_begins(lines: &[Own<'_>]) -> Option<usize> {
    let mut begin = None;
    for (from, to) in last_paragraphs(lines).take(8) {
        let text = joined(&lines[from..to], 4_000);
        // Nothing that the sender says below it is a notice.
        if begins_with_command(lines, from) {
            break;
        }
        if text.len() > 60 && DISCLAIMERS.count(&text, 4) >= 3 && NOTICES.found(&text) {
            let above = from.checked_sub(1).map_or("", |at| lines[at].text());
            begin = Some(if is_rule(above) { from - 1 } else { from });
        } else if begin.is_some() && !(text.len() < 60 && DISCLAIMERS.count(&text, 1) > 0) {
            // "Disclaimer", "CONFIDENTIALITY NOTICE:" alone above it.
            if text.len() <= 40 && HEADINGS.found(text.trim_start_matches(['*', '-', '_', ' '])) {
                begin = Some(from);
            }
            break;
        }
    }
    begin
}

/// The paragraphs of lines, the last one first. Who takes them off one after another looks at none twice.
pub(super) fn last_paragraphs(lines: &[Own<'_>]) -> impl Iterator<Item = (usize, usize)> {
    let mut end = lines.len();
    std::iter::from_fn(move || {
        let above = lines.get(..end)?;
        let to = above.iter().rposition(|line| !line.is_blank())? + 1;
        let from = above.iter().take(to).rposition(Own::is_blank).map_or(0, |blank| blank + 1);
        end = from;
        Some((from, to))
    })
}

/// The paragraphs of lines: ranges between blank lines.
pub(super) fn paragraphs(lines: &[Own<'_>]) -> Vec<(usize, usize)> {
    let mut paragraphs = Vec::new();
    let mut start = None;
    for (index, line) in lines.iter().enumerate() {
        match (line.is_blank(), start) {
            (false, None) => start = Some(index),
            (true, Some(from)) => {
                paragraphs.push((from, index));
                start = None;
            }
            _ => {}
        }
    }
    if let Some(from) = start {
        paragraphs.push((from, lines.len()));
    }
    paragraphs
}

/// The lines in one, at most `most` bytes of them or the whole of the first.
fn joined(lines: &[Own<'_>], most: usize) -> String {
    let mut text = String::new();
    for line in lines {
        if text.len() + line.text().len() > most && !text.is_empty() {
            break;
        }
        text.push_str(line.text().trim());
        text.push(' ');
    }
    text
}
