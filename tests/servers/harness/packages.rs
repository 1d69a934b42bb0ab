//! Debian's packages that tests need. Root installs them, and nothing is started by that; where root
//! would lose another package by it (one mail server replaces another), where it would be given many, and where
//! somebody else runs the tests, they are unpacked below `target` instead and run from there.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use sha2::{Digest as _, Sha256};

use super::Account;

/// Root is given no more packages than these at once: a list manager brings the libraries of a whole language, and
/// sets up services.
const MOST_INSTALLED: usize = 40;

/// Where the programs of packages are.
#[derive(Debug, Clone)]
pub struct Packages {
    /// `/`, or where they were unpacked.
    pub root: PathBuf,
}

impl Packages {
    /// Makes sure that these are there. `program` tells that they are: a path such as
    /// `usr/sbin/dovecot` that the last of them brings.
    ///
    /// Several processes may ask at once: one does it, the others wait.
    pub fn need(packages: &[&str], programs: &[&str]) -> Self {
        let places = [PathBuf::from("/"), unpacked()];
        if let Some(root) = places.iter().find(|root| has(root, programs)) {
            return Self { root: root.clone() };
        }
        let _lock = lock();
        if let Some(root) = places.iter().find(|root| has(root, programs)) {
            return Self { root: root.clone() };
        }
        let is_root = Account::of_servers().steps_down();
        let mut plan = simulated(packages);
        if plan.is_none() {
            update(is_root);
            plan = simulated(packages);
        }
        let plan = plan.unwrap_or_else(|| panic!("apt-get knows no way to install {packages:?}"));
        let root = if is_root && plan.removed.is_empty() && plan.installed.len() <= MOST_INSTALLED {
            install(packages);
            PathBuf::from("/")
        } else {
            unpack(&plan.installed);
            unpacked()
        };
        assert!(has(&root, programs), "{packages:?} do not bring {programs:?}");
        Self { root }
    }

    /// A file of theirs, such as `usr/sbin/dovecot`.
    pub fn path(&self, file: &str) -> PathBuf {
        self.root.join(file)
    }

    /// Whether they are not where they were built to be.
    pub fn are_unpacked(&self) -> bool {
        self.root != Path::new("/")
    }

    /// Where the loader finds their libraries, for `LD_LIBRARY_PATH`; `more` are folders of theirs.
    pub fn libraries(&self, more: &[&str]) -> String {
        let architecture = format!("usr/lib/{}-linux-gnu", std::env::consts::ARCH);
        let folders = [architecture.as_str(), "usr/lib", "lib"].into_iter().chain(more.iter().copied());
        folders.map(|folder| self.path(folder).display().to_string()).collect::<Vec<_>>().join(":")
    }

    /// Lets programs that were unpacked find a folder of theirs where it is, though its path is compiled
    /// into them: it is replaced by one of the same length, a link to the folder.
    pub fn moves(&self, folder: &str) {
        if !self.are_unpacked() {
            return;
        }
        let lock = lock();
        let (was, is) = (format!("/{folder}"), self.path(folder));
        let digits = data_encoding::HEXLOWER.encode(&Sha256::digest(is.as_os_str().as_encoded_bytes()));
        let prefix = "/tmp/mt-";
        let link = format!("{prefix}{}", &digits[..was.len() - prefix.len()]);
        if fs::read_link(&link).ok().as_ref() != Some(&is) {
            std::os::unix::fs::symlink(&is, &link).expect("a link to the folder");
        }
        let done = self.root.join(format!("{}.moved", folder.replace('/', "-")));
        if !done.exists() {
            for programs in ["usr/bin", "usr/sbin", folder] {
                replace(&self.path(programs), was.as_bytes(), link.as_bytes());
            }
            fs::write(done, link).expect("a note");
        }
        drop(lock);
    }
}

/// Replaces bytes by as many others in all files of a folder.
fn replace(folder: &Path, from: &[u8], to: &[u8]) {
    assert_eq!(from.len(), to.len());
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("an entry").path();
        if path.is_symlink() {
            continue;
        }
        if path.is_dir() {
            replace(&path, from, to);
            continue;
        }
        let mut bytes = fs::read(&path).expect("a file");
        let mut at = 0;
        let mut found = false;
        while let Some(next) = bytes[at..].windows(from.len()).position(|window| window == from) {
            bytes[at + next..at + next + from.len()].copy_from_slice(to);
            at += next + from.len();
            found = true;
        }
        if found {
            fs::write(&path, bytes).expect("writing a program");
        }
    }
}

/// What one process does at a time.
fn lock() -> File {
    fs::create_dir_all(folder()).expect("a folder below target");
    let lock = File::create(folder().join("lock")).expect("a lock");
    lock.lock().expect("locking it");
    lock
}

/// What an installation would do.
struct Plan {
    installed: Vec<String>,
    removed: Vec<String>,
}

fn has(root: &Path, programs: &[&str]) -> bool {
    programs.iter().all(|program| root.join(program).exists())
}

/// All that is kept here is below the build's own folder.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("servers")
}

fn unpacked() -> PathBuf {
    folder().join("root")
}

/// `apt-get`, with lists of its own where the system's are not ours to change.
fn apt(arguments: &[&str]) -> Command {
    let mut command = Command::new("apt-get");
    // Somebody else may be installing something.
    command.args(["-o", "DPkg::Lock::Timeout=300"]);
    let lists = folder().join("lists");
    if lists.is_dir() {
        command.arg("-o").arg(format!("Dir::State::lists={}", lists.display()));
        command.arg("-o").arg(format!("Dir::Cache={}", folder().join("cache").display()));
    }
    command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive").env("LC_ALL", "C");
    command
}

fn simulated(packages: &[&str]) -> Option<Plan> {
    let mut arguments = vec!["install", "--simulate", "-y", "--no-install-recommends"];
    arguments.extend(packages);
    let output = apt(&arguments).output().expect("apt-get; the tests of servers need Debian or Ubuntu");
    let text = String::from_utf8_lossy(&output.stdout);
    let named = |verb: &str| {
        let names = text.lines().filter_map(|line| line.strip_prefix(verb)?.split_whitespace().next());
        names.map(str::to_owned).collect::<Vec<_>>()
    };
    output.status.success().then(|| Plan { installed: named("Inst "), removed: named("Remv ") })
}

fn update(is_root: bool) {
    if !is_root {
        for folder in [folder().join("lists/partial"), folder().join("cache/archives/partial")] {
            fs::create_dir_all(folder).expect("a folder below target");
        }
    }
    succeeded(apt(&["update", "-q"]).output().expect("apt-get"));
}

fn install(packages: &[&str]) {
    let policy = Path::new("/usr/sbin/policy-rc.d");
    let made = !policy.exists();
    if made {
        // What is installed is not started: the tests start what they need themselves.
        fs::write(policy, "#!/bin/sh\nexit 101\n").expect("a policy");
        succeeded(Command::new("chmod").arg("755").arg(policy).output().expect("chmod"));
    }
    let mut arguments = vec!["install", "-y", "-q", "--no-install-recommends"];
    arguments.extend(packages);
    let mut output = apt(&arguments).output().expect("apt-get");
    if !output.status.success() {
        // Lists that are older than the archive name files that are gone from it.
        update(true);
        output = apt(&arguments).output().expect("apt-get");
    }
    if made {
        fs::remove_file(policy).expect("taking the policy away");
    }
    succeeded(output);
}

fn unpack(packages: &[String]) {
    let (debs, root) = (folder().join("debs"), unpacked());
    fs::create_dir_all(&debs).expect("a folder below target");
    fs::create_dir_all(&root).expect("a folder below target");
    let names: Vec<&str> = std::iter::once("download").chain(packages.iter().map(String::as_str)).collect();
    succeeded(apt(&names).current_dir(&debs).output().expect("apt-get"));
    for entry in fs::read_dir(&debs).expect("the packages") {
        let deb = entry.expect("a package").path();
        succeeded(Command::new("dpkg").arg("-x").arg(&deb).arg(&root).output().expect("dpkg"));
        fs::remove_file(deb).expect("a package");
    }
}

fn succeeded(output: Output) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}\n{said}", String::from_utf8_lossy(&output.stdout));
}
