//! Who acts, as the other pallets ask it.

use crate::{rules, Config, Error, Organisation, Organisations, Pallet, SiteStatus, Sites};
use axonic_primitives::{
    membership::{Actor, Duty, EnsureStaff, Member, Membership, Role},
    AccountId, Clock, Code, Codes, OrgId, SiteId,
};
use core::marker::PhantomData;
use frame_support::traits::Get;
use frame_system::{ensure_signed, pallet_prelude::OriginFor};
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
    /// Who acts when `account` signs, and the organisation it acts for.
    fn resolve(account: &AccountId) -> Result<(Actor, Organisation), Error<T>> {
        let staff = Self::require_staff(account)?;
        let organisation = Self::require_organisation(staff.org)?;
        let now = T::Clock::now();
        organisation.standing(now).require_active()?;
        rules::enrolment(&staff, organisation.epoch, now).require_active()?;
        if let Some(site) = staff.site {
            Self::require_open_site(staff.org, site)?;
        }
        let actor = Actor {
            account: account.clone(),
            org: staff.org,
            site: staff.site,
            duties: staff.duties,
        };
        Ok((actor, organisation))
    }

    /// Who acts when `account` signs, if its organisation has one of `roles` and itself one of
    /// `duties`. The one decision behind [`EnsureMember`] and the read `explain_actor`.
    pub fn qualified_actor(
        account: &AccountId,
        roles: Codes<Role>,
        duties: Codes<Duty>,
    ) -> Result<Actor, Error<T>> {
        let (actor, organisation) = Self::resolve(account)?;
        rules::qualify(organisation.roles, actor.duties, roles, duties)?;
        Ok(actor)
    }
}

impl<T: Config> Membership for Pallet<T> {
    fn actor(account: &AccountId) -> Result<Actor, DispatchError> {
        let (actor, _) = Self::resolve(account)?;
        Ok(actor)
    }

    fn member(org: OrgId) -> Option<Member> {
        let organisation = Organisations::<T>::get(org)?;
        Some(Member {
            roles: organisation.roles,
            jurisdiction: organisation.jurisdiction,
            active: organisation.standing(T::Clock::now()).is_active(),
            epoch: organisation.epoch,
        })
    }

    fn site(org: OrgId, site: SiteId) -> bool {
        Sites::<T>::get(site)
            .is_some_and(|found| found.org == org && found.status == SiteStatus::Open)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn enrol_for_benchmark(staff: &AccountId) -> OrgId {
        use crate::{Gln, NextOrgId, NextSiteId, SiteKind};
        use axonic_primitives::{membership::Jurisdiction, Moment};
        use sp_core::H256;

        let number = NextOrgId::<T>::get().0;
        let admin = frame_benchmarking::account("consortium admin", number, 0);
        let org = Self::do_admit(
            Codes::all(),
            Jurisdiction(*b"US"),
            admin,
            Moment::MAX,
            H256::zero(),
        )
        .expect("the administrator's account is made for this number; qed");
        // Tied to a site, because that costs a read more whenever the account acts.
        let gln = Gln::numbered(999_000_000_000 + u64::from(NextSiteId::<T>::get().0));
        let site = Self::do_open_site(org, gln, SiteKind::Hospital)
            .expect("the location number is made for this site; qed");
        Self::do_enrol_staff(org, staff.clone(), Codes::all(), Some(site), Moment::MAX)
            .expect("benchmarks enrol an account that is not enrolled; qed");
        org
    }
}

/// Lets staff pass whose organisation has one of `Roles` and who has one of `Duties`; the
/// [`EnsureStaff`] that the other pallets are configured with.
///
/// ```ignore
/// parameter_types! {
///     pub const RegistrarRoles: Codes<Role> = roles(&[Role::Provider, Role::Laboratory]);
///     pub const RegistrarDuties: Codes<Duty> = duties(&[Duty::Registrar]);
/// }
/// type RegistrarOrigin = EnsureMember<Runtime, RegistrarRoles, RegistrarDuties>;
/// type AnyoneEmployed = EnsureMember<Runtime, Any, Any>;
/// ```
pub struct EnsureMember<T, Roles, Duties>(PhantomData<(T, Roles, Duties)>);

impl<T, Roles, Duties> EnsureStaff<OriginFor<T>> for EnsureMember<T, Roles, Duties>
where
    T: Config,
    Roles: Get<Codes<Role>>,
    Duties: Get<Codes<Duty>>,
{
    fn ensure_staff(origin: OriginFor<T>) -> Result<Actor, DispatchError> {
        let account = ensure_signed(origin)?;
        Ok(Pallet::<T>::qualified_actor(
            &account,
            Roles::get(),
            Duties::get(),
        )?)
    }
}

/// For [`EnsureMember`]: any role, or any duty.
pub struct Any;

impl<C: Code> Get<Codes<C>> for Any {
    fn get() -> Codes<C> {
        Codes::empty()
    }
}

/// A set of roles, for constants.
pub const fn roles(mut list: &[Role]) -> Codes<Role> {
    let mut bits = 0;
    while let [first, rest @ ..] = list {
        bits |= 1 << (*first as u32);
        list = rest;
    }
    Codes::from_bits(bits)
}

/// A set of duties, for constants.
pub const fn duties(mut list: &[Duty]) -> Codes<Duty> {
    let mut bits = 0;
    while let [first, rest @ ..] = list {
        bits |= 1 << (*first as u32);
        list = rest;
    }
    Codes::from_bits(bits)
}
