//! Packs that are packed again, as packs of another lot.

use crate::{
    commissioning::NewLot,
    rules::Action,
    types::{
        EventKind, Fate, Holding, LotDraft, LotId, Occurrence, Serials, Unit, UnitName, MAX_LOTS,
    },
    Config, Derivatives, Error, Event, Lots, Pallet,
};
use alloc::vec::Vec;
use axonic_primitives::membership::Actor;
use frame_support::{dispatch::DispatchResult, ensure, traits::ConstU32, BoundedVec};

impl<T: Config> Pallet<T> {
    /// The packs that come out belong to whoever owned those that went in: a repackager may work
    /// for others.
    pub(crate) fn do_transform(
        actor: &Actor,
        inputs: &[UnitName],
        output: &LotDraft,
        occurrence: &Occurrence,
    ) -> DispatchResult {
        Self::trading(actor.org, Fate::Transformed.licences())?;
        Self::check_event(actor, EventKind::Transforming, occurrence, None)?;
        let new = Self::checked_lot(actor, output)?;
        ensure!(!inputs.is_empty(), Error::<T>::NothingNamed);
        let inputs = Self::locate_all(inputs, Error::<T>::AlreadyTransformed)?;
        let owner = inputs.first().map(|input| input.holding().owner);
        let mut sources = Vec::new();
        for input in &inputs {
            Self::ensure_may(actor, input, Action::Transform)?;
            let Unit::Packs { lot, .. } = input.unit else {
                return Err(Error::<T>::NotPacks.into());
            };
            Self::ensure_movable(input)?;
            let one_owner = Some(input.holding().owner) == owner;
            ensure!(one_owner, Error::<T>::MixedHoldings);
            let source = Lots::<T>::get(lot).ok_or(Error::<T>::LotNotFound)?;
            let within = new.expiry <= source.expiry;
            ensure!(within, Error::<T>::ExpiryBeyondSources);
            sources.push(lot);
        }
        // Packs that are listed later are of whoever lists them.
        let listed = new.serials == Serials::Listed;
        ensure!(!listed || owner == Some(actor.org), Error::<T>::NotOwner);
        sources.sort_unstable();
        sources.dedup();
        let sources: BoundedVec<LotId, ConstU32<MAX_LOTS>> =
            sources.try_into().map_err(|_| Error::<T>::TooManySources)?;

        let event = Self::record(actor, EventKind::Transforming, occurrence, None);
        for input in &inputs {
            Self::end(input, Fate::Transformed, occurrence.site, event);
        }
        let holding = Holding {
            custodian: actor.org,
            site: occurrence.site,
            owner: owner.unwrap_or(actor.org),
            supplier: None,
            shipment: None,
        };
        let NewLot {
            gtin,
            number,
            units,
            serials,
            ..
        } = new.clone();
        let lot = Self::insert_lot(new, holding, event, sources.clone());
        for source in sources {
            Derivatives::<T>::insert(source, lot, ());
        }
        Self::deposit_event(Event::LotCommissioned {
            lot,
            gtin,
            number,
            units,
            serials,
            event,
        });
        Self::deposit_event(Event::Transformed {
            inputs: inputs.into_iter().map(|input| input.unit).collect(),
            lot,
            event,
        });
        Ok(())
    }
}
