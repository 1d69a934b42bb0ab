use std::io::{Cursor, Write};

use proptest::prelude::*;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::blocks::{Block, Cell, Paragraph, Row};
use super::forms::{self, FORMS, Form, SEED};
use super::*;

mod unusual;

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
    let compound = |stream: &str| {
        let mut bytes = COMPOUND.to_vec();
        bytes.resize(512, 0);
        bytes.extend(stream.encode_utf16().flat_map(u16::to_le_bytes));
        bytes
    };
    let kinds: [(Vec<u8>, &str); 9] = [
        (compound("EncryptedPackage"), "protected by a password"),
        (compound("Workbook"), "spreadsheet"),
        (compound("something"), "compound file"),
        (b"%PDF-1.7".to_vec(), "PDF"),
        (b"{\\rtf1".to_vec(), "RTF"),
        (b"<?xml version=\"1.0\"?><office:document/>".to_vec(), "XML"),
        (b"a\0b".to_vec(), "neither"),
        (b"\x89PNG\r\n\x1a\n\0\0".to_vec(), "neither"),
        (forms::package("xl/workbook.xml", &[("xl/workbook.xml", "<workbook/>".to_owned())], ""), "spreadsheet"),
    ];
    for (bytes, said) in kinds {
        let error = read_all(&bytes).unwrap_err();
        assert!(matches!(error, AgendaError::Kind(_)), "{error}");
        assert!(error.to_string().contains(said) && error.to_string().contains(".docx"), "{error}");
    }
    let error = read_all(&compound("WordDocument")).unwrap_err();
    assert!(
        ["LibreOffice", "antiword", "catdoc", ".docx"].iter().all(|name| error.to_string().contains(name)),
        "{error}"
    );
    assert!(matches!(read_all(b"PK\x03\x04 cut off"), Err(AgendaError::Damaged(_))));
    let told = read_all(b"Minutes without tables").unwrap_err().to_string();
    assert!(told.ends_with("such as A-WG4-TP8-001 or SEC-2014-0243"), "{told}");
}

#[test]
fn a_hostile_docx_gets_an_error_that_says_what_would_work() {
    let bomb = r#"<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><w:document>&b;</w:document>"#;
    let bomb = forms::package("word/document.xml", &[("word/document.xml", bomb.to_owned())], "");
    let whole = docx(&table(&row(["SEC-2014-0251", "One", "CATT", "Noted"])));
    let wide = format!("<w:tr>{}</w:tr>", cell(&paragraph("SEC-2014-0251")).repeat(100_000));
    let deep = "<w:sdt>".repeat(5_000) + &"</w:sdt>".repeat(5_000);
    let nested = "<w:tbl><w:tr><w:tc>".repeat(300) + &"</w:tc></w:tr></w:tbl>".repeat(300);
    for (bytes, said) in [
        (bomb, "document type definition"),
        (whole[..whole.len() / 2].to_vec(), "damaged"),
        (docx(&table(&wide)), "256 columns"),
        (docx(&deep), "nested too deeply"),
        (docx(&nested), "no action items"),
    ] {
        let error = read_all(&bytes).unwrap_err();
        assert!(error.to_string().contains(said), "{error}");
    }
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

/// A document with that table, in a form.
fn read_table(rows: &[Vec<String>], form: Form) -> AgendaDocument {
    let table = rows.iter().map(|row| Row { cells: row.iter().map(|cell| Cell::new(cell)).collect() }).collect();
    let heading = Paragraph { text: "7.2 Contributions affecting TS-0003".to_owned(), ..Paragraph::default() };
    let bytes = forms::written(&[Block::Paragraph(heading), Block::Table(table)], form);
    read_all(&bytes).unwrap_or_else(|error| panic!("{form:?}: {error}\n{}", String::from_utf8_lossy(&bytes)))
}

fn strings(rows: &[&[&str]]) -> Vec<Vec<String>> {
    rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect()
}

/// What the rows of contributions say: reference, title, source, status, item and deliverable.
fn said(document: &AgendaDocument) -> Vec<[String; 6]> {
    let of = |row: &ContributionRow| {
        [
            row.reference.to_string(),
            row.title.clone(),
            row.source.clone(),
            row.status_cell.clone(),
            row.agenda_item.clone(),
            row.deliverable.clone().unwrap_or_default(),
        ]
    };
    document.contributions.iter().map(of).collect()
}

#[test]
fn the_seeds_agenda_says_the_same_in_every_form() {
    let expected = forms::seed();
    // A row a line loses where the seed's cells end, which have blank lines in them.
    for form in FORMS.into_iter().filter(|form| *form != Form::TabbedText) {
        let read = read_all(&forms::written(&forms::seed_blocks(), form)).unwrap();
        assert!(read == expected, "{form:?}");
    }
}

#[test]
fn a_list_of_documents_with_other_columns_is_read_in_every_form() {
    let rows = strings(&[
        &["Agenda item", "TDoc", "Type", "Title", "Source", "For", "Decision", "Revised to", "Comments"],
        &[
            "7.1",
            "sec\u{2011}2014\u{2011}0251r1",
            "pCR",
            "Certificates",
            "CATT / Qualcomm",
            "Agreement",
            "Noted",
            "",
            "",
        ],
        &["7.3", "SEC-2014-0248", "DP", "Keys", "LG Electronics", "Discussion", "Revised", "SEC-2014-0248R01", ""],
        &["Agenda item", "TDoc", "Type", "Title", "Source", "For", "Decision", "Revised to", "Comments"],
        &["", "SEC-2014-0249.docx", "pCR", "Mutual Authentication", "Oberthur", "Agreement", "", "", "late"],
    ]);
    for form in FORMS {
        let document = read_table(&rows, form);
        assert_eq!(
            said(&document),
            [
                ["SEC-2014-0251", "Certificates", "CATT / Qualcomm", "Noted", "7.1", ""],
                ["SEC-2014-0248", "Keys", "LG Electronics", "Revised to SEC-2014-0248R01", "7.3", ""],
                ["SEC-2014-0249", "Mutual Authentication", "Oberthur", "", "7.2", "TS-0003"],
            ],
            "{form:?}"
        );
        let remarks = document.remarks.join("\n");
        assert!(remarks.contains("Comments: SEC-2014-0249 \"late\""), "{form:?}: {remarks}");
        assert_eq!(document.remarks.len(), 2, "the meeting, and the comments: {remarks}");
    }
}

#[test]
fn columns_without_headings_are_known_by_what_is_in_them() {
    let rows = strings(&[
        &["R01 agreed", "Gemalto", "Credentials Definitions", "SEC-2014-0259R01"],
        &["Noted", "Gemalto", "Comments to SEC-2014-0243R01", "SEC-2014-0261"],
        &["", "Qualcomm Inc.", "Overview of Security Frameworks", "SEC-2014-0243R01 > R02"],
    ]);
    for form in [Form::Docx, Form::WordHtml, Form::LibreOfficeHtml, Form::Text, Form::TabbedText] {
        let document = read_table(&rows, form);
        let said: Vec<[String; 4]> = document
            .contributions
            .iter()
            .map(|row| [&row.status_cell, &row.source, &row.title, &row.reference_cell].map(Clone::clone))
            .collect();
        assert_eq!(said.iter().map(|row| row.to_vec()).collect::<Vec<_>>(), rows, "{form:?}");
    }
}

#[test]
fn rows_that_are_headings_within_a_table_begin_agenda_items() {
    let rows = strings(&[
        &["Item", "Document", "Title", "Source", "Status"],
        &["7.3", "Enrolment of TR-0008", "", "", ""],
        &["", "SEC-2014-0251", "Certificates", "CATT", "Noted"],
        &["8 Discussion", "", "", "", ""],
        &["", "SEC-2014-0252", "Keys", "CATT", ""],
    ]);
    let document = read_table(&rows, Form::Docx);
    assert_eq!(
        said(&document),
        [
            ["SEC-2014-0251", "Certificates", "CATT", "Noted", "7.3", "TR-0008"],
            ["SEC-2014-0252", "Keys", "CATT", "", "8", ""],
        ]
    );
}

#[test]
fn a_table_that_goes_on_without_its_headings_keeps_its_columns() {
    let table = |rows: &[&[&str]]| {
        Block::Table(
            strings(rows).iter().map(|row| Row { cells: row.iter().map(|cell| Cell::new(cell)).collect() }).collect(),
        )
    };
    let blocks = [
        table(&[&["Status", "Contribution", "Source", "Title"], &["Noted", "SEC-2014-0251", "CATT", "Certificates"]]),
        Block::Paragraph(Paragraph { text: "Page 2".to_owned(), ..Paragraph::default() }),
        table(&[&["", "SEC-2014-0252", "Oberthur Technologies", "Keys"]]),
    ];
    let document = read_all(&forms::written(&blocks, Form::Docx)).unwrap();
    assert_eq!(said(&document)[1][..4], ["SEC-2014-0252", "Keys", "Oberthur Technologies", ""]);
}

#[test]
fn a_table_of_action_items_in_another_order_is_read() {
    let rows = strings(&[
        &["Status", "Action", "Responsible", "Action item"],
        &["OPEN", "Develop a vision", "Lead Gemalto", "a-wg4-tp8-2"],
        &["Closed", "Specify management", "Lead LG Electronics + Qualcomm", "A-WG4-TP8-003"],
    ]);
    for form in FORMS {
        let document = read_table(&rows, form);
        let said: Vec<String> = document
            .action_items
            .iter()
            .map(|row| format!("{} {} {} {}", row.reference, row.what, row.who, row.status))
            .collect();
        assert_eq!(
            said,
            [
                "A-WG4-TP8-002 Develop a vision Lead Gemalto OPEN",
                "A-WG4-TP8-003 Specify management Lead LG Electronics + Qualcomm Closed"
            ],
            "{form:?}"
        );
    }
}

#[test]
fn a_table_without_a_status_column_lists_what_is_to_come() {
    let rows = strings(&[&["Document", "Title"], &["SEC-2014-0270", "Privacy"], &["SEC-2014-0271R01", "Trust"]]);
    for form in [Form::Docx, Form::WordHtml, Form::TabbedText] {
        let document = read_table(&rows, form);
        assert_eq!(said(&document)[1], ["SEC-2014-0271", "Trust", "", "", "7.2", "TS-0003"], "{form:?}");
    }
}

#[test]
fn a_reference_may_have_breaks_and_spaces_at_its_hyphens() {
    for cell in
        ["SEC-\n2014-0251R01", "SEC\n-2014-\n0251R01", "SEC - 2014 - 0251 R01", "SEC\u{2011}2014\u{ad}\u{2011}0251r01"]
    {
        let rows = strings(&[&[cell, "Certificates", "CATT", "Noted"]]);
        for form in [Form::Docx, Form::WordHtml, Form::PlainHtml] {
            assert_eq!(said(&read_table(&rows, form))[0][0], "SEC-2014-0251", "{form:?} {cell:?}");
        }
    }
}

#[test]
fn word_processors_fields_boxes_and_notes_are_no_text() {
    let reference = cell(concat!(
        "<w:p><w:hyperlink><w:r><w:fldChar/><w:instrText>HYPERLINK x</w:instrText></w:r><w:r><w:t>SEC-2014</w:t><w:softHyphen/>",
        "<w:t>-0251</w:t></w:r></w:hyperlink><w:moveTo><w:r><w:t>R01</w:t></w:r></w:moveTo><w:moveFrom><w:r><w:t>R09</w:t></w:r></w:moveFrom></w:p>"
    ));
    let title = cell(concat!(
        "<w:p><w:r><w:t>Certificates</w:t><w:footnoteReference/></w:r><w:r><w:pict><w:txbxContent><w:tbl><w:tr><w:tc>",
        "<w:p><w:r><w:t>SEC-2014-0299</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl></w:txbxContent></w:pict></w:r></w:p>"
    ));
    let row = format!("<w:tr>{reference}{title}{}{}</w:tr>", cell(&paragraph("CATT")), cell(&paragraph("Noted")));
    let document = read_all(&docx(&table(&row))).unwrap();
    assert_eq!(document.contributions.len(), 1);
    assert_eq!(document.contributions[0].reference_cell, "SEC-2014-0251R01");
    assert_eq!(document.contributions[0].title, "Certificates");
}

/// A row of a generated table: number, title, source, status, in the words of agendas.
fn generated() -> impl Strategy<Value = Vec<(u16, String, String, String)>> {
    let words = "[A-Z][a-z]{2,9}( [a-z&<é–]{2,9}){0,5}";
    let source =
        prop_oneof![Just("CATT"), Just("LG Electronics"), Just("Qualcomm Inc."), Just("Gemalto/Oberthur"), Just("")];
    let status = prop_oneof![
        Just(""),
        Just("Noted"),
        Just("R02 expected"),
        Just("Keep OPEN"),
        Just("R01 agreed (TBPosted)"),
        Just("Noted, Merge TBD offline\nRevision expected")
    ];
    let row = (words, source.prop_map(str::to_owned), status.prop_map(str::to_owned));
    proptest::collection::vec(row, 2..12).prop_map(|rows| {
        rows.into_iter().zip(100..).map(|((title, source, status), n)| (n, title, source, status)).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_generated_table_says_the_same_in_every_form_and_order(
        rows in generated(),
        order in Just([0_usize, 1, 2, 3]).prop_shuffle(),
    ) {
        let arranged = |cells: [&str; 4]| order.iter().map(|at| cells[*at].to_owned()).collect::<Vec<String>>();
        let mut table = vec![arranged(["Document", "Title", "Source", "Status"])];
        for (number, title, source, status) in &rows {
            table.push(arranged([&format!("SEC-2014-0{number}R01"), title, source, status]));
        }
        let expected: Vec<[String; 6]> = rows
            .iter()
            .map(|(n, title, source, status)| {
                [format!("SEC-2014-0{n}"), title.clone(), source.clone(), status.clone(), "7.2".into(), "TS-0003".into()]
            })
            .collect();
        for form in FORMS {
            // A text of a line a row does not say whether a break is one within a cell.
            if form == Form::TabbedText && rows.iter().any(|(.., status)| status.contains('\n')) {
                continue;
            }
            let document = read_table(&table, form);
            prop_assert_eq!(&said(&document), &expected, "{:?}", form);
            prop_assert_eq!(document.remarks.len(), 1, "{:?}: {:?}", form, document.remarks);
        }
    }

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
