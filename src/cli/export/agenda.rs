//! `minuted export agenda [MEETING]`: the next agenda as a file.

use clap::Args;
use tracing::warn;

use super::{Kind, To};
use crate::agenda::out;
use crate::cli::failure::Failure;
use crate::cli::opened::{Globals, Opened};
use crate::domain::{MeetingRef, Plenary};
use crate::steps;

/// Which agenda, and as what.
#[derive(Debug, Args)]
pub(super) struct Agenda {
    /// The meeting, such as SEC#11 or TP11; else the next one, or the one that is on
    #[arg(value_name = "MEETING")]
    meeting: Option<String>,
    #[command(flatten)]
    to: To,
    /// Do not remember what it says; then a document made from it is compared with the last import
    #[arg(long)]
    look: bool,
}

impl Agenda {
    pub(super) async fn run(self, globals: &Globals) -> anyhow::Result<()> {
        let kind = self.to.kind(&[Kind::Txt, Kind::Docx, Kind::Html, Kind::Md, Kind::Csv, Kind::Json])?;
        let agenda = self.agenda(globals).await?;
        self.to.write(&bytes(&agenda, kind))
    }

    /// The agenda, remembered where the database can be written.
    async fn agenda(&self, globals: &Globals) -> anyhow::Result<out::Agenda> {
        let opened = match self.look {
            true => Err(None),
            false => Opened::to_write(globals).await.map_err(Some),
        };
        let (opened, remembers) = match opened {
            Ok(opened) => (opened, true),
            Err(error) => {
                let opened = Opened::to_read(globals).await;
                let opened = match (opened, error) {
                    // Why it cannot be read says less than why it cannot be written.
                    (Err(_), Some(error)) => return Err(error),
                    (opened, error) => {
                        if let Some(error) = error {
                            let error = format!("{error:#}");
                            warn!(error, "the database is only read: what this agenda says is not remembered");
                        }
                        opened?
                    }
                };
                (opened, false)
            }
        };
        let meeting = self.meeting(&opened).await?;
        let answer = if remembers {
            steps::export_agenda(&opened.store, &opened.group, meeting, opened.now).await?
        } else {
            steps::look_at_agenda(&opened.store, &opened.group, meeting, opened.now).await?
        };
        let catalogue = opened.catalogue()?;
        opened.store.close().await;
        let Some(mut answer) = answer else { anyhow::bail!("the group has no rules yet") };
        if let Some(agenda) = answer.agenda.take() {
            return Ok(*agenda);
        }
        let told = answer.lines.iter().flat_map(|line| &line.told).map(|text| catalogue.say(text));
        Err(Failure::refused(told.collect::<Vec<_>>().join(" ")).into())
    }

    /// The meeting that is named, by its own name or its plenary's.
    async fn meeting(&self, opened: &Opened) -> anyhow::Result<Option<MeetingRef>> {
        let Some(name) = self.meeting.as_deref() else { return Ok(None) };
        let name: String = name.split_whitespace().collect::<String>().to_uppercase();
        if let Ok(meeting) = name.parse::<MeetingRef>() {
            return Ok(Some(meeting));
        }
        let known = opened.store.meetings(opened.group.id).await?;
        let held = name
            .parse::<Plenary>()
            .ok()
            .and_then(|plenary| known.iter().find(|meeting| meeting.plenary.as_ref() == Some(&plenary)));
        match held {
            Some(meeting) => Ok(Some(meeting.reference.clone())),
            None => Err(Failure::refused(format!(
                "{name} is no meeting that is known; see `minuted list meetings`, or plan one: `minuted do \"meeting \
                 {}#11 2014-06-09 to 2014-06-13\" --as ADDRESS`",
                opened.group.rules.references.prefix
            ))
            .into()),
        }
    }
}

fn bytes(agenda: &out::Agenda, kind: Kind) -> Vec<u8> {
    match kind {
        Kind::Docx => agenda.to_docx(),
        Kind::Html => agenda.to_html().into_bytes(),
        Kind::Md => agenda.to_markdown().into_bytes(),
        Kind::Csv => agenda.to_csv(),
        Kind::Json => agenda.to_json().into_bytes(),
        _ => agenda.to_text().into_bytes(),
    }
}
