//! A runtime with this pallet alone, and the people in its tests.

use crate as pallet_patient_identity;
use crate::{Agent, Agreement, Assent, GenesisPatient, KeyProof, KeyPurpose, RepresentativeKind};
use axonic_primitives::{
    membership::{Duty, Role},
    patients::Power,
    testing::{any_of, Doubles, StaffWith},
    AccountId, Codes, Moment, OrgId, PatientId, Period,
};
use frame_support::{assert_ok, derive_impl, traits::ConstU64};
use sp_core::{sr25519, Pair, H256};
use sp_runtime::{traits::IdentityLookup, BuildStorage};

pub use axonic_primitives::testing::{Now, DUTY_MISSING, NOT_STAFF};

#[frame_support::runtime]
mod test_runtime {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeFreezeReason,
        RuntimeHoldReason,
        RuntimeSlashReason,
        RuntimeLockId,
        RuntimeTask,
        RuntimeViewFunction
    )]
    pub struct Test;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;

    #[runtime::pallet_index(1)]
    pub type PatientIdentity = pallet_patient_identity;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlock<Test>;
    type AccountId = AccountId;
    type Lookup = IdentityLookup<Self::AccountId>;
}

pub const HOUR: Moment = 60 * 60 * 1000;
pub const DAY: Moment = 24 * HOUR;
/// 2025-01-01T00:00:00Z.
pub const START: Moment = 1_735_689_600_000;
pub const RECOVERY_DELAY: Moment = 3 * DAY;

pub fn wait(time: Moment) {
    Now::advance(time);
}

/// Staff with the duty of a registrar.
type Registrar = StaffWith<{ any_of(&[Duty::Registrar]) }>;

impl crate::Config for Test {
    type RegistrarOrigin = Registrar;
    type RecoveryProviderOrigin = Registrar;
    type Membership = Doubles;
    type Clock = Now;
    type RecoveryDelay = ConstU64<RECOVERY_DELAY>;
    type WeightInfo = ();
}

// Organisations and their registrars.

/// Manages most patients of the tests.
pub const HOSPITAL: OrgId = OrgId(0);
/// Another provider.
pub const CLINIC: OrgId = OrgId(1);
/// Sponsors patients; not a provider.
pub const PAYER: OrgId = OrgId(2);

pub fn registrar(org: OrgId) -> AccountId {
    AccountId::new([0xf0 + org.0 as u8; 32])
}

/// Staff of the hospital without the duty of a registrar.
pub fn clinician() -> AccountId {
    AccountId::new([0xe0; 32])
}

pub fn by(account: AccountId) -> RuntimeOrigin {
    RuntimeOrigin::signed(account)
}

pub fn staff(org: OrgId) -> RuntimeOrigin {
    by(registrar(org))
}

// Patients and the people who hold keys.

pub const PATIENT: PatientId = id(1);
pub const CHILD: PatientId = id(2);
pub const DUPLICATE: PatientId = id(3);
pub const NEIGHBOUR: PatientId = id(4);
pub const NOBODY: PatientId = id(99);

pub const fn id(n: u8) -> PatientId {
    PatientId(H256([n; 32]))
}

pub const fn hash(n: u8) -> H256 {
    H256([n; 32])
}

/// Somebody with a phone: signs, and so can hold a key.
pub fn person(n: u8) -> sr25519::Pair {
    sr25519::Pair::from_seed(&[n; 32])
}

pub fn account(n: u8) -> AccountId {
    person(n).public().into()
}

/// The person behind `PATIENT`, by convention.
pub const PHONE: u8 = 1;
/// A second device of the same person.
pub const TABLET: u8 = 2;
/// The key that the person keeps on paper.
pub const PAPER: u8 = 3;
/// Somebody with no relation to anybody.
pub const STRANGER: u8 = 4;
/// The person behind `NEIGHBOUR`.
pub const NEIGHBOURS_PHONE: u8 = 5;
/// The person behind `DUPLICATE`.
pub const OLD_PHONE: u8 = 6;
/// A lawyer, who is no patient.
pub const LAWYER: u8 = 7;

pub fn every_purpose() -> Codes<KeyPurpose> {
    Codes::all()
}

pub fn every_power() -> Codes<Power> {
    Codes::all()
}

/// What `signer` signs to agree, as a wallet makes it.
pub fn proof(signer: u8, patient: PatientId, agreement: Agreement) -> KeyProof {
    let expires_at = Now::get() + HOUR;
    let statement =
        PatientIdentity::statement(patient, account(signer), agreement, expires_at).unwrap();
    let signature = person(signer).sign(&statement.bytes).into();
    KeyProof {
        nonce: statement.nonce,
        expires_at,
        signature,
    }
}

fn agreed(signer: u8, patient: PatientId, agreement: Agreement) -> Option<Assent> {
    Some(Assent {
        account: account(signer),
        proof: proof(signer, patient, agreement),
    })
}

/// The agreement of the patient that is merged.
pub fn assent(signer: u8, from: PatientId, into: PatientId) -> Option<Assent> {
    agreed(signer, from, Agreement::Merge { into })
}

/// The agreement of the patient that another is merged into.
pub fn acceptance(signer: u8, from: PatientId, into: PatientId) -> Option<Assent> {
    agreed(signer, into, Agreement::AcceptMerge { from })
}

/// The agreement of a merged patient to being known by its own id again.
pub fn assent_to_unmerge(signer: u8, patient: PatientId) -> Option<Assent> {
    agreed(signer, patient, Agreement::Unmerge)
}

/// Registers a patient that nobody claims.
pub fn register(org: OrgId, patient: PatientId) {
    assert_ok!(PatientIdentity::register(staff(org), patient, hash(0xcc)));
}

/// Registers a patient with a key for every purpose.
pub fn register_with_key(org: OrgId, patient: PatientId, signer: u8) {
    let (purposes, commitment) = (every_purpose(), hash(0xcc));
    let proof = proof(
        signer,
        patient,
        Agreement::Register {
            org,
            purposes,
            commitment,
        },
    );
    assert_ok!(PatientIdentity::register_with_key(
        staff(org),
        patient,
        commitment,
        account(signer),
        purposes,
        proof
    ));
}

/// The patient behind `owner` adds a key.
pub fn add_key(
    owner: u8,
    patient: PatientId,
    signer: u8,
    purposes: impl Into<Codes<KeyPurpose>>,
    expires_at: Option<Moment>,
) {
    let purposes = purposes.into();
    let proof = proof(
        signer,
        patient,
        Agreement::AddKey {
            purposes,
            key_expires_at: expires_at,
        },
    );
    assert_ok!(PatientIdentity::add_key(
        by(account(owner)),
        patient,
        account(signer),
        purposes,
        expires_at,
        proof
    ));
}

/// Somebody appoints a guardian without end.
pub fn appoint_guardian(
    origin: RuntimeOrigin,
    patient: PatientId,
    agent: Agent,
    powers: impl Into<Codes<Power>>,
) {
    assert_ok!(PatientIdentity::appoint_representative(
        origin,
        patient,
        agent,
        RepresentativeKind::Guardian,
        powers.into(),
        Period::ALWAYS,
        hash(0xee),
    ));
}

/// An organisation offers, and the patient accepts, sponsorship.
pub fn sponsor(org: OrgId, patient: PatientId, owner: u8) {
    assert_ok!(PatientIdentity::offer_sponsorship(staff(org), patient));
    assert_ok!(PatientIdentity::change_sponsor(
        by(account(owner)),
        patient,
        Some(org)
    ));
}

/// Builds the chain of a test.
#[derive(Default)]
pub struct ExtBuilder {
    patients: Vec<GenesisPatient>,
}

impl ExtBuilder {
    pub fn with_patient(mut self, id: PatientId, signer: u8) -> Self {
        self.patients.push(GenesisPatient {
            id,
            key: account(signer),
            managing_org: HOSPITAL,
            commitment: hash(0xcc),
        });
        self
    }

    /// Runs the test, then checks every invariant.
    pub fn build_and_execute(self, test: impl FnOnce()) {
        Doubles::reset();
        Doubles::admit(HOSPITAL, Role::Provider);
        Doubles::admit(CLINIC, Role::Provider);
        Doubles::admit(PAYER, Role::Payer);
        for org in [HOSPITAL, CLINIC, PAYER] {
            Doubles::enrol(registrar(org), org, Codes::<Duty>::all());
        }
        Doubles::enrol(clinician(), HOSPITAL, Duty::Clinician);
        Now::set(START);

        let genesis = RuntimeGenesisConfig {
            patient_identity: crate::GenesisConfig {
                patients: self.patients,
                ..Default::default()
            },
            ..Default::default()
        };
        let mut chain = sp_io::TestExternalities::new(genesis.build_storage().unwrap());
        chain.execute_with(|| {
            System::set_block_number(1);
            test();
            PatientIdentity::do_try_state().unwrap();
        });
    }
}
