//! What happened: events, and the steps by which things remember them.

use crate::{
    counting::numbered,
    types::{
        Correction, ErrorReason, EventId, EventKind, Occurrence, RecordedEvent, ShipmentId, Step,
        StepId,
    },
    Config, Error, Event, EventCounter, EventHashes, Events, Pallet, StepCounter, Steps,
};
use axonic_primitives::{
    membership::{Actor, Membership},
    Clock,
};
use frame_support::{dispatch::DispatchResult, ensure};
use sp_core::H256;

impl<T: Config> Pallet<T> {
    /// Whether the actor may say that something happened there and then.
    pub(crate) fn check_occurrence(actor: &Actor, occurrence: &Occurrence) -> Result<(), Error<T>> {
        let Occurrence { site, time, hash } = occurrence;
        ensure!(!hash.is_zero(), Error::<T>::EventHashMissing);
        ensure!(*time <= T::Clock::now(), Error::<T>::EventTimeInFuture);
        let open = T::Membership::site(actor.org, *site);
        ensure!(open, Error::<T>::SiteNotFound);
        let tied = actor.site.is_none_or(|premises| premises == *site);
        ensure!(tied, Error::<T>::WrongPremises);
        Ok(())
    }

    /// Whether [`Self::record`] may record this.
    ///
    /// One event of the partner's own may need several calls, so its hash comes again; but then
    /// it is the same event, and nobody has said that it is wrong.
    pub(crate) fn check_event(
        actor: &Actor,
        kind: EventKind,
        occurrence: &Occurrence,
        shipment: Option<ShipmentId>,
    ) -> Result<(), Error<T>> {
        Self::check_occurrence(actor, occurrence)?;
        let Occurrence { site, time, hash } = occurrence;
        if let Some(known) = EventHashes::<T>::get(actor.org, hash).and_then(Events::<T>::get) {
            let same = known.kind == kind
                && known.site == *site
                && known.time == *time
                && known.shipment == shipment
                && known.correction.is_none();
            ensure!(same, Error::<T>::EventHashInUse);
        }
        Ok(())
    }

    /// Records an event that [`Self::check_event`] passed, if it was not recorded already.
    pub(crate) fn record(
        actor: &Actor,
        kind: EventKind,
        occurrence: &Occurrence,
        shipment: Option<ShipmentId>,
    ) -> EventId {
        if let Some(known) = EventHashes::<T>::get(actor.org, occurrence.hash) {
            return known;
        }
        let id = EventId(numbered::<EventCounter<T>, _>());
        let event = RecordedEvent {
            hash: occurrence.hash,
            kind,
            org: actor.org,
            site: occurrence.site,
            time: occurrence.time,
            recorded_at: T::Clock::now(),
            shipment,
            correction: None,
        };
        Events::<T>::insert(id, event);
        EventHashes::<T>::insert(actor.org, occurrence.hash, id);
        id
    }

    /// Adds a step to a history: the event, after `before`, and what happened to the container
    /// that the thing was `within` until then.
    pub(crate) fn step(
        event: EventId,
        before: Option<StepId>,
        within: Option<(StepId, StepId)>,
    ) -> StepId {
        let id = StepId(numbered::<StepCounter<T>, _>());
        let step = Step {
            event,
            before,
            within,
        };
        Steps::<T>::insert(id, step);
        id
    }

    pub(crate) fn do_declare_error(
        actor: &Actor,
        id: EventId,
        reason: ErrorReason,
        corrective: Option<H256>,
    ) -> DispatchResult {
        let mut event = Events::<T>::get(id).ok_or(Error::<T>::EventUnknown)?;
        ensure!(event.org == actor.org, Error::<T>::NotRecorder);
        let uncorrected = event.correction.is_none();
        ensure!(uncorrected, Error::<T>::AlreadyCorrected);
        let missing = corrective.is_some_and(|hash| hash.is_zero());
        ensure!(!missing, Error::<T>::EventHashMissing);

        event.correction = Some(Correction {
            reason,
            at: T::Clock::now(),
            corrective,
        });
        Events::<T>::insert(id, event);
        Self::deposit_event(Event::ErrorDeclared {
            event: id,
            reason,
            corrective,
        });
        Ok(())
    }
}
