//! Who looked at what, and on which basis.

use super::{health_records::CustodianRoles, system::ChainClock};
use crate::{Consent, Consortium, PatientIdentity, Runtime};
use axonic_primitives::{membership::Duty, Codes};
use frame_support::parameter_types;
use pallet_consortium::{duties, Any, EnsureMember};

parameter_types! {
    /// Whoever may hand out what an organisation keeps.
    pub const DisclosingDuties: Codes<Duty> = duties(&[
        Duty::Clinician,
        Duty::Pharmacist,
        Duty::RecordsOfficer,
        Duty::ClaimsOfficer,
        Duty::PrivacyOfficer,
        Duty::DataSteward,
        Duty::TrialOfficer,
    ]);
    pub const PrivacyOfficerDuties: Codes<Duty> = duties(&[Duty::PrivacyOfficer]);
}

impl pallet_audit::Config for Runtime {
    type CustodianOrigin = EnsureMember<Runtime, CustodianRoles, DisclosingDuties>;
    type OfficerOrigin = EnsureMember<Runtime, Any, PrivacyOfficerDuties>;
    type Membership = Consortium;
    type Patients = PatientIdentity;
    type Consent = Consent;
    type Clock = ChainClock;
    type WeightInfo = crate::weights::pallet_audit::WeightInfo<Runtime>;
}
