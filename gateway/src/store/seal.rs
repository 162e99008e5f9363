//! Sealing: AES-256-GCM with a random nonce, bound to what it is about.
//!
//! Random nonces of 96 bits are good for 2^32 texts under one key (NIST SP 800-38D, section 8.3). A
//! document has a key of its own; what the store's key seals is one short text a document.

use super::StoreError;
use aes_gcm::{
    aead::{Aead, KeyInit, Payload},
    Aes256Gcm, Nonce,
};
use zeroize::Zeroizing;

/// The bytes of a nonce.
pub(super) const NONCE: usize = 12;
/// The bytes by which a change is noticed.
const TAG: usize = 16;

/// The bytes of a sealed text of `plain` bytes: nonce, text, tag.
pub(super) const fn sealed_length(plain: usize) -> usize {
    NONCE + plain + TAG
}

/// 32 secret bytes.
pub(super) type Secret = Zeroizing<[u8; 32]>;

/// Bytes from the operating system's generator.
pub(super) fn random<const N: usize>() -> Result<[u8; N], StoreError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| StoreError::NoRandomness)?;
    Ok(bytes)
}

/// Seals a text. It opens only with the same key and the same context.
pub(super) fn seal(key: &[u8; 32], context: &[u8], plain: &[u8]) -> Result<Vec<u8>, StoreError> {
    let nonce = random::<NONCE>()?;
    let text = Payload {
        msg: plain,
        aad: context,
    };
    let sealed = Aes256Gcm::new(key.into())
        .encrypt(&Nonce::from(nonce), text)
        .expect("only 64 GiB and more cannot be sealed; qed");
    Ok([&nonce[..], &sealed[..]].concat())
}

/// Opens what [`seal`] made. `None` if key or context are others, or a byte was changed.
pub(super) fn unseal(key: &[u8; 32], context: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE>()?;
    let text = Payload {
        msg: sealed,
        aad: context,
    };
    Aes256Gcm::new(key.into())
        .decrypt(&Nonce::from(*nonce), text)
        .ok()
        .map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_text_opens_only_with_its_key_and_context_and_unchanged() {
        let sealed = seal(&[1; 32], b"here", b"text").unwrap();
        assert_eq!(sealed.len(), sealed_length(4));
        let opened = unseal(&[1; 32], b"here", &sealed).unwrap();
        assert_eq!(&opened[..], b"text");
        assert!(unseal(&[2; 32], b"here", &sealed).is_none());
        assert!(unseal(&[1; 32], b"there", &sealed).is_none());
        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert!(unseal(&[1; 32], b"here", &changed).is_none(), "{place}");
        }
        assert!(unseal(&[1; 32], b"here", &sealed[..NONCE - 1]).is_none());
    }

    #[test]
    fn the_same_text_is_sealed_differently_each_time() {
        let [one, other] = [0; 2].map(|_| seal(&[1; 32], b"", b"text").unwrap());
        assert_ne!(one, other);
    }
}
