//! Logging disclosures and refused attempts, always by what the gate answers in the same call, and
//! pruning what has been kept long enough.

use crate::{
    rules,
    types::{Disclosure, DisclosureItem, Entry, Log, Outcome},
    ByCustodian, Config, Contests, CustodianSequences, Entries, Error, Event, Logs, Pallet,
    WeightInfo, MAX_BATCH, MAX_CONSENTS_READ,
};
use alloc::{collections::BTreeMap, vec, vec::Vec};
use axonic_primitives::{
    consent::{AccessQuery, ConsentGate, Receipt, MAX_LIVE_CONSENTS},
    membership::Actor,
    patients::Patients,
    Clock, Moment, OrgId, PatientId,
};
use frame_support::{
    dispatch::{DispatchClass, DispatchResult, DispatchResultWithPostInfo, PostDispatchInfo},
    ensure,
    weights::Weight,
};
use sp_core::H256;
use sp_runtime::{ArithmeticError, DispatchError};

/// What is to be logged: the question and the gate's answer to it. Only made from an answer.
pub(crate) struct Fact {
    /// In whose log, after merges.
    pub patient: PatientId,
    /// The question that was put to the gate.
    pub query: AccessQuery,
    /// Commitment to what was disclosed.
    pub content: H256,
    /// The gate's answer.
    pub outcome: Outcome,
}

impl<T: Config> Pallet<T> {
    /// The patient's log, which is empty if nothing was logged.
    pub(crate) fn log(patient: &PatientId) -> Log {
        Logs::<T>::get(patient).unwrap_or_else(|| Log::new(patient))
    }

    /// Puts a disclosure to the gate. The fact to log, or the first reason why it may not be.
    pub(crate) fn judge(
        custodian: OrgId,
        item: DisclosureItem,
    ) -> Result<(Fact, Receipt), Error<T>> {
        let content = item.disclosure.content;
        ensure!(!content.is_zero(), Error::<T>::CommitmentMissing);
        let query = item.disclosure.question(custodian)?;
        let receipt = T::Consent::authorize(&item.patient, &query)?;
        ensure!(
            item.obligations_met || !receipt.conditional,
            Error::<T>::ObligationUnmet
        );
        let outcome = Outcome::Disclosed {
            basis: receipt.basis,
            conditional: receipt.conditional,
        };
        let fact = Fact {
            patient: receipt.patient,
            query,
            content,
            outcome,
        };
        Ok((fact, receipt))
    }

    pub(crate) fn do_disclose(actor: &Actor, item: DisclosureItem) -> DispatchResultWithPostInfo {
        let (fact, receipt) = Self::judge(actor.org, item)?;
        Self::append(actor, vec![fact])?;
        Ok(Self::settle(
            MAX_LIVE_CONSENTS,
            receipt.consents,
            T::WeightInfo::disclose,
        ))
    }

    pub(crate) fn do_disclose_many(
        actor: &Actor,
        items: Vec<DisclosureItem>,
    ) -> DispatchResultWithPostInfo {
        ensure!(!items.is_empty(), Error::<T>::EmptyBatch);
        let count = u32::try_from(items.len()).unwrap_or(u32::MAX);
        ensure!(count <= MAX_BATCH, Error::<T>::TooMany);
        let mut consents = 0u32;
        let mut facts = Vec::with_capacity(items.len());
        for item in items {
            let (fact, receipt) = Self::judge(actor.org, item)?;
            consents = consents.saturating_add(receipt.consents);
            // Before the next question is put, so that no more is read than was charged for, but
            // for the last patient's consents.
            ensure!(consents <= MAX_CONSENTS_READ, Error::<T>::TooManyConsents);
            facts.push(fact);
        }

        Self::append(actor, facts)?;
        Ok(Self::settle(MAX_CONSENTS_READ, consents, |consents| {
            T::WeightInfo::disclose_many(count, consents)
        }))
    }

    pub(crate) fn do_report_refusal(
        actor: &Actor,
        patient: PatientId,
        disclosure: Disclosure,
    ) -> DispatchResult {
        let content = disclosure.content;
        let query = disclosure.question(actor.org).map_err(Error::<T>::from)?;
        let Err(denial) = T::Consent::authorize(&patient, &query) else {
            return Err(Error::<T>::NotRefused.into());
        };
        ensure!(rules::is_refusal(&denial), Error::<T>::from(denial));
        let patient = T::Patients::resolve(&patient).ok_or(Error::<T>::NotFound)?;
        let fact = Fact {
            patient,
            query,
            content,
            outcome: Outcome::Refused(denial),
        };
        Self::append(actor, vec![fact])
    }

    /// Logs what the gate answered. The log of a patient and the custodian's count are each written
    /// once, however many facts there are.
    pub(crate) fn append(actor: &Actor, facts: Vec<Fact>) -> DispatchResult {
        let at = T::Clock::now();
        let custodian = actor.org;
        let mut custodian_sequence = CustodianSequences::<T>::get(custodian);
        let mut logs = BTreeMap::new();
        let mut entries = Vec::with_capacity(facts.len());
        for fact in facts {
            let patient = fact.patient;
            let log = logs.entry(patient).or_insert_with(|| Self::log(&patient));
            let entry = Entry {
                sequence: log.next,
                at,
                custodian,
                custodian_sequence,
                discloser: actor.account.clone(),
                recipient: fact.query.recipient.org,
                practitioner: fact.query.recipient.practitioner,
                purpose: fact.query.purpose,
                action: fact.query.action,
                classes: fact.query.classes,
                content: fact.content,
                outcome: fact.outcome,
            };
            *log = log.with(&entry).ok_or(ArithmeticError::Overflow)?;
            custodian_sequence = custodian_sequence
                .checked_add(1)
                .ok_or(ArithmeticError::Overflow)?;
            entries.push((patient, entry));
        }

        CustodianSequences::<T>::insert(custodian, custodian_sequence);
        for (patient, log) in logs {
            Logs::<T>::insert(patient, log);
        }
        for (patient, entry) in &entries {
            let place = entry.custodian_sequence.to_be_bytes();
            ByCustodian::<T>::insert(custodian, place, (patient, entry.sequence));
            Entries::<T>::insert(patient, entry.sequence, entry);
        }
        for (patient, entry) in entries {
            let disclosed = matches!(entry.outcome, Outcome::Disclosed { .. });
            Self::deposit_event(if disclosed {
                Event::Disclosed { patient, entry }
            } else {
                Event::AttemptRefused { patient, entry }
            });
        }
        Ok(())
    }

    /// Removes the patient's oldest entries, at most `limit`, as far as they may go at `now`. How
    /// many went.
    pub(crate) fn do_prune(
        patient: PatientId,
        limit: u32,
        now: Moment,
    ) -> Result<u32, DispatchError> {
        ensure!(limit > 0, Error::<T>::EmptyBatch);
        ensure!(limit <= MAX_BATCH, Error::<T>::TooMany);
        let mut log = Self::log(&patient);
        let mut pruned = Vec::new();
        for _ in 0..limit {
            let Some(entry) = Entries::<T>::get(patient, log.first) else {
                break;
            };
            let contest = Contests::<T>::get(patient, entry.sequence);
            match rules::check_prunable(entry.at, contest.as_ref(), now) {
                Ok(()) => {}
                Err(fault) if pruned.is_empty() => return Err(Error::<T>::from(fault).into()),
                Err(_) => break,
            }
            log = log.without_oldest(&entry);
            pruned.push((entry, contest.is_some()));
        }
        ensure!(!pruned.is_empty(), Error::<T>::NotFound);

        let count = u32::try_from(pruned.len()).unwrap_or(limit);
        Logs::<T>::insert(patient, log);
        for (entry, contested) in pruned {
            let place = entry.custodian_sequence.to_be_bytes();
            ByCustodian::<T>::remove(entry.custodian, place);
            Entries::<T>::remove(patient, entry.sequence);
            if contested {
                Contests::<T>::remove(patient, entry.sequence);
            }
        }
        Self::deposit_event(Event::Pruned {
            patient,
            first: log.first,
            base: log.base,
        });
        Ok(count)
    }

    /// What a call cost that read `read` consents and was charged for `charged`.
    ///
    /// What was read beyond that is taken from the block instead of refused: a patient known by
    /// several ids, or met in an emergency, is not to be kept from care for it.
    fn settle(charged: u32, read: u32, weight: impl Fn(u32) -> Weight) -> PostDispatchInfo {
        if read > charged {
            let beyond = weight(read).saturating_sub(weight(charged));
            frame_system::Pallet::<T>::register_extra_weight_unchecked(
                beyond,
                DispatchClass::Normal,
            );
        }
        Some(weight(read.min(charged))).into()
    }
}
