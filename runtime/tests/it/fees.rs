//! What a transaction costs, and where the fee goes.

use crate::chain::{account_of, on_development, send, signed, try_send};
use axonic_runtime::{
    configs::{
        fees::{BlockShareFee, FULL_BLOCK_FEE, TRANSACTION_BYTE_FEE},
        system::RuntimeBlockWeights,
    },
    Balances, CollatorSelection, Runtime, RuntimeCall, TransactionPayment, UNIT,
};
use codec::Encode;
use frame_support::{
    assert_ok,
    weights::{Weight, WeightToFee},
};
use sp_runtime::{
    transaction_validity::{InvalidTransaction, TransactionValidityError},
    MultiAddress,
};

fn remark() -> RuntimeCall {
    frame_system::Call::<Runtime>::remark {
        remark: vec![0; 100],
    }
    .into()
}

#[test]
fn a_full_block_costs_the_same_in_time_and_in_proof() {
    on_development(|| {
        let full = RuntimeBlockWeights::get().max_block;
        let cost = |time, proof| TransactionPayment::weight_to_fee(Weight::from_parts(time, proof));
        assert_eq!(cost(full.ref_time(), 0), FULL_BLOCK_FEE);
        assert_eq!(cost(0, full.proof_size()), FULL_BLOCK_FEE);
        // The larger share counts, not the sum.
        assert_eq!(cost(full.ref_time(), full.proof_size()), FULL_BLOCK_FEE);
        assert_eq!(
            cost(full.ref_time() / 4, full.proof_size() / 2),
            FULL_BLOCK_FEE / 2
        );
    });
}

#[test]
fn a_weight_past_any_block_does_not_overflow() {
    assert!(BlockShareFee::weight_to_fee(&Weight::MAX) > FULL_BLOCK_FEE);
}

#[test]
fn each_byte_costs_the_same() {
    on_development(|| {
        assert_eq!(
            TransactionPayment::length_to_fee(100),
            100 * TRANSACTION_BYTE_FEE
        );
    });
}

#[test]
fn a_fee_goes_to_the_collators_and_is_no_more_than_was_quoted() {
    on_development(|| {
        let (payer, pot) = (account_of("Clinician"), CollatorSelection::account_id());
        let transaction = signed("Clinician", remark());
        let length = transaction.encoded_size() as u32;
        let quoted = TransactionPayment::query_info(transaction, length).partial_fee;
        let before = (Balances::free_balance(&payer), Balances::free_balance(&pot));
        let issued = Balances::total_issuance();

        assert_ok!(send("Clinician", remark()));

        let paid = before.0 - Balances::free_balance(&payer);
        assert!(0 < paid && paid <= quoted, "paid {paid}, quoted {quoted}");
        assert_eq!(Balances::free_balance(&pot) - before.1, paid);
        assert_eq!(Balances::total_issuance(), issued);
        assert!(quoted < UNIT / 10, "an ordinary transaction costs {quoted}");
    });
}

#[test]
fn a_stranger_who_cannot_pay_gets_nothing_in() {
    on_development(|| {
        let refused = Err(TransactionValidityError::Invalid(
            InvalidTransaction::Payment,
        ));
        assert_eq!(try_send("Stranger", remark()), refused);
    });
}

#[test]
fn a_transfer_moves_what_it_says() {
    on_development(|| {
        let stranger = account_of("Stranger");
        let transfer = pallet_balances::Call::<Runtime>::transfer_keep_alive {
            dest: MultiAddress::Id(stranger.clone()),
            value: UNIT,
        };
        assert_ok!(send("PayerAdmin", transfer));
        assert_eq!(Balances::free_balance(stranger), UNIT);
    });
}
