//! For tests: the same document in every form that is read, as the programs that save it write it.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::AgendaDocument;
use super::blocks::{Block, ItemNumber, Table};
use super::sections::is_numbered_title;
use crate::domain::ReferenceScheme;

/// The seed's agenda, as a word processor saves it as text.
pub(super) const SEED: &str = include_str!("../../tests/seed/agenda.txt");

/// A form of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// WordprocessingML, transitional.
    Docx,
    /// WordprocessingML, strict, with another prefix and another name of the main part.
    StrictDocx,
    /// "Web page" of Word: classes, lists as text, conditional comments, windows-1252.
    WordHtml,
    /// As LibreOffice exports it.
    LibreOfficeHtml,
    /// By hand, without end tags that may be left out.
    PlainHtml,
    /// Each cell begins on a line of its own.
    Text,
    /// Each row is a line.
    TabbedText,
}

/// Every form.
pub(super) const FORMS: [Form; 7] = [
    Form::Docx,
    Form::StrictDocx,
    Form::WordHtml,
    Form::LibreOfficeHtml,
    Form::PlainHtml,
    Form::Text,
    Form::TabbedText,
];

/// What the seed's agenda means.
pub(super) fn seed() -> AgendaDocument {
    serde_json::from_str(include_str!("../../tests/seed/expected.json")).expect("a document")
}

/// The seed's agenda as blocks.
pub(super) fn seed_blocks() -> Vec<Block> {
    super::text::blocks(SEED, &ReferenceScheme::default())
}

/// The blocks in a form.
pub(super) fn written(blocks: &[Block], form: Form) -> Vec<u8> {
    match form {
        Form::Docx => docx(blocks, "word/document.xml", "w", TRANSITIONAL),
        Form::StrictDocx => docx(blocks, "content/main2.xml", "ns0", STRICT),
        Form::WordHtml => word_html(blocks),
        Form::LibreOfficeHtml => libre_office_html(blocks).into_bytes(),
        Form::PlainHtml => plain_html(blocks).into_bytes(),
        Form::Text => text(blocks, false).into_bytes(),
        Form::TabbedText => text(blocks, true).into_bytes(),
    }
}

const TRANSITIONAL: [&str; 2] = [
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
];
const STRICT: [&str; 2] =
    ["http://purl.oclc.org/ooxml/wordprocessingml/main", "http://purl.oclc.org/ooxml/officeDocument/relationships"];

/// The heading's level, from 1, where a line is one.
fn level(line: &str) -> Option<usize> {
    let (number, _) = ItemNumber::leading(line).filter(|_| is_numbered_title(line))?;
    Some(number.0.len().min(6))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A package of those parts, and what Word needs to open it.
pub(super) fn package(main: &str, parts: &[(&str, String)], relationships: &str) -> Vec<u8> {
    const TYPES: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";
    let mut overrides = String::new();
    for (name, _) in parts {
        let kind = match name.rsplit('/').next() {
            Some("numbering.xml") => "numbering",
            Some("styles.xml") => "styles",
            _ => "document.main",
        };
        let _ = write!(overrides, r#"<Override PartName="/{name}" ContentType="{TYPES}.{kind}+xml"/>"#);
    }
    let package = [
        (
            "[Content_Types].xml",
            format!(
                r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{overrides}</Types>"#
            ),
        ),
        (
            "_rels/.rels",
            format!(
                r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="{relationships}/officeDocument" Target="{main}"/></Relationships>"#
            ),
        ),
    ];
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, xml) in
        package.iter().map(|(name, xml)| (*name, xml)).chain(parts.iter().map(|(name, xml)| (*name, xml)))
    {
        archive.start_file(name, SimpleFileOptions::default()).expect("a part begins");
        archive.write_all(xml.as_bytes()).expect("a part is written");
    }
    archive.finish().expect("an archive").into_inner()
}

fn docx(blocks: &[Block], main: &str, prefix: &str, [namespace, relationships]: [&str; 2]) -> Vec<u8> {
    let paragraph = |text: &str| {
        let runs: Vec<String> =
            text.split('\n').map(|line| format!("<w:t xml:space=\"preserve\">{}</w:t>", escaped(line))).collect();
        format!("<w:p><w:r>{}</w:r></w:p>", runs.join("<w:br/>"))
    };
    let mut body = String::new();
    for block in blocks {
        match block {
            Block::Paragraph(one) => body += &paragraph(&one.text),
            Block::Table(table) => {
                let width = table.iter().map(|row| row.cells.len()).max().unwrap_or(0);
                body += "<w:tbl><w:tblPr/><w:tblGrid>";
                body += &"<w:gridCol w:w=\"2000\"/>".repeat(width);
                body += "</w:tblGrid>";
                for row in table {
                    body += "<w:tr>";
                    for cell in &row.cells {
                        // Word ends a line of a cell by a paragraph; by a break where it is one paragraph.
                        let lines: String = match cell.text.split_once("\n\n") {
                            Some((first, rest)) => paragraph(first) + &paragraph("") + &paragraph(rest),
                            None => paragraph(&cell.text),
                        };
                        let _ = write!(body, "<w:tc><w:tcPr/>{lines}</w:tc>");
                    }
                    // A row ends as the table does: cells that are left off are covered by none.
                    body += "</w:tr>";
                }
                body += "</w:tbl>";
            }
        }
    }
    let document = format!(r#"<w:document xmlns:w="{namespace}"><w:body>{body}</w:body></w:document>"#);
    let document = document
        .replace("<w:", &format!("<{prefix}:"))
        .replace("</w:", &format!("</{prefix}:"))
        .replace("xmlns:w=", &format!("xmlns:{prefix}="))
        .replace(" w:w=", &format!(" {prefix}:w="));
    package(main, &[(main, document)], relationships)
}

fn word_html(blocks: &[Block]) -> Vec<u8> {
    let paragraph = |text: &str, class: &str| {
        let text = if text.is_empty() { "&nbsp;".to_owned() } else { escaped(text).replace('\n', "<br>\r\n") };
        // Word wraps its source between words.
        let text = text.replace(" of ", "\r\nof ").replace("  ", " &nbsp;");
        format!(
            "<p class={class} style='margin-bottom:0cm;mso-pagination:none'><span lang=EN-GB\r\nstyle='font-size:10.0pt'>{text}<o:p></o:p></span></p>\r\n"
        )
    };
    let mut page = concat!(
        "<html xmlns:v=\"urn:schemas-microsoft-com:vml\"\r\nxmlns:o=\"urn:schemas-microsoft-com:office:office\"\r\n",
        "xmlns:w=\"urn:schemas-microsoft-com:office:word\">\r\n<head>\r\n",
        "<meta http-equiv=Content-Type content=\"text/html; charset=windows-1252\">\r\n",
        "<meta name=Generator content=\"Microsoft Word 15\">\r\n<title>Agenda SEC#99</title>\r\n",
        "<!--[if gte mso 9]><xml>\r\n <w:WordDocument>\r\n  <w:View>Normal</w:View>\r\n </w:WordDocument>\r\n",
        "</xml><![endif]-->\r\n<style>\r\n<!--\r\n p.MsoNormal\r\n\t{mso-style-parent:\"\";}\r\n-->\r\n</style>\r\n</head>\r\n\r\n",
        "<body lang=EN-GB style='tab-interval:36.0pt'>\r\n<div class=WordSection1>\r\n"
    )
    .to_owned();
    for block in blocks {
        match block {
            Block::Paragraph(one) => match level(&one.text) {
                Some(level) => {
                    let (number, title) = one.text.split_once(' ').unwrap_or(("", &one.text));
                    let _ = write!(
                        page,
                        "<h{level} style='mso-list:l0 level{level} lfo1'><![if !supportLists]><span\r\nstyle='mso-list:Ignore'>{number}<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp; </span></span><![endif]>{}<o:p></o:p></h{level}>\r\n",
                        escaped(title).replace(" and ", "\r\nand ")
                    );
                }
                None => page += &paragraph(&one.text, "MsoNormal"),
            },
            Block::Table(table) => {
                page += "<table class=MsoTableGrid border=1 cellspacing=0 cellpadding=0 style='border-collapse:collapse'>\r\n";
                for row in table {
                    page += " <tr style='mso-yfti-irow:0'>\r\n";
                    for cell in &row.cells {
                        page += "  <td width=154 valign=top style='width:115.5pt;padding:0cm 5.4pt'>\r\n  ";
                        for line in cell.text.split('\n') {
                            page += &paragraph(line, "MsoNormal");
                        }
                        page += "  </td>\r\n";
                    }
                    page += " </tr>\r\n";
                }
                page += "</table>\r\n\r\n<p class=MsoNormal><o:p>&nbsp;</o:p></p>\r\n";
            }
        }
    }
    page += "</div>\r\n</body>\r\n</html>\r\n";
    // Characters that the encoding lacks are references in it.
    encoding_rs::WINDOWS_1252.encode(&page).0.into_owned()
}

fn libre_office_html(blocks: &[Block]) -> String {
    let lines = |text: &str| {
        let wrapped = escaped(text).replace(" of ", "\n\t\t\tof ").replace(" to ", "\n\t\t\tto ");
        wrapped.replace('\n', "<br/>\n").replace("<br/>\n\t\t\t", "\n\t\t\t")
    };
    let mut page = concat!(
        "<!DOCTYPE html>\n<html>\n<head>\n\t<meta http-equiv=\"content-type\" content=\"text/html; charset=utf-8\"/>\n",
        "\t<title></title>\n\t<style type=\"text/css\">\n\t\tp { line-height: 115% }\n\t</style>\n</head>\n",
        "<body lang=\"en-US\" dir=\"ltr\"><div title=\"header\"><p>Page 1<br/>\n\n</p></div>"
    )
    .to_owned();
    for block in blocks {
        match block {
            Block::Paragraph(one) => {
                let (begin, end) = match level(&one.text) {
                    Some(level) => (format!("<h{level} class=\"western\">"), format!("</h{level}>\n")),
                    None => ("<p style=\"margin-bottom: 0in\">\n".to_owned(), "</p>\n".to_owned()),
                };
                page += &(begin + &lines(&one.text) + &end);
            }
            Block::Table(table) => {
                page += "<table width=\"576\" cellpadding=\"7\" cellspacing=\"0\">\n\t<col width=\"130\"/>\n\n";
                for row in table {
                    page += "\t<tr valign=\"top\">\n";
                    for cell in &row.cells {
                        page += "\t\t<td width=\"130\" style=\"border: none; padding: 0in\">";
                        for line in cell.text.split('\n') {
                            let line = if line.is_empty() { "<br/>\n".to_owned() } else { lines(line) };
                            let _ =
                                write!(page, "<p style=\"orphans: 0\"><font size=\"2\">\n\t\t\t{line}</font></p>\n");
                        }
                        page += "\t\t</td>\n";
                    }
                    page += "\t</tr>\n";
                }
                page += "</table>\n";
            }
        }
    }
    page + "</body>\n</html>\n"
}

fn plain_html(blocks: &[Block]) -> String {
    let mut page = "<title>x</title><H1>Agenda</H1>\n".to_owned();
    for block in blocks {
        match block {
            Block::Paragraph(one) => {
                let _ = writeln!(page, "<P>{}", escaped(&one.text).replace('\n', "<BR>"));
            }
            Block::Table(table) => {
                page += "<TABLE BORDER>\n";
                for row in table {
                    page += "<TR>";
                    for cell in &row.cells {
                        let _ = write!(page, "<TD>{}", escaped(&cell.text).replace('\n', "<BR>"));
                    }
                    page.push('\n');
                }
                page += "</TABLE>\n";
            }
        }
    }
    page
}

fn text(blocks: &[Block], tabbed: bool) -> String {
    let mut text = String::new();
    let rows = |text: &mut String, table: &Table| {
        for row in table {
            let cells: Vec<&str> = row.cells.iter().map(|cell| cell.text.as_str()).collect();
            if tabbed {
                *text += &cells.join("\t");
                text.push('\n');
            } else {
                for cell in cells {
                    let _ = writeln!(text, "\t{cell}");
                }
                text.push('\n');
            }
        }
    };
    for block in blocks {
        match block {
            Block::Paragraph(one) => {
                let _ = writeln!(text, "{}", one.text);
            }
            Block::Table(table) => {
                rows(&mut text, table);
                text.push('\n');
            }
        }
    }
    text
}
