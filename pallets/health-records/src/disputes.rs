//! Disputes: proof, by its own signature, that a custodian handed out something else than it had
//! anchored.

use crate::{
    types::{Content, Delivery, Disputant, Dispute, Evidence, Subject, Version, MAX_DISPUTES},
    BatchDisputes, Batches, Config, Disputes, Error, Event, Pallet, PastVersions, Records,
    WeightInfo, LEAF_DELIVERY_PURPOSE, RECORD_DELIVERY_PURPOSE,
};
use axonic_primitives::{
    membership::EnsureStaff,
    patients::{Patients, Power},
    statement::Statement,
    Clock, Moment, OrgId, PatientId, RecordId,
};
use frame_support::{dispatch::DispatchResult, ensure, weights::Weight};
use frame_system::{
    ensure_signed,
    pallet_prelude::{BlockNumberFor, OriginFor},
    RawOrigin,
};
use sp_core::H256;
use sp_runtime::{traits::Zero, DispatchError};

impl Evidence {
    /// What it costs to look at it.
    pub fn weight<W: WeightInfo>(&self) -> Weight {
        match self {
            Self::Record { .. } => W::dispute_record(),
            Self::Leaf { .. } => W::dispute_leaf(),
        }
    }

    fn delivery(&self) -> &Delivery {
        match self {
            Self::Record { delivery, .. } | Self::Leaf { delivery, .. } => delivery,
        }
    }
}

/// What was anchored, as the evidence refers to it.
struct Case {
    subject: Subject,
    /// The version of the record or the leaf of the batch.
    place: u32,
    custodian: OrgId,
    patient: Option<PatientId>,
    anchored: H256,
    disputes: u32,
}

impl<T: Config> Pallet<T> {
    pub(crate) fn do_dispute(origin: OriginFor<T>, evidence: &Evidence) -> DispatchResult {
        let case = Self::case(evidence)?;
        let (subject, place) = (case.subject, case.place);
        let by = Self::disputant(origin, case.patient.as_ref())?;
        ensure!(
            by != Disputant::Member(case.custodian),
            Error::<T>::OwnCustody
        );
        let delivery = evidence.delivery();
        ensure!(
            delivery.delivered != case.anchored,
            Error::<T>::ProofDoesNotContradict
        );
        let now = T::Clock::now();
        ensure!(now < delivery.expires_at, Error::<T>::EvidenceExpired);
        let again = Disputes::<T>::contains_key(subject, (place, by));
        ensure!(!again, Error::<T>::AlreadyDisputed);
        let counted = match subject {
            Subject::Record(_) => case.disputes,
            Subject::Batch(id) => BatchDisputes::<T>::get(id, by),
        };
        ensure!(counted < MAX_DISPUTES, Error::<T>::MaxDisputesExceeded);
        ensure!(
            Self::is_signed_by_custodian(&case, delivery),
            Error::<T>::BadProof
        );

        let delivered = Some(delivery.delivered);
        Disputes::<T>::insert(subject, (place, by), Dispute { at: now, delivered });
        let disputes = case.disputes.saturating_add(1);
        match subject {
            Subject::Record(id) => {
                Records::<T>::mutate_extant(id, |record| record.disputes = disputes);
            }
            Subject::Batch(id) => {
                Batches::<T>::mutate_extant(id, |batch| batch.disputes = disputes);
                BatchDisputes::<T>::insert(id, by, counted.saturating_add(1));
            }
        }
        Self::deposit_event(Event::Disputed { subject, place, by });
        Ok(())
    }

    /// What the evidence is about.
    fn case(evidence: &Evidence) -> Result<Case, Error<T>> {
        match evidence {
            Evidence::Record {
                record: id,
                version,
                ..
            } => {
                let record = Records::<T>::get(id).ok_or(Error::<T>::NotFound)?;
                let content = record.content.as_ref().ok_or(Error::<T>::AlreadyShredded)?;
                let found = Self::version_of(id, content, *version);
                Ok(Case {
                    subject: Subject::Record(*id),
                    place: *version,
                    custodian: record.custodian,
                    patient: Some(record.patient),
                    anchored: found.ok_or(Error::<T>::VersionMismatch)?.commitment,
                    disputes: record.disputes,
                })
            }
            Evidence::Leaf {
                batch: id,
                anchored,
                proof,
                ..
            } => {
                let batch = Batches::<T>::get(id).ok_or(Error::<T>::NotFound)?;
                batch
                    .check_inclusion(anchored, proof)
                    .map_err(Error::<T>::from)?;
                Ok(Case {
                    subject: Subject::Batch(*id),
                    place: proof.index,
                    custodian: batch.custodian,
                    patient: None,
                    anchored: *anchored,
                    disputes: batch.disputes,
                })
            }
        }
    }

    /// Who disputes: the patient that the signer speaks for, or the member that it works for. The
    /// patient first, since patients have work, and may have it with the custodian.
    fn disputant(
        origin: OriginFor<T>,
        patient: Option<&PatientId>,
    ) -> Result<Disputant, DispatchError> {
        let signer = ensure_signed(origin.clone())?;
        let speaks = |patient| T::Patients::may_act(&signer, patient, Power::Correspond).is_ok();
        if patient.is_some_and(speaks) {
            return Ok(Disputant::Patient);
        }
        let actor = T::StaffOrigin::ensure_staff(origin)?;
        Ok(Disputant::Member(actor.org))
    }

    /// Whether somebody who anchors for the custodian signed it: other staff hand nothing out.
    fn is_signed_by_custodian(case: &Case, delivery: &Delivery) -> bool {
        let Delivery {
            delivered,
            signer,
            expires_at,
            signature,
        } = delivery;
        let origin = OriginFor::<T>::from(RawOrigin::Signed(signer.clone()));
        T::AuthorOrigin::ensure_staff(origin).is_ok_and(|actor| actor.org == case.custodian)
            && Self::delivery_of(case.subject, case.place, *delivered, *expires_at)
                .is_signed_by(signer, signature)
    }

    /// What a custodian signs when it hands something out.
    pub(crate) fn delivery_of(
        subject: Subject,
        place: u32,
        delivered: H256,
        expires_at: Moment,
    ) -> Statement<H256> {
        let genesis = frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::zero());
        let (purpose, subject) = match subject {
            Subject::Record(id) => (RECORD_DELIVERY_PURPOSE, id.0),
            Subject::Batch(id) => (LEAF_DELIVERY_PURPOSE, id.0),
        };
        Statement {
            purpose,
            genesis: H256::from_slice(genesis.as_ref()),
            subject,
            nonce: place.into(),
            expires_at,
            body: delivered,
        }
    }

    /// The version of the record with this number, from 1.
    pub(crate) fn version_of(id: &RecordId, content: &Content, number: u32) -> Option<Version> {
        if number == content.version {
            Some(content.latest.clone())
        } else {
            PastVersions::<T>::get(id, number)
        }
    }
}
