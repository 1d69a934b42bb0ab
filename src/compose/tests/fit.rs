//! How long a digest becomes, and that nothing in its links is a command where it is sent back.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{address, english, letter};
use crate::compose::{Letter, digest_html, digest_text, fitted};
use crate::decide::Digest;
use crate::decide::tests::world::*;
use crate::domain::{ApprovalState, EmailAddress, OccasionKind, Recipient, Status, Subject};
use crate::message;

/// The longest HTML that mail programs show at once.
const MOST: usize = 100_000;

/// An address with a token, and one as long as an address may be.
fn reply_addresses() -> [EmailAddress; 2] {
    let token = "abcdefghijklmnopqrstuvwxyz23456789";
    let domain = ["x".repeat(60), "y".repeat(60), "z".repeat(60), "example.org".to_owned()].join(".");
    [address(&format!("minuted+{token}@example.org")), address(&format!("minuted-of-the-group+{token}@{domain}"))]
}

/// A digest of a group with so many items, that many of them proposed, of such titles.
fn digest_of(items: usize, proposed: usize, contributions: usize, title: &str) -> Digest {
    let mut world = World::new();
    for number in 0..items {
        world.has(&format!("A-WG4-TP8-{:03}", number + 10), title, "Lead CATT", Status::Open);
        if number % 3 == 0 {
            world.set_due(&format!("A-WG4-TP8-{:03}", number + 10), "2014-04-01");
        }
    }
    for number in 0..proposed {
        world.has(&format!("P-WG4-{:03}", number + 10), title, title, Status::Proposed);
    }
    let texts: Vec<String> = (0..contributions)
        .map(|number| format!("register SEC-2014-{:04} \"Document\" for 7.2", number + 400))
        .collect();
    for lines in texts.chunks(40) {
        world.mail(CHAIR, &lines.join("\n"));
    }
    for known in world.known.contributions.values_mut() {
        title.clone_into(&mut known.title);
    }
    world.mail(
        CHAIR,
        &(0..contributions.min(40))
            .map(|at| format!("SEC-2014-{:04} noted, expect R01\n", at + 400))
            .collect::<String>(),
    );
    world.digest().unwrap()
}

fn length(html: &str) -> usize {
    html.replace('\n', "\r\n").len()
}

/// The numbers that stand before the rows.
fn numbers(html: &str) -> BTreeSet<u16> {
    let number = regex::Regex::new(r#">(\d+)\.</span> <strong"#).unwrap();
    number.captures_iter(html).map(|found| found[1].parse().unwrap()).collect()
}

/// Holds a digest to what each keeps, however long it would be.
fn holds(digest: &Digest) -> Result<(), TestCaseError> {
    let fitted = fitted(digest.clone(), &letter(), english());
    let rows: BTreeSet<u16> = fitted.rows().into_iter().map(|(number, _)| number).collect();
    for reply_to in reply_addresses() {
        let letter = Letter { reply_to: Some(reply_to), ..letter() };
        prop_assert_eq!(&super::fitted(digest.clone(), &letter, english()), &fitted, "the address cuts no row");
        let html = digest_html(&fitted, &letter, english());
        prop_assert!(length(&html) <= MOST, "{}", length(&html));
        prop_assert_eq!(&numbers(&html), &rows, "a reply may name what is shown and no more");
        let text = digest_text(&fitted, &letter, english()).replace('\n', " ");
        prop_assert_eq!(fitted.more_rows > 0, text.contains("\"list open\" and \"list proposed\""));
        prop_assert_eq!(fitted.more_documents > 0, text.contains("send \"list contributions\""));
    }
    let told = fitted.rows().len() + fitted.more_rows + fitted.more_documents;
    prop_assert_eq!(told, digest.rows().len() + digest.more_rows + digest.more_documents, "what is cut is counted");
    Ok(())
}

#[test]
fn a_digest_of_long_titles_in_wide_characters_is_cut_and_says_so() {
    let title = "機密性と完全性の要求条件".repeat(40);
    let digest = digest_of(120, 30, 60, &title);
    holds(&digest).unwrap();
    let news = digest.changed.len() + digest.more_changed;
    let fitted = fitted(digest, &letter(), english());
    assert!(fitted.more_rows > 80, "{}", fitted.more_rows);
    let html = digest_html(&fitted, &letter(), english());
    assert!(length(&html) > MOST - 10_000, "no more is cut than must be: {}", length(&html));
    assert!(html.contains("Without owner or due date: 8"), "the number of all stands above what is left");
    assert!(!fitted.changed.is_empty() && fitted.more_changed > 0, "some of what is new is told");
    assert!(html.contains(&format!("What has changed so far: {news}")), "{news}");
    assert!(html.contains(&format!("{} more have changed", news - fitted.changed.len())));
}

#[test]
fn what_is_overdue_is_cut_last_and_has_its_links_longest() {
    let digest = fitted(digest_of(160, 0, 0, "Specify the hop-by-hop security of nodes"), &letter(), english());
    assert_eq!(digest.more_rows, 0);
    let html = digest_html(&digest, &letter(), english());
    assert!(length(&html) <= MOST);
    let has_link = |reference: &str| html.contains(&format!("&#38;body=done%20{reference}%0D%0A"));
    assert!(has_link("A-WG4-TP8-010"), "overdue");
    assert!(!has_link("A-WG4-TP8-011"), "without a due date, and there is no room for its links");
    let title = "機密性".repeat(100);
    let digest = fitted(digest_of(180, 0, 0, &title), &letter(), english());
    let shown: Vec<String> = digest.rows().into_iter().map(|(_, subject)| subject.to_string()).collect();
    let overdue = |subject: &Subject| {
        let Subject::Action(reference) = subject else { return false };
        reference
            .to_string()
            .rsplit('-')
            .next()
            .and_then(|number| number.parse::<usize>().ok())
            .is_some_and(|it| it % 3 == 1)
    };
    assert_eq!(digest.rows().iter().filter(|(_, subject)| overdue(subject)).count(), 60, "{shown:?}");
}

#[test]
fn a_digest_of_many_approvals_and_sessions_is_cut_and_says_so() {
    let title = "機密性と完全性の要求条件".repeat(20);
    let mut world = World::new();
    world.known.contributions.clear();
    for number in 0..300 {
        let minutes = number % 2 == 0;
        let of = if minutes {
            format!("minutes SEC#{}.{}", 20 + number, 0)
        } else {
            format!("SEC-2014-{:04}R01", number + 400)
        };
        let mut approval = crate::domain::Approval::new(of.parse().unwrap());
        (approval.state, approval.until) = (ApprovalState::Open, Some("2014-05-05".parse().unwrap()));
        world.known.approvals.insert(approval.of.clone(), approval);
        let session = format!("2014-06-09 08:{:02}-17:00 [{title}] S{number} {title}", number % 60);
        world.known.meetings[2].sessions.push(session.parse().unwrap());
        world.has(&format!("A-WG4-TP8-{:03}", number + 10), &title, "Lead CATT", Status::Open);
    }
    let parts = [(OccasionKind::Weekly, "2014-W18"), (OccasionKind::Meeting, "SEC#11.0")];
    let digest = world.due(&Recipient::List, &parts, &[]).unwrap();
    holds(&digest).unwrap();
    let fitted = fitted(digest, &letter(), english());
    let text = digest_text(&fitted, &letter(), english()).replace('\n', " ");
    assert!(fitted.more_approvals > 0 && fitted.only_approval().is_none());
    assert!(text.contains(&format!("{} more e-mail approvals do not fit here.", fitted.more_approvals)), "{text}");
    assert!(text.contains("more sessions do not fit here. To see all, send \"status SEC#11.0\"."), "{text}");
}

#[test]
fn many_who_come_fit() {
    let mut world = World::new();
    world.rules().invitations = true;
    for number in 0..300 {
        let mut member = crate::domain::Member::new(number + 100);
        member.name = format!("機密性 {number} {}", "完全性".repeat(20));
        let address = address(&format!("m{number}@example.org"));
        member.addresses.push(address);
        world.known.roster.members.push(member);
        world.mail(&format!("m{number}@example.org"), "attending SEC#11");
    }
    let chair = world.known.roster.members.iter().find(|member| member.name == "Chair").unwrap().id;
    let digest = world.due(&Recipient::Member(chair), &[(OccasionKind::Meeting, "SEC#11.0")], &[]).unwrap();
    assert_eq!(digest.ahead[0].comes[0].names.len(), 300);
    holds(&digest).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(8) })]
    #[test]
    fn no_digest_is_longer_than_mail_programs_show(
        items in 0_usize..250, proposed in 0_usize..60, contributions in 0_usize..80,
        title in "(機|ß|a|<|&| |\"|\u{1F600}|א){1,400}",
    ) {
        holds(&digest_of(items, proposed, contributions, &title))?;
    }
}

#[test]
fn replies_that_are_ready_are_no_commands_where_a_mail_program_sends_their_words_back() {
    let mut world = World::new();
    world.set_due("A-WG4-TP8-001", "2014-04-01");
    world.has("P-WG4-001", "Proposed", "Lead CATT", Status::Proposed);
    world.has("A-WG4-TP8-004", "Done, they say", "Lead CATT", Status::ToBeConfirmed);
    world.mail(CHAIR, "approval 0243R01 until 2014-05-05");
    world.mail(LEAD, "extend A-WG4-TP8-001 2014-06-02");
    let digest = world.digest().unwrap();
    let html = digest_html(&digest, &letter(), english());
    for label in ["done", "more time, until 12 May 2014", "accept", "confirm that it is done", "support", "object"] {
        assert!(html.contains(&format!(">{label}</a>")), "{label}: {html}");
    }
    let mail = format!("From: member-catt@example.org\nContent-Type: text/html; charset=utf-8\n\n{html}");
    let read = message::read(mail.as_bytes()).author_text;
    assert!(read.contains("Reply:") && read.contains("Chair or secretary:"), "{read}");
    super::golden::is_silent(&read, "a digest as HTML");
}
