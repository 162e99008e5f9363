//! Lots that may not move: quarantined, recalled, withdrawn. Each is one write, wherever the packs
//! are.

use crate::{
    investigations::Overseer,
    types::{LotId, LotStatus, RecallKind},
    Config, Error, Event, Lots, Pallet,
};
use axonic_primitives::Clock;
use frame_support::{dispatch::DispatchResult, ensure};

impl LotStatus {
    /// How much it asks of partners: a withdrawal the most, then recalls by their class.
    const fn severity(&self) -> u8 {
        match self {
            Self::Active => 0,
            Self::Quarantined => 1,
            Self::Recalled { kind, .. } => match kind {
                RecallKind::ClassIII => 2,
                RecallKind::ClassII => 3,
                RecallKind::ClassI => 4,
                RecallKind::Withdrawal => 5,
            },
            Self::Withdrawn { .. } => 5,
        }
    }

    /// Whether it takes the place of the status before. What is withdrawn stays so, and what is
    /// recalled is not merely quarantined.
    const fn follows(&self, before: &Self) -> bool {
        match before {
            Self::Withdrawn { .. } => false,
            Self::Recalled { .. } => !matches!(self, Self::Quarantined),
            Self::Active | Self::Quarantined => true,
        }
    }
}

impl<T: Config> Pallet<T> {
    pub(crate) fn do_quarantine(overseer: &Overseer, id: LotId) -> DispatchResult {
        Self::order(overseer, id, LotStatus::Quarantined)?;
        Self::deposit_event(Event::LotQuarantined { lot: id });
        Ok(())
    }

    pub(crate) fn do_recall(overseer: &Overseer, id: LotId, kind: RecallKind) -> DispatchResult {
        let at = T::Clock::now();
        let status = match kind {
            RecallKind::Withdrawal => LotStatus::Withdrawn { at },
            RecallKind::ClassI | RecallKind::ClassII | RecallKind::ClassIII => {
                LotStatus::Recalled { kind, at }
            }
        };
        Self::order(overseer, id, status)?;
        Self::deposit_event(Event::LotRecalled { lot: id, kind });
        Ok(())
    }

    pub(crate) fn do_lift_recall(overseer: &Overseer, id: LotId) -> DispatchResult {
        Self::ensure_authorised(overseer)?;
        let mut lot = Self::overseen_lot(overseer, id)?;
        match lot.status {
            LotStatus::Quarantined | LotStatus::Recalled { .. } => {}
            LotStatus::Withdrawn { .. } => return Err(Error::<T>::LotStatusUnchanged.into()),
            LotStatus::Active => return Err(Error::<T>::LotNotRecalled.into()),
        }
        let free = !lot.by_authority || overseer.is_authority();
        ensure!(free, Error::<T>::NotAuthority);

        lot.status = LotStatus::Active;
        lot.by_authority = false;
        Lots::<T>::insert(id, lot);
        Self::deposit_event(Event::RecallLifted { lot: id });
        Ok(())
    }

    /// Keeps a lot from moving. An authority makes its own what was ordered before, as it is; a
    /// maker asks for no less than an authority does.
    fn order(overseer: &Overseer, id: LotId, status: LotStatus) -> Result<(), Error<T>> {
        let mut lot = Self::overseen_lot(overseer, id)?;
        let (before, after) = (lot.status.severity(), status.severity());
        let adopted = overseer.is_authority() && !lot.by_authority;
        let changed = before != after && status.follows(&lot.status);
        ensure!(
            changed || (before == after && adopted),
            Error::<T>::LotStatusUnchanged
        );
        let eased = lot.by_authority && !overseer.is_authority() && after < before;
        ensure!(!eased, Error::<T>::NotAuthority);

        lot.by_authority |= overseer.is_authority();
        if changed {
            lot.status = status;
        }
        Lots::<T>::insert(id, lot);
        Ok(())
    }
}
