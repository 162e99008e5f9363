//! What somebody does in a random supply chain: mostly what makes sense, sometimes what does not.

mod drawing;

pub use self::drawing::Dice;
use super::model::{Allowed, Model, What};
use crate::{mock::*, types::*, Call};
use axonic_gs1::Date;
use axonic_primitives::{merkle::Tree, AccountId, Moment};
use frame_support::dispatch::DispatchResult;

#[derive(Clone, Debug)]
pub enum Deed {
    /// And whether its serials are to be listed.
    Commission(AccountId, u32, Date, bool),
    /// Who lists which serials of which lot, by the numbers of the packs that have them.
    List(AccountId, usize, Vec<u32>),
    Pack(AccountId, usize, Vec<What>),
    Unpack(AccountId, usize, Vec<What>),
    Seal(AccountId, usize, bool),
    /// Who sends what to whom, whether back, and whether with a transaction.
    Send(AccountId, AccountId, Vec<What>, bool, bool),
    Void(AccountId, usize),
    Receive(AccountId, usize, Vec<What>, Vec<What>),
    Resolve(AccountId, usize, usize, Resolution),
    /// Who dispenses which pack of which lot, and whether in part.
    Dispense(AccountId, usize, u32, bool),
    /// And whether it reached the public.
    Undo(AccountId, usize, u32, bool),
    Decommission(AccountId, Vec<What>, DecommissionReason),
    Steal(AccountId, Vec<What>),
    Transform(AccountId, Vec<What>, u32, Date),
    Suspect(AccountId, What),
    SuspectLot(AccountId, usize),
    Close(AccountId, usize, Outcome),
    Quarantine(AccountId, usize),
    Recall(AccountId, usize, RecallKind),
    Lift(AccountId, usize),
    TrustDepot(bool),
    /// Whether pharmacy and wholesaler work at their second premises from now on.
    Relocate(bool),
    Wait(Moment),
}

/// A lot that is to be, with the tree of its serials if they are behind a root.
type NewLot = (LotDraft, Option<Tree>);

impl Deed {
    /// Whether the model allows it; if it does, does it there.
    pub fn judge(&self, model: &mut Model) -> Allowed {
        match self {
            Self::Commission(who, units, expiry, listed) => {
                let until = expiry.end_of_day_millis();
                model.made(who, org_of(who), until, *units, *listed);
                Ok(())
            }
            Self::List(who, lot, serials) => model.list(who, *lot, serials),
            Self::Pack(who, into, what) => model.pack(who, *into, what),
            Self::Unpack(who, from, what) => model.unpack(who, *from, what),
            Self::Seal(who, number, sealed) => model.seal(who, *number, *sealed),
            Self::Send(who, to, what, back, sold) => model.send(who, to, what, (*back, *sold)),
            Self::Void(who, id) => model.void(who, *id),
            Self::Receive(who, id, missing, extra) => model.receive(who, *id, missing, extra),
            Self::Resolve(who, id, number, how) => model.resolve(who, *id, *number, *how),
            Self::Dispense(who, lot, index, part) => model.dispense(who, *lot, *index, *part),
            Self::Undo(who, lot, index, public) => model.undo(who, *lot, *index, *public),
            Self::Decommission(who, what, reason) => model.decommission(who, what, *reason),
            Self::Steal(who, what) => model.steal(who, what),
            Self::Transform(who, what, units, expiry) => {
                model.transform(who, what, expiry.end_of_day_millis(), *units)
            }
            Self::Suspect(who, what) => model.suspect(who, what),
            Self::SuspectLot(who, lot) => model.suspect_lot(who, *lot),
            Self::Close(who, id, outcome) => model.close(who, *id, *outcome),
            Self::Quarantine(who, lot) => model.stop(who, *lot, LotStatus::Quarantined),
            Self::Recall(who, lot, kind) => {
                let (kind, at) = (*kind, Now::get());
                let status = match kind {
                    RecallKind::Withdrawal => LotStatus::Withdrawn { at },
                    kind => LotStatus::Recalled { kind, at },
                };
                model.stop(who, *lot, status)
            }
            Self::Lift(who, lot) => model.lift(who, *lot),
            Self::TrustDepot(trusted) => model.trust_depot(*trusted),
            Self::Relocate(_) | Self::Wait(_) => Ok(()),
        }
    }

    /// Whether somebody calls for it to happen.
    pub fn is_a_call(&self) -> bool {
        !matches!(self, Self::Relocate(_) | Self::Wait(_))
    }

    /// Does it on chain, by `send`. Lots that come of it are added to `lots`.
    pub fn carry_out(
        &self,
        lots: &mut Vec<Made>,
        send: fn(AccountId, Call<Test>) -> DispatchResult,
    ) -> DispatchResult {
        match self {
            Self::Wait(time) => {
                pass(*time);
                return Ok(());
            }
            Self::Relocate(away) => {
                Away::set(*away);
                return Ok(());
            }
            _ => {}
        }
        let (who, call, output) = self.call(lots);
        send(who, call)?;
        if let Some((draft, tree)) = output {
            lots.push(Made::of(LotId(lots.len() as u32), &draft, tree));
        }
        Ok(())
    }

    /// Who calls what, and the lot that comes of it.
    fn call(&self, lots: &[Made]) -> (AccountId, Call<Test>, Option<NewLot>) {
        let output = |who: &AccountId, units: u32, expiry: &Date, listed: bool| {
            let gtin = match who {
                who if *who == RIVAL => RIVAL_MEDICINE,
                who if *who == REPACKAGER => REPACKED,
                _ => MEDICINE,
            };
            let (draft, tree) = rooted_draft(gtin, &format!("L{}", lots.len()), units);
            let expiry = day(expiry.year, expiry.month, expiry.day);
            let serial_root = draft.serial_root.filter(|_| !listed);
            let draft = LotDraft {
                expiry,
                serial_root,
                ..draft
            };
            (draft, (!listed).then_some(tree))
        };
        let lot = |lot: &usize| LotId(*lot as u32);
        let (who, call) = match self {
            Self::Commission(who, units, expiry, listed) => {
                let (draft, tree) = output(who, *units, expiry, *listed);
                let call = Call::commission_lot {
                    draft: draft.clone(),
                    occurrence: here(who),
                };
                return (who.clone(), call, Some((draft, tree)));
            }
            Self::Transform(who, what, units, expiry) => {
                let (draft, tree) = output(who, *units, expiry, false);
                let call = Call::transform {
                    inputs: named(what),
                    output: draft.clone(),
                    occurrence: here(who),
                };
                return (who.clone(), call, Some((draft, tree)));
            }
            Self::List(who, of, serials) => {
                let serials = serials.iter().map(|index| lots[*of].serial(*index));
                let call = Call::commission_items {
                    lot: lot(of),
                    serials: bounded(serials),
                    occurrence: here(who),
                };
                (who, call)
            }
            Self::Pack(who, into, what) => {
                let call = Call::aggregate {
                    container: case(*into as u64),
                    children: named(what),
                    occurrence: here(who),
                };
                (who, call)
            }
            Self::Unpack(who, from, what) => {
                let call = Call::disaggregate {
                    container: case(*from as u64),
                    children: named(what),
                    occurrence: here(who),
                };
                (who, call)
            }
            Self::Seal(who, number, sealed) => {
                let call = Call::seal {
                    container: case(*number as u64),
                    sealed: *sealed,
                    occurrence: here(who),
                };
                (who, call)
            }
            Self::Send(who, to, what, back, sold) => {
                let draft = ShipmentDraft {
                    transaction: transaction().filter(|_| *sold),
                    ..consignment(to, what.iter().map(name))
                };
                let occurrence = here(who);
                match back {
                    true => (who, Call::return_to { draft, occurrence }),
                    false => (who, Call::ship { draft, occurrence }),
                }
            }
            Self::Void(who, id) => {
                let call = Call::void_shipment {
                    shipment: ShipmentId(*id as u64),
                    occurrence: here(who),
                };
                (who, call)
            }
            Self::Receive(who, id, missing, extra) => {
                let call = Call::receive {
                    shipment: ShipmentId(*id as u64),
                    missing: named(missing),
                    extra: named(extra),
                    occurrence: here(who),
                };
                (who, call)
            }
            Self::Resolve(who, id, number, resolution) => {
                let call = Call::resolve_discrepancy {
                    shipment: ShipmentId(*id as u64),
                    number: *number as u32,
                    resolution: *resolution,
                    occurrence: here(who),
                };
                (who, call)
            }
            Self::Dispense(who, lot, index, part) => {
                let (pack, proof) = (lots[*lot].claim(*index), lots[*lot].proof(*index));
                let occurrence = here(who);
                let call = match part {
                    true => Call::partial_dispense {
                        pack,
                        proof,
                        occurrence,
                    },
                    false => Call::dispense {
                        pack,
                        proof,
                        occurrence,
                    },
                };
                (who, call)
            }
            Self::Undo(who, lot, index, public) => {
                let call = Call::undo {
                    pack: lots[*lot].claim(*index),
                    proof: lots[*lot].proof(*index),
                    reached_the_public: *public,
                    occurrence: here(who),
                };
                (who, call)
            }
            Self::Decommission(who, what, reason) => {
                let call = Call::decommission {
                    units: named(what),
                    reason: *reason,
                    occurrence: here(who),
                };
                (who, call)
            }
            Self::Steal(who, what) => {
                let call = Call::report_stolen {
                    units: named(what),
                    occurrence: here(who),
                };
                (who, call)
            }
            Self::Suspect(who, what) => {
                let subject = SubjectName::Unit(name(what));
                (who, Call::open_investigation { subject })
            }
            Self::SuspectLot(who, suspected) => {
                let subject = SubjectName::Lot(lot(suspected));
                (who, Call::open_investigation { subject })
            }
            Self::Close(who, id, outcome) => {
                let call = Call::close_investigation {
                    investigation: InvestigationId(*id as u64),
                    outcome: *outcome,
                };
                (who, call)
            }
            Self::Quarantine(who, stopped) => {
                let lot = lot(stopped);
                (who, Call::quarantine { lot })
            }
            Self::Recall(who, stopped, kind) => {
                let (lot, kind) = (lot(stopped), *kind);
                (who, Call::recall { lot, kind })
            }
            Self::Lift(who, stopped) => {
                let lot = lot(stopped);
                (who, Call::lift_recall { lot })
            }
            Self::TrustDepot(trusted) => {
                let org = org_of(&DEPOT);
                let call = match trusted {
                    true => Call::authorise_partner {
                        org,
                        gln: gln_of(&DEPOT).as_u64(),
                        licences: Licence::Wholesaler.into(),
                        until: START + 10 * YEAR,
                    },
                    false => Call::withdraw_partner { org },
                };
                return (REGISTRAR, call, None);
            }
            Self::Relocate(_) | Self::Wait(_) => unreachable!("nobody calls"),
        };
        (who.clone(), call, None)
    }
}

/// What it is called in calls.
pub fn name(what: &What) -> UnitName {
    match what {
        What::Box(number) => case(*number as u64).into(),
        What::Packs(lot, first, last) => UnitName::Packs {
            lot: LotId(*lot as u32),
            first: *first,
            count: last - first + 1,
        },
    }
}

fn named<S: frame_support::traits::Get<u32>>(
    what: &[What],
) -> frame_support::BoundedVec<UnitName, S> {
    bounded(what.iter().map(name))
}
