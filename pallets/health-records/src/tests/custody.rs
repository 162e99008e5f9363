//! Custody: offered by one member, taken over by another.

use crate::{mock::*, pallet::Error, types::*, Event, Pallet};
use axonic_primitives::{testing::Doubles, AccountId, OrgId, RecordId};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};
use sp_core::H256;

const UNKNOWN_RECORD: RecordId = RecordId(H256::repeat_byte(5));

fn offer(who: AccountId, record: RecordId, to: OrgId) -> DispatchResult {
    HealthRecords::offer_custody(signed(who), record, to)
}

fn accept(who: AccountId, record: RecordId) -> DispatchResult {
    HealthRecords::accept_custody(signed(who), record)
}

fn withdraw(who: AccountId, record: RecordId) -> DispatchResult {
    HealthRecords::withdraw_offer(signed(who), record)
}

fn custodians() -> Vec<(OrgId, u32)> {
    let custodians = Pallet::<Test>::custodians_of(PATIENT).expect("the patient exists");
    custodians
        .iter()
        .map(|info| (info.org, info.records))
        .collect()
}

#[test]
fn custody_passes_when_the_recipient_accepts() {
    build_and_execute(|| {
        let id = anchored(draft());
        anchored(draft());
        assert_ok!(offer(RECORDS_OFFICER, id, CLINIC));
        let event = Event::CustodyOffered {
            record: id,
            to: CLINIC,
        };
        assert_eq!(last_event(), event);
        assert_eq!(custodians(), [(HOSPITAL, 2)]);
        assert_ok!(accept(CLINIC_OFFICER, id));
        let event = Event::CustodyTransferred {
            record: id,
            from: HOSPITAL,
            to: CLINIC,
        };
        assert_eq!(last_event(), event);
        assert_eq!(custodians(), [(HOSPITAL, 1), (CLINIC, 1)]);
        assert_eq!(
            (record(id).custodian, record(id).origin),
            (CLINIC, HOSPITAL)
        );
        assert_eq!(content(id).offered_to, None);
    });
}

#[test]
fn only_the_new_custodian_writes_after_a_transfer() {
    build_and_execute(|| {
        let id = anchored(draft());
        assert_ok!(offer(RECORDS_OFFICER, id, CLINIC));
        assert_ok!(accept(CLINIC_OFFICER, id));
        let supersede = |who| HealthRecords::supersede(signed(who), id, 1, correction());
        assert_noop!(supersede(DOCTOR), Error::<Test>::NotCustodian);
        assert_noop!(supersede(CLINIC_DOCTOR), Error::<Test>::NotAuthor);
        assert_ok!(supersede(CLINIC_OFFICER));
        let shred = |who| HealthRecords::shred(signed(who), id);
        assert_noop!(shred(RECORDS_OFFICER), Error::<Test>::NotCustodian);
        assert_ok!(shred(CLINIC_OFFICER));
    });
}

#[test]
fn offer_is_for_officers_of_the_custodian_and_to_another_active_member() {
    build_and_execute(|| {
        let id = anchored(draft());
        assert_noop!(offer(DOCTOR, id, CLINIC), DUTY_MISSING);
        assert_noop!(
            offer(CLINIC_OFFICER, id, CLINIC),
            Error::<Test>::NotCustodian
        );
        assert_noop!(
            offer(RECORDS_OFFICER, UNKNOWN_RECORD, CLINIC),
            Error::<Test>::NotFound
        );
        Doubles::set_active(PAYER, false);
        for nobody in [HOSPITAL, STRANGER_ORG, PAYER] {
            assert_noop!(
                offer(RECORDS_OFFICER, id, nobody),
                Error::<Test>::UnknownRecipient
            );
        }
    });
}

fn council_offers(record: RecordId, to: OrgId) -> DispatchResult {
    HealthRecords::offer_custody(RuntimeOrigin::root(), record, to)
}

#[test]
fn the_council_finds_a_custodian_for_what_a_lost_member_kept() {
    build_and_execute(|| {
        let id = anchored(draft());
        Doubles::set_active(HOSPITAL, false);
        assert!(offer(RECORDS_OFFICER, id, CLINIC).is_err());
        assert_ok!(council_offers(id, PAYER));
        assert_ok!(council_offers(id, CLINIC));
        let event = Event::CustodyOffered {
            record: id,
            to: CLINIC,
        };
        assert_eq!(last_event(), event);
        assert_ok!(accept(CLINIC_OFFICER, id));
        assert_eq!(custodians(), [(CLINIC, 1)]);
        assert_ok!(HealthRecords::shred(signed(CLINIC_OFFICER), id));
        assert_noop!(council_offers(id, CLINIC), Error::<Test>::CustodianActive);
    });
}

#[test]
fn the_council_offers_nothing_that_an_active_member_keeps() {
    build_and_execute(|| {
        let id = anchored(draft());
        assert_noop!(council_offers(id, CLINIC), Error::<Test>::CustodianActive);
        assert_noop!(
            council_offers(UNKNOWN_RECORD, CLINIC),
            Error::<Test>::NotFound
        );
        Doubles::set_active(HOSPITAL, false);
        for nobody in [HOSPITAL, STRANGER_ORG] {
            assert_noop!(council_offers(id, nobody), Error::<Test>::UnknownRecipient);
        }
        // Whoever is back takes the council's offer back.
        assert_ok!(council_offers(id, CLINIC));
        Doubles::set_active(HOSPITAL, true);
        assert_ok!(withdraw(RECORDS_OFFICER, id));
    });
}

#[test]
fn accept_is_refused_when_nothing_was_offered_or_to_somebody_else() {
    build_and_execute(|| {
        let id = anchored(draft());
        assert_noop!(
            accept(CLINIC_OFFICER, UNKNOWN_RECORD),
            Error::<Test>::NotFound
        );
        assert_noop!(
            accept(CLINIC_OFFICER, id),
            Error::<Test>::TransferNotOffered
        );
        assert_ok!(offer(RECORDS_OFFICER, id, CLINIC));
        assert_ok!(offer(RECORDS_OFFICER, id, PAYER));
        assert_noop!(accept(CLINIC_OFFICER, id), Error::<Test>::NotRecipient);
        assert_noop!(accept(CLINIC_DOCTOR, id), DUTY_MISSING);
    });
}

#[test]
fn withdraw_takes_the_offer_back() {
    build_and_execute(|| {
        let id = anchored(draft());
        assert_noop!(
            withdraw(RECORDS_OFFICER, id),
            Error::<Test>::TransferNotOffered
        );
        assert_ok!(offer(RECORDS_OFFICER, id, CLINIC));
        assert_noop!(withdraw(CLINIC_OFFICER, id), Error::<Test>::NotCustodian);
        assert_ok!(withdraw(RECORDS_OFFICER, id));
        assert_eq!(last_event(), Event::OfferWithdrawn { record: id });
        assert_noop!(
            accept(CLINIC_OFFICER, id),
            Error::<Test>::TransferNotOffered
        );
    });
}

#[test]
fn nothing_is_handed_over_when_the_record_is_shredded() {
    build_and_execute(|| {
        let id = anchored(draft());
        assert_ok!(offer(RECORDS_OFFICER, id, CLINIC));
        assert_ok!(HealthRecords::shred(signed(RECORDS_OFFICER), id));
        assert_noop!(accept(CLINIC_OFFICER, id), Error::<Test>::AlreadyShredded);
        assert_noop!(
            offer(RECORDS_OFFICER, id, CLINIC),
            Error::<Test>::AlreadyShredded
        );
        assert_noop!(
            withdraw(RECORDS_OFFICER, id),
            Error::<Test>::AlreadyShredded
        );
    });
}

#[test]
fn what_was_entered_in_error_can_be_handed_over_too() {
    build_and_execute(|| {
        let id = anchored(draft());
        let marked = HealthRecords::mark_entered_in_error(signed(DOCTOR), id, 1);
        assert_ok!(marked);
        assert_ok!(offer(RECORDS_OFFICER, id, CLINIC));
        assert_ok!(accept(CLINIC_OFFICER, id));
        assert_eq!(record(id).status, Status::EnteredInError);
    });
}
