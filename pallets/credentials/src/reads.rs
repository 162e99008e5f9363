//! What readers are shown: the functions behind the runtime API, the view functions and the seam.

use crate::{
    rules,
    types::{
        AccreditationInfo, Answer, Credential, CredentialInfo, CredentialKind, Distrusts,
        Explanation, Issuer, IssuerInfo, Prerequisite, Step, Terms, MAX_PAGE,
    },
    Accreditations, Config, Credentials, Error, Holdings, Issuers, Pallet, Retired,
};
use alloc::vec::Vec;
use axonic_primitives::{
    credentials::Privilege, membership::Jurisdiction, AccountId, Clock, CredentialId, Moment,
    OrgId, Refusal,
};
use frame_system::RawOrigin;
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
    /// One credential, and how it stands at `at` or now.
    pub fn credential_info(
        id: CredentialId,
        at: Option<Moment>,
    ) -> Result<CredentialInfo, Refusal> {
        let credential = Credentials::<T>::get(id);
        let credential =
            credential.ok_or_else(|| Refusal::from(DispatchError::from(Error::<T>::NotFound)))?;
        let at = at.unwrap_or_else(T::Clock::now);
        Ok(Self::describe(id, credential, at))
    }

    /// A page of the holder's credentials: those that decisions look at in the order they were
    /// issued, then the retired ones.
    pub(crate) fn page_of_credentials(
        holder: AccountId,
        after: Option<CredentialId>,
        limit: u32,
    ) -> Vec<CredentialInfo> {
        let held = Holdings::<T>::get(&holder);
        let place = after.and_then(|after| held.iter().position(|id| *id == after));
        let (behind, retired) = match (after, place) {
            (None, _) => (0, Retired::<T>::iter_key_prefix(&holder)),
            (Some(_), Some(place)) => (
                place.saturating_add(1),
                Retired::<T>::iter_key_prefix(&holder),
            ),
            (Some(after), None) => (
                held.len(),
                Retired::<T>::iter_key_prefix_from(
                    &holder,
                    Retired::<T>::hashed_key_for(&holder, after),
                ),
            ),
        };
        let now = T::Clock::now();
        held.into_iter()
            .skip(behind)
            .chain(retired)
            .take(limit.min(MAX_PAGE) as usize)
            .filter_map(|id| {
                let credential = Credentials::<T>::get(id)?;
                Some(Self::describe(id, credential, now))
            })
            .collect()
    }

    /// Whether the holder has the privilege at `at` or now, with the way to the answer.
    pub fn explanation(
        holder: &AccountId,
        privilege: Privilege,
        jurisdiction: Jurisdiction,
        at: Option<Moment>,
    ) -> Explanation {
        let at = at.unwrap_or_else(T::Clock::now);
        let look_up = |id: CredentialId| {
            let credential = Credentials::<T>::get(id)?;
            let distrusts = Self::distrusts_of(credential.issuer);
            Some((id, credential, distrusts))
        };
        let held: Vec<_> = Holdings::<T>::get(holder)
            .into_iter()
            .filter_map(look_up)
            .collect();
        let judge = |privilege| -> Vec<Step> {
            let step = |(id, credential, distrusts): &(CredentialId, Credential, Distrusts)| Step {
                credential: *id,
                kind: credential.terms.kind,
                primary_source: credential.primary_source.outcome,
                denial: rules::judge(credential, distrusts, privilege, jurisdiction, at).err(),
            };
            held.iter().map(step).collect()
        };

        let steps = judge(privilege);
        let prerequisite = rules::prerequisite(privilege).map(|privilege| Prerequisite {
            privilege,
            answer: conclude(&judge(privilege)),
        });
        let answer = match (conclude(&steps), prerequisite.map(|needed| needed.answer)) {
            (Answer::Licensed { .. }, Some(denied @ Answer::Denied { .. })) => denied,
            (answer, _) => answer,
        };
        Explanation {
            at,
            answer,
            steps,
            prerequisite,
        }
    }

    /// Whether `issue` signed by this account would be done, or the first error it would give.
    pub fn issue_explained(
        staff: AccountId,
        holder: AccountId,
        terms: Terms,
    ) -> Result<(), Refusal> {
        let origin = RawOrigin::Signed(staff).into();
        Self::plan_for(origin, &holder, &terms)
            .map(drop)
            .map_err(Refusal::from)
    }

    /// The organisation as an issuer. Nothing is in it if it never was one.
    pub fn issuer_info(issuer: OrgId) -> IssuerInfo {
        let Issuer { issued, distrusts } = Issuers::<T>::get(issuer);
        let of_kind = |kind: CredentialKind| {
            let list = Accreditations::<T>::get(issuer, kind);
            list.into_iter()
                .map(move |accreditation| (kind, accreditation))
        };
        let accreditations = CredentialKind::ALL
            .into_iter()
            .flat_map(of_kind)
            .map(|(kind, accreditation)| AccreditationInfo {
                kind,
                accreditation,
                in_force: accreditation.is_in_force(distrusts.len()),
            })
            .collect();
        IssuerInfo {
            issuer,
            issued,
            distrusts: distrusts.to_vec(),
            accreditations,
        }
    }

    fn describe(id: CredentialId, credential: Credential, at: Moment) -> CredentialInfo {
        let distrusts = Self::distrusts_of(credential.issuer);
        CredentialInfo {
            id,
            at,
            standing: rules::standing(&credential, &distrusts, at),
            expires_at: credential.expires_at(&distrusts),
            commitment: credential.commitment(&distrusts),
            credential,
        }
    }
}

/// The first good credential, or what the closest lacks.
fn conclude(steps: &[Step]) -> Answer {
    let good = steps.iter().find(|step| step.denial.is_none());
    match good {
        Some(step) => Answer::Licensed {
            credential: step.credential,
        },
        None => Answer::Denied {
            reason: rules::closest(steps.iter().filter_map(|step| step.denial)),
        },
    }
}
