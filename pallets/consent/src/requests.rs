//! Requests: a member asks a patient, who answers in terms of the patient's own.

use crate::{
    types::{AccessRequest, Answer, Ask, Draft, MAX_PENDING},
    Config, Error, Event, Ledgers, OpenRequests, Pallet, Requests,
};
use alloc::boxed::Box;
use axonic_primitives::{
    derive_id,
    membership::Actor,
    patients::{Patients, Power},
    AccountId, Clock, ConsentId, PatientId, RequestId,
};
use codec::{Decode, DecodeWithMemTracking, Encode};
use frame_support::{dispatch::DispatchResult, ensure};
use scale_info::TypeInfo;

/// How a patient answers a request.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub enum Reply {
    /// No.
    #[codec(index = 0)]
    Decline,
    /// Yes, in these terms, which may differ from what was asked.
    #[codec(index = 1)]
    Grant {
        /// What the patient agrees to.
        draft: Box<Draft>,
        /// The consent of the patient that the new one replaces, if any.
        supersedes: Option<ConsentId>,
    },
}

impl Reply {
    /// How many provisions come with the answer.
    pub fn provisions(&self) -> u32 {
        match self {
            Self::Decline => 0,
            Self::Grant { draft, .. } => draft.provisions.len() as u32,
        }
    }
}

impl Ask {
    fn check<T: Config>(&self) -> Result<(), Error<T>> {
        ensure!(self.period.is_valid(), Error::InvalidPeriod);
        ensure!(!self.period.is_over(T::Clock::now()), Error::PeriodInPast);
        ensure!(
            self.actions.is_known() && !self.actions.is_empty(),
            Error::UnknownAction
        );
        ensure!(
            self.purposes.is_known() && !self.purposes.is_empty(),
            Error::UnknownPurpose
        );
        Ok(())
    }
}

impl<T: Config> Pallet<T> {
    pub(crate) fn do_request_access(actor: Actor, patient: PatientId, ask: Ask) -> DispatchResult {
        let patient = Self::ensure_active(patient)?;
        ask.check::<T>()?;
        let mut ledger = Ledgers::<T>::get(patient);
        ensure!(
            ledger.requested < MAX_PENDING,
            Error::<T>::MaxPendingExceeded
        );

        let request = RequestId(derive_id(b"request", &patient, ledger.take_id()));
        ledger.requested += 1;
        let (org, account, asked_at) = (actor.org, actor.account, T::Clock::now());
        let asked = AccessRequest {
            patient,
            org,
            account,
            ask,
            asked_at,
            answer: None,
        };
        Requests::<T>::insert(request, asked);
        OpenRequests::<T>::insert(patient, request, ());
        Ledgers::<T>::insert(patient, ledger);
        Self::deposit_event(Event::AccessRequested {
            patient,
            request,
            org,
        });
        Ok(())
    }

    pub(crate) fn do_answer_request(
        signer: AccountId,
        id: RequestId,
        reply: Reply,
    ) -> DispatchResult {
        let mut request = Requests::<T>::get(id).ok_or(Error::<T>::RequestNotFound)?;
        let patient = request.patient;
        ensure!(request.answer.is_none(), Error::<T>::RequestAnswered);
        let may_decline = || T::Patients::may_act(&signer, &patient, Power::Correspond).is_ok();
        let answer = match reply {
            Reply::Decline if may_decline() => Answer::Declined,
            Reply::Decline => {
                Self::ensure_grantor(&signer, &patient)?;
                Answer::Declined
            }
            Reply::Grant { draft, supersedes } => {
                Answer::Granted(Self::do_grant(signer, patient, *draft, supersedes)?)
            }
        };
        request.answer = Some(answer);
        Requests::<T>::insert(id, request);
        OpenRequests::<T>::remove(patient, id);
        Ledgers::<T>::mutate(patient, |l| l.requested = l.requested.saturating_sub(1));
        Self::deposit_event(Event::RequestAnswered {
            patient,
            request: id,
            answer,
        });
        Ok(())
    }
}
