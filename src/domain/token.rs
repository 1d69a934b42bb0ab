//! Tokens in the bot's addresses: who answers to `minuted+TOKEN@example.org` has read a mail that
//! went to one member, and names that mail.
//!
//! A token is 34 characters of base32 in lower case: the mail's tag (14), the last day on which it
//! proves something (4), and an HMAC-SHA-256 (RFC 2104) of group, holder, mail and day, cut to 80
//! bits (16). Who has no secret can neither make one nor change any part of one; 80 bits are far
//! beyond guessing where each guess is a mail.

use std::fmt;
use std::str::FromStr;

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::SignedDuration;
use jiff::civil::Date;
use sha2::Sha256;

use super::address::ascii_domain;
use super::{EmailAddress, NotA};

/// How many days a token proves who answers.
pub const TOKEN_DAYS: i64 = 30;

/// The length of the part that names the mail.
const TAG: usize = 14;
/// The length of the part that names the last day: 20 bits, as days since 1970.
const DAY: usize = 4;
/// The length of the code, in octets and as written.
const CODE: usize = 10;
const CODE_WRITTEN: usize = 16;

/// The length of a token as it is written.
pub const TOKEN_LENGTH: usize = TAG + DAY + CODE_WRITTEN;

/// The longest local part of an address, in octets (RFC 5321, section 4.5.3.1.1).
const LONGEST_LOCAL_PART: usize = 64;

/// For whom a token is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holder {
    /// A member, by number, whichever of their addresses the mail went to.
    Member(u32),
    /// An address that is no member's.
    Address(EmailAddress),
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Member(id) => write!(f, "member {id}"),
            Self::Address(address) => write!(f, "address {address}"),
        }
    }
}

/// A token, well-formed; whether it is one of ours, [`TokenKey::made`] says.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ReplyToken(String);

impl ReplyToken {
    /// What names the mail: [`tag_of`] its Message-ID.
    #[must_use]
    pub fn tag(&self) -> &str {
        self.0.get(..TAG).unwrap_or_default()
    }

    /// The last day, in UTC, on which it proves something; `None` where that is beyond all dates.
    #[must_use]
    pub fn last_day(&self) -> Option<Date> {
        let number = self.0.get(TAG..TAG + DAY)?.bytes().try_fold(0_i64, |number, letter| {
            let value = LETTERS.iter().position(|known| *known == letter)?;
            Some(number * 32 + i64::try_from(value).ok()?)
        })?;
        FIRST_DAY.checked_add(SignedDuration::from_hours(24 * number)).ok()
    }

    fn code(&self) -> Option<Vec<u8>> {
        BASE32_NOPAD.decode(self.0.get(TAG + DAY..)?.to_ascii_uppercase().as_bytes()).ok()
    }
}

const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
const FIRST_DAY: Date = Date::constant(1970, 1, 1);

impl FromStr for ReplyToken {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        // Some mail systems write local parts in capitals.
        let token = text.to_ascii_lowercase();
        let valid = token.len() == TOKEN_LENGTH && token.bytes().all(|letter| LETTERS.contains(&letter));
        if valid { Ok(Self(token)) } else { Err(NotA::new(text, "token", "34 letters and digits of base32")) }
    }
}

impl fmt::Display for ReplyToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What names a mail in a token: the beginning of the unique part of its Message-ID
/// (`answer.UNIQUE@example.org`). `None` for a Message-ID of another form, whose mail has no token.
#[must_use]
pub fn tag_of(message_id: &str) -> Option<&str> {
    let (_, unique) = message_id.split_once('.')?;
    unique.get(..TAG).filter(|tag| tag.bytes().all(|letter| LETTERS.contains(&letter)))
}

/// A group's key: makes tokens and knows them again. `Debug` shows nothing of it.
#[derive(Clone)]
pub struct TokenKey {
    mac: Hmac<Sha256>,
    group: String,
}

impl fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenKey").field("group", &self.group).finish_non_exhaustive()
    }
}

impl TokenKey {
    /// The key of a group, of the secret that its configuration names.
    #[must_use]
    pub fn new(secret: &[u8], group: &str) -> Option<Self> {
        // HMAC takes a key of any length.
        Some(Self { mac: Hmac::new_from_slice(secret).ok()?, group: group.to_owned() })
    }

    /// The token of the mail `message_id` to `holder`, made on `today` (UTC). `None` where the
    /// Message-ID is none of ours, or the day beyond what a token can name.
    #[must_use]
    pub fn make(&self, holder: &Holder, message_id: &str, today: Date) -> Option<ReplyToken> {
        let tag = tag_of(message_id)?;
        let last = today.checked_add(SignedDuration::from_hours(24 * TOKEN_DAYS)).ok()?;
        let day = day_letters(last)?;
        let code = self.over(holder, message_id, &day).finalize().into_bytes();
        let code = BASE32_NOPAD.encode(code.get(..CODE)?).to_ascii_lowercase();
        Some(ReplyToken(format!("{tag}{day}{code}")))
    }

    /// Whether this group made the token, for that holder and mail. It may have expired since.
    #[must_use]
    pub fn made(&self, token: &ReplyToken, holder: &Holder, message_id: &str) -> bool {
        let (Some(code), Some(day)) = (token.code(), token.0.get(TAG..TAG + DAY)) else { return false };
        // In constant time; the tag is part of the Message-ID.
        tag_of(message_id) == Some(token.tag())
            && self.over(holder, message_id, day).verify_truncated_left(&code).is_ok()
    }

    /// What marks the envelope's sender of a mail, by which its bounce is known again: 16 letters and digits
    /// of base32. Servers see it on the way, and whoever the mail goes to; nobody else can make it. The `None`
    /// is that of a code shorter than itself, and does not come about.
    #[must_use]
    pub fn bounce_mark(&self, mail: i64, message_id: &str) -> Option<String> {
        let code = self.over_bounce(mail, message_id).finalize().into_bytes();
        Some(BASE32_NOPAD.encode(code.get(..CODE)?).to_ascii_lowercase())
    }

    /// Whether this group made that mark, for that mail.
    #[must_use]
    pub fn made_bounce_mark(&self, mark: &str, mail: i64, message_id: &str) -> bool {
        // Some mail systems write local parts in capitals, others in small letters.
        let code = BASE32_NOPAD.decode(mark.to_ascii_uppercase().as_bytes()).ok().filter(|code| code.len() == CODE);
        // In constant time.
        code.is_some_and(|code| self.over_bounce(mail, message_id).verify_truncated_left(&code).is_ok())
    }

    fn over_bounce(&self, mail: i64, message_id: &str) -> Hmac<Sha256> {
        self.over_parts(&["minuted bounce mark", &self.group, &mail.to_string(), message_id])
    }

    fn over(&self, holder: &Holder, message_id: &str, day: &str) -> Hmac<Sha256> {
        self.over_parts(&["minuted reply token", &self.group, &holder.to_string(), message_id, day])
    }

    fn over_parts(&self, parts: &[&str]) -> Hmac<Sha256> {
        let mut mac = self.mac.clone();
        for part in parts {
            // With its length, so that no part can be taken for the end of another.
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        mac
    }
}

fn day_letters(day: Date) -> Option<String> {
    let number = usize::try_from((day - FIRST_DAY).get_days()).ok()?;
    if number >= 1 << (5 * DAY) {
        return None;
    }
    let letter = |at: usize| LETTERS.get(number >> (5 * at) & 31).map(|letter| char::from(*letter));
    (0..DAY).rev().map(letter).collect()
}

/// The form of the bot's addresses with a token: `minuted+{token}@example.org`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyAddress {
    before: String,
    after: String,
    domain: String,
}

/// What stands for the token in a [`ReplyAddress`].
const PLACE: &str = "{token}";

impl ReplyAddress {
    /// The form that is meant where none is configured: a detail after the bot's local part.
    ///
    /// # Errors
    /// Where the bot's local part leaves no room for it.
    pub fn of_bot(bot: &EmailAddress) -> Result<Self, NotA> {
        format!("{}+{PLACE}@{}", bot.local_part(), bot.domain()).parse()
    }

    /// The address with that token.
    #[must_use]
    pub fn with(&self, token: &ReplyToken) -> Option<EmailAddress> {
        // Valid: it was tried with a token of the same length when it was made.
        format!("{}{token}{}@{}", self.before, self.after, self.domain).parse().ok()
    }

    /// The token in an address, where it is of this form.
    #[must_use]
    pub fn token_in(&self, address: &EmailAddress) -> Option<ReplyToken> {
        if address.domain() != self.domain {
            return None;
        }
        address.local_part().strip_prefix(&self.before)?.strip_suffix(&self.after)?.parse().ok()
    }
}

impl FromStr for ReplyAddress {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        let refuse = |expected| NotA::new(text, "address with a token", expected);
        let form = "something like minuted+{token}@example.org";
        let (before, behind) = text.trim().split_once(PLACE).ok_or_else(|| refuse(form))?;
        let (after, domain) = behind.rsplit_once('@').ok_or_else(|| refuse(form))?;
        let address = Self { before: before.to_lowercase(), after: after.to_lowercase(), domain: ascii_domain(domain) };
        // Divided from its neighbours, a token is found wherever it is written.
        let divided = |c: char| !c.is_alphanumeric();
        if !before.chars().next_back().is_none_or(divided) || !after.chars().next().is_none_or(divided) {
            return Err(refuse("a + or - between {token} and the letters beside it"));
        }
        if before.len() + TOKEN_LENGTH + after.len() > LONGEST_LOCAL_PART {
            return Err(refuse("at most 30 characters beside {token} before the @ (RFC 5321 allows 64 in all)"));
        }
        let sample = ReplyToken("a".repeat(TOKEN_LENGTH));
        let written = address.with(&sample).ok_or_else(|| refuse(form))?;
        if address.token_in(&written) == Some(sample) { Ok(address) } else { Err(refuse(form)) }
    }
}

impl fmt::Display for ReplyAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{PLACE}{}@{}", self.before, self.after, self.domain)
    }
}

/// Tokens of one message beyond this number are not looked for; so with codes.
const MOST_SECRETS: usize = 200;

/// The length of a code that is asked for in a mail (`confirm CODE`).
const QUESTION_CODE: usize = 8;

/// What a message shows to those who read it: words that have the form of a token, or of a question's
/// code. Whether they are any of ours is not said.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Secrets {
    /// Tokens, each once.
    pub tokens: Vec<ReplyToken>,
    /// Codes in lower case, each once.
    pub codes: Vec<String>,
}

impl Secrets {
    /// Adds those of a text. Wherever an address with a token is quoted, the token is one word between
    /// other signs.
    pub fn look_in(&mut self, text: &[u8]) {
        for word in text.split(|byte| !byte.is_ascii_alphanumeric()) {
            // A link writes the "+" before a token as %2B, and "2B" is then part of the word.
            let word = if word.len() == TOKEN_LENGTH + 2 { word.get(2..).unwrap_or_default() } else { word };
            if word.len() == TOKEN_LENGTH && self.tokens.len() < MOST_SECRETS {
                let token = std::str::from_utf8(word).ok().and_then(|word| word.parse().ok());
                self.tokens.extend(token.filter(|token| !self.tokens.contains(token)));
            } else if word.len() == QUESTION_CODE && self.codes.len() < MOST_SECRETS {
                let code = String::from_utf8_lossy(word).to_ascii_lowercase();
                let shaped = code.bytes().all(|letter| LETTERS.contains(&letter))
                    && code.bytes().any(|letter| letter.is_ascii_digit());
                if shaped && !self.codes.contains(&code) {
                    self.codes.push(code);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MAIL: &str = "answer.abcdefghijklmnopqrstuvwxyz@example.org";

    fn key() -> TokenKey {
        TokenKey::new(b"0123456789abcdef", "sec").unwrap()
    }

    fn day() -> Date {
        "2014-04-08".parse().unwrap()
    }

    fn token() -> ReplyToken {
        key().make(&Holder::Member(6), MAIL, day()).unwrap()
    }

    #[test]
    fn a_token_names_its_mail_and_its_last_day() {
        assert_eq!(token().tag(), tag_of(MAIL).unwrap());
        assert_eq!(token().last_day(), Some("2014-05-08".parse().unwrap()));
        assert_eq!(token().to_string().parse::<ReplyToken>().unwrap(), token());
        assert_eq!(token().to_string().to_uppercase().parse::<ReplyToken>().unwrap(), token());
    }

    #[test]
    fn a_token_counts_for_its_holder_mail_and_group_alone() {
        let token = token();
        assert!(key().made(&token, &Holder::Member(6), MAIL));
        assert!(!key().made(&token, &Holder::Member(7), MAIL));
        assert!(!key().made(&token, &Holder::Address("member@example.org".parse().unwrap()), MAIL));
        // A mail with the same tag is another mail.
        assert!(!key().made(&token, &Holder::Member(6), "answer.abcdefghijklmnzzzzzzzzzzzz@example.org"));
        assert!(!TokenKey::new(b"0123456789abcdef", "arc").unwrap().made(&token, &Holder::Member(6), MAIL));
        assert!(!TokenKey::new(b"0123456789abcdeg", "sec").unwrap().made(&token, &Holder::Member(6), MAIL));
    }

    #[test]
    fn a_bounces_mark_counts_for_its_mail_and_group_alone() {
        let mark = key().bounce_mark(12, MAIL).unwrap();
        assert_eq!(mark.len(), 16);
        assert!(key().made_bounce_mark(&mark, 12, MAIL) && key().made_bounce_mark(&mark.to_uppercase(), 12, MAIL));
        assert!(!key().made_bounce_mark(&mark, 13, MAIL));
        assert!(!key().made_bounce_mark(&mark, 12, "answer.other@example.org"));
        assert!(!TokenKey::new(b"0123456789abcdef", "arc").unwrap().made_bounce_mark(&mark, 12, MAIL));
        assert!(!TokenKey::new(b"0123456789abcdeg", "sec").unwrap().made_bounce_mark(&mark, 12, MAIL));
        for other in ["", "a", &mark[..8], &format!("{mark}{mark}"), "0000000000000000"] {
            assert!(!key().made_bounce_mark(other, 12, MAIL), "{other}");
        }
    }

    #[test]
    fn a_mail_of_another_form_has_no_token() {
        for id in ["", "x@example.org", "answer.short@example.org", "answer.ABCDEFGHIJKLMNOP@example.org", "answer.äöü"]
        {
            assert_eq!(key().make(&Holder::Member(6), id, day()), None, "{id}");
        }
    }

    #[test]
    fn a_day_beyond_all_tokens_makes_none() {
        assert_eq!(key().make(&Holder::Member(6), MAIL, "9999-12-01".parse().unwrap()), None);
        assert_eq!(key().make(&Holder::Member(6), MAIL, "1960-01-01".parse().unwrap()), None);
    }

    #[test]
    fn an_address_gives_back_its_token_and_keeps_within_64_octets() {
        for form in ["minuted+{token}@example.org", "{token}@bot.example.org", "m-{token}-x@example.org"] {
            let form: ReplyAddress = form.parse().unwrap();
            let address = form.with(&token()).unwrap();
            assert!(address.local_part().len() <= 64);
            assert_eq!(form.token_in(&address), Some(token()));
            assert_eq!(form.to_string().parse::<ReplyAddress>().unwrap(), form);
        }
        let form: ReplyAddress = "minuted+{token}@example.org".parse().unwrap();
        for other in ["minuted@example.org", "minuted+x@example.org", "minuted+@example.org"] {
            assert_eq!(form.token_in(&other.parse().unwrap()), None);
        }
    }

    #[test]
    fn a_form_without_room_for_a_token_or_a_division_is_refused() {
        let long = format!("{}+{{token}}@example.org", "x".repeat(30));
        for form in ["minuted@example.org", "minuted{token}@example.org", "minuted+{token}", "a b+{token}@x", &long] {
            assert!(form.parse::<ReplyAddress>().is_err(), "{form}");
        }
        let bot: EmailAddress = format!("{}@example.org", "x".repeat(29)).parse().unwrap();
        assert!(ReplyAddress::of_bot(&bot).is_ok());
        let bot: EmailAddress = format!("{}@example.org", "x".repeat(30)).parse().unwrap();
        assert!(ReplyAddress::of_bot(&bot).is_err());
    }

    #[test]
    fn tokens_are_found_in_quotes_links_and_headers() {
        let token = token();
        let text = format!(
            "Reply-To: <minuted+{token}@example.org>\n> minuted+{}@example.org\n\
             <a href=\"mailto:minuted%2B{token}@example.org?body=done\">, {}",
            token.to_string().to_uppercase(),
            "x".repeat(40)
        );
        let mut found = Secrets::default();
        found.look_in(text.as_bytes());
        found.look_in("> reply with \"confirm K7QD2ABC\" and not confirm21 or abcdefgh".as_bytes());
        found.look_in("ä".repeat(100).as_bytes());
        assert_eq!((found.tokens, found.codes), (vec![token], vec!["k7qd2abc".to_owned()]));
    }

    proptest! {
        #[test]
        fn a_token_with_any_bit_flipped_is_none_of_ours(at in 0..TOKEN_LENGTH, bit in 0..5_u8) {
            let mut letters = token().to_string().into_bytes();
            let value = LETTERS.iter().position(|letter| *letter == letters[at]).unwrap();
            letters[at] = LETTERS[value ^ (1 << bit)];
            let forged: ReplyToken = String::from_utf8(letters).unwrap().parse().unwrap();
            prop_assert!(!key().made(&forged, &Holder::Member(6), MAIL));
        }

        #[test]
        fn nothing_that_is_read_as_a_token_panics(text in "\\PC{0,60}") {
            if let Ok(token) = text.parse::<ReplyToken>() {
                let _ = (token.tag(), token.last_day());
                prop_assert!(!key().made(&token, &Holder::Member(6), MAIL));
            }
            let _ = text.parse::<ReplyAddress>();
            Secrets::default().look_in(text.as_bytes());
        }
    }
}
