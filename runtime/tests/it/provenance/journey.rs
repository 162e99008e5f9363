//! What becomes of a lot, and what readers are told of it.

use super::*;
use crate::chain::on_development;
use axonic_primitives::Refusal;
use axonic_runtime::System;
use codec::Encode;
use pallet_drug_provenance::types::{DecommissionReason, Fate, Resolution, ShipmentStatus};

#[test]
fn a_lot_goes_from_the_line_to_the_counter_and_is_recalled() {
    on_development(|| {
        let printed = commissioned();
        assert_eq!(printed.stock(MAKER), (PACKS, 0));

        // Four cases, one pallet, and on the lorry.
        for case in 0..4 {
            let packs = vec![printed.packs(case * PACKS_A_CASE, PACKS_A_CASE)];
            assert_ok!(send(MAKER.staff, aggregate(MAKER, case.into(), packs)));
        }
        let cases = (0..4).map(whole).collect();
        assert_ok!(send(MAKER.staff, aggregate(MAKER, PALLET, cases)));
        assert_ok!(send(
            MAKER.staff,
            ship(MAKER, WHOLESALER, vec![whole(PALLET)])
        ));
        assert_eq!(printed.stock(MAKER), (0, PACKS));
        // What is on its way is nobody else's to send on, and only the consignee takes it in.
        assert_eq!(
            send(MAKER.staff, ship(MAKER, PHARMACY, vec![whole(PALLET)])),
            refused(Error::InTransit)
        );
        let first = latest_shipment();
        assert_eq!(
            send(PHARMACY.staff, receive(PHARMACY, first, Vec::new())),
            refused(Error::NotConsignee)
        );

        // Two packs are not there. The maker finds them on its line.
        let missing = || vec![printed.packs(398, 2)];
        assert_ok!(send(
            WHOLESALER.staff,
            receive(WHOLESALER, first, missing())
        ));
        let received = Shipments::<Runtime>::get(first).expect("it was shipped");
        assert_eq!(received.status, ShipmentStatus::Received);
        assert_eq!(received.unresolved, 1);
        assert_eq!(printed.stock(WHOLESALER), (PACKS - 2, 0));
        assert_eq!(
            send(MAKER.staff, ship(MAKER, WHOLESALER, missing())),
            refused(Error::DiscrepancyUnresolved)
        );
        let resolve = |trader| Call::resolve_discrepancy {
            shipment: first,
            number: 0,
            resolution: Resolution::NotShipped,
            occurrence: at(trader),
        };
        assert_eq!(
            send(WHOLESALER.staff, resolve(WHOLESALER)),
            refused(Error::NotResolver)
        );
        assert_ok!(send(MAKER.staff, resolve(MAKER)));
        assert_eq!(printed.stock(MAKER), (2, 0));

        // A case goes on to the pharmacy.
        let take_off = Call::disaggregate {
            container: container(PALLET),
            children: vec![whole(0)].try_into().expect("one child"),
            occurrence: at(WHOLESALER),
        };
        assert_ok!(send(WHOLESALER.staff, take_off));
        let on = || ship(WHOLESALER, PHARMACY, vec![whole(0)]);
        assert_ok!(send(WHOLESALER.staff, on()));
        assert_ok!(send(
            PHARMACY.staff,
            receive(PHARMACY, latest_shipment(), Vec::new())
        ));
        assert_eq!(printed.stock(PHARMACY), (PACKS_A_CASE, 0));

        // At the counter: the pack is genuine, the pharmacist licensed, and it is sold once.
        assert_eq!(printed.verdict(7, None), Verdict::Unproven);
        assert_eq!(printed.verdict(7, printed.proof(7)), Verdict::Authentic);
        assert_eq!(printed.verdict(7, printed.proof(8)), Verdict::NotProven);
        assert_eq!(
            send(PHARMACY.staff, printed.dispense(7)),
            refused(Error::PharmacistNotLicensed)
        );
        license_the_pharmacist();
        assert_ok!(send(PHARMACY.staff, printed.dispense(7)));
        assert_eq!(
            send(PHARMACY.staff, printed.dispense(7)),
            refused(Error::AlreadyDispensed)
        );
        assert_eq!(printed.verdict(7, None), Verdict::Dispensed);
        // Whoever copies the code of a pack that is still with the wholesaler gets nowhere.
        assert_eq!(
            send(PHARMACY.staff, printed.dispense(200)),
            refused(Error::NotCustodian)
        );
        let alert = |pack| Call::raise_alert {
            pack: printed.claim(pack),
            proof: printed.proof(pack),
            occurrence: at(PHARMACY),
        };
        assert_ok!(send(PHARMACY.staff, alert(7)));
        assert_eq!(
            send(PHARMACY.staff, alert(8)),
            refused(Error::NothingToAlert)
        );
        let alerts = <Runtime as ProvenanceApi<Block>>::alerts(None, 2);
        assert_eq!(alerts.len(), 1);
        assert_eq!(alerts[0].1.verdict, Verdict::Dispensed);

        // The recall stops what is left in the very block, wherever it is.
        let block = System::block_number();
        assert_ok!(send(MAKER.staff, recall(printed.lot())));
        assert_eq!(
            send(PHARMACY.staff, printed.dispense(8)),
            refused(Error::LotRecalled)
        );
        assert_eq!(
            send(
                WHOLESALER.staff,
                ship(WHOLESALER, PHARMACY, vec![whole(PALLET)])
            ),
            refused(Error::LotRecalled)
        );
        assert_eq!(printed.verdict(8, printed.proof(8)), Verdict::Recalled);
        assert_eq!(System::block_number(), block);

        // It reaches everybody who has some, and it comes back.
        let back = || Call::return_to {
            draft: draft(MAKER, vec![whole(PALLET)]),
            occurrence: at(WHOLESALER),
        };
        assert_ok!(send(WHOLESALER.staff, back()));
        assert_eq!(printed.stock(MAKER), (2, 0));
        assert_eq!(printed.stock(WHOLESALER), (0, 3 * PACKS_A_CASE - 2));
        assert_eq!(printed.stock(PHARMACY), (PACKS_A_CASE - 1, 0));
        let reach = printed.reach();
        assert_eq!(reach.next, None);
        assert_eq!(reach.fates[Fate::Dispensed as usize], 1);
        let held: u32 = reach.holders.iter().map(|holder| holder.packs).sum();
        assert_eq!(held + reach.fates.iter().sum::<u32>(), PACKS);

        // All of which the pack's history tells.
        let pack = printed.claim(7);
        let trace = <Runtime as ProvenanceApi<Block>>::trace(pack.gtin, pack.serial, None, None)
            .expect("it was handled alone");
        assert_eq!((trace.index, trace.holding.custodian), (7, PHARMACY.org));
        assert!(!trace.truncated);
        let orgs: Vec<_> = trace.events.iter().map(|entry| entry.event.org).collect();
        assert_eq!(orgs.first(), Some(&MAKER.org));
        assert!(orgs.contains(&WHOLESALER.org));
        assert_eq!(orgs.last(), Some(&PHARMACY.org));
    });
}

#[test]
fn a_pharmacist_and_a_supply_operator_undo_their_own_mistakes() {
    on_development(|| {
        let printed = at_the_pharmacy();
        let undo = |trader, pack| Call::undo {
            pack: printed.claim(pack),
            proof: printed.proof(pack),
            reached_the_public: false,
            occurrence: at(trader),
        };
        let fates = || printed.reach().fates;

        // The pharmacist dispensed the wrong pack.
        assert_ok!(send(PHARMACY.staff, printed.dispense(7)));
        assert_eq!(fates()[Fate::Dispensed as usize], 1);
        assert_ok!(send(PHARMACY.staff, undo(PHARMACY, 7)));
        assert_eq!(fates(), [0; 7]);
        assert_eq!(printed.verdict(7, None), Verdict::Authentic);
        assert_ok!(send(PHARMACY.staff, printed.dispense(7)));

        // The line took a sample too many.
        let sample = Call::decommission {
            units: vec![printed.packs(200, 2)].try_into().expect("one run"),
            reason: DecommissionReason::Sampled,
            occurrence: at(MAKER),
        };
        assert_ok!(send(MAKER.staff, sample));
        assert_ok!(send(MAKER.staff, undo(MAKER, 201)));
        assert_eq!(fates()[Fate::Sampled as usize], 1);
        assert_eq!(
            send(MAKER.staff, undo(MAKER, 201)),
            refused(Error::NothingToUndo)
        );
        // Nobody undoes what another did.
        assert_eq!(
            send(WHOLESALER.staff, undo(WHOLESALER, 200)),
            refused(Error::UndoWrongPremises)
        );
    });
}

#[test]
fn a_reader_is_told_what_the_call_would_say() {
    on_development(|| {
        let printed = at_the_pharmacy();
        let explain = |role: &str, call: &RuntimeCall| {
            <Runtime as ProvenanceApi<Block>>::explain_move(account_of(role), call.encode())
        };
        let named = |name: &str| Err(Refusal(name.into()));

        let dispense = printed.dispense(7);
        assert_eq!(explain(PHARMACY.staff, &dispense), Ok(()));
        assert_eq!(explain(MAKER.staff, &dispense), named("RoleMissing"));
        // Asking changed nothing.
        assert_eq!(printed.reach().fates, [0; 7]);
        assert_ok!(send(PHARMACY.staff, dispense.clone()));
        assert_eq!(
            explain(PHARMACY.staff, &dispense),
            named("AlreadyDispensed")
        );

        // Other pallets' calls are not explained, and neither is what is no call.
        let not_ours = named("NotAProvenanceCall");
        let remark = frame_system::Call::<Runtime>::remark { remark: Vec::new() };
        assert_eq!(explain(PHARMACY.staff, &remark.into()), not_ours);
        let ask = |call: Vec<u8>| {
            <Runtime as ProvenanceApi<Block>>::explain_move(account_of(PHARMACY.staff), call)
        };
        assert_eq!(ask(Vec::new()), not_ours);
        assert_eq!(ask([dispense.encode(), vec![0]].concat()), not_ours);
    });
}

#[test]
fn a_call_that_is_deeper_than_any_transaction_is_not_read_to_its_end() {
    // A batch in a batch in a batch: pallet, call, one call inside. Reading it takes the stack of a
    // node's thread.
    let read = || {
        let nested = [42, 0, 4].repeat(10_000);
        <Runtime as ProvenanceApi<Block>>::explain_move(account_of(AUDITOR), nested)
    };
    let thread = std::thread::Builder::new().stack_size(64 << 20).spawn(read);
    let told = thread.expect("there is room for a thread").join();
    let not_ours = Err(Refusal("NotAProvenanceCall".into()));
    assert_eq!(told.expect("nothing overflows"), not_ours);
}
