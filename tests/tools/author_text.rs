//! `author_text INDIR OUTDIR`: reads every `INDIR/ID.eml` and writes what its sender newly wrote
//! to `OUTDIR/ID.txt`, so that the reader can be measured on a corpus of mails with known answers.

use std::path::PathBuf;
use std::time::Instant;

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(from), Some(to)) = (arguments.next(), arguments.next()) else {
        anyhow::bail!("usage: author_text INDIR OUTDIR");
    };
    let (mut count, mut bytes, start) = (0_usize, 0_usize, Instant::now());
    for entry in std::fs::read_dir(&from)? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "eml") {
            continue;
        }
        let raw = std::fs::read(&path)?;
        let message = minuted::message::read(&raw);
        let mut name = path.file_stem().unwrap_or_default().to_owned();
        name.push(".txt");
        std::fs::write(to.join(name), message.author_text)?;
        count += 1;
        bytes += raw.len();
    }
    eprintln!("{count} mails, {bytes} bytes, {:?}", start.elapsed());
    Ok(())
}
