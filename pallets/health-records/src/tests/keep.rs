//! How long records are kept, and what is left of them afterwards.

use crate::{mock::*, pallet::Error, types::*, Disputes, Event, Pallet, PastVersions, WeightInfo};
use axonic_primitives::{patients::Standing, testing::Doubles, AccountId, Codes, Moment, RecordId};
use frame_support::{
    assert_noop, assert_ok,
    dispatch::{DispatchResult, DispatchResultWithPostInfo},
};
use sp_core::H256;

const UNKNOWN_RECORD: RecordId = RecordId(H256::repeat_byte(5));

fn shred(who: AccountId, record: RecordId) -> DispatchResultWithPostInfo {
    HealthRecords::shred(signed(who), record)
}

fn hold(record: RecordId, bases: impl Into<Codes<LegalBasis>>) -> DispatchResult {
    HealthRecords::place_hold(signed(RECORDS_OFFICER), record, bases.into())
}

fn lift(record: RecordId, bases: impl Into<Codes<LegalBasis>>) -> DispatchResult {
    HealthRecords::lift_hold(signed(RECORDS_OFFICER), record, bases.into())
}

fn extend(record: RecordId, until: Moment) -> DispatchResult {
    HealthRecords::extend_retention(signed(RECORDS_OFFICER), record, until)
}

fn retained_until(until: Moment) -> RecordId {
    anchored(RecordDraft {
        retain_until: Some(until),
        ..draft()
    })
}

#[test]
fn shred_leaves_nothing_but_that_there_was_a_record() {
    build_and_execute(|| {
        let id = corrected();
        assert_ok!(HealthRecords::offer_custody(
            signed(RECORDS_OFFICER),
            id,
            CLINIC
        ));
        let subject = Subject::Record(id);
        let evidence = Evidence::Record {
            record: id,
            version: 1,
            delivery: delivery(subject, 1, ALTERED),
        };
        assert_ok!(HealthRecords::dispute(signed(CLINIC_DOCTOR), evidence));
        Now::set(START + DAY);
        let cost = shred(RECORDS_OFFICER, id).expect("nothing is in the way");
        assert_eq!(cost.actual_weight, Some(<() as WeightInfo>::shred(2, 1)));
        assert_eq!(last_event(), Event::Shredded { record: id });
        let left = record(id);
        assert_eq!((left.patient, left.custodian), (PATIENT, HOSPITAL));
        assert_eq!((left.status, left.content), (Status::Shredded, None));
        assert_eq!(
            (left.anchored_at, left.ended_at),
            (START, Some(START + DAY))
        );
        assert_eq!(PastVersions::<Test>::iter().count(), 0);
        // The fact of a dispute outlives what it was about.
        let dispute = Disputes::<Test>::get(subject, (1u32, Disputant::Member(CLINIC))).unwrap();
        assert_eq!((dispute.at, dispute.delivered), (START, None));
        assert!(Pallet::<Test>::history_of(id).is_empty());
        assert_eq!(Pallet::<Test>::custodians_of(PATIENT), Ok(Vec::new()));
    });
}

#[test]
fn shred_works_whatever_the_patients_standing() {
    build_and_execute(|| {
        let id = anchored(draft());
        let standing = Standing {
            canonical: PATIENT,
            active: false,
        };
        Doubles::set_standing(PATIENT, standing);
        assert_ok!(hold(id, LegalBasis::LegalClaims));
        assert_ok!(lift(id, LegalBasis::LegalClaims));
        assert_ok!(shred(RECORDS_OFFICER, id));
    });
}

#[test]
fn shred_is_for_officers_of_the_custodian() {
    build_and_execute(|| {
        let id = anchored(draft());
        assert_noop!(shred(DOCTOR, id), DUTY_MISSING);
        assert_noop!(shred(CLINIC_OFFICER, id), Error::<Test>::NotCustodian);
        assert_noop!(
            shred(RECORDS_OFFICER, UNKNOWN_RECORD),
            Error::<Test>::NotFound
        );
        assert_ok!(shred(RECORDS_OFFICER, id));
        assert_noop!(shred(RECORDS_OFFICER, id), Error::<Test>::AlreadyShredded);
    });
}

#[test]
fn shred_is_refused_until_the_retention_has_elapsed() {
    build_and_execute(|| {
        let until = START + YEAR;
        let id = retained_until(until);
        Now::set(until - 1);
        let basis = LegalBasis::LegalObligation;
        let obstacle = ShredObstacle::Retained { basis, until };
        assert_eq!(Pallet::<Test>::shredding(id), Err(obstacle));
        assert_noop!(
            shred(RECORDS_OFFICER, id),
            Error::<Test>::RetentionNotElapsed
        );
        Now::set(until);
        assert_eq!(Pallet::<Test>::shredding(id), Ok(()));
        assert_ok!(shred(RECORDS_OFFICER, id));
    });
}

#[test]
fn shred_is_refused_while_any_hold_stands() {
    build_and_execute(|| {
        let id = anchored(draft());
        assert_ok!(hold(id, LegalBasis::Litigation));
        assert_ok!(hold(id, LegalBasis::Investigation));
        let both = Codes::from([LegalBasis::Litigation, LegalBasis::Investigation]);
        let obstacle = ShredObstacle::Held { bases: both };
        assert_eq!(Pallet::<Test>::shredding(id), Err(obstacle));
        assert_noop!(shred(RECORDS_OFFICER, id), Error::<Test>::LegalHold);
        assert_ok!(lift(id, LegalBasis::Litigation));
        assert_noop!(shred(RECORDS_OFFICER, id), Error::<Test>::LegalHold);
        assert_ok!(lift(id, LegalBasis::Investigation));
        assert_ok!(shred(RECORDS_OFFICER, id));
    });
}

#[test]
fn explain_shred_says_what_is_not_there() {
    build_and_execute(|| {
        let missing = Pallet::<Test>::shredding(UNKNOWN_RECORD);
        assert_eq!(missing, Err(ShredObstacle::NotFound));
        let id = anchored(draft());
        assert_ok!(shred(RECORDS_OFFICER, id));
        let gone = Pallet::<Test>::shredding(id);
        assert_eq!(gone, Err(ShredObstacle::AlreadyShredded));
    });
}

#[test]
fn hold_needs_a_basis_that_is_known_and_new() {
    build_and_execute(|| {
        let id = anchored(draft());
        assert_noop!(hold(id, Codes::empty()), Error::<Test>::ReasonRequired);
        let unknown = Codes::from_bits(1 << 20);
        assert_noop!(hold(id, unknown), Error::<Test>::UnknownBasis);
        assert_ok!(hold(id, LegalBasis::PublicHealth));
        let event = Event::HoldPlaced {
            record: id,
            bases: LegalBasis::PublicHealth.into(),
        };
        assert_eq!(last_event(), event);
        let again = [LegalBasis::PublicHealth, LegalBasis::LegalClaims];
        assert_noop!(hold(id, again), Error::<Test>::AlreadyHeld);
        assert_noop!(
            HealthRecords::place_hold(signed(CLINIC_OFFICER), id, LegalBasis::LegalClaims.into(),),
            Error::<Test>::NotCustodian
        );
    });
}

#[test]
fn lift_is_refused_when_the_record_is_not_held_on_that_basis() {
    build_and_execute(|| {
        let id = anchored(draft());
        assert_noop!(lift(id, Codes::empty()), Error::<Test>::ReasonRequired);
        assert_noop!(lift(id, LegalBasis::Litigation), Error::<Test>::NoHold);
        assert_ok!(hold(id, LegalBasis::Litigation));
        let more = [LegalBasis::Litigation, LegalBasis::LegalClaims];
        assert_noop!(lift(id, more), Error::<Test>::NoHold);
        assert_ok!(lift(id, LegalBasis::Litigation));
        let event = Event::HoldLifted {
            record: id,
            bases: LegalBasis::Litigation.into(),
        };
        assert_eq!(last_event(), event);
    });
}

#[test]
fn extend_retention_only_ever_makes_it_longer() {
    build_and_execute(|| {
        let id = retained_until(START + YEAR);
        assert_noop!(extend(id, START + DAY), Error::<Test>::RetentionNotExtended);
        assert_noop!(
            extend(id, START + YEAR),
            Error::<Test>::RetentionNotExtended
        );
        assert_noop!(extend(id, START), Error::<Test>::RetentionInPast);
        let too_long = START + MAX_RETENTION + 1;
        assert_noop!(extend(id, too_long), Error::<Test>::RetentionTooLong);
        let until = START + 2 * YEAR;
        assert_ok!(extend(id, until));
        let event = Event::RetentionExtended { record: id, until };
        assert_eq!(last_event(), event);
        assert_eq!(content(id).retain_until, Some(until));
    });
}

#[test]
fn extend_retention_gives_one_to_a_record_that_had_none() {
    build_and_execute(|| {
        let id = anchored(draft());
        assert_ok!(extend(id, START + DAY));
        assert_noop!(
            shred(RECORDS_OFFICER, id),
            Error::<Test>::RetentionNotElapsed
        );
    });
}

#[test]
fn nothing_is_held_or_retained_when_the_record_is_shredded() {
    build_and_execute(|| {
        let id = anchored(draft());
        assert_ok!(shred(RECORDS_OFFICER, id));
        let basis = LegalBasis::LegalClaims;
        assert_noop!(hold(id, basis), Error::<Test>::AlreadyShredded);
        assert_noop!(lift(id, basis), Error::<Test>::AlreadyShredded);
        assert_noop!(extend(id, START + DAY), Error::<Test>::AlreadyShredded);
    });
}
