//! The command line's own short names of what the reader found.

use crate::command::{Addressed, Command, Listing, Target, Verb};
use crate::domain::Coming;
use crate::message::{Automatic, BlockKind, Unreadable};
use crate::steps::NoAbsence;

/// The command's name: its first word, where several words mean the same, the first of them.
pub(super) fn command(command: &Command) -> String {
    let name = match command {
        Command::Set { verb, .. } => match verb {
            Verb::Done => "done",
            Verb::Confirm => "confirm",
            Verb::Reopen => "reopen",
            Verb::Ongoing => "ongoing",
            Verb::Cancel => "cancel",
        },
        Command::Note { .. } => "note",
        Command::Priority { .. } => "priority",
        Command::What { .. } => "what",
        Command::Due { .. } => "due",
        Command::Extend { .. } => "extend",
        Command::Assign { .. } => "assign",
        Command::Action { .. } => "action",
        Command::Accept { .. } => "accept",
        Command::Reject { .. } => "reject",
        Command::Member { .. } | Command::MemberLeft { .. } => "member",
        Command::Role { .. } => "role",
        Command::Also { .. } => "also",
        Command::ConfirmCode { .. } => "confirm",
        Command::Decline => "no",
        Command::Status { .. } => "status",
        Command::List(_) => "list",
        Command::Rest { of, .. } => return self::command(of),
        Command::History { .. } => "history",
        Command::Help(_) => "help",
        Command::Pause(_) => "pause",
        Command::Resume => "resume",
        Command::Digest(_) => "digest",
        Command::Undo(_) => "undo",
        Command::Meeting { .. } => "meeting",
        Command::CancelMeeting { .. } => "cancel",
        Command::Session { .. } => "session",
        Command::Agenda { .. } | Command::NextAgenda { .. } => "agenda",
        Command::Attached { .. } => "attached",
        Command::Decide { .. } => "status phrase",
        Command::Posted { .. } => "posted",
        Command::Withdraw { .. } => "withdraw",
        Command::Register { .. } => "register",
        Command::Remark { .. } => "remark",
        Command::Attend { coming, .. } => coming.map_or("tentative", Coming::as_str),
        Command::Approval { .. } => "approval",
        Command::Voice { stance, .. } => stance.as_str(),
        Command::Ratify { approved: true, .. } => "ratify",
        Command::Ratify { approved: false, .. } => "not approved",
        Command::Call { .. } => "call",
        Command::CancelSession { .. } => "cancel session",
        Command::CancelCall { .. } => "cancel call",
        Command::NotYet { what, .. } => what,
    };
    name.to_owned()
}

/// What the command is about, as text; `None` where it names nothing.
pub(super) fn references(command: &Command) -> Option<String> {
    let named: Vec<String> = (command.targets().into_iter())
        .filter_map(|target| match target {
            Target::Reference(reference) => Some(reference.to_string()),
            Target::Row(row) => Some(format!("row {row}")),
            Target::Request(id) => Some(format!("request {id}")),
            Target::Omitted => None,
        })
        .collect();
    (!named.is_empty()).then(|| named.join(", "))
}

/// The command in a few words: its name, what it is about and what it says.
pub(super) fn reading(line: &Command) -> String {
    let name = command(line);
    let of = references(line).map(|of| format!(" {of}")).unwrap_or_default();
    let says = match line {
        Command::Set { because: Some(text), .. } | Command::Reject { because: Some(text), .. } => {
            format!(", because: {text}")
        }
        Command::Note { text, .. } | Command::What { text, .. } => format!(": {text}"),
        Command::Priority { priority, .. } => {
            priority.map_or_else(|| ": none".to_owned(), |priority| format!(": {priority}"))
        }
        Command::Due { due, .. } => due.as_ref().map_or_else(|| ": none".to_owned(), |due| format!(": {due}")),
        Command::Extend { due, .. } => format!(": {due}"),
        Command::Assign { to, .. } => format!(": {to}"),
        Command::Action { who, what, due } => {
            let due = due.as_ref().map(|due| format!(", due {due}")).unwrap_or_default();
            format!(" {who}: {what}{due}")
        }
        Command::Member { name, organization, address } => format!(" {name}, {organization}, {address}"),
        Command::MemberLeft { address } => format!(" {address} left"),
        Command::Role { address, role, granted } => {
            format!(" {address} {}{role}", if *granted { "" } else { "no " })
        }
        Command::Also { address } => format!(" {address}"),
        Command::Voice { because: Some(text), .. } | Command::Ratify { because: Some(text), .. } => {
            format!(", because: {text}")
        }
        Command::Approval { until, .. } => format!(" until {until}"),
        Command::Call { date, time, title } => {
            let title = title.as_ref().map(|title| format!(" {title}")).unwrap_or_default();
            format!(" {date} {}{title}", time.strftime("%H:%M"))
        }
        Command::CancelSession { label, .. } => format!(" {label}"),
        Command::CancelCall { date } => format!(" {date}"),
        Command::Pause(until) => format!(" until {until}"),
        Command::Digest(on) => if *on { " on" } else { " off" }.to_owned(),
        Command::Undo(Some(receipt)) => format!(" {receipt}"),
        Command::Help(Some(word)) => format!(" {word}"),
        Command::List(listing) => format!(" {}", list(*listing)),
        _ => String::new(),
    };
    format!("{name}{of}{says}")
}

const fn list(listing: Listing) -> &'static str {
    match listing {
        Listing::Open => "open",
        Listing::Mine => "mine",
        Listing::Overdue => "overdue",
        Listing::Proposed => "proposed",
        Listing::Closed => "closed",
        Listing::All => "all",
        Listing::Contributions => "contributions",
        Listing::Members => "members",
        Listing::Meetings => "meetings",
        Listing::Approvals => "approvals",
        Listing::Calls => "calls",
        Listing::Held => "held",
    }
}

/// Where a message was addressed, and what counts as a command there.
pub(super) const fn addressed(addressed: Addressed) -> &'static str {
    match addressed {
        Addressed::BotAlone => "to the bot alone: a line that is a command acts",
        Addressed::Bot => "to the bot: a line that is a command acts",
        Addressed::ListReply => "to the list, in reply to a digest: its rows act, other commands need a leading #",
        Addressed::List => "to the list: a command needs a leading #",
    }
}

/// What a piece of a message's text was taken for.
pub(super) const fn block(kind: BlockKind) -> &'static str {
    match kind {
        BlockKind::Author => "sender's",
        BlockKind::Attribution => "attribution",
        BlockKind::Quoted => "quoted",
        BlockKind::Earlier => "earlier mail",
        BlockKind::Signature => "signature",
        BlockKind::Footer => "footer",
    }
}

/// Why a message is a machine's.
pub(super) const fn automatic(why: Automatic) -> &'static str {
    match why {
        Automatic::AutoSubmitted => "its headers say that a machine sent it",
        Automatic::AutoReply => "it is an automatic reply",
        Automatic::Report => "it is a report of a mail system",
        Automatic::Bulk => "it is bulk mail",
        Automatic::Digest => "it is a digest of mails",
        Automatic::Robot => "it is from a robot's address",
        Automatic::CalendarReply => "it is a calendar program's answer",
    }
}

/// Why a message's text could not be read.
pub(super) const fn unreadable(why: Unreadable) -> &'static str {
    match why {
        Unreadable::Encrypted => "it is encrypted",
        Unreadable::NoText => "it has no text",
        Unreadable::Malformed => "it is no message, or one past all limits",
    }
}

/// Why an automatic reply pauses nobody's mail.
pub(super) const fn no_absence(why: NoAbsence) -> &'static str {
    match why {
        NoAbsence::ByList => "it came by a list, and what it answers is not known",
        NoAbsence::NoDay => "it names no day of return, more than one, or one that could be two",
        NoAbsence::Nobody => "its author is no member",
        NoAbsence::NoReply => "it answers no mail that went to this member",
        NoAbsence::NotProven => "nothing proves its sender: neither where it was sent, nor the mail server",
        NoAbsence::HasWritten => "the member has written since it was sent",
        NoAbsence::IsOver => "that absence is over, as the member has written since",
    }
}
