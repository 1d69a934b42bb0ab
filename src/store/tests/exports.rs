//! What exports said.

use std::collections::BTreeSet;

use super::*;
use crate::decide::{Exported, Needs, Said};

/// An entry with what it exports or says of an export; `receipt` where it changes something, `undone` where it undoes.
async fn write(place: &Place, seconds: i64, exports: Vec<Exported>, [receipt, undone]: [Option<&str>; 2]) {
    let mut batch = place.store.begin(place.group, at(seconds)).await.unwrap();
    let known = batch.load(&Needs::default()).await.unwrap();
    let undone = undone.map(ToOwned::to_owned);
    let outcome = Outcome { exports, undone, ..outcome(known, Vec::new(), receipt) };
    batch.commit_decision(None, &mail_entry(&format!("m{seconds}@x"), seconds), outcome, &[]).await.unwrap();
    batch.commit().await.unwrap();
}

fn exported(name: &str, is_export: bool, cell: &str) -> Exported {
    let cells = vec![("A-WG4-TP8-001".parse().unwrap(), "status".to_owned(), cell.to_owned())];
    Exported { name: name.to_owned(), is_export, cells }
}

/// What is kept of the export; `None` where it is not.
async fn said(place: &Place, name: &str) -> Option<Vec<String>> {
    let needs = Needs { baseline: true, made_from: BTreeSet::from([name.to_owned()]), ..Needs::default() };
    let known = place.store.begin(place.group, at(0)).await.unwrap().load(&needs).await.unwrap();
    let said: &Said = known.exports.get(name)?;
    Some(said.iter().flat_map(|version| version.cells.values()).cloned().collect())
}

#[tokio::test]
async fn an_export_is_kept_whatever_is_exported_after_it_until_there_are_twenty() {
    let place = place().await;
    for number in 0..20 {
        write(&place, number, vec![exported(&format!("copy{number}"), true, &format!("{number}"))], [None; 2]).await;
    }
    assert_eq!(said(&place, "copy0").await, Some(vec!["0".to_owned()]));
    assert_eq!(said(&place, "copy19").await, Some(vec!["19".to_owned()]));
    write(&place, 20, vec![exported("copy20", true, "20")], [None; 2]).await;
    assert_eq!(said(&place, "copy0").await, None);
    assert_eq!(said(&place, "copy1").await, Some(vec!["1".to_owned()]));
}

#[tokio::test]
async fn what_exports_said_is_what_the_journal_says_as_far_as_they_are_kept() {
    let place = place().await;
    write(&place, 0, vec![exported("first", true, "Open")], [None; 2]).await;
    write(&place, 1, vec![exported("first", false, "Closed")], [None; 2]).await;
    let compared = async |name: &str| {
        let decide = |known: Known, entry: &Entry| {
            let is_first = matches!(&entry.input, Input::Mail(mail) if mail.message_id == "m0@x");
            let said = exported("first", is_first, if is_first { "Open" } else { "Closed" });
            (Outcome { exports: vec![said], ..outcome(known, Vec::new(), None) }, Vec::new())
        };
        let to = place.directory.path().join(name);
        place.store.rebuild(&to, |_| Needs::default(), decide).await.unwrap().differences
    };
    assert_eq!(compared("same.db").await, [""; 0]);
    for (name, statement, told) in [
        ("cells.db", "UPDATE exports SET cells = '[]' WHERE is_export = 1", 2),
        ("gone.db", "DELETE FROM exports WHERE is_export = 0", 3),
        // As before they were kept whole.
        ("none.db", "DELETE FROM exports", 0),
    ] {
        sqlx::query(statement).execute(&place.store.writer).await.unwrap();
        let differences = compared(name).await;
        assert_eq!(differences.len(), told, "{differences:?}");
        assert!(differences.iter().all(|line| line.starts_with("exports: only in the ")), "{differences:?}");
    }
}

#[tokio::test]
async fn what_a_document_said_is_taken_back_with_it_but_what_was_handed_out_is_not() {
    let place = place().await;
    write(&place, 0, vec![exported("first", true, "Open")], [None; 2]).await;
    let both = vec![exported("first", false, "Closed"), exported("second", true, "Closed")];
    write(&place, 1, both, [Some("r1"), None]).await;
    let kept = |texts: &[&str]| Some(texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>());
    assert_eq!(said(&place, "first").await, kept(&["Open", "Closed"]));
    write(&place, 2, Vec::new(), [Some("r2"), Some("r1")]).await;
    assert_eq!(said(&place, "first").await, kept(&["Open"]));
    assert_eq!(said(&place, "second").await, kept(&["Closed"]));
    // The taking back is taken back.
    write(&place, 3, Vec::new(), [Some("r3"), Some("r2")]).await;
    assert_eq!(said(&place, "first").await, kept(&["Open", "Closed"]));
}
