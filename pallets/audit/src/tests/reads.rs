//! What readers are shown: by patient, by custodian, in pages, after merges.

use crate::{mock::*, types::*, MAX_PAGE};
use axonic_primitives::{patients::Standing, testing::Doubles, Moment, PatientId, Refusal};
use frame_support::assert_ok;

fn refused<Row>(name: &str) -> Result<Row, Refusal> {
    Err(Refusal(name.into()))
}

fn sequences(infos: Vec<DisclosureInfo>) -> Vec<(PatientId, u64)> {
    let sequence = |info: DisclosureInfo| (info.patient, info.entry.sequence);
    infos.into_iter().map(sequence).collect()
}

fn merge_other_into_patient() {
    let standing = Standing {
        canonical: PATIENT,
        active: true,
    };
    Doubles::set_standing(OTHER_PATIENT, standing);
}

#[test]
fn accounting_keeps_to_the_period() {
    build_and_execute(|| {
        for _ in 0..10 {
            disclosed(PATIENT);
            disclosed(PATIENT);
            Now::advance(DAY);
        }
        let count = |from: Option<Moment>, to: Option<Moment>| {
            Audit::accounting_of_disclosures(PATIENT, from, to, None, MAX_PAGE).map(|all| all.len())
        };
        assert_eq!(count(None, None), Ok(20));
        assert_eq!(count(Some(START), None), Ok(20));
        assert_eq!(count(Some(START + 1), None), Ok(18));
        assert_eq!(count(None, Some(START + DAY)), Ok(2));
        assert_eq!(count(Some(START + 3 * DAY), Some(START + 5 * DAY)), Ok(4));
        assert_eq!(count(Some(START + 20 * DAY), None), Ok(0));
        assert_eq!(count(None, Some(START)), Ok(0));
        let backwards = count(Some(START + 2), Some(START + 1));
        assert_eq!(backwards, refused("InvalidPeriod"));
    });
}

#[test]
fn accounting_keeps_to_the_period_after_pruning() {
    build_and_execute(|| {
        disclosed_long_ago(PATIENT, 5);
        disclosed(PATIENT);
        assert_ok!(Audit::prune(signed(STRANGER), PATIENT, 3));
        let since = |from| {
            let found = Audit::accounting_of_disclosures(PATIENT, Some(from), None, None, 10);
            sequences(found.unwrap())
        };
        assert_eq!(since(START), [(PATIENT, 3), (PATIENT, 4), (PATIENT, 5)]);
        assert_eq!(since(START + 1), [(PATIENT, 5)]);
    });
}

#[test]
fn accounting_counts_what_was_logged_under_merged_ids() {
    build_and_execute(|| {
        disclosed(OTHER_PATIENT);
        disclosed(PATIENT);
        disclosed(OTHER_PATIENT);
        merge_other_into_patient();
        disclosed(PATIENT);
        disclosed(OTHER_PATIENT);
        let all = [
            (PATIENT, 0),
            (PATIENT, 1),
            (OTHER_PATIENT, 0),
            (OTHER_PATIENT, 1),
            (OTHER_PATIENT, 2),
        ];
        assert_eq!(sequences(accounting(PATIENT)), all);
        assert_eq!(sequences(accounting(OTHER_PATIENT)), all);
        for (index, after) in all.iter().enumerate() {
            let page =
                Audit::accounting_of_disclosures(PATIENT, None, None, Some(*after), 2).unwrap();
            let expected: Vec<_> = all.iter().skip(index + 1).take(2).copied().collect();
            assert_eq!(sequences(page), expected);
        }
        let logs = Audit::logs_of(OTHER_PATIENT).unwrap();
        let logs: Vec<_> = logs
            .into_iter()
            .map(|log| (log.patient, log.next))
            .collect();
        assert_eq!(logs, [(PATIENT, 2), (OTHER_PATIENT, 3)]);
    });
}

#[test]
fn accounting_is_refused_when_the_patient_or_the_place_is_unknown() {
    build_and_execute(|| {
        let read = |patient, after| {
            Audit::accounting_of_disclosures(patient, None, None, after, 10).map(sequences)
        };
        assert_eq!(read(UNKNOWN_PATIENT, None), refused("NotFound"));
        assert_eq!(read(PATIENT, Some((OTHER_PATIENT, 0))), refused("NotFound"));
        assert_eq!(Audit::logs_of(UNKNOWN_PATIENT), refused("NotFound"));
        assert_eq!(Audit::logs_of(PATIENT), Ok(vec![]));
    });
}

#[test]
fn pages_are_no_longer_than_the_bound() {
    build_and_execute(|| {
        for _ in 0..=MAX_PAGE {
            disclosed(PATIENT);
        }
        let of_patient =
            |limit| Audit::accounting_of_disclosures(PATIENT, None, None, None, limit).unwrap();
        let of_custodian = |limit| Audit::disclosures_by(HOSPITAL, None, limit).unwrap();
        for (limit, expected) in [(0, 0), (1, 1), (MAX_PAGE, 64), (u32::MAX, 64)] {
            assert_eq!(of_patient(limit).len(), expected);
            assert_eq!(of_custodian(limit).len(), expected);
        }
    });
}

#[test]
fn disclosures_by_a_custodian_come_in_order_over_what_was_pruned() {
    build_and_execute(|| {
        disclosed_long_ago(PATIENT, 1);
        disclosed(OTHER_PATIENT);
        Now::advance(DAY);
        // More than one byte of numbers, so that their order is seen to be theirs and not that of
        // their bytes.
        for _ in 0..300 {
            disclosed(OTHER_PATIENT);
        }
        assert_ok!(Audit::prune(signed(STRANGER), PATIENT, 1));
        let mut found = Vec::new();
        let mut after = None;
        loop {
            let page = Audit::disclosures_by(HOSPITAL, after, 50).unwrap();
            let Some(last) = page.last() else { break };
            after = Some(last.entry.custodian_sequence);
            found.extend(page.into_iter().map(|info| info.entry.custodian_sequence));
        }
        let kept: Vec<u64> = (1..302).collect();
        assert_eq!(found, kept);
        // The place of what was pruned is still a place.
        let first = Audit::disclosures_by(HOSPITAL, Some(0), 1).unwrap();
        assert_eq!(first[0].entry.custodian_sequence, 1);
        assert_eq!(Audit::disclosures_by(CLINIC, None, 10), Ok(vec![]));
    });
}

#[test]
fn reads_of_an_organisation_are_refused_when_it_is_unknown() {
    build_and_execute(|| {
        let org = UNKNOWN_ORG;
        assert_eq!(Audit::disclosures_by(org, None, 1), refused("NotFound"));
        assert_eq!(Audit::contests_open(org, None, 1), refused("NotFound"));
        assert_eq!(Audit::access_logs_of(org, None, 1), refused("NotFound"));
        assert_eq!(Audit::cadence_gaps(org, None, 1), refused("NotFound"));
    });
}

#[test]
fn a_log_is_checked_from_what_readers_are_shown() {
    build_and_execute(|| {
        disclosed_long_ago(PATIENT, 4);
        assert_ok!(report_refusal(CLERK, PATIENT, CLINIC));
        assert_ok!(Audit::prune(signed(STRANGER), PATIENT, 2));
        let log = Audit::logs_of(PATIENT).unwrap().remove(0);
        let head = accounting(PATIENT).iter().fold(log.base, |head, info| {
            crate::rules::next_head(&head, &info.entry)
        });
        assert_eq!(head, log.head);
        assert_eq!((log.first, log.next), (2, 5));
    });
}
