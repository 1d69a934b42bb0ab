//! What is not as it should be, and how bad that is.

use jiff::{SignedDuration, Timestamp};
use serde::{Serialize, Serializer};

use crate::daemon::Standing;
use crate::store::{DoorRow, Health};

/// A server may be out of reach for so long: it is restarted now and then.
const RESTART: SignedDuration = SignedDuration::from_mins(10);

/// A mail that waits for so long to be sent is worth a look: greylisting takes less.
const UNSENT: SignedDuration = SignedDuration::from_hours(1);

/// A message that is taken in is read at once; after so long something is in the way.
const UNREAD: SignedDuration = SignedDuration::from_mins(15);

/// How well it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum State {
    /// All is well.
    Well,
    /// Something waits for the operator.
    Attention,
    /// It does not work.
    Failing,
}

impl State {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Well => "well",
            Self::Attention => "attention",
            Self::Failing => "failing",
        }
    }

    /// What monitoring systems take for well, for a warning, and for critical.
    pub(super) const fn exit_code(self) -> u8 {
        match self {
            Self::Well => 0,
            Self::Attention => 1,
            Self::Failing => 2,
        }
    }
}

impl Serialize for State {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

/// One thing that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Finding {
    pub(super) state: State,
    pub(super) what: String,
}

/// Everything that is not as it should be, the worst first.
pub(super) fn all(
    standing: &std::io::Result<Standing>,
    no_daemon: bool,
    counts: &Health,
    servers: &[DoorRow],
    now: Timestamp,
) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut find = |state, what: String| found.push(Finding { state, what });
    match standing {
        Ok(Standing::Held { daemon: true, .. }) => {}
        _ if no_daemon => {}
        Ok(Standing::Held { .. }) => find(State::Failing, "no daemon runs, `minuted run --once` does".to_owned()),
        Ok(Standing::Free(_)) => find(State::Failing, "no daemon runs; `minuted run` starts it".to_owned()),
        Err(error) => find(State::Failing, format!("whether the daemon runs cannot be seen: {error}")),
    }
    let is_over = |since: Option<Timestamp>, longest| since.is_some_and(|since| now.duration_since(since) >= longest);
    for row in servers {
        let Some(failed) = row.failed_at else { continue };
        let state = if is_over(Some(failed), RESTART) { State::Failing } else { State::Attention };
        let words = row.error.as_deref().unwrap_or("no words");
        find(state, format!("group {}: the server of its {} is out of reach: {words}", row.group, row.door));
    }
    if is_over(counts.oldest_waiting, UNREAD) {
        find(State::Failing, "messages were taken in and are not read".to_owned());
    }
    if counts.mail_stop.is_some() {
        find(State::Attention, "mail is stopped; `minuted start-mail` sends it again".to_owned());
    } else if is_over(counts.oldest_to_send, UNSENT) {
        let words = counts.oldest_error.as_deref().unwrap_or("no reason is known");
        find(State::Attention, format!("mail has waited for long to be sent: {words}"));
    }
    if counts.quarantined > 0 {
        find(State::Attention, format!("{} messages are held: see `minuted quarantine list`", counts.quarantined));
    }
    if counts.parked > 0 {
        find(State::Attention, format!("{} mails are parked: see `minuted outbox list --state parked`", counts.parked));
    }
    if counts.denied > 0 {
        let what = format!(
            "members say of {} mails of the last 7 days that they did not write them: see `minuted list requests`",
            counts.denied
        );
        find(State::Attention, what);
    }
    found.sort_by_key(|finding| std::cmp::Reverse(finding.state));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::MailStop;

    fn now() -> Timestamp {
        "2014-04-08T09:00:00Z".parse().unwrap()
    }

    fn ago(minutes: i64) -> Option<Timestamp> {
        Some(now() - SignedDuration::from_mins(minutes))
    }

    fn counts() -> Health {
        Health {
            mail_stop: None,
            waiting: 0,
            oldest_waiting: None,
            quarantined: 0,
            to_send: 0,
            oldest_to_send: None,
            oldest_error: None,
            parked: 0,
            unconfirmed: 3,
            denied: 0,
        }
    }

    fn runs() -> std::io::Result<Standing> {
        Ok(Standing::Held { daemon: true, process: Some(1), since: ago(60) })
    }

    fn mailbox(failed: Option<Timestamp>) -> DoorRow {
        let (group, door, error) = ("sec".to_owned(), crate::store::Door::Mailbox, Some("no route".to_owned()));
        DoorRow { group, door, reached_at: ago(90), failed_at: failed, error, error_at: ago(5) }
    }

    fn states(found: &[Finding]) -> Vec<State> {
        found.iter().map(|finding| finding.state).collect()
    }

    #[test]
    fn a_daemon_that_runs_and_reaches_its_servers_is_well_whatever_members_have_to_confirm() {
        assert_eq!(all(&runs(), false, &counts(), &[mailbox(None)], now()), []);
    }

    #[test]
    fn no_daemon_is_a_failure_where_one_is_expected() {
        let free = Ok(Standing::Free(ago(5)));
        assert_eq!(states(&all(&free, false, &counts(), &[], now())), [State::Failing]);
        assert_eq!(all(&free, true, &counts(), &[], now()), []);
        let once = Ok(Standing::Held { daemon: false, process: None, since: None });
        assert_eq!(states(&all(&once, false, &counts(), &[], now())), [State::Failing]);
        let unseen = Err(std::io::Error::other("not allowed"));
        assert!(all(&unseen, false, &counts(), &[], now())[0].what.contains("not allowed"));
    }

    #[test]
    fn a_server_out_of_reach_is_told_in_its_words_and_is_a_failure_after_a_while() {
        let found = all(&runs(), false, &counts(), &[mailbox(ago(2))], now());
        assert_eq!(states(&found), [State::Attention]);
        assert!(found[0].what.ends_with("mailbox is out of reach: no route"), "{found:?}");
        assert_eq!(states(&all(&runs(), false, &counts(), &[mailbox(ago(10))], now())), [State::Failing]);
    }

    #[test]
    fn what_waits_too_long_is_told_and_the_worst_comes_first() {
        let counts = Health {
            oldest_waiting: ago(15),
            oldest_to_send: ago(60),
            oldest_error: Some("451 later".to_owned()),
            parked: 1,
            quarantined: 1,
            ..counts()
        };
        let found = all(&runs(), false, &counts, &[], now());
        assert_eq!(states(&found), [State::Failing, State::Attention, State::Attention, State::Attention], "{found:?}");
        assert!(found[1].what.contains("451 later"));
        let stop = MailStop { since: now(), by: "operator".to_owned(), because: None };
        let stopped = Health { mail_stop: Some(stop), oldest_to_send: ago(600), ..self::counts() };
        let found = all(&runs(), false, &stopped, &[], now());
        assert_eq!(states(&found), [State::Attention], "the mail waits because of that: {found:?}");
        assert!(found[0].what.contains("start-mail"), "{found:?}");
        let denied = Health { denied: 1, ..self::counts() };
        assert_eq!(states(&all(&runs(), false, &denied, &[], now())), [State::Attention]);
        let soon = Health { oldest_waiting: ago(14), oldest_to_send: ago(59), ..self::counts() };
        assert_eq!(all(&runs(), false, &soon, &[], now()), []);
    }
}
