//! The command `axonic-gateway`.

mod anchor;
mod disclose;
mod epcis;
mod epcis_export;
mod erase;
mod import;
mod json;
mod lookup;
mod question;
mod verify;

use crate::{
    chain::{Chain, ChainError},
    directory::{Directory, DirectoryError},
    fhir::{elements, Refusal, MAX_BYTES},
    store::{Store, StoreError, StoreKey},
};
use axonic_primitives::{AccountId, Moment};
use clap::{Args, Parser, Subcommand};
use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
    process::ExitCode,
};
use subxt_signer::sr25519::Keypair;

/// The directory that is read if none is named and it is there.
const DIRECTORY: &str = "directory.json";

/// Between FHIR and an Axonic Chain node.
#[derive(Parser)]
#[command(name = "axonic-gateway", version)]
pub struct Cli {
    #[command(flatten)]
    setup: Setup,
    #[command(subcommand)]
    command: Command,
}

// What every command may be told. No documentation, which would become that of the command.
#[derive(Args)]
struct Setup {
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
    /// Where documents and the salts of their commitments are kept, encrypted.
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        default_value = "axonic-store.redb"
    )]
    store: PathBuf,
    /// The store's key, 64 hexadecimal digits. Without it, the environment variable
    /// AXONIC_STORE_KEY.
    #[arg(long, global = true, value_name = "FILE")]
    store_key_file: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Command {
    /// Map FHIR resources and put what the chain keeps of them on the chain.
    ///
    /// All files are mapped first. If one of them is refused, none is sent.
    Import(import::Import),
    /// Ask what a patient permits.
    Evaluate(question::Question),
    /// Ask the same, and how the answer comes about.
    Explain(question::Question),
    /// Keep documents in the store, and anchor them on the chain.
    ///
    /// All files are checked first. If one of them is refused, none is kept and none is sent.
    Anchor(anchor::Anchor),
    /// Say whether a copy of a document is what was anchored.
    Verify(verify::Verify),
    /// Log a disclosure on the chain, and hand the documents out only if the chain has logged it.
    Disclose(disclose::Disclose),
    /// Shred a record on the chain, and destroy its documents in the store; or destroy documents of
    /// the store alone.
    ///
    /// If it is cut short, running it again finishes.
    Erase(erase::Erase),
    /// Capture the events of an EPCIS document: what happened to medicine packs.
    ///
    /// All events are checked and mapped first. If one of them is refused, none is sent.
    Epcis(epcis::Epcis),
    /// Tell the custody history of a medicine pack as an EPCIS 2.0 document.
    EpcisExport(epcis_export::EpcisExport),
    /// Show what every element of a FHIR resource becomes.
    Elements,
}

/// What ends a command early.
#[derive(Debug, thiserror::Error)]
enum Problem {
    #[error(transparent)]
    Chain(#[from] ChainError),
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What was typed cannot be used.
    #[error("{0}")]
    Typed(String),
}

impl Cli {
    /// Runs the command: 0 if it was carried out, 1 if not, 2 (by clap) if it was not understood.
    pub async fn run(self) -> ExitCode {
        let Self { setup, command } = self;
        let (node, path) = (&setup.node, setup.directory.as_deref());
        let outcome = match command {
            Command::Import(import) => import.run(&setup).await,
            Command::Evaluate(question) => question.evaluate(node, path).await,
            Command::Explain(question) => question.explain(node, path).await,
            Command::Anchor(anchor) => anchor.run(&setup).await,
            Command::Verify(verify) => verify.run(&setup).await,
            Command::Disclose(disclose) => disclose.run(&setup).await,
            Command::Erase(erase) => erase.run(&setup).await,
            Command::Epcis(epcis) => epcis.run(&setup).await,
            Command::EpcisExport(export) => export.run(&setup).await,
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

/// The directory, for `what`, which cannot do without.
fn needed_directory(setup: &Setup, what: &str) -> Result<Directory, Problem> {
    directory(setup.directory.as_deref())?.ok_or_else(|| {
        Problem::Typed(format!(
            "{what} needs a directory that says who is who on the chain: name it with \
             --directory, or put {DIRECTORY} here"
        ))
    })
}

/// The store, which is made if there is none.
fn store(setup: &Setup) -> Result<Store, Problem> {
    let key = StoreKey::load(setup.store_key_file.as_deref())?;
    Ok(Store::open(&setup.store, key)?)
}

/// The store, which has to be there.
fn existing_store(setup: &Setup) -> Result<Store, Problem> {
    if setup.store.exists() {
        store(setup)
    } else {
        let path = setup.store.display();
        let told = "there is no store here; name the one that keeps the documents with --store";
        Err(Problem::Typed(format!("{path}: {told}")))
    }
}

/// The node.
async fn connect(setup: &Setup) -> Result<Chain, Problem> {
    Ok(Chain::connect(&setup.node).await?)
}

/// The account whose key this is.
fn account_of(key: &Keypair) -> AccountId {
    AccountId::new(key.public_key().0)
}

/// The bytes of a file, one more than allowed at most.
fn read(path: &Path) -> Result<Vec<u8>, Refusal> {
    read_at_most(path, MAX_BYTES)
}

/// The bytes of a file, one more than `most` at most.
fn read_at_most(path: &Path, most: usize) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(most as u64 + 1).read_to_end(&mut bytes))
        .map(|_| bytes)
        .map_err(|error| Refusal::new("(file)", format!("cannot be read: {error}")))
}

/// The time, as the chain counts it.
fn now() -> Moment {
    Moment::try_from(jiff::Timestamp::now().as_millisecond()).unwrap_or_default()
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

    #[test]
    fn ids_are_checked_when_the_command_line_is_read() {
        let told = |line: &str| {
            let parsed = Cli::try_parse_from(line.split(' ')).map(drop);
            parsed.unwrap_err().to_string()
        };
        let told_of_ids = told("axonic-gateway erase --sign-as a --record 0x12");
        for line in [
            "--commitment {}",
            "--commitment {} --commitment {}",
            "--batch {} --leaf {}",
        ] {
            let line = format!("axonic-gateway erase {line}").replace("{}", &"01".repeat(32));
            assert!(Cli::try_parse_from(line.split(' ')).is_ok(), "{line}");
        }
        assert!(
            told_of_ids.contains("64 hexadecimal digits"),
            "{told_of_ids}"
        );
        let record = format!("0x{}", "01".repeat(32));
        for line in [
            "verify".into(),
            "verify a.json".into(),
            format!("verify --record {record}"),
            format!("verify a.json --record {record} --batch {record}"),
            format!("verify --batch {record}"),
            format!("verify a.json --record {record} --leaf {record}"),
            format!("verify a.json --batch {record} --leaf {record} --version 1"),
            format!("verify a.json --record {record} --salt {record}"),
            format!("erase --record {record}"),
            "erase --sign-as a".into(),
            "erase".into(),
            format!("erase --sign-as a --commitment {record}"),
            format!("erase --sign-as a --record {record} --commitment {record}"),
            format!("erase --commitment {record} --not-in-store"),
            format!("erase --batch {record}"),
            format!("erase --leaf {record}"),
            format!("erase --batch {record} --leaf {record} --commitment {record}"),
            "anchor --sign-as a".into(),
            "anchor a.json".into(),
            "anchor a.json --sign-as a --batch --retain-until 2040".into(),
            "anchor a.json --sign-as a --retain-until soon".into(),
            "disclose --sign-as a --patient p --recipient 0 --purpose TREAT --output d".into(),
            "epcis --sign-as a".into(),
            "epcis a.json".into(),
            "epcis a.json --hashes --dry-run".into(),
            "epcis a.json --sign-as a --serials packs.txt".into(),
            "epcis-export 09506000134352".into(),
            "epcis-export 09506000134353 A1".into(),
            "epcis-export 09506000134352 A1 --lot L".into(),
            "epcis-export 09506000134352 A1 --serials packs.txt".into(),
        ] {
            let line = format!("axonic-gateway {line}");
            assert!(Cli::try_parse_from(line.split(' ')).is_err(), "{line}");
        }
    }
}
