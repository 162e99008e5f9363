//! `axonic-gateway import`: maps every file first, and grants only if none is refused.

use super::{directory, Problem, DIRECTORY};
use crate::{
    chain::Chain,
    directory::Directory,
    fhir::{
        self, Document, Mapped, Note, Options, Outcome, Refusal, Signatory, UntypedRoot, Version,
        MAX_BYTES,
    },
};
use axonic_primitives::{ConsentId, Moment, PatientId};
use clap::Args;
use pallet_consent::types::Draft;
use serde::Serialize;
use sp_core::{sr25519, Pair, H256};
use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
    process::ExitCode,
};

#[derive(Args)]
pub(super) struct Import {
    /// Files with one FHIR `Consent` each, as JSON.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The version of FHIR. Without it, told by the elements of each file.
    #[arg(long)]
    fhir_version: Option<Version>,
    /// How an R4 root rule without a type is meant.
    #[arg(long, value_enum, default_value_t)]
    r4_untyped_root: UntypedRoot,
    /// Show the terms and send nothing.
    #[arg(long)]
    dry_run: bool,
    /// Answer in JSON.
    #[arg(long)]
    json: bool,
}

/// What became of one file.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    file: String,
    status: Status,
    #[serde(flatten)]
    import: Option<Imported>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    refusals: Vec<Refusal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// How far a file came.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
enum Status {
    /// The chain cannot keep it.
    Refused,
    /// It could be granted, and was not sent.
    Mapped,
    /// It is on the chain, finalised.
    Granted,
    /// It was sent and not granted, or nobody knows.
    Failed,
}

/// A file that was mapped.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Imported {
    fhir_version: Version,
    patient: PatientId,
    signed_by: &'static str,
    terms: Draft,
    evidence_salt: H256,
    mapping: Vec<Note>,
    #[serde(skip_serializing_if = "Option::is_none")]
    consent: Option<ConsentId>,
    #[serde(skip)]
    signatory: Signatory,
}

/// Everything, for `--json`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report<'a> {
    dry_run: bool,
    files: &'a [Entry],
}

impl Import {
    pub(super) async fn run(self, node: &str, path: Option<&Path>) -> Result<ExitCode, Problem> {
        let directory = directory(path)?.ok_or_else(|| {
            let told = "an import needs a directory that says who is who on the chain";
            Problem::Typed(format!(
                "{told}: name it with --directory, or put {DIRECTORY} here"
            ))
        })?;
        let mut entries: Vec<_> = self
            .files
            .iter()
            .map(|file| self.map(file, &directory))
            .collect();
        let refused = entries.iter().any(|entry| entry.status == Status::Refused);
        if !refused && !self.dry_run {
            self.grant(&mut entries, node, &directory).await?;
        }
        self.show(&entries);
        let done = if self.dry_run {
            Status::Mapped
        } else {
            Status::Granted
        };
        let all_done = entries.iter().all(|entry| entry.status == done);
        Ok(if all_done {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }

    fn map(&self, file: &Path, directory: &Directory) -> Entry {
        // A fresh seed is 32 bytes from the operating system's generator.
        let salt = H256(sr25519::Pair::generate().1);
        let options = Options {
            version: self.fhir_version,
            untyped_root: self.r4_untyped_root,
        };
        let mapped = read(file)
            .and_then(|bytes| Document::parse(&bytes))
            .map_err(|refusal| vec![refusal])
            .and_then(|document| fhir::map(&document, options, directory, &salt))
            .and_then(|mapped| match fhir::check(&mapped.terms, now()) {
                Ok(_) => Ok(mapped),
                Err(refusal) => Err(vec![refusal]),
            });
        let entry = |status, import, refusals| Entry {
            file: file.display().to_string(),
            status,
            import,
            refusals,
            error: None,
        };
        match mapped {
            Ok(mapped) => entry(
                Status::Mapped,
                Some(Imported::new(mapped, salt)),
                Vec::new(),
            ),
            Err(refusals) => entry(Status::Refused, None, refusals),
        }
    }

    /// Grants one after the other, each finalised before the next, and stops at the first that
    /// fails.
    async fn grant(
        &self,
        entries: &mut [Entry],
        node: &str,
        directory: &Directory,
    ) -> Result<(), Problem> {
        let imports = entries.iter().filter_map(|entry| entry.import.as_ref());
        // A key that is missing is found before anything is sent.
        let keys: Vec<_> = imports
            .map(|import| directory.key(&import.signatory))
            .collect::<Result<_, _>>()?;
        let chain = Chain::connect(node).await?;
        for (entry, key) in entries.iter_mut().zip(&keys) {
            let Some(import) = &mut entry.import else {
                continue;
            };
            match chain.grant(import.patient, &import.terms, key).await {
                Ok(consent) => {
                    import.consent = Some(consent);
                    entry.status = Status::Granted;
                }
                Err(error) => {
                    entry.error = Some(error.to_string());
                    entry.status = Status::Failed;
                    break;
                }
            }
        }
        Ok(())
    }

    fn show(&self, entries: &[Entry]) {
        if self.json {
            println!(
                "{}",
                pretty(&Report {
                    dry_run: self.dry_run,
                    files: entries
                })
            );
            return;
        }
        for entry in entries {
            // A dry run leaves the standard output to the terms.
            let aside = self.dry_run || matches!(entry.status, Status::Refused | Status::Failed);
            for line in entry.in_words(self.dry_run) {
                if aside {
                    eprintln!("{line}");
                } else {
                    println!("{line}");
                }
            }
            if let (true, Some(import)) = (self.dry_run, &entry.import) {
                println!("{}", pretty(&import.terms));
            }
        }
    }
}

impl Imported {
    fn new(mapped: Mapped, evidence_salt: H256) -> Self {
        let Mapped {
            version,
            patient,
            signatory,
            terms,
            notes,
        } = mapped;
        Self {
            fhir_version: version,
            patient,
            signed_by: match signatory {
                Signatory::Patient(_) => "patient",
                Signatory::Representative(_) => "representative",
            },
            terms,
            evidence_salt,
            mapping: notes,
            consent: None,
            signatory,
        }
    }
}

impl Entry {
    fn in_words(&self, dry_run: bool) -> Vec<String> {
        let mut lines = Vec::new();
        let outcome = match self.status {
            Status::Refused => "refused".into(),
            Status::Mapped if dry_run => "mapped".into(),
            Status::Mapped => "mapped; not sent, because another file stands in the way".into(),
            Status::Granted => match self.import.as_ref().and_then(|import| import.consent) {
                Some(consent) => format!("granted as consent {consent}"),
                None => "granted".into(),
            },
            Status::Failed => self.error.clone().unwrap_or_default(),
        };
        lines.push(format!("{}: {outcome}", self.file));
        lines.extend(self.refusals.iter().map(|refusal| format!("  {refusal}")));
        if let Some(import) = &self.import {
            let Imported {
                fhir_version,
                patient,
                signed_by,
                evidence_salt,
                ..
            } = import;
            lines.push(format!(
                "  {fhir_version}, patient {patient}, signed by the {signed_by}"
            ));
            lines.push(format!(
                "  evidence salt {evidence_salt:#x}: keep it with the document, to prove or erase \
                 the link"
            ));
            for (heading, outcome) in [
                ("mapped", Outcome::Mapped),
                ("says nothing new", Outcome::Redundant),
                ("left out", Outcome::Administrative),
            ] {
                let notes = import.mapping.iter().filter(|note| note.outcome == outcome);
                let notes: Vec<_> = notes
                    .map(|note| format!("    {}: {}", note.path, note.became))
                    .collect();
                if !notes.is_empty() {
                    lines.push(format!("  {heading}"));
                    lines.extend(notes);
                }
            }
        }
        lines
    }
}

/// The bytes of a file, one more than allowed at most.
fn read(path: &Path) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes))
        .map(|_| bytes)
        .map_err(|error| Refusal::new("(file)", format!("cannot be read: {error}")))
}

/// The time, as the chain counts it.
fn now() -> Moment {
    Moment::try_from(jiff::Timestamp::now().as_millisecond()).unwrap_or_default()
}

pub(super) fn pretty(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).expect("its members are named by texts; qed")
}
