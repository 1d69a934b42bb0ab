//! One raw message, read: what it says, where it was addressed, what it is a reply to.

use std::collections::HashMap;

use crate::agenda::{self, AgendaDocument, AgendaError};
use crate::command::{self, Addressed, Around, Command, Invited, Line, Parsed, Target};
use crate::domain::reference::scan::{fold, leading, scan};
use crate::domain::{
    Coming, DocumentRef, EmailAddress, MeetingRef, Reference, ReplyAddress, Rules, Stamp, Text, meeting_of,
    without_controls,
};
use crate::message::{CalendarAnswer, CalendarReply, Document, Message};

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use jiff::Timestamp;

use super::occasions::tagged;

/// The Message-IDs that a message replies to: In-Reply-To, or the end of References where a client
/// writes only that; and the digest whose tag stands in the address that they went to.
pub(super) fn replies_to(message: &Message) -> Vec<String> {
    let mut replied = if message.in_reply_to.is_empty() {
        message.references.last().cloned().into_iter().collect()
    } else {
        message.in_reply_to.clone()
    };
    // Nobody replies to more than a few; a mail that names thousands is hostile.
    for digest in tagged(message).take(4) {
        if !replied.contains(&digest) {
            replied.push(digest);
        }
    }
    replied
}

/// Every Message-ID that a message names of its thread, at most so many as a mail program writes.
pub(super) fn thread(message: &Message) -> Vec<String> {
    message.in_reply_to.iter().chain(&message.references).take(100).cloned().collect()
}

/// The mails that a message answers: those that it says it replies to, then those that tokens in its
/// addresses name, which count where a client has lost In-Reply-To.
pub(super) fn answered(message: &Message, named: &[String]) -> Vec<String> {
    let mut answered = replies_to(message);
    for mail in named {
        if !answered.contains(mail) {
            answered.push(mail.clone());
        }
    }
    answered
}

/// Where a message was addressed. `sent` has the bot's mails among those that it replies to, and to
/// whom they went: a reply to a mail that went to its sender addresses the bot, and one to a digest
/// that went to the list may name its rows.
pub(super) fn addressed(
    message: &Message,
    rules: &Rules,
    reply_address: Option<&ReplyAddress>,
    sent: &HashMap<String, EmailAddress>,
) -> Addressed {
    let bot = rules.bot.without_detail();
    let has_token = |address: &EmailAddress| reply_address.is_some_and(|form| form.token_in(address).is_some());
    let is_bot = |address: &EmailAddress| address.without_detail() == bot || has_token(address);
    let to_bot = message.recipients().any(is_bot);
    let sender = message.from.as_ref().map(|from| &from.address);
    let answers_bot = replies_to(message).iter().any(|id| sent.get(id).is_some_and(|to| Some(to) == sender));
    let answers_digest =
        replies_to(message).iter().any(|id| sent.get(id).is_some() && sent.get(id) == rules.list.as_ref());
    let alone = message.recipients().all(|address| is_bot(address) || Some(address) == sender);
    match (to_bot || answers_bot, alone) {
        (true, true) => Addressed::BotAlone,
        (true, false) => Addressed::Bot,
        (false, _) if answers_digest => Addressed::ListReply,
        (false, _) => Addressed::List,
    }
}

/// The commands and mentions of a message.
pub(super) fn parse(message: &Message, rules: &Rules, addressed: Addressed, received_at: Timestamp) -> Parsed {
    let Some(line) = invited(message, rules, addressed) else {
        return parse_text(message, &message.subject, rules, addressed, received_at);
    };
    let by_machine = message.calendar_reply.as_ref().is_some_and(|reply| reply.by_machine);
    if by_machine {
        return Parsed { lines: vec![line], ..Parsed::default() };
    }
    // The subject is the calendar program's, and so are lines that name the meeting and are no command. What else
    // stands there somebody has typed.
    let mut parsed = parse_text(message, "", rules, addressed, received_at);
    let meeting = line.command.as_ref().ok().and_then(|command| match command.targets().first() {
        Some(Target::Reference(Reference::Meeting(meeting))) => Some(meeting.clone()),
        _ => None,
    });
    let is_of_program = |text: &str| {
        let references = scan(text, &rules.references);
        !references.is_empty()
            && references.iter().all(|found| match (&found.reference, &meeting) {
                (Reference::Meeting(named), Some(meeting)) => named == meeting,
                (Reference::Plenary(_), _) => true,
                _ => false,
            })
    };
    parsed.lines.retain(|line| line.command.is_ok() || !is_of_program(&line.text));
    parsed.lines.insert(0, line);
    parsed
}

/// The commands and mentions of what was typed, and of what is attached.
fn parse_text(message: &Message, subject: &str, rules: &Rules, addressed: Addressed, received_at: Timestamp) -> Parsed {
    let around = Around {
        scheme: &rules.references,
        addressed,
        subject,
        today: rules.day(received_at),
        quoted: &message.quoted,
    };
    let mut parsed = command::parse(&message.author_text, &around);
    let is_marked = |text: &str| text.trim_start().starts_with('#');
    let unmarked = parsed.lines.iter().position(|line| !is_marked(&line.text));
    let recap = if is_agenda(&without_controls(&message.author_text), parsed.lines.len(), rules) {
        Some("line-agenda")
    } else if is_minutes(&message.subject)
        && parsed.lines.iter().filter(|line| line.command.is_ok() && !is_marked(&line.text)).count() > 1
    {
        Some("line-minutes")
    } else {
        None
    };
    if let (Some(first), Some(recap)) = (unmarked, recap) {
        // Its cells are what a document says, and no commands: the first of them is answered for all.
        let mut at = 0..;
        parsed.lines.retain(|line| at.next() == Some(first) || is_marked(&line.text));
        if let Some(line) = parsed.lines.get_mut(first) {
            line.command = Err(Text::new(recap));
        }
    }
    if matches!(addressed, Addressed::BotAlone | Addressed::Bot) {
        // First: what is said in the text may be about what the document has.
        let attached = attached(message, rules);
        if attached.iter().any(|line| line.command.is_ok()) {
            // Above an attached agenda, "Agenda SEC#10" says what it is.
            parsed.lines.retain(|line| !matches!(&line.command, Ok(Command::NextAgenda { .. })));
        }
        parsed.lines.splice(0..0, attached);
    }
    // The agenda's own document is none of the contributions.
    let is_agenda = |name: &str| parsed.lines.iter().any(|line| is_agenda_attached(line, name));
    let files = posted(message, rules).into_iter().filter(|(name, _)| !is_agenda(name)).map(|(_, line)| line);
    let files: Vec<Line> = files.collect();
    parsed.lines.extend(files);
    let named = message.attachments.iter().take(MOST_FILES).flat_map(|name| scan(&fold(name), &rules.references));
    for found in named {
        // Whatever comes of the file, it is about what its name names: other groups' documents, too.
        if is_whole(&found.reference) && !parsed.mentions.contains(&found.reference) {
            parsed.mentions.push(found.reference);
        }
    }
    parsed
}

/// Whether a reference says by itself what it means: in a file's name nothing gives the rest.
const fn is_whole(reference: &Reference) -> bool {
    !matches!(reference, Reference::Short { .. } | Reference::Revision(_))
}

/// A calendar's answer to an invitation of ours, as the line that says the same.
fn invited(message: &Message, rules: &Rules, addressed: Addressed) -> Option<Line> {
    let reply = message.calendar_reply.as_ref()?;
    let for_bot = matches!(addressed, Addressed::BotAlone | Addressed::Bot);
    let meeting = meeting_of(&reply.uid, &rules.bot).filter(|_| for_bot)?;
    let meeting = MeetingRef { style: rules.references.patterns.meeting, ..meeting };
    let coming = match reply.says {
        CalendarAnswer::Accepted => Some(Coming::Attending),
        CalendarAnswer::Declined => Some(Coming::Regrets),
        CalendarAnswer::Open | CalendarAnswer::Counter => None,
    };
    let counter = reply.says == CalendarAnswer::Counter;
    let text = match coming {
        Some(coming) => format!("{coming} {meeting}"),
        None if counter => format!("another time for {meeting}"),
        None => format!("tentative {meeting}"),
    };
    let CalendarReply { attendee, start, made, sequence, by_machine, .. } = reply.clone();
    let stamp = made.filter(|_| coming.is_some()).map(|made| Stamp { made, sequence });
    let invited = Some(Invited { attendee, start, stamp, counter, by_machine });
    let of = vec![Target::Reference(Reference::Meeting(meeting))];
    Some(Line { number: 1, text, command: Ok(Command::Attend { of, coming, invited }), quoted: false })
}

/// The agendas that are attached to a message, as lines that are answered. What is named like a
/// contribution is one, and what is no agenda by its name or its rows is let be.
fn attached(message: &Message, rules: &Rules) -> Vec<Line> {
    let line = |document: &Document| {
        let says_so = document.name.to_lowercase().contains("agenda");
        if !says_so && agenda::names_contribution(&document.name, &rules.references) {
            return None;
        }
        let (text, command) = match read_attached(document, rules) {
            Ok(mut read)
                if says_so
                    || read.made_from.is_some()
                    || read.action_items.len() + read.contributions.len() >= ROWS_OF_AGENDA =>
            {
                read.remarks.extend(document.loses.clone());
                // A copy of the mail with another document of that name says something else.
                let said = serde_json::to_vec(&read).unwrap_or_default();
                let hash = HEXLOWER.encode(&Sha256::digest(said));
                let text = format!("attached: {} ({})", document.name, hash.get(..8).unwrap_or_default());
                (text, Ok(Command::Agenda { document: Box::new(read) }))
            }
            Err(error) if says_so => {
                (format!("attached: {}", document.name), Err(Text::new("line-agenda-attached").with("reason", error)))
            }
            Ok(_) | Err(_) => return None,
        };
        Some(Line { number: 1, text, command, quoted: false })
    };
    message.documents.iter().filter_map(line).collect()
}

/// A document as an agenda. A spreadsheet is one where it says so, or is a copy of an export.
fn read_attached(document: &Document, rules: &Rules) -> Result<AgendaDocument, AgendaError> {
    let name = document.name.to_lowercase();
    if !name.ends_with(".csv") && !name.ends_with(".xlsx") {
        return agenda::read(&document.bytes, &rules.references);
    }
    let read = agenda::read_contributions(&document.bytes, &rules.references)?;
    if read.made_from.is_some() || name.contains("agenda") {
        return Ok(read);
    }
    Err(AgendaError::Sheet("this is a list of documents, and no agenda".to_owned()))
}

/// Whether a line is what an agenda of that name came to.
fn is_agenda_attached(line: &Line, name: &str) -> bool {
    matches!(line.command, Ok(Command::Agenda { .. }))
        && line.text.strip_prefix("attached: ").is_some_and(|text| text.starts_with(name))
}

/// At most so many files of one message are looked at.
const MOST_FILES: usize = 100;

/// Endings of files that are no document: mails that were sent on, signatures, invitations.
const NO_DOCUMENTS: [&str; 8] = ["eml", "msg", "mht", "asc", "sig", "p7s", "p7m", "ics"];

/// Words in the names of files that are about a contribution, and not the contribution.
const ABOUT: [&str; 6] = ["comment", "cmt", "review", "markup", "marked", "feedback"];

/// The contributions that attached files are, as lines that are acted on: each is named by its reference and its
/// title (`SEC-2014-0243R02-Overview.docx`). A name that speaks of comments or a review only refers to one.
fn posted<'m>(message: &'m Message, rules: &Rules) -> Vec<(&'m str, Line)> {
    let mut posted: Vec<(&str, Line)> = Vec::new();
    for name in message.attachments.iter().take(MOST_FILES) {
        let Some(document) = posted_as(name, rules) else { continue };
        let command = Ok(Command::Attached { document });
        if posted.iter().all(|(_, line)| line.command != command) {
            posted.push((name, Line { number: 1, text: format!("attached: {name}"), command, quoted: false }));
        }
    }
    posted
}

fn posted_as(name: &str, rules: &Rules) -> Option<DocumentRef> {
    let folded = fold(name);
    let (stem, ending) = folded.rsplit_once('.').unwrap_or((folded.as_str(), ""));
    if NO_DOCUMENTS.iter().any(|other| ending.eq_ignore_ascii_case(other)) {
        return None;
    }
    let body = rules.references.body.as_str();
    let start = stem.get(..body.len()).filter(|start| !body.is_empty() && start.eq_ignore_ascii_case(body));
    let own = start.map_or(stem, |start| stem[start.len()..].trim_start_matches(['-', '_', ' ']));
    let group = leading(own, &rules.references, false)?;
    let [found] = group.found.as_slice() else { return None };
    let Reference::Document(document) = &found.reference else { return None };
    // What was found may reach to the name's end: the title is all behind the number.
    let number = document.contribution.digits();
    let title = own.get(own.find(&number)? + number.len()..)?;
    let mut words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    // "Comments2", "commented", "reviewed": also with more behind it.
    let begins =
        |word: &str, about: &str| word.get(..about.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(about));
    let is_about = words.clone().any(|word| ABOUT.iter().any(|about| begins(word, about)));
    // Bodies that count with short years name a file by its number alone.
    let has_title = !document.contribution.numbering.is_usual()
        || words.any(|word| word.chars().filter(|c| c.is_alphabetic()).count() >= 3);
    (has_title && !is_about).then(|| document.clone())
}

/// Whether a subject is that of minutes, which recap what was decided (PRODUCT.md, section 5).
fn is_minutes(subject: &str) -> bool {
    subject.split(|c: char| !c.is_alphanumeric()).any(|word| word.eq_ignore_ascii_case("minutes") || word == "MoM")
}

/// Whether a message is a machine's, so that nothing in it acts. Where only words and names say so, a
/// member's mail with a command that is understood is none: a vacation's text and a bounce have no such line. A
/// file that is attached is none: bounces carry those of what came back.
pub(super) fn is_a_machines(message: &Message, parsed: &Parsed, is_members: bool) -> bool {
    let commands = || {
        let understood = parsed.lines.iter().filter_map(|line| line.command.as_ref().ok());
        understood.filter(|command| !matches!(command, Command::Attached { .. }))
    };
    let is_invited = commands().any(|command| matches!(command, Command::Attend { invited: Some(_), .. }));
    let is_by_words = message.automatic_by_words && is_members && commands().next().is_some();
    message.automatic.is_some() && !is_invited && !is_by_words
}

/// Rows of a document by which a text is known for an agenda.
const ROWS_OF_AGENDA: usize = 3;

/// So many lines of an agenda there are for one that looks like a command: who gives many commands at
/// once writes little else.
const LINES_A_COMMAND: usize = 4;

/// The longest text that is looked at, in octets: an agenda is some tens of thousands.
const LONGEST_AGENDA: usize = 1 << 20;

/// Whether somebody has put an agenda into the text of a mail, `commands` of whose lines look like some.
fn is_agenda(text: &str, commands: usize, rules: &Rules) -> bool {
    let enough = (ROWS_OF_AGENDA + commands) * LINES_A_COMMAND;
    let is_long = text.lines().filter(|line| !line.trim().is_empty()).take(enough).count() == enough;
    is_long
        && text.len() <= LONGEST_AGENDA
        && agenda::read(text.as_bytes(), &rules.references)
            .is_ok_and(|document| document.action_items.len() + document.contributions.len() >= ROWS_OF_AGENDA)
}

/// Mentions as they are kept: kind and reference.
pub(super) fn mentions(parsed: &Parsed) -> Vec<(String, String)> {
    parsed.mentions.iter().map(|reference| (kind(reference).to_owned(), reference.to_string())).collect()
}

const fn kind(reference: &Reference) -> &'static str {
    match reference {
        Reference::Action(_) => "action",
        Reference::Document(_) | Reference::Short { .. } | Reference::Revision(_) => "document",
        Reference::Meeting(_) => "meeting",
        Reference::Plenary(_) => "plenary",
        Reference::Deliverable(_) => "deliverable",
        Reference::Foreign(_) => "foreign",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines of a calendar's answer with that text above it, as the member's program has written it.
    fn lines_of_answer(subject: &str, text: &str, method: &str, headers: &str) -> Vec<String> {
        let raw = format!(
            "From: Member CATT <member-catt@example.org>\r\nTo: minuted@example.org\r\nSubject: {subject}\r\n\
             {headers}MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\
             Content-Type: text/plain\r\n\r\n{}\r\n--b\r\nContent-Type: text/calendar; method={method}\r\n\r\n\
             BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:{method}\r\nBEGIN:VEVENT\r\nUID:SEC-11.0.minuted@example.org\r\n\
             DTSTAMP:20140505T120000Z\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:member-catt@example.org\r\n\
             END:VEVENT\r\nEND:VCALENDAR\r\n--b--\r\n",
            text.replace('\n', "\r\n")
        );
        let rules = crate::decide::tests::world::rules();
        let message = crate::message::read(raw.as_bytes());
        let parsed = parse(&message, &rules, Addressed::BotAlone, "2014-05-05T12:01:00Z".parse().unwrap());
        parsed.lines.into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn what_a_calendar_program_writes_beside_an_answer_is_none_of_the_members_lines() {
        for (subject, text) in [
            ("Accepted: [oneM2M WG4 SEC] SEC#11.0 is planned", ""),
            ("Accepted: oneM2M WG4 SEC: SEC#11.0 (TP11)", "Member CATT has accepted this invitation."),
            (
                "Accept: SEC#11.0",
                "Accepted: oneM2M WG4 SEC: SEC#11.0 (TP11)\n\nSubject: SEC#11.0\nWhen: Mon Jun 9, 2014",
            ),
            ("Accepted: SEC#11.0", "Yes, I will attend.\n\nThe following meeting has been accepted: SEC#11.0 (TP11)"),
            (
                "Accepted: SEC#11.0 @ Mon 9 June 2014 - Fri 13 June 2014 (CEST)",
                "Member CATT has accepted this invitation.\n\noneM2M WG4 SEC: SEC#11.0 (TP11)\n\
                 Contributions until 2 June 2014\nMonday, 9 June 2014, 15:45 to 17:00: S1 Opening\n\n\
                 Monday 9 Jun 2014 to Friday 13 Jun 2014\nSophia Antipolis",
            ),
        ] {
            assert_eq!(lines_of_answer(subject, text, "REPLY", ""), ["attending SEC#11.0"], "{text}");
        }
        let typed = "done A-WG4-TP8-001\n\nI shall come late, on Tuesday.";
        assert_eq!(
            lines_of_answer("Accepted: SEC#11.0", typed, "REPLY", ""),
            ["attending SEC#11.0", "done A-WG4-TP8-001"]
        );
        assert_eq!(lines_of_answer("Accepted: SEC#11.0", "clsoe A-WG4-TP8-001", "REPLY", "").len(), 2, "a near miss");
        assert_eq!(
            lines_of_answer("Accepted: SEC#11.0", typed, "REPLY", "Auto-Submitted: auto-generated\r\n"),
            ["attending SEC#11.0"]
        );
        assert_eq!(lines_of_answer("New time: SEC#11.0", "", "COUNTER", ""), ["another time for SEC#11.0"]);
    }

    #[test]
    fn a_file_is_a_contribution_by_its_reference_and_title() {
        let message = |name: &str| Message { attachments: vec![name.to_owned()], ..Message::default() };
        let rules: Rules = serde_json::from_value(serde_json::json!({
            "key": "sec", "name": "SEC", "bot": "minuted@example.org", "list": null,
            "references": crate::domain::ReferenceScheme::default(), "closing": "owner", "time_zone": "UTC",
            "answers_per_hour": 10, "language": "en",
        }))
        .unwrap();
        let posted = |name: &str| {
            let message = message(name);
            let lines = posted(&message, &rules).into_iter();
            let documents = lines.filter_map(|(_, line)| match line.command {
                Ok(Command::Attached { document }) => Some(document.to_string()),
                _ => None,
            });
            documents.collect::<Vec<_>>()
        };
        for name in [
            "SEC-2014-0243R02-Overview.docx",
            "oneM2M-SEC-2014-0243R02-Overview_of_Security_Frameworks.docx",
            "SEC_2014_0243_R02_Overview.pdf",
            "SEC-2014-0243R02 Overview of Frameworks.zip",
        ] {
            assert_eq!(posted(name), ["SEC-2014-0243R02"], "{name}");
        }
        assert_eq!(posted("SEC-2014-0243-Overview.docx"), ["SEC-2014-0243"]);
        for name in
            ["SEC-2014-0243R02-Overview.eml", "SEC-2014-0243R02-Overview.MSG", "SEC-2014-0243R02-Overview.docx.asc"]
        {
            assert_eq!(posted(name), [""; 0], "{name}");
        }
        for name in [
            "SEC-2014-0243R02-comments.docx",
            "SEC-2014-0243R02-Overview_review_by_us.docx",
            "SEC-2014-0243R02-Overview-markup.docx",
            "SEC-2014-0243R02-Overview_Comments2.docx",
            "SEC-2014-0243R02.docx",
            "Comments_to_SEC-2014-0243R02-Overview.docx",
            "SEC-10.0-agenda.docx",
            "S3-140123-Overview.docx",
        ] {
            assert!(posted(name).is_empty(), "{name}");
        }
    }
}
