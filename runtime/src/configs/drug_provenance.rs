//! Where medicines are, and who may move them.

use super::{credentials::IssuerRoles, system::ChainClock};
use crate::{Consortium, Credentials, Runtime};
use axonic_primitives::{
    membership::{Duty, Role},
    Codes,
};
use frame_support::parameter_types;
use pallet_consortium::{duties, roles, Any, EnsureMember};

parameter_types! {
    pub const SupplyDuties: Codes<Duty> = duties(&[Duty::SupplyOperator]);
    /// Organisations that supply medicines to the public: hospitals dispense too.
    pub const DispensingRoles: Codes<Role> = roles(&[Role::Pharmacy, Role::Provider]);
    pub const DispensingDuties: Codes<Duty> = duties(&[Duty::Pharmacist]);
    /// Whoever licenses practitioners licenses trading partners, by the same staff.
    pub const LicensingDuties: Codes<Duty> = duties(&[Duty::Registrar]);
    pub const OversightRoles: Codes<Role> = roles(&[Role::Regulator]);
}

impl pallet_drug_provenance::Config for Runtime {
    type SupplyOrigin = EnsureMember<Runtime, Any, SupplyDuties>;
    type DispensingOrigin = EnsureMember<Runtime, DispensingRoles, DispensingDuties>;
    type LicensingOrigin = EnsureMember<Runtime, IssuerRoles, LicensingDuties>;
    type OversightOrigin = EnsureMember<Runtime, OversightRoles, SupplyDuties>;
    type Membership = Consortium;
    type Credentials = Credentials;
    type Clock = ChainClock;
    type WeightInfo = crate::weights::pallet_drug_provenance::WeightInfo<Runtime>;
}
