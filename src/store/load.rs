//! What a decision may look at, loaded by what its input names: never the whole group.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use sqlx::{query, query_scalar};

use crate::decide::{Known, Needs, UndoWhich};
use crate::domain::{
    ActionItem, ActionItemRef, Approval, ApprovalOf, Call, Contribution, ContributionRef, Meeting, MeetingRef, Request,
    RequestKind, Roster, Rules, Subject,
};

use super::Batch;
use super::error::{Doing as _, Result};
use super::pending::Table;
use super::rows::{ContributionRow, read_actions};
use super::value::{from_json, number, parse, to_json};

/// What every decision of a group sees.
pub(super) struct Group {
    pub(super) rules: Option<Rules>,
    pub(super) roster: Roster,
    pub(super) meetings: Vec<Meeting>,
    pub(super) calls: BTreeMap<Date, Call>,
    pub(super) action_references: BTreeSet<ActionItemRef>,
    pub(super) last_request: u32,
}

impl Group {
    /// In the order in which a decision sees it, whether it was loaded or is left of the decision
    /// before: a replay must decide alike.
    pub(super) fn sorted(mut self) -> Self {
        self.roster.organizations.sort_by(|a, b| a.name.cmp(&b.name));
        self.roster.members.sort_by_key(|member| member.id);
        self.meetings.sort_by(|a, b| a.reference.cmp(&b.reference));
        self
    }
}

impl Batch {
    /// What an input needs to be decided. Beyond what it names, this is: the whole roster, every
    /// meeting and the references of every action item; what the rows of the mail that is replied
    /// to mean, and what a message to be undone changed; and what a request is about.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn load(&mut self, needs: &Needs) -> Result<Known> {
        let group = match self.loaded.take() {
            Some(group) => group,
            None => self.load_group().await?,
        };
        let mut known = Known::nothing();
        known.rules = group.rules;
        known.roster = group.roster;
        known.meetings = group.meetings;
        known.calls = group.calls;
        known.action_references = group.action_references;
        known.last_request = group.last_request;

        let mut needs = needs.clone();
        known.replied = self.load_replied(&needs.replied).await?;
        if let Some(which) = &needs.undo {
            // A bare "undo" in a reply to the answer to one mail means that mail.
            let replied = match (which, &known.replied) {
                (UndoWhich::LastOf(_), Some(replied)) => self.receipt_of(&replied.message_id).await?,
                _ => None,
            };
            let replied = replied.map(UndoWhich::Receipt);
            known.done = self.load_done(replied.as_ref().unwrap_or(which), &known.roster).await?;
        }
        for (_, subject) in known.replied.iter().flat_map(|replied| &replied.rows) {
            add(&mut needs, subject);
        }
        for change in known.done.iter().flat_map(|done| &done.changes) {
            add(&mut needs, &change.subject);
        }
        if let Some(digest) = needs.since.take() {
            let since = self.load_since(&digest).await?;
            for (row, _) in &since.changes {
                add(&mut needs, &row.subject);
            }
            // Who asked whom for what is told from the requests that wait.
            needs.requests.clear();
            known.since = Some(since);
        }
        if let Some(begun) = begun(&known, &needs.since_meetings) {
            known.since_meeting = self.load_states_since(begun).await?;
            for row in &known.since_meeting {
                add(&mut needs, &row.subject);
            }
            needs.requests.clear();
        }
        if let Some(since) = needs.states_since {
            known.states = self.load_state_changes(since).await?;
        }
        for request in self.load_requests(&needs).await? {
            match &request.kind {
                RequestKind::Extension { item, .. } => {
                    needs.actions.insert(item.clone());
                }
                RequestKind::Conflict { subject, .. } => add(&mut needs, subject),
                RequestKind::Doubt { about: Some(contribution), .. } => {
                    needs.contributions.insert(contribution.clone());
                }
                RequestKind::Upload { document, .. } => {
                    needs.contributions.insert(document.contribution.clone());
                }
                RequestKind::Doubt { .. } | RequestKind::Address { .. } | RequestKind::Held { .. } => {}
            }
            known.requests.insert(request.id, request);
        }
        for approval in self.load_approvals(&needs, &[]).await? {
            needs.contributions.extend(approval.of.contribution().cloned());
            known.approvals.insert(approval.of.clone(), approval);
        }
        for item in self.load_actions(&needs).await? {
            known.actions.insert(item.reference.clone(), item);
        }
        for contribution in self.load_contributions(&needs).await? {
            known.contributions.insert(contribution.reference.clone(), contribution);
        }
        add_history(&mut needs, &known);
        if needs.approvals_of_contributions {
            let of: Vec<ContributionRef> = known.contributions.keys().cloned().collect();
            let approvals = self.load_approvals(&Needs::default(), &of).await?;
            known.approvals.extend(approvals.into_iter().map(|approval| (approval.of.clone(), approval)));
        }
        for approval in known.approvals.values() {
            // What was said of its approvals is a part of what happened to a contribution.
            if let Some(of) = approval.of.contribution()
                && needs.history.contains(&Subject::Contribution(of.clone()))
            {
                needs.history.insert(Subject::Approval(approval.of.clone()));
            }
        }
        if needs.history_of_replied {
            needs.history.extend(known.replied.iter().flat_map(|replied| &replied.rows).map(|(_, of)| of.clone()));
        }
        for item in known.actions.values() {
            // A proposal and what it became are one life.
            let Some(became) = &item.became else { continue };
            let both = [Subject::Action(item.reference.clone()), Subject::Action(became.clone())];
            if both.iter().any(|one| needs.history.contains(one)) {
                needs.history.extend(both);
            }
        }
        known.history = self.load_history(&needs.history).await?;
        known.thread = self.load_thread(&needs.history).await?;
        if needs.baseline {
            known.baseline = Arc::new(self.load_baseline().await?);
            known.replaced = self.load_replaced().await?.into();
            known.exports = Arc::new(self.load_exports(&needs.made_from).await?);
            known.taken_back = self.load_taken_back(&known).await?;
        } else if needs.headings {
            known.baseline = Arc::new(self.load_headings().await?);
        }
        Ok(known)
    }

    /// Gives back what [`Batch::load`] gave, unchanged, so that the next decision need not load it.
    pub fn put_back(&mut self, known: Known) {
        self.keep(known);
    }

    /// Keeps what a decision has left of the group for the next one.
    pub(super) fn keep(&mut self, known: Known) {
        let group = Group {
            rules: known.rules,
            roster: known.roster,
            meetings: known.meetings,
            calls: known.calls,
            action_references: known.action_references,
            last_request: known.last_request,
        };
        self.loaded = Some(group.sorted());
    }

    pub(super) async fn load_group(&mut self) -> Result<Group> {
        // One row: the lists are small, and the references of 50,000 items are a megabyte.
        let row = query!(
            r#"SELECT rules,
                      (SELECT coalesce(max(id), 0) FROM requests WHERE group_id = ?1) AS "last_request!: i64",
                      (SELECT '[' || coalesce(group_concat(organization, ','), '') || ']'
                       FROM organizations WHERE group_id = ?1) AS "organizations!: String",
                      (SELECT '[' || coalesce(group_concat(member, ','), '') || ']'
                       FROM members WHERE group_id = ?1) AS "members!: String",
                      (SELECT '[' || coalesce(group_concat(meeting, ','), '') || ']'
                       FROM meetings WHERE group_id = ?1) AS "meetings!: String",
                      (SELECT '[' || coalesce(group_concat(call, ','), '') || ']'
                       FROM calls WHERE group_id = ?1) AS "calls!: String",
                      (SELECT coalesce(group_concat(reference, char(10)), '')
                       FROM actions WHERE group_id = ?1) AS "references!: String"
               FROM groups WHERE id = ?1"#,
            self.group
        )
        .fetch_one(
            self.reading(&[
                Table::Requests,
                Table::Organizations,
                Table::Members,
                Table::Meetings,
                Table::Calls,
                Table::Actions,
            ])
            .await?,
        )
        .await
        .doing("loading the group")?;
        let group = Group {
            rules: row.rules.map(|rules| from_json("group's rules", &rules)).transpose()?,
            roster: Roster {
                organizations: from_json("list of organizations", &row.organizations)?,
                members: from_json("list of members", &row.members)?,
            },
            meetings: from_json("list of meetings", &row.meetings)?,
            calls: (from_json::<Vec<Call>>("list of calls", &row.calls)?.into_iter())
                .map(|call| (call.date, call))
                .collect(),
            action_references: (row.references.lines())
                .map(|reference| parse("action item's reference", reference))
                .collect::<Result<_>>()?,
            last_request: number("number of a request", row.last_request)?,
        };
        Ok(group.sorted())
    }

    async fn load_requests(&mut self, needs: &Needs) -> Result<Vec<Request>> {
        if needs.requests.is_empty() && !needs.waiting_requests && !needs.all_requests {
            return Ok(Vec::new());
        }
        let only_waiting = needs.requests.is_empty() && !needs.all_requests;
        if let Some(waiting) = self.remembered.waiting().filter(|_| only_waiting) {
            return Ok(waiting.cloned().collect());
        }
        let asked = to_json("requests", &needs.requests)?;
        let rows = query!(
            "SELECT request FROM requests WHERE group_id = ?1 AND id IN (SELECT value FROM json_each(?2))
             UNION
             SELECT request FROM requests WHERE ?3 AND group_id = ?1 AND state = 'waiting'
             UNION
             SELECT request FROM requests WHERE ?4 AND group_id = ?1",
            self.group,
            asked,
            needs.waiting_requests,
            needs.all_requests
        )
        .fetch_all(self.reading(&[Table::Requests]).await?)
        .await
        .doing("loading requests")?;
        let requests: Vec<Request> =
            rows.into_iter().map(|row| from_json("request", &row.request)).collect::<Result<_>>()?;
        if only_waiting {
            self.remembered.read_waiting(&requests);
        }
        Ok(requests)
    }

    async fn load_actions(&mut self, needs: &Needs) -> Result<Vec<ActionItem>> {
        let rows = if needs.pending_actions {
            let asked = to_json("references", &needs.actions)?;
            query_scalar!(
                r#"SELECT json_group_array(json_array(
                     reference, what, who, status, due, priority, notes, proposed_by, became)) AS "rows!: String"
                 FROM actions WHERE group_id = ?1 AND (
                     status NOT IN ('closed', 'cancelled') OR reference IN (SELECT value FROM json_each(?2)))"#,
                self.group,
                asked
            )
            .fetch_one(self.reading(&[Table::Actions]).await?)
            .await
        } else if needs.all_actions {
            query_scalar!(
                r#"SELECT json_group_array(json_array(
                     reference, what, who, status, due, priority, notes, proposed_by, became)) AS "rows!: String"
                 FROM actions WHERE group_id = ?1"#,
                self.group
            )
            .fetch_one(self.reading(&[Table::Actions]).await?)
            .await
        } else {
            self.expect_actions(&needs.actions).await?;
            return Ok(self.remembered.actions(&needs.actions));
        };
        read_actions(&rows.doing("loading action items")?)
    }

    /// Reads these action items, for decisions that will ask for them: all at once, and each once.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn expect_actions(&mut self, references: &BTreeSet<ActionItemRef>) -> Result<()> {
        let unasked = self.remembered.unasked(references);
        if unasked.is_empty() {
            return Ok(());
        }
        let asked = to_json("references", &unasked)?;
        let rows = query_scalar!(
            r#"SELECT json_group_array(json_array(
                 reference, what, who, status, due, priority, notes, proposed_by, became)) AS "rows!: String"
             FROM actions WHERE group_id = ?1 AND reference IN (
                 SELECT value FROM json_each(?2)
                 UNION SELECT became FROM actions
                 WHERE group_id = ?1 AND reference IN (SELECT value FROM json_each(?2)) AND became IS NOT NULL
                 UNION SELECT reference FROM actions
                 WHERE group_id = ?1 AND became IN (SELECT value FROM json_each(?2)))"#,
            self.group,
            asked
        )
        .fetch_one(self.reading(&[Table::Actions]).await?)
        .await
        .doing("loading action items")?;
        self.remembered.read(unasked, read_actions(&rows)?);
        Ok(())
    }

    async fn load_contributions(&mut self, needs: &Needs) -> Result<Vec<Contribution>> {
        let rows = if needs.all_contributions {
            sqlx::query_as!(
                ContributionRow,
                "SELECT reference, reference_cell, title, source, agenda_item, deliverable, status_cell, meeting, life
                 FROM contributions WHERE group_id = ?1",
                self.group
            )
            .fetch_all(self.reading(&[Table::Contributions]).await?)
            .await
        } else if needs.contributions.is_empty() && needs.numbers.is_empty() {
            return Ok(Vec::new());
        } else {
            let asked = to_json("references", &needs.contributions)?;
            let numbers = to_json("numbers", &needs.numbers)?;
            sqlx::query_as!(
                ContributionRow,
                "SELECT reference, reference_cell, title, source, agenda_item, deliverable, status_cell, meeting, life
                 FROM contributions WHERE group_id = ?1 AND reference IN (SELECT value FROM json_each(?2))
                 UNION
                 SELECT reference, reference_cell, title, source, agenda_item, deliverable, status_cell, meeting, life
                 FROM contributions WHERE group_id = ?1 AND number IN (SELECT value FROM json_each(?3))",
                self.group,
                asked,
                numbers
            )
            .fetch_all(self.reading(&[Table::Contributions]).await?)
            .await
        };
        rows.doing("loading contributions")?.into_iter().map(ContributionRow::read).collect()
    }

    async fn load_approvals(&mut self, needs: &Needs, of: &[ContributionRef]) -> Result<Vec<Approval>> {
        if needs.approvals.is_empty() && !needs.open_approvals && of.is_empty() {
            return Ok(Vec::new());
        }
        let (asked, of) = (to_json("approvals", &needs.approvals)?, to_json("references", of)?);
        let rows = query!(
            "SELECT approval FROM approvals WHERE group_id = ?1 AND subject IN (SELECT value FROM json_each(?2))
             UNION
             SELECT approval FROM approvals WHERE group_id = ?1 AND contribution IN (SELECT value FROM json_each(?3))
             UNION
             SELECT approval FROM approvals WHERE ?4 AND group_id = ?1 AND state = 'open'",
            self.group,
            asked,
            of,
            needs.open_approvals
        )
        .fetch_all(self.reading(&[Table::Approvals]).await?)
        .await
        .doing("loading approvals")?;
        rows.into_iter().map(|row| from_json("approval", &row.approval)).collect()
    }
}

/// Has the history loaded of what is named by its number or its plenary alone.
fn add_history(needs: &mut Needs, known: &Known) {
    let of_number = known.contributions.keys().filter(|known| needs.history_of_numbers.contains(&known.number));
    needs.history.extend(of_number.cloned().map(Subject::Contribution));
    let is_named =
        |meeting: &&Meeting| meeting.plenary.as_ref().is_some_and(|it| needs.history_of_plenaries.contains(it));
    for meeting in known.meetings.iter().filter(is_named) {
        needs.history.insert(Subject::Meeting(meeting.reference.clone()));
        needs.history.insert(Subject::Approval(ApprovalOf::Minutes(meeting.reference.clone())));
    }
}

/// Has the subject loaded, where it is not loaded anyway.
/// When the first of some meetings begins.
fn begun(known: &Known, meetings: &BTreeSet<MeetingRef>) -> Option<Timestamp> {
    let days = meetings.iter().filter_map(|meeting| known.meeting_by_reference(meeting)?.start);
    let zone = TimeZone::get(&known.rules.as_ref()?.time_zone).unwrap_or(TimeZone::UTC);
    days.min()?.to_zoned(zone).ok().map(|begun| begun.timestamp())
}

fn add(needs: &mut Needs, subject: &Subject) {
    match subject {
        Subject::Action(reference) => {
            needs.actions.insert(reference.clone());
        }
        Subject::Contribution(reference) => {
            needs.contributions.insert(reference.clone());
        }
        Subject::Request(id) => {
            needs.requests.insert(*id);
        }
        Subject::Approval(of) => {
            needs.contributions.extend(of.contribution().cloned());
            needs.approvals.insert(of.clone());
        }
        Subject::Meeting(_) | Subject::Member(_) | Subject::Organization(_) | Subject::Call(_) => {}
    }
}
