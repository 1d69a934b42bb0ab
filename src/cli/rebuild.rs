//! `minuted rebuild --check`: replays the journal into a new database, and compares. `minuted rebuild --reread`: what
//! today's reader sees otherwise in the kept mails.

use clap::Args;
use serde::Serialize;

use super::failure::Failure;
use super::opened::{Globals, Opened};
use super::output::Output;
use super::{log, names};
use crate::compose::Catalogue;
use crate::steps::{self, Reading};
use crate::store::{Store, replay_beside};

/// How the journal is replayed, or the mails are read again.
#[derive(Debug, Args)]
pub struct Rebuild {
    /// Compare what the journal says with what the database holds; the database stays as it is
    #[arg(long, required_unless_present = "reread", conflicts_with = "reread")]
    check: bool,
    /// Say what today's reader sees otherwise in the kept mails than the journal has; changes nothing
    #[arg(long)]
    reread: bool,
    /// With --reread: as JSON, for programs
    #[arg(long, requires = "reread")]
    json: bool,
}

/// A line that is read otherwise, for programs.
#[derive(Serialize)]
struct Row<'a> {
    message: i64,
    message_id: Option<&'a str>,
    line: &'a str,
    recorded: String,
    today: String,
}

impl Rebuild {
    /// Replays and compares all groups, or reads the mails of one again.
    pub(super) async fn run(self, globals: &Globals) -> anyhow::Result<()> {
        if self.reread { self.reread(globals).await } else { check(globals).await }
    }

    async fn reread(self, globals: &Globals) -> anyhow::Result<()> {
        let opened = Opened::to_read(globals).await?;
        opened.store.close().await;
        // Who a mail answers is looked up as processing does it, in a transaction that is given up.
        let store = Store::open(&opened.config.database).await?;
        let (count, found) = steps::reread(&store, &opened.group).await?;
        store.close().await;
        let words = opened.catalogue()?;
        let rows = found.iter().flat_map(|mail| {
            mail.lines.iter().map(|line| {
                let (recorded, today) = told(&line.recorded, &line.today, words);
                Row { message: mail.message, message_id: mail.message_id.as_deref(), line: &line.text, recorded, today }
            })
        });
        let rows: Vec<Row<'_>> = rows.collect();
        let mut output = Output::new();
        if self.json {
            output.json(&rows)?;
        } else {
            for row in &rows {
                output.line(format!("Message {} ({}): {}", row.message, row.message_id.unwrap_or("-"), row.line))?;
                output.line(format!("  recorded: {}", row.recorded))?;
                output.line(format!("  today:    {}", row.today))?;
            }
            if rows.is_empty() {
                output.line(format!("{count} kept mails read again: today's reader sees what was recorded."))?;
            }
        }
        output.finish()?;
        if rows.is_empty() {
            return Ok(());
        }
        let lines = rows.len();
        let mails = found.len();
        Err(Failure::refused(format!(
            "{count} kept mails read again: {lines} lines in {mails} of them are read otherwise today; nothing was changed"
        ))
        .into())
    }
}

/// Both readings of a line in a few words; in all that is known of them where those are the same.
fn told(recorded: &Reading, today: &Reading, words: &Catalogue) -> (String, String) {
    let told = |reading: &Reading| match reading {
        Reading::Nothing => "no command".to_owned(),
        Reading::Some => "a command, or nearly one".to_owned(),
        Reading::Line(line) => match line.as_ref() {
            Ok(command) => names::reading(command),
            Err(why) => format!("not understood: {}", words.say(why)),
        },
    };
    let (short, other) = (told(recorded), told(today));
    if short == other { (format!("{recorded:?}"), format!("{today:?}")) } else { (short, other) }
}

async fn check(globals: &Globals) -> anyhow::Result<()> {
    let config = globals.load()?;
    log::begin_quietly(config.log);
    let store = Store::open_read_only(&config.database).await?;
    let beside = replay_beside(&config.database);
    let rebuilt = store.rebuild(&beside, steps::NEEDS, steps::replay).await;
    for suffix in ["", "-wal", "-shm"] {
        let mut path = beside.clone().into_os_string();
        path.push(suffix);
        // Most of them are not there any more; the replay has been compared, and is of no use.
        let _ = std::fs::remove_file(path);
    }
    let rebuilt = rebuilt?;
    let mut output = Output::new();
    let entries = rebuilt.entries;
    if rebuilt.differences.is_empty() {
        output.line(format!("{entries} entries of the journal replayed: the database holds what they say."))?;
        return output.finish();
    }
    for difference in &rebuilt.differences {
        output.line(difference)?;
    }
    output.finish()?;
    Err(Failure::refused(format!(
        "{entries} entries of the journal replayed: {} differences; nothing was changed",
        rebuilt.differences.len()
    ))
    .into())
}
