//! The words of other programs and languages, as data: one phrase a line in `words/*.txt`.
//!
//! A `#` begins a comment, a space stands for any white space, and a `*` at the end of a word for
//! any ending of it. Case does not matter, nor which apostrophe is written.

use std::sync::LazyLock;

use regex::{Regex, RegexBuilder};

/// A list of phrases, and where in a text they count.
pub(super) struct Phrases(Option<Regex>);

impl Phrases {
    /// The phrases count as words anywhere in a text.
    fn anywhere(list: &str) -> Self {
        Self::compile(&format!("(?:{})", alternatives(list, "")))
    }

    /// The phrases count at the start of a text.
    fn at_start(list: &str) -> Self {
        Self::compile(&format!(r"\A(?:{})", alternatives(list, r"(?:[^\pL]|\z)")))
    }

    /// The phrases count at the end of a text.
    fn at_end(list: &str) -> Self {
        Self::compile(&format!(r"(?:{})\z", alternatives(list, "")))
    }

    /// The phrases count at the start of a subject, below a list's tags, with a colon behind them.
    fn prefix(list: &str) -> Self {
        Self::compile(&format!(r"\A\s*(?:\[[^\]]{{1,40}}\]\s*)*(?:{})\s*[:：]", alternatives(list, "")))
    }

    /// The phrases count where they are the whole text.
    fn whole(list: &str) -> Self {
        Self::compile(&format!(r"\A(?:{})\z", alternatives(list, "")))
    }

    /// The lists are part of the program and a test compiles each; one that did not compile would
    /// match nothing.
    fn compile(pattern: &str) -> Self {
        Self(RegexBuilder::new(pattern).case_insensitive(true).size_limit(64 << 20).build().ok())
    }

    /// A phrase of the list is in the text, at the place where the list counts.
    pub fn found(&self, text: &str) -> bool {
        self.0.as_ref().is_some_and(|regex| regex.is_match(text))
    }

    /// How often phrases of the list are in the text, up to `most`.
    pub fn count(&self, text: &str, most: usize) -> usize {
        self.0.as_ref().map_or(0, |regex| regex.find_iter(text).take(most).count())
    }

    /// Where the first phrase of the list ends in the text.
    pub fn end(&self, text: &str) -> Option<usize> {
        self.0.as_ref()?.find(text).map(|found| found.end())
    }
}

/// The phrases as one pattern. A word boundary stands where a phrase begins or ends with an ASCII
/// letter or digit; `open_end` bounds the others from the next letter. ASCII boundaries only: the
/// Unicode ones take the automaton that is fifty times slower on any text that is not ASCII.
fn alternatives(list: &str, open_end: &str) -> String {
    let mut all = String::new();
    let bounded = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    for phrase in phrases(list) {
        if !all.is_empty() {
            all.push('|');
        }
        if bounded(phrase.chars().next()) {
            all.push_str(r"(?-u:\b)");
        }
        for c in phrase.chars() {
            match c {
                ' ' => all.push_str(r"\s+"),
                '\'' | '’' => all.push_str("['’´`]"),
                '*' => all.push_str(r"\w*"),
                c => all.push_str(&regex::escape(c.encode_utf8(&mut [0; 4]))),
            }
        }
        match phrase.chars().next_back() {
            Some('*') => {}
            last if bounded(last) => all.push_str(r"(?-u:\b)"),
            Some(last) if last.is_alphabetic() && (last as u32) < 0x0E00 => all.push_str(open_end),
            _ => {}
        }
    }
    all
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
        mod tests {
            #[test]
            fn every_list_of_words_compiles() {
                $(assert!(super::$name.0.is_some(), $file);)+
            }
        }
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
    /// Offices and forms of companies, as the second line of a signature has them.
    TITLES = anywhere "titles";
    /// What a mailing list's footer says.
    LIST_FOOTERS = anywhere "list_footers";
    /// What legal notices say; one alone may be the author's.
    DISCLAIMERS = anywhere "disclaimers";
    /// What stands alone above a legal notice.
    HEADINGS = at_start "headings";
    /// What a mail gateway writes above or below a mail that came from outside.
    BANNERS = anywhere "banners";
    /// A plain part that says that the mail is HTML.
    STUBS = at_start "stubs";
}
