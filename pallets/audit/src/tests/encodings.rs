//! What lives in state, and in the hash chains, never changes its bytes; what people send and see
//! never changes its JSON.

use crate::{mock::*, rules::next_head, types::*};
use axonic_primitives::{
    consent::{Action, Basis, Denial, PurposeOfUse, ResourceType},
    patients::Acting,
    AccountId, ConsentId, OrgId,
};
use codec::{Encode, MaxEncodedLen};
use serde_json::json;
use sp_core::H256;

fn entry() -> Entry {
    Entry {
        sequence: 1,
        at: 2,
        custodian: OrgId(3),
        custodian_sequence: 4,
        discloser: AccountId::new([5; 32]),
        recipient: OrgId(6),
        practitioner: Some(AccountId::new([7; 32])),
        purpose: PurposeOfUse::Payment,
        action: Action::Disclose,
        classes: vec![ResourceType::Observation, ResourceType::Patient]
            .try_into()
            .unwrap(),
        content: H256::repeat_byte(8),
        outcome: Outcome::Disclosed {
            basis: Basis::Consent {
                consent: ConsentId(H256::repeat_byte(9)),
                version: 10,
            },
            conditional: true,
        },
    }
}

#[test]
fn the_encoding_of_an_entry_is_frozen() {
    let expected = [
        &[1u8, 0, 0, 0, 0, 0, 0, 0][..],
        &[2, 0, 0, 0, 0, 0, 0, 0],
        &[3, 0, 0, 0],
        &[4, 0, 0, 0, 0, 0, 0, 0],
        &[5; 32],
        &[6, 0, 0, 0],
        &[1],
        &[7; 32],
        &[4],
        &[3],
        &[8, 102, 110],
        &[8; 32],
        &[0],
        &[0],
        &[9; 32],
        &[10, 0, 0, 0],
        &[1],
    ]
    .concat();
    assert_eq!(entry().encode(), expected);
    // Fourteen more resource types would fit.
    assert_eq!(Entry::max_encoded_len(), expected.len() + 14);
}

#[test]
fn the_encoding_of_a_refused_outcome_is_frozen() {
    assert_eq!(Outcome::Refused(Denial::NoConsent).encode(), [1u8, 5]);
}

#[test]
fn the_hash_chain_is_frozen() {
    let head = next_head(&H256::repeat_byte(1), &entry());
    let expected = "0x51da29d761aed9697067732dafab04178f59d00de318c6ab91d07f300feacec5";
    assert_eq!(format!("{head:?}"), expected);
}

#[test]
fn the_encoding_of_a_log_is_frozen() {
    let log = Log {
        first: 1,
        next: 2,
        base: H256::repeat_byte(3),
        head: H256::repeat_byte(4),
    };
    let expected = [
        &[1u8, 0, 0, 0, 0, 0, 0, 0][..],
        &[2, 0, 0, 0, 0, 0, 0, 0],
        &[3; 32],
        &[4; 32],
    ]
    .concat();
    assert_eq!(log.encode(), expected);
}

#[test]
fn the_encoding_of_a_contest_is_frozen() {
    let contest = Contest {
        by: Acting::Representative,
        contested_at: 1,
        answer: Some(Answer {
            finding: Finding::LoggedInError,
            explanation: H256::repeat_byte(2),
            officer: AccountId::new([3; 32]),
            answered_at: 4,
        }),
    };
    let expected = [
        &[1u8][..],
        &[1, 0, 0, 0, 0, 0, 0, 0],
        &[1],
        &[2],
        &[2; 32],
        &[3; 32],
        &[4, 0, 0, 0, 0, 0, 0, 0],
    ]
    .concat();
    assert_eq!(contest.encode(), expected);
    assert_eq!(Finding::Justified.encode(), [0u8]);
    assert_eq!(Finding::Unjustified.encode(), [1u8]);
}

#[test]
fn the_encoding_of_a_batch_is_frozen() {
    let batch = AccessLogBatch {
        root: H256::repeat_byte(1),
        count: 2,
        first_at: 3,
        last_at: 4,
        anchored_at: 5,
    };
    let expected = [
        &[1u8; 32][..],
        &[2, 0, 0, 0],
        &[3, 0, 0, 0, 0, 0, 0, 0],
        &[4, 0, 0, 0, 0, 0, 0, 0],
        &[5, 0, 0, 0, 0, 0, 0, 0],
    ]
    .concat();
    assert_eq!(batch.encode(), expected);
    let head = AccessLogHead {
        next: 1,
        last_at: 2,
    };
    let expected = [&[1u8, 0, 0, 0][..], &[2, 0, 0, 0, 0, 0, 0, 0]].concat();
    assert_eq!(head.encode(), expected);
}

#[test]
fn a_disclosure_reads_from_plain_json() {
    let text = json!({
        "recipient": { "org": 2 },
        "action": "disclose",
        "purpose": "TREAT",
        "classes": ["Observation"],
        "content": CONTENT,
    });
    let read: Disclosure = serde_json::from_value(text).unwrap();
    assert_eq!(read, disclosure(PAYER));
    let misspelt = json!({
        "recipient": { "org": 2 },
        "action": "disclose",
        "purpose": "TREAT",
        "klasses": ["Observation"],
    });
    let error = serde_json::from_value::<Disclosure>(misspelt).unwrap_err();
    assert!(error.to_string().contains("klasses"), "{error}");
}

#[test]
fn an_entry_shows_as_plain_json() {
    let shown = serde_json::to_value(entry()).unwrap();
    assert_eq!(shown["custodianSequence"], json!(4));
    assert_eq!(shown["purpose"], json!("HPAYMT"));
    assert_eq!(shown["classes"], json!(["Observation", "Patient"]));
    assert_eq!(shown["outcome"]["disclosed"]["conditional"], json!(true));
    let basis = &shown["outcome"]["disclosed"]["basis"];
    assert_eq!(basis["consent"]["version"], json!(10));
    let back: Entry = serde_json::from_value(shown).unwrap();
    assert_eq!(back, entry());
}
