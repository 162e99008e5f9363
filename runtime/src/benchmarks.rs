//! Which pallets are benchmarked, and what their benchmarks need of this runtime.
//!
//! Collator selection is left out: its benchmarks need candidates, of which there are none here.

use crate::{AccountId, ParachainSystem, Runtime, SessionKeys, System};
use alloc::vec::Vec;
use codec::Encode;
use frame_benchmarking::BenchmarkError;

frame_benchmarking::define_benchmarks!(
    [cumulus_pallet_parachain_system, ParachainSystem]
    [cumulus_pallet_weight_reclaim, WeightReclaim]
    [frame_system, frame_system_benchmarking::Pallet::<Runtime>]
    [frame_system_extensions, frame_system_benchmarking::extensions::Pallet::<Runtime>]
    [pallet_audit, Audit]
    [pallet_balances, Balances]
    [pallet_collective, Council]
    [pallet_consent, Consent]
    [pallet_consortium, Consortium]
    [pallet_credentials, Credentials]
    [pallet_drug_provenance, DrugProvenance]
    [pallet_health_records, HealthRecords]
    [pallet_membership, CouncilMembership]
    [pallet_migrations, Migrations]
    [pallet_multisig, Multisig]
    [pallet_patient_identity, PatientIdentity]
    [pallet_preimage, Preimage]
    [pallet_proxy, Proxy]
    [pallet_safe_mode, SafeMode]
    [pallet_scheduler, Scheduler]
    [pallet_session, cumulus_pallet_session_benchmarking::Pallet::<Runtime>]
    [pallet_timestamp, Timestamp]
    [pallet_transaction_payment, TransactionPayment]
    [pallet_tx_pause, TxPause]
    [pallet_utility, Utility]
);

impl frame_system_benchmarking::Config for Runtime {
    fn setup_set_code_requirements(code: &Vec<u8>) -> Result<(), BenchmarkError> {
        ParachainSystem::initialize_for_set_code_benchmark(code.len() as u32);
        Ok(())
    }

    fn verify_set_code() {
        // The relay chain has to agree before the code is in force.
        let stored = cumulus_pallet_parachain_system::Event::<Runtime>::ValidationFunctionStored;
        System::assert_last_event(stored.into());
    }
}

impl cumulus_pallet_session_benchmarking::Config for Runtime {
    fn generate_session_keys_and_proof(owner: AccountId) -> (SessionKeys, Vec<u8>) {
        let generated = SessionKeys::generate(&owner.encode(), None);
        (generated.keys, generated.proof.encode())
    }
}

impl pallet_transaction_payment::BenchmarkConfig for Runtime {}
