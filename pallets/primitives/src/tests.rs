//! What lives in state and in signatures never changes: every code, its bit and its index.
//!
//! These lists are copies on purpose. Whoever adds a code adds it at the end, here as well; nobody
//! changes or removes a line.

use crate::{
    consent::{Action, Basis, DataRef, Denial, Label, PurposeOfUse, ResourceType, Scope},
    credentials::{CredentialDenial, Privilege},
    membership::{Duty, Role},
    merkle::LeafKind,
    patients::{Acting, Power},
    BreakGlassId, Code, Codes, ConsentId, OrgId,
};
use alloc::vec::Vec;
use codec::Encode;
use sp_core::H256;

/// Asserts that the system has these codes with these bits, in this order, and no other, and that
/// sets are made of these bits.
fn assert_bits<C: Code + Encode>(expected: &[(&str, u32)]) {
    let found: Vec<_> = C::ALL
        .iter()
        .map(|code| (code.code(), code.bit()))
        .collect();
    assert_eq!(found, expected, "{}", C::SYSTEM);
    for code in C::ALL {
        let set = Codes::<C>::from(*code);
        assert_eq!(set.encode(), (1u32 << code.bit()).encode());
    }
    assert_indexes::<C>();
}

/// Asserts that every code's SCALE index is its bit, and that its text reads back as itself.
fn assert_indexes<C: Code + Encode>() {
    for code in C::ALL {
        assert_eq!(u32::from(index(code)), code.bit(), "{code:?}");
        assert_eq!(C::from_code(code.code()), Some(*code));
    }
}

/// The first byte of an encoding: an enum's index.
fn index(value: &impl Encode) -> u8 {
    value.encode()[0]
}

#[test]
fn the_codes_and_bits_of_roles_are_frozen() {
    assert_bits::<Role>(&[
        ("Provider", 0),
        ("Payer", 1),
        ("Manufacturer", 2),
        ("Repackager", 3),
        ("Wholesaler", 4),
        ("LogisticsProvider", 5),
        ("Pharmacy", 6),
        ("Laboratory", 7),
        ("Regulator", 8),
        ("LicensingBoard", 9),
        ("Sponsor", 10),
        ("ResearchInstitute", 11),
        ("DeviceMaker", 12),
        ("PatientAdvocate", 13),
    ]);
}

#[test]
fn the_codes_and_bits_of_duties_are_frozen() {
    assert_bits::<Duty>(&[
        ("Registrar", 0),
        ("Clinician", 1),
        ("Pharmacist", 2),
        ("SupplyOperator", 3),
        ("ClaimsOfficer", 4),
        ("RecordsOfficer", 5),
        ("PrivacyOfficer", 6),
        ("DataSteward", 7),
        ("DeviceManager", 8),
        ("TrialOfficer", 9),
        ("Auditor", 10),
    ]);
}

#[test]
fn the_codes_and_bits_of_actions_are_frozen() {
    assert_bits::<Action>(&[
        ("collect", 0),
        ("access", 1),
        ("use", 2),
        ("disclose", 3),
        ("correct", 4),
    ]);
}

#[test]
fn the_codes_and_bits_of_purposes_of_use_are_frozen() {
    assert_bits::<PurposeOfUse>(&[
        ("TREAT", 0),
        ("ETREAT", 1),
        ("BTG", 2),
        ("CAREMGT", 3),
        ("HPAYMT", 4),
        ("HOPERAT", 5),
        ("HRESCH", 6),
        ("CLINTRCH", 7),
        ("PUBHLTH", 8),
        ("HMARKT", 9),
        ("PATRQT", 10),
        ("FAMRQT", 11),
        ("PWATRNY", 12),
        ("SUPNWK", 13),
        ("HLEGAL", 14),
        ("HACCRED", 15),
        ("HQUALIMP", 16),
        ("DISASTER", 17),
        ("THREAT", 18),
    ]);
}

#[test]
fn the_codes_and_bits_of_labels_are_frozen() {
    assert_bits::<Label>(&[
        ("U", 0),
        ("L", 1),
        ("M", 2),
        ("N", 3),
        ("R", 4),
        ("V", 5),
        ("ETH", 6),
        ("HIV", 7),
        ("PSY", 8),
        ("SDV", 9),
        ("SEX", 10),
        ("SPI", 11),
        ("BH", 12),
        ("GDIS", 13),
        ("MH", 14),
        ("OPIOIDUD", 15),
        ("ETHUD", 16),
        ("SUD", 17),
        ("SICKLE", 18),
        ("STD", 19),
        ("TBOO", 20),
        ("VIO", 21),
        ("PSYTHPN", 22),
        ("CEL", 23),
        ("EMP", 24),
    ]);
}

#[test]
fn the_codes_and_bits_of_scopes_are_frozen() {
    assert_bits::<Scope>(&[
        ("treatment", 0),
        ("patient-privacy", 1),
        ("research", 2),
        ("adr", 3),
    ]);
}

#[test]
fn the_codes_and_bits_of_powers_are_frozen() {
    assert_bits::<Power>(&[
        ("Consent", 0),
        ("Access", 1),
        ("Correspond", 2),
        ("Identity", 3),
    ]);
}

#[test]
fn the_codes_and_bits_of_privileges_are_frozen() {
    assert_bits::<Privilege>(&[
        ("Prescribe", 0),
        ("PrescribeScheduleII", 1),
        ("PrescribeScheduleIII", 2),
        ("PrescribeScheduleIV", 3),
        ("PrescribeScheduleV", 4),
        ("Dispense", 5),
        ("EmergencyAccess", 6),
        ("Review", 7),
        ("Investigate", 8),
    ]);
}

#[test]
fn the_codes_and_bits_of_leaf_kinds_are_frozen() {
    assert_bits::<LeafKind>(&[
        ("record", 0),
        ("access", 1),
        ("telemetry", 2),
        ("dataset", 3),
        ("serial", 4),
    ]);
}

#[test]
fn the_codes_and_indexes_of_resource_types_are_frozen() {
    assert_eq!(ResourceType::ALL.len(), 168);
    for (position, resource) in ResourceType::ALL.iter().enumerate() {
        assert_eq!(resource.bit() as usize, position, "{resource:?}");
    }
    for (code, bit) in [
        ("Account", 0),
        ("Condition", 32),
        ("Consent", 34),
        ("MedicationRequest", 92),
        ("Observation", 102),
        ("Patient", 110),
        ("VisionPrescription", 157),
        ("CatalogEntry", 158),
        ("RiskEvidenceSynthesis", 167),
    ] {
        assert_eq!(ResourceType::from_code(code).map(Code::bit), Some(bit));
    }
    assert_indexes::<ResourceType>();

    // All names in order, one a line.
    let names: Vec<_> = ResourceType::ALL
        .iter()
        .map(|resource| resource.code())
        .collect();
    let digest = sp_io::hashing::blake2_256(names.join("\n").as_bytes());
    let expected = "0xa1832d76194739a9eca463b111474777575d610d34021681eb2e801857f772e2";
    assert_eq!(format!("{:?}", H256(digest)), expected);
}

#[test]
fn the_indexes_of_other_enums_are_frozen() {
    let hash = H256::repeat_byte(7);
    let consent = ConsentId(hash);

    let data = [
        DataRef::Instance(hash),
        DataRef::Related(hash),
        DataRef::Dependents(hash),
        DataRef::AuthoredBy(hash),
        DataRef::HeldBy(OrgId(1)),
    ];
    assert_eq!(data.each_ref().map(index), [0, 1, 2, 3, 4]);

    let bases = [
        Basis::Consent {
            consent,
            version: 1,
        },
        Basis::BreakGlass(BreakGlassId(hash)),
        Basis::Default(Scope::Treatment),
    ];
    assert_eq!(bases.each_ref().map(index), [0, 1, 2]);

    let denials = [
        Denial::PatientNotFound,
        Denial::PatientNotActive,
        Denial::RecipientNotActive,
        Denial::ConsentDenies(consent),
        Denial::DefaultDenies(Scope::Treatment),
        Denial::NoConsent,
        Denial::NotCredentialed,
        Denial::EmergencyPrivilegeMissing,
        Denial::MalformedQuery,
        Denial::NoGate,
        Denial::CredentialNotYetValid,
        Denial::CredentialExpired,
        Denial::CredentialSuspended,
        Denial::CredentialRevoked,
        Denial::IssuerDistrusted,
        Denial::JurisdictionMismatch,
        Denial::CredentialBackDated,
        Denial::TooManyConsents,
    ];
    assert_eq!(
        denials.each_ref().map(index),
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17]
    );

    let acting = [Acting::SelfActing, Acting::Representative];
    assert_eq!(acting.each_ref().map(index), [0, 1]);

    let reasons = [
        CredentialDenial::NotCredentialed,
        CredentialDenial::PrivilegeMissing,
        CredentialDenial::NotYetValid,
        CredentialDenial::Expired,
        CredentialDenial::Suspended,
        CredentialDenial::Revoked,
        CredentialDenial::IssuerDistrusted,
        CredentialDenial::JurisdictionMismatch,
        CredentialDenial::BackDated,
    ];
    assert_eq!(reasons.each_ref().map(index), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
}
