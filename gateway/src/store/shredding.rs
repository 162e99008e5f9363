//! Shredding: destroying a document's key and salt for good.
//!
//! The database never overwrites: what it removes stays in unused parts of the file until they are
//! used again. So a document is shredded in this order:
//!
//! 1. One change removes the wrapped key and salt and the document, leaves a tombstone, and notes
//!    what to look for in the rest of the file. From here on the document is gone for every reader.
//! 2. The whole file is searched for copies of the wrapped key and salt, and each is overwritten.
//! 3. Another change removes the note.
//! 4. The file is compacted.
//!
//! A crash after 1 leaves the note, and opening the store does the rest; a crash before 1 leaves
//! everything as it was. The sealed document needs no such care: nobody has its key any more.
//!
//! Documents that are shredded together take these steps together, so the file is searched once.
//!
//! What the file system or the disk keeps of blocks that once were part of the file is out of reach
//! from here. It is sealed under the store's key.

use super::{
    database::{read, write},
    error::problem,
    seal::NONCE,
    Store, StoreError, DOCUMENTS, KEYS, SCRUBBING, SHREDDED, WRAPPED,
};
use redb::ReadableTable;
use sp_core::H256;
use std::{
    collections::HashSet,
    fs::File,
    io::{self, Read, Seek, SeekFrom},
};

/// How much of the file is searched at a time.
const WINDOW: usize = 1024 * 1024;

#[cfg(test)]
thread_local! {
    /// How often this thread searched a file.
    pub(super) static PASSES: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

impl Store {
    /// Destroys the key and the salt of the document with this commitment. A tombstone stays.
    /// `false` if there was nothing to destroy.
    pub fn shred(&self, commitment: &H256) -> Result<bool, StoreError> {
        Ok(self.shred_all(&[*commitment])? > 0)
    }

    /// Destroys the keys and salts of all these documents, and says of how many there were any. The
    /// file is searched once for all of them.
    pub fn shred_all(&self, commitments: &[H256]) -> Result<usize, StoreError> {
        if commitments.is_empty() {
            return Ok(0);
        }
        let shredded = self.forget(commitments)?;
        self.finish_shredding()?;
        Ok(shredded)
    }

    /// The first step, of all or none.
    pub(super) fn forget(&self, commitments: &[H256]) -> Result<usize, StoreError> {
        self.write(|transaction| {
            let mut keys = transaction.open_table(KEYS)?;
            let mut documents = transaction.open_table(DOCUMENTS)?;
            let mut shredded = transaction.open_table(SHREDDED)?;
            let mut scrubbing = transaction.open_table(SCRUBBING)?;
            let mut forgotten = 0;
            for commitment in commitments {
                let nonce = match keys.remove(&commitment.0)? {
                    Some(wrapped) => nonce_of(wrapped.value()),
                    None => continue,
                };
                documents.remove(&commitment.0)?;
                shredded.insert(&commitment.0, ())?;
                scrubbing.insert(&commitment.0, &inverted(nonce))?;
                forgotten += 1;
            }
            Ok(forgotten)
        })
    }

    /// The other steps, for all that were begun.
    pub(super) fn finish_shredding(&self) -> Result<(), StoreError> {
        // Held to the end: while the file is searched, nobody may put its unused parts to use.
        let mut database = self.lock();
        let failed = |error| problem(&self.path, error);
        let begun = read(&database, |transaction| {
            let scrubbing = transaction.open_table(SCRUBBING)?;
            let mut begun = Vec::new();
            for entry in scrubbing.iter()? {
                let (commitment, note) = entry?;
                begun.push((*commitment.value(), inverted(*note.value())));
            }
            Ok(begun)
        })
        .map_err(failed)?;
        if begun.is_empty() {
            return Ok(());
        }
        let nonces: HashSet<_> = begun.iter().map(|(_, nonce)| *nonce).collect();
        scrub(&self.raw, &nonces).map_err(|error| StoreError::Unreadable {
            path: self.path.clone(),
            error,
        })?;
        write(&database, |transaction| {
            let mut scrubbing = transaction.open_table(SCRUBBING)?;
            for (commitment, _) in &begun {
                scrubbing.remove(commitment)?;
            }
            Ok(())
        })
        .map_err(failed)?;
        database.compact().map_err(|error| failed(error.into()))?;
        Ok(())
    }
}

/// The nonce that a wrapped key begins with, which no other entry shares.
fn nonce_of(wrapped: &[u8; WRAPPED]) -> [u8; NONCE] {
    *wrapped
        .first_chunk()
        .expect("a nonce is shorter than what it begins; qed")
}

/// A note is the nonce with every bit turned, so that the search does not find the note itself.
fn inverted(nonce: [u8; NONCE]) -> [u8; NONCE] {
    nonce.map(|byte| !byte)
}

/// Overwrites every wrapped key that begins with one of these nonces, wherever it is in the file.
///
/// Only parts that are not in use have any: the entries themselves were removed. Entries of this
/// size never cross from one page to another, so a copy is whole or gone.
fn scrub(mut file: &File, nonces: &HashSet<[u8; NONCE]>) -> io::Result<()> {
    #[cfg(test)]
    PASSES.set(PASSES.get() + 1);
    let length = file.metadata()?.len();
    let mut buffer = vec![0; WINDOW];
    let mut start = 0;
    loop {
        let left = usize::try_from(length - start).unwrap_or(usize::MAX);
        let window = &mut buffer[..left.min(WINDOW)];
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(window)?;
        for (place, bytes) in (start..).zip(window.windows(NONCE)) {
            if nonces.contains(bytes) {
                let end = length.min(place + WRAPPED as u64);
                file.seek(SeekFrom::Start(place))?;
                io::copy(&mut io::repeat(0).take(end - place), &mut file)?;
            }
        }
        if window.len() == left {
            return file.sync_data();
        }
        // The next window begins so that a nonce across the border is found.
        start += (WINDOW - NONCE + 1) as u64;
    }
}
