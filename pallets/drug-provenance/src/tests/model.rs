//! A second, naive reading of the rules: every pack and every container is a thing by itself that
//! knows what it is in, and whatever is asked is answered by going through all of them. Random
//! supply chains compare the two.

mod leaving;
mod moving;

use super::deeds::Deed;
use crate::{mock::*, types::*};
use axonic_primitives::{AccountId, Moment, OrgId, SiteId};

/// How many containers there can be at once. They are called by their numbers.
pub const BOXES: usize = 20;

/// Who has something, or had it last.
#[derive(Clone, PartialEq, Debug)]
pub struct Had {
    pub custodian: OrgId,
    pub site: SiteId,
    pub owner: OrgId,
    pub supplier: Option<OrgId>,
    pub shipment: Option<usize>,
}

#[derive(Clone, PartialEq, Debug)]
pub enum Spot {
    Loose(Had),
    In(usize),
    Gone(Fate, Had, Moment),
}

/// A pack or a container.
#[derive(Clone, Debug)]
pub struct Thing {
    pub spot: Spot,
    /// The investigation that was the last to hold it.
    pub hold: Option<usize>,
    pub partial: bool,
    /// What it shares with the packs that were never told apart from it.
    pub run: u64,
    pub sealed: bool,
    /// How many levels of containers it had at most since it was empty. Only containers have any.
    pub depth: u8,
}

#[derive(Clone, Debug)]
pub struct Batch {
    pub maker: OrgId,
    /// When it has expired.
    pub until: Moment,
    pub status: LotStatus,
    /// Whether an authority said so.
    pub by_authority: bool,
    pub hold: Option<usize>,
    /// How many packs it may have. They are there from the start, or are listed one by one.
    pub units: u32,
    pub packs: Vec<Thing>,
}

/// Something that somebody names: a container, or packs of a lot from the first to the last.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum What {
    Box(usize),
    Packs(usize, u32, u32),
}

#[derive(Clone, Debug)]
pub struct Sent {
    pub from: OrgId,
    pub to: OrgId,
    pub back: bool,
    pub sold: bool,
    pub roots: Vec<What>,
    pub status: ShipmentStatus,
    /// Where it was received, if it was.
    pub received: Option<SiteId>,
    /// What was missing or too many, and whether that is resolved.
    pub wrong: Vec<(DiscrepancyKind, What, bool)>,
}

#[derive(Clone, Debug)]
pub struct Suspicion {
    /// `None`: a lot, by number.
    pub lot: Option<usize>,
    pub by: OrgId,
    pub outcome: Option<Outcome>,
}

/// Everything that is.
#[derive(Clone, Debug)]
pub struct Model {
    pub lots: Vec<Batch>,
    pub boxes: Vec<Option<Thing>>,
    pub sent: Vec<Sent>,
    pub suspicions: Vec<Suspicion>,
    /// Since when the depot is authorised, if it is; everybody else of [`PARTNERS`] always was.
    pub depot: Option<Moment>,
    runs: u64,
}

/// Whether it is allowed, or in which words it is not.
pub type Allowed = Result<(), &'static str>;

fn need(holds: bool, otherwise: &'static str) -> Allowed {
    holds.then_some(()).ok_or(otherwise)
}

impl Default for Model {
    fn default() -> Self {
        Self {
            lots: vec![],
            boxes: vec![None; BOXES],
            sent: vec![],
            suspicions: vec![],
            depot: Some(START),
            runs: 0,
        }
    }
}

/// What there is to know.
impl Model {
    fn thing(&self, what: &What) -> &Thing {
        match what {
            What::Box(number) => self.boxes[*number].as_ref().expect("it exists"),
            What::Packs(lot, first, _) => &self.lots[*lot].packs[*first as usize],
        }
    }

    fn things(&mut self, what: &What) -> &mut [Thing] {
        match what {
            What::Box(number) => self.boxes[*number].as_mut_slice(),
            What::Packs(lot, first, last) => {
                &mut self.lots[*lot].packs[*first as usize..=*last as usize]
            }
        }
    }

    /// Whether there is such a container, or such packs which were never told apart.
    pub fn is_one(&self, what: &What) -> bool {
        match what {
            What::Box(number) => self.boxes[*number].is_some(),
            What::Packs(lot, first, last) => {
                let packs = self.lots.get(*lot).map_or(&[][..], |lot| &lot.packs[..]);
                let named = packs.get(*first as usize..=*last as usize);
                named.is_some_and(|named| named.iter().all(|pack| pack.run == named[0].run))
            }
        }
    }

    /// The containers around it, from its own to the outermost.
    pub fn around(&self, what: &What) -> Vec<usize> {
        let mut around = vec![];
        let mut spot = &self.thing(what).spot;
        while let Spot::In(number) = spot {
            around.push(*number);
            spot = &self.thing(&What::Box(*number)).spot;
        }
        around
    }

    fn outermost(&self, what: &What) -> &Spot {
        let outermost = self.around(what).last().map(|number| What::Box(*number));
        &self.thing(&outermost.unwrap_or(*what)).spot
    }

    pub fn had(&self, what: &What) -> &Had {
        match self.outermost(what) {
            Spot::Loose(had) | Spot::Gone(_, had, _) => had,
            Spot::In(_) => unreachable!("the outermost is in nothing"),
        }
    }

    pub fn disposition(&self, what: &What) -> Disposition {
        match self.outermost(what) {
            Spot::Gone(fate, ..) => fate.disposition(),
            Spot::Loose(had) if had.shipment.is_some() => Disposition::InTransit,
            _ if self.thing(what).partial => Disposition::PartiallyDispensed,
            _ if self.around(what).is_empty() => Disposition::Active,
            _ => Disposition::Packed,
        }
    }

    /// Every pack.
    pub fn packs(&self) -> impl Iterator<Item = What> + '_ {
        let of = |(lot, batch): (usize, &Batch)| {
            (0..batch.packs.len() as u32).map(move |index| What::Packs(lot, index, index))
        };
        self.lots.iter().enumerate().flat_map(of)
    }

    /// Every container.
    pub fn crates(&self) -> impl Iterator<Item = What> + '_ {
        let there = move |number: &usize| self.boxes[*number].is_some();
        (0..BOXES).filter(there).map(What::Box)
    }

    /// The packs that it is or that are in it.
    fn packs_of(&self, what: &What) -> Vec<What> {
        match what {
            What::Packs(lot, first, last) => (*first..=*last)
                .map(|index| What::Packs(*lot, index, index))
                .collect(),
            What::Box(number) => {
                let inside = |pack: &What| self.around(pack).contains(number);
                self.packs().filter(inside).collect()
            }
        }
    }

    fn lots_of(&self, what: &What) -> Vec<usize> {
        let lot = |pack: What| match pack {
            What::Packs(lot, ..) => lot,
            What::Box(_) => unreachable!("it is a pack"),
        };
        let mut lots: Vec<_> = self.packs_of(what).into_iter().map(lot).collect();
        lots.sort();
        lots.dedup();
        lots
    }

    /// What is directly in the container, each run of packs once.
    pub fn contents(&self, number: usize) -> Vec<What> {
        let is_in = |what: &What| self.thing(what).spot == Spot::In(number);
        let mut contents: Vec<_> = self.crates().filter(is_in).collect();
        for pack in self.packs().filter(is_in) {
            match (contents.last_mut(), pack) {
                (Some(What::Packs(lot, first, last)), What::Packs(of, next, _))
                    if *lot == of && self.is_one(&What::Packs(of, *first, next)) =>
                {
                    *last = next;
                }
                _ => contents.push(pack),
            }
        }
        contents
    }

    /// Whether the investigation did not clear its subject.
    fn holds_on(&self, suspicion: usize) -> bool {
        self.suspicions[suspicion].outcome != Some(Outcome::Cleared)
    }

    /// What holds it or a container around it: rather what will never let go.
    pub fn held_by(&self, what: &What) -> Option<usize> {
        let around = self.around(what).into_iter().map(What::Box);
        let all = [*what].into_iter().chain(around);
        let mut holds: Vec<_> = all
            .filter_map(|what| self.thing(&what).hold)
            .filter(|hold| self.holds_on(*hold))
            .collect();
        holds.sort_by_key(|hold| self.suspicions[*hold].outcome.is_none());
        holds.first().copied()
    }

    /// Whether it is held, or anything around it or in it.
    fn is_suspect(&self, what: &What) -> bool {
        let inside = |other: &What| match what {
            What::Box(number) => self.around(other).contains(number),
            What::Packs(..) => false,
        };
        let held = |other: What| self.held_by(&other).is_some();
        held(*what) || self.packs().chain(self.crates()).filter(inside).any(held)
    }

    fn lot_moves(&self, lot: usize) -> bool {
        let batch = &self.lots[lot];
        batch.status == LotStatus::Active && batch.hold.is_none() && Now::get() < batch.until
    }

    fn moves(&self, what: &What) -> bool {
        !self.is_suspect(what)
            && self
                .lots_of(what)
                .into_iter()
                .all(|lot| self.lot_moves(lot))
    }

    fn sealed_in(&self, what: &What) -> bool {
        let sealed = |number: usize| self.thing(&What::Box(number)).sealed;
        self.around(what).into_iter().any(sealed)
    }

    fn trades(&self, who: &AccountId) -> Allowed {
        let partner = PARTNERS
            .iter()
            .any(|(partner, _)| org_of(partner) == org_of(who));
        let partner = partner && (self.depot.is_some() || org_of(who) != org_of(&DEPOT));
        need(partner, "it is not a partner")
    }

    fn licensed(&self, who: &AccountId, any_of: &[Licence]) -> Allowed {
        self.trades(who)?;
        let fits = PARTNERS
            .iter()
            .any(|(partner, licence)| org_of(partner) == org_of(who) && any_of.contains(licence));
        need(fits, "it has no licence for it")
    }

    /// Each is there, in one piece, and named once.
    fn named(&self, all: &[What]) -> Allowed {
        need(
            all.iter().all(|what| self.is_one(what)),
            "it is not one thing",
        )?;
        for (place, what) in all.iter().enumerate() {
            for other in &all[place + 1..] {
                let twice = match (what, other) {
                    (What::Box(a), What::Box(b)) => a == b,
                    (What::Packs(a, first, last), What::Packs(b, from, to)) => {
                        a == b && first <= to && from <= last
                    }
                    _ => false,
                };
                let within = |inner: &What, outer: &What| match outer {
                    What::Box(number) => self.around(inner).contains(number),
                    What::Packs(..) => false,
                };
                let nested = within(what, other) || within(other, what);
                need(!twice && !nested, "it is named twice")?;
            }
        }
        Ok(())
    }

    fn is(&self, who: &AccountId, what: &What, any_of: &[Disposition]) -> Allowed {
        let fits = any_of.contains(&self.disposition(what));
        need(fits, "it is not in a state for it")?;
        let own = self.had(what).custodian == org_of(who);
        need(own, "somebody else has it")
    }

    /// Somebody who may hold the lot, or let it go.
    fn oversees(&self, who: &AccountId, lot: usize) -> Allowed {
        let own = *who == INSPECTOR || self.lots[lot].maker == org_of(who);
        need(own, "the product is another's")
    }
}

/// What changes.
impl Model {
    /// Does it if it is allowed, or leaves everything as it is.
    pub fn attempt(&mut self, deed: &Deed) -> Allowed {
        let mut after = self.clone();
        deed.judge(&mut after)?;
        *self = after;
        Ok(())
    }

    fn new_run(&mut self) -> u64 {
        self.runs += 1;
        self.runs
    }

    /// Tells the packs apart from those before and after them.
    fn isolate(&mut self, what: &What) {
        let What::Packs(lot, first, last) = *what else {
            return;
        };
        let (own, rest) = (self.new_run(), self.new_run());
        let packs = &mut self.lots[lot].packs;
        let run = packs[first as usize].run;
        for (index, pack) in (0u32..)
            .zip(packs.iter_mut())
            .filter(|(_, pack)| pack.run == run)
        {
            if index > last {
                pack.run = rest;
            } else if index >= first {
                pack.run = own;
            }
        }
    }

    /// Takes it out of what it is in. What held it goes on holding it.
    fn move_to(&mut self, what: &What, spot: Spot) {
        let hold = self.held_by(what);
        let parent = self.around(what).first().copied();
        self.isolate(what);
        for thing in self.things(what) {
            thing.spot = spot.clone();
            thing.hold = hold;
        }
        self.emptied(parent);
    }

    fn emptied(&mut self, number: Option<usize>) {
        if let Some(number) = number.filter(|number| self.contents(*number).is_empty()) {
            self.boxes[number].as_mut().expect("it exists").depth = 1;
        }
    }

    fn end(&mut self, what: &What, fate: Fate, site: SiteId) {
        let last = Had {
            site,
            shipment: None,
            ..self.had(what).clone()
        };
        self.move_to(what, Spot::Gone(fate, last, Now::get()));
    }

    /// A lot, and all of its packs unless they are to be listed.
    pub fn made(
        &mut self,
        maker: &AccountId,
        owner: OrgId,
        until: Moment,
        units: u32,
        listed: bool,
    ) {
        self.lots.push(Batch {
            maker: org_of(maker),
            until,
            status: LotStatus::Active,
            by_authority: false,
            hold: None,
            units,
            packs: vec![],
        });
        if !listed {
            self.add_packs(self.lots.len() - 1, maker, owner, units);
        }
    }

    /// Adds loose packs to the lot.
    fn add_packs(&mut self, lot: usize, maker: &AccountId, owner: OrgId, units: u32) {
        let had = Had {
            custodian: org_of(maker),
            site: workplace(maker),
            owner,
            supplier: None,
            shipment: None,
        };
        let pack = self.new_thing(Spot::Loose(had));
        self.lots[lot].packs.extend(vec![pack; units as usize]);
    }

    /// Lists serials of a lot: the numbers of the packs that have them.
    pub fn list(&mut self, who: &AccountId, lot: usize, serials: &[u32]) -> Allowed {
        self.licensed(who, &[Licence::Manufacturer, Licence::Repackager])?;
        let batch = &self.lots[lot];
        need(batch.maker == org_of(who), "the product is another's")?;
        need(self.lot_moves(lot), "the lot must not move")?;
        need(!serials.is_empty(), "nothing is named")?;
        let (given, more) = (batch.packs.len(), serials.len());
        need(given + more <= batch.units as usize, "the lot is full")?;
        let new = given as u32..(given + more) as u32;
        need(serials.iter().copied().eq(new), "a serial is given twice")?;
        self.add_packs(lot, who, org_of(who), more as u32);
        Ok(())
    }

    fn new_thing(&mut self, spot: Spot) -> Thing {
        Thing {
            spot,
            hold: None,
            partial: false,
            run: self.new_run(),
            sealed: false,
            depth: 1,
        }
    }
}
