//! Declares types with what they need where they go: into state, into calls, into answers.
//!
//! Everything derives `Clone`, `PartialEq`, `Eq`, `Debug`, `Encode`, `Decode` and `TypeInfo`.
//! Besides, by macro:
//!
//! | macro | `DecodeWithMemTracking`, for calls | `MaxEncodedLen`, for state | serde, for JSON |
//! |---|---|---|---|
//! | [`closed!`](crate::closed) | yes | yes | kebab case |
//! | [`data!`](crate::data) | yes | yes | camel case |
//! | [`stored!`](crate::stored) | yes | yes | no |
//! | [`sent!`](crate::sent) | yes | no | camel case |
//! | [`shown!`](crate::shown) | no | no | camel case |
//!
//! Each takes any number of structs and enums. An item derives more by saying so, for instance
//! `#[derive(Copy)]`, and adds serde attributes of its own, `rename_all` only where the macro
//! derives no serde.
//!
//! The derives are expanded in the crate that uses them, which depends on `parity-scale-codec` by
//! the name `codec`, on `scale-info` and on `serde`.

/// Declares enums without fields that are stored, sent in calls and shown as JSON in kebab case.
///
/// Derives what [`data!`](crate::data) does, and `Copy`, `PartialOrd` and `Ord`. Codes that form
/// sets are declared with [`closed_codes!`](crate::closed_codes).
#[macro_export]
macro_rules! closed {
    ($( $item:item )+) => { $(
        #[derive(
            Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug,
            ::codec::Encode, ::codec::Decode, ::codec::DecodeWithMemTracking,
            ::codec::MaxEncodedLen, ::scale_info::TypeInfo,
            ::serde::Serialize, ::serde::Deserialize,
        )]
        #[serde(rename_all = "kebab-case")]
        $item
    )+ };
}

/// Declares what is stored, sent in calls and shown as JSON in camel case.
///
/// Derives `Clone`, `PartialEq`, `Eq`, `Debug`, `Encode`, `Decode`, `DecodeWithMemTracking`,
/// `MaxEncodedLen`, `TypeInfo`, `Serialize` and `Deserialize`.
#[macro_export]
macro_rules! data {
    ($( $item:item )+) => { $(
        #[derive(
            Clone, PartialEq, Eq, Debug,
            ::codec::Encode, ::codec::Decode, ::codec::DecodeWithMemTracking,
            ::codec::MaxEncodedLen, ::scale_info::TypeInfo,
            ::serde::Serialize, ::serde::Deserialize,
        )]
        #[serde(rename_all = "camelCase")]
        $item
    )+ };
}

/// Declares what is stored and sent in calls.
///
/// Derives what [`data!`](crate::data) does but serde's traits. What has JSON in another case than
/// camel case derives those itself.
#[macro_export]
macro_rules! stored {
    ($( $item:item )+) => { $(
        #[derive(
            Clone, PartialEq, Eq, Debug,
            ::codec::Encode, ::codec::Decode, ::codec::DecodeWithMemTracking,
            ::codec::MaxEncodedLen, ::scale_info::TypeInfo,
        )]
        $item
    )+ };
}

/// Declares what calls and questions carry and nobody stores, with JSON in camel case.
///
/// Derives what [`data!`](crate::data) does but `MaxEncodedLen`.
#[macro_export]
macro_rules! sent {
    ($( $item:item )+) => { $(
        #[derive(
            Clone, PartialEq, Eq, Debug,
            ::codec::Encode, ::codec::Decode, ::codec::DecodeWithMemTracking,
            ::scale_info::TypeInfo, ::serde::Serialize, ::serde::Deserialize,
        )]
        #[serde(rename_all = "camelCase")]
        $item
    )+ };
}

/// Declares what readers are answered, with JSON in camel case.
///
/// Derives what [`data!`](crate::data) does but `MaxEncodedLen` and `DecodeWithMemTracking`.
#[macro_export]
macro_rules! shown {
    ($( $item:item )+) => { $(
        #[derive(
            Clone, PartialEq, Eq, Debug,
            ::codec::Encode, ::codec::Decode, ::scale_info::TypeInfo,
            ::serde::Serialize, ::serde::Deserialize,
        )]
        #[serde(rename_all = "camelCase")]
        $item
    )+ };
}
