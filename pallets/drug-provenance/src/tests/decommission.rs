//! Off the market: decommissioned, stolen, packed again.

use crate::{mock::*, types::*, Containers, Derivatives, Error, Event, Lots, SerialNumbers};
use axonic_gs1::{Gtin, Serial};
use frame_support::{assert_noop, assert_ok};

const EVERY_REASON: [(DecommissionReason, Disposition); 7] = [
    (DecommissionReason::Exported, Disposition::Exported),
    (DecommissionReason::Sampled, Disposition::Sampled),
    (DecommissionReason::Destroyed, Disposition::Destroyed),
    (DecommissionReason::ForDestruction, Disposition::Destroyed),
    (DecommissionReason::Damaged, Disposition::Decommissioned),
    (DecommissionReason::Unreadable, Disposition::Decommissioned),
    (DecommissionReason::Other, Disposition::Decommissioned),
];

#[test]
fn decommission_takes_packs_off_the_market() {
    build_and_execute(|| {
        let lot = commission("LOT1", 70);
        for (first, (reason, expected)) in (0..).step_by(10).zip(EVERY_REASON) {
            let packs = lot.packs(first..first + 10);
            assert_ok!(decommission(MAKER, [packs.clone()], reason));
            let event = Event::Decommissioned {
                units: vec![unit(packs)],
                reason,
                event: last_recorded(),
            };
            assert_eq!(last_event(), event);
            assert_eq!(lot.disposition(first), expected);
        }
        assert_eq!(lot.details().fates, [0, 10, 10, 20, 0, 30, 0]);
    });
}

#[test]
fn decommission_takes_packs_out_of_their_containers() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        assert_ok!(pack(MAKER, case(1), [lot.packs(0..4)]));
        assert_ok!(pack(MAKER, pallet(1), [case(1)]));
        let damaged = DecommissionReason::Damaged;
        assert_ok!(decommission(MAKER, [lot.packs(1..3)], damaged));
        assert_eq!(container(&case(1)).children, 2);
        assert_eq!(container(&pallet(1)).lots[0].packs, 2);
        assert_ok!(seal(MAKER, pallet(1)));
        let refused = refusal(Error::ContainerSealed);
        assert_noop!(decommission(MAKER, [lot.pack(0)], damaged), refused);
    });
}

#[test]
fn decommission_removes_an_empty_container_for_good() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        assert_ok!(pack(MAKER, case(1), [lot.packs(0..4)]));
        assert_ok!(pack(
            MAKER,
            trade_item(MEDICINE, "CASE1"),
            [lot.packs(4..6)]
        ));
        let other = DecommissionReason::Other;
        let refused = refusal(Error::ContainerNotEmpty);
        assert_noop!(decommission(MAKER, [case(1)], other), refused);
        assert_ok!(unpack(MAKER, case(1), [lot.packs(0..4)]));
        assert_ok!(unpack(
            MAKER,
            trade_item(MEDICINE, "CASE1"),
            [lot.packs(4..6)]
        ));
        assert_ok!(decommission(
            MAKER,
            [case(1), trade_item(MEDICINE, "CASE1")],
            other
        ));
        assert_eq!(Containers::<Test>::iter().count(), 0);
        assert_noop!(seal(MAKER, case(1)), Error::<Test>::ContainerNotFound);
        assert_eq!(lot.details().fates, [0; 7]);
        // A serial is given out once for ever.
        let gtin = Gtin::new(MEDICINE).unwrap();
        let serial = Serial::new(b"CASE1").unwrap();
        let given = SerialNumbers::<Test>::get(gtin, serial);
        assert_eq!(given, Some(Commissioned::Container));
    });
}

#[test]
fn decommission_fails_when_nothing_is_named() {
    build_and_execute(|| {
        let refused = refusal(Error::NothingNamed);
        let other = DecommissionReason::Other;
        assert_noop!(decommission(MAKER, NOTHING, other), refused);
        assert_noop!(report_stolen(MAKER, NOTHING), refused);
        let output = listed_draft(MEDICINE, "LOT1", 1);
        assert_noop!(transform(MAKER, NOTHING, output), refused);
    });
}

#[test]
fn decommission_fails_when_it_is_gone() {
    build_and_execute(|| {
        let lot = commission("LOT1", 70);
        for (first, (reason, _)) in (0..).step_by(10).zip(EVERY_REASON) {
            assert_ok!(decommission(MAKER, [lot.packs(first..first + 10)], reason));
        }
        let refusals = [
            Error::<Test>::AlreadyExported,
            Error::<Test>::AlreadySampled,
            Error::<Test>::AlreadyDestroyed,
            Error::<Test>::AlreadyDestroyed,
            Error::<Test>::AlreadyDecommissioned,
            Error::<Test>::AlreadyDecommissioned,
            Error::<Test>::AlreadyDecommissioned,
        ];
        for (first, refused) in (0..).step_by(10).zip(refusals) {
            let other = DecommissionReason::Other;
            assert_noop!(decommission(MAKER, [lot.pack(first)], other), refused);
        }
    });
}

#[test]
fn decommission_and_theft_refuse_what_is_named_twice() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        let twice = || [lot.packs(0..4), lot.packs(3..6)];
        let other = DecommissionReason::Other;
        let refused = refusal(Error::AlreadyDecommissioned);
        assert_noop!(decommission(MAKER, twice(), other), refused);
        let refused = refusal(Error::ReportedStolen);
        assert_noop!(report_stolen(MAKER, twice()), refused);
        assert_ok!(pack(MAKER, case(1), [lot.packs(0..4)]));
        let nested = [case(1).into(), lot.pack(2)];
        assert_noop!(report_stolen(MAKER, nested), refused);
        assert_eq!(lot.details().fates, [0; 7]);
    });
}

#[test]
fn decommission_fails_when_somebody_else_has_it_or_it_is_on_its_way() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        let other = DecommissionReason::Other;
        let refused = refusal(Error::NotCustodian);
        assert_noop!(decommission(WHOLESALER, [lot.pack(0)], other), refused);
        assert_noop!(report_stolen(WHOLESALER, [lot.pack(0)]), refused);
        assert_ok!(ship(MAKER, WHOLESALER, [lot.packs(0..4)]));
        let refused = refusal(Error::InTransit);
        assert_noop!(decommission(MAKER, [lot.pack(0)], other), refused);
        assert_noop!(report_stolen(MAKER, [lot.pack(0)]), refused);
    });
}

#[test]
fn decommission_to_another_country_needs_a_licence_for_it() {
    build_and_execute(|| {
        let exported = DecommissionReason::Exported;
        let lot = commission("LOT1", 30);
        assert_ok!(decommission(MAKER, [lot.packs(0..5)], exported));
        deliver(MAKER, WHOLESALER, [lot.packs(5..10)]);
        assert_ok!(decommission(WHOLESALER, [lot.packs(5..10)], exported));
        deliver(MAKER, EXPORTER, [lot.packs(10..15)]);
        assert_ok!(decommission(EXPORTER, [lot.packs(10..15)], exported));
        deliver(MAKER, PHARMACY, [lot.packs(15..20)]);
        let refused = refusal(Error::PartnerNotAuthorized);
        assert_noop!(
            decommission(PHARMACY, [lot.packs(15..20)], exported),
            refused
        );
        assert_ok!(decommission(
            PHARMACY,
            [lot.pack(15)],
            DecommissionReason::Other
        ));
        assert_eq!(lot.gone(Fate::Exported), 15);
    });
}

#[test]
fn report_stolen_takes_packs_out_of_sealed_containers() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        assert_ok!(pack(MAKER, case(1), [lot.packs(0..4)]));
        assert_ok!(seal(MAKER, case(1)));
        assert_ok!(report_stolen(MAKER, [lot.packs(0..2)]));
        let event = Event::StolenReported {
            units: vec![unit(lot.packs(0..2))],
            event: last_recorded(),
        };
        assert_eq!(last_event(), event);
        assert_eq!(container(&case(1)).children, 2);
        assert_eq!(lot.gone(Fate::Stolen), 2);
        assert_eq!(lot.scan(0), Verdict::Stolen);
        assert_eq!(
            scan(&lot.claim(0), None),
            Verdict::Unproven,
            "its serial is not on chain"
        );
        let refused = refusal(Error::ReportedStolen);
        assert_noop!(report_stolen(MAKER, [lot.pack(0)]), refused);
        assert_noop!(ship(MAKER, WHOLESALER, [lot.pack(0)]), refused);
    });
}

#[test]
fn report_stolen_takes_a_container_with_all_that_is_in_it() {
    build_and_execute(|| {
        let (a, b) = (commission("LOT1", 10), commission("LOT2", 10));
        assert_ok!(pack(MAKER, case(1), [a.packs(0..4), b.packs(0..3)]));
        assert_ok!(pack(MAKER, case(2), [a.packs(4..6)]));
        assert_ok!(pack(MAKER, pallet(1), [case(1), case(2)]));
        assert_ok!(report_stolen(MAKER, [case(1)]));
        assert_eq!((a.gone(Fate::Stolen), b.gone(Fate::Stolen)), (4, 3));
        assert_eq!(a.disposition(0), Disposition::Stolen);
        assert_eq!(a.disposition(4), Disposition::Packed);
        let left = container(&pallet(1));
        assert_eq!((left.children, left.lots.len()), (1, 1));
        let refused = refusal(Error::ReportedStolen);
        assert_noop!(pack(MAKER, case(3), [a.pack(0)]), refused);
        assert_noop!(ship(MAKER, WHOLESALER, [case(1)]), refused);
        assert_noop!(unpack(MAKER, case(1), [a.pack(0)]), refused);
        assert_noop!(pack(MAKER, case(1), [a.pack(8)]), refused);
    });
}

#[test]
fn transform_makes_a_lot_of_the_organisations_own_product() {
    build_and_execute(|| {
        let (a, b) = (commission("LOT1", 10), commission("LOT2", 10));
        deliver(MAKER, REPACKAGER, [a.packs(0..10), b.packs(0..10)]);
        let (output, tree) = rooted_draft(REPACKED, "NEW1", 40);
        let inputs = [a.packs(0..5), b.packs(2..4)];
        assert_ok!(transform(REPACKAGER, inputs.clone(), output));
        let made = last_lot();
        let event = Event::Transformed {
            inputs: inputs.into_iter().map(unit).collect(),
            lot: made,
            event: last_recorded(),
        };
        assert_eq!(last_event(), event);
        let details = Lots::<Test>::get(made).unwrap();
        assert_eq!(details.sources.to_vec(), [a.id, b.id]);
        assert_eq!(details.serials, Serials::Root(tree.root()));
        assert!(Derivatives::<Test>::contains_key(a.id, made));
        assert!(Derivatives::<Test>::contains_key(b.id, made));
        assert_eq!(
            (a.gone(Fate::Transformed), b.gone(Fate::Transformed)),
            (5, 2)
        );
        assert_eq!(a.disposition(0), Disposition::Transformed);
        let all = UnitName::Packs {
            lot: made,
            first: 0,
            count: 40,
        };
        deliver(REPACKAGER, PHARMACY, [all]);
    });
}

#[test]
fn transform_fails_when_the_output_is_not_the_organisations() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        deliver(MAKER, REPACKAGER, [lot.packs(0..10)]);
        let attempt = |output| transform(REPACKAGER, [lot.packs(0..10)], output);
        let output = listed_draft(MEDICINE, "NEW1", 10);
        assert_noop!(attempt(output), Error::<Test>::NotBrandOwner);
        let output = listed_draft(REPACKED, "NEW1", 0);
        assert_noop!(attempt(output), Error::<Test>::InvalidUnits);
        let output = listed_draft(REPACKED, "NEW1", 10);
        assert_ok!(attempt(output.clone()));
        assert_noop!(attempt(output), Error::<Test>::LotAlreadyExists);
    });
}

#[test]
fn transform_fails_when_it_would_last_longer_than_what_it_is_made_of() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        deliver(MAKER, REPACKAGER, [lot.packs(0..10)]);
        let expiring = |expiry| LotDraft {
            expiry,
            ..listed_draft(REPACKED, "NEW1", 10)
        };
        let attempt = |output| transform(REPACKAGER, [lot.packs(0..5)], output);
        let refused = refusal(Error::ExpiryBeyondSources);
        assert_noop!(attempt(expiring(day(2029, 1, 1))), refused);
        assert_ok!(attempt(expiring(EXPIRY)));
    });
}

#[test]
fn transform_fails_when_there_are_too_many_lots() {
    build_and_execute(|| {
        let lots: Vec<_> = (0..=MAX_LOTS)
            .map(|n| commission(&format!("LOT{n}"), 2))
            .collect();
        let inputs = |count: usize| lots.iter().take(count).map(|lot| lot.pack(0));
        let output = || listed_draft(SYRUP, "NEW1", 10);
        let refused = refusal(Error::TooManySources);
        assert_noop!(transform(MAKER, inputs(17), output()), refused);
        assert_ok!(transform(MAKER, inputs(16), output()));
    });
}

#[test]
fn transform_fails_when_the_packs_are_not_loose_or_not_here() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        assert_ok!(pack(MAKER, case(1), [lot.packs(0..4)]));
        let attempt =
            |who, packs: UnitName| transform(who, [packs], listed_draft(SYRUP, "NEW1", 1));
        let refused = refusal(Error::AlreadyAggregated);
        assert_noop!(attempt(MAKER, lot.pack(0)), refused);
        let elsewhere = transform(REPACKAGER, [lot.pack(5)], listed_draft(REPACKED, "N", 1));
        assert_noop!(elsewhere, Error::<Test>::NotCustodian);
        assert_ok!(ship(MAKER, REPACKAGER, [lot.packs(6..8)]));
        assert_noop!(attempt(MAKER, lot.pack(6)), Error::<Test>::InTransit);
        // A container is no input, however few packs are in it.
        assert_noop!(attempt(MAKER, case(1).into()), Error::<Test>::NotPacks);
    });
}

#[test]
fn transform_fails_when_packs_of_another_owner_are_to_be_listed() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        let unsold = |to| ShipmentDraft {
            transaction: None,
            ..consignment(&to, [lot.packs(0..10)])
        };
        assert_ok!(send(MAKER, unsold(CARRIER)));
        assert_ok!(receive(CARRIER, last_shipment()));
        assert_ok!(send(CARRIER, unsold(REPACKAGER)));
        assert_ok!(receive(REPACKAGER, last_shipment()));
        let attempt = |output| transform(REPACKAGER, [lot.packs(0..10)], output);
        let listed = listed_draft(REPACKED, "NEW1", 10);
        assert_noop!(attempt(listed), Error::<Test>::NotOwner);
        let (rooted, tree) = rooted_draft(REPACKED, "NEW1", 10);
        assert_ok!(attempt(rooted.clone()));
        let made = Made::of(last_lot(), &rooted, Some(tree));
        let holding = made.trace(0).holding;
        assert_eq!(holding.custodian, org_of(&REPACKAGER));
        assert_eq!(holding.owner, org_of(&MAKER), "it works for the maker");
    });
}

#[test]
fn transform_fails_when_owners_differ() {
    build_and_execute(|| {
        let (mine, theirs) = (commission("LOT1", 10), commission("LOT2", 10));
        deliver(MAKER, REPACKAGER, [mine.packs(0..10)]);
        let unsold = |to| ShipmentDraft {
            transaction: None,
            ..consignment(&to, [theirs.packs(0..10)])
        };
        assert_ok!(send(MAKER, unsold(CARRIER)));
        assert_ok!(receive(CARRIER, last_shipment()));
        assert_ok!(send(CARRIER, unsold(REPACKAGER)));
        assert_ok!(receive(REPACKAGER, last_shipment()));
        let both = [mine.pack(0), theirs.pack(0)];
        let (output, _) = rooted_draft(REPACKED, "NEW1", 1);
        let attempt = transform(REPACKAGER, both, output);
        assert_noop!(attempt, Error::<Test>::MixedHoldings);
    });
}

#[test]
fn transform_fails_when_the_lot_must_not_move() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        let attempt = || transform(MAKER, [lot.pack(0)], listed_draft(SYRUP, "NEW1", 1));
        assert_ok!(suspect(MAKER, lot.pack(0)));
        let investigation = last_investigation();
        assert_noop!(attempt(), Error::<Test>::ItemSuspect);
        assert_ok!(close(MAKER, investigation, Outcome::Cleared));
        assert_ok!(recall(MAKER, &lot, RecallKind::ClassI));
        assert_noop!(attempt(), Error::<Test>::LotRecalled);
        assert_ok!(lift(MAKER, &lot));
        assert_ok!(attempt());
        let output = listed_draft(SYRUP, "NEW2", 1);
        let again = transform(MAKER, [lot.pack(0)], output);
        assert_noop!(again, Error::<Test>::AlreadyTransformed);
    });
}
