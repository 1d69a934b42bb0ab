//! `register`: a contribution that no agenda lists yet is made known, with where it belongs.

use crate::command::Target;
use crate::domain::{Contribution, ContributionField, ContributionRef, Reference, Subject, Text};

use super::actions::Told;
use super::contributions::{By, must_live, refused};
use super::work::{Refusal, Work};

type Result<T = Told> = std::result::Result<T, Refusal>;

/// A contribution as it is registered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Registered<'a> {
    pub(super) title: &'a str,
    pub(super) agenda_item: Option<&'a str>,
    pub(super) deliverable: Option<&'a str>,
}

/// `register REF "TITLE" [for ITEM] [for DELIVERABLE]`
pub(super) fn register(work: &mut Work, by: By<'_>, target: &Target, given: Registered<'_>) -> Result {
    let Target::Reference(Reference::Document(document)) = target else {
        return Err(Text::new("refused-register-in-full"));
    };
    let own = &document.contribution;
    if let Some(known) = work.known.contributions.get(own).filter(|known| !known.is_blank()).cloned() {
        return register_again(work, by, &known, given);
    }
    let subject = || Subject::Contribution(own.clone());
    work.change(subject(), ContributionField::Title, None, Some(given.title.to_owned()))?;
    // An officer registers for others: whose it is, the agenda says.
    if !by.sender.is_officer() {
        work.change(subject(), ContributionField::Source, None, Some(by.sender.organization.clone()))?;
    }
    for (field, value) in given.places() {
        work.change(subject(), field, None, Some(value.to_owned()))?;
    }
    Ok(Told::Done(given.told("told-registered", own)))
}

impl<'a> Registered<'a> {
    /// Where it belongs.
    fn places(self) -> impl Iterator<Item = (ContributionField, &'a str)> {
        let places =
            [(ContributionField::AgendaItem, self.agenda_item), (ContributionField::Deliverable, self.deliverable)];
        places.into_iter().filter_map(|(field, value)| Some((field, value?)))
    }

    fn told(self, key: &str, own: &ContributionRef) -> Text {
        let text = Text::new(key).with("reference", own).with("title", self.title);
        let text = text.with("item", self.agenda_item.unwrap_or("-"));
        text.with("deliverable", self.deliverable.unwrap_or("-"))
    }
}

/// What is known already takes what it has not said yet; what it says stays.
fn register_again(work: &mut Work, by: By<'_>, known: &Contribution, given: Registered<'_>) -> Result {
    let own = &known.reference;
    let told = refused("told-registered-already", known).with("title", &known.title);
    if known.title != given.title {
        return Err(told);
    }
    let mut new = Vec::new();
    for (field, value) in given.places() {
        match known.get(field).filter(|now| !now.is_empty()) {
            Some(now) if now.eq_ignore_ascii_case(value) => {}
            Some(now) => {
                let text = refused("refused-registered-for", known).with("title", &known.title);
                return Err(text.with("field", field).with("now", now).with("given", value));
            }
            None => new.push((field, value)),
        }
    }
    if new.is_empty() {
        return Ok(Told::Unchanged(told));
    }
    must_live(work, by, known)?;
    for (field, value) in new {
        work.change(Subject::Contribution(own.clone()), field, known.get(field), Some(value.to_owned()))?;
    }
    Ok(Told::Done(given.told("told-registered", own)))
}
