//! Occasions: each once, with what changed since the last one.

use super::*;
use crate::calendar::Reach;
use crate::command::Addressed;
use crate::decide::{Came, Needs};
use crate::domain::{DigestRules, DueOccasion, Occasion, ReminderRules, Skip, Standing, Weekly};

const SKIPPED: Standing = Standing::Skipped(Skip::TooLate);

/// Records an occasion of that day, in a batch of its own.
async fn record(place: &Place, date: &str, seconds: i64, standing: Standing) -> super::super::Result<()> {
    let due = DueOccasion::alone(Occasion::weekly(date.parse().unwrap()), at(seconds), standing);
    let entry = Entry { at: at(seconds), input: Input::Occasion(Box::new(due)) };
    let mut batch = place.store.begin(place.group, at(seconds)).await?;
    let known = batch.load(&Needs::default()).await?;
    let occasion = Some(Came { standing, digest: None });
    batch.commit_decision(None, &entry, Outcome { known, occasion, ..Outcome::nothing() }, &[]).await?;
    batch.commit().await
}

/// The seconds since when there are digests, and reminders.
async fn since_when(store: &Store) -> (Option<i64>, Option<i64>) {
    let row = sqlx::query_as("SELECT digests_since, reminders_since FROM groups");
    let (digests, reminders): (Option<i64>, Option<i64>) = row.fetch_one(&store.reader).await.unwrap();
    let seconds = |at: Option<i64>| at.map(|at| (at - super::at(0).as_millisecond()) / 1000);
    (seconds(digests), seconds(reminders))
}

async fn standings(place: &Place) -> Vec<(String, Standing)> {
    let rows = place.store.occasions(place.group).await.unwrap();
    rows.into_iter().map(|row| (row.occasion.name, row.standing)).collect()
}

#[tokio::test]
async fn an_occasion_that_was_sent_is_never_sent_again() {
    let place = place().await;
    record(&place, "2014-05-05", 0, Standing::OnTime).await.unwrap();
    for again in [Standing::OnTime, Standing::Late, SKIPPED] {
        assert!(record(&place, "2014-05-05", 60, again).await.is_err(), "{again}");
    }
    assert_eq!(standings(&place).await, [("2014-W19".to_owned(), Standing::OnTime)]);
    let reach = |day: &str| Reach { list: day.parse().unwrap(), own: day.parse().unwrap() };
    let recorded = place.store.scene(place.group, reach("2014-05-05"), None).await.unwrap().recorded;
    assert_eq!(recorded.len(), 1);
    assert_eq!((recorded[0].standing, recorded[0].at), (Standing::OnTime, at(0)));
    assert!(place.store.scene(place.group, reach("2014-05-06"), None).await.unwrap().recorded.is_empty());
}

#[tokio::test]
async fn one_that_was_skipped_can_be_sent_when_its_time_has_come() {
    let place = place().await;
    record(&place, "2014-05-12", 600, SKIPPED).await.unwrap();
    record(&place, "2014-05-12", 60, Standing::Late).await.unwrap();
    assert_eq!(standings(&place).await, [("2014-W20".to_owned(), Standing::Late)]);
}

#[tokio::test]
async fn what_changed_is_counted_from_the_last_that_was_sent_by_the_order_of_the_journal() {
    let place = place().await;
    let needs = Needs { since: Some(Occasion::weekly("2014-05-19".parse().unwrap())), ..Needs::default() };
    // The clock is set back in between.
    for (step, seconds) in [(0, 900), (1, 800), (2, 700)] {
        let mut batch = place.store.begin(place.group, at(seconds)).await.unwrap();
        let known = batch.load(&needs).await.unwrap();
        let changes = vec![change("A-WG4-TP8-001", "what", None, Some(&format!("{step}")))];
        let mut entry = mail_entry(&format!("m{step}@x"), seconds);
        if let Input::Mail(mail) = &mut entry.input {
            // The first is between the sender and the bot, the second has been on the list.
            mail.addressed = if step < 2 { Addressed::BotAlone } else { Addressed::List };
        }
        batch.commit_decision(None, &entry, outcome(known, changes, None), &[]).await.unwrap();
        batch.commit().await.unwrap();
        if step == 0 {
            record(&place, "2014-05-05", 850, Standing::OnTime).await.unwrap();
        } else if step == 1 {
            record(&place, "2014-05-12", 750, SKIPPED).await.unwrap();
        }
    }
    let since = place.store.begin(place.group, at(0)).await.unwrap().load(&needs).await.unwrap().since.unwrap();
    let told: Vec<_> = since.changes.iter().map(|(row, mail)| (row.to.as_deref().unwrap(), mail.is_some())).collect();
    assert_eq!((told, since.last, since.is_cut), (vec![("1", false), ("2", true)], Some(at(850)), false));
}

#[tokio::test]
async fn digests_begin_when_they_are_turned_on_or_moved_and_not_with_every_change_of_the_rules() {
    let place = place().await;
    let with = |weekly: Option<&str>| Rules {
        digest: DigestRules { weekly: weekly.map(|text| text.parse::<Weekly>().unwrap()) },
        ..rules()
    };
    let other = Rules { answers_per_hour: 7, ..with(Some("Monday 08:00")) };
    let steps = [
        (with(None), None),
        (with(Some("Monday 08:00")), Some(1)),
        (other.clone(), Some(1)),
        (Rules { digest: with(Some("Friday 08:00")).digest, ..other }, Some(3)),
    ];
    for (step, (rules, since)) in steps.into_iter().enumerate() {
        let step = i64::try_from(step).unwrap();
        let entry = Entry { at: at(step), input: Input::Rules(Box::new(rules.clone())) };
        let mut batch = place.store.begin(place.group, at(step)).await.unwrap();
        let known = batch.load(&Needs::default()).await.unwrap();
        let outcome = Outcome { known: Known { rules: Some(rules), ..known }, ..Outcome::nothing() };
        batch.commit_decision(None, &entry, outcome, &[]).await.unwrap();
        batch.commit().await.unwrap();
        assert_eq!(since_when(&place.store).await.0, since, "step {step}");
    }
}

#[tokio::test]
async fn a_database_from_before_there_were_digests_is_brought_up_to_date_and_still_says_what_its_journal_says() {
    let place = place().await;
    let path = place.store.path().to_owned();
    let journal = |store: Store, step: i64, rules: Rules| {
        let group = place.group;
        async move {
            let entry = Entry { at: at(step), input: Input::Rules(Box::new(rules.clone())) };
            let mut batch = store.begin(group, at(step)).await.unwrap();
            let known = batch.load(&Needs::default()).await.unwrap();
            let outcome = Outcome { known: Known { rules: Some(rules), ..known }, ..Outcome::nothing() };
            batch.commit_decision(None, &entry, outcome, &[]).await.unwrap();
            batch.commit().await.unwrap();
        }
    };
    journal(place.store.clone(), 0, rules()).await;
    for statement in [
        "DROP TABLE occasions",
        "ALTER TABLE groups DROP COLUMN reminders_since",
        "ALTER TABLE groups DROP COLUMN digests_since",
        // What later migrations have made.
        "DROP TABLE approvals",
        "DROP TABLE calls",
        "DROP INDEX journal_by_message",
        "ALTER TABLE contributions DROP COLUMN life",
        "DROP INDEX history_by_message",
        "ALTER TABLE messages DROP COLUMN claimed",
        "DROP INDEX history_states",
        "DROP INDEX outbox_by_seq",
        "DROP TABLE mail_stops",
        "ALTER TABLE journal DROP COLUMN named_before",
        "ALTER TABLE messages DROP COLUMN erased_at",
        // What came after it goes with it: a database is as old as the newest that was applied.
        "DROP TABLE doors",
        "ALTER TABLE outbox DROP COLUMN tried_since",
        "ALTER TABLE outbox DROP COLUMN deferred_since",
        "UPDATE meetings SET meeting = json_remove(meeting, '$.sequence')",
        "DROP TABLE exports",
        "DROP TABLE replaced_cells",
        "ALTER TABLE baseline DROP COLUMN seq",
        "DELETE FROM _sqlx_migrations WHERE version >= 5",
    ] {
        sqlx::query(statement).execute(&place.store.writer).await.unwrap();
    }
    place.store.close().await;
    let store = Store::open(&path).await.unwrap();
    assert_eq!(since_when(&store).await, (None, None));
    let weekly = Rules { digest: DigestRules { weekly: Some(Weekly::default()) }, ..rules() };
    journal(store.clone(), 60, weekly.clone()).await;
    assert_eq!(since_when(&store).await, (Some(60), None));
    let reminders = Rules { reminders: ReminderRules::usual(), ..weekly };
    journal(store.clone(), 120, reminders).await;
    assert_eq!(since_when(&store).await, (Some(60), Some(120)));
    let again = |known: Known, entry: &Entry| match &entry.input {
        Input::Rules(rules) => {
            (Outcome { known: Known { rules: Some((**rules).clone()), ..known }, ..Outcome::nothing() }, vec![])
        }
        _ => panic!("the journal holds rules only"),
    };
    let rebuilt = store.rebuild(&place.directory.path().join("again.db"), |_| Needs::default(), again).await.unwrap();
    assert_eq!((rebuilt.entries, rebuilt.differences), (3, vec![]));
}
