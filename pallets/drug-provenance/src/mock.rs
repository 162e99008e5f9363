//! A runtime with this pallet alone; the other pallets are doubles.
//!
//! The tens of an account's bytes are the number of its organisation, whose first premises have
//! that number too. Helpers that read like sentences say who does something first.

mod sentences;

pub use self::sentences::*;
use crate::{self as pallet_drug_provenance, types::*, Call, Pallet};
use axonic_gs1::{digital_link, Gln, Gtin, Serial, Sscc};
pub use axonic_primitives::testing::Now;
use axonic_primitives::{
    credentials::Privilege,
    membership::{Actor, Duty, EnsureStaff, Membership, Role},
    merkle::{InclusionProof, LeafKind, Tree},
    testing::{any_of, Doubles, StaffWith},
    AccountId, Codes, Moment, OrgId, Refusal, SiteId,
};
use frame_support::{
    assert_ok, derive_impl, dispatch::DispatchResult, parameter_types, traits::Get, BoundedVec,
};
use sp_core::H256;
use sp_io::hashing::blake2_256;
use sp_runtime::{
    traits::{Dispatchable, IdentityLookup},
    BuildStorage, DispatchError,
};
use std::{marker::PhantomData, ops::Range, rc::Rc};

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
    pub type Provenance = pallet_drug_provenance::Pallet<Test>;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlock<Test>;
    type AccountId = AccountId;
    type Lookup = IdentityLookup<AccountId>;
}

parameter_types! {
    /// How many hashes of events were given out.
    static Hashes: u64 = 0;
    /// Whether the pharmacy and the wholesaler work at their second premises.
    pub static Away: bool = false;
}

/// This staff, of whom [`PORTER`] is tied to the maker's first premises.
pub struct Tied<Staff>(PhantomData<Staff>);

impl<Staff: EnsureStaff<RuntimeOrigin>> EnsureStaff<RuntimeOrigin> for Tied<Staff> {
    fn ensure_staff(origin: RuntimeOrigin) -> Result<Actor, DispatchError> {
        let actor = Staff::ensure_staff(origin)?;
        let site = (actor.account == PORTER).then(|| site_of(&PORTER));
        Ok(Actor { site, ..actor })
    }
}

/// This staff, if it is a regulator's.
pub struct OfRegulator<Staff>(PhantomData<Staff>);

impl<Staff: EnsureStaff<RuntimeOrigin>> EnsureStaff<RuntimeOrigin> for OfRegulator<Staff> {
    fn ensure_staff(origin: RuntimeOrigin) -> Result<Actor, DispatchError> {
        let actor = Staff::ensure_staff(origin)?;
        if Doubles::has_role(actor.org, Role::Regulator) {
            Ok(actor)
        } else {
            Err(DispatchError::Other("double: not a regulator"))
        }
    }
}

type Suppliers = StaffWith<{ any_of(&[Duty::SupplyOperator]) }>;
type Pharmacists = StaffWith<{ any_of(&[Duty::Pharmacist]) }>;
type Registrars = StaffWith<{ any_of(&[Duty::Registrar]) }>;

impl pallet_drug_provenance::Config for Test {
    type SupplyOrigin = Tied<Suppliers>;
    type DispensingOrigin = Pharmacists;
    type LicensingOrigin = Registrars;
    type OversightOrigin = OfRegulator<Suppliers>;
    type Membership = Doubles;
    type Credentials = Doubles;
    type Clock = Now;
    type WeightInfo = ();
}

/// When tests begin: 2026-01-01T00:00:00Z.
pub const START: Moment = 1_767_225_600_000;
pub const HOUR: Moment = 60 * 60 * 1000;
pub const DAY: Moment = 24 * HOUR;
pub const YEAR: Moment = 365 * DAY;

const fn account(number: u8) -> AccountId {
    AccountId::new([number; 32])
}

/// Makes [`MEDICINE`] and [`SYRUP`].
pub const MAKER: AccountId = account(10);
/// Works for the maker, at its first premises only.
pub const PORTER: AccountId = account(11);
/// Makes [`RIVAL_MEDICINE`].
pub const RIVAL: AccountId = account(20);
pub const WHOLESALER: AccountId = account(30);
/// Carries for others and owns nothing.
pub const CARRIER: AccountId = account(40);
/// Keeps the pharmacy's stock.
pub const PHARMACY: AccountId = account(50);
/// Dispenses at the pharmacy.
pub const PHARMACIST: AccountId = account(51);
/// Packs again, as [`REPACKED`].
pub const REPACKAGER: AccountId = account(60);
pub const EXPORTER: AccountId = account(70);
/// Oversees the market for the regulator.
pub const INSPECTOR: AccountId = account(80);
/// A member that is not a trading partner.
pub const HOSPITAL: AccountId = account(90);
/// Authorises trading partners.
pub const REGISTRAR: AccountId = account(100);
/// Another wholesaler.
pub const DEPOT: AccountId = account(110);
/// Dispenses at another pharmacy.
pub const DRUGGIST: AccountId = account(120);
pub const STRANGER: AccountId = account(250);

/// The pharmacy's second premises.
pub const BRANCH: SiteId = SiteId(1_005);
/// The wholesaler's second premises.
pub const YARD: SiteId = SiteId(1_003);
/// The maker's second premises.
pub const ANNEX: SiteId = SiteId(1_001);
/// Premises that nobody opened.
pub const NOWHERE: SiteId = SiteId(9_999);

/// The maker's GTIN, as a number.
pub const MEDICINE: u64 = 9_506_000_134_352;
/// The maker's other one.
pub const SYRUP: u64 = 9_506_000_134_369;
pub const RIVAL_MEDICINE: u64 = 9_506_000_990_019;
pub const REPACKED: u64 = 9_506_000_880_013;
/// Right, but not registered.
pub const UNREGISTERED: u64 = 9_506_000_770_017;
/// The last digit is not the check digit.
pub const MISTYPED: u64 = 9_506_000_134_353;

/// The maker's GTIN of a case of ten packs of [`MEDICINE`]: its first digit says so.
pub const CASE_OF_TEN: u64 = 19_506_000_134_359;

/// The last day on which packs of these tests may be used, if nothing else is said.
pub const EXPIRY: DayDraft = DayDraft {
    year: 2028,
    month: 12,
    day: 31,
};

/// Every trading partner with what it is licensed for.
pub const PARTNERS: [(AccountId, Licence); 9] = [
    (MAKER, Licence::Manufacturer),
    (RIVAL, Licence::Manufacturer),
    (WHOLESALER, Licence::Wholesaler),
    (CARRIER, Licence::LogisticsProvider),
    (PHARMACY, Licence::Dispenser),
    (REPACKAGER, Licence::Repackager),
    (EXPORTER, Licence::Exporter),
    (DEPOT, Licence::Wholesaler),
    (DRUGGIST, Licence::Dispenser),
];

/// Every member, by somebody who acts for it.
const MEMBERS: [(AccountId, Role); 12] = [
    (MAKER, Role::Manufacturer),
    (RIVAL, Role::Manufacturer),
    (WHOLESALER, Role::Wholesaler),
    (CARRIER, Role::LogisticsProvider),
    (PHARMACY, Role::Pharmacy),
    (REPACKAGER, Role::Repackager),
    (EXPORTER, Role::Wholesaler),
    (DEPOT, Role::Wholesaler),
    (DRUGGIST, Role::Pharmacy),
    (INSPECTOR, Role::Regulator),
    (HOSPITAL, Role::Provider),
    (REGISTRAR, Role::LicensingBoard),
];

/// For whom the account acts.
pub fn org_of(who: &AccountId) -> OrgId {
    let bytes: &[u8; 32] = who.as_ref();
    OrgId(u32::from(bytes[0] / 10))
}

/// The first premises of whoever the account acts for.
pub fn site_of(who: &AccountId) -> SiteId {
    SiteId(org_of(who).0)
}

/// The party location number of whoever the account acts for.
pub fn gln_of(who: &AccountId) -> Gln {
    let body = 950_600_000_000 + u64::from(org_of(who).0);
    Gln::with_check_digit(body).expect("twelve digits")
}

/// Trading partners with products, a regulator, and a member who does not trade.
pub fn build_and_execute(test: impl FnOnce()) {
    prepare().execute_with(|| {
        test();
        try_state();
    });
}

/// The world of [`build_and_execute`].
pub fn prepare() -> sp_io::TestExternalities {
    let storage = frame_system::GenesisConfig::<Test>::default().build_storage();
    let mut externalities: sp_io::TestExternalities = storage.expect("it is empty").into();
    externalities.execute_with(populate);
    externalities
}

fn populate() {
    Doubles::reset();
    Now::set(START);
    Hashes::set(0);
    Away::set(false);
    System::set_block_number(1);
    for (who, role) in MEMBERS {
        Doubles::admit(org_of(&who), role);
        Doubles::open_site(org_of(&who), site_of(&who));
        Doubles::enrol(who.clone(), org_of(&who), Duty::SupplyOperator);
    }
    Doubles::open_site(org_of(&PHARMACY), BRANCH);
    Doubles::open_site(org_of(&WHOLESALER), YARD);
    Doubles::open_site(org_of(&MAKER), ANNEX);
    Doubles::enrol(PORTER, org_of(&PORTER), Duty::SupplyOperator);
    Doubles::enrol(REGISTRAR, org_of(&REGISTRAR), Duty::Registrar);
    Doubles::enrol(PHARMACIST, org_of(&PHARMACIST), Duty::Pharmacist);
    let both = [Duty::SupplyOperator, Duty::Pharmacist];
    Doubles::enrol(DRUGGIST, org_of(&DRUGGIST), both);
    Doubles::license(PHARMACIST, Privilege::Dispense);
    Doubles::license(DRUGGIST, Privilege::Dispense);
    for (who, licence) in PARTNERS {
        assert_ok!(authorise(&who, licence, START + 10 * YEAR));
    }
    assert_ok!(register(MAKER, MEDICINE));
    assert_ok!(register(MAKER, SYRUP));
    assert_ok!(register(RIVAL, RIVAL_MEDICINE));
    assert_ok!(register(REPACKAGER, REPACKED));
    System::reset_events();
}

/// The error as calls give it.
pub fn refusal(error: crate::Error<Test>) -> DispatchError {
    error.into()
}

/// Every invariant holds.
pub fn try_state() {
    Pallet::<Test>::do_try_state().expect("every invariant holds");
}

pub fn signed(who: AccountId) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

/// Sends the call, after asking what would come of it: both must say the same.
pub fn act(who: AccountId, call: Call<Test>) -> DispatchResult {
    let told = Provenance::explain_move(who.clone(), call.clone());
    let done = perform(who, call);
    assert_eq!(told, done.map_err(Refusal::from), "explain_move misleads");
    done
}

/// Sends the call.
pub fn perform(who: AccountId, call: Call<Test>) -> DispatchResult {
    let done = RuntimeCall::Provenance(call).dispatch(signed(who));
    done.map(|_| ()).map_err(|refused| refused.error)
}

pub fn pass(time: Moment) {
    Now::advance(time);
}

/// The premises where whoever acts for an organisation works now: its first, unless it is
/// [`Away`].
pub fn workplace(who: &AccountId) -> SiteId {
    let org = org_of(who);
    match Away::get() {
        true if org == org_of(&PHARMACY) => BRANCH,
        true if org == org_of(&WHOLESALER) => YARD,
        _ => site_of(who),
    }
}

/// Now, where whoever acts works, with a hash that no other event has.
pub fn here(who: &AccountId) -> Occurrence {
    at(workplace(who))
}

/// Now, at these premises, with a hash that no other event has.
pub fn at(site: SiteId) -> Occurrence {
    Hashes::mutate(|given| *given += 1);
    Occurrence {
        site,
        time: Now::get(),
        hash: H256(blake2_256(&Hashes::get().to_be_bytes())),
    }
}

/// No containers and no packs.
pub const NOTHING: [UnitName; 0] = [];

/// A list that is not too long.
pub fn bounded<V, S: Get<u32>>(list: impl IntoIterator<Item = V>) -> BoundedVec<V, S> {
    let list = list.into_iter().collect::<Vec<_>>();
    list.try_into()
        .unwrap_or_else(|_| panic!("the list is too long"))
}

pub fn text(characters: &str) -> Text {
    Text(bounded(characters.bytes()))
}

pub fn day(year: u16, month: u8, day: u8) -> DayDraft {
    DayDraft { year, month, day }
}

/// A logistic unit, by number.
pub fn sscc(number: u64) -> ContainerName {
    let sscc = Sscc::with_check_digit(number).expect("a short number");
    ContainerName::Sscc(sscc.as_u64())
}

pub fn case(number: u64) -> ContainerName {
    sscc(100_000 + number)
}

pub fn pallet(number: u64) -> ContainerName {
    sscc(200_000 + number)
}

/// A case of the product that has a serial of its own.
pub fn trade_item(gtin: u64, serial: &str) -> ContainerName {
    let serial = text(serial);
    ContainerName::Sgtin { gtin, serial }
}

impl From<ContainerName> for UnitName {
    fn from(container: ContainerName) -> Self {
        Self::Container(container)
    }
}

/// What the chain calls a container.
pub fn key(name: &ContainerName) -> ContainerKey {
    match name {
        ContainerName::Sscc(number) => ContainerKey::Sscc(Sscc::new(*number).expect("valid")),
        ContainerName::Sgtin { gtin, serial } => ContainerKey::Sgtin {
            gtin: Gtin::new(*gtin).expect("valid"),
            serial: Serial::new(&serial.0).expect("valid"),
        },
    }
}

/// What the chain calls something that can be moved.
pub fn unit(name: impl Into<UnitName>) -> Unit {
    match name.into() {
        UnitName::Container(container) => Unit::Container(key(&container)),
        UnitName::Packs { lot, first, count } => Unit::Packs {
            lot,
            first,
            last: first + count - 1,
        },
    }
}

/// A lot as its maker knows it. What is behind a root on chain is here.
#[derive(Clone)]
pub struct Made {
    pub id: LotId,
    pub gtin: u64,
    pub number: Text,
    tree: Option<Rc<Tree>>,
}

impl Made {
    /// The lot with this number that was made of the draft.
    pub fn of(id: LotId, draft: &LotDraft, tree: Option<Tree>) -> Self {
        Self {
            id,
            gtin: draft.gtin,
            number: draft.number.clone(),
            tree: tree.map(Rc::new),
        }
    }

    /// The text of pack `index`'s serial.
    pub fn serial(&self, index: u32) -> Text {
        serial(&self.number, index)
    }

    /// What pack `index` has printed on it.
    pub fn claim(&self, index: u32) -> PackClaim {
        PackClaim {
            gtin: self.gtin,
            serial: self.serial(index),
            lot: self.number.clone(),
            expiry: None,
        }
    }

    /// That the serial of pack `index` is behind the lot's root.
    pub fn proof(&self, index: u32) -> Option<InclusionProof> {
        let tree = self.tree.as_ref()?;
        Some(tree.prove(index).expect("the lot has the pack"))
    }

    /// Packs that follow each other.
    pub fn packs(&self, packs: Range<u32>) -> UnitName {
        UnitName::Packs {
            lot: self.id,
            first: packs.start,
            count: packs.end - packs.start,
        }
    }

    /// One pack.
    pub fn pack(&self, index: u32) -> UnitName {
        self.packs(index..index + 1)
    }

    /// What the chain knows of it.
    pub fn details(&self) -> Lot {
        crate::Lots::<Test>::get(self.id).expect("it was commissioned")
    }

    /// How many packs left the chain like this.
    pub fn gone(&self, fate: Fate) -> u32 {
        self.details().fates[fate as usize]
    }

    /// What pack `index` is, who answers for it, and how it got there.
    pub fn trace(&self, index: u32) -> Trace {
        let (serial, lot, proof) = (self.serial(index), self.number.clone(), self.proof(index));
        Provenance::trace_of(self.gtin, &serial, Some(&lot), proof.as_ref()).expect("it exists")
    }

    /// What pack `index` is.
    pub fn disposition(&self, index: u32) -> Disposition {
        self.trace(index).disposition
    }

    /// Who answers for pack `index`.
    pub fn custodian(&self, index: u32) -> OrgId {
        self.trace(index).holding.custodian
    }

    /// What a scanner is told of pack `index`.
    pub fn scan(&self, index: u32) -> Verdict {
        scan(&self.claim(index), self.proof(index))
    }
}

/// The serial that a maker gives to pack `index` of a lot.
pub fn serial(number: &Text, index: u32) -> Text {
    let number = String::from_utf8_lossy(&number.0);
    text(&format!("{number}.{index}"))
}

/// What the tree of serials has for each pack.
pub fn commitments(gtin: u64, number: &Text, units: u32) -> Vec<H256> {
    let gtin = Gtin::new(gtin).expect("valid");
    let commitment = |index| {
        let serial = Serial::new(&serial(number, index).0).expect("valid");
        H256(blake2_256(digital_link::pack(gtin, &serial).as_bytes()))
    };
    (0..units).map(commitment).collect()
}

/// What a scanner is told of a pack by the text that its code has.
pub fn scan(claim: &PackClaim, proof: Option<InclusionProof>) -> Verdict {
    let answer = Provenance::verify_scan(element_string(claim).as_bytes(), proof.as_ref());
    answer.expect("it can be read").verdict
}

/// The claim as an element string.
pub fn element_string(claim: &PackClaim) -> String {
    let part = |text: &Text| String::from_utf8_lossy(&text.0).replace('(', "\\(");
    let expiry = claim.expiry.as_ref().map_or(String::new(), |day| {
        format!("(17){:02}{:02}{:02}", day.year % 100, day.month, day.day)
    });
    let (serial, lot) = (part(&claim.serial), part(&claim.lot));
    format!("(01){:014}{expiry}(10){lot}(21){serial}", claim.gtin)
}
