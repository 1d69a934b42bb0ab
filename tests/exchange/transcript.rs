//! A conversation as its snapshot tells it.

use std::fmt::Write as _;

use jiff::Timestamp;
use mail_parser::{HeaderValue, MessageParser, MimeHeaders as _};
use minuted::compose::{self, Catalogue};
use minuted::decide::{Answer, HistoryRow};
use minuted::domain::{
    ActionItem, Approval, Call, Contribution, Meeting, Member, Organization, Request, RequestKind, Rules,
};
use minuted::steps::Group;
use minuted::store::{MessageRow, OutboxRow, OutboxState};
use regex::Regex;

/// A mail of the outbox.
pub struct Sent {
    pub row: OutboxRow,
    /// Its text part.
    pub text: String,
    /// The receipt that it names.
    pub receipt: Option<String>,
    /// Where replies to it go, where that is not From.
    pub reply_to: Option<String>,
    /// What a mail program opens where one of its links is clicked.
    pub ready: Vec<Ready>,
    headers: String,
}

impl Sent {
    /// Reads a mail of the outbox, and holds it to what every mail of minuted's keeps.
    pub fn read(row: OutboxRow, raw: &[u8], rules: &Rules) -> Self {
        let message = MessageParser::new().parse(raw).expect("a mail of minuted's is one");
        let address = |header: Option<&mail_parser::Address<'_>>| {
            let mut all = header.expect("an address field").iter();
            let only = all.next().expect("an address").address().expect("an address").to_owned();
            assert!(all.next().is_none(), "a mail of minuted's goes to one address");
            only
        };
        assert_eq!(address(message.from()), rules.bot.to_string(), "it comes from the bot");
        assert_eq!(address(message.to()), row.recipient.to_string(), "it goes to whom the outbox says");
        assert_eq!(message.message_id(), Some(row.message_id.as_str()), "its Message-ID was fixed beforehand");
        assert!(message.header("Auto-Submitted").is_some(), "it says that a machine sent it (RFC 3834)");
        assert!(message.header("X-Minuted").is_some(), "it can be known again");
        assert_eq!((message.text_body_count(), message.html_body_count()), (1, 1), "it is text and HTML");
        assert!(raw.split(|byte| *byte == b'\n').all(|line| line.len() <= 999), "no line is too long (RFC 5322)");
        let text = message.body_text(0).expect("a text part").replace("\r\n", "\n");
        let key =
            Regex::new(r"(?m)^\s*(told|refused|line|list|help|intro|notice|mail|waits|digest|reminder|meeting|calendar)(-[a-z]+)+ ?\(")
                .expect("a pattern");
        assert!(!key.is_match(&text), "a text has no words: {text}");
        let mut headers = String::new();
        for name in ["To", "Subject", "In-Reply-To", "References", "Auto-Submitted"] {
            let value = match message.header(name) {
                Some(HeaderValue::Text(text)) => text.to_string(),
                Some(HeaderValue::TextList(texts)) => texts.join(" "),
                Some(HeaderValue::Address(_)) => row.recipient.to_string(),
                _ => continue,
            };
            writeln!(headers, "    {name}: {value}").expect("writing to a string");
        }
        // The commands that it answers are quoted, and may be of the same form.
        let own: Vec<&str> = text.lines().filter(|line| !line.starts_with('>')).collect();
        let receipt = Regex::new(r"\bundo\s+([a-z2-9]{6})\b").expect("a pattern");
        let receipt = receipt.captures_iter(&own.join("\n")).last().map(|found| found[1].to_owned());
        let reply_to = message.reply_to().map(|_| address(message.reply_to()));
        if let Some(reply_to) = &reply_to {
            writeln!(headers, "    Reply-To: {reply_to}").expect("writing to a string");
        }
        if let Some(unsubscribe) = message.header_raw("List-Unsubscribe") {
            assert_ne!(Some(&row.recipient), rules.list.as_ref(), "a list has its own way of leaving it");
            writeln!(headers, "    List-Unsubscribe: {}", unsubscribe.trim()).expect("writing to a string");
        }
        for part in &message.parts {
            if let Some(told) = calendar(part) {
                headers.push_str(&told);
            }
        }
        let html = message.body_html(0).expect("an HTML part");
        assert!(html.len() <= 100_000, "mail programs show all of it");
        let links = Regex::new("<a href=\"([^\"]*)\"[^>]*>").expect("a pattern");
        let ready = links.captures_iter(&html).map(|found| Ready::of(&found[1])).collect();
        Self { row, text, receipt, reply_to, ready, headers }
    }

    /// The mail that a click on the link with that command makes, from its To on.
    pub fn clicked(&self, command: &str) -> String {
        let all: Vec<&str> = self.ready.iter().map(|ready| ready.body.trim_end()).collect();
        let at = all.iter().position(|body| *body == command);
        let Ready { to, subject, body } = &self.ready[at.unwrap_or_else(|| panic!("no link {command:?} in {all:#?}"))];
        format!("To: {to}\nSubject: {subject}\n\n{body}")
    }

    /// The mail as the conversation tells it.
    pub fn told(&self, number: usize) -> String {
        let mut told = format!("<<< mail {number}");
        if self.row.state == OutboxState::Parked {
            write!(told, ", parked: {}", self.row.error.as_deref().unwrap_or("?")).expect("writing to a string");
        }
        format!("{told}\n{}\n{}\n", self.headers, indented(&self.text))
    }
}

/// A mail that is ready to be sent.
#[derive(Debug)]
pub struct Ready {
    to: String,
    subject: String,
    body: String,
}

impl Ready {
    /// What a mail program makes of a link (RFC 6068).
    fn of(href: &str) -> Self {
        let href = href.replace("&#38;", "&").replace("&#39;", "'");
        let (to, fields) = href.strip_prefix("mailto:").and_then(|rest| rest.split_once('?')).expect("a mailto link");
        assert!(href.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>\"`{}|\\^".contains(&byte)), "{href}");
        let fields: Vec<(&str, &str)> = fields.split('&').filter_map(|field| field.split_once('=')).collect();
        let field = |wanted: &str| {
            let found = fields.iter().find(|(name, _)| *name == wanted);
            decoded(found.unwrap_or_else(|| panic!("no {wanted} in {href}")).1).replace("\r\n", "\n")
        };
        Self { to: decoded(to), subject: field("subject"), body: field("body") }
    }
}

/// A text without its percent-encoding.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let code: String = rest.by_ref().take(2).map(char::from).collect();
            bytes.push(u8::from_str_radix(&code, 16).expect("two hexadecimal digits"));
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).expect("UTF-8")
}

/// What a part has for calendars: its method, and a line an entry.
fn calendar(part: &mail_parser::MessagePart<'_>) -> Option<String> {
    let kind = part.content_type().filter(|kind| kind.subtype() == Some("calendar"))?;
    let text = part.text_contents().expect("a text").replace("\r\n ", "");
    let mut told = format!("    Calendar: {}", kind.attribute("method").expect("a method"));
    if let Some(name) = part.attachment_name() {
        write!(told, ", {name}").expect("writing to a string");
    }
    for line in text.lines() {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        match name.split(';').next().unwrap_or_default() {
            "BEGIN" if value == "VEVENT" => told.push_str("\n       "),
            "TZID" | "UID" | "SEQUENCE" | "DTSTART" | "DTEND" | "STATUS" | "SUMMARY" | "ATTENDEE" | "TZNAME" => {
                write!(told, " {line}").expect("writing to a string");
            }
            _ => {}
        }
    }
    Some(told + "\n")
}

/// A mail that arrives, as the conversation tells it: the fields that matter, and its text as it
/// lies in the file.
pub fn arrived(file: &str, at: Timestamp, text: &str) -> String {
    const FIELDS: [&str; 8] =
        ["Authentication-Results:", "From:", "To:", "Cc:", "Subject:", "In-Reply-To:", "Message-ID:", "{click:"];
    let (header, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let fields: String = header
        .lines()
        .filter(|line| FIELDS.iter().any(|field| line.starts_with(field)))
        .map(|line| format!("    {line}\n"))
        .collect();
    let lines = body.lines().count();
    let shown = if lines > 40 {
        let first: Vec<&str> = body.lines().take(10).collect();
        format!("{}\n[{} lines]", first.join("\n"), lines)
    } else {
        body.to_owned()
    };
    format!(">>> {file} at {at}\n{fields}\n{}\n", indented(&shown))
}

/// An agenda that was imported, as the conversation tells it.
pub fn imported(file: &str, at: Timestamp, answer: &Answer) -> String {
    let mut told = format!("*** {file} is imported at {at}\n");
    for line in &answer.lines {
        for text in &line.told {
            let arguments: Vec<String> = text.arguments.iter().map(|(name, value)| format!("{name}={value}")).collect();
            writeln!(told, "    {}: {}", text.key, arguments.join(", ")).expect("writing to a string");
        }
    }
    told.push('\n');
    told
}

/// What the operator typed, and what was printed.
pub fn typed(file: &str, line: &str, at: Timestamp, answer: Option<&Answer>, group: &Group) -> String {
    let catalogue = Catalogue::get(&group.rules.language).expect("the group's language");
    let printed = answer.map_or_else(String::new, |answer| compose::plain(answer, &group.config.time_zone, catalogue));
    format!("*** {file} at {at}: {line}\n\n{}\n", indented(&printed))
}

fn indented(text: &str) -> String {
    let lines = text.trim_end().lines();
    lines
        .map(|line| if line.trim().is_empty() { "\n".to_owned() } else { format!("    {}\n", line.trim_end()) })
        .collect()
}

/// What a group has come to.
#[derive(Debug, PartialEq)]
pub struct State {
    pub actions: Vec<ActionItem>,
    pub contributions: Vec<Contribution>,
    pub meetings: Vec<Meeting>,
    pub members: Vec<Member>,
    pub organizations: Vec<Organization>,
    pub requests: Vec<Request>,
    pub approvals: Vec<Approval>,
    pub calls: Vec<Call>,
    pub history: Vec<HistoryRow>,
    pub messages: Vec<MessageRow>,
}

/// What is another than before.
pub fn changed(before: &State, after: &State) -> String {
    let mut told = String::from("=== afterwards\n");
    let new = |rows: &[String], title: &str, told: &mut String| {
        if !rows.is_empty() {
            writeln!(told, "{title}:").expect("writing to a string");
            rows.iter().for_each(|row| writeln!(told, "    {row}").expect("writing to a string"));
        }
    };
    new(&others(&before.actions, &after.actions, action), "action items", &mut told);
    new(&others(&before.contributions, &after.contributions, contribution), "contributions", &mut told);
    new(&others(&before.meetings, &after.meetings, |row| format!("{row:?}")), "meetings", &mut told);
    new(&others(&before.members, &after.members, member), "members", &mut told);
    new(&others(&before.organizations, &after.organizations, organization), "organizations", &mut told);
    new(&others(&before.requests, &after.requests, request), "requests", &mut told);
    new(&others(&before.approvals, &after.approvals, approval), "approvals", &mut told);
    new(&others(&before.calls, &after.calls, |row| format!("{row:?}")), "calls", &mut told);
    assert_eq!(after.history.get(..before.history.len()), Some(&before.history[..]), "history is only added to");
    let history: Vec<String> = after.history.iter().skip(before.history.len()).map(change).collect();
    new(&history, "history", &mut told);
    new(&after.messages.iter().map(message).collect::<Vec<_>>(), "mails", &mut told);
    told
}

fn approval(approval: &Approval) -> String {
    let field = |name| approval.get(name).unwrap_or_else(|| "-".to_owned());
    let mut told =
        format!("{} is {} until {}; reason {}", approval.of, approval.state, field("until"), field("reason"));
    for voice in &approval.voices {
        write!(told, "; {voice}").expect("writing to a string");
    }
    told
}

fn others<T: PartialEq>(before: &[T], after: &[T], tell: impl Fn(&T) -> String) -> Vec<String> {
    after.iter().filter(|row| !before.contains(row)).map(tell).collect()
}

fn action(item: &ActionItem) -> String {
    let mut told = format!("{} is {}", item.reference, item.status);
    let mut add = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            write!(told, "; {name} {value}").expect("writing to a string");
        }
    };
    add("what:", Some(item.what.clone()));
    add("who:", Some(item.who.to_string()));
    add("due", item.due.as_ref().map(ToString::to_string));
    add("priority", item.priority.map(|priority| priority.to_string()));
    item.notes.iter().for_each(|note| add("note:", Some(note.to_owned())));
    add("proposed by", item.proposed_by.as_ref().map(ToString::to_string));
    add("became", item.became.as_ref().map(ToString::to_string));
    told
}

fn member(member: &Member) -> String {
    let addresses: Vec<&str> = member.addresses.iter().map(|address| address.as_str()).collect();
    let mut told = format!("{}: {}, {}, {}", member.id, member.name, member.organization, addresses.join(" "));
    member.roles.iter().for_each(|role| write!(told, "; {role}").expect("writing to a string"));
    if member.left {
        told.push_str("; left");
    }
    if let Some(until) = member.paused_until {
        write!(told, "; paused until {until}").expect("writing to a string");
    }
    if let Some(absence) = member.absence {
        write!(told, "; away {absence}").expect("writing to a string");
    }
    if member.digest {
        told.push_str("; wants the digest");
    }
    told
}

fn organization(organization: &Organization) -> String {
    format!("{}; contact {:?}", organization.name, organization.contact)
}

fn contribution(row: &Contribution) -> String {
    let life = serde_json::to_string_pretty(&row.life).expect("JSON");
    let life: Vec<&str> = life.lines().map(str::trim).collect();
    let meeting = row.meeting.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string);
    let cells = format!("{:?}, {:?}, {:?}", row.reference_cell, row.source, row.status_cell);
    format!("{} {:?} [{}, {meeting}]: {cells}\n        {}", row.reference, row.title, row.agenda_item, life.join(" "))
}

fn request(request: &Request) -> String {
    let asks = match &request.kind {
        RequestKind::Extension { item, due } => format!("extend {item} until {due}"),
        RequestKind::Conflict { subject, field, document } => {
            format!("{field} of {subject} is {} in the document", document.as_deref().unwrap_or("-"))
        }
        RequestKind::Doubt { text, .. } => format!("take note: {text}"),
        RequestKind::Upload { document, message_id } => format!("post {document}, of <{message_id}>"),
        RequestKind::Address { member, address, asked, code, .. } => {
            format!("{address} is member {member}'s; {asked} is asked with {code}")
        }
        RequestKind::Held { member, code, message_id, lines, .. } => {
            format!("member {member} is asked with {code} about <{message_id}>: {}", lines.join(" | "))
        }
    };
    let by = request.by.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string);
    format!("{}, {}: {asks} (by {by})", request.id, request.state)
}

fn change(row: &HistoryRow) -> String {
    let [from, to] = [&row.from, &row.to].map(|value| value.as_deref().unwrap_or("-"));
    let mail = row.message_id.as_deref().map_or_else(String::new, |id| format!(" <{id}>"));
    format!("{} {}{mail}: {} {}: {from} -> {to}", row.at, row.by, row.subject, row.field)
}

fn message(row: &MessageRow) -> String {
    let mut told = format!("{} is {}", row.uid, row.state);
    if row.archive {
        told.push_str(", from the archive");
    }
    if let Some(automatic) = &row.automatic {
        write!(told, ", automatic: {automatic}").expect("writing to a string");
    }
    if let Some(reason) = &row.reason {
        write!(told, ": {reason}").expect("writing to a string");
    }
    if row.lines.len() < 12 {
        row.lines.iter().for_each(|line| write!(told, " | {line}").expect("writing to a string"));
    } else {
        write!(told, " | {} lines", row.lines.len()).expect("writing to a string");
    }
    told
}
