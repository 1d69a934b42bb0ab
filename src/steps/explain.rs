//! What a message is read as and would do. Changes nothing.

use anyhow::Context as _;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::command::{self, Addressed, Noticed, Parsed};
use crate::decide::{self, Answer, AnswerLine, Entry, Evidence, Input, MailInput, Needs, NoticeInput, Verdict};
use crate::domain::{DocumentRef, Member, RequestKind, Rules, Subject};
use crate::message::{self, Automatic, Message, Told};
use crate::store::{Batch, Store};
use crate::trust::Judged;

use super::absence::{NoAbsence, Reply};
use super::trust::Trust;
use super::{Group, announced, reading};

/// What a message is read as.
#[derive(Debug, Clone)]
pub struct Explained {
    /// The message.
    pub message: Message,
    /// How it was taken apart, and why so.
    pub told: Told,
    /// Where it was addressed.
    pub addressed: Addressed,
    /// Its commands and mentions.
    pub parsed: Parsed,
    /// The member it is from, where a roster is known and knows one.
    pub member: Option<Member>,
    /// How sure it is that the sender is the sender, and why, where a group is known.
    pub judged: Option<(Verdict, Evidence)>,
    /// What it wants changed would be held until the member confirms it.
    pub asks: bool,
    /// What would be answered, where a group is known.
    pub answer: Option<Answer>,
    /// Until when it would pause the member's mail, or why it would not, where it is an automatic reply.
    pub absence: Option<Result<Date, NoAbsence>>,
    /// What it would come to as a notice, where it is from one of the group's announcers.
    pub notice: Option<Notice>,
}

/// What a notice says of documents, and what would come of that.
#[derive(Debug, Clone)]
pub struct Notice {
    /// The documents that it names, and the most that it says of each.
    pub documents: Vec<(DocumentRef, Noticed)>,
    /// What would come of those that it says were uploaded.
    pub lines: Vec<AnswerLine>,
}

/// Reads a message, and where a group is given also says what it would do there. Without one it is
/// read as if it addressed the bot.
///
/// # Errors
/// Where the database fails.
pub async fn explain(
    raw: &[u8],
    rules: &Rules,
    group: Option<(&Store, &Group)>,
    now: Timestamp,
) -> anyhow::Result<Explained> {
    let message = message::read(raw);
    let told = message::told(raw);
    let Some((store, group)) = group else {
        let addressed = Addressed::Bot;
        let parsed = reading::parse(&message, rules, addressed, now);
        return Ok(Explained {
            message,
            told,
            addressed,
            parsed,
            member: None,
            judged: None,
            asks: false,
            answer: None,
            absence: None,
            notice: None,
        });
    };
    let mut batch = store.begin(group.id, now).await?;
    let replied = reading::replies_to(&message);
    let sent = batch.sent(&replied).await?;
    let trust = Trust::of(&group.config);
    let addressed = reading::addressed(&message, rules, trust.reply_address(), &sent);
    let parsed = reading::parse(&message, rules, addressed, now);
    let judged = trust.judge(&mut batch, &message, now).await?;
    let (mut member, mut answer, mut asks) = (None, None, false);
    let is_notice = announced::is_announcers(&message, rules, batch.roster().await?);
    let notice = if is_notice { Some(noticed(&mut batch, &message, rules, &judged, now).await?) } else { None };
    let absence = match message.automatic {
        Some(Automatic::AutoReply) => Some(absent(&mut batch, &message, group, &judged, now).await?),
        _ => None,
    };
    if let Some(from) = message.from.as_ref().filter(|_| !is_notice) {
        let mail = MailInput {
            message_id: message.message_id.clone().unwrap_or_default(),
            from: from.address.clone(),
            name: from.name.clone(),
            by_name: message.by_name,
            hold_code: super::codes::hold_code(&group.rules, &judged.verdict, &parsed),
            verdict: judged.verdict.clone(),
            evidence: judged.evidence.clone(),
            answer_unknown: false,
            held_at: None,
            has_text: !message.author_text.trim().is_empty(),
            addressed,
            subject: message.subject.clone(),
            in_reply_to: reading::answered(&message, &judged.answers),
            references: Vec::new(),
            codes: super::codes::codes(&parsed),
            parsed: parsed.clone(),
            unreadable: message.unreadable,
            posted: Vec::new(),
            already: Vec::new(),
            claimed_before: false,
            displaces: false,
            receipt: "receipt".to_owned(),
        };
        let needs = Needs::of(&Input::Mail(Box::new(mail.clone())));
        let known = batch.load(&needs).await?;
        member = decide::sender(&known.roster, &mail).cloned();
        let entry = Entry { at: now, input: Input::Mail(Box::new(mail)) };
        if !reading::is_a_machines(&message, &parsed, member.is_some()) {
            let outcome = decide::decide(known, &entry);
            asks = outcome.notices.iter().any(|notice| {
                let Subject::Request(id) = notice.about else { return false };
                let request = outcome.known.requests.get(&id);
                request.is_some_and(|request| matches!(request.kind, RequestKind::Held { .. }))
            });
            answer = outcome.answer;
        }
    }
    batch.abandon().await.context("leaving the database as it was")?;
    let judged = Some((judged.verdict, judged.evidence));
    Ok(Explained { message, told, addressed, parsed, member, judged, asks, answer, absence, notice })
}

/// Until when an automatic reply would pause its author's mail.
async fn absent(
    batch: &mut Batch,
    message: &Message,
    group: &Group,
    judged: &Judged,
    now: Timestamp,
) -> anyhow::Result<Result<Date, NoAbsence>> {
    let reply = Reply { message, key: String::new(), received_at: now, judged, wrote: &[] };
    let input = match reply.absence(batch, &group.config, &group.rules).await? {
        Ok(input) => input,
        Err(why) => return Ok(Err(why)),
    };
    let member = input.member;
    let entry = Entry { at: now, input: Input::Absence(Box::new(input)) };
    let outcome = decide::decide(batch.load(&Needs::of(&entry.input)).await?, &entry);
    let absence = outcome.known.roster.member(member).and_then(|member| member.absence);
    Ok(absence.and_then(|absence| absence.until).ok_or(NoAbsence::IsOver))
}

async fn noticed(
    batch: &mut Batch,
    message: &Message,
    rules: &Rules,
    judged: &Judged,
    now: Timestamp,
) -> anyhow::Result<Notice> {
    let documents = command::notice(&message.subject, &message.author_text, &rules.references);
    let Some(from) = &message.from else { return Ok(Notice { documents, lines: Vec::new() }) };
    let input = NoticeInput {
        message_id: message.message_id.clone().unwrap_or_default(),
        from: from.address.clone(),
        verdict: judged.verdict.clone(),
        evidence: judged.evidence.clone(),
        documents: announced::uploaded(message, rules),
        receipt: "receipt".to_owned(),
    };
    let known = batch.load(&Needs::of(&Input::Notice(Box::new(input.clone())))).await?;
    let (_, lines) = decide::noticed(known, now, &input);
    Ok(Notice { documents, lines })
}
