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
