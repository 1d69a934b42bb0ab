//! What a REF on the command line means: any spelling that mails may use (PRODUCT.md, section 3),
//! and `member 7`, an address, `organization NAME`, `request 3`, `approval SEC-2014-0239R01`, `call 2014-05-06`.

use strsim::damerau_levenshtein;

use super::failure::Failure;
use super::opened::Opened;
use crate::domain::reference::scan;
use crate::domain::{ActionItemRef, ApprovalOf, ContributionRef, EmailAddress, Examples, Reference, Subject};

/// What a REF turned out to be, and exists.
pub(super) async fn resolve(opened: &Opened, text: &str) -> anyhow::Result<Subject> {
    let text = text.trim();
    let (store, group) = (&opened.store, opened.group.id);
    if let Ok(address) = text.parse::<EmailAddress>() {
        let roster = store.roster(group).await?;
        let member = roster.member_by_address(&address).ok_or_else(|| unknown(text, "minuted list members --all"))?;
        return Ok(Subject::Member(member.id));
    }
    let lower = text.to_lowercase();
    for kind in ["approval ", "call "] {
        if let Some(rest) = lower.strip_prefix(kind) {
            return of_day_or_approval(opened, kind, text.get(text.len() - rest.len()..).unwrap_or_default().trim())
                .await;
        }
    }
    for kind in ["member ", "organization ", "request "] {
        if lower.starts_with(kind) {
            return special(opened, text, kind).await;
        }
    }
    let Examples { action, contribution, meeting } = Examples::of(&opened.group.config.references);
    let folded = scan::fold(text);
    let found = scan::leading(&folded, &opened.group.config.references, true).filter(|found| {
        found.bad_range.is_none() && folded.get(found.end..).is_some_and(|rest| rest.trim().is_empty())
    });
    match found.as_ref().map(|found| found.found.as_slice()) {
        Some([only]) => by_reference(opened, text, &only.reference).await,
        Some([_, ..]) => Err(Failure::usage(format!("{text:?} names several things; give one reference")).into()),
        _ => Err(Failure::refused(format!(
            "{text:?} is no reference; give one such as {action}, {contribution}, {meeting}, an address, \"member 7\" or \
             \"request 3\""
        ))
        .into()),
    }
}

/// `approval SEC-2014-0239R01`, `approval minutes SEC#9`, `call 2014-05-06`
async fn of_day_or_approval(opened: &Opened, kind: &str, rest: &str) -> anyhow::Result<Subject> {
    let (store, group) = (&opened.store, opened.group.id);
    let unknown = || unknown(&format!("{kind}{rest}"), &format!("minuted list {}s", kind.trim()));
    if kind == "call " {
        let known = store.calls(group).await?.into_iter().find(|call| call.date.to_string() == rest);
        return known.map(|call| Subject::Call(call.date)).ok_or_else(|| unknown().into());
    }
    let known = store.approvals(group, false).await?;
    let found = known.into_iter().find(|approval| {
        let of = &approval.of;
        of.to_string().eq_ignore_ascii_case(rest)
            || matches!(of, ApprovalOf::Minutes(meeting) if rest.strip_prefix("minutes ").and_then(|it| it.parse().ok()).as_ref() == Some(meeting))
    });
    found.map(|approval| Subject::Approval(approval.of)).ok_or_else(|| unknown().into())
}

async fn special(opened: &Opened, text: &str, kind: &str) -> anyhow::Result<Subject> {
    let (store, group) = (&opened.store, opened.group.id);
    let rest = text.get(kind.len()..).unwrap_or_default().trim();
    if kind == "organization " {
        let roster = store.roster(group).await?;
        let known = roster.organization(rest).ok_or_else(|| unknown(text, "minuted list members"))?;
        return Ok(Subject::Organization(known.name.clone()));
    }
    let id: u32 = rest.parse().map_err(|_| Failure::usage(format!("{text:?} has no number; give one, as {kind}3")))?;
    if kind == "member " {
        let known = store.roster(group).await?.member(id).is_some();
        return known.then_some(Subject::Member(id)).ok_or_else(|| unknown(text, "minuted list members --all").into());
    }
    let known = store.requests(group, false).await?.iter().any(|request| request.id == id);
    known.then_some(Subject::Request(id)).ok_or_else(|| unknown(text, "minuted list requests").into())
}

async fn by_reference(opened: &Opened, text: &str, reference: &Reference) -> anyhow::Result<Subject> {
    let (store, group) = (&opened.store, opened.group.id);
    match reference {
        Reference::Action(item) => {
            let known: Vec<ActionItemRef> =
                store.actions(group).await?.into_iter().map(|known| known.reference).collect();
            if known.contains(item) {
                return Ok(Subject::Action(item.clone()));
            }
            Err(nearest(&item.to_string(), &known, "minuted list actions").into())
        }
        Reference::Document(document) => {
            let known = contributions(opened).await?;
            if known.contains(&document.contribution) {
                return Ok(Subject::Contribution(document.contribution.clone()));
            }
            Err(nearest(&document.contribution.to_string(), &known, "minuted list contributions").into())
        }
        Reference::Short { .. } => {
            let mut known = contributions(opened).await?;
            known.retain(|known| known.is_called(reference));
            match known.as_slice() {
                [only] => Ok(Subject::Contribution(only.clone())),
                [] => Err(unknown(text, "minuted list contributions").into()),
                several => {
                    let names = several.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
                    Err(Failure::refused(format!("{text:?} can be any of {names}; give the whole reference")).into())
                }
            }
        }
        Reference::Meeting(_) | Reference::Plenary(_) => {
            let name = reference.to_string();
            let meetings = store.meetings(group).await?;
            let known = meetings.iter().find(|meeting| meeting.is_called(&name));
            let known = known.ok_or_else(|| unknown(text, "minuted list meetings"))?;
            Ok(Subject::Meeting(known.reference.clone()))
        }
        Reference::Revision(_) => {
            Err(Failure::refused(format!("{text:?} is a revision; give the contribution's reference")).into())
        }
        Reference::Deliverable(_) => Err(Failure::refused(format!(
            "{text:?} is a deliverable; `minuted list contributions --deliverable {reference}` lists what affects it"
        ))
        .into()),
        Reference::Foreign(_) => {
            Err(Failure::refused(format!("{text:?} is another body's number; nothing is kept of it")).into())
        }
    }
}

async fn contributions(opened: &Opened) -> anyhow::Result<Vec<ContributionRef>> {
    let listed = opened.store.contributions(opened.group.id).await?;
    Ok(listed.into_iter().map(|known| known.reference).collect())
}

fn unknown(text: &str, list: &str) -> Failure {
    Failure::refused(format!("{text} is not known; `{list}` lists what is"))
}

/// Says that it is not known, and which known ones are like it.
fn nearest(text: &str, known: &[impl ToString], list: &str) -> Failure {
    let mut near: Vec<(usize, String)> = known
        .iter()
        .map(ToString::to_string)
        .map(|known| (damerau_levenshtein(&known, text), known))
        .filter(|(far, _)| *far <= 2)
        .collect();
    near.sort();
    if near.is_empty() {
        return unknown(text, list);
    }
    let near = near.into_iter().take(3).map(|(_, known)| known).collect::<Vec<_>>().join(", ");
    Failure::refused(format!("{text} is not known; did you mean {near}? `{list}` lists all"))
}
