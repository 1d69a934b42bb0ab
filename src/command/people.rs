//! Commands about the roster, the sender's own mail, and answers to a mail that asks something.

use super::Command;
use super::dates::{Day, day};
use super::grammar::{Mode, Read};
use super::targets::targets;
use super::word::says;
use super::written::Rest;
use crate::domain::{EmailAddress, Text};

/// Reads a command that begins with its word.
pub(super) fn verb_first(rest: Rest<'_>, mode: &Mode<'_>) -> Read {
    if mode.first
        && let Some(agreed) = says(rest.text())
    {
        return Read::Command(if agreed { Command::ConfirmCode { code: None } } else { Command::Decline });
    }
    if let Some(after) = rest.word("confirm") {
        return confirm(after, mode);
    }
    if let Some(after) = rest.word("undo") {
        return undo(after);
    }
    if let Some(after) = rest.word("pause") {
        return pause(after, mode);
    }
    if let Some(after) = rest.word("resume").filter(|after| after.is_empty()) {
        return Read::whole(after, || Command::Resume);
    }
    if let Some(after) = rest.word("digest") {
        return match after.text().to_lowercase().as_str() {
            "on" => Read::Command(Command::Digest(true)),
            "off" => Read::Command(Command::Digest(false)),
            _ => Read::Prose,
        };
    }
    if let Some(after) = rest.word("member") {
        return member(after);
    }
    if let Some(after) = rest.word("role") {
        return role(after);
    }
    rest.word("also").and_then(address).map_or(Read::Prose, |(address, after)| {
        if after.is_empty() { Read::Command(Command::Also { address }) } else { Read::Prose }
    })
}

/// `confirm CODE`; `confirm REF` is an item's.
fn confirm(after: Rest<'_>, mode: &Mode<'_>) -> Read {
    if targets(after, mode).is_some() {
        return Read::Prose;
    }
    let code: String = after.text().chars().filter(|c| *c != '-').collect::<String>().to_lowercase();
    let shaped = code.len() == 8 && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if shaped && code.bytes().any(|byte| byte.is_ascii_digit()) {
        return Read::Command(Command::ConfirmCode { code: Some(code) });
    }
    Read::Prose
}

fn undo(after: Rest<'_>) -> Read {
    if after.is_empty() {
        return Read::Command(Command::Undo(None));
    }
    let receipt = after.skip(&["receipt"]);
    let receipt = receipt.mark('#').unwrap_or(receipt).text();
    let shaped = receipt.len() == 6 && receipt.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if shaped { Read::Command(Command::Undo(Some(receipt.to_lowercase()))) } else { Read::Prose }
}

fn pause(after: Rest<'_>, mode: &Mode<'_>) -> Read {
    let missing = || Text::new("line-missing-date").with("command", "pause").with("given", after.original());
    let rest = after.skip(&["until", "till", "to"]);
    match day(rest.text(), mode.today) {
        Day::On(date, length) => Read::whole(rest.after(length), || Command::Pause(date)),
        Day::Bad(why) => Read::Doubt(why),
        Day::None if rest.is_empty() && (mode.meant || !after.is_empty()) => Read::Begun(missing()),
        Day::None => Read::Prose,
    }
}

/// `member NAME, ORGANIZATION, ADDRESS`, `member ADDRESS left`
fn member(after: Rest<'_>) -> Read {
    if let Some((address, rest)) = address(after) {
        return match rest.word("left") {
            Some(rest) => Read::whole(rest, || Command::MemberLeft { address }),
            None => Read::Prose,
        };
    }
    let folded = after.text();
    let (Some(first), Some(last)) = (folded.find(','), folded.rfind(',')) else { return Read::Prose };
    let (name, given) = (after.first(first), after.after(last + 1));
    let organization = if first < last { after.first(last).after(first + 1) } else { after.first(0) };
    match address(given) {
        Some((address, rest)) if rest.is_empty() && !organization.is_empty() && !name.is_empty() => {
            Read::Command(Command::Member {
                name: name.original().to_owned(),
                organization: organization.original().to_owned(),
                address,
            })
        }
        None if given.text().contains('@') && !given.text().contains(' ') && !organization.is_empty() => {
            Read::Doubt(Text::new("line-unknown-address").with("address", given.original()))
        }
        _ => Read::Prose,
    }
}

/// `role ADDRESS ROLE`, `role ADDRESS no ROLE`
fn role(after: Rest<'_>) -> Read {
    let Some((address, rest)) = address(after) else { return Read::Prose };
    let rest = rest.mark(':').unwrap_or(rest);
    let (granted, rest) = rest.any(&["no longer", "no", "not"]).map_or((true, rest), |(_, rest)| (false, rest));
    match rest.text().parse() {
        Ok(role) => Read::Command(Command::Role { address, role, granted }),
        Err(_) => Read::Doubt(Text::new("line-unknown-role").with("role", rest.original())),
    }
}

/// The address at the beginning of `rest`, in angle brackets or not, and what follows it. A mailer
/// that makes links of addresses leaves `kim@example.org<mailto:kim@example.org>`.
fn address(rest: Rest<'_>) -> Option<(EmailAddress, Rest<'_>)> {
    let word = rest.first_word();
    let written = word.split("<mailto:").next()?.trim_matches(['<', '>', ',', ';', '"']);
    let written = written.strip_prefix("mailto:").unwrap_or(written).trim_end_matches(['.', ':']);
    let address = written.parse().ok()?;
    Some((address, rest.after(word.len())))
}
