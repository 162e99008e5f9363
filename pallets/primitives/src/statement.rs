//! Statements signed off chain and brought to the chain by somebody else.

use crate::{AccountId, Moment, Signature};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_core::H256;
use sp_runtime::traits::Verify;

/// What is signed: everything that keeps one statement from being taken for another.
///
/// The signed bytes are the SCALE encoding of this struct. Its first field is a constant-length
/// tag, so no two purposes share an encoding; its second ties it to one chain.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Statement<Body> {
    /// Which pallet and call it is meant for, for example `axonic/consent/grant`, zero padded.
    pub purpose: [u8; 32],
    /// The genesis hash of the chain.
    pub genesis: H256,
    /// Whom it concerns, usually a patient.
    pub subject: H256,
    /// Counts the signer's or subject's statements; each is good once.
    pub nonce: u64,
    /// The first instant at which it is no longer good, UTC milliseconds.
    pub expires_at: Moment,
    /// What is stated.
    pub body: Body,
}

/// The purpose tag for `text`, zero padded to 32 bytes.
///
/// Fails to compile in a `const` if the text is longer.
pub const fn purpose(text: &str) -> [u8; 32] {
    let bytes = text.as_bytes();
    assert!(bytes.len() <= 32, "a purpose has at most 32 bytes");
    let mut tag = [0; 32];
    let mut i = 0;
    while i < bytes.len() {
        tag[i] = bytes[i];
        i += 1;
    }
    tag
}

impl<Body: Encode> Statement<Body> {
    /// Whether `signer` signed this.
    ///
    /// Accepts the plain bytes and the bytes between `<Bytes>` and `</Bytes>`, which is what wallet
    /// extensions sign for a web page.
    pub fn is_signed_by(&self, signer: &AccountId, signature: &Signature) -> bool {
        let plain = self.encode();
        if signature.verify(&plain[..], signer) {
            return true;
        }
        let mut wrapped = Vec::with_capacity(plain.len() + 15);
        wrapped.extend_from_slice(b"<Bytes>");
        wrapped.extend_from_slice(&plain);
        wrapped.extend_from_slice(b"</Bytes>");
        signature.verify(&wrapped[..], signer)
    }
}

/// What a wallet signs so that a call accepts it.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StatementToSign {
    /// The nonce inside, which goes into the call's proof.
    pub nonce: u64,
    /// The exact bytes to sign, plain or between `<Bytes>` and `</Bytes>`.
    #[serde(with = "sp_core::bytes")]
    pub bytes: Vec<u8>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use sp_core::{sr25519, Pair};

    fn statement() -> Statement<u32> {
        Statement {
            purpose: purpose("axonic/test/sign"),
            genesis: H256::repeat_byte(1),
            subject: H256::repeat_byte(2),
            nonce: 0,
            expires_at: 10,
            body: 7,
        }
    }

    #[test]
    fn the_encoding_is_frozen() {
        let expected = [
            &b"axonic/test/sign\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"[..],
            &[1; 32],
            &[2; 32],
            &[0; 8],
            &[10, 0, 0, 0, 0, 0, 0, 0],
            &[7, 0, 0, 0],
        ]
        .concat();
        assert_eq!(statement().encode(), expected);
    }

    #[test]
    fn plain_and_wrapped_signatures_are_good_and_others_are_not() {
        let pair = sr25519::Pair::from_seed(&[5; 32]);
        let signer = AccountId::from(pair.public());
        let plain = statement().encode();
        let wrapped = [b"<Bytes>", &plain[..], b"</Bytes>"].concat();
        for bytes in [&plain, &wrapped] {
            assert!(statement().is_signed_by(&signer, &pair.sign(bytes).into()));
        }
        let mut other = statement();
        other.nonce = 1;
        assert!(!other.is_signed_by(&signer, &pair.sign(&plain).into()));
    }
}
