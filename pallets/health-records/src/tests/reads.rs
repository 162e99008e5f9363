//! What readers are shown.

use crate::{mock::*, types::*, Pallet};
use axonic_primitives::{
    consent::{Label, ResourceType},
    patients::Standing,
    testing::Doubles,
    BatchId, Codes, OrgId, PatientId, Period, RecordId, Refusal,
};
use frame_support::assert_ok;

fn page(
    patient: PatientId,
    filter: RecordFilter,
    after: Option<RecordId>,
    limit: u32,
) -> Vec<RecordId> {
    let page = Pallet::<Test>::records_of(patient, filter, after, limit);
    let page = page.expect("the patient exists");
    page.iter().map(|info| info.id).collect()
}

fn all_of(patient: PatientId) -> Vec<RecordId> {
    page(patient, RecordFilter::default(), None, MAX_PAGE)
}

fn wanted(filter: RecordFilter) -> Vec<RecordId> {
    page(PATIENT, filter, None, MAX_PAGE)
}

fn refused<T>(name: &str) -> Result<T, Refusal> {
    Err(Refusal(name.into()))
}

fn merge(old: PatientId, canonical: PatientId) {
    let standing = Standing {
        canonical,
        active: true,
    };
    Doubles::set_standing(old, standing);
}

#[test]
fn records_of_shows_pages_by_member_and_in_the_order_of_anchoring() {
    build_and_execute(|| {
        let elsewhere: Vec<_> = (0..3)
            .map(|_| anchored_by(CLINIC_DOCTOR, PATIENT, draft()))
            .collect();
        let here: Vec<_> = (0..3).map(|_| anchored(draft())).collect();
        anchored_by(DOCTOR, OTHER_PATIENT, draft());
        let all = [here, elsewhere].concat();
        assert_eq!(all_of(PATIENT), all);
        for limit in 1..7 {
            let mut seen = Vec::new();
            loop {
                let after = seen.last().copied();
                let more = page(PATIENT, RecordFilter::default(), after, limit);
                if more.is_empty() {
                    break;
                }
                assert!(more.len() <= limit as usize);
                seen.extend(more);
            }
            assert_eq!(seen, all);
        }
    });
}

#[test]
fn records_of_shows_at_most_a_page() {
    build_and_execute(|| {
        let drafts = vec![draft(); MAX_ANCHORS as usize];
        assert_ok!(HealthRecords::anchor_many(signed(DOCTOR), PATIENT, drafts));
        anchored(draft());
        let many = page(PATIENT, RecordFilter::default(), None, u32::MAX);
        assert_eq!(many.len(), MAX_PAGE as usize);
    });
}

#[test]
fn records_of_shows_what_was_anchored_under_a_merged_id_too() {
    build_and_execute(|| {
        let old = anchored(draft());
        let new = anchored_by(DOCTOR, OTHER_PATIENT, draft());
        merge(PATIENT, OTHER_PATIENT);
        for id in [PATIENT, OTHER_PATIENT] {
            assert_eq!(all_of(id), [new, old]);
            let after = page(id, RecordFilter::default(), Some(new), 1);
            assert_eq!(after, [old]);
        }
    });
}

#[test]
fn records_of_shows_each_their_own_when_a_merge_is_undone() {
    build_and_execute(|| {
        let other = anchored_by(DOCTOR, OTHER_PATIENT, draft());
        merge(PATIENT, OTHER_PATIENT);
        let while_merged = anchored(draft());
        assert_eq!(all_of(OTHER_PATIENT), [other, while_merged]);
        merge(PATIENT, PATIENT);
        assert_eq!(all_of(PATIENT), [while_merged]);
        assert_eq!(all_of(OTHER_PATIENT), [other]);
    });
}

#[test]
fn records_of_is_refused_when_the_patient_or_the_record_to_continue_from_is_unknown() {
    build_and_execute(|| {
        let of = |patient, after| {
            let filter = RecordFilter::default();
            Pallet::<Test>::records_of(patient, filter, after, 1)
        };
        assert_eq!(of(UNKNOWN_PATIENT, None), refused("NotFound"));
        assert_eq!(of(PATIENT, Some(RecordId::default())), refused("NotFound"));
        let of_another = anchored_by(DOCTOR, OTHER_PATIENT, draft());
        assert_eq!(of(PATIENT, Some(of_another)), refused("NotFound"));
        assert_eq!(of(PATIENT, None), Ok(Vec::new()));
    });
}

#[test]
fn records_of_shows_what_the_filter_admits() {
    build_and_execute(|| {
        let with = |class, labels: Codes<Label>| {
            anchored(RecordDraft {
                class,
                labels,
                ..draft()
            })
        };
        let observation = with(ResourceType::Observation, Label::Normal.into());
        let sensitive = Codes::from([Label::Restricted, Label::Psychiatry]);
        let condition = with(ResourceType::Condition, sensitive);
        Now::set(START + DAY);
        let shredded = with(ResourceType::Observation, Codes::empty());
        assert_ok!(HealthRecords::shred(signed(RECORDS_OFFICER), shredded));
        let elsewhere = anchored_by(CLINIC_DOCTOR, PATIENT, draft());

        let any = RecordFilter::default;
        let classes = vec![ResourceType::Observation, ResourceType::Claim];
        let by_class = RecordFilter { classes, ..any() };
        assert_eq!(wanted(by_class), [observation, elsewhere]);
        let by_label = RecordFilter {
            labels: [Label::Psychiatry, Label::Hiv].into(),
            ..any()
        };
        assert_eq!(wanted(by_label), [condition]);
        let by_custodian = RecordFilter {
            custodian: Some(CLINIC),
            ..any()
        };
        assert_eq!(wanted(by_custodian), [elsewhere]);
        let by_status = RecordFilter {
            statuses: vec![Status::Shredded],
            ..any()
        };
        assert_eq!(wanted(by_status), [shredded]);
        let by_time = RecordFilter {
            anchored: Period::between(START + 1, START + YEAR),
            ..any()
        };
        assert_eq!(wanted(by_time), [shredded, elsewhere]);
        let all = [observation, condition, shredded, elsewhere];
        assert_eq!(wanted(any()), all);
    });
}

#[test]
fn locate_counts_what_each_member_keeps_under_any_id() {
    build_and_execute(|| {
        anchored(draft());
        let gone = anchored_by(CLINIC_DOCTOR, PATIENT, draft());
        anchored_by(DOCTOR, OTHER_PATIENT, draft());
        let located = |patient| -> Vec<(OrgId, u32)> {
            let custodians = Pallet::<Test>::custodians_of(patient).unwrap();
            let counted = custodians.iter().map(|info| (info.org, info.records));
            counted.collect()
        };
        assert_eq!(located(PATIENT), [(HOSPITAL, 1), (CLINIC, 1)]);
        merge(OTHER_PATIENT, PATIENT);
        assert_eq!(located(OTHER_PATIENT), [(HOSPITAL, 2), (CLINIC, 1)]);
        assert_ok!(HealthRecords::shred(signed(CLINIC_OFFICER), gone));
        assert_eq!(located(PATIENT), [(HOSPITAL, 2)]);
        let unknown = Pallet::<Test>::custodians_of(UNKNOWN_PATIENT);
        assert_eq!(unknown, refused("NotFound"));
    });
}

#[test]
fn verify_tells_what_a_commitment_is_to_a_version() {
    build_and_execute(|| {
        let id = corrected();
        let verify = |version, commitment| Pallet::<Test>::verification(id, version, commitment);
        let matches = |status| {
            Ok(Verification::Matches {
                status,
                anchored_at: START,
            })
        };
        assert_eq!(verify(1, COMMITMENT), matches(Status::Superseded));
        assert_eq!(verify(2, NEW_COMMITMENT), matches(Status::Current));
        assert_eq!(verify(2, COMMITMENT), Ok(Verification::Differs));
        assert_eq!(verify(0, COMMITMENT), refused("VersionMismatch"));
        assert_eq!(verify(3, COMMITMENT), refused("VersionMismatch"));
        let marked = HealthRecords::mark_entered_in_error(signed(DOCTOR), id, 2);
        assert_ok!(marked);
        assert_eq!(verify(2, NEW_COMMITMENT), matches(Status::EnteredInError));
        assert_ok!(HealthRecords::shred(signed(RECORDS_OFFICER), id));
        assert_eq!(verify(1, COMMITMENT), Ok(Verification::Shredded));
        let unknown = Pallet::<Test>::verification(RecordId::default(), 1, COMMITMENT);
        assert_eq!(unknown, refused("NotFound"));
    });
}

#[test]
fn view_functions_answer_as_the_runtime_api_does() {
    build_and_execute(|| {
        let id = corrected();
        assert_eq!(Pallet::<Test>::record(id), Pallet::<Test>::record_info(id));
        assert_eq!(
            Pallet::<Test>::verify(id, 2, COMMITMENT),
            Ok(Verification::Differs)
        );
        assert_eq!(
            Pallet::<Test>::locate(PATIENT),
            Pallet::<Test>::custodians_of(PATIENT)
        );
        assert_eq!(Pallet::<Test>::explain_shred(id), Ok(()));
        assert_eq!(Pallet::<Test>::history(id), Pallet::<Test>::history_of(id));
        assert_eq!(Pallet::<Test>::batch(BatchId::default()), None);
        let told = Pallet::<Test>::explain_anchor(STRANGER, PATIENT, draft());
        assert_eq!(told, Pallet::<Test>::anchoring(STRANGER, PATIENT, draft()));
        let nothing = Pallet::<Test>::record(RecordId::default());
        assert_eq!(nothing, None);
        assert!(Pallet::<Test>::history_of(RecordId::default()).is_empty());
    });
}
