//! Meetings and their sessions by mail.

use rstest::rstest;

use super::world::*;
use crate::agenda::AgendaDocument;
use crate::decide::{Input, Outcome};
use crate::domain::Meeting;

fn known<'a>(world: &'a World, name: &str) -> &'a Meeting {
    world.known.meeting(name).unwrap()
}

fn receipt(outcome: &Outcome) -> String {
    outcome.receipt.clone().unwrap()
}

#[test]
fn a_meeting_is_planned_and_moved_by_an_officer() {
    let mut world = World::new();
    let planned = world.mail(CHAIR, "meeting SEC#11 in TP11 2014-06-09 to 2014-06-13 Berlin deadline 2014-06-02");
    assert_eq!(keys(&planned), ["told-meeting"]);
    let meeting = known(&world, "TP11");
    assert_eq!((meeting.reference.to_string(), meeting.place.as_deref()), ("SEC#11.0".to_owned(), Some("Berlin")));
    world.mail(CHAIR, "due A-WG4-TP8-001 SEC#11");
    let moved = world.mail(CHAIR, "meeting SEC#11 2014-06-16");
    assert_eq!((argument(&moved, "due"), argument(&moved, "end")), ("1", "-"));
    let meeting = known(&world, "SEC#11.0");
    assert_eq!((meeting.start, meeting.end), (meeting.end, meeting.start));
    assert_eq!(meeting.deadline.map(|day| day.to_string()).as_deref(), Some("2014-06-02"));
    assert_eq!(world.mail(CHAIR, "meeting SEC#11 2014-06-16").changes, []);
}

#[rstest]
#[case(LEAD, "meeting SEC#11 2014-06-09", "refused-meetings")]
#[case(LEAD, "cancel SEC#10", "refused-meetings")]
#[case(LEAD, "session S1 SEC#10 2014-04-08 09:00-10:00", "refused-meetings")]
#[case(CHAIR, "meeting TP14 2014-06-09", "refused-plenary-alone")]
#[case(CHAIR, "meeting SEC#11 in TP10 2014-06-09", "refused-plenary-taken")]
#[case(CHAIR, "meeting SEC#11 2014-06-13 to 2014-06-09", "refused-meeting-ends-first")]
#[case(CHAIR, "meeting SEC#11 2014-06-09 to 2014-08-09", "refused-meeting-long")]
#[case(CHAIR, "meeting SEC#11 2041-06-09", "refused-far")]
#[case(CHAIR, "meeting SEC#11 2013-06-09 to 2013-06-13 Rome", "refused-meeting-past")]
#[case(CHAIR, "meeting SEC#11 2014-06-09 deadline 2014-06-10", "refused-deadline-late")]
#[case(CHAIR, "cancel SEC#14", "refused-unplanned-meeting")]
#[case(CHAIR, "session S1 SEC#14 2014-04-08 09:00-10:00", "refused-unplanned-meeting")]
#[case(CHAIR, "session S1 SEC#10 2014-05-08 09:00-10:00", "refused-session-outside")]
fn what_contradicts_itself_or_is_not_allowed_changes_nothing(
    #[case] from: &str,
    #[case] text: &str,
    #[case] key: &str,
) {
    let mut world = World::new();
    let before = world.known.clone();
    assert_eq!(keys(&world.mail(from, text)), [key]);
    assert_eq!(world.known, before);
}

#[test]
fn a_meeting_of_the_past_is_entered_with_its_year() {
    let mut world = World::new();
    let entered = world.mail(CHAIR, "meeting SEC#8 in TP8 2013-12-09 to 2013-12-13 Miami");
    assert_eq!((keys(&entered), argument(&entered, "over")), (vec!["told-meeting"], "yes"));
    assert!(entered.announcements.is_empty());
    assert_eq!(
        keys(&world.mail(CHAIR, "meeting SEC#12 2013-09-01 to 2013-09-05 Rome")),
        ["told-meeting"],
        "no days yet"
    );
    assert_eq!(keys(&world.mail(CHAIR, "meeting SEC#11 2013-06-09")), ["refused-meeting-past"]);
    world.mail(CHAIR, "cancel SEC#11");
    assert_eq!(keys(&world.mail(CHAIR, "meeting SEC#11 2013-06-09")), ["told-meeting"]);
    let ahead = world.mail(CHAIR, "meeting SEC#13 2014-09-01");
    assert_eq!(argument(&ahead, "over"), "no");
}

#[test]
fn a_meeting_that_is_called_off_makes_nothing_overdue_and_can_be_planned_again() {
    let mut world = World::new();
    world.mail(CHAIR, "meeting SEC#11 2014-06-09 to 2014-06-13\ndue A-WG4-TP8-001 SEC#11");
    let off = world.mail(CHAIR, "cancel SEC#11");
    assert_eq!((keys(&off), argument(&off, "due")), (vec!["told-meeting-cancelled"], "1"));
    assert_eq!(known(&world, "SEC#11.0").first_day(), None);
    assert_eq!(world.mail(CHAIR, "cancel SEC#11").changes, []);
    assert_eq!(keys(&world.mail(CHAIR, "session S1 SEC#11 2014-06-09 09:00-10:00")), ["refused-cancelled-meeting"]);
    world.mail(CHAIR, "meeting SEC#11 2014-06-16 to 2014-06-20");
    assert_eq!(known(&world, "SEC#11.0").first_day().map(|day| day.to_string()).as_deref(), Some("2014-06-16"));
}

#[test]
fn a_session_keeps_its_name_and_its_room_when_it_moves() {
    let mut world = World::new();
    world.mail(CHAIR, "meeting SEC#11 2014-06-09 to 2014-06-13");
    world.mail(CHAIR, "session S1 SEC#11 2014-06-09 09:00-10:15 Opening");
    let other = world.mail(CHAIR, "session S2 SEC#11 2014-06-09 10:00-11:00");
    assert_eq!(argument(&other, "overlap"), "S1 Opening");
    world.mail(CHAIR, "session S1 SEC#11 2014-06-10 09:00-10:15");
    let sessions: Vec<String> = known(&world, "SEC#11.0").sessions.iter().map(ToString::to_string).collect();
    assert_eq!(sessions, ["2014-06-09 10:00-11:00 S2", "2014-06-10 09:00-10:15 S1 Opening"]);
    // "S10" is no "S1".
    world.mail(CHAIR, "session S10 SEC#11 2014-06-11 09:00-10:15");
    assert_eq!(known(&world, "SEC#11.0").sessions.len(), 3);
}

#[test]
fn what_one_mail_planned_can_be_taken_back() {
    let mut world = World::new();
    let planned = receipt(&world.mail(
        CHAIR,
        "meeting SEC#14 2014-06-09 to 2014-06-13\nsession S1 SEC#14 2014-06-09 09:00-10:00\nsession S1 SEC#14 2014-06-10 09:00-10:00",
    ));
    let moved = receipt(&world.mail(CHAIR, "session S1 SEC#14 2014-06-11 09:00-10:00"));
    assert_eq!(keys(&world.mail(CHAIR, &format!("undo {planned}"))), ["refused-undo-depends"]);
    assert_eq!(keys(&world.mail(CHAIR, &format!("undo {moved}"))), ["told-undone"]);
    assert_eq!(known(&world, "SEC#14.0").sessions[0].to_string(), "2014-06-10 09:00-10:00 S1");
    assert_eq!(keys(&world.mail(CHAIR, &format!("undo {planned}"))), ["told-undone"]);
    let left = known(&world, "SEC#14.0");
    assert!(left.is_empty() && left.cancelled);
    assert_eq!(keys(&world.mail(CHAIR, "cancel SEC#14")), ["refused-unplanned-meeting"]);
}

#[test]
fn a_session_that_was_moved_by_mail_stays_so_when_its_agenda_is_imported_again() {
    let mut world = World::new();
    let mut agenda = document();
    agenda.sessions = vec!["2014-06-09 15:45-17:00 [Break-out] WG4 (session S1)".parse().unwrap()];
    let import = |world: &mut World, agenda: &AgendaDocument| {
        world.input(Input::Agenda { document: Box::new(agenda.clone()), by: None })
    };
    import(&mut world, &agenda);
    world.mail(CHAIR, "session S1 SEC#11 2014-06-10 09:00-10:15");
    assert_eq!(import(&mut world, &agenda).changes, []);
    let sessions: Vec<String> = known(&world, "SEC#11.0").sessions.iter().map(ToString::to_string).collect();
    assert_eq!(sessions, ["2014-06-10 09:00-10:15 [Break-out] WG4 (session S1)"]);
}

#[test]
fn a_session_is_called_off_by_its_name() {
    let mut world = World::with_members();
    world.mail(CHAIR, "meeting SEC#11 2014-06-09 to 2014-06-13 Berlin");
    world.mail(CHAIR, "session S1 SEC#11 2014-06-09 09:00-10:15 Opening\nsession S2 SEC#11 2014-06-10 09:00-10:15");
    assert_eq!(keys(&world.mail(LEAD, "cancel session S1 SEC#11")), ["refused-meetings"]);
    assert_eq!(keys(&world.mail(CHAIR, "cancel session S3 SEC#11")), ["refused-no-session"]);
    assert_eq!(keys(&world.mail(CHAIR, "cancel session S1 SEC#11")), ["told-session-cancelled"]);
    let left: Vec<String> =
        world.known.meeting("SEC#11.0").unwrap().sessions.iter().map(|session| session.title.clone()).collect();
    assert_eq!(left, ["S2"]);
    assert_eq!(keys(&world.mail(CHAIR, "undo")), ["told-undone"]);
    assert_eq!(world.known.meeting("SEC#11.0").unwrap().sessions.len(), 2);
}
