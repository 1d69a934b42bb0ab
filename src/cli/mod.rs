//! What people type: one module a command. Each parses its arguments (clap), calls the steps or the
//! store, and prints. Nothing here decides anything about the group.
//!
//! Standard output is the answer, standard error what is wrong and the log. What others wrote is
//! printed without the characters that control a terminal (`output`).

mod backup;
mod check;
mod demo;
mod digest;
mod explain;
mod export;
mod failure;
mod forget;
mod health;
mod history;
mod import;
mod ingest;
mod init;
mod list;
mod log;
mod names;
mod opened;
mod outbox;
mod output;
mod page;
mod pages;
mod perform;
mod quarantine;
mod rebuild;
mod refer;
mod rows;
mod run;
mod schedule;
mod show;
mod stop_mail;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use tokio::runtime::Builder;

pub use opened::Globals;

/// The mail-driven action-item bot of a standards working group
#[derive(Debug, Parser)]
#[command(name = "minuted", version, max_term_width = 100)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct Arguments {
    #[command(flatten)]
    globals: Globals,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Play a week of a group in a new folder, to see what this program does
    Demo(demo::Demo),
    /// Read mail and answer it, until stopped; with --once all that waits
    Run(run::Run),
    /// Say whether configuration, database and mailboxes are well
    Check(check::Check),
    /// Write a set-up that works into a folder
    Init(init::Init),
    /// Take mail in from a file, a folder or standard input, and process it
    Ingest(ingest::Ingest),
    /// Say what a message is read as and would do; changes nothing
    Explain(explain::Explain),
    /// Import an agenda, contributions or members
    Import(import::Import),
    /// Write what is kept into a file for other programs
    Export(export::Export),
    /// List action items, contributions, members, meetings, messages or requests
    List(list::List),
    /// Show all that is known of one thing
    Show(show::Show),
    /// Show what happened to one thing
    History(history::History),
    /// Do what a member could mail
    Do(perform::Do),
    /// Show what a digest would say now; sends and changes nothing
    Digest(digest::Digest),
    /// Say which digests were sent or skipped, which is next, and why
    Schedule(schedule::Schedule),
    /// Write the group's state as pages of a web site
    Page(page::Page),
    /// Look at mail that was sent, waits or was refused
    Outbox(outbox::Outbox),
    /// Stop all outgoing mail, at once; what is to be sent waits
    StopMail(stop_mail::StopMail),
    /// Send mail again, and what has waited
    StartMail(stop_mail::StartMail),
    /// Look at messages that could not be processed
    Quarantine(quarantine::Quarantine),
    /// Replay the journal, and compare it with the database
    Rebuild(rebuild::Rebuild),
    /// Copy the database, while the daemon runs
    Backup(backup::Backup),
    /// Forget a person: pseudonyms for addresses and names, and mails that name the person erased
    Forget(forget::Forget),
    /// Say how much waits
    Health(health::Health),
    /// Print completions for a shell
    Completions(pages::Completions),
    /// Print the man page
    Man(pages::ManPage),
}

impl Command {
    async fn run(self, globals: &Globals) -> anyhow::Result<()> {
        match self {
            Self::Demo(demo) => demo.run().await,
            Self::Run(run) => run.run(globals).await,
            Self::Check(check) => check.run(globals).await,
            Self::Init(init) => init.run(),
            Self::Ingest(ingest) => ingest.run(globals).await,
            Self::Explain(explain) => explain.run(globals).await,
            Self::Import(import) => import.run(globals).await,
            Self::Export(export) => export.run(globals).await,
            Self::List(list) => list.run(globals).await,
            Self::Show(show) => show.run(globals).await,
            Self::History(history) => history.run(globals).await,
            Self::Do(perform) => perform.run(globals).await,
            Self::Digest(digest) => digest.run(globals).await,
            Self::Schedule(schedule) => schedule.run(globals).await,
            Self::Page(page) => page.run(globals).await,
            Self::Outbox(outbox) => outbox.run(globals).await,
            Self::StopMail(stop) => stop.run(globals).await,
            Self::StartMail(start) => start.run(globals).await,
            Self::Quarantine(quarantine) => quarantine.run(globals).await,
            Self::Rebuild(rebuild) => rebuild.run(globals).await,
            Self::Backup(backup) => backup.run(globals).await,
            Self::Forget(forget) => forget.run(globals).await,
            Self::Health(health) => health.run(globals).await,
            Self::Completions(completions) => completions.run(),
            Self::Man(man) => man.run(),
        }
    }
}

/// Does what the arguments ask for, tells what is wrong, and gives the exit code.
#[must_use]
pub fn run(arguments: Arguments) -> ExitCode {
    let Arguments { globals, command } = arguments;
    // Only the daemon has something to do at the same time as something else.
    let is_daemon = matches!(&command, Command::Run(run) if run.is_daemon());
    let mut builder = if is_daemon { Builder::new_multi_thread() } else { Builder::new_current_thread() };
    let is_intake = matches!(&command, Command::Ingest(_));
    failure::tell_panics_shortly();
    // Nothing is used after a panic but the exit code.
    let result = catch_unwind(AssertUnwindSafe(|| {
        let runtime = builder.worker_threads(2).enable_all().build().context("cannot start")?;
        runtime.block_on(command.run(&globals))
    }));
    match result {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(error)) => failure::tell(&error),
        Err(_) => failure::after_panic(is_intake),
    }
}
