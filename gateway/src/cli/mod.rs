//! The command `axonic-gateway`.

mod import;
mod question;

use crate::{
    chain::ChainError,
    directory::{Directory, DirectoryError},
    fhir::elements,
};
use clap::{Parser, Subcommand};
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

/// The directory that is read if none is named and it is there.
const DIRECTORY: &str = "directory.json";

/// Between FHIR and an Axonic Chain node.
#[derive(Parser)]
#[command(name = "axonic-gateway", version)]
pub struct Cli {
    /// The WebSocket address of the node.
    #[arg(
        long,
        global = true,
        value_name = "URL",
        default_value = "ws://127.0.0.1:9944"
    )]
    node: String,
    /// Who is who: see the README. Without it, `directory.json` if there is one.
    #[arg(long, global = true, value_name = "FILE")]
    directory: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Map FHIR `Consent` resources and grant them on the chain.
    ///
    /// All files are mapped first. If one of them is refused, none is granted.
    Import(import::Import),
    /// Ask what a patient permits.
    Evaluate(question::Question),
    /// Ask the same, and how the answer comes about.
    Explain(question::Question),
    /// Show what every element of a FHIR `Consent` becomes.
    Elements,
}

/// What ends a command early.
#[derive(Debug, thiserror::Error)]
enum Problem {
    #[error(transparent)]
    Chain(#[from] ChainError),
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// What was typed cannot be used.
    #[error("{0}")]
    Typed(String),
}

impl Cli {
    /// Runs the command: 0 if it was carried out, 1 if not, 2 (by clap) if it was not understood.
    pub async fn run(self) -> ExitCode {
        let outcome = match self.command {
            Command::Import(import) => import.run(&self.node, self.directory.as_deref()).await,
            Command::Evaluate(question) => {
                question
                    .evaluate(&self.node, self.directory.as_deref())
                    .await
            }
            Command::Explain(question) => {
                question
                    .explain(&self.node, self.directory.as_deref())
                    .await
            }
            Command::Elements => {
                print!("{}", elements::markdown());
                Ok(ExitCode::SUCCESS)
            }
        };
        outcome.unwrap_or_else(|problem| {
            eprintln!("axonic-gateway: {problem}");
            ExitCode::FAILURE
        })
    }
}

/// The directory at `path`, which has to be there, or the usual one, which may be missing.
fn directory(path: Option<&Path>) -> Result<Option<Directory>, Problem> {
    match path {
        Some(path) => Ok(Some(Directory::load(path)?)),
        None if Path::new(DIRECTORY).exists() => Ok(Some(Directory::load(Path::new(DIRECTORY))?)),
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn codes_are_checked_when_the_command_line_is_read() {
        let ask = |purpose: &str| {
            let line = format!(
                "axonic-gateway evaluate --patient p --recipient 0 --action access \
                 --purpose {purpose}"
            );
            Cli::try_parse_from(line.split(' ')).map(drop)
        };
        assert!(ask("TREAT").is_ok());
        let told = ask("FUN").unwrap_err().to_string();
        assert!(told.contains("known: TREAT, ETREAT"), "{told}");
    }
}
