//! Disputes: a custodian's own signature under something else than it had anchored.

use crate::{mock::*, pallet::Error, types::*, Batches, Event, Pallet, Records};
use axonic_primitives::{
    membership::Duty,
    merkle::{prove, root, LeafKind},
    patients::Power,
    testing::Doubles,
    AccountId, BatchId, OrgId, RecordId, Refusal,
};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};
use sp_core::{Pair, H256};

fn about(record: RecordId, version: u32, delivered: H256) -> Evidence {
    let delivery = delivery(Subject::Record(record), version, delivered);
    Evidence::Record {
        record,
        version,
        delivery,
    }
}

fn dispute(who: AccountId, evidence: Evidence) -> DispatchResult {
    HealthRecords::dispute(signed(who), evidence)
}

/// A batch of five documents, and their commitments.
fn batch() -> (BatchId, Vec<H256>) {
    let all: Vec<_> = (1..=5).map(H256::repeat_byte).collect();
    let id = batched(batch_draft(root(LeafKind::Record, &all), 5));
    (id, all)
}

fn about_leaf(batch: BatchId, all: &[H256], index: u32, delivered: H256) -> Evidence {
    Evidence::Leaf {
        batch,
        anchored: all[index as usize],
        proof: prove(LeafKind::Record, all, index).unwrap(),
        delivery: delivery(Subject::Batch(batch), index, delivered),
    }
}

#[test]
fn dispute_records_that_a_version_was_delivered_otherwise() {
    build_and_execute(|| {
        let id = corrected();
        Now::set(START + DAY);
        assert_ok!(dispute(CLAIMS_CLERK, about(id, 2, ALTERED)));
        let subject = Subject::Record(id);
        let by = Disputant::Member(PAYER);
        assert_eq!(
            last_event(),
            Event::Disputed {
                subject,
                place: 2,
                by
            }
        );
        assert_ok!(dispute(CLINIC_DOCTOR, about(id, 1, NEW_COMMITMENT)));
        let shown = |place, org, at, delivered| DisputeInfo {
            place,
            by: Disputant::Member(org),
            dispute: Dispute {
                at,
                delivered: Some(delivered),
            },
        };
        let at = START + DAY;
        assert_eq!(
            Pallet::<Test>::disputes_of(subject),
            [
                shown(1, CLINIC, at, NEW_COMMITMENT),
                shown(2, PAYER, at, ALTERED)
            ]
        );
        assert_eq!(record(id).disputes, 2);
    });
}

#[test]
fn dispute_is_for_other_members_and_for_who_speaks_for_the_patient() {
    build_and_execute(|| {
        let id = anchored(draft());
        assert_noop!(
            dispute(NURSE, about(id, 1, ALTERED)),
            Error::<Test>::OwnCustody
        );
        assert_noop!(dispute(STRANGER, about(id, 1, ALTERED)), NOT_STAFF);
        assert_noop!(dispute(OTHER_PATIENT_KEY, about(id, 1, ALTERED)), NOT_STAFF);
        // May see records, but not answer for the patient.
        assert_noop!(dispute(CARER, about(id, 1, ALTERED)), NOT_STAFF);
        assert_ok!(dispute(GUARDIAN, about(id, 1, ALTERED)));
        assert_noop!(
            dispute(PATIENT_KEY, about(id, 1, ALTERED)),
            Error::<Test>::AlreadyDisputed
        );
        Doubles::appoint(CARER, PATIENT, Power::Correspond);
        let id = anchored(draft());
        assert_ok!(dispute(CARER, about(id, 1, ALTERED)));
    });
}

#[test]
fn dispute_is_the_patients_when_the_patient_works_for_a_member() {
    build_and_execute(|| {
        let id = anchored(draft());
        let subject = Subject::Record(id);
        for org in [HOSPITAL, PAYER] {
            Doubles::enrol(PATIENT_KEY, org, Duty::Clinician);
            let id = anchored(draft());
            assert_ok!(dispute(PATIENT_KEY, about(id, 1, ALTERED)));
            let disputes = Pallet::<Test>::disputes_of(Subject::Record(id));
            assert_eq!(disputes[0].by, Disputant::Patient);
        }
        // And the patient's colleagues dispute besides.
        assert_ok!(dispute(CLAIMS_CLERK, about(id, 1, ALTERED)));
        assert_ok!(dispute(PATIENT_KEY, about(id, 1, ALTERED)));
        assert_eq!(Pallet::<Test>::disputes_of(subject).len(), 2);
    });
}

#[test]
fn dispute_is_refused_when_the_copy_is_what_was_anchored() {
    build_and_execute(|| {
        let id = corrected();
        assert_noop!(
            dispute(CLAIMS_CLERK, about(id, 2, NEW_COMMITMENT)),
            Error::<Test>::ProofDoesNotContradict
        );
    });
}

#[test]
fn dispute_is_refused_when_there_is_no_such_version() {
    build_and_execute(|| {
        let id = anchored(draft());
        for version in [0, 2] {
            assert_noop!(
                dispute(CLAIMS_CLERK, about(id, version, ALTERED)),
                Error::<Test>::VersionMismatch
            );
        }
        let unknown = RecordId(H256::repeat_byte(5));
        assert_noop!(
            dispute(CLAIMS_CLERK, about(unknown, 1, ALTERED)),
            Error::<Test>::NotFound
        );
        assert_ok!(HealthRecords::shred(signed(RECORDS_OFFICER), id));
        assert_noop!(
            dispute(CLAIMS_CLERK, about(id, 1, ALTERED)),
            Error::<Test>::AlreadyShredded
        );
    });
}

#[test]
fn dispute_is_refused_when_the_custodian_did_not_sign_it() {
    build_and_execute(|| {
        let id = anchored(draft());
        let subject = Subject::Record(id);
        let attempt = |delivery| {
            let evidence = Evidence::Record {
                record: id,
                version: 1,
                delivery,
            };
            dispute(CLAIMS_CLERK, evidence)
        };
        let good = delivery(subject, 1, ALTERED);
        let another_copy = Delivery {
            delivered: NEW_COMMITMENT,
            ..good.clone()
        };
        assert_noop!(attempt(another_copy), Error::<Test>::BadProof);
        let another_version = delivery(subject, 2, ALTERED);
        assert_noop!(attempt(another_version), Error::<Test>::BadProof);
        let another_subject = delivery(Subject::Batch(BatchId(id.0)), 1, ALTERED);
        assert_noop!(attempt(another_subject), Error::<Test>::BadProof);
        let another_signer = Delivery {
            signer: DOCTOR,
            ..good.clone()
        };
        assert_noop!(attempt(another_signer), Error::<Test>::BadProof);
        Doubles::enrol(archive(), CLINIC, Duty::DataSteward);
        assert_noop!(attempt(good.clone()), Error::<Test>::BadProof);
        Doubles::dismiss(&archive());
        assert_noop!(attempt(good.clone()), Error::<Test>::BadProof);
        // Staff of the custodian, but none that anchors.
        Doubles::enrol(archive(), HOSPITAL, Duty::ClaimsOfficer);
        assert_noop!(attempt(good.clone()), Error::<Test>::BadProof);
        Doubles::enrol(archive(), HOSPITAL, Duty::DataSteward);
        assert_ok!(attempt(good));
    });
}

#[test]
fn dispute_is_refused_when_the_signature_no_longer_counts() {
    build_and_execute(|| {
        let id = anchored(draft());
        let evidence = about(id, 1, ALTERED);
        Now::set(START + YEAR);
        assert_noop!(
            dispute(CLAIMS_CLERK, evidence),
            Error::<Test>::EvidenceExpired
        );
    });
}

#[test]
fn dispute_is_refused_when_there_are_as_many_as_there_may_be() {
    build_and_execute(|| {
        let id = anchored(draft());
        Records::<Test>::mutate_extant(id, |record| record.disputes = MAX_DISPUTES);
        assert_noop!(
            dispute(CLAIMS_CLERK, about(id, 1, ALTERED)),
            Error::<Test>::MaxDisputesExceeded
        );
        Records::<Test>::mutate_extant(id, |record| record.disputes = 0);
    });
}

#[test]
fn dispute_records_that_a_leaf_was_delivered_otherwise() {
    build_and_execute(|| {
        let (id, all) = batch();
        assert_ok!(dispute(CLAIMS_CLERK, about_leaf(id, &all, 3, ALTERED)));
        let subject = Subject::Batch(id);
        let shown = Pallet::<Test>::disputes_of(subject);
        let places: Vec<_> = shown.iter().map(|info| (info.place, info.by)).collect();
        assert_eq!(places, [(3, Disputant::Member(PAYER))]);
        assert_eq!(Batches::<Test>::get(id).unwrap().disputes, 1);
        assert_noop!(
            dispute(CLAIMS_CLERK, about_leaf(id, &all, 3, ALTERED)),
            Error::<Test>::AlreadyDisputed
        );
        assert_noop!(
            dispute(DOCTOR, about_leaf(id, &all, 4, ALTERED)),
            Error::<Test>::OwnCustody
        );
        assert_noop!(
            dispute(PATIENT_KEY, about_leaf(id, &all, 4, ALTERED)),
            NOT_STAFF
        );
        assert_noop!(
            dispute(CLAIMS_CLERK, about_leaf(id, &all, 4, all[4])),
            Error::<Test>::ProofDoesNotContradict
        );
    });
}

#[test]
fn disputes_of_a_batch_are_bounded_for_each_member() {
    build_and_execute(|| {
        let all: Vec<_> = (1..=MAX_DISPUTES as u8 + 2)
            .map(H256::repeat_byte)
            .collect();
        let leaves = all.len() as u32;
        let id = batched(batch_draft(root(LeafKind::Record, &all), leaves));
        for index in 1..=MAX_DISPUTES {
            assert_ok!(dispute(CLAIMS_CLERK, about_leaf(id, &all, index, ALTERED)));
        }
        let last = || about_leaf(id, &all, leaves - 1, ALTERED);
        assert_noop!(
            dispute(CLAIMS_CLERK, last()),
            Error::<Test>::MaxDisputesExceeded
        );
        assert_ok!(dispute(CLINIC_DOCTOR, last()));
        assert_ok!(dispute(CLINIC_DOCTOR, about_leaf(id, &all, 0, ALTERED)));
        assert_eq!(Batches::<Test>::get(id).unwrap().disputes, 66);
        // Readers see the first.
        let shown = Pallet::<Test>::disputes_of(Subject::Batch(id));
        let places: Vec<_> = shown.iter().map(|info| info.place).collect();
        assert_eq!(places, (0..MAX_DISPUTES).collect::<Vec<_>>());
    });
}

#[test]
fn dispute_of_a_leaf_is_refused_when_it_is_not_in_the_batch() {
    build_and_execute(|| {
        let (id, all) = batch();
        let evidence = |anchored, index| {
            let mut proof = prove(LeafKind::Record, &all, 0).unwrap();
            proof.index = index;
            Evidence::Leaf {
                batch: id,
                anchored,
                proof,
                delivery: delivery(Subject::Batch(id), index, ALTERED),
            }
        };
        assert_noop!(
            dispute(CLAIMS_CLERK, evidence(COMMITMENT, 0)),
            Error::<Test>::BadProof
        );
        assert_noop!(
            dispute(CLAIMS_CLERK, evidence(all[0], 5)),
            Error::<Test>::LeafOutOfRange
        );
        let unknown = BatchId(H256::repeat_byte(5));
        assert_noop!(
            dispute(CLAIMS_CLERK, about_leaf(unknown, &all, 0, ALTERED)),
            Error::<Test>::NotFound
        );
    });
}

#[test]
fn delivery_statement_is_what_custodians_sign() {
    build_and_execute(|| {
        let id = anchored(draft());
        let expires_at = START + DAY;
        let subject = Subject::Record(id);
        let statement = Pallet::<Test>::delivery_statement(subject, 1, ALTERED, expires_at);
        let statement = statement.expect("the record has a first version");
        assert_eq!(statement.nonce, 1);
        let signature = archive_key().sign(&statement.bytes);
        let delivery = Delivery {
            delivered: ALTERED,
            signer: archive(),
            expires_at,
            signature: signature.into(),
        };
        let evidence = Evidence::Record {
            record: id,
            version: 1,
            delivery,
        };
        assert_ok!(dispute(CLAIMS_CLERK, evidence));
    });
}

#[test]
fn delivery_statement_is_refused_for_what_is_not_there() {
    build_and_execute(|| {
        let id = anchored(draft());
        let (batch, _) = batch();
        let told = |subject, place| {
            let statement = Pallet::<Test>::delivery_statement(subject, place, ALTERED, START);
            statement.map(|statement| statement.nonce)
        };
        let refused = |name: &str| Err(Refusal(name.into()));
        assert_eq!(told(Subject::Record(id), 2), refused("VersionMismatch"));
        assert_eq!(told(Subject::Batch(batch), 4), Ok(4));
        assert_eq!(told(Subject::Batch(batch), 5), refused("LeafOutOfRange"));
        let nothing = H256::repeat_byte(5);
        let record = Subject::Record(RecordId(nothing));
        assert_eq!(told(record, 1), refused("NotFound"));
        let batch = Subject::Batch(BatchId(nothing));
        assert_eq!(told(batch, 1), refused("NotFound"));
        assert_ok!(HealthRecords::shred(signed(RECORDS_OFFICER), id));
        assert_eq!(told(Subject::Record(id), 1), refused("AlreadyShredded"));
    });
}

#[test]
fn disputes_of_the_same_place_are_in_the_order_of_members() {
    build_and_execute(|| {
        let id = anchored(draft());
        for who in [CLAIMS_CLERK, PATIENT_KEY, CLINIC_DOCTOR] {
            assert_ok!(dispute(who, about(id, 1, ALTERED)));
        }
        let by: Vec<_> = Pallet::<Test>::disputes_of(Subject::Record(id))
            .iter()
            .map(|info| info.by)
            .collect();
        let member = |org: OrgId| Disputant::Member(org);
        assert_eq!(by, [member(CLINIC), member(PAYER), Disputant::Patient]);
    });
}
