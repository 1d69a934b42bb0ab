//! Commands that only ask for an answer.

use super::catalogue::HELP;
use super::grammar::{Mode, Read, unless_bad};
use super::meetings::meeting;
use super::remark::{End, end};
use super::targets::targets;
use super::written::Rest;
use super::{Command, Listing, Target};

const LISTINGS: [(&str, Listing); 23] = [
    ("", Listing::Open),
    ("open", Listing::Open),
    ("actions", Listing::Open),
    ("action items", Listing::Open),
    ("mine", Listing::Mine),
    ("my", Listing::Mine),
    ("my items", Listing::Mine),
    ("my actions", Listing::Mine),
    ("my action items", Listing::Mine),
    ("overdue", Listing::Overdue),
    ("proposed", Listing::Proposed),
    ("closed", Listing::Closed),
    ("done", Listing::Closed),
    ("all", Listing::All),
    ("contributions", Listing::Contributions),
    ("documents", Listing::Contributions),
    ("members", Listing::Members),
    ("meetings", Listing::Meetings),
    ("approvals", Listing::Approvals),
    ("e-mail approvals", Listing::Approvals),
    ("calls", Listing::Calls),
    ("conference calls", Listing::Calls),
    ("held", Listing::Held),
];

impl Command {
    /// Whether it changes nothing, whoever gives it.
    #[must_use]
    pub const fn only_tells(&self) -> bool {
        matches!(
            self,
            Self::Status { .. }
                | Self::List(_)
                | Self::Rest { .. }
                | Self::History { .. }
                | Self::Help(_)
                | Self::NextAgenda { .. }
                | Self::NotYet { .. }
        )
    }
}

/// Reads a command that begins with its word.
pub(super) fn verb_first(rest: Rest<'_>, mode: &Mode<'_>) -> Read {
    if let Some(after) = rest.word("status") {
        return about(after.skip(&["of"]).skip(&["minutes of", "minutes"]), mode, |of| Command::Status { of });
    }
    if let Some(after) = rest.word("history") {
        let (after, from) = from_row(after);
        let history = about(after.skip(&["of"]).skip(&["minutes of", "minutes"]), mode, |mut of| {
            if of.is_empty() {
                of.push(Target::Omitted);
            }
            Command::History { of }
        });
        return going_on(history, from);
    }
    if let Some(after) = rest.word("list") {
        let (after, from) = from_row(after);
        let what = after.text().to_lowercase();
        let listing = LISTINGS.iter().find(|(word, _)| *word == what);
        let list = listing.map_or(Read::Prose, |(_, listing)| Read::Command(Command::List(*listing)));
        return going_on(list, from);
    }
    if let Some(after) = rest.word("agenda") {
        return agenda(after, mode);
    }
    if let Some(after) = rest.word("help") {
        let about = after.text().to_lowercase();
        let known = HELP.iter().any(|(syntax, _)| super::catalogue::words(syntax).any(|word| word == about));
        return match about.as_str() {
            "" => Read::Command(Command::Help(None)),
            _ if known => Read::Command(Command::Help(Some(about))),
            _ => Read::Prose,
        };
    }
    Read::Prose
}

/// What stands before `from 51` at the end, and the number.
fn from_row(rest: Rest<'_>) -> (Rest<'_>, Option<u32>) {
    let found = || {
        let (before, number) = rest.text().rsplit_once(' ')?;
        let number =
            Some(number).filter(|number| number.len() <= 5 && number.bytes().all(|byte| byte.is_ascii_digit()));
        let (before, from) = before.rsplit_once(' ').unwrap_or(("", before));
        let number = number?.parse().ok().filter(|number| *number > 0)?;
        from.eq_ignore_ascii_case("from").then_some((before.len(), number))
    };
    found().map_or((rest, None), |(length, number)| (rest.first(length), Some(number)))
}

/// The command from a row on, where one is named.
fn going_on(read: Read, from: Option<u32>) -> Read {
    match (read, from) {
        (Read::Command(of), Some(from)) => Read::Command(Command::Rest { of: Box::new(of), from }),
        (read, _) => read,
    }
}

/// `agenda [of] [SEC#11]`
fn agenda(rest: Rest<'_>, mode: &Mode<'_>) -> Read {
    if rest.is_empty() {
        return Read::Command(Command::NextAgenda { of: Target::Omitted });
    }
    let Some(found) = meeting(rest.skip(&["of", "for"]), mode) else { return Read::Prose };
    let [of] = found.of.as_slice() else { return Read::Doubt(super::grammar::tail_of(rest.original())) };
    Read::whole(found.rest, || Command::NextAgenda { of: of.clone() })
}

fn about(rest: Rest<'_>, mode: &Mode<'_>, command: impl FnOnce(Vec<Target>) -> Command) -> Read {
    if rest.is_empty() {
        return Read::Command(command(Vec::new()));
    }
    let Some(found) = targets(rest, mode) else { return Read::Prose };
    if end(found.rest) == End::Plain {
        return unless_bad(&found, || Read::Command(command(found.of.clone())));
    }
    // "status 3 weeks ago" is prose; "status A-WG4-TP8-001 and more" nearly a command.
    if found.are_rows() { Read::Prose } else { Read::Doubt(super::grammar::tail_of(found.rest.original())) }
}
