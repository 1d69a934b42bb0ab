//! A year of four groups, each in a time zone of its own: together 60 members, 500 action items, 8 meetings that are
//! planned and moved, and 200 restarts, at any time and in the middle of the work. Each has both clock changes of
//! its zone and three outages. The clock is a parameter.

mod group;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::future::{Future, poll_fn};
use std::path::Path;
use std::task::Poll;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use mail_parser::MessageParser;
use minuted::config::{self, Config};
use minuted::daemon::{self, Round};
use minuted::domain::{Occasion, OccasionKind, Recipient, Skip, Standing};
use minuted::steps::{self, Group};
use minuted::store::{OccasionRow, Store};
use rstest::rstest;

use crate::chance::Chance;
use group::{COPIES, Event, Item, PLANS, Plan};

/// Of each group.
const RESTARTS: usize = 50;

/// An hour; three days over a week before the meeting in Berlin; two weeks.
const OUTAGES: [(&str, &str); 3] = [
    ("2014-02-09T01:15:00Z", "2014-02-09T02:15:00Z"),
    ("2014-03-22T00:00:00Z", "2014-03-25T00:00:00Z"),
    ("2014-07-01T00:00:00Z", "2014-07-15T00:00:00Z"),
];

fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

/// The program while it runs: a kill drops it in the middle of something, and it is started again.
struct Program {
    config: Config,
    store: Store,
    group: Group,
    restarts: usize,
    killed: usize,
}

impl Program {
    async fn start(folder: &Path, now: Timestamp) -> Self {
        let config = config::load(&folder.join("minuted.toml")).expect("a valid configuration");
        let (store, group) = Self::opened(&config, now).await;
        Self { config, store, group, restarts: 0, killed: 0 }
    }

    async fn opened(config: &Config, now: Timestamp) -> (Store, Group) {
        let store = Store::open(&config.database).await.expect("a database");
        let group = steps::open_group(&store, &config.groups[0], now).await.expect("opening the group");
        (store, group)
    }

    async fn round(&self, now: Timestamp) -> anyhow::Result<Round> {
        daemon::run_once(&self.store, std::slice::from_ref(&self.group), &self.config.limits, now).await
    }

    async fn runs(&self, now: Timestamp) {
        let round = self.round(now).await.expect("a round");
        assert_eq!((round.failed, round.parked, round.quarantined), (0, 0, 0));
    }

    /// Runs until it has been waited for so often, and is gone then.
    async fn is_killed_and_started(&mut self, after: usize, now: Timestamp) {
        let round = cut(self.round(now), after).await;
        self.killed += usize::from(round.is_none());
        self.restarts += 1;
        (self.store, self.group) = Self::opened(&self.config, now).await;
    }

    async fn hears(&self, event: &Event, now: Timestamp) {
        let group = &self.group;
        let input = steps::operator_mail(&event.by.parse().expect("an address"), &event.text, &group.rules, now);
        let answer = steps::perform(&self.store, group.id, input, now).await.expect("doing it").expect("an answer");
        let wrong: Vec<_> = answer.lines.iter().filter(|line| format!("{:?}", line.outcome) != "Done").collect();
        assert!(!answer.lines.is_empty() && wrong.is_empty(), "{}: {wrong:?}", event.text);
    }

    /// When there is something to do next.
    async fn next(&self, now: Timestamp) -> Option<Timestamp> {
        steps::next_occasion(&self.store, &self.group, now).await.expect("the next occasion")
    }
}

/// The future's output, unless it was to be waited for more often than that: then it is dropped where it is.
async fn cut<F: Future>(future: F, mut polls: usize) -> Option<F::Output> {
    let mut future = Box::pin(future);
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending if polls == 0 => Poll::Ready(None),
        Poll::Pending => {
            polls -= 1;
            Poll::Pending
        }
    })
    .await
}

#[rstest]
#[case::berlin(0)]
#[case::newfoundland(1)]
#[case::lord_howe(2)]
#[case::seoul(3)]
fn in_a_year_of_restarts_and_outages_each_occasion_comes_once_or_is_recorded_as_skipped(#[case] plan: usize) {
    // As much room as the program's own thread has; a test's has less.
    let played = std::thread::Builder::new().stack_size(8 << 20).spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(Box::pin(a_year(&PLANS[plan])));
    });
    played.expect("a thread").join().expect("a year");
}

async fn a_year(plan: &Plan) {
    let mut chance = Chance::seeded("MINUTED_SEED");
    let folder = tempfile::tempdir().expect("a temporary folder");
    plan.write(folder.path());
    let (start, end) = (at("2014-01-01T12:00:00Z"), at("2015-01-01T12:00:00Z"));
    let items = plan.items(&mut chance, start);
    let mut program = Program::start(folder.path(), start).await;
    play(&mut program, &mut chance, plan.events(&items, start), start, end).await;
    eprintln!("{} restarts, {} of them in the middle of something", program.restarts, program.killed);
    assert!(program.restarts == RESTARTS && program.killed > RESTARTS / 4);
    let rows = program.store.occasions(program.group.id).await.expect("the occasions");
    let year = Year { plan, items: &items, rows, start, end };
    year.each_once();
    year.one_mail_a_day();
    year.nothing_is_missing();
    year.late_only_after_an_outage();
    year.every_mail_says_something(&folder.path().join("out/new"));
    let again = folder.path().join("again.db");
    let rebuilt = program.store.rebuild(&again, steps::NEEDS, steps::replay).await.expect("replaying the journal");
    assert_eq!(rebuilt.differences, Vec::<String>::new());
    program.store.close().await;
}

/// The year: whatever comes next; the program is killed while it does that, and at any other time.
async fn play(program: &mut Program, chance: &mut Chance, events: Vec<Event>, start: Timestamp, end: Timestamp) {
    let mut events = events.into_iter().peekable();
    let outages = OUTAGES.map(|(from, until)| (at(from), at(until)));
    let minutes = usize::try_from(end.duration_since(start).as_mins()).expect("a year");
    let any_time = |_| start + SignedDuration::from_mins(chance.below(minutes) as i64);
    let mut restarts: Vec<Timestamp> = (0..RESTARTS / 2).map(any_time).collect();
    restarts.sort();
    let mut restarts = restarts.into_iter().peekable();
    let mut now = start;
    while now < end {
        while let Some(event) = events.next_if(|event| event.at <= now) {
            program.hears(&event, now).await;
        }
        let is_time = restarts.next_if(|at| *at <= now).is_some();
        let planned = program.restarts + restarts.len();
        if is_time || planned < RESTARTS && chance.below(8) == 0 {
            program.is_killed_and_started(chance.below(10), now).await;
        }
        program.runs(now).await;
        let next = program.next(now).await.into_iter().chain(events.peek().map(|event| event.at));
        let next = next.chain(restarts.peek().copied()).min().unwrap_or(end);
        now = next.max(now + SignedDuration::from_secs(1));
        now = outages.iter().find(|(from, until)| (*from..*until).contains(&now)).map_or(now, |(_, until)| *until);
    }
}

/// What became of a group's year.
struct Year<'a> {
    plan: &'a Plan,
    items: &'a [Item],
    rows: Vec<OccasionRow>,
    start: Timestamp,
    end: Timestamp,
}

impl Year<'_> {
    fn sent(&self) -> impl Iterator<Item = &OccasionRow> {
        self.rows.iter().filter(|row| row.standing.is_sent())
    }

    fn day(&self, at: Timestamp) -> Date {
        at.to_zoned(self.plan.tz()).date()
    }

    fn each_once(&self) {
        let occasions: BTreeSet<&Occasion> = self.rows.iter().map(|row| &row.occasion).collect();
        assert_eq!(occasions.len(), self.rows.len(), "an occasion is recorded twice");
        assert!(self.sent().all(|row| row.message_id.is_some() && row.sent_at.is_some()), "a mail did not go");
        assert!(self.rows.iter().all(|row| row.at >= row.due_at), "an occasion came before its moment");
    }

    fn one_mail_a_day(&self) {
        let mut mails: BTreeMap<(String, Date), BTreeSet<&str>> = BTreeMap::new();
        for row in self.sent() {
            let address = row.address.as_ref().expect("an address").to_string();
            mails.entry((address, self.day(row.at))).or_default().extend(row.message_id.as_deref());
        }
        let more: Vec<_> = mails.iter().filter(|(_, mails)| mails.len() > 1).collect();
        assert!(more.is_empty(), "{}: more than one mail a day: {more:?}", self.plan.zone);
        eprintln!(
            "{}: {} mails, {} occasions, {} of them sent",
            self.plan.zone,
            mails.len(),
            self.rows.len(),
            self.sent().count()
        );
    }

    /// All that was on a ladder of what was so when its time came is recorded.
    fn nothing_is_missing(&self) {
        let recorded: BTreeSet<&Occasion> = self.rows.iter().map(|row| &row.occasion).collect();
        let mut expected = 0;
        let mut expect = |kind: OccasionKind, recipient: Recipient, name: String, date: Date, time| {
            let moment = date.to_datetime(time).to_zoned(self.plan.tz()).expect("a time").timestamp();
            if moment > self.start && moment < self.end {
                let occasion = Occasion { recipient, kind, name, date };
                assert!(recorded.contains(&occasion), "{}: {occasion:?} is not recorded", self.plan.zone);
                expected += 1;
            }
        };
        let days = std::iter::successors(Some(jiff::civil::date(2014, 1, 1)), |day| day.tomorrow().ok()).take(365);
        for day in days.filter(|day| day.strftime("%A").to_string() == self.plan.weekly) {
            let Occasion { recipient, kind, name, date } = Occasion::weekly(day);
            for member in COPIES {
                expect(kind, Recipient::Member(member), name.clone(), date, self.plan.weekly_time);
            }
            expect(kind, recipient, name, date, self.plan.weekly_time);
        }
        for (meeting, first) in [("SEC#2.0", self.plan.meetings[0]), ("SEC#3.0", self.plan.meetings[1])] {
            let before = |days: i64| first.saturating_sub(days.days());
            for (kind, days) in [(OccasionKind::Meeting, &[14, 7, 1][..]), (OccasionKind::Deadline, &[14, 8])] {
                for days in days {
                    expect(kind, Recipient::List, meeting.to_owned(), before(*days), self.plan.reminders);
                }
            }
        }
        for item in self.items {
            let weeks = (0..60).map(|week| 1 + 7 * week);
            for days in [-7, -1].into_iter().chain(weeks) {
                let date = item.due.saturating_add(i64::from(days).days());
                let next_look = date.saturating_add(if days == -7 { 16.days() } else { 15.days() });
                // What is closed during an outage was not to be told any more after it.
                let told_by = next_look.to_zoned(self.plan.tz()).expect("a day").timestamp();
                if item.is_open(told_by) {
                    for member in self.members_of(&item.who) {
                        let name = item.reference();
                        expect(OccasionKind::Personal, Recipient::Member(member), name, date, self.plan.reminders);
                    }
                }
            }
        }
        assert!(expected > 60, "{expected}");
    }

    /// The members who are mailed about an item, by the numbers that the database has given them in order.
    fn members_of(&self, who: &str) -> Vec<u32> {
        let owners = who.trim_start_matches("Lead ").split(", ");
        owners.filter_map(|owner| owner.strip_prefix("Member ")?.parse().ok()).collect()
    }

    /// While the program runs, everything goes on time: a restart is nothing that anybody sees.
    fn late_only_after_an_outage(&self) {
        let outages = OUTAGES.map(|(from, until)| (at(from), at(until)));
        for row in &self.rows {
            let missed = outages.iter().find(|(from, until)| *from <= row.due_at && row.due_at < *until);
            let is_long =
                missed.is_some_and(|(_, until)| until.duration_since(row.due_at) > SignedDuration::from_hours(2));
            match row.standing {
                Standing::OnTime => assert!(!is_long, "{row:?} was missed"),
                // What waits for the next morning, since that day's mail had gone, was missed as well.
                Standing::Late => assert!(missed.is_some(), "{row:?} is late"),
                Standing::Skipped(Skip::TooLate) => assert!(is_long, "{row:?} is skipped"),
                Standing::Skipped(_) => {}
            }
        }
        let late = |kind| self.rows.iter().any(|row| row.standing == Standing::Late && row.occasion.kind == kind);
        assert!(self.plan.key != "berlin" || late(OccasionKind::Meeting), "the reminder was missed and goes late");
        let too_late = |row: &&OccasionRow| row.standing == Standing::Skipped(Skip::TooLate);
        assert!(self.rows.iter().any(|row| too_late(&row)), "a weekly digest is missed for good");
    }

    /// Each mail went once, and tells of something that was so.
    fn every_mail_says_something(&self, delivered: &Path) {
        let mut arrived: BTreeMap<String, String> = BTreeMap::new();
        for file in fs::read_dir(delivered).expect("the outgoing Maildir") {
            let raw = fs::read(file.expect("a mail").path()).expect("a mail");
            let message = MessageParser::new().parse(&raw).expect("a mail, whole");
            let (id, text) = (message.message_id().expect("a Message-ID"), message.body_text(0).expect("a text"));
            assert!(arrived.insert(id.to_owned(), text.into_owned()).is_none(), "{id} was delivered twice");
        }
        let open = |at| self.items.iter().filter(move |item| item.is_open(at)).map(Item::reference);
        for row in self.sent() {
            let text = &arrived[row.message_id.as_deref().expect("a Message-ID")];
            let names = |reference: &String| text.contains(reference.as_str());
            let says = match (&row.occasion.recipient, row.occasion.kind) {
                (_, OccasionKind::Weekly) => text.contains("A-WG4-TP1-") || text.contains("SEC#"),
                // What was closed there is open no more.
                (Recipient::List, OccasionKind::Report) => text.contains("A-WG4-TP1-"),
                (_, OccasionKind::Meeting | OccasionKind::Deadline) => text.contains("SEC#"),
                _ => open(row.at).any(|reference| names(&reference)),
            };
            assert!(says, "{row:?} says nothing:\n{text}");
            let is_own = row.occasion.kind == OccasionKind::Personal;
            assert!(!is_own || names(&row.occasion.name), "{row:?} does not tell of it:\n{text}");
        }
        let idle = |row: &&OccasionRow| row.standing == Standing::Skipped(Skip::NothingToSay);
        // A meeting of which nothing is recorded has no report.
        for row in self.rows.iter().filter(idle).filter(|row| row.occasion.kind != OccasionKind::Report) {
            assert!(row.occasion.recipient != Recipient::List || open(row.at).next().is_none(), "{row:?}");
        }
        let copies = |member| {
            let is_copy = |row: &&OccasionRow| row.occasion.kind == OccasionKind::Weekly;
            let own = self.sent().filter(move |row| row.occasion.recipient == Recipient::Member(member));
            own.filter(is_copy).count()
        };
        // One group has nothing left to say by August.
        assert!(copies(2) > copies(5) || self.plan.key == "seoul", "who pauses gets fewer");
        assert!(copies(5) > copies(7) && copies(7) > 10, "and who has stopped gets none");
        assert_eq!(copies(1), 0, "nobody gets a copy who has not asked for one");
        let idle = self.rows.iter().filter(idle).filter(|row| row.occasion.kind == OccasionKind::Weekly).count();
        assert!((self.plan.key == "seoul") == (idle > 10), "{idle} weeks without anything to say");
    }
}
