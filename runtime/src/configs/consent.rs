//! What patients permit.

use super::{governance::CouncilMajority, system::ChainClock};
use crate::{Consortium, Credentials, PatientIdentity, Runtime};
use axonic_primitives::{membership::Duty, Codes};
use frame_support::parameter_types;
use pallet_consortium::{duties, Any, EnsureMember};

parameter_types! {
    /// Whoever works with patients or their data. Those who move goods, manage devices or only read
    /// do not.
    pub const ConsentStaffDuties: Codes<Duty> = duties(&[
        Duty::Registrar,
        Duty::Clinician,
        Duty::Pharmacist,
        Duty::ClaimsOfficer,
        Duty::RecordsOfficer,
        Duty::PrivacyOfficer,
        Duty::DataSteward,
        Duty::TrialOfficer,
    ]);
    pub const ReviewerDuties: Codes<Duty> = duties(&[Duty::PrivacyOfficer]);
}

impl pallet_consent::Config for Runtime {
    type CouncilOrigin = CouncilMajority;
    type StaffOrigin = EnsureMember<Runtime, Any, ConsentStaffDuties>;
    type ReviewerOrigin = EnsureMember<Runtime, Any, ReviewerDuties>;
    type Membership = Consortium;
    type Patients = PatientIdentity;
    type Credentials = Credentials;
    type Clock = ChainClock;
    type WeightInfo = crate::weights::pallet_consent::WeightInfo<Runtime>;
}
