//! Logging disclosures and refused attempts, always by what the gate answers in the same call, and
//! pruning what has been kept long enough.

use crate::{
    rules,
    types::{Disclosure, DisclosureItem, Entry, Log, Outcome},
    ByCustodian, Config, Contests, CustodianSequences, Entries, Error, Event, Logs, OpenContests,
    Pallet, WeightInfo, MAX_BATCH, MAX_CONSENTS_READ,
};
use alloc::{collections::BTreeMap, vec, vec::Vec};
use axonic_primitives::{
    consent::{AccessQuery, ConsentGate, Denial, Receipt, Recipient, MAX_LIVE_CONSENTS},
    membership::{Actor, Membership},
    Clock, Moment, OrgId, PatientId,
};
use frame_support::{
    dispatch::{
        DispatchClass, DispatchErrorWithPostInfo, DispatchResult, DispatchResultWithPostInfo,
        PostDispatchInfo, WithPostDispatchInfo,
    },
    ensure,
    weights::Weight,
};
use sp_core::H256;
use sp_runtime::{ArithmeticError, DispatchError};

/// What is to be logged: the question and the gate's answer to it. Calls only make it from an answer.
pub(crate) struct Fact {
    /// In whose log: under the id that the custodian named, so that it stays with the right person
    /// if a merge is undone.
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

    /// Puts a question to the gate, and adds how many consents it judged to `consents`.
    fn ask(
        patient: &PatientId,
        query: &AccessQuery,
        consents: &mut u32,
    ) -> Result<Receipt, Denial> {
        let answer = T::Consent::authorize(patient, query);
        let judged = match &answer {
            Ok(receipt) => receipt.consents,
            Err(refused) => refused.consents,
        };
        *consents = consents.saturating_add(judged);
        answer.map_err(|refused| refused.denial)
    }

    /// Puts a disclosure to the gate. The fact to log, or the first reason why it may not be. Adds
    /// how many consents were judged to `consents`.
    pub(crate) fn judge(
        custodian: OrgId,
        item: DisclosureItem,
        consents: &mut u32,
    ) -> Result<(Fact, Receipt), Error<T>> {
        let content = item.disclosure.content;
        ensure!(!content.is_zero(), Error::<T>::CommitmentMissing);
        let query = item.disclosure.question(custodian)?;
        let receipt = Self::ask(&item.patient, &query, consents)?;
        ensure!(
            item.obligations_met || !receipt.conditional,
            Error::<T>::ObligationUnmet
        );
        let outcome = Outcome::Disclosed {
            basis: receipt.basis,
            conditional: receipt.conditional,
        };
        let fact = Fact {
            patient: item.patient,
            query,
            content,
            outcome,
        };
        Ok((fact, receipt))
    }

    pub(crate) fn do_disclose(actor: &Actor, item: DisclosureItem) -> DispatchResultWithPostInfo {
        let mut consents = 0;
        let (fact, _) = Self::judge(actor.org, item, &mut consents).map_err(|error| {
            Self::unlogged(error, MAX_LIVE_CONSENTS, consents, T::WeightInfo::disclose)
        })?;
        Self::append(actor, vec![fact])?;
        Ok(Self::settle(
            MAX_LIVE_CONSENTS,
            consents,
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
        let weight = |consents| T::WeightInfo::disclose_many(count, consents);
        let mut consents = 0;
        let facts = Self::judge_all(actor.org, items, &mut consents)
            .map_err(|error| Self::unlogged(error, MAX_CONSENTS_READ, consents, weight))?;
        Self::append(actor, facts)?;
        Ok(Self::settle(MAX_CONSENTS_READ, consents, weight))
    }

    /// Puts disclosures to the gate until one may not be logged, or too many consents were judged.
    fn judge_all(
        custodian: OrgId,
        items: Vec<DisclosureItem>,
        consents: &mut u32,
    ) -> Result<Vec<Fact>, Error<T>> {
        let mut facts = Vec::with_capacity(items.len());
        for item in items {
            let (fact, _) = Self::judge(custodian, item, consents)?;
            facts.push(fact);
            // Only the last patient's consents can be beyond what was charged for: with too many of
            // them, no further question is put.
            ensure!(*consents <= MAX_CONSENTS_READ, Error::<T>::TooManyConsents);
        }
        Ok(facts)
    }

    pub(crate) fn do_report_refusal(
        actor: &Actor,
        patient: PatientId,
        disclosure: Disclosure,
    ) -> DispatchResultWithPostInfo {
        let mut consents = 0;
        let fact = Self::judge_refusal(actor.org, patient, disclosure, &mut consents).map_err(
            |error| {
                let weight = T::WeightInfo::report_refusal;
                Self::unlogged(error, MAX_LIVE_CONSENTS, consents, weight)
            },
        )?;
        Self::append(actor, vec![fact])?;
        Ok(Self::settle(
            MAX_LIVE_CONSENTS,
            consents,
            T::WeightInfo::report_refusal,
        ))
    }

    /// Puts an attempt to the gate. The fact to log, or why there is no refusal to report. Adds how
    /// many consents were judged to `consents`.
    fn judge_refusal(
        custodian: OrgId,
        patient: PatientId,
        disclosure: Disclosure,
        consents: &mut u32,
    ) -> Result<Fact, Error<T>> {
        let content = disclosure.content;
        let mut query = disclosure.question(custodian)?;
        let recipient = Self::known(&query.recipient)?;
        let Err(denial) = Self::ask(&patient, &query, consents) else {
            return Err(Error::NotRefused);
        };
        ensure!(rules::is_refusal(&denial), Error::<T>::from(denial));
        query.recipient = recipient;
        Ok(Fact {
            patient,
            query,
            content,
            outcome: Outcome::Refused(denial),
        })
    }

    /// The recipient of a refused attempt as far as it is known here: the organisation exists, and
    /// the practitioner acts for it. What anybody else names does not get into a patient's log.
    pub(crate) fn known(recipient: &Recipient) -> Result<Recipient, Error<T>> {
        let org = recipient.org;
        ensure!(
            T::Membership::member(org).is_some(),
            Error::<T>::UnknownRecipient
        );
        let practitioner = recipient.practitioner.clone().filter(|practitioner| {
            T::Membership::actor(practitioner).is_ok_and(|actor| actor.org == org)
        });
        Ok(Recipient { org, practitioner })
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
            pruned.push((entry, contest));
        }
        ensure!(!pruned.is_empty(), Error::<T>::NotFound);

        let count = u32::try_from(pruned.len()).unwrap_or(limit);
        Logs::<T>::insert(patient, log);
        for (entry, contest) in pruned {
            let place = entry.custodian_sequence.to_be_bytes();
            ByCustodian::<T>::remove(entry.custodian, place);
            Entries::<T>::remove(patient, entry.sequence);
            if let Some(contest) = contest {
                Contests::<T>::remove(patient, entry.sequence);
                if contest.answer.is_none() {
                    OpenContests::<T>::remove(entry.custodian, (patient, entry.sequence));
                }
            }
        }
        Self::deposit_event(Event::Pruned {
            patient,
            first: log.first,
            base: log.base,
        });
        Ok(count)
    }

    /// Why nothing was logged, and what it cost to find out by judging `read` consents, of which
    /// `charged` were charged for.
    fn unlogged(
        error: Error<T>,
        charged: u32,
        read: u32,
        weight: impl Fn(u32) -> Weight,
    ) -> DispatchErrorWithPostInfo {
        error.with_weight(weight(read.min(charged)))
    }

    /// What a call cost that judged `read` consents and was charged for `charged`.
    ///
    /// What goes beyond that is taken from the block instead of refused: in an emergency each
    /// consent is judged twice, and nobody is to be kept from care for it.
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
