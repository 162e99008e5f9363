//! A runtime with this pallet alone; the other pallets are doubles.

use crate::{self as pallet_consent, types::*, Pallet};
use axonic_primitives::{
    consent::{AccessQuery, Action, PurposeOfUse, Recipient, Scope},
    credentials::Privilege,
    membership::{Duty as StaffDuty, Role},
    testing::{any_of, Doubles, StaffWith},
    AccountId, Codes, ConsentId, Moment, OrgId, PatientId, Period,
};
use frame_support::derive_impl;
use frame_system::EnsureRoot;
use sp_core::H256;
use sp_runtime::{traits::IdentityLookup, BuildStorage};

pub use axonic_primitives::testing::Now;

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
    pub type Consents = pallet_consent::Pallet<Test>;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlock<Test>;
    type AccountId = AccountId;
    type Lookup = IdentityLookup<AccountId>;
}

impl pallet_consent::Config for Test {
    type CouncilOrigin = EnsureRoot<AccountId>;
    type StaffOrigin = StaffWith<{ any_of(&[StaffDuty::Clinician]) }>;
    type ReviewerOrigin = StaffWith<{ any_of(&[StaffDuty::PrivacyOfficer]) }>;
    type Membership = Doubles;
    type Patients = Doubles;
    type Credentials = Doubles;
    type Clock = Now;
    type WeightInfo = ();
}

/// When tests begin: 2026-01-01T00:00:00Z.
pub const START: Moment = 1_767_225_600_000;
pub const HOUR: Moment = 60 * 60 * 1000;
pub const DAY: Moment = 24 * HOUR;

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
pub const PRIVACY_OFFICER: AccountId = AccountId::new([23; 32]);
pub const CLINIC_DOCTOR: AccountId = AccountId::new([24; 32]);
pub const STRANGER: AccountId = AccountId::new([99; 32]);

/// Two patients, a hospital, a clinic and a payer.
pub fn build_and_execute(test: impl FnOnce()) {
    let mut externalities: sp_io::TestExternalities =
        frame_system::GenesisConfig::<Test>::default()
            .build_storage()
            .unwrap()
            .into();
    externalities.execute_with(|| {
        use axonic_primitives::patients::Power;
        Doubles::reset();
        Now::set(START);
        System::set_block_number(1);
        Doubles::admit(HOSPITAL, Role::Provider);
        Doubles::admit(CLINIC, Role::Provider);
        Doubles::admit(PAYER, Role::Payer);
        let everything = Codes::<StaffDuty>::all();
        Doubles::enrol(DOCTOR, HOSPITAL, everything);
        Doubles::enrol(NURSE, HOSPITAL, StaffDuty::Clinician);
        Doubles::enrol(PRIVACY_OFFICER, HOSPITAL, StaffDuty::PrivacyOfficer);
        Doubles::enrol(CLINIC_DOCTOR, CLINIC, everything);
        Doubles::license(DOCTOR, Privilege::EmergencyAccess);
        Doubles::register(PATIENT, PATIENT_KEY);
        Doubles::register(OTHER_PATIENT, OTHER_PATIENT_KEY);
        Doubles::appoint(GUARDIAN, PATIENT, [Power::Consent, Power::Access]);
        Doubles::appoint(CARER, PATIENT, Power::Access);
        test();
        Pallet::<Test>::do_try_state().expect("every invariant holds");
    });
}

/// A draft without exceptions.
pub fn draft(decision: ProvisionType) -> Draft {
    Draft {
        scope: Scope::PatientPrivacy,
        decision,
        period: Period::ALWAYS,
        provisions: Vec::new(),
        policy_hash: H256::zero(),
        evidence_hash: H256::zero(),
    }
}

/// A draft with these exceptions.
pub fn draft_with(decision: ProvisionType, provisions: Vec<ProvisionDraft>) -> Draft {
    Draft {
        provisions,
        ..draft(decision)
    }
}

/// An exception about these actors.
pub fn about(actors: impl IntoIterator<Item = Grantee>) -> ProvisionDraft {
    ProvisionDraft {
        actors: actors.into_iter().collect(),
        ..Default::default()
    }
}

/// A query by an organisation to read for treatment.
pub fn query(org: OrgId) -> AccessQuery {
    AccessQuery {
        recipient: Recipient {
            org,
            practitioner: None,
        },
        action: Action::Access,
        purpose: PurposeOfUse::Treat,
        classes: Default::default(),
        labels: Codes::empty(),
        codes: Default::default(),
        data: Default::default(),
        data_period: None,
    }
}

/// A query by one practitioner for this purpose.
pub fn query_by(org: OrgId, practitioner: AccountId, purpose: PurposeOfUse) -> AccessQuery {
    let recipient = Recipient {
        org,
        practitioner: Some(practitioner),
    };
    AccessQuery {
        recipient,
        purpose,
        ..query(org)
    }
}

/// Grants as the patient and returns the new consent's id.
pub fn granted(draft: Draft) -> ConsentId {
    Pallet::<Test>::do_grant(PATIENT_KEY, PATIENT, draft, None).expect("the draft is good")
}

/// The answer to a query about the patient.
pub fn answer(query: &AccessQuery) -> Decision {
    Pallet::<Test>::examine(PATIENT, query, None)
        .expect("the query is well formed")
        .decision
}

/// Whether the patient permits it.
pub fn permits(query: &AccessQuery) -> bool {
    matches!(answer(query), Decision::Permit { .. })
}

/// The last event of this pallet.
pub fn last_event() -> crate::Event<Test> {
    System::read_events_for_pallet::<crate::Event<Test>>()
        .pop()
        .expect("an event was emitted")
}
