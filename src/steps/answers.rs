//! From an entry to what comes of it and the mails that it sends: the same in processing and in a
//! replay of the journal.

use data_encoding::BASE32_NOPAD;
use jiff::tz::TimeZone;
use sha2::{Digest as _, Sha256};

use crate::compose::{self, Catalogue, Letter, Thread};
use crate::decide::{self, ABOUT, Entry, Input, Known, MailInput, Needs, Outcome, Verdict};
use crate::domain::{EmailAddress, Rules, Subject};
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
    let letter = |kind: &str, about: &str, to: &EmailAddress| {
        let message_id = message_id(rules, entry, mail, kind, about);
        let reply_to = trust.and_then(|trust| trust.reply_to(&outcome.known.roster, to, &message_id, entry.at));
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
        let letter = letter("answer", &mail.receipt, &answer.to);
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
        let letter = letter("meeting", &meeting.to_string(), &announced.to);
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
            let letter = letter(occasions::KIND, &about, &notice.to);
            Letter { reply_to: occasions::reply_address(rules, &letter.message_id), ..letter }
        } else {
            letter("ask", &about, &notice.to)
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

/// A Message-ID fixed by what the mail answers: sent again after a crash, it is the same mail.
fn message_id(rules: &Rules, entry: &Entry, mail: &MailInput, kind: &str, about: &str) -> String {
    let at = entry.at.as_millisecond().to_string();
    let hash = digest(&[&rules.key, &mail.message_id, &at, kind, about]);
    let mut unique = BASE32_NOPAD.encode(&hash);
    unique.truncate(26);
    format!("{kind}.{}@{}", unique.to_lowercase(), rules.bot.domain())
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
