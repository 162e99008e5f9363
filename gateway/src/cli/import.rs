//! `axonic-gateway import`: maps every file first, and sends only if none is refused.

mod outcome;
mod sending;

use super::{
    account_of, connect, json::pretty, needed_directory, now, read, store, Problem, Setup,
};
use crate::{
    directory::Directory,
    fhir::{
        self, audit_event, verification_result, Document, Options, Refusal, Resource, UntypedRoot,
        Version,
    },
    store::StoreKey,
};
use axonic_primitives::{consent::ResourceType, Code};
use clap::Args;
use outcome::{Check, Consent, Entry, Event, Imported, Log, Report, Status};
use sending::Sender;
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

impl Import {
    pub(super) async fn run(self, setup: &Setup) -> Result<ExitCode, Problem> {
        let directory = needed_directory(setup, "an import")?;
        let mut entries: Vec<_> = self
            .files
            .iter()
            .map(|file| self.map(file, &directory))
            .collect();
        let refused = entries.iter().any(|entry| entry.status == Status::Refused);
        let (mut log, mut sent) = (None, Ok(()));
        if !refused {
            log = Log::of(&mut entries).map_err(|refusal| Problem::Typed(refusal.to_string()))?;
            if !self.dry_run {
                let sender = self.sender(&entries, setup, &directory).await?;
                sender.keep(&mut entries, &mut log)?;
                sent = sender.send(&mut entries, &mut log).await;
            }
        }
        // What became of the files is told even if the store failed after that.
        self.show(&entries, log.as_ref());
        sent?;
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
        // Of what is refused for its own sake, more is told than this.
        let canonical = resource.canonical();
        let document =
            Document::from_resource(resource.into_value()).map_err(|refusal| vec![refusal])?;
        let mapped = fhir::map(&document, options, directory, &salt)?;
        fhir::check(&mapped.terms, now()).map_err(|refusal| vec![refusal])?;
        let canonical = canonical.map_err(|refusal| vec![refusal])?;
        Ok(Imported::Consent(Consent::new(mapped, salt, canonical)))
    }

    /// All that may be missing is found before anything is kept or sent.
    async fn sender(
        &self,
        entries: &[Entry],
        setup: &Setup,
        directory: &Directory,
    ) -> Result<Sender, Problem> {
        let keys: Vec<_> = entries
            .iter()
            .map(|entry| match &entry.import {
                Some(Imported::Consent(consent)) => directory.key(&consent.signatory).map(Some),
                _ => Ok(None),
            })
            .collect::<Result<_, _>>()?;
        let office = if entries.iter().any(Entry::is_of_the_office) {
            Some(self.office_key(directory)?)
        } else {
            None
        };
        // The salts of consents are kept where there is a store.
        let has_store = office.is_some() || StoreKey::is_given(setup.store_key_file.as_deref());
        let store = has_store.then(|| store(setup)).transpose()?;
        let chain = connect(setup).await?;
        let office = match office {
            Some(key) => {
                let org = chain.organisation_of(&account_of(&key)).await?;
                Some((key, org))
            }
            None => None,
        };
        Ok(Sender {
            keys,
            office,
            store,
            chain,
        })
    }

    fn office_key(&self, directory: &Directory) -> Result<Keypair, Problem> {
        let Some(reference) = &self.sign_as else {
            let told = "audit events and verification results go to the chain in the name of an \
                        organisation: say who of its staff signs with --sign-as";
            return Err(Problem::Typed(told.into()));
        };
        Ok(directory.staff_key(reference)?)
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
            let is_amiss = matches!(
                entry.status,
                Status::Refused | Status::Failed | Status::Unknown
            );
            let aside = self.dry_run || is_amiss;
            for line in entry.in_words(self.dry_run) {
                tell(aside, line);
            }
            // A secret has no place beside errors.
            if let Some(line) = entry.salt_in_words() {
                println!("{line}");
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
