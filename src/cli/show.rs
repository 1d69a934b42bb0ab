//! `minuted show REF`: all that is known of one thing, what happened to it and who wrote about it.

use clap::Args;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;

use super::failure::Failure;
use super::opened::{Globals, Opened};
use super::output::Output;
use super::rows::{ActionRow, ChangeRow, ContributionRow, MemberRow, RequestRow, is_overdue, moment, or_dash};
use super::{history, refer};
use crate::decide::{Comes, HistoryRow, who_comes};
use crate::domain::{ActionItem, ActionItemRef, Approval, Contribution, Meeting, Subject};
use crate::store::{MentionRow, MessageRow};

/// What is shown.
#[derive(Debug, Args)]
pub struct Show {
    /// A reference in any spelling, an address, "member 7", "request 3" or "message 12"
    #[arg(value_name = "REF")]
    of: String,
    /// As JSON, for programs
    #[arg(long)]
    json: bool,
}

/// Something with what happened to it and who wrote about it.
#[derive(Serialize)]
struct Shown {
    /// The fields that listings show.
    #[serde(flatten)]
    fields: Value,
    history: Vec<ChangeRow>,
    messages: Vec<MentionRow>,
}

impl Show {
    /// Prints what is known.
    pub(super) async fn run(self, globals: &Globals) -> anyhow::Result<()> {
        let opened = Opened::to_read(globals).await?;
        let mut output = Output::new();
        if let Some(number) = self.of.trim().to_lowercase().strip_prefix("message ") {
            let message = message(&opened, number).await?;
            if self.json {
                output.json(&message)?;
            } else {
                tell_message(&opened, &message, &mut output)?;
            }
            return output.finish();
        }
        let subject = refer::resolve(&opened, &self.of).await?;
        let changes = history::changes(&opened, &subject).await?;
        let mentions = opened.store.mentions(opened.group.id, &subject.to_string()).await?;
        let (fields, facts) = look_up(&opened, &subject).await?;
        if self.json {
            let history = changes.iter().map(ChangeRow::new).collect();
            output.json(&Shown { fields, history, messages: mentions })?;
        } else {
            tell(&opened, &facts, &changes, &mentions, &mut output)?;
        }
        output.finish()
    }
}

/// A fact in words: its name and its value, which may have several lines.
type Fact = (&'static str, String);

/// The thing as JSON, and in words.
async fn look_up(opened: &Opened, subject: &Subject) -> anyhow::Result<(Value, Vec<Fact>)> {
    let (store, group) = (&opened.store, opened.group.id);
    let gone = || Failure::refused(format!("{subject} is not known any more"));
    match subject {
        Subject::Action(reference) => {
            let items = store.actions(group).await?;
            let meetings = store.meetings(group).await?;
            action(opened, reference, &items, &meetings)?.ok_or_else(|| gone().into())
        }
        Subject::Contribution(reference) => {
            let listed = store.contributions(group).await?;
            let known = listed.iter().find(|known| known.reference == *reference).ok_or_else(gone)?;
            let meetings = store.meetings(group).await?;
            let (mut fields, mut facts) = contribution(known, &meetings, opened.today())?;
            let mut approvals = store.approvals(group, false).await?;
            approvals.retain(|approval| approval.of.contribution() == Some(reference));
            let told = |it: &Approval| format!("{} {} until {}", it.of, it.state, or_dash(it.get("until").as_deref()));
            facts.push(("e-mail approvals", lines(&approvals.iter().map(told).collect::<Vec<_>>())));
            fields["approvals"] = serde_json::to_value(&approvals)?;
            Ok((fields, facts))
        }
        Subject::Meeting(reference) => {
            let meetings = store.meetings(group).await?;
            let known = meetings.iter().find(|known| known.reference == *reference).ok_or_else(gone)?;
            let comes = who_comes(&store.roster(group).await?, known);
            let mut fields = serde_json::to_value(known)?;
            fields["comes"] = serde_json::to_value(&comes)?;
            Ok((fields, meeting(known, &comes)))
        }
        Subject::Member(id) => {
            let roster = store.roster(group).await?;
            let known = roster.member(*id).ok_or_else(gone)?;
            let today = opened.group.rules.day(opened.now);
            let mut fields = serde_json::to_value(MemberRow::new(known, today))?;
            fields["id"] = known.id.into();
            fields["left"] = known.left.into();
            fields["paused_until"] = serde_json::to_value(known.paused_until)?;
            fields["digest"] = known.digest.into();
            let list = |values: Vec<String>| if values.is_empty() { "-".to_owned() } else { values.join("\n") };
            let facts = vec![
                ("member", format!("{} (number {})", known.name, known.id)),
                ("organization", known.organization.clone()),
                ("roles", list(known.roles.iter().map(ToString::to_string).collect())),
                ("addresses", list(known.addresses.iter().map(ToString::to_string).collect())),
                ("has left", if known.left { "yes" } else { "no" }.to_owned()),
                ("paused until", known.paused_until.map_or_else(|| "-".to_owned(), |day| day.to_string())),
                ("away", known.absence.map_or_else(|| "-".to_owned(), |absence| absence.to_string())),
                ("own digest", if known.digest { "on" } else { "off" }.to_owned()),
            ];
            Ok((fields, facts))
        }
        Subject::Organization(name) => {
            let roster = store.roster(group).await?;
            let known = roster.organization(name).ok_or_else(gone)?;
            let members: Vec<String> = (roster.members.iter())
                .filter(|member| !member.left && known.is_called(&member.organization))
                .map(|member| member.name.clone())
                .collect();
            let contact = known.contact.as_ref().map(ToString::to_string);
            let facts = vec![
                ("organization", known.name.clone()),
                ("also called", or_dash(Some(&known.aliases.join(", "))).to_owned()),
                ("contact", or_dash(contact.as_deref()).to_owned()),
                ("members", or_dash(Some(&members.join("\n"))).to_owned()),
            ];
            let mut fields = serde_json::to_value(known)?;
            fields["members"] = members.into();
            Ok((fields, facts))
        }
        Subject::Approval(of) => {
            let approvals = store.approvals(group, false).await?;
            let known = approvals.iter().find(|known| known.of == *of).ok_or_else(gone)?;
            Ok((serde_json::to_value(known)?, approval(known)))
        }
        Subject::Call(day) => {
            let calls = store.calls(group).await?;
            let known = calls.iter().find(|known| known.date == *day).ok_or_else(gone)?;
            let title = or_dash(known.title.as_deref()).to_owned();
            let time = known.get("time").unwrap_or_else(|| "cancelled".to_owned());
            Ok((serde_json::to_value(known)?, vec![("call", day.to_string()), ("begins", time), ("title", title)]))
        }
        Subject::Request(id) => {
            let requests = store.requests(group, false).await?;
            let known = requests.iter().find(|known| known.id == *id).ok_or_else(gone)?;
            let row = RequestRow::new(known);
            let by = row.by.as_ref().map(ToString::to_string);
            let facts = vec![
                ("request", row.id.to_string()),
                ("about", or_dash(row.about.as_deref()).to_owned()),
                ("asks", row.asks.clone()),
                ("by", or_dash(by.as_deref()).to_owned()),
                ("since", moment(row.at, opened.zone())),
                ("state", row.state.to_string()),
            ];
            Ok((serde_json::to_value(&row)?, facts))
        }
    }
}

fn action(
    opened: &Opened,
    reference: &ActionItemRef,
    items: &[ActionItem],
    meetings: &[Meeting],
) -> anyhow::Result<Option<(Value, Vec<Fact>)>> {
    let Some(item) = items.iter().find(|item| item.reference == *reference) else { return Ok(None) };
    let overdue = is_overdue(item, meetings, opened.today());
    let was: Option<String> =
        items.iter().find(|other| other.became.as_ref() == Some(reference)).map(|other| other.reference.to_string());
    let mut fields = serde_json::to_value(ActionRow::new(item))?;
    fields["overdue"] = overdue.into();
    fields["notes"] = item.notes.iter().collect();
    fields["proposed_by"] = serde_json::to_value(&item.proposed_by)?;
    fields["became"] = serde_json::to_value(&item.became)?;
    let text = |value: Option<String>| or_dash(value.as_deref()).to_owned();
    let due = text(item.due.as_ref().map(ToString::to_string));
    let mut facts = vec![
        ("action item", reference.to_string()),
        ("what", item.what.clone()),
        ("who", text(Some(item.who.to_string()))),
        ("status", item.status.to_string()),
        ("due", if overdue { format!("{due} (overdue)") } else { due }),
        ("priority", text(item.priority.map(|priority| priority.to_string()))),
        ("notes", text(Some(item.notes.iter().collect::<Vec<_>>().join("\n")))),
    ];
    if let Some(by) = &item.proposed_by {
        facts.push(("proposed by", by.to_string()));
    }
    if let Some(became) = &item.became {
        facts.push(("accepted as", became.to_string()));
    }
    if let Some(was) = was {
        facts.push(("was proposed as", was));
    }
    Ok(Some((fields, facts)))
}

fn contribution(known: &Contribution, meetings: &[Meeting], today: Date) -> anyhow::Result<(Value, Vec<Fact>)> {
    let row = ContributionRow::new(known, meetings, today);
    let mut fields = serde_json::to_value(&row)?;
    fields["revisions"] = serde_json::to_value(&known.life.available)?;
    fields["decisions"] = serde_json::to_value(&known.life.decisions)?;
    fields["follow_up_states"] = serde_json::to_value(&known.life.follow_ups)?;
    fields["links"] = serde_json::to_value(&known.life.links)?;
    fields["meeting"] = serde_json::to_value(&known.meeting)?;
    let meeting = known.meeting.as_ref().map(ToString::to_string);
    let facts = vec![
        ("contribution", known.reference.to_string()),
        ("title", known.title.clone()),
        ("source", or_dash(Some(&known.source)).to_owned()),
        ("agenda item", or_dash(Some(&known.agenda_item)).to_owned()),
        ("deliverable", or_dash(known.deliverable.as_deref()).to_owned()),
        ("on the agenda of", or_dash(meeting.as_deref()).to_owned()),
        ("listed there as", or_dash(Some(&known.reference_cell)).to_owned()),
        ("status there", or_dash(Some(&known.status_cell)).to_owned()),
        ("outcome", format!("{} {}", row.outcome_revision, row.outcome)),
        ("revisions", lines(&known.life.available)),
        ("decisions", lines(&known.life.decisions)),
        ("left to do", lines(&known.life.follow_ups)),
        ("links", lines(&known.life.links)),
    ];
    Ok((fields, facts))
}

fn approval(known: &Approval) -> Vec<Fact> {
    let field = |name| or_dash(known.get(name).as_deref()).to_owned();
    vec![
        ("e-mail approval", known.of.to_string()),
        ("state", known.state.to_string()),
        ("until", field("until")),
        ("opened by", field("opener")),
        ("reason", field("reason")),
        ("said of it", lines(&known.voices)),
    ]
}

fn meeting(known: &Meeting, comes: &[Comes]) -> Vec<Fact> {
    let field = |name| or_dash(known.get(name).as_deref()).to_owned();
    let sessions: Vec<String> = known.sessions.iter().map(ToString::to_string).collect();
    let comes: Vec<String> =
        comes.iter().map(|comes| format!("{} ({}): {}", comes.coming, comes.count, comes.names.join(", "))).collect();
    vec![
        ("meeting", known.reference.to_string()),
        ("plenary", field("plenary")),
        ("from", field("start")),
        ("to", field("end")),
        ("place", field("place")),
        ("deadline", field("deadline")),
        ("cancelled", if known.cancelled { "yes" } else { "no" }.to_owned()),
        ("sessions", or_dash(Some(&sessions.join("\n"))).to_owned()),
        ("who comes", or_dash(Some(&comes.join("\n"))).to_owned()),
    ]
}

fn facts(facts: &[Fact], output: &mut Output) -> anyhow::Result<()> {
    let width = facts.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    for (name, value) in facts {
        let mut name = *name;
        for line in value.lines() {
            output.line(format!("{name:width$}  {line}"))?;
            name = "";
        }
    }
    Ok(())
}

fn tell(
    opened: &Opened,
    known: &[Fact],
    changes: &[HistoryRow],
    mentions: &[MentionRow],
    output: &mut Output,
) -> anyhow::Result<()> {
    facts(known, output)?;
    if !changes.is_empty() {
        output.line("")?;
        output.line("What happened to it:")?;
        history::table(opened, changes, output)?;
    }
    history::thread(opened, mentions, output)
}

async fn message(opened: &Opened, number: &str) -> anyhow::Result<MessageRow> {
    let id: i64 = number
        .trim()
        .parse()
        .map_err(|_| Failure::usage(format!("{:?} is no message's number; give one, as message 12", number.trim())))?;
    // Numbers count through all groups of the database.
    let page = opened.store.messages(opened.group.id, id.saturating_sub(1), 1).await?;
    page.into_iter()
        .find(|message| message.id == id)
        .ok_or_else(|| Failure::refused(format!("there is no message {id}; `minuted list messages` lists them")).into())
}

fn tell_message(opened: &Opened, message: &MessageRow, output: &mut Output) -> anyhow::Result<()> {
    let zone = opened.zone();
    let mut known = vec![
        ("message", message.id.to_string()),
        ("received", moment(message.received_at, zone)),
        ("sent", message.sent_at.map_or_else(|| "-".to_owned(), |at| moment(at, zone))),
        ("from", or_dash(message.from.as_deref()).to_owned()),
        ("subject", or_dash(message.subject.as_deref()).to_owned()),
        ("Message-ID", or_dash(message.message_id.as_deref()).to_owned()),
        ("mailbox", format!("{} ({})", message.mailbox, message.uid)),
        ("size", format!("{} bytes", message.size)),
        ("state", message.state.to_string()),
        ("answered lines", or_dash(Some(&message.lines.join("\n"))).to_owned()),
    ];
    if let Some(at) = message.erased_at {
        known.push(("bytes", format!("erased {}, as `retention` or `forget` says", moment(at, zone))));
    }
    if message.archive {
        known.push(("archive", "mentions only, no commands".to_owned()));
    }
    if let Some(reason) = &message.reason {
        known.push(("held because", reason.clone()));
    }
    if let Some(automatic) = &message.automatic {
        known.push(("automatic", automatic.clone()));
    }
    facts(&known, output)
}

/// Each on a line of its own; a dash where there are none.
fn lines(of: &[impl std::fmt::Display]) -> String {
    let lines: Vec<String> = of.iter().map(ToString::to_string).collect();
    or_dash(Some(&lines.join("\n"))).to_owned()
}
