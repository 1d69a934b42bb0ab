//! The header block that a client writes above the mail it answers or forwards:
//! `From:`, `Sent:`, `To:`, `Subject:`, in any language.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::super::lines::Line;
use super::super::words::phrases;
use super::attribution::{has_address, has_date, has_time};
use super::earlier::is_separator;

/// A block's fields stand within this many lines.
const MOST_LINES: usize = 60;

/// The fields of Lotus Notes' table stand within this many lines below its date.
const NOTES_LINES: usize = 12;

/// What a field name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Field {
    From,
    Date,
    To,
    Cc,
    Subject,
    Other,
}

static NAMES: LazyLock<HashMap<String, Vec<Field>>> = LazyLock::new(|| {
    let mut names: HashMap<String, Vec<Field>> = HashMap::new();
    let mut field = Field::Other;
    for phrase in phrases(include_str!("../words/headers.txt")) {
        match phrase {
            "[from]" => field = Field::From,
            "[date]" => field = Field::Date,
            "[to]" => field = Field::To,
            "[cc]" => field = Field::Cc,
            "[subject]" => field = Field::Subject,
            "[other]" => field = Field::Other,
            name => names.entry(name.replace('’', "'").to_lowercase()).or_default().push(field),
        }
    }
    names
});

/// What the field of a line stands for, and its value. A name may stand for two (`Od:` and `Do:`
/// differ, `Data:` is a date in three languages); all are given.
pub(super) fn field(line: &str) -> Option<(&'static [Field], &str)> {
    let line = line.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '|' | '-' | '>' | '•'));
    let (at, colon) = line.char_indices().take(40).find(|(_, c)| matches!(c, ':' | '：'))?;
    let name = line[..at].trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_'));
    if name.is_empty() {
        return None;
    }
    let value = line[at + colon.len_utf8()..].trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_'));
    let name = name.replace('’', "'").to_lowercase();
    NAMES.get(name.trim()).map(|fields| (fields.as_slice(), value))
}

/// A header block begins at line `first`.
pub(super) fn begins(lines: &[Line], first: usize) -> bool {
    let Some(line) = lines.get(first).filter(|line| line.depth == 0) else { return false };
    let Some((kinds, value)) = field(&line.text) else { return false };
    if kinds.contains(&Field::From) && has_address(value) && is_run_together(value) {
        return true;
    }
    if kinds.iter().all(|kind| matches!(kind, Field::Other | Field::Cc)) {
        return false;
    }
    let mut block = Block::default();
    let mut strangers = 0;
    for (at, line) in lines.iter().enumerate().skip(first).take(MOST_LINES) {
        if line.depth > 0 {
            break;
        }
        match field(&line.text) {
            // "From: 10:00", "To: Munich 13:01": a meeting's, a journey's.
            Some((kinds, value)) if block.fields < 4 && is_timed(kinds, value) => return false,
            Some((kinds, value)) => {
                block.add(kinds, value);
                strangers = 0;
            }
            // A long list of recipients is wrapped; blank lines come from paragraphs of HTML.
            None if block.fields >= 3 && line.is_blank() => {
                // Notes leaves a blank line above the subject.
                if lines.get(at + 1).is_none_or(|next| field(&next.text).is_none()) {
                    break;
                }
            }
            // The header of the mail below it is its own.
            None if is_separator(&line.text) => break,
            // More recipients of a To or Cc.
            None if line.text.contains(['@', ',', ';', '/']) => {}
            None => {
                strangers += 1;
                if strangers > 4 {
                    break;
                }
            }
        }
    }
    block.is_header()
}

/// A table of fields without colons stands a little below line `date`, as Lotus Notes writes it in plain
/// text (names and values each in a line) and in HTML (a name and its value in one).
pub(super) fn is_notes_table(lines: &[Line], date: usize) -> bool {
    let mut seen: Vec<Field> = Vec::new();
    for line in lines.iter().skip(date + 1).take(NOTES_LINES).take_while(|line| line.depth == 0) {
        let Some(kind) = lone_field(&line.text, &seen) else { continue };
        if !seen.contains(&kind) {
            seen.push(kind);
        }
    }
    [Field::To, Field::Cc, Field::Subject].iter().all(|kind| seen.contains(kind))
}

/// To, Cc or Subject, where a line is its name alone, or begins with it below another.
fn lone_field(line: &str, above: &[Field]) -> Option<Field> {
    let line = line.trim();
    let (name, value) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    if name.len() > 40 {
        return None;
    }
    let kinds = NAMES.get(&name.to_lowercase())?;
    let is_value = |kind: Field| match kind {
        Field::Subject => !above.is_empty(),
        _ => has_address(value) || value.contains('/'),
    };
    let kinds = kinds.iter().copied().filter(|kind| matches!(kind, Field::To | Field::Cc | Field::Subject));
    kinds.into_iter().find(|kind| value.is_empty() || is_value(*kind))
}

/// `kim@example.org Date: Thu, 24 Mar 2016 08:07:12 -0700`: the fields after From stand in its line.
fn is_run_together(value: &str) -> bool {
    let dated = |name: &str| field(name).is_some_and(|(kinds, _)| kinds.contains(&Field::Date));
    let names = value.match_indices(": ").take(8);
    has_date(value) && names.filter_map(|(at, _)| value[..at].rsplit(' ').next()).any(|name| dated(&format!("{name}:")))
}

/// A From or To that says at what time, and not who.
fn is_timed(kinds: &[Field], value: &str) -> bool {
    kinds.iter().all(|kind| matches!(kind, Field::From | Field::To))
        && value.len() <= 30
        && !value.contains('@')
        && has_time(value)
}

/// What a block has so far.
#[derive(Default)]
struct Block {
    from: bool,
    date: bool,
    to: bool,
    subject: bool,
    other: bool,
    /// A From or To holds an address, or a Date a date.
    proven: u8,
    fields: u8,
}

impl Block {
    fn add(&mut self, kinds: &[Field], value: &str) {
        self.fields = self.fields.saturating_add(1);
        for kind in kinds {
            match kind {
                Field::From => {
                    self.proven += u8::from(!self.from && has_address(value));
                    self.from = true;
                }
                Field::Date => {
                    self.proven += u8::from(!self.date && (has_date(value) || has_time(value)));
                    self.date = true;
                }
                Field::To => {
                    self.proven += u8::from(!self.to && has_address(value));
                    self.to = true;
                }
                Field::Subject => self.subject = true,
                Field::Cc | Field::Other => self.other = true,
            }
        }
    }

    /// Three kinds of field are a header; two are one where a value is what the name says.
    fn is_header(&self) -> bool {
        let kinds = [self.from, self.date, self.to, self.subject].into_iter().filter(|has| *has).count();
        self.fields >= 3 && (kinds >= 3 || self.to && self.subject && self.other)
            || self.fields >= 2
                && kinds >= 2
                && self.proven > 0
                && (self.from || self.date && self.to || self.to && self.subject)
    }
}
