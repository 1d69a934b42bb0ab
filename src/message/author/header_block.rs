//! The header block that a client writes above the mail it answers or forwards:
//! `From:`, `Sent:`, `To:`, `Subject:`, in any language.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::super::lines::Line;
use super::super::words::phrases;
use super::attribution::{has_address, has_date, has_time};

/// A block's fields stand within this many lines.
const MOST_LINES: usize = 60;

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

/// `kim@example.org Date: Thu, 24 Mar 2016 08:07:12 -0700`: the fields after From stand in its line.
fn is_run_together(value: &str) -> bool {
    let dated = |name: &str| field(name).is_some_and(|(kinds, _)| kinds.contains(&Field::Date));
    let names = value.match_indices(": ").take(8);
    has_date(value) && names.filter_map(|(at, _)| value[..at].rsplit(' ').next()).any(|name| dated(&format!("{name}:")))
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
