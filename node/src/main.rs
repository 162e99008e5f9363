//! The node of Axonic Chain: a collator of the consortium's parachain and, with `--dev`, a chain of
//! its own for people who build against it.

mod chain_spec;
mod cli;
mod command;
mod rpc;
mod service;

use std::process::ExitCode;

fn main() -> ExitCode {
    match command::run(cli::Cli::read()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Error: {}", command::explain(error));
            ExitCode::FAILURE
        }
    }
}
