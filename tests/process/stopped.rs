//! The operator stops outgoing mail.

use std::fs;

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use serde_json::Value;

use crate::site::{Site, wait_until};
use crate::{each_counts_once, remark};

fn json(site: &Site, arguments: &[&str]) -> Value {
    serde_json::from_str(&site.prints(arguments)).expect("JSON")
}

/// How many mails of the outbox wait, as mail is stopped.
fn waiting(site: &Site) -> usize {
    let mails = json(site, &["outbox", "list", "--state", "waiting", "--json"]);
    let mails = mails.as_array().expect("a list").clone();
    assert!(mails.iter().all(|mail| mail["stopped"] == true && mail["next_at"].is_null()), "{mails:?}");
    mails.len()
}

#[test]
fn a_running_daemon_sends_nothing_until_mail_is_started_again_whether_it_is_killed_or_stopped() {
    let site = Site::new();
    let mut daemon = site.start(&["run"]);
    daemon.is_ready();
    site.receives(&remark(0));
    wait_until("the first mail is answered", || site.answers_so_far() == 1);
    let told = site.prints(&["stop-mail", "--because", "answers go to the wrong people."]);
    assert!(told.starts_with("Mail is stopped since "), "{told}");
    assert!(told.contains(", because answers go to the wrong people.\nNo mail waits to be sent;"), "{told}");
    wait_until("the daemon tells of it", || site.log().contains("mail is stopped: nothing is sent"));
    site.receives(&remark(1));
    wait_until("the second mail acts", || site.notes("A-WG4-TP8-005").len() == 2);
    wait_until("its answer is made", || waiting(&site) == 1);
    assert!(daemon.kill());
    // Started anew, it takes mail in, and sends none.
    let mut daemon = site.start(&["run"]);
    daemon.is_ready();
    site.receives(&remark(2));
    wait_until("the third mail acts", || site.notes("A-WG4-TP8-005").len() == 3 && waiting(&site) == 2);
    assert!(daemon.kill());
    let told = site.prints(&["run", "--once"]);
    assert!(told.contains("0 sent, 0 to be tried again\nMail is stopped since "), "{told}");
    assert!(told.contains("2 mails wait to be sent, until `minuted start-mail`."), "{told}");
    let daemon = site.start(&["run"]);
    daemon.is_ready();
    site.receives(&remark(3));
    wait_until("the fourth mail acts", || waiting(&site) == 3);
    assert_eq!(site.answers_so_far(), 1, "nothing has gone since mail was stopped");
    let told = site.prints(&["stop-mail", "--because", "another reason"]);
    assert!(told.contains("the wrong people. It was so before; nothing was changed."), "{told}");
    let told = site.prints(&["start-mail"]);
    assert!(told.contains("the wrong people.\n3 mails wait to be sent; the daemon sends what waits now."), "{told}");
    wait_until("what waited is sent", || site.answers_so_far() == 4);
    wait_until("it is noted", || waiting(&site) == 0);
    daemon.stops_when_told();
    assert!(site.log().contains("mail is started again"));
    assert!(site.prints(&["start-mail"]).contains("was not stopped"));
    each_counts_once(&site, 4);
}

#[test]
fn a_daemon_with_mail_that_waits_for_the_operator_sleeps() {
    let site = Site::new();
    site.succeeds(&["stop-mail"]);
    site.receives(&remark(0));
    let daemon = site.start(&["run"]);
    daemon.is_ready();
    wait_until("the mail acts", || waiting(&site) == 1);
    daemon.sleeps();
    daemon.stops_when_told();
    assert_eq!(site.answers_so_far(), 0);
}

/// A Monday at 9:00 to come, so many weeks after the next one but one, and a number of days later.
fn monday(weeks: i64, days: i64) -> String {
    let now = Timestamp::now().to_zoned(TimeZone::get("Europe/Berlin").expect("a zone"));
    let monday = now.nth_weekday(2, Weekday::Monday).expect("a Monday");
    let day = monday.date().saturating_add(weeks.weeks()).saturating_add(days.days());
    day.at(9, 0, 0, 0).to_zoned(monday.time_zone().clone()).expect("a time").timestamp().to_string()
}

#[test]
fn after_weeks_of_stopped_mail_answers_go_and_of_what_the_bot_writes_by_itself_only_what_is_of_use() {
    let site = Site::new();
    site.sends_digests("Monday 08:00");
    site.succeeds(&["run", "--once"]);
    site.succeeds(&["stop-mail", "--now", &monday(0, -3)]);
    site.receives(&remark(0));
    for (weeks, days) in [(0, -2), (0, 0), (1, 0), (2, 0), (2, 1)] {
        let told = site.prints(&["run", "--once", "--now", &monday(weeks, days)]);
        assert!(told.contains("0 sent") && told.contains("1 mail waits to be sent"), "{told}");
        site.succeeds(&["rebuild", "--check"]);
    }
    let later = monday(2, 1);
    let schedule = json(&site, &["schedule", "--json", "--now", &later]);
    let states = |schedule: &Value| -> Vec<(String, bool)> {
        let rows = schedule.as_array().expect("a list").iter();
        let rows = rows.filter(|row| row["due_at"].as_str().expect("a time") > monday(0, -1).as_str());
        rows.map(|row| (row["state"].as_str().expect("a state").to_owned(), row["stopped"] == true)).collect()
    };
    let due = |state: &str| (state.to_owned(), true);
    let next = ("next".to_owned(), false);
    assert_eq!(states(&schedule), [due("due"), due("due"), due("due"), next.clone()], "{schedule}");
    let told = site.prints(&["schedule", "--now", &later]);
    assert!(told.contains("after `minuted start-mail`") && told.contains("to be skipped"), "{told}");
    let told = site.prints(&["start-mail", "--now", &later]);
    assert!(told.contains("1 mail waits to be sent; no daemon runs;"), "{told}");
    let told = site.prints(&["run", "--once", "--now", &later]);
    assert!(told.contains("2 sent, 0 to be tried again\n"), "the answer and the last digest: {told}");
    let settled = |state: &str| (state.to_owned(), false);
    let schedule = json(&site, &["schedule", "--json", "--now", &later]);
    assert_eq!(states(&schedule), [settled("skipped"), settled("skipped"), settled("sent"), next], "{schedule}");
    assert!(schedule.to_string().contains("late: missed when it was due"), "{schedule}");
    assert_eq!(fs::read_dir(site.path("mail/out/new")).expect("the outgoing Maildir").count(), 2);
    site.succeeds(&["rebuild", "--check"]);
}
