//! A mail that was held is decided, now that it is known whose it is.

use anyhow::Context as _;

use crate::decide::{Entry, Input, MailInput, Needs, Proof, Verdict};
use crate::domain::RequestKind;
use crate::store::{Batch, Waiting};

use super::answers::receipt;
use super::round::Round;
use super::trust::told as verdict_told;

impl Round<'_> {
    /// Decides a mail that was held, now that it is known whose it is: with the rights and the state
    /// of now, in an entry of its own behind that of `by`.
    pub(super) async fn release(
        &mut self,
        batch: &mut Batch,
        waiting: &Waiting,
        by: &Entry,
        request: u32,
    ) -> anyhow::Result<Vec<u32>> {
        let made = batch.made_by(request).await?.context("the journal lacks the mail that is released")?;
        let (Input::Mail(mail), Input::Mail(released_by)) = (made.input, &by.input) else {
            anyhow::bail!("request {request} holds no mail");
        };
        let needs = Needs { requests: [request].into(), ..Needs::default() };
        let known = batch.load(&needs).await?;
        let held = known.requests.get(&request).map(|request| &request.kind);
        let Some(RequestKind::Held { member, lines, .. }) = held else {
            anyhow::bail!("request {request} holds no mail")
        };
        // It is that member's, whatever names the roster has by now.
        let member = known.roster.member(*member).filter(|member| !member.left);
        let from = member.and_then(|member| member.addresses.first()).context("the member is gone")?.clone();
        let mut already = mail.already.clone();
        already.extend(mail.parsed.lines.iter().map(|line| line.text.clone()).filter(|line| !lines.contains(line)));
        // Another copy proves it by what proves that copy; the member's word, by itself.
        let (verdict, evidence) = if released_by.message_id == mail.message_id {
            (released_by.verdict.clone(), released_by.evidence.clone())
        } else {
            (Verdict::Proven(Proof::Confirmed { request }), mail.evidence.clone())
        };
        let identity = verdict_told(&verdict, &evidence);
        let receipt = self.free_receipt_of_released(batch, &mail.message_id, request).await?;
        batch.put_back(known);
        let mail = MailInput {
            from,
            by_name: false,
            verdict,
            evidence,
            already,
            receipt,
            held_at: Some(made.at),
            hold_code: None,
            ..*mail
        };
        let entry = Entry { at: by.at, input: Input::Mail(Box::new(mail)) };
        Ok(self.decide_entry(batch, waiting, &entry, &identity).await?.unwrap_or_default())
    }

    /// A receipt for a mail that was held: the one it would have had may be another's by now.
    async fn free_receipt_of_released(
        &mut self,
        batch: &mut Batch,
        message_id: &str,
        request: u32,
    ) -> anyhow::Result<String> {
        let request = request.to_string();
        let receipts: Vec<String> = (0..4).map(|salt| receipt(&["released", message_id, &request], salt)).collect();
        let taken = batch.receipts_among(&receipts).await?;
        let free = receipts.into_iter().find(|receipt| !taken.contains(receipt) && !self.receipts.contains(receipt));
        let free = free.context("every receipt that the message could have is taken")?;
        self.receipts.insert(free.clone());
        Ok(free)
    }
}
