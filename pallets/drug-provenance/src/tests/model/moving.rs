//! Into containers and out of them, on the way and received.

use super::{need, Allowed, Had, Model, Sent, Spot, What};
use crate::{mock::*, types::*};
use axonic_primitives::{AccountId, OrgId, SiteId};

impl Model {
    pub fn pack(&mut self, who: &AccountId, into: usize, what: &[What]) -> Allowed {
        self.trades(who)?;
        need(!what.is_empty(), "nothing is named")?;
        self.named(what)?;
        let target = What::Box(into);
        need(!what.contains(&target), "it would go into itself")?;
        let known = self.boxes[into].is_some();
        if known {
            self.is(who, &target, &[Disposition::Active])?;
            need(!self.thing(&target).sealed, "it is sealed")?;
            need(self.held_by(&target).is_none(), "it is suspect")?;
        }
        let filled = known && !self.contents(into).is_empty();
        let common = self.had(if filled { &target } else { &what[0] }).clone();
        for child in what {
            self.is(who, child, &[Disposition::Active])?;
            need(self.held_by(child).is_none(), "it is suspect")?;
            let Had { owner, site, .. } = self.had(child);
            let together = (*owner, *site) == (common.owner, common.site);
            need(together, "holdings are mixed")?;
        }

        let suppliers = what.iter().chain(filled.then_some(&target));
        let mut suppliers: Vec<_> = suppliers.map(|what| self.had(what).supplier).collect();
        suppliers.dedup();
        let place = Spot::Loose(Had {
            custodian: org_of(who),
            site: workplace(who),
            owner: common.owner,
            supplier: suppliers[0].filter(|_| suppliers.len() == 1),
            shipment: None,
        });
        let new = self.new_thing(place.clone());
        let mut thing = self.boxes[into].clone().unwrap_or(new);
        (thing.spot, thing.hold) = (place, None);
        for child in what {
            let levels = match child {
                What::Box(_) => self.thing(child).depth,
                What::Packs(..) => 0,
            };
            thing.depth = thing.depth.max(levels + 1);
        }
        need(thing.depth <= MAX_DEPTH, "it is too deep")?;
        self.boxes[into] = Some(thing);
        for child in what {
            self.move_to(child, Spot::In(into));
        }
        let lots = self.lots_of(&target).len();
        need(lots <= MAX_LOTS as usize, "there are too many lots")
    }

    pub fn unpack(&mut self, who: &AccountId, from: usize, what: &[What]) -> Allowed {
        self.trades(who)?;
        let source = What::Box(from);
        self.named(&[source])?;
        self.is(who, &source, &[Disposition::Active])?;
        need(!self.thing(&source).sealed, "it is sealed")?;
        let open = |hold: usize| self.suspicions[hold].outcome.is_none();
        need(!self.held_by(&source).is_some_and(open), "it is suspect")?;
        need(!what.is_empty(), "nothing is named")?;
        self.named(what)?;
        for child in what {
            let inside = self.thing(child).spot == Spot::In(from);
            need(inside, "it is not in there")?;
        }
        let site = workplace(who);
        let loose = Spot::Loose(Had {
            site,
            ..self.had(&source).clone()
        });
        self.move_to(&source, loose.clone());
        for child in what {
            self.move_to(child, loose.clone());
        }
        Ok(())
    }

    pub fn seal(&mut self, who: &AccountId, number: usize, sealed: bool) -> Allowed {
        self.trades(who)?;
        let what = What::Box(number);
        self.named(&[what])?;
        self.is(who, &what, &[Disposition::Active])?;
        need(self.thing(&what).sealed != sealed, "nothing would change")?;
        let site = workplace(who);
        let had = Had {
            site,
            ..self.had(&what).clone()
        };
        self.move_to(&what, Spot::Loose(had));
        self.things(&what)[0].sealed = sealed;
        Ok(())
    }

    pub fn send(
        &mut self,
        who: &AccountId,
        to: &AccountId,
        what: &[What],
        (back, sold): (bool, bool),
    ) -> Allowed {
        self.trades(who)?;
        need(org_of(to) != org_of(who), "it goes nowhere")?;
        self.trades(to)?;
        need(!what.is_empty(), "nothing is named")?;
        self.named(what)?;
        for root in what {
            self.is(who, root, &[Disposition::Active])?;
            need(!self.lots_of(root).is_empty(), "it is empty")?;
            self.may_go(root, org_of(to), back)?;
            let carried = *to == CARRIER || self.had(root).owner != org_of(who);
            need(sold || back || carried, "there is no transaction")?;
        }
        let id = self.sent.len();
        for root in what {
            let had = Had {
                site: workplace(who),
                shipment: Some(id),
                ..self.had(root).clone()
            };
            self.move_to(root, Spot::Loose(had));
        }
        self.sent.push(Sent {
            from: org_of(who),
            to: org_of(to),
            back,
            sold,
            roots: what.to_vec(),
            status: ShipmentStatus::Open,
            received: None,
            wrong: vec![],
        });
        Ok(())
    }

    /// On if nothing is against it, and back to whom it came from.
    fn may_go(&self, what: &What, to: OrgId, back: bool) -> Allowed {
        if !back {
            return need(self.moves(what), "it must not move");
        }
        let lots = self.lots_of(what);
        let made = lots.iter().all(|lot| self.lots[*lot].maker == to);
        let supplied = self.had(what).supplier == Some(to);
        need(made || supplied, "it did not come from there")
    }

    fn open_shipment(&self, id: usize) -> Result<&Sent, &'static str> {
        let sent = self.sent.get(id).ok_or("there is no such shipment")?;
        need(sent.status == ShipmentStatus::Open, "it is not open")?;
        Ok(sent)
    }

    /// What of this is on its way with the shipment, in as many parts as it came apart into.
    fn under_way(&self, what: &What, id: usize) -> Vec<What> {
        let mut parts: Vec<What> = vec![];
        for part in match what {
            What::Box(_) => vec![*what],
            What::Packs(..) => self.packs_of(what),
        } {
            if self.had(&part).shipment != Some(id) {
                continue;
            }
            match (parts.last_mut(), part) {
                (Some(What::Packs(lot, first, last)), What::Packs(_, next, _))
                    if *last + 1 == next && self.is_one(&What::Packs(*lot, *first, next)) =>
                {
                    *last = next;
                }
                _ => parts.push(part),
            }
        }
        parts
    }

    pub fn void(&mut self, who: &AccountId, id: usize) -> Allowed {
        self.trades(who)?;
        let sent = self.open_shipment(id)?.clone();
        need(sent.from == org_of(who), "somebody else sent it")?;
        for root in &sent.roots {
            self.take_back(root, id, workplace(who));
        }
        self.sent[id].status = ShipmentStatus::Voided;
        Ok(())
    }

    fn take_back(&mut self, what: &What, id: usize, site: SiteId) {
        for part in self.under_way(what, id) {
            let had = Had {
                site,
                shipment: None,
                ..self.had(&part).clone()
            };
            self.move_to(&part, Spot::Loose(had));
        }
    }

    fn hand_over(&mut self, part: &What, id: usize, site: SiteId) {
        let (sent, before) = (self.sent[id].clone(), self.had(part).clone());
        let sold = sent.sold && before.custodian == sent.from;
        let had = Had {
            custodian: sent.to,
            site,
            owner: if sold { sent.to } else { before.owner },
            supplier: (!sent.back).then_some(before.custodian),
            shipment: None,
        };
        self.move_to(part, Spot::Loose(had));
    }

    pub fn receive(
        &mut self,
        who: &AccountId,
        id: usize,
        missing: &[What],
        extra: &[What],
    ) -> Allowed {
        self.trades(who)?;
        let sent = self.open_shipment(id)?.clone();
        need(sent.to == org_of(who), "it goes to somebody else")?;
        self.named(missing)?;
        self.named(extra)?;
        let announced = |what: &What| self.had(what).shipment == Some(id);
        need(missing.iter().all(announced), "it is not in there")?;
        need(!extra.iter().any(announced), "it is announced")?;
        for what in missing {
            let had = self.had(what).clone();
            self.move_to(what, Spot::Loose(had));
        }
        for root in &sent.roots {
            for part in self.under_way(root, id) {
                if !missing.contains(&part) {
                    self.hand_over(&part, id, workplace(who));
                }
            }
        }
        let of = |kind, what: &[What]| -> Vec<_> {
            what.iter().map(|what| (kind, *what, false)).collect()
        };
        let missing = of(DiscrepancyKind::Missing, missing);
        self.sent[id].wrong = [missing, of(DiscrepancyKind::Extra, extra)].concat();
        self.sent[id].status = ShipmentStatus::Received;
        self.sent[id].received = Some(workplace(who));
        Ok(())
    }

    pub fn resolve(
        &mut self,
        who: &AccountId,
        id: usize,
        number: usize,
        how: Resolution,
    ) -> Allowed {
        self.trades(who)?;
        let sent = self
            .sent
            .get(id)
            .ok_or("there is no such shipment")?
            .clone();
        let wrong = sent.wrong.get(number).filter(|(.., resolved)| !resolved);
        let (kind, what, _) = *wrong.ok_or("there is no such discrepancy")?;
        let is_missing = matches!(
            how,
            Resolution::Found | Resolution::NotShipped | Resolution::Lost
        );
        let applies = is_missing == (kind == DiscrepancyKind::Missing);
        need(applies, "it does not end like this")?;
        let resolver = match how {
            Resolution::Found | Resolution::SentBack => sent.to,
            Resolution::NotShipped | Resolution::Lost => sent.from,
            Resolution::Accepted => {
                self.named(&[what])?;
                let depot_left = self.depot.is_none() && sent.to == org_of(&DEPOT);
                need(!depot_left, "the consignee is no partner any more")?;
                let rests = self.disposition(&what) == Disposition::Active;
                need(rests, "it cannot be handed over")?;
                self.may_go(&what, sent.to, sent.back)?;
                self.had(&what).custodian
            }
        };
        need(resolver == org_of(who), "somebody else resolves it")?;
        let site = workplace(who);
        match how {
            Resolution::Found => {
                for part in self.under_way(&what, id) {
                    self.hand_over(&part, id, site);
                }
            }
            Resolution::NotShipped => self.take_back(&what, id, site),
            Resolution::Lost => {
                for part in self.under_way(&what, id) {
                    self.end(&part, Fate::Stolen, site);
                }
            }
            Resolution::Accepted => {
                let there = sent.received.expect("it was received");
                self.hand_over(&what, id, there);
            }
            Resolution::SentBack => {}
        }
        self.sent[id].wrong[number].2 = true;
        Ok(())
    }
}
