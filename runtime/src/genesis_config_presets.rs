//! What a network starts from. Networks differ in this and in nothing else.

use crate::{
    configs::fees::EXISTENTIAL_DEPOSIT, AccountId, AuraId, Balance, BalancesConfig,
    CollatorSelection, CollatorSelectionConfig, ConsortiumConfig, CouncilMembershipConfig,
    ParachainInfoConfig, PatientIdentityConfig, RuntimeGenesisConfig, SessionConfig, SessionKeys,
    TechnicalMembershipConfig, UNIT,
};
use alloc::{vec, vec::Vec};
use axonic_primitives::{
    membership::{Duty, Jurisdiction, Role},
    Codes, Moment, OrgId, PatientId,
};
use frame_support::build_struct_json_patch;
use pallet_consortium::{GenesisOrganisation, GenesisSite, GenesisStaff, Gln, SiteKind};
use pallet_patient_identity::GenesisPatient;
use serde_json::Value;
use sp_core::{hex2array, sr25519, H256};
use sp_genesis_builder::{PresetId, DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET};
use sp_keyring::Sr25519Keyring;
use sp_runtime::traits::{BlakeTwo256, Hash};

/// One node, no relay chain, an account for each role.
pub const DEVELOPMENT: &str = DEV_RUNTIME_PRESET;
/// Two collators on a local relay chain, with the same members and accounts.
pub const LOCAL_TESTNET: &str = LOCAL_TESTNET_RUNTIME_PRESET;
/// A network of real members, to be filled in.
pub const CONSORTIUM: &str = "consortium";

/// The number under which every preset registers with its relay chain.
pub const PARA_ID: u32 = 2000;

/// What each account of a development network starts with.
pub const ENDOWMENT: Balance = 1_000_000 * UNIT;

/// How long members and staff of a development network are enrolled: until 2100-01-01, UTC.
const ENROLLED_UNTIL: Moment = 4_102_444_800_000;

/// Declares the role accounts, each a constant of its own and an entry of [`ROLE_ACCOUNTS`].
macro_rules! role_accounts {
    ($( $account:ident, $role:literal: $key:literal; )+) => {
        $( const $account: AccountId = AccountId::new(hex2array!($key)); )+

        /// The accounts of a development network: the role, and the sr25519 public key that the
        /// development phrase derives under `//<role>`, as hexadecimal digits after `0x`.
        ///
        /// They are written out because a runtime cannot derive keys.
        pub const ROLE_ACCOUNTS: &[(&str, &str)] = &[ $( ($role, concat!("0x", $key)) ),+ ];

        /// The same accounts, decoded.
        pub fn role_accounts() -> Vec<(&'static str, AccountId)> {
            vec![ $( ($role, $account) ),+ ]
        }
    };
}

role_accounts! {
    COUNCIL, "Council":
        "ca58bb9daa6bac4b8824a99b2a411d8eb3a9b5b9dfec09d57a38ccb104ce611c";
    HOSPITAL_ADMIN, "HospitalAdmin":
        "42fabaf1ac847c8c4b7222d42a519180f3c32d818e437869206b11963d5cc270";
    REGISTRAR, "Registrar":
        "be72384ef516e60913ca067e4a0640cab1922c4419982d04efd85408b5274159";
    CLINICIAN, "Clinician":
        "c2e231bbe2b1d73b0e28df3ec8e33c2f07ec1bcdc06522b3ed976fb935dbc126";
    RECORDS_OFFICER, "RecordsOfficer":
        "9c72c4144ae44232d6d182868a16ee79d0c68e044998f78cd58e3d7ea496356f";
    PRIVACY_OFFICER, "PrivacyOfficer":
        "0c9a1622ccb1b6a4b0de4b4dfd35d14657c2ce5ce8ae6fbd75dbc80a0b61e732";
    PAYER_ADMIN, "PayerAdmin":
        "fa9b4a1ca241e67f70d0738c8b1d3bb9ce5f2188bf237240b41fb0eff34d0356";
    CLAIMS_OFFICER, "ClaimsOfficer":
        "0e134607a2a6d040802812a4074e32efcae18604df006d6e1e7e058059b9971d";
    MAKER_ADMIN, "MakerAdmin":
        "1412fc33cbe3951e686e94ac6d3e4b65502d5beceac066fc6b5ea913bd968574";
    WHOLESALER_ADMIN, "WholesalerAdmin":
        "0036c55ca9d772cec8b64e598dee6f1e15966030cc7a066dbad1fe1285de2077";
    PHARMACY_ADMIN, "PharmacyAdmin":
        "60b532867a2507470119ca7d57c04a92fcd0c6c9ed8196b98d99bdcbfa39a924";
    PHARMACIST, "Pharmacist":
        "a6399e2d059a382c5e2dab40856625a31e62ca5a4047da68fc0bba89d8d77c2d";
    REGULATOR_ADMIN, "RegulatorAdmin":
        "b8b9d4709d231f81ffa7fc61fd46115d39ea7d14444b5fafaadeff71ede43107";
    AUDITOR, "Auditor":
        "44f4045febaaaaab30d2efb6aac7d5a0317778f8af3230fb962e2104e060f74b";
    PATIENT, "Patient":
        "52c4b8eff43e334ce17f21450e73d20ced5d827a352420a4dc4aca94279eb112";
}

/// The patient of development networks, whose key is `//Patient`. Drawn at random.
pub const DEVELOPMENT_PATIENT: PatientId = PatientId(H256(hex2array!(
    "348cc88afc9a8fb1de09bc8c20fdc9a7399cdc47142a258977714fcee142cb6f"
)));

/// The preset of this name as a patch of the default genesis, in JSON.
pub fn get_preset(id: &PresetId) -> Option<Vec<u8>> {
    let network = match id.as_str() {
        DEVELOPMENT => development(&[Sr25519Keyring::Alice]),
        LOCAL_TESTNET => development(&[Sr25519Keyring::Alice, Sr25519Keyring::Bob]),
        CONSORTIUM => consortium(),
        _ => return None,
    };
    let json = serde_json::to_vec(&network.patch()).expect("every JSON value can be written; qed");
    Some(json)
}

/// The names of all presets.
pub fn preset_names() -> Vec<PresetId> {
    [DEVELOPMENT, LOCAL_TESTNET, CONSORTIUM]
        .map(PresetId::from)
        .to_vec()
}

/// In what presets differ.
#[derive(Default)]
struct Network {
    council: Vec<AccountId>,
    technical_committee: Vec<AccountId>,
    collators: Vec<(AccountId, AuraId)>,
    endowed: Vec<AccountId>,
    organisations: Vec<GenesisOrganisation>,
    patients: Vec<GenesisPatient>,
}

impl Network {
    fn patch(self) -> Value {
        // The collators' pot has to exist before a fee can be put into it.
        let pot = (CollatorSelection::account_id(), EXISTENTIAL_DEPOSIT);
        let endowed = self.endowed.into_iter().map(|account| (account, ENDOWMENT));
        let keys = |(collator, aura): &(AccountId, AuraId)| {
            (
                collator.clone(),
                collator.clone(),
                SessionKeys { aura: aura.clone() },
            )
        };
        build_struct_json_patch!(RuntimeGenesisConfig {
            parachain_info: ParachainInfoConfig {
                parachain_id: PARA_ID.into()
            },
            balances: BalancesConfig {
                balances: endowed.chain([pot]).collect::<Vec<_>>()
            },
            collator_selection: CollatorSelectionConfig {
                invulnerables: self
                    .collators
                    .iter()
                    .map(|(collator, _)| collator.clone())
                    .collect::<Vec<_>>()
            },
            session: SessionConfig {
                keys: self.collators.iter().map(keys).collect::<Vec<_>>()
            },
            council_membership: CouncilMembershipConfig {
                members: self
                    .council
                    .try_into()
                    .expect("a preset's council has few members; qed")
            },
            technical_membership: TechnicalMembershipConfig {
                members: self
                    .technical_committee
                    .try_into()
                    .expect("a preset's committee has few members; qed")
            },
            consortium: ConsortiumConfig {
                organisations: self.organisations
            },
            patient_identity: PatientIdentityConfig {
                patients: self.patients
            }
        })
    }
}

/// A network to develop against: a council of one, seven members with staff, and a patient.
fn development(collators: &[Sr25519Keyring]) -> Network {
    // Beside the roles: the collators, and the two people of the second hospital.
    let keyring = [
        Sr25519Keyring::Alice,
        Sr25519Keyring::Bob,
        Sr25519Keyring::Charlie,
        Sr25519Keyring::Dave,
    ];
    let roles = role_accounts().into_iter().map(|(_, account)| account);
    Network {
        council: vec![COUNCIL],
        technical_committee: vec![COUNCIL],
        collators: collators
            .iter()
            .map(|collator| (collator.to_account_id(), collator.public().into()))
            .collect(),
        endowed: roles
            .chain(keyring.map(Sr25519Keyring::to_account_id))
            .collect(),
        organisations: development_members(),
        patients: vec![GenesisPatient {
            id: DEVELOPMENT_PATIENT,
            key: PATIENT,
            managing_org: OrgId(0),
            // The salt of zeros and the shortest FHIR Patient, in canonical form.
            commitment: BlakeTwo256::hash(
                &[&[0; 32][..], &br#"{"resourceType":"Patient"}"#[..]].concat(),
            ),
        }],
    }
}

/// The members of a development network, numbered in this order from 0 on.
fn development_members() -> Vec<GenesisOrganisation> {
    let charlie = Sr25519Keyring::Charlie.to_account_id();
    let dave = Sr25519Keyring::Dave.to_account_id();
    vec![
        // 0: the hospital.
        member(
            &[Role::Provider],
            HOSPITAL_ADMIN,
            site(b"0614141000012", SiteKind::Hospital),
            vec![
                staff(REGISTRAR, &[Duty::Registrar]),
                staff(CLINICIAN, &[Duty::Clinician]),
                staff(RECORDS_OFFICER, &[Duty::RecordsOfficer]),
                staff(PRIVACY_OFFICER, &[Duty::PrivacyOfficer]),
            ],
        ),
        // 1: the payer.
        member(
            &[Role::Payer],
            PAYER_ADMIN,
            site(b"0614141000029", SiteKind::Office),
            vec![staff(CLAIMS_OFFICER, &[Duty::ClaimsOfficer])],
        ),
        // 2: the maker of medicines, whose administrator also runs the line.
        member(
            &[Role::Manufacturer],
            MAKER_ADMIN,
            site(b"0614141000036", SiteKind::ManufacturingPlant),
            vec![staff(MAKER_ADMIN, &[Duty::SupplyOperator])],
        ),
        // 3: the wholesaler, whose administrator also runs the warehouse.
        member(
            &[Role::Wholesaler],
            WHOLESALER_ADMIN,
            site(b"0614141000043", SiteKind::DistributionCentre),
            vec![staff(WHOLESALER_ADMIN, &[Duty::SupplyOperator])],
        ),
        // 4: the pharmacy.
        member(
            &[Role::Pharmacy],
            PHARMACY_ADMIN,
            site(b"0614141000050", SiteKind::PharmacyPremises),
            vec![staff(PHARMACIST, &[Duty::Pharmacist, Duty::SupplyOperator])],
        ),
        // 5: the regulator, which also licenses practitioners and trading partners, and recalls
        // medicines.
        member(
            &[Role::Regulator, Role::LicensingBoard],
            REGULATOR_ADMIN,
            site(b"0614141000067", SiteKind::Office),
            vec![staff(
                AUDITOR,
                &[Duty::Auditor, Duty::Registrar, Duty::SupplyOperator],
            )],
        ),
        // 6: a second hospital, to which the first patient is a stranger.
        member(
            &[Role::Provider],
            charlie,
            site(b"0614141000074", SiteKind::Hospital),
            vec![staff(
                dave,
                &[Duty::Registrar, Duty::Clinician, Duty::RecordsOfficer],
            )],
        ),
    ]
}

fn member(
    roles: &[Role],
    admin: AccountId,
    site: GenesisSite,
    staff: Vec<GenesisStaff>,
) -> GenesisOrganisation {
    GenesisOrganisation {
        roles: roles.iter().copied().collect(),
        jurisdiction: Jurisdiction(*b"US"),
        admin,
        valid_until: ENROLLED_UNTIL,
        charter_hash: BlakeTwo256::hash(b"axonic development charter"),
        agreement_key: None,
        sites: vec![site],
        staff,
    }
}

/// Premises under a location number of the company prefix that GS1 US keeps for examples.
fn site(gln: &[u8; 13], kind: SiteKind) -> GenesisSite {
    GenesisSite {
        gln: Gln(*gln),
        kind,
    }
}

fn staff(account: AccountId, duties: &[Duty]) -> GenesisStaff {
    let duties: Codes<Duty> = duties.iter().copied().collect();
    GenesisStaff {
        account,
        duties,
        site: None,
        valid_until: ENROLLED_UNTIL,
    }
}

/// A network of real members, as a form to fill in: whoever starts one replaces every account and
/// key below by those of its members, and endows who is to pay fees.
///
/// Nobody has the keys: a network that starts without filling it in makes no block.
fn consortium() -> Network {
    const COUNCIL_MEMBERS: [&[u8; 32]; 3] = [
        b"REPLACE-ME-council-member-000001",
        b"REPLACE-ME-council-member-000002",
        b"REPLACE-ME-council-member-000003",
    ];
    const TECHNICAL_MEMBERS: [&[u8; 32]; 3] = [
        b"REPLACE-ME-technical-00000000001",
        b"REPLACE-ME-technical-00000000002",
        b"REPLACE-ME-technical-00000000003",
    ];
    const COLLATORS: [(&[u8; 32], &[u8; 32]); 3] = [
        (
            b"REPLACE-ME-collator-000000000001",
            b"REPLACE-ME-aura-key-000000000001",
        ),
        (
            b"REPLACE-ME-collator-000000000002",
            b"REPLACE-ME-aura-key-000000000002",
        ),
        (
            b"REPLACE-ME-collator-000000000003",
            b"REPLACE-ME-aura-key-000000000003",
        ),
    ];
    let collator = |(account, aura): (&[u8; 32], &[u8; 32])| {
        (
            AccountId::new(*account),
            sr25519::Public::from_raw(*aura).into(),
        )
    };
    Network {
        council: COUNCIL_MEMBERS
            .map(|account| AccountId::new(*account))
            .to_vec(),
        technical_committee: TECHNICAL_MEMBERS
            .map(|account| AccountId::new(*account))
            .to_vec(),
        collators: COLLATORS.map(collator).to_vec(),
        ..Default::default()
    }
}
