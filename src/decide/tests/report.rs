//! What a meeting came to, and what is to be posted.

use super::world::*;
use crate::decide::{Came, Digest, Input, LineOutcome, Report, Table};
use crate::domain::{Dealt, DueOccasion, Occasion, OccasionKind, Recipient, Skip, Standing, Status, Subject};

/// What becomes of occasions that are due now.
fn come(world: &mut World, recipient: Recipient, parts: &[(OccasionKind, &str)]) -> Came {
    let date = world.known.rules.as_ref().unwrap().day(world.at);
    let mut parts = parts.iter().map(|(kind, name)| Dealt {
        occasion: Occasion { recipient: recipient.clone(), kind: *kind, name: (*name).to_owned(), date },
        at: world.at,
        standing: Standing::OnTime,
    });
    let first = parts.next().unwrap();
    let due = DueOccasion { also: parts.collect(), ..DueOccasion::alone(first.occasion, first.at, first.standing) };
    let came = world.input(Input::Occasion(Box::new(due))).occasion.unwrap();
    if let Some(digest) = &came.digest {
        world.sent.insert("sent".to_owned(), digest.rows());
    }
    came
}

/// A group in the middle of SEC#10.0, from 7 to 11 April 2014, with three contributions on its agenda.
fn at_the_meeting() -> World {
    let mut world = World::new();
    world.at = "2014-04-08T08:00:00Z".parse().unwrap();
    let contributions = [("SEC-2014-0301", "7.10"), ("SEC-2014-0302", "7.9"), ("SEC-2014-0303", "7.9")];
    for (reference, item) in contributions {
        let mut contribution = crate::domain::Contribution::new(reference.parse().unwrap());
        (contribution.title, contribution.source) = (format!("Title of {reference}"), "Gemalto".to_owned());
        contribution.agenda_item = item.to_owned();
        contribution.deliverable = Some("TS-0003".to_owned());
        contribution.life.available.push("R00 listed".parse().unwrap());
        contribution.meeting = Some("SEC#10.0".parse().unwrap());
        world.known.contributions.insert(contribution.reference.clone(), contribution);
    }
    world
}

/// The rows of documents: `digest-unposted: 1 SEC-2014-0301R01 document-unposted`.
fn documents<'a>(tables: impl IntoIterator<Item = &'a Table>) -> Vec<String> {
    let sections = tables.into_iter().flat_map(|table| match table {
        Table::Documents { title, rows } => {
            let number = |number: Option<u16>| number.map_or_else(|| "-".to_owned(), |number| number.to_string());
            let said = rows.iter();
            said.map(|row| format!("{}: {} {} {}", title.key, number(row.number), row.of, row.stands.key)).collect()
        }
        Table::Actions { title, rows } => {
            rows.iter().map(|row| format!("{}: {} {}", title.key, row.number, row.subject)).collect::<Vec<_>>()
        }
        _ => panic!("a report lists documents and action items"),
    });
    sections.collect()
}

fn report(digest: &Digest) -> &Report {
    let [only] = digest.reports.as_slice() else { panic!("one meeting is reported of") };
    only
}

#[test]
fn a_report_tells_decisions_items_what_is_awaited_and_what_was_not_treated() {
    let mut world = at_the_meeting();
    world.has("A-WG4-TP8-009", "Older, and imported in the week of the meeting", "Gemalto", Status::Open);
    world.mail(CHAIR, "SEC-2014-0301 noted, expect R01\n\nSEC-2014-0302R01 agreed (TBPosted)");
    world.mail(CHAIR, "action Lead CATT: Write the scope due TP11\n\ndone A-WG4-TP8-001 because it is agreed");
    world.mail(CHAIR, "accept P-WG4-001");
    world.at = "2014-04-12T06:00:00Z".parse().unwrap();
    let digest = come(&mut world, Recipient::List, &[(OccasionKind::Report, "SEC#10.0")]).digest.unwrap();
    let told = report(&digest);
    assert_eq!((told.decided, told.opened, told.closed, told.more), (2, 1, 1, 0));
    assert_eq!(
        documents(&told.tables),
        [
            "report-decisions: - SEC-2014-0302R01 document-stands",
            "report-decisions: - SEC-2014-0301 document-stands",
            "report-opened: 1 A-WG4-TP10-001",
            "report-closed: 2 A-WG4-TP8-001",
        ]
    );
    assert_eq!(
        documents(&digest.awaited),
        [
            "digest-unposted: 3 SEC-2014-0302R01 document-unposted",
            "digest-expected: 4 SEC-2014-0301R01 document-expected",
        ]
    );
    let untreated = ["PRO-2014-0255", "SEC-2014-0243", "SEC-2014-0255", "SEC-2014-0303"];
    let untreated = untreated.map(|reference| format!("report-untreated: - {reference} document-untreated"));
    assert_eq!(documents(&told.untreated), untreated);
    assert_eq!(digest.rows().len(), 4);
}

#[test]
fn of_a_meeting_of_which_nothing_is_recorded_there_is_no_report() {
    let mut world = at_the_meeting();
    world.mail(CHAIR, "note A-WG4-TP8-001 spoken of");
    world.at = "2014-04-12T06:00:00Z".parse().unwrap();
    let came = come(&mut world, Recipient::List, &[(OccasionKind::Report, "SEC#10.0")]);
    assert_eq!((came.standing, came.digest), (Standing::Skipped(Skip::NothingToSay), None));
}

#[test]
fn what_was_closed_before_the_meeting_or_opened_again_is_not_told_as_closed_there() {
    let mut world = at_the_meeting();
    world.at = "2014-04-06T21:59:00Z".parse().unwrap();
    world.mail(CHAIR, "done A-WG4-TP8-001 because of it");
    world.at = "2014-04-06T22:01:00Z".parse().unwrap();
    world.mail(CHAIR, "done A-WG4-TP8-002\n\ndone A-WG4-TP8-003");
    world.mail(CHAIR, "reopen A-WG4-TP8-003");
    world.at = "2014-04-12T06:00:00Z".parse().unwrap();
    let digest = come(&mut world, Recipient::List, &[(OccasionKind::Report, "SEC#10.0")]).digest.unwrap();
    assert_eq!(documents(&report(&digest).tables), ["report-closed: 1 A-WG4-TP8-002"]);
}

#[test]
fn a_chaser_is_answered_with_posted_which_means_the_revision_that_the_row_told() {
    let mut world = at_the_meeting();
    world.mail(CHAIR, "SEC-2014-0301R01 agreed (TBPosted)\n\nSEC-2014-0302 noted, expect R01");
    world.at = "2014-04-13T06:00:00Z".parse().unwrap();
    let lead = world.known.roster.member_by_address(&address(LEAD)).unwrap().id;
    let parts = ["SEC-2014-0301", "SEC-2014-0302"].map(|name| (OccasionKind::Chaser, name));
    let digest = come(&mut world, Recipient::Member(lead), &parts).digest.unwrap();
    assert_eq!(digest.to.as_str(), LEAD);
    let rows: Vec<String> = digest.rows().iter().map(|(number, subject)| format!("{number} {subject}")).collect();
    assert_eq!(rows, ["1 approval SEC-2014-0301R01", "2 approval SEC-2014-0302R01"]);
    // Somebody decides on in the meantime: the row still means what it told.
    world.mail(CHAIR, "SEC-2014-0301 noted, expect R02");
    assert_eq!(keys(&world.reply(LEAD, "sent", "2 posted")), ["told-posted"]);
    let posted = |world: &World, reference: &str| {
        let life = &world.known.contributions[&reference.parse().unwrap()].life;
        life.available.iter().map(|one| one.revision.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(posted(&world, "SEC-2014-0302"), ["R00", "R01"]);
    assert_eq!(keys(&world.reply(OTHER, "sent", "1 posted")), ["refused-sources-only"]);
    assert_eq!(keys(&world.reply(LEAD, "sent", "1 posted")), ["told-posted"]);
    assert_eq!(posted(&world, "SEC-2014-0301"), ["R00", "R01"]);
    assert_eq!(keys(&world.reply(LEAD, "sent", "1 done")), ["refused-is-contribution"]);
    let came = come(&mut world, Recipient::Member(lead), &parts[1..]);
    assert_eq!(came.standing, Standing::Skipped(Skip::NothingToSay), "it is posted");
}

#[test]
fn the_weekly_digest_tells_what_is_to_be_posted_and_what_is_left_of_each_deliverable() {
    let mut world = at_the_meeting();
    world.mail(CHAIR, "SEC-2014-0301R01 agreed (TBPosted)\n\nSEC-2014-0302 noted, expect R01");
    world.mail(CHAIR, "role member-catt@example.org rapporteur TS-0003");
    world.at = "2014-04-14T06:00:00Z".parse().unwrap();
    let digest = world.digest().unwrap();
    let first = digest.tables.iter().map(|table| if let Table::Actions { rows, .. } = table { rows.len() } else { 0 });
    let first = first.sum::<usize>() + 1;
    assert_eq!(
        documents(&digest.awaited),
        [
            format!("digest-unposted: {first} SEC-2014-0301R01 document-unposted"),
            format!("digest-expected: {} SEC-2014-0302R01 document-expected", first + 1),
        ]
    );
    let [row] = digest.deliverables.as_slice() else { panic!("one deliverable") };
    assert_eq!((row.name.as_str(), row.rapporteurs.len(), row.more), ("TS-0003", 1, 0));
    assert_eq!(row.stands, [("agreed".to_owned(), 1), ("noted".to_owned(), 1), ("not treated".to_owned(), 1)]);
    let left: Vec<&str> = row.left.iter().map(|left| left.key.as_str()).collect();
    assert_eq!(left, ["deliverable-unposted", "deliverable-expected", "deliverable-left"]);
    world.mail(LEAD, "posted SEC-2014-0301R01\n\nposted SEC-2014-0302R01");
    assert!(world.digest().unwrap().awaited.is_empty());
}

#[test]
fn more_documents_than_have_room_are_counted() {
    let mut world = World::empty();
    for number in 1..=130 {
        let mut contribution = crate::domain::Contribution::new(format!("SEC-2014-{number:04}").parse().unwrap());
        contribution.title = "Title".to_owned();
        contribution.life.follow_ups.push("open: revision".parse().unwrap());
        world.known.contributions.insert(contribution.reference.clone(), contribution);
    }
    let digest = world.digest().unwrap();
    assert_eq!((digest.rows().len(), digest.more_documents), (100, 30));
    assert!(matches!(digest.rows()[0].1, Subject::Contribution(_)), "no revision is named");
}

#[test]
fn before_a_meeting_an_author_gets_what_is_to_be_posted_behind_the_open_items() {
    let mut world = at_the_meeting();
    world.mail(CHAIR, "SEC-2014-0301 noted, expect R01\n\nSEC-2014-0302R01 agreed (TBPosted)");
    world.at = "2014-06-02T06:00:00Z".parse().unwrap();
    let member = world.known.roster.members.iter().find(|member| member.name == "Member Gemalto").unwrap().id;
    let occasion = Occasion {
        recipient: Recipient::Member(member),
        kind: OccasionKind::Meeting,
        name: "SEC#11.0".to_owned(),
        date: "2014-06-02".parse().unwrap(),
    };
    let subject = |world: &mut World, items: &[&str]| {
        let due = DueOccasion {
            items: items.iter().map(|item| item.parse().unwrap()).collect(),
            documents: ["SEC-2014-0301", "SEC-2014-0302"].map(|of| of.parse().unwrap()).to_vec(),
            ..DueOccasion::alone(occasion.clone(), world.at, Standing::OnTime)
        };
        let digest = world.input(Input::Occasion(Box::new(due))).occasion.unwrap().digest.unwrap();
        world.sent.insert("sent".to_owned(), digest.rows());
        let letter = crate::compose::Letter {
            bot: address("minuted@example.org"),
            group: "SEC".to_owned(),
            message_id: "digest.x@example.org".to_owned(),
            date: world.at,
            zone: jiff::tz::TimeZone::UTC,
            reply_to: None,
        };
        let said = crate::compose::digest_subject(&digest, &letter, crate::compose::Catalogue::get("en").unwrap());
        (documents(digest.tables.iter().chain(&digest.awaited)), said)
    };
    let (rows, said) = subject(&mut world, &[]);
    let alone = [
        "digest-unposted: 1 SEC-2014-0302R01 document-unposted",
        "digest-expected: 2 SEC-2014-0301R01 document-expected",
    ];
    assert_eq!(rows, alone);
    assert_eq!(said, "[SEC] SEC#11.0 begins in 7 days: 2 documents to be posted");
    let (rows, said) = subject(&mut world, &["A-WG4-TP8-001"]);
    assert_eq!(rows[0], "reminder-open: 1 A-WG4-TP8-001");
    assert_eq!(said, "[SEC] SEC#11.0 begins in 7 days: your open action item, 2 documents to be posted");
    assert_eq!(outcomes(&world.reply(LEAD, "sent", "2 posted")), [LineOutcome::Done]);
}
