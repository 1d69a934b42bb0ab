//! Prints what an agenda document says, as JSON.

use anyhow::Context;
use minuted::{agenda, domain::ReferenceScheme};

fn main() -> anyhow::Result<()> {
    let path = std::env::args().nth(1).context("give the path of an agenda: .docx, HTML or text")?;
    let bytes = std::fs::read(&path).with_context(|| format!("cannot read {path}"))?;
    let document = agenda::read(&bytes, &ReferenceScheme::default())?;
    println!("{}", serde_json::to_string_pretty(&document)?);
    Ok(())
}
