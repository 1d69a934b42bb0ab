//! A group with its database, and a conversation played in it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use jiff::Timestamp;
use minuted::agenda;
use minuted::config::{self, Config, Profile};
use minuted::decide::Input;
use minuted::domain::RequestKind;
use minuted::mailbox::{Entry, Place, Raw};
use minuted::steps::{self, Group, Reminded};
use minuted::store::{MessageRow, OutboxState, Store};
use regex::Regex;

use super::carrier::{Arriving, Carrier};
use super::story::{Mail, Story, What};
use super::transcript::{self, State};

/// When the group is first started, a week before its meeting.
const START: &str = "2014-04-01T08:00:00Z";

/// The key of the tokens, where a story has them.
const SECRET: &str = "a secret that only the tests know";

/// A group that runs.
struct World<C> {
    /// What carries its mails.
    carrier: C,
    folder: tempfile::TempDir,
    config: Config,
    store: Store,
    group: Group,
    /// Every mail of the outbox so far, in order.
    sent: Vec<transcript::Sent>,
    /// The conversation as it is told.
    told: String,
    /// How many files were put into the mailbox.
    arrived: usize,
    /// Every mail that was put into the mailbox, as it was.
    mails: Vec<Arriving>,
}

/// Plays a conversation whose mails' lines end in `line_end`, and tells it.
pub fn play(story: &Story, line_end: &str, carrier: impl Carrier) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let mut world = World::start(story, carrier).await;
        let before = world.state().await;
        for event in &story.events {
            match &event.what {
                What::Mails(mails) => world.mails(mails, event.at, line_end).await,
                What::Time { file } => world.time(file, event.at).await,
                What::Archive(mails) => world.archive(mails, event.at, line_end).await,
                What::Agenda { file, text } => world.agenda(Some(file), text, event.at).await,
                What::Operator { file, text } => world.operator(file, text, event.at).await,
            }
        }
        let after = world.state().await;
        let changed = transcript::changed(&before, &after);
        let told = world.mask(&format!("{}{changed}", world.told)).await;
        let end = story.events.last().map_or(Timestamp::MIN, |event| event.at);
        world.journal_says_the_same().await;
        world.nothing_is_left_to_do(end).await;
        world.mails_found_again_do_nothing(end).await;
        world.every_mail_is_delivered_once().await;
        world.journal_says_the_same().await;
        world.carrier.leaves().await;
        world.store.close().await;
        told
    })
}

impl<C: Carrier> World<C> {
    async fn start(story: &Story, mut carrier: C) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let profile = Profile::named(story.settings.profile.as_deref().unwrap_or("onem2m")).expect("a profile");
        for (name, content) in profile.embedded() {
            let content = match name {
                "minuted.toml" => carrier.configured(configured(&content, story)),
                _ => content,
            };
            fs::write(folder.path().join(name), content).expect("writing the configuration");
        }
        fs::write(folder.path().join("secret"), SECRET).expect("writing the secret");
        carrier.prepares(folder.path());
        let config = config::load(&folder.path().join("minuted.toml")).expect("a valid configuration");
        let store = Store::open(&config.database).await.expect("a database");
        let start: Timestamp = START.parse().expect("a time");
        let group = steps::open_group(&store, &config.groups[0], start).await.expect("opening the group");
        let (sent, told, mails) = (Vec::new(), String::new(), Vec::new());
        let mut world = Self { carrier, folder, config, store, group, sent, told, arrived: 0, mails };
        if story.settings.agenda {
            let seed = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/seed/agenda.txt");
            let seed = fs::read_to_string(seed).expect("the seed's agenda");
            world.agenda(None, &seed, start).await;
        }
        world
    }

    /// The operator imports an agenda.
    async fn agenda(&mut self, file: Option<&str>, text: &str, at: Timestamp) {
        let document = agenda::read(text.as_bytes(), &self.group.rules.references).expect("an agenda");
        let input = Input::Agenda { document: Box::new(document), by: None };
        let answer = steps::perform(&self.store, self.group.id, input, at).await.expect("importing the agenda");
        if let Some(file) = file {
            self.told.push_str(&transcript::imported(file, at, &answer.expect("an import is answered")));
        }
    }

    /// The operator types commands.
    async fn operator(&mut self, file: &str, text: &str, at: Timestamp) {
        for line in text.lines() {
            if let Some(message) = line.strip_prefix("quarantine drop ") {
                let message = message.parse().expect("a number");
                assert!(self.store.drop_quarantined(message).await.expect("the quarantine"), "{message} is not held");
                self.told.push_str(&format!("*** {file} at {at}: {line}\n\n"));
            } else if let Some(message) = line.strip_prefix("quarantine retry ") {
                let message = message.parse().expect("a number");
                assert!(self.store.retry_quarantined(message).await.expect("the quarantine"), "{message} is not held");
                self.told.push_str(&format!("*** {file} at {at}: {line}\n\n"));
                self.run(at).await;
            } else if let Some((address, commands)) = line.strip_prefix("do ").and_then(|line| line.split_once(' ')) {
                let member = address.parse().expect("an address");
                let input = steps::operator_mail(&member, commands, &self.group.rules, at);
                let answer = steps::perform(&self.store, self.group.id, input, at).await.expect("doing it");
                self.told.push_str(&transcript::typed(file, line, at, answer.as_ref(), &self.group));
            } else {
                panic!("{file}: {line}");
            }
        }
        self.tell_what_was_sent().await;
    }

    /// Mails arrive, and everything that waits is done.
    async fn mails(&mut self, mails: &[Mail], at: Timestamp, line_end: &str) {
        for mail in mails {
            let raw = self.filled_in(&mail.text, line_end).await;
            self.told.push_str(&transcript::arrived(&mail.file, at, &mail.text));
            let mail = self.named(&mail.file, raw, at);
            self.carrier.brings(&mail);
            self.mails.push(mail);
        }
        self.run(at).await;
        self.tell_what_was_sent().await;
    }

    /// Time passes; what is due is sent. Asked again, as after a crash, nothing more is.
    async fn time(&mut self, file: &str, at: Timestamp) {
        self.told.push_str(&format!("*** {file}: it is {at}\n"));
        let reminded = steps::remind(&self.store, &self.group, at).await.expect("reminding");
        let again = steps::remind(&self.store, &self.group, at).await.expect("reminding again");
        assert_eq!(again, Reminded::default(), "an occasion was dealt with twice");
        self.told.push_str(&format!("    {} sent, {} skipped\n\n", reminded.sent, reminded.skipped));
        self.run(at).await;
        self.tell_what_was_sent().await;
    }

    /// Mails are read from an archive.
    async fn archive(&mut self, mails: &[Mail], at: Timestamp, line_end: &str) {
        let mut messages = Vec::new();
        for mail in mails {
            let bytes = self.filled_in(&mail.text, line_end).await;
            self.told.push_str(&transcript::arrived(&mail.file, at, &mail.text));
            let entry = Entry { uid: mail.file.clone(), size: bytes.len() as u64, arrived: at, at: Place::Offset(0) };
            let size = entry.size;
            messages.push(Ok((entry, Raw { bytes, truncated: false, size })));
        }
        let limit = self.config.limits.message_bytes;
        let taken =
            steps::take_in(&self.store, self.group.id, "archive", messages.into_iter(), |_| true, limit, at, |_| {});
        assert_eq!(taken.await.expect("reading the archive"), mails.len());
        self.run(at).await;
        self.tell_what_was_sent().await;
    }

    /// A mail under the name that it has in the mailbox.
    fn named(&mut self, name: &str, raw: Vec<u8>, at: Timestamp) -> Arriving {
        self.arrived += 1;
        Arriving { name: format!("{:04}.{name}", self.arrived), raw, at }
    }

    /// Everything that waits, once.
    async fn run(&mut self, now: Timestamp) -> (usize, usize, usize) {
        let (store, group) = (&self.store, &self.group);
        let fetched = self.carrier.fetches(store, group, &self.config.limits, now).await;
        let processed = steps::process(store, group, now).await.expect("processing");
        self.carrier.settles(store, group).await;
        let delivered = self.carrier.delivers(store, group, now).await;
        assert_eq!(delivered.failed, 0, "a mail was not delivered");
        (fetched.new, processed.read, delivered.sent)
    }

    async fn tell_what_was_sent(&mut self) {
        let outbox = self.store.outbox(self.group.id, None).await.expect("the outbox");
        for row in outbox.into_iter().skip(self.sent.len()) {
            let raw = self.store.outgoing_raw(row.id).await.expect("the outbox").expect("a mail of the outbox");
            let sent = transcript::Sent::read(row, &raw, &self.group.rules);
            self.told.push_str(&sent.told(self.sent.len() + 1));
            self.sent.push(sent);
        }
    }

    /// A mail's text with what is known by now in the places kept for it.
    async fn filled_in(&self, text: &str, line_end: &str) -> Vec<u8> {
        let mut text = text.to_owned();
        for (place, value) in self.known().await {
            text = text.replace(&place, &value);
        }
        for (number, sent) in self.sent.iter().enumerate() {
            let quoted: Vec<String> = sent.text.lines().map(|line| format!("> {line}")).collect();
            text = text.replace(&format!("{{plain:{}}}", number + 1), sent.text.trim_end());
            text = text.replace(&format!("{{quote:{}}}", number + 1), quoted.join("\n").trim_end());
        }
        let click = Regex::new(r"(?m)^\{click:(\d+):(.*)\}$").expect("a pattern");
        let clicked = |found: &regex::Captures<'_>| {
            let number: usize = found[1].parse().expect("a number");
            self.sent[number - 1].clicked(&found[2])
        };
        let text = click.replace_all(&text, clicked).into_owned();
        let unknown = ["{answer:", "{receipt:", "{code:", "{quote:", "{plain:", "{tag:", "{reply-to:"]
            .into_iter()
            .find(|place| text.contains(place));
        assert_eq!(unknown, None, "a mail names something that is not there yet:\n{text}");
        text.replace('\n', line_end).into_bytes()
    }

    /// What a conversation cannot know beforehand, by the place that is kept for it.
    async fn known(&self) -> Vec<(String, String)> {
        let mut known = Vec::new();
        for (number, sent) in self.sent.iter().enumerate() {
            known.push((format!("{{answer:{}}}", number + 1), sent.row.message_id.clone()));
            let tag = sent.row.message_id.strip_prefix("digest.").and_then(|rest| rest.split_once('@'));
            known.extend(tag.map(|(tag, _)| (format!("{{tag:{}}}", number + 1), tag.to_owned())));
            known.extend(
                sent.reply_to.iter().map(|reply_to| (format!("{{reply-to:{}}}", number + 1), reply_to.clone())),
            );
            known.extend(sent.receipt.iter().map(|receipt| (format!("{{receipt:{}}}", number + 1), receipt.clone())));
        }
        let requests = self.store.requests(self.group.id, false).await.expect("requests");
        let codes = requests.into_iter().filter_map(|request| match request.kind {
            RequestKind::Address { code, .. } | RequestKind::Held { code, .. } => Some(code),
            _ => None,
        });
        known.extend(codes.enumerate().map(|(number, code)| (format!("{{code:{}}}", number + 1), code)));
        known
    }

    /// A text without what differs from run to run.
    async fn mask(&self, text: &str) -> String {
        let known = self.known().await.into_iter();
        let text = known.fold(text.to_owned(), |text, (place, value)| text.replace(&value, &place));
        // What a mail without a Message-ID goes by, and what a mail's size is.
        let text = Regex::new("none-[0-9a-f]{64}").expect("a pattern").replace_all(&text, "{its bytes}").into_owned();
        let text = Regex::new("operator-[0-9a-f]{32}").expect("a pattern").replace_all(&text, "{typed}").into_owned();
        // A copy of an export says its name, and so what is made of what it says differs as that does.
        let text = if text.contains("(copy {receipt:") {
            let attached = Regex::new(r"(attached: \S+) \([0-9a-f]{8}\)").expect("a pattern");
            attached.replace_all(&text, "$1 ({its hash})").into_owned()
        } else {
            text
        };
        Regex::new("[0-9]+ octets").expect("a pattern").replace_all(&text, "{its size} octets").into_owned()
    }

    async fn state(&self) -> State {
        let (store, group) = (&self.store, self.group.id);
        let roster = store.roster(group).await.expect("the roster");
        State {
            actions: store.actions(group).await.expect("actions"),
            contributions: store.contributions(group).await.expect("contributions"),
            meetings: store.meetings(group).await.expect("meetings"),
            members: roster.members,
            organizations: roster.organizations,
            requests: store.requests(group, false).await.expect("requests"),
            approvals: store.approvals(group, false).await.expect("approvals"),
            calls: store.calls(group).await.expect("calls"),
            history: store.history(group, None).await.expect("the history"),
            messages: self.named_as_brought(store.messages(group, 0, 1000).await.expect("messages")),
        }
    }

    /// Messages under the names that they were brought under.
    fn named_as_brought(&self, mut messages: Vec<MessageRow>) -> Vec<MessageRow> {
        messages.iter_mut().for_each(|row| row.uid = self.carrier.name(&row.uid));
        messages
    }

    /// The state is what the journal says.
    async fn journal_says_the_same(&self) {
        let path = self.folder.path().join("rebuilt.db");
        let rebuilt = self.store.rebuild(&path, steps::NEEDS, steps::replay).await.expect("replaying the journal");
        assert_eq!(rebuilt.differences, Vec::<String>::new(), "the journal says something else");
        for file in fs::read_dir(self.folder.path()).expect("the folder") {
            let file = file.expect("a file").path();
            if file.file_name().is_some_and(|name| name.to_string_lossy().starts_with("rebuilt.db")) {
                fs::remove_file(file).expect("removing the rebuilt database");
            }
        }
    }

    /// Running again does nothing; nothing lies unread in the mailbox that was read.
    async fn nothing_is_left_to_do(&mut self, now: Timestamp) {
        let before = self.state().await;
        assert_eq!(self.run(now).await, (0, 0, 0), "something was done again");
        assert_eq!(before, self.state().await);
        assert_eq!(self.carrier.unread().await, 0, "a mail that was read lies there as one that was not");
    }

    /// A mailbox whose messages have other identities than before: each is recognised.
    async fn mails_found_again_do_nothing(&mut self, now: Timestamp) {
        let before = self.state().await;
        let mails = std::mem::take(&mut self.mails).into_iter().enumerate();
        let again: Vec<Arriving> =
            mails.map(|(number, mail)| self.named(&format!("again-{number}"), mail.raw, mail.at)).collect();
        self.carrier.renames(&again).await;
        let (found, _, sent) = self.run(now).await;
        assert_eq!(found, again.len(), "mails are found again");
        let after = self.state().await;
        assert_eq!(sent, 0, "a mail that was found again was answered again");
        assert_eq!(before.history, after.history, "a mail that was found again acted again");
        assert_eq!(before.requests, after.requests, "a mail that was found again asked again");
    }

    async fn every_mail_is_delivered_once(&mut self) {
        let sent = self.store.outbox(self.group.id, Some(OutboxState::Sent)).await.expect("the outbox");
        let mut delivered: BTreeMap<String, usize> = BTreeMap::new();
        let mut expected: BTreeMap<String, usize> = BTreeMap::new();
        let arrived = self.carrier.delivered(sent.len());
        for raw in &arrived {
            let message = mail_parser::MessageParser::new().parse(raw).expect("a mail");
            *delivered.entry(message.message_id().expect("a Message-ID").to_owned()).or_default() += 1;
        }
        for row in sent {
            let raw = self.store.outgoing_raw(row.id).await.expect("the outbox").expect("a mail of the outbox");
            // Who delivers a mail writes fields above it, and ends its lines as its files do.
            let raw = with_lf(&raw);
            assert!(arrived.iter().any(|mail| with_lf(mail).ends_with(&raw)), "{} is another now", row.message_id);
            expected.insert(row.message_id, 1);
        }
        assert_eq!(delivered, expected);
    }
}

fn with_lf(raw: &[u8]) -> Vec<u8> {
    let mut lines = Vec::with_capacity(raw.len());
    for line in raw.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_suffix(b"\r\n") {
            Some(line) => lines.extend(line.iter().chain(b"\n")),
            None => lines.extend(line),
        }
    }
    lines
}

/// The configuration with what the story sets otherwise.
fn configured(content: &str, story: &Story) -> String {
    let mut content = content.to_owned();
    if let Some(closing) = &story.settings.closing {
        content = content.replace("closing = \"owner\"", &format!("closing = \"{closing}\""));
    }
    if let Some(limit) = &story.settings.message_bytes {
        content = content.replace("# message_bytes = \"25 MiB\"", &format!("message_bytes = \"{limit}\""));
    }
    if let Some(limit) = story.settings.answers_per_hour {
        // The last one of the file is the group's.
        let at = content.rfind("# answers_per_hour = 60").expect("the group's key");
        content.replace_range(at..at + "# answers_per_hour = 60".len(), &format!("answers_per_hour = {limit}"));
    }
    let settings = &story.settings;
    let mut set = |was: &str, is: &str| {
        assert!(content.contains(was), "the configuration has no {was}");
        content = content.replace(was, is);
    };
    if let Some(senders) = &settings.senders {
        set("senders = \"claimed\"", &format!("senders = \"{senders}\""));
    }
    let proven = settings.senders.as_deref() == Some("proven");
    if settings.secret.unwrap_or(proven) {
        set("# secret = { file = \"secret\" }", "secret = { file = \"secret\" }");
    }
    let server = settings.authserv_id.as_deref().unwrap_or(if proven { "mx.example.org" } else { "" });
    if !server.is_empty() {
        set("# authserv_id = \"mx.example.org\"", &format!("authserv_id = \"{server}\""));
    }
    if !settings.announcers.is_empty() {
        set("# announcers = []", &format!("announcers = {:?}", settings.announcers));
    }
    if !settings.reports {
        set("[group.reminders]", "[group.reminders]\nafter_meeting = []\nafter_decision = []");
    }
    if !settings.reminders {
        let never =
            "before_meeting = []\nbefore_deadline = []\nbefore_due = []\nafter_due = []\nthen_every = \"never\"";
        set("[group.reminders]", &format!("[group.reminders]\n{never}"));
        set("# invitations = \"list\"", "invitations = \"never\"");
    }
    if let Some(weekly) = &settings.weekly {
        set("# weekly = \"Monday 08:00\"", &format!("weekly = \"{weekly}\""));
    }
    if let Some(list) = &settings.list {
        set("list = \"wg4@example.org\"", &format!("list = \"{list}\""));
    }
    if let Some(form) = &settings.reply_address {
        set("# reply_address = \"minuted+{token}@example.org\"", &format!("reply_address = \"{form}\""));
    }
    content
}
