//! A runtime with nothing but the consortium, and the people in it.

use crate::{
    duties, roles, Any, EnsureMember, GenesisOrganisation, GenesisSite, GenesisStaff, Gln, SiteKind,
};
use axonic_primitives::{
    membership::{Duty, Jurisdiction, Role},
    AccountId, Codes, Moment, OrgId, SiteId,
};
use frame_support::{
    assert_ok, derive_impl, parameter_types,
    storage::{unhashed, KeyPrefixIterator},
};
use frame_system::{mocking::MockBlock, EnsureRoot};
use sp_core::H256;
use sp_io::{hashing::twox_128, TestExternalities};
use sp_runtime::{traits::IdentityLookup, BuildStorage};
use std::collections::{BTreeMap, BTreeSet};

pub use axonic_primitives::testing::Now;

#[frame_support::runtime]
mod runtime {
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
    pub type Consortium = crate;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = MockBlock<Test>;
    type AccountId = AccountId;
    type Lookup = IdentityLookup<Self::AccountId>;
}

/// 15 June 2025, 15:06:40 UTC.
pub const TODAY: Moment = 1_750_000_000_000;
pub const DAY: Moment = 86_400_000;
pub const NEXT_MONTH: Moment = TODAY + 30 * DAY;
pub const NEXT_YEAR: Moment = TODAY + 365 * DAY;

pub const MAX_STAFF: u32 = 4;
pub const MAX_SITES: u32 = 2;

parameter_types! {
    pub const MaxStaff: u32 = MAX_STAFF;
    pub const MaxSites: u32 = MAX_SITES;
    pub const ProviderRoles: Codes<Role> = roles(&[Role::Provider, Role::Laboratory]);
    pub const ClinicianDuties: Codes<Duty> = duties(&[Duty::Clinician, Duty::RecordsOfficer]);
}

impl crate::Config for Test {
    type CouncilOrigin = EnsureRoot<AccountId>;
    type Clock = Now;
    type MaxStaffPerOrganisation = MaxStaff;
    type MaxSitesPerOrganisation = MaxSites;
    type WeightInfo = ();
}

/// What a pallet for clinical records would be configured with.
pub type ClinicianOrigin = EnsureMember<Test, ProviderRoles, ClinicianDuties>;
/// What a pallet that wants nothing but an employee would be configured with.
pub type EmployeeOrigin = EnsureMember<Test, Any, Any>;

pub const HOSPITAL: OrgId = OrgId(0);
pub const HOSPITAL_ADMIN: AccountId = AccountId::new([1; 32]);
pub const WARD: SiteId = SiteId(0);
pub const CLINICIAN: AccountId = AccountId::new([2; 32]);

pub const PHARMACY: OrgId = OrgId(1);
pub const PHARMACY_ADMIN: AccountId = AccountId::new([3; 32]);
pub const SHOP: SiteId = SiteId(1);
pub const PHARMACIST: AccountId = AccountId::new([4; 32]);

/// The organisation that tests admit.
pub const PAYER: OrgId = OrgId(2);
pub const PAYER_ADMIN: AccountId = AccountId::new([5; 32]);

/// Belongs to nobody.
pub const STRANGER: AccountId = AccountId::new([9; 32]);

pub const CHARTER: H256 = H256::repeat_byte(7);
pub const HOME: Jurisdiction = Jurisdiction(*b"US");

pub fn council() -> RuntimeOrigin {
    RuntimeOrigin::root()
}

pub fn signed(account: AccountId) -> RuntimeOrigin {
    RuntimeOrigin::signed(account)
}

/// Some account that is nobody yet.
pub fn person(number: u8) -> AccountId {
    AccountId::new([100 + number; 32])
}

/// Enrols an account in the hospital.
pub fn enrol(account: AccountId) {
    assert_ok!(Consortium::enrol_staff(
        signed(HOSPITAL_ADMIN),
        account,
        Duty::Clinician.into(),
        None,
        NEXT_MONTH
    ));
}

/// How many the organisation says it has enrolled.
pub fn staff_count(org: OrgId) -> u32 {
    Consortium::organisation(org)
        .map(|organisation| organisation.staff_count)
        .unwrap()
}

/// How many enrolments the organisation says are stored.
pub fn stored_staff(org: OrgId) -> u32 {
    Consortium::organisation(org)
        .map(|organisation| organisation.stored_staff)
        .unwrap()
}

pub fn last_event() -> crate::Event<Test> {
    match System::events().pop().expect("there is an event").event {
        RuntimeEvent::Consortium(event) => event,
        other => panic!("an event of another pallet: {other:?}"),
    }
}

/// How many of the pallet's storage entries are not as they were after `f`.
pub fn entries_changed_by(f: impl FnOnce()) -> usize {
    let before = entries();
    f();
    let after = entries();
    let keys: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    keys.into_iter()
        .filter(|key| before.get(*key) != after.get(*key))
        .count()
}

fn entries() -> BTreeMap<Vec<u8>, Option<Vec<u8>>> {
    let pallet = twox_128(b"Consortium").to_vec();
    KeyPrefixIterator::new(pallet.clone(), pallet.clone(), |rest| Ok(rest.to_vec()))
        .map(|rest| {
            let key = [&pallet[..], &rest].concat();
            let value = unhashed::get_raw(&key);
            (key, value)
        })
        .collect()
}

/// A hospital and a pharmacy, each with an administrator, a site and one member of staff.
pub struct ExtBuilder {
    organisations: Vec<GenesisOrganisation>,
}

impl Default for ExtBuilder {
    fn default() -> Self {
        let hospital = GenesisOrganisation {
            roles: Role::Provider.into(),
            jurisdiction: HOME,
            admin: HOSPITAL_ADMIN,
            valid_until: NEXT_YEAR,
            charter_hash: CHARTER,
            agreement_key: None,
            sites: vec![GenesisSite {
                gln: Gln::numbered(1),
                kind: SiteKind::Hospital,
            }],
            staff: vec![GenesisStaff {
                account: CLINICIAN,
                duties: Duty::Clinician.into(),
                site: None,
                valid_until: NEXT_MONTH,
            }],
        };
        let pharmacy = GenesisOrganisation {
            roles: Role::Pharmacy.into(),
            jurisdiction: HOME,
            admin: PHARMACY_ADMIN,
            valid_until: NEXT_YEAR,
            charter_hash: CHARTER,
            agreement_key: None,
            sites: vec![GenesisSite {
                gln: Gln::numbered(2),
                kind: SiteKind::PharmacyPremises,
            }],
            staff: vec![GenesisStaff {
                account: PHARMACIST,
                duties: Duty::Pharmacist.into(),
                site: Some(0),
                valid_until: NEXT_MONTH,
            }],
        };
        Self {
            organisations: vec![hospital, pharmacy],
        }
    }
}

impl ExtBuilder {
    /// A consortium with these members.
    pub fn with(organisations: Vec<GenesisOrganisation>) -> Self {
        Self { organisations }
    }

    pub fn build(self) -> TestExternalities {
        Now::set(TODAY);
        let mut storage = frame_system::GenesisConfig::<Test>::default()
            .build_storage()
            .unwrap();
        crate::GenesisConfig::<Test> {
            organisations: self.organisations,
            _config: Default::default(),
        }
        .assimilate_storage(&mut storage)
        .unwrap();
        let mut ext = TestExternalities::from(storage);
        ext.execute_with(|| System::set_block_number(1));
        ext
    }

    /// Runs a test and checks every invariant after it.
    pub fn build_and_execute(self, test: impl FnOnce()) {
        self.build().execute_with(|| {
            test();
            assert_ok!(Consortium::do_try_state());
        });
    }
}
