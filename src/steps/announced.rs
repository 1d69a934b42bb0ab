//! Notices of the machines that the configuration names as announcers: what they say was uploaded is posted, where they
//! are proven as a member would have to be. They are never answered, and never asked to confirm anything.

use anyhow::Context as _;
use tracing::{error, info};

use crate::command::{self, Noticed};
use crate::decide::{self, Entry, Input, NoticeInput, Verdict};
use crate::domain::{DocumentRef, Roster, Rules};
use crate::message::{Automatic, Message};
use crate::store::{Batch, Read, Waiting};

use super::copies::key;
use super::round::{Round, is_of_the_database, quarantined};
use super::trust::told as verdict_told;

impl Round<'_> {
    /// A notice, which is linked whatever comes of it. A copy of one that was read before does what that one could
    /// not, being only claimed; where that is settled, nothing.
    pub(super) async fn announced(
        &mut self,
        batch: &mut Batch,
        waiting: &Waiting,
        message: &Message,
        is_settled: bool,
        mut kept: Read,
    ) -> anyhow::Result<Read> {
        let documents = uploaded(message, &self.group.rules);
        let Some(from) = message.from.as_ref().filter(|_| !waiting.archive && !is_settled && !documents.is_empty())
        else {
            info!(message = waiting.id, "a notice that tells of nothing new: noted, not answered");
            return Ok(kept);
        };
        let judged = self.trust.judge(batch, message, waiting.received_at).await?;
        kept.claimed &= judged.verdict == Verdict::Claimed;
        let identity = verdict_told(&judged.verdict, &judged.evidence);
        let notice = NoticeInput {
            message_id: key(message, waiting),
            from: from.address.clone(),
            verdict: judged.verdict,
            evidence: judged.evidence,
            documents,
            receipt: self.free_receipt(message, waiting)?,
        };
        let entry = Entry { at: waiting.received_at, input: Input::Notice(Box::new(notice)) };
        batch.savepoint();
        let decided = match self.decide_entry(batch, waiting, &entry, &identity).await {
            Ok(_) => batch.release().await.context("writing what a notice tells"),
            Err(error) => Err(error),
        };
        match decided {
            Ok(()) => Ok(kept),
            Err(error) if is_of_the_database(&error) => Err(error),
            Err(error) => {
                batch.roll_back().await?;
                error!(message = waiting.id, error = format!("{error:#}"), "quarantined");
                self.processed.quarantined += 1;
                Ok(quarantined(waiting, message, format!("{error:#}")))
            }
        }
    }
}

/// Whether a message is a notice of one of the machines that the configuration names as announcers. What such a
/// machine answers or returns is none.
pub(super) fn is_announcers(message: &Message, rules: &Rules, roster: &Roster) -> bool {
    use Automatic::{AutoReply, CalendarReply, Digest, Report};
    let is_notice = !matches!(message.automatic, Some(AutoReply | CalendarReply | Digest | Report));
    let from = message.from.as_ref().filter(|_| is_notice && !message.by_name && !message.several_authors);
    from.is_some_and(|from| decide::is_announcer(rules, roster, &from.address))
}

/// The documents that a notice tells to have been uploaded.
pub(super) fn uploaded(message: &Message, rules: &Rules) -> Vec<DocumentRef> {
    let noticed = command::notice(&message.subject, &message.author_text, &rules.references);
    noticed.into_iter().filter(|(_, says)| *says == Noticed::Uploaded).map(|(document, _)| document).collect()
}
