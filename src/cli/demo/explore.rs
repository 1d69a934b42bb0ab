//! What a newcomer can look at after the story, command by command.

use std::path::{Path, PathBuf};

use super::lines::WIDTH;
use super::stage::Stage;
use super::tell::Teller;

/// How wide commands are that have their explanation beside them.
const COMMAND_WIDTH: usize = 34;

impl Teller<'_> {
    /// What to look at now.
    pub(super) fn farewell(&mut self, stage: &Stage) -> anyhow::Result<()> {
        self.line("")?;
        self.line(format!("{:=<WIDTH$}", "== Explore "))?;
        self.line("")?;
        let then = self.now.to_zoned(stage.zone().clone());
        self.paragraph(&format!(
            "Everything is kept, and all commands work there (`minuted --help`). What is overdue counts from \
             today; with --now {} behind a command, from then.",
            then.date()
        ))?;
        self.line("")?;
        self.line(format!("    cd {}", shell_word(&self.dir.display().to_string())))?;
        if let Some(program) = program_outside_path() {
            // Quoted once for the alias and once for the command that it becomes.
            let program = shell_word(&shell_word(&program.display().to_string()));
            self.line(format!("    alias minuted={program}"))?;
        }
        let explain = stage.first_mail()?.map(|mail| format!("minuted explain {}", shell_word(&mail)));
        let examples = [
            ("minuted list actions", "the table above"),
            ("minuted history A-WG4-TP8-003", "who changed what, when, by which mail"),
            ("minuted digest --preview weekly", "what the list would get on Monday"),
            ("minuted list contributions", "what the agenda listed"),
            ("neomutt -f mail/out", "the answers (any reader of Maildirs)"),
            ("neomutt -f mail/in", "the mails that came"),
            (explain.as_deref().unwrap_or_default(), "how it is read, and what it would do now"),
            ("minuted import agenda agenda.txt", "again: what was closed stays closed"),
            ("minuted rebuild --check", "the journal against the state"),
        ];
        for (command, what) in examples.into_iter().filter(|(command, _)| !command.is_empty()) {
            if command.len() <= COMMAND_WIDTH {
                self.line(format!("    {command:COMMAND_WIDTH$} {what}"))?;
            } else {
                self.line(format!("    {command}"))?;
                self.line(format!("    {:COMMAND_WIDTH$} {what}", ""))?;
            }
        }
        self.line("")?;
        self.paragraph("To write to it yourself, as one of the members, and to read its answer in mail/out:")?;
        self.line("")?;
        let bot = &stage.group.config.bot;
        self.line(format!("    printf 'From: chair@example.org\\nTo: {bot}\\n\\nhelp\\n' \\"))?;
        self.line("        > mail/in/new/mine")?;
        self.line("    minuted run --once")
    }
}

/// A word of a shell's command line.
fn shell_word(text: &str) -> String {
    let plain = !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "/._-+:,".contains(c));
    if plain { text.to_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

/// Where the program is, where it was not found through `PATH`.
fn program_outside_path() -> Option<PathBuf> {
    let called = std::env::args_os().next()?;
    let by_path = Path::new(&called).components().count() == 1;
    if by_path { None } else { std::env::current_exe().ok() }
}
