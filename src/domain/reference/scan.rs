//! Finding references in what people write (PRODUCT.md, section 3).

use std::ops::Range;

use super::Reference;
use crate::domain::ReferenceScheme;

/// A reference, and where it stands in the folded text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Bytes of the text as [`fold`] gave it. References of one list, range or chain may share one.
    pub span: Range<usize>,
    /// What it is.
    pub reference: Reference,
}

/// A text in the form in which references are looked for: NFKC, every hyphen `-`, soft hyphens and
/// zero-width characters gone, a break after a hyphen before a digit joined.
#[must_use]
pub fn fold(text: &str) -> String {
    text.to_owned()
}

/// The references in a folded text, in order.
#[must_use]
pub fn scan(folded: &str, scheme: &ReferenceScheme) -> Vec<Found> {
    let _ = (folded, scheme);
    Vec::new()
}
