//! The invariants, one function each. Run after every test, and by `try-runtime` on real state.

use crate::{
    rules, Admins, AgreementKeys, Config, Glns, NextOrgId, NextSiteId, OrgStatus, Organisations,
    Pallet, SiteStatus, Sites, Staff,
};
use alloc::collections::BTreeMap;
use axonic_primitives::{membership::Membership, Clock, OrgId, SiteId};
use frame_support::ensure;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_try_state() -> Result<(), TryRuntimeError> {
        Self::organisations_are_numbered_and_sound()?;
        Self::administrators_and_organisations_name_each_other()?;
        Self::administrators_are_not_staff_elsewhere()?;
        Self::enrolments_are_sound()?;
        Self::staff_counts_are_true()?;
        Self::sites_and_location_numbers_name_each_other()?;
        Self::site_counts_are_true()?;
        Self::agreement_keys_are_sound()?;
        Self::nobody_acts_for_an_inactive_member()
    }

    /// Organisations are numbered without gaps, and each has known roles and a jurisdiction.
    fn organisations_are_numbered_and_sound() -> Result<(), TryRuntimeError> {
        for number in 0..NextOrgId::<T>::get().0 {
            ensure!(
                Organisations::<T>::contains_key(OrgId(number)),
                "a number was skipped"
            );
        }
        for (org, organisation) in Organisations::<T>::iter() {
            ensure!(
                org < NextOrgId::<T>::get(),
                "an organisation has a number not yet given"
            );
            ensure!(
                !organisation.roles.is_empty(),
                "an organisation has no role"
            );
            ensure!(
                organisation.roles.is_known(),
                "an organisation has an unknown role"
            );
            ensure!(
                organisation.jurisdiction.is_well_formed(),
                "a jurisdiction is malformed"
            );
        }
        Ok(())
    }

    /// Each member that is not expelled has one administrator, who administers nothing else.
    fn administrators_and_organisations_name_each_other() -> Result<(), TryRuntimeError> {
        for (account, org) in Admins::<T>::iter() {
            let organisation =
                Organisations::<T>::get(org).ok_or("an administrator has no organisation")?;
            ensure!(
                organisation.admin == account,
                "an organisation names another administrator"
            );
            ensure!(
                organisation.status != OrgStatus::Expelled,
                "an expelled one is administered"
            );
        }
        let members = Organisations::<T>::iter_values()
            .filter(|organisation| organisation.status != OrgStatus::Expelled);
        ensure!(
            members.count() == Admins::<T>::iter().count(),
            "a member has no administrator"
        );
        Ok(())
    }

    /// An administrator has no enrolment but in its own organisation.
    fn administrators_are_not_staff_elsewhere() -> Result<(), TryRuntimeError> {
        for (account, org) in Admins::<T>::iter() {
            let elsewhere = Staff::<T>::get(account).is_some_and(|staff| staff.org != org);
            ensure!(!elsewhere, "an administrator is enrolled elsewhere");
        }
        Ok(())
    }

    /// Each enrolment names an organisation, an epoch it has reached, known duties, and no site but
    /// the organisation's own.
    fn enrolments_are_sound() -> Result<(), TryRuntimeError> {
        for staff in Staff::<T>::iter_values() {
            let organisation =
                Organisations::<T>::get(staff.org).ok_or("an enrolment has no organisation")?;
            ensure!(
                staff.org_epoch <= organisation.epoch,
                "an enrolment is from a later epoch"
            );
            ensure!(!staff.duties.is_empty(), "an enrolment has no duty");
            ensure!(staff.duties.is_known(), "an enrolment has an unknown duty");
            if let Some(site) = staff.site {
                let site = Sites::<T>::get(site).ok_or("an enrolment names no site there is")?;
                ensure!(
                    site.org == staff.org,
                    "an enrolment names the site of another"
                );
            }
        }
        Ok(())
    }

    /// An organisation counts the enrolments of its present epoch, and all that are stored.
    fn staff_counts_are_true() -> Result<(), TryRuntimeError> {
        let mut enrolled = BTreeMap::<(OrgId, u32), u32>::new();
        let mut stored = BTreeMap::<OrgId, u32>::new();
        for staff in Staff::<T>::iter_values() {
            let count = enrolled.entry((staff.org, staff.org_epoch)).or_default();
            *count = count.saturating_add(1);
            let count = stored.entry(staff.org).or_default();
            *count = count.saturating_add(1);
        }
        for (org, organisation) in Organisations::<T>::iter() {
            let count = enrolled
                .get(&(org, organisation.epoch))
                .copied()
                .unwrap_or_default();
            ensure!(organisation.staff_count == count, "a staff count is wrong");
            let count = stored.get(&org).copied().unwrap_or_default();
            ensure!(
                organisation.stored_staff == count,
                "a count of stored enrolments is wrong"
            );
        }
        Ok(())
    }

    /// Sites are numbered without gaps and belong to an organisation. Each whose location number
    /// was not released has one that no other such site has, and no released one is kept.
    fn sites_and_location_numbers_name_each_other() -> Result<(), TryRuntimeError> {
        for number in 0..NextSiteId::<T>::get().0 {
            ensure!(
                Sites::<T>::contains_key(SiteId(number)),
                "a number was skipped"
            );
        }
        for (id, site) in Sites::<T>::iter() {
            ensure!(
                id < NextSiteId::<T>::get(),
                "a site has a number not yet given"
            );
            ensure!(
                Organisations::<T>::contains_key(site.org),
                "a site has no organisation"
            );
            ensure!(site.gln.is_valid(), "a location number is wrong");
            ensure!(
                site.status == SiteStatus::Released || Glns::<T>::get(site.gln) == Some(id),
                "a location number is not unique"
            );
        }
        let kept = Sites::<T>::iter_values().filter(|site| site.status != SiteStatus::Released);
        ensure!(
            Glns::<T>::iter().count() == kept.count(),
            "a GLN has no site"
        );
        Ok(())
    }

    /// An organisation counts its open sites, and all that it ever opened.
    fn site_counts_are_true() -> Result<(), TryRuntimeError> {
        let mut open = BTreeMap::<OrgId, u32>::new();
        let mut opened = BTreeMap::<OrgId, u32>::new();
        for site in Sites::<T>::iter_values() {
            let count = opened.entry(site.org).or_default();
            *count = count.saturating_add(1);
            if site.status == SiteStatus::Open {
                let count = open.entry(site.org).or_default();
                *count = count.saturating_add(1);
            }
        }
        for (org, organisation) in Organisations::<T>::iter() {
            let count = open.get(&org).copied().unwrap_or_default();
            ensure!(organisation.site_count == count, "a site count is wrong");
            let count = opened.get(&org).copied().unwrap_or_default();
            ensure!(
                organisation.sites_opened == count,
                "a count of sites ever opened is wrong"
            );
        }
        Ok(())
    }

    /// Each key belongs to an organisation, is sound, and has a version of at least 1.
    fn agreement_keys_are_sound() -> Result<(), TryRuntimeError> {
        for (org, current) in AgreementKeys::<T>::iter() {
            ensure!(
                Organisations::<T>::contains_key(org),
                "a key has no organisation"
            );
            ensure!(
                rules::is_sound_x25519_key(&current.key.0),
                "a key is of low order"
            );
            ensure!(current.version >= 1, "a key has no version");
        }
        Ok(())
    }

    /// Whoever acts is enrolled under the present epoch of an organisation that is neither
    /// suspended, expired nor expelled.
    fn nobody_acts_for_an_inactive_member() -> Result<(), TryRuntimeError> {
        let now = T::Clock::now();
        for (account, staff) in Staff::<T>::iter() {
            if <Self as Membership>::actor(&account).is_err() {
                continue;
            }
            let organisation =
                Organisations::<T>::get(staff.org).ok_or("somebody acts for no organisation")?;
            ensure!(
                organisation.status == OrgStatus::Active,
                "somebody acts for a suspended one"
            );
            ensure!(
                now < organisation.valid_until,
                "somebody acts for an expired one"
            );
            ensure!(
                now < staff.valid_until,
                "somebody acts under an expired enrolment"
            );
            ensure!(
                staff.org_epoch == organisation.epoch,
                "somebody acts under an old epoch"
            );
        }
        Ok(())
    }
}
