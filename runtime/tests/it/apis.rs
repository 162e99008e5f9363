//! What nodes and wallets rely on, the stock omni-node among them.

use axonic_primitives::AccountId;
use axonic_runtime::{
    Aura, AuraId, Balance, Block, Nonce, ParachainSystem, Runtime, RuntimeCall, System, VERSION,
};
use codec::{Decode, Encode};
use frame_support::traits::PalletInfoAccess;
use sp_api::RuntimeApiInfo;

/// Fails unless the runtime has each of these APIs, in the version it is declared in.
macro_rules! assert_has {
    ($($api:ty),+ $(,)?) => {
        $(
            let (id, version) = (<$api as RuntimeApiInfo>::ID, <$api as RuntimeApiInfo>::VERSION);
            assert!(VERSION.has_api_with(&id, |v| v == version), "{}", stringify!($api));
        )+
    };
}

#[test]
fn the_runtime_has_what_a_collator_calls() {
    assert_has!(
        dyn sp_api::Core<Block>,
        dyn sp_api::Metadata<Block>,
        dyn sp_block_builder::BlockBuilder<Block>,
        dyn sp_transaction_pool::runtime_api::TaggedTransactionQueue<Block>,
        dyn sp_offchain::OffchainWorkerApi<Block>,
        dyn sp_session::SessionKeys<Block>,
        dyn sp_consensus_aura::AuraApi<Block, AuraId>,
        dyn cumulus_primitives_aura::AuraUnincludedSegmentApi<Block>,
        dyn cumulus_primitives_core::CollectCollationInfo<Block>,
        dyn cumulus_primitives_core::GetParachainInfo<Block>,
        dyn cumulus_primitives_core::RelayParentOffsetApi<Block>,
        dyn cumulus_primitives_core::SchedulingV3EnabledApi<Block>,
        dyn cumulus_primitives_core::TargetBlockRate<Block>,
        dyn cumulus_primitives_core::KeyToIncludeInRelayProof<Block>,
        dyn sp_genesis_builder::GenesisBuilder<Block>,
    );
}

#[test]
fn the_runtime_has_what_wallets_and_applications_call() {
    assert_has!(
        dyn frame_support::view_functions::runtime_api::RuntimeViewFunction<Block>,
        dyn frame_system_rpc_runtime_api::AccountNonceApi<Block, AccountId, Nonce>,
        dyn pallet_transaction_payment_rpc_runtime_api::TransactionPaymentApi<Block, Balance>,
        dyn pallet_transaction_payment_rpc_runtime_api::TransactionPaymentCallApi<
            Block,
            Balance,
            RuntimeCall,
        >,
        dyn pallet_consortium::runtime_api::ConsortiumApi<Block>,
        dyn pallet_patient_identity::runtime_api::PatientApi<Block>,
        dyn pallet_consent::runtime_api::ConsentApi<Block>,
        dyn pallet_drug_provenance::runtime_api::ProvenanceApi<Block>,
    );
}

#[test]
fn pallets_have_the_names_that_the_omni_node_looks_for() {
    assert_eq!(System::name(), "System");
    assert_eq!(ParachainSystem::name(), "ParachainSystem");
    assert_eq!(Aura::name(), "Aura");
}

#[test]
fn metadata_comes_in_every_version_from_14_to_16() {
    sp_io::TestExternalities::default().execute_with(|| {
        assert_eq!(Runtime::metadata_versions(), [14, 15, 16]);
        for version in Runtime::metadata_versions() {
            let encoded = Runtime::metadata_at_version(version).map(|metadata| metadata.encode());
            // The length, four bytes of magic, then the version.
            let encoded = &encoded.expect("the version is offered")[..];
            let metadata = Vec::<u8>::decode(&mut &*encoded).expect("metadata is opaque bytes");
            assert_eq!(metadata[..4], *b"meta", "V{version}");
            assert_eq!(u32::from(metadata[4]), version);
        }
    });
}
