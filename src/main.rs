//! The `minuted` program.

fn main() {}
