//! Anchoring: who may, what is well formed, and how much.

use crate::{mock::*, pallet::Error, rules::record_id, types::*, Event, Holdings, Pallet, Records};
use axonic_primitives::{
    consent::{Label, ResourceType},
    patients::Standing,
    testing::Doubles,
    AccountId, Codes, PatientId, Refusal,
};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};
use sp_core::H256;

fn anchor(who: AccountId, patient: PatientId, draft: RecordDraft) -> DispatchResult {
    HealthRecords::anchor(signed(who), patient, draft)
}

fn holding(patient: PatientId, org: axonic_primitives::OrgId) -> (u32, u32) {
    let holding = Holdings::<Test>::get(patient, org);
    (holding.anchored, holding.held)
}

fn set_standing(patient: PatientId, canonical: PatientId, active: bool) {
    Doubles::set_standing(patient, Standing { canonical, active });
}

/// The draft is refused with this error, and readers are told so before.
fn assert_refused(draft: RecordDraft, error: Error<Test>, name: &str) {
    assert_eq!(
        Pallet::<Test>::anchoring(DOCTOR, PATIENT, draft),
        Err(Refusal(name.into()))
    );
    assert_noop!(anchor(DOCTOR, PATIENT, draft), error);
}

#[test]
fn anchor_makes_a_record_that_the_authors_organisation_keeps() {
    build_and_execute(|| {
        let until = START + YEAR;
        let draft = RecordDraft {
            retain_until: Some(until),
            ..draft()
        };
        assert_eq!(Pallet::<Test>::anchoring(DOCTOR, PATIENT, draft), Ok(()));
        assert_ok!(anchor(DOCTOR, PATIENT, draft));
        let id = record_id(&PATIENT, HOSPITAL, 0);
        assert_eq!(
            last_event(),
            Event::Anchored {
                patient: PATIENT,
                record: id,
                org: HOSPITAL
            }
        );
        let stored = record(id);
        assert_eq!((stored.patient, stored.custodian), (PATIENT, HOSPITAL));
        assert_eq!(
            (stored.status, stored.anchored_at),
            (Status::Current, START)
        );
        let content = content(id);
        assert_eq!((content.version, content.latest.author), (1, DOCTOR));
        assert_eq!(content.latest.commitment, COMMITMENT);
        assert_eq!(content.retain_until, Some(until));
        assert_eq!(holding(PATIENT, HOSPITAL), (1, 1));
    });
}

#[test]
fn anchor_gives_every_record_an_id_of_its_own() {
    build_and_execute(|| {
        let first = anchored(draft());
        let second = anchored(draft());
        let elsewhere = anchored_by(CLINIC_DOCTOR, PATIENT, draft());
        let of_another = anchored_by(DOCTOR, OTHER_PATIENT, draft());
        let ids = [first, second, elsewhere, of_another];
        for (i, id) in ids.iter().enumerate() {
            assert!(ids[i + 1..].iter().all(|other| other != id));
        }
    });
}

#[test]
fn anchor_uses_the_id_that_was_given_when_the_patient_was_merged() {
    build_and_execute(|| {
        let before = anchored(draft());
        set_standing(PATIENT, OTHER_PATIENT, true);
        let after = anchored(draft());
        let under = |id| (record(id).patient, record(id).sequence);
        assert_eq!(under(before), (PATIENT, 0));
        assert_eq!(under(after), (PATIENT, 1));
        assert_eq!(holding(PATIENT, HOSPITAL), (2, 2));
        assert_eq!(holding(OTHER_PATIENT, HOSPITAL), (0, 0));
        // What the canonical patient may not, nobody may under a merged id.
        set_standing(PATIENT, OTHER_PATIENT, false);
        assert_refused(draft(), Error::PatientNotActive, "PatientNotActive");
    });
}

#[test]
fn anchor_is_refused_when_the_patient_is_unknown_or_not_active() {
    build_and_execute(|| {
        assert_noop!(
            anchor(DOCTOR, UNKNOWN_PATIENT, draft()),
            Error::<Test>::NotFound
        );
        set_standing(PATIENT, PATIENT, false);
        assert_refused(draft(), Error::PatientNotActive, "PatientNotActive");
    });
}

#[test]
fn anchor_is_refused_when_the_signer_may_not() {
    build_and_execute(|| {
        assert_noop!(anchor(CLAIMS_CLERK, PATIENT, draft()), DUTY_MISSING);
        assert_noop!(anchor(PATIENT_KEY, PATIENT, draft()), NOT_STAFF);
        let told = Pallet::<Test>::anchoring(STRANGER, PATIENT, draft());
        assert_eq!(told, Err(NOT_STAFF.into()));
    });
}

#[test]
fn anchor_is_refused_when_the_draft_is_not_well_formed() {
    build_and_execute(|| {
        let class = |class| RecordDraft { class, ..draft() };
        let labels = |labels| RecordDraft { labels, ..draft() };
        let until = |until| RecordDraft {
            retain_until: Some(until),
            ..draft()
        };
        for other in [
            ResourceType::Bundle,
            ResourceType::StructureDefinition,
            ResourceType::Organization,
        ] {
            assert_refused(class(other), Error::UnknownClass, "UnknownClass");
        }
        let unknown = Codes::from_bits(1 << 31);
        assert_refused(labels(unknown), Error::UnknownLabel, "UnknownLabel");
        let twice = Codes::from([Label::Normal, Label::Restricted, Label::Hiv]);
        let name = "AmbiguousConfidentiality";
        assert_refused(labels(twice), Error::AmbiguousConfidentiality, name);
        let nothing = RecordDraft {
            commitment: H256::zero(),
            ..draft()
        };
        assert_refused(nothing, Error::NoCommitment, "NoCommitment");
        assert_refused(until(START), Error::RetentionInPast, "RetentionInPast");
        let too_long = until(START + MAX_RETENTION + 1);
        assert_refused(too_long, Error::RetentionTooLong, "RetentionTooLong");
        assert_ok!(anchor(DOCTOR, PATIENT, until(START + MAX_RETENTION)));
        assert_ok!(anchor(DOCTOR, PATIENT, labels(Codes::empty())));
    });
}

#[test]
fn anchor_is_refused_when_the_member_anchored_as_many_as_it_may() {
    build_and_execute(|| {
        let full = Holding {
            anchored: MAX_RECORDS,
            held: 0,
        };
        Holdings::<Test>::insert(PATIENT, HOSPITAL, full);
        assert_refused(draft(), Error::MaxRecordsExceeded, "MaxRecordsExceeded");
        assert_ok!(anchor(CLINIC_DOCTOR, PATIENT, draft()));
        assert_ok!(anchor(DOCTOR, OTHER_PATIENT, draft()));
        Holdings::<Test>::remove(PATIENT, HOSPITAL);
    });
}

#[test]
fn anchor_many_makes_a_record_of_each_draft() {
    build_and_execute(|| {
        let drafts = vec![draft(); MAX_ANCHORS as usize];
        assert_ok!(HealthRecords::anchor_many(signed(DOCTOR), PATIENT, drafts));
        assert_eq!(holding(PATIENT, HOSPITAL), (MAX_ANCHORS, MAX_ANCHORS));
        let events = System::read_events_for_pallet::<Event<Test>>();
        assert_eq!(events.len(), MAX_ANCHORS as usize);
    });
}

#[test]
fn anchor_many_makes_none_when_one_draft_is_not_well_formed() {
    build_and_execute(|| {
        let bad = RecordDraft {
            class: ResourceType::ValueSet,
            ..draft()
        };
        let many = |drafts| HealthRecords::anchor_many(signed(DOCTOR), PATIENT, drafts);
        assert_noop!(many(vec![draft(), bad]), Error::<Test>::UnknownClass);
        assert_noop!(many(vec![]), Error::<Test>::EmptyBatch);
        let too_many = vec![draft(); MAX_ANCHORS as usize + 1];
        assert_noop!(many(too_many), Error::<Test>::TooManyRecords);
        assert_eq!(Records::<Test>::iter().count(), 0);
    });
}
