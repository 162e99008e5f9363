//! Verbs on sites.

use crate::{
    Config, Error, Event, Gln, Glns, NextSiteId, Organisations, Pallet, Site, SiteKind, SiteStatus,
    Sites, SITES_EVER_PER_PLACE,
};
use axonic_primitives::{OrgId, SiteId};
use frame_support::{
    ensure,
    pallet_prelude::{DispatchResult, Get},
    traits::DefensiveSaturating,
};
use sp_runtime::{ArithmeticError, DispatchError};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_open_site(
        org: OrgId,
        gln: Gln,
        kind: SiteKind,
    ) -> Result<SiteId, DispatchError> {
        ensure!(gln.is_valid(), Error::<T>::InvalidGln);
        ensure!(!Glns::<T>::contains_key(gln), Error::<T>::GlnInUse);
        let mut organisation = Self::require_organisation(org)?;
        let max_open = T::MaxSitesPerOrganisation::get();
        let max_ever = max_open.saturating_mul(SITES_EVER_PER_PLACE);
        ensure!(
            organisation.site_count < max_open && organisation.sites_opened < max_ever,
            Error::<T>::MaxSitesExceeded
        );
        let site = NextSiteId::<T>::get();
        let next = SiteId(site.0.checked_add(1).ok_or(ArithmeticError::Overflow)?);

        NextSiteId::<T>::put(next);
        organisation.site_count.defensive_saturating_inc();
        organisation.sites_opened.defensive_saturating_inc();
        Organisations::<T>::insert(org, organisation);
        Glns::<T>::insert(gln, site);
        Sites::<T>::insert(
            site,
            Site {
                org,
                gln,
                kind,
                status: SiteStatus::Open,
            },
        );
        Self::deposit_event(Event::SiteOpened {
            org,
            site,
            gln,
            kind,
        });
        Ok(site)
    }

    pub(crate) fn do_close_site(org: OrgId, site: SiteId) -> DispatchResult {
        let closing = Self::require_open_site(org, site)?;

        // The GLN stays taken: GS1 never lets one stand for another place.
        Sites::<T>::insert(
            site,
            Site {
                status: SiteStatus::Closed,
                ..closing
            },
        );
        Self::uncount_site(org, site);
        Ok(())
    }

    pub(crate) fn do_release_gln(gln: Gln) -> DispatchResult {
        let site = Glns::<T>::get(gln).ok_or(Error::<T>::NotFound)?;
        let found = Sites::<T>::get(site).ok_or(Error::<T>::NotFound)?;
        let org = found.org;

        if found.status == SiteStatus::Open {
            Self::uncount_site(org, site);
        }
        Glns::<T>::remove(gln);
        Sites::<T>::insert(
            site,
            Site {
                status: SiteStatus::Released,
                ..found
            },
        );
        Self::deposit_event(Event::GlnReleased { org, site, gln });
        Ok(())
    }

    /// Takes a site that closes out of the organisation's count of open ones, and says so.
    fn uncount_site(org: OrgId, site: SiteId) {
        Organisations::<T>::mutate_extant(org, |organisation| {
            organisation.site_count.defensive_saturating_dec();
        });
        Self::deposit_event(Event::SiteClosed { org, site });
    }

    /// The site, if it is open and belongs to the organisation.
    pub(crate) fn require_open_site(org: OrgId, site: SiteId) -> Result<Site, Error<T>> {
        let found = Sites::<T>::get(site).ok_or(Error::<T>::NotFound)?;
        ensure!(found.org == org, Error::<T>::NotAdmin);
        ensure!(found.status == SiteStatus::Open, Error::<T>::SiteClosed);
        Ok(found)
    }
}
