//! Other bodies' numbers, by their shape. They are kept as they are written, so that nothing in
//! them is taken for a reference of the group.

use super::super::{NumberPattern, Reference};
use super::Scanner;
use super::own::At;

impl Scanner<'_> {
    /// Another body's number at `at`.
    pub(super) fn foreign(&self, at: usize) -> Option<At> {
        let end = self
            .third_generation(at)
            .or_else(|| self.etsi(at))
            .or_else(|| self.ieee(at))
            .or_else(|| self.internet_draft(at))
            .or_else(|| self.rfc(at))
            .or_else(|| self.published(at))
            .or_else(|| self.own_first.then(|| self.one_m2m(at)).flatten())?;
        Some((Reference::Foreign(self.text.get(at..end)?.to_owned()), end))
    }

    /// 3GPP: `S3-140123`, `SP-140123`, `S3i140123`, `R2-1401234r1`.
    fn third_generation(&self, at: usize) -> Option<usize> {
        let first = self.byte(at).to_ascii_uppercase();
        let second = self.byte(at + 1).to_ascii_uppercase();
        if !matches!(first, b'S' | b'R' | b'C' | b'G' | b'N' | b'T') || !matches!(second, b'1'..=b'6' | b'P') {
            return None;
        }
        let digits = match self.byte(at + 2) {
            b'-' => at + 3,
            b'i' | b'h' => at + 3 + usize::from(self.byte(at + 3) == b'-'),
            _ => return None,
        };
        let length = self.digits(digits);
        (6..=7).contains(&length).then(|| self.with_revision(digits + length)).flatten()
    }

    /// ETSI: `SCP(14)000123r1`.
    fn etsi(&self, at: usize) -> Option<usize> {
        let open = self.token_end(at);
        let is_committee = (2..=12).contains(&(open - at)) && self.byte(open) == b'(';
        if !is_committee || self.digits(open + 1) != 2 || self.byte(open + 3) != b')' {
            return None;
        }
        let length = self.digits(open + 4);
        (3..=8).contains(&length).then(|| self.with_revision(open + 4 + length)).flatten()
    }

    /// oneM2M: `SEC-2014-0243R01`, for groups of other bodies.
    fn one_m2m(&self, at: usize) -> Option<usize> {
        let end = self.token_end(at);
        let is_label =
            (2..=4).contains(&(end - at)) && self.text[at..end].bytes().all(|byte| byte.is_ascii_alphabetic());
        let found =
            NumberPattern::default().read(self.text.as_bytes(), end, |byte| byte == b'_').filter(|_| is_label)?;
        super::text::is_year(found.year.into()).then(|| self.with_revision(found.end)).flatten()
    }

    /// IEEE: `11-14/0243r1`, `11-14-0243-01-00ax`.
    fn ieee(&self, at: usize) -> Option<usize> {
        let length = self.digits(at);
        let year = at + length + 1;
        if !(1..=2).contains(&length) || self.byte(at + length) != b'-' || self.digits(year) != 2 {
            return None;
        }
        let number = year + 3;
        if self.digits(number) != 4 {
            return None;
        }
        match self.byte(year + 2) {
            b'/' => self.with_revision(number + 4),
            // "04-11-2014" is a date; a file name of theirs goes on with its revision.
            b'-' if self.byte(number + 4) == b'-' && self.digits(number + 5) == 2 => {
                let rest = self.from(number + 5);
                let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(rest.len());
                Some(number + 5 + end)
            }
            _ => None,
        }
    }

    /// Internet-Drafts: `draft-ietf-dane-ops-03`.
    fn internet_draft(&self, at: usize) -> Option<usize> {
        let rest = self.from(at).strip_prefix("draft-")?;
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(rest.len());
        let name = rest[..end].trim_end_matches('-');
        (name.contains('-') && !name.starts_with('-')).then_some(at + "draft-".len() + name.len())
    }

    /// `RFC 5322`, `RFC5322`.
    fn rfc(&self, at: usize) -> Option<usize> {
        let (_, end) = self.word_of(at, std::iter::once("rfc"))?;
        let digits = if matches!(self.byte(end), b' ' | b'-') { end + 1 } else { end };
        let length = self.digits(digits);
        ((1..=5).contains(&length) && self.ends(digits + length)).then_some(digits + length)
    }

    /// Published specifications: 3GPP's `TS 33.220`, ETSI's `TS 102 484`.
    fn published(&self, at: usize) -> Option<usize> {
        let (_, end) = self.word_of(at, ["ts", "tr", "es", "en", "gs"].into_iter())?;
        let digits = if matches!(self.byte(end), b' ' | b'-') { end + 1 } else { end };
        let (length, separator) = (self.digits(digits), self.byte(digits + self.digits(digits)));
        let rest = digits + length + 1;
        let shaped = (length == 2 && separator == b'.') || (length == 3 && separator == b' ');
        (shaped && self.digits(rest) == 3 && self.ends(rest + 3)).then_some(rest + 3)
    }

    /// The end with an optional revision (`r1`); `None` where the number goes on.
    fn with_revision(&self, end: usize) -> Option<usize> {
        let length = if matches!(self.byte(end), b'r' | b'R') { self.digits(end + 1) } else { 0 };
        let end = if length > 0 { end + 1 + length } else { end };
        self.edge(end)
    }
}
