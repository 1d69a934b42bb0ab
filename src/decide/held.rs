//! What a mail asks for whose sender is only claimed: held until the member says that it is theirs
//! (PRODUCT.md, section 7).
//!
//! A mail is run twice. The first time shows which lines would change something; from the first of
//! those on, every line that is meant to is held, since it may build on the one before. Lines that
//! only ask are answered at once, at the member's registered address. Where nothing would change,
//! nothing is held and nobody is bothered.
//!
//! The request keeps which lines are held, and the journal has the mail: once the member says yes, the
//! shell decides that mail again, as a proven one, in a journal entry of its own.

use std::borrow::Cow;

use jiff::{SignedDuration, Timestamp};

use crate::command::{Command, Line, Target, Verb};
use crate::domain::{Member, Request, RequestKind, RequestState, Senders, Subject, Text};

use super::actions::Told;
use super::rulings;
use super::tell::Rows;
use super::work::{Refusal, Work};
use super::{ActionRow, BY_EXPOSURE, Known, MailInput, Notice, Outcome, Verdict};

/// So many questions a member gets within a day; what comes beyond is held as well, and `list held` tells
/// of it. Whoever forges a hundred mails must neither flood the member whose name they take nor keep
/// the member's own from being told of.
const MOST_ASKED: usize = 5;

/// So many held mails of one member are kept; the oldest give way.
const MOST_HELD: usize = 100;

/// How long a held mail can be confirmed.
const HELD_DAYS: i64 = 7;

/// Whether what the mail asks for must be held.
pub(super) fn is_only_claimed(known: &Known, mail: &MailInput) -> bool {
    let must_be_proven = known.rules.as_ref().is_some_and(|rules| rules.senders == Senders::Proven);
    must_be_proven && mail.verdict == Verdict::Claimed
}

/// Whether a line only asks, or answers a question of ours: neither can be held.
pub(super) const fn is_answered_at_once(line: &Line) -> bool {
    match &line.command {
        Err(_) => true,
        Ok(command) => command.only_tells() || matches!(command, Command::ConfirmCode { .. } | Command::Decline),
    }
}

/// A line that is held, and what its answer would be, were it done now.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    pub line: String,
    pub would: Vec<Text>,
}

/// Holds the lines, and asks the member. Nothing where the very same is held already: however often
/// it is claimed, the member is asked once.
pub(super) fn hold(
    work: &mut Work,
    mail: &MailInput,
    member: &Member,
    wishes: &[Wish],
) -> Result<Option<Notice>, Refusal> {
    let replied = work.known.replied.as_ref().map(|replied| replied.message_id.clone());
    let lines: Vec<String> = wishes.iter().map(|wish| wish.line.clone()).collect();
    let waiting = make_room(work, member.id)?;
    let is_same = |request: &Request| match &request.kind {
        RequestKind::Held { lines: held, replied: to, .. } => *held == lines && *to == replied,
        _ => false,
    };
    if waiting.iter().any(is_same) {
        return Ok(None);
    }
    let (Some(to), Some(code)) = (member.addresses.first().cloned(), mail.hold_code.clone()) else {
        return Err(Text::new("refused-too-many-confirmations"));
    };
    let is_recent = |request: &&Request| work.at.duration_since(request.at) < SignedDuration::from_hours(24);
    let recent = waiting.iter().filter(is_recent).filter(|request| was_asked(request)).count();
    let unasked = waiting.iter().filter(|request| !was_asked(request)).count();
    let asked = recent < MOST_ASKED;
    let kind = RequestKind::Held {
        member: member.id,
        code: code.clone(),
        message_id: mail.message_id.clone(),
        lines,
        replied,
        asked,
    };
    let id = rulings::ask(work, kind, Some(to.clone()))?;
    if !asked {
        return Ok(None);
    }
    let mut body = body(work, mail, wishes, &code);
    if recent + 1 == MOST_ASKED {
        body.push(Text::new("notice-held-last"));
    } else if unasked > 0 {
        body.push(Text::new("notice-held-more").with("count", unasked));
    }
    Ok(Some(Notice {
        to,
        about: Subject::Request(id),
        subject: Text::new("notice-held-subject").with("count", wishes.len()),
        body,
    }))
}

/// What waits for the member's word, after what cannot be confirmed any more, and the oldest of too many,
/// are dropped.
fn make_room(work: &mut Work, member: u32) -> Result<Vec<Request>, Refusal> {
    let is_open = |request: &&Request| request.state == RequestState::Waiting && is_of(request, member);
    let open = work.known.requests.values().filter(is_open).cloned();
    let (mut waiting, mut over): (Vec<Request>, Vec<Request>) = open.partition(|request| is_waiting(work, request));
    while waiting.len() >= MOST_HELD {
        // Those that nobody was told of first.
        let at = waiting.iter().position(|request| !was_asked(request)).unwrap_or(0);
        over.push(waiting.remove(at));
    }
    over.iter().try_for_each(|request| rulings::close(work, request.id, RequestState::Dropped))?;
    Ok(waiting)
}

fn is_of(request: &Request, of: u32) -> bool {
    matches!(&request.kind, RequestKind::Held { member, .. } if *member == of)
}

fn was_asked(request: &Request) -> bool {
    matches!(&request.kind, RequestKind::Held { asked: true, .. })
}

/// What waits for the member's word, with the codes that release it: for the member alone.
pub(super) fn list(work: &Work, member: &Member, rows: &mut Rows) -> Vec<ActionRow> {
    let waiting = work.known.requests.values().filter(|request| is_of(request, member.id) && is_waiting(work, request));
    let row = |request: &Request| {
        let RequestKind::Held { code, lines, .. } = &request.kind else { return None };
        let waits = Text::new("waits-held-own").with("date", work.day(request.at)).with("lines", lines.join(" / "));
        Some(ActionRow {
            number: rows.number(),
            subject: Subject::Request(request.id),
            overdue: false,
            item: None,
            waits: Some(waits.with("code", code).with("days", HELD_DAYS)),
            later: None,
        })
    };
    waiting.filter_map(row).collect()
}

fn body(work: &Work, mail: &MailInput, wishes: &[Wish], code: &str) -> Vec<Text> {
    let why = if mail.evidence.is_refuted() { "notice-held-refuted" } else { "notice-held-why" };
    let from = match (mail.name.as_str(), mail.by_name) {
        ("", _) => mail.from.to_string(),
        // The address beside such a name is the list's, or whatever Reply-To says.
        (name, true) => name.to_owned(),
        (name, false) => format!("{name} <{}>", mail.from),
    };
    let way = if mail.evidence.by_list { "list" } else { "direct" };
    let subject = if mail.subject.is_empty() { "-" } else { &mail.subject };
    let why = Text::new(why).with("from", from).with("date", work.today()).with("way", way).with("subject", subject);
    let asks = wishes.iter().flat_map(|wish| {
        std::iter::once(Text::new("notice-held-line").with("line", &wish.line)).chain(wish.would.iter().cloned())
    });
    let how = [
        Text::new("notice-held-how").with("code", code).with("days", HELD_DAYS),
        Text::new("notice-held-no"),
        Text::new("notice-held-else"),
    ];
    std::iter::once(why).chain(asks).chain(how).collect()
}

/// The mail as an answer to what it replies to: `confirmed` to the question about what is held is a yes, as no
/// action item is asked about there.
pub(super) fn as_answer<'a>(known: &Known, mail: &'a MailInput) -> Cow<'a, MailInput> {
    let rows = known.replied.as_ref().map_or(&[][..], |replied| &replied.rows);
    let asks = matches!(rows, [(_, subject)] if is_held(known, subject));
    let is_yes = |line: &Line| matches!(&line.command, Ok(Command::Set { verb: Verb::Confirm, of, because: None }) if of == &[Target::Omitted]);
    if !asks || !mail.parsed.lines.iter().any(is_yes) {
        return Cow::Borrowed(mail);
    }
    let mut answer = mail.clone();
    for line in answer.parsed.lines.iter_mut().filter(|line| is_yes(line)) {
        line.command = Ok(Command::ConfirmCode { code: None });
    }
    Cow::Owned(answer)
}

/// What is held of the sender's and the message asks about: by its code, or in reply to the question.
pub(super) fn asked(work: &Work, sender: Option<u32>, code: Option<&str>) -> Vec<Request> {
    let replied = work.known.replied.as_ref().map_or(&[][..], |replied| &replied.rows);
    let is_replied = |id: u32| replied.iter().any(|(_, subject)| *subject == Subject::Request(id));
    let is_asked = |request: &&Request| match &request.kind {
        RequestKind::Held { member, code: known, .. } => {
            Some(*member) == sender
                && code.map_or_else(|| is_replied(request.id), |code| code.eq_ignore_ascii_case(known))
        }
        _ => false,
    };
    work.known.requests.values().filter(is_asked).cloned().collect()
}

/// `no` to a mail that lists several: none of those that still wait is the sender's.
pub(super) fn deny_all(work: &mut Work, mail: &MailInput, requests: &[Request]) -> Result<Told, Refusal> {
    for request in requests.iter().filter(|request| request.state == RequestState::Waiting) {
        confirm(work, mail, request, false)?;
    }
    Ok(Told::Done(Text::new("told-held-denied")))
}

/// `yes`, `ok`, `confirm CODE`, `no` about what is held. `Ok(None)` where it was released: the answer
/// is then the held mail's own.
pub(super) fn confirm(
    work: &mut Work,
    mail: &MailInput,
    request: &Request,
    agreed: bool,
) -> Result<Option<Told>, Refusal> {
    if request.state != RequestState::Waiting {
        return Err(Text::new("refused-held-over").with("state", request.state));
    }
    if !is_waiting(work, request) {
        return Err(Text::new("refused-held-expired").with("days", HELD_DAYS));
    }
    if mail.evidence.is_refuted() {
        // Whoever has read the question may have got at it elsewhere; the server says it is not them.
        return Err(Text::new("refused-held-refuted"));
    }
    if agreed {
        rulings::close(work, request.id, RequestState::Accepted)?;
        return Ok(None);
    }
    rulings::close(work, request.id, RequestState::Denied)?;
    Ok(Some(Told::Done(Text::new("told-held-denied"))))
}

/// Drops what is held where the question about it is answered with anything but a clear yes or no
/// (PRODUCT.md, section 7). Says whether something was.
pub(super) fn dropped_by(work: &mut Work, mail: &MailInput, sender: Option<u32>) -> Result<bool, Refusal> {
    let answers = mail.parsed.lines.iter().filter_map(|line| line.command.as_ref().ok());
    let mut answers = answers.filter(|command| matches!(command, Command::ConfirmCode { .. } | Command::Decline));
    let says_nothing = !mail.has_text && mail.parsed.lines.is_empty();
    if says_nothing || mail.parsed.dry_run || mail.evidence.is_refuted() || answers.next().is_some() {
        return Ok(false);
    }
    // Of a list of several, one was not asked to say yes or no.
    let asked = asked(work, sender, None);
    let [request] = asked.as_slice() else { return Ok(false) };
    if !is_waiting(work, request) {
        return Ok(false);
    }
    rulings::close(work, request.id, RequestState::Dropped)?;
    Ok(true)
}

/// What a proven mail does to what is held of its sender.
#[derive(Debug, Default)]
pub(super) struct Overtaken {
    /// Lines that were held of the very same mail, and are to be run now, in their place.
    pub to_run: Vec<String>,
    /// When they were held.
    pub held_at: Option<Timestamp>,
}

/// Looks for what is held of the sender's and a proven mail says again: another copy of the mail that
/// is held does it, where it says the same lines, and leaves the question open where it does not; the same
/// lines once more make the question idle, and so does the member's own mail where a claimed one had
/// taken its Message-ID.
pub(super) fn overtaken_by(work: &mut Work, mail: &MailInput, sender: u32) -> Result<Overtaken, Refusal> {
    let mut overtaken = Overtaken::default();
    let replied = work.known.replied.as_ref().map(|replied| replied.message_id.clone());
    let says = |line: &String| mail.parsed.lines.iter().any(|said| said.text == *line);
    let held: Vec<Request> = work.known.requests.values().cloned().collect();
    for request in held.iter().filter(|request| request.state == RequestState::Waiting) {
        let RequestKind::Held { member, message_id, lines, replied: to, .. } = &request.kind else { continue };
        if *member != sender || mail.parsed.dry_run {
            continue;
        }
        // A copy has had its lines seen before: another mail that only takes the Message-ID has not. And it
        // proves what it says itself: whoever writes a copy may give it another subject, and send a mail
        // of the list, in which lines without a mark are no commands, to the bot.
        let is_copy = *message_id == mail.message_id && lines.iter().all(|line| mail.already.contains(line));
        if is_copy {
            if lines.iter().all(says) {
                rulings::close(work, request.id, RequestState::Accepted)?;
                overtaken.to_run.extend(lines.iter().cloned());
                overtaken.held_at = overtaken.held_at.or(Some(request.at));
            }
        } else if *message_id == mail.message_id && mail.displaces
            || *to == replied && lines.iter().all(|line| says(line) && !mail.already.contains(line))
        {
            rulings::close(work, request.id, RequestState::Dropped)?;
        }
    }
    Ok(overtaken)
}

/// What a list has seen the answer to is dropped: anybody there could give it. Which tokens count no
/// more is the store's to keep, and no part of any decision.
pub(super) fn exposed(known: Known, at: Timestamp, requests: &[u32]) -> Outcome {
    let mut work = Work::new(known, at);
    for id in requests {
        let request = work.known.requests.get(id);
        let waits = request.is_some_and(|it| it.state == RequestState::Waiting && !it.is_for_officers());
        if waits {
            // A state can always be set; were it refused, the request would wait on.
            let _ = work.whole(|work| rulings::close(work, *id, RequestState::Dropped));
        }
    }
    Outcome { by: BY_EXPOSURE.to_owned(), changes: work.changes, known: work.known, ..Outcome::nothing() }
}

/// Whether it can still be confirmed.
fn is_waiting(work: &Work, request: &Request) -> bool {
    let age = work.at.duration_since(request.at);
    request.state == RequestState::Waiting && age <= SignedDuration::from_hours(24 * HELD_DAYS)
}

/// Whether a subject is a held mail: that it was released or dropped is nothing that can be undone.
pub(super) fn is_held(known: &Known, subject: &Subject) -> bool {
    let Subject::Request(id) = subject else { return false };
    known.requests.get(id).is_some_and(|request| matches!(request.kind, RequestKind::Held { .. }))
}
