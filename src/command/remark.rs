//! The end of a command: nothing, or a remark after `because`, `;` or in parentheses.

use super::written::Rest;

/// How a line ends after all that its command needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum End {
    /// There is nothing more.
    Plain,
    /// A remark.
    Remark(String),
    /// A remark was begun and its text is missing.
    Unfinished,
    /// Something that is not understood.
    Tail(String),
}

impl End {
    /// The remark, where there is one.
    pub(super) fn remark(self) -> Option<String> {
        match self {
            Self::Remark(text) => Some(text),
            _ => None,
        }
    }
}

/// How a remark begins that takes back, in part or for now, what the line says: "done (partly)".
const LIMITS: [&str; 17] = [
    "not",
    "no",
    "never",
    "partly",
    "partially",
    "almost",
    "nearly",
    "except",
    "but",
    "only",
    "unless",
    "until",
    "once",
    "if",
    "when",
    "after",
    "pending",
];

/// Reads the end of a line.
pub(super) fn end(rest: Rest<'_>) -> End {
    match remark(rest) {
        // A reason may well say what is not so.
        End::Remark(text) if !gives_reason(rest) && limits(&text) => End::Tail(rest.original().to_owned()),
        end => end,
    }
}

fn gives_reason(rest: Rest<'_>) -> bool {
    rest.mark(',').or_else(|| rest.mark('-')).unwrap_or(rest).word("because").is_some()
}

/// Whether a remark begins with a word that limits what it is said of.
pub(super) fn limits(remark: &str) -> bool {
    let first = remark.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default().to_lowercase();
    LIMITS.contains(&&*first)
}

fn remark(rest: Rest<'_>) -> End {
    if rest.is_empty() {
        return End::Plain;
    }
    let text = rest.mark(',').or_else(|| rest.mark('-')).unwrap_or(rest).word("because").or_else(|| rest.mark(';'));
    if let Some(text) = text {
        let text = text.mark(':').unwrap_or(text);
        return if text.is_empty() { End::Unfinished } else { End::Remark(text.original().to_owned()) };
    }
    let Some(inside) = rest.mark('(') else { return End::Tail(rest.original().to_owned()) };
    match inside.text().find(')') {
        None => End::Unfinished,
        Some(close) if close + 1 == inside.text().len() => match inside.first(close) {
            text if text.is_empty() => End::Plain,
            text => End::Remark(text.original().to_owned()),
        },
        // Parentheses in parentheses are one remark; anything after them is a tail.
        Some(_) if inside.text().ends_with(')') && balanced(inside.text()) => {
            End::Remark(inside.first(inside.text().len() - 1).original().to_owned())
        }
        Some(_) => End::Tail(rest.original().to_owned()),
    }
}

/// Whether what follows an open parenthesis closes it only with its last character.
fn balanced(text: &str) -> bool {
    let mut depth = 1_usize;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return chars.peek().is_none();
        }
    }
    false
}
