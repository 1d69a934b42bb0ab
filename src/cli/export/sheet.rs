//! A list as a spreadsheet.

use anyhow::Context as _;
use rust_xlsxwriter::{Format, Workbook};

use crate::agenda::harmless;

/// A list: its columns, and a cell of each row for each of them.
pub(super) struct Sheet<'a> {
    /// What it is called.
    pub(super) name: &'a str,
    /// The headings, and how wide the columns are, in characters.
    pub(super) columns: &'a [(&'a str, f64)],
    pub(super) rows: Vec<Vec<String>>,
}

impl Sheet<'_> {
    /// As comma-separated values.
    pub(super) fn csv(&self) -> anyhow::Result<Vec<u8>> {
        // Spreadsheets know UTF-8 by the mark.
        let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
        writer.write_record(self.columns.iter().map(|(heading, _)| heading))?;
        for row in &self.rows {
            writer.write_record(row.iter().map(|value| harmless(value)))?;
        }
        writer.into_inner().context("the list cannot be written")
    }

    /// As a file of Excel.
    pub(super) fn xlsx(&self) -> anyhow::Result<Vec<u8>> {
        let mut workbook = Workbook::new();
        let (heading, cell) = (Format::new().set_bold(), Format::new().set_text_wrap());
        let sheet = workbook.add_worksheet();
        sheet.set_name(self.name)?;
        sheet.set_freeze_panes(1, 0)?;
        for (column, (name, width)) in (0_u16..).zip(self.columns) {
            sheet.write_string_with_format(0, column, *name, &heading)?;
            sheet.set_column_width(column, *width)?;
        }
        for (line, row) in (1_u32..).zip(&self.rows) {
            for (column, text) in (0_u16..).zip(row) {
                sheet.write_string_with_format(line, column, text, &cell)?;
            }
        }
        let last = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        let last_column = u16::try_from(self.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
        sheet.autofilter(0, 0, last, last_column)?;
        workbook.save_to_buffer().context("the list cannot be written")
    }
}
