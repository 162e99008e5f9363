//! Sending what events became, event by event.

use super::{account_of, Entry, Status};
use crate::{
    chain::{Chain, ChainError, Deed},
    epcis::plan::{Goods, LotRef, Step, Thing},
};
use axonic_gs1::{Gtin, LotNumber};
use axonic_primitives::OrgId;
use pallet_drug_provenance::types::{
    LotDraft, LotId, Occurrence, ShipmentDraft, UnitName, MAX_CHILDREN, MAX_NAMED, MAX_ROOTS,
};
use std::{collections::BTreeMap, future::Future};
use subxt_signer::sr25519::Keypair;

/// What the chain says of packs that were commissioned or moved by different calls.
const APART: &str = "DrugProvenance.PacksApart";

/// What it takes to send, and the numbers of the lots that were made.
pub(super) struct Sender<'a> {
    chain: &'a Chain,
    key: &'a Keypair,
    org: OrgId,
    made: BTreeMap<(Gtin, LotNumber), LotId>,
}

impl<'a> Sender<'a> {
    pub fn new(chain: &'a Chain, key: &'a Keypair, org: OrgId) -> Self {
        Self {
            chain,
            key,
            org,
            made: BTreeMap::new(),
        }
    }

    /// Sends the events in their order, each one finalised before the next, and stops at the first
    /// that fails.
    pub async fn send(&mut self, entries: &mut [Entry]) {
        for entry in entries {
            if let Err(error) = self.event(entry).await {
                entry.status = match error.is_unknown() {
                    true => Status::Unknown,
                    false => Status::Failed,
                };
                let steps = entry.plan.steps.len();
                entry.error = Some(advised(&error, steps > 1 && !entry.plan.goes_on()));
                return;
            }
            if !entry.plan.steps.is_empty() {
                entry.status = Status::Captured;
            }
        }
    }

    /// Sends the calls of an event as one transaction, or one by one if that can be gone on with.
    async fn event(&mut self, entry: &mut Entry) -> Result<(), ChainError> {
        let at_once = match entry.plan.goes_on() {
            true => 1,
            false => entry.plan.steps.len().max(1),
        };
        for steps in entry.plan.steps.chunks(at_once) {
            let occurrence = entry.plan.occurrence.as_ref();
            self.steps(steps, occurrence).await?;
            entry.done += steps.len();
        }
        Ok(())
    }

    async fn steps(
        &mut self,
        steps: &[Step],
        occurrence: Option<&Occurrence>,
    ) -> Result<(), ChainError> {
        let Err(error) = self.transaction(steps, occurrence).await else {
            return Ok(());
        };
        if !error.is(APART) {
            return Err(error);
        }
        // Packs that were commissioned or moved by different calls are different runs for the
        // chain, though nothing may tell them apart here.
        let mut cut = Vec::new();
        for step in steps {
            cut.push(self.cut(step, occurrence).await?);
        }
        if cut == steps {
            return Err(error);
        }
        self.transaction(&cut, occurrence).await
    }

    /// Sends steps as one transaction, and notes the numbers of the lots that it makes.
    async fn transaction(
        &mut self,
        steps: &[Step],
        occurrence: Option<&Occurrence>,
    ) -> Result<(), ChainError> {
        let mut deeds = Vec::new();
        for step in steps {
            deeds.push(self.deed(step, occurrence).await?);
        }
        let lots = self.chain.capture(self.key, &deeds).await?;
        let drafts = steps.iter().filter_map(|step| match step {
            Step::CommissionLot { draft } => Some(draft),
            Step::Transform { output, .. } => Some(output),
            _ => None,
        });
        for (draft, lot) in drafts.zip(lots) {
            self.note(draft, lot);
        }
        Ok(())
    }

    async fn deed(&self, step: &Step, occurrence: Option<&Occurrence>) -> Result<Deed, ChainError> {
        let here = || occurrence.ok_or_else(|| unsent("where it happened is not known"));
        Ok(match step {
            Step::CommissionLot { draft } => Deed::commission_lot(draft, here()?),
            Step::CommissionItems { lot, serials } => {
                let lot = self.number(lot).ok_or_else(no_lot)?;
                Deed::commission_items(lot, serials, here()?)
            }
            Step::Aggregate {
                container,
                children,
            } => Deed::repack(container, &self.names(children)?, true, here()?),
            Step::Disaggregate {
                container,
                children,
            } => Deed::repack(container, &self.names(children)?, false, here()?),
            Step::Ship { goods, direction } => Deed::ship(&self.draft(goods)?, *direction, here()?),
            Step::VoidShipment { shipment } => Deed::void_shipment(*shipment, here()?),
            Step::Receive {
                shipment,
                missing,
                extra,
            } => {
                let (missing, extra) = (self.names(missing)?, self.names(extra)?);
                Deed::receive(*shipment, &missing, &extra, here()?)
            }
            Step::Dispense {
                pack,
                proof,
                partial,
            } => Deed::dispense(pack, proof.as_ref(), *partial, here()?),
            Step::Decommission { units, reason } => {
                Deed::decommission(&self.names(units)?, *reason, here()?)
            }
            Step::ReportStolen { units } => Deed::report_stolen(&self.names(units)?, here()?),
            Step::Transform { inputs, output } => {
                Deed::transform(&self.names(inputs)?, output, here()?)
            }
            Step::DeclareError {
                event,
                reason,
                corrective,
            } => {
                let found = self.chain.event_by_hash(self.org, *event).await?;
                let event = found.ok_or_else(|| unsent("the chain does not have the event"))?;
                Deed::declare_error(event, *reason, *corrective)
            }
        })
    }

    /// The same step with packs named as they lie in the chain's runs.
    async fn cut(&self, step: &Step, occurrence: Option<&Occurrence>) -> Result<Step, ChainError> {
        let mut cut = step.clone();
        let (lists, most) = named_in(&mut cut);
        for (index, list) in lists.into_iter().enumerate() {
            let mut things = Vec::new();
            for thing in std::mem::take(list) {
                let Thing::Packs { lot, first, count } = thing else {
                    things.push(thing);
                    continue;
                };
                let together = move |first, count| async move {
                    let probe = with_only(step, index, Thing::Packs { lot, first, count });
                    self.goes_together(&probe, occurrence).await
                };
                let runs = runs(first, count, most, together).await?;
                let runs = runs.into_iter();
                things.extend(runs.map(|(first, count)| Thing::Packs { lot, first, count }));
            }
            if things.len() > most {
                return Err(scattered());
            }
            *list = things;
        }
        Ok(cut)
    }

    /// Whether the chain has the packs of a step in one run, whatever else it has against it.
    async fn goes_together(
        &self,
        step: &Step,
        occurrence: Option<&Occurrence>,
    ) -> Result<bool, ChainError> {
        let deed = self.deed(step, occurrence).await?;
        let account = account_of(self.key);
        match self.chain.explain_move(&account, &deed).await {
            Err(error) if error.is(APART) => Ok(false),
            Ok(()) | Err(ChainError::Refused { .. }) => Ok(true),
            Err(error) => Err(error),
        }
    }

    /// Notes the number of a lot that was made.
    fn note(&mut self, draft: &LotDraft, lot: LotId) {
        let number = LotNumber::new(&draft.number.0);
        if let (Ok(gtin), Ok(number)) = (Gtin::new(draft.gtin), number) {
            self.made.insert((gtin, number), lot);
        }
    }

    fn number(&self, lot: &LotRef) -> Option<LotId> {
        match lot {
            LotRef::Known(lot) => Some(*lot),
            LotRef::New { gtin, number } => self.made.get(&(*gtin, *number)).copied(),
        }
    }

    fn names(&self, things: &[Thing]) -> Result<Vec<UnitName>, ChainError> {
        let names = things
            .iter()
            .map(|thing| thing.name(|lot| self.number(lot)));
        names.collect::<Option<_>>().ok_or_else(no_lot)
    }

    fn draft(&self, goods: &Goods) -> Result<ShipmentDraft, ChainError> {
        let roots = self.names(&goods.roots)?.try_into();
        Ok(ShipmentDraft {
            to: goods.to,
            roots: roots.map_err(|_| unsent("it is more than a shipment has"))?,
            transaction: goods.transaction.clone(),
            purchase_order: goods.purchase_order,
            despatch_advice: goods.despatch_advice,
        })
    }
}

fn no_lot() -> ChainError {
    unsent("the lot that it is about was not made")
}

fn unsent(told: &str) -> ChainError {
    ChainError::NotCarriedOut(told.into())
}

fn scattered() -> ChainError {
    unsent("its packs lie in more places than a call names: split the event")
}

/// What went wrong, and what to do about it if a transaction of several calls is too large.
fn advised(error: &ChainError, several: bool) -> String {
    let told = error.to_string();
    match several && told.contains("exhaust") {
        true => format!("{told}: the event is too large for one transaction, split it"),
        false => told,
    }
}

/// The lists of a step in which packs may be named together, and how many things one of them has at
/// most.
fn named_in(step: &mut Step) -> (Vec<&mut Vec<Thing>>, usize) {
    let (lists, most) = match step {
        Step::Aggregate { children, .. } | Step::Disaggregate { children, .. } => {
            (vec![children], MAX_CHILDREN)
        }
        Step::Ship { goods, .. } => (vec![&mut goods.roots], MAX_ROOTS),
        Step::Receive { missing, extra, .. } => (vec![missing, extra], MAX_NAMED),
        Step::Decommission { units, .. } | Step::ReportStolen { units } => (vec![units], MAX_NAMED),
        Step::Transform { inputs, .. } => (vec![inputs], MAX_NAMED),
        _ => (Vec::new(), 0),
    };
    (lists, usize::try_from(most).unwrap_or(usize::MAX))
}

/// The same step with one thing only, in the list with this number.
fn with_only(step: &Step, index: usize, thing: Thing) -> Step {
    let mut step = step.clone();
    let mut thing = Some(thing);
    for (number, list) in named_in(&mut step).0.into_iter().enumerate() {
        list.clear();
        if number == index {
            list.extend(thing.take());
        }
    }
    step
}

/// The runs that packs from `first` on lie in, as first and count: each the longest of which
/// `together` says that it is one, found by halving. Refused if there are more than `most`.
async fn runs<A: Future<Output = Result<bool, ChainError>>>(
    first: u32,
    count: u32,
    most: usize,
    together: impl Fn(u32, u32) -> A,
) -> Result<Vec<(u32, u32)>, ChainError> {
    let mut runs = Vec::new();
    let (mut first, mut left) = (first, count);
    while left > 0 {
        if runs.len() == most {
            return Err(scattered());
        }
        // One pack always is a run.
        let whole = left == 1 || together(first, left).await?;
        // So many are one, and so many are not.
        let (mut one, mut apart) = match whole {
            true => (left, left.saturating_add(1)),
            false => (1, left),
        };
        while apart.saturating_sub(one) > 1 {
            let middle = one.midpoint(apart);
            match together(first, middle).await? {
                true => one = middle,
                false => apart = middle,
            }
        }
        runs.push((first, one));
        first = first.saturating_add(one);
        left = left.saturating_sub(one);
    }
    Ok(runs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    fn packs(first: u32, count: u32) -> Thing {
        Thing::Packs {
            lot: LotRef::Known(LotId(1)),
            first,
            count,
        }
    }

    /// A chain where a run ends before each of these packs.
    async fn cut_at(
        ends: &[u32],
        first: u32,
        count: u32,
    ) -> (Result<Vec<(u32, u32)>, String>, u32) {
        let asked = Cell::new(0);
        let together = |first: u32, count: u32| {
            asked.set(asked.get() + 1);
            let apart = ends
                .iter()
                .any(|end| (first + 1..first + count).contains(end));
            async move { Ok(!apart) }
        };
        let runs = runs(first, count, 64, together).await;
        (runs.map_err(|error| error.to_string()), asked.get())
    }

    #[tokio::test]
    async fn packs_are_cut_where_the_chain_s_runs_are() {
        let (runs, asked) = cut_at(&[1_003, 60_000], 1_000, 100_000).await;
        assert_eq!(
            runs,
            Ok(vec![(1_000, 3), (1_003, 58_997), (60_000, 41_000)])
        );
        assert!(asked < 60, "{asked} questions");
        assert_eq!(cut_at(&[], 5, 2).await, (Ok(vec![(5, 2)]), 1));
        let everywhere: Vec<_> = (0..100).collect();
        let (runs, _) = cut_at(&everywhere, 0, 100).await;
        assert!(runs.unwrap_err().contains("split the event"));
    }

    #[test]
    fn the_chain_is_asked_about_one_run_at_a_time() {
        let receive = |missing, extra| Step::Receive {
            shipment: pallet_drug_provenance::types::ShipmentId(1),
            missing,
            extra,
        };
        let step = receive(vec![packs(0, 9)], vec![packs(20, 2), packs(30, 1)]);
        let probe = with_only(&step, 1, packs(20, 1));
        assert_eq!(probe, receive(vec![], vec![packs(20, 1)]));
    }

    #[test]
    fn an_event_that_is_too_large_is_to_be_split() {
        let error = unsent("Transaction would exhaust the block limits");
        assert!(advised(&error, true).ends_with("split it"));
        assert_eq!(advised(&error, false), error.to_string());
    }
}
