//! Ids: opaque 32 bytes for what concerns a person, small integers for what the consortium makes.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_core::H256;

macro_rules! opaque_id {
    ($( $(#[$meta:meta])* $name:ident )+) => {
        $(
            $(#[$meta])*
            #[derive(
                Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Debug, Encode, Decode,
                DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize, Deserialize,
            )]
            #[serde(transparent)]
            pub struct $name(pub H256);

            impl core::fmt::Display for $name {
                fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                    write!(f, "{:#x}", self.0)
                }
            }

            // Without `std`, hashes are not read from text.
            #[cfg(feature = "std")]
            impl core::str::FromStr for $name {
                type Err = &'static str;

                fn from_str(text: &str) -> Result<Self, Self::Err> {
                    text.parse()
                        .map(Self)
                        .map_err(|_| "an id is 32 bytes as 64 hexadecimal digits after 0x")
                }
            }
        )+
    };
}

opaque_id! {
    /// A patient. Says nothing about the person; given by whoever registers it, from at least
    /// 128 bits of entropy.
    PatientId
    /// A consent.
    ConsentId
    /// A member's request for access, put to a patient.
    RequestId
    /// An emergency access that was opened without waiting for the patient.
    BreakGlassId
    /// A practitioner's licence or privilege.
    CredentialId
    /// A record of a patient, through all its versions.
    RecordId
    /// A batch of documents anchored together.
    BatchId
}

macro_rules! small_id {
    ($( $(#[$meta:meta])* $name:ident )+) => {
        $(
            $(#[$meta])*
            #[derive(
                Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Debug, Encode, Decode,
                DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize, Deserialize,
            )]
            #[serde(transparent)]
            pub struct $name(pub u32);
        )+
    };
}

small_id! {
    /// A member organisation, numbered in the order of admission.
    OrgId
    /// Premises of a member organisation, numbered in the order of opening.
    SiteId
}

/// Derives an opaque id from what made it.
///
/// `blake2_256(kind ‖ creator ‖ nonce)`, each SCALE encoded with its length, so that no two kinds
/// share a pre-image.
pub fn derive_id(kind: &[u8], creator: &impl Encode, nonce: u64) -> H256 {
    (kind, creator.encode(), nonce)
        .using_encoded(sp_io::hashing::blake2_256)
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derived_ids_differ_by_kind_creator_and_nonce() {
        let ids = [
            derive_id(b"consent", &1u32, 0),
            derive_id(b"consent", &1u32, 1),
            derive_id(b"consent", &2u32, 0),
            derive_id(b"request", &1u32, 0),
        ];
        for (i, a) in ids.iter().enumerate() {
            assert!(ids[i + 1..].iter().all(|b| a != b));
        }
    }

    #[test]
    fn an_id_reads_back_from_its_own_text_and_refuses_other_text() {
        let id = PatientId(H256::repeat_byte(7));
        assert_eq!(id.to_string().parse(), Ok(id));
        assert!("0x12".parse::<PatientId>().is_err());
        assert!("patient".parse::<PatientId>().is_err());
    }
}
