//! The runtime of Axonic Chain: which pallets there are, and how they are wired.
//!
//! What each pallet is configured with is in [`configs`], one module a concern. Networks differ by
//! their genesis ([`genesis_config_presets`]), never by the code they run.

#![cfg_attr(not(feature = "std"), no_std)]
// Assembling the pallets nests a macro call or two for each of them.
#![recursion_limit = "512"]
// The macros that assemble a runtime make public items that nobody can document.
#![allow(missing_docs)]

extern crate alloc;

#[cfg(feature = "std")]
include!(concat!(env!("OUT_DIR"), "/wasm_binary.rs"));

pub mod apis;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarks;
pub mod configs;
pub mod genesis_config_presets;
pub mod migrations;
pub mod weights;

use alloc::{borrow::Cow, vec::Vec};
use frame_support::weights::{constants::WEIGHT_REF_TIME_PER_SECOND, Weight};
use sp_runtime::{
    generic, impl_opaque_keys,
    traits::{BlakeTwo256, Hash as HashT},
    MultiAddress, Perbill,
};
use sp_version::RuntimeVersion;

pub use apis::RuntimeApi;
pub use axonic_primitives::{AccountId, Signature};
pub use sp_consensus_aura::sr25519::AuthorityId as AuraId;

/// An amount of the native token, AXN, in its smallest unit: 10^-12 AXN.
pub type Balance = u128;
/// How many transactions an account has sent.
pub type Nonce = u32;
/// A hash of chain data.
pub type Hash = sp_core::H256;
/// The height of a block.
pub type BlockNumber = u32;
/// How transactions name accounts.
pub type Address = MultiAddress<AccountId, ()>;
/// The header of a block.
pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
/// A block.
pub type Block = generic::Block<Header, UncheckedExtrinsic>;
/// A block with what justifies its finality.
pub type SignedBlock = generic::SignedBlock<Block>;
/// Names a block by its hash or its height.
pub type BlockId = generic::BlockId<Block>;

/// What is checked of, and charged for, every transaction.
///
/// The whole is wrapped so that proof size that was weighed but not used goes back to the block.
pub type TxExtension = cumulus_pallet_weight_reclaim::StorageWeightReclaim<
    Runtime,
    (
        frame_system::CheckNonZeroSender<Runtime>,
        frame_system::CheckSpecVersion<Runtime>,
        frame_system::CheckTxVersion<Runtime>,
        frame_system::CheckGenesis<Runtime>,
        frame_system::CheckEra<Runtime>,
        frame_system::CheckNonce<Runtime>,
        frame_system::CheckWeight<Runtime>,
        pallet_transaction_payment::ChargeTransactionPayment<Runtime>,
        frame_metadata_hash_extension::CheckMetadataHash<Runtime>,
    ),
>;

/// A transaction or inherent as it comes from outside.
pub type UncheckedExtrinsic =
    generic::UncheckedExtrinsic<Address, RuntimeCall, Signature, TxExtension>;
/// What the sender of a transaction signs.
pub type SignedPayload = generic::SignedPayload<RuntimeCall, TxExtension>;

/// Runs blocks on the pallets.
pub type Executive = frame_executive::Executive<
    Runtime,
    Block,
    frame_system::ChainContext<Runtime>,
    Runtime,
    AllPalletsWithSystem,
>;

/// The types of a node that does not know what is in a transaction.
pub mod opaque {
    use super::*;

    pub use sp_runtime::OpaqueExtrinsic as UncheckedExtrinsic;

    /// The header of a block.
    pub type Header = super::Header;
    /// A block.
    pub type Block = generic::Block<Header, UncheckedExtrinsic>;
    /// Names a block by its hash or its height.
    pub type BlockId = generic::BlockId<Block>;
    /// A hash of chain data.
    pub type Hash = <BlakeTwo256 as HashT>::Output;
}

impl_opaque_keys! {
    /// The keys a collator works with.
    pub struct SessionKeys {
        /// Signs the blocks it authors.
        pub aura: Aura,
    }
}

/// What identifies this runtime among others and over time.
#[sp_version::runtime_version]
pub const VERSION: RuntimeVersion = RuntimeVersion {
    spec_name: Cow::Borrowed("axonic"),
    impl_name: Cow::Borrowed("axonic"),
    authoring_version: 1,
    spec_version: 1,
    impl_version: 1,
    apis: apis::RUNTIME_API_VERSIONS,
    transaction_version: 1,
    system_version: 1,
};

/// One AXN.
pub const UNIT: Balance = 1_000_000_000_000;
/// A thousandth of an AXN.
pub const MILLIUNIT: Balance = UNIT / 1_000;
/// A millionth of an AXN.
pub const MICROUNIT: Balance = UNIT / 1_000_000;

/// How often a block is aimed at, in milliseconds.
pub const MILLISECS_PER_BLOCK: u64 = 6_000;
/// How long a collator's turn takes, in milliseconds. Cannot change once a chain has started.
pub const SLOT_DURATION: u64 = MILLISECS_PER_BLOCK;

/// A minute, in blocks.
pub const MINUTES: BlockNumber = 60_000 / (MILLISECS_PER_BLOCK as BlockNumber);
/// An hour, in blocks.
pub const HOURS: BlockNumber = 60 * MINUTES;
/// A day, in blocks.
pub const DAYS: BlockNumber = 24 * HOURS;

/// What a block may take: the two seconds a validator has for a parachain block with asynchronous
/// backing, and the largest proof it accepts.
pub const MAXIMUM_BLOCK_WEIGHT: Weight = Weight::from_parts(
    2 * WEIGHT_REF_TIME_PER_SECOND,
    cumulus_primitives_core::relay_chain::MAX_POV_SIZE as u64,
);
/// The part of a block that ordinary transactions may take; the rest is for operational ones.
pub const NORMAL_DISPATCH_RATIO: Perbill = Perbill::from_percent(75);

/// The runtime as WASM, the only form in which nodes execute it.
///
/// Panics if this crate was built without it.
#[cfg(feature = "std")]
pub fn wasm_binary_unwrap() -> &'static [u8] {
    WASM_BINARY.expect("this was built without the runtime's WASM: build without SKIP_WASM_BUILD")
}

// Each hook of the pallets runs in the order of their indices.
#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeFreezeReason,
        RuntimeHoldReason,
        RuntimeSlashReason,
        RuntimeLockId,
        RuntimeTask,
        RuntimeViewFunction
    )]
    pub struct Runtime;

    // The chain itself.
    #[runtime::pallet_index(0)]
    pub type System = frame_system;
    #[runtime::pallet_index(1)]
    pub type ParachainSystem = cumulus_pallet_parachain_system;
    #[runtime::pallet_index(2)]
    pub type Timestamp = pallet_timestamp;
    #[runtime::pallet_index(3)]
    pub type ParachainInfo = parachain_info;

    // Fees.
    #[runtime::pallet_index(10)]
    pub type Balances = pallet_balances;
    #[runtime::pallet_index(11)]
    pub type TransactionPayment = pallet_transaction_payment;

    // Collators. These five depend on their order.
    #[runtime::pallet_index(20)]
    pub type Authorship = pallet_authorship;
    #[runtime::pallet_index(21)]
    pub type CollatorSelection = pallet_collator_selection;
    #[runtime::pallet_index(22)]
    pub type Session = pallet_session;
    #[runtime::pallet_index(23)]
    pub type Aura = pallet_aura;
    #[runtime::pallet_index(24)]
    pub type AuraExt = cumulus_pallet_aura_ext;

    // Governance.
    #[runtime::pallet_index(30)]
    pub type Council = pallet_collective<Instance1>;
    #[runtime::pallet_index(31)]
    pub type CouncilMembership = pallet_membership<Instance1>;
    #[runtime::pallet_index(32)]
    pub type TechnicalCommittee = pallet_collective<Instance2>;
    #[runtime::pallet_index(33)]
    pub type TechnicalMembership = pallet_membership<Instance2>;

    // What accounts can do beyond one call at a time.
    #[runtime::pallet_index(40)]
    pub type Multisig = pallet_multisig;
    #[runtime::pallet_index(41)]
    pub type Proxy = pallet_proxy;
    #[runtime::pallet_index(42)]
    pub type Utility = pallet_utility;
    #[runtime::pallet_index(43)]
    pub type Scheduler = pallet_scheduler;
    #[runtime::pallet_index(44)]
    pub type Preimage = pallet_preimage;

    // Upgrades and emergencies.
    #[runtime::pallet_index(50)]
    pub type Migrations = pallet_migrations;
    #[runtime::pallet_index(51)]
    pub type TxPause = pallet_tx_pause;
    #[runtime::pallet_index(52)]
    pub type SafeMode = pallet_safe_mode;
    #[runtime::pallet_index(53)]
    pub type WeightReclaim = cumulus_pallet_weight_reclaim;

    // Axonic Chain.
    #[runtime::pallet_index(60)]
    pub type Consortium = pallet_consortium;
    #[runtime::pallet_index(61)]
    pub type PatientIdentity = pallet_patient_identity;
    #[runtime::pallet_index(62)]
    pub type Consent = pallet_consent;
    #[runtime::pallet_index(63)]
    pub type Credentials = pallet_credentials;
    #[runtime::pallet_index(64)]
    pub type HealthRecords = pallet_health_records;
    #[runtime::pallet_index(65)]
    pub type Audit = pallet_audit;
    #[runtime::pallet_index(66)]
    pub type DrugProvenance = pallet_drug_provenance;
}

cumulus_pallet_parachain_system::register_validate_block! {
    Runtime = Runtime,
    BlockExecutor = cumulus_pallet_aura_ext::BlockExecutor::<Runtime, Executive>,
}
