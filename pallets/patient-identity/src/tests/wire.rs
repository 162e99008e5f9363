//! What lives in state, in signatures and in JSON: frozen.

use super::*;
use crate::{
    Agent, Agreement, AssuranceLevel, GenesisConfig, GenesisPatient, KeyPurpose, LinkKind,
    PatientInfo, RecoveryStage, RepresentativeKind, Status,
};
use axonic_primitives::{Code, Codes};
use codec::Encode;
use sp_runtime::BuildStorage;

#[test]
fn indices_of_stored_enums_never_change() {
    let statuses = [
        Status::Registered,
        Status::Active,
        Status::Suspended { since: 7 },
        Status::Merged { into: id(7) },
        Status::Deceased { reported_at: 7 },
        Status::Erased,
    ];
    for (index, status) in (0u8..).zip(statuses) {
        assert_eq!(status.encode().first(), Some(&index), "{status:?}");
    }
    for (index, purpose) in (0u8..).zip(KeyPurpose::ALL) {
        assert_eq!(
            (purpose.encode(), purpose.bit()),
            (vec![index], u32::from(index))
        );
    }
    let levels = [
        AssuranceLevel::Ial1,
        AssuranceLevel::Ial2,
        AssuranceLevel::Ial3,
    ];
    assert_eq!(levels.encode(), vec![1, 2, 3]);
    let kinds = [
        RepresentativeKind::Parent,
        RepresentativeKind::Guardian,
        RepresentativeKind::PowerOfAttorney,
        RepresentativeKind::Court,
    ];
    assert_eq!(kinds.encode(), vec![0, 1, 2, 3]);
    let links = [LinkKind::ReplacedBy, LinkKind::Refer, LinkKind::SeeAlso];
    assert_eq!(links.encode(), vec![0, 1, 2]);
    assert_eq!(RecoveryStage::Idle.encode(), vec![0]);
    assert_eq!(RecoveryStage::Vetoed.encode(), vec![2]);
    assert_eq!(Agent::Account(account(1)).encode().first(), Some(&0));
    assert_eq!(Agent::Patient(PATIENT).encode().first(), Some(&1));
}

#[test]
fn the_bytes_of_a_statement_never_change() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            frame_system::BlockHash::<Test>::insert(0u64, hash(0xaa));
            let purposes: Codes<KeyPurpose> = KeyPurpose::Consent.into();
            let agreement = Agreement::AddKey {
                purposes,
                key_expires_at: Some(9),
            };
            let expires_at = START + HOUR;
            let statement =
                PatientIdentity::statement(PATIENT, account(TABLET), agreement, expires_at)
                    .unwrap();
            let expected = [
                &b"axonic/patient/add_key\0\0\0\0\0\0\0\0\0\0"[..],
                &[0xaa; 32],
                &[1; 32],
                &[0; 8],
                &expires_at.to_le_bytes(),
                &account(TABLET).encode()[..],
                &[2],
                &[2, 0, 0, 0],
                &[1, 9, 0, 0, 0, 0, 0, 0, 0],
            ]
            .concat();
            assert_eq!(statement.bytes, expected);
            assert_eq!(statement.nonce, 0);
        });
}

#[test]
fn kinds_of_statements_have_tags_and_indices_of_their_own() {
    let (purposes, commitment) = (every_purpose(), hash(1));
    let agreements = [
        Agreement::Register {
            org: HOSPITAL,
            purposes,
            commitment,
        },
        Agreement::Claim {
            purposes,
            commitment,
        },
        Agreement::AddKey {
            purposes,
            key_expires_at: None,
        },
        Agreement::RotateKey {
            replaces: account(1),
        },
        Agreement::Recover { org: HOSPITAL },
        Agreement::Merge { into: PATIENT },
        Agreement::AcceptMerge { from: PATIENT },
        Agreement::Unmerge,
    ];
    let tags = [
        "register",
        "claim",
        "add_key",
        "rotate_key",
        "recover",
        "merge",
        "accept_merge",
        "unmerge",
    ];
    for ((index, agreement), tag) in (0u8..).zip(&agreements).zip(tags) {
        let text = format!("axonic/patient/{tag}");
        assert!(agreement.purpose().starts_with(text.as_bytes()));
        assert!(agreement.purpose()[text.len()..]
            .iter()
            .all(|byte| *byte == 0));
        assert_eq!(agreement.encode().first(), Some(&index));
    }
}

#[test]
fn the_bytes_of_agreements_with_an_organisation_or_another_patient_never_change() {
    let register = Agreement::Register {
        org: CLINIC,
        purposes: KeyPurpose::Consent.into(),
        commitment: hash(9),
    };
    let expected = [&[0u8, 1, 0, 0, 0, 2, 0, 0, 0][..], &[9u8; 32]].concat();
    assert_eq!(register.encode(), expected);
    let recover = Agreement::Recover { org: CLINIC };
    assert_eq!(recover.encode(), vec![4, 1, 0, 0, 0]);
    let accept = Agreement::AcceptMerge { from: PATIENT };
    assert_eq!(accept.encode(), [&[6u8][..], &[1u8; 32]].concat());
    assert_eq!(Agreement::Unmerge.encode(), vec![7]);
}

#[test]
fn genesis_reads_plain_json_and_nothing_else() {
    let json = format!(
        r#"{{"patients":[{{"id":"{:#x}","key":"{}","managingOrg":0,"commitment":"{:#x}"}}]}}"#,
        PATIENT.0,
        account(PHONE),
        hash(0xcc),
    );
    let config: GenesisConfig<Test> = serde_json::from_str(&json).unwrap();
    let expected = GenesisPatient {
        id: PATIENT,
        key: account(PHONE),
        managing_org: HOSPITAL,
        commitment: hash(0xcc),
    };
    assert_eq!(config.patients, vec![expected]);
    let unknown = json.replace("managingOrg", "managing_org");
    assert!(serde_json::from_str::<GenesisConfig<Test>>(&unknown).is_err());
}

#[test]
#[should_panic(expected = "the id of a genesis patient is zero or taken")]
fn genesis_is_refused_when_two_patients_share_an_id() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .with_patient(PATIENT, TABLET)
        .build_and_execute(|| {});
}

#[test]
#[should_panic(expected = "two genesis patients share a key")]
fn genesis_is_refused_when_two_patients_share_a_key() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .with_patient(NEIGHBOUR, PHONE)
        .build_and_execute(|| {});
}

#[test]
fn an_empty_genesis_builds() {
    let genesis = RuntimeGenesisConfig::default();
    assert!(genesis.build_storage().is_ok());
}

#[test]
fn answers_are_plain_json() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            let info = PatientIdentity::patient(PATIENT).unwrap();
            let json = serde_json::to_value(&info).unwrap();
            assert_eq!(json["status"], "active");
            assert_eq!(json["record"]["managingOrg"], 0);
            assert_eq!(json["record"]["linksFrozen"], false);
            assert_eq!(json["record"]["sponsor"], serde_json::Value::Null);
            assert_eq!(json["record"]["resumedAt"], serde_json::Value::Null);
            assert_eq!(serde_json::from_value::<PatientInfo>(json).unwrap(), info);
            let keys = serde_json::to_value(PatientIdentity::keys_of(PATIENT)).unwrap();
            let purposes = ["Authentication", "Consent", "KeyAgreement", "Recovery"];
            assert_eq!(keys[0]["purposes"], serde_json::json!(purposes));
            let statement = PatientIdentity::statement(
                PATIENT,
                account(TABLET),
                Agreement::Recover { org: HOSPITAL },
                START + HOUR,
            );
            let statement = serde_json::to_value(statement.unwrap()).unwrap();
            let bytes = statement["bytes"].as_str().unwrap();
            assert!(bytes.starts_with("0x61786f6e6963"), "{bytes}");
            let recover = serde_json::to_value(Agreement::Recover { org: HOSPITAL }).unwrap();
            assert_eq!(recover, serde_json::json!({ "recover": { "org": 0 } }));
            assert_eq!(serde_json::to_value(LinkKind::SeeAlso).unwrap(), "seealso");
            assert_eq!(
                serde_json::to_value(LinkKind::ReplacedBy).unwrap(),
                "replaced-by"
            );
        });
}
