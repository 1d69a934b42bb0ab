//! Commands about conference calls: for chair, vice-chair and secretary.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use crate::domain::{Call, Member, Subject, Text};

use super::actions::Told;
use super::meetings::{FARTHEST, must_keep};
use super::work::{Refusal, Work};

type Result<T = Told> = std::result::Result<T, Refusal>;

/// `call DATE 14:00 [TITLE]`: plans it, or moves the one of that day.
pub(super) fn set(work: &mut Work, sender: &Member, date: Date, time: Time, title: Option<&str>) -> Result {
    must_keep(sender)?;
    if begins(work, date, time).is_none_or(|begins| begins <= work.at) {
        return Err(Text::new("refused-call-past").with("date", date).with("time", time.strftime("%H:%M")));
    }
    if date > work.today().saturating_add(Span::new().years(FARTHEST)) {
        return Err(Text::new("refused-far").with("date", date).with("years", FARTHEST));
    }
    let known = work.known.calls.get(&date).cloned().unwrap_or_else(|| Call::new(date));
    let before = work.changes.len();
    // Where it moves and no title is given, it stays the call that it was.
    let title = title.map(ToOwned::to_owned).or_else(|| known.title.clone());
    set_field(work, &known, "time", Some(time.strftime("%H:%M").to_string()))?;
    set_field(work, &known, "title", title.clone())?;
    let told = Text::new("told-call").with("date", date).with("time", time.strftime("%H:%M"));
    let told = told.with("title", title.as_deref().unwrap_or("-"));
    let told = told.with("was", known.get("time").as_deref().unwrap_or("-"));
    Ok(if work.changes.len() > before { Told::Done(told) } else { Told::Unchanged(told) })
}

fn set_field(work: &mut Work, known: &Call, field: &str, to: Option<String>) -> Result<()> {
    work.change(Subject::Call(known.date), field, known.get(field), to)
}

/// The moment at which a call begins, in the group's zone.
fn begins(work: &Work, date: Date, time: Time) -> Option<Timestamp> {
    let zone = work.known.rules.as_ref().and_then(|rules| TimeZone::get(&rules.time_zone).ok());
    Some(date.to_datetime(time).to_zoned(zone.unwrap_or(TimeZone::UTC)).ok()?.timestamp())
}

/// `cancel call DATE`
pub(super) fn cancel(work: &mut Work, sender: &Member, date: Date) -> Result {
    must_keep(sender)?;
    let Some(known) = work.known.calls.get(&date).cloned() else {
        return Err(Text::new("refused-no-call").with("date", date));
    };
    let told = Text::new("told-call-cancelled").with("date", date);
    if !known.is_planned() {
        return Ok(Told::Unchanged(told));
    }
    set_field(work, &known, "time", None)?;
    Ok(Told::Done(told))
}
