use super::*;
use crate::decide::Needs;
use crate::store::Rebuilt;

/// What this test's messages do: each notes its own name on one item, and is answered.
fn decide(known: Known, entry: &Entry) -> (Outcome, Vec<OutgoingMail>) {
    let id = match &entry.input {
        Input::Mail(mail) => mail.message_id.clone(),
        _ => "rules".to_owned(),
    };
    let mut known = known;
    if let Input::Rules(rules) = &entry.input {
        known.rules = Some((**rules).clone());
        return (outcome(known, vec![], None), vec![]);
    }
    let number = known.action_references.len() + 1;
    let item = format!("A-WG4-TP8-{number:03}");
    let mails = vec![mail(&format!("answer-{id}"), &[(1, &item)])];
    (outcome(known, vec![change(&item, "what", None, Some(&id))], Some(&id)), mails)
}

/// Two groups, some messages each, in turn.
async fn with_journal() -> Place {
    let place = place().await;
    let other = place.store.group("arc").await.unwrap();
    for n in 0..12 {
        let group = if n % 3 == 2 { other } else { place.group };
        let mut batch = place.store.begin(group, at(n)).await.unwrap();
        let entry = match n {
            0 => Entry { at: at(0), input: Input::Rules(Box::new(rules())) },
            _ => mail_entry(&format!("m{n}@x"), n),
        };
        let known = batch.load(&Needs::default()).await.unwrap();
        let (outcome, mails) = decide(known, &entry);
        batch.commit_decision(None, &entry, outcome, &mails).await.unwrap();
        batch.commit().await.unwrap();
    }
    place
}

async fn rebuild(place: &Place, name: &str) -> Rebuilt {
    place.store.rebuild(&place.directory.path().join(name), |_| Needs::default(), decide).await.unwrap()
}

#[tokio::test]
async fn the_journal_gives_the_whole_state_again() {
    let place = with_journal().await;
    let rebuilt = rebuild(&place, "again.db").await;
    assert_eq!(rebuilt, Rebuilt { entries: 12, differences: vec![] });
    let again = Store::open(&place.directory.path().join("again.db")).await.unwrap();
    assert_eq!(again.actions(place.group).await.unwrap(), place.store.actions(place.group).await.unwrap());
}

#[tokio::test]
async fn a_row_that_was_changed_by_hand_is_found() {
    let place = with_journal().await;
    let statements = [
        ("UPDATE actions SET status = 'closed' WHERE reference = 'A-WG4-TP8-002' AND group_id = 1", "actions"),
        ("DELETE FROM sent_rows WHERE message_id = 'answer-m4@x'", "sent_rows"),
        ("UPDATE outbox SET recipient = 'x@example.org' WHERE message_id = 'answer-m5@x'", "outbox"),
        ("UPDATE groups SET rules = NULL", "groups"),
        ("INSERT INTO requests (group_id, id, state, request) VALUES (1, 1, 'waiting', '{}')", "requests"),
    ];
    for (n, (statement, table)) in statements.into_iter().enumerate() {
        sqlx::query(statement).execute(&place.store.writer).await.unwrap();
        let told = rebuild(&place, &format!("{n}.db")).await.differences;
        assert!(told.iter().any(|line| line.starts_with(&format!("{table}: only in the"))), "{table}: {told:?}");
    }
}

#[tokio::test]
async fn a_decision_that_comes_out_otherwise_is_found() {
    let place = with_journal().await;
    let to = place.directory.path().join("other.db");
    let otherwise = |known: Known, entry: &Entry| {
        let (mut outcome, mails) = decide(known, entry);
        if matches!(&entry.input, Input::Mail(mail) if mail.message_id == "m7@x") {
            "operator".clone_into(&mut outcome.by);
        }
        (outcome, mails)
    };
    let told = place.store.rebuild(&to, |_| Needs::default(), otherwise).await.unwrap().differences;
    assert!(told.iter().any(|line| line.starts_with("history:") && line.contains("operator")), "{told:?}");
    assert!(place.store.rebuild(&to, |_| Needs::default(), decide).await.is_err(), "a file is never replaced");
}

#[tokio::test]
async fn meetings_of_an_older_database_count_their_changes_as_a_replay_does() {
    let place = place().await;
    let decide = |known: Known, entry: &Entry| {
        let first = matches!(&entry.input, Input::Mail(mail) if mail.message_id == "m1@x");
        let changes = match first {
            true => vec![change("SEC#11.0", "start", None, Some("2014-06-09"))],
            false => vec![
                change("SEC#11.0", "start", Some("2014-06-09"), Some("2014-06-10")),
                change("SEC#11.0", "place", None, Some("Berlin")),
            ],
        };
        (outcome(known, changes, None), vec![])
    };
    for n in 1..3 {
        let mut batch = place.store.begin(place.group, at(n)).await.unwrap();
        let entry = mail_entry(&format!("m{n}@x"), n);
        let known = batch.load(&Needs::default()).await.unwrap();
        let (outcome, mails) = decide(known, &entry);
        batch.commit_decision(None, &entry, outcome, &mails).await.unwrap();
        batch.commit().await.unwrap();
    }
    for statement in [
        "UPDATE meetings SET meeting = json_remove(meeting, '$.sequence')",
        // What later migrations have made.
        "DROP INDEX history_states",
        "DROP INDEX outbox_by_seq",
        "DROP TABLE mail_stops",
        "ALTER TABLE journal DROP COLUMN named_before",
        "ALTER TABLE messages DROP COLUMN erased_at",
        "DROP TABLE exports",
        "DROP TABLE replaced_cells",
        "ALTER TABLE baseline DROP COLUMN seq",
        "DELETE FROM _sqlx_migrations WHERE version >= 16",
    ] {
        sqlx::query(statement).execute(&place.store.writer).await.unwrap();
    }
    place.store.close().await;
    let store = Store::open(place.store.path()).await.unwrap();
    assert_eq!(store.meetings(place.group).await.unwrap()[0].sequence, 3);
    let again = place.directory.path().join("again.db");
    let rebuilt = store.rebuild(&again, |_| Needs::default(), decide).await.unwrap();
    assert_eq!(rebuilt, Rebuilt { entries: 2, differences: vec![] });
}
