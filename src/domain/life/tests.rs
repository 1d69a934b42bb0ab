use std::collections::BTreeSet;

use super::*;
use crate::domain::phrase::listed_revisions;
use crate::domain::{Contribution, Phrase, ReferenceScheme};

fn own() -> ContributionRef {
    "SEC-2014-0243".parse().unwrap()
}

fn phrase(text: &str) -> Phrase {
    Phrase::read(text, &ReferenceScheme::default())
}

fn trace() -> Trace {
    Trace { message: Some("a@example.org".to_owned()), ..Trace::default() }
}

/// A life after an agenda's row.
fn row(living: &mut Living, reference_cell: &str, before: Option<&str>, status: &str) {
    let listed = listed_revisions(reference_cell, &own());
    let before = before.map(phrase);
    let at = Some("SEC#10.0".parse().unwrap());
    living.read_row(&Row {
        listed: &listed,
        come_since: &BTreeSet::new(),
        phrase: &phrase(status),
        before: before.as_ref(),
        changed: true,
        trace: &Trace { at, ..Trace::default() },
    });
}

fn listed(reference_cell: &str, status: &str) -> Living {
    let mut living = Living::new(&own(), &Life::default());
    row(&mut living, reference_cell, None, status);
    living
}

fn say(living: &mut Living, revision: Option<u8>, text: &str) {
    let phrase = phrase(text);
    living.hear(&Said { phrase: &phrase, revision: revision.map(Revision::new), trace: &trace() });
}

fn stands(living: &Living) -> String {
    living.life().stands_at(None).to_string()
}

#[test]
fn every_row_of_the_seed_comes_to_what_it_means() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/seed/contributions.json");
    let expected: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let rows = expected.as_array().unwrap();
    assert_eq!(rows.len(), 29);
    let meeting: MeetingRef = "SEC#10.0".parse().unwrap();
    for expected in rows {
        let cell = |key: &str| expected[key].as_str().unwrap().to_owned();
        let own: ContributionRef = cell("reference").parse().unwrap();
        let listed = listed_revisions(&cell("reference_cell"), &own);
        let status = cell("status_cell");
        let phrase = phrase(&status);
        let mut living = Living::new(&own, &Life::default());
        living.read_row(&Row {
            listed: &listed,
            come_since: &BTreeSet::new(),
            phrase: &phrase,
            before: None,
            changed: true,
            trace: &trace(),
        });
        if !phrase.is_empty() {
            living.said_at(Some(&meeting));
        }
        let life = living.life();
        let stands = life.stands_at(Some(&meeting));
        let numbers = |of: BTreeSet<Revision>| of.into_iter().map(|revision| revision.number).collect::<Vec<_>>();
        let found = serde_json::json!({
            "outcome": stands.word(),
            "outcome_revision": stands.revision,
            "revisions_available": numbers(life.available()),
            "revisions_expected": numbers(life.expected()),
            "follow_ups": life.follow_ups_in_short(),
        });
        for (key, value) in found.as_object().unwrap() {
            assert_eq!(*value, expected[key], "{own}: {key}");
        }
    }
}

#[test]
fn a_reference_cell_lists_revisions_in_any_spelling() {
    for (cell, revisions) in [
        ("SEC-2014-0243", &[0][..]),
        ("SEC-2014-0243R01 > R02", &[1, 2]),
        ("SEC-2014-0243 > R01", &[0, 1]),
        ("sec_2014_0243_r1", &[1]),
        ("sec-2014-0243 r1", &[1]),
        ("SEC-2014-0243r1 > r2", &[1, 2]),
        ("SEC 2014 0243 R01", &[1]),
        ("SEC\u{2011}2014\u{2011}0243R01\u{a0}\u{2192} R02", &[1, 2]),
        ("SEC-2014-0243R01 -> SEC-2014-0243R02", &[1, 2]),
        ("SEC-2014-0243R01\n> R02 (TBPosted)", &[1]),
        ("SEC-2014-0243R01\n> R02 (to be posted)", &[1]),
        ("SEC-2014-0243R01, R02 expected", &[1]),
        ("oneM2M-SEC-2014-0243R01-Overview_of_Frameworks_R07.docx", &[1]),
    ] {
        let listed = listed_revisions(cell, &own());
        assert_eq!(listed.iter().map(|revision| revision.number).collect::<Vec<_>>(), revisions, "{cell:?}");
    }
}

#[test]
fn whatever_becomes_available_meets_what_waited_for_it() {
    let mut living = listed("SEC-2014-0243R01 > R02", "R02 expected");
    assert_eq!(living.life().follow_ups_in_short(), ["revision R02"]);
    living.available(Revision::new(2), How::Posted, &trace());
    assert!(living.life().follow_ups_in_short().is_empty());
    assert_eq!(stands(&living), "R02 open");

    let mut living = listed("SEC-2014-0243", "Noted, Revision expected");
    living.available(Revision::new(0), How::Posted, &trace());
    assert_eq!(living.life().follow_ups_in_short(), ["revision"], "the same one is no higher one");
    living.available(Revision::new(3), How::Posted, &trace());
    assert!(living.life().follow_ups_in_short().is_empty());

    let mut living = listed("SEC-2014-0243", "R01 agreed (TBPosted)");
    living.available(Revision::new(2), How::Posted, &trace());
    assert!(living.life().follow_ups_in_short().is_empty(), "the text goes on in the higher one");
    assert_eq!(stands(&living), "R01 agreed", "and another one is not the one that is decided");
}

#[test]
fn a_noted_one_goes_on_by_a_higher_revision_and_an_agreed_one_does_not() {
    for (status, after) in [("Noted", "R01 open"), ("Revised to R01", "R01 open"), ("Agreed", "R00 agreed")] {
        let mut living = listed("SEC-2014-0243", status);
        living.available(Revision::new(1), How::Posted, &trace());
        assert_eq!(stands(&living), after, "{status}");
    }
}

#[test]
fn the_same_decision_on_the_same_revision_is_recorded_once() {
    let mut living = listed("SEC-2014-0243", "Noted");
    say(&mut living, Some(0), "noted");
    assert_eq!(living.life().decisions.len(), 1);
    say(&mut living, Some(1), "noted");
    say(&mut living, Some(0), "noted");
    assert_eq!(living.life().decisions.len(), 2);
}

#[test]
fn a_decision_closes_what_it_leaves_nothing_to_do_of() {
    let mut living = listed("SEC-2014-0243R01", "Noted, Merge TBD offline, R02 expected");
    say(&mut living, Some(2), "agreed");
    assert_eq!(living.life().follow_ups_in_short(), ["post R02"]);
    let mut living = listed("SEC-2014-0243R01", "Noted, Merge TBD offline");
    say(&mut living, None, "merged into 0251R02");
    assert!(living.life().follow_ups_in_short().is_empty());
    assert_eq!(living.life().links[0].to_string(), "merged into SEC-2014-0251R02");
    let mut living = listed("SEC-2014-0243", "R01 agreed");
    say(&mut living, Some(1), "withdrawn");
    assert!(living.life().follow_ups_in_short().is_empty());
}

#[test]
fn a_new_wording_of_a_cell_drops_what_only_the_old_one_left_to_do() {
    let mut living = listed("SEC-2014-0243R01", "Noted, Merge TBD offline");
    living.follow(FollowUpKind::Call);
    row(&mut living, "SEC-2014-0243R01", Some("Noted, Merge TBD offline"), "Noted, R02 expected");
    assert_eq!(living.life().follow_ups_in_short(), ["call", "revision R02"]);
    row(&mut living, "SEC-2014-0243R01 > R02", Some("Noted, R02 expected"), "R02 agreed");
    assert_eq!(stands(&living), "R02 agreed");
    assert!(living.life().follow_ups_in_short().is_empty(), "what is agreed needs no call");
}

#[test]
fn a_doubtful_phrase_decides_nothing_and_is_kept() {
    for text in ["Agreed?", "not agreed", "Noted, agreed", "agreed with changes"] {
        let living = listed("SEC-2014-0243", text);
        assert!(living.life().decisions.is_empty(), "{text}");
    }
    assert_eq!(listed("SEC-2014-0243", "Agreed?").life().follow_ups_in_short(), ["remark"]);
}

#[test]
fn nothing_said_is_not_treated_once_the_meeting_is_over() {
    let meeting: MeetingRef = "SEC#10.0".parse().unwrap();
    let mut living = listed("SEC-2014-0243R01", "");
    assert_eq!(living.life().stands_at(None).word(), "open");
    assert_eq!(living.life().stands_at(Some(&meeting)).word(), "not treated");
    living.said_at(Some(&meeting));
    assert_eq!(living.life().stands_at(Some(&meeting)).word(), "open");
}

#[test]
fn edits_give_the_life_and_their_mirrors_take_it_back() {
    let mut living = listed("SEC-2014-0243R01 > R02", "Noted, expect R03, see 0244, action to align text");
    living.available(Revision::new(3), How::Posted, &trace());
    say(&mut living, Some(3), "merged into 0251R02");
    living.said_at(Some(&"SEC#10.0".parse().unwrap()));
    let life = living.life().clone();
    let edits = living.into_edits();
    let mut contribution = Contribution::new(own());
    for edit in &edits {
        contribution.set(edit.field, edit.from.as_deref(), edit.to.as_deref()).unwrap();
        assert!(edit.to.as_deref().is_none_or(|to| contribution.has(edit.field, to)), "{edit:?}");
    }
    assert_eq!(contribution.life, life);
    let json = serde_json::to_string(&life).unwrap();
    assert_eq!(serde_json::from_str::<Life>(&json).unwrap(), life);
    for edit in edits.iter().rev() {
        contribution.set(edit.field, edit.to.as_deref(), edit.from.as_deref()).unwrap();
    }
    assert_eq!(contribution.life, Life::default());
}
