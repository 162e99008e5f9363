//! Deeds that mostly fit what there is.

use super::Deed;
use crate::{
    mock::*,
    tests::model::{Model, Sent, Spot, What, BOXES},
    types::*,
};
use axonic_gs1::Date;
use axonic_primitives::{AccountId, OrgId};

/// Numbers that look random and are the same every time (SplitMix64).
pub struct Dice(pub u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 that is below another.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.roll() % limit.max(1) as u64) as usize
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<V: Clone>(&mut self, among: &[V]) -> V {
        among[self.below(among.len())].clone()
    }
}

/// Who moves medicines for the organisation.
fn agent(org: OrgId) -> AccountId {
    AccountId::new([org.0 as u8 * 10; 32])
}

/// Who dispenses for the organisation, or at least tries.
fn pharmacist(org: OrgId) -> AccountId {
    if org == org_of(&PHARMACIST) {
        PHARMACIST
    } else {
        agent(org)
    }
}

const AT_REST: [Disposition; 3] = [
    Disposition::Active,
    Disposition::Packed,
    Disposition::PartiallyDispensed,
];

/// Draws deeds that fit what there is.
struct Draw<'a> {
    dice: &'a mut Dice,
    model: &'a Model,
}

impl Draw<'_> {
    /// Mostly who acts for the organisation, sometimes anybody.
    fn who(&mut self, org: OrgId) -> AccountId {
        if self.dice.chance(95) {
            return agent(org);
        }
        let anybody = PARTNERS.map(|(who, _)| who);
        self.dice
            .pick(&[&anybody[..], &[HOSPITAL, INSPECTOR]].concat())
    }

    /// Somebody who would have it.
    fn consignee(&mut self) -> AccountId {
        let somebody = [
            WHOLESALER, WHOLESALER, DEPOT, DEPOT, CARRIER, PHARMACY, PHARMACY, PHARMACY, DRUGGIST,
            DRUGGIST, REPACKAGER, EXPORTER, MAKER, RIVAL, HOSPITAL,
        ];
        self.dice.pick(&somebody)
    }

    /// A container, or some packs of a lot.
    fn anything(&mut self) -> What {
        let crates: Vec<_> = self.model.crates().collect();
        let model = self.model;
        let lots: Vec<_> = (0..model.lots.len())
            .filter(|lot| !model.lots[*lot].packs.is_empty())
            .collect();
        if self.dice.chance(35) || lots.is_empty() {
            return match crates.is_empty() || self.dice.chance(3) {
                true => What::Box(self.dice.below(BOXES)),
                false => self.dice.pick(&crates),
            };
        }
        let lot = self.dice.pick(&lots);
        let units = model.lots[lot].packs.len();
        if self.dice.chance(4) {
            let (a, b) = (self.dice.below(units) as u32, self.dice.below(units) as u32);
            return What::Packs(lot, a.min(b), a.max(b));
        }
        let index = self.dice.below(units) as u32;
        self.some_of(What::Packs(lot, index, index))
    }

    /// The run that the pack is of, or a part of it with the pack.
    fn some_of(&mut self, pack: What) -> What {
        let What::Packs(lot, index, _) = pack else {
            return pack;
        };
        let model = self.model;
        let packs = &model.lots[lot].packs;
        let run = packs[index as usize].run;
        let before = packs[..index as usize].iter().rev();
        let before = before.take_while(|pack| pack.run == run).count();
        let after = packs[index as usize + 1..].iter();
        let after = after.take_while(|pack| pack.run == run).count();
        let (before, after) = match self.dice.below(10) {
            0..=4 => (before, after),
            5..=7 => (self.dice.below(before + 1), self.dice.below(after + 1)),
            _ => (0, 0),
        };
        What::Packs(lot, index - before as u32, index + after as u32)
    }

    /// Something that is like this, if it is found soon.
    fn something(&mut self, like: impl Fn(&Model, &What) -> bool) -> What {
        let mut what = self.anything();
        for _ in 0..16 {
            if self.model.is_one(&what) && like(self.model, &what) {
                break;
            }
            what = self.anything();
        }
        what
    }

    fn at_rest(&mut self) -> What {
        self.something(|model, what| AT_REST.contains(&model.disposition(what)))
    }

    fn loose(&mut self) -> What {
        self.something(|model, what| model.disposition(what) == Disposition::Active)
    }

    /// Who has it, if it exists.
    fn custodian(&self, what: &What) -> OrgId {
        match self.model.is_one(what) {
            true => self.model.had(what).custodian,
            false => org_of(&MAKER),
        }
    }

    /// Up to three loose things that the same organisation has at the same place.
    fn together(&mut self) -> (OrgId, Vec<What>) {
        let first = self.loose();
        let mut all = vec![first];
        for _ in 0..self.dice.below(3) {
            all.push(self.something(|model, what| {
                let (one, other) = (what, &first);
                let loose = model.disposition(one) == Disposition::Active && one != other;
                loose && model.is_one(other) && {
                    let (a, b) = (model.had(one), model.had(other));
                    (a.custodian, a.site, a.owner) == (b.custodian, b.site, b.owner)
                }
            }));
        }
        (self.custodian(&first), all)
    }

    fn commission(&mut self) -> Deed {
        let who = self.dice.pick(&[MAKER, MAKER, RIVAL]);
        let expires = Now::get() + (10 + self.dice.below(300) as u64) * DAY;
        let units = 4 + self.dice.below(24) as u32;
        let expiry = Date::from_millis(expires);
        // The first lots have packs that something can happen to.
        let listed = self.model.lots.len() >= 2 && self.dice.chance(40);
        Deed::Commission(who, units, expiry, listed)
    }

    fn list(&mut self) -> Deed {
        let model = self.model;
        let all = 0..model.lots.len();
        let room = |lot: &usize| model.lots[*lot].packs.len() < model.lots[*lot].units as usize;
        let open: Vec<_> = all.filter(room).collect();
        let lot = match open.is_empty() || self.dice.chance(3) {
            true => self.dice.below(model.lots.len()),
            false => self.dice.pick(&open),
        };
        let batch = &model.lots[lot];
        let first = batch.packs.len() as u32;
        let room = (batch.units - first).max(1) as usize;
        let more = 1 + self.dice.below(room) as u32;
        let mut serials: Vec<_> = (first..first + more).collect();
        if self.dice.chance(10) {
            // One that was given out before, or just now.
            serials.push(self.dice.below((first + more) as usize) as u32);
        }
        Deed::List(self.who(batch.maker), lot, serials)
    }

    fn pack(&mut self) -> Deed {
        let (org, what) = self.together();
        let model = self.model;
        let fits = |what: &What| {
            model.disposition(what) == Disposition::Active && model.had(what).custodian == org
        };
        let crates: Vec<_> = model.crates().filter(fits).collect();
        let into = match crates.is_empty() || self.dice.chance(50) {
            true => self.dice.below(BOXES),
            false => match self.dice.pick(&crates) {
                What::Box(number) => number,
                What::Packs(..) => unreachable!("it is a container"),
            },
        };
        Deed::Pack(self.who(org), into, what)
    }

    fn container(&mut self, like: impl Fn(&Model, &What) -> bool) -> usize {
        let model = self.model;
        let crates: Vec<_> = model.crates().filter(|what| like(model, what)).collect();
        match crates.is_empty() {
            true => self.dice.below(BOXES),
            false => match self.dice.pick(&crates) {
                What::Box(number) => number,
                What::Packs(..) => unreachable!("it is a container"),
            },
        }
    }

    fn unpack(&mut self) -> Deed {
        let from = self.container(|model, what| match what {
            What::Box(number) => {
                let loose = model.disposition(what) == Disposition::Active;
                loose && !model.contents(*number).is_empty()
            }
            What::Packs(..) => false,
        });
        let contents = self.model.contents(from);
        let mut what = vec![];
        for _ in 0..=self.dice.below(2) {
            what.push(match contents.is_empty() || self.dice.chance(5) {
                true => self.anything(),
                false => {
                    let child = self.dice.pick(&contents);
                    self.some_of(child)
                }
            });
        }
        let org = self.custodian(&What::Box(from));
        Deed::Unpack(self.who(org), from, what)
    }

    fn seal(&mut self) -> Deed {
        let number = self.container(|model, what| model.disposition(what) == Disposition::Active);
        let sealed = self.model.boxes[number]
            .as_ref()
            .is_some_and(|thing| thing.sealed);
        let org = self.custodian(&What::Box(number));
        Deed::Seal(self.who(org), number, sealed == self.dice.chance(5))
    }

    fn send(&mut self) -> Deed {
        let (org, what) = self.together();
        let back = self.dice.chance(15);
        let to = match (back, what[0]) {
            (true, What::Packs(lot, ..)) if self.dice.chance(40) => {
                agent(self.model.lots[lot].maker)
            }
            (true, first) if self.model.is_one(&first) => {
                let supplier = self.model.had(&first).supplier;
                supplier.map_or_else(|| self.consignee(), agent)
            }
            _ => self.consignee(),
        };
        Deed::Send(self.who(org), to, what, back, self.dice.chance(85))
    }

    /// A shipment that is like this, or any.
    fn shipment(&mut self, like: impl Fn(&Sent) -> bool) -> Option<usize> {
        let model = self.model;
        let all = &model.sent;
        let fits: Vec<_> = (0..all.len()).filter(|id| like(&all[*id])).collect();
        match fits.is_empty() || self.dice.chance(3) {
            true => (!all.is_empty()).then(|| self.dice.below(all.len() + 1)),
            false => Some(self.dice.pick(&fits)),
        }
    }

    fn party(&mut self, id: usize, receives: bool) -> AccountId {
        let sent = self.model.sent.get(id);
        let org = sent.map_or(
            org_of(&MAKER),
            |sent| if receives { sent.to } else { sent.from },
        );
        self.who(org)
    }

    fn void(&mut self) -> Option<Deed> {
        let id = self.shipment(|sent| sent.status == ShipmentStatus::Open)?;
        Some(Deed::Void(self.party(id, false), id))
    }

    fn receive(&mut self) -> Option<Deed> {
        let id = self.shipment(|sent| sent.status == ShipmentStatus::Open)?;
        let announced = |model: &Model, what: &What| model.had(what).shipment == Some(id);
        let (mut missing, mut extra) = (vec![], vec![]);
        if self.dice.chance(35) {
            for _ in 0..=self.dice.below(2) {
                let model = self.model;
                let fits = |what: &What| announced(model, what);
                let all: Vec<_> = model.packs().chain(model.crates()).filter(fits).collect();
                if !all.is_empty() {
                    let one = self.dice.pick(&all);
                    missing.push(self.some_of(one));
                }
            }
        }
        if self.dice.chance(20) {
            extra.push(self.something(|model, what| !announced(model, what)));
        }
        Some(Deed::Receive(self.party(id, true), id, missing, extra))
    }

    fn resolve(&mut self) -> Option<Deed> {
        let open = |sent: &Sent| sent.wrong.iter().any(|(.., resolved)| !resolved);
        let id = self.shipment(open)?;
        let model = self.model;
        let wrong = model.sent.get(id).map_or(&[][..], |sent| &sent.wrong[..]);
        let open: Vec<_> = (0..wrong.len())
            .filter(|number| !wrong[*number].2)
            .collect();
        let number = match open.is_empty() {
            true => self.dice.below(3),
            false => self.dice.pick(&open),
        };
        let missing = [Resolution::Found, Resolution::NotShipped, Resolution::Lost];
        let extra = [
            Resolution::Accepted,
            Resolution::Accepted,
            Resolution::SentBack,
        ];
        let how = match wrong.get(number) {
            Some((DiscrepancyKind::Extra, ..)) if self.dice.chance(95) => self.dice.pick(&extra),
            _ => self.dice.pick(&missing),
        };
        let who = match (how, wrong.get(number)) {
            (Resolution::Accepted, Some((_, what, _))) => {
                let org = self.custodian(what);
                self.who(org)
            }
            (Resolution::Found | Resolution::SentBack, _) => self.party(id, true),
            _ => self.party(id, false),
        };
        Some(Deed::Resolve(who, id, number, how))
    }

    /// A pack that is like this.
    fn one(&mut self, like: impl Fn(&Model, &What) -> bool) -> Option<(usize, u32)> {
        let model = self.model;
        let fits: Vec<_> = model.packs().filter(|pack| like(model, pack)).collect();
        if fits.is_empty() {
            return None;
        }
        match self.dice.pick(&fits) {
            What::Packs(lot, index, _) => Some((lot, index)),
            What::Box(_) => None,
        }
    }

    fn dispense(&mut self) -> Option<Deed> {
        let (lot, index) = self.one(|model, pack| {
            let org = model.had(pack).custodian;
            let there = org == org_of(&PHARMACIST) || org == org_of(&DRUGGIST);
            there && AT_REST.contains(&model.disposition(pack))
        })?;
        let org = self.custodian(&What::Packs(lot, index, index));
        let who = match self.dice.chance(95) {
            true => pharmacist(org),
            false => self.consignee(),
        };
        Some(Deed::Dispense(who, lot, index, self.dice.chance(20)))
    }

    fn undo(&mut self) -> Option<Deed> {
        let any = self.dice.chance(10);
        let undone = [
            Fate::Dispensed,
            Fate::Exported,
            Fate::Sampled,
            Fate::Decommissioned,
        ];
        let (lot, index) = self.one(|model, pack| {
            let Spot::Gone(fate, ..) = &model.lots[lot_of(pack)].packs[index_of(pack)].spot else {
                return any;
            };
            any || undone.contains(fate)
        })?;
        let org = self.custodian(&What::Packs(lot, index, index));
        let who = match self.dice.chance(90) {
            true => pharmacist(org),
            false => self.consignee(),
        };
        Some(Deed::Undo(who, lot, index, self.dice.chance(10)))
    }

    fn decommission(&mut self) -> Deed {
        let reasons = [
            DecommissionReason::Exported,
            DecommissionReason::Sampled,
            DecommissionReason::Destroyed,
            DecommissionReason::ForDestruction,
            DecommissionReason::Damaged,
            DecommissionReason::Unreadable,
            DecommissionReason::Other,
        ];
        let first = match self.dice.chance(30) {
            true => What::Box(self.container(|model, what| match what {
                What::Box(number) => model.contents(*number).is_empty(),
                What::Packs(..) => false,
            })),
            false => self.at_rest(),
        };
        let mut what = vec![first];
        if self.dice.chance(20) {
            what.push(self.at_rest());
        }
        let org = self.custodian(&first);
        Deed::Decommission(self.who(org), what, self.dice.pick(&reasons))
    }

    fn steal(&mut self) -> Deed {
        let what = self.at_rest();
        let org = self.custodian(&what);
        Deed::Steal(self.who(org), vec![what])
    }

    fn transform(&mut self) -> Deed {
        let packers = [MAKER, RIVAL, REPACKAGER].map(|who| org_of(&who));
        let what = self.something(|model, what| {
            let loose = model.disposition(what) == Disposition::Active;
            let packs = matches!(what, What::Packs(..));
            packs && loose && packers.contains(&model.had(what).custodian)
        });
        let until = match what {
            What::Packs(lot, ..) => self.model.lots[lot].until - 1,
            What::Box(_) => Now::get(),
        };
        let later = if self.dice.chance(10) { DAY } else { 0 };
        let org = self.custodian(&what);
        let (who, units) = (self.who(org), 1 + self.dice.below(12) as u32);
        Deed::Transform(who, vec![what], units, Date::from_millis(until + later))
    }

    fn suspect(&mut self) -> Deed {
        let what = self.at_rest();
        let org = self.custodian(&what);
        match self.dice.chance(30) {
            true => Deed::Suspect(INSPECTOR, what),
            false => Deed::Suspect(self.who(org), what),
        }
    }

    fn close(&mut self) -> Deed {
        let model = self.model;
        let all = &model.suspicions;
        let open = (0..all.len()).filter(|id| all[*id].outcome.is_none());
        let open: Vec<_> = open.collect();
        let id = match open.is_empty() || self.dice.chance(3) {
            true => self.dice.below(all.len() + 1),
            false => self.dice.pick(&open),
        };
        let org = all.get(id).map_or(org_of(&MAKER), |suspicion| suspicion.by);
        let who = match self.dice.chance(30) {
            true => INSPECTOR,
            false => self.who(org),
        };
        let outcome = match self.dice.chance(75) {
            true => Outcome::Cleared,
            false => Outcome::Illegitimate,
        };
        Deed::Close(who, id, outcome)
    }

    fn stop(&mut self) -> Deed {
        let lot = self.dice.below(self.model.lots.len());
        let who = match self.dice.chance(30) {
            true => INSPECTOR,
            false => self.who(self.model.lots[lot].maker),
        };
        let kinds = [
            RecallKind::ClassI,
            RecallKind::ClassII,
            RecallKind::ClassIII,
        ];
        match self.dice.below(20) {
            0..=4 => Deed::Quarantine(who, lot),
            5..=7 => Deed::Recall(who, lot, self.dice.pick(&kinds)),
            8 => Deed::Recall(who, lot, RecallKind::Withdrawal),
            9..=10 => Deed::SuspectLot(who, lot),
            _ => Deed::Lift(who, lot),
        }
    }
}

fn lot_of(pack: &What) -> usize {
    match pack {
        What::Packs(lot, ..) => *lot,
        What::Box(_) => unreachable!("it is a pack"),
    }
}

fn index_of(pack: &What) -> usize {
    match pack {
        What::Packs(_, index, _) => *index as usize,
        What::Box(_) => unreachable!("it is a pack"),
    }
}

impl Deed {
    /// What somebody does next.
    pub fn random(dice: &mut Dice, model: &Model) -> Self {
        let mut draw = Draw {
            dice: &mut *dice,
            model,
        };
        if model.lots.len() < 2 {
            return draw.commission();
        }
        let drawn = match draw.dice.below(100) {
            0..=3 => Some(draw.commission()),
            4..=5 => Some(draw.list()),
            6..=17 => Some(draw.pack()),
            18..=23 => Some(draw.unpack()),
            24..=26 => Some(draw.seal()),
            27..=42 => Some(draw.send()),
            43..=44 => draw.void(),
            45..=57 => draw.receive(),
            58..=63 => draw.resolve(),
            64..=72 => draw.dispense(),
            73..=77 => draw.undo(),
            78..=82 => Some(draw.decommission()),
            83 => Some(draw.steal()),
            84..=85 => Some(draw.transform()),
            86..=88 => Some(draw.suspect()),
            89..=92 => Some(draw.close()),
            93..=95 => Some(draw.stop()),
            96 => Some(Deed::TrustDepot(draw.dice.chance(70))),
            97 => Some(Deed::Relocate(draw.dice.chance(30))),
            _ => None,
        };
        drawn.unwrap_or_else(|| {
            let long = if dice.chance(3) { 11 * 24 } else { 0 };
            Deed::Wait((1 + dice.below(60) as u64 + long) * HOUR)
        })
    }
}
