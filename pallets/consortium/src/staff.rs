//! Verbs on staff.

use crate::{
    rules::{self, Enrolment},
    Admins, Config, Error, Event, Organisations, Pallet, Staff, StaffMember,
    STORED_STAFF_PER_PLACE,
};
use axonic_primitives::{membership::Duty, AccountId, Clock, Codes, Moment, OrgId, SiteId};
use frame_support::{
    ensure,
    pallet_prelude::{DispatchResult, Get},
    traits::DefensiveSaturating,
};

/// An enrolment that no longer holds its account.
#[derive(Clone, Copy)]
pub(crate) struct Lapsed {
    /// The organisation it is in.
    org: OrgId,
    /// Whether it is of that organisation's present epoch, and so among its `staff_count`.
    counted: bool,
}

impl<T: Config> Pallet<T> {
    pub(crate) fn do_enrol_staff(
        org: OrgId,
        account: AccountId,
        duties: Codes<Duty>,
        site: Option<SiteId>,
        valid_until: Moment,
    ) -> DispatchResult {
        Self::ensure_terms(org, duties, site, valid_until)?;
        let administered = Admins::<T>::get(&account);
        ensure!(
            administered.is_none_or(|other| other == org),
            Error::<T>::AccountInUse
        );
        let lapsed = Self::lapsed_enrolment(&account)?;
        let organisation = Self::require_organisation(org)?;
        // A lapsed enrolment in the same organisation is replaced: it makes room for this one.
        let replaced = lapsed.filter(|lapsed| lapsed.org == org);
        let max_staff = T::MaxStaffPerOrganisation::get();
        let max_stored = max_staff.saturating_mul(STORED_STAFF_PER_PLACE);
        ensure!(
            replaced.is_some_and(|lapsed| lapsed.counted) || organisation.staff_count < max_staff,
            Error::<T>::MaxStaffExceeded
        );
        ensure!(
            replaced.is_some() || organisation.stored_staff < max_stored,
            Error::<T>::MaxStaffExceeded
        );

        if let Some(lapsed) = lapsed {
            Self::release(&account, lapsed);
        }
        Organisations::<T>::mutate_extant(org, |organisation| {
            organisation.staff_count.defensive_saturating_inc();
            organisation.stored_staff.defensive_saturating_inc();
        });
        let org_epoch = organisation.epoch;
        Staff::<T>::insert(
            &account,
            StaffMember {
                org,
                duties,
                site,
                valid_until,
                org_epoch,
            },
        );
        Self::deposit_event(Event::StaffEnrolled {
            org,
            account,
            duties,
            site,
            valid_until,
        });
        Ok(())
    }

    pub(crate) fn do_change_duties(
        org: OrgId,
        account: AccountId,
        duties: Codes<Duty>,
        site: Option<SiteId>,
        valid_until: Moment,
    ) -> DispatchResult {
        let staff = Self::require_staff(&account)?;
        ensure!(staff.org == org, Error::<T>::NotAdmin);
        let organisation = Self::require_organisation(org)?;
        rules::enrolment(&staff, organisation.epoch, T::Clock::now())
            .require_active()
            .map_err(Error::<T>::from)?;
        Self::ensure_terms(org, duties, site, valid_until)?;

        Staff::<T>::insert(
            &account,
            StaffMember {
                duties,
                site,
                valid_until,
                ..staff
            },
        );
        Self::deposit_event(Event::DutiesChanged {
            org,
            account,
            duties,
            site,
            valid_until,
        });
        Ok(())
    }

    pub(crate) fn do_dismiss_staff(account: AccountId, staff: StaffMember) -> DispatchResult {
        let org = staff.org;
        let organisation = Self::require_organisation(org)?;
        let counted = staff.org_epoch == organisation.epoch;

        Self::release(&account, Lapsed { org, counted });
        Self::deposit_event(Event::StaffDismissed { org, account });
        Ok(())
    }

    pub(crate) fn do_dismiss_all_staff(org: OrgId) -> DispatchResult {
        let mut organisation = Self::require_organisation(org)?;
        Self::raise_epoch(&mut organisation)?;

        let epoch = organisation.epoch;
        Organisations::<T>::insert(org, organisation);
        Self::deposit_event(Event::AllStaffDismissed { org, epoch });
        Ok(())
    }

    pub(crate) fn do_prune_staff(account: AccountId) -> DispatchResult {
        let staff = Self::require_staff(&account)?;
        let org = staff.org;
        let epoch = Self::require_organisation(org)?.epoch;
        // Expelling raises the epoch too: every enrolment in an expelled organisation is revoked.
        ensure!(
            rules::enrolment(&staff, epoch, T::Clock::now()) == Enrolment::Revoked,
            Error::<T>::NotRevoked
        );

        let counted = false;
        Self::release(&account, Lapsed { org, counted });
        Self::deposit_event(Event::StaffPruned { org, account });
        Ok(())
    }

    pub(crate) fn require_staff(account: &AccountId) -> Result<StaffMember, Error<T>> {
        Staff::<T>::get(account).ok_or(Error::<T>::NotFound)
    }

    /// What is left of an earlier enrolment of `account`, to be released before it takes another
    /// place. Refuses if the enrolment is in force: it then holds the account even while the
    /// organisation is suspended or expired, because the organisation may come back.
    pub(crate) fn lapsed_enrolment(account: &AccountId) -> Result<Option<Lapsed>, Error<T>> {
        let Some(staff) = Staff::<T>::get(account) else {
            return Ok(None);
        };
        let epoch = Self::require_organisation(staff.org)?.epoch;
        match rules::enrolment(&staff, epoch, T::Clock::now()) {
            Enrolment::Active => Err(Error::<T>::AccountInUse),
            Enrolment::Expired => Ok(Some(Lapsed {
                org: staff.org,
                counted: true,
            })),
            Enrolment::Revoked => Ok(Some(Lapsed {
                org: staff.org,
                counted: false,
            })),
        }
    }

    /// Removes an enrolment, and its place in the organisation's counts.
    pub(crate) fn release(account: &AccountId, lapsed: Lapsed) {
        Staff::<T>::remove(account);
        Organisations::<T>::mutate_extant(lapsed.org, |organisation| {
            organisation.stored_staff.defensive_saturating_dec();
            if lapsed.counted {
                organisation.staff_count.defensive_saturating_dec();
            }
        });
    }

    /// Checks what an enrolment allows, where, and until when.
    fn ensure_terms(
        org: OrgId,
        duties: Codes<Duty>,
        site: Option<SiteId>,
        valid_until: Moment,
    ) -> Result<(), Error<T>> {
        ensure!(duties.is_known(), Error::<T>::UnknownDuty);
        ensure!(!duties.is_empty(), Error::<T>::DutiesEmpty);
        Self::ensure_future(valid_until)?;
        if let Some(site) = site {
            Self::require_open_site(org, site)?;
        }
        Ok(())
    }
}
