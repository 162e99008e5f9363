//! Reading and changing the database, and telling a store from something else.

use super::{
    error::problem,
    seal::{seal, unseal},
    Store, StoreError, BATCHES, DOCUMENTS, KEYS, META, RECORDS, SCRUBBING, SHREDDED,
};
use codec::{Decode, DecodeAll};
use redb::{Database, ReadTransaction, ReadableDatabase, WriteTransaction};
use std::sync::{MutexGuard, PoisonError};

/// The format's name. Another format is another name.
const FORMAT: &[u8] = b"axonic-gateway store 1";
/// What is sealed to tell the right key from a wrong one.
const CHECK: &[u8] = b"axonic-gateway/store/check";

impl Store {
    /// Makes sure that this is a store and that the key is its key. Makes a new file one.
    pub(super) fn identify(&self) -> Result<(), StoreError> {
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

    pub(super) fn lock(&self) -> MutexGuard<'_, Database> {
        // Whoever panicked left a transaction that was never committed.
        self.database.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn read<T>(
        &self,
        look: impl FnOnce(&ReadTransaction) -> Result<T, redb::Error>,
    ) -> Result<T, StoreError> {
        read(&self.lock(), look).map_err(|error| problem(&self.path, error))
    }

    pub(super) fn write<T>(
        &self,
        change: impl FnOnce(&WriteTransaction) -> Result<T, redb::Error>,
    ) -> Result<T, StoreError> {
        write(&self.lock(), change).map_err(|error| problem(&self.path, error))
    }

    pub(super) fn decode<T: Decode>(&self, mut content: &[u8]) -> Result<T, StoreError> {
        T::decode_all(&mut content).map_err(|_| StoreError::Corrupt(self.path.clone()))
    }
}

pub(super) fn read<T>(
    database: &Database,
    look: impl FnOnce(&ReadTransaction) -> Result<T, redb::Error>,
) -> Result<T, redb::Error> {
    look(&database.begin_read()?)
}

/// Carries out a change and commits it, durably and in two phases, or leaves everything as it was.
pub(super) fn write<T>(
    database: &Database,
    change: impl FnOnce(&WriteTransaction) -> Result<T, redb::Error>,
) -> Result<T, redb::Error> {
    let mut transaction = database.begin_write()?;
    transaction.set_two_phase_commit(true);
    let outcome = change(&transaction)?;
    transaction.commit()?;
    Ok(outcome)
}
