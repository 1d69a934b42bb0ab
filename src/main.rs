//! The `minuted` program.

use std::process::ExitCode;

use clap::Parser as _;
use minuted::cli::{self, Arguments};

fn main() -> ExitCode {
    cli::run(Arguments::parse())
}
