//! Suspect product: held until somebody finds out what it is.

use crate::{
    counting::numbered,
    rules::Action,
    types::{
        Investigation, InvestigationId, Lot, LotId, Outcome, Subject, SubjectName, Unit, MAX_NAMED,
    },
    Config, Error, Event, InvestigationCounter, Investigations, Lots, Pallet,
};
use axonic_primitives::{
    membership::{Actor, EnsureStaff},
    Clock, Codes, OrgId,
};
use frame_support::{dispatch::DispatchResult, ensure};
use frame_system::pallet_prelude::OriginFor;
use sp_runtime::DispatchError;

/// Who holds goods, or lets them go.
pub(crate) enum Overseer {
    /// An authority, whose ever they are.
    Authority(Actor),
    /// A partner, what is its own to hold.
    Supplier(Actor),
}

impl Overseer {
    /// Whether it is an authority.
    pub(crate) fn is_authority(&self) -> bool {
        matches!(self, Self::Authority(_))
    }

    fn org(&self) -> OrgId {
        match self {
            Self::Authority(actor) | Self::Supplier(actor) => actor.org,
        }
    }
}

impl<T: Config> Pallet<T> {
    /// Who asks to hold something: as an authority, if it is one.
    pub(crate) fn supplier_or_overseer(origin: OriginFor<T>) -> Result<Overseer, DispatchError> {
        match T::OversightOrigin::ensure_staff(origin.clone()) {
            Ok(actor) => Ok(Overseer::Authority(actor)),
            Err(_) => T::SupplyOrigin::ensure_staff(origin).map(Overseer::Supplier),
        }
    }

    pub(crate) fn do_open_investigation(overseer: &Overseer, name: &SubjectName) -> DispatchResult {
        let subject = match name {
            SubjectName::Lot(id) => {
                let lot = Self::overseen_lot(overseer, *id)?;
                Self::ensure_may_hold(overseer, lot.hold)?;
                Subject::Lot(*id)
            }
            SubjectName::Unit(name) => {
                Self::ensure_authorised(overseer)?;
                let located = Self::locate(&Self::unit_named(name)?)?;
                // What can still be destroyed is in the chain and at rest.
                let action = Action::Destroy;
                match overseer {
                    Overseer::Authority(_) => Self::ensure_can(&located, action)?,
                    Overseer::Supplier(actor) => Self::ensure_may(actor, &located, action)?,
                }
                Self::ensure_may_hold(overseer, located.held_by)?;
                Subject::Unit(located.unit)
            }
        };

        let id = InvestigationId(numbered::<InvestigationCounter<T>, _>());
        match &subject {
            Subject::Lot(lot) => Lots::<T>::mutate_extant(lot, |lot| lot.hold = Some(id)),
            Subject::Unit(unit) => Self::hold(unit, id),
        }
        let investigation = Investigation {
            subject: subject.clone(),
            opened_by: overseer.org(),
            opened_at: T::Clock::now(),
            outcome: None,
        };
        Investigations::<T>::insert(id, investigation);
        Self::deposit_event(Event::InvestigationOpened {
            investigation: id,
            subject,
        });
        Ok(())
    }

    pub(crate) fn do_close_investigation(
        overseer: &Overseer,
        id: InvestigationId,
        outcome: Outcome,
    ) -> DispatchResult {
        Self::ensure_authorised(overseer)?;
        let mut investigation =
            Investigations::<T>::get(id).ok_or(Error::<T>::InvestigationNotFound)?;
        if let Overseer::Supplier(actor) = overseer {
            let own = investigation.opened_by == actor.org;
            ensure!(own, Error::<T>::NotInvestigator);
        }
        let open = investigation.outcome.is_none();
        ensure!(open, Error::<T>::InvestigationClosed);
        if let (Outcome::Cleared, Subject::Unit(unit)) = (outcome, &investigation.subject) {
            Self::ensure_few_parts(unit)?;
        }

        if outcome == Outcome::Cleared {
            match &investigation.subject {
                Subject::Lot(lot) => Self::release_lot(*lot, id),
                Subject::Unit(unit) => Self::release(unit, id),
            }
        }
        investigation.outcome = Some((outcome, T::Clock::now()));
        Investigations::<T>::insert(id, investigation);
        Self::deposit_event(Event::InvestigationClosed {
            investigation: id,
            outcome,
        });
        Ok(())
    }

    /// The lot, if its product is the overseer's own or the overseer is an authority. A maker whose
    /// licence ran out still answers for what it made.
    pub(crate) fn overseen_lot(overseer: &Overseer, id: LotId) -> Result<Lot, Error<T>> {
        let lot = Lots::<T>::get(id).ok_or(Error::<T>::LotNotFound)?;
        if let Overseer::Supplier(actor) = overseer {
            Self::product_of(actor.org, lot.gtin)?;
        }
        Ok(lot)
    }

    /// Passes authorities, and trading partners with any licence.
    pub(crate) fn ensure_authorised(overseer: &Overseer) -> Result<(), Error<T>> {
        match overseer {
            Overseer::Authority(_) => Ok(()),
            Overseer::Supplier(actor) => Self::trading(actor.org, Codes::all()).map(drop),
        }
    }

    /// Passes what nothing holds yet. An authority takes over from a partner, whose word then no
    /// longer lets go.
    fn ensure_may_hold(
        overseer: &Overseer,
        held_by: Option<InvestigationId>,
    ) -> Result<(), Error<T>> {
        let investigation = held_by.and_then(Investigations::<T>::get);
        let own = investigation.is_none_or(|it| it.opened_by == overseer.org());
        let taken_over = overseer.is_authority() && !own;
        ensure!(
            held_by.is_none() || taken_over,
            Error::<T>::InvestigationOpen
        );
        Ok(())
    }

    /// Lets go of the lot, if this investigation holds it.
    fn release_lot(id: LotId, investigation: InvestigationId) {
        Lots::<T>::mutate_extant(id, |lot| {
            lot.hold = lot.hold.filter(|hold| *hold != investigation);
        });
    }

    /// Passes what one call can let go of: packs that came apart into many runs since are held
    /// until they are destroyed.
    fn ensure_few_parts(unit: &Unit) -> Result<(), Error<T>> {
        let Unit::Packs { lot, first, last } = unit else {
            return Ok(());
        };
        let mut parts = Self::runs_from(*lot, *first).take_while(|(_, run)| run.first <= *last);
        let many = parts.nth(MAX_NAMED as usize).is_some();
        ensure!(!many, Error::<T>::PacksApart);
        Ok(())
    }
}
