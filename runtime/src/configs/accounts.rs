//! What accounts can do beyond one call at a time: several keys, delegates, batches, schedules.

use super::{
    fees::deposit,
    governance::{CouncilMajority, CouncilPrivilege},
    system::RuntimeBlockWeights,
};
use crate::{
    weights, AccountId, Balance, Balances, OriginCaller, Preimage, Runtime, RuntimeCall,
    RuntimeEvent, RuntimeHoldReason, RuntimeOrigin, System,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
    parameter_types,
    traits::{fungible::HoldConsideration, ConstU32, InstanceFilter, LinearStoragePrice},
    weights::Weight,
};
use scale_info::TypeInfo;
use sp_runtime::{traits::BlakeTwo256, Perbill};

/// At most this many accounts sign together.
const MAX_SIGNATORIES: u32 = 100;
/// At most this many delegates an account has, and announcements a delegate.
const MAX_PROXIES: u32 = 32;
/// At most this many calls are scheduled for one block; they are read together.
const MAX_SCHEDULED_PER_BLOCK: u32 = 50;

/// What a delegate may do for the account that appointed it.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Default,
    Debug,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum ProxyType {
    /// Everything.
    #[default]
    #[codec(index = 0)]
    Any,
    /// Everything but spend.
    #[codec(index = 1)]
    NonTransfer,
    /// Propose and vote.
    #[codec(index = 2)]
    Governance,
    /// Grant, narrow and withdraw consents, and ask for explanations of disclosures.
    #[codec(index = 3)]
    Consent,
    /// What a member's staff and administrators do: consortium, patients, consents, credentials,
    /// records, disclosures and medicines.
    #[codec(index = 4)]
    Staff,
    /// Set a collator's session keys.
    #[codec(index = 5)]
    Collator,
}

impl InstanceFilter<RuntimeCall> for ProxyType {
    fn filter(&self, call: &RuntimeCall) -> bool {
        // A batch is only a wrapper: the filter stays on what is inside.
        let batch = matches!(call, RuntimeCall::Utility(_));
        match self {
            Self::Any => true,
            Self::NonTransfer => !matches!(call, RuntimeCall::Balances(_)),
            Self::Governance => {
                batch
                    || matches!(
                        call,
                        RuntimeCall::Council(_) | RuntimeCall::TechnicalCommittee(_)
                    )
            }
            Self::Consent => {
                batch
                    || matches!(
                        call,
                        RuntimeCall::Consent(_)
                            | RuntimeCall::Audit(pallet_audit::Call::contest { .. })
                    )
            }
            Self::Staff => {
                batch
                    || matches!(
                        call,
                        RuntimeCall::Consortium(_)
                            | RuntimeCall::PatientIdentity(_)
                            | RuntimeCall::Consent(_)
                            | RuntimeCall::Credentials(_)
                            | RuntimeCall::HealthRecords(_)
                            | RuntimeCall::Audit(_)
                            | RuntimeCall::DrugProvenance(_)
                    )
            }
            Self::Collator => batch || matches!(call, RuntimeCall::Session(_)),
        }
    }

    fn is_superset(&self, other: &Self) -> bool {
        match (self, other) {
            (x, y) if x == y => true,
            (Self::Any, _) => true,
            (_, Self::Any) => false,
            (Self::NonTransfer, _) => true,
            (Self::Staff, Self::Consent) => true,
            _ => false,
        }
    }
}

parameter_types! {
    // One entry, keyed by account and call hash: depositor, height and index, deposit.
    pub const MultisigDepositBase: Balance = deposit(1, 88);
    pub const MultisigDepositFactor: Balance = deposit(0, 32);
    pub const ProxyDepositBase: Balance = deposit(1, 8);
    // An account, a type and a delay.
    pub const ProxyDepositFactor: Balance = deposit(0, 37);
    pub const AnnouncementDepositBase: Balance = deposit(1, 8);
    // An account, a hash and a height.
    pub const AnnouncementDepositFactor: Balance = deposit(0, 68);
    pub const PreimageBaseDeposit: Balance = deposit(2, 64);
    pub const PreimageByteDeposit: Balance = deposit(0, 1);
    pub const PreimageHoldReason: RuntimeHoldReason =
        RuntimeHoldReason::Preimage(pallet_preimage::HoldReason::Preimage);
    pub MaxScheduledWeight: Weight =
        Perbill::from_percent(80) * RuntimeBlockWeights::get().max_block;
}

impl pallet_multisig::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type Currency = Balances;
    type DepositBase = MultisigDepositBase;
    type DepositFactor = MultisigDepositFactor;
    type MaxSignatories = ConstU32<MAX_SIGNATORIES>;
    type WeightInfo = weights::Multisig;
    type BlockNumberProvider = System;
}

impl pallet_proxy::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type Currency = Balances;
    type ProxyType = ProxyType;
    type ProxyDepositBase = ProxyDepositBase;
    type ProxyDepositFactor = ProxyDepositFactor;
    type MaxProxies = ConstU32<MAX_PROXIES>;
    type WeightInfo = weights::Proxy;
    type MaxPending = ConstU32<MAX_PROXIES>;
    type CallHasher = BlakeTwo256;
    type AnnouncementDepositBase = AnnouncementDepositBase;
    type AnnouncementDepositFactor = AnnouncementDepositFactor;
    type BlockNumberProvider = System;
}

impl pallet_utility::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type PalletsOrigin = OriginCaller;
    type WeightInfo = weights::Utility;
}

impl pallet_scheduler::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeOrigin = RuntimeOrigin;
    type PalletsOrigin = OriginCaller;
    type RuntimeCall = RuntimeCall;
    type MaximumWeight = MaxScheduledWeight;
    type ScheduleOrigin = CouncilMajority;
    type OriginPrivilegeCmp = CouncilPrivilege;
    type MaxScheduledPerBlock = ConstU32<MAX_SCHEDULED_PER_BLOCK>;
    type WeightInfo = weights::Scheduler;
    type Preimages = Preimage;
    type BlockNumberProvider = System;
}

impl pallet_preimage::Config for Runtime {
    type WeightInfo = weights::Preimage;
    type RuntimeEvent = RuntimeEvent;
    type Currency = Balances;
    type ManagerOrigin = CouncilMajority;
    type Consideration = HoldConsideration<
        AccountId,
        Balances,
        PreimageHoldReason,
        LinearStoragePrice<PreimageBaseDeposit, PreimageByteDeposit, Balance>,
    >;
}
