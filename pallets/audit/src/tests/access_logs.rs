//! Roots of a custodian's own access log, proofs against them, and the cadence.

use crate::{mock::*, types::*, Error, Event, CADENCE, MAX_BATCHES_SEARCHED};
use axonic_primitives::{
    merkle::{self, InclusionProof, LeafKind, MAX_LEAVES},
    Moment,
};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};
use sp_core::H256;

const ROOT: H256 = H256::repeat_byte(8);

fn anchor_rows(root: H256, count: u32, first_at: Moment, last_at: Moment) -> DispatchResult {
    Audit::anchor_access_log(signed(CLERK), root, count, first_at, last_at)
}

fn anchor(first_at: Moment, last_at: Moment) -> DispatchResult {
    anchor_rows(ROOT, 10, first_at, last_at)
}

#[test]
fn anchor_stores_the_root_in_its_place() {
    build_and_execute(|| {
        assert_ok!(anchor(START - 2 * HOUR, START - HOUR));
        assert_ok!(anchor_rows(ROOT, MAX_LEAVES, START, START));
        let batch = AccessLogBatch {
            root: ROOT,
            count: MAX_LEAVES,
            first_at: START,
            last_at: START,
            anchored_at: START,
        };
        let (org, sequence) = (HOSPITAL, 1);
        let anchored = Event::AccessLogAnchored {
            org,
            sequence,
            batch,
        };
        assert_eq!(last_event(), anchored);
        let all = Audit::access_logs_of(HOSPITAL, None, 10).unwrap();
        assert_eq!(all.len(), 2);
        let second = AccessLogInfo {
            org,
            sequence,
            batch,
            late: false,
        };
        assert_eq!(all[1], second);
        let rest = Audit::access_logs_of(HOSPITAL, Some(0), 10).unwrap();
        assert_eq!(rest, [second]);
        assert_eq!(Audit::access_logs_of(HOSPITAL, None, 1).unwrap().len(), 1);
        assert_eq!(Audit::access_logs_of(CLINIC, None, 10), Ok(vec![]));
    });
}

#[test]
fn anchor_is_refused_when_the_batch_is_empty_or_too_large() {
    build_and_execute(|| {
        assert_noop!(
            anchor_rows(ROOT, 0, START, START),
            Error::<Test>::EmptyBatch
        );
        assert_noop!(
            anchor_rows(ROOT, MAX_LEAVES + 1, START, START),
            Error::<Test>::TooManyLeaves
        );
        assert_noop!(
            anchor_rows(H256::zero(), 1, START, START),
            Error::<Test>::CommitmentMissing
        );
    });
}

#[test]
fn anchor_is_refused_when_the_times_are_wrong() {
    build_and_execute(|| {
        assert_noop!(anchor(START, START - 1), Error::<Test>::InvalidPeriod);
        assert_noop!(anchor(START, START + 1), Error::<Test>::TimeInFuture);
    });
}

#[test]
fn anchor_is_refused_when_it_overlaps_the_previous_batch() {
    build_and_execute(|| {
        assert_ok!(anchor(START - HOUR, START - 10));
        for first_at in [START - 2 * HOUR, START - HOUR, START - 10] {
            assert_noop!(anchor(first_at, START), Error::<Test>::OverlapsPrevious);
        }
        let elsewhere =
            Audit::anchor_access_log(signed(CLINIC_STAFF), ROOT, 1, START - HOUR, START);
        assert_ok!(elsewhere);
        assert_ok!(anchor(START - 9, START));
    });
}

#[test]
fn anchor_is_refused_when_the_signer_is_no_custodian() {
    build_and_execute(|| {
        let anchored = Audit::anchor_access_log(signed(DOCTOR), ROOT, 1, START, START);
        assert!(anchored.is_err());
    });
}

#[test]
fn a_batch_is_late_when_it_was_anchored_more_than_the_cadence_after_the_one_before() {
    build_and_execute(|| {
        // The first has nothing to be counted from.
        assert_ok!(anchor(START - 10 * DAY, START - 1));
        Now::set(START + CADENCE);
        assert_ok!(anchor(START, START));
        Now::set(START + 2 * CADENCE + 1);
        assert_ok!(anchor(START + 2 * CADENCE, START + 2 * CADENCE));
        let late = |after| {
            let infos = Audit::access_logs_of(HOSPITAL, after, 10).unwrap();
            infos.into_iter().map(|info| info.late).collect::<Vec<_>>()
        };
        assert_eq!(late(None), [false, false, true]);
        assert_eq!(late(Some(1)), [true], "on whichever page");
    });
}

#[test]
fn cadence_gaps_are_searched_for_behind_a_bounded_number_of_batches() {
    build_and_execute(|| {
        // One anchored each millisecond, and none for two days behind the last.
        let count = MAX_BATCHES_SEARCHED + 2;
        for number in 0..u64::from(count) {
            Now::set(START + number);
            assert_ok!(anchor(START + number, START + number));
        }
        let to = Now::get() + 2 * DAY;
        Now::set(to);
        let gaps = |after| Audit::cadence_gaps(HOSPITAL, after, 10).unwrap();
        assert!(gaps(None).is_empty(), "where the search ends is no gap");
        let gap = Gap {
            after: count - 1,
            from: START + u64::from(count - 1),
            to,
            open: true,
        };
        assert_eq!(gaps(Some(MAX_BATCHES_SEARCHED - 1)), [gap]);
    });
}

#[test]
fn cadence_gaps_are_the_stretches_that_no_batch_covers() {
    build_and_execute(|| {
        let gaps = |after, limit| Audit::cadence_gaps(HOSPITAL, after, limit).unwrap();
        assert!(gaps(None, 10).is_empty(), "nothing to count from");
        let at = |days: u64| START - 20 * DAY + days * DAY;
        assert_ok!(anchor(at(0), at(1)));
        assert_ok!(anchor(at(2), at(3)));
        assert_ok!(anchor(at(5), at(6)));
        Now::set(at(7));
        let past = Gap {
            after: 1,
            from: at(3),
            to: at(5),
            open: false,
        };
        assert_eq!(gaps(None, 10), [past], "a day is the cadence and no gap");
        Now::set(at(7) + 1);
        let open = Gap {
            after: 2,
            from: at(6),
            to: at(7) + 1,
            open: true,
        };
        assert_eq!(gaps(None, 10), [past, open]);
        assert_eq!(gaps(None, 1), [past]);
        assert_eq!(gaps(Some(past.after), 10), [open]);
        assert!(gaps(Some(open.after), 10).is_empty());
        assert_ok!(anchor(at(6) + 1, at(7)));
        assert_eq!(gaps(None, 10), [past], "what is covered later is no gap");
    });
}

#[test]
fn prove_access_shows_that_a_row_was_anchored() {
    build_and_execute(|| {
        let rows: Vec<_> = (1..=5).map(H256::repeat_byte).collect();
        let root = merkle::root(LeafKind::Access, &rows);
        assert_ok!(anchor_rows(root, 5, START - HOUR, START));
        let prove = |sequence, row, proof| {
            Audit::prove_access(HOSPITAL, sequence, row, proof)
                .map(|info| info.batch.root)
                .map_err(|refusal| refusal.0)
        };
        let refused = |name: &str| Err(name.to_string());
        for (index, row) in (0..).zip(&rows) {
            let proof = merkle::prove(LeafKind::Access, &rows, index).unwrap();
            assert_eq!(prove(0, *row, proof.clone()), Ok(root));
            assert_eq!(prove(0, H256::zero(), proof.clone()), refused("BadProof"));
            assert_eq!(prove(1, *row, proof), refused("NotFound"));
        }
        let good = merkle::prove(LeafKind::Access, &rows, 0).unwrap();
        let outside = InclusionProof {
            index: 5,
            ..good.clone()
        };
        assert_eq!(prove(0, rows[0], outside), refused("LeafOutOfRange"));
        let larger = InclusionProof { leaves: 6, ..good };
        assert_eq!(prove(0, rows[0], larger), refused("BadProof"));
        let record = merkle::prove(LeafKind::Record, &rows, 0).unwrap();
        assert_eq!(prove(0, rows[0], record), refused("BadProof"));
    });
}
