//! `axonic-gateway import`: maps every file first, and sends only if none is refused.

mod outcome;

use super::{account_of, connect, needed_directory, now, read, store, Problem, Setup};
use crate::{
    chain::Chain,
    directory::Directory,
    fhir::{
        self, audit_event, verification_result, Document, Options, Refusal, Resource, UntypedRoot,
        Version,
    },
    store::{BatchRef, Store, StoreError},
};
use axonic_primitives::{
    consent::ResourceType,
    merkle::{self, LeafKind},
    Code, OrgId,
};
use clap::Args;
use outcome::{Check, Consent, Entry, Event, Imported, Log, Report, Status};
use serde::Serialize;
use sp_core::{sr25519, Pair, H256};
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};
use subxt_signer::sr25519::Keypair;
use zeroize::Zeroizing;

#[derive(Args)]
pub(super) struct Import {
    /// Files with one FHIR `Consent`, `AuditEvent` or `VerificationResult` each, as JSON. All audit
    /// events together become one batch of the access log.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Who of the directory's staff signs for audit events and verification results.
    #[arg(long, value_name = "REFERENCE")]
    sign_as: Option<String>,
    /// The version of FHIR. Without it, told by the elements of each file.
    #[arg(long)]
    fhir_version: Option<Version>,
    /// How an R4 root rule without a type is meant.
    #[arg(long, value_enum, default_value_t)]
    r4_untyped_root: UntypedRoot,
    /// Show what would be sent, keep nothing and send nothing.
    #[arg(long)]
    dry_run: bool,
    /// Answer in JSON.
    #[arg(long)]
    json: bool,
}

/// Who signs for the organisation, and where its documents are kept.
struct Office {
    key: Keypair,
    store: Store,
}

impl Import {
    pub(super) async fn run(self, setup: &Setup) -> Result<ExitCode, Problem> {
        let directory = needed_directory(setup, "an import")?;
        let mut entries: Vec<_> = self
            .files
            .iter()
            .map(|file| self.map(file, &directory))
            .collect();
        let refused = entries.iter().any(|entry| entry.status == Status::Refused);
        let mut log = None;
        if !refused {
            log = Log::of(&mut entries).map_err(|refusal| Problem::Typed(refusal.to_string()))?;
            if !self.dry_run {
                self.send(&mut entries, &mut log, setup, &directory).await?;
            }
        }
        self.show(&entries, log.as_ref());
        let all_done = entries
            .iter()
            .all(|entry| entry.status.is_done(self.dry_run));
        Ok(if all_done {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }

    fn map(&self, file: &Path, directory: &Directory) -> Entry {
        let imported = read(file)
            .and_then(|bytes| Resource::parse(&Zeroizing::new(bytes)))
            .map_err(|refusal| vec![refusal])
            .and_then(|resource| self.import(resource, directory));
        Entry::new(file, imported)
    }

    fn import(&self, resource: Resource, directory: &Directory) -> Result<Imported, Vec<Refusal>> {
        match resource.kind() {
            // What is read as a consent tells of a bundle what to do with it.
            ResourceType::Consent | ResourceType::Bundle => self.consent(resource, directory),
            ResourceType::AuditEvent => {
                let event = audit_event::read(&resource, self.fhir_version)?;
                event.check(now()).map_err(|refusal| vec![refusal])?;
                Ok(Imported::AuditEvent(Event::new(event)))
            }
            ResourceType::VerificationResult => {
                let check = verification_result::read(&resource, self.fhir_version, directory)?;
                Ok(Imported::VerificationResult(Check::new(check)))
            }
            other => {
                let path = format!("{}.resourceType", other.code());
                let reason = "is none of `Consent`, `AuditEvent` and `VerificationResult`, and \
                              nothing else is imported; to anchor a record, use `anchor`";
                Err(vec![Refusal::new(path, reason)])
            }
        }
    }

    fn consent(&self, resource: Resource, directory: &Directory) -> Result<Imported, Vec<Refusal>> {
        // A fresh seed is 32 bytes from the operating system's generator.
        let salt = H256(sr25519::Pair::generate().1);
        let options = Options {
            version: self.fhir_version,
            untyped_root: self.r4_untyped_root,
        };
        let document =
            Document::from_resource(resource.into_value()).map_err(|refusal| vec![refusal])?;
        let mapped = fhir::map(&document, options, directory, &salt)?;
        fhir::check(&mapped.terms, now()).map_err(|refusal| vec![refusal])?;
        Ok(Imported::Consent(Consent::new(mapped, salt)))
    }

    /// Grants consents, then anchors the access log, then records checks, each one finalised before
    /// the next, and stops at the first that fails.
    async fn send(
        &self,
        entries: &mut [Entry],
        log: &mut Option<Log>,
        setup: &Setup,
        directory: &Directory,
    ) -> Result<(), Problem> {
        // What may be missing is found before anything is sent.
        let keys: Vec<_> = entries
            .iter()
            .map(|entry| match &entry.import {
                Some(Imported::Consent(consent)) => directory.key(&consent.signatory).map(Some),
                _ => Ok(None),
            })
            .collect::<Result<_, _>>()?;
        let office = if entries.iter().any(|entry| entry.document().is_some()) {
            Some(self.office(setup, directory)?)
        } else {
            None
        };
        let chain = connect(setup).await?;
        let Some(office) = office else {
            grant(entries, &keys, &chain).await;
            return Ok(());
        };
        let org = chain.organisation_of(&account_of(&office.key)).await?;
        keep(entries, &office.store)?;
        // If this is cut short after the batch is anchored and before its leaves are kept, what is
        // told here is all there is of their order.
        for line in entries.iter().filter_map(Entry::kept_in_words) {
            eprintln!("{line}");
        }

        if !grant(entries, &keys, &chain).await {
            return Ok(());
        }
        if let Some(log) = log {
            if !anchor(entries, log, org, &office, &chain).await {
                return Ok(());
            }
        }
        record(entries, &office, &chain).await;
        Ok(())
    }

    fn office(&self, setup: &Setup, directory: &Directory) -> Result<Office, Problem> {
        let Some(reference) = &self.sign_as else {
            let told = "audit events and verification results go to the chain in the name of an \
                        organisation: say who of its staff signs with --sign-as";
            return Err(Problem::Typed(told.into()));
        };
        Ok(Office {
            key: directory.staff_key(reference)?,
            store: store(setup)?,
        })
    }

    fn show(&self, entries: &[Entry], log: Option<&Log>) {
        if self.json {
            println!(
                "{}",
                pretty(&Report {
                    dry_run: self.dry_run,
                    access_log: log,
                    files: entries
                })
            );
            return;
        }
        // A dry run leaves the standard output to the terms.
        let tell = |aside: bool, line: String| {
            if aside {
                eprintln!("{line}");
            } else {
                println!("{line}");
            }
        };
        for entry in entries {
            let aside = self.dry_run || matches!(entry.status, Status::Refused | Status::Failed);
            for line in entry.in_words(self.dry_run) {
                tell(aside, line);
            }
            if let (true, Some(Imported::Consent(consent))) = (self.dry_run, &entry.import) {
                println!("{}", pretty(&consent.terms));
            }
        }
        if let Some(log) = log {
            tell(log.sequence.is_none(), log.in_words());
        }
    }
}

/// Keeps the documents that are committed to, all or none.
fn keep(entries: &mut [Entry], store: &Store) -> Result<(), StoreError> {
    let commitments = store.keep_all(entries.iter().filter_map(Entry::document))?;
    let places = entries.iter_mut().filter_map(Entry::commitment_mut);
    for (place, commitment) in places.zip(commitments) {
        *place = Some(commitment);
    }
    Ok(())
}

/// Grants the consents in their order. Whether all were granted.
async fn grant(entries: &mut [Entry], keys: &[Option<Keypair>], chain: &Chain) -> bool {
    for (entry, key) in entries.iter_mut().zip(keys) {
        let (Some(Imported::Consent(consent)), Some(key)) = (&mut entry.import, key) else {
            continue;
        };
        match chain.grant(consent.patient, &consent.terms, key).await {
            Ok(granted) => {
                consent.consent = Some(granted);
                entry.status = Status::Granted;
            }
            Err(error) => {
                entry.fail(error.to_string());
                return false;
            }
        }
    }
    true
}

/// Anchors the audit events as one batch. Whether that is done.
async fn anchor(
    entries: &mut [Entry],
    log: &mut Log,
    org: OrgId,
    office: &Office,
    chain: &Chain,
) -> bool {
    let mut leaves: Vec<_> = entries.iter().filter_map(Entry::leaf).collect();
    leaves.sort_unstable();
    let leaves: Vec<_> = leaves
        .into_iter()
        .map(|(_, commitment)| commitment)
        .collect();
    let root = merkle::root(LeafKind::Access, &leaves);
    log.root = Some(root);
    let anchoring =
        chain.anchor_access_log(&office.key, root, log.leaves, log.first_at, log.last_at);
    let outcome = match anchoring.await {
        Ok(sequence) => {
            log.organisation = Some(org);
            log.sequence = Some(sequence);
            let batch = BatchRef::AccessLog { org, sequence };
            let kept = office.store.keep_batch(batch, LeafKind::Access, &leaves);
            kept.map_err(|error| {
                format!(
                    "anchored in access log {sequence} of organisation {}, but the store lost its \
                     leaves ({error}): keep this answer, because only with the commitments of all \
                     events, in the order of their leaves, can any of them be proved",
                    org.0
                )
            })
        }
        Err(error) => Err(error.to_string()),
    };
    let events = entries.iter_mut().filter(|entry| entry.leaf().is_some());
    for entry in events {
        match &outcome {
            Ok(()) => entry.status = Status::Anchored,
            Err(error) => entry.fail(error.clone()),
        }
    }
    outcome.is_ok()
}

/// Records the checks of credentials in their order, up to the first that fails.
async fn record(entries: &mut [Entry], office: &Office, chain: &Chain) {
    for entry in entries {
        let Some(Imported::VerificationResult(check)) = &entry.import else {
            continue;
        };
        let Some(commitment) = check.commitment else {
            continue;
        };
        let (credential, outcome) = (check.credential, check.outcome);
        let recorded =
            chain.record_primary_source_check(&office.key, credential, outcome, commitment);
        match recorded.await {
            Ok(()) => entry.status = Status::Recorded,
            Err(error) => return entry.fail(error.to_string()),
        }
    }
}

pub(super) fn pretty(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).expect("its members are named by texts; qed")
}
