//! Out of the chain and back into it, and what stops things.

use super::{need, Allowed, Had, Model, Spot, Suspicion, What};
use crate::{mock::*, types::*};
use axonic_primitives::{AccountId, Moment};

impl Model {
    pub fn dispense(&mut self, who: &AccountId, lot: usize, index: u32, part: bool) -> Allowed {
        need([PHARMACIST, DRUGGIST].contains(who), "it is no pharmacist")?;
        let what = What::Packs(lot, index, index);
        let here = [
            Disposition::Active,
            Disposition::Packed,
            Disposition::PartiallyDispensed,
        ];
        self.is(who, &what, &here)?;
        need(!self.sealed_in(&what), "it is sealed")?;
        need(self.moves(&what), "it must not move")?;
        if part {
            let had = Had {
                site: workplace(who),
                ..self.had(&what).clone()
            };
            self.move_to(&what, Spot::Loose(had));
            self.things(&what)[0].partial = true;
        } else {
            self.end(&what, Fate::Dispensed, workplace(who));
        }
        Ok(())
    }

    pub fn undo(&mut self, who: &AccountId, lot: usize, index: u32, public: bool) -> Allowed {
        self.trades(who)?;
        let what = What::Packs(lot, index, index);
        let Spot::Gone(fate, last, at) = self.outermost(&what).clone() else {
            return Err("there is nothing to undo");
        };
        let final_ones = [Fate::Destroyed, Fate::Stolen, Fate::Transformed];
        let public = public || self.thing(&what).partial;
        need(!final_ones.contains(&fate) && !public, "it is forbidden")?;
        let there = (last.custodian, last.site) == (org_of(who), workplace(who));
        need(there, "it left elsewhere")?;
        let anew = *who == DEPOT && self.depot.is_some_and(|since| at < since);
        need(!anew, "it was authorised anew")?;
        need(Now::get() - at <= 10 * DAY, "it is too late")?;
        need(self.lot_moves(lot), "the lot must not move")?;
        need(self.held_by(&what).is_none(), "it is suspect")?;
        self.move_to(&what, Spot::Loose(last));
        Ok(())
    }

    pub fn decommission(
        &mut self,
        who: &AccountId,
        what: &[What],
        reason: DecommissionReason,
    ) -> Allowed {
        self.trades(who)?;
        let fate = reason.fate();
        if fate == Fate::Exported {
            let exporters = [
                Licence::Exporter,
                Licence::Manufacturer,
                Licence::Wholesaler,
            ];
            self.licensed(who, &exporters)?;
        }
        need(!what.is_empty(), "nothing is named")?;
        self.named(what)?;
        for one in what {
            let opened = (fate == Fate::Destroyed).then_some(Disposition::PartiallyDispensed);
            let here = [Disposition::Active, Disposition::Packed];
            let here: Vec<_> = here.into_iter().chain(opened).collect();
            self.is(who, one, &here)?;
            if let What::Box(number) = one {
                need(self.contents(*number).is_empty(), "it is not empty")?;
            }
            need(!self.sealed_in(one), "it is sealed")?;
            let lots = self.lots_of(one);
            let lot_held = lots.iter().any(|lot| self.lots[*lot].hold.is_some());
            let trusted = self.held_by(one).is_none() && !lot_held;
            match fate {
                Fate::Destroyed => {}
                Fate::Exported => need(self.moves(one), "it must not move")?,
                _ => need(trusted, "it is suspect")?,
            }
        }
        for one in what {
            match one {
                What::Packs(..) => self.end(one, fate, workplace(who)),
                What::Box(number) => {
                    let parent = self.around(one).first().copied();
                    self.boxes[*number] = None;
                    self.emptied(parent);
                }
            }
        }
        Ok(())
    }

    pub fn steal(&mut self, who: &AccountId, what: &[What]) -> Allowed {
        self.trades(who)?;
        need(!what.is_empty(), "nothing is named")?;
        self.named(what)?;
        for one in what {
            let here = [
                Disposition::Active,
                Disposition::Packed,
                Disposition::PartiallyDispensed,
            ];
            self.is(who, one, &here)?;
        }
        for one in what {
            self.end(one, Fate::Stolen, workplace(who));
        }
        Ok(())
    }

    pub fn transform(
        &mut self,
        who: &AccountId,
        what: &[What],
        until: Moment,
        units: u32,
    ) -> Allowed {
        self.licensed(who, &[Licence::Manufacturer, Licence::Repackager])?;
        need(Now::get() < until, "it has expired")?;
        need(!what.is_empty(), "nothing is named")?;
        self.named(what)?;
        let owner = self.had(&what[0]).owner;
        let mut sources = vec![];
        for input in what {
            let What::Packs(lot, ..) = input else {
                return Err("it is a container");
            };
            self.is(who, input, &[Disposition::Active])?;
            need(self.moves(input), "it must not move")?;
            need(self.had(input).owner == owner, "owners differ")?;
            need(until <= self.lots[*lot].until, "it lasts too long")?;
            sources.push(lot);
        }
        for input in what {
            self.end(input, Fate::Transformed, workplace(who));
        }
        self.made(who, owner, until, units, false);
        Ok(())
    }

    pub fn suspect(&mut self, who: &AccountId, what: &What) -> Allowed {
        if *who != INSPECTOR {
            self.trades(who)?;
        }
        self.named(&[*what])?;
        let here = [
            Disposition::Active,
            Disposition::Packed,
            Disposition::PartiallyDispensed,
        ];
        need(here.contains(&self.disposition(what)), "it is not here")?;
        let own = *who == INSPECTOR || self.had(what).custodian == org_of(who);
        need(own, "somebody else has it")?;
        self.may_hold(who, self.held_by(what))?;
        self.isolate(what);
        let hold = Some(self.suspicions.len());
        self.things(what)
            .iter_mut()
            .for_each(|thing| thing.hold = hold);
        self.suspicions.push(Suspicion {
            lot: None,
            by: org_of(who),
            outcome: None,
        });
        Ok(())
    }

    pub fn suspect_lot(&mut self, who: &AccountId, lot: usize) -> Allowed {
        self.oversees(who, lot)?;
        self.may_hold(who, self.lots[lot].hold)?;
        self.lots[lot].hold = Some(self.suspicions.len());
        self.suspicions.push(Suspicion {
            lot: Some(lot),
            by: org_of(who),
            outcome: None,
        });
        Ok(())
    }

    pub fn close(&mut self, who: &AccountId, id: usize, outcome: Outcome) -> Allowed {
        if *who != INSPECTOR {
            self.trades(who)?;
        }
        let suspicion = self.suspicions.get(id).ok_or("there is none")?.clone();
        let own = *who == INSPECTOR || suspicion.by == org_of(who);
        need(own, "somebody else investigates")?;
        need(suspicion.outcome.is_none(), "it is closed")?;
        self.suspicions[id].outcome = Some(outcome);
        if let (Some(lot), Outcome::Cleared) = (suspicion.lot, outcome) {
            self.lots[lot].hold = self.lots[lot].hold.filter(|hold| *hold != id);
        }
        Ok(())
    }

    /// The authority takes over what somebody else holds.
    fn may_hold(&self, who: &AccountId, hold: Option<usize>) -> Allowed {
        let other = hold.is_some_and(|hold| self.suspicions[hold].by != org_of(who));
        let taken_over = *who == INSPECTOR && other;
        need(hold.is_none() || taken_over, "it is suspect already")
    }

    /// Lets the lot move again.
    pub fn lift(&mut self, who: &AccountId, lot: usize) -> Allowed {
        let authority = *who == INSPECTOR;
        if !authority {
            self.trades(who)?;
        }
        self.oversees(who, lot)?;
        let batch = &mut self.lots[lot];
        let stopped = match batch.status {
            LotStatus::Active | LotStatus::Withdrawn { .. } => false,
            LotStatus::Quarantined | LotStatus::Recalled { .. } => true,
        };
        need(stopped, "nothing would change")?;
        need(authority || !batch.by_authority, "an authority stopped it")?;
        (batch.status, batch.by_authority) = (LotStatus::Active, false);
        Ok(())
    }

    /// Quarantines, recalls or withdraws the lot.
    pub fn stop(&mut self, who: &AccountId, lot: usize, status: LotStatus) -> Allowed {
        let authority = *who == INSPECTOR;
        self.oversees(who, lot)?;
        let batch = &mut self.lots[lot];
        // What is asked of partners, from the least to the most.
        let grave = |status: &LotStatus| match status {
            LotStatus::Active => 0,
            LotStatus::Quarantined => 1,
            LotStatus::Recalled { kind, .. } if *kind == RecallKind::ClassIII => 2,
            LotStatus::Recalled { kind, .. } if *kind == RecallKind::ClassII => 3,
            LotStatus::Recalled { .. } => 4,
            LotStatus::Withdrawn { .. } => 5,
        };
        let (before, after) = (grave(&batch.status), grave(&status));
        if before == after {
            let adopted = authority && !batch.by_authority;
            need(adopted, "nothing would change")?;
        } else {
            // No recall is merely a quarantine again, and no withdrawal anything else.
            let stays = before == 5 || (before > 1 && after == 1);
            need(!stays, "nothing would change")?;
            let eased = after < before;
            need(
                !eased || authority || !batch.by_authority,
                "an authority asks for more",
            )?;
            batch.status = status;
        }
        batch.by_authority |= authority;
        Ok(())
    }

    pub fn trust_depot(&mut self, trusted: bool) -> Allowed {
        need(trusted || self.depot.is_some(), "it is not a partner")?;
        let since = self.depot.unwrap_or_else(Now::get);
        self.depot = trusted.then_some(since);
        Ok(())
    }
}
