//! `axonic-gateway erase`: shreds a record on the chain and destroys its documents in the store, or
//! destroys documents of the store that are no record's.
//!
//! A record, in this order, each step durable before the next:
//!
//! 1. The chain is asked whether anything stands in the way: a hold, a retention, or that another
//!    organisation keeps the record. If so, or if the store does not know each of its documents,
//!    nothing happens.
//! 2. The store notes the commitments of all versions, which the chain is about to forget.
//! 3. The chain shreds the record.
//! 4. The store destroys the keys and salts of all versions, but of what another record needs that
//!    the chain has not shredded.
//!
//! The chain comes before the store, because what must be kept must not be destroyed on a guess,
//! and only the chain's own shredding settles that nothing came in between. Cut short after 2,
//! running it again starts over; cut short after 3, the chain says that the record is shredded, the
//! note says which documents were its, and running it again finishes.
//!
//! Everything else the store keeps, such as leaves of batches and consents, is named by its
//! commitment. Roots and commitments stay on the chain, where nothing can be done about them.

use super::{
    account_of, connect, existing_store, json::pretty, lookup::hash, needed_directory, store,
    Problem, Setup,
};
use crate::{
    chain::Chain,
    fhir::{listed, period::moment_in_words},
    store::{BatchRef, Store},
};
use axonic_primitives::{BatchId, Code, RecordId};
use clap::Args;
use pallet_health_records::types::ShredObstacle;
use serde::Serialize;
use sp_core::H256;
use std::process::ExitCode;

#[derive(Args)]
pub(super) struct Erase {
    /// Who signs: a reference of the directory's `staff`, a records officer.
    #[arg(
        long,
        value_name = "REFERENCE",
        requires = "record",
        conflicts_with_all = ["commitments", "batch"]
    )]
    sign_as: Option<String>,
    /// The record.
    #[arg(
        long,
        value_name = "ID",
        requires = "sign_as",
        required_unless_present_any = ["commitments", "batch"]
    )]
    record: Option<RecordId>,
    /// Shred the record on the chain even if the store never had one of its documents, or has lost
    /// it: whoever has that must destroy it.
    #[arg(long, requires = "record", conflicts_with_all = ["commitments", "batch"])]
    not_in_store: bool,
    /// The commitment of a document that is no record, which is destroyed in the store alone. May be
    /// repeated.
    #[arg(
        long = "commitment",
        value_name = "COMMITMENT",
        value_parser = hash,
        conflicts_with = "record"
    )]
    commitments: Vec<H256>,
    /// The batch that the leaves are in: its id, or its root.
    #[arg(
        long,
        value_name = "ID",
        value_parser = hash,
        requires = "leaves",
        conflicts_with_all = ["record", "commitments"]
    )]
    batch: Option<H256>,
    /// The commitment of a document in the batch, which is destroyed in the store alone. May be
    /// repeated.
    #[arg(long = "leaf", value_name = "COMMITMENT", value_parser = hash, requires = "batch")]
    leaves: Vec<H256>,
    /// Answer in JSON.
    #[arg(long)]
    json: bool,
}

/// What became of a record.
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

/// What became of documents that are no record's.
#[derive(Serialize)]
struct Destroyed {
    /// How many were destroyed in the store this time.
    destroyed: usize,
    words: String,
}

impl Erase {
    pub(super) async fn run(self, setup: &Setup) -> Result<ExitCode, Problem> {
        if let (Some(record), Some(reference)) = (self.record, &self.sign_as) {
            return self.erase(setup, record, reference).await;
        }
        let store = existing_store(setup)?;
        let commitments = match self.batch {
            Some(batch) => leaves_in(&store, batch, &self.leaves)?,
            None => &self.commitments[..],
        };
        let done = destroy(&store, commitments)?;
        if self.json {
            println!("{}", pretty(&done));
        } else {
            println!("{}", done.words);
        }
        Ok(ExitCode::SUCCESS)
    }

    async fn erase(
        &self,
        setup: &Setup,
        record: RecordId,
        reference: &str,
    ) -> Result<ExitCode, Problem> {
        let typed = |told: &str| Problem::Typed(format!("{record}: {told}"));
        let directory = needed_directory(setup, "an erasure")?;
        let key = directory.staff_key(reference)?;
        let store = if self.not_in_store {
            store(setup)?
        } else {
            existing_store(setup)?
        };
        let chain = connect(setup).await?;

        let obstacle = chain.explain_shred(record).await?.err();
        let is_shredded = obstacle == Some(ShredObstacle::AlreadyShredded);
        if let Some(obstacle) = obstacle.filter(|_| !is_shredded) {
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
        let info = chain.record(record).await?;
        let info = info.ok_or_else(|| typed("the chain has no such record"))?;
        if info.record.custodian != chain.organisation_of(&account_of(&key)).await? {
            return Err(typed("another organisation keeps this record; ask it"));
        }
        if !is_shredded {
            let versions = chain.history(record).await?;
            let commitments: Vec<_> = versions
                .iter()
                .map(|version| version.version.commitment)
                .collect();
            if !self.not_in_store {
                all_known(&store, record, &commitments)?;
            }
            store.link(record, &commitments)?;
            match chain.shred(&key, record).await {
                // Somebody else was quicker.
                Err(error) if error.is("HealthRecords.AlreadyShredded") => {}
                outcome => outcome?,
            }
        }
        let finished = match needed(&chain, &store, record).await {
            Ok(needed) => finish(&store, record, &needed),
            Err(problem) => Err(problem),
        };
        match finished {
            Ok(report) => {
                self.show(&report);
                let is_told = self.not_in_store || !store.linked(record)?.is_empty();
                Ok(if is_told {
                    ExitCode::SUCCESS
                } else {
                    ExitCode::FAILURE
                })
            }
            Err(problem) => {
                let words = format!(
                    "record {record} is shredded on the chain; run this again to destroy its \
                     documents in the store"
                );
                self.show(&Report {
                    record,
                    shredded: true,
                    destroyed: 0,
                    obstacle: None,
                    words,
                });
                Err(problem)
            }
        }
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

/// Makes sure that the store had every document of a record, so that erasing the record erases them.
fn all_known(store: &Store, record: RecordId, commitments: &[H256]) -> Result<(), Problem> {
    let unknown = store.unknown(commitments)?;
    if unknown.is_empty() {
        return Ok(());
    }
    let (unknown, all) = (unknown.len(), commitments.len());
    Err(Problem::Typed(format!(
        "{record}: {unknown} of its {all} documents were never in this store, so nothing is erased; \
         name the store that has them with --store, or say --not-in-store and see to it that they \
         are destroyed where they are"
    )))
}

/// The commitments that a record shares with another which the chain has not shredded.
async fn needed(chain: &Chain, store: &Store, record: RecordId) -> Result<Vec<H256>, Problem> {
    let mut needed = Vec::new();
    for (other, common) in store.shared(&store.linked(record)?, Some(record))? {
        let info = chain.record(other).await?;
        if info.is_some_and(|info| info.record.content.is_some()) {
            needed.extend(common);
        }
    }
    Ok(needed)
}

/// Destroys all documents of a record that is shredded on the chain, but those that are `needed`, as
/// far as it was not done before.
fn finish(store: &Store, record: RecordId, needed: &[H256]) -> Result<Report, Problem> {
    let known: Vec<H256> = store.linked(record)?;
    let spared = |commitment: &&H256| needed.contains(commitment);
    let commitments: Vec<_> = known.iter().filter(|one| !spared(one)).copied().collect();
    let destroyed = store.shred_all(&commitments)?;
    let mut documents = match (known.len(), destroyed) {
        (0, _) => "the store never knew a document of it".into(),
        (known, 0) => format!("none of its {known} documents was destroyed in the store this time"),
        (known, destroyed) => {
            format!("{destroyed} of its {known} documents were destroyed in the store")
        }
    };
    let spared = known.iter().filter(spared).count();
    if spared > 0 {
        documents += &format!(", {spared} were left because another record needs them");
    }
    let unknown = store.unknown(&commitments)?.len();
    if unknown > 0 {
        documents += &format!(", {unknown} were never in it");
    }
    Ok(Report {
        record,
        shredded: true,
        destroyed,
        obstacle: None,
        words: format!("record {record} is shredded on the chain; {documents}"),
    })
}

/// The leaves, provided that the batch has all of them.
fn leaves_in<'a>(store: &Store, batch: H256, leaves: &'a [H256]) -> Result<&'a [H256], Problem> {
    let typed = |told: &str| Problem::Typed(format!("{batch:#x}: {told}"));
    let by_id = store.batch(&BatchRef::Records(BatchId(batch)))?;
    let found = match by_id {
        Some(leaves) => Some(leaves),
        None => store.batch(&BatchRef::Root(batch))?,
    };
    let found = found.ok_or_else(|| {
        typed("the store has no list of this batch's leaves; name them with --commitment")
    })?;
    if leaves.iter().all(|leaf| found.contains(leaf)) {
        Ok(leaves)
    } else {
        Err(typed("the batch has no such leaf, so nothing is destroyed"))
    }
}

/// Destroys documents that are no record's, as far as it was not done before.
fn destroy(store: &Store, commitments: &[H256]) -> Result<Destroyed, Problem> {
    if let [unknown, ..] = store.unknown(commitments)?[..] {
        return Err(Problem::Typed(format!(
            "{unknown:#x}: the store never had a document with this commitment, so nothing is \
             destroyed"
        )));
    }
    // Of a record, the chain says first whether it may be erased.
    if let Some((record, _)) = store.shared(commitments, None)?.first() {
        return Err(Problem::Typed(format!(
            "a document is a version of record {record}, so nothing is destroyed; erase that with \
             --record"
        )));
    }
    let destroyed = store.shred_all(commitments)?;
    let all = commitments.len();
    Ok(Destroyed {
        destroyed,
        words: format!(
            "{destroyed} of {all} documents were destroyed in the store; what the chain has, a \
             commitment or a root, stays there, and proves nothing about them without their salts"
        ),
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
    use axonic_primitives::{merkle::LeafKind, Codes};
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
        let report = finish(&store, RECORD, &[]).ok().unwrap();
        assert_eq!((report.shredded, report.destroyed), (true, 1));
        assert!(report
            .words
            .ends_with("1 of its 2 documents were destroyed in the store"));
        let report = finish(&store, RECORD, &[]).ok().unwrap();
        assert_eq!((report.shredded, report.destroyed), (true, 0));
        assert!(report
            .words
            .ends_with("none of its 2 documents was destroyed in the store this time"));
        for version in &versions {
            assert!(store.document(version).unwrap().is_none());
            assert!(store.is_shredded(version).unwrap());
        }
        assert!(store.document(&other).unwrap().is_some());
    }

    #[test]
    fn a_record_that_the_store_never_knew_is_said_to_be_one() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(&folder);
        let report = finish(&store, RECORD, &[]).ok().unwrap();
        assert!(report.words.ends_with("never knew a document of it"));
    }

    fn store(folder: &tempfile::TempDir) -> Store {
        let key = StoreKey::from_hex(&"07".repeat(32)).unwrap();
        Store::open(&folder.path().join("store"), key).unwrap()
    }

    #[test]
    fn a_record_is_not_erased_without_its_documents() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(&folder);
        let kept = store.keep_all([&b"{}"[..], b"[]"]).unwrap();
        store.shred(&kept[0]).unwrap();
        assert!(all_known(&store, RECORD, &kept).is_ok());
        let stranger = H256::repeat_byte(1);
        let told = all_known(&store, RECORD, &[kept[1], stranger]);
        let told = told.err().unwrap().to_string();
        assert!(told.contains("1 of its 2 documents were never"), "{told}");
        assert!(told.contains("--not-in-store"), "{told}");
        store.link(RECORD, &[stranger]).unwrap();
        let words = finish(&store, RECORD, &[]).ok().unwrap().words;
        assert!(words.ends_with("1 were never in it"), "{words}");
    }

    #[test]
    fn what_another_record_needs_is_spared_until_that_is_erased() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(&folder);
        let kept = store.keep_all([&b"{}"[..], b"[]"]).unwrap();
        store.link(RECORD, &kept).unwrap();
        let report = finish(&store, RECORD, &kept[1..]).ok().unwrap();
        assert_eq!(report.destroyed, 1);
        assert!(report.words.ends_with("another record needs them"));
        assert!(store.document(&kept[1]).unwrap().is_some());
        let report = finish(&store, RECORD, &[]).ok().unwrap();
        assert_eq!(report.destroyed, 1);
    }

    #[test]
    fn what_is_no_record_is_destroyed_by_commitment_or_leaf() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(&folder);
        let kept = store.keep_all([&b"{}"[..]; 4]).unwrap();
        let (id, root) = (H256::repeat_byte(6), H256::repeat_byte(7));
        for batch in [BatchRef::Records(BatchId(id)), BatchRef::Root(root)] {
            store
                .keep_batch(batch, LeafKind::Record, &kept[..2])
                .unwrap();
        }
        for (batch, leaf) in [(id, &kept[..1]), (root, &kept[1..2])] {
            let leaves = leaves_in(&store, batch, leaf).ok().unwrap();
            let done = destroy(&store, leaves).ok().unwrap();
            assert_eq!(done.destroyed, 1);
            assert!(done.words.contains("proves nothing"), "{}", done.words);
        }
        assert_eq!(destroy(&store, &kept[..3]).ok().unwrap().destroyed, 1);

        let told = |told: Result<&[H256], Problem>| told.err().unwrap().to_string();
        assert!(told(leaves_in(&store, id, &kept[3..])).contains("has no such leaf"));
        let stranger = H256::repeat_byte(8);
        assert!(told(leaves_in(&store, stranger, &kept)).contains("has no list"));
        let told = |commitments: &[H256]| {
            let told = destroy(&store, commitments);
            told.err().unwrap().to_string()
        };
        assert!(told(&[kept[3], stranger]).contains("never had a document"));
        store.link(RECORD, &kept[3..]).unwrap();
        assert!(told(&kept[3..]).contains("erase that with --record"));
        assert!(store.document(&kept[3]).unwrap().is_some());
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
