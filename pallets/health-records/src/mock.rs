//! A runtime with this pallet alone; the other pallets are doubles.

use crate::{self as pallet_health_records, types::*, Pallet};
use axonic_primitives::{
    consent::{Label, ResourceType},
    membership::{Duty, Membership, Role},
    patients::Power,
    testing::{any_of, Doubles, StaffWith, ANY_DUTY},
    AccountId, BatchId, Moment, OrgId, PatientId, RecordId,
};
use frame_support::derive_impl;
use frame_system::EnsureRoot;
use sp_core::{sr25519, Pair, H256};
use sp_runtime::{traits::IdentityLookup, BuildStorage};

pub use axonic_primitives::testing::{Now, DUTY_MISSING, NOT_STAFF};

#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeTask,
        RuntimeViewFunction
    )]
    pub struct Test;

    #[runtime::pallet_index(0)]
    pub type System = frame_system::Pallet<Test>;

    #[runtime::pallet_index(1)]
    pub type HealthRecords = pallet_health_records::Pallet<Test>;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlock<Test>;
    type AccountId = AccountId;
    type Lookup = IdentityLookup<AccountId>;
}

/// Who anchors.
const AUTHORS: u32 = any_of(&[Duty::Clinician, Duty::RecordsOfficer, Duty::DataSteward]);

impl pallet_health_records::Config for Test {
    type AuthorOrigin = StaffWith<AUTHORS>;
    type OfficerOrigin = StaffWith<{ any_of(&[Duty::RecordsOfficer]) }>;
    type StaffOrigin = StaffWith<ANY_DUTY>;
    type CouncilOrigin = EnsureRoot<AccountId>;
    type Membership = Doubles;
    type Patients = Doubles;
    type Clock = Now;
    type WeightInfo = ();
}

/// When tests begin: 2026-01-01T00:00:00Z.
pub const START: Moment = 1_767_225_600_000;
pub const DAY: Moment = 24 * 60 * 60 * 1000;
pub const YEAR: Moment = 365 * DAY;

pub const HOSPITAL: OrgId = OrgId(0);
pub const CLINIC: OrgId = OrgId(1);
pub const PAYER: OrgId = OrgId(2);
pub const STRANGER_ORG: OrgId = OrgId(99);

pub const PATIENT: PatientId = PatientId(H256::repeat_byte(1));
pub const OTHER_PATIENT: PatientId = PatientId(H256::repeat_byte(2));
pub const UNKNOWN_PATIENT: PatientId = PatientId(H256::repeat_byte(9));

pub const PATIENT_KEY: AccountId = AccountId::new([11; 32]);
pub const OTHER_PATIENT_KEY: AccountId = AccountId::new([12; 32]);
pub const GUARDIAN: AccountId = AccountId::new([13; 32]);
pub const CARER: AccountId = AccountId::new([14; 32]);
pub const DOCTOR: AccountId = AccountId::new([21; 32]);
pub const NURSE: AccountId = AccountId::new([22; 32]);
pub const RECORDS_OFFICER: AccountId = AccountId::new([23; 32]);
pub const CLINIC_DOCTOR: AccountId = AccountId::new([31; 32]);
pub const CLINIC_OFFICER: AccountId = AccountId::new([32; 32]);
pub const CLAIMS_CLERK: AccountId = AccountId::new([41; 32]);
pub const STRANGER: AccountId = AccountId::new([99; 32]);

pub const COMMITMENT: H256 = H256::repeat_byte(100);
pub const NEW_COMMITMENT: H256 = H256::repeat_byte(101);
pub const ALTERED: H256 = H256::repeat_byte(102);

/// The key with which the hospital's archive signs what it hands out.
pub fn archive_key() -> sr25519::Pair {
    sr25519::Pair::from_seed(&[51; 32])
}

/// The hospital's archive.
pub fn archive() -> AccountId {
    archive_key().public().into()
}

/// Two patients, a hospital, a clinic and a payer.
pub fn build_and_execute(test: impl FnOnce()) {
    let mut externalities: sp_io::TestExternalities =
        frame_system::GenesisConfig::<Test>::default()
            .build_storage()
            .unwrap()
            .into();
    externalities.execute_with(|| {
        Doubles::reset();
        Now::set(START);
        System::set_block_number(1);
        Doubles::admit(HOSPITAL, Role::Provider);
        Doubles::admit(CLINIC, Role::Provider);
        Doubles::admit(PAYER, Role::Payer);
        Doubles::enrol(DOCTOR, HOSPITAL, Duty::Clinician);
        Doubles::enrol(NURSE, HOSPITAL, Duty::Clinician);
        Doubles::enrol(RECORDS_OFFICER, HOSPITAL, Duty::RecordsOfficer);
        Doubles::enrol(archive(), HOSPITAL, Duty::DataSteward);
        Doubles::enrol(CLINIC_DOCTOR, CLINIC, Duty::Clinician);
        Doubles::enrol(CLINIC_OFFICER, CLINIC, Duty::RecordsOfficer);
        Doubles::enrol(CLAIMS_CLERK, PAYER, Duty::ClaimsOfficer);
        Doubles::register(PATIENT, PATIENT_KEY);
        Doubles::register(OTHER_PATIENT, OTHER_PATIENT_KEY);
        Doubles::appoint(GUARDIAN, PATIENT, [Power::Consent, Power::Correspond]);
        Doubles::appoint(CARER, PATIENT, Power::Access);
        test();
        Pallet::<Test>::do_try_state().expect("every invariant holds");
    });
}

pub fn signed(who: AccountId) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

/// An observation of normal confidentiality, to be kept for no longer than it is needed.
pub fn draft() -> RecordDraft {
    RecordDraft {
        class: ResourceType::Observation,
        labels: Label::Normal.into(),
        commitment: COMMITMENT,
        retain_until: None,
    }
}

/// A correction that keeps the labels.
pub fn correction() -> Correction {
    Correction {
        commitment: NEW_COMMITMENT,
        labels: Label::Normal.into(),
        reason: CorrectionReason::Corrected,
    }
}

/// Anchors as the doctor of the hospital and returns the new record's id.
pub fn anchored(draft: RecordDraft) -> RecordId {
    anchored_by(DOCTOR, PATIENT, draft)
}

/// Anchors as this member of staff and returns the new record's id.
pub fn anchored_by(author: AccountId, patient: PatientId, draft: RecordDraft) -> RecordId {
    let actor = Doubles::actor(&author).expect("the author is staff");
    let ids = Pallet::<Test>::do_anchor(&actor, patient, &[draft]);
    ids.expect("the draft is good")[0]
}

/// A record of the patient with two versions.
pub fn corrected() -> RecordId {
    let record = anchored(draft());
    HealthRecords::supersede(signed(DOCTOR), record, 1, correction()).expect("the author corrects");
    record
}

/// A batch of clinical documents, of yesterday.
pub fn batch_draft(root: H256, leaves: u32) -> BatchDraft {
    BatchDraft {
        kind: BatchKind::Records,
        root,
        leaves,
        first_at: START - DAY,
        last_at: START - 1,
        manifest_hash: H256::zero(),
    }
}

/// Anchors as the doctor of the hospital and returns the new batch's id.
pub fn batched(draft: BatchDraft) -> BatchId {
    let actor = Doubles::actor(&DOCTOR).expect("the doctor is staff");
    Pallet::<Test>::do_anchor_batch(&actor, draft).expect("the draft is good")
}

/// What is stored of the record.
pub fn record(id: RecordId) -> Record {
    crate::Records::<Test>::get(id).expect("the record exists")
}

/// What is known of the record.
pub fn content(id: RecordId) -> Content {
    record(id).content.expect("the record is not shredded")
}

/// What the hospital's archive signs when handing this out, for a year.
pub fn delivery(subject: Subject, place: u32, delivered: H256) -> Delivery {
    let expires_at = Now::get() + YEAR;
    let statement = Pallet::<Test>::delivery_of(subject, place, delivered, expires_at);
    let signature = archive_key().sign(&codec::Encode::encode(&statement));
    Delivery {
        delivered,
        signer: archive(),
        expires_at,
        signature: signature.into(),
    }
}

/// The last event of this pallet.
pub fn last_event() -> crate::Event<Test> {
    System::read_events_for_pallet::<crate::Event<Test>>()
        .pop()
        .expect("an event was emitted")
}
