//! What comes to be: products, lots and the packs of lots.

use crate::{
    counting::numbered,
    rules::lot_obstacle,
    types::{
        Commissioned, DayDraft, EventId, EventKind, Holding, Licence, Lot, LotDraft, LotId,
        LotStatus, Occurrence, Product, ProductStatus, Schedule, Serials, Text, MAX_LOTS,
        MAX_UNITS,
    },
    Config, Error, Event, LotCounter, LotNumbers, Lots, Pallet, Products, SerialNumbers,
};
use alloc::{collections::BTreeSet, vec::Vec};
use axonic_gs1::{Date, Gtin, LotNumber, Serial};
use axonic_primitives::{membership::Actor, Clock, Codes, OrgId};
use frame_support::{dispatch::DispatchResult, ensure, traits::ConstU32, BoundedVec};

/// A lot that may be commissioned: [`LotDraft`], checked.
#[derive(Clone)]
pub(crate) struct NewLot {
    pub gtin: Gtin,
    pub number: LotNumber,
    pub expiry: Date,
    pub units: u32,
    pub serials: Serials,
}

impl DayDraft {
    /// The day, if there is such a day.
    pub(crate) fn date(&self) -> Option<Date> {
        Date::new(self.year, self.month, self.day).ok()
    }
}

impl<T: Config> Pallet<T> {
    pub(crate) fn do_register_product(
        actor: &Actor,
        gtin: u64,
        schedule: Option<Schedule>,
    ) -> DispatchResult {
        Self::making(actor.org)?;
        let gtin = Gtin::new(gtin).map_err(|_| Error::<T>::InvalidGtin)?;
        let known = Products::<T>::contains_key(gtin);
        ensure!(!known, Error::<T>::ProductAlreadyExists);

        let product = Product {
            owner: actor.org,
            schedule,
            status: ProductStatus::Active,
        };
        Products::<T>::insert(gtin, product);
        Self::deposit_event(Event::ProductRegistered {
            gtin,
            owner: actor.org,
            schedule,
        });
        Ok(())
    }

    pub(crate) fn do_retire_product(actor: &Actor, gtin: u64) -> DispatchResult {
        Self::trading(actor.org, Codes::all())?;
        let gtin = Gtin::new(gtin).map_err(|_| Error::<T>::InvalidGtin)?;
        let mut product = Self::active_product_of(actor.org, gtin)?;

        product.status = ProductStatus::Retired;
        Products::<T>::insert(gtin, product);
        Self::deposit_event(Event::ProductRetired { gtin });
        Ok(())
    }

    pub(crate) fn do_commission_lot(
        actor: &Actor,
        draft: &LotDraft,
        occurrence: &Occurrence,
    ) -> DispatchResult {
        let new = Self::checked_lot(actor, draft)?;
        Self::check_event(actor, EventKind::Commissioning, occurrence, None)?;

        let event = Self::record(actor, EventKind::Commissioning, occurrence, None);
        let NewLot {
            gtin,
            number,
            units,
            serials,
            ..
        } = new.clone();
        let holding = Self::holding_at_first(actor.org, occurrence);
        let lot = Self::insert_lot(new, holding, event, BoundedVec::default());
        Self::deposit_event(Event::LotCommissioned {
            lot,
            gtin,
            number,
            units,
            serials,
            event,
        });
        Ok(())
    }

    pub(crate) fn do_commission_items(
        actor: &Actor,
        id: LotId,
        serials: &[Text],
        occurrence: &Occurrence,
    ) -> DispatchResult {
        Self::making(actor.org)?;
        let mut lot = Lots::<T>::get(id).ok_or(Error::<T>::LotNotFound)?;
        Self::product_of(actor.org, lot.gtin)?;
        lot_obstacle(&lot, T::Clock::now()).map_err(Error::<T>::from)?;
        ensure!(lot.serials == Serials::Listed, Error::<T>::LotFull);
        ensure!(!serials.is_empty(), Error::<T>::NoSerials);
        let (first, count) = (lot.commissioned, serials.len() as u32);
        let commissioned = first.saturating_add(count);
        ensure!(commissioned <= lot.units, Error::<T>::LotFull);
        let serials = Self::fresh_serials(lot.gtin, serials)?;
        Self::check_event(actor, EventKind::Commissioning, occurrence, None)?;

        let event = Self::record(actor, EventKind::Commissioning, occurrence, None);
        let log = Self::step(event, Some(lot.log), None);
        let holding = Self::holding_at_first(actor.org, occurrence);
        Self::new_run(id, first, commissioned.saturating_sub(1), holding, log);
        for (index, serial) in (first..).zip(serials) {
            let pack = Commissioned::Pack { lot: id, index };
            SerialNumbers::<T>::insert(lot.gtin, serial, pack);
        }
        lot.commissioned = commissioned;
        Lots::<T>::insert(id, lot);
        Self::deposit_event(Event::ItemsCommissioned {
            lot: id,
            first,
            count,
            event,
        });
        Ok(())
    }

    /// The lot that was drafted, if the actor may commission it: made new or of other packs.
    pub(crate) fn checked_lot(actor: &Actor, draft: &LotDraft) -> Result<NewLot, Error<T>> {
        Self::making(actor.org)?;
        let gtin = Gtin::new(draft.gtin).map_err(|_| Error::<T>::InvalidGtin)?;
        Self::active_product_of(actor.org, gtin)?;
        let number = LotNumber::new(&draft.number.0).map_err(|_| Error::<T>::InvalidLot)?;
        let expiry = draft.expiry.date().ok_or(Error::<T>::InvalidDate)?;
        let lasts = T::Clock::now() < expiry.end_of_day_millis();
        ensure!(lasts, Error::<T>::ExpiryInPast);
        let sized = (1..=MAX_UNITS).contains(&draft.units);
        ensure!(sized, Error::<T>::InvalidUnits);
        let serials = match draft.serial_root {
            Some(root) if root.is_zero() => return Err(Error::InvalidSerialRoot),
            Some(root) => Serials::Root(root),
            None => Serials::Listed,
        };
        let known = LotNumbers::<T>::contains_key(gtin, number);
        ensure!(!known, Error::<T>::LotAlreadyExists);
        Ok(NewLot {
            gtin,
            number,
            expiry,
            units: draft.units,
            serials,
        })
    }

    /// Writes a lot that was checked and, if its serials are behind a root, its packs. Those of a
    /// lot whose serials are listed are commissioned with their serials.
    pub(crate) fn insert_lot(
        new: NewLot,
        holding: Holding,
        event: EventId,
        sources: BoundedVec<LotId, ConstU32<MAX_LOTS>>,
    ) -> LotId {
        let id = LotId(numbered::<LotCounter<T>, _>());
        let log = Self::step(event, None, None);
        let commissioned = match new.serials {
            Serials::Root(_) => new.units,
            Serials::Listed => 0,
        };
        if let Some(last) = commissioned.checked_sub(1) {
            Self::new_run(id, 0, last, holding, log);
        }
        LotNumbers::<T>::insert(new.gtin, new.number, id);
        let lot = Lot {
            gtin: new.gtin,
            number: new.number,
            expiry: new.expiry,
            units: new.units,
            commissioned,
            serials: new.serials,
            status: LotStatus::Active,
            by_authority: false,
            fates: [0; 7],
            hold: None,
            sources,
            log,
        };
        Lots::<T>::insert(id, lot);
        id
    }

    /// The product, if it is the organisation's.
    pub(crate) fn product_of(org: OrgId, gtin: Gtin) -> Result<Product, Error<T>> {
        let product = Products::<T>::get(gtin).ok_or(Error::<T>::ProductNotFound)?;
        ensure!(product.owner == org, Error::<T>::NotBrandOwner);
        Ok(product)
    }

    fn active_product_of(org: OrgId, gtin: Gtin) -> Result<Product, Error<T>> {
        let product = Self::product_of(org, gtin)?;
        let active = product.status == ProductStatus::Active;
        ensure!(active, Error::<T>::ProductNotActive);
        Ok(product)
    }

    /// Passes whoever may make medicines or pack them again.
    fn making(org: OrgId) -> Result<(), Error<T>> {
        let makers = Codes::from([Licence::Manufacturer, Licence::Repackager]);
        Self::trading(org, makers).map(drop)
    }

    /// Whoever makes packs has and owns them first.
    fn holding_at_first(org: OrgId, occurrence: &Occurrence) -> Holding {
        Holding {
            custodian: org,
            site: occurrence.site,
            owner: org,
            supplier: None,
            shipment: None,
        }
    }

    /// The serials in the order they were given, if each of them is new for the product.
    fn fresh_serials(gtin: Gtin, serials: &[Text]) -> Result<Vec<Serial>, Error<T>> {
        let mut among = BTreeSet::new();
        let fresh = |text: &Text| -> Result<Serial, Error<T>> {
            let serial = Serial::new(&text.0).map_err(|_| Error::<T>::InvalidSerial)?;
            let given = SerialNumbers::<T>::contains_key(gtin, serial);
            let new = !given && among.insert(serial);
            ensure!(new, Error::<T>::SerialAlreadyCommissioned);
            Ok(serial)
        };
        serials.iter().map(fresh).collect()
    }
}
