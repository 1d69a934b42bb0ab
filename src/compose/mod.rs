//! What is told, put into words: answers, notices and digests -> RFC 5322 bytes, and the catalogue of all
//! texts. Pure: the same input gives the same bytes.
//!
//! `page` says what stands on a page, in order and already in words; `text` and `html` print it;
//! `mail` puts headers around both. No command example ever begins a line of ours: it is quoted
//! (`> `) or stands behind other words, so that an answer that is quoted back, or sent to the bot
//! again, asks for nothing.

mod agenda;
mod announcement;
mod answer;
mod attendance;
mod catalogue;
mod changes;
mod dates;
mod digest;
mod examples;
mod fit;
mod html;
mod icalendar;
mod links;
mod list;
mod mail;
mod notice;
mod page;
mod report;
mod site;
mod state;
mod text;
mod wrap;

#[cfg(test)]
mod keys;
#[cfg(test)]
mod tests;

pub use announcement::{announcement, announcement_subject};
pub use answer::{answer, plain};
pub use catalogue::Catalogue;
pub use digest::{digest, digest_html, digest_subject, digest_text};
pub use fit::fitted;
pub use mail::{Letter, Thread, reply_subject};
pub use notice::{notice, notice_of};
pub use site::{SiteMail, SiteMaterial, SitePage, site};
