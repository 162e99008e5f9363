//! The chain itself: blocks, the parachain's tie to its relay chain, and the clock.

use super::{
    consensus::{ConsensusHook, RELAY_PARENT_OFFSET},
    safety::CallFilter,
};
use crate::{
    weights, AccountId, Aura, Balance, Block, Hash, Migrations, Nonce, PalletInfo, Runtime,
    RuntimeCall, RuntimeEvent, RuntimeOrigin, RuntimeTask, Timestamp, MAXIMUM_BLOCK_WEIGHT,
    NORMAL_DISPATCH_RATIO, VERSION,
};
use axonic_primitives::{Clock, Moment};
use cumulus_pallet_parachain_system::RelayNumberMonotonicallyIncreases;
use frame_support::{
    derive_impl,
    dispatch::DispatchClass,
    parameter_types,
    traits::{ConstU16, ConstU32, ConstU64},
    weights::Weight,
};
use frame_system::limits::{BlockLength, BlockWeights};
use sp_runtime::Perbill;
use sp_version::RuntimeVersion;

/// The share of a block that hooks are expected to take before its first transaction.
const AVERAGE_ON_INITIALIZE_RATIO: Perbill = Perbill::from_percent(5);
/// The longest a block's body may be, in bytes.
const MAXIMUM_BLOCK_LENGTH: u32 = 5 * 1024 * 1024;

parameter_types! {
    pub const Version: RuntimeVersion = VERSION;
    pub RuntimeBlockLength: BlockLength = BlockLength::builder()
        .max_length(MAXIMUM_BLOCK_LENGTH)
        .modify_max_length_for_class(DispatchClass::Normal, |length| {
            *length = NORMAL_DISPATCH_RATIO * *length;
        })
        .build();
    pub RuntimeBlockWeights: BlockWeights = BlockWeights::builder()
        .base_block(weights::BlockExecutionWeight::get())
        .for_class(DispatchClass::all(), |class| {
            class.base_extrinsic = weights::ExtrinsicBaseWeight::get();
        })
        .for_class(DispatchClass::Normal, |class| {
            class.max_total = Some(NORMAL_DISPATCH_RATIO * MAXIMUM_BLOCK_WEIGHT);
        })
        .for_class(DispatchClass::Operational, |class| {
            class.max_total = Some(MAXIMUM_BLOCK_WEIGHT);
            // What ordinary transactions leave is theirs even in a full block.
            class.reserved =
                Some(MAXIMUM_BLOCK_WEIGHT - NORMAL_DISPATCH_RATIO * MAXIMUM_BLOCK_WEIGHT);
        })
        .avg_block_initialization(AVERAGE_ON_INITIALIZE_RATIO)
        .build_or_panic();
    /// No messages come from other chains, so no weight is kept for them.
    pub const NoMessages: Weight = Weight::zero();
}

#[derive_impl(frame_system::config_preludes::ParaChainDefaultConfig)]
impl frame_system::Config for Runtime {
    type AccountData = pallet_balances::AccountData<Balance>;
    type AccountId = AccountId;
    type BaseCallFilter = CallFilter;
    type Block = Block;
    // A transaction may be signed for this many blocks: most of a working day.
    type BlockHashCount = ConstU32<4096>;
    type BlockLength = RuntimeBlockLength;
    type BlockWeights = RuntimeBlockWeights;
    type DbWeight = weights::DbWeight;
    type ExtensionsWeightInfo = weights::SystemExtensions;
    type Hash = Hash;
    type MaxConsumers = ConstU32<16>;
    type MultiBlockMigrator = Migrations;
    type Nonce = Nonce;
    type OnSetCode = cumulus_pallet_parachain_system::ParachainSetCode<Self>;
    type SingleBlockMigrations = crate::migrations::SingleBlockMigrations;
    // Generic addresses: wallets need to know nothing of this chain to show them.
    type SS58Prefix = ConstU16<42>;
    type SystemWeightInfo = weights::System;
    type Version = Version;
}

impl cumulus_pallet_parachain_system::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type OnSystemEvent = ();
    type SelfParaId = parachain_info::Pallet<Runtime>;
    type OutboundXcmpMessageSource = ();
    type DmpQueue = ();
    type ReservedDmpWeight = NoMessages;
    type XcmpMessageHandler = ();
    type ReservedXcmpWeight = NoMessages;
    // With asynchronous backing several blocks may be built on one relay chain block.
    type CheckAssociatedRelayNumber = RelayNumberMonotonicallyIncreases;
    type WeightInfo = weights::ParachainSystem;
    type ConsensusHook = ConsensusHook;
    type RelayParentOffset = ConstU32<RELAY_PARENT_OFFSET>;
    type SchedulingSignatureVerifier = ();
}

/// The chain's clock: the timestamp of the block.
///
/// Not through `UnixTime`, which logs an error whenever it is asked at genesis.
pub struct ChainClock;

impl Clock for ChainClock {
    fn now() -> Moment {
        Timestamp::get()
    }
}

impl parachain_info::Config for Runtime {}

impl pallet_timestamp::Config for Runtime {
    type Moment = u64;
    type OnTimestampSet = Aura;
    // Aura bounds how often a block may come; a second bound would only be in the way of several
    // blocks in one slot.
    type MinimumPeriod = ConstU64<0>;
    type WeightInfo = weights::Timestamp;
}

impl cumulus_pallet_weight_reclaim::Config for Runtime {
    type WeightInfo = weights::WeightReclaim;
}
