//! `minuted init DIR`: a set-up that works as it is.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use clap::builder::PossibleValuesParser;

use super::failure::Failure;
use super::output::Output;
use crate::config::{self, PROFILES, Profile};
use crate::mailbox::Maildir;

/// Where the set-up goes.
#[derive(Debug, Args)]
pub struct Init {
    /// A complete set-up with Maildirs in the folder itself, that needs no mail server
    #[arg(long)]
    embedded: bool,
    /// How the group writes its references and decisions: as one of this body's
    #[arg(long, value_name = "BODY", value_parser = PossibleValuesParser::new(PROFILES.map(|profile| profile.name)))]
    profile: Option<String>,
    /// The folder; it is made where it does not exist, and nothing in it is overwritten
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

impl Init {
    /// Writes the files and says what to do next.
    pub(super) fn run(self) -> anyhow::Result<()> {
        let profile = self.profile.as_deref().and_then(Profile::named);
        let files =
            profile.map_or_else(|| config::embedded().map(|(name, text)| (name, text.to_owned())), Profile::embedded);
        let taken: Vec<String> = files
            .iter()
            .map(|(name, _)| self.dir.join(name))
            .filter(|path| path.symlink_metadata().is_ok())
            .map(|path| path.display().to_string())
            .collect();
        if !taken.is_empty() {
            return Err(Failure::refused(format!(
                "{} {} already and nothing is overwritten; name another folder, or move it away",
                taken.join(" and "),
                if taken.len() == 1 { "exists" } else { "exist" }
            ))
            .into());
        }
        // Everybody's mail will lie there.
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.dir)
            .with_context(|| format!("cannot make the folder {}", self.dir.display()))?;
        for maildir in ["mail/in", "mail/out"] {
            Maildir::create(self.dir.join(maildir))?;
        }
        for (name, content) in files {
            write_new(&self.dir.join(name), &content)?;
        }
        let mut output = Output::new();
        self.tell(&mut output)?;
        output.finish()
    }

    fn tell(&self, output: &mut Output) -> anyhow::Result<()> {
        let dir = self.dir.display();
        let config = self.dir.join("minuted.toml");
        let here = config.display().to_string();
        // To be copied into a shell.
        let here = if here.contains([' ', '\'', '"']) { format!("{here:?}") } else { here };
        output.line(format!("Written to {dir}:"))?;
        output.line("  minuted.toml  the configuration, every key with what it means")?;
        output.line("  group.toml    the members that the group starts with (a sample)")?;
        output.line("  mail/in       a Maildir: mail that is delivered here is read")?;
        output.line("  mail/out      a Maildir: answers are put here")?;
        output.line("")?;
        if !self.embedded {
            output.line("It begins with Maildirs, and believes From. For IMAP, SMTP and proof of who the sender")?;
            output.line("is, change minuted.toml as its comments say, and group.toml, before you start.")?;
            output.line("")?;
        }
        output.line("What to do next:")?;
        output.line(format!("  minuted --config {here} check"))?;
        output.line("      says whether all is well")?;
        output.line(format!("  minuted --config {here} import agenda FILE"))?;
        output.line("      takes over the action items and contributions of an agenda")?;
        output.line(format!("  minuted --config {here} ingest FILE.eml"))?;
        output.line("      reads a mail; what is delivered into mail/in is read by the next one")?;
        output.line(format!("  minuted --config {here} run --once"))?;
        output.line("      reads all mail that waits and sends the answers; without --once it goes on for ever")
    }
}

fn write_new(path: &Path, content: &str) -> anyhow::Result<()> {
    let written = OpenOptions::new().write(true).create_new(true).open(path).and_then(|mut file| {
        file.write_all(content.as_bytes())?;
        file.sync_all()
    });
    match written {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            Err(Failure::refused(format!("{} exists already and is not overwritten", path.display())).into())
        }
        Err(error) => {
            // Half a file would be in the way of the next attempt.
            let _ = fs::remove_file(path);
            Err(error).with_context(|| format!("cannot write {}", path.display()))
        }
        Ok(()) => Ok(()),
    }
}
