//! The folder that the demo plays in: new, or empty.

use std::fs::{self, DirBuilder};
use std::io::ErrorKind;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::failure::Failure;

/// How the folder is called where none was named.
const NAME: &str = "minuted-demo";

/// So many demos lie side by side before one has to be deleted.
const MOST: u32 = 99;

/// Makes the folder that was named, or else the first of `minuted-demo`, `minuted-demo-2` and so
/// on in `here` that does not exist.
///
/// # Errors
/// Where it is there and not empty, or cannot be made.
pub(super) fn make(named: Option<&Path>, here: &Path) -> anyhow::Result<PathBuf> {
    let mut maker = DirBuilder::new();
    // Everybody's mail will lie there.
    maker.mode(0o700);
    if let Some(dir) = named {
        maker.recursive(true).create(dir).with_context(|| format!("cannot make the folder {}", dir.display()))?;
        let mut inside = fs::read_dir(dir).with_context(|| format!("cannot list {}", dir.display()))?;
        if inside.next().is_some() {
            return Err(Failure::refused(format!(
                "{} is not empty, and the demo overwrites nothing; name a new or an empty folder, or delete that one",
                dir.display()
            ))
            .into());
        }
        return Ok(dir.to_owned());
    }
    for number in 1..=MOST {
        let dir = here.join(if number == 1 { NAME.to_owned() } else { format!("{NAME}-{number}") });
        match maker.create(&dir) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            made => {
                return made
                    .with_context(|| format!("cannot make the folder {} here; name another one", dir.display()))
                    .map(|()| dir);
            }
        }
    }
    Err(Failure::refused(format!("{NAME} to {NAME}-{MOST} are here already; delete some, or name another folder"))
        .into())
}
