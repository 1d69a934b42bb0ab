//! One `[[group]]`: who it is, its rules, where its mail comes from and goes to.

use std::collections::BTreeMap;
use std::collections::hash_map::{Entry as Slot, HashMap};
use std::hash::Hash;
use std::path::{Component, Path, PathBuf};

use jiff::civil::Date;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{Span, Timestamp};
use toml::de::DeValue;

use super::announcers::{self, Beside};
use super::report::{Place, Report};
use super::walk::{Entry, Section};
use super::words::{nearest, quoted};
use super::{FirstRead, GroupConfig, LANGUAGES, Limits, Senders, delivery, mailbox, references, reminders, secret};
use crate::domain::{
    Closing, DigestRules, EmailAddress, Holidays, QuietHours, QuietRules, ReferenceScheme, ReminderRules, ReplyAddress,
    Weekly,
};

/// What a group is read with.
pub(super) struct Surroundings<'a> {
    pub base_dir: &'a Path,
    pub env: &'a dyn Fn(&str) -> Option<String>,
    pub limits: &'a Limits,
    pub report: &'a Report<'a>,
}

/// What groups may not share: keys, bots, directories.
#[derive(Default)]
pub(super) struct Taken {
    keys: HashMap<String, Place>,
    bots: HashMap<EmailAddress, Place>,
    paths: HashMap<PathBuf, Place>,
    lists: Vec<(EmailAddress, Place)>,
    mailboxes: HashMap<[String; 3], Place>,
}

impl Taken {
    fn key(&mut self, key: &str, entry: &Entry<'_>) {
        if let Some(first) = first(&mut self.keys, key.to_owned(), entry) {
            entry.error(format!("{key:?} is the key of another group (line {}); expected one of its own", first.line));
        }
    }

    fn bot(&mut self, bot: &EmailAddress, entry: &Entry<'_>) {
        if let Some(first) = first(&mut self.bots, bot.clone(), entry) {
            entry.error(format!("{bot} is the bot of another group (line {}); expected one of its own", first.line));
        }
    }

    fn path(&mut self, path: &Path, entry: &Entry<'_>) {
        if let Some(first) = first(&mut self.paths, cleaned(path), entry) {
            let shown = quoted(&path.display().to_string());
            entry.error(format!(
                "{shown} is already {} (line {}); expected a directory of its own",
                first.key, first.line
            ));
        }
    }

    /// A folder of a user at a server.
    pub fn mailbox(&mut self, host: &str, user: &str, folder: &str, entry: &Entry<'_>) {
        let folder_key = if folder.eq_ignore_ascii_case("INBOX") { "INBOX" } else { folder };
        let key = [host.to_ascii_lowercase(), user.to_owned(), folder_key.to_owned()];
        if let Some(first) = first(&mut self.mailboxes, key, entry) {
            entry.error(format!(
                "the folder {} of {} there is the mailbox of another group (line {}); expected one of its own",
                quoted(folder),
                quoted(user),
                first.line
            ));
        }
    }

    /// Reports the mailing lists that are a bot's own address: a bot would answer itself.
    pub fn finish(self, report: &Report<'_>) {
        for (list, place) in &self.lists {
            if let Some(bot) = self.bots.get(list) {
                let what = format!("{list} is a bot's own address (line {}); expected the mailing list's", bot.line);
                report.error(place, what);
            }
        }
    }
}

/// Where the value was taken first; takes it where it was not.
fn first<K: Hash + Eq>(taken: &mut HashMap<K, Place>, value: K, entry: &Entry<'_>) -> Option<Place> {
    match taken.entry(value) {
        Slot::Occupied(first) => Some(first.get().clone()),
        Slot::Vacant(slot) => {
            slot.insert(entry.place().clone());
            None
        }
    }
}

/// The group, where all of it could be read; what could not is reported.
pub(super) fn read(section: Section<'_>, around: &Surroundings<'_>, taken: &mut Taken) -> Option<GroupConfig> {
    let key = section.require("key", KEY).and_then(|entry| key(&entry, taken));
    let name = section.require("name", "the group's name, such as \"oneM2M WG4 SEC\"");
    let name = name.and_then(|entry| entry.text("the group's name, such as \"oneM2M WG4 SEC\"").map(str::to_owned));
    let bot = section.require("bot", "the bot's own address, such as \"minuted@example.org\"");
    let bot = bot.and_then(|entry| bot_address(&entry, taken));
    let list = section.get("list").map(|entry| list_address(&entry, taken));
    let digest = digest(section.section("digest"), list.is_some());
    let reminders = reminders::read(section.section("reminders"), list.is_some());
    let quiet = quiet(&section, digest.as_ref(), reminders.as_ref());
    let invitations =
        section.get("invitations").map_or(Some(list.is_some()), |entry| invitations(&entry, list.is_some()));
    let roster = section.require("roster", "the file with the group's members, such as \"group.toml\"");
    let roster = roster.and_then(|entry| path(&entry, around.base_dir));
    let page = section.get("page").map(|entry| page(&entry, around, taken));
    let retention = section.get("retention").map(|entry| retention(&entry));
    let time_zone = section.require("time_zone", ZONE).and_then(|entry| time_zone(&entry));
    let closing = section.get("closing").map(|entry| entry.choice(&CLOSINGS));
    let languages: Vec<(&str, &str)> = LANGUAGES.iter().map(|name| (*name, *name)).collect();
    let language = section.get("language").map(|entry| entry.choice(&languages));
    let written = section.require("senders", SENDERS);
    let senders = written.as_ref().and_then(|entry| entry.choice(&SENDER_CHOICES));
    let first_read = section.get("first_read").map(|entry| first_read(&entry, time_zone.as_ref()));
    let answers = section.get("answers_per_hour").map(|entry| answers_per_hour(&entry));
    let mailbox = section.require_section("mailbox", MAILBOX).and_then(|section| mailbox::read(section, around, taken));
    let delivery = section.require_section("delivery", DELIVERY);
    let delivery = delivery.and_then(|section| delivery::read(section, around, taken, bot.as_ref()));
    let references = section.section("references").map_or_else(|| Some(ReferenceScheme::default()), references::read);
    let words =
        section.section("status_words").map_or_else(|| Some(BTreeMap::new()), |words| references::status_words(&words));
    let references = references.zip(words).map(|(mut references, words)| {
        references.patterns.status_words = words;
        references
    });
    let given = section.get("secret");
    let secret = given.as_ref().map(|entry| secret::read(entry, around.base_dir, around.env));
    let reply = section.get("reply_address").map(|entry| entry.parsed(REPLY).map(Some));
    let reply = reply.unwrap_or_else(|| reply_of(bot.as_ref(), given.as_ref()));
    let authserv = section.get("authserv_id").map(|entry| authserv_id(&entry));
    let beside = Beside {
        bot: bot.as_ref(),
        list: list.as_ref().and_then(Option::as_ref),
        senders,
        has_server: authserv.is_some(),
    };
    let announcers = section.get("announcers").map(|entry| announcers::read(&entry, &beside));
    section.finish();
    if let (Some(Senders::Proven), Some(entry), None, None) = (senders, &written, &given, &authserv) {
        entry.warn(
            "nothing can prove a sender without secret or authserv_id: every change will be held until \
             its member has confirmed it",
        );
    }
    Some(GroupConfig {
        key: key?,
        name: name?,
        bot: bot?,
        list: optional(list)?,
        digest: digest?,
        reminders: reminders?,
        invitations: invitations?,
        quiet: quiet?,
        page: optional(page)?,
        retention: optional(retention)?,
        roster: roster?,
        time_zone: time_zone?,
        closing: closing.unwrap_or_else(|| Some(Closing::default()))?,
        language: language.unwrap_or(Some("en"))?.to_owned(),
        senders: senders?,
        first_read: first_read.unwrap_or(Some(FirstRead::Now))?,
        answers_per_hour: answers.unwrap_or(Some(around.limits.answers_per_hour))?,
        mailbox: mailbox?,
        delivery: delivery?,
        references: references?,
        secret: optional(secret)?,
        reply_address: reply?,
        authserv_id: optional(authserv)?,
        announcers: announcers.unwrap_or_else(|| Some(Vec::new()))?,
    })
}

const KEY: &str = "a short word of lower-case letters, digits and hyphens, such as \"sec\"";
const ZONE: &str = "an IANA time zone, such as \"Europe/Berlin\"";
const SENDERS: &str = "\"proven\", or \"claimed\": the address in From is believed, which is for closed networks only";
const SENDER_CHOICES: [(&str, Senders); 2] = [("proven", Senders::Proven), ("claimed", Senders::Claimed)];
const REPLY: &str = "the bot's address with a place for the token, such as \"minuted+{token}@example.org\"";
const AUTHSERV: &str =
    "the name that your mail server writes first in Authentication-Results, such as \"mx.example.org\"";
const MAILBOX: &str = "a table with kind = \"maildir\" and a path, or kind = \"imap\" and a host";
const DELIVERY: &str = "a table with kind = \"maildir\" and a path, or kind = \"smtp\" and a host";
const CLOSINGS: [(&str, Closing); 2] = [("owner", Closing::Owner), ("review", Closing::Review)];

/// A key that may be left out but not be wrong: what is wrong makes the whole `None`.
pub(super) fn optional<T>(value: Option<Option<T>>) -> Option<Option<T>> {
    match value {
        Some(None) => None,
        Some(read) => Some(read),
        None => Some(None),
    }
}

fn key(entry: &Entry<'_>, taken: &mut Taken) -> Option<String> {
    let text = entry.text(KEY)?;
    let valid = text.len() <= 32
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if !valid {
        entry.error(format!("{} is no key of a group; expected {KEY}", quoted(text)));
        return None;
    }
    taken.key(text, entry);
    Some(text.to_owned())
}

fn bot_address(entry: &Entry<'_>, taken: &mut Taken) -> Option<EmailAddress> {
    let bot: EmailAddress = entry.parsed("the bot's own address, such as \"minuted@example.org\"")?;
    if bot.local_part().contains('+') {
        entry.error(format!("{bot} holds a +, after which minuted writes its tags; expected an address without one"));
        return None;
    }
    taken.bot(&bot, entry);
    Some(bot)
}

fn list_address(entry: &Entry<'_>, taken: &mut Taken) -> Option<EmailAddress> {
    let list: EmailAddress = entry.parsed("the mailing list's address, such as \"wg4@example.org\"")?;
    taken.lists.push((list.clone(), entry.place().clone()));
    Some(list)
}

fn time_zone(entry: &Entry<'_>) -> Option<TimeZone> {
    let name = entry.text(ZONE)?;
    // The bundled database is the same on every machine; the machine's own one must know the zone
    // too, since that is the one that days are counted with.
    let bundled = TimeZoneDatabase::bundled();
    if let (Ok(zone), Ok(_)) = (bundled.get(name), TimeZone::get(name))
        && !zone.is_unknown()
    {
        return Some(zone);
    }
    let names: Vec<String> = bundled.available().map(|name| name.as_str().to_owned()).collect();
    let place = |zone: &str| zone.rsplit_once('/').map_or_else(|| zone.to_owned(), |(_, place)| place.to_owned());
    let wanted = name.replace(' ', "_");
    let by_place = names.iter().find(|zone| place(zone).eq_ignore_ascii_case(&wanted)).map(String::as_str);
    let near = by_place.or_else(|| nearest(name, names.iter().map(String::as_str)));
    let near = near.map(|near| format!(" (did you mean {near:?}?)")).unwrap_or_default();
    entry.error(format!("{} is no known time zone; expected {ZONE}{near}", quoted(name)));
    None
}

/// The form of addresses with a token where none is written: the bot's own with a detail. It must
/// have room for one where tokens are made; the outer `None` says that it has not.
#[allow(clippy::option_option)]
fn reply_of(bot: Option<&EmailAddress>, secret: Option<&Entry<'_>>) -> Option<Option<ReplyAddress>> {
    let form = ReplyAddress::of_bot(bot?);
    match (form, secret) {
        (Ok(form), _) => Some(Some(form)),
        (Err(_), None) => Some(None),
        (Err(error), Some(entry)) => {
            entry.error(format!(
                "the bot's address leaves no room for tokens: {error}; expected a shorter one, or reply_address"
            ));
            None
        }
    }
}

fn authserv_id(entry: &Entry<'_>) -> Option<String> {
    let text = entry.text(AUTHSERV)?;
    let valid = !text.is_empty()
        && text.len() <= 255
        && text.chars().all(|c| c.is_ascii_graphic() && !"()<>,;:\\\"[]=".contains(c));
    if !valid {
        entry.error(format!("{} is no name of a server; expected {AUTHSERV}", quoted(text)));
    }
    valid.then(|| text.to_lowercase())
}

fn first_read(entry: &Entry<'_>, zone: Option<&TimeZone>) -> Option<FirstRead> {
    let expected = "\"beginning\", \"now\", a date such as 2014-04-07, or a time such as 2014-04-07T08:00:00Z";
    let text = match entry.value() {
        DeValue::Datetime(time) => time.to_string(),
        _ => entry.text(expected)?.to_owned(),
    };
    let at = match text.as_str() {
        "beginning" => return Some(FirstRead::Beginning),
        "now" => return Some(FirstRead::Now),
        // A date is ten characters; a longer text would be taken for one with its time ignored.
        date if date.len() == 10 => date.parse::<Date>().ok().and_then(|date| {
            // A zone that could not be read has been reported; any other will do to go on.
            let zone = zone.cloned().unwrap_or(TimeZone::UTC);
            date.to_zoned(zone).ok().map(|midnight| midnight.timestamp())
        }),
        time => time.parse::<Timestamp>().ok(),
    };
    if at.is_none() {
        entry.error(format!("{} is no time with its zone; expected {expected}", quoted(&text)));
    }
    at.map(FirstRead::At)
}

pub(super) fn answers_per_hour(entry: &Entry<'_>) -> Option<u32> {
    let number = entry.integer(1..=10_000, "a whole number from 1 to 10000")?;
    u32::try_from(number).ok()
}

/// When the bot writes to the list by itself; a group without a list has nothing of the kind.
fn digest(section: Option<Section<'_>>, has_list: bool) -> Option<DigestRules> {
    let weekly = section.map(|section| {
        let weekly = section.get("weekly").map(|entry| weekly(&entry, has_list));
        section.finish();
        weekly
    });
    let weekly = weekly.flatten().unwrap_or_else(|| Some(has_list.then(Weekly::default)))?;
    Some(DigestRules { weekly })
}

/// A moment of the week; `Some(None)` for `never`.
fn weekly(entry: &Entry<'_>, has_list: bool) -> Option<Option<Weekly>> {
    let expected = "a weekday and a time in the group's zone, such as \"Monday 08:00\", or \"never\"";
    let text = entry.text(expected)?;
    if text == "never" {
        return Some(None);
    }
    let Ok(moment) = text.parse::<Weekly>() else {
        entry.error(format!("{} is no moment of a week; expected {expected}", quoted(text)));
        return None;
    };
    if !has_list {
        entry.error(
            "the weekly digest goes to the mailing list, and the group has none; expected \"never\", or a `list`",
        );
        return None;
    }
    Some(Some(moment))
}

/// When the bot writes nothing by itself. What it writes is timed for the rest of the day.
fn quiet(section: &Section<'_>, digest: Option<&DigestRules>, reminders: Option<&ReminderRules>) -> Option<QuietRules> {
    let entry = section.get("quiet_hours");
    let hours = entry.as_ref().map(|entry| entry.parsed::<QuietHours>("two times of day, such as \"20:00-07:00\""));
    let holidays = section.get("holidays").map(|entry| {
        let expected = "a list of days, such as [\"2014-12-24 to 2015-01-01\", \"2014-05-01\"]";
        let days = entry.list(expected)?.into_iter().map(|day| day.parsed::<Holidays>(expected));
        days.collect::<Vec<_>>().into_iter().collect::<Option<Vec<_>>>()
    });
    let weekly = digest.and_then(|digest| digest.weekly).map(|weekly| ("weekly of [group.digest]", weekly.time));
    let time = reminders.map(|reminders| ("time of [group.reminders]", reminders.time));
    if let (Some(entry), Some(Some(hours))) = (&entry, hours)
        && let Some((key, time)) = [weekly, time].into_iter().flatten().find(|(_, time)| hours.contain(*time))
    {
        entry.error(format!(
            "{hours} has {} in it, which is {key}; expected hours without it, or another {key}",
            time.strftime("%H:%M")
        ));
        return None;
    }
    Some(QuietRules { hours: optional(hours)?, holidays: holidays.unwrap_or_else(|| Some(Vec::new()))? })
}

/// Whether the list is told of meetings in a form that calendars understand.
fn invitations(entry: &Entry<'_>, has_list: bool) -> Option<bool> {
    let invited = entry.choice(&[("list", true), ("never", false)])?;
    if invited && !has_list {
        entry.error("invitations go to the mailing list, and the group has none; expected \"never\", or a `list`");
        return None;
    }
    Some(invited)
}

/// How long something is kept: `2 years`, `18 months`, `90 days`.
fn retention(entry: &Entry<'_>) -> Option<Span> {
    let expected = "a number of days, months or years, at least 30 days, such as \"2 years\"";
    let text = entry.text(expected)?;
    let read = || {
        let (number, unit) = text.split_once(' ')?;
        let number: i64 = number.parse().ok().filter(|number| (1..=36_500).contains(number))?;
        match unit {
            "day" | "days" if number >= 30 => Span::new().try_days(number).ok(),
            "month" | "months" => Span::new().try_months(number).ok(),
            "year" | "years" if number <= 100 => Span::new().try_years(number).ok(),
            _ => None,
        }
    };
    let span = read();
    if span.is_none() {
        entry.error(format!("{} is no time that mail is kept for; expected {expected}", quoted(text)));
    }
    span
}

/// The directory of the pages, which is nobody else's.
fn page(entry: &Entry<'_>, around: &Surroundings<'_>, taken: &mut Taken) -> Option<PathBuf> {
    let page = path(entry, around.base_dir)?;
    taken.path(&page, entry);
    Some(page)
}

/// The directory of a Maildir, which is nobody else's.
pub(super) fn maildir(section: &Section<'_>, around: &Surroundings<'_>, taken: &mut Taken) -> Option<PathBuf> {
    let entry = section.require("path", "the directory that holds new, cur and tmp")?;
    let path = path(&entry, around.base_dir)?;
    taken.path(&path, &entry);
    Some(path)
}

/// A path, which counts from the configuration's folder where it is relative.
pub(super) fn path(entry: &Entry<'_>, base_dir: &Path) -> Option<PathBuf> {
    let text = entry.text("a path")?;
    if text == "~" || text.starts_with("~/") {
        entry.error(format!("{} begins with ~, which only a shell knows; expected the whole path", quoted(text)));
        return None;
    }
    Some(base_dir.join(text))
}

/// The path without `.` and `..`, so that two spellings of one directory are told to be the same.
/// Symbolic links are not followed: the directories need not exist yet.
fn cleaned(path: &Path) -> PathBuf {
    let mut cleaned = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if matches!(cleaned.components().next_back(), Some(Component::Normal(_))) => {
                cleaned.pop();
            }
            other => cleaned.push(other),
        }
    }
    cleaned
}
