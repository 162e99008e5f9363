//! What still works when something is wrong: pausing calls, safe mode, and failed migrations.
//!
//! In safe mode the chain takes inherents, the council's and committee's decisions, what stops
//! somebody who does harm or a medicine that may, and what a patient or somebody in an emergency
//! must never be kept from. None of that can be paused either.

use super::governance::{CouncilMajority, EmergencyMajority};
use crate::{
    weights, AccountId, Balance, Balances, BlockNumber, Runtime, RuntimeCall, RuntimeEvent,
    RuntimeHoldReason, SafeMode, TxPause, DAYS,
};
use frame_support::{
    migrations::{FailedMigrationHandler, FailedMigrationHandling},
    parameter_types,
    traits::{
        CallMetadata, ConstU32, Contains, GetCallMetadata, InsideBoth, SafeMode as SafeModeSwitch,
    },
    weights::Weight,
};
use frame_system::EnsureWithSuccess;
use pallet_tx_pause::RuntimeCallNameOf;
use sp_runtime::Perbill;

/// What every call has to pass, however it is made: neither safe mode nor a pause forbids it.
pub type CallFilter = InsideBoth<SafeMode, TxPause>;

/// Pallets whose calls check that the council or the committee, and nobody else, is behind them.
/// Without them neither a pause nor safe mode could be ended, nor its cause removed.
pub const GOVERNING_PALLETS: &[&str] = &[
    "CollatorSelection",
    "Council",
    "CouncilMembership",
    "Migrations",
    "SafeMode",
    "TechnicalCommittee",
    "TechnicalMembership",
    "TxPause",
];

/// Single calls that are never forbidden, by pallet and call.
pub const NEVER_FORBIDDEN: &[(&str, &str)] = &[
    // Inherents: without them there is no block.
    ("ParachainSystem", "set_validation_data"),
    ("Timestamp", "set"),
    // An upgrade that was decided may be what mends the chain.
    ("System", "apply_authorized_upgrade"),
    // A member that does harm can be stopped.
    ("Consortium", "suspend"),
    ("Consortium", "expel"),
    // So can staff that does, and whoever is licensed, or licenses, wrongly.
    ("Consortium", "dismiss_staff"),
    ("Consortium", "dismiss_all_staff"),
    ("Credentials", "suspend"),
    ("Credentials", "revoke"),
    ("Credentials", "distrust_issuer_from"),
    ("DrugProvenance", "withdraw_partner"),
    // A patient takes back what was given, and keeps others out.
    ("Consent", "withdraw"),
    ("Consent", "withdraw_all_from"),
    ("PatientIdentity", "veto_recovery"),
    ("PatientIdentity", "revoke_representative"),
    ("PatientIdentity", "revoke_all_representatives"),
    // Emergencies do not wait.
    ("Consent", "open_break_glass"),
    ("Consent", "close_break_glass"),
    ("Consent", "review_break_glass"),
    // What is shown in an emergency is put on record.
    ("Audit", "disclose"),
    // What may harm whoever takes it is held back, and said aloud.
    ("DrugProvenance", "recall"),
    ("DrugProvenance", "quarantine"),
    ("DrugProvenance", "report_stolen"),
    ("DrugProvenance", "open_investigation"),
    ("DrugProvenance", "raise_alert"),
];

/// Calls that only carry others, each of which is filtered in turn. Safe mode lets them through, so
/// that accounts with several keys or with delegates are not left out; they can be paused.
pub const WRAPPERS: &[(&str, &str)] = &[
    ("Multisig", "as_multi_threshold_1"),
    ("Multisig", "as_multi"),
    ("Multisig", "approve_as_multi"),
    ("Multisig", "cancel_as_multi"),
    ("Proxy", "proxy"),
    ("Proxy", "proxy_announced"),
    ("Utility", "batch"),
    ("Utility", "batch_all"),
    ("Utility", "force_batch"),
];

fn is_never_forbidden(pallet: &str, call: &str) -> bool {
    GOVERNING_PALLETS.contains(&pallet) || NEVER_FORBIDDEN.contains(&(pallet, call))
}

/// What safe mode lets through.
pub struct AllowedInSafeMode;

impl Contains<RuntimeCall> for AllowedInSafeMode {
    fn contains(call: &RuntimeCall) -> bool {
        let CallMetadata {
            pallet_name,
            function_name,
        } = call.get_call_metadata();
        is_never_forbidden(pallet_name, function_name)
            || WRAPPERS.contains(&(pallet_name, function_name))
    }
}

/// What cannot be paused.
pub struct Unpausable;

impl Contains<RuntimeCallNameOf<Runtime>> for Unpausable {
    fn contains((pallet, call): &RuntimeCallNameOf<Runtime>) -> bool {
        match (core::str::from_utf8(pallet), core::str::from_utf8(call)) {
            (Ok(pallet), Ok(call)) => is_never_forbidden(pallet, call),
            _ => false,
        }
    }
}

/// When a migration fails, the chain goes on in safe mode until the council has looked into it.
///
/// To stop taking calls altogether, as the stricter handlers do, would also stop the council.
pub struct SafeModeOnFailedMigration;

impl FailedMigrationHandler for SafeModeOnFailedMigration {
    fn failed(_: Option<u32>) -> FailedMigrationHandling {
        let entered = if SafeMode::is_entered() {
            <SafeMode as SafeModeSwitch>::extend(BlockNumber::MAX)
        } else {
            <SafeMode as SafeModeSwitch>::enter(BlockNumber::MAX)
        };
        match entered {
            Ok(()) => FailedMigrationHandling::ForceUnstuck,
            Err(_) => FailedMigrationHandling::KeepStuck,
        }
    }
}

parameter_types! {
    /// How long safe mode lasts each time the council or the committee enters or extends it.
    pub const SafeModeDuration: BlockNumber = DAYS;
    /// Nobody enters or extends safe mode by putting money down.
    pub const NotForMoney: Option<Balance> = None;
    pub const NotReleased: Option<BlockNumber> = None;
    pub MaxMigrationWeight: Weight =
        Perbill::from_percent(80) * super::system::RuntimeBlockWeights::get().max_block;
}

impl pallet_safe_mode::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type WhitelistedCalls = AllowedInSafeMode;
    type EnterDuration = SafeModeDuration;
    type ExtendDuration = SafeModeDuration;
    type EnterDepositAmount = NotForMoney;
    type ExtendDepositAmount = NotForMoney;
    type ForceEnterOrigin = EnsureWithSuccess<EmergencyMajority, AccountId, SafeModeDuration>;
    type ForceExtendOrigin = EnsureWithSuccess<EmergencyMajority, AccountId, SafeModeDuration>;
    type ForceExitOrigin = CouncilMajority;
    type ForceDepositOrigin = CouncilMajority;
    type Notify = ();
    type ReleaseDelay = NotReleased;
    type WeightInfo = weights::SafeMode;
}

impl pallet_tx_pause::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type PauseOrigin = EmergencyMajority;
    type UnpauseOrigin = CouncilMajority;
    type WhitelistedCalls = Unpausable;
    // No pallet or call has a longer name; a longer one would count as paused.
    type MaxNameLen = ConstU32<256>;
    type WeightInfo = weights::TxPause;
}

impl pallet_migrations::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    #[cfg(not(feature = "runtime-benchmarks"))]
    type Migrations = crate::migrations::MultiBlockMigrations;
    // Benchmarks need migrations whose steps they can set.
    #[cfg(feature = "runtime-benchmarks")]
    type Migrations = pallet_migrations::mock_helpers::MockedMigrations;
    type CursorMaxLen = ConstU32<65_536>;
    type IdentifierMaxLen = ConstU32<256>;
    type MigrationStatusHandler = ();
    type FailedMigrationHandler = SafeModeOnFailedMigration;
    type MaxServiceWeight = MaxMigrationWeight;
    type WeightInfo = weights::Migrations;
}
