//! What must hold of the stored state, one function an invariant.

use crate::{
    rules,
    types::{Accreditation, Credential, Status, MAX_PER_ISSUER},
    Accreditations, Config, Credentials, Holdings, Issuers, Pallet, Retired,
};
use alloc::collections::{BTreeMap, BTreeSet};
use axonic_primitives::{AccountId, Clock, CredentialId, OrgId};
use codec::Encode;
use frame_support::ensure;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Checks every invariant.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        Self::each_credential_is_listed_once()?;
        Self::retired_credentials_are_over()?;
        Self::one_live_credential_per_licence()?;
        Self::no_issuer_takes_all_places()?;
        Self::issuers_were_accredited_when_they_issued()?;
        Self::issuers_count_what_they_issued()?;
        Self::validity_is_an_interval()?;
        Self::suspensions_follow_one_another()?;
        Self::privileges_fit_the_kind()?;
        Self::accreditations_follow_one_another()?;
        Self::distrusts_leave_room_for_one_more()
    }

    /// The indexes equal the map.
    fn each_credential_is_listed_once() -> Result<(), TryRuntimeError> {
        let mut listed = BTreeMap::<CredentialId, AccountId>::new();
        let held = Holdings::<T>::iter()
            .flat_map(|(holder, ids)| ids.into_iter().map(move |id| (holder.clone(), id)));
        let retired = Retired::<T>::iter().map(|(holder, id, ())| (holder, id));
        for (holder, id) in held.chain(retired) {
            let again = listed.insert(id, holder).is_some();
            ensure!(!again, "a credential is listed twice");
        }
        for (id, credential) in Credentials::<T>::iter() {
            let own = listed.remove(&id) == Some(credential.holder);
            ensure!(own, "a credential is not listed under its holder");
        }
        ensure!(listed.is_empty(), "a listed credential is not stored");
        Ok(())
    }

    fn retired_credentials_are_over() -> Result<(), TryRuntimeError> {
        let now = T::Clock::now();
        for (_, id, ()) in Retired::<T>::iter() {
            let credential = Credentials::<T>::get(id).ok_or("a retired credential is gone")?;
            let over = Self::standing_of(&credential, now).is_over();
            ensure!(over, "a retired credential came back to life");
        }
        Ok(())
    }

    fn one_live_credential_per_licence() -> Result<(), TryRuntimeError> {
        let now = T::Clock::now();
        let mut licences = BTreeSet::new();
        for credential in Credentials::<T>::iter_values() {
            if Self::standing_of(&credential, now).is_over() {
                continue;
            }
            let terms = credential.terms;
            // Kinds have no order of their own.
            let what = (terms.kind, terms.jurisdiction, credential.issuer).encode();
            let first = licences.insert((credential.holder, what));
            ensure!(first, "somebody holds the same live licence twice");
        }
        Ok(())
    }

    fn no_issuer_takes_all_places() -> Result<(), TryRuntimeError> {
        let now = T::Clock::now();
        let mut live = BTreeMap::<(AccountId, OrgId), u32>::new();
        for credential in Credentials::<T>::iter_values() {
            if !Self::standing_of(&credential, now).is_over() {
                let by_issuer = live
                    .entry((credential.holder, credential.issuer))
                    .or_default();
                *by_issuer = by_issuer.saturating_add(1);
            }
        }
        let within = live.values().all(|count| *count <= MAX_PER_ISSUER);
        ensure!(within, "an issuer takes too many of a holder's places");
        Ok(())
    }

    /// Also of those that are over: accreditations are kept.
    fn issuers_were_accredited_when_they_issued() -> Result<(), TryRuntimeError> {
        for credential in Credentials::<T>::iter_values() {
            let Credential {
                issuer,
                issued_at,
                terms,
                ..
            } = credential;
            let accredited = Accreditations::<T>::get(issuer, terms.kind)
                .iter()
                .any(|given| given.covers(terms.jurisdiction, issued_at));
            ensure!(accredited, "a credential was issued without accreditation");
            ensure!(
                issued_at <= T::Clock::now(),
                "a credential is yet to be issued"
            );
        }
        Ok(())
    }

    fn issuers_count_what_they_issued() -> Result<(), TryRuntimeError> {
        let mut counted = BTreeMap::<OrgId, u64>::new();
        for credential in Credentials::<T>::iter_values() {
            let count = counted.entry(credential.issuer).or_default();
            *count = count.saturating_add(1);
        }
        for (issuer, record) in Issuers::<T>::iter() {
            let stored = counted.remove(&issuer).unwrap_or_default();
            ensure!(stored == record.issued, "an issuer counts wrongly");
        }
        ensure!(counted.is_empty(), "an issuer does not count");
        Ok(())
    }

    fn validity_is_an_interval() -> Result<(), TryRuntimeError> {
        for credential in Credentials::<T>::iter_values() {
            let terms = credential.terms;
            ensure!(
                terms.valid_from < terms.valid_until,
                "a credential was never valid"
            );
            ensure!(
                credential.issued_at < terms.valid_until,
                "a credential was issued expired"
            );
            let distrusts = Issuers::<T>::get(credential.issuer).distrusts;
            let (mut at, mut until) = (credential.issued_at, terms.valid_until);
            for renewal in &credential.renewals {
                ensure!(at <= renewal.at, "a renewal came before an earlier one");
                // What came before may be void, and then need not have been prolonged.
                let void = rules::is_distrusted(&distrusts, at);
                ensure!(
                    void || (renewal.at < until && until < renewal.valid_until),
                    "a renewal does not prolong"
                );
                (at, until) = (renewal.at, renewal.valid_until);
            }
        }
        Ok(())
    }

    fn suspensions_follow_one_another() -> Result<(), TryRuntimeError> {
        for credential in Credentials::<T>::iter_values() {
            let mut end = credential.issued_at;
            for suspension in &credential.suspensions {
                let follows = end <= suspension.from && suspension.from < suspension.until;
                ensure!(follows, "suspensions overlap");
                end = suspension.until;
            }
            let follows = match credential.status {
                Status::Active => end <= T::Clock::now(),
                Status::Suspended { from, until, .. } => {
                    end <= from && until.is_none_or(|until| from < until)
                }
                Status::Revoked { from, .. } | Status::Surrendered { from } => end <= from,
            };
            ensure!(follows, "a status does not follow the suspensions");
            let remembered = !matches!(credential.status, Status::Suspended { .. })
                || !credential.suspensions.is_full();
            ensure!(remembered, "a suspension could not be remembered");
        }
        Ok(())
    }

    fn privileges_fit_the_kind() -> Result<(), TryRuntimeError> {
        let fit = Credentials::<T>::iter_values().all(|credential| {
            rules::grantable(credential.terms.kind).contains_all(credential.terms.privileges)
        });
        ensure!(fit, "a credential carries what its kind does not");
        Ok(())
    }

    fn accreditations_follow_one_another() -> Result<(), TryRuntimeError> {
        for (issuer, _, list) in Accreditations::<T>::iter() {
            let distrusts = Issuers::<T>::get(issuer).distrusts.len();
            let mut last = BTreeMap::<_, Accreditation>::new();
            for given in list {
                ensure!(
                    given.distrusts as usize <= distrusts,
                    "an accreditation counts distrusts that are yet to come"
                );
                if let Some(earlier) = last.insert(given.jurisdiction, given) {
                    let ended = earlier.until.is_some_and(|until| until <= given.from);
                    ensure!(ended, "accreditations overlap");
                }
                let ordered = given.until.is_none_or(|until| given.from <= until);
                ensure!(ordered, "an accreditation ended before it began");
            }
        }
        Ok(())
    }

    fn distrusts_leave_room_for_one_more() -> Result<(), TryRuntimeError> {
        for issuer in Issuers::<T>::iter_values() {
            let Some((last, before)) = issuer.distrusts.split_last() else {
                continue;
            };
            let ended = before.iter().all(|distrust| distrust.until.is_some());
            ensure!(ended, "two distrusts go on at once");
            ensure!(
                last.until.is_none() || !issuer.distrusts.is_full(),
                "the issuer could not be distrusted again"
            );
            let ordered = issuer
                .distrusts
                .iter()
                .all(|distrust| distrust.until.is_none_or(|until| distrust.since <= until));
            ensure!(ordered, "a distrust ended before it began");
        }
        Ok(())
    }
}
