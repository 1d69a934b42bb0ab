//! `minuted demo [DIR]`: a week of a working group, played with the real parts in a new directory.
//!
//! `story` holds the mails, `stage` is where they are processed, `tell` prints what came of them:
//! from the database, and from the answers as they lie in the outgoing Maildir.

mod lines;
mod place;
mod stage;
mod story;
mod tell;

#[cfg(test)]
mod tests;

use std::io::{self, Write};
use std::path::Path;

use anyhow::Context as _;

use stage::Stage;
use tell::Teller;

/// Plays the demo in `dir`, or in a new directory beside where it is called, and tells it on
/// standard output.
///
/// # Errors
/// Where the directory is not empty or cannot be made, or a step fails.
pub async fn run(dir: Option<&Path>) -> anyhow::Result<()> {
    let dir = place::make(dir, Path::new(""))?;
    match play(&dir, &mut io::stdout().lock()).await {
        // `minuted demo | head`: the reader has seen enough.
        Err(error) if is_closed(&error) => Ok(()),
        played => played,
    }
}

fn is_closed(error: &anyhow::Error) -> bool {
    let io = error.chain().find_map(|cause| cause.downcast_ref::<io::Error>());
    io.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
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
    teller.farewell()?;
    stage.store.close().await;
    Ok(())
}
