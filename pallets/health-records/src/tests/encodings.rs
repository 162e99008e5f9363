//! What lives in state never changes its bytes without a migration.

use crate::types::*;
use axonic_primitives::{
    consent::{Label, ResourceType},
    AccountId, BatchId, Codes, OrgId, PatientId, RecordId,
};
use codec::{Encode, MaxEncodedLen};
use sp_core::H256;

fn version() -> Version {
    Version {
        author: AccountId::new([9; 32]),
        commitment: H256::repeat_byte(10),
        anchored_at: 11,
        reason: Some(CorrectionReason::Corrected),
    }
}

fn encoded_version() -> Vec<u8> {
    [
        &[9u8; 32][..],
        &[10; 32],
        &[11, 0, 0, 0, 0, 0, 0, 0],
        &[1, 3],
    ]
    .concat()
}

#[test]
fn the_encoding_of_a_version_is_frozen() {
    assert_eq!(version().encode(), encoded_version());
    assert_eq!(Version::max_encoded_len(), encoded_version().len());
}

#[test]
fn the_encoding_of_a_record_is_frozen() {
    let content = Content {
        class: ResourceType::Observation,
        labels: Codes::from([Label::Normal, Label::Hiv]),
        retain_until: Some(7),
        holds: Codes::from([LegalBasis::LegalObligation, LegalBasis::SubjectRequest]),
        offered_to: Some(OrgId(8)),
        version: 2,
        latest: version(),
    };
    let record = Record {
        patient: PatientId(H256::repeat_byte(1)),
        custodian: OrgId(2),
        origin: OrgId(3),
        sequence: 4,
        anchored_at: 5,
        status: Status::EnteredInError,
        ended_at: Some(12),
        disputes: 6,
        content: Some(content),
    };
    let shared = [
        &[1u8; 32][..],
        &[2, 0, 0, 0],
        &[3, 0, 0, 0],
        &[4, 0, 0, 0],
        &[5, 0, 0, 0, 0, 0, 0, 0],
    ]
    .concat();
    let expected = [
        &shared[..],
        &[2],
        &[1, 12, 0, 0, 0, 0, 0, 0, 0],
        &[6, 0, 0, 0],
        &[1],
        &[102],
        &[0x88, 0, 0, 0],
        &[1, 7, 0, 0, 0, 0, 0, 0, 0],
        &[0x82, 0, 0, 0],
        &[1, 8, 0, 0, 0],
        &[2, 0, 0, 0],
        &encoded_version(),
    ]
    .concat();
    assert_eq!(record.encode(), expected);
    assert_eq!(Record::max_encoded_len(), expected.len());

    let shredded = Record {
        status: Status::Shredded,
        content: None,
        ..record
    };
    let expected = [
        &shared[..],
        &[3],
        &[1, 12, 0, 0, 0, 0, 0, 0, 0],
        &[6, 0, 0, 0],
        &[0],
    ]
    .concat();
    assert_eq!(shredded.encode(), expected);
}

#[test]
fn the_encoding_of_a_batch_is_frozen() {
    let batch = Batch {
        custodian: OrgId(1),
        sequence: 2,
        kind: BatchKind::Dataset,
        root: H256::repeat_byte(3),
        leaves: 4,
        first_at: 5,
        last_at: 6,
        manifest_hash: H256::repeat_byte(7),
        anchored_at: 8,
        disputes: 9,
    };
    let expected = [
        &[1u8, 0, 0, 0][..],
        &[2, 0, 0, 0, 0, 0, 0, 0],
        &[2],
        &[3; 32],
        &[4, 0, 0, 0],
        &[5, 0, 0, 0, 0, 0, 0, 0],
        &[6, 0, 0, 0, 0, 0, 0, 0],
        &[7; 32],
        &[8, 0, 0, 0, 0, 0, 0, 0],
        &[9, 0, 0, 0],
    ]
    .concat();
    assert_eq!(batch.encode(), expected);
    assert_eq!(Batch::max_encoded_len(), expected.len());
}

#[test]
fn the_encoding_of_disputes_and_holdings_is_frozen() {
    let dispute = Dispute {
        at: 1,
        delivered: Some(H256::repeat_byte(2)),
    };
    let expected = [&[1u8, 0, 0, 0, 0, 0, 0, 0][..], &[1], &[2; 32]].concat();
    assert_eq!(dispute.encode(), expected);
    let by_member = (3u32, Disputant::Member(OrgId(4)));
    assert_eq!(by_member.encode(), [3u8, 0, 0, 0, 0, 4, 0, 0, 0]);
    let by_patient = (3u32, Disputant::Patient);
    assert_eq!(by_patient.encode(), [3u8, 0, 0, 0, 1]);
    let id = H256::repeat_byte(5);
    let record = Subject::Record(RecordId(id)).encode();
    assert_eq!(record, [&[0u8][..], &[5; 32]].concat());
    let batch = Subject::Batch(BatchId(id)).encode();
    assert_eq!(batch, [&[1u8][..], &[5; 32]].concat());
    let holding = Holding {
        anchored: 1,
        held: 2,
    };
    assert_eq!(holding.encode(), [1u8, 0, 0, 0, 2, 0, 0, 0]);
}

#[test]
fn the_codes_of_closed_sets_are_frozen() {
    let codes = [
        (Status::Current.encode(), 0u8),
        (Status::Superseded.encode(), 1),
        (Status::EnteredInError.encode(), 2),
        (Status::Shredded.encode(), 3),
        (CorrectionReason::Final.encode(), 0),
        (CorrectionReason::Appended.encode(), 1),
        (CorrectionReason::Amended.encode(), 2),
        (CorrectionReason::Corrected.encode(), 3),
        (CorrectionReason::Rectified.encode(), 4),
        (CorrectionReason::Relabelled.encode(), 5),
        (BatchKind::Records.encode(), 0),
        (BatchKind::Telemetry.encode(), 1),
        (BatchKind::Dataset.encode(), 2),
    ];
    for (encoded, code) in codes {
        assert_eq!(encoded, [code]);
    }
}
