//! What was taken as what, line by line, and by which rule: for those who ask why a command did or did
//! not act. It follows [`super::text`] stage by stage and decides nothing.

use std::collections::HashSet;

use super::super::lines::{Line, Mark};
use super::super::{Block, BlockKind};
use super::{Own, attribution, earlier, footer, header_block, own_lines, signature};

/// The blocks of a text, in order: neighbouring lines of one kind that one rule took.
pub(in super::super) fn blocks(lines: &[Line]) -> Vec<Block> {
    let attributions = attribution::all(lines);
    let begin = earlier::begins(lines, &attributions);
    let end = begin.map_or(lines.len(), |begin| begin.line);
    let in_attribution: HashSet<usize> =
        attributions.iter().filter(|one| one.quotes).flat_map(|one| one.first..one.after).collect();
    let earlier_rule = begin.map_or("", |begin| rule_of_earlier(lines, begin.line, &attributions));

    let own = own_lines(lines);
    let in_own = kept(&own);
    let own = footer::without(own);
    let above_footer = kept(&own);
    let own = signature::without(own);
    let above_signature = kept(&own);
    let own = footer::without(own);
    let in_text = kept(&own);

    let mut blocks: Vec<Block> = Vec::new();
    let mut below_mark = false;
    for (index, line) in lines.iter().enumerate().filter(|(_, line)| !line.is_blank()) {
        let this = std::ptr::from_ref(line);
        below_mark |= line.signature_mark && line.depth == 0;
        let (kind, rule) = if in_text.contains(&this) {
            (BlockKind::Author, "nothing says that it is another's")
        } else if index >= end {
            (BlockKind::Earlier, earlier_rule)
        } else if line.mark == Mark::Attribution || in_attribution.contains(&index) && line.depth <= 1 {
            (BlockKind::Attribution, "it introduces the quote below it")
        } else if line.depth > 0 {
            (BlockKind::Quoted, "a quote mark stands before it, or HTML quotes it")
        } else if !in_own.contains(&this) {
            (BlockKind::Quoted, "it was torn from the quoted line above it")
        } else if !above_footer.contains(&this) {
            (BlockKind::Footer, "a list's footer, a legal notice or a gateway's warning")
        } else if !above_signature.contains(&this) {
            let rule = match (line.mark, below_mark) {
                (Mark::Signature, _) => "HTML marks it as a signature",
                (_, true) => "it stands below the mark of a signature",
                _ => "a closing, contact data, or what a phone adds",
            };
            (BlockKind::Signature, rule)
        } else {
            (BlockKind::Footer, "a footer above the signature")
        };
        let before = begin.filter(|begin| begin.line == index).and_then(|begin| begin.before);
        if let Some(piece) = before {
            add(&mut blocks, BlockKind::Author, "it stands before an earlier mail in one line", piece);
        }
        add(&mut blocks, kind, rule, &line.text);
    }
    blocks
}

fn add(blocks: &mut Vec<Block>, kind: BlockKind, rule: &'static str, text: &str) {
    match blocks.last_mut() {
        Some(last) if last.kind == kind && last.rule == rule => {
            last.text.push('\n');
            last.text.push_str(text);
        }
        _ => blocks.push(Block { kind, rule, text: text.to_owned() }),
    }
}

fn kept(own: &[Own<'_>]) -> HashSet<*const Line> {
    let lines = own.iter().filter_map(|own| match own {
        Own::Line(line) => Some(*line),
        _ => None,
    });
    lines.map(std::ptr::from_ref).collect()
}

/// By what it was seen that an earlier mail begins. Rules and names may stand above what says so.
fn rule_of_earlier(lines: &[Line], first: usize, attributions: &[attribution::Attribution]) -> &'static str {
    let beginning = || (first..lines.len()).take(9);
    if beginning().any(|at| lines[at].mark == Mark::Earlier) {
        "HTML marks that an earlier mail begins"
    } else if beginning().any(|at| header_block::begins(lines, at)) {
        "the fields of an earlier mail's header stand above it"
    } else if beginning().any(|at| attributions.iter().any(|one| one.first == at)) {
        "a line above it says who wrote it"
    } else {
        "a separator stands above it"
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::{BlockKind, read, told};

    const MAIL: &str = "From: member-lg@example.org\nTo: minuted@example.org\nSubject: Re: SEC#10\n\n\
        done A-WG4-TP8-003\n\nOn Mon, 7 Apr 2014, the secretary wrote:\n> Which items are done?\n\nThat one only.\n\n\
        -- \nMember LG\nclose A-WG4-TP8-001\n\n-----Original Message-----\nFrom: Secretary\nclose A-WG4-TP8-002\n";

    #[test]
    fn each_line_is_in_one_block_and_the_senders_are_the_authors_text() {
        let blocks = told(MAIL.as_bytes()).blocks;
        let kinds: Vec<BlockKind> = blocks.iter().map(|block| block.kind).collect();
        assert_eq!(
            kinds,
            [
                BlockKind::Author,
                BlockKind::Attribution,
                BlockKind::Quoted,
                BlockKind::Author,
                BlockKind::Signature,
                BlockKind::Earlier
            ]
        );
        let lines: usize = blocks.iter().map(|block| block.text.lines().count()).sum();
        assert_eq!(lines, MAIL.lines().skip(4).filter(|line| !line.is_empty()).count());
        let own: Vec<&str> = blocks
            .iter()
            .filter(|block| block.kind == BlockKind::Author)
            .flat_map(|block| block.text.lines())
            .collect();
        let text = read(MAIL.as_bytes()).author_text;
        assert_eq!(own, text.lines().filter(|line| !line.is_empty()).collect::<Vec<_>>());
    }

    #[test]
    fn what_makes_a_mail_a_machines_is_named() {
        let told = |header: &str| told(format!("From: kim@example.org\n{header}\n\nHello\n").as_bytes()).automatic;
        assert_eq!(told("X-Autoreply: yes").as_deref(), Some("the field X-Autoreply"));
        assert_eq!(told("Return-Path: <>").as_deref(), Some("an empty Return-Path"));
        assert_eq!(told("X-Other: yes"), None);
    }
}
