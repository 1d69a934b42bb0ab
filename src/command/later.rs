//! Commands whose effect is not there yet: the next agenda. They are recognised whole, so that they are answered
//! and never taken for something else.

use super::grammar::{Mode, Read};
use super::meetings::meeting;
use super::written::Rest;
use super::{Command, Target};

/// Reads a command that begins with its word: `agenda [SEC#11]`.
pub(super) fn verb_first(rest: Rest<'_>, mode: &Mode<'_>) -> Read {
    let Some(after) = rest.word("agenda") else { return Read::Prose };
    if after.is_empty() {
        return Read::Command(not_yet("agenda", vec![Target::Omitted]));
    }
    let Some(found) = meeting(after, mode) else { return Read::Prose };
    Read::whole(found.rest, || not_yet("agenda", found.of.clone()))
}

fn not_yet(what: &str, of: Vec<Target>) -> Command {
    Command::NotYet { what: what.to_owned(), of }
}
