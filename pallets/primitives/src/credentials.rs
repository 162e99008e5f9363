//! Who is licensed to do what.

use crate::{codes::closed_codes, membership::Jurisdiction, AccountId, CredentialId, Moment};

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

/// Why a credential was not found good.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    Debug,
    codec::Encode,
    codec::Decode,
    scale_info::TypeInfo,
    serde::Serialize,
    serde::Deserialize,
)]
pub enum CredentialDenial {
    /// The account holds no credential that is live.
    #[codec(index = 0)]
    NotCredentialed,
    /// The account's live credentials do not carry the privilege.
    #[codec(index = 1)]
    PrivilegeMissing,
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
}
