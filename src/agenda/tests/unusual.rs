//! Documents that groups write otherwise than the seed's agenda is written.

use super::{cell, docx, paragraph, read_all, read_table, row, said, strings, table};
use crate::agenda::forms::Form;

/// Of each contribution its reference, item and deliverable.
fn places(body: &str) -> Vec<[String; 3]> {
    let document = read_all(&docx(body)).unwrap();
    said(&document).into_iter().map(|[reference, _, _, _, item, deliverable]| [reference, item, deliverable]).collect()
}

#[test]
fn rows_stand_under_headings_with_the_words_that_groups_put_before_the_number() {
    let one = |reference: &str| table(&row([reference, "Keys", "CATT", "Noted"]));
    let body = [
        paragraph("Item 1 \u{2013} Opening"),
        paragraph("Item 6 \u{2013} Contributions affecting TS-0003"),
        paragraph("6.1) Keys"),
        one("SEC-2014-0251"),
        paragraph("6.2: Roles"),
        one("SEC-2014-0252"),
        paragraph("Agenda item 7: Contributions affecting TR-0008"),
        one("SEC-2014-0253"),
    ]
    .concat();
    assert_eq!(
        places(&body),
        [["SEC-2014-0251", "6.1", "TS-0003"], ["SEC-2014-0252", "6.2", "TS-0003"], ["SEC-2014-0253", "7", "TR-0008"],]
    );
}

#[test]
fn a_line_above_a_table_that_names_a_deliverable_is_that_tables_heading_only() {
    let one = |reference: &str| table(&row([reference, "Keys", "CATT", "Noted"]));
    let body = [
        paragraph("7 Contributions"),
        paragraph("Documents on TS-0003"),
        one("SEC-2014-0251"),
        paragraph("Other documents"),
        one("SEC-2014-0252"),
        paragraph("They do not touch TR-0008."),
        one("SEC-2014-0253"),
    ]
    .concat();
    assert_eq!(
        places(&body),
        [["SEC-2014-0251", "7", "TS-0003"], ["SEC-2014-0252", "7", ""], ["SEC-2014-0253", "7", ""]]
    );
}

#[test]
fn a_table_that_goes_on_keeps_the_columns_of_its_headings_unless_no_status_is_where_it_should_be() {
    let of = |rows: &[[&str; 4]]| table(&rows.iter().map(|cells| row(*cells)).collect::<String>());
    let head = of(&[["Status", "Document", "Source", "Title"], ["Noted", "SEC-2014-0251", "CATT", "Keys"]]);
    let on = of(&[
        ["", "SEC-2014-0252", "Gemalto", "Number two"],
        ["R01 agreed", "SEC-2014-0253", "Qualcomm", "Number three"],
        ["", "SEC-2014-0254", "LG Electronics", "Number four"],
    ]);
    let document = read_all(&docx(&(head.clone() + &paragraph("Page 2") + &on))).unwrap();
    let titles: Vec<[String; 2]> = said(&document).into_iter().map(|[_, title, source, ..]| [title, source]).collect();
    assert_eq!(
        titles[1..],
        [["Number two", "Gemalto"], ["Number three", "Qualcomm"], ["Number four", "LG Electronics"]]
    );
    // Where the first column says no status, its cells say what the columns are.
    let other = of(&[
        ["CATT", "SEC-2014-0252", "Keys of devices in the field", "Noted"],
        ["LG", "SEC-2014-0253", "Locks of devices in the field", "Agreed"],
        ["LG", "SEC-2014-0254", "Bolts of devices in the field", ""],
    ]);
    let document = read_all(&docx(&(head + &paragraph("Page 2") + &other))).unwrap();
    assert_eq!(said(&document)[1][1..4], ["Keys of devices in the field", "CATT", "Noted"]);
}

#[test]
fn what_is_struck_through_is_left_out() {
    let run = |properties: &str, text: &str| format!("<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>");
    let mixed =
        |struck: &str, kept: &str| cell(&format!("<w:p>{}{}</w:p>", run(struck, "Noted"), run(kept, "R01 agreed")));
    for (struck, kept) in [("<w:strike/>", ""), ("<w:dstrike/>", r#"<w:strike w:val="0"/>"#)] {
        let cells = ["SEC-2014-0251", "Keys", "CATT"].map(|text| cell(&paragraph(text))).concat();
        let body = table(&format!("<w:tr>{cells}{}</w:tr>", mixed(struck, kept)));
        assert_eq!(said(&read_all(&docx(&body)).unwrap())[0][3], "R01 agreed", "{struck}");
    }
    for struck in [
        "<s>Noted</s>",
        "<strike>Noted</strike>",
        "<del>Noted</del>",
        "<span style=\"text-decoration: underline line-through\">Noted</span>",
    ] {
        let html = format!("<html><table><tr><td>SEC-2014-0251<td>Keys<td>CATT<td>{struck} R01 agreed</table>");
        assert_eq!(said(&read_all(html.as_bytes()).unwrap())[0][3], "R01 agreed", "{struck}");
    }
}

#[test]
fn a_document_that_replaces_another_is_told_in_the_words_of_its_decision() {
    let rows = strings(&[
        &["TDoc", "Title", "Source", "Decision", "Replaced by"],
        &["SEC-2014-0251", "Keys", "CATT", "merged", "SEC-2014-0252"],
        &["SEC-2014-0253", "Locks", "CATT", "noted", "SEC-2014-0254"],
        &["SEC-2014-0255", "Bolts", "CATT", "revised", "SEC-2014-0255R01"],
    ]);
    let statuses: Vec<String> =
        said(&read_table(&rows, Form::Docx)).into_iter().map(|[_, _, _, status, ..]| status).collect();
    assert_eq!(statuses, ["Merged into SEC-2014-0252", "noted\nSee SEC-2014-0254", "Revised to SEC-2014-0255R01"]);
}

#[test]
fn the_lead_may_be_said_behind_the_name() {
    let rows = row(["A-WG4-TP8-001", "Draft the annex on keys", "Gemalto (lead), CATT", "OPEN"])
        + &row(["A-WG4-TP8-002", "Review the draft", "Gemalto (lead), CATT (lead)", "OPEN"]);
    let document = read_all(&docx(&table(&rows))).unwrap();
    let who: Vec<&str> = document.action_items.iter().map(|row| row.who.as_str()).collect();
    assert_eq!(who, ["Lead Gemalto, CATT", "Gemalto (lead), CATT (lead)"]);
}

#[test]
fn a_row_without_a_reference_goes_on_with_the_one_above_only_where_it_has_no_title_of_its_own() {
    let rows = [
        ["SEC-2014-0251", "A title that is", "CATT", "Noted,"],
        ["", "cut by the page", "", "R01 expected"],
        ["SEC-2014-0252", "Keys", "LG", "R01 agreed"],
        ["", "", "", "(TBPosted)"],
        ["", "Liaison statement", "", "Noted"],
        ["", "", "", "Agreed"],
        // Of a row whose reference was struck out.
        ["", "", "Qualcomm", ""],
        ["", "", "", "Withdrawn"],
        ["", "not to be taken", "", "R01 agreed"],
    ];
    let document = read_all(&docx(&table(&rows.map(row).concat()))).unwrap();
    let found: Vec<[String; 3]> =
        said(&document).into_iter().map(|[_, title, source, status, ..]| [title, source, status]).collect();
    assert_eq!(
        found,
        [["A title that is cut by the page", "CATT", "Noted,\nR01 expected"], ["Keys", "LG", "R01 agreed\n(TBPosted)"],]
    );
    let remarks = document.remarks.join("|");
    assert!(remarks.contains("Liaison statement") && remarks.contains(" |  |  | Agreed:"), "{remarks}");
    assert!(remarks.contains("Withdrawn") && remarks.contains("not to be taken"), "{remarks}");
}

#[test]
fn an_agenda_without_tables_lists_the_lines_that_begin_with_references() {
    let text = "Agenda of SEC#11\nDate: 9-13 June 2014\n7 Contributions\n\
                SEC-2014-0251R01 Overview (Qualcomm) \u{2013} Noted\nSEC-2014-0252: Keys, CATT, agreed\n8 Closure\n";
    let document = read_all(text.as_bytes()).unwrap();
    assert_eq!(document.contributions.len(), 0);
    let listed: Vec<&str> =
        document.remarks.iter().filter_map(|remark| remark.split_once(": begins")).map(|(line, _)| line).collect();
    assert_eq!(listed, ["SEC-2014-0251R01 Overview (Qualcomm) \u{2013} Noted", "SEC-2014-0252: Keys, CATT, agreed"]);
}
