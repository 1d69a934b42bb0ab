//! Who comes to a meeting, and what a meeting and its parts are called in calendars.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;

use super::{EmailAddress, MeetingRef, NotA, text_serde};

/// What a member has said of coming to a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Coming {
    /// Comes to the place.
    Attending,
    /// Takes part from elsewhere.
    Remote,
    /// Does not take part.
    Regrets,
}

impl Coming {
    /// Each of them, in the order in which they are listed.
    pub const ALL: [Self; 3] = [Self::Attending, Self::Remote, Self::Regrets];

    /// The word, as commands have it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Attending => "attending",
            Self::Remote => "remote",
            Self::Regrets => "regrets",
        }
    }
}

impl fmt::Display for Coming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Coming {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        let found = Self::ALL.into_iter().find(|coming| coming.as_str() == text);
        found.ok_or_else(|| NotA::new(text, "answer to a meeting", "attending, remote or regrets"))
    }
}

text_serde!(Coming);

/// When a calendar's answer was made, and to which version of the meeting: what is greater is newer. The moment counts
/// first (DTSTAMP): it is when somebody pressed the button, and programs write whatever version they have (SEQUENCE).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp {
    /// When.
    pub made: Timestamp,
    /// To which version.
    pub sequence: u32,
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} #{}", self.made, self.sequence)
    }
}

impl FromStr for Stamp {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        let stamp = text
            .split_once(" #")
            .and_then(|(made, sequence)| Some(Self { made: made.parse().ok()?, sequence: sequence.parse().ok()? }));
        stamp.ok_or_else(|| NotA::new(text, "stamp of a calendar's answer", "something like 2014-06-02T08:00:00Z #3"))
    }
}

text_serde!(Stamp);

/// What stands before a member's number in the name of the field that keeps the stamp of the member's calendar.
const STAMP: &str = "calendar of member ";

/// The field of a meeting that keeps when this member's calendar has answered last.
#[must_use]
pub fn stamp_field(member: u32) -> String {
    format!("{STAMP}{member}")
}

/// The member of whose calendar a meeting's field keeps the stamp; `None` where it keeps something else. Nobody is
/// told of such a field: it only orders what members say.
#[must_use]
pub fn stamp_of(field: &str) -> Option<u32> {
    field.strip_prefix(STAMP)?.parse().ok()
}

/// What stands before a member's number in the name of the field that keeps the member's answer.
const FIELD: &str = "attendance of member ";

/// The field of a meeting that keeps what this member has said.
#[must_use]
pub fn attendance_field(member: u32) -> String {
    format!("{FIELD}{member}")
}

/// The member whose answer a meeting's field keeps; `None` where it keeps something else.
#[must_use]
pub fn attendance_of(field: &str) -> Option<u32> {
    field.strip_prefix(FIELD)?.parse().ok()
}

/// The name in calendars (UID; RFC 5545, section 3.8.4.7) of a meeting, or of a part of it such as `deadline`. It is
/// made of names alone, so that whatever moves keeps it, and of the bot's address, which no other group has.
#[must_use]
pub fn uid(meeting: &MeetingRef, part: &str, bot: &EmailAddress) -> String {
    // Not as the group writes it, which may change.
    let MeetingRef { prefix, major, minor, .. } = meeting;
    let part = if part.is_empty() { String::new() } else { format!(".{part}") };
    format!("{prefix}-{major}.{minor}{part}.{bot}")
}

/// The meeting that a name in calendars means; `None` where it is none of ours, or a part's.
#[must_use]
pub fn meeting_of(uid: &str, bot: &EmailAddress) -> Option<MeetingRef> {
    let (uid, bot) = (uid.trim().to_ascii_lowercase(), format!(".{bot}").to_ascii_lowercase());
    let (prefix, number) = uid.strip_suffix(&bot)?.rsplit_once('-')?;
    format!("{}#{number}", prefix.to_ascii_uppercase()).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_reads_back_what_it_printed() {
        for coming in Coming::ALL {
            assert_eq!(coming.to_string().parse::<Coming>().unwrap(), coming);
        }
        assert!("maybe".parse::<Coming>().is_err());
        let stamp = Stamp { made: "2014-06-02T08:00:00Z".parse().unwrap(), sequence: 3 };
        assert_eq!(stamp.to_string().parse::<Stamp>().unwrap(), stamp);
        assert!("2014-06-02".parse::<Stamp>().is_err());
    }

    #[test]
    fn the_field_of_a_members_answer_names_the_member() {
        assert_eq!(attendance_of(&attendance_field(7)), Some(7));
        assert_eq!(attendance_of("start"), None);
        assert_eq!((stamp_of(&stamp_field(7)), stamp_of(&attendance_field(7))), (Some(7), None));
    }

    #[test]
    fn a_name_in_calendars_means_its_meeting_and_a_parts_does_not() {
        let bot: EmailAddress = "minuted@example.org".parse().unwrap();
        let meeting: MeetingRef = "SEC#11".parse().unwrap();
        let name = uid(&meeting, "", &bot);
        assert_eq!(name, "SEC-11.0.minuted@example.org");
        for written in [name.clone(), name.to_lowercase(), name.to_uppercase(), format!(" {name} ")] {
            assert_eq!(meeting_of(&written, &bot), Some(meeting.clone()), "{written}");
        }
        assert_eq!(meeting_of(&uid(&meeting, "deadline", &bot), &bot), None);
        assert_eq!(meeting_of(&name, &"other@example.org".parse().unwrap()), None);
        for other in ["", "minuted@example.org", "0400.minuted@example.org", "SEC-x.minuted@example.org"] {
            assert_eq!(meeting_of(other, &bot), None, "{other}");
        }
    }
}
