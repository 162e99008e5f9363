//! The pure rules, by example and at random.

use crate::{mock::*, rules::*, types::*, ANSWER_WINDOW, CADENCE, RETENTION};
use axonic_primitives::{patients::Acting, Moment};
use proptest::prelude::*;
use sp_core::H256;

fn contest(answered_at: Option<Moment>) -> Contest {
    Contest {
        by: Acting::SelfActing,
        contested_at: START,
        answer: answered_at.map(|answered_at| Answer {
            finding: Finding::Justified,
            explanation: EXPLANATION,
            officer: PRIVACY_OFFICER,
            answered_at,
        }),
    }
}

fn batch(first_at: Moment, last_at: Moment) -> AccessLogBatch {
    AccessLogBatch {
        root: H256::repeat_byte(1),
        count: 1,
        first_at,
        last_at,
        anchored_at: last_at,
    }
}

#[test]
fn six_years_are_never_longer_than_the_retention() {
    // From 1 January 2024, with the leap days of 2024 and 2028.
    let days = 6 * 365 + 2;
    assert_eq!(RETENTION, days * DAY);
}

#[test]
fn an_entry_may_go_when_it_and_the_answer_about_it_are_old_enough() {
    let end = START + RETENTION;
    let check = |contest: Option<Contest>, now| check_prunable(START, contest.as_ref(), now);
    assert_eq!(check(None, end - 1), Err(Fault::RetentionNotElapsed));
    assert_eq!(check(None, end), Ok(()));
    let unanswered = || Some(contest(None));
    assert_eq!(
        check(unanswered(), end - 1),
        Err(Fault::RetentionNotElapsed)
    );
    let asked_later = |now| {
        let contested_at = START + DAY;
        let contest = Contest {
            contested_at,
            ..contest(None)
        };
        check(Some(contest), now)
    };
    assert_eq!(asked_later(end + DAY - 1), Err(Fault::ContestOpen));
    assert_eq!(asked_later(end + DAY), Ok(()), "nobody will answer it");
    let answered = || Some(contest(Some(START + DAY)));
    assert_eq!(check(answered(), end), Err(Fault::RetentionNotElapsed));
    assert_eq!(check(answered(), end + DAY), Ok(()));
}

#[test]
fn a_contest_is_overdue_from_its_due_date_until_answered() {
    let due = START + ANSWER_WINDOW;
    assert!(!contest(None).is_overdue(due - 1));
    assert!(contest(None).is_overdue(due));
    assert!(!contest(Some(due + DAY)).is_overdue(due + 2 * DAY));
}

#[test]
fn logs_of_two_patients_never_share_a_head() {
    assert_ne!(Log::new(&PATIENT).head, Log::new(&OTHER_PATIENT).head);
    assert_eq!(Log::new(&PATIENT).base, PATIENT.0);
}

#[test]
fn a_log_ends_where_numbers_end() {
    build_and_execute(|| {
        disclosed(PATIENT);
        let entry = last_entry(PATIENT);
        let last = Log {
            next: u64::MAX,
            ..Log::new(&PATIENT)
        };
        assert_eq!(last.with(&entry), None);
    });
}

proptest! {
    #[test]
    fn partition_point_is_where_before_ends(
        low in 0u64..1_000,
        length in 0u64..1_000,
        point in 0u64..2_500,
    ) {
        let high = low + length;
        let expected = point.clamp(low, high);
        prop_assert_eq!(partition_point(low, high, |number| number < point), expected);
    }

    /// Every instant between the first access and now is covered, in a listed gap, or in a stretch
    /// that is not longer than the cadence; and gaps cover nothing that a batch covers.
    #[test]
    fn cadence_gaps_are_all_and_only_the_long_uncovered_stretches(
        steps in proptest::collection::vec((1..3 * CADENCE, 0..2 * CADENCE), 0..30),
        rest in 0..3 * CADENCE,
    ) {
        let mut time = START;
        let mut batches = Vec::new();
        for (pause, length) in steps {
            batches.push(batch(time + pause, time + pause + length));
            time += pause + length;
        }
        let now = time + rest;
        let numbered = (0..).zip(batches.iter().copied());
        let gaps: Vec<_> = cadence_gaps(numbered, now).collect();
        for gap in &gaps {
            prop_assert!(gap.to - gap.from > CADENCE);
            prop_assert_eq!(gap.open, gap.to == now && gap.after as usize + 1 == batches.len());
            let touched = batches.iter().any(|b| b.first_at < gap.to && gap.from < b.last_at);
            prop_assert!(!touched);
        }
        let ends: Vec<_> = batches.iter().skip(1).map(|b| b.first_at).chain([now]).collect();
        let uncovered = batches.iter().zip(ends).map(|(b, end)| end - b.last_at);
        let long = uncovered.filter(|stretch| *stretch > CADENCE).count();
        prop_assert_eq!(gaps.len(), long);
    }

    /// Whatever is changed in an entry, the head is another.
    #[test]
    fn a_head_depends_on_every_entry(
        contents in proptest::collection::vec(any::<[u8; 32]>(), 1..20),
        changed in any::<proptest::sample::Index>(),
        byte in 0usize..32,
    ) {
        build_and_execute(|| {
            disclosed(PATIENT);
            let entry = last_entry(PATIENT);
            let fold = |contents: &[[u8; 32]]| {
                contents.iter().fold(PATIENT.0, |head, content| {
                    let content = H256(*content);
                    next_head(&head, &Entry { content, ..entry.clone() })
                })
            };
            let mut tampered = contents.clone();
            tampered[changed.index(contents.len())][byte] ^= 1;
            assert_ne!(fold(&contents), fold(&tampered));
        });
    }
}
