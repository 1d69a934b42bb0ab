use proptest::prelude::*;

use super::super::blocks::{Row, Table};
use super::super::forms::{self, Form};
use super::*;

/// What the blocks of a page say: paragraphs, and rows with a bar between their cells.
fn said(html: &str) -> Vec<String> {
    fn rows(table: &Table, into: &mut Vec<String>) {
        for row in table {
            for inner in row.cells.iter().flat_map(|cell| cell.tables()) {
                rows(inner, into);
            }
            into.push(Row::verbatim(row).replace('\n', "/"));
        }
    }
    let mut lines = Vec::new();
    for block in blocks(html).expect("a page") {
        match block {
            Block::Paragraph(paragraph) => {
                let number = paragraph.number.map(|number| format!("{number} ")).unwrap_or_default();
                let mark = if paragraph.styled { "# " } else { "" };
                lines.push(format!("{mark}{number}{}", paragraph.text.replace('\n', "/")));
            }
            Block::Table(table) => rows(&table, &mut lines),
        }
    }
    lines
}

#[test]
fn a_table_without_end_tags_is_read() {
    assert_eq!(said("<table><tr><td>a<td>b<tr><td>c<td>d</table>e"), ["a | b", "c | d", "e"]);
    assert_eq!(said("<TABLE><TR><TD><P>a<P>b<TD>c<TR><TD>d"), ["a/b | c", "d"]);
}

#[test]
fn merged_cells_keep_their_columns() {
    let page = concat!(
        "<table><tr><td rowspan=2>SEC-2014-0251</td><td colspan=2>wide</td><td>s1</td></tr>",
        "<tr><td>t</td><td>src</td><td>s2</td></tr><tr><td>a<td>b<td>c<td rowspan=99>d</tr><tr><td>e</tr></table>"
    );
    assert_eq!(said(page), ["SEC-2014-0251 | wide |  | s1", "SEC-2014-0251 | t | src | s2", "a | b | c | d", "e"]);
}

#[test]
fn a_page_laid_out_in_a_table_gives_up_what_it_holds() {
    let page = "<table><tr><td><h2>7.1 Concepts</h2><table><tr><td>a<td>b</table><p>after</td></tr></table>";
    assert_eq!(said(page), ["# 7.1 Concepts", "a | b", "after"]);
}

#[test]
fn a_table_beside_other_cells_stays_in_its_cell() {
    assert_eq!(said("<table><tr><td>x<td>y<table><tr><td>a<td>b</table></table>"), ["a | b", "x | y"]);
}

#[test]
fn what_words_markup_carries_beside_the_text_is_not_read() {
    let page = concat!(
        "<!--[if gte mso 9]><xml><w:WordDocument><w:View>Print</w:View></w:WordDocument></xml><![endif]-->",
        "<h2><![if !supportLists]><span style='mso-list:Ignore'>7.1<span style='font:7.0pt \"Times New Roman\"'>",
        "&nbsp;&nbsp;&nbsp; </span></span><![endif]>Concepts<o:p></o:p></h2>",
        "<p class=MsoNormal style='mso-outline-level:2'>7.2 Frame<span lang=EN-GB>works</span></p>",
        "<table><tr><td><p class=MsoNormal>R01 <del cite=\"mailto:a\">agreed</del><ins>noted</ins>",
        "<span class=msoDel>x</span><span style='mso-hide:all'>h</span>",
        "<a href=\"#_ftn1\"><span class=MsoFootnoteReference>[1]</span></a><o:p>&nbsp;</o:p></p></td></tr></table>",
        "<div style='mso-element:footnote-list'><p>[1] note</p></div>",
        "<div style='mso-element:comment-list'><p>comment</p></div>",
    );
    assert_eq!(said(page), ["# 7.1    Concepts", "# 7.2 Frameworks", "R01 noted"]);
}

#[test]
fn numbers_of_lists_are_those_of_the_items() {
    let page = concat!(
        "<ol><li><h1>Opening</h1><li><h1>Contributions</h1><ol><li><h2>Concepts</h2></ol></ol>",
        "<table><tr><td>a</table><ol><ol start=2><li><h2>Frameworks</h2></ol></ol><ul><li>point</ul>",
    );
    assert_eq!(said(page), ["# 1 Opening", "# 2 Contributions", "# 2.1 Concepts", "a", "# 2.2 Frameworks", "point"]);
}

#[test]
fn lines_and_spaces_are_those_that_show() {
    assert_eq!(said("<p>a\n   b<br>c  d<br></p><pre>e\n f</pre>"), ["a b/c  d", "e/ f"]);
    assert_eq!(said("<table><td><p>x</p><p><br/>\n</p><p>y</table>"), ["x//y"]);
    assert_eq!(said("<div>a<div>b</div>c</div><b>d<p>e</b>f</p>"), ["a", "b", "c", "d", "ef"]);
}

#[test]
fn a_page_in_any_encoding_is_read() {
    let page =
        "<html><head><meta http-equiv=Content-Type content=\"text/html; charset=CS\"></head><p>Žluťoučký – ‰</p>";
    for (label, encoding) in [
        ("utf-8", encoding_rs::UTF_8),
        ("windows-1250", encoding_rs::WINDOWS_1250),
        ("iso-8859-2", encoding_rs::ISO_8859_2),
        ("gb18030", encoding_rs::GB18030),
    ] {
        let text = page.replace("CS", label);
        let text = if label == "iso-8859-2" { text.replace("– ‰", "-") } else { text };
        let bytes = encoding.encode(&text).0;
        assert!(is_html(&bytes));
        assert_eq!(decode(&bytes).expect("text"), text, "{label}");
    }
    let utf16: Vec<u8> = std::iter::once(0xfeff).chain(page.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    assert!(is_html(&utf16) && is_html(&utf16[2..]));
    assert_eq!(decode(&utf16).expect("text"), page);
    assert_eq!(decode(&utf16[2..]).expect("text"), page);
    assert_eq!(decode(b"<p>caf\xe9").expect("text"), "<p>caf\u{e9}");
}

#[test]
fn a_page_nested_too_deeply_is_refused_and_one_of_many_attributes_ends() {
    assert!(blocks(&"<div>".repeat(5_000)).is_err());
    assert!(blocks(&"<table><tr><td>".repeat(80)).is_ok());
    let attributes: String = (0..200_000).map(|n| format!(" a{n}=1")).collect();
    assert!(blocks(&format!("<p{attributes}>x")).is_ok());
    assert!(blocks(&"<td>".repeat(600_000)).is_ok(), "cells of no table are none");
    let error = blocks(&format!("<table><tr>{}", "<td>".repeat(100_000))).unwrap_err();
    assert!(error.to_string().contains("256 columns"), "{error}");
    let error = blocks(&format!("<table>{}", "<tr><td><td>".repeat(300_000))).unwrap_err();
    assert!(error.to_string().contains("table cells"), "{error}");
}

#[test]
fn the_seed_as_a_page_gives_exactly_what_it_means() {
    let expected = forms::seed();
    for form in [Form::WordHtml, Form::PlainHtml, Form::LibreOfficeHtml] {
        let bytes = forms::written(&forms::seed_blocks(), form);
        assert_eq!(super::super::read(&bytes, &Default::default()).expect("an agenda"), expected, "{form:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pieces_of_markup_never_panic(pieces in prop::collection::vec(
        prop_oneof![
            "</?(table|tr|td|th|p|div|ol|li|h1|b|span|caption|tbody)( (row|col)span=[0-9]{1,6})?>",
            "[a-z \n]{0,6}", "<br/?>", "<!--", "-->", "<!\\[if x\\]>", "&nbsp;", "<del>", "SEC-2014-0251"
        ],
        0..120,
    )) {
        let _ = blocks(&pieces.concat());
    }
}
