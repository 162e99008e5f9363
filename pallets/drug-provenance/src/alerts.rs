//! Alerts of packs that are not what they should be, and the end of what was closed long ago.

use crate::{
    counting::numbered,
    types::{Alert, AlertId, Occurrence, Outcome, PackClaim, Prunable, Verdict, RETENTION},
    AlertCounter, Alerts, Config, Error, Event, Investigations, Pallet, Verifications,
};
use axonic_primitives::{membership::Actor, merkle::InclusionProof, Clock, Codes, Moment};
use frame_support::{dispatch::DispatchResult, ensure};

impl<T: Config> Pallet<T> {
    /// Records what [`Self::judge`] says, if it is anything to be alarmed at.
    ///
    /// Of the occurrence only the premises are kept: nothing happened to the pack, so no event is
    /// recorded and its hash stays free for one.
    pub(crate) fn do_raise_alert(
        actor: &Actor,
        claim: &PackClaim,
        proof: Option<&InclusionProof>,
        occurrence: &Occurrence,
    ) -> DispatchResult {
        Self::trading(actor.org, Codes::all())?;
        Self::check_occurrence(actor, occurrence)?;
        let answer = Self::judge(claim, proof)?;
        let verdict = answer.verdict;
        let fine = matches!(verdict, Verdict::Authentic | Verdict::Unproven);
        ensure!(!fine, Error::<T>::NothingToAlert);

        let id = AlertId(numbered::<AlertCounter<T>, _>());
        let alert = Alert {
            pack: answer.pack,
            verdict,
            org: actor.org,
            site: occurrence.site,
            at: T::Clock::now(),
        };
        Alerts::<T>::insert(id, alert);
        Self::deposit_event(Event::AlertRaised {
            alert: id,
            org: actor.org,
            verdict,
        });
        Ok(())
    }

    pub(crate) fn do_prune(what: &[Prunable]) -> DispatchResult {
        Self::prune_at(what, T::Clock::now())
    }

    /// Apart, because benchmarks cannot wait for six years.
    pub(crate) fn prune_at(what: &[Prunable], now: Moment) -> DispatchResult {
        ensure!(!what.is_empty(), Error::<T>::NothingNamed);
        for (place, one) in what.iter().enumerate() {
            let twice = what.iter().take(place).any(|before| before == one);
            let over = Self::over_since(one).filter(|_| !twice);
            let old = over.is_some_and(|at| at.saturating_add(RETENTION) < now);
            ensure!(old, Error::<T>::NotPrunable);
        }

        for one in what {
            match one {
                Prunable::Verification(id) => Verifications::<T>::remove(id),
                Prunable::Investigation(id) => Investigations::<T>::remove(id),
                Prunable::Alert(id) => Alerts::<T>::remove(id),
            }
            Self::deposit_event(Event::Pruned { what: one.clone() });
        }
        Ok(())
    }

    /// Since when nothing depends on it any more. What was found illegitimate is held by its
    /// investigation for ever.
    fn over_since(one: &Prunable) -> Option<Moment> {
        match one {
            Prunable::Verification(id) => Verifications::<T>::get(id)?.answer.map(|(_, at)| at),
            Prunable::Investigation(id) => match Investigations::<T>::get(id)?.outcome? {
                (Outcome::Cleared, at) => Some(at),
                (Outcome::Illegitimate, _) => None,
            },
            Prunable::Alert(id) => Alerts::<T>::get(id).map(|alert| alert.at),
        }
    }
}
