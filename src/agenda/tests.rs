use std::io::{Cursor, Write};

use proptest::prelude::*;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

const SEED: &str = include_str!("../../tests/seed/agenda.txt");
const EXPECTED: &str = include_str!("../../tests/seed/expected.json");

fn read_all(bytes: &[u8]) -> Result<AgendaDocument, AgendaError> {
    read(bytes, &ReferenceScheme::default())
}

/// A .docx file with that body, a list that numbers headings of two levels, and no styles.
fn docx(body: &str) -> Vec<u8> {
    const W: &str = r#"xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main""#;
    let level = |at: u8, text: &str| {
        format!(
            r#"<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="{text}"/></w:lvl>"#
        )
    };
    let numbering = format!(
        r#"<w:numbering {W}><w:abstractNum w:abstractNumId="0">{}{}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride></w:num></w:numbering>"#,
        level(0, "%1"),
        level(1, "%1.%2")
    );
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, xml) in [
        ("word/document.xml", format!("<w:document {W}><w:body>{body}</w:body></w:document>")),
        ("word/numbering.xml", numbering),
    ] {
        archive.start_file(name, SimpleFileOptions::default()).unwrap();
        archive.write_all(xml.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn paragraph(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

fn heading(level: u8, text: &str) -> String {
    format!(
        r#"<w:p><w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"#
    )
}

fn cell(content: &str) -> String {
    format!("<w:tc>{content}</w:tc>")
}

fn row(cells: [&str; 4]) -> String {
    let cells: String = cells.iter().map(|text| cell(&paragraph(text))).collect();
    format!("<w:tr>{cells}</w:tr>")
}

fn table(rows: &str) -> String {
    format!("<w:tbl>{rows}</w:tbl>")
}

#[test]
fn the_seeds_agenda_gives_exactly_what_it_means() {
    let expected: AgendaDocument = serde_json::from_str(EXPECTED).unwrap();
    assert_eq!(read_all(SEED.as_bytes()).unwrap(), expected);
}

#[test]
fn a_text_in_another_encoding_or_with_other_line_ends_says_the_same() {
    let expected = read_all(SEED.as_bytes()).unwrap();
    let utf16: Vec<u8> = std::iter::once(0xfeff).chain(SEED.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    assert_eq!(read_all(&utf16).unwrap(), expected);
    assert_eq!(read_all(&encoding_rs::WINDOWS_1252.encode(SEED).0).unwrap(), expected);
    assert_eq!(read_all(format!("\u{feff}{}", SEED.replace('\n', "\r\n")).as_bytes()).unwrap(), expected);
}

#[test]
fn automatic_numbers_tracked_changes_and_controls_are_read_as_they_show() {
    let changed = cell(
        "<w:p><w:r><w:t>SEC</w:t><w:noBreakHyphen/><w:t>2014-0243R01</w:t></w:r><w:ins><w:r><w:t> &gt; R02</w:t></w:r></w:ins><w:del><w:r><w:delText> &gt; R09</w:delText></w:r></w:del></w:p>",
    );
    let status = cell(
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>Noted</w:t><w:br/><w:t>see 0243R02</w:t></w:r></w:p></w:sdtContent></w:sdt>",
    );
    let rows = format!(
        "<w:tr>{changed}{}{}{status}</w:tr>{}<w:tr><w:trPr><w:del/></w:trPr>{}</w:tr>",
        cell(&paragraph("Overview")),
        cell(&paragraph("Qualcomm")),
        row(["SEC-2014-0244", "Bootstrap", "CATT", ""]),
        cell(&paragraph("SEC-2014-0299")),
    );
    let body = heading(0, "Contributions affecting TS-0003")
        + &heading(1, "Concepts")
        + &heading(1, "Frameworks")
        + &table(&rows);
    let document = read_all(&docx(&body)).unwrap();
    let first = &document.contributions[0];
    assert_eq!(
        (first.reference_cell.as_str(), first.status_cell.as_str()),
        ("SEC-2014-0243R01 > R02", "Noted\nsee 0243R02")
    );
    assert_eq!((first.agenda_item.as_str(), first.deliverable.as_deref()), ("7.2", Some("TS-0003")));
    assert_eq!(document.contributions.len(), 2);
}

#[test]
fn merged_cells_keep_their_columns_and_a_nested_table_is_read_by_itself() {
    let wide = format!(
        r#"<w:tr>{}<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>{}</w:tc>{}</w:tr>"#,
        cell(&paragraph("SEC-2014-0251")),
        paragraph("Certificates"),
        cell(&paragraph("Noted"))
    );
    let nested = table(&row(["SEC-2014-0252", "Keys", "CATT", "R01 agreed"]));
    let body = table(&format!("{wide}<w:tr>{}</w:tr>", cell(&(nested + "<w:p/>"))));
    let document = read_all(&docx(&body)).unwrap();
    let said: Vec<(&str, &str, &str)> = document
        .contributions
        .iter()
        .map(|row| (row.title.as_str(), row.source.as_str(), row.status_cell.as_str()))
        .collect();
    assert_eq!(said, [("Certificates", "", "Noted"), ("Keys", "CATT", "R01 agreed")]);
}

#[test]
fn a_text_with_a_row_a_line_says_the_same_as_the_document() {
    let rows =
        row(["SEC-2014-0251R01", "Certificates", "CATT", "Noted"]) + &row(["SEC-2014-0249", "Keys", "Oberthur", ""]);
    let body = heading(0, "Contributions affecting TS-0003") + &heading(1, "Concepts") + &table(&rows);
    let text = concat!(
        "7 Contributions affecting TS-0003\n7.1 Concepts\n",
        "SEC-2014-0251R01\tCertificates\tCATT\tNoted\nSEC-2014-0249\tKeys\tOberthur\t\n"
    );
    assert_eq!(read_all(text.as_bytes()).unwrap(), read_all(&docx(&body)).unwrap());
}

#[test]
fn a_reference_broken_after_a_hyphen_keeps_its_break_for_the_scanner_to_join() {
    let document = read_all(b"\tSEC-2014-\n0243R01\n\tOverview\n\tQualcomm\n\tNoted\n").unwrap();
    assert_eq!(document.contributions[0].reference.to_string(), "SEC-2014-0243");
    assert_eq!(document.contributions[0].reference_cell, "SEC-2014-\n0243R01");
}

#[test]
fn a_reference_given_twice_and_an_unknown_label_are_remarks() {
    let rows = row(["SEC-2014-0251", "One", "CATT", "Noted"])
        + &row(["SEC-2014-0251R01", "Two", "CATT", "agreed"])
        + &row(["A-WG2-TP8-001", "What", "Who", "OPEN"]);
    let document = read_all(&docx(&table(&rows))).unwrap();
    assert_eq!(document.contributions.len(), 1);
    assert_eq!(document.contributions[0].title, "One");
    let remarks = document.remarks.join("\n");
    assert!(remarks.contains("SEC-2014-0251R01 | Two | CATT | agreed"), "{remarks}");
    assert!(remarks.contains("A-WG2-TP8-001 | What | Who | OPEN"), "{remarks}");
}

#[test]
fn other_kinds_of_file_are_refused_with_what_would_work() {
    for bytes in [
        &b"\xd0\xcf\x11\xe0\xa1\xb1"[..],
        b"%PDF-1.7",
        b"{\\rtf1",
        b"<?xml version=\"1.0\"?><office:document/>",
        b"a\0b",
    ] {
        let error = read_all(bytes).unwrap_err();
        assert!(matches!(error, AgendaError::Kind(_)), "{error}");
        assert!(error.to_string().contains(".docx"), "{error}");
    }
    assert!(matches!(read_all(b"PK\x03\x04 cut off"), Err(AgendaError::Damaged(_))));
    assert_eq!(read_all(b"Minutes without tables"), Err(AgendaError::NoTables));
}

#[test]
fn a_document_that_unpacks_beyond_the_limit_is_refused() {
    let error = read_all(&docx(&" ".repeat(65 << 20))).unwrap_err();
    assert!(error.to_string().contains("larger than 64 MiB"), "{error}");
}

#[test]
fn ten_thousand_rows_are_all_read() {
    let rows: String = (0..10_000).map(|n| row([&format!("SEC-2014-{n:04}"), "Title", "CATT", "Noted"])).collect();
    assert_eq!(read_all(&docx(&table(&rows))).unwrap().contributions.len(), 10_000);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let _ = read_all(&bytes);
    }

    #[test]
    fn a_text_of_an_agendas_pieces_never_panics(
        pieces in proptest::collection::vec(
            prop_oneof!["\t", "\n", "7\\.[0-9] ", "SEC-2014-02[0-9]{2}", "Monday", "08:00-09:00", "\\PC{0,8}", "Contributions"],
            0..200,
        )
    ) {
        let _ = read_all(pieces.concat().as_bytes());
    }

    #[test]
    fn a_damaged_docx_never_panics(at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>()) {
        let body = table(&row(["SEC-2014-0251", "One", "CATT", "Noted"]));
        let mut bytes = docx(&body);
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if cut {
            bytes.truncate(at);
        }
        let _ = read_all(&bytes);
    }
}
