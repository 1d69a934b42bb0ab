//! The addresses of machines whose notices of uploads are believed.

use super::walk::Entry;
use crate::domain::{EmailAddress, Senders};

const ANNOUNCERS: &str = "a list of addresses of machines, such as [\"portal@example.org\"]";
const ANNOUNCER: &str = "the address that a portal mails from, such as \"portal@example.org\"";

/// What the configuration has beside them.
pub(super) struct Beside<'a> {
    pub(super) bot: Option<&'a EmailAddress>,
    pub(super) list: Option<&'a EmailAddress>,
    pub(super) senders: Option<Senders>,
    pub(super) has_server: bool,
}

/// The addresses, each once; what is wrong is reported and makes the whole `None`.
pub(super) fn read(entry: &Entry<'_>, beside: &Beside<'_>) -> Option<Vec<EmailAddress>> {
    let mut read: Vec<EmailAddress> = Vec::new();
    let mut is_right = true;
    for each in entry.list(ANNOUNCERS)? {
        match each.parsed::<EmailAddress>(ANNOUNCER) {
            Some(address) if is_allowed(&each, &address, &read, beside) => read.push(address),
            _ => is_right = false,
        }
    }
    if is_right && !read.is_empty() && beside.senders == Some(Senders::Proven) && !beside.has_server {
        entry.warn(
            "nothing can prove them without authserv_id: what they announce is only linked. With senders = \"claimed\" \
             they are believed as they are",
        );
    }
    is_right.then_some(read)
}

fn is_allowed(entry: &Entry<'_>, address: &EmailAddress, before: &[EmailAddress], beside: &Beside<'_>) -> bool {
    let is = |other: Option<&EmailAddress>| other.is_some_and(|it| it.without_detail() == address.without_detail());
    let wrong = match () {
        () if is(beside.bot) => "is the bot's own address",
        () if is(beside.list) => "is the mailing list's address, behind which anybody may be",
        () if before.contains(address) => "is there twice",
        () => return true,
    };
    entry.error(format!("{address} {wrong}; expected {ANNOUNCER}"));
    false
}
