//! `cargo bench --bench agenda`: an agenda of 5,000 rows imported as .docx, HTML and text, each into a
//! new group, by the program itself; then once more, which changes nothing. Of the first, the agenda is exported in
//! every format that there is.
//!
//! Printed are the time and the peak of resident memory against their limits, 2 s and 100 MiB. Memory
//! is asserted; time is not, because machines differ.

mod measured;

use std::fmt::Write as _;
use std::fs;
use std::io::{Cursor, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use measured::{Measured, measured};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const ROWS: usize = 5_000;
const LIMIT_MIB: u64 = 100;

fn main() {
    let folder = tempfile::tempdir().expect("a temporary directory");
    for (kind, bytes) in [("docx", docx()), ("html", html().into_bytes()), ("txt", text().into_bytes())] {
        let home = folder.path().join(kind);
        let file = folder.path().join(format!("agenda.{kind}"));
        fs::write(&file, &bytes).expect("the agenda");
        run(Command::new(env!("CARGO_BIN_EXE_minuted")).args(["init", "--embedded"]).arg(&home));
        for again in ["first", "again"] {
            let Measured { took, cpu, peak } = measured(import(&home).arg(&file));
            println!(
                "{ROWS} rows as .{kind} ({} KiB), {again}: {took:.2?} of 2 s, {cpu:.2?} of processor time; peak {peak} MiB of {LIMIT_MIB} MiB allowed",
                bytes.len() >> 10
            );
            assert!(peak <= LIMIT_MIB, "{peak} MiB of memory are more than {LIMIT_MIB}");
        }
    }
    for format in ["docx", "html", "txt", "md", "csv", "json"] {
        let file = folder.path().join(format!("exported.{format}"));
        let Measured { took, cpu, peak } = measured(export(&folder.path().join("docx")).arg(&file));
        let size = fs::metadata(&file).expect("the export").len() >> 10;
        println!(
            "{ROWS} rows exported as .{format} ({size} KiB): {took:.2?} of 2 s, {cpu:.2?} of processor time; peak {peak} MiB of {LIMIT_MIB} MiB allowed",
        );
        assert!(size > 0, "nothing was exported as .{format}");
        assert!(peak <= LIMIT_MIB, "{peak} MiB of memory are more than {LIMIT_MIB}");
    }
}

fn export(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_minuted"));
    command.arg("--config").arg(home.join("minuted.toml")).args(["export", "agenda", "SEC#10", "-o"]);
    command
}

fn import(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_minuted"));
    command.arg("--config").arg(home.join("minuted.toml")).args(["import", "agenda"]);
    command
}

fn run(command: &mut Command) {
    let status = command.stdout(Stdio::null()).status().expect("minuted starts");
    assert!(status.success(), "{command:?}: {status}");
}

/// The cells of a row.
fn row(number: usize) -> [String; 4] {
    const STATUS: [&str; 5] = ["Noted", "R01 agreed (TBPosted)", "Noted, see 0243R02", "R02 expected", ""];
    const SOURCE: [&str; 3] = ["Qualcomm", "Gemalto", "LG Electronics"];
    [
        format!("SEC-2014-{number:04}R01"),
        format!("Overview of the security framework of part {number}"),
        SOURCE[number % SOURCE.len()].to_owned(),
        STATUS[number % STATUS.len()].to_owned(),
    ]
}

const FRONT: [&str; 2] = ["Meeting title: SEC#10 (TP10)", "Meeting date: 2014-04-07 to 2014-04-11"];
const HEADING: &str = "7 Contributions affecting TS-0003";

fn docx() -> Vec<u8> {
    // As Word writes it, with its properties and revision marks.
    let paragraph = |text: &str| {
        format!(
            r#"<w:p w:rsidR="00A12B34" w:rsidRDefault="00A12B34"><w:pPr><w:keepNext/><w:spacing w:before="40" w:after="40"/><w:rPr><w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:cs="Arial"/><w:sz w:val="18"/><w:lang w:val="en-GB"/></w:rPr></w:pPr><w:r w:rsidRPr="00C12D34"><w:rPr><w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:cs="Arial"/><w:sz w:val="18"/><w:lang w:val="en-GB"/></w:rPr><w:t xml:space="preserve">{text}</w:t></w:r></w:p>"#
        )
    };
    let mut body: String = FRONT.iter().map(|line| paragraph(line)).collect();
    body += &paragraph(HEADING);
    body += "<w:tbl>";
    for number in 1..=ROWS {
        body += "<w:tr>";
        for cell in row(number) {
            let _ =
                write!(body, r#"<w:tc><w:tcPr><w:tcW w:w="2160" w:type="dxa"/></w:tcPr>{}</w:tc>"#, paragraph(&cell));
        }
        body += "</w:tr>";
    }
    body += "</w:tbl>";
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("word/document.xml", SimpleFileOptions::default()).expect("a part");
    let xml = format!(
        r#"<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>"#
    );
    archive.write_all(xml.as_bytes()).expect("a part");
    archive.finish().expect("an archive").into_inner()
}

fn html() -> String {
    let mut page = "<html><body>".to_owned();
    for line in FRONT {
        let _ = write!(page, "<p class=MsoNormal>{line}</p>");
    }
    let _ = write!(page, "<h1>{HEADING}</h1><table>");
    for number in 1..=ROWS {
        page += "<tr>";
        for cell in row(number) {
            let _ = write!(
                page,
                "<td width=154 valign=top style='width:115.5pt;padding:0cm 5.4pt'><p class=MsoNormal><span lang=EN-GB style='font-size:9.0pt;font-family:\"Arial\",sans-serif'>{cell}<o:p></o:p></span></p></td>"
            );
        }
        page += "</tr>\r\n";
    }
    page + "</table></body></html>"
}

fn text() -> String {
    let mut text = String::new();
    for line in FRONT.iter().chain(&[HEADING]) {
        let _ = writeln!(text, "{line}");
    }
    for number in 1..=ROWS {
        let _ = writeln!(text, "\t{}\n", row(number).join("\n\t"));
    }
    text
}
