//! How packs move through their states, what keeps a lot where it is, what can be undone, and who
//! owns what was shipped.

use crate::types::{
    DecommissionReason, Direction, Disposition, Fate, Investigation, Licence, Lot, LotCount, LotId,
    LotStatus, Transaction, Unit, Verification, INVESTIGATION_PERIOD, UNDO_WINDOW,
    VERIFICATION_PERIOD,
};
use alloc::{collections::BTreeMap, vec::Vec};
use axonic_primitives::{Codes, Moment, OrgId};

/// What happens to packs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Action {
    /// They go into a container.
    Pack,
    /// They come out of a container.
    Unpack,
    /// They go on their way.
    Ship,
    /// They come to the end of their way, or back from it.
    Receive,
    /// They are supplied to the public.
    Dispense,
    /// Part of them is supplied to the public.
    PartialDispense,
    /// That they left the chain is undone.
    Undo,
    /// They are sold to where this chain does not reach.
    Export,
    /// An authority takes them as a sample.
    Sample,
    /// They are destroyed, or handed in to be.
    Destroy,
    /// They are stolen, or lost on the way.
    Steal,
    /// They are taken off the market for another reason.
    Decommission,
    /// They are packed again, as packs of another lot.
    Transform,
}

/// Why it cannot happen. Each is an error of the pallet by the same name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)] // The errors say what they mean.
pub enum IllegalMove {
    AlreadyAggregated,
    NotInParent,
    InTransit,
    NotInShipment,
    AlreadyPartiallyDispensed,
    AlreadyDispensed,
    AlreadyExported,
    AlreadySampled,
    AlreadyDestroyed,
    ReportedStolen,
    AlreadyDecommissioned,
    AlreadyTransformed,
    UndoForbidden,
    NothingToUndo,
}

impl Disposition {
    /// What packs are after the action.
    ///
    /// A container and all that is in it is what its outermost container makes it. Whoever takes
    /// packs out of a container as they leave the chain does both at once: that is no
    /// [`Action::Unpack`].
    pub const fn next(self, action: Action) -> Result<Self, IllegalMove> {
        use Action::*;
        match (self, action) {
            (Self::Dispensed | Self::Exported | Self::Sampled | Self::Decommissioned, Undo) => {
                Ok(Self::Active)
            }
            (
                Self::Destroyed | Self::Stolen | Self::Transformed | Self::PartiallyDispensed,
                Undo,
            ) => Err(IllegalMove::UndoForbidden),
            (Self::Active | Self::Packed | Self::InTransit, Undo) => {
                Err(IllegalMove::NothingToUndo)
            }

            (Self::Dispensed, _) => Err(Fate::Dispensed.refusal()),
            (Self::Exported, _) => Err(Fate::Exported.refusal()),
            (Self::Sampled, _) => Err(Fate::Sampled.refusal()),
            (Self::Destroyed, _) => Err(Fate::Destroyed.refusal()),
            (Self::Stolen, _) => Err(Fate::Stolen.refusal()),
            (Self::Decommissioned, _) => Err(Fate::Decommissioned.refusal()),
            (Self::Transformed, _) => Err(Fate::Transformed.refusal()),

            (Self::InTransit, Receive) => Ok(Self::Active),
            (Self::InTransit, _) => Err(IllegalMove::InTransit),
            (_, Receive) => Err(IllegalMove::NotInShipment),

            (Self::Packed, Unpack) => Ok(Self::Active),
            (_, Unpack) => Err(IllegalMove::NotInParent),
            (Self::Packed, Pack | Ship | Transform) => Err(IllegalMove::AlreadyAggregated),

            // Nobody takes back an open pack, and nobody else may be sold it.
            (
                Self::PartiallyDispensed,
                Pack | Ship | Transform | Export | Sample | Decommission,
            ) => Err(IllegalMove::AlreadyPartiallyDispensed),

            (Self::Active, Pack) => Ok(Self::Packed),
            (Self::Active, Ship) => Ok(Self::InTransit),
            (Self::Active, Transform) => Ok(Self::Transformed),
            (_, Dispense) => Ok(Self::Dispensed),
            (_, PartialDispense) => Ok(Self::PartiallyDispensed),
            (_, Export) => Ok(Self::Exported),
            (_, Sample) => Ok(Self::Sampled),
            (_, Destroy) => Ok(Self::Destroyed),
            (_, Steal) => Ok(Self::Stolen),
            (_, Decommission) => Ok(Self::Decommissioned),
        }
    }
}

impl Fate {
    /// What brings it about.
    pub const fn action(self) -> Action {
        match self {
            Self::Dispensed => Action::Dispense,
            Self::Exported => Action::Export,
            Self::Sampled => Action::Sample,
            Self::Destroyed => Action::Destroy,
            Self::Stolen => Action::Steal,
            Self::Decommissioned => Action::Decommission,
            Self::Transformed => Action::Transform,
        }
    }

    /// What packs are that met it.
    pub const fn disposition(self) -> Disposition {
        match self {
            Self::Dispensed => Disposition::Dispensed,
            Self::Exported => Disposition::Exported,
            Self::Sampled => Disposition::Sampled,
            Self::Destroyed => Disposition::Destroyed,
            Self::Stolen => Disposition::Stolen,
            Self::Decommissioned => Disposition::Decommissioned,
            Self::Transformed => Disposition::Transformed,
        }
    }

    /// Why nothing more happens to packs that met it.
    pub const fn refusal(self) -> IllegalMove {
        match self {
            Self::Dispensed => IllegalMove::AlreadyDispensed,
            Self::Exported => IllegalMove::AlreadyExported,
            Self::Sampled => IllegalMove::AlreadySampled,
            Self::Destroyed => IllegalMove::AlreadyDestroyed,
            Self::Stolen => IllegalMove::ReportedStolen,
            Self::Decommissioned => IllegalMove::AlreadyDecommissioned,
            Self::Transformed => IllegalMove::AlreadyTransformed,
        }
    }
}

impl Fate {
    /// Who may bring it about: partners with any of these licences.
    pub fn licences(self) -> Codes<Licence> {
        match self {
            Self::Dispensed => Codes::from(Licence::Dispenser),
            Self::Exported => Codes::from([
                Licence::Exporter,
                Licence::Manufacturer,
                Licence::Wholesaler,
            ]),
            Self::Transformed => Codes::from([Licence::Repackager, Licence::Manufacturer]),
            Self::Sampled | Self::Destroyed | Self::Stolen | Self::Decommissioned => Codes::all(),
        }
    }
}

impl DecommissionReason {
    /// What becomes of packs that are taken off the market for this reason.
    pub const fn fate(self) -> Fate {
        match self {
            Self::Exported => Fate::Exported,
            Self::Sampled => Fate::Sampled,
            Self::Destroyed | Self::ForDestruction => Fate::Destroyed,
            Self::Damaged | Self::Unreadable | Self::Other => Fate::Decommissioned,
        }
    }
}

/// Why a lot does not move forward. Each is an error of the pallet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LotObstacle {
    /// It is recalled or withdrawn.
    Recalled,
    /// It is quarantined.
    Quarantined,
    /// Its last day has passed.
    Expired,
    /// Somebody suspects it.
    Held,
}

impl Lot {
    /// Whether its last day, in UTC, has passed.
    pub fn is_expired(&self, now: Moment) -> bool {
        self.expiry.end_of_day_millis() <= now
    }
}

/// The first reason why no pack of the lot moves forward at `now`.
pub fn lot_obstacle(lot: &Lot, now: Moment) -> Result<(), LotObstacle> {
    match lot.status {
        LotStatus::Recalled { .. } | LotStatus::Withdrawn { .. } => Err(LotObstacle::Recalled),
        LotStatus::Quarantined => Err(LotObstacle::Quarantined),
        LotStatus::Active if lot.is_expired(now) => Err(LotObstacle::Expired),
        LotStatus::Active if lot.hold.is_some() => Err(LotObstacle::Held),
        LotStatus::Active => Ok(()),
    }
}

/// What is known of a pack that left the chain and is to come back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct UndoFacts {
    /// What it is.
    pub disposition: Disposition,
    /// Whether any of it was in the public's hands.
    pub reached_the_public: bool,
    /// Whether the same organisation acts on the same premises as when it left.
    pub same_premises: bool,
    /// Whether the organisation is still under the authorisation it had then.
    pub same_authorisation: bool,
    /// When it left, UTC milliseconds.
    pub left_at: Moment,
    /// Now, UTC milliseconds.
    pub now: Moment,
    /// What [`lot_obstacle`] says of its lot.
    pub lot: Result<(), LotObstacle>,
    /// Whether an investigation holds it.
    pub suspect: bool,
}

/// Why it stays away. Each is an error of the pallet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UndoObstacle {
    /// It never left, or left for good.
    Move(IllegalMove),
    /// It left elsewhere.
    WrongPremises,
    /// It left under another authorisation.
    AuthorisationChanged,
    /// It left too long ago.
    WindowElapsed,
    /// Its lot does not move forward.
    Lot(LotObstacle),
    /// It is suspect.
    Suspect,
}

/// The first reason why a pack that left the chain does not come back: EU 2016/161 Art. 13(1), in
/// which "ten days" are ten times 24 hours, the last instant included.
pub fn may_undo(facts: &UndoFacts) -> Result<(), UndoObstacle> {
    let undone = facts.disposition.next(Action::Undo);
    undone.map_err(UndoObstacle::Move)?;
    if facts.reached_the_public {
        return Err(UndoObstacle::Move(IllegalMove::UndoForbidden));
    }
    if !facts.same_premises {
        return Err(UndoObstacle::WrongPremises);
    }
    if !facts.same_authorisation {
        return Err(UndoObstacle::AuthorisationChanged);
    }
    if facts.now.saturating_sub(facts.left_at) > UNDO_WINDOW {
        return Err(UndoObstacle::WindowElapsed);
    }
    facts.lot.map_err(UndoObstacle::Lot)?;
    if facts.suspect {
        return Err(UndoObstacle::Suspect);
    }
    Ok(())
}

/// Goods that somebody ships to somebody.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Handover<'a> {
    /// On or back.
    pub direction: Direction,
    /// Who owns the goods.
    pub owner: OrgId,
    /// Who ships them.
    pub from: OrgId,
    /// Who is to have them.
    pub to: OrgId,
    /// What accompanies a change of ownership.
    pub transaction: Option<&'a Transaction>,
}

impl Handover<'_> {
    /// Whether the goods may go like this to a consignee with these licences.
    ///
    /// Goods that change hands need transaction information and statement (21 USC
    /// 360eee-1(b)(1)(A), (c)(1)(A), (e)(1)(A)). Those do not change hands that go back, that go
    /// to somebody who is licensed to carry them and for nothing else, and that are passed on by
    /// somebody who does not own them; but they may.
    pub fn is_in_order(&self, consignee: Codes<Licence>) -> bool {
        match self.transaction {
            Some(transaction) => transaction.statement && !transaction.information.is_zero(),
            None => {
                let back = self.direction == Direction::Return;
                let carried = consignee == Codes::from(Licence::LogisticsProvider);
                back || carried || self.owner != self.from
            }
        }
    }

    /// Who owns the goods once they are received: with a transaction the consignee, whoever
    /// shipped them, without one whoever did before.
    pub const fn owner_after(&self) -> OrgId {
        match self.transaction {
            Some(_) => self.to,
            None => self.owner,
        }
    }
}

impl Verification {
    /// When it is to be answered, UTC milliseconds.
    pub const fn due(&self) -> Moment {
        self.asked_at.saturating_add(VERIFICATION_PERIOD)
    }
}

impl Investigation {
    /// When it is to be closed, UTC milliseconds.
    pub const fn due(&self) -> Moment {
        self.opened_at.saturating_add(INVESTIGATION_PERIOD)
    }
}

/// Whether two of the units have a pack in common or are the same container.
pub fn overlap<'a>(units: impl Iterator<Item = &'a Unit>) -> bool {
    let (mut containers, mut packs) = (Vec::new(), Vec::new());
    for unit in units {
        match unit {
            Unit::Container(key) => containers.push(key),
            Unit::Packs { lot, first, last } => packs.push((*lot, *first, *last)),
        }
    }
    containers.sort_unstable();
    packs.sort_unstable();
    // Of overlapping spans ordered by where they begin, two next to each other overlap.
    let twice = containers
        .windows(2)
        .any(|pair| matches!(pair, [a, b] if a == b));
    twice
        || packs.windows(2).any(|pair| {
            matches!(pair, [(lot, _, last), (next, first, _)] if lot == next && first <= last)
        })
}

/// How many packs of which lots there are altogether, ordered by lot.
pub fn sum_of_lots<'a>(counts: impl Iterator<Item = &'a LotCount>) -> Vec<LotCount> {
    let mut sum = BTreeMap::<LotId, u32>::new();
    for LotCount { lot, packs } in counts {
        let so_far = sum.entry(*lot).or_default();
        *so_far = so_far.saturating_add(*packs);
    }
    sum.into_iter()
        .map(|(lot, packs)| LotCount { lot, packs })
        .collect()
}

/// What is left of `counts`, in their order, when `gone` is taken away.
pub fn less_lots(counts: &[LotCount], gone: &[LotCount]) -> Vec<LotCount> {
    let left = |count: &LotCount| {
        let of_it = gone.iter().filter(|other| other.lot == count.lot);
        let packs = of_it.fold(count.packs, |left, other| left.saturating_sub(other.packs));
        (packs > 0).then_some(LotCount {
            lot: count.lot,
            packs,
        })
    };
    counts.iter().filter_map(left).collect()
}
