//! What is told of one thing: where it stands, what happened to it, and who wrote about it.

use crate::command::Target;
use crate::domain::reference::scan::{fold, scan};
use crate::domain::{
    ActionItem, Approval, ApprovalOf, Contribution, Deliverable, Due, Member, Reference, Request, Role, Subject, Text,
    attendance_of, stamp_of,
};

use super::resolve::{self, Meant};
use super::tell::{Rows, is_open, waiting};
use super::work::{Refusal, Work};
use super::{HistoryRow, MeetingRow, MentionedRow, Table, approvals, attendance, contributions};

type Result<T> = std::result::Result<T, Refusal>;

/// `status REF`: tables of its own for what it names.
pub(super) fn status_of(work: &Work, target: &Target, rows: &mut Rows) -> Result<Vec<Table>> {
    let title = |reference: &dyn std::fmt::Display| Text::new("list-status").with("reference", reference);
    match resolve::meant(work, target)? {
        Meant::Action(reference) => {
            let listed = work.known.actions.get(&reference).map(|item| rows.item(work, item)).into_iter().collect();
            Ok(vec![Table::Actions { title: title(&reference), rows: listed }])
        }
        Meant::Contribution(reference) => {
            let known = work.known.contributions.get(&reference);
            let listed = known.map(|known| contributions::row(work, known)).into_iter().collect();
            let own = |approval: &&Approval| approval.of.contribution() == Some(&reference);
            let table = Table::Contributions { title: title(&reference), rows: listed };
            Ok(std::iter::once(table).chain(approvals_of(work, &reference, own)).collect())
        }
        Meant::Approval(of) => Ok(approvals_of(work, &of, |approval| approval.of == of).into_iter().collect()),
        Meant::Deliverable(deliverable) => deliverable_status(work, &deliverable, rows),
        Meant::Request(id) => {
            let all = waiting(work, rows);
            let listed: Vec<_> = all.into_iter().filter(|row| row.subject == Subject::Request(id)).collect();
            Ok(vec![Table::Actions { title: title(&Subject::Request(id)), rows: listed }])
        }
        Meant::Meeting(name) => match work.known.meeting(&name) {
            Some(meeting) => {
                let minutes = ApprovalOf::Minutes(meeting.reference.clone());
                let comes = attendance::who_comes(&work.known.roster, meeting);
                let rows = vec![MeetingRow { meeting: meeting.clone(), comes }];
                let table = Table::Meetings { title: title(&name), rows };
                let approvals = approvals_of(work, &name, |approval| approval.of == minutes);
                Ok(std::iter::once(table).chain(approvals).collect())
            }
            None => {
                let due = due_at(work, &name);
                Err(Text::new("refused-unknown-meeting").with("reference", name).with("due", due))
            }
        },
    }
}

/// The approvals of something, where there are any.
fn approvals_of(work: &Work, reference: &dyn std::fmt::Display, own: impl Fn(&&Approval) -> bool) -> Option<Table> {
    let rows: Vec<_> = work.known.approvals.values().filter(own).map(|it| approvals::row(work, it)).collect();
    let title = Text::new("list-approvals-of").with("reference", reference).with("count", rows.len());
    (!rows.is_empty()).then_some(Table::Approvals { title, rows })
}

/// A deliverable: its rapporteur, what affects it and where each of these stands, the open action items that
/// name it, and the approvals that run.
fn deliverable_status(work: &Work, deliverable: &Deliverable, rows: &mut Rows) -> Result<Vec<Table>> {
    let name = deliverable.to_string();
    let affects = |known: &&Contribution| {
        !known.is_blank() && known.deliverable.as_deref().is_some_and(|of| of.trim().eq_ignore_ascii_case(&name))
    };
    let listed: Vec<_> = work.known.contributions.values().filter(affects).collect();
    let scheme = &work.rules()?.references;
    let names_it = |item: &&ActionItem| {
        let found = scan(&fold(&item.what), scheme);
        is_open(item)
            && item.became.is_none()
            && found.iter().any(|found| found.reference == Reference::Deliverable(deliverable.clone()))
    };
    let items: Vec<_> = work.known.actions.values().filter(names_it).map(|item| rows.item(work, item)).collect();
    let is_rapporteur = |member: &&Member| {
        !member.left && member.roles.iter().any(|role| matches!(role, Role::Rapporteur(of) if *of == name))
    };
    let rapporteurs: Vec<&str> =
        work.known.roster.members.iter().filter(is_rapporteur).map(|member| member.name.as_str()).collect();
    if listed.is_empty() && items.is_empty() && rapporteurs.is_empty() {
        return Err(Text::new("refused-unknown-deliverable").with("reference", deliverable));
    }
    let title = Text::new("list-deliverable").with("reference", deliverable).with("count", listed.len());
    let title = title.with("rapporteur", if rapporteurs.is_empty() { "-".to_owned() } else { rapporteurs.join(", ") });
    let contributions = listed.iter().map(|known| contributions::row(work, known)).collect();
    let mut tables = vec![Table::Contributions { title, rows: contributions }];
    if !items.is_empty() {
        let title = Text::new("list-deliverable-items").with("reference", deliverable).with("count", items.len());
        tables.push(Table::Actions { title, rows: items });
    }
    let of_it = |approval: &&Approval| {
        let of = approval.of.contribution();
        approval.is_open() && of.is_some_and(|of| listed.iter().any(|known| known.reference == *of))
    };
    tables.extend(approvals_of(work, deliverable, of_it));
    Ok(tables)
}

/// How many pending items are due at a meeting.
fn due_at(work: &Work, name: &str) -> usize {
    let at = Due::Meeting(name.to_owned());
    work.known.actions.values().filter(|item| is_open(item) && item.due.as_ref() == Some(&at)).count()
}

/// `history REF`: what happened to it, and the mails that mention it. Officers are told with which receipt they take
/// back what a machine's notice did: nobody got an answer to that.
pub(super) fn history_of(work: &Work, target: &Target, sender: &Member) -> Result<Vec<Table>> {
    let (subjects, name): (Vec<Subject>, String) = match resolve::meant(work, target)? {
        Meant::Action(reference) => {
            // An accepted proposal's life began under its proposal's reference.
            let before = work.known.actions.values().filter(|item| item.became.as_ref() == Some(&reference));
            let mut subjects: Vec<Subject> = before.map(|item| Subject::Action(item.reference.clone())).collect();
            subjects.push(Subject::Action(reference.clone()));
            (subjects, reference.to_string())
        }
        Meant::Contribution(reference) => (of_contribution(work, &reference), reference.to_string()),
        Meant::Approval(of) => (vec![Subject::Approval(of.clone())], of.to_string()),
        Meant::Deliverable(deliverable) => {
            return Err(Text::new("refused-history-deliverable").with("reference", deliverable));
        }
        // What asks somebody about themselves holds the code that only they may know.
        Meant::Request(id) if !work.known.requests.get(&id).is_some_and(Request::is_for_officers) => {
            return Err(Text::new("refused-not-yours").with("id", id));
        }
        Meant::Request(id) => (vec![Subject::Request(id)], Subject::Request(id).to_string()),
        Meant::Meeting(name) => match work.known.meeting(&name) {
            Some(meeting) => {
                let minutes = Subject::Approval(ApprovalOf::Minutes(meeting.reference.clone()));
                (vec![Subject::Meeting(meeting.reference.clone()), minutes], name)
            }
            None => return Err(Text::new("refused-unknown-meeting").with("reference", name).with("due", 0)),
        },
    };
    let by_name = |row: &HistoryRow| {
        let member = row.by.parse().ok().and_then(|address| work.known.roster.member_by_address(&address));
        let by = member.map_or_else(|| row.by.clone(), |member| member.name.clone());
        let is_notice = work.known.rules.as_ref().is_some_and(|rules| {
            let address = row.by.parse().ok();
            member.is_none() && address.is_some_and(|address| rules.announcers.contains(&address))
        });
        let receipt = row.receipt.clone().filter(|_| is_notice && sender.is_officer());
        HistoryRow { by, field: field_by_name(work, &row.field), receipt, ..row.clone() }
    };
    // Who opened an approval stands with its state, by name; when a calendar was asked is nobody's news.
    let is_kept = |row: &&HistoryRow| row.field == "opener" || stamp_of(&row.field).is_some();
    let is_told = |row: &&HistoryRow| subjects.contains(&row.subject) && !is_kept(row);
    let rows: Vec<_> = work.known.history.iter().filter(is_told).map(by_name).collect();
    let title = Text::new("list-history").with("reference", &name).with("count", rows.len());
    let mut tables = vec![Table::History { title, rows }];
    tables.extend(thread(work, &subjects, &name));
    Ok(tables)
}

/// A field as people are told of it: a member's own word on a meeting by the member's name.
pub(super) fn field_by_name(work: &Work, field: &str) -> String {
    let said = attendance_of(field).and_then(|member| work.known.roster.member(member));
    said.map_or_else(|| field.to_owned(), |member| format!("attendance of {}", member.name))
}

/// A contribution, and the approvals of its revisions.
fn of_contribution(work: &Work, reference: &crate::domain::ContributionRef) -> Vec<Subject> {
    let approvals = work.known.approvals.keys().filter(|of| of.contribution() == Some(reference));
    let approvals = approvals.map(|of| Subject::Approval(of.clone()));
    std::iter::once(Subject::Contribution(reference.clone())).chain(approvals).collect()
}

/// The mails that mention any of these, where there are any.
fn thread(work: &Work, subjects: &[Subject], name: &str) -> Option<Table> {
    let mentions = work.known.thread.iter().filter(|mentioned| subjects.contains(&mentioned.what));
    let rows: Vec<MentionedRow> = mentions
        .map(|mentioned| {
            let member = mentioned.from.as_ref().and_then(|from| work.known.roster.member_by_address(from));
            // A machine has no name, and its address is nobody's.
            let announcers = work.known.rules.as_ref().map_or(&[][..], |rules| &rules.announcers);
            let machine = mentioned.from.as_ref().filter(|from| announcers.contains(from));
            MentionedRow {
                at: mentioned.at,
                by: member.map(|member| member.name.clone()).or_else(|| machine.map(ToString::to_string)),
                subject: mentioned.subject.clone(),
            }
        })
        .collect();
    let title = Text::new("list-thread").with("reference", name).with("count", rows.len());
    (!rows.is_empty()).then_some(Table::Thread { title, rows })
}
