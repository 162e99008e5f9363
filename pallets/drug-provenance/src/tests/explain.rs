//! Asking what would come of a call. That the answer is what comes of it, every test shows: the
//! mock asks before each call.

use super::{
    deeds::{Deed, Dice},
    model::Model,
};
use crate::{mock::*, types::*, Call, Error};
use axonic_primitives::{testing::NOT_STAFF, AccountId, Refusal};
use frame_support::{assert_ok, dispatch::DispatchResult};
use proptest::prelude::*;
use sp_runtime::StateVersion;

fn root() -> Vec<u8> {
    sp_io::storage::root(StateVersion::V1)
}

/// Asks, and does nothing.
fn ask_only(who: AccountId, call: Call<Test>) -> DispatchResult {
    let before = root();
    let told = Provenance::explain_move(who.clone(), call.clone());
    assert_eq!(root(), before, "asking changed something");
    assert_eq!(
        Provenance::explain_move(who, call),
        told,
        "the answer changed"
    );
    told.map_err(|_| refusal(Error::NothingNamed))
}

#[test]
fn explain_move_names_the_first_error_of_the_call() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        let explain = |who: AccountId, lot: &Made| {
            let call = Call::ship {
                draft: consignment(&WHOLESALER, [lot.packs(0..4)]),
                occurrence: here(&who),
            };
            Provenance::explain_move(who, call)
        };
        let told = |name: &str| Err(Refusal(name.into()));
        assert_eq!(explain(MAKER, &lot), Ok(()));
        assert_eq!(explain(RIVAL, &lot), told("NotCustodian"));
        assert_ok!(recall(MAKER, &lot, RecallKind::ClassI));
        assert_eq!(explain(MAKER, &lot), told("LotRecalled"));
        assert_eq!(lot.disposition(0), Disposition::Active);
        assert_eq!(explain(STRANGER, &lot), Err(NOT_STAFF.into()));
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..Default::default() })]

    #[test]
    fn explain_move_changes_nothing(
        past in proptest::collection::vec(any::<u64>(), 0..60),
        questions in proptest::collection::vec(any::<u64>(), 1..20),
    ) {
        build_and_execute(|| {
            let (mut model, mut lots) = (Model::default(), vec![]);
            for seed in past {
                let deed = Deed::random(&mut Dice(seed), &model);
                if deed.carry_out(&mut lots, perform).is_ok() {
                    model.attempt(&deed).expect("the chain allowed it");
                }
            }
            for seed in questions {
                let deed = Deed::random(&mut Dice(seed), &model);
                if deed.is_a_call() {
                    let allowed = deed.carry_out(&mut lots.clone(), ask_only).is_ok();
                    assert_eq!(allowed, model.clone().attempt(&deed).is_ok(), "{deed:?}");
                }
            }
        });
    }
}
