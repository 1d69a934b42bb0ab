//! `minuted digest --preview weekly`: what a digest would say now. Changes nothing.

use clap::{Args, ValueEnum};

use super::failure::Failure;
use super::opened::{Globals, Opened};
use super::output::Output;
use crate::compose;
use crate::domain::OccasionKind;
use crate::steps;
use crate::store::Store;

/// Which digest is shown, and how.
#[derive(Debug, Args)]
pub struct Digest {
    /// Which digest: weekly
    #[arg(long, value_name = "KIND", required = true, value_parser = kind)]
    preview: OccasionKind,
    /// As text, as HTML, or as the whole mail
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Html,
    Eml,
}

fn kind(text: &str) -> Result<OccasionKind, String> {
    text.parse().map_err(|error: crate::domain::NotA| error.to_string())
}

impl Digest {
    /// Prints it.
    pub(super) async fn run(self, globals: &Globals) -> anyhow::Result<()> {
        let opened = Opened::to_read(globals).await?;
        if opened.group.rules.list.is_none() {
            let key = &opened.group.config.key;
            return Err(
                Failure::refused(format!("the group {key} has no `list`, and a digest goes to the list")).into()
            );
        }
        // A batch, which is given up, sees all at one moment; only a connection that may write has one.
        let store = Store::open(&opened.config.database).await?;
        let preview = steps::preview(&store, &opened.group, self.preview, opened.now).await;
        store.close().await;
        let mut output = Output::new();
        match preview? {
            None => output.line("There is nothing to say: no digest would be sent.")?,
            Some((digest, letter)) => {
                let catalogue = opened.catalogue()?;
                match self.format {
                    Format::Text => {
                        output.line(format!("To: {}", digest.to))?;
                        output.line(format!("Subject: {}", compose::digest_subject(&digest, &letter, catalogue)))?;
                        output.line("")?;
                        output.text(&compose::digest_text(&digest, &letter, catalogue))?;
                    }
                    Format::Html => output.raw(compose::digest_html(&digest, &letter, catalogue).as_bytes())?,
                    Format::Eml => output.raw(&compose::digest(&digest, &letter, catalogue))?,
                }
            }
        }
        output.finish()
    }
}
