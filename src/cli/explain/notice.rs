//! What a notice of an announcer says, and what would come of it.

use serde::Serialize;

use super::super::output::Output;
use crate::command::Noticed;
use crate::compose::Catalogue;
use crate::decide::{AnswerLine, LineOutcome};
use crate::steps::Notice;

/// A document of a notice, for programs.
#[derive(Serialize)]
pub(super) struct Row {
    document: String,
    /// `uploaded`, `doubtful` or `named`.
    says: &'static str,
    posts: bool,
    /// What comes of it, or why nothing does.
    why: String,
}

/// The documents of a notice, for programs.
pub(super) fn rows(notice: &Notice, catalogue: &Catalogue) -> Vec<Row> {
    let row = |(document, says): &(crate::domain::DocumentRef, Noticed)| {
        let document = document.to_string();
        let line = line(notice, &document);
        let says_so = match says {
            Noticed::Uploaded => "uploaded",
            Noticed::Doubtful => "doubtful",
            Noticed::Named => "named",
        };
        let posts = line.is_some_and(|line| line.outcome == LineOutcome::Done);
        Row { says: says_so, posts, why: why(*says, line, catalogue), document }
    };
    notice.documents.iter().map(row).collect()
}

/// The same for people.
pub(super) fn tell(notice: &Notice, catalogue: &Catalogue, output: &mut Output) -> anyhow::Result<()> {
    if notice.documents.is_empty() {
        return output.line("As a notice it names no document in full: nothing is posted.");
    }
    output.line("What the notice says of documents:")?;
    for row in rows(notice, catalogue) {
        output.line(format!(
            "  {}: {}",
            row.document,
            if row.posts { "would be posted" } else { "would not be posted" }
        ))?;
        output.line(format!("           {}", row.why))?;
    }
    Ok(())
}

fn line<'a>(notice: &'a Notice, document: &str) -> Option<&'a AnswerLine> {
    notice.lines.iter().find(|line| line.text == document)
}

fn why(says: Noticed, line: Option<&AnswerLine>, catalogue: &Catalogue) -> String {
    match (says, line) {
        (Noticed::Uploaded, Some(line)) => {
            line.told.iter().map(|text| catalogue.say(text)).collect::<Vec<_>>().join(" ")
        }
        (Noticed::Doubtful, _) => {
            "It is not said to be there: the sentence asks, denies, or is about the future.".to_owned()
        }
        _ => "It is only named: nothing says that it was uploaded.".to_owned(),
    }
}
