//! Requests for verification: a partner asks the owner of a product whether a pack is genuine.

use crate::{
    counting::numbered,
    types::{PackClaim, Verification, VerificationAnswer, VerificationId},
    Config, Error, Event, Pallet, PendingVerifications, Products, VerificationCounter,
    Verifications,
};
use axonic_primitives::{membership::Actor, Clock, Codes};
use frame_support::{dispatch::DispatchResult, ensure};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_request_verification(actor: &Actor, claim: &PackClaim) -> DispatchResult {
        Self::trading(actor.org, Codes::all())?;
        let pack = Self::pack_code(claim)?;
        let product = Products::<T>::get(pack.gtin).ok_or(Error::<T>::ProductNotFound)?;

        let id = VerificationId(numbered::<VerificationCounter<T>, _>());
        let verification = Verification {
            requester: actor.org,
            responder: product.owner,
            pack,
            asked_at: T::Clock::now(),
            answer: None,
        };
        Verifications::<T>::insert(id, verification);
        PendingVerifications::<T>::insert(product.owner, id, ());
        Self::deposit_event(Event::VerificationRequested {
            verification: id,
            requester: actor.org,
            responder: product.owner,
        });
        Ok(())
    }

    /// Answers, also when it is overdue: late is better than never.
    pub(crate) fn do_answer_verification(
        actor: &Actor,
        id: VerificationId,
        answer: VerificationAnswer,
    ) -> DispatchResult {
        Self::trading(actor.org, Codes::all())?;
        let asked = id.0 < VerificationCounter::<T>::get();
        ensure!(asked, Error::<T>::VerificationNotFound);
        // What was asked and is not there was answered and pruned.
        let mut verification =
            Verifications::<T>::get(id).ok_or(Error::<T>::VerificationNotPending)?;
        let responds = verification.responder == actor.org;
        ensure!(responds, Error::<T>::NotResponder);
        let pending = verification.answer.is_none();
        ensure!(pending, Error::<T>::AlreadyAnswered);

        verification.answer = Some((answer, T::Clock::now()));
        Verifications::<T>::insert(id, verification);
        PendingVerifications::<T>::remove(actor.org, id);
        Self::deposit_event(Event::VerificationAnswered {
            verification: id,
            answer,
        });
        Ok(())
    }
}
