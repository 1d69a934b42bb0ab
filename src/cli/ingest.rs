//! `minuted ingest`: mail from a file, a folder or standard input. It is taken in, then processed;
//! the daemon, or the next `run --once`, sends the answers.
//!
//! As the pipe of a mail server it ends with a code of sysexits: 75 has the server keep the mail and
//! try again, which is safe, because a mail that was taken in is known by its bytes.

use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;
use std::time::Duration;

use clap::Args;
use data_encoding::HEXLOWER;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::failure::{BAD_DATA, Failure, of_intake};
use super::opened::{Globals, Opened};
use super::output::{Output, printable};
use crate::mailbox::source::{Kind, Messages, Total};
use crate::mailbox::{self, Entry, Raw, Source};
use crate::steps::{self, Processed};

/// Where mail is read from.
#[derive(Debug, Args)]
pub struct Ingest {
    /// A message (.eml), an mbox, a Maildir, a folder of .eml files, or - for standard input
    #[arg(value_name = "FILE|DIR|-")]
    from: PathBuf,
    /// Commands act and are answered, also those of an mbox, a Maildir or a folder
    #[arg(long, conflicts_with = "archive")]
    live: bool,
    /// Nothing acts, also in a single message: it is linked to what it mentions
    #[arg(long)]
    archive: bool,
    /// Standard input is an mbox, and not one message
    #[arg(long)]
    mbox: bool,
}

impl Ingest {
    /// Takes the mail in and processes it.
    pub(super) async fn run(self, globals: &Globals) -> anyhow::Result<()> {
        let pipe = self.from == Path::new("-");
        self.take_in(globals).await.map_err(|error| of_intake(error, pipe))
    }

    async fn take_in(&self, globals: &Globals) -> anyhow::Result<()> {
        let opened = Opened::to_write(globals).await?;
        let source = self.open(opened.now)?;
        let (kind, total) = (source.kind(), source.total());
        let archive = self.archive || (kind.is_archive() && !self.live);
        let limit = opened.config.limits.message_bytes;
        let bar = bar(total);
        let (failing, failed) = std::sync::mpsc::channel();
        let messages = Reading { messages: source.messages(limit), kind, bar: bar.clone(), failing };
        let mailbox = self.mailbox(kind);
        let (store, group) = (&opened.store, &opened.group);
        let new = steps::take_in(store, group.id, &mailbox, messages, |_| archive, limit, opened.now, |_| {}).await?;
        bar.set_style(spinner());
        bar.set_message("processing");
        bar.enable_steady_tick(Duration::from_millis(200));
        let processed = steps::process(store, group, opened.now).await?;
        bar.finish_and_clear();
        opened.changed().await;
        tell(new, archive, processed)?;
        Failed::check(failed.try_iter().collect())
    }

    fn open(&self, now: Timestamp) -> Result<Source, mailbox::Error> {
        match (self.from == Path::new("-"), self.mbox) {
            (true, true) => Source::mbox(io::stdin(), now),
            (true, false) => Source::message(io::stdin(), now),
            (false, _) => Source::open(&self.from, now),
        }
    }

    /// The name by which the database knows where the mail came from.
    fn mailbox(&self, kind: Kind) -> String {
        // Single messages are known by their bytes alone, whatever they came by.
        if kind == Kind::Message || self.from == Path::new("-") {
            return "ingest".to_owned();
        }
        let path = self.from.canonicalize().unwrap_or_else(|_| self.from.clone());
        format!("ingest {}", path.display())
    }
}

/// The messages as they are taken in: the bar goes on, and one of a folder that cannot be read does
/// not stop the others.
struct Reading {
    messages: Messages,
    kind: Kind,
    bar: ProgressBar,
    failing: Sender<mailbox::Error>,
}

impl Iterator for Reading {
    type Item = Result<(Entry, Raw), mailbox::Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let read = self.messages.next()?;
            self.bar.set_position(self.messages.done());
            match read {
                Ok((entry, raw)) => return Some(Ok((named(entry, &raw, self.kind), raw))),
                Err(error) if matches!(self.kind, Kind::Folder | Kind::Maildir) => {
                    // The receiver outlives the intake; were it gone, the error would be this message's.
                    if let Err(error) = self.failing.send(error) {
                        return Some(Err(error.0));
                    }
                }
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

/// A file may be given again under the same name with another message in it, and standard input has
/// no name: what is known by its bytes is neither lost nor taken in twice.
fn named(entry: Entry, raw: &Raw, kind: Kind) -> Entry {
    if !matches!(kind, Kind::Message | Kind::Folder) {
        return entry;
    }
    let mut hash = Sha256::new();
    hash.update(raw.size.to_be_bytes());
    hash.update(&raw.bytes);
    Entry { uid: HEXLOWER.encode(&hash.finalize()), ..entry }
}

/// A progress bar, where somebody looks at a terminal.
fn bar(total: Total) -> ProgressBar {
    let target = if io::stderr().is_terminal() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let (length, template) = match total {
        Total::Messages(messages) => (Some(messages), "{bar:40} {pos} of {len} messages, {eta} left"),
        Total::Bytes(bytes) => (Some(bytes), "{bar:40} {bytes} of {total_bytes}, {eta} left"),
        Total::Unknown => (None, "{spinner} {pos} read"),
    };
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(length, target).with_style(style)
}

fn spinner() -> ProgressStyle {
    ProgressStyle::with_template("{spinner} {msg}").unwrap_or_else(|_| ProgressStyle::default_spinner())
}

fn tell(new: usize, archive: bool, processed: Processed) -> anyhow::Result<()> {
    let mut output = Output::new();
    let kind = if archive { " as archive: mentions only, nothing acts" } else { "" };
    output.line(format!("{new} new {}{kind}", if new == 1 { "message" } else { "messages" }))?;
    if !archive || processed.answered > 0 {
        output.line(format!("{} changed something, {} answered", messages(processed.acted), processed.answered))?;
    }
    if processed.quarantined > 0 {
        output.line(format!("{} held; `minuted quarantine list` says why", messages(processed.quarantined)))?;
    }
    if processed.answered > 0 {
        output.line("The answers wait to be sent: the daemon does it, or `minuted run --once`.")?;
    }
    output.finish()
}

fn messages(count: usize) -> String {
    if count == 1 { "1 message".to_owned() } else { format!("{count} messages") }
}

/// What could not be read of a folder.
struct Failed;

impl Failed {
    fn check(failed: Vec<mailbox::Error>) -> anyhow::Result<()> {
        if failed.is_empty() {
            return Ok(());
        }
        let count = failed.len();
        for error in failed {
            let _ = writeln!(io::stderr(), "minuted: {}", printable(&format!("{:#}", anyhow::Error::new(error))));
        }
        Err(Failure::new(BAD_DATA, format!("{} could not be read; the others were taken in", messages(count))).into())
    }
}
