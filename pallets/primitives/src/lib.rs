//! The words and seams that the pallets of Axonic Chain share: ids, closed sets of codes, periods,
//! signed statements, and the small traits through which one pallet asks another.
//!
//! Nothing here stores anything and nothing here has a `Config`. A pallet that needs something of
//! another pallet finds the question here and the answer in the runtime's wiring. A seam that is
//! not wired answers "no".

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod codes;
pub mod consent;
pub mod credentials;
mod ids;
pub mod membership;
pub mod merkle;
pub mod patients;
mod period;
mod refusal;
mod shapes;
pub mod statement;
#[cfg(feature = "std")]
pub mod testing;
#[cfg(test)]
mod tests;

pub use codes::{Code, Codes};
pub use ids::{
    derive_id, BatchId, BreakGlassId, ConsentId, CredentialId, OrgId, PatientId, RecordId,
    RequestId, SiteId,
};
pub use period::{Moment, Period};
pub use refusal::Refusal;

/// An account: the public key of a person, a device or an organisation's administrator.
pub type AccountId = sp_runtime::AccountId32;

/// A signature made by the key behind an [`AccountId`].
pub type Signature = sp_runtime::MultiSignature;

/// Tells the time on legal clocks: UTC milliseconds since the Unix epoch, from the block's
/// timestamp inherent. At genesis, before there is one, it is 0.
pub trait Clock {
    /// The instant of the block being built or read.
    fn now() -> Moment;
}
