//! What is kept of a mail once it is old.

use std::fs;

use crate::site::{Mail, Site};

/// The program's own words on a message, later.
fn message(site: &Site, number: usize) -> String {
    site.prints(&["show", &format!("message {number}")])
}

#[test]
fn an_old_mail_loses_its_bytes_and_nothing_that_came_of_it_and_is_not_done_again() {
    let site = Site::new();
    site.allows("retention", "90 days");
    let mail =
        Mail { id: "old@example.org".to_owned(), from: "chair".to_owned(), text: "note A-WG4-TP8-005: old".to_owned() };
    site.receives(&mail);
    let later = |days: i64| (jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * days)).to_string();
    site.succeeds(&["run", "--once"]);
    site.succeeds(&["run", "--once", "--now", &later(80)]);
    assert!(!message(&site, 1).contains("erased"), "{}", message(&site, 1));
    site.succeeds(&["run", "--once", "--now", &later(100)]);
    let told = message(&site, 1);
    assert!(told.contains("erased") && told.contains("note A-WG4-TP8-005: old"), "{told}");
    assert_eq!(site.notes("A-WG4-TP8-005"), ["old"]);
    site.succeeds(&["rebuild", "--check"]);
    // Another copy, with other bytes, as a list makes them.
    let copy = mail.raw().replace("Subject: Remarks", "Subject: [WG4] Remarks");
    fs::write(site.path("mail/in/new").join("copy.test"), copy).expect("delivering a mail");
    site.succeeds(&["run", "--once", "--now", &later(101)]);
    assert_eq!(site.notes("A-WG4-TP8-005"), ["old"], "it is not done again");
    assert_eq!(site.answers_so_far(), 1);
    let told = message(&site, 2);
    assert!(told.contains("the Message-ID and Date of message 1, whose bytes are not kept"), "{told}");
}
