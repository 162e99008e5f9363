//! The command `axonic-gateway`. Everything it does is in the library.

use axonic_gateway::cli::Cli;
use clap::Parser;
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    Cli::parse().run().await
}
