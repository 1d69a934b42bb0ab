//! From an entry to what comes of it and the mails that it sends: the same in processing and in a
//! replay of the journal.

use data_encoding::BASE32_NOPAD;
use jiff::tz::TimeZone;
use sha2::{Digest as _, Sha256};

use crate::compose::{self, Catalogue, Letter, Thread};
use crate::decide::{self, ABOUT, Entry, Input, Known, MailInput, Needs, Outcome, Verdict};
use crate::domain::{EmailAddress, Recipient, Roster, Rules, Subject};
use crate::store::OutgoingMail;

use super::occasions;
use super::trust::Trust;

/// What an entry needs: for [`Store::rebuild`](crate::store::Store::rebuild).
pub const NEEDS: fn(&Entry) -> Needs = |entry| Needs::of(&entry.input);

/// Decides an entry and composes its mails. Gives the same for the same, however often it is run.
#[must_use]
pub fn replay(known: Known, entry: &Entry) -> (Outcome, Vec<OutgoingMail>) {
    decided(known, entry, None)
}

/// As [`replay`], with the tokens that mails carry which are really sent. A replay needs no secret:
/// where a reply goes is no part of what is compared.
pub(super) fn decided(known: Known, entry: &Entry, trust: Option<&Trust>) -> (Outcome, Vec<OutgoingMail>) {
    let outcome = decide::decide(known, entry);
    let mails = match (&outcome.known.rules, &entry.input) {
        (Some(rules), Input::Mail(mail)) => mails(rules, entry, mail, &outcome, trust),
        (Some(rules), Input::Occasion(due)) => {
            occasions::mail(rules, entry.at, due, &outcome, trust).into_iter().collect()
        }
        _ => Vec::new(),
    };
    (outcome, mails)
}

fn mails(
    rules: &Rules,
    entry: &Entry,
    mail: &MailInput,
    outcome: &Outcome,
    trust: Option<&Trust>,
) -> Vec<OutgoingMail> {
    let Some(catalogue) = Catalogue::of(&rules.language, &rules.references) else { return Vec::new() };
    let zone = TimeZone::get(&rules.time_zone).unwrap_or(TimeZone::UTC);
    let roster = &outcome.known.roster;
    // Its place among the mails of the entry makes it one of its own, whatever else is the same.
    let letter = |kind: &str, about: &str, to: &EmailAddress, place: usize| {
        let (at, place) = (entry.at.as_millisecond().to_string(), place.to_string());
        let occasion = [mail.message_id.as_str(), mail.receipt.as_str(), &at, &place, kind, about];
        let message_id = message_id(rules, kind, &recipient(rules, roster, to), &occasion);
        let reply_to = trust.and_then(|trust| trust.reply_to(roster, to, &message_id, entry.at));
        Letter {
            bot: rules.bot.clone(),
            group: rules.name.clone(),
            message_id,
            date: entry.at,
            zone: zone.clone(),
            reply_to,
        }
    };
    let mut mails = Vec::new();
    // The operator reads the answer on the terminal.
    let answer = outcome.answer.as_ref().filter(|_| mail.verdict != Verdict::Operator);
    if let Some(answer) = answer {
        let letter = letter("answer", "", &answer.to, mails.len());
        let thread = Thread {
            // A made identity has no "@", and is nothing that a mail client could thread by.
            message_id: Some(mail.message_id.clone()).filter(|id| id.contains('@')),
            references: mail.references.clone(),
            subject: mail.subject.clone(),
        };
        mails.push(OutgoingMail {
            raw: compose::answer(answer, &thread, &letter, catalogue),
            message_id: letter.message_id,
            recipient: answer.to.clone(),
            subject: compose::reply_subject(&mail.subject, ""),
            rows: answer.rows(),
            parked: None,
        });
    }
    for announced in &outcome.announcements {
        let meeting = &announced.meeting.reference;
        let letter = letter("meeting", &meeting.to_string(), &announced.to, mails.len());
        mails.push(OutgoingMail {
            raw: compose::announcement(announced, &letter, catalogue),
            subject: compose::announcement_subject(announced, &letter, catalogue),
            message_id: letter.message_id,
            recipient: announced.to.clone(),
            rows: vec![(ABOUT, Subject::Meeting(meeting.clone()))],
            parked: None,
        });
    }
    for notice in &outcome.notices {
        // The codes in the body make the Message-ID one that nobody can guess.
        let about = notice.body.iter().flat_map(|text| &text.arguments).map(|(_, value)| value.as_str());
        let about = about.collect::<Vec<_>>().join("\n");
        let letter = if rules.list.as_ref() == Some(&notice.to) {
            // The list's mails are named as digests are: by a tag in the address, which proves nobody.
            let letter = letter(occasions::KIND, &about, &notice.to, mails.len());
            Letter { reply_to: occasions::reply_address(rules, &letter.message_id), ..letter }
        } else {
            letter("ask", &about, &notice.to, mails.len())
        };
        mails.push(OutgoingMail {
            raw: compose::notice_of(notice, &letter, catalogue),
            message_id: letter.message_id,
            recipient: notice.to.clone(),
            subject: catalogue.say(&notice.subject),
            rows: vec![(1, notice.about.clone())],
            parked: None,
        });
    }
    mails
}

/// The Message-ID of every mail that is made here, `KIND.UNIQUE@DOMAIN`: fixed by whom it goes to and what occasions
/// it, so that sent again after a crash it is the same mail, and two mails are never one.
pub(super) fn message_id(rules: &Rules, kind: &str, recipient: &str, occasion: &[&str]) -> String {
    let parts: Vec<&str> = [rules.key.as_str(), recipient].iter().chain(occasion).copied().collect();
    let mut unique = BASE32_NOPAD.encode(&digest(&parts)).to_lowercase();
    unique.truncate(26);
    format!("{kind}.{unique}@{}", rules.bot.domain())
}

/// Whom a mail goes to, by number: a hash of an address would tell of who was forgotten. A stranger, whom no more than
/// one mail of an entry is for, has none.
fn recipient(rules: &Rules, roster: &Roster, to: &EmailAddress) -> String {
    let member = || roster.member_by_address(to).map(|member| Recipient::Member(member.id));
    let known = if rules.list.as_ref() == Some(to) { Some(Recipient::List) } else { member() };
    known.map_or_else(String::new, |known| known.to_string())
}

/// SHA-256 of several texts, none of which can be taken for a part of another.
pub(super) fn digest(parts: &[&str]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().into()
}

/// A receipt of six characters, made of what the mail is; `salt` makes another one where that is
/// taken.
pub(super) fn receipt(parts: &[&str], salt: u8) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz234567892";
    let salt = salt.to_string();
    let mut all = parts.to_vec();
    all.push(&salt);
    let hash = digest(&all);
    hash.iter().take(6).map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::Addressed;
    use crate::decide::Notice;
    use crate::decide::tests::world::World;
    use crate::domain::Text;

    #[test]
    fn equal_notices_are_mails_of_their_own() {
        let mut world = World::new();
        let mail = world.read("chair@example.org", "note A-WG4-TP8-005: x", Addressed::BotAlone, None);
        let notice = |to: &str| Notice {
            to: to.parse().unwrap(),
            about: "SEC#10.0".parse().unwrap(),
            subject: Text::new("subject-request").with("number", 1),
            body: Vec::new(),
        };
        let to = ["chair@example.org", "secretary@example.org", "chair@example.org", "x@example.org", "y@example.org"];
        let notices = to.into_iter().map(notice).collect();
        let outcome = Outcome { known: world.known.clone(), notices, ..Outcome::nothing() };
        let entry = Entry { at: world.at, input: Input::Mail(Box::new(mail.clone())) };
        let made = mails(&crate::decide::tests::world::rules(), &entry, &mail, &outcome, None);
        let ids: std::collections::BTreeSet<_> = made.iter().map(|mail| &mail.message_id).collect();
        assert_eq!(ids.len(), to.len(), "{ids:?}");
    }
}
