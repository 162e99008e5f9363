//! Across the counter.

use crate::{mock::*, types::*, Error, Event, SerialNumbers};
use axonic_gs1::{Gtin, Serial};
use axonic_primitives::{
    credentials::CredentialDenial,
    testing::{Doubles, DUTY_MISSING, NOT_STAFF},
};
use frame_support::{assert_noop, assert_ok};

#[test]
fn dispense_takes_a_pack_out_of_the_chain() {
    build_and_execute(|| {
        let lot = at_the_pharmacy("LOT1", 10);
        assert_ok!(dispense(PHARMACIST, &lot, 4));
        let event = Event::Dispensed {
            lot: lot.id,
            index: 4,
            org: org_of(&PHARMACY),
            event: last_recorded(),
        };
        assert_eq!(last_event(), event);
        assert_eq!(lot.disposition(4), Disposition::Dispensed);
        assert_eq!(lot.scan(4), Verdict::Dispensed);
        assert_eq!(lot.gone(Fate::Dispensed), 1);
        for index in [3, 5] {
            assert_eq!(lot.disposition(index), Disposition::Active);
        }
    });
}

#[test]
fn dispense_puts_a_serial_on_chain_that_was_behind_a_root() {
    build_and_execute(|| {
        let lot = at_the_pharmacy("LOT1", 10);
        let gtin = Gtin::new(MEDICINE).unwrap();
        let serial = Serial::new(&lot.serial(4).0).unwrap();
        assert_eq!(SerialNumbers::<Test>::get(gtin, serial), None);
        assert_ok!(dispense(PHARMACIST, &lot, 4));
        let (lot, index) = (lot.id, 4);
        let given = SerialNumbers::<Test>::get(gtin, serial);
        assert_eq!(given, Some(Commissioned::Pack { lot, index }));
    });
}

#[test]
fn dispense_takes_the_pack_out_of_its_container() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        assert_ok!(pack(MAKER, case(1), [lot.packs(0..4)]));
        assert_ok!(pack(MAKER, pallet(1), [case(1)]));
        deliver(MAKER, PHARMACY, [pallet(1)]);
        assert_ok!(dispense(PHARMACIST, &lot, 2));
        assert_eq!(container(&case(1)).children, 3);
        assert_eq!(container(&pallet(1)).children, 1);
        assert_eq!(container(&pallet(1)).lots[0].packs, 3);
        for index in [0, 1, 3] {
            assert_eq!(lot.disposition(index), Disposition::Packed);
        }
        for index in [0, 1, 3] {
            assert_ok!(dispense(PHARMACIST, &lot, index));
        }
        assert!(container(&pallet(1)).lots.is_empty());
    });
}

#[test]
fn dispense_fails_when_it_was_dispensed() {
    build_and_execute(|| {
        let lot = at_the_pharmacy("LOT1", 10);
        assert_ok!(dispense(PHARMACIST, &lot, 4));
        let refused = refusal(Error::AlreadyDispensed);
        assert_noop!(dispense(PHARMACIST, &lot, 4), refused);
        assert_noop!(dispense_part(PHARMACIST, &lot, 4), refused);
        assert_eq!(lot.gone(Fate::Dispensed), 1);
    });
}

#[test]
fn partial_dispense_leaves_the_rest_to_dispense_later() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        assert_ok!(pack(MAKER, case(1), [lot.packs(0..4)]));
        deliver(MAKER, PHARMACY, [case(1)]);
        assert_ok!(dispense_part(PHARMACIST, &lot, 2));
        let event = Event::PartiallyDispensed {
            lot: lot.id,
            index: 2,
            org: org_of(&PHARMACY),
            event: last_recorded(),
        };
        assert_eq!(last_event(), event);
        let trace = lot.trace(2);
        assert_eq!(trace.disposition, Disposition::PartiallyDispensed);
        assert!(trace.containers.is_empty(), "it stands open on the shelf");
        assert_eq!(trace.holding.custodian, org_of(&PHARMACY));
        assert_eq!(lot.scan(2), Verdict::PartiallyDispensed);
        assert_eq!(lot.details().fates, [0; 7]);
        assert_ok!(dispense(PHARMACIST, &lot, 2));
        assert_eq!(lot.scan(2), Verdict::Dispensed);
    });
}

#[test]
fn what_is_partially_dispensed_is_only_dispensed_or_destroyed() {
    build_and_execute(|| {
        let lot = at_the_pharmacy("LOT1", 10);
        assert_ok!(dispense_part(PHARMACIST, &lot, 2));
        let refused = refusal(Error::AlreadyPartiallyDispensed);
        assert_noop!(ship(PHARMACY, DEPOT, [lot.pack(2)]), refused);
        assert_noop!(give_back(PHARMACY, MAKER, [lot.pack(2)]), refused);
        assert_noop!(pack(PHARMACY, case(1), [lot.pack(2)]), refused);
        for reason in [DecommissionReason::Sampled, DecommissionReason::Other] {
            assert_noop!(decommission(PHARMACY, [lot.pack(2)], reason), refused);
        }
        let destroyed = DecommissionReason::Destroyed;
        assert_ok!(decommission(PHARMACY, [lot.pack(2)], destroyed));
        assert_eq!(lot.disposition(2), Disposition::Destroyed);
    });
}

#[test]
fn dispense_works_for_listed_serials_without_a_proof() {
    build_and_execute(|| {
        let lot = list("LOT1", 10);
        deliver(MAKER, PHARMACY, [lot.packs(0..10)]);
        assert_ok!(dispense(PHARMACIST, &lot, 9));
        assert_eq!(lot.scan(9), Verdict::Dispensed);
    });
}

#[test]
fn dispense_fails_when_the_pharmacist_is_not_licensed() {
    build_and_execute(|| {
        let lot = at_the_pharmacy("LOT1", 10);
        let refused = refusal(Error::PharmacistNotLicensed);
        Doubles::unlicense(PHARMACIST, CredentialDenial::Suspended);
        assert_noop!(dispense(PHARMACIST, &lot, 1), refused);
        assert_noop!(dispense_part(PHARMACIST, &lot, 1), refused);
    });
}

#[test]
fn dispense_needs_a_pharmacist() {
    build_and_execute(|| {
        let lot = at_the_pharmacy("LOT1", 10);
        assert_noop!(dispense(PHARMACY, &lot, 1), DUTY_MISSING);
        assert_noop!(dispense(STRANGER, &lot, 1), NOT_STAFF);
        assert_noop!(ship(PHARMACIST, DEPOT, [lot.pack(1)]), DUTY_MISSING);
    });
}

#[test]
fn dispense_fails_when_the_pack_is_somewhere_else() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        assert_noop!(dispense(PHARMACIST, &lot, 1), Error::<Test>::NotCustodian);
        deliver(MAKER, PHARMACY, [lot.packs(0..5)]);
        assert_noop!(dispense(DRUGGIST, &lot, 1), Error::<Test>::NotCustodian);
        assert_ok!(ship(PHARMACY, DRUGGIST, [lot.packs(0..5)]));
        assert_noop!(dispense(PHARMACIST, &lot, 1), Error::<Test>::InTransit);
    });
}

#[test]
fn dispense_fails_when_a_container_around_it_is_sealed() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        assert_ok!(pack(MAKER, case(1), [lot.packs(0..4)]));
        assert_ok!(pack(MAKER, pallet(1), [case(1)]));
        assert_ok!(seal(MAKER, pallet(1)));
        deliver(MAKER, PHARMACY, [pallet(1)]);
        let refused = refusal(Error::ContainerSealed);
        assert_noop!(dispense(PHARMACIST, &lot, 1), refused);
        assert_noop!(dispense_part(PHARMACIST, &lot, 1), refused);
        assert_ok!(unseal(PHARMACY, pallet(1)));
        assert_ok!(dispense(PHARMACIST, &lot, 1));
    });
}

#[test]
fn dispense_fails_when_the_lot_must_not_move() {
    build_and_execute(|| {
        let recalled = at_the_pharmacy("LOT1", 10);
        assert_ok!(recall(MAKER, &recalled, RecallKind::ClassIII));
        let refused = refusal(Error::LotRecalled);
        assert_noop!(dispense(PHARMACIST, &recalled, 1), refused);
        let quarantined = at_the_pharmacy("LOT2", 10);
        assert_ok!(quarantine(MAKER, &quarantined));
        let refused = refusal(Error::LotQuarantined);
        assert_noop!(dispense(PHARMACIST, &quarantined, 1), refused);
        let held = at_the_pharmacy("LOT3", 10);
        assert_ok!(suspect_lot(MAKER, &held));
        assert_noop!(dispense(PHARMACIST, &held, 1), Error::<Test>::ItemSuspect);
        let old = at_the_pharmacy("LOT4", 10);
        pass(3 * YEAR + DAY);
        assert_noop!(dispense(PHARMACIST, &old, 1), Error::<Test>::LotExpired);
        assert_noop!(
            dispense_part(PHARMACIST, &old, 1),
            Error::<Test>::LotExpired
        );
    });
}

#[test]
fn dispense_fails_when_it_or_its_container_is_suspect() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        assert_ok!(pack(MAKER, case(1), [lot.packs(0..4)]));
        deliver(MAKER, PHARMACY, [case(1).into(), lot.packs(4..10)]);
        assert_ok!(suspect(PHARMACY, case(1)));
        let refused = refusal(Error::ItemSuspect);
        assert_noop!(dispense(PHARMACIST, &lot, 1), refused);
        assert_ok!(suspect(PHARMACY, lot.packs(4..6)));
        assert_noop!(dispense(PHARMACIST, &lot, 5), refused);
        assert_ok!(dispense(PHARMACIST, &lot, 6));
    });
}

#[test]
fn dispense_fails_when_it_is_a_case_of_packs() {
    build_and_execute(|| {
        assert_ok!(register(MAKER, CASE_OF_TEN));
        let cases = commissioned_by(MAKER, rooted_draft(CASE_OF_TEN, "LOT1", 10));
        deliver(MAKER, PHARMACY, [cases.packs(0..10)]);
        let refused = refusal(Error::NotDispensable);
        assert_noop!(dispense(PHARMACIST, &cases, 1), refused);
        assert_noop!(dispense_part(PHARMACIST, &cases, 1), refused);
    });
}

#[test]
fn dispense_fails_when_what_is_printed_makes_no_sense() {
    build_and_execute(|| {
        let lot = at_the_pharmacy("LOT1", 10);
        let good = || lot.claim(1);
        let refuse = |claim: PackClaim, error: Error<Test>| {
            let occurrence = here(&PHARMACIST);
            let attempt = dispense_like(PHARMACIST, claim, lot.proof(1), occurrence);
            assert_noop!(attempt, error);
        };
        let gtin = MISTYPED;
        refuse(PackClaim { gtin, ..good() }, Error::InvalidGtin);
        let serial = text("A B");
        refuse(PackClaim { serial, ..good() }, Error::InvalidSerial);
        let number = text("");
        refuse(
            PackClaim {
                lot: number,
                ..good()
            },
            Error::InvalidLot,
        );
        let expiry = Some(day(2028, 2, 30));
        refuse(PackClaim { expiry, ..good() }, Error::InvalidDate);
        let gtin = UNREGISTERED;
        refuse(PackClaim { gtin, ..good() }, Error::ProductNotFound);
        let number = text("LOT9");
        refuse(
            PackClaim {
                lot: number,
                ..good()
            },
            Error::LotNotFound,
        );
        let expiry = Some(day(2028, 12, 30));
        refuse(PackClaim { expiry, ..good() }, Error::ExpiryMismatch);
        let serial = lot.serial(2);
        refuse(PackClaim { serial, ..good() }, Error::BadMerkleProof);
        let occurrence = here(&PHARMACIST);
        let expiry = Some(EXPIRY);
        let claim = PackClaim { expiry, ..good() };
        assert_ok!(dispense_like(PHARMACIST, claim, lot.proof(1), occurrence));
    });
}

#[test]
fn dispense_fails_when_the_serial_is_not_shown_to_be_the_lots() {
    build_and_execute(|| {
        let (lot, other) = (at_the_pharmacy("LOT1", 10), at_the_pharmacy("LOT2", 10));
        let attempt = |proof| dispense_like(PHARMACIST, lot.claim(1), proof, here(&PHARMACIST));
        assert_noop!(attempt(None), Error::<Test>::ProofMissing);
        let refused = refusal(Error::BadMerkleProof);
        assert_noop!(attempt(lot.proof(2)), refused);
        assert_noop!(attempt(other.proof(1)), refused);
        let mut elsewhere = lot.proof(1).unwrap();
        elsewhere.index = 3;
        assert_noop!(attempt(Some(elsewhere)), refused);
        let mut of_fewer = lot.proof(1).unwrap();
        of_fewer.leaves = 9;
        assert_noop!(attempt(Some(of_fewer)), refused);
        assert_ok!(attempt(lot.proof(1)));
    });
}

#[test]
fn dispense_fails_when_a_serial_was_never_listed() {
    build_and_execute(|| {
        let lot = list("LOT1", 10);
        deliver(MAKER, PHARMACY, [lot.packs(0..10)]);
        let serial = text("MADE.UP");
        let claim = PackClaim {
            serial,
            ..lot.claim(1)
        };
        let attempt = dispense_like(PHARMACIST, claim, None, here(&PHARMACIST));
        assert_noop!(attempt, Error::<Test>::SerialUnknown);
    });
}

#[test]
fn dispense_fails_when_the_serial_belongs_to_another_lot_or_a_case() {
    build_and_execute(|| {
        let first = list("LOT1", 10);
        let second = list("LOT2", 10);
        deliver(MAKER, PHARMACY, [first.packs(0..10), second.packs(0..10)]);
        let refused = refusal(Error::SerialAlreadyCommissioned);
        let claim = PackClaim {
            lot: first.number.clone(),
            ..second.claim(1)
        };
        let attempt = dispense_like(PHARMACIST, claim, None, here(&PHARMACIST));
        assert_noop!(attempt, refused);
        let rest = commission("LOT3", 2);
        assert_ok!(pack(MAKER, trade_item(MEDICINE, "CASE1"), [rest.pack(0)]));
        let claim = PackClaim {
            serial: text("CASE1"),
            ..first.claim(1)
        };
        let attempt = dispense_like(PHARMACIST, claim, None, here(&PHARMACIST));
        assert_noop!(attempt, refused);
    });
}

#[test]
fn a_serial_that_is_twice_behind_roots_works_once() {
    build_and_execute(|| {
        let number = text("LOT1");
        let serials = vec![commitments(MEDICINE, &number, 1)[0]; 2];
        let (draft, _) = rooted_draft(MEDICINE, "LOT1", 2);
        let kind = axonic_primitives::merkle::LeafKind::Serial;
        let tree = axonic_primitives::merkle::Tree::new(kind, &serials);
        let serial_root = Some(tree.root());
        let lot = commissioned_by(
            MAKER,
            (
                LotDraft {
                    serial_root,
                    ..draft
                },
                tree,
            ),
        );
        deliver(MAKER, PHARMACY, [lot.packs(0..2)]);
        let sell = |place| {
            dispense_like(
                PHARMACIST,
                lot.claim(0),
                lot.proof(place),
                here(&PHARMACIST),
            )
        };
        assert_ok!(sell(1));
        assert_noop!(sell(1), Error::<Test>::AlreadyDispensed);
        // Nor by its other place.
        assert_noop!(sell(0), Error::<Test>::AlreadyDispensed);
    });
}
