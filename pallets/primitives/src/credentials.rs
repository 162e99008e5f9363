//! Who is licensed to do what.

use crate::{closed_codes, membership::Jurisdiction, AccountId, CredentialId, Moment};
use codec::{Decode, Encode};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

closed_codes! {
    /// What a credential allows its holder to do.
    Privilege, "privileges" {
        /// Prescribe medicines.
        Prescribe = 0, "Prescribe";
        /// Prescribe Schedule II controlled substances.
        PrescribeScheduleII = 1, "PrescribeScheduleII";
        /// Prescribe Schedule III controlled substances.
        PrescribeScheduleIII = 2, "PrescribeScheduleIII";
        /// Prescribe Schedule IV controlled substances.
        PrescribeScheduleIV = 3, "PrescribeScheduleIV";
        /// Prescribe Schedule V controlled substances.
        PrescribeScheduleV = 4, "PrescribeScheduleV";
        /// Dispense medicines.
        Dispense = 5, "Dispense";
        /// Open a record in an emergency without waiting for consent.
        EmergencyAccess = 6, "EmergencyAccess";
        /// Review what others did.
        Review = 7, "Review";
        /// Conduct a clinical investigation.
        Investigate = 8, "Investigate";
    }
}

/// Why no credential was found good. Of several credentials, the reason is that of the one that
/// came closest.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub enum CredentialDenial {
    /// The account holds no credential that is live.
    #[codec(index = 0)]
    NotCredentialed,
    /// The account's live credentials do not carry the privilege.
    #[codec(index = 1)]
    PrivilegeMissing,
    /// The credential that carries the privilege was not valid yet.
    #[codec(index = 2)]
    NotYetValid,
    /// The credential that carries the privilege had expired.
    #[codec(index = 3)]
    Expired,
    /// The credential that carries the privilege was suspended.
    #[codec(index = 4)]
    Suspended,
    /// The credential that carries the privilege was revoked, or given up by its holder.
    #[codec(index = 5)]
    Revoked,
    /// Whoever issued the credential is not believed in what it issued at that time.
    #[codec(index = 6)]
    IssuerDistrusted,
    /// The credential that carries the privilege is for another jurisdiction.
    #[codec(index = 7)]
    JurisdictionMismatch,
    /// The credential was put on record only after that instant, with a date before it.
    #[codec(index = 8)]
    BackDated,
}

/// What other pallets ask about licences.
///
/// Exists because a licence must mean the same wherever it is needed. The default `()` holds no
/// credentials and refuses everybody.
pub trait Credentials {
    /// The live credential by which `account` has `privilege` in `jurisdiction` at that instant.
    fn has(
        account: &AccountId,
        privilege: Privilege,
        jurisdiction: Jurisdiction,
        at: Moment,
    ) -> Result<CredentialId, CredentialDenial>;

    /// Gives `holder` live credentials for a benchmark: as many as one may hold, of which the one
    /// asked last carries the privilege.
    #[cfg(feature = "runtime-benchmarks")]
    fn license_for_benchmark(holder: &AccountId, privilege: Privilege, jurisdiction: Jurisdiction);
}

impl Credentials for () {
    fn has(
        _: &AccountId,
        _: Privilege,
        _: Jurisdiction,
        _: Moment,
    ) -> Result<CredentialId, CredentialDenial> {
        Err(CredentialDenial::NotCredentialed)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn license_for_benchmark(_: &AccountId, _: Privilege, _: Jurisdiction) {}
}
