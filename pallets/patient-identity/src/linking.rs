//! Links between patients (FHIR R5 `Patient.link`).

use crate::{lists::retain, Config, Error, Event, Link, LinkKind, Links, Pallet, MAX_LINKS};
use axonic_primitives::{membership::EnsureStaff, PatientId};
use frame_support::{dispatch::DispatchResult, ensure, traits::ConstU32, BoundedVec};
use frame_system::pallet_prelude::OriginFor;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_link(
        origin: OriginFor<T>,
        from: PatientId,
        to: PatientId,
        kind: LinkKind,
    ) -> DispatchResult {
        let (_, source) = Self::managed(origin, &from)?;
        ensure!(kind != LinkKind::ReplacedBy, Error::<T>::MergeRequired);
        ensure!(from != to, Error::<T>::SelfLink);
        let target = Self::known(&to)?;
        ensure!(source.status.is_in_good_standing(), Error::<T>::NotActive);
        ensure!(
            target.status.is_in_good_standing(),
            Error::<T>::TargetNotActive
        );
        ensure!(
            !source.links_frozen && !target.links_frozen,
            Error::<T>::LinksFrozen
        );
        ensure!(!Self::is_linked(&from, &to), Error::<T>::AlreadyLinked);
        let link = Link { from, to, kind };
        let links_of_source = Self::links_with(&from, link)?;
        let links_of_target = Self::links_with(&to, link)?;

        Links::<T>::insert(from, links_of_source);
        Links::<T>::insert(to, links_of_target);
        Self::deposit_event(Event::Linked { from, to, kind });
        Ok(())
    }

    pub(crate) fn do_unlink(
        origin: OriginFor<T>,
        from: PatientId,
        to: PatientId,
    ) -> DispatchResult {
        let org = T::RegistrarOrigin::ensure_staff(origin)?.org;
        let ends = [Self::known(&from)?, Self::known(&to)?];
        let manages_an_end = ends.iter().any(|end| end.managing_org == org);
        ensure!(manages_an_end, Error::<T>::NotManagingOrg);
        ensure!(Self::is_linked(&from, &to), Error::<T>::LinkNotFound);

        for end in [from, to] {
            Links::<T>::mutate_exists(end, |links| {
                retain(links, |link| link.from != from || link.to != to);
            });
        }
        Self::deposit_event(Event::Unlinked { from, to });
        Ok(())
    }

    /// Whether there is a link in this direction.
    pub(crate) fn is_linked(from: &PatientId, to: &PatientId) -> bool {
        Links::<T>::get(from)
            .iter()
            .any(|link| link.from == *from && link.to == *to)
    }

    /// Removes all links of the patient, at both ends.
    pub(crate) fn remove_all_links(patient: &PatientId) {
        for link in Links::<T>::take(patient) {
            Links::<T>::mutate_exists(link.other_end(patient), |links| {
                retain(links, |other| *other != link);
            });
        }
    }

    fn links_with(
        end: &PatientId,
        link: Link,
    ) -> Result<BoundedVec<Link, ConstU32<MAX_LINKS>>, Error<T>> {
        let mut links = Links::<T>::get(end);
        links
            .try_push(link)
            .map_err(|_| Error::<T>::MaxLinksExceeded)?;
        Ok(links)
    }
}

impl Link {
    /// The end of the link that is not `patient`.
    pub(crate) fn other_end(&self, patient: &PatientId) -> PatientId {
        if self.from == *patient {
            self.to
        } else {
            self.from
        }
    }
}
