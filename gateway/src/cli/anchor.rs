//! `axonic-gateway anchor`: checks every file first, keeps the documents in the store, and then
//! anchors them.
//!
//! A document is kept before it is anchored, because a commitment without its salt proves nothing
//! and cannot be erased. What the chain then refuses is destroyed in the store again; what may or
//! may not have been anchored stays there.

mod document;
mod manifest;
mod sending;

use super::{connect, json::pretty, needed_directory, now, store, Problem, Setup};
use crate::fhir::period;
use axonic_primitives::{merkle::MAX_LEAVES, Moment};
use clap::Args;
use document::{check, name, Document, Refused, Status};
use pallet_health_records::{
    rules::{check_retention, Fault},
    types::MAX_ANCHORS,
};
use sending::{Batched, Sender};
use serde::Serialize;
use std::{path::PathBuf, process::ExitCode};

#[derive(Args)]
pub(super) struct Anchor {
    /// Files with one FHIR resource each, or one `Bundle` whose resources are anchored each by
    /// itself, as JSON.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Who signs: a reference of the directory's `staff`.
    #[arg(long, value_name = "REFERENCE")]
    sign_as: String,
    /// Until when the records must be kept: a FHIR date, which is included. Without it, no longer
    /// than they are needed.
    #[arg(long, value_name = "DATE", value_parser = until, conflicts_with = "batch")]
    retain_until: Option<Moment>,
    /// Anchor all documents behind one root, which costs as much as one record. More than 64 are
    /// anchored so in any case.
    #[arg(long)]
    batch: bool,
    /// Answer in JSON.
    #[arg(long)]
    json: bool,
}

/// Everything, for `--json`.
#[derive(Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    batch: Option<&'a Batched>,
    documents: &'a [Document],
    refused: &'a [Refused],
}

impl Anchor {
    pub(super) async fn run(self, setup: &Setup) -> Result<ExitCode, Problem> {
        let directory = needed_directory(setup, "anchoring")?;
        if let Some(until) = self.retain_until {
            let typed = |told: &str| Problem::Typed(format!("--retain-until {told}"));
            check_retention(until, now()).map_err(|fault| match fault {
                Fault::RetentionTooLong => typed("is more than 100 years from now"),
                _ => typed("is already over"),
            })?;
        }
        let (mut documents, mut refused) = (Vec::new(), Vec::new());
        for file in &self.files {
            check(file, &directory, &mut documents, &mut refused);
        }
        if !refused.is_empty() {
            self.show(&documents, &refused, None);
            return Ok(ExitCode::FAILURE);
        }
        let many = documents.len() > MAX_ANCHORS as usize;
        if many && self.retain_until.is_some() {
            return Err(Problem::Typed(format!(
                "the chain keeps no retention of batches: anchor at most {MAX_ANCHORS} documents \
                 at a time, or leave --retain-until out"
            )));
        }
        if documents.len() > MAX_LEAVES as usize {
            let told = format!("a batch has at most {MAX_LEAVES} documents; anchor several");
            return Err(Problem::Typed(told));
        }

        let key = directory.staff_key(&self.sign_as)?;
        let store = store(setup)?;
        let chain = connect(setup).await?;
        let sender = Sender {
            key: &key,
            chain: &chain,
            store: &store,
        };
        let mut batch = None;
        let sent = if self.batch || many {
            sender.anchor_batch(&mut documents, &mut batch).await
        } else {
            sender.anchor(&mut documents, self.retain_until).await
        };
        // What became of the documents is told even if the store failed after that.
        if sent.is_ok() || documents.iter().any(|one| one.status != Status::Checked) {
            self.show(&documents, &refused, batch.as_ref());
        }
        sent?;
        let done = |document: &Document| document.status == Status::Anchored;
        Ok(if documents.iter().all(done) {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }

    fn show(&self, documents: &[Document], refused: &[Refused], batch: Option<&Batched>) {
        if self.json {
            let report = Report {
                batch,
                documents,
                refused,
            };
            println!("{}", pretty(&report));
            return;
        }
        for Refused {
            file,
            place,
            refusals,
        } in refused
        {
            eprintln!("{}: refused", name(file, place));
            for refusal in refusals {
                eprintln!("  {refusal}");
            }
        }
        for document in documents {
            let line = document.in_words();
            if document.status == Status::Anchored {
                println!("{line}");
            } else {
                eprintln!("{line}");
            }
        }
        if let Some(Batched {
            batch,
            manifest_hash,
        }) = batch
        {
            let count = documents.len();
            println!("batch {batch} of {count} documents, manifest {manifest_hash:#x}");
        }
    }
}

/// Reads the last day of a retention: it ends when that is over.
fn until(text: &str) -> Result<Moment, String> {
    period::interval(&format!("/{text}"))
        .ok()
        .and_then(|period| period.end)
        .ok_or_else(|| "a retention ends on a date, written as 2036, 2036-12 or 2036-12-31".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_retention_includes_its_last_day() {
        assert_eq!(until("1970"), Ok(365 * 24 * 60 * 60 * 1000));
        assert_eq!(until("1970-01-01"), Ok(24 * 60 * 60 * 1000));
        for text in ["", "soon", "1970/1971", "1960"] {
            assert!(until(text).is_err(), "{text}");
        }
    }
}
