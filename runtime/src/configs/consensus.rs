//! Who makes blocks, and when.
//!
//! Every member runs a collator. The council says which accounts they are; there are no candidates
//! and no bonds.

use super::governance::CouncilMajority;
use crate::{
    weights, AccountId, Aura, AuraId, Balances, BlockNumber, CollatorSelection, Runtime,
    RuntimeEvent, Session, SessionKeys, HOURS, SLOT_DURATION,
};
use frame_support::{
    parameter_types,
    traits::{ConstBool, ConstU128, ConstU32, ConstU64},
    PalletId,
};
use pallet_collator_selection::IdentityCollator;
use pallet_session::{FindAccountFromAuthorIndex, PeriodicSessions};
use sp_runtime::traits::OpaqueKeys;

/// How long a slot of the relay chain takes, in milliseconds.
pub const RELAY_CHAIN_SLOT_DURATION_MILLIS: u32 = 6_000;
/// How many blocks of this chain are aimed at in one slot of the relay chain.
pub const TARGET_BLOCK_RATE: u32 = 1;
/// At most this many blocks, and one more, are accepted in one slot of the relay chain: one a
/// millisecond.
///
/// With a relay chain this bound is never met: the unincluded segment is full long before, because
/// the blocks of one slot all build on the same included one. A development chain has no relay
/// chain, counts its blocks as included at once, and may make many in one slot; its node gives each
/// a later timestamp.
pub const BLOCK_PROCESSING_VELOCITY: u32 = 6_000;
/// At most this many blocks may wait for the relay chain to include them: one being included, one
/// being backed, and one being built.
pub const UNINCLUDED_SEGMENT_CAPACITY: u32 = 3;
/// Blocks are built on the newest block of the relay chain.
pub const RELAY_PARENT_OFFSET: u32 = 0;

/// At most this many collators: more than the members a consortium of this kind has, and few enough
/// to read the whole list in every session.
const MAX_COLLATORS: u32 = 100;

/// Decides whether a block may follow, from what the relay chain has seen so far.
pub type ConsensusHook = cumulus_pallet_aura_ext::FixedVelocityConsensusHook<
    Runtime,
    RELAY_CHAIN_SLOT_DURATION_MILLIS,
    BLOCK_PROCESSING_VELOCITY,
    UNINCLUDED_SEGMENT_CAPACITY,
>;

parameter_types! {
    pub const PotId: PalletId = PalletId(*b"PotStake");
    /// How long a set of collators stays. A change takes effect after one to two sessions.
    pub const SessionLength: BlockNumber = HOURS;
    pub const SessionOffset: BlockNumber = 0;
}

impl pallet_authorship::Config for Runtime {
    type FindAuthor = FindAccountFromAuthorIndex<Self, Aura>;
    type EventHandler = CollatorSelection;
}

impl pallet_collator_selection::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type Currency = Balances;
    type UpdateOrigin = CouncilMajority;
    type PotId = PotId;
    type MaxCandidates = ConstU32<0>;
    type MinEligibleCollators = ConstU32<1>;
    type MaxInvulnerables = ConstU32<MAX_COLLATORS>;
    type KickThreshold = SessionLength;
    type ValidatorId = AccountId;
    type ValidatorIdOf = IdentityCollator;
    type ValidatorRegistration = Session;
    type WeightInfo = weights::CollatorSelection;
}

impl pallet_session::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type ValidatorId = AccountId;
    type ValidatorIdOf = IdentityCollator;
    type ShouldEndSession = PeriodicSessions<SessionLength, SessionOffset>;
    type NextSessionRotation = PeriodicSessions<SessionLength, SessionOffset>;
    type SessionManager = CollatorSelection;
    type SessionHandler = <SessionKeys as OpaqueKeys>::KeyTypeIdProviders;
    type Keys = SessionKeys;
    type DisablingStrategy = ();
    type WeightInfo = weights::Session;
    type Currency = Balances;
    // Only keys of collators the council chose ever count, so there is nothing to bond.
    type KeyDeposit = ConstU128<0>;
}

impl pallet_aura::Config for Runtime {
    type AuthorityId = AuraId;
    type MaxAuthorities = ConstU32<MAX_COLLATORS>;
    type DisabledValidators = ();
    type AllowMultipleBlocksPerSlot = ConstBool<true>;
    type SlotDuration = ConstU64<SLOT_DURATION>;
}

impl cumulus_pallet_aura_ext::Config for Runtime {}
