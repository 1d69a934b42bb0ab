//! What stands on the pages in words: cleaned, without addresses, and linked where it names something.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::SiteMaterial;
use super::html::{Line, Span};
use crate::compose::{Catalogue, list, wrap};
use crate::domain::reference::scan::{fold, scan};
use crate::domain::{EmailAddress, Member, Reference, Subject, Text};

/// The most characters of one text.
const LIMIT: usize = 1000;

/// The material, and where each thing's page is.
pub(super) struct Words<'a> {
    pub(super) of: &'a SiteMaterial<'a>,
    pub(super) files: &'a BTreeMap<Subject, String>,
}

impl<'a> Words<'a> {
    pub(super) const fn new(of: &'a SiteMaterial<'a>, files: &'a BTreeMap<Subject, String>) -> Self {
        Self { of, files }
    }

    pub(super) const fn catalogue(&self) -> &'a Catalogue {
        self.of.catalogue
    }

    /// A text of the catalogue, without addresses that an argument holds.
    pub(super) fn say(&self, text: &Text) -> String {
        self.private(&self.of.catalogue.say(text))
    }

    /// A text of the catalogue that takes nothing.
    #[allow(clippy::needless_pass_by_value)] // A text of one use, made where it is said.
    pub(super) fn word(&self, key: Text) -> String {
        self.say(&key)
    }

    /// Somebody's words in one line.
    pub(super) fn clean(&self, text: &str) -> String {
        self.private(&wrap::shorten(text, LIMIT))
    }

    /// Somebody's words, with links to what they name.
    pub(super) fn linked(&self, text: &str) -> Line {
        let text = self.clean(text);
        // What folding changes has other places than the text; such a text goes without links.
        if fold(&text) != text {
            return Line::of(text);
        }
        let mut line = Line::default();
        let mut end = 0;
        for found in scan(&text, self.of.scheme) {
            let Some(file) = self.file_of(&found.reference) else { continue };
            if found.span.start < end {
                continue;
            }
            let (Some(before), Some(named)) = (text.get(end..found.span.start), text.get(found.span.clone())) else {
                continue;
            };
            line.push(Span::plain(before));
            line.push(Span::link(named, file));
            end = found.span.end;
        }
        line.push(Span::plain(text.get(end..).unwrap_or_default()));
        line
    }

    /// The page of what a reference names.
    fn file_of(&self, reference: &Reference) -> Option<&str> {
        let subject = match reference {
            Reference::Action(item) => Subject::Action(item.clone()),
            Reference::Document(document) => Subject::Contribution(document.contribution.clone()),
            _ => return None,
        };
        self.file(&subject)
    }

    /// The page of something.
    pub(super) fn file(&self, subject: &Subject) -> Option<&str> {
        self.files.get(subject).map(String::as_str)
    }

    /// Something by its reference, linked to its page.
    pub(super) fn reference(&self, subject: &Subject) -> Line {
        match self.file(subject) {
            Some(file) => Line::from(Span::link(&subject.to_string(), file)),
            None => Line::of(self.clean(&subject.to_string())),
        }
    }

    /// A moment in the group's zone.
    pub(super) fn moment(&self, at: Timestamp) -> String {
        self.of.catalogue.date_and_time(at, self.of.zone)
    }

    /// The name behind an address.
    pub(super) fn name(&self, address: &EmailAddress) -> String {
        self.named(self.of.roster.member_by_address(address))
    }

    /// A member's name, or that there is none.
    pub(super) fn named(&self, member: Option<&Member>) -> String {
        let somebody = || self.word(Text::new("page-somebody"));
        member.map(|member| self.clean(&member.name)).filter(|name| !name.is_empty()).unwrap_or_else(somebody)
    }

    /// Who did something, as history keeps it: a name in the place of an address.
    pub(super) fn by(&self, by: &str) -> String {
        by.parse().map_or_else(|_| self.clean(by), |address| self.name(&address))
    }

    /// A value of history.
    pub(super) fn value(&self, field: &str, value: &str) -> String {
        match value.parse::<EmailAddress>() {
            Ok(address) => self.name(&address),
            Err(_) => self.private(&list::shown_value(field, value, self.of.catalogue)),
        }
    }

    /// What was said, and a link that opens its mail in a program that keeps it.
    pub(super) fn told(&self, told: String, message_id: Option<&str>) -> Line {
        let mid = message_id.and_then(|id| self.mid(id));
        Line::of(told).and(mid.map(|mid| Span::link(&self.word(Text::new("page-mail")), &mid)))
    }

    /// A mail by its subject, which opens it.
    pub(super) fn mail(&self, subject: String, message_id: Option<&str>) -> Line {
        match message_id.and_then(|id| self.mid(id)) {
            Some(mid) => Line::from(Span::link(&subject, &mid)),
            None => Line::of(subject),
        }
    }

    /// The address of a mail (RFC 2392). None of one that has no Message-ID of its own, or somebody's address.
    fn mid(&self, id: &str) -> Option<String> {
        let is_one = id.contains('@') && !id.chars().any(|c| c.is_whitespace() || c.is_control());
        let is_members =
            id.parse().is_ok_and(|address: EmailAddress| self.of.roster.member_by_address(&address).is_some());
        (is_one && !is_members).then(|| mid(id))
    }

    /// The text without anybody's address.
    fn private(&self, text: &str) -> String {
        if !text.contains(AT) {
            return text.to_owned();
        }
        without_addresses(text, &self.of.catalogue.say(&Text::new("page-address")))
    }
}

/// `mid:960830.1639@example.org`, with what may not stand in an address of the web as `%` and its octets.
fn mid(id: &str) -> String {
    id.bytes().fold("mid:".to_owned(), |mut mid, octet| {
        if octet.is_ascii_alphanumeric() || b"@.-_~$".contains(&octet) {
            mid.push(char::from(octet));
        } else {
            mid.push_str(&format!("%{octet:02X}"));
        }
        mid
    })
}

/// The signs that an address is known by; the last two are shown as the first.
const AT: [char; 3] = ['@', '\u{FF20}', '\u{FE6B}'];

/// The text with `instead` in the place of each address.
pub(super) fn without_addresses(text: &str, instead: &str) -> String {
    let is_local = |c: char| c.is_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(c);
    let is_domain = |c: char| c.is_alphanumeric() || ".-_[]:".contains(c);
    let mut private = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(AT) {
        let (before, sign) = rest.split_at(at);
        let after = sign.trim_start_matches(AT);
        let start = match before.strip_suffix('"') {
            Some(quoted) => quoted.rfind('"').unwrap_or(quoted.len()),
            None => before.trim_end_matches(is_local).len(),
        };
        let length = after.len() - after.trim_start_matches(is_domain).len();
        let (kept, local) = before.split_at(start);
        private.push_str(kept);
        if local.is_empty() || length == 0 {
            private.push_str(local);
            private.push_str(&sign[..sign.len() - after.len()]);
            rest = after;
        } else {
            private.push_str(instead);
            rest = after[length..].trim_start_matches(|c| AT.contains(&c) || is_domain(c));
        }
    }
    private.push_str(rest);
    private
}
