//! What readers are shown: the functions behind the runtime API and the view functions.

use crate::{
    types::{
        BreakGlass, BreakGlassInfo, Consent, ConsentInfo, Draft, ProvisionType, RequestInfo,
        Status, MAX_PAGE,
    },
    BreakGlasses, Config, Defaults, EndedConsents, Error, LiveConsents, OpenRequests, Pallet,
    Proposals, Requests, Unreviewed,
};
use alloc::vec::Vec;
use axonic_primitives::{
    consent::{PurposeOfUse, Scope},
    membership::Jurisdiction,
    patients::Patients,
    statement::StatementToSign,
    BreakGlassId, Clock, ConsentId, Moment, OrgId, PatientId, Refusal, RequestId,
};
use codec::Encode;
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
    /// One consent.
    pub fn consent_info(patient: PatientId, id: ConsentId) -> Option<ConsentInfo> {
        let consent = Self::find(&patient, &id).ok()?;
        Some(Self::describe(patient, id, consent))
    }

    /// A page of the patient's consents, under the current and every merged id: live ones first,
    /// then proposals, then ended ones.
    pub fn consents_of(
        patient: PatientId,
        after: Option<ConsentId>,
        limit: u32,
    ) -> Vec<ConsentInfo> {
        let Some(canonical) = T::Patients::resolve(&patient) else {
            return Vec::new();
        };
        let identities = T::Patients::identities(&canonical);
        let of = |identity: PatientId| move |(id, consent)| (identity, id, consent);
        let live = identities
            .iter()
            .flat_map(|identity| LiveConsents::<T>::iter_prefix(identity).map(of(*identity)));
        let proposed = identities
            .iter()
            .flat_map(|identity| Proposals::<T>::iter_prefix(identity).map(of(*identity)));
        let ended = identities
            .iter()
            .flat_map(|identity| EndedConsents::<T>::iter_prefix(identity).map(of(*identity)));
        page(
            live.chain(proposed).chain(ended),
            |(_, id, _)| *id,
            after,
            limit,
        )
        .map(|(identity, id, consent)| Self::describe(identity, id, consent))
        .collect()
    }

    /// The requests that wait for the patient's answer.
    pub fn requests_of(patient: PatientId) -> Vec<RequestInfo> {
        let canonical = T::Patients::resolve(&patient).unwrap_or(patient);
        T::Patients::identities(&canonical)
            .into_iter()
            .flat_map(OpenRequests::<T>::iter_key_prefix)
            .take(MAX_PAGE as usize)
            .filter_map(Self::request_info)
            .collect()
    }

    /// One request.
    pub fn request_info(id: RequestId) -> Option<RequestInfo> {
        Requests::<T>::get(id).map(|request| RequestInfo { id, request })
    }

    /// One emergency access.
    pub fn break_glass_info(id: BreakGlassId) -> Option<BreakGlassInfo> {
        let now = T::Clock::now();
        BreakGlasses::<T>::get(id).map(|break_glass| BreakGlassInfo {
            open: break_glass.is_open(now),
            overdue: break_glass.is_overdue(now),
            id,
            break_glass,
        })
    }

    /// The organisation's emergency accesses that are open and not yet reviewed.
    pub fn break_glass_open(
        org: OrgId,
        after: Option<BreakGlassId>,
        limit: u32,
    ) -> Vec<BreakGlassInfo> {
        Self::unreviewed(org, after, limit, BreakGlass::is_open)
    }

    /// The organisation's emergency accesses whose review is overdue.
    pub fn reviews_overdue(
        org: OrgId,
        after: Option<BreakGlassId>,
        limit: u32,
    ) -> Vec<BreakGlassInfo> {
        Self::unreviewed(org, after, limit, BreakGlass::is_overdue)
    }

    /// What holds where the patient said nothing.
    pub fn default_for(
        scope: Scope,
        purpose: PurposeOfUse,
        jurisdiction: Jurisdiction,
    ) -> Option<ProvisionType> {
        Defaults::<T>::get((scope, purpose, jurisdiction))
    }

    /// What a patient signs for a grant that somebody else brings.
    pub fn grant_statement(
        patient: PatientId,
        draft: Draft,
        expires_at: Moment,
    ) -> Result<StatementToSign, Refusal> {
        let canonical = T::Patients::resolve(&patient)
            .ok_or_else(|| Refusal::from(DispatchError::from(Error::<T>::NotFound)))?;
        let nonce = crate::Ledgers::<T>::get(canonical).statements;
        let bytes = Self::grant_statement_of(canonical, nonce, expires_at, draft).encode();
        Ok(StatementToSign { nonce, bytes })
    }

    fn unreviewed(
        org: OrgId,
        after: Option<BreakGlassId>,
        limit: u32,
        wanted: fn(&BreakGlass, Moment) -> bool,
    ) -> Vec<BreakGlassInfo> {
        let now = T::Clock::now();
        let ids = match after {
            None => Unreviewed::<T>::iter_key_prefix(org),
            // From where `after` is or was: it may have been reviewed since.
            Some(after) => Unreviewed::<T>::iter_key_prefix_from(
                org,
                Unreviewed::<T>::hashed_key_for(org, after),
            ),
        };
        ids.filter_map(Self::break_glass_info)
            .filter(|info| wanted(&info.break_glass, now))
            .take(limit.min(MAX_PAGE) as usize)
            .collect()
    }

    fn describe(patient: PatientId, id: ConsentId, consent: Consent) -> ConsentInfo {
        let in_period = consent.terms.period.contains(T::Clock::now());
        let in_force = consent.status == Status::Active && in_period;
        ConsentInfo {
            id,
            patient,
            consent,
            in_force,
        }
    }
}

/// At most `limit` of `all`, and never more than a page, from behind the one whose id is `after`.
fn page<Item, Id: PartialEq>(
    all: impl Iterator<Item = Item>,
    id: impl Fn(&Item) -> Id,
    after: Option<Id>,
    limit: u32,
) -> impl Iterator<Item = Item> {
    let mut found = after.is_none();
    all.skip_while(move |item| {
        let skip = !found;
        found = found || after.as_ref() == Some(&id(item));
        skip
    })
    .take(limit.min(MAX_PAGE) as usize)
}
