//! What tokens name, and which of them a list has seen.

use super::*;
use crate::decide::Needs;

const ID: &str = "answer.abcdefghijklmnopqrstuvwxyz@example.org";
const TAG: &str = "abcdefghijklmn";

/// A group that has sent one mail.
async fn with_mail() -> Place {
    let place = place().await;
    let mut batch = place.store.begin(place.group, at(0)).await.unwrap();
    let known = batch.load(&Needs::default()).await.unwrap();
    let mails = [mail(ID, &[(1, "A-WG4-TP8-003")])];
    batch.commit_decision(None, &mail_entry("m1@x", 0), outcome(known, vec![], None), &mails).await.unwrap();
    batch.commit().await.unwrap();
    place
}

async fn expose(place: &Place, seconds: i64) {
    let mut batch = place.store.begin(place.group, at(seconds)).await.unwrap();
    let known = batch.load(&Needs::default()).await.unwrap();
    let input = Input::Exposed { message_id: "m2@x".to_owned(), tags: vec![TAG.to_owned()], requests: Vec::new() };
    let outcome = Outcome { known, ..Outcome::nothing() };
    batch.commit_decision(None, &Entry { at: at(seconds), input }, outcome, &[]).await.unwrap();
    batch.commit().await.unwrap();
}

#[tokio::test]
async fn a_tag_names_its_mail_and_whom_it_went_to() {
    let place = with_mail().await;
    let mut batch = place.store.begin(place.group, at(1)).await.unwrap();
    let found = batch.tagged(&[TAG, "zzzzzzzzzzzzzz"]).await.unwrap();
    assert_eq!(found.keys().collect::<Vec<_>>(), [TAG]);
    assert_eq!((found[TAG].message_id.as_str(), found[TAG].exposed), (ID, false));
    assert_eq!(found[TAG].recipient, Some("member-catt@example.org".parse().unwrap()));
    assert_eq!(batch.tagged(&[]).await.unwrap().len(), 0);
    batch.abandon().await.unwrap();

    let other = place.store.group("arc").await.unwrap();
    let mut batch = place.store.begin(other, at(1)).await.unwrap();
    assert_eq!(batch.tagged(&[TAG]).await.unwrap().len(), 0, "another group's mail");
}

#[tokio::test]
async fn the_rows_of_a_mail_are_named_when_the_mail_itself_is_gone() {
    let place = with_mail().await;
    let mut batch = place.store.begin(place.group, at(1)).await.unwrap();
    sqlx::query("DELETE FROM outbox").execute(batch.writing().await.unwrap()).await.unwrap();
    let found = batch.tagged(&[TAG]).await.unwrap();
    assert_eq!((found[TAG].message_id.as_str(), &found[TAG].recipient), (ID, &None));
}

#[tokio::test]
async fn what_a_list_has_seen_stays_so_however_often_it_is_said() {
    let place = with_mail().await;
    expose(&place, 1).await;
    expose(&place, 2).await;
    let mut batch = place.store.begin(place.group, at(3)).await.unwrap();
    assert!(batch.tagged(&[TAG]).await.unwrap()[TAG].exposed);
}
