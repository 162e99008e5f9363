//! What partners say happened, where and when; and that it was wrong.

use crate::{mock::*, types::*, Error, Event, EventHashes, Events};
use axonic_primitives::testing::NOT_STAFF;
use frame_support::{assert_noop, assert_ok};
use sp_core::H256;

fn sealing(sealed: bool, occurrence: Occurrence) -> crate::Call<Test> {
    crate::Call::seal {
        container: case(1),
        sealed,
        occurrence,
    }
}

/// A case at the maker's.
fn with_a_case() -> Made {
    let lot = commission("LOT1", 10);
    assert_ok!(pack(MAKER, case(1), [lot.packs(0..4)]));
    lot
}

#[test]
fn an_event_is_recorded_as_the_partner_says_and_by_the_chains_clock() {
    build_and_execute(|| {
        with_a_case();
        pass(DAY);
        let occurrence = Occurrence {
            time: START + HOUR,
            ..at(ANNEX)
        };
        assert_ok!(act(MAKER, sealing(true, occurrence.clone())));
        let id = last_recorded();
        let expected = RecordedEvent {
            hash: occurrence.hash,
            kind: EventKind::Sealing,
            org: org_of(&MAKER),
            site: ANNEX,
            time: START + HOUR,
            recorded_at: START + DAY,
            shipment: None,
            correction: None,
        };
        assert_eq!(Events::<Test>::get(id), Some(expected));
        assert_eq!(
            EventHashes::<Test>::get(org_of(&MAKER), occurrence.hash),
            Some(id)
        );
    });
}

#[test]
fn an_event_is_refused_when_it_has_not_happened_yet() {
    build_and_execute(|| {
        with_a_case();
        let time = START + 1;
        let early = Occurrence {
            time,
            ..here(&MAKER)
        };
        let refused = refusal(Error::EventTimeInFuture);
        assert_noop!(act(MAKER, sealing(true, early.clone())), refused);
        pass(1);
        assert_ok!(act(MAKER, sealing(true, early)));
    });
}

#[test]
fn an_event_is_refused_when_its_hash_is_missing() {
    build_and_execute(|| {
        with_a_case();
        let hash = H256::zero();
        let nameless = Occurrence {
            hash,
            ..here(&MAKER)
        };
        let refused = refusal(Error::EventHashMissing);
        assert_noop!(act(MAKER, sealing(true, nameless)), refused);
    });
}

#[test]
fn an_event_is_refused_when_the_premises_are_not_the_organisations() {
    build_and_execute(|| {
        with_a_case();
        let refused = refusal(Error::SiteNotFound);
        assert_noop!(act(MAKER, sealing(true, at(NOWHERE))), refused);
        assert_noop!(act(MAKER, sealing(true, here(&WHOLESALER))), refused);
    });
}

#[test]
fn an_event_is_refused_when_staff_is_tied_to_other_premises() {
    build_and_execute(|| {
        with_a_case();
        let refused = refusal(Error::WrongPremises);
        assert_noop!(act(PORTER, sealing(true, at(ANNEX))), refused);
        assert_ok!(act(PORTER, sealing(true, here(&PORTER))));
        assert_ok!(act(MAKER, sealing(false, at(ANNEX))));
    });
}

#[test]
fn an_event_may_take_several_calls() {
    build_and_execute(|| {
        let lot = commission("LOT1", 10);
        let occurrence = here(&MAKER);
        let packing = |container, packs| crate::Call::aggregate {
            container,
            children: bounded([packs]),
            occurrence: occurrence.clone(),
        };
        assert_ok!(act(MAKER, packing(case(1), lot.packs(0..4))));
        let first = last_recorded();
        assert_ok!(act(MAKER, packing(case(2), lot.packs(4..8))));
        assert_eq!(last_recorded(), first, "it is the same event");
        let Event::Aggregated { event, .. } = last_event() else {
            panic!("not aggregated")
        };
        assert_eq!(event, first);
    });
}

#[test]
fn an_event_is_refused_when_its_hash_is_that_of_another() {
    build_and_execute(|| {
        let lot = with_a_case();
        let occurrence = here(&MAKER);
        assert_ok!(act(MAKER, sealing(true, occurrence.clone())));
        let refused = refusal(Error::EventHashInUse);
        let elsewhere = Occurrence {
            site: ANNEX,
            ..occurrence
        };
        assert_noop!(act(MAKER, sealing(false, elsewhere)), refused);
        pass(1);
        let later = Occurrence {
            time: START + 1,
            ..occurrence
        };
        assert_noop!(act(MAKER, sealing(false, later)), refused);
        let call = crate::Call::aggregate {
            container: case(2),
            children: bounded([lot.pack(9)]),
            occurrence: occurrence.clone(),
        };
        assert_noop!(act(MAKER, call), refused);
        let draft = listed_draft(RIVAL_MEDICINE, "LOT1", 1);
        let occurrence = Occurrence {
            site: site_of(&RIVAL),
            ..occurrence
        };
        // Nobody else is kept from using it.
        let by_another = crate::Call::commission_lot { draft, occurrence };
        assert_ok!(act(RIVAL, by_another));
    });
}

#[test]
fn declare_error_says_that_an_event_is_wrong() {
    build_and_execute(|| {
        with_a_case();
        let event = last_recorded();
        pass(DAY);
        let (reason, corrective) = (ErrorReason::IncorrectData, Some(H256::repeat_byte(9)));
        assert_ok!(correct(MAKER, event, reason, corrective));
        let expected = Event::ErrorDeclared {
            event,
            reason,
            corrective,
        };
        assert_eq!(last_event(), expected);
        let correction = Correction {
            reason,
            at: START + DAY,
            corrective,
        };
        let stored = Events::<Test>::get(event).unwrap();
        assert_eq!(stored.correction, Some(correction));
        assert_eq!(container(&case(1)).children, 4, "what it did stays done");
    });
}

#[test]
fn declare_error_fails_when_it_was_declared() {
    build_and_execute(|| {
        with_a_case();
        let event = last_recorded();
        let again = || correct(MAKER, event, ErrorReason::DidNotOccur, None);
        assert_ok!(again());
        assert_noop!(again(), Error::<Test>::AlreadyCorrected);
    });
}

#[test]
fn declare_error_fails_when_the_event_is_unknown_or_anothers() {
    build_and_execute(|| {
        with_a_case();
        let reason = ErrorReason::DidNotOccur;
        let by_another = correct(RIVAL, last_recorded(), reason, None);
        assert_noop!(by_another, Error::<Test>::NotRecorder);
        let unknown = correct(MAKER, EventId(77), reason, None);
        assert_noop!(unknown, Error::<Test>::EventUnknown);
        let stranger = correct(STRANGER, last_recorded(), reason, None);
        assert_noop!(stranger, NOT_STAFF);
    });
}

#[test]
fn declare_error_is_possible_for_pharmacists() {
    build_and_execute(|| {
        let lot = at_the_pharmacy("LOT1", 10);
        assert_ok!(dispense(PHARMACIST, &lot, 1));
        assert_ok!(correct(
            PHARMACIST,
            last_recorded(),
            ErrorReason::DidNotOccur,
            None
        ));
        assert_eq!(lot.disposition(1), Disposition::Dispensed);
    });
}
