//! `[group.delivery]`: where a group's mail goes.

use super::DeliveryConfig;
use super::group::{Surroundings, Taken, maildir};
use super::server::{self, Service};
use super::walk::Section;
use crate::domain::EmailAddress;

/// What carries a group's mail.
#[derive(Clone, Copy)]
enum Kind {
    Maildir,
    Smtp,
}

const KINDS: [(&str, Kind); 2] = [("maildir", Kind::Maildir), ("smtp", Kind::Smtp)];

/// Without TLS it is the port of relays (RFC 5321), where most ask for no login.
const SMTP: Service = Service { host: "smtp.example.org", ports: [465, 587, 25], needs_login: false };

/// The way out, where all of it could be read; `bot` is the bot's address, if that could be.
pub(super) fn read(
    section: Section<'_>,
    around: &Surroundings<'_>,
    taken: &mut Taken,
    bot: Option<&EmailAddress>,
) -> Option<DeliveryConfig> {
    let written = section.require("kind", "\"maildir\" or \"smtp\"");
    let kind = written.as_ref().and_then(|entry| entry.choice(&KINDS));
    if kind.is_none() && written.is_some() {
        // The other keys are those of a kind that there is not: one error says enough.
        return None;
    }
    if let Some(Kind::Smtp) = kind {
        return smtp(section, around, bot);
    }
    // Without a kind, the rest of the table is read as a Maildir's, for the errors in it.
    let path = maildir(&section, around, taken);
    section.finish();
    kind?;
    Some(DeliveryConfig::Maildir { path: path? })
}

fn smtp(section: Section<'_>, around: &Surroundings<'_>, bot: Option<&EmailAddress>) -> Option<DeliveryConfig> {
    let server = server::read(&section, around, &SMTP);
    let envelope_from = match section.get("envelope_from") {
        Some(entry) => entry.parsed("the address that bounces go to, such as \"minuted+bounce@example.org\""),
        None => bot.map(bounces),
    };
    section.finish();
    Some(DeliveryConfig::Smtp { server: server?, envelope_from: envelope_from? })
}

/// The bot's address for bounces; the bot's own, where that would be too long.
fn bounces(bot: &EmailAddress) -> EmailAddress {
    format!("{}+bounce@{}", bot.local_part(), bot.domain()).parse().unwrap_or_else(|_| bot.clone())
}
