//! One reference of the group, written out: each function reads it at a place and says what it is
//! and where it ends.

use super::super::{
    ActionItemRef, ContributionRef, Deliverable, DocumentRef, MeetingRef, Plenary, Reference, Revision,
};
use super::text::is_year;
use super::{Left, Scanner};

/// A reference and where it ends.
pub(super) type At = (Reference, usize);

impl Scanner<'_> {
    /// The reference at `at`, whatever it is; `bare` allows a number alone.
    pub(super) fn one(&self, at: usize, bare: bool) -> Option<At> {
        let left = self.left(at);
        if left == Left::Inside {
            return None;
        }
        let whole = self
            .foreign(at)
            .or_else(|| self.action(at))
            .or_else(|| self.document(at))
            .or_else(|| self.deliverable(at))
            .or_else(|| self.meeting(at))
            .or_else(|| self.with_body(at));
        if whole.is_some() || left == Left::Joined {
            return whole;
        }
        self.short(at, bare).or_else(|| self.revision_alone(at))
    }

    /// `oneM2M-SEC-2014-0243R01`: the body's name before a reference of a document.
    fn with_body(&self, at: usize) -> Option<At> {
        let (_, end) = self.word_of(at, std::iter::once(self.scheme.body.as_str()))?;
        matches!(self.byte(end), b'-' | b'_')
            .then(|| self.document(end + 1).or_else(|| self.deliverable(end + 1)))
            .flatten()
    }

    /// `A-WG4-TP8-003`, `A-SEC-TP8-003`, `TP8-003`, `P-WG4-001`. Another group's is foreign.
    fn action(&self, at: usize) -> Option<At> {
        if !self.hyphen(at + 1) {
            return self.action_number(at, 3);
        }
        let group = at + 2;
        let own = self.word_of(group, self.groups()).filter(|(_, end)| self.hyphen(*end)).map(|(_, end)| end);
        let end = own.or_else(|| Some(self.token_end(group)).filter(|end| *end > group && end - group <= 6))?;
        if !self.hyphen(end) {
            return None;
        }
        let (reference, ends) = match self.byte(at).to_ascii_uppercase() {
            b'A' => self.action_number(end + 1, 1)?,
            b'P' => {
                let length = self.digits(end + 1);
                let number = self.number(end + 1, length).filter(|number| *number > 0 && length == 3)?;
                let ends = end + 1 + length;
                if !self.ends(ends) {
                    return None;
                }
                (Reference::Action(ActionItemRef::Proposal { group: self.scheme.group.clone(), number }), ends)
            }
            _ => return None,
        };
        match own {
            Some(_) => Some((reference, ends)),
            None => Some((Reference::Foreign(self.text.get(at..ends)?.to_owned()), ends)),
        }
    }

    /// `TP8-003`: the plenary and the number in its series, of at least `shortest` digits.
    fn action_number(&self, at: usize, shortest: usize) -> Option<At> {
        let (plenary, end) = self.plenary_at(at)?;
        let length = self.digits(end + 1);
        if !self.hyphen(end) || !(shortest..=4).contains(&length) {
            return None;
        }
        let number = self.number(end + 1, length).filter(|number| *number > 0)?;
        let ends = end + 1 + length;
        let item = ActionItemRef::Numbered { group: self.scheme.group.clone(), plenary, number };
        (self.ends(ends) || self.begins_glued_range(ends, 3, number)).then_some((Reference::Action(item), ends))
    }

    /// `SEC-2014-0243R01` with what follows of its file name, or `SEC-0243R02`.
    pub(super) fn document(&self, at: usize) -> Option<At> {
        let prefixes = self.scheme.contributions.iter().map(String::as_str);
        let (prefix, end) = self.word_of(at, prefixes.chain(std::iter::once(self.scheme.prefix.as_str())))?;
        let first = self.hyphen(end).then(|| self.number(end + 1, 4)).flatten()?;
        let after = end + 5;
        let second = (self.hyphen(after) && is_year(first)).then(|| self.number(after + 1, 4)).flatten();
        let (number, end) = second.map_or((first, after), |second| (second, after + 5));
        if number == 0 {
            return None;
        }
        let revision = self.revision_at(end);
        let edge = match revision {
            Some((_, end)) => self.edge(end)?,
            None if self.begins_glued_range(end, 4, number) => end,
            None => self.edge(end)?,
        };
        let revision = revision.map(|(revision, _)| revision);
        if second.is_some() {
            let contribution = ContributionRef { prefix: prefix.to_owned(), year: first, number };
            return Some((Reference::Document(DocumentRef { contribution, revision }), edge));
        }
        // `SEC-2014` is the prefix and a year.
        (revision.is_some() || !is_year(number))
            .then(|| (Reference::Short { prefix: Some(prefix.to_owned()), number, revision }, edge))
    }

    /// `0243R02`, and where `bare` allows it `0243` and `0243 R02`.
    pub(super) fn short(&self, at: usize, bare: bool) -> Option<At> {
        let number = self.number(at, 4).filter(|number| *number > 0)?;
        let end = at + 4;
        let blank = matches!(self.byte(end), b' ' | b'-' | b'_');
        if let Some((revision, end)) = self.revision_at(end).filter(|_| bare || !blank) {
            return Some((Reference::Short { prefix: None, number, revision: Some(revision) }, self.edge(end)?));
        }
        (bare && !is_year(number) && (self.ends(end) || self.begins_glued_range(end, 4, number)))
            .then_some((Reference::Short { prefix: None, number, revision: None }, end))
    }

    /// The revision after a number that ends at `end`: `R01`, ` r1`, `_R01`, ` rev. 2`.
    pub(super) fn revision_at(&self, end: usize) -> Option<(Revision, usize)> {
        let separator = self.byte(end);
        let at = if matches!(separator, b' ' | b'-' | b'_') { end + 1 } else { end };
        let (word, mut digits) = self.word_of(at, ["r", "rev", "rev.", "revision"].into_iter())?;
        if word.len() > 1 && self.byte(digits) == b' ' {
            digits += 1;
        }
        let length = self.digits(digits);
        // "-R3_features" begins a title: Release 3.
        let shortest = if matches!(separator, b'-' | b'_') { 2 } else { 1 };
        if !(shortest..=2).contains(&length) {
            return None;
        }
        let number = u8::try_from(self.number(digits, length)?).ok()?;
        self.edge(digits + length).map(|_| (Revision(number), digits + length))
    }

    /// `R02` alone; one digit means a release.
    pub(super) fn revision_alone(&self, at: usize) -> Option<At> {
        let number = matches!(self.byte(at), b'R' | b'r').then(|| self.number(at + 1, 2)).flatten()?;
        let revision = Revision(u8::try_from(number).ok()?);
        let end = at + 3;
        self.ends(end).then_some((Reference::Revision(revision), end))
    }

    /// `TS-0003`, `TS 0003`, `TS-0003 V1.0.1`.
    fn deliverable(&self, at: usize) -> Option<At> {
        let (kind, end) = self.word_of(at, self.scheme.deliverables.iter().map(String::as_str))?;
        let digits = if matches!(self.byte(end), b'-' | b'_' | b' ') { end + 1 } else { end };
        let number = self.number(digits, 4).filter(|number| *number > 0)?;
        // "TS 2014" is no deliverable.
        if !self.hyphen(end) && is_year(number) {
            return None;
        }
        let end = digits + 4;
        let end = self.version(end).map_or_else(|| self.edge(end), |end| self.edge(end))?;
        Some((Reference::Deliverable(Deliverable { kind: kind.to_owned(), number }), end))
    }

    /// Where the version after a deliverable's number ends: `V1.0.1`.
    fn version(&self, end: usize) -> Option<usize> {
        let at = if matches!(self.byte(end), b'-' | b'_' | b' ') { end + 1 } else { end };
        if !matches!(self.byte(at), b'V' | b'v') || self.digits(at + 1) == 0 {
            return None;
        }
        let rest = self.from(at + 1);
        let version =
            &rest[..rest.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '_')).unwrap_or(rest.len())];
        Some(at + 1 + version.trim_end_matches(['.', '_']).len())
    }

    /// `SEC#10.0`, `SEC #10`, `WG4#10`; `TP10`, `TP#10`. A sister group's meeting is foreign.
    fn meeting(&self, at: usize) -> Option<At> {
        if let Some((plenary, end)) = self.plenary_at(at) {
            return self.ends(end).then_some((Reference::Plenary(plenary), end));
        }
        let own = self.word_of(at, self.groups().chain(std::iter::once(self.scheme.prefix.as_str())));
        let named = own.or_else(|| self.word_of(at, self.scheme.contributions.iter().map(String::as_str)));
        let (_, end) = named?;
        let hash = self.skip_spaces(end);
        if hash > end + 1 || self.byte(hash) != b'#' {
            return None;
        }
        let digits = if self.byte(hash + 1) == b' ' { hash + 2 } else { hash + 1 };
        let length = self.digits(digits);
        let major = self.number(digits, length).filter(|_| (1..=3).contains(&length))?;
        let mut end = digits + length;
        let mut minor = 0;
        let length = self.digits(end + 1);
        if self.byte(end) == b'.' && (1..=2).contains(&length) {
            minor = self.number(end + 1, length)?;
            end += 1 + length;
        }
        if !self.ends(end) {
            return None;
        }
        if own.is_none() {
            return Some((Reference::Foreign(self.text.get(at..end)?.to_owned()), end));
        }
        Some((Reference::Meeting(MeetingRef { prefix: self.scheme.prefix.clone(), major, minor }), end))
    }

    /// The plenary at `at`, whatever follows it.
    fn plenary_at(&self, at: usize) -> Option<(Plenary, usize)> {
        let (series, mut end) = self.word_of(at, std::iter::once(self.scheme.plenary.as_str()))?;
        let hash = self.skip_spaces(end);
        if hash <= end + 1 && self.byte(hash) == b'#' {
            end = hash + 1;
        }
        let length = self.digits(end);
        let number = self.number(end, length).filter(|number| *number > 0 && (1..=3).contains(&length))?;
        Some((Plenary { series: series.to_owned(), number }, end + length))
    }

    /// `-0258` right after the first number of an ascending range (`SEC-2014-0255-0258`), the one
    /// case in which more digits do not make it another number.
    fn begins_glued_range(&self, end: usize, length: usize, first: u16) -> bool {
        self.byte(end) == b'-'
            && self.number(end + 1, length).is_some_and(|last| last > first && !(length == 4 && is_year(last)))
            && self.ends(end + 1 + length)
    }

    /// The group's labels in action items.
    fn groups(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.scheme.group.as_str()).chain(self.scheme.group_aliases.iter().map(String::as_str))
    }

    /// Whether a hyphen stands there, or the underscore that file names have in its place.
    fn hyphen(&self, at: usize) -> bool {
        matches!(self.byte(at), b'-' | b'_')
    }
}
