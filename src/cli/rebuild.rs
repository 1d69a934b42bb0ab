//! `minuted rebuild --check`: replays the journal into a new database, and compares.

use clap::Args;

use super::failure::Failure;
use super::log;
use super::opened::Globals;
use super::output::Output;
use crate::steps;
use crate::store::{Store, replay_beside};

/// How the journal is replayed.
#[derive(Debug, Args)]
pub struct Rebuild {
    /// Compare what the journal says with what the database holds; the database stays as it is
    #[arg(long, required = true)]
    check: bool,
}

impl Rebuild {
    /// Replays and compares all groups.
    pub(super) async fn run(self, globals: &Globals) -> anyhow::Result<()> {
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
}
