//! The group's pages, in a directory: made from what is kept, and written where they have changed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::Context as _;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::compose::{Catalogue, SiteMail, SiteMaterial, SitePage, site};
use crate::domain::{DocumentRef, Subject};
use crate::store::Store;

use super::Group;

/// Makes a directory one of pages. It lists the pages: only what it lists is ever removed.
const MARKER: &str = ".minuted-page";

/// What became of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Published {
    /// How many there are.
    pub pages: usize,
    /// How many were written, as they had changed.
    pub written: usize,
    /// How many were removed, as there is nothing any more that they are of.
    pub removed: usize,
}

/// A directory that is not for pages.
#[derive(Debug, thiserror::Error)]
#[error(
    "{0} holds files that are no pages of minuted, and nothing is written there; name an empty directory, or one that \
     does not exist"
)]
pub struct Foreign(String);

/// What the pages depend on; what is the same gives the same pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageMark {
    /// The last entry of the journal, and the last mail that was read.
    kept: (i64, i64),
    /// The day: what is overdue changes with it.
    today: Date,
}

/// What the pages of a group depend on now.
///
/// # Errors
/// Where the database fails.
pub async fn page_mark(store: &Store, group: &Group, now: Timestamp) -> anyhow::Result<PageMark> {
    let today = now.to_zoned(group.config.time_zone.clone()).date();
    Ok(PageMark { kept: store.last_kept(group.id).await?, today })
}

/// Writes the group's pages into a directory: each whole or not at all, and only those that have changed.
///
/// # Errors
/// Where the database fails, the directory is not for pages ([`Foreign`]), or it cannot be written.
pub async fn publish(store: &Store, group: &Group, to: &Path, now: Timestamp) -> anyhow::Result<Published> {
    let pages = pages(store, group, now).await?;
    let to = to.to_owned();
    tokio::task::spawn_blocking(move || write(&to, &pages)).await.context("writing the pages")?
}

/// The pages as they are now.
async fn pages(store: &Store, group: &Group, now: Timestamp) -> anyhow::Result<Vec<SitePage>> {
    let zone = group.config.time_zone.clone();
    let catalogue = Catalogue::of(&group.rules.language, &group.rules.references)
        .with_context(|| format!("there are no texts in the language {:?}", group.rules.language))?;
    let rules = group.rules.clone();
    let (actions, contributions) = (store.actions(group.id).await?, store.contributions(group.id).await?);
    let (roster, meetings) = (store.roster(group.id).await?, store.meetings(group.id).await?);
    let (approvals, calls) = (store.approvals(group.id, false).await?, store.calls(group.id).await?);
    let (history, headings) = (store.history(group.id, None).await?, store.headings(group.id).await?);
    let mut mails: BTreeMap<Subject, Vec<SiteMail>> = BTreeMap::new();
    for (reference, mail) in store.mails(group.id).await? {
        // A mention of a revision is one of its contribution.
        let document = reference.parse::<DocumentRef>().map(|document| Subject::Contribution(document.contribution));
        let Ok(subject) = document.or_else(|_| reference.parse()) else { continue };
        let mail = SiteMail { at: mail.at, from: mail.from, subject: mail.subject, message_id: mail.message_id };
        mails.entry(subject).or_default().push(mail);
    }
    let made = move || {
        site(&SiteMaterial {
            group: &rules.name,
            scheme: &rules.references,
            zone: &zone,
            catalogue,
            today: now.to_zoned(zone.clone()).date(),
            roster: &roster,
            actions: &actions,
            contributions: &contributions,
            meetings: &meetings,
            approvals: &approvals,
            calls: &calls,
            history: &history,
            headings: &headings,
            mails: &mails,
        })
    };
    tokio::task::spawn_blocking(made).await.context("making the pages")
}

/// Writes what has changed, and removes what was written before and is no page any more.
fn write(to: &Path, pages: &[SitePage]) -> anyhow::Result<Published> {
    fs::create_dir_all(to).with_context(|| format!("cannot make {}", to.display()))?;
    let before = listed(to)?;
    let files: BTreeSet<&str> = pages.iter().map(|page| page.file.as_str()).collect();
    // Listed first, so that whatever is written is known as ours, whenever this ends.
    let all: BTreeSet<&str> = before.iter().map(String::as_str).chain(files.iter().copied()).collect();
    list(to, &all)?;
    let mut published = Published { pages: pages.len(), ..Published::default() };
    // The overview comes first in the list and is written last: it links to all others.
    for page in pages.iter().rev() {
        published.written += usize::from(replace(&to.join(&page.file), page.html.as_bytes())?);
    }
    for file in before.iter().filter(|file| !files.contains(file.as_str())) {
        match fs::remove_file(to.join(file)) {
            Ok(()) => published.removed += 1,
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error).with_context(|| format!("cannot remove {}", to.join(file).display())),
        }
    }
    list(to, &files)?;
    Ok(published)
}

/// The pages that were written into a directory before. One that is not empty must have the marker.
fn listed(to: &Path) -> anyhow::Result<BTreeSet<String>> {
    let read = || format!("cannot read {}", to.display());
    match fs::read_to_string(to.join(MARKER)) {
        // A name that leads elsewhere is none of ours.
        Ok(text) => Ok(text.lines().filter(|line| is_page(line)).map(ToOwned::to_owned).collect()),
        Err(error) if error.kind() == ErrorKind::NotFound => match fs::read_dir(to).with_context(read)?.next() {
            None => Ok(BTreeSet::new()),
            Some(_) => Err(Foreign(to.display().to_string()).into()),
        },
        Err(error) => Err(error).with_context(read),
    }
}

fn is_page(name: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    name.strip_suffix(".html").is_some_and(|stem| !stem.is_empty() && stem.chars().all(is_plain))
}

fn list(to: &Path, files: &BTreeSet<&str>) -> anyhow::Result<()> {
    let mut text = "Pages that minuted writes; do not edit.\n".to_owned();
    for file in files {
        text.push_str(file);
        text.push('\n');
    }
    replace(&to.join(MARKER), text.as_bytes()).map(|_| ())
}

/// Gives a file these bytes, where it has others; a reader sees the old file or the new one.
fn replace(path: &Path, bytes: &[u8]) -> anyhow::Result<bool> {
    if fs::read(path).is_ok_and(|there| there == bytes) {
        return Ok(false);
    }
    // A web server reads the pages, whoever runs this.
    let new = path.with_file_name(format!(".minuted-{}.new", std::process::id()));
    let whole = || {
        let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o644).open(&new)?;
        file.write_all(bytes)?;
        fs::rename(&new, path)
    };
    whole().with_context(|| format!("cannot write {}", path.display()))?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    fn page(file: &str, html: &str) -> SitePage {
        SitePage { file: file.to_owned(), html: html.to_owned() }
    }

    fn names(folder: &Path) -> Vec<String> {
        let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }

    #[test]
    fn only_what_has_changed_is_written_and_only_own_pages_are_removed() {
        let folder = TempDir::new().unwrap();
        let to = folder.path().join("site");
        let first = write(&to, &[page("index.html", "1"), page("a.html", "a"), page("b.html", "b")]).unwrap();
        assert_eq!(first, Published { pages: 3, written: 3, removed: 0 });
        fs::write(to.join("logo.html"), "somebody's").unwrap();
        let second = write(&to, &[page("index.html", "2"), page("a.html", "a")]).unwrap();
        assert_eq!(second, Published { pages: 2, written: 1, removed: 1 });
        assert_eq!(names(&to), [MARKER, "a.html", "index.html", "logo.html"]);
        assert_eq!(fs::read_to_string(to.join("index.html")).unwrap(), "2");
        let third = write(&to, &[page("index.html", "2"), page("a.html", "a")]).unwrap();
        assert_eq!(third, Published { pages: 2, written: 0, removed: 0 });
    }

    #[test]
    fn a_directory_of_other_files_is_refused_and_left_as_it_is() {
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join("thesis.txt"), "mine").unwrap();
        let refused = write(folder.path(), &[page("index.html", "1")]).unwrap_err();
        assert!(refused.is::<Foreign>() && refused.to_string().contains("name an empty directory"), "{refused}");
        assert_eq!(names(folder.path()), ["thesis.txt"]);
    }

    #[test]
    fn a_marker_that_names_other_files_removes_none_of_them() {
        let folder = TempDir::new().unwrap();
        let to = folder.path().join("site");
        fs::create_dir(&to).unwrap();
        fs::write(folder.path().join("notes.html"), "mine").unwrap();
        fs::write(to.join(MARKER), "../notes.html\n/etc/hostname\nold.html\n").unwrap();
        let done = write(&to, &[page("index.html", "1")]).unwrap();
        assert_eq!(done, Published { pages: 1, written: 1, removed: 0 });
        assert!(folder.path().join("notes.html").exists());
    }
}
