//! Commands whose effect is not there yet: who comes to a meeting. They are recognised whole, so that
//! they are answered and never taken for something else.

use super::grammar::{Mode, Read};
use super::targets::one;
use super::written::Rest;
use super::{Command, Target};

/// Reads a command that begins with its word.
pub(super) fn verb_first(rest: Rest<'_>, mode: &Mode<'_>) -> Read {
    for what in ["attending", "remote", "regrets"] {
        let Some(after) = rest.word(what) else { continue };
        let (of, after) = match one(after, mode) {
            Some(found) if !found.are_rows() => (found.of, found.rest),
            _ => (vec![Target::Omitted], after),
        };
        let omitted = of.contains(&Target::Omitted);
        return match Read::ended(after, |_| not_yet(what, of)) {
            Read::Doubt(_) | Read::Begun(_) if omitted => Read::Prose,
            read => read,
        };
    }
    Read::Prose
}

fn not_yet(what: &str, of: Vec<Target>) -> Command {
    Command::NotYet { what: what.to_owned(), of }
}
