//! What a node and its users can ask the runtime without a transaction.

use crate::{
    configs::consensus::{ConsensusHook, RELAY_PARENT_OFFSET, TARGET_BLOCK_RATE},
    genesis_config_presets, AccountId, Audit, AuraId, Balance, Block, Consent, Consortium,
    Credentials, DrugProvenance, Executive, HealthRecords, InherentDataExt, Nonce, ParachainInfo,
    ParachainSystem, PatientIdentity, Runtime, RuntimeCall, RuntimeGenesisConfig, SessionKeys,
    System, TransactionPayment, SLOT_DURATION, VERSION,
};
use alloc::vec::Vec;
use axonic_primitives::{
    consent::{AccessQuery, PurposeOfUse, Scope},
    credentials::Privilege,
    membership::{Actor, Duty, Jurisdiction, Role},
    merkle::InclusionProof,
    patients::{Acting, Power},
    BatchId, BreakGlassId, Codes, ConsentId, CredentialId, Moment, OrgId, PatientId, RecordId,
    Refusal, RequestId, SiteId,
};
use codec::DecodeLimit;
use cumulus_primitives_core::{ParaId, RelayProofRequest, VerifySchedulingSignature};
use frame_support::{
    genesis_builder_helper::{build_state, get_preset},
    view_functions::{ViewFunctionDispatchError, ViewFunctionId},
    weights::Weight,
    MAX_EXTRINSIC_DEPTH,
};
use pallet_audit::types::{
    AccessLogInfo, ContestInfo, Disclosure, DisclosureInfo, Gap, LogInfo, Permitted,
};
use pallet_consent::types::{
    BreakGlassInfo, ConsentInfo, Decision, Draft, Explanation, ProvisionType, RequestInfo,
};
use pallet_consortium::{AgreementKey, Gln, OrganisationInfo, SiteInfo, StaffInfo};
use pallet_credentials::types::{
    CredentialInfo, Explanation as LicenceExplanation, IssuerInfo, Terms,
};
use pallet_drug_provenance::types::{
    Alert, AlertId, Child, Container, ContainerName, ContentsPage, Discrepancy, EventId,
    Investigation, InvestigationId, LotInfo, LotReach, PackAnswer, PackClaim, Partner, Product,
    RecordedEvent, Shipment, ShipmentId, Text, Trace, VerificationId, VerificationInfo,
};
use pallet_health_records::types::{
    BatchInfo, CustodianInfo, DisputeInfo, RecordDraft, RecordFilter, RecordInfo, ShredObstacle,
    Subject, Verification, VersionInfo,
};
use pallet_patient_identity::{
    Agent, Agreement, DuplicatesPage, KeyInfo, PatientInfo, RecoveryInfo, RepresentativeInfo,
    StatementToSign,
};
use pallet_transaction_payment::{FeeDetails, RuntimeDispatchInfo};
use sp_api::impl_runtime_apis;
use sp_core::{crypto::KeyTypeId, OpaqueMetadata, H256};
use sp_runtime::{
    traits::Block as BlockT,
    transaction_validity::{TransactionSource, TransactionValidity},
    ApplyExtrinsicResult, ExtrinsicInclusionMode,
};
use sp_version::RuntimeVersion;

impl_runtime_apis! {
    impl sp_api::Core<Block> for Runtime {
        fn version() -> RuntimeVersion {
            VERSION
        }

        fn execute_block(block: <Block as BlockT>::LazyBlock) {
            Executive::execute_block(block);
        }

        fn initialize_block(header: &<Block as BlockT>::Header) -> ExtrinsicInclusionMode {
            Executive::initialize_block(header)
        }
    }

    impl sp_api::Metadata<Block> for Runtime {
        fn metadata() -> OpaqueMetadata {
            OpaqueMetadata::new(Runtime::metadata().into())
        }

        fn metadata_at_version(version: u32) -> Option<OpaqueMetadata> {
            Runtime::metadata_at_version(version)
        }

        fn metadata_versions() -> Vec<u32> {
            Runtime::metadata_versions()
        }
    }

    impl frame_support::view_functions::runtime_api::RuntimeViewFunction<Block> for Runtime {
        fn execute_view_function(
            query_id: ViewFunctionId,
            input: Vec<u8>,
        ) -> Result<Vec<u8>, ViewFunctionDispatchError> {
            Runtime::execute_view_function(query_id, input)
        }
    }

    impl sp_block_builder::BlockBuilder<Block> for Runtime {
        fn apply_extrinsic(extrinsic: <Block as BlockT>::Extrinsic) -> ApplyExtrinsicResult {
            Executive::apply_extrinsic(extrinsic)
        }

        fn finalize_block() -> <Block as BlockT>::Header {
            Executive::finalize_block()
        }

        fn inherent_extrinsics(
            data: sp_inherents::InherentData,
        ) -> Vec<<Block as BlockT>::Extrinsic> {
            data.create_extrinsics()
        }

        fn check_inherents(
            block: <Block as BlockT>::LazyBlock,
            data: sp_inherents::InherentData,
        ) -> sp_inherents::CheckInherentsResult {
            data.check_extrinsics(&block)
        }
    }

    impl sp_transaction_pool::runtime_api::TaggedTransactionQueue<Block> for Runtime {
        fn validate_transaction(
            source: TransactionSource,
            tx: <Block as BlockT>::Extrinsic,
            block_hash: <Block as BlockT>::Hash,
        ) -> TransactionValidity {
            Executive::validate_transaction(source, tx, block_hash)
        }
    }

    impl sp_offchain::OffchainWorkerApi<Block> for Runtime {
        fn offchain_worker(header: &<Block as BlockT>::Header) {
            Executive::offchain_worker(header);
        }
    }

    impl sp_session::SessionKeys<Block> for Runtime {
        fn generate_session_keys(
            owner: Vec<u8>,
            seed: Option<Vec<u8>>,
        ) -> sp_session::OpaqueGeneratedSessionKeys {
            SessionKeys::generate(&owner, seed).into()
        }

        fn decode_session_keys(encoded: Vec<u8>) -> Option<Vec<(Vec<u8>, KeyTypeId)>> {
            SessionKeys::decode_into_raw_public_keys(&encoded)
        }
    }

    impl sp_consensus_aura::AuraApi<Block, AuraId> for Runtime {
        fn slot_duration() -> sp_consensus_aura::SlotDuration {
            sp_consensus_aura::SlotDuration::from_millis(SLOT_DURATION)
        }

        fn authorities() -> Vec<AuraId> {
            pallet_aura::Authorities::<Runtime>::get().into_inner()
        }
    }

    impl cumulus_primitives_aura::AuraUnincludedSegmentApi<Block> for Runtime {
        fn can_build_upon(
            included_hash: <Block as BlockT>::Hash,
            slot: cumulus_primitives_aura::Slot,
        ) -> bool {
            ConsensusHook::can_build_upon(included_hash, slot)
        }
    }

    impl cumulus_primitives_core::CollectCollationInfo<Block> for Runtime {
        fn collect_collation_info(
            header: &<Block as BlockT>::Header,
        ) -> cumulus_primitives_core::CollationInfo {
            ParachainSystem::collect_collation_info(header)
        }
    }

    impl cumulus_primitives_core::GetParachainInfo<Block> for Runtime {
        fn parachain_id() -> ParaId {
            ParachainInfo::parachain_id()
        }
    }

    impl cumulus_primitives_core::RelayParentOffsetApi<Block> for Runtime {
        fn relay_parent_offset() -> u32 {
            RELAY_PARENT_OFFSET
        }

        fn max_claim_queue_offset() -> u8 {
            ParachainSystem::max_claim_queue_offset()
        }
    }

    impl cumulus_primitives_core::SchedulingV3EnabledApi<Block> for Runtime {
        fn scheduling_v3_enabled() -> bool {
            type Verifier =
                <Runtime as cumulus_pallet_parachain_system::Config>::SchedulingSignatureVerifier;
            Verifier::V3_SCHEDULING_ENABLED
        }
    }

    impl cumulus_primitives_core::TargetBlockRate<Block> for Runtime {
        fn target_block_rate() -> u32 {
            TARGET_BLOCK_RATE
        }
    }

    impl cumulus_primitives_core::KeyToIncludeInRelayProof<Block> for Runtime {
        fn keys_to_prove() -> RelayProofRequest {
            // Nothing here reads the relay chain's state beyond what every parachain does.
            RelayProofRequest::default()
        }
    }

    impl frame_system_rpc_runtime_api::AccountNonceApi<Block, AccountId, Nonce> for Runtime {
        fn account_nonce(account: AccountId) -> Nonce {
            System::account_nonce(account)
        }
    }

    impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentApi<Block, Balance>
        for Runtime
    {
        fn query_info(
            uxt: <Block as BlockT>::Extrinsic,
            len: u32,
        ) -> RuntimeDispatchInfo<Balance> {
            TransactionPayment::query_info(uxt, len)
        }

        fn query_fee_details(
            uxt: <Block as BlockT>::Extrinsic,
            len: u32,
        ) -> FeeDetails<Balance> {
            TransactionPayment::query_fee_details(uxt, len)
        }

        fn query_weight_to_fee(weight: Weight) -> Balance {
            TransactionPayment::weight_to_fee(weight)
        }

        fn query_length_to_fee(length: u32) -> Balance {
            TransactionPayment::length_to_fee(length)
        }
    }

    impl
        pallet_transaction_payment_rpc_runtime_api::TransactionPaymentCallApi<
            Block,
            Balance,
            RuntimeCall,
        > for Runtime
    {
        fn query_call_info(call: RuntimeCall, len: u32) -> RuntimeDispatchInfo<Balance> {
            TransactionPayment::query_call_info(call, len)
        }

        fn query_call_fee_details(call: RuntimeCall, len: u32) -> FeeDetails<Balance> {
            TransactionPayment::query_call_fee_details(call, len)
        }

        fn query_weight_to_fee(weight: Weight) -> Balance {
            TransactionPayment::weight_to_fee(weight)
        }

        fn query_length_to_fee(length: u32) -> Balance {
            TransactionPayment::length_to_fee(length)
        }
    }

    impl sp_genesis_builder::GenesisBuilder<Block> for Runtime {
        fn build_state(json: Vec<u8>) -> sp_genesis_builder::Result {
            build_state::<RuntimeGenesisConfig>(json)
        }

        fn get_preset(id: &Option<sp_genesis_builder::PresetId>) -> Option<Vec<u8>> {
            get_preset::<RuntimeGenesisConfig>(id, genesis_config_presets::get_preset)
        }

        fn preset_names() -> Vec<sp_genesis_builder::PresetId> {
            genesis_config_presets::preset_names()
        }
    }

    impl pallet_consortium::runtime_api::ConsortiumApi<Block> for Runtime {
        fn organisation(org: OrgId) -> Option<OrganisationInfo> {
            Consortium::organisation(org)
        }

        fn organisations(from: OrgId, limit: u32) -> Vec<OrganisationInfo> {
            Consortium::organisations(from, limit)
        }

        fn site(site: SiteId) -> Option<SiteInfo> {
            Consortium::site(site)
        }

        fn site_by_gln(gln: Gln) -> Option<SiteId> {
            Consortium::site_by_gln(gln)
        }

        fn staff(account: AccountId) -> Option<StaffInfo> {
            Consortium::staff(account)
        }

        fn explain_actor(
            account: AccountId,
            roles: Codes<Role>,
            duties: Codes<Duty>,
        ) -> Result<Actor, Refusal> {
            Consortium::explain_actor(account, roles, duties)
        }

        fn agreement_key(org: OrgId) -> Option<AgreementKey> {
            Consortium::agreement_key(org)
        }
    }

    impl pallet_patient_identity::runtime_api::PatientApi<Block> for Runtime {
        fn patient(patient: PatientId) -> Option<PatientInfo> {
            PatientIdentity::patient(patient)
        }

        fn resolve(patient: PatientId) -> Option<PatientId> {
            PatientIdentity::resolve(patient)
        }

        fn patient_of(account: AccountId) -> Option<PatientId> {
            PatientIdentity::patient_of(account)
        }

        fn keys_of(patient: PatientId) -> Vec<KeyInfo> {
            PatientIdentity::keys_of(patient)
        }

        fn representatives_of(patient: PatientId) -> Vec<RepresentativeInfo> {
            PatientIdentity::representatives_of(patient)
        }

        fn represented_by(agent: Agent) -> Vec<PatientId> {
            PatientIdentity::represented_by(agent)
        }

        fn recovery_of(patient: PatientId) -> Option<RecoveryInfo> {
            PatientIdentity::recovery_of(patient)
        }

        fn explain_may_act(
            account: AccountId,
            patient: PatientId,
            power: Power,
        ) -> Result<Acting, Refusal> {
            PatientIdentity::explain_may_act(account, patient, power)
        }

        fn possible_duplicates(org: OrgId, from: Option<H256>, limit: u32) -> DuplicatesPage {
            PatientIdentity::possible_duplicates(org, from, limit)
        }

        fn statement(
            patient: PatientId,
            account: AccountId,
            agreement: Agreement,
            expires_at: Moment,
        ) -> Result<StatementToSign, Refusal> {
            PatientIdentity::statement(patient, account, agreement, expires_at)
        }
    }

    impl pallet_consent::runtime_api::ConsentApi<Block> for Runtime {
        fn evaluate(
            patient: PatientId,
            query: AccessQuery,
            at: Option<Moment>,
        ) -> Result<Decision, Refusal> {
            Consent::explanation(patient, &query, at).map(|explanation| explanation.decision)
        }

        fn explain(
            patient: PatientId,
            query: AccessQuery,
            at: Option<Moment>,
        ) -> Result<Explanation, Refusal> {
            Consent::explanation(patient, &query, at)
        }

        fn consent(patient: PatientId, consent: ConsentId) -> Option<ConsentInfo> {
            Consent::consent_info(patient, consent)
        }

        fn consents_of(
            patient: PatientId,
            after: Option<ConsentId>,
            limit: u32,
        ) -> Vec<ConsentInfo> {
            Consent::consents_of(patient, after, limit)
        }

        fn requests_of(patient: PatientId) -> Vec<RequestInfo> {
            Consent::requests_of(patient)
        }

        fn request(request: RequestId) -> Option<RequestInfo> {
            Consent::request_info(request)
        }

        fn break_glass(id: BreakGlassId) -> Option<BreakGlassInfo> {
            Consent::break_glass_info(id)
        }

        fn break_glass_open(
            org: OrgId,
            after: Option<BreakGlassId>,
            limit: u32,
        ) -> Vec<BreakGlassInfo> {
            Consent::break_glass_open(org, after, limit)
        }

        fn reviews_overdue(
            org: OrgId,
            after: Option<BreakGlassId>,
            limit: u32,
        ) -> Vec<BreakGlassInfo> {
            Consent::reviews_overdue(org, after, limit)
        }

        fn default_for(
            scope: Scope,
            purpose: PurposeOfUse,
            jurisdiction: Jurisdiction,
        ) -> Option<ProvisionType> {
            Consent::default_for(scope, purpose, jurisdiction)
        }

        fn grant_statement(
            patient: PatientId,
            terms: Draft,
            expires_at: Moment,
        ) -> Result<StatementToSign, Refusal> {
            Consent::grant_statement(patient, terms, expires_at)
        }
    }

    impl pallet_credentials::runtime_api::CredentialsApi<Block> for Runtime {
        fn verify(credential: CredentialId, at: Option<Moment>) -> Result<CredentialInfo, Refusal> {
            Credentials::credential_info(credential, at)
        }

        fn credentials_of(holder: AccountId, after: Option<CredentialId>, limit: u32) -> Vec<CredentialInfo> {
            Credentials::credentials_of(holder, after, limit)
        }

        fn explain(holder: AccountId, privilege: Privilege, jurisdiction: Jurisdiction, at: Option<Moment>) -> LicenceExplanation {
            Credentials::explanation(&holder, privilege, jurisdiction, at)
        }

        fn explain_issue(staff: AccountId, holder: AccountId, terms: Terms) -> Result<(), Refusal> {
            Credentials::issue_explained(staff, holder, terms)
        }

        fn accreditations_of(issuer: OrgId) -> IssuerInfo {
            Credentials::issuer_info(issuer)
        }
    }

    impl pallet_health_records::runtime_api::RecordsApi<Block> for Runtime {
        fn records_of(patient: PatientId, filter: RecordFilter, after: Option<RecordId>, limit: u32) -> Result<Vec<RecordInfo>, Refusal> {
            HealthRecords::records_of(patient, filter, after, limit)
        }

        fn record(record: RecordId) -> Option<RecordInfo> {
            HealthRecords::record_info(record)
        }

        fn history(record: RecordId) -> Vec<VersionInfo> {
            HealthRecords::history_of(record)
        }

        fn verify(record: RecordId, version: u32, commitment: H256) -> Result<Verification, Refusal> {
            HealthRecords::verification(record, version, commitment)
        }

        fn verify_inclusion(batch: BatchId, commitment: H256, proof: InclusionProof) -> Result<(), Refusal> {
            HealthRecords::inclusion(batch, commitment, proof)
        }

        fn locate(patient: PatientId) -> Result<Vec<CustodianInfo>, Refusal> {
            HealthRecords::custodians_of(patient)
        }

        fn batch(batch: BatchId) -> Option<BatchInfo> {
            HealthRecords::batch_info(batch)
        }

        fn batches_of(org: OrgId, after: Option<BatchId>, limit: u32) -> Result<Vec<BatchInfo>, Refusal> {
            HealthRecords::batches_of(org, after, limit)
        }

        fn disputes_of(subject: Subject) -> Vec<DisputeInfo> {
            HealthRecords::disputes_of(subject)
        }

        fn delivery_statement(subject: Subject, place: u32, delivered: H256, expires_at: Moment) -> Result<StatementToSign, Refusal> {
            HealthRecords::delivery_statement(subject, place, delivered, expires_at)
        }

        fn explain_anchor(account: AccountId, patient: PatientId, draft: RecordDraft) -> Result<(), Refusal> {
            HealthRecords::anchoring(account, patient, draft)
        }

        fn explain_shred(record: RecordId) -> Result<(), ShredObstacle> {
            HealthRecords::shredding(record)
        }
    }

    impl pallet_audit::runtime_api::AuditApi<Block> for Runtime {
        fn accounting_of_disclosures(
            patient: PatientId,
            from: Option<Moment>,
            to: Option<Moment>,
            after: Option<(PatientId, u64)>,
            limit: u32,
        ) -> Result<Vec<DisclosureInfo>, Refusal> {
            Audit::accounting_of_disclosures(patient, from, to, after, limit)
        }

        fn contests_open(
            org: OrgId,
            after: Option<(PatientId, u64)>,
            limit: u32,
        ) -> Result<Vec<ContestInfo>, Refusal> {
            Audit::contests_open(org, after, limit)
        }

        fn disclosures_by(org: OrgId, after: Option<u64>, limit: u32) -> Result<Vec<DisclosureInfo>, Refusal> {
            Audit::disclosures_by(org, after, limit)
        }

        fn logs_of(patient: PatientId) -> Result<Vec<LogInfo>, Refusal> {
            Audit::logs_of(patient)
        }

        fn explain_disclose(discloser: AccountId, patient: PatientId, disclosure: Disclosure, obligations_met: bool) -> Result<Permitted, Refusal> {
            Audit::explain_disclose(discloser, patient, disclosure, obligations_met)
        }

        fn prove_access(org: OrgId, sequence: u32, commitment: H256, proof: InclusionProof) -> Result<AccessLogInfo, Refusal> {
            Audit::prove_access(org, sequence, commitment, proof)
        }

        fn access_logs_of(org: OrgId, after: Option<u32>, limit: u32) -> Result<Vec<AccessLogInfo>, Refusal> {
            Audit::access_logs_of(org, after, limit)
        }

        fn cadence_gaps(org: OrgId, after: Option<u32>, limit: u32) -> Result<Vec<Gap>, Refusal> {
            Audit::cadence_gaps(org, after, limit)
        }
    }

    impl pallet_drug_provenance::runtime_api::ProvenanceApi<Block> for Runtime {
        fn verify_pack(scan: Vec<u8>, proof: Option<InclusionProof>) -> Result<PackAnswer, Refusal> {
            DrugProvenance::verify_pack(scan, proof)
        }

        fn read_scan(scan: Vec<u8>) -> Result<PackClaim, Refusal> {
            DrugProvenance::read_scan(scan)
        }

        fn trace(gtin: u64, serial: Text, lot: Option<Text>, proof: Option<InclusionProof>) -> Result<Trace, Refusal> {
            DrugProvenance::trace(gtin, serial, lot, proof)
        }

        fn contents(container: ContainerName, after: Option<Child>, limit: u32) -> Result<ContentsPage, Refusal> {
            DrugProvenance::contents(container, after, limit)
        }

        fn where_is_lot(gtin: u64, number: Text, from: Option<u32>) -> Result<LotReach, Refusal> {
            DrugProvenance::where_is_lot(gtin, number, from)
        }

        fn verification(verification: VerificationId) -> Option<VerificationInfo> {
            DrugProvenance::verification(verification)
        }

        fn pending_verifications(
            org: OrgId,
            after: Option<VerificationId>,
            limit: u32,
        ) -> Vec<VerificationInfo> {
            DrugProvenance::pending_verifications(org, after, limit)
        }

        fn overdue_verifications(
            org: OrgId,
            after: Option<VerificationId>,
            limit: u32,
        ) -> Vec<VerificationInfo> {
            DrugProvenance::overdue_verifications(org, after, limit)
        }

        fn partner(org: OrgId) -> Option<Partner> {
            DrugProvenance::partner(org)
        }

        fn partner_by_gln(gln: u64) -> Option<OrgId> {
            DrugProvenance::partner_by_gln(gln)
        }

        fn product(gtin: u64) -> Result<Option<Product>, Refusal> {
            DrugProvenance::product(gtin)
        }

        fn lot(gtin: u64, number: Text) -> Result<LotInfo, Refusal> {
            DrugProvenance::lot(gtin, number)
        }

        fn container(container: ContainerName) -> Result<Container, Refusal> {
            DrugProvenance::container(container)
        }

        fn shipment(shipment: ShipmentId) -> Option<Shipment> {
            DrugProvenance::shipment(shipment)
        }

        fn discrepancies(shipment: ShipmentId) -> Vec<(u32, Discrepancy)> {
            DrugProvenance::discrepancies(shipment)
        }

        fn investigation(investigation: InvestigationId) -> Option<Investigation> {
            DrugProvenance::investigation(investigation)
        }

        fn alerts(after: Option<AlertId>, limit: u32) -> Vec<(AlertId, Alert)> {
            DrugProvenance::alerts(after, limit)
        }

        fn event(event: EventId) -> Option<RecordedEvent> {
            DrugProvenance::event(event)
        }

        fn event_by_hash(org: OrgId, hash: H256) -> Option<EventId> {
            DrugProvenance::event_by_hash(org, hash)
        }

        fn explain_move(account: AccountId, call: Vec<u8>) -> Result<(), Refusal> {
            match RuntimeCall::decode_all_with_depth_limit(MAX_EXTRINSIC_DEPTH, &mut &call[..]) {
                Ok(RuntimeCall::DrugProvenance(call)) => DrugProvenance::explain_move(account, call),
                Ok(_) | Err(_) => Err(Refusal("NotAProvenanceCall".into())),
            }
        }
    }

    #[cfg(feature = "runtime-benchmarks")]
    impl frame_benchmarking::Benchmark<Block> for Runtime {
        fn benchmark_metadata(
            extra: bool,
        ) -> (Vec<frame_benchmarking::BenchmarkList>, Vec<frame_support::traits::StorageInfo>) {
            use super::*;
            use frame_benchmarking::BenchmarkList;
            use frame_support::traits::StorageInfoTrait;

            let mut list = Vec::<BenchmarkList>::new();
            list_benchmarks!(list, extra);
            (list, AllPalletsWithSystem::storage_info())
        }

        fn dispatch_benchmark(
            config: frame_benchmarking::BenchmarkConfig,
        ) -> Result<Vec<frame_benchmarking::BenchmarkBatch>, alloc::string::String> {
            use super::*;
            use frame_benchmarking::BenchmarkBatch;
            use frame_support::traits::WhitelistedStorageKeys;

            let whitelist = AllPalletsWithSystem::whitelisted_storage_keys();
            let mut batches = Vec::<BenchmarkBatch>::new();
            let params = (&config, &whitelist);
            add_benchmarks!(params, batches);
            Ok(batches)
        }
    }

    #[cfg(feature = "try-runtime")]
    impl frame_try_runtime::TryRuntime<Block> for Runtime {
        fn on_runtime_upgrade(checks: frame_try_runtime::UpgradeCheckSelect) -> (Weight, Weight) {
            // A panic is how try-runtime hears of it.
            let used = Executive::try_runtime_upgrade(checks)
                .unwrap_or_else(|error| panic!("the upgrade failed: {error:?}"));
            (used, crate::configs::system::RuntimeBlockWeights::get().max_block)
        }

        fn execute_block(
            block: <Block as BlockT>::LazyBlock,
            state_root_check: bool,
            signature_check: bool,
            select: frame_try_runtime::TryStateSelect,
        ) -> Weight {
            Executive::try_execute_block(block, state_root_check, signature_check, select)
                .unwrap_or_else(|error| panic!("the block failed: {error:?}"))
        }
    }
}
