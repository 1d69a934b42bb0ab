//! Quiet hours and holidays: nothing goes then, and nothing is lost without a record.

use std::collections::BTreeSet;

use super::reminders::{day, group, item, look, usual};
use super::*;
use crate::calendar::{due, next};
use crate::domain::{Call, QuietRules};

fn quiet(hours: Option<&str>, holidays: &[&str]) -> QuietRules {
    let holidays = holidays.iter().map(|days| days.parse().unwrap()).collect();
    QuietRules { hours: hours.map(|hours| hours.parse().unwrap()), holidays }
}

#[test]
fn what_falls_on_holidays_goes_behind_them_or_before_them_where_that_would_be_too_late() {
    // Whitsun is a week before the meeting, and the day before it is one more.
    let rules = Rules { quiet: quiet(None, &["2014-05-26", "2014-06-06 to 2014-06-08"]), ..usual() };
    let mut scene = group();
    assert_eq!(look(&rules, &mut scene, "2014-05-26T06:00:00Z"), [""; 0]);
    assert_eq!(next(&rules, &scene, at("2014-05-26T06:00:00Z")), Some(at("2014-05-27T06:00:00Z")));
    assert_eq!(look(&rules, &mut scene, "2014-05-27T06:00:00Z"), ["list: meeting SEC#11.0 2014-05-26, on time"]);
    look(&rules, &mut scene, "2014-06-02T06:00:00Z");
    assert_eq!(look(&rules, &mut scene, "2014-06-05T06:00:00Z"), ["list: meeting SEC#11.0 2014-06-08, on time"]);
    assert_eq!(look(&rules, &mut scene, "2014-06-08T06:00:00Z"), [""; 0]);
}

#[test]
fn of_what_holidays_move_to_one_day_one_goes() {
    let rules = Rules { quiet: quiet(None, &["2014-05-24 to 2014-06-03"]), ..usual() };
    let mut scene =
        Scene { items: vec![item("A-WG4-TP8-001", "Gemalto", "2014-06-01")], meetings: Vec::new(), ..group() };
    assert_eq!(
        look(&rules, &mut scene, "2014-05-23T06:00:00Z"),
        ["member 1: personal A-WG4-TP8-001 2014-05-25, on time [A-WG4-TP8-001]"]
    );
    assert_eq!(
        look(&rules, &mut scene, "2014-06-04T06:00:00Z"),
        [
            "member 1: personal A-WG4-TP8-001 2014-05-31, skipped: the next one tells the same",
            "member 1: personal A-WG4-TP8-001 2014-06-02, on time [A-WG4-TP8-001]",
        ]
    );
}

#[test]
fn what_is_said_before_a_day_is_not_said_on_it_or_after_it_because_of_holidays() {
    let rules = Rules { quiet: quiet(None, &["2014-05-12 to 2014-05-15", "2014-05-20"]), ..usual() };
    let mut call = Call::new(day("2014-05-21"));
    call.time = Some(jiff::civil::time(6, 30, 0, 0));
    let items = vec![item("A-WG4-TP8-001", "Gemalto", "2014-05-14")];
    let mut scene = Scene { items, calls: vec![call], meetings: Vec::new(), ..group() };
    look(&rules, &mut scene, "2014-05-10T06:00:00Z");
    assert_eq!(
        look(&rules, &mut scene, "2014-05-11T06:00:00Z"),
        ["member 1: personal A-WG4-TP8-001 2014-05-13, on time [A-WG4-TP8-001]"]
    );
    look(&rules, &mut scene, "2014-05-16T06:00:00Z");
    assert_eq!(look(&rules, &mut scene, "2014-05-19T06:00:00Z"), ["list: call 2014-05-21 2014-05-20, on time"]);
}

#[test]
fn what_was_missed_waits_for_the_end_of_quiet_hours() {
    let rules = Rules { quiet: quiet(Some("20:00-07:00"), &[]), ..usual() };
    let mut scene = group();
    assert_eq!(look(&rules, &mut scene, "2014-05-26T19:00:00Z"), [""; 0]);
    assert_eq!(next(&rules, &scene, at("2014-05-26T19:00:00Z")), Some(at("2014-05-27T05:00:00Z")));
    assert_eq!(look(&rules, &mut scene, "2014-05-27T05:00:00Z"), ["list: meeting SEC#11.0 2014-05-26, late"]);
}

#[test]
fn a_digest_that_holidays_put_off_too_long_is_skipped() {
    let weekly = DigestRules { weekly: Some(Weekly::default()) };
    let holidays = quiet(None, &["2014-05-05", "2014-05-12 to 2014-05-16"]);
    let rules = Rules { digest: weekly, quiet: holidays, ..world::rules() };
    let (mut recorded, start) = (Vec::new(), at("2014-05-01T08:00:00Z"));
    record(&mut recorded, &rules, start, start);
    assert!(record(&mut recorded, &rules, start, at("2014-05-05T06:00:00Z")).is_empty());
    assert_eq!(
        told(&record(&mut recorded, &rules, start, at("2014-05-06T06:00:00Z"))),
        ["2014-W19 2014-05-06T06:00:00Z on time"]
    );
    assert_eq!(
        told(&record(&mut recorded, &rules, start, at("2014-05-19T06:00:00Z"))),
        ["2014-W20 2014-05-17T06:00:00Z skipped: holidays", "2014-W21 2014-05-19T06:00:00Z on time"]
    );
}

proptest! {
    #[test]
    fn nothing_goes_at_a_quiet_time_and_nothing_is_lost(
        spans in prop::collection::vec((0..90_i64, 0..9_i64), 0..6),
        hours in prop::sample::select(vec![None, Some("20:00-07:00"), Some("09:00-17:30"), Some("00:00-08:00")]),
        naps in prop::collection::vec(0..70_i64, 1..20),
        zone in prop::sample::select(vec!["Europe/Berlin", "America/New_York", "Asia/Tokyo"]),
    ) {
        let first = day("2014-04-20");
        let holidays: Vec<String> = spans.iter().map(|(from, count)| {
            let from = first.saturating_add(from.days());
            format!("{from} to {}", from.saturating_add(count.days()))
        }).collect();
        let holidays: Vec<&str> = holidays.iter().map(String::as_str).collect();
        let digest = DigestRules { weekly: Some(Weekly::default()) };
        let rules = Rules { quiet: quiet(hours, &holidays), digest, time_zone: zone.to_owned(), ..usual() };
        let zone = TimeZone::get(zone).unwrap();
        let mut scene = group();
        scene.items = vec![item("A-WG4-TP8-001", "Gemalto", "2014-05-20"), item("A-WG4-TP8-002", "Qualcomm", "2014-06-01")];
        let (mut now, end, mut dealt, mut sent) = (scene.starts.digest, at("2014-08-20T00:00:00Z"), BTreeSet::new(), BTreeSet::new());
        let mut naps = naps.iter().cycle();
        while now < end {
            let local = now.to_zoned(zone.clone()).datetime();
            for mail in due(&rules, &scene, now) {
                prop_assert!(!mail.standing.is_sent() || !rules.quiet.is_quiet(local), "{:?} at {}", mail, local);
                for one in mail.dealt() {
                    prop_assert!(dealt.insert(one.occasion.clone()), "{:?} twice", one.occasion);
                    if one.standing.is_sent() {
                        sent.insert((one.occasion.recipient.clone(), local.date(), mail.occasion.clone()));
                    }
                    scene.recorded.push(Recorded { occasion: one.occasion, standing: one.standing, at: now });
                }
            }
            prop_assert_eq!(due(&rules, &scene, now), []);
            let following = next(&rules, &scene, now).unwrap();
            prop_assert!(following > now);
            // Sometimes it is looked much later.
            now = following + SignedDuration::from_hours((*naps.next().unwrap() - 40).max(0));
        }
        let mails: BTreeSet<_> = sent.iter().map(|(recipient, day, _)| (recipient, day)).collect();
        prop_assert_eq!(mails.len(), sent.len(), "more than one mail a day");
        for days in [14, 7, 1] {
            let date = day("2014-06-09").saturating_sub(days.days());
            let occasion = Occasion { recipient: Recipient::List, kind: OccasionKind::Meeting, name: "SEC#11.0".to_owned(), date };
            prop_assert!(dealt.contains(&occasion), "{:?} is not recorded", occasion);
        }
        for week in 0..14 {
            let occasion = Occasion::weekly(day("2014-04-28").saturating_add((7 * week).days()));
            prop_assert!(dealt.contains(&occasion), "{:?} is not recorded", occasion);
        }
    }
}
