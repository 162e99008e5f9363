//! Several disclosures together: all or none, within what one call may read.

use crate::{mock::*, types::*, weights::WeightInfo, Error, Event, MAX_BATCH, MAX_CONSENTS_READ};
use axonic_primitives::{consent::Denial, testing::Doubles};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResultWithPostInfo};

fn disclose_many(items: Vec<DisclosureItem>) -> DispatchResultWithPostInfo {
    Audit::disclose_many(signed(CLERK), items)
}

#[test]
fn disclose_many_logs_each_in_its_place() {
    build_and_execute(|| {
        disclosed(PATIENT);
        let items = vec![
            item(PATIENT, PAYER),
            item(OTHER_PATIENT, PAYER),
            item(PATIENT, PAYER),
        ];
        assert_ok!(disclose_many(items));
        let places = |patient| {
            let entries = accounting(patient).into_iter().map(|info| info.entry);
            let places = entries.map(|entry| (entry.sequence, entry.custodian_sequence));
            places.collect::<Vec<_>>()
        };
        assert_eq!(places(PATIENT), [(0, 0), (1, 1), (2, 3)]);
        assert_eq!(places(OTHER_PATIENT), [(0, 2)]);
        let disclosed = System::read_events_for_pallet::<Event<Test>>()
            .into_iter()
            .filter(|event| matches!(event, Event::Disclosed { .. }));
        assert_eq!(disclosed.count(), 4);
    });
}

#[test]
fn disclose_many_logs_none_when_one_is_refused() {
    build_and_execute(|| {
        Doubles::deny(OTHER_PATIENT, PAYER, Denial::NoConsent);
        let items = vec![item(PATIENT, PAYER), item(OTHER_PATIENT, PAYER)];
        GateReads::set(3);
        let weight = <()>::disclose_many(2, 6);
        assert_eq!(cost(disclose_many(items.clone())), Some(weight));
        assert_noop!(outcome(disclose_many(items)), Error::<Test>::NoConsent);
        Doubles::permit(OTHER_PATIENT, PAYER, BASIS, true);
        let mut items = vec![item(PATIENT, PAYER), item(OTHER_PATIENT, PAYER)];
        assert_noop!(
            outcome(disclose_many(items.clone())),
            Error::<Test>::ObligationUnmet
        );
        items[1].obligations_met = true;
        assert_ok!(disclose_many(items));
    });
}

#[test]
fn disclose_many_is_refused_when_there_are_none_or_too_many() {
    build_and_execute(|| {
        assert_noop!(disclose_many(vec![]), Error::<Test>::EmptyBatch);
        let full = vec![item(PATIENT, PAYER); MAX_BATCH as usize];
        let too_many = vec![item(PATIENT, PAYER); MAX_BATCH as usize + 1];
        assert_noop!(disclose_many(too_many), Error::<Test>::TooMany);
        assert_ok!(disclose_many(full));
        assert_eq!(Audit::log(&PATIENT).next, u64::from(MAX_BATCH));
    });
}

#[test]
fn disclose_many_is_refused_when_the_gate_reads_too_much() {
    build_and_execute(|| {
        GateReads::set(MAX_CONSENTS_READ / 2);
        let two = vec![item(PATIENT, PAYER); 2];
        let post = disclose_many(two).unwrap();
        let weight = <()>::disclose_many(2, MAX_CONSENTS_READ);
        assert_eq!(post.actual_weight, Some(weight));
        let three = vec![item(PATIENT, PAYER); 3];
        let weight = <()>::disclose_many(3, MAX_CONSENTS_READ);
        assert_eq!(cost(disclose_many(three.clone())), Some(weight));
        assert_noop!(
            outcome(disclose_many(three)),
            Error::<Test>::TooManyConsents
        );
    });
}

#[test]
fn disclose_many_gives_back_what_the_gate_did_not_read() {
    build_and_execute(|| {
        let post = disclose_many(vec![item(PATIENT, PAYER); 5]).unwrap();
        assert_eq!(post.actual_weight, Some(<()>::disclose_many(5, 5)));
    });
}

#[test]
fn disclose_many_is_refused_when_the_signer_is_no_custodian() {
    build_and_execute(|| {
        let items = vec![item(PATIENT, PAYER)];
        assert!(Audit::disclose_many(signed(DOCTOR), items).is_err());
    });
}
