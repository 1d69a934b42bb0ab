//! `minuted demo [DIR]`: a week of a working group, played with the real parts in a new directory.
//!
//! `story` holds the mails, `stage` is where they are processed, `tell` prints what came of them,
//! from the database and from the answers as they lie in the outgoing Maildir; `explore` says what
//! to look at then.

mod explore;
mod lines;
mod place;
mod stage;
mod story;
mod tell;
mod words;

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;

use super::{failure, log};
use crate::config::Log;
use stage::Stage;
use tell::Teller;

/// Where the demo plays.
#[derive(Debug, Args)]
pub struct Demo {
    /// A new or empty folder [default: minuted-demo, or where there is one, minuted-demo-2 and so on]
    #[arg(value_name = "DIR")]
    dir: Option<PathBuf>,
}

impl Demo {
    /// Plays the demo and tells it on standard output.
    pub(super) async fn run(self) -> anyhow::Result<()> {
        log::begin_quietly(Log::default());
        let dir = place::make(self.dir.as_deref(), Path::new(""))?;
        let mut out = BufWriter::new(Audience { to: io::stdout().lock(), is_gone: false });
        play(&dir, &mut out).await?;
        out.flush().context("cannot write to standard output")
    }
}

/// Who is told. Where nobody listens any more (`| head`), the story is played to its end all the
/// same, so that the folder holds all of it.
struct Audience<W> {
    to: W,
    is_gone: bool,
}

impl<W: Write> Write for Audience<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.is_gone {
            return Ok(bytes.len());
        }
        match self.to.write(bytes) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.is_gone = true;
                Ok(bytes.len())
            }
            written => written,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.to.flush() {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            flushed => flushed,
        }
    }
}

/// Plays the story in a directory that is empty, and tells it.
async fn play(dir: &Path, out: &mut dyn Write) -> anyhow::Result<()> {
    let mut stage = Stage::set(dir, story::AGENDA_AT).await?;
    let mut teller = Teller::new(out, dir);
    teller.opening(&stage).await?;
    let at = story::AGENDA_AT.to_zoned(stage.zone().clone())?.timestamp();
    let answer = stage.import(story::AGENDA, story::AGENDA_BY, at).await?;
    teller.import(&stage, story::AGENDA_BY, at, answer.as_ref()).await?;
    for scene in story::SCENES {
        let played = stage.play(scene).await.with_context(|| format!("in the mail \"{}\" of the demo", scene.name))?;
        teller.scene(&stage, scene, &played).await?;
    }
    teller.state(&stage).await?;
    teller.replay(&stage.rebuild().await?)?;
    teller.farewell(&stage)?;
    stage.store.close().await;
    Ok(())
}
