//! One reference of the group, written out: each function reads it at a place and says what it is
//! and where it ends.

use super::super::BETWEEN_MEETINGS;
use super::super::{
    ActionItemRef, ContributionRef, Deliverable, DocumentRef, MeetingRef, MeetingStyle, Plenary, Reference, Revision,
    RevisionStyle, digits_of,
};
use super::text::is_year;
use super::{Left, Scanner};
use crate::domain::ActionPattern;

/// A reference and where it ends.
pub(super) type At = (Reference, usize);

impl Scanner<'_> {
    /// The reference at `at`, whatever it is; `bare` allows a number alone.
    pub(super) fn one(&self, at: usize, bare: bool) -> Option<At> {
        let left = self.left(at);
        if left == Left::Inside {
            return None;
        }
        let other = if self.own_first { self.document(at).or_else(|| self.deliverable(at)) } else { None };
        let whole = other
            .or_else(|| self.foreign(at))
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
        if let ActionPattern::OfMeeting { mark, digits } = &self.scheme.patterns.action
            && let Some(found) = self.action_of_meeting(at, mark, *digits)
        {
            return Some(found);
        }
        if !self.hyphen(at + 1) {
            return self.action_number(at, 3);
        }
        let group = at + 2;
        let own = self.word_of(group, self.scheme.labels()).filter(|(_, end)| self.hyphen(*end)).map(|(_, end)| end);
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
        let number: u16 = self.number(end + 1, length).filter(|number| *number > 0)?;
        let ends = end + 1 + length;
        let item = ActionItemRef::Numbered { group: self.scheme.group.clone(), plenary, number };
        (self.ends(ends) || self.begins_glued_range(ends, 3, number.into())).then_some((Reference::Action(item), ends))
    }

    /// `SA3#115-AP12`, `SA3 #115 AP 12`, `AP 115/12`: the meeting and the number in its series.
    fn action_of_meeting(&self, at: usize, mark: &str, digits: u8) -> Option<At> {
        // One letter is too little: "a 4/5 majority".
        let by_mark = self.word_of(at, std::iter::once(mark).filter(|mark| mark.len() > 1));
        let (meeting, number, end) = if let Some((_, end)) = by_mark {
            let from = if matches!(self.byte(end), b' ' | b'#') { end + 1 } else { end };
            let length = self.digits(from);
            let major = self.number(from, length).filter(|_| (1..=3).contains(&length))?;
            let slash = from + length;
            if self.byte(slash) != b'/' {
                return None;
            }
            let length = self.digits(slash + 1);
            let number = self.number::<u16>(slash + 1, length).filter(|_| length <= 4)?;
            let style = self.scheme.patterns.meeting;
            let prefix = self.scheme.meeting_label().to_owned();
            (MeetingRef { prefix, major, minor: 0, style }, number, slash + 1 + length)
        } else {
            let (meeting, end) = self.own_meeting_at(at)?;
            let mark_at = if matches!(self.byte(end), b'-' | b'_' | b' ') { end + 1 } else { end };
            let (number, end) = self.marked_number(mark_at, mark)?;
            (meeting, number, end)
        };
        let digits = digits.max(digits_of(number));
        let item = ActionItemRef::OfMeeting { meeting, mark: mark.to_owned(), number, digits };
        (number > 0 && self.ends(end)).then_some((Reference::Action(item), end))
    }

    /// `AP12`: the number behind the mark, and where it ends.
    pub(super) fn marked_number(&self, at: usize, mark: &str) -> Option<(u16, usize)> {
        let (_, end) = self.word_of(at, std::iter::once(mark))?;
        let from = if matches!(self.byte(end), b'-' | b' ') { end + 1 } else { end };
        let length = self.digits(from);
        let number = self.number(from, length).filter(|number| *number > 0 && (1..=4).contains(&length))?;
        self.ends(from + length).then_some((number, from + length))
    }

    /// `SEC-2014-0243R01` with what follows of its file name, or `SEC-0243R02`.
    pub(super) fn document(&self, at: usize) -> Option<At> {
        let prefixes = self.scheme.contributions.iter().map(String::as_str);
        let (prefix, end) = self.word_of(at, prefixes.chain(std::iter::once(self.scheme.prefix.as_str())))?;
        let pattern = self.scheme.patterns.contribution;
        let whole = pattern.read(self.text.as_bytes(), end, |byte| byte == b'_');
        let whole = whole.filter(|found| is_year(found.year.into()));
        let (number, numbering, end) = match whole {
            Some(found) => (found.number, found.form, found.end),
            None if pattern.form().has_short_with_prefix() && self.hyphen(end) => {
                let length = self.digits(end + 1);
                let form = pattern.form_of(length)?;
                (self.number(end + 1, length)?, form, end + 1 + length)
            }
            None => return None,
        };
        if number == 0 {
            return None;
        }
        let revision = self.revision_at(end);
        let edge = match revision {
            Some((_, end)) => self.edge(end)?,
            None if self.begins_glued_range(end, usize::from(numbering.digits()), number) => end,
            None => self.edge(end)?,
        };
        let revision = revision.map(|(revision, _)| revision);
        let prefix = prefix.to_owned();
        if let Some(found) = whole {
            let contribution = ContributionRef { prefix, year: found.year, number, numbering };
            return Some((Reference::Document(DocumentRef { contribution, revision }), edge));
        }
        // `SEC-2014` is the prefix and a year.
        (revision.is_some() || !is_year(number))
            .then_some((Reference::Short { prefix: Some(prefix), year: None, number, numbering, revision }, edge))
    }

    /// `0243R02`, and where `bare` allows it `0243` and `0243 R02`.
    pub(super) fn short(&self, at: usize, bare: bool) -> Option<At> {
        let pattern = self.scheme.patterns.contribution;
        let length = self.digits(at);
        let end = at + length;
        let (year, number, numbering) = match pattern.form_of(length) {
            Some(form) => (None, self.number(at, length)?, form),
            None => {
                let (year, number, form) = pattern.read_glued(self.text.get(at..end)?)?;
                (Some(year), number, form)
            }
        };
        if number == 0 {
            return None;
        }
        let blank = matches!(self.byte(end), b' ' | b'-' | b'_');
        let short = |revision| Reference::Short { prefix: None, year, number, numbering, revision };
        if let Some((revision, end)) = self.revision_at(end).filter(|_| bare || !blank) {
            return Some((short(Some(revision)), self.edge(end)?));
        }
        let is_free = year.is_some() || !is_year(number);
        (bare && is_free && (self.ends(end) || self.begins_glued_range(end, length, number)))
            .then(|| (short(None), end))
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
        let plain = self.revisions() == RevisionStyle::Plain && self.byte(at) == b'r';
        let shortest = if matches!(separator, b'-' | b'_') && !plain { 2 } else { 1 };
        if !(shortest..=2).contains(&length) {
            return None;
        }
        let revision = Revision { number: self.number(digits, length)?, style: self.revisions() };
        self.edge(digits + length).map(|_| (revision, digits + length))
    }

    /// `R02` alone, where one digit means a release; `r2` where revisions are written so.
    pub(super) fn revision_alone(&self, at: usize) -> Option<At> {
        let style = self.revisions();
        let length = match (style, self.byte(at)) {
            (RevisionStyle::Padded, b'R' | b'r') => 2,
            (RevisionStyle::Plain, b'r') => self.digits(at + 1).clamp(1, 2),
            _ => return None,
        };
        let revision = Revision { number: self.number(at + 1, length)?, style };
        let end = at + 1 + length;
        self.ends(end).then_some((Reference::Revision(revision), end))
    }

    /// How the group writes revisions.
    const fn revisions(&self) -> RevisionStyle {
        self.scheme.patterns.contribution.form().revisions()
    }

    /// `TS-0003`, `TS 0003`, `TS-0003 V1.0.1`; `TS 33.501`; `TS 102 223`.
    fn deliverable(&self, at: usize) -> Option<At> {
        let (kind, end) = self.word_of(at, self.scheme.deliverables.iter().map(String::as_str))?;
        let digits = if matches!(self.byte(end), b'-' | b'_' | b' ') { end + 1 } else { end };
        let after = match self.scheme.patterns.deliverable.halves() {
            None => {
                let number = self.number(digits, 4).filter(|number| *number > 0)?;
                // "TS 2014" is no deliverable.
                if !self.hyphen(end) && is_year(number) {
                    return None;
                }
                digits + 4
            }
            Some((first, mark, second)) => {
                let second_at = digits + first + 1;
                let is_one = self.digits(digits) == first
                    && self.byte(digits + first) == mark
                    && self.digits(second_at) == second;
                self.parts(is_one.then_some(second_at + second)?)
            }
        };
        let number = self.text.get(digits..after)?.to_owned();
        let end = self.version(after).map_or_else(|| self.edge(after), |end| self.edge(end))?;
        Some((Reference::Deliverable(Deliverable { kind: kind.to_owned(), number }), end))
    }

    /// Where the parts of a deliverable end whose number ends at `end`: `-1`, `-04-2`.
    fn parts(&self, mut end: usize) -> usize {
        while self.byte(end) == b'-' && (1..=3).contains(&self.digits(end + 1)) {
            end += 1 + self.digits(end + 1);
        }
        end
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
        if let Some((meeting, end)) = self.own_meeting_at(at) {
            return self.ends(end).then_some((Reference::Meeting(meeting), end));
        }
        let (_, end) = self.word_of(at, self.scheme.contributions.iter().map(String::as_str))?;
        let (_, _, end) = self.meeting_number(end)?;
        self.ends(end).then(|| Some((Reference::Foreign(self.text.get(at..end)?.to_owned()), end))).flatten()
    }

    /// A meeting of this group at `at`, whatever follows it.
    fn own_meeting_at(&self, at: usize) -> Option<(MeetingRef, usize)> {
        let scheme = self.scheme;
        let (_, end) = self
            .word_of(at, scheme.labels().chain([&scheme.prefix, &scheme.patterns.meeting_label].map(String::as_str)))?;
        let (major, minor, end) = self.meeting_number(end)?;
        Some((
            MeetingRef { prefix: scheme.meeting_label().to_owned(), major, minor, style: scheme.patterns.meeting },
            end,
        ))
    }

    /// `#10.0`, `#115-e`, `#115bis` behind a label that ends at `end`.
    fn meeting_number(&self, end: usize) -> Option<(u16, u16, usize)> {
        let hash = self.skip_spaces(end);
        if hash > end + 1 || self.byte(hash) != b'#' {
            return None;
        }
        let digits = if self.byte(hash + 1) == b' ' { hash + 2 } else { hash + 1 };
        let length = self.digits(digits);
        let major = self.number(digits, length).filter(|_| (1..=3).contains(&length))?;
        let end = digits + length;
        if self.scheme.patterns.meeting == MeetingStyle::Plain {
            let (minor, end) = self.between_meetings(end)?;
            return Some((major, minor, end));
        }
        let length = self.digits(end + 1);
        if self.byte(end) == b'.' && (1..=2).contains(&length) {
            return Some((major, self.number(end + 1, length)?, end + 1 + length));
        }
        Some((major, 0, end))
    }

    /// `bis`, `-bis-e`, `-e` behind a meeting's number: which of the meetings of that number it is, and where
    /// it ends. An electronic meeting is numbered as any other; an ad hoc meeting is another one.
    fn between_meetings(&self, end: usize) -> Option<(u16, usize)> {
        let word_at = |end: usize| if self.byte(end) == b'-' { end + 1 } else { end };
        let is = |at: usize, word: &str| self.is_word_at(at, word);
        let mut end = end;
        let found = BETWEEN_MEETINGS.iter().position(|word| is(word_at(end), word));
        if let Some(word) = found.and_then(|at| BETWEEN_MEETINGS.get(at)) {
            end = word_at(end) + word.len();
        }
        if is(word_at(end), "e") {
            end = word_at(end) + 1;
        }
        let rest = self.from(end).trim_start_matches(['-', ' ', '_']);
        let is_ad_hoc = ["ad hoc", "ad-hoc", "adhoc", "ah-", "ah "]
            .iter()
            .any(|word| rest.get(..word.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(word)));
        (!is_ad_hoc).then_some((found.map_or(0, |at| u16::try_from(at + 1).unwrap_or(0)), end))
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
    fn begins_glued_range(&self, end: usize, length: usize, first: u32) -> bool {
        self.byte(end) == b'-'
            && self.number(end + 1, length).is_some_and(|last: u32| last > first && !(length == 4 && is_year(last)))
            && self.ends(end + 1 + length)
    }

    /// Whether a hyphen stands there, or the underscore that file names have in its place.
    fn hyphen(&self, at: usize) -> bool {
        matches!(self.byte(at), b'-' | b'_')
    }
}
