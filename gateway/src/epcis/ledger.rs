//! What a mapping has to know of the chain.

use crate::chain::{Chain, ChainError};
use axonic_gs1::{Gln, Gtin, LotNumber, Serial};
use axonic_primitives::{merkle::InclusionProof, OrgId, SiteId};
use pallet_drug_provenance::types::{
    Container, ContainerKey, Correction, EventId, Lot, LotId, LotInfo, Shipment, ShipmentId, Trace,
    Unit,
};
use sp_core::H256;
use std::future::Future;

/// A way to ask the chain. `None` is what it does not know.
pub trait Ledger {
    /// A lot by what is printed on its packs.
    fn lot(
        &self,
        gtin: Gtin,
        number: LotNumber,
    ) -> impl Future<Output = Result<Option<LotInfo>, ChainError>>;

    /// A lot by its number on the chain.
    fn numbered_lot(&self, lot: LotId) -> impl Future<Output = Result<Option<Lot>, ChainError>>;

    /// Where a pack is and how it got there. Of a lot whose serials are behind a root, lot number
    /// and proof are needed unless the pack was handled alone.
    fn pack(
        &self,
        gtin: Gtin,
        serial: Serial,
        proof: Option<(LotNumber, InclusionProof)>,
    ) -> impl Future<Output = Result<Option<Trace>, ChainError>>;

    /// A container.
    fn container(
        &self,
        key: &ContainerKey,
    ) -> impl Future<Output = Result<Option<Container>, ChainError>>;

    /// All that is directly in a container.
    fn contents(&self, key: &ContainerKey) -> impl Future<Output = Result<Vec<Unit>, ChainError>>;

    /// A shipment.
    fn shipment(
        &self,
        shipment: ShipmentId,
    ) -> impl Future<Output = Result<Option<Shipment>, ChainError>>;

    /// The trading partner with this location number.
    fn party(&self, gln: Gln) -> impl Future<Output = Result<Option<OrgId>, ChainError>>;

    /// The premises with this location number, and whose they are.
    fn premises(
        &self,
        gln: Gln,
    ) -> impl Future<Output = Result<Option<(SiteId, OrgId)>, ChainError>>;

    /// An organisation's event with this hash.
    fn event(
        &self,
        org: OrgId,
        hash: H256,
    ) -> impl Future<Output = Result<Option<EventId>, ChainError>>;

    /// That an event was declared wrong.
    fn correction(
        &self,
        event: EventId,
    ) -> impl Future<Output = Result<Option<Correction>, ChainError>>;
}

/// What a pack that the chain does not know as one is refused with, in its several ways.
const NO_PACK: [&str; 7] = [
    "ProductNotFound",
    "LotNotFound",
    "PacksNotFound",
    "SerialUnknown",
    "SerialAlreadyCommissioned",
    "ProofMissing",
    "BadMerkleProof",
];

fn is_no_pack(error: &ChainError) -> bool {
    let named = |name: &&str| error.is(&format!("DrugProvenance.{name}"));
    NO_PACK.iter().any(named)
}

impl Ledger for Chain {
    async fn lot(&self, gtin: Gtin, number: LotNumber) -> Result<Option<LotInfo>, ChainError> {
        self.provenance_lot(gtin, number).await
    }

    async fn numbered_lot(&self, lot: LotId) -> Result<Option<Lot>, ChainError> {
        self.provenance_numbered_lot(lot).await
    }

    async fn pack(
        &self,
        gtin: Gtin,
        serial: Serial,
        proof: Option<(LotNumber, InclusionProof)>,
    ) -> Result<Option<Trace>, ChainError> {
        match self.trace(gtin, serial, proof).await {
            Ok(trace) => Ok(Some(trace)),
            Err(error) if is_no_pack(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn container(&self, key: &ContainerKey) -> Result<Option<Container>, ChainError> {
        self.provenance_container(key).await
    }

    async fn contents(&self, key: &ContainerKey) -> Result<Vec<Unit>, ChainError> {
        self.contents_of(key).await
    }

    async fn shipment(&self, shipment: ShipmentId) -> Result<Option<Shipment>, ChainError> {
        self.provenance_shipment(shipment).await
    }

    async fn party(&self, gln: Gln) -> Result<Option<OrgId>, ChainError> {
        self.partner_by_gln(gln).await
    }

    async fn premises(&self, gln: Gln) -> Result<Option<(SiteId, OrgId)>, ChainError> {
        let Some(site) = self.site_by_gln(gln).await? else {
            return Ok(None);
        };
        let found = self.site(site).await?;
        Ok(found.map(|info| (info.id, info.org)))
    }

    async fn event(&self, org: OrgId, hash: H256) -> Result<Option<EventId>, ChainError> {
        self.event_by_hash(org, hash).await
    }

    async fn correction(&self, event: EventId) -> Result<Option<Correction>, ChainError> {
        let found = self.provenance_event(event).await?;
        Ok(found.and_then(|event| event.correction))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_says_that_there_is_no_such_pack_is_taken_for_it() {
        let refused = |error: &str| ChainError::Refused {
            error: error.into(),
            remedy: String::new(),
        };
        assert!(is_no_pack(&refused("DrugProvenance.SerialUnknown")));
        assert!(!is_no_pack(&refused("DrugProvenance.ChainStateCorrupt")));
        assert!(!is_no_pack(&refused("System.CallFiltered")));
    }
}
