//! Doubles of the seams, for testing one pallet without the others.
//!
//! [`Doubles`] answers from what the test told it, [`StaffWith`] lets its staff call, and [`Now`]
//! is the clock. What they know is thread-local, because a test runs on one thread; build test
//! externalities with [`Doubles::reset`] and [`Now::set`] first.

mod clock;
mod staff;

pub use clock::Now;
pub use staff::{any_of, StaffWith, ANY_DUTY, DUTY_MISSING, NOT_STAFF};

use crate::{
    consent::{AccessQuery, Basis, ConsentGate, Denial, Receipt, Refused},
    credentials::{CredentialDenial, Credentials, Privilege},
    membership::{Actor, Duty, Jurisdiction, Member, Membership, Role},
    patients::{Acting, Patients, Power, Standing},
    AccountId, Codes, CredentialId, Moment, OrgId, PatientId, SiteId,
};
use alloc::{collections::BTreeMap, vec, vec::Vec};
use core::cell::RefCell;
use sp_runtime::DispatchError;

/// Where the organisations of tests are, unless a test says otherwise.
pub const HOME: Jurisdiction = Jurisdiction(*b"US");

#[derive(Default)]
struct World {
    orgs: BTreeMap<OrgId, Member>,
    staff: BTreeMap<AccountId, Actor>,
    sites: BTreeMap<SiteId, OrgId>,
    patients: BTreeMap<PatientId, Standing>,
    actors: BTreeMap<(AccountId, PatientId), (Acting, Codes<Power>)>,
    credentials: BTreeMap<AccountId, Result<Codes<Privilege>, CredentialDenial>>,
    answers: BTreeMap<(PatientId, OrgId), Result<Receipt, Denial>>,
}

std::thread_local! {
    static WORLD: RefCell<World> = RefCell::default();
}

fn with<R>(f: impl FnOnce(&mut World) -> R) -> R {
    WORLD.with(|world| f(&mut world.borrow_mut()))
}

/// Every seam, answered from what the test said.
pub struct Doubles;

impl Doubles {
    /// Forgets everything.
    pub fn reset() {
        with(|world| *world = World::default());
    }

    /// Admits an organisation, or changes its roles.
    pub fn admit(org: OrgId, roles: impl Into<Codes<Role>>) {
        let member = Member {
            roles: roles.into(),
            jurisdiction: HOME,
            active: true,
            epoch: 0,
        };
        with(|world| world.orgs.insert(org, member));
    }

    /// Suspends an organisation, or lets it act again.
    pub fn set_active(org: OrgId, active: bool) {
        with(|world| {
            if let Some(member) = world.orgs.get_mut(&org) {
                member.active = active;
            }
        });
    }

    /// Lets `account` act for `org`.
    pub fn enrol(account: AccountId, org: OrgId, duties: impl Into<Codes<Duty>>) {
        let actor = Actor {
            account: account.clone(),
            org,
            site: None,
            duties: duties.into(),
        };
        with(|world| world.staff.insert(account, actor));
    }

    /// Ends what `account` does for its organisation.
    pub fn dismiss(account: &AccountId) {
        with(|world| world.staff.remove(account));
    }

    /// Opens a site.
    pub fn open_site(org: OrgId, site: SiteId) {
        with(|world| world.sites.insert(site, org));
    }

    /// Registers an active patient whose own key is `key`.
    pub fn register(patient: PatientId, key: AccountId) {
        let standing = Standing {
            canonical: patient,
            active: true,
        };
        with(|world| {
            world.patients.insert(patient, standing);
            world
                .actors
                .insert((key, patient), (Acting::SelfActing, Codes::all()));
        });
    }

    /// Says how a patient stands from now on.
    pub fn set_standing(patient: PatientId, standing: Standing) {
        with(|world| world.patients.insert(patient, standing));
    }

    /// Lets `account` act for the patient with these powers.
    pub fn appoint(account: AccountId, patient: PatientId, powers: impl Into<Codes<Power>>) {
        let appointed = (Acting::Representative, powers.into());
        with(|world| world.actors.insert((account, patient), appointed));
    }

    /// Gives `account` a live credential with these privileges.
    pub fn license(account: AccountId, privileges: impl Into<Codes<Privilege>>) {
        with(|world| world.credentials.insert(account, Ok(privileges.into())));
    }

    /// Makes whatever credential `account` holds no good, for this reason.
    pub fn unlicense(account: AccountId, denial: CredentialDenial) {
        with(|world| world.credentials.insert(account, Err(denial)));
    }

    /// Lets the patient's consents permit everything to the recipient, on this basis, having read
    /// one consent.
    pub fn permit(patient: PatientId, recipient: OrgId, basis: Basis, conditional: bool) {
        let receipt = Receipt {
            patient,
            basis,
            conditional,
            consents: 1,
        };
        with(|world| world.answers.insert((patient, recipient), Ok(receipt)));
    }

    /// Lets the gate refuse the recipient with this reason, having read no consent.
    pub fn deny(patient: PatientId, recipient: OrgId, denial: Denial) {
        with(|world| world.answers.insert((patient, recipient), Err(denial)));
    }
}

impl ConsentGate for Doubles {
    fn authorize(patient: &PatientId, query: &AccessQuery) -> Result<Receipt, Refused> {
        let patient = <Self as Patients>::resolve(patient).ok_or(Denial::PatientNotFound)?;
        with(|world| world.answers.get(&(patient, query.recipient.org)).copied())
            .unwrap_or(Err(Denial::NoConsent))
            .map_err(Refused::from)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn permit_for_benchmark(patient: &PatientId, _: &AccountId, recipient: OrgId, _: u32) {
        Self::permit(
            *patient,
            recipient,
            Basis::Default(crate::consent::Scope::Treatment),
            false,
        );
    }
}

impl Membership for Doubles {
    fn actor(account: &AccountId) -> Result<Actor, DispatchError> {
        let actor = with(|world| world.staff.get(account).cloned());
        let actor = actor.ok_or(NOT_STAFF)?;
        if <Self as Membership>::is_active(actor.org) {
            Ok(actor)
        } else {
            Err(DispatchError::Other("double: organisation not active"))
        }
    }

    fn member(org: OrgId) -> Option<Member> {
        with(|world| world.orgs.get(&org).copied())
    }

    fn site(org: OrgId, site: SiteId) -> bool {
        with(|world| world.sites.get(&site) == Some(&org))
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn enrol_for_benchmark(staff: &AccountId) -> OrgId {
        Self::admit(OrgId(0), Codes::all());
        Self::enrol(staff.clone(), OrgId(0), Codes::all());
        OrgId(0)
    }
}

impl Patients for Doubles {
    fn standing(patient: &PatientId) -> Option<Standing> {
        with(|world| world.patients.get(patient).copied())
    }

    fn may_act(
        account: &AccountId,
        patient: &PatientId,
        power: Power,
    ) -> Result<Acting, DispatchError> {
        let patient = Self::resolve(patient).ok_or(DispatchError::Other("double: no patient"))?;
        let acting = with(|world| world.actors.get(&(account.clone(), patient)).copied());
        match acting {
            Some((acting, powers)) if powers.contains(power) => Ok(acting),
            _ => Err(DispatchError::Other("double: may not act")),
        }
    }

    fn managing_org(patient: &PatientId) -> Option<OrgId> {
        Self::standing(patient).map(|_| OrgId(0))
    }

    fn identities(canonical: &PatientId) -> Vec<PatientId> {
        let merged = with(|world| {
            let others = world
                .patients
                .iter()
                .filter(|(id, standing)| *id != canonical && standing.canonical == *canonical);
            others.map(|(id, _)| *id).collect::<Vec<_>>()
        });
        [vec![*canonical], merged].concat()
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn register_for_benchmark(patient: PatientId, key: &AccountId, _: OrgId) {
        Self::register(patient, key.clone());
    }
}

impl Credentials for Doubles {
    fn has(
        account: &AccountId,
        privilege: Privilege,
        _: Jurisdiction,
        _: Moment,
    ) -> Result<CredentialId, CredentialDenial> {
        let privileges = with(|world| world.credentials.get(account).copied())
            .unwrap_or(Err(CredentialDenial::NotCredentialed))?;
        if privileges.contains(privilege) {
            Ok(CredentialId::default())
        } else {
            Err(CredentialDenial::PrivilegeMissing)
        }
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn license_for_benchmark(holder: &AccountId, privilege: Privilege, _: Jurisdiction) {
        Self::license(holder.clone(), privilege);
    }
}
