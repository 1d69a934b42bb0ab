//! The group file, imported once and again.

use super::world::*;
use crate::decide::{Input, LineOutcome, Outcome};
use crate::domain::{Organization, Role, RosterMember};

fn import(world: &mut World, organizations: Vec<Organization>, members: Vec<RosterMember>) -> Outcome {
    world.input(Input::Roster { organizations, members })
}

#[test]
fn the_same_file_again_changes_nothing() {
    let mut world = World::empty();
    let organizations = vec![organization("Gemalto", "Gemalto N.V")];
    let members = vec![person("Member Gemalto", "Gemalto N.V", LEAD, &[Role::Secretary])];
    let first = import(&mut world, organizations.clone(), members.clone());
    assert_eq!(outcomes(&first), [LineOutcome::Done]);
    assert_eq!((argument(&first, "members"), argument(&first, "organizations")), ("1", "1"));
    let again = import(&mut world, organizations, members);
    assert_eq!((outcomes(&again), again.changes.len()), (vec![LineOutcome::Unchanged], 0));
}

#[test]
fn an_import_adds_and_corrects_and_takes_nothing_away() {
    let mut world = World::new();
    world.mail(CHAIR, "role member-catt@example.org vice-chair\nmember member-qualcomm@example.org left");
    let mut corrected = person("Member Gemalto (Paris)", "Gemalto", LEAD, &[Role::Rapporteur("TS-0003".to_owned())]);
    corrected.addresses.push(address("gemalto-home@example.net"));
    import(
        &mut world,
        vec![organization("Gemalto", "GTO")],
        vec![
            corrected,
            person("New", "Nokia", "new@example.org", &[]),
            person("Member Qualcomm", "Qualcomm", SUPPORTER, &[]),
        ],
    );
    let roster = &world.known.roster;
    assert_eq!(roster.members.len(), 6);
    let lead = roster.member_by_address(&address(LEAD)).unwrap();
    assert_eq!((lead.name.as_str(), lead.addresses.len(), lead.roles.len()), ("Member Gemalto (Paris)", 2, 1));
    assert_eq!(roster.organization("Gemalto").unwrap().aliases, ["Gemalto N.V", "GTO"]);
    // What was said by mail stays.
    assert_eq!(roster.member_by_address(&address(OTHER)).unwrap().roles, [Role::ViceChair]);
    assert!(roster.member_by_address(&address(SUPPORTER)).unwrap().left);
    assert!(roster.member_by_address(&address(CHAIR)).unwrap().is_officer());
}

#[test]
fn a_role_that_was_taken_away_by_mail_is_not_granted_by_the_same_file_again() {
    let mut world = World::empty();
    let chair = person("Chair", "Gemalto", CHAIR, &[Role::Chair]);
    let file = |lead: &str, roles: &[Role]| vec![chair.clone(), person(lead, "Gemalto", LEAD, roles)];
    import(&mut world, vec![organization("Gemalto", "GTO")], file("Member Gemalto", &[Role::Secretary]));
    world.mail(CHAIR, &format!("role {LEAD} no secretary"));
    let roles = |world: &World| world.known.roster.member_by_address(&address(LEAD)).unwrap().roles.clone();
    assert_eq!(roles(&world), []);
    assert_eq!(import(&mut world, Vec::new(), file("Member Gemalto", &[Role::Secretary])).changes, []);
    // Another entry acts in what is other.
    let corrected = import(&mut world, Vec::new(), file("Member of Gemalto", &[Role::Secretary]));
    assert_eq!((corrected.changes.len(), roles(&world)), (1, vec![]));
    import(&mut world, Vec::new(), file("Member of Gemalto", &[]));
    import(&mut world, Vec::new(), file("Member of Gemalto", &[Role::Secretary]));
    assert_eq!(roles(&world), [Role::Secretary], "taken out of the file and put in again, it is meant");
}

#[test]
fn an_entry_with_the_addresses_of_two_members_is_refused_and_the_rest_goes_on() {
    let mut world = World::new();
    let mut both = person("Both", "CATT", LEAD, &[]);
    both.addresses.push(address(OTHER));
    let outcome = import(&mut world, Vec::new(), vec![both, person("New", "CATT", "new@example.org", &[])]);
    assert_eq!(keys(&outcome), ["refused-two-members", "told-roster"]);
    assert_eq!(world.known.roster.members.len(), 6);
}
