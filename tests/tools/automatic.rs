//! `automatic PATH...`: says of every .eml below the paths whether it is a machine's mail and which
//! kind, one line each, so that a corpus of delivery reports and vacation mails can be measured, and
//! a corpus of people's mail for those wrongly taken for a machine's.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

fn main() -> anyhow::Result<()> {
    let paths: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    anyhow::ensure!(!paths.is_empty(), "usage: automatic PATH...");
    let mut mails = Vec::new();
    for path in &paths {
        find(path, &mut mails)?;
    }
    mails.sort();
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for path in &mails {
        let raw = std::fs::read(path).with_context(|| path.display().to_string())?;
        let message = minuted::message::read(&raw);
        let kind = message.automatic.map_or_else(|| "human".to_owned(), |kind| format!("{kind:?}"));
        let from = message.from.as_ref().map_or("", |from| from.address.as_str());
        println!("{kind:14} {}  {from}  {}", path.display(), message.subject);
        *kinds.entry(kind).or_default() += 1;
    }
    eprintln!("{} mails: {kinds:?}", mails.len());
    Ok(())
}

fn find(path: &Path, mails: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    if path.is_dir() {
        for entry in std::fs::read_dir(path).with_context(|| path.display().to_string())? {
            find(&entry?.path(), mails)?;
        }
    } else if path.extension().is_some_and(|extension| extension == "eml") {
        mails.push(path.to_owned());
    }
    Ok(())
}
