//! What things cost: a pack of which there is nothing to say costs nothing.

use crate::{mock::*, types::*};
use frame_support::{assert_ok, storage::unhashed, traits::PalletInfoAccess};
use sp_core::H256;
use sp_io::hashing::twox_128;
use std::collections::{BTreeMap, BTreeSet};

type Stored = BTreeMap<Vec<u8>, Vec<u8>>;

/// Everything that the pallet stores.
fn stored() -> Stored {
    let prefix = twox_128(Provenance::name().as_bytes());
    let mut all = Stored::new();
    let mut key = prefix.to_vec();
    while let Some(next) = sp_io::storage::next_key(&key) {
        if !next.starts_with(&prefix) {
            break;
        }
        all.insert(
            next.clone(),
            unhashed::get_raw(&next).expect("the key exists"),
        );
        key = next;
    }
    all
}

/// How many items are new, changed or gone after `action`, and how many bytes there are more.
fn cost(action: impl FnOnce()) -> (usize, i64) {
    let before = stored();
    action();
    let after = stored();
    let keys = before.keys().chain(after.keys());
    let keys = keys.collect::<BTreeSet<_>>();
    let changed = keys
        .iter()
        .filter(|key| before.get(**key) != after.get(**key));
    let size = |all: &Stored| -> i64 {
        all.iter()
            .map(|(key, value)| (key.len() + value.len()) as i64)
            .sum()
    };
    (changed.count(), size(&after) - size(&before))
}

/// A lot whose serials nobody asks for.
fn commission_unproven(number: &str, units: u32) -> impl Fn(u32, u32) -> UnitName {
    let serial_root = Some(H256::repeat_byte(1));
    let draft = LotDraft {
        serial_root,
        ..listed_draft(MEDICINE, number, units)
    };
    assert_ok!(commission_lot(MAKER, draft));
    let lot = last_lot();
    move |first, count| UnitName::Packs { lot, first, count }
}

#[test]
fn a_pack_that_nothing_happens_to_costs_nothing() {
    let commission = |units| {
        let mut cost_of_it = Default::default();
        build_and_execute(|| {
            cost_of_it = cost(|| {
                let _lot = commission_unproven("LOT1", units);
            });
        });
        cost_of_it
    };
    let thousand = commission(1_000);
    assert_eq!(commission(100_000), thousand);
    assert_eq!(commission(1_000_000), thousand);
    assert!(thousand.0 < 12, "{thousand:?}");
    assert!(thousand.1 < 1_500, "{thousand:?}");
}

/// What shipping and receiving these costs.
fn journey(roots: UnitName) -> [(usize, i64); 2] {
    let shipping = cost(|| {
        assert_ok!(ship(MAKER, WHOLESALER, [roots]));
    });
    let id = last_shipment();
    let receiving = cost(|| {
        assert_ok!(receive(WHOLESALER, id));
    });
    [shipping, receiving]
}

#[test]
fn a_pallet_of_ten_thousand_packs_travels_like_a_single_pack() {
    let mut of_one = Default::default();
    build_and_execute(|| {
        let packs = commission_unproven("LOT1", 1);
        of_one = journey(packs(0, 1));
    });
    let mut of_all = Default::default();
    build_and_execute(|| {
        let packs = commission_unproven("LOT1", 10_000);
        for number in 0..40 {
            let first = 250 * number as u32;
            assert_ok!(pack(MAKER, case(number), [packs(first, 250)]));
        }
        assert_ok!(pack(MAKER, pallet(1), (0..40).map(case)));
        of_all = journey(pallet(1).into());
    });
    let items = |journey: [(usize, i64); 2]| journey.map(|(items, _)| items);
    assert_eq!(items(of_all), items(of_one));
}

#[test]
fn a_recall_is_one_write_wherever_the_packs_are() {
    build_and_execute(|| {
        let packs = commission_unproven("LOT1", 1_000_000);
        for (number, to) in (0..).zip([WHOLESALER, DEPOT, PHARMACY, DRUGGIST]) {
            deliver(MAKER, to, [packs(100_000 * number, 50_000)]);
        }
        let (lot, kind) = (last_lot(), RecallKind::ClassI);
        let recall = || {
            assert_ok!(act(MAKER, crate::Call::recall { lot, kind }));
        };
        assert_eq!(cost(recall).0, 1);
    });
}
