//! One unit of work each: take mail in, process what waits, deliver what is due. The daemon and the
//! command line run the same steps; each is public, so that tests run them too.
//!
//! The stages meet only at the inbox and the outbox. No step calls another.

mod answers;
mod codes;
mod copies;
mod explain;
mod intake;
mod operator;
mod outgoing;
mod process;
mod reading;
mod round;
mod trust;
mod turn;

pub use answers::{NEEDS, replay};
pub use explain::{Explained, explain};
pub use intake::{Fetched, fetch, mailbox_name, settle, take_in};
pub use operator::{Group, open_group, operator_mail, perform, perform_in};
pub use outgoing::{Delivered, Route, deliver, deliver_until};
pub use process::{Processed, process, process_until};
pub use trust::told as verdict_told;
