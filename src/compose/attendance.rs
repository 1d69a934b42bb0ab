//! Who comes to a meeting, in words.

use crate::decide::{Comes, Digest};
use crate::domain::{Coming, OccasionKind, Recipient, Text};

use super::links::{self, Replies};
use super::page::{Block, Fact, List, Row};
use super::{Catalogue, wrap};

/// The most characters of the names in a line.
const NAMES: usize = 3000;

/// What a mail says of who comes to the meetings that are near: to the list how many, to chair and secretary who; and
/// how to say whether one comes oneself.
pub(super) fn told(digest: &Digest, replies: Option<&Replies<'_>>, catalogue: &Catalogue) -> Vec<Block> {
    let is_list = digest.occasion.recipient == Recipient::List;
    let near = digest.ahead.iter().filter(|ahead| ahead.of == OccasionKind::Meeting);
    let mut blocks: Vec<Block> = Vec::new();
    for ahead in near.clone().filter(|ahead| !ahead.comes.is_empty()) {
        let meeting = &ahead.meeting.reference;
        if is_list {
            let so_far =
                Text::new("meeting-so-far").with("meeting", meeting).with("counts", counts(&ahead.comes, catalogue));
            blocks.push(Block::Paragraph(catalogue.say(&so_far)));
            continue;
        }
        blocks.push(Block::Table(List {
            title: catalogue.say(&Text::new("meeting-who").with("meeting", meeting)),
            columns: [Text::new("column-answer"), Text::new("column-member")].map(|column| catalogue.say(&column)),
            rows: ahead.comes.iter().map(|comes| row(comes, catalogue)).collect(),
            empty: String::new(),
            is_syntax: false,
        }));
    }
    if digest.invites && near.count() > 0 {
        let how = match (is_list, digest.meetings().as_slice()) {
            (true, [_]) => Text::new("meeting-how-list"),
            (false, [_]) => Text::new("meeting-how-own"),
            (_, meetings) => Text::new("meeting-how-which")
                .with("meeting", meetings.first().map_or_else(String::new, |it| it.reference.to_string())),
        };
        if digest.occasion.recipient.is_person() || is_list {
            blocks.push(Block::Hint(catalogue.say(&how)));
            let near = links::near(digest).into_iter();
            blocks
                .extend(replies.iter().flat_map(|replies| near.clone().map(|near| Block::Reply(replies.comes(near)))));
        }
    }
    blocks
}

/// "2 attend, 1 takes part remotely, 3 send regrets".
pub(super) fn counts(comes: &[Comes], catalogue: &Catalogue) -> String {
    let said = comes.iter().map(|comes| catalogue.say(&key(comes.coming).with("count", comes.count)));
    said.collect::<Vec<_>>().join(", ")
}

/// "2 attend: Member CATT, Secretary".
pub(super) fn line(comes: &Comes, catalogue: &Catalogue) -> String {
    let count = catalogue.say(&key(comes.coming).with("count", comes.count));
    match names(comes) {
        names if names.is_empty() => count,
        names => format!("{count}: {names}"),
    }
}

fn row(comes: &Comes, catalogue: &Catalogue) -> Row {
    let name = match comes.coming {
        Coming::Attending => Text::new("answer-attending"),
        Coming::Remote => Text::new("answer-remote"),
        Coming::Regrets => Text::new("answer-regrets"),
    };
    let count = Fact::new(comes.count.to_string());
    Row { name: catalogue.say(&name), facts: vec![count], what: names(comes), ..Row::default() }
}

fn key(coming: Coming) -> Text {
    match coming {
        Coming::Attending => Text::new("count-attending"),
        Coming::Remote => Text::new("count-remote"),
        Coming::Regrets => Text::new("count-regrets"),
    }
}

fn names(comes: &Comes) -> String {
    wrap::shorten(&comes.names.join(", "), NAMES)
}
