//! A patient asks for an explanation of an entry, and its custodian answers.

use crate::{
    types::{Answer, Contest, Finding},
    Config, Contests, Entries, Error, Event, OpenContests, Pallet,
};
use axonic_primitives::{
    membership::Actor,
    patients::{Patients, Power},
    AccountId, Clock, PatientId,
};
use frame_support::{dispatch::DispatchResult, ensure};
use sp_core::H256;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_contest(
        signer: &AccountId,
        patient: PatientId,
        sequence: u64,
    ) -> DispatchResult {
        let entry = Entries::<T>::get(patient, sequence).ok_or(Error::<T>::NotFound)?;
        let by = T::Patients::may_act(signer, &patient, Power::Correspond)
            .map_err(|_| Error::<T>::NotPatient)?;
        ensure!(
            !Contests::<T>::contains_key(patient, sequence),
            Error::<T>::AlreadyContested
        );
        let contested_at = T::Clock::now();

        let contest = Contest {
            by,
            contested_at,
            answer: None,
        };
        Contests::<T>::insert(patient, sequence, contest);
        OpenContests::<T>::insert(entry.custodian, (patient, sequence), ());
        Self::deposit_event(Event::Contested {
            patient,
            sequence,
            custodian: entry.custodian,
            by,
            contested_at,
        });
        Ok(())
    }

    pub(crate) fn do_answer_contest(
        actor: Actor,
        patient: PatientId,
        sequence: u64,
        finding: Finding,
        explanation: H256,
    ) -> DispatchResult {
        ensure!(!explanation.is_zero(), Error::<T>::CommitmentMissing);
        let entry = Entries::<T>::get(patient, sequence).ok_or(Error::<T>::NotFound)?;
        ensure!(entry.custodian == actor.org, Error::<T>::NotCustodian);
        let involved =
            entry.discloser == actor.account || entry.practitioner.as_ref() == Some(&actor.account);
        ensure!(!involved, Error::<T>::SelfAnswer);
        let mut contest = Contests::<T>::get(patient, sequence).ok_or(Error::<T>::NotContested)?;
        ensure!(contest.answer.is_none(), Error::<T>::AlreadyAnswered);

        let answer = Answer {
            finding,
            explanation,
            officer: actor.account,
            answered_at: T::Clock::now(),
        };
        contest.answer = Some(answer.clone());
        Contests::<T>::insert(patient, sequence, contest);
        OpenContests::<T>::remove(entry.custodian, (patient, sequence));
        Self::deposit_event(Event::ContestAnswered {
            patient,
            sequence,
            answer,
        });
        Ok(())
    }
}
