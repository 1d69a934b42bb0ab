//! The group's state as pages of a web site: an overview, and a page for each action item and contribution.
//!
//! Pages are static and whole in themselves: no script, one style sheet inside, nothing from elsewhere, and no
//! address of anybody. Who did something stands there by name, and a mail is linked by its Message-ID (RFC 2392).
//! The same input gives the same bytes, so that only what has changed is written.

mod chart;
mod html;
mod index;
mod thing;
mod words;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use self::words::Words;
use super::Catalogue;
use crate::decide::{Baseline, HistoryRow};
use crate::domain::{
    ActionItem, Approval, Call, Contribution, EmailAddress, Meeting, ReferenceScheme, Roster, Subject,
};

/// What the pages are made of.
#[derive(Debug, Clone)]
pub struct SiteMaterial<'a> {
    /// The group's name.
    pub group: &'a str,
    /// How it writes references.
    pub scheme: &'a ReferenceScheme,
    /// The zone of its days.
    pub zone: &'a TimeZone,
    /// The words of its language.
    pub catalogue: &'a Catalogue,
    /// The day in that zone.
    pub today: Date,
    /// Who is who; only names come out.
    pub roster: &'a Roster,
    /// Every action item.
    pub actions: &'a [ActionItem],
    /// Every contribution.
    pub contributions: &'a [Contribution],
    /// Every meeting.
    pub meetings: &'a [Meeting],
    /// Every approval by e-mail.
    pub approvals: &'a [Approval],
    /// Every conference call.
    pub calls: &'a [Call],
    /// All that happened, oldest first.
    pub history: &'a [HistoryRow],
    /// The headings of agenda items in the last documents.
    pub headings: &'a Baseline,
    /// The mails that mention something, oldest first.
    pub mails: &'a BTreeMap<Subject, Vec<SiteMail>>,
}

/// A mail that mentions something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteMail {
    /// When it was received.
    pub at: Timestamp,
    /// From whom.
    pub from: Option<EmailAddress>,
    /// Its subject.
    pub subject: String,
    /// Its Message-ID, where it has one.
    pub message_id: Option<String>,
}

/// A page of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SitePage {
    /// The file's name.
    pub file: String,
    /// What is in it.
    pub html: String,
}

/// The page that a reader begins with.
const INDEX: &str = "index.html";
/// Action items that are closed or cancelled.
const CLOSED: &str = "closed.html";
/// Every contribution.
const DOCUMENTS: &str = "documents.html";

/// Every page, the overview first.
#[must_use]
pub fn site(material: &SiteMaterial<'_>) -> Vec<SitePage> {
    let files = files(material);
    let words = Words::new(material, &files);
    let mut pages = index::pages(&words);
    pages.extend(thing::pages(&words));
    pages
}

/// The name of the file of each thing that has a page.
fn files(material: &SiteMaterial<'_>) -> BTreeMap<Subject, String> {
    let actions = material.actions.iter().map(|item| Subject::Action(item.reference.clone()));
    let known = material.contributions.iter().filter(|known| !known.is_blank());
    let contributions = known.map(|known| Subject::Contribution(known.reference.clone()));
    let mut taken: BTreeSet<String> = [INDEX, CLOSED, DOCUMENTS].map(ToOwned::to_owned).into();
    let mut files = BTreeMap::new();
    for subject in actions.chain(contributions) {
        let reference = subject.to_string();
        let name: String =
            reference.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).collect();
        // Two references that differ in a sign only: the later one gets a number. A file system may not tell
        // small letters from capitals.
        let mut file = format!("{name}.html");
        let mut number = 2;
        while !taken.insert(file.to_ascii_lowercase()) {
            file = format!("{name}_{number}.html");
            number += 1;
        }
        files.insert(subject, file);
    }
    files
}
