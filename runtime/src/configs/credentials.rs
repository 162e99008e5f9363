//! Who is licensed to do what.

use super::{governance::CouncilMajority, system::ChainClock};
use crate::{Consortium, Runtime};
use axonic_primitives::{
    membership::{Duty, Role},
    Codes,
};
use frame_support::parameter_types;
use pallet_consortium::{duties, roles, Any, EnsureMember};

parameter_types! {
    pub const IssuerRoles: Codes<Role> = roles(&[Role::LicensingBoard, Role::Regulator]);
    /// Boards have no patients: what their registrars register are practitioners.
    pub const IssuerDuties: Codes<Duty> = duties(&[Duty::Registrar]);
    /// Whoever takes on practitioners checks their licences at the source.
    pub const VerifierDuties: Codes<Duty> = duties(&[Duty::Registrar, Duty::PrivacyOfficer]);
}

impl pallet_credentials::Config for Runtime {
    type CouncilOrigin = CouncilMajority;
    type IssuerOrigin = EnsureMember<Runtime, IssuerRoles, IssuerDuties>;
    type VerifierOrigin = EnsureMember<Runtime, Any, VerifierDuties>;
    type Membership = Consortium;
    type Clock = ChainClock;
    type WeightInfo = crate::weights::pallet_credentials::WeightInfo<Runtime>;
}
