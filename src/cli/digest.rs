//! `minuted digest --preview KIND`: what a digest or a reminder would say now. Changes nothing.

use clap::{Args, ValueEnum};

use super::failure::Failure;
use super::opened::{Globals, Opened, address};
use super::output::Output;
use crate::compose;
use crate::domain::{EmailAddress, OccasionKind, Recipient};
use crate::steps;
use crate::store::Store;

/// Which digest is shown, and how.
#[derive(Debug, Args)]
pub struct Digest {
    /// Which one: weekly, meeting (before the next one begins), deadline (before the next one for
    /// contributions), call (before the next one), approval (before e-mail approvals close; with --as,
    /// what is to be ratified), report (of the last meeting), chaser (what is to be posted; with --as), or
    /// personal (with --as)
    #[arg(long, value_name = "KIND", required = true, value_parser = kind)]
    preview: OccasionKind,
    /// As the member with this address would get it, of weekly as a copy of their own; left out, as the list would
    #[arg(long = "as", value_name = "ADDRESS", value_parser = address)]
    recipient: Option<EmailAddress>,
    /// As text, as HTML, or as the whole mail
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Html,
    Eml,
}

fn kind(text: &str) -> Result<OccasionKind, String> {
    text.parse().map_err(|error: crate::domain::NotA| error.to_string())
}

impl Digest {
    /// Prints it.
    pub(super) async fn run(self, globals: &Globals) -> anyhow::Result<()> {
        let opened = Opened::to_read(globals).await?;
        let recipient = self.recipient(&opened).await?;
        // A batch, which is given up, sees all at one moment; only a connection that may write has one.
        let store = Store::open(&opened.config.database).await?;
        let preview = steps::preview(&store, &opened.group, self.preview, recipient, opened.now).await;
        store.close().await;
        let mut output = Output::new();
        match preview? {
            None => output.line(match self.preview {
                OccasionKind::Weekly => "There is nothing to say: no digest would be sent.",
                OccasionKind::Meeting if self.recipient.is_none() => "No meeting with known dates is to come.",
                OccasionKind::Deadline => "No deadline for contributions is to come.",
                OccasionKind::Call => "No conference call is to come.",
                OccasionKind::Report => "There is nothing to report of a meeting that is over.",
                OccasionKind::Meeting | OccasionKind::Approval | OccasionKind::Chaser | OccasionKind::Personal => {
                    "There is nothing to say: no reminder would be sent."
                }
            })?,
            Some((digest, letter)) => {
                let catalogue = opened.catalogue()?;
                match self.format {
                    Format::Text => {
                        output.line(format!("To: {}", digest.to))?;
                        output.line(format!("Subject: {}", compose::digest_subject(&digest, &letter, catalogue)))?;
                        output.line("")?;
                        output.text(&compose::digest_text(&digest, &letter, catalogue))?;
                    }
                    Format::Html => output.raw(compose::digest_html(&digest, &letter, catalogue).as_bytes())?,
                    Format::Eml => output.raw(&compose::digest(&digest, &letter, catalogue))?,
                }
            }
        }
        output.finish()
    }

    /// To whom it would go.
    async fn recipient(&self, opened: &Opened) -> anyhow::Result<Recipient> {
        let kind = self.preview;
        let Some(address) = &self.recipient else {
            if matches!(kind, OccasionKind::Personal | OccasionKind::Chaser) {
                return Err(Failure::usage("a personal reminder goes to a member; name one with --as ADDRESS").into());
            }
            if opened.group.rules.list.is_none() {
                let key = &opened.group.config.key;
                return Err(
                    Failure::refused(format!("the group {key} has no `list`, and this goes to the list")).into()
                );
            }
            return Ok(Recipient::List);
        };
        let of_list = [OccasionKind::Deadline, OccasionKind::Call, OccasionKind::Report];
        if of_list.contains(&kind) {
            return Err(Failure::usage(format!("what is {kind} goes to the list; leave --as out")).into());
        }
        let roster = opened.store.roster(opened.group.id).await?;
        if let Some(member) = roster.member_by_address(address).filter(|member| !member.left) {
            return Ok(Recipient::Member(member.id));
        }
        if kind == OccasionKind::Weekly {
            return Err(Failure::refused(format!("{address} is no member's; see `minuted list members`")).into());
        }
        let contact = roster.organizations.iter().find(|known| known.contact.as_ref() == Some(address));
        contact.map(|known| Recipient::Organization(known.name.clone())).ok_or_else(|| {
            Failure::refused(format!(
                "{address} is no member's and no organization's contact; see `minuted list members`"
            ))
            .into()
        })
    }
}
