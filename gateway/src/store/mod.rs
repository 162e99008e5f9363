//! The store: documents and their salts, encrypted, in one file.
//!
//! The chain holds of a document only `blake2_256(salt ‖ canonical JSON)`. The document and the
//! salt are here, under that commitment. Each document is sealed under a key of its own; that key
//! and the salt together are sealed under the store's key, in one entry of another table. Without
//! that entry the document cannot be read and the commitment means nothing, so destroying it is
//! erasure.
//!
//! Every change is durable before it is answered, in two phases: a crash leaves the state before it
//! or after it, and opening never falls back behind what was answered. Opening reads the whole file
//! once to check it.
//!
//! One process at a time has a store open.

mod key;
mod seal;
mod shredding;
#[cfg(test)]
mod tests;

pub use key::{StoreKey, KEY_VARIABLE};

use axonic_primitives::{
    merkle::{self, InclusionProof, LeafKind},
    BatchId, OrgId, RecordId,
};
use codec::{Decode, DecodeAll, Encode};
use redb::{
    backends::FileBackend, Database, ReadTransaction, ReadableDatabase, ReadableTable,
    TableDefinition, WriteTransaction,
};
use seal::{random, seal, sealed_length, unseal, Secret, NONCE};
use sp_core::{Blake2Hasher, Hasher, H256};
use std::{
    collections::HashSet,
    fs::{File, OpenOptions},
    io::{self, ErrorKind},
    mem,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};
use zeroize::{Zeroize, Zeroizing};

/// What this file is, and proof of the key it is written with.
const META: TableDefinition<&str, &[u8]> = TableDefinition::new("meta");
/// By commitment: the document's key and salt, sealed under the store's key.
const KEYS: TableDefinition<&[u8; 32], &[u8; WRAPPED]> = TableDefinition::new("keys");
/// By commitment: the document, sealed under its own key.
const DOCUMENTS: TableDefinition<&[u8; 32], &[u8]> = TableDefinition::new("documents");
/// By commitment: that it was here and was destroyed.
const SHREDDED: TableDefinition<&[u8; 32], ()> = TableDefinition::new("shredded");
/// By commitment: what of it may still be in unused parts of the file. See [`shredding`].
const SCRUBBING: TableDefinition<&[u8; 32], &[u8; NONCE]> = TableDefinition::new("scrubbing");
/// By SCALE encoded [`BatchRef`]: the kind and the commitments of a batch, SCALE encoded. Before the
/// batch is sent, by its root; once it is known, by what the chain calls it.
const BATCHES: TableDefinition<&[u8], &[u8]> = TableDefinition::new("batches");
/// By record id: the commitments of its versions, SCALE encoded.
const RECORDS: TableDefinition<&[u8; 32], &[u8]> = TableDefinition::new("records");

/// The bytes of a sealed key and salt.
const WRAPPED: usize = sealed_length(64);
/// The format's name. Another format is another name.
const FORMAT: &[u8] = b"axonic-gateway store 1";
/// What is sealed to tell the right key from a wrong one.
const CHECK: &[u8] = b"axonic-gateway/store/check";
/// What keeps a wrapped key from being taken for anything else.
const KEY: &[u8] = b"axonic-gateway/store/key";
/// What keeps a document from being taken for anything else.
const DOCUMENT: &[u8] = b"axonic-gateway/store/document";
/// Memory for pages of the file. They are encrypted.
const CACHE: usize = 64 * 1024 * 1024;

/// What can go wrong with a store. Tells paths, and never anything that is in one.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A file cannot be read or written.
    #[error("{}: cannot be read or written: {error}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// Somebody else has the store open.
    #[error("{}: another process has this store open; try again when it is done", .0.display())]
    Locked(PathBuf),
    /// The file is something else.
    #[error("{}: is no store of this gateway; name another file with --store", .0.display())]
    Foreign(PathBuf),
    /// The file was changed by somebody else, or the disk lost some of it.
    #[error("{}: this store is damaged; put back a copy of it", .0.display())]
    Corrupt(PathBuf),
    /// The key is another than the one the store was made with.
    #[error("{}: this store was written with another key", .0.display())]
    WrongKey(PathBuf),
    /// The database failed in another way.
    #[error("{}: the store failed: {reason}", .path.display())]
    Failed {
        /// The file.
        path: PathBuf,
        /// What the database says.
        reason: String,
    },
    /// Nobody said what the key is.
    #[error(
        "the store needs its key: put 64 hexadecimal digits into the environment variable {}, or \
         into a file named with --store-key-file",
        KEY_VARIABLE
    )]
    NoKey,
    /// The key is none.
    #[error("the store's key must be 64 hexadecimal digits, not all of them zero")]
    BadKey,
    /// The key's file is no secret.
    #[error(
        "{}: others than its owner may read this key; chmod it to 600, and draw another if \
         somebody did",
        .0.display()
    )]
    Exposed(PathBuf),
    /// Keys and salts cannot be drawn.
    #[error("the operating system gives no random bytes, so no key or salt can be drawn")]
    NoRandomness,
}

/// Which batch.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode)]
pub enum BatchRef {
    /// A batch of documents.
    #[codec(index = 0)]
    Records(BatchId),
    /// A batch of a custodian's access log.
    #[codec(index = 1)]
    AccessLog {
        /// The custodian.
        org: OrgId,
        /// Its place among the custodian's batches.
        sequence: u32,
    },
    /// A batch by its root, as long as nobody knows what the chain calls it.
    #[codec(index = 2)]
    Root(H256),
}

/// A document as it was kept. Overwritten when it is dropped, and without `Debug`, so that what it
/// says cannot end up in a log.
pub struct Kept {
    /// The document, as RFC 8785 canonical JSON.
    pub canonical: Vec<u8>,
    /// What makes its commitment impossible to guess.
    pub salt: H256,
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.canonical.zeroize();
        self.salt.0.zeroize();
    }
}

/// The commitment to a document: `blake2_256(salt ‖ canonical JSON)`.
pub fn commitment(salt: &H256, canonical: &[u8]) -> H256 {
    let salted = Zeroizing::new([salt.as_bytes(), canonical].concat());
    Blake2Hasher::hash(&salted)
}

/// Documents, their salts and the leaves of batches, in one file.
pub struct Store {
    path: PathBuf,
    database: Mutex<Database>,
    /// The same open file, which is also locked through this handle.
    raw: File,
    key: StoreKey,
}

impl Store {
    /// Opens the store at `path`, creates it if there is none, and finishes what a crash
    /// interrupted.
    pub fn open(path: &Path, key: StoreKey) -> Result<Self, StoreError> {
        let unreadable = |error| StoreError::Unreadable {
            path: path.into(),
            error,
        };
        let file = open_file(path).map_err(unreadable)?;
        let is_new = file.metadata().map_err(unreadable)?.len() == 0;
        let raw = file.try_clone().map_err(unreadable)?;
        let opened = FileBackend::new(file).and_then(|file| {
            Database::builder()
                // Otherwise a damaged file is trusted, and reading it may panic.
                .set_check_integrity_on_open(true)
                .set_cache_size(CACHE)
                .create_with_backend(file)
        });
        let database = opened.map_err(|error| problem(path, error.into()))?;
        let store = Self {
            path: path.into(),
            database: Mutex::new(database),
            raw,
            key,
        };
        store.identify()?;
        if is_new {
            sync_folder_of(path).map_err(unreadable)?;
        }
        #[cfg(unix)]
        keep_private(&store.raw).map_err(unreadable)?;
        store.finish_shredding()?;
        Ok(store)
    }

    /// Keeps a document and returns its commitment, made with a salt drawn for it alone.
    pub fn keep(&self, canonical: &[u8]) -> Result<H256, StoreError> {
        let commitments = self.keep_all([canonical])?;
        Ok(commitments.into_iter().next().expect("one a document; qed"))
    }

    /// Keeps all of these documents or none, and returns their commitments in the same order.
    pub fn keep_all<'a>(
        &self,
        documents: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Vec<H256>, StoreError> {
        self.keep_salted(documents.into_iter().map(|canonical| (canonical, None)))
    }

    /// The same for documents some of which were committed to with a salt before.
    pub fn keep_salted<'a>(
        &self,
        documents: impl IntoIterator<Item = (&'a [u8], Option<H256>)>,
    ) -> Result<Vec<H256>, StoreError> {
        let sealed: Vec<_> = documents
            .into_iter()
            .map(|(canonical, salt)| self.seal_document(canonical, salt))
            .collect::<Result<_, _>>()?;
        self.write(|transaction| {
            let mut keys = transaction.open_table(KEYS)?;
            let mut documents = transaction.open_table(DOCUMENTS)?;
            for one in &sealed {
                keys.insert(&one.commitment.0, &one.wrapped)?;
                documents.insert(&one.commitment.0, &one.document[..])?;
            }
            Ok(())
        })?;
        Ok(sealed.iter().map(|one| one.commitment).collect())
    }

    /// The document with this commitment, checked against it. `None` if it was never here or was
    /// shredded.
    pub fn document(&self, commitment: &H256) -> Result<Option<Kept>, StoreError> {
        let found = self.read(|transaction| {
            let wrapped = transaction
                .open_table(KEYS)?
                .get(&commitment.0)?
                .map(|entry| *entry.value());
            let document = transaction
                .open_table(DOCUMENTS)?
                .get(&commitment.0)?
                .map(|entry| entry.value().to_vec());
            Ok((wrapped, document))
        })?;
        match found {
            (Some(wrapped), Some(document)) => self
                .unseal_document(commitment, &wrapped, &document)
                .map(Some)
                .ok_or_else(|| StoreError::Corrupt(self.path.clone())),
            (None, None) => Ok(None),
            _ => Err(StoreError::Corrupt(self.path.clone())),
        }
    }

    /// Whether the document with this commitment was here and was shredded.
    pub fn is_shredded(&self, commitment: &H256) -> Result<bool, StoreError> {
        self.read(|transaction| {
            let tombstone = transaction.open_table(SHREDDED)?.get(&commitment.0)?;
            Ok(tombstone.is_some())
        })
    }

    /// Which of these were never here: neither kept nor shredded.
    pub fn unknown(&self, commitments: &[H256]) -> Result<Vec<H256>, StoreError> {
        self.read(|transaction| {
            let keys = transaction.open_table(KEYS)?;
            let shredded = transaction.open_table(SHREDDED)?;
            let mut unknown = Vec::new();
            for commitment in commitments {
                let is_known =
                    keys.get(&commitment.0)?.is_some() || shredded.get(&commitment.0)?.is_some();
                if !is_known {
                    unknown.push(*commitment);
                }
            }
            Ok(unknown)
        })
    }

    /// Keeps the leaves of a batch in their order, without which nothing in it can be proved.
    pub fn keep_batch(
        &self,
        batch: BatchRef,
        kind: LeafKind,
        leaves: &[H256],
    ) -> Result<(), StoreError> {
        let content = (kind, leaves).encode();
        self.write(|transaction| {
            let mut batches = transaction.open_table(BATCHES)?;
            batches.insert(&batch.encode()[..], &content[..])?;
            Ok(())
        })
    }

    /// Notes what the chain calls the batch that was kept by its root.
    pub fn name_batch(&self, root: H256, batch: BatchRef) -> Result<(), StoreError> {
        self.write(|transaction| {
            let mut batches = transaction.open_table(BATCHES)?;
            let content = batches
                .remove(&BatchRef::Root(root).encode()[..])?
                .map(|entry| entry.value().to_vec());
            if let Some(content) = content {
                batches.insert(&batch.encode()[..], &content[..])?;
            }
            Ok(())
        })
    }

    /// Forgets the leaves of a batch that did not come about.
    pub fn forget_batch(&self, batch: &BatchRef) -> Result<(), StoreError> {
        self.write(|transaction| {
            let mut batches = transaction.open_table(BATCHES)?;
            batches.remove(&batch.encode()[..])?;
            Ok(())
        })
    }

    /// The leaves of a batch in their order.
    pub fn batch(&self, batch: &BatchRef) -> Result<Option<Vec<H256>>, StoreError> {
        Ok(self.leaves(batch)?.map(|(_, leaves)| leaves))
    }

    /// The proof that a document is in a batch. `None` if the store has not this batch or the batch
    /// has not this leaf.
    pub fn prove(
        &self,
        batch: &BatchRef,
        leaf: &H256,
    ) -> Result<Option<InclusionProof>, StoreError> {
        Ok(self.leaves(batch)?.and_then(|(kind, leaves)| {
            let index = leaves.iter().position(|other| other == leaf)?;
            merkle::prove(kind, &leaves, u32::try_from(index).ok()?)
        }))
    }

    /// Notes that these are commitments of versions of a record. The chain forgets them when the
    /// record is shredded there; the store must not, until the documents are destroyed here.
    pub fn link(&self, record: RecordId, commitments: &[H256]) -> Result<(), StoreError> {
        let mut linked = self.linked(record)?;
        for commitment in commitments {
            if !linked.contains(commitment) {
                linked.push(*commitment);
            }
        }
        let content = linked.encode();
        self.write(|transaction| {
            let mut records = transaction.open_table(RECORDS)?;
            records.insert(&record.0 .0, &content[..])?;
            Ok(())
        })
    }

    /// The commitments that [`Self::link`] noted of a record.
    pub fn linked(&self, record: RecordId) -> Result<Vec<H256>, StoreError> {
        let content = self.read(|transaction| {
            let records = transaction.open_table(RECORDS)?;
            let content = records.get(&record.0 .0)?;
            Ok(content.map(|entry| entry.value().to_vec()))
        })?;
        content.map_or_else(|| Ok(Vec::new()), |content| self.decode(&content))
    }

    /// Which other records have one of these commitments, and which of them: what [`Self::link`]
    /// noted of all records but `except`.
    pub fn shared(
        &self,
        commitments: &[H256],
        except: Option<RecordId>,
    ) -> Result<Vec<(RecordId, Vec<H256>)>, StoreError> {
        let noted = self.read(|transaction| {
            let records = transaction.open_table(RECORDS)?;
            let mut noted = Vec::new();
            for entry in records.iter()? {
                let (record, content) = entry?;
                noted.push((RecordId(H256(*record.value())), content.value().to_vec()));
            }
            Ok(noted)
        })?;
        let wanted: HashSet<_> = commitments.iter().collect();
        let mut shared = Vec::new();
        for (record, content) in noted {
            let mut common: Vec<H256> = self.decode(&content)?;
            common.retain(|commitment| wanted.contains(commitment));
            if !common.is_empty() && Some(record) != except {
                shared.push((record, common));
            }
        }
        Ok(shared)
    }

    fn leaves(&self, batch: &BatchRef) -> Result<Option<(LeafKind, Vec<H256>)>, StoreError> {
        let content = self.read(|transaction| {
            let batches = transaction.open_table(BATCHES)?;
            let content = batches.get(&batch.encode()[..])?;
            Ok(content.map(|entry| entry.value().to_vec()))
        })?;
        content.map(|content| self.decode(&content)).transpose()
    }

    fn decode<T: Decode>(&self, mut content: &[u8]) -> Result<T, StoreError> {
        T::decode_all(&mut content).map_err(|_| StoreError::Corrupt(self.path.clone()))
    }

    fn seal_document(&self, canonical: &[u8], salt: Option<H256>) -> Result<Sealed, StoreError> {
        let key = Secret::new(random()?);
        let salt = Secret::new(match salt {
            Some(salt) => salt.0,
            None => random()?,
        });
        let commitment = commitment(&H256(*salt), canonical);
        let secret = Zeroizing::new([*key, *salt].concat());
        let wrapped = seal(self.key.bytes(), &context(KEY, &commitment), &secret)?;
        Ok(Sealed {
            commitment,
            wrapped: wrapped
                .try_into()
                .expect("nonce, key, salt and tag have this length; qed"),
            document: seal(&key, &context(DOCUMENT, &commitment), canonical)?,
        })
    }

    /// `None` if anything is not as it was sealed.
    fn unseal_document(
        &self,
        expected: &H256,
        wrapped: &[u8; WRAPPED],
        document: &[u8],
    ) -> Option<Kept> {
        let secret = unseal(self.key.bytes(), &context(KEY, expected), wrapped)?;
        let (key, salt) = secret.split_first_chunk::<32>()?;
        let mut canonical = unseal(key, &context(DOCUMENT, expected), document)?;
        let kept = Kept {
            salt: H256(salt.try_into().ok()?),
            canonical: mem::take(&mut *canonical),
        };
        (commitment(&kept.salt, &kept.canonical) == *expected).then_some(kept)
    }

    /// Makes sure that this is a store and that the key is its key. Makes a new file one.
    fn identify(&self) -> Result<(), StoreError> {
        let found = self.read(|transaction| {
            let is_empty = transaction.list_tables()?.next().is_none()
                && transaction.list_multimap_tables()?.next().is_none();
            if is_empty {
                return Ok(None);
            }
            let meta = transaction.open_table(META)?;
            let entry = |name: &str| -> Result<Option<Vec<u8>>, redb::Error> {
                Ok(meta.get(name)?.map(|entry| entry.value().to_vec()))
            };
            Ok(Some((entry("format")?, entry("check")?)))
        })?;
        match found {
            Some((Some(format), Some(check))) if format == FORMAT => {
                match unseal(self.key.bytes(), CHECK, &check) {
                    Some(_) => Ok(()),
                    None => Err(StoreError::WrongKey(self.path.clone())),
                }
            }
            Some(_) => Err(StoreError::Foreign(self.path.clone())),
            None => {
                let check = seal(self.key.bytes(), CHECK, &[])?;
                self.write(|transaction| {
                    let mut meta = transaction.open_table(META)?;
                    meta.insert("format", FORMAT)?;
                    meta.insert("check", &check[..])?;
                    // A table is there once it was opened for writing.
                    transaction.open_table(KEYS)?;
                    transaction.open_table(DOCUMENTS)?;
                    transaction.open_table(SHREDDED)?;
                    transaction.open_table(SCRUBBING)?;
                    transaction.open_table(BATCHES)?;
                    transaction.open_table(RECORDS)?;
                    Ok(())
                })
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Database> {
        // Whoever panicked left a transaction that was never committed.
        self.database.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read<T>(
        &self,
        look: impl FnOnce(&ReadTransaction) -> Result<T, redb::Error>,
    ) -> Result<T, StoreError> {
        read(&self.lock(), look).map_err(|error| problem(&self.path, error))
    }

    fn write<T>(
        &self,
        change: impl FnOnce(&WriteTransaction) -> Result<T, redb::Error>,
    ) -> Result<T, StoreError> {
        write(&self.lock(), change).map_err(|error| problem(&self.path, error))
    }
}

/// A document on its way into the file.
struct Sealed {
    commitment: H256,
    wrapped: [u8; WRAPPED],
    document: Vec<u8>,
}

/// What a sealed text is bound to: what it is, and of which document.
fn context(what: &[u8], commitment: &H256) -> Vec<u8> {
    [what, commitment.as_bytes()].concat()
}

fn read<T>(
    database: &Database,
    look: impl FnOnce(&ReadTransaction) -> Result<T, redb::Error>,
) -> Result<T, redb::Error> {
    look(&database.begin_read()?)
}

/// Carries out a change and commits it, durably and in two phases, or leaves everything as it was.
fn write<T>(
    database: &Database,
    change: impl FnOnce(&WriteTransaction) -> Result<T, redb::Error>,
) -> Result<T, redb::Error> {
    let mut transaction = database.begin_write()?;
    transaction.set_two_phase_commit(true);
    let outcome = change(&transaction)?;
    transaction.commit()?;
    Ok(outcome)
}

/// What the database says, as the gateway says it.
fn problem(path: &Path, error: redb::Error) -> StoreError {
    let path = path.to_path_buf();
    match error {
        redb::Error::DatabaseAlreadyOpen | redb::Error::LockProtocolMismatch => {
            StoreError::Locked(path)
        }
        redb::Error::Corrupted(_) => StoreError::Corrupt(path),
        redb::Error::Io(error) => match error.kind() {
            // It does not begin as a database does.
            ErrorKind::InvalidData => StoreError::Foreign(path),
            // It ends before the database does.
            ErrorKind::UnexpectedEof => StoreError::Corrupt(path),
            _ => StoreError::Unreadable { path, error },
        },
        redb::Error::UpgradeRequired(_)
        | redb::Error::TableDoesNotExist(_)
        | redb::Error::TableTypeMismatch { .. }
        | redb::Error::TypeDefinitionChanged { .. }
        | redb::Error::TableIsMultimap(_) => StoreError::Foreign(path),
        other => StoreError::Failed {
            path,
            reason: other.to_string(),
        },
    }
}

/// Opens the file, which on Unix nobody but its owner may read if it is new.
fn open_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Makes the file one that nobody but its owner may read, which it was if it was new.
#[cfg(unix)]
fn keep_private(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mut permissions = file.metadata()?.permissions();
    if permissions.mode() & 0o077 != 0 {
        permissions.set_mode(0o600);
        file.set_permissions(permissions)?;
    }
    Ok(())
}

/// Makes a new file's name durable, which on Unix is an entry in its folder.
fn sync_folder_of(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        File::open(folder)?.sync_all()?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}
