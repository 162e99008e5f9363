//! What an event becomes: calls to the chain, before the lots that they make have numbers.

use super::event::{event_id, Kind};
use axonic_gs1::{Gtin, LotNumber, Serial};
use axonic_primitives::{merkle::InclusionProof, OrgId};
use pallet_drug_provenance::types::{
    ContainerKey, ContainerName, DecommissionReason, Direction, ErrorReason, LotDraft, LotId,
    Occurrence, PackClaim, ShipmentId, Text, Transaction, UnitName,
};
use serde::Serialize;
use sp_core::H256;
use std::fmt;

/// A lot: one that the chain has, or one that the same document makes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(untagged)]
pub enum LotRef {
    /// By its number on the chain.
    Known(LotId),
    /// By what is printed on its packs.
    New {
        /// The product.
        gtin: Gtin,
        /// The lot number.
        number: LotNumber,
    },
}

/// Something that can be moved.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Thing {
    /// A container.
    Container(ContainerKey),
    /// Packs of a lot that follow each other.
    Packs {
        /// Their lot.
        lot: LotRef,
        /// The number of the first.
        first: u32,
        /// How many.
        count: u32,
    },
}

/// Goods to ship.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Goods {
    /// Who is to have them.
    pub to: OrgId,
    /// What is to go.
    pub roots: Vec<Thing>,
    /// What accompanies a change of ownership.
    pub transaction: Option<Transaction>,
    /// The commitment to the purchase order's number.
    pub purchase_order: Option<H256>,
    /// The commitment to the despatch advice's number.
    pub despatch_advice: Option<H256>,
}

/// One call.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(
    tag = "call",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[allow(missing_docs)] // Named for the calls of the pallet and their arguments.
pub enum Step {
    CommissionLot {
        draft: LotDraft,
    },
    CommissionItems {
        lot: LotRef,
        serials: Vec<Serial>,
    },
    Aggregate {
        container: ContainerKey,
        children: Vec<Thing>,
    },
    Disaggregate {
        container: ContainerKey,
        children: Vec<Thing>,
    },
    Ship {
        goods: Goods,
        direction: Direction,
    },
    VoidShipment {
        shipment: ShipmentId,
    },
    Receive {
        shipment: ShipmentId,
        missing: Vec<Thing>,
        extra: Vec<Thing>,
    },
    Dispense {
        pack: PackClaim,
        proof: Option<InclusionProof>,
        partial: bool,
    },
    Decommission {
        units: Vec<Thing>,
        reason: DecommissionReason,
    },
    ReportStolen {
        units: Vec<Thing>,
    },
    Transform {
        inputs: Vec<Thing>,
        output: LotDraft,
    },
    DeclareError {
        event: H256,
        reason: ErrorReason,
        corrective: Option<H256>,
    },
}

/// What one event becomes.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// Where the event is in the file.
    pub path: String,
    /// What it is.
    #[serde(serialize_with = "kind_name")]
    pub kind: Kind,
    /// What was being done, as CBV calls it.
    pub biz_step: Option<String>,
    /// The event hash as an `eventID`.
    #[serde(rename = "eventID")]
    pub event_id: String,
    /// When and where, and the event hash. An error declaration has none of its own.
    pub occurrence: Option<Occurrence>,
    /// The salt of what was committed to, if anything was. Who has it can check the commitments.
    pub salt: Option<H256>,
    /// The calls, in their order.
    pub steps: Vec<Step>,
    /// What there is to say about it.
    pub notes: Vec<String>,
}

fn kind_name<S: serde::Serializer>(kind: &Kind, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(kind.name())
}

/// An event that takes more calls than this is not sent as one transaction.
pub(crate) const MAX_CALLS: usize = 40;

impl Plan {
    /// Whether its calls are sent one by one. Commissioning is: packs need the number of their lot,
    /// and which packs are there already is found out pack by pack. The calls of all others are one
    /// transaction.
    pub(crate) fn goes_on(&self) -> bool {
        let mut steps = self.steps.iter();
        steps.any(|step| {
            matches!(
                step,
                Step::CommissionLot { .. } | Step::CommissionItems { .. }
            )
        })
    }

    /// A plan that does nothing yet.
    pub(super) fn new(path: String, kind: Kind, biz_step: Option<&str>, hash: &H256) -> Self {
        Self {
            path,
            kind,
            biz_step: biz_step.map(Into::into),
            event_id: event_id(hash),
            occurrence: None,
            salt: None,
            steps: Vec::new(),
            notes: Vec::new(),
        }
    }
}

/// A text of the chain. What is longer than any serial or lot number does not fit.
pub(super) fn text(text: &str) -> Option<Text> {
    text.as_bytes().to_vec().try_into().ok().map(Text)
}

/// What the chain calls a container.
pub(crate) fn container_name(key: &ContainerKey) -> ContainerName {
    match key {
        ContainerKey::Sscc(sscc) => ContainerName::Sscc(sscc.as_u64()),
        ContainerKey::Sgtin { gtin, serial } => ContainerName::Sgtin {
            gtin: gtin.as_u64(),
            serial: text(serial.as_str()).unwrap_or_default(),
        },
    }
}

impl Thing {
    /// What the chain calls it, once its lot has a number, which `number` knows. `None` without.
    pub(crate) fn name(&self, number: impl Fn(&LotRef) -> Option<LotId>) -> Option<UnitName> {
        Some(match self {
            Self::Container(key) => UnitName::Container(container_name(key)),
            Self::Packs { lot, first, count } => UnitName::Packs {
                lot: number(lot)?,
                first: *first,
                count: *count,
            },
        })
    }
}

impl fmt::Display for LotRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(id) => write!(f, "lot {}", id.0),
            Self::New { gtin, number } => write!(f, "lot {gtin}/{number}"),
        }
    }
}

impl fmt::Display for Thing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Container(key) => write!(f, "{}", Key(key)),
            Self::Packs {
                lot,
                first,
                count: 1,
            } => write!(f, "pack {first} of {lot}"),
            Self::Packs { lot, first, count } => {
                write!(f, "{count} packs of {lot} from {first} on")
            }
        }
    }
}

/// A container as people read it.
pub(super) struct Key<'a>(pub &'a ContainerKey);

impl fmt::Display for Key<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            ContainerKey::Sscc(sscc) => write!(f, "container {sscc}"),
            ContainerKey::Sgtin { gtin, serial } => write!(f, "container {gtin}/{serial}"),
        }
    }
}

fn listed(things: &[Thing]) -> String {
    let told: Vec<_> = things.iter().map(ToString::to_string).collect();
    match told.is_empty() {
        true => "nothing".into(),
        false => told.join(", "),
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CommissionLot { draft } => {
                let number = String::from_utf8_lossy(&draft.number.0);
                let serials = match draft.serial_root {
                    Some(_) => "behind the root of their serials",
                    None => "to be listed",
                };
                let (gtin, units) = (draft.gtin, draft.units);
                write!(
                    f,
                    "commission lot {gtin:014}/{number}: {units} packs, {serials}"
                )
            }
            Self::CommissionItems { lot, serials } => {
                write!(f, "commission {} packs of {lot}", serials.len())
            }
            Self::Aggregate {
                container,
                children,
            } => write!(f, "put into {}: {}", Key(container), listed(children)),
            Self::Disaggregate {
                container,
                children,
            } => write!(f, "take out of {}: {}", Key(container), listed(children)),
            Self::Ship { goods, direction } => {
                let verb = match direction {
                    Direction::Forward => "ship",
                    Direction::Return => "send back",
                };
                let to = goods.to.0;
                write!(f, "{verb} to organisation {to}: {}", listed(&goods.roots))?;
                match &goods.transaction {
                    Some(_) => f.write_str("; the owner changes"),
                    None => f.write_str("; the owner stays"),
                }
            }
            Self::VoidShipment { shipment } => write!(f, "take back shipment {}", shipment.0),
            Self::Receive {
                shipment,
                missing,
                extra,
            } => {
                write!(f, "receive shipment {}", shipment.0)?;
                if !missing.is_empty() {
                    write!(f, "; missing: {}", listed(missing))?;
                }
                if !extra.is_empty() {
                    write!(f, "; too many: {}", listed(extra))?;
                }
                Ok(())
            }
            Self::Dispense { pack, partial, .. } => {
                let serial = String::from_utf8_lossy(&pack.serial.0);
                let part = if *partial { "part of " } else { "" };
                write!(f, "dispense {part}pack {:014}/{serial}", pack.gtin)
            }
            Self::Decommission { units, .. } => write!(f, "decommission {}", listed(units)),
            Self::ReportStolen { units } => write!(f, "report as stolen {}", listed(units)),
            Self::Transform { inputs, output } => {
                let number = String::from_utf8_lossy(&output.number.0);
                let (gtin, units) = (output.gtin, output.units);
                let inputs = listed(inputs);
                write!(
                    f,
                    "pack {inputs} again, as {units} packs of lot {gtin:014}/{number}"
                )
            }
            Self::DeclareError { event, .. } => write!(f, "declare event {event:#x} wrong"),
        }
    }
}
