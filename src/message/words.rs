//! The words of other programs and languages, as data: one phrase a line in `words/*.txt`.
//!
//! A `#` begins a comment, a space stands for any white space, and a `*` at the end of a word for
//! any ending of it. Case does not matter, nor which apostrophe is written.

use std::sync::LazyLock;

use fold::fold;

mod fold;
mod matched;
#[cfg(test)]
mod tests;

/// A list of phrases, and where in a text they count.
///
/// By hand and not by a pattern of all of them: a process that reads one mail had to compile each
/// list first, which took far longer than the mail. The phrases are found by their first character.
pub(super) struct Phrases {
    place: Place,
    /// Ordered by their first character; those of one character in the list's order, for the first
    /// that matches counts.
    phrases: Vec<Phrase>,
    /// Which of them begin with an ASCII character.
    ascii: [Range; 128],
    /// Which begin with another, in order.
    others: Vec<(char, Range)>,
}

/// Where in a text the phrases of a list count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Anywhere,
    Start,
    End,
    Prefix,
    Whole,
}

/// Neighbouring phrases: the first, and the one after the last.
#[derive(Debug, Clone, Copy, Default)]
struct Range {
    from: usize,
    to: usize,
}

/// A phrase, folded.
struct Phrase {
    text: Box<str>,
    /// Its second character, where that is an ASCII letter or digit: most phrases that begin as a text
    /// does are not in it, which is seen by one more byte.
    second: Option<u8>,
    /// It begins at the boundary of a word.
    begins_word: bool,
    /// What stands behind it.
    behind: Behind,
}

/// What stands behind a phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Behind {
    /// Anything.
    Any,
    /// The boundary of a word, of which ASCII letters, digits and the underscore are.
    Boundary,
    /// No letter. What stands there instead is of the phrase.
    NoLetter,
}

impl Phrases {
    /// The phrases count as words anywhere in a text.
    fn anywhere(list: &str) -> Self {
        Self::new(list, Place::Anywhere)
    }

    /// The phrases count at the start of a text.
    fn at_start(list: &str) -> Self {
        Self::new(list, Place::Start)
    }

    /// The phrases count at the end of a text.
    fn at_end(list: &str) -> Self {
        Self::new(list, Place::End)
    }

    /// The phrases count at the start of a subject, below a list's tags, with a colon behind them.
    fn prefix(list: &str) -> Self {
        Self::new(list, Place::Prefix)
    }

    /// The phrases count where they are the whole text.
    fn whole(list: &str) -> Self {
        Self::new(list, Place::Whole)
    }

    fn new(list: &str, place: Place) -> Self {
        let mut phrases: Vec<Phrase> = phrases(list).map(|phrase| Phrase::new(phrase, place)).collect();
        phrases.sort_by_key(Phrase::first);
        let (mut ascii, mut others) = ([Range::default(); 128], Vec::new());
        let mut from = 0;
        for group in phrases.chunk_by(|one, next| one.first() == next.first()) {
            let range = Range { from, to: from + group.len() };
            from = range.to;
            let Some(first) = group.first().map(Phrase::first) else { continue };
            match ascii.get_mut(first as usize) {
                Some(known) => *known = range,
                None => others.push((first, range)),
            }
        }
        Self { place, phrases, ascii, others }
    }
}

impl Phrase {
    /// A word's boundary stands where it begins or ends with an ASCII letter or digit; at a text's
    /// start no letter follows another.
    fn new(phrase: &str, place: Place) -> Self {
        let bounded = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        let behind = match phrase.chars().next_back() {
            last if bounded(last) => Behind::Boundary,
            Some(last) if place == Place::Start && last.is_alphabetic() && (last as u32) < 0x0E00 => Behind::NoLetter,
            _ => Behind::Any,
        };
        let text: String = phrase.chars().map(|c| if c == '’' { '\'' } else { fold(c) }).collect();
        let second = text.chars().nth(1).and_then(|c| u8::try_from(c).ok()).filter(u8::is_ascii_alphanumeric);
        Self { text: text.into(), second, begins_word: bounded(phrase.chars().next()), behind }
    }

    fn first(&self) -> char {
        self.text.chars().next().unwrap_or_default()
    }
}

/// The phrases of a list, comments and blank lines left off.
pub(super) fn phrases(list: &str) -> impl Iterator<Item = &str> {
    list.lines().map(|line| line.split('#').next().unwrap_or_default().trim()).filter(|line| !line.is_empty())
}

macro_rules! lists {
    ($($(#[$doc:meta])* $name:ident = $how:ident $file:literal;)+) => {
        $($(#[$doc])* pub(super) static $name: LazyLock<Phrases> =
            LazyLock::new(|| Phrases::$how(include_str!(concat!("words/", $file, ".txt"))));)+

        #[cfg(test)]
        const LISTS: &[(&str, &LazyLock<Phrases>, &str, &str)] = &[$((
            stringify!($name), &$name, stringify!($how), include_str!(concat!("words/", $file, ".txt")),
        )),+];
    };
}

lists! {
    /// What an automatic reply's subject begins with.
    AUTOMATIC_SUBJECTS = at_start "automatic_subjects";
    /// What only a program puts before the subject of an automatic reply.
    AUTOMATIC_PREFIXES = prefix "automatic_prefixes";
    /// What a mail says in its subject whose sender is away.
    AWAY_SUBJECTS = anywhere "away_subjects";
    /// What only programs begin an automatic reply with.
    AWAY_TEXTS = at_start "away_texts";
    /// What says that somebody is away, in the text of an automatic reply.
    ABSENCE_WORDS = anywhere "absence_words";
    /// What says that the sender is not away, or for ever.
    ABSENCE_DENIED = anywhere "absence_denied";
    /// What the subject of a mail system's report begins with.
    REPORT_SUBJECTS = at_start "report_subjects";
    /// What a mail system's report says.
    REPORT_TEXTS = anywhere "report_texts";
    /// Names that mail systems give themselves.
    REPORT_NAMES = whole "report_names";
    /// What the subject of a receipt begins with.
    RECEIPT_SUBJECTS = prefix "receipt_subjects";
    /// What a receipt says.
    RECEIPT_TEXTS = anywhere "receipt_texts";
    /// What the subject of a list manager's notice or of a challenge begins with.
    NOTICE_SUBJECTS = at_start "notice_subjects";
    /// What a list manager's notice or a challenge says.
    NOTICE_TEXTS = anywhere "notice_texts";
    /// Local parts at which no human writes, without their punctuation.
    ROBOTS = whole "robots";
    /// "wrote", in the languages of mail programs.
    VERBS = anywhere "verbs";
    /// The same, as an attribution's last words.
    LAST_VERBS = at_end "verbs";
    /// What an attribution begins with: "On", "Am", "Le".
    OPENERS = at_start "openers";
    /// What some webmail begins an attribution with, before the name: "Quoting", "Zitat von".
    QUOTERS = at_start "quoters";
    /// Names of months and days of the week, whole and short.
    CALENDAR = anywhere "calendar";
    /// What stands between two rules where another mail begins: "Original Message".
    SEPARATORS = at_start "separators";
    /// What Lotus Notes writes between the sender and the date of a quoted mail.
    NOTES_FIELDS = at_start "notes_fields";
    /// What another mail begins with, without rules around it.
    PROCESSED = at_start "processed";
    /// A whole line that another mail begins with: "Begin forwarded message:".
    FORWARDS = whole "forwards";
    /// What phones and free services write below a mail.
    MOBILE = at_start "mobile";
    /// How people close a letter.
    CLOSINGS = at_start "closings";
    /// Those of them that thank.
    THANKS = at_start "thanks";
    /// What is added below a signature begins with: "P.S.".
    POSTSCRIPTS = at_start "postscripts";
    /// Offices and forms of companies, as the second line of a signature has them.
    TITLES = anywhere "titles";
    /// What a mailing list's footer says.
    LIST_FOOTERS = anywhere "list_footers";
    /// What legal notices say; one alone may be the author's.
    DISCLAIMERS = anywhere "disclaimers";
    /// What a legal notice calls the mail that it speaks of.
    NOTICES = anywhere "notices";
    /// What stands alone above a legal notice.
    HEADINGS = at_start "headings";
    /// What a mail gateway writes above or below a mail that came from outside.
    BANNERS = anywhere "banners";
    /// A plain part that says that the mail is HTML.
    STUBS = at_start "stubs";
}
