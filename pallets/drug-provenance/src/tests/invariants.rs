//! Random supply chains: whatever people do, the invariants hold, the chain and a naive model of
//! the rules allow the same and come to the same, and readers are told what calls then do.

use super::{
    deeds::{name, Deed, Dice},
    model::{Model, Spot, What, BOXES},
    rules::FATES,
};
use crate::{mock::*, types::*, Call, Containers, Pallet};
use axonic_primitives::AccountId;
use frame_support::dispatch::DispatchResult;
use proptest::prelude::*;
use std::{collections::BTreeMap, ops::Range};

/// A supply chain, on chain and in the model.
#[derive(Default)]
struct Twins {
    model: Model,
    lots: Vec<Made>,
}

impl Twins {
    /// Something happens in both, or in neither. Returns what, and whether it did.
    fn next(
        &mut self,
        dice: &mut Dice,
        send: fn(AccountId, Call<Test>) -> DispatchResult,
    ) -> (Deed, bool) {
        let deed = Deed::random(dice, &self.model);
        let allowed = self.model.attempt(&deed);
        let done = deed.carry_out(&mut self.lots, send);
        assert_eq!(
            allowed.is_ok(),
            done.is_ok(),
            "{deed:?}: the model says {allowed:?} and the chain {done:?}"
        );
        (deed, done.is_ok())
    }

    /// Both have come to the same.
    fn compare(&self) {
        self.model.packs().for_each(|pack| self.compare_pack(&pack));
        (0..BOXES).for_each(|number| self.compare_container(number));
        for (batch, made) in self.model.lots.iter().zip(&self.lots) {
            let details = made.details();
            assert_eq!(details.status, batch.status);
            assert_eq!(details.by_authority, batch.by_authority);
            assert_eq!(details.hold.is_some(), batch.hold.is_some());
            assert_eq!(details.commissioned as usize, batch.packs.len());
        }
        for (lot, made) in self.lots.iter().enumerate() {
            let mut fates = [0; 7];
            let packs = self.model.packs().filter(|pack| is_of(pack, lot));
            for pack in packs {
                let disposition = self.model.disposition(&pack);
                let fate = FATES
                    .iter()
                    .position(|fate| fate.disposition() == disposition);
                fate.into_iter().for_each(|fate| fates[fate] += 1);
            }
            assert_eq!(made.details().fates, fates, "lot {lot}");
        }
        for (id, sent) in (0..).zip(&self.model.sent) {
            let stored = shipment(ShipmentId(id));
            let unresolved = sent.wrong.iter().filter(|(.., resolved)| !resolved).count();
            assert_eq!(
                (&stored.status, stored.unresolved as usize),
                (&sent.status, unresolved)
            );
        }
    }

    fn compare_pack(&self, pack: &What) {
        let located = Pallet::<Test>::locate(&unit(name(pack))).expect("it exists");
        let had = self.model.had(pack);
        let expected = Holding {
            custodian: had.custodian,
            site: had.site,
            owner: had.owner,
            supplier: had.supplier,
            shipment: had.shipment.map(|id| ShipmentId(id as u64)),
        };
        assert_eq!(*located.holding(), expected, "{pack:?}");
        let disposition = Pallet::<Test>::disposition(&located);
        assert_eq!(disposition, self.model.disposition(pack), "{pack:?}");
        let held = self.model.held_by(pack).is_some();
        assert_eq!(located.held(), held, "{pack:?}");
    }

    fn compare_container(&self, number: usize) {
        let called = case(number as u64);
        let stored = Containers::<Test>::get(key(&called));
        let thing = &self.model.boxes[number];
        assert_eq!(stored.is_some(), thing.is_some(), "container {number}");
        let (Some(stored), Some(thing)) = (stored, thing) else {
            return;
        };
        assert_eq!((stored.sealed, stored.depth), (thing.sealed, thing.depth));
        let gone = matches!(thing.spot, Spot::Gone(..));
        assert_eq!(matches!(stored.place, Place::Gone { .. }), gone);
        let expected = self.model.contents(number);
        let expected: Vec<_> = expected.iter().map(|what| unit(name(what))).collect();
        let page = Provenance::contents_of(&called, None, MAX_PAGE).expect("it exists");
        assert_eq!(page.next, None);
        assert_eq!(page.children.len(), expected.len(), "container {number}");
        assert!(expected.iter().all(|child| page.children.contains(child)));
    }
}

fn is_of(pack: &What, lot: usize) -> bool {
    matches!(pack, What::Packs(of, ..) if *of == lot)
}

/// Supply chains of 500 operations each, one a seed. All that moves packs or stops them happens, and
/// the depot loses and regains its authorisation. Who else trades in what stays as it is, containers
/// are logistic units, and nobody asks the maker, raises alerts, corrects events or prunes.
fn live_through(seeds: Range<u64>) {
    let mut happened = BTreeMap::<String, (u32, u32)>::new();
    for seed in seeds {
        build_and_execute(|| {
            // Before the first block no events are kept, of which there would be many.
            System::set_block_number(0);
            let (mut twins, mut dice) = (Twins::default(), Dice(seed));
            for _ in 0..500 {
                let (deed, done) = twins.next(&mut dice, perform);
                let deed = format!("{deed:?}");
                let kind = deed.split('(').next().unwrap_or_default();
                let (tried, succeeded) = happened.entry(kind.into()).or_default();
                *tried += 1;
                *succeeded += u32::from(done);
            }
            twins.compare();
        });
    }
    assert_eq!(happened.len(), 23, "{happened:?}");
    let rarely = happened.iter().find(|(_, (_, succeeded))| *succeeded < 10);
    assert_eq!(rarely, None, "{happened:?}");
    let (tried, succeeded) = happened
        .values()
        .fold((0, 0), |(tried, succeeded), (t, s)| {
            (tried + t, succeeded + s)
        });
    assert!(succeeded * 4 > tried, "{happened:?}");
    assert!(succeeded * 20 < tried * 19, "{happened:?}");
}

// Together, 105,000 operations.

#[test]
fn the_chain_and_the_model_come_to_the_same_in_50_000_operations() {
    live_through(0..105);
}

#[test]
fn the_chain_and_the_model_come_to_the_same_in_50_000_others() {
    live_through(1_000..1_105);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..Default::default() })]

    #[test]
    fn invariants_hold_and_readers_are_told_what_calls_do(
        seeds in proptest::collection::vec(any::<u64>(), 1..120),
    ) {
        build_and_execute(|| {
            let mut twins = Twins::default();
            for seed in seeds {
                // `act` asks first what would come of it.
                twins.next(&mut Dice(seed), act);
                try_state();
            }
            twins.compare();
        });
    }

    #[test]
    fn what_left_the_chain_only_comes_back_by_an_undo(
        seeds in proptest::collection::vec(any::<u64>(), 60..200),
    ) {
        build_and_execute(|| {
            let mut twins = Twins::default();
            for seed in seeds {
                let gone: Vec<_> = twins.model.packs().filter(left).collect();
                let (deed, done) = twins.next(&mut Dice(seed), perform);
                let back = gone.iter().filter(|pack| !left(pack)).count();
                let undone = usize::from(done && matches!(deed, Deed::Undo(..)));
                assert_eq!(back, undone, "{deed:?}");
            }
        });
    }
}

/// Whether the pack left the chain, as the chain has it.
fn left(pack: &What) -> bool {
    let located = Pallet::<Test>::locate(&unit(name(pack))).expect("it exists");
    located.fate().is_some()
}
