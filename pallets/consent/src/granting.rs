//! How consents come and go: proposing, granting, accepting, withdrawing, superseding.

use crate::{
    rules,
    types::{
        Author, Consent, Draft, Grantee, Status, Terms, Verification, MAX_LIVE_CONSENTS,
        MAX_PENDING, MAX_WITHDRAWALS,
    },
    Config, EndedConsents, Error, Event, Ledgers, LiveConsents, Pallet, Proposals, Withdrawals,
    GRANT_PURPOSE, MAX_STATEMENT_LIFETIME,
};
use axonic_primitives::{
    derive_id,
    membership::{Actor, Membership},
    patients::{Acting, Patients, Power},
    statement::Statement,
    AccountId, Clock, Code, ConsentId, Moment, OrgId, PatientId, Signature,
};
use frame_support::{dispatch::DispatchResult, ensure, storage::with_storage_layer};
use sp_core::H256;
use sp_runtime::{traits::Zero, DispatchError};

/// What a patient signs off chain to grant a consent.
pub(crate) type GrantStatement = Statement<Draft>;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_propose(actor: Actor, patient: PatientId, draft: Draft) -> DispatchResult {
        let patient = Self::ensure_active(patient)?;
        let terms = Self::check(draft)?;
        let mut ledger = Ledgers::<T>::get(patient);
        ensure!(
            ledger.proposed < MAX_PENDING,
            Error::<T>::MaxPendingExceeded
        );

        let id = ledger.take_consent_id(&patient);
        ledger.proposed += 1;
        let author = Author::Proposer {
            org: actor.org,
            account: actor.account,
        };
        let consent = Self::new_consent(author, terms, Status::Proposed, 0, None);
        Proposals::<T>::insert(patient, id, consent);
        Ledgers::<T>::insert(patient, ledger);
        Self::deposit_event(Event::Proposed {
            patient,
            consent: id,
            org: actor.org,
        });
        Ok(())
    }

    /// Grants a consent, in the place of an older one if `replaces` names it.
    pub(crate) fn do_grant(
        signer: AccountId,
        patient: PatientId,
        draft: Draft,
        replaces: Option<ConsentId>,
    ) -> Result<ConsentId, DispatchError> {
        let patient = Self::ensure_active(patient)?;
        let acting = Self::ensure_grantor(&signer, &patient)?;
        let terms = Self::check(draft)?;
        if let Some(old) = replaces {
            Self::do_supersede(&patient, old, &terms)?;
        }
        let mut ledger = Ledgers::<T>::get(patient);
        ensure!(
            ledger.live < MAX_LIVE_CONSENTS,
            Error::<T>::MaxConsentsExceeded
        );

        let id = ledger.take_consent_id(&patient);
        let sequence = ledger.take_sequence();
        ledger.live += 1;
        let author = Author::Grantor {
            account: signer,
            acting,
        };
        let consent = Self::new_consent(author, terms, Status::Active, sequence, replaces);
        LiveConsents::<T>::insert(patient, id, consent);
        Ledgers::<T>::insert(patient, ledger);
        Self::deposit_event(match replaces {
            Some(old) => Event::Superseded {
                patient,
                old,
                new: id,
            },
            None => Event::Granted {
                patient,
                consent: id,
            },
        });
        Ok(id)
    }

    pub(crate) fn do_grant_signed(
        patient: PatientId,
        signer: AccountId,
        draft: Draft,
        nonce: u64,
        expires_at: Moment,
        signature: &Signature,
    ) -> DispatchResult {
        let now = T::Clock::now();
        let in_time = now < expires_at && expires_at <= now.saturating_add(MAX_STATEMENT_LIFETIME);
        ensure!(in_time, Error::<T>::SignatureExpired);
        let canonical = T::Patients::resolve(&patient).ok_or(Error::<T>::NotFound)?;
        let expected = Ledgers::<T>::get(canonical).statements;
        ensure!(nonce == expected, Error::<T>::NonceMismatch);
        Self::ensure_grantor(&signer, &canonical)?;
        let statement = Self::grant_statement_of(canonical, nonce, expires_at, draft.clone());
        ensure!(
            statement.is_signed_by(&signer, signature),
            Error::<T>::InvalidSignature
        );

        Ledgers::<T>::mutate(canonical, |ledger| {
            ledger.statements = ledger.statements.saturating_add(1);
        });
        // The statement is authentic, so its nonce is gone whatever comes of it.
        let granted = with_storage_layer(|| Self::do_grant(signer, canonical, draft, None));
        if let Err(error) = granted {
            Self::deposit_event(Event::SignedGrantFailed {
                patient: canonical,
                nonce,
                error,
            });
        }
        Ok(())
    }

    pub(crate) fn grant_statement_of(
        patient: PatientId,
        nonce: u64,
        expires_at: Moment,
        body: Draft,
    ) -> GrantStatement {
        let genesis = frame_system::Pallet::<T>::block_hash(
            frame_system::pallet_prelude::BlockNumberFor::<T>::zero(),
        );
        Statement {
            purpose: GRANT_PURPOSE,
            genesis: H256::from_slice(genesis.as_ref()),
            subject: patient.0,
            nonce,
            expires_at,
            body,
        }
    }

    pub(crate) fn do_accept(
        signer: AccountId,
        patient: PatientId,
        id: ConsentId,
    ) -> DispatchResult {
        Self::ensure_active(patient)?;
        let acting = Self::ensure_grantor(&signer, &patient)?;
        let mut consent = Self::find(&patient, &id)?;
        consent.status = consent
            .status
            .next(rules::Event::Accept)
            .map_err(Error::<T>::from)?;
        ensure!(
            !consent.terms.period.is_over(T::Clock::now()),
            Error::<T>::PeriodInPast
        );
        let mut ledger = Ledgers::<T>::get(patient);
        ensure!(
            ledger.live < MAX_LIVE_CONSENTS,
            Error::<T>::MaxConsentsExceeded
        );

        ledger.proposed = ledger.proposed.saturating_sub(1);
        ledger.live += 1;
        consent.sequence = ledger.take_sequence();
        consent.version = consent.version.saturating_add(1);
        consent.author = Author::Grantor {
            account: signer,
            acting,
        };
        Proposals::<T>::remove(patient, id);
        LiveConsents::<T>::insert(patient, id, consent);
        Ledgers::<T>::insert(patient, ledger);
        Self::deposit_event(Event::Accepted {
            patient,
            consent: id,
        });
        Ok(())
    }

    pub(crate) fn do_reject(
        signer: AccountId,
        patient: PatientId,
        id: ConsentId,
    ) -> DispatchResult {
        Self::ensure_grantor(&signer, &patient)?;
        Self::end(patient, id, rules::Event::Reject)?;
        Self::deposit_event(Event::Rejected {
            patient,
            consent: id,
        });
        Ok(())
    }

    pub(crate) fn do_withdraw(
        signer: AccountId,
        patient: PatientId,
        id: ConsentId,
    ) -> DispatchResult {
        Self::ensure_grantor(&signer, &patient)?;
        Self::end(patient, id, rules::Event::Withdraw)?;
        Self::deposit_event(Event::Withdrawn {
            patient,
            consent: id,
        });
        Ok(())
    }

    pub(crate) fn do_withdraw_all_from(
        signer: AccountId,
        patient: PatientId,
        grantee: Grantee,
    ) -> DispatchResult {
        let patient = T::Patients::resolve(&patient).ok_or(Error::<T>::NotFound)?;
        Self::ensure_grantor(&signer, &patient)?;
        match &grantee {
            Grantee::Organisation(org) => {
                ensure!(
                    T::Membership::member(*org).is_some(),
                    Error::<T>::UnknownActor
                );
            }
            Grantee::Practitioner(_) => {}
            Grantee::RoleClass(_) | Grantee::Any => return Err(Error::<T>::UnknownActor.into()),
        }

        let identities = T::Patients::identities(&patient);
        let is_full = |identity: &PatientId| {
            !Withdrawals::<T>::contains_key(identity, &grantee)
                && Withdrawals::<T>::iter_key_prefix(identity).count() >= MAX_WITHDRAWALS as usize
        };
        ensure!(
            !identities.iter().any(is_full),
            Error::<T>::MaxWithdrawalsExceeded
        );

        // What was granted under an id that was since merged is kept and counted under that id.
        for identity in identities {
            let before = Ledgers::<T>::get(identity).next_sequence;
            Withdrawals::<T>::insert(identity, &grantee, before);
        }
        Self::deposit_event(Event::WithdrawnFrom { patient, grantee });
        Ok(())
    }

    pub(crate) fn do_verify(actor: Actor, patient: PatientId, id: ConsentId) -> DispatchResult {
        let mut consent = Self::find(&patient, &id)?;
        ensure!(consent.status == Status::Active, Error::<T>::NotActive);
        let mut actors = consent
            .terms
            .provisions
            .iter()
            .flat_map(|p| p.actors.iter());
        let concerned = actors.any(|grantee| grantee.organisation() == Some(actor.org))
            || T::Patients::managing_org(&patient) == Some(actor.org);
        ensure!(concerned, Error::<T>::NotOwnOrganisation);

        consent.verification = Some(Verification {
            by: actor.org,
            at: T::Clock::now(),
        });
        consent.version = consent.version.saturating_add(1);
        LiveConsents::<T>::insert(patient, id, consent);
        Self::deposit_event(Event::Verified {
            patient,
            consent: id,
            by: actor.org,
        });
        Ok(())
    }

    pub(crate) fn do_mark_entered_in_error(
        signer: AccountId,
        patient: PatientId,
        id: ConsentId,
    ) -> DispatchResult {
        let consent = Self::find(&patient, &id)?;
        let is_proposer = match consent.author {
            Author::Proposer { org, .. } if consent.status == Status::Proposed => {
                T::Membership::actor(&signer).is_ok_and(|actor| actor.org == org)
            }
            _ => false,
        };
        if !is_proposer {
            Self::ensure_grantor(&signer, &patient)?;
        }
        Self::end(patient, id, rules::Event::MarkEnteredInError)?;
        Self::deposit_event(Event::EnteredInError {
            patient,
            consent: id,
        });
        Ok(())
    }

    /// Ends `old` in favour of new terms, under whichever id of the patient it is kept. What the
    /// signer may do was checked by the caller.
    fn do_supersede(patient: &PatientId, old: ConsentId, terms: &Terms) -> DispatchResult {
        let identities = T::Patients::identities(patient).into_iter();
        let (kept_under, consent) = identities
            .filter_map(|id| Self::find(&id, &old).ok().map(|consent| (id, consent)))
            .next()
            .ok_or(Error::<T>::NotFound)?;
        ensure!(
            consent.terms.scope == terms.scope,
            Error::<T>::SupersedeMismatch
        );
        Self::end(kept_under, old, rules::Event::Supersede)
    }

    /// Moves a consent to where ended ones are kept.
    fn end(patient: PatientId, id: ConsentId, event: rules::Event) -> DispatchResult {
        let mut consent = Self::find(&patient, &id)?;
        let was = consent.status;
        consent.status = was.next(event).map_err(Error::<T>::from)?;
        consent.version = consent.version.saturating_add(1);
        consent.ended_at = consent.ended_at.or(Some(T::Clock::now()));
        match was {
            Status::Active => {
                LiveConsents::<T>::remove(patient, id);
                Ledgers::<T>::mutate(patient, |l| l.live = l.live.saturating_sub(1));
            }
            Status::Proposed => {
                Proposals::<T>::remove(patient, id);
                Ledgers::<T>::mutate(patient, |l| l.proposed = l.proposed.saturating_sub(1));
            }
            // Already among the ended ones.
            Status::Rejected | Status::Withdrawn | Status::Superseded | Status::EnteredInError => {}
        }
        EndedConsents::<T>::insert(patient, id, consent);
        Ok(())
    }

    /// The consent, wherever it is kept.
    pub(crate) fn find(patient: &PatientId, id: &ConsentId) -> Result<Consent, Error<T>> {
        LiveConsents::<T>::get(patient, id)
            .or_else(|| Proposals::<T>::get(patient, id))
            .or_else(|| EndedConsents::<T>::get(patient, id))
            .ok_or(Error::<T>::NotFound)
    }

    /// The patient's id after merges, if something can be granted in its name.
    pub(crate) fn ensure_active(patient: PatientId) -> Result<PatientId, Error<T>> {
        let standing = T::Patients::standing(&patient).ok_or(Error::<T>::NotFound)?;
        ensure!(standing.active, Error::<T>::PatientNotActive);
        Ok(standing.canonical)
    }

    /// In which capacity `account` consents for the patient.
    pub(crate) fn ensure_grantor(
        account: &AccountId,
        patient: &PatientId,
    ) -> Result<Acting, Error<T>> {
        T::Patients::may_act(account, patient, Power::Consent).map_err(|_| {
            let acts = |power: &Power| T::Patients::may_act(account, patient, *power).is_ok();
            if T::Patients::resolve(patient).is_none() {
                Error::<T>::NotFound
            } else if Power::ALL.iter().any(acts) {
                Error::<T>::PowerMissing
            } else {
                Error::<T>::NotGrantor
            }
        })
    }

    /// The terms, if the draft is well formed and every organisation it names is a member.
    ///
    /// Organisations are numbered without gaps, so if the highest that is named exists, all do.
    fn check(draft: Draft) -> Result<Terms, Error<T>> {
        let terms = draft.check(T::Clock::now())?;
        let named = terms
            .provisions
            .iter()
            .flat_map(|provision| provision.actors.iter());
        let highest = named.filter_map(Grantee::organisation).max();
        let all_known = highest.is_none_or(|org| T::Membership::member(org).is_some());
        ensure!(all_known, Error::<T>::UnknownActor);
        Ok(terms)
    }

    fn new_consent(
        author: Author,
        terms: Terms,
        status: Status,
        sequence: u64,
        supersedes: Option<ConsentId>,
    ) -> Consent {
        Consent {
            author,
            terms,
            status,
            version: 1,
            sequence,
            verification: None,
            supersedes,
            created_at: T::Clock::now(),
            ended_at: None,
        }
    }
}

impl Grantee {
    /// The organisation this names, if it names one.
    pub const fn organisation(&self) -> Option<OrgId> {
        match self {
            Self::Organisation(org) => Some(*org),
            Self::Practitioner(_) | Self::RoleClass(_) | Self::Any => None,
        }
    }
}

impl crate::types::Ledger {
    /// A number that no other id of this patient was made from.
    pub(crate) fn take_id(&mut self) -> u64 {
        let id = self.next_id;
        self.next_id = id.saturating_add(1);
        id
    }

    fn take_consent_id(&mut self, patient: &PatientId) -> ConsentId {
        ConsentId(derive_id(b"consent", patient, self.take_id()))
    }

    fn take_sequence(&mut self) -> u64 {
        let sequence = self.next_sequence;
        self.next_sequence = sequence.saturating_add(1);
        sequence
    }
}
