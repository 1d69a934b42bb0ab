//! Identity and addresses: whose message it is, to whom, in which thread, by which list, with the
//! From that a list put into the author's place undone.

use jiff::Timestamp;
use mail_parser::{Address, Header, HeaderName, HeaderValue};

use super::structure::values;
use super::{Mailbox, Message};
use crate::domain::EmailAddress;

/// Addresses of one field beyond this number are not read.
const MOST_ADDRESSES: usize = 1_000;
/// Message-IDs of one field beyond this number are not read.
const MOST_IDS: usize = 1_000;

/// The header fields of a message, found by name.
pub(super) struct Headers<'h> {
    /// The fields as the MIME crate reads them.
    pub fields: &'h [Header<'h>],
    /// The bytes they were read from.
    pub raw: &'h [u8],
}

impl<'h> Headers<'h> {
    /// The values of every field of this name, in the order they stand.
    pub fn all(&self, name: &'h str) -> impl Iterator<Item = &'h HeaderValue<'h>> {
        self.fields
            .iter()
            .filter(move |header| header.name.as_str().eq_ignore_ascii_case(name))
            .map(|header| &header.value)
    }

    /// The first text of this name, trimmed.
    pub fn text(&self, name: &'h str) -> Option<&'h str> {
        self.all(name).flat_map(values).map(str::trim).next()
    }

    /// There is a field of this name.
    pub fn has(&self, name: &'h str) -> bool {
        self.all(name).next().is_some()
    }

    /// The name and the address of the first From as they are written, the address an address or not.
    pub fn sender(&self) -> (&str, &str) {
        let from = self.fields.iter().find(|header| header.name == HeaderName::From).map(|header| &header.value);
        match from {
            Some(HeaderValue::Address(address)) => address.first().map_or(("", ""), |one| {
                let (name, address) = (one.name.as_deref(), one.address.as_deref());
                // A lone word is read as an address.
                (name.or(address).unwrap_or_default(), address.unwrap_or_default())
            }),
            Some(value) => values(value).first().map_or(("", ""), |text| (text, "")),
            None => ("", ""),
        }
    }

    fn addresses(&self, name: HeaderName<'static>) -> Vec<Mailbox> {
        let of_name = self.fields.iter().filter(|header| header.name == name);
        of_name.filter_map(|header| header.value.as_address()).flat_map(mailboxes).take(MOST_ADDRESSES).collect()
    }

    fn ids(&self, name: HeaderName<'static>) -> Vec<String> {
        let of_name = self.fields.iter().filter(|header| header.name == name);
        of_name.flat_map(|header| values(&header.value)).map(str::to_owned).take(MOST_IDS).collect()
    }
}

/// Every mailbox of an address field, groups opened. What is no address is left out.
fn mailboxes<'v>(address: &'v Address<'_>) -> impl Iterator<Item = Mailbox> + 'v {
    address.iter().filter_map(|one| {
        let address = one.address.as_deref()?.trim().trim_start_matches("mailto:");
        Some(Mailbox { name: one_line(one.name.as_deref().unwrap_or_default()), address: address.parse().ok()? })
    })
}

/// Reads into the message what its header fields say.
pub(super) fn read(headers: &Headers<'_>, message: &mut Message) {
    message.message_id = headers.ids(HeaderName::MessageId).into_iter().next();
    message.date = date(headers);
    message.subject = headers.text("Subject").map(one_line).unwrap_or_default();
    message.in_reply_to = headers.ids(HeaderName::InReplyTo);
    message.references = headers.ids(HeaderName::References);
    message.to = just_addresses(headers.addresses(HeaderName::To));
    message.cc = just_addresses(headers.addresses(HeaderName::Cc));
    message.list_id = list_id(headers);
    message.list_post = list_post(headers);
    message.by_list = message.list_id.is_some() || by_list_software(headers);
    message.several_authors = several_authors(headers);
    let reply_to = headers.addresses(HeaderName::ReplyTo);
    message.from = headers.addresses(HeaderName::From).into_iter().next();
    if let Some(WonBack { author, by_name }) = won_back(headers, message, &reply_to) {
        message.rewritten_by = message.from.replace(author).map(|list| list.address);
        message.by_name = by_name;
    }
    message.reply_to = just_addresses(reply_to);
}

/// Whether From is anything but one field with one address (RFC 5322, section 3.6.2, allows
/// several; which of them a server's check was about is not to be told).
fn several_authors(headers: &Headers<'_>) -> bool {
    let mut fields = headers.fields.iter().filter(|header| header.name == HeaderName::From);
    let count = |header: &Header<'_>| header.value.as_address().map_or(0, |address| address.iter().count());
    fields.next().map(count) != Some(1) || fields.next().is_some()
}

/// Fields that a message has once at most (RFC 5322, section 3.6; RFC 2045, section 3). A second one,
/// put above a message that was signed, is not covered by the signature.
const ONCE: [&str; 14] = [
    "Date",
    "From",
    "Sender",
    "Reply-To",
    "To",
    "Cc",
    "Bcc",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Subject",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
];

/// Whether a field that a message has once at most is there more often.
pub(super) fn has_doubled(headers: &Headers<'_>) -> bool {
    ONCE.iter().any(|name| headers.all(name).nth(1).is_some())
}

fn just_addresses(mailboxes: Vec<Mailbox>) -> Vec<EmailAddress> {
    mailboxes.into_iter().map(|mailbox| mailbox.address).collect()
}

/// The Date, where it is one. The crate reads the year 207777 as 2077 and a 31st of February
/// without complaint; such a date is none.
fn date(headers: &Headers<'_>) -> Option<Timestamp> {
    let field = headers.fields.iter().find(|header| header.name == HeaderName::Date)?;
    let HeaderValue::DateTime(date) = &field.value else { return None };
    let written = headers.raw.get(field.offset_start as usize..field.offset_end as usize)?;
    if written.split(|byte| !byte.is_ascii_digit()).any(|digits| digits.len() > 4) {
        return None;
    }
    let day = jiff::civil::Date::new(i16::try_from(date.year).ok()?, date.month as i8, date.day as i8).ok()?;
    // A leap second is the last second of its minute.
    let time = jiff::civil::Time::new(date.hour as i8, date.minute as i8, date.second.min(59) as i8, 0).ok()?;
    let east = (i32::from(date.tz_hour) * 60 + i32::from(date.tz_minute)) * 60;
    let offset = jiff::tz::Offset::from_seconds(if date.tz_before_gmt { -east } else { east }).ok()?;
    offset.to_timestamp(day.to_datetime(time)).ok()
}

/// The identifier between the angle brackets of List-Id (RFC 2919, section 3), in lower case.
fn list_id(headers: &Headers<'_>) -> Option<String> {
    let id = headers.all("List-Id").find_map(|value| match value {
        HeaderValue::Address(address) => {
            // A phrase without brackets is read as a name.
            address.first().and_then(|one| one.address.as_deref().or(one.name.as_deref())).map(str::to_owned)
        }
        value => values(value).first().map(|text| (*text).to_owned()),
    })?;
    let id = id.trim().trim_start_matches('<').trim_end_matches('>').trim().to_lowercase();
    (!id.is_empty()).then_some(id)
}

/// Whether software of mailing lists has written into the message, a List-Id or not.
fn by_list_software(headers: &Headers<'_>) -> bool {
    ["List-Id", "List-Post", "Mailing-List", "X-Mailman-Version", "X-BeenThere", "X-Mailinglist"]
        .iter()
        .any(|name| headers.has(name))
        || headers.text("Precedence").is_some_and(|precedence| precedence.eq_ignore_ascii_case("list"))
}

/// The addresses that List-Post names (RFC 2369, section 3.4).
fn list_post(headers: &Headers<'_>) -> Vec<EmailAddress> {
    let address = |uri: &str| uri.trim().strip_prefix("mailto:")?.split('?').next()?.parse().ok();
    headers
        .all("List-Post")
        .flat_map(|value| match value {
            HeaderValue::Address(list) => list.iter().filter_map(|one| address(one.address.as_deref()?)).collect(),
            value => values(value).into_iter().filter_map(address).collect::<Vec<EmailAddress>>(),
        })
        .take(MOST_ADDRESSES)
        .collect()
}

/// Who wrote a mail whose From the list rewrote.
struct WonBack {
    author: Mailbox,
    by_name: bool,
}

/// The author whom list software moved out of From so that its own DKIM signature is aligned
/// (`"Kim via WG4" <wg4@example.org>`, seen of Mailman, Google Groups and mlmmj).
///
/// Only a mail that came by a list and whose From is the list's own is looked at: in any other
/// mail Reply-To says where answers go, not who wrote.
fn won_back(headers: &Headers<'_>, message: &Message, reply_to: &[Mailbox]) -> Option<WonBack> {
    let from = message.from.as_ref()?;
    let posts = &message.list_post;
    if message.list_id.is_none() && posts.is_empty() {
        return None;
    }
    let is_lists = |address: &EmailAddress| {
        posts.contains(address) || message.list_id.as_deref().is_some_and(|id| id == address.as_str().replace('@', "."))
    };
    let via = name_before_via(&from.name);
    if !is_lists(&from.address) {
        return None;
    }
    let original = ["X-Original-From", "X-Original-Sender"].into_iter().find_map(|name| {
        let value = headers.all(name).next()?;
        match value {
            HeaderValue::Address(address) => mailboxes(address).next(),
            value => values(value).first().and_then(|text| mailbox(text)),
        }
    });
    let mut answers = reply_to.iter().filter(|mailbox| !is_lists(&mailbox.address) && mailbox.address != from.address);
    match (original, via, answers.next(), answers.next()) {
        (Some(original), ..) if !is_lists(&original.address) => {
            let name = via.map_or_else(|| original.name.clone(), ToOwned::to_owned);
            Some(WonBack { author: Mailbox { name, ..original }, by_name: false })
        }
        // Reply-To is nobody's identity: it only completes the name that the list left in From.
        (_, Some(via), Some(only), None) => {
            Some(WonBack { author: Mailbox { name: via.to_owned(), ..only.clone() }, by_name: true })
        }
        (_, Some(via), ..) => {
            Some(WonBack { author: Mailbox { name: via.to_owned(), address: from.address.clone() }, by_name: true })
        }
        _ => None,
    }
}

/// `Kim` of `Kim via WG4`.
fn name_before_via(name: &str) -> Option<&str> {
    let (before, list) = name.rsplit_once(" via ")?;
    let before = before.trim().trim_matches(['\'', '"']);
    (!before.is_empty() && !list.trim().is_empty()).then_some(before)
}

/// A mailbox as it stands in a field that the MIME crate keeps as text.
fn mailbox(text: &str) -> Option<Mailbox> {
    let text = text.trim();
    match text.rsplit_once('<') {
        Some((name, address)) => Some(Mailbox {
            name: one_line(name.trim().trim_matches('"')),
            address: address.trim_end_matches('>').parse().ok()?,
        }),
        None => Some(Mailbox { name: String::new(), address: text.parse().ok()? }),
    }
}

/// A decoded field in one line: line breaks and controls, which only a hostile encoded word has, are spaces.
fn one_line(text: &str) -> String {
    let clean = text.replace(|c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'), " ");
    clean.split_whitespace().collect::<Vec<_>>().join(" ")
}
