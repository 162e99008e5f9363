//! Where records are, and that they are unchanged.

use super::{governance::CouncilMajority, system::ChainClock};
use crate::{Consortium, PatientIdentity, Runtime};
use axonic_primitives::{
    membership::{Duty, Role},
    Codes,
};
use frame_support::parameter_types;
use pallet_consortium::{duties, roles, Any, EnsureMember};

parameter_types! {
    /// Organisations that write records about patients.
    pub const CustodianRoles: Codes<Role> = roles(&[
        Role::Provider,
        Role::Payer,
        Role::Pharmacy,
        Role::Laboratory,
        Role::Sponsor,
        Role::ResearchInstitute,
        Role::DeviceMaker,
    ]);
    pub const AuthorDuties: Codes<Duty> = duties(&[
        Duty::Clinician,
        Duty::Pharmacist,
        Duty::RecordsOfficer,
        Duty::ClaimsOfficer,
        Duty::DataSteward,
        Duty::DeviceManager,
        Duty::TrialOfficer,
    ]);
    pub const RecordsOfficerDuties: Codes<Duty> = duties(&[Duty::RecordsOfficer]);
}

impl pallet_health_records::Config for Runtime {
    type AuthorOrigin = EnsureMember<Runtime, CustodianRoles, AuthorDuties>;
    type OfficerOrigin = EnsureMember<Runtime, CustodianRoles, RecordsOfficerDuties>;
    type StaffOrigin = EnsureMember<Runtime, Any, Any>;
    type CouncilOrigin = CouncilMajority;
    type Membership = Consortium;
    type Patients = PatientIdentity;
    type Clock = ChainClock;
    type WeightInfo = crate::weights::pallet_health_records::WeightInfo<Runtime>;
}
