//! Documents that groups write otherwise than the seed's agenda is written.

use super::{cell, docx, paragraph, read_all, row, said, table};

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
