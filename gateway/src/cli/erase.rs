//! `axonic-gateway erase`: shreds a record on the chain and destroys its documents in the store.
//!
//! In this order, each step durable before the next:
//!
//! 1. The chain is asked whether anything stands in the way: a hold, or a retention. If so, nothing
//!    happens.
//! 2. The store notes the commitments of all versions, which the chain is about to forget.
//! 3. The chain shreds the record.
//! 4. The store destroys the keys and salts of all versions.
//!
//! The chain comes before the store, because what must be kept must not be destroyed on a guess,
//! and only the chain's own shredding settles that nothing came in between. Cut short after 2,
//! running it again starts over; cut short after 3, the chain says that the record is shredded, the
//! note says which documents were its, and running it again finishes.

use super::{connect, existing_store, import::pretty, needed_directory, Problem, Setup};
use crate::{
    fhir::{listed, period::moment_in_words},
    store::Store,
};
use axonic_primitives::{Code, RecordId};
use clap::Args;
use pallet_health_records::types::ShredObstacle;
use serde::Serialize;
use sp_core::H256;
use std::process::ExitCode;

#[derive(Args)]
pub(super) struct Erase {
    /// Who signs: a reference of the directory's `staff`, a records officer.
    #[arg(long, value_name = "REFERENCE")]
    sign_as: String,
    /// The record.
    #[arg(long, value_name = "ID")]
    record: RecordId,
    /// Answer in JSON.
    #[arg(long)]
    json: bool,
}

/// What became of it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    record: RecordId,
    /// Whether the record is shredded on the chain.
    shredded: bool,
    /// How many documents were destroyed in the store this time.
    destroyed: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    obstacle: Option<ShredObstacle>,
    words: String,
}

impl Erase {
    pub(super) async fn run(self, setup: &Setup) -> Result<ExitCode, Problem> {
        let directory = needed_directory(setup, "an erasure")?;
        let key = directory.staff_key(&self.sign_as)?;
        let store = existing_store(setup)?;
        let chain = connect(setup).await?;

        let record = self.record;
        match chain.explain_shred(record).await? {
            Ok(()) => {
                let versions = chain.history(record).await?;
                let commitments: Vec<_> = versions
                    .iter()
                    .map(|version| version.version.commitment)
                    .collect();
                store.link(record, &commitments)?;
                match chain.shred(&key, record).await {
                    // Somebody else was quicker.
                    Err(error) if error.is("HealthRecords.AlreadyShredded") => {}
                    outcome => outcome?,
                }
            }
            Err(ShredObstacle::AlreadyShredded) => {}
            Err(obstacle) => {
                let words = format!("record {record} {}", in_words(&obstacle));
                self.show(&Report {
                    record,
                    shredded: false,
                    destroyed: 0,
                    obstacle: Some(obstacle),
                    words,
                });
                return Ok(ExitCode::FAILURE);
            }
        }
        self.show(&finish(&store, record)?);
        Ok(ExitCode::SUCCESS)
    }

    fn show(&self, report: &Report) {
        if self.json {
            println!("{}", pretty(report));
        } else if report.shredded {
            println!("{}", report.words);
        } else {
            eprintln!("{}", report.words);
        }
    }
}

/// Destroys all documents of a record that is shredded on the chain, as far as it was not done
/// before.
fn finish(store: &Store, record: RecordId) -> Result<Report, Problem> {
    let commitments: Vec<H256> = store.linked(record)?;
    let destroyed = store.shred_all(&commitments)?;
    let documents = match (commitments.len(), destroyed) {
        (0, _) => "the store never knew a document of it".into(),
        (known, 0) => format!("none of its {known} documents was left in the store"),
        (known, destroyed) => {
            format!("{destroyed} of its {known} documents were destroyed in the store")
        }
    };
    Ok(Report {
        record,
        shredded: true,
        destroyed,
        obstacle: None,
        words: format!("record {record} is shredded on the chain; {documents}"),
    })
}

fn in_words(obstacle: &ShredObstacle) -> String {
    match obstacle {
        ShredObstacle::NotFound => "is not on the chain; check the id".into(),
        ShredObstacle::AlreadyShredded => "is shredded already".into(),
        ShredObstacle::Held { bases } => {
            let bases = listed(*bases);
            format!("is held on the basis of {bases}; lift the hold first")
        }
        ShredObstacle::Retained { basis, until } => {
            let (basis, until) = (basis.code(), moment_in_words(*until));
            format!("must be kept until {until} on the basis of {basis}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoreKey;
    use axonic_primitives::Codes;
    use pallet_health_records::types::LegalBasis;

    const RECORD: RecordId = RecordId(H256::repeat_byte(1));

    #[test]
    fn what_the_chain_shredded_is_destroyed_however_often_it_is_cut_short() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store");
        let open = || Store::open(&path, StoreKey::from_hex(&"07".repeat(32)).unwrap()).unwrap();
        let store = open();
        let versions = store.keep_all([&b"{}"[..], b"[]"]).unwrap();
        let other = store.keep(b"{}").unwrap();
        store.link(RECORD, &versions[..1]).unwrap();
        // Noted, and cut short before or after the chain did its part.
        store.link(RECORD, &versions).unwrap();
        drop(store);

        let store = open();
        // Cut short between two versions.
        assert!(store.shred(&versions[0]).unwrap());
        drop(store);

        let store = open();
        let report = finish(&store, RECORD).ok().unwrap();
        assert_eq!((report.shredded, report.destroyed), (true, 1));
        assert!(report
            .words
            .ends_with("1 of its 2 documents were destroyed in the store"));
        let report = finish(&store, RECORD).ok().unwrap();
        assert_eq!((report.shredded, report.destroyed), (true, 0));
        assert!(report
            .words
            .ends_with("none of its 2 documents was left in the store"));
        for version in &versions {
            assert!(store.document(version).unwrap().is_none());
            assert!(store.is_shredded(version).unwrap());
        }
        assert!(store.document(&other).unwrap().is_some());
    }

    #[test]
    fn a_record_that_the_store_never_knew_is_said_to_be_one() {
        let folder = tempfile::tempdir().unwrap();
        let key = StoreKey::from_hex(&"07".repeat(32)).unwrap();
        let store = Store::open(&folder.path().join("store"), key).unwrap();
        let report = finish(&store, RECORD).ok().unwrap();
        assert!(report.words.ends_with("never knew a document of it"));
    }

    #[test]
    fn obstacles_name_their_legal_basis() {
        let bases = Codes::from([LegalBasis::Litigation, LegalBasis::LegalClaims]);
        let told = in_words(&ShredObstacle::Held { bases });
        assert!(told.contains("legal-claims, litigation"), "{told}");
        let told = in_words(&ShredObstacle::Retained {
            basis: LegalBasis::LegalObligation,
            until: 1,
        });
        assert!(told.contains("until 1970-01-01"), "{told}");
        assert!(told.contains("legal-obligation"), "{told}");
    }
}
