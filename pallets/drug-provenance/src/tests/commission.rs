//! Lots and their packs.

use crate::{mock::*, types::*, Error, Event, LotNumbers, Lots, Runs, SerialNumbers};
use axonic_gs1::{Gtin, LotNumber, Serial};
use frame_support::{assert_noop, assert_ok};
use sp_core::H256;

fn medicine() -> Gtin {
    Gtin::new(MEDICINE).unwrap()
}

#[test]
fn commission_lot_makes_all_packs_at_once_when_serials_are_behind_a_root() {
    build_and_execute(|| {
        let (draft, tree) = rooted_draft(MEDICINE, "LOT1", 1_000);
        let root = tree.root();
        let lot = commissioned_by(MAKER, (draft, tree));
        let details = lot.details();
        assert_eq!((details.units, details.commissioned), (1_000, 1_000));
        assert_eq!(details.serials, Serials::Root(root));
        assert_eq!(details.status, LotStatus::Active);
        assert_eq!(details.fates, [0; 7]);
        let number = LotNumber::new(b"LOT1").unwrap();
        assert_eq!(LotNumbers::<Test>::get(medicine(), number), Some(lot.id));
        let event = Event::LotCommissioned {
            lot: lot.id,
            gtin: medicine(),
            number,
            units: 1_000,
            serials: Serials::Root(root),
            event: last_recorded(),
        };
        assert_eq!(last_event(), event);
        let run = Runs::<Test>::get(lot.id, Last(999)).unwrap();
        let holding = Holding {
            custodian: org_of(&MAKER),
            site: site_of(&MAKER),
            owner: org_of(&MAKER),
            supplier: None,
            shipment: None,
        };
        assert_eq!((run.first, run.place), (0, Place::Root(holding)));
        assert_eq!(Runs::<Test>::iter().count(), 1);
    });
}

#[test]
fn commission_lot_makes_no_packs_when_serials_are_to_be_listed() {
    build_and_execute(|| {
        assert_ok!(commission_lot(MAKER, listed_draft(MEDICINE, "LOT1", 3)));
        let lot = Lots::<Test>::get(last_lot()).unwrap();
        assert_eq!((lot.units, lot.commissioned), (3, 0));
        assert_eq!(lot.serials, Serials::Listed);
        assert_eq!(Runs::<Test>::iter().count(), 0);
    });
}

#[test]
fn commission_lot_fails_when_the_draft_is_wrong() {
    build_and_execute(|| {
        let good = || rooted_draft(MEDICINE, "LOT1", 2).0;
        let refuse = |draft: LotDraft, error: Error<Test>| {
            assert_noop!(commission_lot(MAKER, draft), error);
        };
        let gtin = MISTYPED;
        refuse(LotDraft { gtin, ..good() }, Error::InvalidGtin);
        let gtin = UNREGISTERED;
        refuse(LotDraft { gtin, ..good() }, Error::ProductNotFound);
        for number in ["", "LOT 1", "LOT#1", "LOT1@", "ABCDEFGHIJKLMNOPQRSTU"] {
            let number = text(number);
            refuse(LotDraft { number, ..good() }, Error::InvalidLot);
        }
        for expiry in [
            day(2027, 2, 29),
            day(2027, 13, 1),
            day(2027, 4, 31),
            day(0, 1, 1),
        ] {
            refuse(LotDraft { expiry, ..good() }, Error::InvalidDate);
        }
        for units in [0, MAX_UNITS + 1, u32::MAX] {
            refuse(LotDraft { units, ..good() }, Error::InvalidUnits);
        }
        let serial_root = Some(H256::zero());
        refuse(
            LotDraft {
                serial_root,
                ..good()
            },
            Error::InvalidSerialRoot,
        );
        assert_ok!(commission_lot(MAKER, good()));
    });
}

#[test]
fn commission_lot_fails_when_it_would_expire_before_it_is_made() {
    build_and_execute(|| {
        let expiring = |expiry| LotDraft {
            expiry,
            ..listed_draft(MEDICINE, "LOT1", 1)
        };
        // Tests begin on the first of January.
        let yesterday = expiring(day(2025, 12, 31));
        assert_noop!(
            commission_lot(MAKER, yesterday),
            Error::<Test>::ExpiryInPast
        );
        assert_ok!(commission_lot(MAKER, expiring(day(2026, 1, 1))));
    });
}

#[test]
fn commission_lot_fails_when_the_product_has_one_of_this_number() {
    build_and_execute(|| {
        commission("LOT1", 10);
        let again = || listed_draft(MEDICINE, "LOT1", 1);
        assert_noop!(
            commission_lot(MAKER, again()),
            Error::<Test>::LotAlreadyExists
        );
        let gtin = SYRUP;
        assert_ok!(commission_lot(MAKER, LotDraft { gtin, ..again() }));
        assert_ok!(commission_lot(MAKER, listed_draft(MEDICINE, "lot1", 1)));
    });
}

#[test]
fn commission_lot_fails_when_the_product_is_anothers() {
    build_and_execute(|| {
        let draft = listed_draft(MEDICINE, "LOT1", 1);
        assert_noop!(commission_lot(RIVAL, draft), Error::<Test>::NotBrandOwner);
    });
}

#[test]
fn commission_items_numbers_packs_on_from_the_last() {
    build_and_execute(|| {
        assert_ok!(commission_lot(MAKER, listed_draft(MEDICINE, "LOT1", 5)));
        let lot = last_lot();
        assert_ok!(commission_items(MAKER, lot, ["A", "B"].map(text)));
        assert_ok!(commission_items(MAKER, lot, ["C"].map(text)));
        let event = Event::ItemsCommissioned {
            lot,
            first: 2,
            count: 1,
            event: last_recorded(),
        };
        assert_eq!(last_event(), event);
        assert_eq!(Lots::<Test>::get(lot).unwrap().commissioned, 3);
        for (index, serial) in (0..).zip([b"A", b"B", b"C"]) {
            let serial = Serial::new(serial).unwrap();
            let given = SerialNumbers::<Test>::get(medicine(), serial);
            assert_eq!(given, Some(Commissioned::Pack { lot, index }));
        }
    });
}

#[test]
fn commission_items_fails_when_there_are_none() {
    build_and_execute(|| {
        assert_ok!(commission_lot(MAKER, listed_draft(MEDICINE, "LOT1", 5)));
        let refused = refusal(Error::NoSerials);
        assert_noop!(commission_items(MAKER, last_lot(), []), refused);
    });
}

#[test]
fn commission_items_fails_when_there_is_no_room() {
    build_and_execute(|| {
        assert_ok!(commission_lot(MAKER, listed_draft(MEDICINE, "LOT1", 2)));
        let lot = last_lot();
        let refused = refusal(Error::LotFull);
        assert_noop!(
            commission_items(MAKER, lot, ["A", "B", "C"].map(text)),
            refused
        );
        assert_ok!(commission_items(MAKER, lot, ["A", "B"].map(text)));
        assert_noop!(commission_items(MAKER, lot, ["C"].map(text)), refused);
        // Behind a root, all packs are there from the start.
        let rooted = commission("LOT2", 2);
        assert_noop!(commission_items(MAKER, rooted.id, ["D"].map(text)), refused);
    });
}

#[test]
fn commission_items_fails_when_a_serial_was_given_out() {
    build_and_execute(|| {
        let refused = refusal(Error::SerialAlreadyCommissioned);
        assert_ok!(commission_lot(MAKER, listed_draft(MEDICINE, "LOT1", 9)));
        let first = last_lot();
        assert_ok!(commission_items(MAKER, first, ["A"].map(text)));
        assert_noop!(commission_items(MAKER, first, ["A"].map(text)), refused);
        assert_noop!(
            commission_items(MAKER, first, ["B", "B"].map(text)),
            refused
        );
        // To another lot of the product or to a case of it: for ever.
        assert_ok!(commission_lot(MAKER, listed_draft(MEDICINE, "LOT2", 9)));
        assert_noop!(
            commission_items(MAKER, last_lot(), ["A"].map(text)),
            refused
        );
        assert_ok!(pack(MAKER, trade_item(MEDICINE, "C"), [unit_of(first, 0)]));
        assert_noop!(commission_items(MAKER, first, ["C"].map(text)), refused);
        // Another product has serials of its own.
        assert_ok!(commission_lot(MAKER, listed_draft(SYRUP, "LOT1", 9)));
        assert_ok!(commission_items(MAKER, last_lot(), ["A", "C"].map(text)));
    });
}

fn unit_of(lot: LotId, first: u32) -> UnitName {
    let count = 1;
    UnitName::Packs { lot, first, count }
}

#[test]
fn commission_items_fails_when_a_serial_is_none() {
    build_and_execute(|| {
        assert_ok!(commission_lot(MAKER, listed_draft(MEDICINE, "LOT1", 9)));
        for wrong in ["", "A B", "Ä", "A#", "123456789012345678901"] {
            let serials = ["GOOD", wrong].map(text);
            let refused = refusal(Error::InvalidSerial);
            assert_noop!(commission_items(MAKER, last_lot(), serials), refused);
        }
    });
}

#[test]
fn commission_items_fails_when_the_lot_is_not_the_organisations() {
    build_and_execute(|| {
        assert_ok!(commission_lot(MAKER, listed_draft(MEDICINE, "LOT1", 9)));
        let lot = last_lot();
        let serials = || ["A"].map(text);
        assert_noop!(
            commission_items(RIVAL, lot, serials()),
            Error::<Test>::NotBrandOwner
        );
        let refused = refusal(Error::LotNotFound);
        assert_noop!(commission_items(MAKER, LotId(77), serials()), refused);
    });
}

#[test]
fn commission_items_adds_to_what_is_in_the_chain_whatever_happened_to_the_first() {
    build_and_execute(|| {
        assert_ok!(commission_lot(MAKER, listed_draft(MEDICINE, "LOT1", 9)));
        let lot = last_lot();
        assert_ok!(commission_items(MAKER, lot, ["A", "B"].map(text)));
        deliver(MAKER, WHOLESALER, [unit_of(lot, 0)]);
        assert_ok!(commission_items(MAKER, lot, ["C"].map(text)));
        try_state();
        deliver(MAKER, WHOLESALER, [unit_of(lot, 2)]);
    });
}
