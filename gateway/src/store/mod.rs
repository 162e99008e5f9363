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

mod batches;
mod database;
mod documents;
mod error;
mod file;
mod key;
mod records;
mod seal;
mod shredding;
#[cfg(test)]
mod tests;

pub use batches::BatchRef;
pub use documents::{commitment, Kept};
pub use error::StoreError;
pub use key::{StoreKey, KEY_VARIABLE};

use redb::{backends::FileBackend, Database, TableDefinition};
use seal::{sealed_length, NONCE};
use std::{
    fs::File,
    path::{Path, PathBuf},
    sync::Mutex,
};

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
/// Memory for pages of the file. They are encrypted.
const CACHE: usize = 64 * 1024 * 1024;

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
        let file = file::open(path).map_err(unreadable)?;
        let is_new = file.metadata().map_err(unreadable)?.len() == 0;
        let raw = file.try_clone().map_err(unreadable)?;
        let opened = FileBackend::new(file).and_then(|file| {
            Database::builder()
                // Otherwise a damaged file is trusted, and reading it may panic.
                .set_check_integrity_on_open(true)
                .set_cache_size(CACHE)
                .create_with_backend(file)
        });
        let database = opened.map_err(|error| error::problem(path, error.into()))?;
        let store = Self {
            path: path.into(),
            database: Mutex::new(database),
            raw,
            key,
        };
        store.identify()?;
        if is_new {
            file::sync_folder_of(path).map_err(unreadable)?;
        }
        #[cfg(unix)]
        file::keep_private(&store.raw).map_err(unreadable)?;
        store.finish_shredding()?;
        Ok(store)
    }
}
