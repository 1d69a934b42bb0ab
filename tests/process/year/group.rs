//! Four groups for a year: who they are, what they have to do, and when it is done.

use std::fs;
use std::path::Path;

use jiff::civil::{Date, Time, date, time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use minuted::mailbox::Maildir;

use crate::chance::Chance;

/// Members of each group, and its action items: together 60 and 500.
pub const MEMBERS: u32 = 15;
const ITEMS: usize = 125;

/// Those who want a copy of each weekly digest all year; one of them pauses their mail in August.
pub const COPIES: [u32; 3] = [2, 5, 11];

/// Where a group is, when it hears from the bot, and when it meets: on the day after a clock change, where there
/// are some. The second meeting is planned for a week before that, and then moved.
pub struct Plan {
    pub key: &'static str,
    pub zone: &'static str,
    pub weekly: &'static str,
    pub weekly_time: Time,
    pub reminders: Time,
    pub meetings: [Date; 2],
}

pub const PLANS: [Plan; 4] = [
    // Its mornings are at a time that one Sunday leaves out and another has twice.
    Plan {
        key: "berlin",
        zone: "Europe/Berlin",
        weekly: "Sunday",
        weekly_time: time(2, 30, 0, 0),
        reminders: time(2, 30, 0, 0),
        meetings: [date(2014, 3, 31), date(2014, 10, 27)],
    },
    Plan {
        key: "newfoundland",
        zone: "America/St_Johns",
        weekly: "Monday",
        weekly_time: time(8, 0, 0, 0),
        reminders: time(8, 0, 0, 0),
        meetings: [date(2014, 3, 10), date(2014, 11, 3)],
    },
    // Its clocks change by half an hour, in autumn when others' do in spring.
    Plan {
        key: "lordhowe",
        zone: "Australia/Lord_Howe",
        weekly: "Sunday",
        weekly_time: time(2, 15, 0, 0),
        reminders: time(1, 45, 0, 0),
        meetings: [date(2014, 4, 7), date(2014, 10, 6)],
    },
    Plan {
        key: "seoul",
        zone: "Asia/Seoul",
        weekly: "Friday",
        weekly_time: time(16, 0, 0, 0),
        reminders: time(8, 0, 0, 0),
        meetings: [date(2014, 4, 10), date(2014, 10, 20)],
    },
];

/// An action item, from its beginning.
pub struct Item {
    pub number: usize,
    pub who: String,
    pub due: Date,
    /// When it is closed, where it is.
    pub closed: Option<Timestamp>,
}

impl Item {
    pub fn reference(&self) -> String {
        format!("A-WG4-TP1-{:03}", self.number)
    }

    pub fn is_open(&self, at: Timestamp) -> bool {
        self.closed.is_none_or(|closed| at < closed)
    }
}

/// What somebody writes, and when.
pub struct Event {
    pub at: Timestamp,
    pub by: String,
    pub text: String,
}

pub fn chair() -> String {
    "member1@example.org".to_owned()
}

impl Plan {
    pub fn tz(&self) -> TimeZone {
        TimeZone::get(self.zone).expect("a zone")
    }

    /// The group's table of the configuration.
    fn configured(&self) -> String {
        let Self { key, zone, weekly, weekly_time, reminders, .. } = self;
        let (weekly_time, reminders) = (weekly_time.strftime("%H:%M"), reminders.strftime("%H:%M"));
        format!(
            "database = \"minuted.db\"\n\n[[group]]\nkey = \"{key}\"\nname = \"Group {key}\"\nbot = \"minuted-{key}@example.org\"\n\
             list = \"{key}@example.org\"\nroster = \"group.toml\"\ntime_zone = \"{zone}\"\nsenders = \"claimed\"\n\
             first_read = \"beginning\"\nmailbox = {{ kind = \"maildir\", path = \"in\" }}\n\
             delivery = {{ kind = \"maildir\", path = \"out\" }}\n\
             digest = {{ weekly = \"{weekly} {weekly_time}\" }}\nreminders = {{ time = \"{reminders}\" }}\n"
        )
    }

    /// Five organizations with three members each: some have a contact, two have the same office, one has none.
    fn roster() -> String {
        let mut text = String::new();
        for number in 1..=5 {
            let contact = match number {
                1 | 2 => format!("contact = \"member{}@example.org\"\n", number * 3),
                3 | 4 => "contact = \"office@example.org\"\n".to_owned(),
                _ => String::new(),
            };
            text += &format!("[[organization]]\nname = \"Organization {number}\"\n{contact}\n");
        }
        for id in 1..=MEMBERS {
            let roles = ["", "roles = [\"chair\"]\n", "roles = [\"secretary\"]\n"]
                [usize::from(id == 1) + 2 * usize::from(id == 2)];
            text += &format!(
                "[[member]]\nname = \"Member {id}\"\norganization = \"Organization {}\"\n\
                 addresses = [\"member{id}@example.org\"]\n{roles}\n",
                id.div_ceil(3)
            );
        }
        text
    }

    /// Its items: most are closed about when they are due, some never. One group has nothing left to do in summer.
    pub fn items(&self, chance: &mut Chance, start: Timestamp) -> Vec<Item> {
        let ends = self.key == "seoul";
        let owner = |chance: &mut Chance| match chance.below(2) {
            0 => format!("Member {}", chance.below(MEMBERS as usize) + 1),
            _ => format!("Organization {}", chance.below(5) + 1),
        };
        let items = (1..=ITEMS).map(|number| {
            let (lead, other) = (owner(chance), owner(chance));
            let days = 4 + chance.below(if ends { 130 } else { 340 }) as i64;
            let due = date(2014, 1, 1).saturating_add(days.days());
            let after = (days + chance.below(24) as i64 - 12).max(1) * 24 * 60 + chance.below(24 * 60) as i64;
            let is_never = !ends && chance.below(12) == 0;
            let closed = (!is_never).then(|| start + SignedDuration::from_mins(after));
            Item { number, who: format!("Lead {lead}, {other}"), due, closed }
        });
        items.collect()
    }

    /// What is written in the group over the year.
    pub fn events(&self, items: &[Item], start: Timestamp) -> Vec<Event> {
        let event = |at: Timestamp, by: &str, text: String| Event { at, by: by.to_owned(), text };
        let mut events = Vec::new();
        let begin = "meeting SEC#1.0 in TP1 2014-01-01 to 2014-01-02 Berlin".to_owned();
        let [spring, autumn] = self.meetings;
        let planned = |number: u8, first: Date| {
            let (last, deadline) = (first.saturating_add(3.days()), first.saturating_sub(7.days()));
            format!("meeting SEC#{number}.0 in TP{number} {first} to {last} Seoul deadline {deadline}")
        };
        let meetings = [begin, planned(2, spring), planned(3, autumn.saturating_sub(7.days()))];
        events.push(event(start, &chair(), meetings.join("\n\n")));
        let wanted = |item: &Item| format!("action {}: Task {} due {}", item.who, item.number, item.due);
        for some in items.chunks(50) {
            let text: Vec<String> = some.iter().map(wanted).collect();
            events.push(event(start, &chair(), text.join("\n\n")));
        }
        for item in items {
            events.extend(item.closed.map(|at| event(at, &chair(), format!("done {}", item.reference()))));
        }
        let noon = |day: Date| day.at(12, 0, 0, 0).to_zoned(TimeZone::UTC).expect("a time").timestamp();
        events.push(event(noon(autumn.saturating_sub(30.days())), &chair(), planned(3, autumn)));
        events.push(event(noon(spring.saturating_sub(20.days())), "member4@example.org", "attending SEC#2".to_owned()));
        events.push(event(noon(date(2014, 8, 1)), "member5@example.org", "pause until 20 August".to_owned()));
        for member in COPIES {
            events.push(event(start, &format!("member{member}@example.org"), "digest on".to_owned()));
        }
        events.push(event(start, "member7@example.org", "digest on".to_owned()));
        events.push(event(noon(date(2014, 5, 14)), "member7@example.org", "digest off".to_owned()));
        events.sort_by_key(|event| event.at);
        events
    }

    /// Writes the group's configuration and roster, and makes its Maildirs.
    pub fn write(&self, folder: &Path) {
        fs::write(folder.join("minuted.toml"), self.configured()).expect("writing the configuration");
        fs::write(folder.join("group.toml"), Self::roster()).expect("writing the roster");
        for maildir in ["in", "out"] {
            Maildir::create(folder.join(maildir)).expect("making a Maildir");
        }
    }
}
