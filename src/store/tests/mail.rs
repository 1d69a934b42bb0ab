use super::*;
use crate::store::{MailStop, OutboxState, StoreError};

#[tokio::test]
async fn the_same_identity_is_taken_in_once() {
    let Place { store, group, directory: _directory } = place().await;
    let arrivals = vec![arrival("1:1", "first"), arrival("1:2", "second"), arrival("1:2", "second again")];
    assert_eq!(store.take_in(group, "INBOX", arrivals, at(0)).await.unwrap(), 2);
    let again = vec![arrival("1:2", "other bytes"), arrival("1:3", "third")];
    assert_eq!(store.take_in(group, "INBOX", again, at(1)).await.unwrap(), 1);
    // Another mailbox has identities of its own.
    assert_eq!(store.take_in(group, "Archive", vec![arrival("1:1", "first")], at(2)).await.unwrap(), 1);
    let asked = ["1:2".to_owned(), "1:4".to_owned()];
    let known = store.known_uids(group, "INBOX", &asked).await.unwrap();
    assert_eq!(known.into_iter().collect::<Vec<_>>(), ["1:2"]);
    let ids: Vec<_> = store.waiting(group, 0, 10, 1000).await.unwrap().iter().map(|m| m.id).collect();
    let raws = store.raws(&ids).await.unwrap();
    assert_eq!(raws, [&b"first"[..], b"second", b"third", b"first"]);
}

#[tokio::test]
async fn any_bytes_come_out_as_they_went_in() {
    let Place { store, group, directory: _directory } = place().await;
    let raws = [vec![], vec![0; 100_000], (0..=255).collect::<Vec<u8>>()];
    let arrivals = raws.iter().enumerate().map(|(n, raw)| Arrival { raw: raw.clone(), ..arrival(&n.to_string(), "") });
    store.take_in(group, "INBOX", arrivals.collect(), at(0)).await.unwrap();
    let waiting = store.waiting(group, 0, 10, 1_000_000).await.unwrap();
    let ids: Vec<_> = waiting.iter().map(|m| m.id).collect();
    assert_eq!(store.raws(&ids).await.unwrap(), raws);
    assert!(store.raws(&[ids[0], 999]).await.is_err());
    assert_eq!(store.raw(waiting[2].id).await.unwrap().as_ref(), Some(&raws[2]));
    assert_eq!(store.raw(999).await.unwrap(), None);
}

#[tokio::test]
async fn more_mail_than_one_statement_holds_keeps_its_order() {
    let Place { store, group, directory: _directory } = place().await;
    let arrivals = (0..600).map(|n| arrival(&n.to_string(), &format!("mail {n}"))).collect();
    assert_eq!(store.take_in(group, "INBOX", arrivals, at(0)).await.unwrap(), 600);
    let waiting = store.waiting(group, 0, 1000, 1 << 30).await.unwrap();
    let ids: Vec<_> = waiting.iter().map(|m| m.id).collect();
    for (n, raw) in store.raws(&ids).await.unwrap().iter().enumerate() {
        assert_eq!(raw, &format!("mail {n}").into_bytes());
    }
    assert_eq!(waiting.len(), 600);
}

#[tokio::test]
async fn waiting_mail_comes_within_bounds_but_never_none() {
    let Place { store, group, directory: _directory } = place().await;
    let arrivals = (0..5).map(|n| arrival(&n.to_string(), "0123456789")).collect();
    store.take_in(group, "INBOX", arrivals, at(0)).await.unwrap();
    assert_eq!(store.waiting(group, 0, 3, 1000).await.unwrap().len(), 3);
    assert_eq!(store.waiting(group, 0, 10, 25).await.unwrap().len(), 2);
    assert_eq!(store.waiting(group, 0, 10, 1).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_problem_at_intake_is_held_until_it_is_retried_or_dropped() {
    let Place { store, group, directory: _directory } = place().await;
    let large = Arrival { problem: Some("30 MiB, at most 25 are read".to_owned()), ..arrival("1", "head") };
    store.take_in(group, "INBOX", vec![large, arrival("2", "next")], at(0)).await.unwrap();
    assert_eq!(store.waiting(group, 0, 10, 1000).await.unwrap().len(), 1);
    let held = store.quarantine(group).await.unwrap();
    assert_eq!(held[0].reason, "30 MiB, at most 25 are read");
    assert!(store.retry_quarantined(held[0].id).await.unwrap());
    assert!(!store.retry_quarantined(held[0].id).await.unwrap());
    let waiting = store.waiting(group, 0, 10, 1000).await.unwrap();
    assert_eq!(store.raws(&[waiting[0].id]).await.unwrap(), [b"head"]);
    let mut batch = store.begin(group, at(1)).await.unwrap();
    let again =
        Read { state: MessageState::Quarantined, reason: Some("a panic".to_owned()), ..read(held[0].id, "a@x") };
    batch.finish(&[again]).await.unwrap();
    batch.commit().await.unwrap();
    assert!(store.drop_quarantined(held[0].id).await.unwrap());
    assert_eq!(store.message(held[0].id).await.unwrap().unwrap().state, MessageState::Dropped);
}

#[tokio::test]
async fn attempts_are_counted_before_reading() {
    let Place { store, group, directory: _directory } = place().await;
    store.take_in(group, "INBOX", vec![arrival("1", "x"), arrival("2", "y")], at(0)).await.unwrap();
    let ids: Vec<_> = store.waiting(group, 0, 10, 1000).await.unwrap().iter().map(|m| m.id).collect();
    store.count_attempts(&ids[..1]).await.unwrap();
    store.count_attempts(&ids).await.unwrap();
    let attempts: Vec<_> = store.waiting(group, 0, 10, 1000).await.unwrap().iter().map(|m| m.attempts).collect();
    assert_eq!(attempts, [2, 1]);
    // Something else than the messages ended the attempt.
    store.take_back_attempts(&ids).await.unwrap();
    store.take_back_attempts(&ids).await.unwrap();
    let attempts: Vec<_> = store.waiting(group, 0, 10, 1000).await.unwrap().iter().map(|m| m.attempts).collect();
    assert_eq!(attempts, [0, 0]);
}

#[tokio::test]
async fn a_message_is_finished_once_even_by_two_processes() {
    let Place { store, group, directory: _directory } = place().await;
    store.take_in(group, "INBOX", vec![arrival("1", "x")], at(0)).await.unwrap();
    let other = Store::open(store.path()).await.unwrap();
    let id = store.waiting(group, 0, 1, 1000).await.unwrap()[0].id;
    let seen_by_other = other.waiting(group, 0, 1, 1000).await.unwrap()[0].id;
    let mut batch = store.begin(group, at(1)).await.unwrap();
    batch.finish(&[read(id, "a@x")]).await.unwrap();
    batch.commit().await.unwrap();
    let mut batch = other.begin(group, at(1)).await.unwrap();
    assert_eq!(batch.read_by_others(&[seen_by_other]).await.unwrap(), [seen_by_other].into());
    assert!(matches!(batch.finish(&[read(seen_by_other, "a@x")]).await.unwrap_err(), StoreError::Refused(_)));
}

#[tokio::test]
async fn what_reading_found_is_kept_and_recognises_a_copy() {
    let Place { store, group, directory: _directory } = place().await;
    store.take_in(group, "INBOX", vec![arrival("1", "x"), arrival("2", "x")], at(0)).await.unwrap();
    let waiting = store.waiting(group, 0, 10, 1000).await.unwrap();
    let mut batch = store.begin(group, at(1)).await.unwrap();
    batch.finish(&[read(waiting[0].id, "a@x")]).await.unwrap();
    let earlier = batch.earlier(&["a@x".to_owned(), "b@x".to_owned()]).await.unwrap();
    assert_eq!(earlier.len(), 1);
    let first = &earlier["a@x"][0];
    assert_eq!((first.id, first.sent_at, &first.hash), (waiting[0].id, Some(at(-60)), &waiting[1].hash));
    assert_eq!(first.lines, ["close A-WG4-TP8-003"]);
    assert_eq!(batch.raw(first.id).await.unwrap().as_deref(), Some(&b"x"[..]));
    batch.finish(&[Read { state: MessageState::Copy, ..read(waiting[1].id, "a@x") }]).await.unwrap();
    batch.commit().await.unwrap();
    let messages = store.messages(group, 0, 10).await.unwrap();
    assert_eq!(messages.iter().map(|m| m.state).collect::<Vec<_>>(), [MessageState::Done, MessageState::Copy]);
    assert_eq!(messages[0].from.as_deref(), Some("member-catt@example.org"));
}

#[tokio::test]
async fn a_thread_is_every_message_that_mentions_any_revision() {
    let Place { store, group, directory: _directory } = place().await;
    store
        .take_in(
            group,
            "INBOX",
            vec![arrival("1", "x"), arrival("2", "y"), arrival("3", "w"), arrival("4", "z")],
            at(0),
        )
        .await
        .unwrap();
    let ids: Vec<_> = store.waiting(group, 0, 10, 1000).await.unwrap().iter().map(|m| m.id).collect();
    let of = |reference: &str| vec![("document".to_owned(), reference.to_owned())];
    let mut batch = store.begin(group, at(1)).await.unwrap();
    batch
        .finish(&[
            Read { mentions: of("SEC-2014-0243R01"), ..read(ids[0], "a@x") },
            Read { mentions: of("SEC-2014-0243"), ..read(ids[1], "b@x") },
            Read { mentions: of("SEC-2014-0243r2"), ..read(ids[2], "c@x") },
            Read { mentions: of("SEC-2014-0244"), ..read(ids[3], "d@x") },
        ])
        .await
        .unwrap();
    batch.commit().await.unwrap();
    let thread = store.mentions(group, "SEC-2014-0243").await.unwrap();
    assert_eq!(thread.iter().map(|m| m.message.id).collect::<Vec<_>>(), ids[..3]);
}

#[tokio::test]
async fn a_mail_is_tried_until_it_is_sent() {
    let Place { store, group, directory: _directory } = place().await;
    let mut batch = store.begin(group, at(0)).await.unwrap();
    let known = batch.load(&crate::decide::Needs::default()).await.unwrap();
    let held = OutgoingMail { parked: Some("too many answers an hour".to_owned()), ..mail("c@bot", &[]) };
    let mails = [mail("a@bot", &[]), mail("b@bot", &[]), held];
    batch.commit_decision(None, &mail_entry("m@x", 0), outcome(known, vec![], None), &mails).await.unwrap();
    assert_eq!(batch.answers_since(&mails[0].recipient, at(-3600)).await.unwrap(), 2);
    assert_eq!(batch.answers_since(&mails[0].recipient, at(0)).await.unwrap(), 0);
    batch.commit().await.unwrap();

    assert_eq!(store.next_due(group).await.unwrap(), Some(at(0)));
    assert!(store.due(group, at(-1), 10).await.unwrap().is_empty());
    let due = store.due(group, at(0), 10).await.unwrap();
    assert_eq!(due.iter().map(|m| m.message_id.as_str()).collect::<Vec<_>>(), ["a@bot", "b@bot"]);
    assert_eq!(due[0].raw, mails[0].raw);
    store.failed(due[0].id, "451 try again", at(0), at(60)).await.unwrap();
    store.sent(&[due[1].id], at(1)).await.unwrap();
    assert!(store.due(group, at(59), 10).await.unwrap().is_empty());
    assert_eq!(store.next_due(group).await.unwrap(), Some(at(60)));
    assert_eq!(store.due(group, at(60), 10).await.unwrap()[0].attempts, 1);
    store.parked(due[0].id, "550 no such user").await.unwrap();
    assert_eq!(store.next_due(group).await.unwrap(), None);

    let parked = store.outbox(group, Some(OutboxState::Parked)).await.unwrap();
    assert_eq!(parked.len(), 2);
    assert_eq!(parked[0].error.as_deref(), Some("550 no such user"));
    assert!(store.retry_outgoing(parked[0].id, at(90)).await.unwrap());
    assert!(store.drop_outgoing(parked[1].id).await.unwrap());
    assert!(!store.retry_outgoing(due[1].id, at(90)).await.unwrap(), "what was sent is not sent again");
    assert_eq!(store.due(group, at(90), 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_waits_while_mail_is_stopped_neither_runs_out_of_tries_nor_grows_old_but_for_digests() {
    let place = place().await;
    let store = &place.store;
    let stop = |seconds| MailStop { since: at(seconds), by: "operator".to_owned(), because: None };
    let mut batch = store.begin(place.group, at(0)).await.unwrap();
    let known = batch.load(&crate::decide::Needs::default()).await.unwrap();
    let mails = [mail("answer.a@x", &[]), mail("answer.b@x", &[]), mail("digest.c@x", &[])];
    batch.commit_decision(None, &mail_entry("m1@x", 0), outcome(known, vec![], None), &mails).await.unwrap();
    batch.commit().await.unwrap();
    let due = async |seconds| store.due(place.group, at(seconds), 9).await.unwrap();
    let first = due(0).await[0].id;
    store.failed(first, "451 later", at(10), at(20)).await.unwrap();
    assert!(store.stop_mail(&stop(100)).await.unwrap());
    assert!(!store.stop_mail(&stop(200)).await.unwrap(), "one that holds stays as it is");
    assert_eq!(store.mail_stop().await.unwrap(), Some(stop(100)));
    assert_eq!(store.start_mail("operator", at(1100)).await.unwrap(), Some(stop(100)));
    assert_eq!(store.start_mail("operator", at(1200)).await.unwrap(), None);
    let told = due(2000).await;
    let told = told.iter().map(|mail| (mail.message_id.as_str(), mail.since, mail.deferred_since));
    let told: std::collections::BTreeSet<_> = told.collect();
    let expected =
        [("answer.a@x", at(1000), Some(at(1010))), ("answer.b@x", at(1000), None), ("digest.c@x", at(0), None)];
    assert_eq!(told, expected.into());
    // A clock that was set back does not make a mail younger than it is.
    assert!(store.stop_mail(&stop(5000)).await.unwrap());
    store.start_mail("operator", at(4000)).await.unwrap();
    assert_eq!(due(6000).await.iter().find(|mail| mail.id == first).map(|mail| mail.since), Some(at(1000)));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_that_write_at_once_both_succeed() {
    let Place { store, group, directory: _directory } = place().await;
    let other = Store::open(store.path()).await.unwrap();
    let write = |store: Store, mailbox: &'static str| {
        tokio::spawn(async move {
            for n in 0..40 {
                store.take_in(group, mailbox, vec![arrival(&n.to_string(), "x")], at(0)).await?;
                let mut batch = store.begin(group, at(n)).await?;
                let known = batch.load(&crate::decide::Needs::default()).await?;
                let id = format!("{mailbox}-{n}@x");
                let mails = [mail(&format!("{mailbox}-{n}@bot"), &[])];
                batch.commit_decision(None, &mail_entry(&id, n), outcome(known, vec![], None), &mails).await?;
                batch.commit().await?;
            }
            crate::store::Result::Ok(())
        })
    };
    let (one, two) = (write(store.clone(), "one"), write(other, "two"));
    one.await.unwrap().unwrap();
    two.await.unwrap().unwrap();
    assert_eq!(store.outbox(group, None).await.unwrap().len(), 80);
}
