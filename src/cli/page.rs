//! `minuted page DIR`: the group's state as pages of a web site.

use std::path::PathBuf;

use clap::Args;

use super::failure::Failure;
use super::opened::{Globals, Opened};
use super::output::Output;
use crate::steps;

/// Where to.
#[derive(Debug, Args)]
pub struct Page {
    /// The directory: one that is empty or not there, or that has such pages; left out, the configuration's
    #[arg(value_name = "DIR")]
    to: Option<PathBuf>,
}

impl Page {
    /// Writes the pages.
    pub(super) async fn run(self, globals: &Globals) -> anyhow::Result<()> {
        let opened = Opened::to_read(globals).await?;
        let to = self.to.or_else(|| opened.group.config.page.clone()).ok_or_else(|| {
            Failure::usage("the configuration names no directory (`page`); give one: minuted page DIR")
        })?;
        let done =
            steps::publish(&opened.store, &opened.group, &to, opened.now).await.map_err(|error| match error
                .downcast::<steps::Foreign>(
            ) {
                Ok(foreign) => Failure::refused(foreign.to_string()).into(),
                Err(error) => error,
            })?;
        let mut output = Output::new();
        output.line(format!(
            "{} pages in {}: {} written, {} removed; begin with {}",
            done.pages,
            to.display(),
            done.written,
            done.removed,
            to.join("index.html").display()
        ))?;
        output.finish()
    }
}
