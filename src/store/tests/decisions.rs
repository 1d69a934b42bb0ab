use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::*;
use crate::decide::{Needs, Replaced, UndoWhich};
use crate::domain::{EmailAddress, Request, RequestKind, RequestState};
use crate::store::{self, Batch, StoreError};

const ITEM: &str = "A-WG4-TP8-003";
const CONTRIBUTION: &str = "SEC-2014-0243";

fn request(id: u32) -> String {
    let kind = RequestKind::Extension { item: ITEM.parse().unwrap(), due: "TP11".parse().unwrap() };
    let by: Option<EmailAddress> = Some("member-catt@example.org".parse().unwrap());
    serde_json::to_string(&Request { id, kind, state: RequestState::Waiting, at: at(0), by }).unwrap()
}

/// A change of every kind of subject and of every field that has a form of its own.
fn everything() -> Vec<Change> {
    vec![
        change(ITEM, "what", None, Some("Align existing text with SEC-2014-0259")),
        change(ITEM, "who", None, Some("Lead LG Electronics + Qualcomm")),
        change(ITEM, "due", None, Some("TP11")),
        change(ITEM, "priority", None, Some("high")),
        change(ITEM, "note", None, Some("waiting for \"CATT\" – naïve")),
        change(ITEM, "note", None, Some("second")),
        change(ITEM, "proposed_by", None, Some("member-catt@example.org")),
        change("P-WG4-001", "status", None, Some("proposed")),
        change("P-WG4-001", "became", None, Some("A-WG4-TP10-001")),
        change(CONTRIBUTION, "title", None, Some("Overview of frameworks")),
        change(CONTRIBUTION, "reference_cell", None, Some("SEC-2014-0243R01 > R02")),
        change(CONTRIBUTION, "deliverable", None, Some("TS-0003")),
        change(CONTRIBUTION, "meeting", None, Some("SEC#10.0")),
        change("SEC#10.0", "plenary", None, Some("TP10")),
        change("SEC#10.0", "start", None, Some("2014-04-07")),
        change("SEC#10.0", "session", None, Some("2014-04-07 15:45-17:00 [Break-out] WG4 (session S1)")),
        change("SEC#9.0", "place", None, Some("Berlin, Germany")),
        change("organization Qualcomm", "alias", None, Some("Qualcomm Inc.")),
        change("organization CATT", "contact", None, Some("member-catt@example.org")),
        change("member 2", "name", None, Some("Secretary")),
        change("member 2", "role", None, Some("secretary")),
        change("member 2", "address", None, Some("secretary@example.org")),
        change("member 1", "address", None, Some("member-catt@example.org")),
        change("member 1", "address", None, Some("catt@example.org")),
        change("approval SEC-2014-0243R01", "until", None, Some("2014-05-05")),
        change("approval SEC-2014-0243R01", "state", None, Some("open")),
        change("approval minutes SEC#9.0", "state", None, Some("not approved")),
        change("call 2014-05-06", "time", None, Some("14:00")),
        change("request 1", "asks", None, Some(&request(1))),
        change("request 2", "asks", None, Some(&request(2))),
        change("request 2", "state", Some("waiting"), Some("dropped")),
    ]
}

fn all() -> Needs {
    Needs {
        all_actions: true,
        all_contributions: true,
        waiting_requests: true,
        requests: BTreeSet::from([1, 2]),
        approvals: BTreeSet::from(["minutes SEC#9.0".parse().unwrap()]),
        approvals_of_contributions: true,
        baseline: true,
        ..Needs::default()
    }
}

/// Commits changes as one message's; returns its place in the journal.
async fn commit(store: &Store, group: GroupId, id: &str, seconds: i64, changes: Vec<Change>, needs: &Needs) -> i64 {
    let mut batch = store.begin(group, at(seconds)).await.unwrap();
    let known = batch.load(needs).await.unwrap();
    let outcome = outcome(known, changes, Some(&format!("r-{id}")));
    let seq = batch.commit_decision(None, &mail_entry(id, seconds), outcome, &[]).await.unwrap();
    batch.commit().await.unwrap();
    seq
}

#[tokio::test]
async fn every_kind_of_subject_is_loaded_as_it_was_committed() {
    let Place { store, group, directory: _directory } = place().await;
    let mut batch = store.begin(group, at(0)).await.unwrap();
    let mut before = batch.load(&all()).await.unwrap();
    before.rules = Some(rules());
    let entry = Entry { at: at(0), input: Input::Rules(Box::new(rules())) };
    let mut decided = outcome(before, everything(), None);
    decided.cells = vec![(ITEM.parse().unwrap(), "status".to_owned(), "Open".to_owned())];
    batch.commit_decision(None, &entry, decided.clone(), &[]).await.unwrap();
    // In the same batch, from what the decision left, and in another one, from the tables alone.
    let handed_on = batch.load(&all()).await.unwrap();
    batch.commit().await.unwrap();
    let loaded = store.begin(group, at(0)).await.unwrap().load(&all()).await.unwrap();
    assert_eq!(handed_on, loaded);

    let mut expected = decided.known;
    expected.roster.members.sort_by_key(|member| member.id);
    expected.roster.organizations.sort_by(|a, b| a.name.cmp(&b.name));
    expected.meetings.sort_by(|a, b| a.reference.cmp(&b.reference));
    Arc::make_mut(&mut expected.baseline).insert((ITEM.parse().unwrap(), "status".to_owned()), "Open".to_owned());
    let first = BTreeMap::from([((ITEM.parse().unwrap(), "status".to_owned()), None)]);
    expected.replaced = [Replaced { at: loaded.replaced[0].at, is_taken_back: false, cells: first }].into();
    assert_eq!(loaded, expected);
    assert_eq!(store.rules(group).await.unwrap(), Some(rules()));
    assert_eq!(store.actions(group).await.unwrap(), expected.actions.into_values().collect::<Vec<_>>());
    assert_eq!(store.contributions(group).await.unwrap(), expected.contributions.into_values().collect::<Vec<_>>());
    assert_eq!(store.roster(group).await.unwrap(), expected.roster);
    assert_eq!(store.meetings(group).await.unwrap(), expected.meetings);
    assert_eq!(store.requests(group, true).await.unwrap().len(), 1);
    assert_eq!(store.approvals(group, false).await.unwrap(), expected.approvals.into_values().collect::<Vec<_>>());
    assert_eq!(store.approvals(group, true).await.unwrap().len(), 1);
    assert_eq!(store.calls(group).await.unwrap(), expected.calls.into_values().collect::<Vec<_>>());
}

#[tokio::test]
async fn only_what_is_named_is_loaded() {
    let Place { store, group, directory: _directory } = place().await;
    let other = store.group("arc").await.unwrap();
    let changes = vec![
        change(ITEM, "what", None, Some("one")),
        change("A-WG4-TP8-004", "what", None, Some("two")),
        change(CONTRIBUTION, "title", None, Some("three")),
        change("ARC-2013-0243", "title", None, Some("four")),
        change("SEC-2014-0244", "title", None, Some("five")),
    ];
    commit(&store, group, "a@x", 0, changes, &Needs::default()).await;
    let needs = Needs {
        actions: BTreeSet::from([ITEM.parse().unwrap(), "A-WG4-TP8-099".parse().unwrap()]),
        numbers: BTreeSet::from([243]),
        history: BTreeSet::from([ITEM.parse().unwrap()]),
        ..Needs::default()
    };
    let known = store.begin(group, at(1)).await.unwrap().load(&needs).await.unwrap();
    assert_eq!(known.actions.keys().map(ToString::to_string).collect::<Vec<_>>(), [ITEM]);
    assert_eq!(
        known.contributions.keys().map(ToString::to_string).collect::<Vec<_>>(),
        ["ARC-2013-0243", CONTRIBUTION]
    );
    assert_eq!(known.action_references.len(), 2);
    assert_eq!(known.history.len(), 1);
    assert_eq!((known.history[0].at, known.history[0].message_id.as_deref()), (at(0), Some("a@x")));
    let of_other = store.begin(other, at(1)).await.unwrap().load(&needs).await.unwrap();
    assert!(of_other.actions.is_empty() && of_other.history.is_empty() && of_other.action_references.is_empty());
}

#[tokio::test]
async fn the_rows_of_a_mail_that_is_replied_to_bring_what_they_mean() {
    let Place { store, group, directory: _directory } = place().await;
    let mut batch = store.begin(group, at(0)).await.unwrap();
    let known = batch.load(&Needs::default()).await.unwrap();
    let decided = outcome(known, everything(), Some("r-a"));
    let mails = [mail("with-rows@bot", &[(1, CONTRIBUTION), (2, "request 2")]), mail("without@bot", &[])];
    batch.commit_decision(None, &mail_entry("a@x", 0), decided, &mails).await.unwrap();
    batch.commit().await.unwrap();

    let mut batch = store.begin(group, at(1)).await.unwrap();
    let asked = ["unknown@x".to_owned(), "with-rows@bot".to_owned(), "without@bot".to_owned()];
    let sent = batch.sent(&asked).await.unwrap();
    assert_eq!(sent.len(), 2);
    assert_eq!(sent["without@bot"].as_str(), "member-catt@example.org");
    let known = batch.load(&Needs { replied: asked.to_vec(), ..Needs::default() }).await.unwrap();
    let replied = known.replied.unwrap();
    assert_eq!(replied.message_id, "with-rows@bot");
    assert_eq!(replied.rows, [(1, CONTRIBUTION.parse().unwrap()), (2, "request 2".parse().unwrap())]);
    assert_eq!(known.contributions.len(), 1);
    // A request brings the item that it is about.
    assert_eq!(known.requests.keys().collect::<Vec<_>>(), [&2]);
    assert_eq!(known.actions.keys().map(ToString::to_string).collect::<Vec<_>>(), [ITEM]);
    let needs = Needs { replied: vec!["without@bot".to_owned()], ..Needs::default() };
    assert_eq!(batch.load(&needs).await.unwrap().replied.unwrap().rows, []);
}

#[tokio::test]
async fn what_a_message_did_is_found_by_its_receipt_or_as_its_senders_last() {
    let Place { store, group, directory: _directory } = place().await;
    commit(&store, group, "a@x", 0, everything(), &Needs::default()).await;
    let needs = Needs { actions: BTreeSet::from([ITEM.parse().unwrap()]), ..Needs::default() };
    let closing = vec![change(ITEM, "status", Some("open"), Some("closed"))];
    commit(&store, group, "b@x", 1, closing.clone(), &needs).await;

    // The member's other address means the same sender.
    let last = Needs { undo: Some(UndoWhich::LastOf("catt@example.org".parse().unwrap())), ..Needs::default() };
    let mut batch = store.begin(group, at(2)).await.unwrap();
    let known = batch.load(&last).await.unwrap();
    let done = known.done.clone().unwrap();
    assert_eq!((done.receipt.as_str(), done.at, done.undone), ("r-b@x", at(1), false));
    assert_eq!(done.changes, closing);
    assert!(known.actions.contains_key(&ITEM.parse().unwrap()));

    let mut undone = outcome(known, vec![closing[0].mirrored()], None);
    undone.undone = Some("r-b@x".to_owned());
    batch.commit_decision(None, &mail_entry("c@x", 2), undone.clone(), &[]).await.unwrap();
    let known = batch.load(&last).await.unwrap();
    assert_eq!(known.done.unwrap().receipt, "r-a@x");
    let by_receipt = Needs { undo: Some(UndoWhich::Receipt("r-b@x".to_owned())), ..Needs::default() };
    assert!(batch.load(&by_receipt).await.unwrap().done.unwrap().undone);
    let stranger = Needs { undo: Some(UndoWhich::LastOf("x@example.org".parse().unwrap())), ..Needs::default() };
    assert_eq!(batch.load(&stranger).await.unwrap().done, None);
    let twice = batch.commit_decision(None, &mail_entry("d@x", 3), undone, &[]).await;
    assert!(matches!(twice.unwrap_err(), StoreError::Refused(_)));
}

#[tokio::test]
async fn a_message_rolled_back_leaves_the_others_of_its_batch() {
    let Place { store, group, directory: _directory } = place().await;
    let mut batch = store.begin(group, at(0)).await.unwrap();
    for (id, item, keeps) in [("a@x", ITEM, true), ("b@x", "A-WG4-TP8-004", false), ("c@x", "A-WG4-TP8-005", true)] {
        batch.savepoint();
        let known = batch.load(&Needs::default()).await.unwrap();
        assert!(!known.action_references.contains(&"A-WG4-TP8-004".parse().unwrap()));
        let decided = outcome(known, vec![change(item, "what", None, Some("x"))], Some(id));
        let mails = [mail(&format!("{id}-answer"), &[(1, item)])];
        batch.commit_decision(None, &mail_entry(id, 0), decided, &mails).await.unwrap();
        if keeps { batch.release().await.unwrap() } else { batch.roll_back().await.unwrap() }
    }
    batch.commit().await.unwrap();
    let items: Vec<_> = store.actions(group).await.unwrap().iter().map(|item| item.reference.to_string()).collect();
    assert_eq!(items, [ITEM, "A-WG4-TP8-005"]);
    let answers: Vec<_> = store.outbox(group, None).await.unwrap().into_iter().map(|m| m.message_id).collect();
    assert_eq!(answers, ["a@x-answer", "c@x-answer"]);
}

#[tokio::test]
async fn a_batch_that_is_given_up_leaves_nothing() {
    let Place { store, group, directory: _directory } = place().await;
    for abandons in [true, false] {
        let mut batch = store.begin(group, at(0)).await.unwrap();
        let known = batch.load(&Needs::default()).await.unwrap();
        let decided = outcome(known, everything(), Some("r"));
        batch.commit_decision(None, &mail_entry("a@x", 0), decided, &[mail("m@bot", &[])]).await.unwrap();
        if abandons {
            batch.abandon().await.unwrap()
        } else {
            drop(batch)
        }
        assert!(store.actions(group).await.unwrap().is_empty());
        assert!(store.outbox(group, None).await.unwrap().is_empty());
    }
    // The writer is free again.
    commit(&store, group, "a@x", 0, everything(), &Needs::default()).await;
}

#[tokio::test]
async fn a_dry_run_leaves_nothing_for_the_next_decision() {
    let Place { store, group, directory: _directory } = place().await;
    let mut batch = store.begin(group, at(0)).await.unwrap();
    let known = batch.load(&Needs::default()).await.unwrap();
    let mut dry = outcome(known, everything(), None);
    dry.changes.clear();
    dry.answer.as_mut().unwrap().dry_run = true;
    batch.commit_decision(None, &mail_entry("a@x", 0), dry, &[]).await.unwrap();
    let known = batch.load(&Needs::default()).await.unwrap();
    assert_eq!(known, Known::nothing());
}

#[tokio::test]
async fn history_is_append_only() {
    let Place { store, group, directory: _directory } = place().await;
    commit(&store, group, "a@x", 0, everything(), &Needs::default()).await;
    for statement in ["UPDATE history SET by = 'nobody'", "DELETE FROM history"] {
        let error = sqlx::query(statement).execute(&store.writer).await.unwrap_err().to_string();
        assert!(error.contains("history is append-only"), "{error}");
    }
    let history = store.history(group, None).await.unwrap();
    assert_eq!(history.len(), everything().len());
    assert_eq!(store.history(group, Some(&"SEC#10.0".parse().unwrap())).await.unwrap().len(), 3);
}

#[tokio::test]
async fn a_change_of_what_is_not_known_is_refused() {
    let Place { store, group, directory: _directory } = place().await;
    let mut batch = store.begin(group, at(0)).await.unwrap();
    let known = batch.load(&Needs::default()).await.unwrap();
    let mut decided = outcome(known, vec![], None);
    decided.changes = vec![change("request 7", "state", Some("waiting"), Some("accepted"))];
    let error = batch.commit_decision(None, &mail_entry("a@x", 0), decided, &[]).await.unwrap_err();
    assert!(error.to_string().contains("request 7"), "{error}");
}

/// Decides the same three messages in a batch; what the second one does is refused by the database.
async fn decide_with_one_refused(batch: &mut Batch) -> Vec<store::Result<()>> {
    let mut released = Vec::new();
    for (id, item) in [("a@x", ITEM), ("b@x", "A-WG4-TP8-004"), ("c@x", "A-WG4-TP8-005")] {
        batch.savepoint();
        let known = batch.load(&Needs::default()).await.unwrap();
        let decided = outcome(known, vec![change(item, "what", None, Some("x"))], Some(id));
        let answer = if id == "b@x" { "taken".to_owned() } else { format!("{id}-answer") };
        batch.commit_decision(None, &mail_entry(id, 0), decided, &[mail(&answer, &[])]).await.unwrap();
        let done = batch.release().await;
        if done.is_err() {
            batch.roll_back().await.unwrap();
        }
        released.push(done);
    }
    released
}

#[tokio::test]
async fn a_batch_that_is_refused_keeps_nothing_and_a_careful_one_all_but_what_is_refused() {
    let Place { store, group, directory: _directory } = place().await;
    let mut batch = store.begin(group, at(0)).await.unwrap();
    let known = batch.load(&Needs::default()).await.unwrap();
    batch
        .commit_decision(None, &mail_entry("z@x", 0), outcome(known, vec![], None), &[mail("taken", &[])])
        .await
        .unwrap();
    batch.commit().await.unwrap();

    let mut batch = store.begin(group, at(1)).await.unwrap();
    assert!(decide_with_one_refused(&mut batch).await.iter().all(Result::is_ok), "it is not written yet");
    let refused = batch.commit().await.unwrap_err();
    assert!(!refused.is_temporary() && !refused.is_full() && !refused.is_damage(), "{refused}");
    assert!(store.actions(group).await.unwrap().is_empty());

    let mut batch = store.begin_carefully(group, at(1)).await.unwrap();
    let released = decide_with_one_refused(&mut batch).await;
    assert_eq!(released.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, true]);
    batch.commit().await.unwrap();
    let items: Vec<_> = store.actions(group).await.unwrap().iter().map(|item| item.reference.to_string()).collect();
    assert_eq!(items, [ITEM, "A-WG4-TP8-005"]);
}

#[tokio::test]
async fn a_batch_whose_earlier_messages_could_not_be_written_is_never_committed() {
    let Place { store, group, directory: _directory } = place().await;
    let mut batch = store.begin(group, at(0)).await.unwrap();
    for id in ["a@x", "b@x"] {
        let known = batch.load(&Needs::default()).await.unwrap();
        let decided = outcome(known, vec![], None);
        batch.commit_decision(None, &mail_entry(id, 0), decided, &[mail("the same", &[])]).await.unwrap();
    }
    batch.savepoint();
    // Asked in a later message's part, whose failure it looks like.
    let history = Needs { history: BTreeSet::from([ITEM.parse().unwrap()]), all_requests: true, ..Needs::default() };
    let replied = Needs { replied: vec!["the same".to_owned()], ..history };
    assert!(batch.load(&replied).await.is_err());
    batch.roll_back().await.unwrap();
    assert!(matches!(batch.commit().await.unwrap_err(), StoreError::Refused(_)));
    assert!(store.outbox(group, None).await.unwrap().is_empty());
}

#[tokio::test]
async fn each_decision_of_a_batch_sees_what_those_before_it_have_done() {
    let Place { store, group, directory: _directory } = place().await;
    commit(&store, group, "a@x", 0, everything(), &Needs::default()).await;
    let mut batch = store.begin(group, at(1)).await.unwrap();
    let proposal = "P-WG4-001".parse().unwrap();
    let named = Needs {
        actions: BTreeSet::from([ITEM.parse().unwrap(), proposal]),
        waiting_requests: true,
        ..Needs::default()
    };
    let waiting = |known: &Known| known.requests.keys().copied().collect::<Vec<_>>();

    let known = batch.load(&named).await.unwrap();
    assert_eq!((known.actions.len(), waiting(&known)), (2, vec![1]));
    let changes = vec![
        change(ITEM, "what", Some("Align existing text with SEC-2014-0259"), Some("Align all text")),
        change("request 1", "state", Some("waiting"), Some("accepted")),
    ];
    batch.commit_decision(None, &mail_entry("b@x", 1), outcome(known, changes, None), &[]).await.unwrap();

    let known = batch.load(&named).await.unwrap();
    assert_eq!(known.actions[&ITEM.parse().unwrap()].what, "Align all text");
    assert_eq!(waiting(&known), Vec::<u32>::new());
    // What the proposal became comes to be: it belongs to the proposal from now on.
    let changes = vec![change("A-WG4-TP10-001", "what", None, Some("New"))];
    batch.commit_decision(None, &mail_entry("c@x", 1), outcome(known, changes, None), &[]).await.unwrap();
    let known = batch.load(&named).await.unwrap();
    assert!(known.actions.contains_key(&"A-WG4-TP10-001".parse().unwrap()));
    assert_eq!(known.actions[&ITEM.parse().unwrap()].what, "Align all text");
    let history = Needs { history: BTreeSet::from([ITEM.parse().unwrap()]), ..Needs::default() };
    let known = batch.load(&history).await.unwrap();
    assert_eq!(known.history.last().unwrap().to.as_deref(), Some("Align all text"));
}

#[tokio::test]
async fn what_is_refused_after_a_part_has_begun_to_be_written_is_that_parts_matter() {
    let Place { store, group, directory: _directory } = place().await;
    let mut batch = store.begin_carefully(group, at(0)).await.unwrap();
    for (id, answers) in [("a@x", ["one", "two"]), ("b@x", ["three", "one"]), ("c@x", ["four", "five"])] {
        batch.savepoint();
        let mut refused = false;
        for answer in answers {
            // What one decision of it has written, the next one of it asks for.
            let replied = Needs { replied: vec!["one".to_owned(), "three".to_owned()], ..Needs::default() };
            let known = batch.load(&replied).await.unwrap();
            let decided = outcome(known, vec![change(ITEM, "note", None, Some(answer))], None);
            batch.commit_decision(None, &mail_entry(id, 0), decided, &[mail(answer, &[])]).await.unwrap();
        }
        refused |= batch.release().await.is_err();
        if refused {
            batch.roll_back().await.unwrap();
        }
        assert_eq!(refused, id == "b@x");
    }
    batch.commit().await.unwrap();
    let answers: Vec<_> = store.outbox(group, None).await.unwrap().into_iter().map(|m| m.message_id).collect();
    assert_eq!(answers, ["one", "two", "four", "five"]);
}
