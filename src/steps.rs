//! One unit of work each.
