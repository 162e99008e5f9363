//! A chain for tests: what it is told, and nothing else.

use crate::{chain::ChainError, epcis::ledger::Ledger};
use axonic_gs1::{Date, Gln, Gtin, LotNumber, Serial};
use axonic_primitives::{merkle::InclusionProof, OrgId, SiteId};
use pallet_drug_provenance::types::{
    Container, ContainerKey, Correction, Direction, Disposition, EventId, EventKind, Holding, Lot,
    LotId, LotInfo, LotStatus, Place, RecordedEvent, Serials, Shipment, ShipmentId, ShipmentStatus,
    StepId, Trace, TraceEntry, Unit,
};
use sp_core::H256;
use std::collections::BTreeMap;

pub const MAKER: OrgId = OrgId(1);
pub const WHOLESALER: OrgId = OrgId(2);
pub const MAKERS_SITE: SiteId = SiteId(11);
pub const WHOLESALERS_SITE: SiteId = SiteId(12);

pub fn gtin() -> Gtin {
    Gtin::parse("09506000134352").unwrap()
}

pub fn serial(text: &str) -> Serial {
    Serial::parse(text).unwrap()
}

pub fn lot_number(text: &str) -> LotNumber {
    LotNumber::parse(text).unwrap()
}

pub struct World {
    pub lots: Vec<Lot>,
    pub packs: BTreeMap<(Gtin, Serial), Trace>,
    pub containers: BTreeMap<ContainerKey, Container>,
    pub contents: BTreeMap<ContainerKey, Vec<Unit>>,
    pub shipments: BTreeMap<ShipmentId, Shipment>,
    pub events: BTreeMap<(OrgId, H256), EventId>,
    pub corrections: BTreeMap<EventId, Correction>,
    parties: BTreeMap<Gln, OrgId>,
    premises: BTreeMap<Gln, (SiteId, OrgId)>,
}

impl World {
    /// A maker and a wholesaler with one site each.
    pub fn new() -> Self {
        let gln = |digits| Gln::parse(digits).unwrap();
        Self {
            lots: Vec::new(),
            packs: BTreeMap::new(),
            containers: BTreeMap::new(),
            contents: BTreeMap::new(),
            shipments: BTreeMap::new(),
            events: BTreeMap::new(),
            corrections: BTreeMap::new(),
            parties: [
                (gln("9506000000015"), MAKER),
                (gln("9506001000014"), WHOLESALER),
            ]
            .into(),
            premises: [
                (gln("9506000000022"), (MAKERS_SITE, MAKER)),
                (gln("9506001000021"), (WHOLESALERS_SITE, WHOLESALER)),
            ]
            .into(),
        }
    }

    /// Adds a lot, and answers with its number.
    pub fn add_lot(&mut self, number: &str, units: u32, serials: Serials) -> LotId {
        let id = LotId(u32::try_from(self.lots.len()).unwrap());
        let commissioned = match serials {
            Serials::Listed => 0,
            Serials::Root(_) => units,
        };
        self.lots.push(Lot {
            gtin: gtin(),
            number: lot_number(number),
            expiry: Date::parse("2028-12-31").unwrap(),
            units,
            commissioned,
            serials,
            status: LotStatus::Active,
            by_authority: false,
            fates: [0; 7],
            hold: None,
            sources: Default::default(),
            log: StepId(0),
        });
        id
    }

    /// Adds a pack of a lot.
    pub fn add_pack(&mut self, text: &str, lot: LotId, index: u32, holding: Holding) {
        let trace = trace(lot, index, holding, &[EventKind::Commissioning]);
        self.packs.insert((gtin(), serial(text)), trace);
    }

    /// Adds an outermost container.
    pub fn add_container(&mut self, key: &ContainerKey, holding: Holding) {
        let container = Container {
            place: Place::Root(holding),
            children: 1,
            depth: 1,
            sealed: false,
            lots: Default::default(),
            holds: 0,
            hold: None,
            log: StepId(0),
        };
        self.containers.insert(key.clone(), container);
    }

    /// Adds an open shipment from the maker to the wholesaler.
    pub fn add_shipment(&mut self, id: ShipmentId, roots: Vec<Unit>) {
        self.shipments.insert(id, shipment(roots));
    }
}

pub fn shipment(roots: Vec<Unit>) -> Shipment {
    Shipment {
        from: MAKER,
        to: WHOLESALER,
        direction: Direction::Forward,
        roots: roots.try_into().unwrap(),
        transaction: None,
        purchase_order: None,
        despatch_advice: None,
        shipped_at: 0,
        ended_at: None,
        received_at: None,
        status: ShipmentStatus::Open,
        discrepancies: 0,
        unresolved: 0,
    }
}

/// With whom something is, and the shipment with which it is on its way.
pub fn with(org: OrgId, shipment: Option<ShipmentId>) -> Holding {
    Holding {
        custodian: org,
        site: MAKERS_SITE,
        owner: org,
        supplier: None,
        shipment,
    }
}

/// A history of events that follow each other.
pub fn trace(lot: LotId, index: u32, holding: Holding, kinds: &[EventKind]) -> Trace {
    let entries = (1..).zip(kinds).map(|(number, kind)| TraceEntry {
        id: EventId(number),
        event: RecordedEvent {
            hash: H256::from_low_u64_be(number),
            kind: *kind,
            org: MAKER,
            site: MAKERS_SITE,
            time: 1_772_000_000_000 + number,
            recorded_at: 1_772_000_100_000 + number,
            shipment: None,
            correction: None,
        },
        level: 0,
    });
    Trace {
        lot,
        index,
        disposition: Disposition::Active,
        containers: Vec::new(),
        holding,
        events: entries.collect(),
        truncated: false,
    }
}

impl Ledger for World {
    async fn lot(&self, of: Gtin, number: LotNumber) -> Result<Option<LotInfo>, ChainError> {
        let found = (0..).zip(&self.lots);
        let mut found = found.filter(|(_, lot)| (lot.gtin, lot.number) == (of, number));
        Ok(found.next().map(|(id, lot)| LotInfo {
            id: LotId(id),
            lot: lot.clone(),
            expired: false,
        }))
    }

    async fn numbered_lot(&self, lot: LotId) -> Result<Option<Lot>, ChainError> {
        Ok(self.lots.get(lot.0 as usize).cloned())
    }

    async fn pack(
        &self,
        of: Gtin,
        serial: Serial,
        proof: Option<(LotNumber, InclusionProof)>,
    ) -> Result<Option<Trace>, ChainError> {
        if let Some(known) = self.packs.get(&(of, serial)) {
            return Ok(Some(known.clone()));
        }
        let Some((number, proof)) = proof else {
            return Ok(None);
        };
        let lot = self.lot(of, number).await?;
        Ok(lot.map(|lot| {
            let kinds = [EventKind::Commissioning];
            trace(lot.id, proof.index, with(MAKER, None), &kinds)
        }))
    }

    async fn container(&self, key: &ContainerKey) -> Result<Option<Container>, ChainError> {
        Ok(self.containers.get(key).cloned())
    }

    async fn contents(&self, key: &ContainerKey) -> Result<Vec<Unit>, ChainError> {
        Ok(self.contents.get(key).cloned().unwrap_or_default())
    }

    async fn shipment(&self, id: ShipmentId) -> Result<Option<Shipment>, ChainError> {
        Ok(self.shipments.get(&id).cloned())
    }

    async fn party(&self, gln: Gln) -> Result<Option<OrgId>, ChainError> {
        Ok(self.parties.get(&gln).copied())
    }

    async fn premises(&self, gln: Gln) -> Result<Option<(SiteId, OrgId)>, ChainError> {
        Ok(self.premises.get(&gln).copied())
    }

    async fn event(&self, org: OrgId, hash: H256) -> Result<Option<EventId>, ChainError> {
        Ok(self.events.get(&(org, hash)).copied())
    }

    async fn correction(&self, event: EventId) -> Result<Option<Correction>, ChainError> {
        Ok(self.corrections.get(&event).cloned())
    }
}
