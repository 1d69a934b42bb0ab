//! The weekly digest, whatever happens to the program.

use std::fs;
use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _, Zoned};
use mail_parser::MessageParser;

use crate::chance::Chance;
use crate::site::{Site, wait_until};

/// The Message-IDs of the digests that were delivered.
fn digests(site: &Site) -> Vec<String> {
    let files = fs::read_dir(site.path("mail/out/new")).expect("the outgoing Maildir");
    let raw = files.map(|file| fs::read(file.expect("a mail").path()).expect("a mail"));
    raw.filter_map(|raw| {
        let message = MessageParser::new().parse(&raw).expect("a mail, whole");
        let is_digest = message.header("X-Minuted").and_then(|kind| kind.as_text()) == Some("digest");
        assert_eq!(message.header("Auto-Submitted").and_then(|kind| kind.as_text()), Some("auto-generated"));
        is_digest.then(|| message.message_id().expect("a Message-ID").to_owned())
    })
    .collect()
}

fn now_in_berlin() -> Zoned {
    Timestamp::now().to_zoned(TimeZone::get("Europe/Berlin").expect("a zone"))
}

#[test]
fn a_digest_goes_once_whenever_the_program_is_killed_and_started_again() {
    const WEEKS: i64 = 6;
    const KILLS: usize = 5;
    let mut chance = Chance::seeded("MINUTED_SEED");
    let site = Site::new();
    site.sends_digests("Monday 08:00");
    site.succeeds(&["run", "--once"]);
    assert_eq!(digests(&site), [""; 0], "what was due before the start is not sent");
    let mut killed = 0;
    for week in 1..=WEEKS {
        // Within two hours after 8:00 on a Monday to come, whatever day it is now; on a Monday, not today.
        let monday = now_in_berlin().checked_add(week.weeks().days(1)).expect("a time");
        let monday = monday.nth_weekday(-1, jiff::civil::Weekday::Monday).expect("a Monday");
        let due = monday.date().at(8, 0, 0, 0).to_zoned(monday.time_zone().clone()).expect("a time").timestamp();
        let late = SignedDuration::from_mins(chance.below(110) as i64);
        let at = (due + late).to_string();
        for _ in 0..KILLS {
            let mut running = site.start(&["run", "--once", "--now", &at]);
            std::thread::sleep(Duration::from_millis(chance.below(120) as u64));
            killed += usize::from(running.kill());
        }
        site.succeeds(&["run", "--once", "--now", &at]);
        site.succeeds(&["run", "--once", "--now", &at]);
    }
    eprintln!("{killed} runs were killed");
    assert!(killed > 0, "the kills came too late to mean anything");
    let mut sent = digests(&site);
    sent.sort_unstable();
    let count = sent.len();
    sent.dedup();
    assert_eq!((count, sent.len()), (6, 6), "one digest a week");
    site.succeeds(&["rebuild", "--check"]);
}

#[test]
fn a_daemon_wakes_for_its_digest() {
    let site = Site::new();
    // The next full minute but one that is already near: the daemon must run before it.
    let now = now_in_berlin();
    let minute = now.checked_add(if now.second() < 40 { 1 } else { 2 }.minutes()).expect("a time");
    site.sends_digests(&minute.strftime("%A %H:%M").to_string());
    let daemon = site.start(&["run"]);
    daemon.is_ready();
    assert_eq!(digests(&site), [""; 0], "it is not due yet");
    // The sweep is minutes away: the daemon's own clock must wake it.
    let due = minute.with().second(0).subsec_nanosecond(0).build().expect("a time").timestamp();
    while Timestamp::now() < due {
        std::thread::sleep(Duration::from_millis(200));
    }
    wait_until("the digest is sent", || digests(&site).len() == 1);
    assert!(Timestamp::now().duration_since(due) < SignedDuration::from_secs(30), "it came late");
    daemon.stops_when_told();
    site.succeeds(&["run", "--once"]);
    assert_eq!(digests(&site).len(), 1);
}
