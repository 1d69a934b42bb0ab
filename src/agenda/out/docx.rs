//! As a document of Word: WordprocessingML (ECMA-376 part 1, section 17) in its package, with styles
//! for headings and tables, header rows that are repeated on each page, and no macros.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use quick_xml::escape::escape;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::parts::{self, WIDTH};
use super::{Agenda, Section, Table};

/// The document's bytes: the same for the same agenda.
pub(super) fn write(agenda: &Agenda) -> Vec<u8> {
    let parts = [
        ("[Content_Types].xml", parts::CONTENT_TYPES.to_owned()),
        ("_rels/.rels", parts::RELATIONS.to_owned()),
        ("docProps/core.xml", parts::core(agenda)),
        ("docProps/app.xml", parts::APPLICATION.to_owned()),
        ("word/document.xml", document(agenda)),
        ("word/_rels/document.xml.rels", parts::DOCUMENT_RELATIONS.to_owned()),
        ("word/styles.xml", parts::STYLES.to_owned()),
        ("word/settings.xml", parts::SETTINGS.to_owned()),
        ("word/footer1.xml", parts::footer(agenda)),
    ];
    package(&parts).unwrap_or_default()
}

/// Writing into memory does not fail.
fn package(parts: &[(&str, String)]) -> zip::result::ZipResult<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    // Without a time of its own: the same agenda gives the same bytes.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default());
    for (name, xml) in parts {
        archive.start_file(*name, options)?;
        archive.write_all(xml.as_bytes())?;
    }
    Ok(archive.finish()?.into_inner())
}

fn document(agenda: &Agenda) -> String {
    let mut body = String::new();
    body.push_str(parts::DOCUMENT_BEGINS);
    paragraph(&mut body, "Title", &agenda.title);
    front(&mut body, &agenda.front);
    for section in &agenda.sections {
        heading(&mut body, section);
        for note in &section.notes {
            paragraph(&mut body, "Note", note);
        }
        if let Some(table) = &section.table {
            rows(&mut body, table);
        }
    }
    body.push_str(parts::DOCUMENT_ENDS);
    body
}

fn heading(body: &mut String, section: &Section) {
    let level = section.number.split('.').count().min(3);
    let text = format!("{}\t{}", section.number, section.title);
    paragraph(body, &format!("Heading{level}"), &text);
}

/// A paragraph in a style; none where it has no name.
fn paragraph(body: &mut String, style: &str, text: &str) {
    body.push_str("<w:p>");
    if !style.is_empty() {
        let _ = write!(body, r#"<w:pPr><w:pStyle w:val="{style}"/></w:pPr>"#);
    }
    if !text.is_empty() {
        body.push_str("<w:r>");
        for (at, line) in text.split('\n').enumerate() {
            if at > 0 {
                body.push_str("<w:br/>");
            }
            for (at, piece) in line.split('\t').enumerate() {
                if at > 0 {
                    body.push_str("<w:tab/>");
                }
                let _ = write!(body, r#"<w:t xml:space="preserve">{}</w:t>"#, escape(piece));
            }
        }
        body.push_str("</w:r>");
    }
    body.push_str("</w:p>");
}

/// The header's table, without a row of headings: its labels stand at the left.
fn front(body: &mut String, front: &[[String; 2]]) {
    let widths = [WIDTH / 4, WIDTH - WIDTH / 4];
    begin_table(body, "AgendaHeader", &widths);
    for row in front {
        body.push_str("<w:tr><w:trPr><w:cantSplit/></w:trPr>");
        for ((text, width), style) in row.iter().zip(widths).zip(["Label", "Cell"]) {
            cell(body, width, style, text);
        }
        body.push_str("</w:tr>");
    }
    end_table(body);
}

fn rows(body: &mut String, table: &Table) {
    let widths = widths(table);
    begin_table(body, "AgendaTable", &widths);
    body.push_str("<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>");
    for (column, width) in table.columns.iter().zip(&widths) {
        cell(body, *width, "ColumnHeading", column.heading());
    }
    body.push_str("</w:tr>");
    for row in &table.rows {
        body.push_str("<w:tr><w:trPr><w:cantSplit/></w:trPr>");
        for (text, width) in row.iter().zip(&widths) {
            cell(body, *width, "Cell", text);
        }
        body.push_str("</w:tr>");
    }
    end_table(body);
}

/// The page's width, shared by the columns, in twentieths of a point.
fn widths(table: &Table) -> Vec<usize> {
    let all: usize = table.columns.iter().map(|column| column.weight()).sum();
    table.columns.iter().map(|column| WIDTH * column.weight() / all.max(1)).collect()
}

fn begin_table(body: &mut String, style: &str, widths: &[usize]) {
    let all: usize = widths.iter().sum();
    let _ = write!(
        body,
        r#"<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/><w:tblW w:w="{all}" w:type="dxa"/><w:tblLayout w:type="fixed"/><w:tblLook w:val="0420" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="0" w:noVBand="1"/></w:tblPr><w:tblGrid>"#
    );
    for width in widths {
        let _ = write!(body, r#"<w:gridCol w:w="{width}"/>"#);
    }
    body.push_str("</w:tblGrid>");
}

/// Ends a table; a paragraph keeps the next one from growing together with it.
fn end_table(body: &mut String) {
    body.push_str("</w:tbl>");
    paragraph(body, "AfterTable", "");
}

fn cell(body: &mut String, width: usize, style: &str, text: &str) {
    let _ = write!(body, r#"<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>"#);
    paragraph(body, style, text);
    body.push_str("</w:tc>");
}
