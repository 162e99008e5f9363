//! `axonic-gateway verify`: whether a copy of a document is what was anchored.

use super::{connect, existing_store, json::pretty, lookup::hash, read, Problem, Setup};
use crate::{
    chain::Chain,
    fhir::{period::moment_in_words, Resource},
    store::{commitment, BatchRef, Store},
};
use axonic_primitives::{merkle, BatchId, Moment, RecordId};
use clap::Args;
use pallet_health_records::types::{Batch, Status, Verification, VersionInfo};
use serde::Serialize;
use sp_core::H256;
use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};
use zeroize::Zeroizing;

#[derive(Args)]
pub(super) struct Verify {
    /// The copy: a file with one FHIR resource, as JSON. Layout and order of members do not matter.
    #[arg(value_name = "FILE", required_unless_present = "batch")]
    file: Option<PathBuf>,
    /// The record that it is said to be.
    #[arg(
        long,
        value_name = "ID",
        required_unless_present = "batch",
        conflicts_with_all = ["batch", "leaf"]
    )]
    record: Option<RecordId>,
    /// The version that it is said to be. Without it, any version of the record.
    #[arg(
        long,
        value_name = "NUMBER",
        requires = "record",
        conflicts_with = "batch"
    )]
    version: Option<u32>,
    /// The batch that the document is said to be in.
    #[arg(long, value_name = "ID", requires = "leaf")]
    batch: Option<BatchId>,
    /// The commitment of the document in the batch.
    #[arg(long, value_name = "COMMITMENT", value_parser = hash, requires = "batch")]
    leaf: Option<H256>,
    /// A file with the salt of the commitment, 64 hexadecimal digits. Without it, the one in the
    /// store.
    #[arg(long, value_name = "FILE", requires = "file")]
    salt_file: Option<PathBuf>,
    /// Answer in JSON.
    #[arg(long)]
    json: bool,
}

/// What came out.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(
    tag = "verdict",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
enum Verdict {
    /// The copy is the record's current version.
    Current { version: u32, anchored_at: Moment },
    /// The copy is a version in whose place came a later one.
    Older {
        version: u32,
        anchored_at: Moment,
        current: u32,
    },
    /// The copy is the record's latest version, and should never have been recorded.
    EnteredInError { version: u32, anchored_at: Moment },
    /// The copy is something else.
    Differs,
    /// Nobody can tell any more.
    Shredded,
    /// The document is in the batch.
    Included { leaf: u32, anchored_at: Moment },
    /// The document is not in the batch.
    NotIncluded,
}

/// Everything, for `--json`.
#[derive(Serialize)]
struct Report {
    #[serde(flatten)]
    verdict: Verdict,
    words: String,
}

impl Verify {
    pub(super) async fn run(self, setup: &Setup) -> Result<ExitCode, Problem> {
        let copy = self.file.as_deref().map(canonical).transpose()?;
        let salt = self.salt_file.as_deref().map(salt).transpose()?;
        // Whoever brings the salt of a record needs no store.
        let store = match (salt, self.batch) {
            (Some(_), None) => None,
            _ => Some(existing_store(setup)?),
        };
        let chain = connect(setup).await?;
        let verdict = match (self.record, self.batch, self.leaf, &copy, &store) {
            (Some(record), _, _, Some(copy), store) => {
                let salts = Salts {
                    given: salt,
                    store: store.as_ref(),
                };
                of_record(&chain, &salts, record, self.version, copy).await?
            }
            (_, Some(batch), Some(leaf), copy, Some(store)) => {
                let salts = Salts {
                    given: salt,
                    store: Some(store),
                };
                let copy = copy.as_ref().map(|copy| &copy[..]);
                of_batch(&chain, &salts, store, batch, leaf, copy).await?
            }
            _ => {
                let told = "name a file and its record, or a batch and a leaf of it";
                return Err(Problem::Typed(told.into()));
            }
        };
        let words = verdict.in_words();
        if self.json {
            println!("{}", pretty(&Report { verdict, words }));
        } else {
            println!("{words}");
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Where salts come from.
struct Salts<'a> {
    given: Option<H256>,
    store: Option<&'a Store>,
}

impl Salts<'_> {
    /// The salt of the document with this commitment, if it is to be had.
    fn of(&self, commitment: &H256) -> Result<Option<H256>, Problem> {
        match (self.given, self.store) {
            (Some(salt), _) => Ok(Some(salt)),
            (None, Some(store)) => Ok(store.document(commitment)?.map(|kept| kept.salt)),
            (None, None) => Ok(None),
        }
    }
}

async fn of_record(
    chain: &Chain,
    salts: &Salts<'_>,
    record: RecordId,
    version: Option<u32>,
    copy: &[u8],
) -> Result<Verdict, Problem> {
    let typed = |told: String| Problem::Typed(format!("{record}: {told}"));
    let info = chain.record(record).await?;
    let info = info.ok_or_else(|| typed("the chain has no such record".into()))?;
    let Some(content) = info.record.content else {
        return Ok(Verdict::Shredded);
    };
    let current = content.version;
    let mut versions = chain.history(record).await?;
    versions.reverse();
    if let Some(number) = version {
        versions.retain(|one| one.number == number);
        if versions.is_empty() {
            return Err(typed(format!(
                "the record has no version {number}; its latest is {current}"
            )));
        }
    }

    let mut unsalted = Vec::new();
    for VersionInfo {
        number, version, ..
    } in versions
    {
        let Some(salt) = salts.of(&version.commitment)? else {
            unsalted.push(number.to_string());
            continue;
        };
        let found = chain
            .verify(record, number, commitment(&salt, copy))
            .await?;
        match found {
            Verification::Matches {
                status,
                anchored_at,
            } => return Ok(matching(status, number, anchored_at, current)),
            Verification::Differs => {}
            Verification::Shredded => return Ok(Verdict::Shredded),
        }
    }
    if unsalted.is_empty() {
        Ok(Verdict::Differs)
    } else {
        let unsalted = unsalted.join(", ");
        Err(typed(format!(
            "cannot be told: the store has no salt of version {unsalted}; give it with --salt-file"
        )))
    }
}

/// What a copy is that matches this version.
fn matching(status: Status, version: u32, anchored_at: Moment, current: u32) -> Verdict {
    match status {
        Status::Current => Verdict::Current {
            version,
            anchored_at,
        },
        Status::Superseded => Verdict::Older {
            version,
            anchored_at,
            current,
        },
        Status::EnteredInError => Verdict::EnteredInError {
            version,
            anchored_at,
        },
        Status::Shredded => Verdict::Shredded,
    }
}

async fn of_batch(
    chain: &Chain,
    salts: &Salts<'_>,
    store: &Store,
    id: BatchId,
    leaf: H256,
    copy: Option<&[u8]>,
) -> Result<Verdict, Problem> {
    let typed = |told: &str| Problem::Typed(format!("{id}: {told}"));
    let info = chain.batch(id).await?;
    let batch = info
        .ok_or_else(|| typed("the chain has no such batch"))?
        .batch;
    if let Some(copy) = copy {
        match salts.of(&leaf)? {
            Some(salt) if commitment(&salt, copy) == leaf => {}
            Some(_) => return Ok(Verdict::Differs),
            None if store.is_shredded(&leaf)? => return Ok(Verdict::Shredded),
            None => {
                return Err(typed(
                    "cannot be told: the store has no salt of this leaf; give it with --salt-file",
                ));
            }
        }
    }
    let leaves = leaves(store, id, &batch)?.ok_or_else(|| {
        typed("the store has no list of this batch's leaves, so nothing in it can be proved")
    })?;
    let kind = batch.kind.leaf_kind();
    let place = leaves.iter().position(|one| *one == leaf);
    let place = place.and_then(|place| u32::try_from(place).ok());
    let proof = place.and_then(|place| merkle::prove(kind, &leaves, place));
    let Some(proof) = proof else {
        return Ok(Verdict::NotIncluded);
    };
    Ok(if chain.verify_inclusion(id, leaf, &proof).await? {
        Verdict::Included {
            leaf: proof.index,
            anchored_at: batch.anchored_at,
        }
    } else {
        Verdict::NotIncluded
    })
}

/// The batch's leaves, if the store has them: as they were kept when the batch was anchored, or, if
/// the gateway was cut short then, by the root under which they were kept before.
fn leaves(store: &Store, id: BatchId, batch: &Batch) -> Result<Option<Vec<H256>>, Problem> {
    if let Some(leaves) = store.batch(&BatchRef::Records(id))? {
        return Ok(Some(leaves));
    }
    Ok(store.batch(&BatchRef::Root(batch.root))?)
}

impl Verdict {
    fn in_words(self) -> String {
        match self {
            Self::Current {
                version,
                anchored_at,
            } => format!(
                "This copy is the current version of the record: version {version}, anchored at \
                 {}.",
                moment_in_words(anchored_at)
            ),
            Self::Older {
                version,
                anchored_at,
                current,
            } => format!(
                "This copy is an older version of the record: version {version}, anchored at {}. \
                 The latest is version {current}.",
                moment_in_words(anchored_at)
            ),
            Self::EnteredInError {
                version,
                anchored_at,
            } => format!(
                "This copy is version {version} of the record, anchored at {}, and was since \
                 marked as entered in error.",
                moment_in_words(anchored_at)
            ),
            Self::Differs => "This copy differs from what was anchored.".into(),
            Self::Shredded => {
                "What was anchored is shredded, so nobody can tell what this copy is.".into()
            }
            Self::Included { leaf, anchored_at } => format!(
                "The document is in the batch: leaf {leaf}, anchored at {}.",
                moment_in_words(anchored_at)
            ),
            Self::NotIncluded => "The document is not in the batch.".into(),
        }
    }
}

/// A file's resource as commitments are made to it.
fn canonical(path: &Path) -> Result<Zeroizing<Vec<u8>>, Problem> {
    let resource = read(path).and_then(|bytes| Resource::parse(&Zeroizing::new(bytes)));
    let canonical = resource.and_then(|resource| resource.canonical());
    canonical
        .map(Zeroizing::new)
        .map_err(|refusal| Problem::Typed(format!("{}: {refusal}", path.display())))
}

/// Reads a salt. What the file says is not shown, because it may be most of one.
fn salt(path: &Path) -> Result<H256, Problem> {
    let typed = |told: &str| Problem::Typed(format!("{}: {told}", path.display()));
    let text = fs::read_to_string(path).map(Zeroizing::new);
    let text = text.map_err(|error| typed(&format!("cannot be read: {error}")))?;
    hash(text.trim()).map_err(|told| typed(&format!("a salt {told}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verdict_is_said_plainly() {
        let says = |status, what: &str| {
            let words = matching(status, 1, 0, 2).in_words();
            assert!(words.contains(what), "{words}");
        };
        says(
            Status::Current,
            "is the current version of the record: version 1",
        );
        says(
            Status::Superseded,
            "is an older version of the record: version 1",
        );
        says(Status::Superseded, "The latest is version 2.");
        says(
            Status::EnteredInError,
            "was since marked as entered in error",
        );
        says(Status::Shredded, "nobody can tell");
        assert!(Verdict::Differs.in_words().contains("differs"));
        let included = Verdict::Included {
            leaf: 7,
            anchored_at: 0,
        };
        assert!(included
            .in_words()
            .contains("leaf 7, anchored at 1970-01-01"));
        let json = serde_json::to_value(included).unwrap();
        assert_eq!(
            json,
            serde_json::json!({"verdict": "included", "leaf": 7, "anchoredAt": 0})
        );
    }

    #[test]
    fn a_salt_that_is_none_is_not_shown() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("salt");
        let digits = "0a".repeat(32);
        for text in [digits.clone(), format!("0x{digits}\n")] {
            fs::write(&path, text).unwrap();
            assert_eq!(salt(&path).ok(), Some(H256::repeat_byte(10)));
        }
        fs::write(&path, &digits[1..]).unwrap();
        let told = salt(&path).err().unwrap().to_string();
        assert!(
            told.contains("a salt must be 64 hexadecimal digits"),
            "{told}"
        );
        assert!(!told.contains("0a0a"), "{told}");
    }
}
