//! A runtime with this pallet alone; the other pallets are doubles.

use crate::{self as pallet_credentials, types::*, Pallet};
use axonic_primitives::{
    credentials::{CredentialDenial, Credentials as _, Privilege},
    membership::{Actor, Duty, Jurisdiction, Member, Membership, Role},
    testing::{any_of, Doubles, StaffWith},
    AccountId, CredentialId, Moment, OrgId, SiteId,
};
use frame_support::{assert_ok, derive_impl, dispatch::DispatchResult, parameter_types};
use frame_system::EnsureRoot;
use sp_core::H256;
use sp_runtime::{traits::IdentityLookup, BuildStorage, DispatchError};

pub use axonic_primitives::testing::{Now, DUTY_MISSING};

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
    pub type Registry = pallet_credentials::Pallet<Test>;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlock<Test>;
    type AccountId = AccountId;
    type Lookup = IdentityLookup<AccountId>;
}

parameter_types! {
    /// The revocation epoch of the medical board. `None`: there is no such organisation any more.
    pub static BoardEpoch: Option<u32> = Some(0);
}

/// The members of the doubles, but for the epoch of the board.
pub struct Members;

impl Membership for Members {
    fn actor(account: &AccountId) -> Result<Actor, DispatchError> {
        Doubles::actor(account)
    }

    fn member(org: OrgId) -> Option<Member> {
        let mut member = Doubles::member(org)?;
        if org == BOARD {
            member.epoch = BoardEpoch::get()?;
        }
        Some(member)
    }

    fn site(org: OrgId, site: SiteId) -> bool {
        <Doubles as Membership>::site(org, site)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn enrol_for_benchmark(staff: &AccountId) -> OrgId {
        Doubles::enrol_for_benchmark(staff)
    }
}

impl pallet_credentials::Config for Test {
    type CouncilOrigin = EnsureRoot<AccountId>;
    type IssuerOrigin = StaffWith<{ any_of(&[Duty::Registrar]) }>;
    type VerifierOrigin = StaffWith<{ any_of(&[Duty::PrivacyOfficer]) }>;
    type Membership = Members;
    type Clock = Now;
    type WeightInfo = ();
}

/// When tests begin: 2026-01-01T00:00:00Z.
pub const START: Moment = 1_767_225_600_000;
pub const DAY: Moment = 24 * 60 * 60 * 1000;
pub const YEAR: Moment = 365 * DAY;

pub const BOARD: OrgId = OrgId(0);
pub const REGULATOR: OrgId = OrgId(1);
pub const HOSPITAL: OrgId = OrgId(2);
pub const STRANGER_ORG: OrgId = OrgId(99);

pub const REGISTRAR: AccountId = AccountId::new([11; 32]);
pub const INSPECTOR: AccountId = AccountId::new([12; 32]);
pub const RECRUITER: AccountId = AccountId::new([13; 32]);
pub const DOCTOR: AccountId = AccountId::new([21; 32]);
pub const NURSE: AccountId = AccountId::new([22; 32]);
pub const STRANGER: AccountId = AccountId::new([99; 32]);

pub const HOME: Jurisdiction = Jurisdiction(*b"US");
pub const ABROAD: Jurisdiction = Jurisdiction(*b"CA");

pub const MEDICAL: CredentialKind = CredentialKind::MedicalLicence;
pub const CONTROLLED: CredentialKind = CredentialKind::ControlledSubstanceRegistration;

/// A board that licenses physicians, a regulator that registers them for controlled substances, and
/// a hospital that employs and checks them.
pub fn build_and_execute(test: impl FnOnce()) {
    prepare(Default::default()).execute_with(|| {
        assert_ok!(accredit(BOARD, MEDICAL, HOME));
        assert_ok!(accredit(REGULATOR, CONTROLLED, HOME));
        test();
        Pallet::<Test>::do_try_state().expect("every invariant holds");
    });
}

/// The members of [`build_and_execute`], nobody accredited but in genesis.
pub fn prepare(genesis: crate::GenesisConfig<Test>) -> sp_io::TestExternalities {
    Doubles::reset();
    Now::set(START);
    BoardEpoch::set(Some(0));
    Doubles::admit(BOARD, Role::LicensingBoard);
    Doubles::admit(REGULATOR, Role::Regulator);
    Doubles::admit(HOSPITAL, Role::Provider);
    Doubles::enrol(REGISTRAR, BOARD, Duty::Registrar);
    Doubles::enrol(INSPECTOR, REGULATOR, Duty::Registrar);
    Doubles::enrol(RECRUITER, HOSPITAL, Duty::PrivacyOfficer);
    Doubles::enrol(DOCTOR, HOSPITAL, Duty::Clinician);
    let mut storage = frame_system::GenesisConfig::<Test>::default()
        .build_storage()
        .unwrap();
    genesis.assimilate_storage(&mut storage).unwrap();
    let mut externalities: sp_io::TestExternalities = storage.into();
    externalities.execute_with(|| System::set_block_number(1));
    externalities
}

pub fn pass(time: Moment) {
    Now::advance(time);
}

pub fn signed(who: AccountId) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

/// A physician's licence for ten years from now.
pub fn medical_licence() -> Terms {
    Terms {
        kind: MEDICAL,
        privileges: [Privilege::Prescribe, Privilege::EmergencyAccess].into(),
        jurisdiction: HOME,
        valid_from: Now::get(),
        valid_until: Now::get() + 10 * YEAR,
        commitment: H256::repeat_byte(5),
    }
}

/// A registration for every schedule, for three years from now.
pub fn registration() -> Terms {
    Terms {
        kind: CONTROLLED,
        privileges: crate::rules::grantable(CONTROLLED),
        valid_until: Now::get() + 3 * YEAR,
        ..medical_licence()
    }
}

pub fn accredit(issuer: OrgId, kind: CredentialKind, place: Jurisdiction) -> DispatchResult {
    Registry::accredit(RuntimeOrigin::root(), issuer, kind, place)
}

pub fn withdraw(issuer: OrgId, kind: CredentialKind, place: Jurisdiction) -> DispatchResult {
    Registry::withdraw_accreditation(RuntimeOrigin::root(), issuer, kind, place)
}

pub fn distrust(issuer: OrgId, since: Moment) -> DispatchResult {
    Registry::distrust_issuer_from(RuntimeOrigin::root(), issuer, since)
}

pub fn issue(staff: AccountId, holder: AccountId, terms: Terms) -> DispatchResult {
    Registry::issue(signed(staff), holder, terms)
}

/// Issues and returns the new credential's id.
pub fn issued(staff: AccountId, holder: AccountId, terms: Terms) -> CredentialId {
    assert_ok!(issue(staff, holder, terms));
    match last_event() {
        crate::Event::Issued { credential, .. } => credential,
        other => panic!("not issued but {other:?}"),
    }
}

/// The registrar of a board of its own, by number, that is accredited for physicians at home.
pub fn another_registrar(number: u8) -> AccountId {
    let board = OrgId(100 + u32::from(number));
    let registrar = AccountId::new([100 + number; 32]);
    Doubles::admit(board, Role::LicensingBoard);
    Doubles::enrol(registrar.clone(), board, Duty::Registrar);
    assert_ok!(accredit(board, MEDICAL, HOME));
    registrar
}

/// The doctor's medical licence.
pub fn licensed() -> CredentialId {
    issued(REGISTRAR, DOCTOR, medical_licence())
}

pub fn suspend(id: CredentialId, until: Option<Moment>) -> DispatchResult {
    let reason = Some(Reason::UnderInvestigation);
    Registry::suspend(signed(REGISTRAR), id, until, reason)
}

pub fn reinstate(id: CredentialId) -> DispatchResult {
    Registry::reinstate(signed(REGISTRAR), id)
}

pub fn revoke(id: CredentialId) -> DispatchResult {
    Registry::revoke(signed(REGISTRAR), id, Some(Reason::Disciplinary))
}

pub fn renew(id: CredentialId, valid_until: Moment) -> DispatchResult {
    Registry::renew(signed(REGISTRAR), id, valid_until, H256::repeat_byte(6))
}

/// Whether the doctor may prescribe at home at that instant.
pub fn prescribes(at: Moment) -> Result<CredentialId, CredentialDenial> {
    Registry::has(&DOCTOR, Privilege::Prescribe, HOME, at)
}

/// The last event of this pallet.
pub fn last_event() -> crate::Event<Test> {
    System::read_events_for_pallet::<crate::Event<Test>>()
        .pop()
        .expect("an event was emitted")
}
