//! Contributions: what is decided of them by mail and by agendas, and by whom.

use super::world::*;
use crate::agenda::{AgendaDocument, ContributionRow};
use crate::command::Addressed;
use crate::decide::{Input, MailInput, Outcome, stands_at};
use crate::domain::{Contribution, RequestState, Status};

const PAPER: &str = "SEC-2014-0300";

fn import(world: &mut World, rows: Vec<ContributionRow>) -> Outcome {
    let document = AgendaDocument { contributions: rows, ..document() };
    world.input(Input::Agenda { document: Box::new(document), by: Some(address(SECRETARY)) })
}

/// A group with one contribution on an agenda.
fn with(reference_cell: &str, status: &str) -> World {
    let mut world = World::new();
    import(&mut world, vec![listed(reference_cell, status)]);
    world
}

fn listed(reference_cell: &str, status: &str) -> ContributionRow {
    ContributionRow { reference_cell: reference_cell.to_owned(), ..paper(PAPER, "Threats", status) }
}

fn paper_of(world: &World) -> &Contribution {
    &world.known.contributions[&PAPER.parse().unwrap()]
}

fn stands(world: &World) -> String {
    stands_at(paper_of(world), &world.known.meetings, "2014-01-01".parse().unwrap()).to_string()
}

fn left(world: &World) -> Vec<String> {
    paper_of(world).life.follow_ups_in_short()
}

fn waiting(world: &World) -> usize {
    world.known.requests.values().filter(|request| request.state == RequestState::Waiting).count()
}

#[test]
fn an_officer_records_a_decision_and_undoes_it() {
    let mut world = with("SEC-2014-0300R01 > R02", "R02 expected");
    let outcome = world.mail(SECRETARY, "SEC-2014-0300R02 agreed");
    assert_eq!(keys(&outcome), ["told-contribution"]);
    assert_eq!((stands(&world).as_str(), left(&world)), ("R02 agreed", vec!["post R02".to_owned()]));
    let decision = paper_of(&world).life.decisions.last().unwrap();
    assert_eq!(decision.trace.message.as_ref().map(|id| format!("answer-{id}")), Some(world.last_answer()));
    assert_eq!(decision.trace.by, Some(address(SECRETARY)));
    world.mail(SECRETARY, "undo");
    assert_eq!((stands(&world).as_str(), left(&world)), ("R01 open", vec!["revision R02".to_owned()]));
}

#[test]
fn an_undo_stops_where_something_was_decided_since() {
    let mut world = with("SEC-2014-0300", "");
    let first = world.mail(SECRETARY, "SEC-2014-0300 noted");
    world.mail(CHAIR, "SEC-2014-0300 keep open");
    let undone = world.mail(SECRETARY, &format!("undo {}", first.receipt.unwrap()));
    assert_eq!(keys(&undone), ["refused-undo-depends"]);
}

#[test]
fn sources_post_and_withdraw_and_decide_nothing() {
    let mut world = with("SEC-2014-0300", "R01 agreed (TBPosted)");
    assert_eq!(left(&world), ["post R01"]);
    assert_eq!(keys(&world.mail(OTHER, "posted SEC-2014-0300R01")), ["refused-sources-only"]);
    assert_eq!(keys(&world.mail(LEAD, "SEC-2014-0300R01 noted")), ["refused-decides"]);
    assert_eq!(keys(&world.mail(LEAD, "posted SEC-2014-0300R01")), ["told-posted"]);
    assert!(left(&world).is_empty());
    assert_eq!(keys(&world.mail(LEAD, "SEC-2014-0300R01 posted")), ["told-contribution-already"]);
    assert_eq!(keys(&world.mail(LEAD, "withdraw SEC-2014-0300")), ["refused-decided"], "the group has agreed it");
    let mut world = with("SEC-2014-0300", "Noted");
    world.mail(LEAD, "withdraw SEC-2014-0300");
    assert_eq!(stands(&world), "R00 withdrawn");
}

#[test]
fn a_rapporteur_decides_on_what_affects_the_deliverable() {
    let mut world = with("SEC-2014-0300", "");
    world.mail(CHAIR, &format!("role {OTHER} rapporteur of TS-0003"));
    world.mail(OTHER, "SEC-2014-0300 noted");
    assert_eq!(stands(&world), "R00 noted");
    assert_eq!(keys(&world.mail(OTHER, "SEC-2014-0243 noted")), ["refused-decides"]);
    assert_eq!(keys(&world.mail(OTHER, "SEC-2014-0300 keep open")), ["refused-decided"], "reopening is an officer's");
}

#[test]
fn what_is_posted_is_asked_for_where_a_revision_is_awaited_that_has_no_number() {
    let mut world = with("SEC-2014-0300R01", "Noted, revision expected");
    let outcome = world.mail(LEAD, "posted SEC-2014-0300");
    assert_eq!((keys(&outcome), outcome.changes.len()), (vec!["refused-which-revision"], 0));
    assert_eq!(argument(&outcome, "candidates"), "SEC-2014-0300R01, SEC-2014-0300R02");
    assert_eq!(keys(&world.mail(LEAD, "posted SEC-2014-0300R02")), ["told-posted"]);
}

#[test]
fn without_a_suffix_the_only_known_revision_is_meant_and_else_it_is_asked_for() {
    let mut world = with("SEC-2014-0300R01", "");
    world.mail(SECRETARY, "0300 noted");
    assert_eq!(stands(&world), "R01 noted");
    for (cell, status) in [("SEC-2014-0300R01 > R02", ""), ("SEC-2014-0300R01", "R02 expected")] {
        let mut world = with(cell, status);
        let outcome = world.mail(SECRETARY, "0300 agreed");
        assert_eq!(keys(&outcome), ["refused-which-revision"]);
        assert_eq!(argument(&outcome, "candidates"), "SEC-2014-0300R01, SEC-2014-0300R02");
        assert!(outcome.changes.is_empty());
        world.mail(SECRETARY, "0300 keep open");
        assert!(stands(&world).ends_with("open"), "what is kept open is the contribution itself");
    }
}

#[test]
fn what_is_noted_goes_on_by_a_higher_revision_or_a_reopening() {
    let mut world = with("SEC-2014-0300", "Noted");
    assert_eq!(keys(&world.mail(SECRETARY, "SEC-2014-0300 agreed")), ["refused-decided"]);
    world.mail(CHAIR, "reopen SEC-2014-0300");
    assert_eq!(stands(&world), "R00 open");
    world.mail(SECRETARY, "SEC-2014-0300 agreed");
    assert_eq!(stands(&world), "R00 agreed");
    let mut world = with("SEC-2014-0300", "Noted");
    world.mail(SECRETARY, "SEC-2014-0300R01 agreed");
    assert_eq!(stands(&world), "R01 agreed");
}

#[test]
fn an_attached_file_is_posted_by_its_sources_and_by_nobody_else() {
    for (from, posts) in [(LEAD, true), (SECRETARY, true), (OTHER, false), ("stranger@example.org", false)] {
        let mut world = with("SEC-2014-0300R01", "Noted, R02 expected");
        let mail = world.read(from, "Here it is.", Addressed::List, None);
        let mail = MailInput { posted: vec!["SEC-2014-0300R02".parse().unwrap()], ..mail };
        let outcome = world.input(Input::Mail(Box::new(mail.clone())));
        assert_eq!(!outcome.changes.is_empty(), posts, "{from}");
        assert!(outcome.answer.is_none(), "nobody on the list asked for an answer");
        assert_eq!(left(&world).is_empty(), posts);
        assert!(world.input(Input::Mail(Box::new(mail))).changes.is_empty(), "it is posted once");
    }
}

#[test]
fn an_agenda_meets_what_a_mail_left_to_do_and_contradictions_wait() {
    let mut world = with("SEC-2014-0300R01", "R02 expected");
    world.mail(SECRETARY, "SEC-2014-0300R02 noted");
    // The same words again act on nothing.
    assert!(import(&mut world, vec![listed("SEC-2014-0300R01", "R02 expected")]).changes.is_empty());
    import(&mut world, vec![listed("SEC-2014-0300R01 > R02", "R02 agreed")]);
    assert_eq!(stands(&world), "R02 noted", "by mail something else was decided");
    assert_eq!(waiting(&world), 1);
    assert!(left(&world).is_empty(), "what the document lists is available all the same");
    world.mail(CHAIR, "accept request 1");
    assert_eq!(stands(&world), "R02 agreed");
    import(&mut world, vec![listed("SEC-2014-0300R02 > R03", "R03 noted")]);
    assert_eq!(stands(&world), "R03 noted");
}

#[test]
fn the_same_decision_in_mail_and_agenda_is_one() {
    let mut world = with("SEC-2014-0300R01", "");
    world.mail(SECRETARY, "SEC-2014-0300R01 noted");
    import(&mut world, vec![listed("SEC-2014-0300R01", "Noted, R02 expected")]);
    assert_eq!(paper_of(&world).life.decisions.len(), 1);
    assert_eq!((left(&world), waiting(&world)), (vec!["revision R02".to_owned()], 0));
}

#[test]
fn a_doubtful_cell_decides_nothing_until_somebody_says_what_it_means() {
    let mut world = with("SEC-2014-0300R01", "Almost agreed");
    assert_eq!((stands(&world).as_str(), left(&world), waiting(&world)), ("R01 open", vec!["remark".to_owned()], 1));
    world.mail(SECRETARY, "list proposed");
    let list = world.last_answer();
    world.reply(SECRETARY, &list, "1: R02 agreed (TBPosted)");
    assert_eq!(
        (stands(&world).as_str(), left(&world), waiting(&world)),
        ("R02 agreed", vec!["post R02".to_owned()], 0)
    );
    assert!(import(&mut world, vec![listed("SEC-2014-0300R01", "Almost agreed")]).changes.is_empty());
    let mut world = with("SEC-2014-0300R01", "Noted\nslides to come");
    world.mail(SECRETARY, "list proposed");
    let list = world.last_answer();
    world.reply(SECRETARY, &list, "1 remark");
    assert_eq!((stands(&world).as_str(), left(&world), waiting(&world)), ("R01 noted", vec!["remark".to_owned()], 0));
}

#[test]
fn forty_lines_are_answered_once_with_what_could_not_be_applied_and_undone_together() {
    let mut world = World::new();
    let rows: Vec<ContributionRow> = (300..340)
        .map(|number| {
            let reference = format!("SEC-2014-0{number}");
            ContributionRow { reference_cell: reference.clone(), ..paper(&reference, "Threats", "") }
        })
        .collect();
    import(&mut world, rows);
    let before = world.known.contributions.clone();
    let mut lines: Vec<String> = (300..339).map(|number| format!("0{number} noted")).collect();
    lines.push("0999 noted".to_owned());
    let outcome = world.mail(SECRETARY, &lines.join("\n"));
    let told = keys(&outcome);
    assert_eq!(told.iter().filter(|key| **key == "told-contribution").count(), 39);
    assert_eq!(told.last(), Some(&"refused-unknown-contribution"));
    world.mail(SECRETARY, "undo");
    assert_eq!(world.known.contributions, before);
}

#[test]
fn a_contribution_is_registered_by_its_sources_and_can_be_posted() {
    let mut world = World::new();
    let registered = world.mail(LEAD, "register SEC-2014-0300 \"Threats\" for 7.2\nposted SEC-2014-0300");
    let known = paper_of(&world);
    assert_eq!(
        (known.title.as_str(), known.source.as_str(), known.agenda_item.as_str()),
        ("Threats", "Gemalto", "7.2")
    );
    assert_eq!(stands(&world), "R00 open");
    assert_eq!(keys(&world.mail(OTHER, "register SEC-2014-0300 \"Other\"")), ["told-registered-already"]);
    world.mail(CHAIR, &format!("undo {}", registered.receipt.unwrap()));
    assert_eq!(keys(&world.mail(CHAIR, "status SEC-2014-0300")), ["refused-unknown-contribution"]);
}

#[test]
fn an_action_that_a_decision_words_is_proposed_once_and_opens_nothing() {
    let mut world = with("SEC-2014-0300R01", "");
    let outcome = world.mail(SECRETARY, "SEC-2014-0300R01 agreed, action to align existing text");
    assert_eq!(keys(&outcome), ["told-contribution", "told-proposed-by-decision"]);
    let item = world.item("P-WG4-001");
    assert_eq!(item.what, "Align existing text (see SEC-2014-0300R01)");
    assert_eq!((item.status, item.who.as_str()), (Status::Proposed, "Member Gemalto"));
    assert_eq!(item.proposed_by, None, "an officer's decision is nobody's proposal");
    // The same in the agenda's cell proposes nothing more.
    import(&mut world, vec![listed("SEC-2014-0300R01", "Agreed, action to align existing text")]);
    assert_eq!(world.known.actions.keys().filter(|item| item.number().is_none()).count(), 1);
    assert_eq!(keys(&world.mail(CHAIR, "accept P-WG4-001")), ["told-accepted"]);
    let item = world.item("A-WG4-TP10-001");
    assert_eq!((item.status, item.who.as_str()), (Status::Open, "Member Gemalto"));
    assert_eq!(keys(&world.mail(SECRETARY, "undo")), ["refused-undo-depends"], "it was accepted since");
}

#[test]
fn an_agendas_cell_proposes_an_action_and_undo_takes_the_proposal_back() {
    let mut world = World::new();
    import(&mut world, vec![listed("SEC-2014-0300R01", "Agreed, action to align existing text")]);
    assert_eq!(world.status("P-WG4-001"), Status::Proposed);
    let mut world = with("SEC-2014-0300R01", "");
    world.mail(SECRETARY, "SEC-2014-0300R01 agreed, action to align existing text");
    assert_eq!(keys(&world.mail(SECRETARY, "undo")), ["told-undone"]);
    assert_eq!((world.status("P-WG4-001"), left(&world)), (Status::Cancelled, Vec::new()));
    world.mail(SECRETARY, "SEC-2014-0300R01 agreed, action to align existing text");
    assert_eq!(world.status("P-WG4-002"), Status::Proposed, "a number is never given again");
}

#[test]
fn an_action_of_several_sources_is_nobodys() {
    for (source, members, owner) in [
        ("Gemalto, Qualcomm", 0, ""),
        ("Gemalto", 1, ""),
        ("Qualcomm Inc.", 0, ""),
        ("Gemalto N.V", 0, "Member Gemalto"),
    ] {
        let mut world = World::new();
        import(&mut world, vec![ContributionRow { source: source.to_owned(), ..listed("SEC-2014-0300R01", "") }]);
        for _ in 0..members {
            world.mail(CHAIR, "member Another Member, Gemalto, another@example.org");
        }
        world.mail(CHAIR, "SEC-2014-0300R01 agreed, action to align existing text");
        assert_eq!(world.item("P-WG4-001").who.as_str(), owner, "{source}");
    }
}

#[test]
fn what_was_to_be_posted_is_left_no_more_once_a_higher_revision_came() {
    for line in ["posted SEC-2014-0300R02", "SEC-2014-0300R02 noted", "SEC-2014-0300R02 agreed"] {
        let mut world = with("SEC-2014-0300", "R01 agreed (TBPosted)");
        assert_eq!(left(&world), ["post R01"]);
        world.mail(SECRETARY, line);
        assert!(!left(&world).contains(&"post R01".to_owned()), "{line}: {:?}", left(&world));
        world.mail(SECRETARY, "undo");
        assert_eq!(left(&world), ["post R01"], "{line}");
    }
    let mut world = with("SEC-2014-0300 > R02", "");
    world.mail(SECRETARY, "SEC-2014-0300R01 noted");
    assert!(left(&world).is_empty(), "a higher one is there");
}

#[test]
fn a_file_that_was_not_posted_is_told_to_whoever_gets_an_answer() {
    let attached = |document: &str| crate::command::Line {
        number: 1,
        text: format!("attached: {document}-Threats.docx"),
        command: Ok(crate::command::Command::Attached { document: document.parse().unwrap() }),
        quoted: false,
    };
    for (document, key) in [
        ("SEC-2014-0399R01", "refused-unknown-contribution"),
        ("SEC-2014-0300R09", "refused-revision-far"),
        ("SEC-2014-0300R02", "refused-sources-only"),
    ] {
        let from = if key == "refused-sources-only" { OTHER } else { LEAD };
        for (text, addressed, told) in [
            ("#list mine", Addressed::List, vec!["told-below", key]),
            ("Here it is.", Addressed::List, Vec::new()),
            ("Here it is.", Addressed::Bot, Vec::new()),
            ("Here it is.", Addressed::BotAlone, vec![key]),
        ] {
            let mut world = with("SEC-2014-0300R01", "");
            let mut mail = world.read(from, text, addressed, None);
            mail.parsed.lines.push(attached(document));
            let outcome = world.input(Input::Mail(Box::new(mail)));
            assert_eq!((keys(&outcome), outcome.changes.len()), (told, 0), "{document} {text} {addressed:?}");
        }
    }
}

#[test]
fn a_contribution_is_registered_with_where_it_belongs_or_it_is_told() {
    let mut world = World::new();
    world.mail(LEAD, "register SEC-2014-0300 \"Threats\" for 7.2");
    let told = world.mail(LEAD, "register SEC-2014-0300 \"Threats\" for 7.2 for TS-0003");
    assert_eq!((keys(&told), argument(&told, "deliverable")), (vec!["told-registered"], "TS-0003"));
    let known = paper_of(&world);
    assert_eq!((known.agenda_item.as_str(), known.deliverable.as_deref()), ("7.2", Some("TS-0003")));
    assert_eq!(keys(&world.mail(LEAD, "register SEC-2014-0300 \"Threats\"")), ["told-registered-already"]);
    let refused = world.mail(LEAD, "register SEC-2014-0300 \"Threats\" for 7.1");
    assert_eq!((keys(&refused), argument(&refused, "now")), (vec!["refused-registered-for"], "7.2"));
    world.mail(SECRETARY, "undo");
    assert_eq!(keys(&world.mail(LEAD, "register SEC-2014-0301 \"Others\" for TS-0003, 7.1")), ["told-registered"]);
    assert_eq!(keys(&world.mail(OTHER, "register SEC-2014-0301 \"Others\" for whatever")), ["line-doubtful-tail"]);
}

#[test]
fn a_link_to_another_document_decides_nothing() {
    let mut world = with("SEC-2014-0300R01", "Replied to in SEC-2014-0243");
    let links = |world: &World| paper_of(world).life.links.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!((stands(&world).as_str(), left(&world)), ("R01 open", Vec::new()));
    assert_eq!(links(&world), ["replied to in SEC-2014-0243"]);
    let told = world.mail(SECRETARY, "SEC-2014-0300R01 discussed in S3-140123");
    assert_eq!((keys(&told), argument(&told, "links")), (vec!["told-linked"], "discussed in S3-140123"));
    assert_eq!(links(&world)[1..], ["discussed in S3-140123"]);
    world.mail(SECRETARY, "SEC-2014-0300 see SEC-2014-0255");
    assert_eq!((stands(&world).as_str(), left(&world)), ("R01 open", vec!["see SEC-2014-0255".to_owned()]));
    assert!(paper_of(&world).life.decisions.is_empty());
}
