//! The pure rules, each against all there is or against what is plainly true.

use crate::{
    rules::{
        less_lots, lot_obstacle, may_undo, overlap, sum_of_lots, Action, Handover, IllegalMove,
        LotObstacle, UndoFacts, UndoObstacle,
    },
    types::*,
};
use axonic_gs1::{Date, Gtin, LotNumber, Sscc};
use axonic_primitives::{Codes, Moment, OrgId};
use proptest::prelude::*;
use sp_core::H256;
use std::collections::BTreeSet;

const ACTIONS: [Action; 13] = [
    Action::Pack,
    Action::Unpack,
    Action::Ship,
    Action::Receive,
    Action::Dispense,
    Action::PartialDispense,
    Action::Undo,
    Action::Export,
    Action::Sample,
    Action::Destroy,
    Action::Steal,
    Action::Decommission,
    Action::Transform,
];
/// Every fate, as lots count them.
pub const FATES: [Fate; 7] = [
    Fate::Dispensed,
    Fate::Exported,
    Fate::Sampled,
    Fate::Destroyed,
    Fate::Stolen,
    Fate::Decommissioned,
    Fate::Transformed,
];
const IN_CHAIN: [Disposition; 4] = [
    Disposition::Active,
    Disposition::Packed,
    Disposition::InTransit,
    Disposition::PartiallyDispensed,
];

#[test]
fn what_left_the_chain_only_comes_back_by_being_undone() {
    for fate in FATES {
        for action in ACTIONS.into_iter().filter(|action| *action != Action::Undo) {
            assert_eq!(fate.disposition().next(action), Err(fate.refusal()));
        }
    }
}

#[test]
fn only_what_may_be_undone_is() {
    for fate in FATES {
        let undone = fate.disposition().next(Action::Undo);
        let expected = match fate {
            Fate::Destroyed | Fate::Stolen | Fate::Transformed => Err(IllegalMove::UndoForbidden),
            _ => Ok(Disposition::Active),
        };
        assert_eq!(undone, expected, "{fate:?}");
    }
    for disposition in IN_CHAIN {
        let expected = match disposition {
            Disposition::PartiallyDispensed => IllegalMove::UndoForbidden,
            _ => IllegalMove::NothingToUndo,
        };
        let undone = disposition.next(Action::Undo);
        assert_eq!(undone, Err(expected), "{disposition:?}");
    }
}

#[test]
fn the_action_of_a_fate_brings_it_about() {
    for fate in FATES {
        let next = Disposition::Active.next(fate.action());
        assert_eq!(next, Ok(fate.disposition()));
    }
}

#[test]
fn nothing_but_its_arrival_happens_to_what_is_on_its_way() {
    for action in ACTIONS {
        let expected = match action {
            Action::Receive => Ok(Disposition::Active),
            Action::Undo => Err(IllegalMove::NothingToUndo),
            _ => Err(IllegalMove::InTransit),
        };
        assert_eq!(Disposition::InTransit.next(action), expected);
    }
}

#[test]
fn only_loose_packs_are_packed_shipped_and_packed_again() {
    for action in [Action::Pack, Action::Ship, Action::Transform] {
        for disposition in IN_CHAIN {
            let loose = disposition == Disposition::Active;
            assert_eq!(
                disposition.next(action).is_ok(),
                loose,
                "{disposition:?} {action:?}"
            );
        }
    }
}

#[test]
fn an_open_pack_is_only_dispensed_destroyed_or_stolen() {
    let allowed: Vec<_> = ACTIONS
        .into_iter()
        .filter(|action| Disposition::PartiallyDispensed.next(*action).is_ok())
        .collect();
    let expected = [
        Action::Dispense,
        Action::PartialDispense,
        Action::Destroy,
        Action::Steal,
    ];
    assert_eq!(allowed, expected);
}

fn undoable() -> UndoFacts {
    UndoFacts {
        disposition: Disposition::Dispensed,
        reached_the_public: false,
        same_premises: true,
        same_authorisation: true,
        left_at: 1_000,
        now: 1_000 + UNDO_WINDOW,
        lot: Ok(()),
        suspect: false,
    }
}

#[test]
fn a_pack_comes_back_when_nothing_is_against_it() {
    assert_eq!(may_undo(&undoable()), Ok(()));
    let at_once = UndoFacts {
        now: 1_000,
        ..undoable()
    };
    assert_eq!(may_undo(&at_once), Ok(()));
}

#[test]
fn a_pack_stays_away_for_each_reason_alone() {
    let forbidden = UndoObstacle::Move(IllegalMove::UndoForbidden);
    let mut public = undoable();
    public.reached_the_public = true;
    let mut destroyed = undoable();
    destroyed.disposition = Disposition::Destroyed;
    let mut there = undoable();
    there.disposition = Disposition::Active;
    let mut elsewhere = undoable();
    elsewhere.same_premises = false;
    let mut anew = undoable();
    anew.same_authorisation = false;
    let mut late = undoable();
    late.now += 1;
    let mut recalled = undoable();
    recalled.lot = Err(LotObstacle::Recalled);
    let mut suspect = undoable();
    suspect.suspect = true;
    let cases = [
        (public, forbidden),
        (destroyed, forbidden),
        (there, UndoObstacle::Move(IllegalMove::NothingToUndo)),
        (elsewhere, UndoObstacle::WrongPremises),
        (anew, UndoObstacle::AuthorisationChanged),
        (late, UndoObstacle::WindowElapsed),
        (recalled, UndoObstacle::Lot(LotObstacle::Recalled)),
        (suspect, UndoObstacle::Suspect),
    ];
    for (facts, obstacle) in cases {
        assert_eq!(may_undo(&facts), Err(obstacle));
    }
}

fn lot(status: LotStatus, hold: Option<InvestigationId>) -> Lot {
    Lot {
        gtin: Gtin::new(9_506_000_134_352).unwrap(),
        number: LotNumber::new(b"LOT1").unwrap(),
        expiry: Date::new(1970, 1, 1).unwrap(),
        units: 1,
        commissioned: 1,
        serials: Serials::Listed,
        status,
        by_authority: false,
        fates: [0; 7],
        hold,
        sources: Default::default(),
        log: StepId(0),
    }
}

#[test]
fn a_lot_moves_to_the_end_of_its_last_day_if_nothing_is_against_it() {
    const DAY: Moment = 24 * 60 * 60 * 1000;
    let fine = lot(LotStatus::Active, None);
    assert_eq!(lot_obstacle(&fine, DAY - 1), Ok(()));
    assert_eq!(lot_obstacle(&fine, DAY), Err(LotObstacle::Expired));
    let held = lot(LotStatus::Active, Some(InvestigationId(1)));
    assert_eq!(lot_obstacle(&held, 0), Err(LotObstacle::Held));
    let quarantined = lot(LotStatus::Quarantined, None);
    assert_eq!(lot_obstacle(&quarantined, 0), Err(LotObstacle::Quarantined));
    let kind = RecallKind::ClassIII;
    for status in [
        LotStatus::Recalled { kind, at: 0 },
        LotStatus::Withdrawn { at: 0 },
    ] {
        let gone_back = lot(status, None);
        assert_eq!(lot_obstacle(&gone_back, 0), Err(LotObstacle::Recalled));
    }
}

#[test]
fn goods_change_hands_with_a_whole_transaction_and_only_then() {
    let transaction = |information, statement| Transaction {
        information,
        statement,
    };
    let whole = transaction(H256::repeat_byte(1), true);
    let parts = [
        transaction(H256::zero(), true),
        transaction(H256::repeat_byte(1), false),
    ];
    let carrier = Codes::from(Licence::LogisticsProvider);
    let both = Codes::from([Licence::LogisticsProvider, Licence::Wholesaler]);
    let (from, to, third) = (OrgId(1), OrgId(2), OrgId(3));
    for direction in [Direction::Forward, Direction::Return] {
        for owner in [from, third] {
            for consignee in [carrier, both] {
                let handover = |transaction| Handover {
                    direction,
                    owner,
                    from,
                    to,
                    transaction,
                };
                let sold = handover(Some(&whole));
                assert!(sold.is_in_order(consignee));
                assert_eq!(sold.owner_after(), to);
                for part in &parts {
                    assert!(!handover(Some(part)).is_in_order(consignee));
                }
                let sale = direction == Direction::Forward && owner == from && consignee == both;
                let kept = handover(None);
                assert_eq!(kept.is_in_order(consignee), !sale);
                assert_eq!(kept.owner_after(), owner);
            }
        }
    }
}

fn units() -> impl Strategy<Value = Vec<Unit>> {
    let packs = (0u32..3, 0u32..40, 0u32..6).prop_map(|(lot, first, more)| Unit::Packs {
        lot: LotId(lot),
        first,
        last: first + more,
    });
    let container = (0u64..20).prop_map(|number| {
        let sscc = Sscc::with_check_digit(number).unwrap();
        Unit::Container(ContainerKey::Sscc(sscc))
    });
    prop::collection::vec(prop_oneof![3 => packs, 1 => container], 0..8)
}

/// Each pack and container by itself.
fn atoms(unit: &Unit) -> Vec<Unit> {
    match unit {
        Unit::Container(_) => vec![unit.clone()],
        Unit::Packs { lot, first, last } => (*first..=*last)
            .map(|pack| Unit::Packs {
                lot: *lot,
                first: pack,
                last: pack,
            })
            .collect(),
    }
}

fn counts() -> impl Strategy<Value = Vec<LotCount>> {
    let count = (0u32..6, 1u32..1_000).prop_map(|(lot, packs)| LotCount {
        lot: LotId(lot),
        packs,
    });
    prop::collection::vec(count, 0..8)
}

fn packs_of(counts: &[LotCount], lot: LotId) -> u32 {
    let of_it = counts.iter().filter(|count| count.lot == lot);
    of_it.map(|count| count.packs).sum()
}

proptest! {
    #[test]
    fn units_overlap_when_they_share_a_pack_or_a_container(units in units()) {
        let all: Vec<_> = units.iter().flat_map(atoms).map(|unit| format!("{unit:?}")).collect();
        let distinct: BTreeSet<_> = all.iter().collect();
        prop_assert_eq!(overlap(units.iter()), distinct.len() < all.len());
    }

    #[test]
    fn lots_are_added_and_taken_away_one_by_one(some in counts(), more in counts()) {
        let (some, sum) = (
            sum_of_lots(some.iter()),
            sum_of_lots(some.iter().chain(&more)),
        );
        for lot in (0..6).map(LotId) {
            prop_assert_eq!(packs_of(&sum, lot), packs_of(&some, lot) + packs_of(&more, lot));
        }
        prop_assert!(sum.windows(2).all(|pair| pair[0].lot < pair[1].lot));
        prop_assert_eq!(less_lots(&sum, &sum_of_lots(more.iter())), some);
        prop_assert!(less_lots(&sum, &sum).is_empty());
    }

    #[test]
    fn a_pack_comes_back_within_ten_days_whenever_it_left(left_at: Moment, later in 0..2 * UNDO_WINDOW) {
        let now = left_at.saturating_add(later);
        let facts = UndoFacts { left_at, now, ..undoable() };
        prop_assert_eq!(may_undo(&facts).is_ok(), now - left_at <= UNDO_WINDOW);
    }
}
