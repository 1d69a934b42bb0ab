//! Reminders: ladders, one mail a day, and what becomes of what is missed.

use jiff::civil::{Time, time};

use super::*;
use crate::calendar::{due, next};
use crate::domain::{Member, Organization, ReminderRules, Role};

/// A group with two organizations, whose contacts are members 1 and 2, a chair, who is member 3, and a
/// meeting that begins on Monday, 9 June 2014.
pub(super) fn group() -> Scene {
    let organization = |name: &str, contact: Option<&str>| Organization {
        name: name.to_owned(),
        aliases: Vec::new(),
        contact: contact.map(|contact| contact.parse().unwrap()),
    };
    let member = |id: u32, organization: &str, address: &str| Member {
        name: format!("Member {id}"),
        organization: organization.to_owned(),
        addresses: vec![address.parse().unwrap()],
        ..Member::new(id)
    };
    let mut chair = member(3, "ETSI", "chair@example.org");
    chair.roles = vec![Role::Chair];
    let mut meeting = Meeting::new("SEC#11.0".parse().unwrap());
    meeting.plenary = Some("TP11".parse().unwrap());
    (meeting.start, meeting.end) = (Some(day("2014-06-09")), Some(day("2014-06-13")));
    let start = at("2014-04-01T08:00:00Z");
    Scene {
        roster: Roster {
            organizations: vec![
                organization("Gemalto", Some("member-gemalto@example.org")),
                organization("Qualcomm", Some("member-qualcomm@example.org")),
                organization("CATT", Some("office@example.org")),
                organization("ETSI", None),
            ],
            members: vec![
                member(1, "Gemalto", "member-gemalto@example.org"),
                member(2, "Qualcomm", "member-qualcomm@example.org"),
                chair,
            ],
        },
        meetings: vec![meeting],
        starts: Starts { digest: start, reminders: start },
        ..Scene::default()
    }
}

pub(super) fn day(text: &str) -> Date {
    text.parse().unwrap()
}

pub(super) fn item(reference: &str, who: &str, due: &str) -> OpenItem {
    let due = Some(due).filter(|due| !due.is_empty()).map(|due| due.parse().unwrap());
    OpenItem { reference: reference.parse().unwrap(), who: who.into(), due }
}

/// Reminders as usual and no weekly digest.
pub(super) fn usual() -> Rules {
    Rules { reminders: ReminderRules::usual(), ..world::rules() }
}

/// A mail or a skip in words: `member 1: personal A-WG4-TP8-001 2014-06-02, on time [A-WG4-TP8-001]`.
fn words(due: &DueOccasion) -> String {
    let parts: Vec<String> = due
        .dealt()
        .map(|one| format!("{} {} {}, {}", one.occasion.kind, one.occasion.name, one.occasion.date, one.standing))
        .collect();
    let items: Vec<String> = due.items.iter().map(ToString::to_string).collect();
    let items = if items.is_empty() { String::new() } else { format!(" [{}]", items.join(" ")) };
    format!("{}: {}{items}", due.occasion.recipient, parts.join("; "))
}

/// Looks at the group, records what is due and gives it in words.
pub(super) fn look(rules: &Rules, scene: &mut Scene, now: &str) -> Vec<String> {
    let now = at(now);
    let come = due(rules, scene, now);
    for one in come.iter().flat_map(DueOccasion::dealt) {
        scene.recorded.retain(|record| record.occasion != one.occasion);
        scene.recorded.push(Recorded { occasion: one.occasion, standing: one.standing, at: now });
    }
    assert_eq!(due(rules, scene, now), [], "it is due again");
    come.iter().map(words).collect()
}

#[test]
fn list_and_owners_are_reminded_at_each_step_before_a_meeting() {
    let (rules, mut scene) = (usual(), group());
    scene.items = vec![
        item("A-WG4-TP8-001", "Lead Gemalto, Qualcomm", ""),
        item("A-WG4-TP8-002", "Interested companies", ""),
        item("A-WG4-TP8-003", "Chair", "2014-12-24"),
        item("A-WG4-TP8-004", "ETSI", ""),
        item("A-WG4-TP8-005", "CATT", ""),
    ];
    assert_eq!(look(&rules, &mut scene, "2014-05-26T05:59:59Z"), [""; 0]);
    assert_eq!(next(&rules, &scene, at("2014-05-26T05:59:59Z")), Some(at("2014-05-26T06:00:00Z")));
    let all = |day: &str| {
        [
            format!("list: meeting SEC#11.0 {day}, on time"),
            format!("member 1: meeting SEC#11.0 {day}, on time [A-WG4-TP8-001]"),
            format!("member 2: meeting SEC#11.0 {day}, on time [A-WG4-TP8-001]"),
            format!("member 3: meeting SEC#11.0 {day}, on time [A-WG4-TP8-003]"),
            format!("organization CATT: meeting SEC#11.0 {day}, on time [A-WG4-TP8-005]"),
        ]
    };
    for (now, day) in [
        ("2014-05-26T06:00:00Z", "2014-05-26"),
        ("2014-06-02T06:00:00Z", "2014-06-02"),
        ("2014-06-08T07:59:00Z", "2014-06-08"),
    ] {
        assert_eq!(look(&rules, &mut scene, now), all(day));
        assert_eq!(look(&rules, &mut scene, now), [""; 0]);
    }
    assert_eq!(look(&rules, &mut scene, "2014-06-13T06:00:00Z"), [""; 0]);
}

#[test]
fn officers_who_own_nothing_are_told_who_comes_on_the_last_day_before_a_meeting() {
    let (rules, mut scene) = (Rules { invitations: true, ..usual() }, group());
    let officers = scene.roster.members.iter().filter(|member| member.is_officer()).count();
    assert!(officers > 0);
    for (now, told) in [("2014-05-26T06:00:00Z", 0), ("2014-06-02T06:00:00Z", 0), ("2014-06-08T06:00:00Z", officers)] {
        let come = look(&rules, &mut scene, now);
        let own = come.iter().filter(|line| line.starts_with("member")).count();
        assert_eq!((come.len(), own), (1 + told, told), "{come:?}");
    }
}

#[test]
fn a_deadline_is_told_to_the_list() {
    let (rules, mut scene) = (usual(), group());
    scene.meetings[0].deadline = Some(day("2014-06-03"));
    look(&rules, &mut scene, "2014-05-26T06:00:00Z");
    assert_eq!(look(&rules, &mut scene, "2014-05-27T06:00:00Z"), ["list: deadline SEC#11.0 2014-05-27, on time"]);
    // A week before the meeting, and a day before the deadline.
    assert_eq!(
        look(&rules, &mut scene, "2014-06-02T06:00:00Z"),
        ["list: meeting SEC#11.0 2014-06-02, on time; deadline SEC#11.0 2014-06-02, on time"]
    );
}

#[test]
fn an_owner_is_reminded_before_and_after_it_is_due_and_then_every_week() {
    let (rules, mut scene) = (usual(), group());
    scene.meetings.clear();
    scene.items = vec![item("A-WG4-TP8-001", "Lead Gemalto", "2014-05-15")];
    let mut told = Vec::new();
    let mut now = at("2014-05-01T06:00:00Z");
    while now < at("2014-06-07T00:00:00Z") {
        if !look(&rules, &mut scene, &now.to_string()).is_empty() {
            told.push(now.to_string()[..10].to_owned());
        }
        now += SignedDuration::from_hours(24);
    }
    assert_eq!(told, ["2014-05-08", "2014-05-14", "2014-05-16", "2014-05-23", "2014-05-30", "2014-06-06"]);
}

#[test]
fn what_is_due_at_a_meeting_counts_from_its_first_day_and_from_none_that_is_not_known() {
    let (rules, mut scene) = (usual(), group());
    scene.items = vec![item("A-WG4-TP8-001", "Lead Gemalto", "TP11"), item("A-WG4-TP8-002", "Qualcomm", "TP12")];
    look(&rules, &mut scene, "2014-05-26T06:00:00Z");
    assert_eq!(
        look(&rules, &mut scene, "2014-06-02T06:00:00Z"),
        [
            "list: meeting SEC#11.0 2014-06-02, on time",
            "member 1: meeting SEC#11.0 2014-06-02, on time; personal A-WG4-TP8-001 2014-06-02, on time [A-WG4-TP8-001]",
            "member 2: meeting SEC#11.0 2014-06-02, on time [A-WG4-TP8-002]",
        ]
    );
}

#[test]
fn all_that_is_due_to_one_on_a_day_is_one_mail_at_the_last_of_its_moments() {
    let with = |weekly: &str, time: Time| {
        let reminders = ReminderRules { time, ..ReminderRules::usual() };
        Rules { digest: DigestRules { weekly: Some(weekly.parse().unwrap()) }, reminders, ..world::rules() }
    };
    for (rules, moment) in [
        (with("Monday 08:00", time(8, 0, 0, 0)), "2014-06-02T06:00:00Z"),
        (with("Monday 16:00", time(8, 0, 0, 0)), "2014-06-02T14:00:00Z"),
        (with("Monday 08:00", time(16, 0, 0, 0)), "2014-06-02T14:00:00Z"),
    ] {
        let mut scene = group();
        look(&rules, &mut scene, "2014-05-26T14:00:00Z");
        let before = at(moment) - SignedDuration::from_secs(1);
        assert_eq!(look(&rules, &mut scene, &before.to_string()), [""; 0]);
        assert_eq!(next(&rules, &scene, before), Some(at(moment)));
        assert_eq!(
            look(&rules, &mut scene, moment),
            ["list: weekly 2014-W23 2014-06-02, on time; meeting SEC#11.0 2014-06-02, on time"]
        );
    }
}

#[test]
fn what_was_missed_goes_late_unless_the_next_one_is_near_or_the_meeting_has_begun() {
    let (rules, mut scene) = (usual(), group());
    let mut after = |now: &str| {
        scene.recorded.clear();
        look(&rules, &mut scene, now)
    };
    assert_eq!(after("2014-05-29T06:00:00Z"), ["list: meeting SEC#11.0 2014-05-26, late"]);
    // The next one goes tomorrow.
    assert_eq!(
        after("2014-06-01T06:00:00Z"),
        ["list: meeting SEC#11.0 2014-05-26, skipped: the next one tells the same"]
    );
    assert_eq!(
        after("2014-06-05T06:00:00Z"),
        [
            "list: meeting SEC#11.0 2014-05-26, skipped: the next one tells the same",
            "list: meeting SEC#11.0 2014-06-02, late"
        ]
    );
    assert_eq!(
        after("2014-06-08T21:00:00Z"),
        [
            "list: meeting SEC#11.0 2014-05-26, skipped: the next one tells the same; meeting SEC#11.0 2014-06-02, skipped: the next one tells the same",
            "list: meeting SEC#11.0 2014-06-08, late"
        ]
    );
    assert!(after("2014-06-08T22:00:00Z").iter().all(|told| !told.contains("late [") && told.contains("too late")));
}

#[test]
fn what_waits_for_todays_mail_goes_with_it_and_what_comes_after_it_waits_for_the_next_morning() {
    let (rules, mut scene) = (usual(), group());
    scene.meetings.clear();
    scene.items = vec![item("A-WG4-TP8-001", "Gemalto", "2014-05-15"), item("A-WG4-TP8-002", "Gemalto", "2014-05-17")];
    // Down from before the 8th until the night before the 10th.
    assert_eq!(look(&rules, &mut scene, "2014-05-10T03:00:00Z"), [""; 0]);
    assert_eq!(
        look(&rules, &mut scene, "2014-05-10T06:00:00Z"),
        [
            "member 1: personal A-WG4-TP8-001 2014-05-08, late; personal A-WG4-TP8-002 2014-05-10, on time [A-WG4-TP8-001 A-WG4-TP8-002]"
        ]
    );
    // A third one turns up that was missed yesterday; the member has had today's mail.
    scene.items.push(item("A-WG4-TP8-003", "Gemalto", "2014-05-16"));
    assert_eq!(look(&rules, &mut scene, "2014-05-10T09:00:00Z"), [""; 0]);
    assert_eq!(next(&rules, &scene, at("2014-05-10T09:00:00Z")), Some(at("2014-05-11T06:00:00Z")));
    assert_eq!(look(&rules, &mut scene, "2014-05-11T02:00:00Z"), [""; 0]);
    assert_eq!(
        look(&rules, &mut scene, "2014-05-11T06:00:00Z"),
        ["member 1: personal A-WG4-TP8-003 2014-05-09, late [A-WG4-TP8-003]"]
    );
}

#[test]
fn nobody_is_told_of_an_item_on_two_days_running() {
    let (rules, mut scene) = (usual(), group());
    scene.meetings.clear();
    scene.items = vec![item("A-WG4-TP8-001", "Gemalto", "2014-05-15")];
    look(&rules, &mut scene, "2014-05-08T06:00:00Z");
    scene.items = vec![item("A-WG4-TP8-001", "Gemalto", "2014-05-16")];
    assert_eq!(
        look(&rules, &mut scene, "2014-05-09T06:00:00Z"),
        ["member 1: personal A-WG4-TP8-001 2014-05-09, skipped: told the day before"]
    );
    // Missed on the day before it is due, with the next one tomorrow.
    assert_eq!(
        look(&rules, &mut scene, "2014-05-16T06:00:00Z"),
        ["member 1: personal A-WG4-TP8-001 2014-05-15, skipped: the next one tells the same"]
    );
}

#[test]
fn who_has_paused_or_left_gets_nothing() {
    let (rules, mut scene) = (usual(), group());
    scene.meetings.clear();
    scene.items = vec![item("A-WG4-TP8-001", "Gemalto", "2014-05-15"), item("A-WG4-TP8-002", "Qualcomm", "2014-05-15")];
    scene.roster.members[0].paused_until = Some(day("2014-05-14"));
    scene.roster.members[1].left = true;
    assert_eq!(
        look(&rules, &mut scene, "2014-05-08T06:00:00Z"),
        ["member 1: personal A-WG4-TP8-001 2014-05-08, skipped: paused"]
    );
    assert_eq!(
        look(&rules, &mut scene, "2014-05-14T06:00:00Z"),
        ["member 1: personal A-WG4-TP8-001 2014-05-14, on time [A-WG4-TP8-001]"]
    );
}

#[test]
fn what_was_not_so_when_its_time_came_is_recorded_once_and_not_sent() {
    let (rules, mut scene) = (usual(), group());
    let now = "2014-06-04T09:00:00Z";
    scene.items = vec![item("A-WG4-TP8-001", "Gemalto", "2014-04-02"), item("A-WG4-TP8-002", "Gemalto", "2014-06-05")];
    for item in &scene.items {
        scene.changed.insert(Subject::Action(item.reference.clone()), at("2014-06-04T08:59:00Z"));
    }
    scene.changed.insert(Subject::Meeting("SEC#11.0".parse().unwrap()), at("2014-06-04T08:59:00Z"));
    assert_eq!(
        look(&rules, &mut scene, now),
        [
            "list: meeting SEC#11.0 2014-06-02, skipped: before it was known",
            "member 1: meeting SEC#11.0 2014-06-02, skipped: before it was known; \
             personal A-WG4-TP8-001 2014-05-29, skipped: before it was known; \
             personal A-WG4-TP8-002 2014-06-04, skipped: before it was known",
        ]
    );
    scene.changed.clear();
    assert_eq!(look(&rules, &mut scene, now), [""; 0], "the earlier ones were never due");
    assert_eq!(
        look(&rules, &mut scene, "2014-06-05T06:00:00Z"),
        ["member 1: personal A-WG4-TP8-001 2014-06-05, on time [A-WG4-TP8-001]"]
    );
    assert_eq!(
        look(&rules, &mut scene, "2014-06-06T06:00:00Z"),
        ["member 1: personal A-WG4-TP8-002 2014-06-06, on time [A-WG4-TP8-002]"]
    );
}

#[test]
fn what_a_wrong_clock_skipped_is_not_lost() {
    let (rules, mut scene) = (usual(), group());
    scene.meetings.clear();
    scene.items = vec![item("A-WG4-TP8-001", "Gemalto", "2014-05-15")];
    look(&rules, &mut scene, "2014-05-21T06:00:00Z");
    assert_eq!(
        look(&rules, &mut scene, "2014-05-08T06:00:00Z"),
        ["member 1: personal A-WG4-TP8-001 2014-05-08, on time [A-WG4-TP8-001]"]
    );
}

#[test]
fn a_ladder_may_be_empty_and_a_group_without_a_list_reminds_its_owners() {
    let (mut rules, mut scene) = (usual(), group());
    rules.list = None;
    scene.meetings[0].deadline = Some(day("2014-06-02"));
    scene.items = vec![item("A-WG4-TP8-001", "Gemalto", "2014-06-02")];
    assert_eq!(
        look(&rules, &mut scene, "2014-05-26T06:00:00Z"),
        ["member 1: meeting SEC#11.0 2014-05-26, on time; personal A-WG4-TP8-001 2014-05-26, on time [A-WG4-TP8-001]"]
    );
    rules.reminders = ReminderRules::default();
    assert_eq!(look(&rules, &mut scene, "2014-06-08T06:00:00Z"), [""; 0]);
    assert_eq!(next(&rules, &scene, at("2014-06-01T06:00:00Z")), None);
}

/// Numbers that look like chance, the same for the same seed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}

/// A year of a group: 60 members of 20 organizations, 500 items that come due all over it, a third of which
/// are never closed, and 8 meetings with deadlines.
fn year(chance: &mut Chance) -> (Scene, Vec<(OpenItem, Timestamp)>) {
    let start = at("2014-01-01T12:00:00Z");
    let mut scene = Scene { starts: Starts { digest: start, reminders: start }, ..Scene::default() };
    for number in 0..20 {
        let contact = (number % 5 != 4).then(|| format!("member{}@example.org", number * 3 + 1).parse().unwrap());
        let name = format!("Organization {number}");
        scene.roster.organizations.push(Organization { name, aliases: Vec::new(), contact });
    }
    for id in 1..=60 {
        scene.roster.members.push(Member {
            name: format!("Member {id}"),
            organization: format!("Organization {}", (id - 1) / 3),
            addresses: vec![format!("member{id}@example.org").parse().unwrap()],
            paused_until: (id % 17 == 0).then(|| day("2014-03-01")),
            ..Member::new(id)
        });
    }
    for number in 1..=8_u32 {
        let mut meeting = Meeting::new(format!("SEC#{number}.0").parse().unwrap());
        let first = day("2014-01-01").saturating_add((i64::from(number) * 43).days());
        (meeting.start, meeting.deadline) = (Some(first), Some(first.saturating_sub(7.days())));
        scene.meetings.push(meeting);
    }
    let items = (0..500).map(|number| {
        let owner = |chance: &mut Chance| match chance.below(3) {
            0 => format!("Member {}", chance.below(60) + 1),
            _ => format!("Organization {}", chance.below(20)),
        };
        let who = format!("Lead {}, {}", owner(chance), owner(chance));
        let due = day("2014-01-05").saturating_add(i64::try_from(chance.below(340)).unwrap().days());
        let closed_days = if chance.below(3) == 0 { 1000 } else { chance.below(380) };
        let closed = start + SignedDuration::from_hours(24 * i64::try_from(closed_days).unwrap());
        (item(&format!("A-WG4-TP{}-{:03}", 8 + number / 100, number % 100 + 1), &who, &due.to_string()), closed)
    });
    let items = items.collect();
    (scene, items)
}

#[test]
fn in_a_year_with_outages_and_restarts_each_occasion_comes_once_or_is_recorded_as_skipped() {
    let seed = std::env::var("MINUTED_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(0x5EED_2014);
    eprintln!("MINUTED_SEED={seed}");
    let mut chance = Chance(seed);
    let weekly = Some("Monday 08:00".parse().unwrap());
    let rules = Rules { digest: DigestRules { weekly }, ..usual() };
    let zone = TimeZone::get(&rules.time_zone).unwrap();
    let (mut scene, items) = year(&mut chance);
    let outages = [
        ("2014-02-03T06:30:00Z", "2014-02-03T07:30:00Z"),
        // Over the last day before a meeting.
        ("2014-03-27T00:00:00Z", "2014-03-30T03:00:00Z"),
        ("2014-07-01T00:00:00Z", "2014-07-15T00:00:00Z"),
    ];
    let outages = outages.map(|(from, until)| (at(from), at(until)));
    let (end, mut restarts) = (at("2015-01-01T12:00:00Z"), 0);
    let mut now = scene.starts.digest;
    let mut mailed: BTreeMap<(Recipient, Date), usize> = BTreeMap::new();
    let mut told: BTreeMap<(Recipient, String), Vec<Date>> = BTreeMap::new();
    let mut sent: BTreeSet<Occasion> = BTreeSet::new();
    let mut dealt: BTreeSet<Occasion> = BTreeSet::new();
    while now < end {
        scene.items = items.iter().filter(|(_, closed)| *closed > now).map(|(item, _)| item.clone()).collect();
        let come = due(&rules, &scene, now);
        if restarts < 200 && chance.below(3) > 0 {
            // Killed before it could record anything: the next run decides alike.
            restarts += 1;
            assert_eq!(come, due(&rules, &scene, now));
        }
        let today = now.to_zoned(zone.clone()).date();
        for mail in come {
            assert!(!mail.standing.is_sent() || mail.occasion.recipient == Recipient::List || !mail.items.is_empty());
            if mail.standing.is_sent() {
                *mailed.entry((mail.occasion.recipient.clone(), today)).or_default() += 1;
            }
            for one in mail.dealt() {
                assert!(one.at <= now && one.standing.is_sent() == mail.standing.is_sent());
                if one.standing.is_sent() {
                    assert!(sent.insert(one.occasion.clone()), "{:?} is sent twice", one.occasion);
                    if one.occasion.kind == OccasionKind::Personal {
                        let key = (one.occasion.recipient.clone(), one.occasion.name.clone());
                        told.entry(key).or_default().push(today);
                    }
                }
                assert!(dealt.insert(one.occasion.clone()), "{:?} is recorded twice", one.occasion);
                scene.recorded.push(Recorded { occasion: one.occasion, standing: one.standing, at: now });
            }
        }
        // What the store would not give any more.
        let reach = reach(now);
        let is_in_reach =
            |of: &Occasion| of.date >= if of.recipient == Recipient::List { reach.list } else { reach.own };
        scene.recorded.retain(|record| is_in_reach(&record.occasion));
        let following = next(&rules, &scene, now).unwrap();
        assert!(following > now);
        now = following + SignedDuration::from_mins(i64::try_from(chance.below(90)).unwrap());
        now = outages.iter().find(|(from, until)| (*from..*until).contains(&now)).map_or(now, |(_, until)| *until);
    }
    assert!(mailed.values().all(|count| *count == 1), "more than one mail a day");
    for days in told.values() {
        assert!(days.windows(2).all(|pair| pair[0].until(pair[1]).unwrap().get_days() > 1), "daily: {days:?}");
    }
    // All that was on a ladder of what is open to the end was dealt with.
    let moment = |date: Date| date.at(8, 0, 0, 0).to_zoned(zone.clone()).unwrap().timestamp();
    let is_in_the_year = |date: &Date| moment(*date) >= scene.starts.reminders && moment(*date) < end;
    let mut expected = 0;
    let mut expect = |recipient: &Recipient, kind, name: &str, date| {
        let occasion = Occasion { recipient: recipient.clone(), kind, name: name.to_owned(), date };
        assert!(dealt.contains(&occasion), "{occasion:?} is not recorded");
        expected += 1;
    };
    for (item, _) in items.iter().filter(|(_, closed)| *closed > end) {
        let Some(Due::Day(due)) = item.due else { panic!("a day") };
        let weeks = (0..60).map(|week| due.saturating_add((1 + 7 * week).days()));
        let days = [7, 1].map(|before| due.saturating_sub(before.days())).into_iter().chain(weeks);
        for date in days.filter(is_in_the_year) {
            for recipient in scene.roster.mailed(&item.who) {
                expect(&recipient, OccasionKind::Personal, &item.reference.to_string(), date);
            }
        }
    }
    for meeting in &scene.meetings {
        let name = meeting.reference.to_string();
        let before = |day: Option<Date>, days: i64| day.unwrap().saturating_sub(days.days());
        for date in [14, 7, 1].map(|days| before(meeting.start, days)).iter().filter(|date| is_in_the_year(date)) {
            expect(&Recipient::List, OccasionKind::Meeting, &name, *date);
        }
        for date in [7, 1].map(|days| before(meeting.deadline, days)).iter().filter(|date| is_in_the_year(date)) {
            expect(&Recipient::List, OccasionKind::Deadline, &name, *date);
        }
    }
    let skipped = dealt.len() - sent.len();
    eprintln!("{} mails, {} occasions, {skipped} skipped, {restarts} restarts", mailed.len(), sent.len());
    assert!(expected > 2000 && skipped > 100 && restarts == 200, "{expected} {skipped} {restarts}");
}
