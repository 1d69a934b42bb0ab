use proptest::prelude::*;

use super::*;
use crate::domain::Numbering;

fn read(text: &str) -> Phrase {
    Phrase::read(text, &ReferenceScheme::default())
}

fn printed(text: &str) -> String {
    read(text).to_string()
}

#[test]
fn every_status_of_agendas_is_understood() {
    for (cell, canonical) in [
        ("", ""),
        ("Noted, Merge TBD offline", "noted, merge TBD"),
        ("Noted, Merge TBD offline\nRevision expected", "noted, merge TBD, revision expected"),
        ("R01 TBD offline", "R01 TBD offline"),
        ("R03 TBD Offline", "R03 TBD offline"),
        ("Noted, R01 TBD offline", "noted, R01 TBD offline"),
        ("R01 agreed (TBPosted)", "R01 agreed, to be posted"),
        ("R01 agreed, action to align existing text", "R01 agreed, action: to align existing text"),
        ("Noted, see 0243R02", "noted, see 0243R02"),
        ("R02 expected", "R02 expected"),
        ("Noted, expect R03", "noted, R03 expected"),
        ("Keep OPEN", "open"),
        ("OPEN", "open"),
        ("Noted, TBD in teleconf", "noted, TBD in teleconf"),
        ("Revised to S2-1908628", "revised to S2-1908628"),
        (
            "Revised in parallel session, merging S2-1907100 and S2-1907200, to S2-1908628.",
            "revised merging S2-1907100, S2-1907200 into S2-1908628",
        ),
        ("Merged into SEC-2014-0251R02", "merged into SEC-2014-0251R02"),
        ("Merged into 0251R02", "merged into 0251R02"),
        ("Noted.", "noted"),
        ("Agreed", "agreed"),
        ("Approved", "approved"),
        ("Endorsed", "endorsed"),
        ("Postponed", "postponed"),
        ("Postponed to SEC#11", "postponed"),
        ("Withdrawn", "withdrawn"),
        ("Not pursued", "not pursued"),
        ("Not treated", "not treated"),
        ("Rejected", "rejected"),
        ("Conditionally agreed", "conditionally agreed"),
        ("For e-mail approval", "for e-mail approval"),
        ("For email approval", "for e-mail approval"),
        ("Approved; for the record", "approved (for the record)"),
        ("Revised to R02", "revised to R02"),
        ("R02 posted", "R02 posted"),
        ("to be merged with 0251", "to be merged with 0251"),
        ("Agreed, to be applied to TS-0003", "agreed, to be applied to TS-0003"),
        ("R01 agreed\n(TBPosted)", "R01 agreed, to be posted"),
        ("Agreed\nTBPosted", "agreed, to be posted"),
        ("R01 agreed\nR02 expected", "R01 agreed, R02 expected"),
        ("Approved\nSee 0740R01", "approved, see 0740R01"),
        ("R01 agreed\nAction to align existing text", "R01 agreed, action: to align existing text"),
        ("R01 TBPosted agreed", "R01 to be posted, R01 agreed"),
        ("R01 agreed (posted)", "R01 agreed, R01 posted"),
        ("R01 agreed\n(available)", "R01 agreed, R01 posted"),
        ("Agreed as R01", "R01 agreed"),
        ("Agreed in R01", "R01 agreed"),
        ("Agreed in session", "agreed"),
        ("Keep open until TP12", "open"),
        ("Noted, R01 expected by Friday", "noted, R01 expected"),
        ("R02 expected before the next session", "R02 expected"),
        ("Agreed\nconditionally", "conditionally agreed"),
    ] {
        assert_eq!(printed(cell), canonical, "{cell:?}");
        assert_eq!(read(cell).not_understood().count(), 0, "{cell:?}");
        assert_eq!(read(canonical), read(cell), "{cell:?}");
    }
}

#[test]
fn case_commas_breaks_stops_hyphens_and_blanks_do_not_matter() {
    for (one, other) in [
        ("Noted, Merge TBD offline", "NOTED\nmerge\nTBD\u{a0}off\u{2011}line."),
        ("R01 agreed (TBPosted)", "r01\u{a0}Agreed. [TB-Posted]"),
        ("Keep OPEN", "keep-open"),
        ("Noted, expect R03", "noted - expecting rev 3"),
        ("For e-mail approval", "for E\u{2011}mail\napproval"),
        ("Noted, see SEC-2014-0243R02", "Noted: see SEC\u{2011}2014\u{2011}0243 R02"),
        ("R02 expected", "R02, expected"),
    ] {
        assert_eq!(read(one), read(other), "{other:?}");
    }
}

#[test]
fn what_is_not_understood_stays_verbatim() {
    let phrase = read("Noted\n\u{201c}Enrolment Key\u{201d} chosen\n\nGBA Slide to add as informative annex to TS");
    assert_eq!(phrase.decisions().collect::<Vec<_>>(), [(None, ContributionOutcome::Noted)]);
    assert_eq!(
        phrase.not_understood().collect::<Vec<_>>(),
        ["\u{201c}Enrolment Key\u{201d} chosen\nGBA Slide to add as informative annex to TS"]
    );
    assert_eq!(phrase.doubt(), None);
}

#[test]
fn a_question_a_negation_and_a_limit_decide_nothing() {
    for text in [
        "Agreed?",
        "R01 agreed ?",
        "R01 agreed (TBPosted)?",
        "Agreed (?)",
        "not agreed",
        "not yet agreed",
        "Not noted",
        "isn't agreed",
        "to be agreed",
        "will be noted",
        "agreed in principle",
        "agreed with changes",
        "agreed, subject to changes",
        "agreed if R02 is posted",
        "almost agreed",
        "Noted, not agreed",
        "Agreed R01",
        "Agreed, R01",
        "Agreed (partly)",
        "Agreed (R01 to be posted)",
        "Agreed, R01 tbp",
        "Approved, R02 expected",
        "R01 agreed (posted?)",
        "Agreed as noted",
        "Keep open until agreed",
        "Noted, agreed",
        "Noted. Withdrawn.",
        "Agreed, for e-mail approval",
        "? agreed",
        "R01 > R02 agreed",
        "GBA slides noted",
    ] {
        let phrase = read(text);
        let decides = phrase.doubt().is_none() && phrase.decisions().next().is_some();
        assert!(!decides, "{text:?}: {phrase:?}");
        assert!(phrase.doubt().is_some() || phrase.not_understood().next().is_some(), "{text:?}: {phrase:?}");
    }
}

#[test]
fn several_revisions_are_decided_in_order() {
    let phrase = read("R01 noted, R02 agreed");
    assert_eq!(phrase.doubt(), None);
    let decided: Vec<_> = phrase.decisions().collect();
    assert_eq!(
        decided,
        [(Some(Revision::new(1)), ContributionOutcome::Noted), (Some(Revision::new(2)), ContributionOutcome::Agreed)]
    );
    assert_eq!(read("Revised to R02, R02 agreed").doubt(), None);
}

#[test]
fn a_hostile_cell_is_read_in_linear_time() {
    let started = std::time::Instant::now();
    for piece in
        ["see ", "action ", "(", "(a", "noted,", "R01 ", "merging 0243, ", "?", "because ", ", action x", "x, "]
    {
        let _ = read(&piece.repeat(100_000));
    }
    assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
}

fn revision() -> impl Strategy<Value = Option<Revision>> {
    prop_oneof![Just(None), (0u8..=99).prop_map(|number| Some(Revision::new(number)))]
}

fn references() -> impl Strategy<Value = Vec<Reference>> {
    // A short one behind one in full takes the rest from that.
    let full = "SEC-2014-0(1|2|3)[0-9]{2}R0[1-9]".prop_map(|text| Reference::Document(text.parse().unwrap()));
    let short = (100u32..999, 1u8..9).prop_map(|(number, revision)| Reference::Short {
        prefix: None,
        year: None,
        number,
        numbering: Numbering::USUAL,
        revision: Some(Revision::new(revision)),
    });
    let foreign = "S[1-6]-19[0-9]{5}".prop_map(Reference::Foreign);
    let several = 1..3;
    prop_oneof![
        proptest::collection::vec(full, several.clone()),
        proptest::collection::vec(short, several.clone()),
        proptest::collection::vec(foreign, several),
    ]
}

fn clause() -> impl Strategy<Value = Clause> {
    let outcome = proptest::sample::select(
        ContributionOutcome::ALL
            .into_iter()
            .filter(|outcome| !matches!(outcome, ContributionOutcome::Revised | ContributionOutcome::Merged))
            .collect::<Vec<_>>(),
    );
    let maybe = || prop_oneof![Just(Vec::new()), references()];
    prop_oneof![
        (revision(), outcome).prop_map(|(revision, outcome)| Clause::Decided { revision, outcome }),
        (revision(), maybe(), references()).prop_map(|(revision, merging, to)| Clause::Revised {
            revision,
            merging,
            to
        }),
        (revision(), maybe()).prop_map(|(revision, into)| Clause::Merged { revision, into }),
        revision().prop_map(|revision| Clause::Conditionally { revision, outcome: ContributionOutcome::Agreed }),
        Just(Clause::NotTreated),
        Just(Clause::ForEmailApproval),
        revision().prop_map(Clause::Expected),
        revision().prop_map(Clause::Offline),
        maybe().prop_map(Clause::Merge),
        revision().prop_map(Clause::ToBePosted),
        (0u8..=99).prop_map(|number| Clause::Posted(Revision::new(number))),
        references().prop_map(Clause::See),
        references().prop_map(Clause::RepliedTo),
        references().prop_map(Clause::Discussed),
        Just(Clause::Call),
        Just(Clause::Apply(Vec::new())),
        Just(Clause::Action("to align existing text".to_owned())),
        Just(Clause::NotUnderstood("\u{201c}Enrolment Key\u{201d} chosen\nGBA slide, informative annex".to_owned())),
    ]
}

#[test]
fn what_a_semicolon_parts_stays_parted_when_printed() {
    for text in [
        "R01; merged",
        "see; R01 revised",
        "merged revision; TBPosted",
        "action R01; noted",
        "action; open",
        "merged; to 0243R02 because approval",
    ] {
        let phrase = read(text);
        assert_eq!(read(&phrase.to_string()), phrase, "{text} printed {phrase}");
    }
}

proptest! {
    #[test]
    fn what_is_printed_reads_back(clauses in proptest::collection::vec(clause(), 0..5)) {
        let mut clauses = clauses;
        // Free text runs on into free text.
        clauses.dedup_by(|a, b| matches!((a, b), (Clause::NotUnderstood(_), Clause::NotUnderstood(_) | Clause::Action(_))));
        let phrase = Phrase { clauses };
        prop_assert_eq!(read(&phrase.to_string()), phrase);
    }

    #[test]
    fn whatever_is_written_decides_the_same_when_printed(words in proptest::collection::vec(proptest::sample::select(vec![
        "noted", "agreed", "not", "R01", "R02", "tbd", "offline", "expected", "revision", "merge", "merged", "into",
        "0243R02", "see", ",", ";", "\n", ".", "?", "action", "to", "blue", "teleconf", "TBPosted", "because",
        "and", "with", "open", "keep", "revised", "S2-1908628", "SEC-2014-0243R01", "- ", "for", "e-mail", "approval",
    ]), 0..12)) {
        let decides = |phrase: &Phrase| {
            let decides: Vec<_> = phrase.decisions().filter(|_| phrase.doubt().is_none()).collect();
            decides
        };
        let phrase = read(&words.join(" "));
        let again = read(&phrase.to_string());
        prop_assert_eq!(decides(&again), decides(&phrase), "{:?} printed {:?}", phrase, again);
    }

    #[test]
    fn reading_never_panics(text in "\\PC{0,200}") {
        let _ = read(&text).to_string();
    }
}
