//! `minuted backup FILE`: a copy that can be put in place, made while the daemon runs.

use std::path::PathBuf;

use clap::Args;

use super::log;
use super::opened::Globals;
use super::output::Output;
use crate::store::Store;

/// Where the copy goes.
#[derive(Debug, Args)]
pub struct Backup {
    /// A file that does not exist yet
    #[arg(value_name = "FILE")]
    to: PathBuf,
}

impl Backup {
    /// Writes the copy.
    pub(super) async fn run(self, globals: &Globals) -> anyhow::Result<()> {
        let config = globals.load()?;
        log::begin_quietly(config.log);
        let store = Store::open_read_only(&config.database).await?;
        store.backup(&self.to).await?;
        let mut output = Output::new();
        output.line(format!("{} is a copy of {}.", self.to.display(), config.database.display()))?;
        output
            .line("To restore it, stop minuted and put it in the database's place; remove the database's -wal file.")?;
        output.finish()
    }
}
