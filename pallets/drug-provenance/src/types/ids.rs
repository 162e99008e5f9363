//! The numbers by which things are stored, and text before it is known to be anything.

use super::MAX_TEXT;
use alloc::string::String;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Declares the numbers by which the pallet counts what it stores.
macro_rules! counted {
    ($( $(#[$meta:meta])* $name:ident($inner:ty) )+) => { $(
        $(#[$meta])*
        #[derive(
            Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Debug, Encode, Decode,
            DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub $inner);
    )+ };
}

counted! {
    /// A lot, numbered in the order of commissioning.
    LotId(u32)
    /// A shipment.
    ShipmentId(u64)
    /// A request for verification.
    VerificationId(u64)
    /// An investigation.
    InvestigationId(u64)
    /// An alert.
    AlertId(u64)
    /// An event.
    EventId(u64)
    /// A step of something's history.
    StepId(u64)
}

/// The number of a run's last pack, as a key whose bytes are in the order of the numbers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, MaxEncodedLen)]
pub struct Last(pub u32);

/// Four bytes, the highest first, because that is what is in the keys.
impl TypeInfo for Last {
    type Identity = [u8; 4];

    fn type_info() -> scale_info::Type {
        <[u8; 4]>::type_info()
    }
}

impl Encode for Last {
    fn using_encoded<R, F: FnOnce(&[u8]) -> R>(&self, f: F) -> R {
        f(&self.0.to_be_bytes())
    }
}

impl Decode for Last {
    fn decode<I: codec::Input>(input: &mut I) -> Result<Self, codec::Error> {
        <[u8; 4]>::decode(input).map(|bytes| Self(u32::from_be_bytes(bytes)))
    }
}

impl codec::EncodeLike for Last {}

/// What somebody typed or scanned, up to 64 bytes, before it is known to be a serial or a lot
/// number. As JSON it is text.
#[derive(
    Clone,
    PartialEq,
    Eq,
    Debug,
    Default,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Text(pub BoundedVec<u8, ConstU32<MAX_TEXT>>);

impl Serialize for Text {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&String::from_utf8_lossy(&self.0))
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = text.into_bytes().try_into();
        bytes
            .map(Self)
            .map_err(|_| serde::de::Error::custom("a serial or lot number is far shorter"))
    }
}
