//! State -> an agenda document: what is known of a group becomes one [`Agenda`], which each kind of
//! file is written from.
//!
//! [`agenda`] lays it out: `plan` finds the agenda items and what stands under each, `cells` words the
//! cells of contributions. [`Agenda::says`] is what a reader of the file reads: the tests hold every
//! writer to it.

mod cells;
mod csv;
mod docx;
mod html;
mod items;
mod listing;
mod markdown;
mod parts;
mod plan;
mod text;
mod written;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::AgendaDocument;
use crate::domain::{ActionItem, Contribution, Meeting, ReferenceScheme};

pub use cells::{Cells, cells};
pub use listing::{Listing, listed};
pub use plan::agenda;

/// What an agenda is made from.
#[derive(Debug, Clone)]
pub struct Material<'a> {
    /// The group's name.
    pub group: &'a str,
    /// How it writes references.
    pub scheme: &'a ReferenceScheme,
    /// The day it is.
    pub today: Date,
    /// The meeting it is for; `None` where none is known.
    pub meeting: Option<&'a Meeting>,
    /// The meeting before that one.
    pub last: Option<&'a Meeting>,
    /// The meetings after it, in order.
    pub next: Vec<&'a Meeting>,
    /// Those who lead the group: role, name, organization.
    pub officers: Vec<[String; 3]>,
    /// Who has said to come: name, organization, how.
    pub attendees: Vec<[String; 3]>,
    /// The numbered items of the last agenda: number and heading.
    pub items: Vec<(String, String)>,
    /// The action items, closed and cancelled ones left out.
    pub actions: Vec<&'a ActionItem>,
    /// The contributions.
    pub contributions: Vec<&'a Contribution>,
    /// The export's own name, by which a document that is made from it is known again; `None` where
    /// nobody will know it.
    pub name: Option<&'a str>,
}

/// An agenda document, whatever the kind of file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agenda {
    /// Its title: `Agenda SEC#11.0`.
    pub title: String,
    /// The group's name.
    pub group: String,
    /// The day on which it was made.
    pub made: Date,
    /// What stands before the first item: label and value.
    pub front: Vec<[String; 2]>,
    /// Its numbered items.
    pub sections: Vec<Section>,
    /// What a reader reads of it.
    pub says: AgendaDocument,
}

/// A numbered item of an agenda.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// Its number (`7.2`).
    pub number: String,
    /// Its heading.
    pub title: String,
    /// What is said before its tables, a paragraph each.
    pub notes: Vec<String>,
    /// Its table, where it has one.
    pub table: Option<Table>,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows, a cell a column.
    pub rows: Vec<Vec<String>>,
}

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // Their headings say what they are.
pub enum Column {
    Reference,
    What,
    Who,
    Status,
    Title,
    Source,
    Item,
    Deliverable,
    Day,
    Time,
    Room,
    Session,
    Name,
    Organization,
    Present,
    Meeting,
    Dates,
    Place,
    Deadline,
    Due,
    Priority,
    When,
    By,
    Of,
    Field,
    Before,
    After,
    Mail,
}

impl Column {
    /// Its heading, in words that an import knows again.
    #[must_use]
    pub const fn heading(self) -> &'static str {
        match self {
            Self::Reference => "REFERENCE",
            Self::What => "WHAT",
            Self::Who => "WHO",
            Self::Status => "STATUS",
            Self::Title => "TITLE",
            Self::Source => "SOURCE",
            Self::Item => "ITEM",
            Self::Deliverable => "TS/TR",
            Self::Day => "DAY",
            Self::Time => "TIME",
            Self::Room => "ROOM",
            Self::Session => "SESSION",
            Self::Name => "NAME",
            Self::Organization => "ORGANIZATION",
            Self::Present => "PRESENT",
            Self::Meeting => "MEETING",
            Self::Dates => "DATES",
            Self::Place => "PLACE",
            Self::Deadline => "DEADLINE",
            Self::Due => "DUE",
            Self::Priority => "PRIORITY",
            Self::When => "WHEN",
            Self::By => "BY",
            Self::Of => "OF",
            Self::Field => "FIELD",
            Self::Before => "BEFORE",
            Self::After => "AFTER",
            Self::Mail => "MAIL",
        }
    }

    /// How wide it is beside the others.
    const fn weight(self) -> usize {
        match self {
            Self::Session => 46,
            Self::What | Self::Title | Self::Before | Self::After => 38,
            // None of these breaks at its hyphens.
            Self::Reference => 32,
            Self::Day | Self::Status => 30,
            Self::Who | Self::Source | Self::Name | Self::Organization | Self::Place => 24,
            Self::Dates | Self::Meeting | Self::Room | Self::When | Self::By | Self::Of | Self::Mail => 22,
            Self::Time | Self::Deadline | Self::Due | Self::Priority | Self::Field => 18,
            Self::Deliverable | Self::Present => 16,
            Self::Item => 12,
        }
    }
}

impl Agenda {
    /// How many rows its tables have.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.sections.iter().filter_map(|section| section.table.as_ref()).map(|table| table.rows.len()).sum()
    }

    /// As a document of Word (.docx).
    #[must_use]
    pub fn to_docx(&self) -> Vec<u8> {
        docx::write(self)
    }

    /// As a page of HTML.
    #[must_use]
    pub fn to_html(&self) -> String {
        html::write(self)
    }

    /// As text, in the form in which word processors save tables.
    #[must_use]
    pub fn to_text(&self) -> String {
        text::write(self)
    }

    /// As Markdown.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        markdown::write(self)
    }

    /// The rows of action items and contributions as comma-separated values.
    #[must_use]
    pub fn to_csv(&self) -> Vec<u8> {
        csv::write(self)
    }

    /// What it says, as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Texts, numbers and lists: it always succeeds.
        serde_json::to_string_pretty(&self.says).unwrap_or_default() + "\n"
    }
}

#[cfg(test)]
mod tests;
