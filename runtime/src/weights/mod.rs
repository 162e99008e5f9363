//! What calls cost: which weights each pallet runs with.
//!
//! Generated ones are files of this folder, made by `frame-omni-bencher` over this runtime's WASM
//! and never by hand. A pallet without one runs with the weights the SDK was released with.

pub mod pallet_audit;
pub mod pallet_balances;
pub mod pallet_consent;
pub mod pallet_consortium;
pub mod pallet_credentials;
pub mod pallet_drug_provenance;
pub mod pallet_health_records;
pub mod pallet_patient_identity;

use crate::Runtime;

pub use frame_support::weights::constants::{
    BlockExecutionWeight, ExtrinsicBaseWeight, RocksDbWeight as DbWeight,
};

pub type CollatorSelection = pallet_collator_selection::weights::SubstrateWeight<Runtime>;
pub type Collective = pallet_collective::weights::SubstrateWeight<Runtime>;
pub type Membership = pallet_membership::weights::SubstrateWeight<Runtime>;
pub type Migrations = pallet_migrations::weights::SubstrateWeight<Runtime>;
pub type Multisig = pallet_multisig::weights::SubstrateWeight<Runtime>;
pub type ParachainSystem = cumulus_pallet_parachain_system::weights::SubstrateWeight<Runtime>;
pub type Preimage = pallet_preimage::weights::SubstrateWeight<Runtime>;
pub type Proxy = pallet_proxy::weights::SubstrateWeight<Runtime>;
pub type SafeMode = pallet_safe_mode::weights::SubstrateWeight<Runtime>;
pub type Scheduler = pallet_scheduler::weights::SubstrateWeight<Runtime>;
pub type Session = pallet_session::weights::SubstrateWeight<Runtime>;
pub type System = frame_system::weights::SubstrateWeight<Runtime>;
pub type SystemExtensions = frame_system::SubstrateExtensionsWeight<Runtime>;
pub type Timestamp = pallet_timestamp::weights::SubstrateWeight<Runtime>;
pub type TransactionPayment = pallet_transaction_payment::weights::SubstrateWeight<Runtime>;
pub type TxPause = pallet_tx_pause::weights::SubstrateWeight<Runtime>;
pub type Utility = pallet_utility::weights::SubstrateWeight<Runtime>;
/// The SDK publishes this one only as the default.
pub type WeightReclaim = ();
