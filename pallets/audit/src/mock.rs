//! A runtime with this pallet alone; the other pallets are doubles.

use crate::{self as pallet_audit, types::*, Pallet};
use axonic_primitives::{
    consent::{
        AccessQuery, Action, Basis, ConsentGate, PurposeOfUse, Receipt, Recipient, Refused,
        ResourceType,
    },
    membership::{Duty, Role},
    patients::Power,
    testing::{any_of, Doubles, StaffWith},
    AccountId, Codes, ConsentId, Moment, OrgId, PatientId,
};
use frame_support::{
    assert_ok, derive_impl,
    dispatch::{DispatchResult, DispatchResultWithPostInfo},
    parameter_types,
    weights::Weight,
};
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
    pub type Audit = pallet_audit::Pallet<Test>;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlock<Test>;
    type AccountId = AccountId;
    type Lookup = IdentityLookup<AccountId>;
}

parameter_types! {
    /// How many consents the gate says it read.
    pub static GateReads: u32 = 1;
    /// What the gate was asked last.
    pub static LastQuery: Option<AccessQuery> = None;
}

/// The gate of the doubles, which remembers the question and says how much it read.
pub struct TestGate;

impl ConsentGate for TestGate {
    fn authorize(patient: &PatientId, query: &AccessQuery) -> Result<Receipt, Refused> {
        LastQuery::set(Some(query.clone()));
        let consents = GateReads::get();
        match <Doubles as ConsentGate>::authorize(patient, query) {
            Ok(receipt) => Ok(Receipt {
                consents,
                ..receipt
            }),
            Err(refused) => Err(Refused {
                consents,
                ..refused
            }),
        }
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn permit_for_benchmark(patient: &PatientId, key: &AccountId, recipient: OrgId, consents: u32) {
        Doubles::permit_for_benchmark(patient, key, recipient, consents);
    }
}

impl pallet_audit::Config for Test {
    type CustodianOrigin = StaffWith<{ any_of(&[Duty::RecordsOfficer]) }>;
    type OfficerOrigin = StaffWith<{ any_of(&[Duty::PrivacyOfficer]) }>;
    type Membership = Doubles;
    type Patients = Doubles;
    type Consent = TestGate;
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
pub const UNKNOWN_ORG: OrgId = OrgId(99);

pub const PATIENT: PatientId = PatientId(H256::repeat_byte(1));
pub const OTHER_PATIENT: PatientId = PatientId(H256::repeat_byte(2));
pub const UNKNOWN_PATIENT: PatientId = PatientId(H256::repeat_byte(9));

pub const PATIENT_KEY: AccountId = AccountId::new([11; 32]);
pub const OTHER_PATIENT_KEY: AccountId = AccountId::new([12; 32]);
pub const GUARDIAN: AccountId = AccountId::new([13; 32]);
pub const CARER: AccountId = AccountId::new([14; 32]);
pub const CLERK: AccountId = AccountId::new([21; 32]);
pub const PRIVACY_OFFICER: AccountId = AccountId::new([22; 32]);
pub const DOCTOR: AccountId = AccountId::new([23; 32]);
pub const CLINIC_STAFF: AccountId = AccountId::new([24; 32]);
pub const STRANGER: AccountId = AccountId::new([99; 32]);

/// A commitment to what was disclosed.
pub const CONTENT: H256 = H256::repeat_byte(5);
/// A commitment to an explanation.
pub const EXPLANATION: H256 = H256::repeat_byte(6);

/// What permits rest on, unless a test says otherwise.
pub const BASIS: Basis = Basis::Consent {
    consent: ConsentId(H256::repeat_byte(7)),
    version: 3,
};

/// A hospital, a clinic and a payer, and two patients who permit the payer what the hospital and
/// the clinic disclose.
pub fn build_and_execute(test: impl FnOnce()) {
    let mut externalities: sp_io::TestExternalities =
        frame_system::GenesisConfig::<Test>::default()
            .build_storage()
            .unwrap()
            .into();
    externalities.execute_with(|| {
        Doubles::reset();
        Now::set(START);
        GateReads::set(1);
        LastQuery::set(None);
        System::set_block_number(1);
        Doubles::admit(HOSPITAL, Role::Provider);
        Doubles::admit(CLINIC, Role::Provider);
        Doubles::admit(PAYER, Role::Payer);
        Doubles::enrol(CLERK, HOSPITAL, Duty::RecordsOfficer);
        Doubles::enrol(PRIVACY_OFFICER, HOSPITAL, Duty::PrivacyOfficer);
        Doubles::enrol(DOCTOR, HOSPITAL, Duty::Clinician);
        Doubles::enrol(CLINIC_STAFF, CLINIC, Codes::<Duty>::all());
        Doubles::register(PATIENT, PATIENT_KEY);
        Doubles::register(OTHER_PATIENT, OTHER_PATIENT_KEY);
        Doubles::appoint(GUARDIAN, PATIENT, Power::Correspond);
        Doubles::appoint(CARER, PATIENT, [Power::Access, Power::Consent]);
        Doubles::permit(PATIENT, PAYER, BASIS, false);
        Doubles::permit(OTHER_PATIENT, PAYER, BASIS, false);
        test();
        Pallet::<Test>::do_try_state().expect("every invariant holds");
    });
}

pub fn signed(who: AccountId) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

/// Observations, for treatment.
pub fn disclosure(to: OrgId) -> Disclosure {
    Disclosure {
        recipient: Recipient {
            org: to,
            practitioner: None,
        },
        action: Action::Disclose,
        purpose: PurposeOfUse::Treat,
        classes: vec![ResourceType::Observation],
        labels: Codes::empty(),
        codes: vec![],
        data: vec![],
        data_period: None,
        content: CONTENT,
    }
}

/// The same, as one of several.
pub fn item(patient: PatientId, to: OrgId) -> DisclosureItem {
    DisclosureItem {
        patient,
        disclosure: disclosure(to),
        obligations_met: false,
    }
}

/// What became of a call, whatever it cost.
pub fn outcome(result: DispatchResultWithPostInfo) -> DispatchResult {
    result.map(drop).map_err(|refused| refused.error)
}

/// What a call says it cost, whatever became of it.
pub fn cost(result: DispatchResultWithPostInfo) -> Option<Weight> {
    let post_info = result.unwrap_or_else(|refused| refused.post_info);
    post_info.actual_weight
}

pub fn disclose(who: AccountId, patient: PatientId, disclosure: Disclosure) -> DispatchResult {
    let disclosure = Box::new(disclosure);
    outcome(Audit::disclose(signed(who), patient, disclosure, false))
}

pub fn report_refusal(who: AccountId, patient: PatientId, to: OrgId) -> DispatchResult {
    let attempt = Box::new(disclosure(to));
    outcome(Audit::report_refusal(signed(who), patient, attempt))
}

/// Logs that the hospital disclosed to the payer, and returns the entry's sequence.
pub fn disclosed(patient: PatientId) -> u64 {
    let sequence = Audit::log(&patient).next;
    assert_ok!(disclose(CLERK, patient, disclosure(PAYER)));
    sequence
}

/// Logs `count` disclosures, and then none, until the first of them may be pruned.
pub fn disclosed_long_ago(patient: PatientId, count: u64) {
    for _ in 0..count {
        disclosed(patient);
    }
    Now::advance(crate::RETENTION);
}

/// Everything that is shown of a patient's log.
pub fn accounting(patient: PatientId) -> Vec<DisclosureInfo> {
    Audit::accounting_of_disclosures(patient, None, None, None, crate::MAX_PAGE)
        .expect("there is such a patient")
}

/// The last entry of a patient's log.
pub fn last_entry(patient: PatientId) -> Entry {
    accounting(patient)
        .pop()
        .expect("something was logged")
        .entry
}

/// The last event of this pallet.
pub fn last_event() -> crate::Event<Test> {
    System::read_events_for_pallet::<crate::Event<Test>>()
        .pop()
        .expect("an event was emitted")
}
