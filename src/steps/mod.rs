//! One unit of work each: take mail in, process what waits, remind of what is due, deliver. The daemon and the
//! command line run the same steps; each is public, so that tests run them too.
//!
//! The stages meet only at the inbox and the outbox. No step calls another.

mod absence;
mod announced;
mod answers;
mod bounce;
mod codes;
mod copies;
mod document;
mod door;
mod explain;
mod export;
mod forget;
mod imap;
mod intake;
mod occasions;
mod operator;
mod outgoing;
mod page;
mod process;
mod reading;
mod release;
mod reread;
mod round;
mod route;
mod tidy;
mod trust;
mod turn;

pub use absence::NoAbsence;
pub use answers::{NEEDS, replay};
pub use document::read_agenda;
pub use door::{door_is_shut, door_opens};
pub use explain::{Explained, Notice, explain};
pub use export::{export_agenda, look_at_agenda};
pub use forget::{Forgetting, Forgotten, forget};
pub use imap::{Backlog, fetch_imap, settle_imap};
pub use intake::{Fetched, fetch, mailbox_name, settle, take_in};
pub use occasions::{Quiet, Reminded, Schedule, next_occasion, preview, remind, schedule};
pub use operator::{Group, open_group, operator_mail, perform, perform_in};
pub use outgoing::{Delivered, deliver, deliver_until, next_delivery};
pub use page::{Foreign, PageMark, Published, page_mark, publish};
pub use process::{Processed, process, process_turn};
pub use reread::{LineReread, Reading, Reread, reread};
pub use route::Route;
pub use tidy::tidy;
pub use trust::told as verdict_told;
