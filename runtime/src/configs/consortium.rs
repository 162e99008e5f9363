//! Who the members are.

use super::{governance::CouncilMajority, system::ChainClock};
use crate::Runtime;
use frame_support::traits::ConstU32;

/// At most this many staff accounts an organisation: the staff of a large hospital group.
const MAX_STAFF: u32 = 100_000;
/// At most this many premises an organisation: the shops of a large pharmacy chain.
const MAX_SITES: u32 = 10_000;

impl pallet_consortium::Config for Runtime {
    type CouncilOrigin = CouncilMajority;
    type Clock = ChainClock;
    type MaxStaffPerOrganisation = ConstU32<MAX_STAFF>;
    type MaxSitesPerOrganisation = ConstU32<MAX_SITES>;
    type WeightInfo = crate::weights::pallet_consortium::WeightInfo<Runtime>;
}
