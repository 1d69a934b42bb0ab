//! The user that servers run as. Mail servers refuse to handle mail as root, so root steps down to
//! `nobody`; everybody else runs them as themselves.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

/// A user and a group.
#[derive(Debug, Clone)]
pub struct Account {
    pub user: String,
    pub group: String,
    pub uid: u32,
    pub gid: u32,
    /// Whether processes step down to it; else it is who runs the tests.
    steps_down: bool,
}

impl Account {
    /// The user that servers run as.
    pub fn of_servers() -> &'static Self {
        static ACCOUNT: OnceLock<Account> = OnceLock::new();
        ACCOUNT.get_or_init(|| {
            // The owner of a file that was just made is who runs the tests.
            let made = tempfile::NamedTempFile::new().expect("a file");
            let own = made.as_file().metadata().expect("its owner");
            let steps_down = own.uid() == 0;
            let passwd = fs::read_to_string("/etc/passwd").unwrap_or_default();
            let line = passwd.lines().map(|line| line.split(':').collect::<Vec<_>>()).find(|line| {
                if steps_down {
                    line.first() == Some(&"nobody")
                } else {
                    line.get(2).and_then(|uid| uid.parse().ok()) == Some(own.uid())
                }
            });
            let line = line.expect("the user of servers, in /etc/passwd");
            let (uid, gid) = (line[2].parse().expect("a number"), line[3].parse().expect("a number"));
            let groups = fs::read_to_string("/etc/group").unwrap_or_default();
            let named = |line: &&str| line.split(':').nth(2) == Some(line_gid(gid).as_str());
            let group = groups.lines().find(named).and_then(|line| line.split(':').next()).expect("its group");
            Account { user: line[0].to_owned(), group: group.to_owned(), uid, gid, steps_down }
        })
    }

    /// Whether the tests run as root, and servers do not.
    pub fn steps_down(&self) -> bool {
        self.steps_down
    }

    /// A program that runs as this user, and ends with the thread that starts it.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new("setpriv");
        command.arg("--pdeathsig=TERM");
        if self.steps_down {
            command.arg(format!("--reuid={}", self.uid)).arg(format!("--regid={}", self.gid)).arg("--clear-groups");
        }
        command.arg(program).current_dir("/").env("HOME", "/tmp");
        command
    }

    /// Gives a file, or a folder with all that is in it, to this user.
    pub fn owns(&self, path: &Path) {
        if !self.steps_down {
            return;
        }
        chown(path, Some(self.uid), Some(self.gid)).expect("giving a file away");
        if path.is_dir() {
            for entry in fs::read_dir(path).expect("a folder") {
                self.owns(&entry.expect("an entry").path());
            }
        }
    }
}

fn line_gid(gid: u32) -> String {
    gid.to_string()
}
