//! Who a patient is.

use super::system::ChainClock;
use crate::{Consortium, Runtime};
use axonic_primitives::{
    membership::{Duty, Role},
    Codes, Moment,
};
use frame_support::parameter_types;
use pallet_consortium::{duties, roles, EnsureMember};

parameter_types! {
    /// Organisations that have patients, customers or insured persons in front of them.
    pub const RegistrarRoles: Codes<Role> =
        roles(&[Role::Provider, Role::Payer, Role::Pharmacy, Role::Laboratory]);
    pub const RegistrarDuties: Codes<Duty> = duties(&[Duty::Registrar]);
    /// Only those who treat a person can tell that it is the same person.
    pub const RecoveryProviderRoles: Codes<Role> = roles(&[Role::Provider]);
    /// Three days: a patient who is away for a weekend can still say no.
    pub const RecoveryDelay: Moment = 72 * 60 * 60 * 1000;
}

impl pallet_patient_identity::Config for Runtime {
    type RegistrarOrigin = EnsureMember<Runtime, RegistrarRoles, RegistrarDuties>;
    type RecoveryProviderOrigin = EnsureMember<Runtime, RecoveryProviderRoles, RegistrarDuties>;
    type Membership = Consortium;
    type Clock = ChainClock;
    type RecoveryDelay = RecoveryDelay;
    type WeightInfo = crate::weights::pallet_patient_identity::WeightInfo<Runtime>;
}
