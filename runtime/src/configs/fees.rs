//! The native token and what it pays for.
//!
//! A fee is the share of a block that a transaction takes, at a fixed price for a full block, and a
//! price for each byte. It does not rise when blocks are full, so that members can plan. Fees go to
//! the collators' pot, which pays whoever authors.

use crate::{
    weights, Balance, Balances, Runtime, RuntimeEvent, RuntimeFreezeReason, RuntimeHoldReason,
    System, MAXIMUM_BLOCK_WEIGHT, MICROUNIT, MILLIUNIT, UNIT,
};
use frame_support::{
    parameter_types,
    traits::{tokens::imbalance::ResolveTo, ConstU32, ConstU8, VariantCountOf},
    weights::{ConstantMultiplier, Weight, WeightToFee},
};
use pallet_collator_selection::StakingPotAccountId;
use pallet_transaction_payment::{ConstFeeMultiplier, FungibleAdapter, Multiplier};

/// The least an account must hold to exist.
pub const EXISTENTIAL_DEPOSIT: Balance = MILLIUNIT;
/// What a block costs whoever fills it: an AXN for each second of execution.
pub const FULL_BLOCK_FEE: Balance = 2 * UNIT;
/// What a byte of a transaction costs.
pub const TRANSACTION_BYTE_FEE: Balance = MICROUNIT;

/// What is put down for keeping `items` entries of `bytes` bytes in total, until they are removed.
pub const fn deposit(items: u32, bytes: u32) -> Balance {
    items as Balance * 20 * MILLIUNIT + bytes as Balance * 100 * MICROUNIT
}

/// Charges for the share of a block a weight takes, in time or in proof, whichever is larger.
pub struct BlockShareFee;

impl WeightToFee for BlockShareFee {
    type Balance = Balance;

    fn weight_to_fee(weight: &Weight) -> Balance {
        let share = |part: u64, whole: u64| {
            Balance::from(part).saturating_mul(FULL_BLOCK_FEE) / Balance::from(whole)
        };
        let time = share(weight.ref_time(), MAXIMUM_BLOCK_WEIGHT.ref_time());
        let proof = share(weight.proof_size(), MAXIMUM_BLOCK_WEIGHT.proof_size());
        time.max(proof)
    }
}

parameter_types! {
    pub const ExistentialDeposit: Balance = EXISTENTIAL_DEPOSIT;
    pub const TransactionByteFee: Balance = TRANSACTION_BYTE_FEE;
    pub const FeeMultiplier: Multiplier = Multiplier::from_u32(1);
}

impl pallet_balances::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeHoldReason = RuntimeHoldReason;
    type RuntimeFreezeReason = RuntimeFreezeReason;
    type WeightInfo = weights::pallet_balances::WeightInfo<Runtime>;
    type Balance = Balance;
    type DustRemoval = ();
    type ExistentialDeposit = ExistentialDeposit;
    type AccountStore = System;
    type ReserveIdentifier = [u8; 8];
    type FreezeIdentifier = RuntimeFreezeReason;
    type MaxLocks = ConstU32<50>;
    type MaxReserves = ConstU32<50>;
    type MaxFreezes = VariantCountOf<RuntimeFreezeReason>;
    type DoneSlashHandler = ();
}

impl pallet_transaction_payment::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type OnChargeTransaction =
        FungibleAdapter<Balances, ResolveTo<StakingPotAccountId<Runtime>, Balances>>;
    type WeightToFee = BlockShareFee;
    type LengthToFee = ConstantMultiplier<Balance, TransactionByteFee>;
    type FeeMultiplierUpdate = ConstFeeMultiplier<FeeMultiplier>;
    type OperationalFeeMultiplier = ConstU8<5>;
    type WeightInfo = weights::TransactionPayment;
}
