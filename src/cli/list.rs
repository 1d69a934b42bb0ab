//! `minuted list`: what is kept, all of it unless filtered.

use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::failure::Failure;
use super::opened::{Globals, Opened};
use super::output::{Cellular, JsonList, Output, row};
use super::rows::{ActionRow, ContributionRow, MemberRow, RequestRow, is_overdue, moment, or_dash};
use crate::domain::{ActionItem, EmailAddress, RequestState, Roster, Stance, Status};
use crate::store::{MessageRow, MessageState};

/// Messages that are read from the database at once.
const PAGE: u32 = 500;

/// What `list` lists.
#[derive(Debug, Args)]
pub struct List {
    #[command(subcommand)]
    what: What,
    /// As JSON, for programs
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Action items, in order of plenary and number
    Actions(Actions),
    /// Contributions, in order of reference
    Contributions(Contributions),
    /// Members of the group
    Members(Members),
    /// Meetings with their sessions
    Meetings,
    /// Messages that were taken in, in order of intake
    Messages(Messages),
    /// Approvals by e-mail, and what was said of each
    Approvals(Approvals),
    /// Conference calls
    Calls,
    /// What waited for a ruling or a confirmation
    Requests(Requests),
}

#[derive(Debug, Args)]
struct Actions {
    /// Only those with this status; may be given several times
    #[arg(long, value_name = "STATUS")]
    status: Vec<String>,
    /// Only those that are not closed or cancelled
    #[arg(long)]
    pending: bool,
    /// Only those past their due date
    #[arg(long)]
    overdue: bool,
    /// Only those of this organization, member, role or address
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,
}

#[derive(Debug, Args)]
struct Contributions {
    /// Only those of this agenda item and the ones below it
    #[arg(long, value_name = "NUMBER")]
    agenda_item: Option<String>,
    /// Only those that affect this deliverable
    #[arg(long, value_name = "DELIVERABLE")]
    deliverable: Option<String>,
    /// Only those whose source contains this text
    #[arg(long, value_name = "TEXT")]
    source: Option<String>,
}

#[derive(Debug, Args)]
struct Members {
    /// Those who have left, too
    #[arg(long)]
    all: bool,
    /// Only those of this organization
    #[arg(long, value_name = "NAME")]
    organization: Option<String>,
}

#[derive(Debug, Args)]
struct Messages {
    /// Only those in this state: waiting, done, copy, quarantined or dropped
    #[arg(long, value_name = "STATE")]
    state: Option<String>,
    /// Only those from this address
    #[arg(long, value_name = "ADDRESS")]
    from: Option<String>,
}

#[derive(Debug, Args)]
struct Approvals {
    /// Only those that run, or have closed and wait to be ratified
    #[arg(long)]
    open: bool,
}

#[derive(Debug, Args)]
struct Requests {
    /// Only those that still wait
    #[arg(long)]
    waiting: bool,
}

impl List {
    /// Prints the list.
    pub(super) async fn run(self, globals: &Globals) -> anyhow::Result<()> {
        let opened = Opened::to_read(globals).await?;
        let mut output = Output::new();
        match &self.what {
            What::Actions(filter) => actions(&opened, filter, self.json, &mut output).await?,
            What::Contributions(filter) => contributions(&opened, filter, self.json, &mut output).await?,
            What::Members(filter) => members(&opened, filter, self.json, &mut output).await?,
            What::Meetings => meetings(&opened, self.json, &mut output).await?,
            What::Messages(filter) => messages(&opened, filter, self.json, &mut output).await?,
            What::Approvals(filter) => approvals(&opened, filter, self.json, &mut output).await?,
            What::Calls => calls(&opened, self.json, &mut output).await?,
            What::Requests(filter) => requests(&opened, filter, self.json, &mut output).await?,
        }
        output.finish()
    }
}

async fn actions(opened: &Opened, filter: &Actions, json: bool, output: &mut Output) -> anyhow::Result<()> {
    let wanted: Vec<Status> =
        filter.status.iter().map(|text| status(text)).collect::<Result<_, _>>().map_err(Failure::usage)?;
    let (store, group) = (&opened.store, opened.group.id);
    let meetings = store.meetings(group).await?;
    let roster = store.roster(group).await?;
    let today = opened.today();
    let mut items = store.actions(group).await?;
    items.retain(|item| {
        item.became.is_none()
            && (wanted.is_empty() || wanted.contains(&item.status))
            && (!filter.pending || item.status.is_pending())
            && (!filter.overdue || is_overdue(item, &meetings, today))
            && filter.owner.as_deref().is_none_or(|owner| is_of(item, owner, &roster))
    });
    if json {
        return output.json(&items.iter().map(ActionRow::new).collect::<Vec<_>>());
    }
    if items.is_empty() {
        return output.line("No action items.");
    }
    let row = |item: &ActionItem| {
        let due = item.due.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string);
        let due =
            if is_overdue(item, &meetings, today) { Cellular::late(format!("{due} (overdue)")) } else { due.into() };
        let mut what = item.what.clone();
        // Agendas tend to say it in the text as well.
        if let Some(priority) = item.priority.filter(|_| !what.to_lowercase().contains("priority")) {
            what = format!("{what} [{priority} priority]");
        }
        let who = item.who.to_string();
        let mut row = row![item.reference.to_string(), what, or_dash(Some(&who)), item.status.as_str()];
        row.push(due);
        row
    };
    output.table(&["REFERENCE", "WHAT", "WHO", "STATUS", "DUE"], items.iter().map(row).collect())
}

/// A status as people write it: `to-be-confirmed` need not be quoted.
fn status(text: &str) -> Result<Status, String> {
    text.to_lowercase().replace(['-', '_'], " ").parse().map_err(|error: crate::domain::NotA| error.to_string())
}

/// Whether the item is owned by whom `owner` names.
fn is_of(item: &ActionItem, owner: &str, roster: &Roster) -> bool {
    let member = owner.parse::<EmailAddress>().ok().and_then(|address| roster.member_by_address(&address));
    item.who.list().iter().any(|named| match member {
        Some(member) => roster.is_meant(member, &named.name),
        None => {
            named.name.eq_ignore_ascii_case(owner)
                || roster.organization(owner).is_some_and(|organization| organization.is_called(&named.name))
        }
    })
}

async fn contributions(opened: &Opened, filter: &Contributions, json: bool, output: &mut Output) -> anyhow::Result<()> {
    let mut listed = opened.store.contributions(opened.group.id).await?;
    listed.retain(|contribution| !contribution.is_blank());
    let source = filter.source.as_ref().map(|source| source.to_lowercase());
    let below = filter.agenda_item.as_ref().map(|item| format!("{item}."));
    listed.retain(|contribution| {
        let item = contribution.agenda_item.as_str();
        filter.agenda_item.as_deref().is_none_or(|wanted| wanted == item)
            || below.as_ref().is_some_and(|below| item.starts_with(below.as_str()))
    });
    listed.retain(|contribution| {
        let deliverable = contribution.deliverable.as_deref().unwrap_or_default();
        filter.deliverable.as_deref().is_none_or(|wanted| deliverable.eq_ignore_ascii_case(wanted))
            && source.as_ref().is_none_or(|wanted| contribution.source.to_lowercase().contains(wanted.as_str()))
    });
    let meetings = opened.store.meetings(opened.group.id).await?;
    let today = opened.today();
    let rows: Vec<_> = listed.iter().map(|listed| ContributionRow::new(listed, &meetings, today)).collect();
    if json {
        return output.json(&rows);
    }
    if rows.is_empty() {
        return output.line("No contributions.");
    }
    let rows = rows.iter().map(|row| {
        let revisions: Vec<String> = row.revisions_available.iter().map(ToString::to_string).collect();
        let left = row.follow_ups.join("\n");
        row![
            row.reference.as_str(),
            row.title.as_str(),
            row.source.as_str(),
            or_dash(Some(&row.agenda_item)),
            or_dash(Some(&revisions.join(", "))),
            format!("{} {}", row.outcome_revision, row.outcome),
            or_dash(Some(&left)),
        ]
    });
    output.table(&["REFERENCE", "TITLE", "SOURCE", "ITEM", "REVISIONS", "OUTCOME", "LEFT TO DO"], rows.collect())
}

async fn members(opened: &Opened, filter: &Members, json: bool, output: &mut Output) -> anyhow::Result<()> {
    let roster = opened.store.roster(opened.group.id).await?;
    let mut members = roster.members.clone();
    members.retain(|member| filter.all || !member.left);
    if let Some(name) = &filter.organization {
        let organization = roster.organization(name).ok_or_else(|| {
            let names = roster.organizations.iter().map(|known| known.name.as_str()).collect::<Vec<_>>().join(", ");
            Failure::refused(format!("there is no organization {name:?}; known are {names}"))
        })?;
        members.retain(|member| organization.is_called(&member.organization));
    }
    let today = opened.group.rules.day(opened.now);
    if json {
        return output.json(&members.iter().map(|member| MemberRow::new(member, today)).collect::<Vec<_>>());
    }
    if members.is_empty() {
        return output.line("No members.");
    }
    let rows = members.iter().map(|member| {
        let mut roles: Vec<String> = member.roles.iter().map(ToString::to_string).collect();
        if member.left {
            roles.push("has left".to_owned());
        }
        if let Some(day) = member.away_until(today) {
            roles.push(format!("away until {day}"));
        }
        if let Some(day) = member.paused_until.filter(|until| today < *until) {
            roles.push(format!("mail paused until {day}"));
        }
        if member.digest {
            roles.push("copy of the digest".to_owned());
        }
        let addresses: Vec<&str> = member.addresses.iter().map(EmailAddress::as_str).collect();
        row![member.name.as_str(), member.organization.as_str(), roles.join("\n"), addresses.join("\n")]
    });
    output.table(&["NAME", "ORGANIZATION", "ROLES", "ADDRESSES"], rows.collect())
}

async fn meetings(opened: &Opened, json: bool, output: &mut Output) -> anyhow::Result<()> {
    let meetings = opened.store.meetings(opened.group.id).await?;
    if json {
        return output.json(&meetings);
    }
    if meetings.is_empty() {
        return output.line("No meetings.");
    }
    let day = |day: Option<Date>| day.map_or_else(|| "-".to_owned(), |day| day.to_string());
    let rows = meetings.iter().map(|meeting| {
        let sessions: Vec<String> = meeting.sessions.iter().map(ToString::to_string).collect();
        let plenary = meeting.plenary.as_ref().map(ToString::to_string);
        row![
            meeting.reference.to_string(),
            or_dash(plenary.as_deref()),
            day(meeting.start),
            day(meeting.end),
            if meeting.cancelled { "cancelled" } else { or_dash(meeting.place.as_deref()) },
            day(meeting.deadline),
            sessions.join("\n"),
        ]
    });
    output.table(&["MEETING", "PLENARY", "FROM", "TO", "PLACE", "DEADLINE", "SESSIONS"], rows.collect())
}

async fn approvals(opened: &Opened, filter: &Approvals, json: bool, output: &mut Output) -> anyhow::Result<()> {
    let approvals = opened.store.approvals(opened.group.id, filter.open).await?;
    if json {
        return output.json(&approvals);
    }
    if approvals.is_empty() {
        return output.line("No approvals by e-mail.");
    }
    let today = opened.today();
    let rows = approvals.iter().map(|approval| {
        let count = |stance| approval.of_stance(stance).count().to_string();
        let is_over = approval.is_open() && approval.is_over(today);
        let state = if is_over { "to be ratified".to_owned() } else { approval.state.to_string() };
        let mut row = row![approval.of.to_string(), or_dash(approval.get("until").as_deref())];
        row.push(if is_over { Cellular::late(state) } else { state.into() });
        row.extend(row![count(Stance::Objection), count(Stance::Support), or_dash(approval.reason.as_deref())]);
        row
    });
    output.table(&["APPROVAL OF", "UNTIL", "STATE", "OBJECTIONS", "SUPPORT", "REASON"], rows.collect())
}

async fn calls(opened: &Opened, json: bool, output: &mut Output) -> anyhow::Result<()> {
    let calls = opened.store.calls(opened.group.id).await?;
    if json {
        return output.json(&calls);
    }
    if calls.is_empty() {
        return output.line("No conference calls.");
    }
    let rows = calls.iter().map(|call| {
        let time = call.get("time").unwrap_or_else(|| "cancelled".to_owned());
        row![call.date.to_string(), time, or_dash(call.title.as_deref())]
    });
    output.table(&["CALL", "BEGINS", "TITLE"], rows.collect())
}

async fn requests(opened: &Opened, filter: &Requests, json: bool, output: &mut Output) -> anyhow::Result<()> {
    let requests = opened.store.requests(opened.group.id, filter.waiting).await?;
    let rows: Vec<RequestRow> = requests.iter().map(RequestRow::new).collect();
    if json {
        return output.json(&rows);
    }
    if rows.is_empty() {
        return output.line("No requests.");
    }
    let zone = opened.zone();
    let rows = rows.iter().map(|request| {
        let by = request.by.as_ref().map(ToString::to_string);
        let state = request.state.to_string();
        let mut row = row![
            request.id.to_string(),
            moment(request.at, zone),
            or_dash(by.as_deref()),
            or_dash(request.about.as_deref()),
            request.asks.as_str(),
        ];
        row.push(if request.state == RequestState::Waiting { Cellular::late(state) } else { state.into() });
        row
    });
    output.table(&["REQUEST", "SINCE", "BY", "ABOUT", "ASKS", "STATE"], rows.collect())
}

async fn messages(opened: &Opened, filter: &Messages, json: bool, output: &mut Output) -> anyhow::Result<()> {
    let state: Option<MessageState> = match &filter.state {
        Some(text) => Some(text.parse().map_err(|error: crate::domain::NotA| Failure::usage(error.to_string()))?),
        None => None,
    };
    let from = filter.from.as_ref().map(|from| from.to_lowercase());
    let is_wanted = |message: &MessageRow| {
        state.is_none_or(|state| state == message.state)
            && from.as_ref().is_none_or(|from| message.from.as_ref().is_some_and(|it| it.to_lowercase() == *from))
    };
    let zone = opened.zone();
    let headings = ["MESSAGE", "RECEIVED", "FROM", "SUBJECT", "STATE"];
    let mut last = 0;
    let mut rows: Vec<Vec<Cellular>> = Vec::new();
    let mut listed = JsonList::default();
    loop {
        let page = opened.store.messages(opened.group.id, last, PAGE).await?;
        let Some(end) = page.last().map(|message| message.id) else { break };
        last = end;
        for message in page.iter().filter(|message| is_wanted(message)) {
            if json {
                listed.push(message, output)?;
                continue;
            }
            let mut state = message.state.to_string();
            if message.archive {
                state.push_str(", archive");
            }
            rows.push(row![
                message.id.to_string(),
                moment(message.received_at, zone),
                or_dash(message.from.as_deref()),
                or_dash(message.subject.as_deref()),
                state,
            ]);
        }
    }
    if json {
        return listed.end(output);
    }
    if rows.is_empty() {
        return output.line("No messages.");
    }
    output.table(&headings, rows)
}
