//! How sure it is that a sender is the sender: the verdict, and what it was made from.
//!
//! Pure. The shell looks up what tokens name, and keeps the verdict with its evidence in the journal,
//! so that a replay decides alike without any secret.
//!
//! From is written by whoever sends, and proves nothing. Reply-To is never looked at. What proves:
//! - a token in To or Cc: who wrote it there has read a mail that went to one member alone. Fields
//!   that say where a mail was delivered (Delivered-To, X-Original-To) do not count: a forwarding rule
//!   can put the token there for anybody who writes to the member;
//! - a DMARC or DKIM pass aligned with From in the topmost Authentication-Results field of the server
//!   that the configuration names. That server writes its field above all that came with the mail;
//!   one further down, or another server's, came with it.
//!
//! A DKIM signature travels with its mail, and anybody who has that can send it on, with another To or Cc
//! where the signature covers neither. So a pass proves what is said to the bot only where the signature
//! covers To and Cc and the whole body, or where the mail came from a server of From's own domain (SPF).
//!
//! Neither counts where a list has put its own address into From, where From has several authors, where
//! fields are there twice (only one of them is signed), or against a DMARC fail, in whichever field of
//! that server it stands (signatures and policy are often checked by two programs with one name). A pass does not count in a mail that came by a list of the author's own
//! domain: the list's signature would be aligned with whatever author somebody has made up.

use jiff::civil::Date;

use crate::decide::{Alignment, Authentication, Evidence, Proof, TokenSeen, TokenStanding, Verdict};
use crate::domain::{EmailAddress, Holder, ReplyToken, Roster, TokenKey, ascii_domain};
use crate::message::{AuthenticationResults, Message, MethodResult, Signature};

/// Results that are kept as evidence, and the longest value of one.
const MOST_SAID: usize = 8;
const LONGEST_SAID: usize = 300;

/// A token in To or Cc of a message, with what is known of the mail that it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The token.
    pub token: ReplyToken,
    /// The Message-ID of the mail.
    pub mail: String,
    /// To whom that mail went, where that is still known.
    pub recipient: Option<EmailAddress>,
    /// A token of that mail was seen on a list.
    pub revoked: bool,
}

/// What a message is judged by.
#[derive(Debug, Clone, Copy)]
pub struct Around<'a> {
    /// The group's key; without one, tokens are nothing.
    pub key: Option<&'a TokenKey>,
    /// The receiving server whose results are believed, in lower case.
    pub authserv_id: Option<&'a str>,
    /// The bot's own address.
    pub bot: Option<&'a EmailAddress>,
    /// The group's list.
    pub list: Option<&'a EmailAddress>,
    /// Who is who.
    pub roster: &'a Roster,
    /// The day on which the message was received, in UTC.
    pub today: Date,
}

/// How sure it is, and what the tokens name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// How sure it is that the sender is the sender.
    pub verdict: Verdict,
    /// Why.
    pub evidence: Evidence,
    /// The mails that tokens of ours name, whether they prove anything or not: what the rows of a
    /// mail mean is known for ever.
    pub answers: Vec<String>,
}

/// Whether a mail that a signature vouches for may have been sent on to the bot by somebody else, or
/// written on below what is signed.
fn may_be_sent_on(message: &Message, from: &EmailAddress, around: &Around<'_>) -> bool {
    let is_aligned = |signature: &&Signature| is_within(from.domain(), &ascii_domain(&signature.domain));
    let covers = |signature: &Signature, field: &str| signature.covers.iter().any(|covered| covered == field);
    let is_bot =
        |address: &EmailAddress| around.bot.is_some_and(|bot| address.without_detail() == bot.without_detail());
    let fields = [("to", &message.to), ("cc", &message.cc)];
    let open = message.signatures.iter().filter(is_aligned).any(|signature| {
        let readdressed = fields.iter().any(|(field, to)| to.iter().any(is_bot) && !covers(signature, field));
        signature.is_partial || readdressed || !covers(signature, "date") || !covers(signature, "from")
    });
    open && !is_from_its_own_server(message, from, around)
}

/// Whether the receiving server got the mail from a server that may send for From's very domain (SPF,
/// RFC 7208): nobody else has sent it on.
fn is_from_its_own_server(message: &Message, from: &EmailAddress, around: &Around<'_>) -> bool {
    let field = message.authentication.iter().find(|field| Some(field.authserv_id.as_str()) == around.authserv_id);
    let mut spf = field.into_iter().flat_map(|field| &field.results).filter(|result| result.method == "spf");
    spf.any(|result| {
        let sender = result.property("smtp.mailfrom").map(domain_of);
        result.result == "pass" && sender.as_deref() == Some(from.domain())
    })
}

/// Judges a message. `named` are the tokens in its To and Cc whose mails are known.
#[must_use]
pub fn judge(message: &Message, named: &[Named], around: &Around<'_>) -> Judged {
    let by_list = came_by_list(message, around.list);
    let mut evidence = Evidence { by_list, ..Evidence::default() };
    let Some(from) = message.from.as_ref().map(|from| &from.address) else {
        return Judged { verdict: Verdict::Claimed, evidence, answers: Vec::new() };
    };
    evidence.authentication = authentication(message, from, around);
    let mut answers = Vec::new();
    for named in named {
        let Some(standing) = standing(named, from, by_list, around) else { continue };
        if !answers.contains(&named.mail) {
            answers.push(named.mail.clone());
        }
        evidence.tokens.push(TokenSeen { mail: named.mail.clone(), standing });
    }
    let is_clear = message.rewritten_by.is_none() && !message.by_name && !message.several_authors && !message.irregular;
    let proof = if is_clear && !evidence.is_refuted() { proof(&evidence) } else { None };
    Judged { verdict: proof.map_or(Verdict::Claimed, Verdict::Proven), evidence, answers }
}

/// Whether a message came by a list or went to one: what it says, others have read.
#[must_use]
pub fn came_by_list(message: &Message, list: Option<&EmailAddress>) -> bool {
    message.by_list || list.is_some_and(|list| message.recipients().any(|recipient| recipient == list))
}

fn proof(evidence: &Evidence) -> Option<Proof> {
    let valid = evidence.tokens.iter().find(|seen| seen.standing == TokenStanding::Valid);
    if let Some(seen) = valid {
        return Some(Proof::Token { mail: seen.mail.clone() });
    }
    let found = evidence.authentication.as_ref().filter(|found| found.alignment == Alignment::Pass)?;
    Some(Proof::Authentication { result: found.said.first().cloned().unwrap_or_default() })
}

/// What a token is worth from that sender; `None` where it is forged.
fn standing(named: &Named, from: &EmailAddress, by_list: bool, around: &Around<'_>) -> Option<TokenStanding> {
    let key = around.key?;
    let made_for = |address: &EmailAddress| key.made(&named.token, &holder(around.roster, address), &named.mail);
    if made_for(from) {
        let is_late = named.token.last_day().is_none_or(|last| last < around.today);
        return Some(match () {
            () if named.revoked || by_list => TokenStanding::Revoked,
            () if is_late => TokenStanding::Expired,
            () => TokenStanding::Valid,
        });
    }
    named.recipient.as_ref().is_some_and(made_for).then_some(TokenStanding::OfAnother)
}

/// For whom the token of a mail to that address is made.
#[must_use]
pub fn holder(roster: &Roster, address: &EmailAddress) -> Holder {
    match roster.member_by_address(address).filter(|member| !member.left) {
        Some(member) => Holder::Member(member.id),
        None => Holder::Address(address.clone()),
    }
}

fn authentication(message: &Message, from: &EmailAddress, around: &Around<'_>) -> Option<Authentication> {
    let id = around.authserv_id?;
    let field = message.authentication.iter().find(|field| field.authserv_id == id)?;
    let said = field.results.iter().filter(|result| matches!(result.method.as_str(), "dmarc" | "dkim"));
    let said = said.map(written).take(MOST_SAID).collect();
    // What the server found is about the address that the list has put into From.
    let is_authors = message.rewritten_by.is_none() && !message.by_name;
    let mut fields = message.authentication.iter().filter(|field| field.authserv_id == id);
    let fails = fields.any(|field| alignment(field, from.domain()) == Alignment::Fail);
    let alignment = match is_authors {
        true if fails => Alignment::Fail,
        true => alignment(field, from.domain()),
        false => Alignment::None,
    };
    let alignment = match alignment {
        Alignment::Pass if may_be_sent_on(message, from, around) => Alignment::None,
        Alignment::Pass if message.by_list && is_lists_own(message, from, around.list) => Alignment::None,
        alignment => alignment,
    };
    Some(Authentication { by: id.to_owned(), said, alignment })
}

/// What a server's results say of mail from `domain`.
fn alignment(field: &AuthenticationResults, domain: &str) -> Alignment {
    let of = |method: &'static str| field.results.iter().filter(move |result| result.method == method);
    let of_from = |result: &MethodResult| result.property("header.from").map(domain_of).map(|from| from == domain);
    // DMARC has one result a message; where there are more, all must say the same.
    if of("dmarc").any(|result| result.result == "fail" && of_from(result) != Some(false)) {
        return Alignment::Fail;
    }
    let mut dmarc = of("dmarc").peekable();
    if dmarc.peek().is_some() && dmarc.all(|result| result.result == "pass" && of_from(result) == Some(true)) {
        return Alignment::Pass;
    }
    let signed = of("dkim").filter(|result| result.result == "pass");
    let mut signers = signed.filter_map(|result| result.property("header.d").or_else(|| result.property("header.i")));
    if signers.any(|signer| is_within(domain, &domain_of(signer))) { Alignment::Pass } else { Alignment::None }
}

/// The domain in a property's value: `example.org`, `@example.org`, `kim@example.org`. A server may write
/// it in letters beyond ASCII (RFC 8616).
fn domain_of(value: &str) -> String {
    ascii_domain(value.rsplit_once('@').map_or(value, |(_, domain)| domain).trim_end_matches('.'))
}

/// Whether `domain` is `signer` or below it: a domain speaks for those below it, and not the other
/// way round. DMARC's relaxed alignment allows that too, within one organization; where one ends
/// needs the list of public suffixes, without which `evil.co.uk` would speak for `co.uk`.
fn is_within(domain: &str, signer: &str) -> bool {
    let below = domain.strip_suffix(signer).is_some_and(|rest| rest.ends_with('.'));
    signer.contains('.') && (domain == signer || below)
}

/// Whether the list that a message came by can sign for its author: their domains have the last two
/// labels in common. That is more than share an organization, and errs on the side of asking.
fn is_lists_own(message: &Message, from: &EmailAddress, list: Option<&EmailAddress>) -> bool {
    let end = |domain: &str| {
        let mut labels = domain.rsplit('.').map(str::to_lowercase);
        (labels.next(), labels.next())
    };
    let posts = list.into_iter().chain(&message.list_post).map(EmailAddress::domain);
    let mut domains = posts.chain(message.list_id.as_deref());
    domains.any(|domain| end(domain) == end(from.domain()))
}

/// A result as a server writes it, the properties that tell of From alone.
fn written(result: &MethodResult) -> String {
    let mut written = format!("{}={}", result.method, result.result);
    for name in ["header.from", "header.d", "header.i"] {
        if let Some(value) = result.property(name) {
            written.push_str(&format!(" {name}={value}"));
        }
    }
    written.replace(char::is_control, " ").chars().take(LONGEST_SAID).collect()
}

#[cfg(test)]
mod tests;
