//! Two stories, as the README tells them.

use crate::{mock::*, types::*, Error, Event};
use frame_support::{assert_noop, assert_ok};

/// From the maker's line to the patient's hand, and what happens when something is wrong.
#[test]
fn a_million_packs_find_their_way() {
    build_and_execute(|| {
        // One call commissions a million packs. Their serials stay with the maker.
        let lot = commission("BATCH-1", 1_000_000);
        assert_eq!(lot.details().commissioned, 1_000_000);

        // Fifty packs a case, twenty cases a pallet, sealed.
        for number in 0..20 {
            let first = 50 * number as u32;
            assert_ok!(pack(MAKER, case(number), [lot.packs(first..first + 50)]));
        }
        assert_ok!(pack(MAKER, pallet(1), (0..20).map(case)));
        assert_ok!(seal(MAKER, pallet(1)));

        // A carrier brings it to the wholesaler. It never owns it.
        let handed_over = ShipmentDraft {
            transaction: None,
            ..consignment(&CARRIER, [pallet(1)])
        };
        assert_ok!(send(MAKER, handed_over));
        assert_ok!(receive(CARRIER, last_shipment()));
        assert_eq!(lot.trace(0).holding.owner, org_of(&MAKER));
        pass(DAY);
        let delivery = shipped(CARRIER, WHOLESALER, [pallet(1)]);

        // Two packs are missing. One turns up, the other is lost.
        let missing = [lot.pack(17), lot.pack(433)];
        assert_ok!(receive_but(WHOLESALER, delivery, missing, []));
        assert_eq!(lot.custodian(16), org_of(&WHOLESALER));
        assert_eq!(lot.custodian(17), org_of(&CARRIER));
        assert_eq!(shipment(delivery).unresolved, 2);
        assert_ok!(resolve(WHOLESALER, delivery, 0, Resolution::Found));
        assert_ok!(resolve(CARRIER, delivery, 1, Resolution::Lost));
        assert_eq!(shipment(delivery).unresolved, 0);
        assert_eq!(lot.gone(Fate::Stolen), 1);

        // A case goes on to the pharmacy, which dispenses a pack of it.
        assert_ok!(unseal(WHOLESALER, pallet(1)));
        assert_ok!(unpack(WHOLESALER, pallet(1), [case(2)]));
        deliver(WHOLESALER, PHARMACY, [case(2)]);
        assert_eq!(lot.scan(120), Verdict::Authentic);
        assert_ok!(dispense(PHARMACIST, &lot, 120));
        let refused = refusal(Error::AlreadyDispensed);
        assert_noop!(dispense(PHARMACIST, &lot, 120), refused);

        // Elsewhere somebody offers the same serial again: a counterfeit.
        pass(DAY);
        assert_eq!(lot.scan(120), Verdict::Dispensed);
        assert_noop!(dispense(DRUGGIST, &lot, 120), refused);
        assert_ok!(alert(DRUGGIST, lot.claim(120), lot.proof(120)));
        let Event::AlertRaised { verdict, .. } = last_event() else {
            panic!("no alert")
        };
        assert_eq!(verdict, Verdict::Dispensed);

        // The maker recalls the lot with one write, and learns who has it.
        assert_ok!(recall(MAKER, &lot, RecallKind::ClassI));
        let stopped = refusal(Error::LotRecalled);
        assert_noop!(dispense(PHARMACIST, &lot, 121), stopped);
        assert_noop!(ship(WHOLESALER, DEPOT, [pallet(1)]), stopped);
        let reach = Provenance::reach_of(MEDICINE, &lot.number, None).unwrap();
        let of = |who| -> u32 {
            let holders = reach
                .holders
                .iter()
                .filter(|holder| holder.org == org_of(&who));
            holders.map(|holder| holder.packs).sum()
        };
        assert_eq!((of(MAKER), of(CARRIER)), (999_000, 0));
        assert_eq!((of(WHOLESALER), of(PHARMACY)), (1_000 - 50 - 1, 49));
        assert_eq!(reach.fates.iter().sum::<u32>(), 2);

        // Everything goes back to where it came from.
        assert_ok!(give_back(PHARMACY, WHOLESALER, [case(2)]));
        assert_ok!(receive(WHOLESALER, last_shipment()));
        assert_ok!(give_back(
            WHOLESALER,
            MAKER,
            [pallet(1).into(), case(2).into(), lot.pack(17)]
        ));
        assert_ok!(receive(MAKER, last_shipment()));
        assert_eq!(lot.custodian(121), org_of(&MAKER));
        let destroyed = DecommissionReason::Destroyed;
        assert_ok!(decommission(MAKER, [lot.packs(121..150)], destroyed));
        let history = lot.trace(121).events;
        assert_eq!(
            history.first().unwrap().event.kind,
            EventKind::Commissioning
        );
        assert_eq!(
            history.last().unwrap().event.kind,
            EventKind::Decommissioning
        );
    });
}

/// Mistakes, doubts and second lives.
#[test]
fn a_pharmacy_makes_mistakes_and_mends_them() {
    build_and_execute(|| {
        let lot = commission("BATCH-2", 200);
        deliver(MAKER, WHOLESALER, [lot.packs(0..200)]);
        deliver(WHOLESALER, PHARMACY, [lot.packs(0..100)]);

        // The wrong pack was scanned at the counter. Nobody took it home.
        assert_ok!(dispense(PHARMACIST, &lot, 10));
        let mistake = last_recorded();
        pass(9 * DAY);
        assert_ok!(undo(PHARMACIST, &lot, 10));
        assert_ok!(correct(PHARMACIST, mistake, ErrorReason::DidNotOccur, None));
        assert_eq!(lot.scan(10), Verdict::Authentic);

        // Half a pack goes out today and the rest tomorrow.
        assert_ok!(dispense_part(PHARMACIST, &lot, 11));
        pass(DAY);
        assert_ok!(dispense(PHARMACIST, &lot, 11));
        assert_noop!(undo(PHARMACIST, &lot, 11), Error::<Test>::UndoForbidden);

        // Some packs look odd. The pharmacy holds them and asks the maker.
        assert_ok!(suspect(PHARMACY, lot.packs(20..25)));
        let investigation = last_investigation();
        let question = asked(PHARMACY, lot.claim(22));
        assert_noop!(dispense(PHARMACIST, &lot, 22), Error::<Test>::ItemSuspect);
        pass(DAY + 1);
        let overdue = Provenance::overdue_of(org_of(&MAKER), None, 10);
        assert_eq!(overdue.len(), 1);
        assert_ok!(answer(MAKER, question, VerificationAnswer::Suspect));
        assert_ok!(close(INSPECTOR, investigation, Outcome::Illegitimate));
        assert_ok!(decommission(
            PHARMACY,
            [lot.packs(20..24)],
            DecommissionReason::ForDestruction
        ));
        assert_ok!(decommission(
            PHARMACY,
            [lot.pack(24)],
            DecommissionReason::Destroyed
        ));

        // The wholesaler exports some and a repackager makes others new.
        assert_ok!(decommission(
            WHOLESALER,
            [lot.packs(100..110)],
            DecommissionReason::Exported
        ));
        deliver(WHOLESALER, REPACKAGER, [lot.packs(110..150)]);
        let (output, tree) = rooted_draft(REPACKED, "NEW-1", 400);
        assert_ok!(transform(REPACKAGER, [lot.packs(110..150)], output.clone()));
        let made = Made::of(last_lot(), &output, Some(tree));
        deliver(REPACKAGER, DRUGGIST, [made.packs(0..400)]);
        assert_ok!(dispense(DRUGGIST, &made, 399));

        // Thieves take what is left at the wholesaler's.
        assert_ok!(report_stolen(WHOLESALER, [lot.packs(150..200)]));

        // Every pack of the lot is accounted for.
        let reach = Provenance::reach_of(MEDICINE, &lot.number, None).unwrap();
        assert_eq!(reach.fates, [1, 10, 0, 5, 50, 0, 40]);
        let in_chain: u32 = reach.holders.iter().map(|holder| holder.packs).sum();
        assert_eq!(in_chain, 94);
        assert_eq!(reach.transformed_into, [made.id]);
    });
}
