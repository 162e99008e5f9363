//! A chain of one block to test on: it starts from a preset and takes signed transactions.

use axonic_primitives::Moment;
use axonic_runtime::{
    AccountId, Address, Block, Executive, Hash, Header, Runtime, RuntimeCall, Signature,
    SignedPayload, System, TxExtension, UncheckedExtrinsic,
};
use codec::Encode;
use frame_support::weights::Weight;
use serde_json::Value;
use sp_core::{sr25519, Pair};
use sp_genesis_builder::runtime_decl_for_genesis_builder::GenesisBuilder;
use sp_runtime::{
    generic::Era,
    traits::{BlakeTwo256, Hash as _, Header as _},
    transaction_validity::TransactionValidityError,
    DispatchResult, ExtrinsicInclusionMode,
};

/// What the clock says in tests: 2026-01-01T00:00:00Z.
pub const NOW: Moment = 1_767_225_600_000;

/// The genesis of a preset: its patch on top of the runtime's defaults, as a chain specification
/// makes it (RFC 7396).
pub fn genesis_of(preset: &str) -> Value {
    let read = |id: Option<String>| -> Value {
        let json = <Runtime as GenesisBuilder<Block>>::get_preset(&id).expect("there is a preset");
        serde_json::from_slice(&json).expect("presets are JSON")
    };
    let mut genesis = read(None);
    merge(&mut genesis, read(Some(preset.into())));
    genesis
}

fn merge(into: &mut Value, patch: Value) {
    match (into, patch) {
        (Value::Object(into), Value::Object(patch)) => {
            for (key, value) in patch {
                if value.is_null() {
                    into.remove(&key);
                } else {
                    merge(into.entry(key).or_insert(Value::Null), value);
                }
            }
        }
        (into, patch) => *into = patch,
    }
}

/// Runs `test` in the first block after the genesis of `preset`, at [`NOW`].
pub fn on(preset: &str, test: impl FnOnce()) {
    let genesis = serde_json::to_vec(&genesis_of(preset)).expect("JSON can be written");
    sp_io::TestExternalities::default().execute_with(|| {
        <Runtime as GenesisBuilder<Block>>::build_state(genesis).expect("the genesis is good");
        // The hash that every signature is bound to.
        let parent: Hash = BlakeTwo256::hash(b"genesis");
        let first = Header::new(1, Hash::zero(), Hash::zero(), parent, Default::default());
        assert_eq!(
            Executive::initialize_block(&first),
            ExtrinsicInclusionMode::AllExtrinsics
        );
        pallet_timestamp::Now::<Runtime>::put(NOW);
        test();
    });
}

/// Runs `test` on a development chain.
pub fn on_development(test: impl FnOnce()) {
    on(axonic_runtime::genesis_config_presets::DEVELOPMENT, test);
}

/// The key of a role.
pub fn key_of(role: &str) -> sr25519::Pair {
    sr25519::Pair::from_string(&format!("//{role}"), None).expect("every role has a key")
}

/// The account of a role.
pub fn account_of(role: &str) -> AccountId {
    key_of(role).public().into()
}

/// A transaction of a role, signed as a wallet would.
pub fn signed(role: &str, call: impl Into<RuntimeCall>) -> UncheckedExtrinsic {
    let call = call.into();
    let account = account_of(role);
    let extension = TxExtension::new((
        frame_system::CheckNonZeroSender::new(),
        frame_system::CheckSpecVersion::new(),
        frame_system::CheckTxVersion::new(),
        frame_system::CheckGenesis::new(),
        frame_system::CheckEra::from(Era::Immortal),
        frame_system::CheckNonce::from(System::account_nonce(&account)),
        frame_system::CheckWeight::new(),
        pallet_transaction_payment::ChargeTransactionPayment::from(0),
        frame_metadata_hash_extension::CheckMetadataHash::new(false),
    ));
    let payload = SignedPayload::new(call.clone(), extension.clone()).expect("it can be signed");
    let signature: Signature = payload
        .using_encoded(|bytes| key_of(role).sign(bytes))
        .into();
    UncheckedExtrinsic::new_signed(call, Address::Id(account), signature, extension)
}

/// Sends a transaction of a role, or says why it does not get into a block.
pub fn try_send(
    role: &str,
    call: impl Into<RuntimeCall>,
) -> Result<DispatchResult, TransactionValidityError> {
    Executive::apply_extrinsic(signed(role, call))
}

/// Sends a transaction of a role and says what became of its call. The block is empty for each.
///
/// Calls are charged for the most that they may read, and some of them for most of a block's proof.
/// A collator measures proofs and gives back what was not needed; nothing does so here.
pub fn send(role: &str, call: impl Into<RuntimeCall>) -> DispatchResult {
    System::set_block_consumed_resources(Weight::zero(), 0);
    try_send(role, call).expect("the transaction gets into the block")
}

/// Lets the council of one decide.
pub fn decide(call: impl Into<RuntimeCall>) {
    let proposal = Box::new(call.into());
    let length_bound = proposal.encoded_size() as u32;
    let propose = pallet_collective::Call::<Runtime, pallet_collective::Instance1>::propose {
        threshold: 1,
        proposal,
        length_bound,
    };
    send("Council", propose).expect("the council's only member proposes");
    // The outcome of a motion is in an event, not in the result of the call that carried it.
    let executed = System::events()
        .into_iter()
        .rev()
        .find_map(|record| match record.event {
            axonic_runtime::RuntimeEvent::Council(pallet_collective::Event::Executed {
                result,
                ..
            }) => Some(result),
            _ => None,
        });
    executed
        .expect("a motion of one is carried at once")
        .expect("the decision takes effect");
}
