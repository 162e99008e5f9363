//! Keeping documents: each sealed under a key of its own, which with the salt is sealed under the
//! store's key.

use super::{
    seal::{random, seal, unseal, Secret},
    Store, StoreError, DOCUMENTS, KEYS, SHREDDED, WRAPPED,
};
use sp_core::{Blake2Hasher, Hasher, H256};
use std::mem;
use zeroize::{Zeroize, Zeroizing};

/// What keeps a wrapped key from being taken for anything else.
pub(super) const KEY: &[u8] = b"axonic-gateway/store/key";
/// What keeps a document from being taken for anything else.
const DOCUMENT: &[u8] = b"axonic-gateway/store/document";

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

impl Store {
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
}

/// A document on its way into the file.
struct Sealed {
    commitment: H256,
    wrapped: [u8; WRAPPED],
    document: Vec<u8>,
}

/// What a sealed text is bound to: what it is, and of which document.
pub(super) fn context(what: &[u8], commitment: &H256) -> Vec<u8> {
    [what, commitment.as_bytes()].concat()
}
