//! Verbs on organisations: admission, standing, administrator and agreement key.

use crate::{
    rules::{self, OrgAction, OrgStatus},
    Admins, AgreementKey, AgreementKeys, Config, Error, Event, NextOrgId, Organisation,
    Organisations, Pallet, Staff, X25519PublicKey,
};
use axonic_primitives::{
    membership::{Jurisdiction, Role},
    AccountId, Clock, Codes, Moment, OrgId,
};
use frame_support::{ensure, pallet_prelude::DispatchResult};
use sp_core::H256;
use sp_runtime::{ArithmeticError, DispatchError};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_admit(
        roles: Codes<Role>,
        jurisdiction: Jurisdiction,
        admin: AccountId,
        valid_until: Moment,
        charter_hash: H256,
    ) -> Result<OrgId, DispatchError> {
        Self::ensure_roles(roles)?;
        ensure!(
            jurisdiction.is_well_formed(),
            Error::<T>::InvalidJurisdiction
        );
        Self::ensure_future(valid_until)?;
        ensure!(
            !Admins::<T>::contains_key(&admin),
            Error::<T>::AlreadyMember
        );
        let lapsed = Self::lapsed_enrolment(&admin)?;
        let org = NextOrgId::<T>::get();
        let next = OrgId(org.0.checked_add(1).ok_or(ArithmeticError::Overflow)?);

        if let Some(lapsed) = lapsed {
            Self::release(&admin, lapsed);
        }
        NextOrgId::<T>::put(next);
        Admins::<T>::insert(&admin, org);
        Organisations::<T>::insert(
            org,
            Organisation {
                roles,
                status: OrgStatus::Active,
                jurisdiction,
                admin: admin.clone(),
                epoch: 0,
                admitted_at: T::Clock::now(),
                valid_until,
                charter_hash,
                staff_count: 0,
                site_count: 0,
                stored_staff: 0,
                sites_opened: 0,
            },
        );
        Self::deposit_event(Event::OrganisationAdmitted {
            org,
            admin,
            roles,
            jurisdiction,
            valid_until,
            charter_hash,
        });
        Ok(org)
    }

    pub(crate) fn do_renew(org: OrgId, valid_until: Moment) -> DispatchResult {
        let organisation = Self::after(org, OrgAction::Amend)?;
        Self::ensure_future(valid_until)?;

        Organisations::<T>::insert(
            org,
            Organisation {
                valid_until,
                ..organisation
            },
        );
        Self::deposit_event(Event::MembershipRenewed { org, valid_until });
        Ok(())
    }

    pub(crate) fn do_change_roles(org: OrgId, roles: Codes<Role>) -> DispatchResult {
        let organisation = Self::after(org, OrgAction::Amend)?;
        Self::ensure_roles(roles)?;

        Organisations::<T>::insert(
            org,
            Organisation {
                roles,
                ..organisation
            },
        );
        Self::deposit_event(Event::RolesChanged { org, roles });
        Ok(())
    }

    pub(crate) fn do_suspend(org: OrgId) -> DispatchResult {
        let organisation = Self::after(org, OrgAction::Suspend)?;

        Organisations::<T>::insert(org, organisation);
        Self::deposit_event(Event::OrganisationSuspended { org });
        Ok(())
    }

    pub(crate) fn do_reinstate(org: OrgId) -> DispatchResult {
        let organisation = Self::after(org, OrgAction::Reinstate)?;

        Organisations::<T>::insert(org, organisation);
        Self::deposit_event(Event::OrganisationReinstated { org });
        Ok(())
    }

    pub(crate) fn do_expel(org: OrgId) -> DispatchResult {
        let mut organisation = Self::after(org, OrgAction::Expel)?;
        Self::raise_epoch(&mut organisation)?;

        // The account is free for another organisation; `admin` keeps on file whose it was.
        Admins::<T>::remove(&organisation.admin);
        let epoch = organisation.epoch;
        Organisations::<T>::insert(org, organisation);
        Self::deposit_event(Event::OrganisationExpelled { org, epoch });
        Ok(())
    }

    pub(crate) fn do_set_admin(org: OrgId, admin: AccountId) -> DispatchResult {
        let organisation = Self::after(org, OrgAction::Amend)?;
        ensure!(!Admins::<T>::contains_key(&admin), Error::<T>::AccountInUse);
        let enrolled_here = Staff::<T>::get(&admin).is_some_and(|staff| staff.org == org);
        let lapsed = if enrolled_here {
            None
        } else {
            Self::lapsed_enrolment(&admin)?
        };

        if let Some(lapsed) = lapsed {
            Self::release(&admin, lapsed);
        }
        Admins::<T>::remove(&organisation.admin);
        Admins::<T>::insert(&admin, org);
        Organisations::<T>::insert(
            org,
            Organisation {
                admin: admin.clone(),
                ..organisation
            },
        );
        Self::deposit_event(Event::AdminChanged { org, admin });
        Ok(())
    }

    pub(crate) fn do_rotate_agreement_key(org: OrgId, key: X25519PublicKey) -> DispatchResult {
        ensure!(
            rules::is_sound_x25519_key(&key.0),
            Error::<T>::InvalidAgreementKey
        );
        let version = match AgreementKeys::<T>::get(org) {
            Some(current) => {
                ensure!(current.key != key, Error::<T>::InvalidAgreementKey);
                current
                    .version
                    .checked_add(1)
                    .ok_or(ArithmeticError::Overflow)?
            }
            None => 1,
        };

        AgreementKeys::<T>::insert(org, AgreementKey { version, key });
        Self::deposit_event(Event::AgreementKeyRotated { org, version, key });
        Ok(())
    }

    /// The organisation that `who` administers, if it may act now.
    pub(crate) fn administered(who: &AccountId) -> Result<OrgId, Error<T>> {
        let org = Admins::<T>::get(who).ok_or(Error::<T>::NotAdmin)?;
        Self::require_organisation(org)?
            .standing(T::Clock::now())
            .require_active()?;
        Ok(org)
    }

    pub(crate) fn require_organisation(org: OrgId) -> Result<Organisation, Error<T>> {
        Organisations::<T>::get(org).ok_or(Error::<T>::NotFound)
    }

    pub(crate) fn ensure_future(valid_until: Moment) -> Result<(), Error<T>> {
        ensure!(valid_until > T::Clock::now(), Error::<T>::InvalidPeriod);
        Ok(())
    }

    /// Revokes every enrolment. Costs the same however many there are, because they stay stored.
    pub(crate) fn raise_epoch(organisation: &mut Organisation) -> Result<(), ArithmeticError> {
        organisation.epoch = organisation
            .epoch
            .checked_add(1)
            .ok_or(ArithmeticError::Overflow)?;
        organisation.staff_count = 0;
        Ok(())
    }

    /// The organisation as it is after `action`. Nothing is written.
    fn after(org: OrgId, action: OrgAction) -> Result<Organisation, Error<T>> {
        let mut organisation = Self::require_organisation(org)?;
        organisation.status = organisation.status.next(action)?;
        Ok(organisation)
    }

    fn ensure_roles(roles: Codes<Role>) -> Result<(), Error<T>> {
        ensure!(roles.is_known(), Error::<T>::UnknownRole);
        ensure!(!roles.is_empty(), Error::<T>::RolesEmpty);
        Ok(())
    }
}
