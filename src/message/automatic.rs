//! Whether a machine wrote a message, and which kind of machine.
//!
//! What the sender's system states about itself comes first (RFC 3834, RFC 3464, RFC 8098, and the
//! fields of [`fields`]). Where gateways, lists and old programs leave none of that, two signs are
//! needed that a person's mail does not have together: a subject and a text, or a subject and a
//! sender. A person's mail that is taken for a machine's does nothing, and nobody is told.

use super::headers::Headers;
use super::structure::Part;
use super::words::{
    AUTOMATIC_PREFIXES, AUTOMATIC_SUBJECTS, AWAY_SUBJECTS, AWAY_TEXTS, NOTICE_SUBJECTS, NOTICE_TEXTS, RECEIPT_SUBJECTS,
    RECEIPT_TEXTS, REPORT_NAMES, REPORT_SUBJECTS, REPORT_TEXTS, ROBOTS,
};
use super::{Automatic, Message, html};
use crate::domain::without_controls;

mod fields;

/// The field that marks minuted's own mails.
const OWN_MARK: &str = "X-Minuted";

/// What is looked at of a text, in written lines and in bytes: machines come to the point.
const MOST_LINES: usize = 40;
const LONGEST: usize = 8 * 1024;

/// Why a message is a machine's, and by what sign that was seen.
pub(super) type Sign = (Automatic, String);

/// Why a message is a machine's, or `None` where it is a human's.
///
/// Of a subject alone only the prefixes count that Exchange and others put before it ("Automatic
/// reply:"): who writes one by hand misses an answer. Other words prove nothing, since people do
/// write "Vacation: who stands in for me".
pub(super) fn automatic(headers: &Headers<'_>, message: &Message, parts: &[Part<'_>]) -> Option<Sign> {
    by_structure(headers, parts).or_else(|| by_fields(headers, message)).or_else(|| by_words(headers, message, parts))
}

/// Whether a message is a machine's beyond doubt: by its structure, by a field that only machines write, or
/// by what only a program puts before a subject. Other words and names people have, too.
pub(super) fn is_certain(headers: &Headers<'_>, message: &Message, parts: &[Part<'_>]) -> bool {
    let precedence = headers.text("Precedence").unwrap_or_default();
    precedence.eq_ignore_ascii_case("bulk")
        || precedence.eq_ignore_ascii_case("junk")
        || by_structure(headers, parts).is_some()
        || by_fields(headers, message).is_some()
        || AUTOMATIC_PREFIXES.found(&message.subject)
        || null_return_path(headers)
}

/// Whether a field of the message says that a machine sent it.
pub(super) fn has_mark(headers: &Headers<'_>, message: &Message) -> bool {
    by_fields(headers, message).is_some()
}

/// The author's text begins as only programs begin. Lists and gateways drop what the fields said.
pub(super) fn by_text(author_text: &str) -> Option<Sign> {
    let author_text = without_controls(author_text);
    let text = author_text.trim_start_matches(|c: char| !c.is_alphanumeric());
    AWAY_TEXTS.found(text).then(|| (Automatic::AutoReply, "its text begins as programs write it".to_owned()))
}

fn by_structure(headers: &Headers<'_>, parts: &[Part<'_>]) -> Option<Sign> {
    if headers.has(OWN_MARK) {
        return Some((Automatic::Robot, format!("the field {OWN_MARK}")));
    }
    if let Some(media) = reports(parts) {
        return Some((Automatic::Report, format!("it is {media}")));
    }
    if parts.iter().any(|part| part.media == "multipart/digest" && !part.attached) {
        return Some((Automatic::Digest, "it holds a multipart/digest".to_owned()));
    }
    let reply = parts.iter().find_map(calendar_reply)?;
    Some((Automatic::CalendarReply, format!("it is a calendar's {reply}")))
}

/// The message is a report (RFC 6522), also where a list has put its footer below it. A report that
/// somebody forwards stands below that person's text.
fn reports<'p>(parts: &'p [Part<'_>]) -> Option<&'p str> {
    let mut index = 0;
    loop {
        let part = parts.get(index)?;
        match part.media.as_str() {
            media @ ("multipart/report"
            | "message/delivery-status"
            | "message/global-delivery-status"
            | "message/disposition-notification"
            | "message/feedback-report") => return Some(media),
            "multipart/mixed" | "multipart/signed" => {
                index = parts.iter().skip(index + 1).position(|part| part.parent == Some(index))? + index + 1;
            }
            _ => return None,
        }
    }
}

/// What a calendar program answers by itself to an invitation (RFC 5546, sections 3.2.3 to 3.2.8).
fn calendar_reply(part: &Part<'_>) -> Option<&'static str> {
    const ANSWERS: [&str; 4] = ["REPLY", "COUNTER", "DECLINECOUNTER", "REFRESH"];
    if part.media != "text/calendar" || part.attached {
        return None;
    }
    let method = match part.parameter("method") {
        Some(method) => method.to_owned(),
        None => {
            let text = part.text()?;
            let line = text.lines().take(20).find(|line| line.get(..7).is_some_and(|key| key == "METHOD:"))?;
            line.get(7..)?.to_owned()
        }
    };
    ANSWERS.into_iter().find(|answer| method.trim().eq_ignore_ascii_case(answer))
}

fn by_fields(headers: &Headers<'_>, message: &Message) -> Option<Sign> {
    if let Some((kind, field)) = auto_submitted(headers) {
        let replied = kind == Automatic::AutoSubmitted && AUTOMATIC_SUBJECTS.found(&message.subject);
        return Some((if replied { Automatic::AutoReply } else { kind }, field));
    }
    fields::found(headers).map(|(kind, field)| (kind, format!("the field {field}")))
}

/// Auto-Submitted (RFC 3834, section 5): anything but `no`, parameters and comments left off.
fn auto_submitted(headers: &Headers<'_>) -> Option<Sign> {
    ["Auto-Submitted", "Autosubmitted", "X-Auto-Submitted"].into_iter().find_map(|name| {
        let value = headers.text(name)?.to_lowercase();
        let keyword = value.split([';', '(', ' ', '\t']).find(|word| !word.is_empty())?;
        let kind = match keyword {
            "no" => return None,
            "auto-replied" => Automatic::AutoReply,
            _ => Automatic::AutoSubmitted,
        };
        Some((kind, format!("the field {name}")))
    })
}

fn by_words(headers: &Headers<'_>, message: &Message, parts: &[Part<'_>]) -> Option<Sign> {
    let subject = message.subject.as_str();
    // Gateways and lists drop the fields above, and the subject is all that is left.
    if AUTOMATIC_PREFIXES.found(subject) || is_notes_absence(subject) {
        return Some((Automatic::AutoReply, "its subject begins as programs write it".to_owned()));
    }
    let precedence = headers.text("Precedence").unwrap_or_default();
    let is_bulk = precedence.eq_ignore_ascii_case("bulk") || precedence.eq_ignore_ascii_case("junk");
    let from = Sender::of(headers, message);
    let bounce = null_return_path(headers);
    // Exchange writes the suppress field into people's mails too; only with the subject is it a sign.
    if (bounce || from.is_robot || is_bulk || headers.has("X-Auto-Response-Suppress"))
        && (AUTOMATIC_SUBJECTS.found(subject) || AWAY_SUBJECTS.found(subject))
    {
        return Some((Automatic::AutoReply, "its subject, and that nobody is to answer it".to_owned()));
    }
    if bounce {
        return Some((Automatic::Report, "an empty Return-Path".to_owned()));
    }
    if from.is_robot {
        return Some((Automatic::Robot, "its sender's address".to_owned()));
    }
    if from.is_system && message.from.is_none() {
        return Some((Automatic::Report, "its sender's name, without an address".to_owned()));
    }
    if let Some(sign) = by_subject_and_text(subject, &from, parts) {
        return Some(sign);
    }
    let is_notice = NOTICE_SUBJECTS.found(subject);
    // Welcomes and questions of Mailman look like a list's posts but for whom they are from.
    if from.is_list_manager && (is_bulk || is_notice || message.by_list) {
        return Some((Automatic::Robot, "a list manager's address, and its subject, Precedence or list".to_owned()));
    }
    (is_bulk && !message.by_list && !by_list(headers))
        .then(|| (Automatic::Bulk, format!("Precedence: {}", precedence.to_lowercase())))
}

/// `AUTO: Kim Park is out of the office (returning 06/10/2014)`, as Lotus Notes writes it.
fn is_notes_absence(subject: &str) -> bool {
    let auto = subject.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("auto:"));
    let returning = subject.trim_end_matches('.').ends_with(')')
        && subject
            .rsplit_once('(')
            .is_some_and(|(_, date)| date.bytes().filter(u8::is_ascii_digit).count() >= 3 && date.contains(' '));
    (auto || returning) && AWAY_SUBJECTS.found(subject)
}

/// Reports, receipts, notices and challenges without a field that says so. The text is decoded only
/// where the subject or the sender's name gives a reason to.
fn by_subject_and_text(subject: &str, from: &Sender, parts: &[Part<'_>]) -> Option<Sign> {
    let report = from.is_system || REPORT_SUBJECTS.found(subject);
    let receipt = RECEIPT_SUBJECTS.found(subject);
    let notice = NOTICE_SUBJECTS.found(subject);
    let away = AUTOMATIC_SUBJECTS.found(subject) || AWAY_SUBJECTS.found(subject);
    if !(report || receipt || notice || away) {
        return None;
    }
    if report && parts.iter().any(|part| part.media == "message/delivery-status") {
        return Some((Automatic::Report, "its subject or sender's name, and a message/delivery-status".to_owned()));
    }
    let text = beginning(parts);
    let kind = if report && REPORT_TEXTS.found(&text) || receipt && RECEIPT_TEXTS.found(&text) {
        Automatic::Report
    } else if notice && NOTICE_TEXTS.found(&text) || complains(subject, parts) {
        Automatic::Robot
    } else if away && by_text(&text).is_some() {
        Automatic::AutoReply
    } else {
        return None;
    };
    Some((kind, "its subject and its text are a machine's".to_owned()))
}

/// A complaint about a mail with nothing in it but that mail, as feedback loops sent it before RFC 5965.
fn complains(subject: &str, parts: &[Part<'_>]) -> bool {
    let mut leaves = parts.iter().filter(|part| !part.media.starts_with("multipart/"));
    let only = leaves.next().is_some_and(|part| part.media == "message/rfc822") && leaves.next().is_none();
    only && NOTICE_SUBJECTS.found(subject)
}

/// The first unquoted lines of the first text, as one line: programs wrap where they like.
fn beginning(parts: &[Part<'_>]) -> String {
    let text = parts.iter().find(|part| part.media.starts_with("text/") && !part.attached);
    let Some(text) = text.and_then(|part| Some((part.media == "text/html", part.text()?))) else {
        return String::new();
    };
    let lines: Vec<String> = match text {
        (true, markup) => html::lines(&markup, false).into_iter().map(|line| line.text).take(MOST_LINES * 4).collect(),
        (false, text) => text.lines().take(MOST_LINES * 4).map(str::to_owned).collect(),
    };
    let written = lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty() && !line.starts_with('>'));
    let mut beginning = String::new();
    for line in written.take(MOST_LINES) {
        let left = LONGEST.saturating_sub(beginning.len());
        let line =
            line.get(..left).unwrap_or_else(|| line.char_indices().nth(left / 4).map_or(line, |(at, _)| &line[..at]));
        beginning.push_str(line);
        beginning.push(' ');
        if beginning.len() >= LONGEST {
            break;
        }
    }
    beginning
}

/// What From says of who sent it.
struct Sender {
    /// An address at which no human writes.
    is_robot: bool,
    /// The name of a mail system.
    is_system: bool,
    /// The address at which a list is managed, not posted to.
    is_list_manager: bool,
}

impl Sender {
    fn of(headers: &Headers<'_>, message: &Message) -> Self {
        let (name, address) = headers.sender();
        let local = match &message.from {
            Some(from) => from.address.local_part(),
            None => address,
        };
        // A list that rewrites From may put such an address there, above a person's words.
        let rewritten = message.by_name || message.rewritten_by.is_some();
        Self {
            is_robot: !rewritten && is_robot(local),
            is_system: REPORT_NAMES.found(name.trim()),
            is_list_manager: !rewritten && is_list_manager(local),
        }
    }
}

/// `Return-Path: <>`, which only bounces and automatic replies have (RFC 5321, section 4.5.5).
fn null_return_path(headers: &Headers<'_>) -> bool {
    headers.fields.iter().any(|header| {
        header.name.as_str().eq_ignore_ascii_case("Return-Path")
            && match &header.value {
                mail_parser::HeaderValue::Empty => true,
                value => {
                    super::structure::values(value).iter().all(|path| path.trim().trim_matches(['<', '>']).is_empty())
                }
            }
    })
}

/// A mailing list's field (RFC 2369), or a sender as list software writes it (`owner-wg4`).
fn by_list(headers: &Headers<'_>) -> bool {
    headers.has("List-Unsubscribe")
        || ["Sender", "Return-Path"].into_iter().any(|name| {
            headers.all(name).any(|value| {
                let local = |address: &str| is_list_manager(address.trim_matches(['<', '>', ' ']));
                match value {
                    mail_parser::HeaderValue::Address(list) => {
                        list.iter().take(4).filter_map(|one| one.address.as_deref()).any(local)
                    }
                    value => super::structure::values(value).into_iter().any(local),
                }
            })
        })
}

/// `mailer-daemon`, `noreply`, `no-reply+x`, `wg4-bounces`: an address at which no human writes.
fn is_robot(local_part: &str) -> bool {
    let (name, detail) = local_part.split_once('+').unwrap_or((local_part, ""));
    let bare: String = name.chars().filter(|c| !matches!(c, '-' | '_' | '.')).collect();
    let ends = |end: &str| name.len() > end.len() && name.to_ascii_lowercase().ends_with(end);
    ROBOTS.found(&bare)
        || ["-bounces", "-bounce", "-request", "-noreply", "-no-reply", "-donotreply"].into_iter().any(ends)
        || !detail.is_empty() && name.to_ascii_lowercase().ends_with("-confirm")
        || ["confsub", "confunsub", "bounces-", "noreply"].into_iter().any(|start| detail.starts_with(start))
}

/// `wg4-owner`, `owner-wg4`, `wg4-admin`, `wg4+help`: the address of a list's software, at which the
/// person who runs the list may write too.
fn is_list_manager(address: &str) -> bool {
    let local = address.split('@').next().unwrap_or_default().to_ascii_lowercase();
    let ends = [
        "-owner", "-admin", "-help", "-request", "-bounces", "-errors", "-join", "-leave", "+owner", "+help",
        "+bounces",
    ];
    ends.into_iter().any(|end| local.len() > end.len() && local.ends_with(end))
        || local.starts_with("owner-")
        || local.contains("-bounces+")
}

#[cfg(test)]
mod tests;
