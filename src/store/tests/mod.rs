//! The store on real SQLite files in temporary directories.

mod decisions;
mod exports;
mod mail;
mod occasions;
mod opening;
mod replay;
mod trust;

use jiff::Timestamp;

use crate::decide::{Answer, Entry, Input, Known, MailInput, Outcome, Verdict};
use crate::domain::{Change, Rules, Subject};

use super::{Arrival, GroupId, MessageState, OutgoingMail, Read, Store};

/// A database of its own, which goes when it is dropped.
struct Place {
    directory: tempfile::TempDir,
    store: Store,
    group: GroupId,
}

async fn place() -> Place {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(&directory.path().join("minuted.db")).await.unwrap();
    let group = store.group("sec").await.unwrap();
    Place { directory, store, group }
}

/// A time, in seconds after the tests' beginning.
fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_396_861_200 + seconds).unwrap()
}

fn arrival(uid: &str, raw: &str) -> Arrival {
    Arrival {
        uid: uid.to_owned(),
        received_at: at(0),
        size: raw.len() as u64,
        archive: false,
        may_come_again: false,
        raw: raw.as_bytes().to_vec(),
        problem: None,
    }
}

fn read(id: i64, message_id: &str) -> Read {
    Read {
        id,
        state: MessageState::Done,
        reason: None,
        message_id: Some(message_id.to_owned()),
        sent_at: Some(at(-60)),
        from: Some("member-catt@example.org".to_owned()),
        subject: Some("Re: SEC#10.0".to_owned()),
        automatic: None,
        lines: vec!["close A-WG4-TP8-003".to_owned()],
        claimed: false,
        mentions: vec![
            ("action".to_owned(), "A-WG4-TP8-003".to_owned()),
            ("document".to_owned(), "SEC-2014-0243R01".to_owned()),
        ],
    }
}

fn change(subject: &str, field: &str, from: Option<&str>, to: Option<&str>) -> Change {
    let subject: Subject = subject.parse().unwrap();
    Change::new(subject, field, from.map(ToOwned::to_owned), to.map(ToOwned::to_owned))
}

fn mail_entry(message_id: &str, seconds: i64) -> Entry {
    Entry {
        at: at(seconds),
        input: Input::Mail(Box::new(MailInput {
            message_id: message_id.to_owned(),
            from: "member-catt@example.org".parse().unwrap(),
            name: "CATT".to_owned(),
            by_name: false,
            verdict: Verdict::Claimed,
            evidence: crate::decide::Evidence::default(),
            answer_unknown: false,
            held_at: None,
            hold_code: None,
            has_text: true,
            addressed: crate::command::Addressed::Bot,
            subject: "Re: SEC#10.0".to_owned(),
            in_reply_to: Vec::new(),
            references: Vec::new(),
            codes: Vec::new(),
            parsed: crate::command::Parsed::default(),
            unreadable: None,
            posted: Vec::new(),
            already: Vec::new(),
            claimed_before: false,
            displaces: false,
            receipt: format!("r-{message_id}"),
        })),
    }
}

fn rules() -> Rules {
    Rules {
        key: "sec".to_owned(),
        name: "oneM2M WG4 SEC".to_owned(),
        bot: "minuted@example.org".parse().unwrap(),
        list: Some("sec@example.org".parse().unwrap()),
        digest: crate::domain::DigestRules::default(),
        reminders: crate::domain::ReminderRules::default(),
        quiet: crate::domain::QuietRules::default(),
        invitations: false,
        references: crate::domain::ReferenceScheme::default(),
        closing: crate::domain::Closing::Owner,
        time_zone: "Europe/Berlin".to_owned(),
        answers_per_hour: 20,
        language: "en".to_owned(),
        senders: crate::domain::Senders::Claimed,
        announcers: Vec::new(),
    }
}

/// The outcome of changes that are applied one after the other.
fn outcome(mut known: Known, changes: Vec<Change>, receipt: Option<&str>) -> Outcome {
    for change in &changes {
        known.apply(change).unwrap();
    }
    Outcome {
        by: "member-catt@example.org".to_owned(),
        changes,
        known,
        answer: Some(Answer::new("member-catt@example.org".parse().unwrap())),
        occasion: None,
        notices: Vec::new(),
        announcements: Vec::new(),
        receipt: receipt.map(ToOwned::to_owned),
        undone: None,
        cells: Vec::new(),
        exports: Vec::new(),
        released: Vec::new(),
    }
}

fn mail(message_id: &str, rows: &[(u16, &str)]) -> OutgoingMail {
    OutgoingMail {
        message_id: message_id.to_owned(),
        recipient: "member-catt@example.org".parse().unwrap(),
        subject: "Re: SEC#10.0".to_owned(),
        raw: format!("Message-ID: <{message_id}>\r\n\r\n1: closed\r\n").into_bytes(),
        rows: rows.iter().map(|(number, subject)| (*number, subject.parse().unwrap())).collect(),
        parked: None,
    }
}
