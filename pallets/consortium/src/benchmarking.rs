//! Benchmarks, each call at its worst case.

use crate::*;
use axonic_primitives::membership::Membership;
use frame_benchmarking::v2::*;
use frame_support::traits::EnsureOrigin;
use frame_system::RawOrigin;

const CHARTER: H256 = H256::repeat_byte(7);

/// A member with every role, and its administrator.
fn member<T: Config>(number: u32) -> (OrgId, AccountId) {
    let admin: AccountId = account("admin", number, 0);
    let org = Pallet::<T>::do_admit(
        Codes::all(),
        Jurisdiction(*b"US"),
        admin.clone(),
        Moment::MAX,
        CHARTER,
    )
    .expect("the administrator is made for the benchmark; qed");
    (org, admin)
}

fn open_site<T: Config>(org: OrgId) -> SiteId {
    let gln = Gln::numbered(999_100_000_000 + u64::from(NextSiteId::<T>::get().0));
    Pallet::<T>::do_open_site(org, gln, SiteKind::Hospital)
        .expect("the location number is made for the benchmark; qed")
}

/// An account whose enrolment in another member has run out but is still counted there: whoever
/// takes it next has to write to that member as well.
fn expired_staff_of_another<T: Config>() -> AccountId {
    let account: AccountId = account("staff", 0, 0);
    let org = <Pallet<T> as Membership>::enrol_for_benchmark(&account);
    Staff::<T>::mutate_extant(&account, |staff| staff.valid_until = 0);
    assert_eq!(
        Organisations::<T>::get(org).map(|former| former.staff_count),
        Some(1)
    );
    account
}

fn council<T: Config>() -> Result<T::RuntimeOrigin, BenchmarkError> {
    T::CouncilOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn admit() -> Result<(), BenchmarkError> {
        let origin = council::<T>()?;
        let admin = expired_staff_of_another::<T>();

        #[extrinsic_call]
        _(
            origin as T::RuntimeOrigin,
            Codes::all(),
            Jurisdiction(*b"US"),
            admin.clone(),
            Moment::MAX,
            CHARTER,
        );

        assert!(Admins::<T>::contains_key(&admin));
        Ok(())
    }

    #[benchmark]
    fn renew() -> Result<(), BenchmarkError> {
        let origin = council::<T>()?;
        let (org, _) = member::<T>(0);

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, org, Moment::MAX - 1);

        let valid_until = Organisations::<T>::get(org).map(|renewed| renewed.valid_until);
        assert_eq!(valid_until, Some(Moment::MAX - 1));
        Ok(())
    }

    #[benchmark]
    fn change_roles() -> Result<(), BenchmarkError> {
        let origin = council::<T>()?;
        let (org, _) = member::<T>(0);

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, org, Role::Payer.into());

        let roles = Organisations::<T>::get(org).map(|changed| changed.roles);
        assert_eq!(roles, Some(Codes::from(Role::Payer)));
        Ok(())
    }

    #[benchmark]
    fn suspend() -> Result<(), BenchmarkError> {
        let origin = council::<T>()?;
        let (org, _) = member::<T>(0);

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, org);

        assert!(!<Pallet<T> as Membership>::is_active(org));
        Ok(())
    }

    #[benchmark]
    fn reinstate() -> Result<(), BenchmarkError> {
        let origin = council::<T>()?;
        let (org, _) = member::<T>(0);
        Pallet::<T>::do_suspend(org)?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, org);

        assert!(<Pallet<T> as Membership>::is_active(org));
        Ok(())
    }

    #[benchmark]
    fn expel() -> Result<(), BenchmarkError> {
        let origin = council::<T>()?;
        let (org, admin) = member::<T>(0);

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, org);

        assert!(!Admins::<T>::contains_key(admin));
        Ok(())
    }

    #[benchmark]
    fn set_admin() -> Result<(), BenchmarkError> {
        let (org, admin) = member::<T>(0);
        let successor = expired_staff_of_another::<T>();

        #[extrinsic_call]
        _(RawOrigin::Signed(admin), org, successor.clone());

        assert_eq!(Admins::<T>::get(successor), Some(org));
        Ok(())
    }

    #[benchmark]
    fn open_site() -> Result<(), BenchmarkError> {
        let (_, admin) = member::<T>(0);
        let gln = Gln::numbered(999_200_000_000);

        #[extrinsic_call]
        _(RawOrigin::Signed(admin), gln, SiteKind::Hospital);

        assert!(Glns::<T>::contains_key(gln));
        Ok(())
    }

    #[benchmark]
    fn close_site() -> Result<(), BenchmarkError> {
        let (org, admin) = member::<T>(0);
        let site = super::open_site::<T>(org);

        #[extrinsic_call]
        _(RawOrigin::Signed(admin), site);

        assert!(!<Pallet<T> as Membership>::site(org, site));
        Ok(())
    }

    #[benchmark]
    fn enrol_staff() -> Result<(), BenchmarkError> {
        let (org, admin) = member::<T>(0);
        let site = super::open_site::<T>(org);
        let account = expired_staff_of_another::<T>();

        #[extrinsic_call]
        _(
            RawOrigin::Signed(admin),
            account.clone(),
            Codes::all(),
            Some(site),
            Moment::MAX,
        );

        assert_eq!(Staff::<T>::get(account).map(|staff| staff.org), Some(org));
        Ok(())
    }

    #[benchmark]
    fn change_duties() -> Result<(), BenchmarkError> {
        let (org, admin) = member::<T>(0);
        let site = super::open_site::<T>(org);
        let account: AccountId = account("staff", 0, 0);
        Pallet::<T>::do_enrol_staff(org, account.clone(), Codes::all(), None, Moment::MAX)?;

        #[extrinsic_call]
        _(
            RawOrigin::Signed(admin),
            account.clone(),
            Duty::Auditor.into(),
            Some(site),
            Moment::MAX,
        );

        assert_eq!(
            Staff::<T>::get(account).and_then(|staff| staff.site),
            Some(site)
        );
        Ok(())
    }

    #[benchmark]
    fn dismiss_staff() -> Result<(), BenchmarkError> {
        let (org, admin) = member::<T>(0);
        let account: AccountId = account("staff", 0, 0);
        Pallet::<T>::do_enrol_staff(org, account.clone(), Codes::all(), None, Moment::MAX)?;

        #[extrinsic_call]
        _(RawOrigin::Signed(admin), account.clone());

        assert!(!Staff::<T>::contains_key(account));
        Ok(())
    }

    #[benchmark]
    fn dismiss_all_staff() -> Result<(), BenchmarkError> {
        let (org, admin) = member::<T>(0);
        let account: AccountId = account("staff", 0, 0);
        Pallet::<T>::do_enrol_staff(org, account.clone(), Codes::all(), None, Moment::MAX)?;

        #[extrinsic_call]
        _(RawOrigin::Signed(admin));

        assert!(<Pallet<T> as Membership>::actor(&account).is_err());
        Ok(())
    }

    #[benchmark]
    fn rotate_agreement_key() -> Result<(), BenchmarkError> {
        let (org, admin) = member::<T>(0);
        Pallet::<T>::do_rotate_agreement_key(org, X25519PublicKey([9; 32]))?;

        #[extrinsic_call]
        _(RawOrigin::Signed(admin), X25519PublicKey([10; 32]));

        assert_eq!(
            AgreementKeys::<T>::get(org).map(|current| current.version),
            Some(2)
        );
        Ok(())
    }

    #[benchmark]
    fn prune_staff() -> Result<(), BenchmarkError> {
        let (org, _) = member::<T>(0);
        let account: AccountId = account("staff", 0, 0);
        Pallet::<T>::do_enrol_staff(org, account.clone(), Codes::all(), None, Moment::MAX)?;
        Pallet::<T>::do_dismiss_all_staff(org)?;
        let caller: AccountId = whitelisted_caller();

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), account.clone());

        assert!(!Staff::<T>::contains_key(account));
        Ok(())
    }

    #[benchmark]
    fn release_gln() -> Result<(), BenchmarkError> {
        let origin = council::<T>()?;
        let (org, _) = member::<T>(0);
        // Open, because it is closed as well then.
        let site = super::open_site::<T>(org);
        let gln = Sites::<T>::get(site)
            .map(|opened| opened.gln)
            .expect("the site was opened for the benchmark; qed");

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, gln);

        assert!(!Glns::<T>::contains_key(gln));
        Ok(())
    }

    impl_benchmark_test_suite!(
        Pallet,
        crate::mock::ExtBuilder::default().build(),
        crate::mock::Test
    );
}
