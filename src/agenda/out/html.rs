//! As a page of HTML: headings and tables, nothing from elsewhere.

use std::fmt::Write as _;

use super::{Agenda, Section};

const STYLE: &str = "body{font:11pt/1.4 Arial,Helvetica,sans-serif;max-width:60em;margin:2em auto;padding:0 1em}\
table{border-collapse:collapse;width:100%;margin:.5em 0 1em}\
th,td{border:1px solid #a6a6a6;padding:.25em .5em;text-align:left;vertical-align:top}\
thead th{background:#dee6f0;font-size:85%}tbody th{width:25%}td{overflow-wrap:anywhere}";

/// The page.
pub(super) fn write(agenda: &Agenda) -> String {
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <p><strong>{}</strong></p>\n<table>\n",
        escaped(&agenda.title),
        escaped(&agenda.title)
    );
    for [label, value] in &agenda.front {
        let _ = writeln!(page, "<tr><th scope=\"row\">{}</th><td>{}</td></tr>", escaped(label), escaped(value));
    }
    page.push_str("</table>\n");
    for each in &agenda.sections {
        section(&mut page, each);
    }
    page.push_str("</body>\n</html>\n");
    page
}

fn section(page: &mut String, section: &Section) {
    let level = (section.number.split('.').count() + 1).min(6);
    let _ = writeln!(page, "<h{level}>{} {}</h{level}>", section.number, escaped(&section.title));
    for note in &section.notes {
        let _ = writeln!(page, "<p>{}</p>", escaped(note));
    }
    let Some(table) = &section.table else { return };
    page.push_str("<table>\n<thead><tr>");
    for column in &table.columns {
        let _ = write!(page, "<th scope=\"col\">{}</th>", column.heading());
    }
    page.push_str("</tr></thead>\n<tbody>\n");
    for row in &table.rows {
        page.push_str("<tr>");
        for cell in row {
            let _ = write!(page, "<td>{}</td>", escaped(cell));
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody>\n</table>\n");
}

/// A text as HTML, its lines divided by breaks.
fn escaped(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    escaped.replace('\n', "<br>")
}
