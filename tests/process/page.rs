//! The group's pages, written by the daemon and by `run --once`.

use std::fs;

use crate::site::{Mail, Site, wait_until};

fn note(text: &str) -> Mail {
    Mail { id: format!("{text}@example.org"), from: "chair".to_owned(), text: format!("note A-WG4-TP8-005: {text}") }
}

fn page(site: &Site) -> String {
    fs::read_to_string(site.path("site").join("page/A-WG4-TP8-005.html")).unwrap_or_default()
}

#[test]
fn the_pages_follow_each_change() {
    let site = Site::new();
    site.allows("page", "page");
    site.receives(&note("first"));
    site.succeeds(&["run", "--once"]);
    assert!(page(&site).contains("note: first"), "{}", page(&site));
    let overview = || fs::metadata(site.path("site").join("page/closed.html")).unwrap().modified().unwrap();
    let before = overview();
    let running = site.start(&["run"]);
    site.receives(&note("second"));
    wait_until("the page tells of the second note", || page(&site).contains("note: second"));
    site.succeeds(&["do", "note A-WG4-TP8-005: third", "--as", "chair@example.org"]);
    wait_until("the page tells of what the operator did", || page(&site).contains("note: third"));
    running.stops_when_told();
    assert_eq!(overview(), before, "a page that says the same is not written again");
    assert!(!page(&site).contains("chair@example.org"));
}

#[test]
fn pages_that_cannot_be_written_stop_no_mail_and_are_written_later() {
    let site = Site::new();
    site.allows("page", "page");
    fs::write(site.path("site").join("page"), "a file in the way").unwrap();
    let running = site.start(&["run"]);
    site.receives(&note("first"));
    wait_until("the mail is answered", || site.answers_so_far() == 1);
    wait_until("it is told", || site.log().contains("the pages cannot be written now"));
    running.stops_when_told();
    fs::remove_file(site.path("site").join("page")).unwrap();
    site.succeeds(&["run", "--once"]);
    assert!(page(&site).contains("note: first"));
}
