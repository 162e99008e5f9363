//! Record linkage: a blind index that tells organisations that they may look after one person.
//!
//! A token is the output of a keyed pseudo-random function over identifying traits, made off chain
//! with a key that the consortium shares out to its members. Equal tokens mean equal traits; the
//! chain learns neither.

use crate::{
    lists::retain, Config, DuplicatesPage, Error, Event, MatchTokens, Pallet, Patients,
    PossibleDuplicate, TokenHolders, TokensOf, MAX_PAGE,
};
use alloc::vec::Vec;
use axonic_primitives::{OrgId, PatientId};
use frame_support::{dispatch::DispatchResult, ensure};
use frame_system::pallet_prelude::OriginFor;
use sp_core::H256;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_add_match_token(
        origin: OriginFor<T>,
        patient: PatientId,
        token: H256,
    ) -> DispatchResult {
        let (actor, record) = Self::managed(origin, &patient)?;
        let org = actor.org;
        ensure!(record.status.is_in_good_standing(), Error::<T>::NotActive);
        ensure!(!record.links_frozen, Error::<T>::LinksFrozen);
        ensure!(
            !MatchTokens::<T>::contains_key(org, token),
            Error::<T>::TokenInUse
        );
        let mut tokens = TokensOf::<T>::get(patient);
        tokens
            .try_push(token)
            .map_err(|_| Error::<T>::MaxTokensExceeded)?;
        let mut holders = TokenHolders::<T>::get(token);
        holders
            .try_push(org)
            .map_err(|_| Error::<T>::MaxTokenHoldersExceeded)?;
        let duplicates = Self::duplicates_of(token, org, patient);

        MatchTokens::<T>::insert(org, token, patient);
        TokenHolders::<T>::insert(token, holders);
        TokensOf::<T>::insert(patient, tokens);
        Self::deposit_event(Event::MatchTokenAdded { patient, org });
        for PossibleDuplicate {
            other_org,
            other_patient,
            ..
        } in duplicates
        {
            Self::deposit_event(Event::PossibleDuplicate {
                patient,
                org,
                other_patient,
                other_org,
            });
        }
        Ok(())
    }

    pub(crate) fn do_purge_match_token(
        origin: OriginFor<T>,
        patient: PatientId,
        token: H256,
    ) -> DispatchResult {
        let (actor, _) = Self::managed(origin, &patient)?;
        let org = actor.org;
        let indexed = MatchTokens::<T>::get(org, token) == Some(patient);
        ensure!(indexed, Error::<T>::TokenNotFound);

        Self::remove_token(org, &token);
        TokensOf::<T>::mutate_exists(patient, |tokens| retain(tokens, |other| *other != token));
        Self::deposit_event(Event::MatchTokenPurged { patient, org });
        Ok(())
    }

    pub(crate) fn do_set_links_frozen(
        origin: OriginFor<T>,
        patient: PatientId,
        frozen: bool,
    ) -> DispatchResult {
        let (_, mut record) = Self::spoken_for(origin, &patient)?;

        record.links_frozen = frozen;
        Patients::<T>::insert(patient, record);
        Self::deposit_event(if frozen {
            Event::LinksFrozen { patient }
        } else {
            Event::LinksThawed { patient }
        });
        Ok(())
    }

    /// The patients of other organisations that carry the token and are not merged with this one.
    pub(crate) fn duplicates_of(
        token: H256,
        org: OrgId,
        patient: PatientId,
    ) -> Vec<PossibleDuplicate> {
        let canonical = |patient: &PatientId| Self::follow(patient).ok().map(|(id, _)| id);
        let own = canonical(&patient);
        let holders = TokenHolders::<T>::get(token);
        let others = holders.into_iter().filter(|holder| *holder != org);
        others
            .filter_map(|other_org| Some((other_org, MatchTokens::<T>::get(other_org, token)?)))
            .filter(|(_, other_patient)| canonical(other_patient) != own)
            .map(|(other_org, other_patient)| PossibleDuplicate {
                token,
                patient,
                other_org,
                other_patient,
            })
            .collect()
    }

    /// A page of the organisation's possible duplicates, in the order of its token index.
    pub(crate) fn read_duplicates(org: OrgId, from: Option<H256>, limit: u32) -> DuplicatesPage {
        let mut tokens = match from {
            Some(token) => {
                let after = MatchTokens::<T>::hashed_key_for(org, token);
                MatchTokens::<T>::iter_prefix_from(org, after)
            }
            None => MatchTokens::<T>::iter_prefix(org),
        };
        let mut page = DuplicatesPage::default();
        let mut last = None;
        for (token, patient) in tokens.by_ref().take(limit.clamp(1, MAX_PAGE) as usize) {
            page.duplicates
                .extend(Self::duplicates_of(token, org, patient));
            last = Some(token);
        }
        page.next = last.filter(|_| tokens.next().is_some());
        page
    }

    /// Takes all tokens of the patient, at most [`crate::MAX_TOKENS`], out of the index.
    pub(crate) fn remove_all_tokens(patient: &PatientId, org: OrgId) {
        for token in TokensOf::<T>::take(patient) {
            Self::remove_token(org, &token);
        }
    }

    fn remove_token(org: OrgId, token: &H256) {
        MatchTokens::<T>::remove(org, token);
        TokenHolders::<T>::mutate_exists(token, |holders| retain(holders, |other| *other != org));
    }
}
