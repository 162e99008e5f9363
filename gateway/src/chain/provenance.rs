//! Medicine packs: commissioning, moving and tracing them.

use super::{told, Chain, ChainError};
use crate::epcis::container_name;
use axonic_gs1::{Gln, Gtin, LotNumber, Serial};
use axonic_primitives::{merkle::InclusionProof, AccountId, OrgId, SiteId};
use codec::{DecodeAll, Encode};
use pallet_consortium::SiteInfo;
use pallet_drug_provenance::types::{
    Child, Container, ContainerKey, ContainerName, ContentsPage, DecommissionReason, Direction,
    ErrorReason, EventId, Lot, LotDraft, LotId, LotInfo, Occurrence, PackClaim, Partner,
    RecordedEvent, Serials, Shipment, ShipmentDraft, ShipmentId, Text, Trace, Unit, UnitName,
    MAX_PAGE,
};
use sp_core::H256;
use subxt::dynamic::Value;
use subxt_signer::sr25519::Keypair;

/// The pallet, as the runtime names it.
const PALLET: &str = "DrugProvenance";

/// What the chain says of a lot that was commissioned.
type Commissioned = (LotId, Gtin, LotNumber, u32, Serials, EventId);
/// What the chain says of packs that were packed again.
type Transformed = (Vec<Unit>, LotId, EventId);

/// A call of the pallet: its name, and its arguments in SCALE, one behind the other.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Deed {
    call: &'static str,
    arguments: Vec<u8>,
}

impl Deed {
    fn new(call: &'static str, arguments: impl Encode) -> Self {
        let arguments = arguments.encode();
        Self { call, arguments }
    }

    /// Commissions a lot.
    pub fn commission_lot(draft: &LotDraft, occurrence: &Occurrence) -> Self {
        Self::new("commission_lot", (draft, occurrence))
    }

    /// Commissions packs of a lot whose serials are listed, 256 at most.
    pub fn commission_items(lot: LotId, serials: &[Serial], occurrence: &Occurrence) -> Self {
        let serials: Vec<_> = serials.iter().map(Serial::as_bytes).map(as_text).collect();
        Self::new("commission_items", (lot, serials, occurrence))
    }

    /// Puts things into a container, or takes them out, 256 at most.
    pub fn repack(
        container: &ContainerKey,
        children: &[UnitName],
        into: bool,
        occurrence: &Occurrence,
    ) -> Self {
        let call = match into {
            true => "aggregate",
            false => "disaggregate",
        };
        Self::new(call, (container_name(container), children, occurrence))
    }

    /// Ships goods on or back.
    pub fn ship(draft: &ShipmentDraft, direction: Direction, occurrence: &Occurrence) -> Self {
        let call = match direction {
            Direction::Forward => "ship",
            Direction::Return => "return_to",
        };
        Self::new(call, (draft, occurrence))
    }

    /// Takes back a shipment.
    pub fn void_shipment(shipment: ShipmentId, occurrence: &Occurrence) -> Self {
        Self::new("void_shipment", (shipment, occurrence))
    }

    /// Receives a shipment.
    pub fn receive(
        shipment: ShipmentId,
        missing: &[UnitName],
        extra: &[UnitName],
        occurrence: &Occurrence,
    ) -> Self {
        Self::new("receive", (shipment, missing, extra, occurrence))
    }

    /// Supplies a pack or part of it to the public.
    pub fn dispense(
        pack: &PackClaim,
        proof: Option<&InclusionProof>,
        partial: bool,
        occurrence: &Occurrence,
    ) -> Self {
        let call = match partial {
            true => "partial_dispense",
            false => "dispense",
        };
        Self::new(call, (pack, proof, occurrence))
    }

    /// Takes packs off the market, 64 at most.
    pub fn decommission(
        units: &[UnitName],
        reason: DecommissionReason,
        occurrence: &Occurrence,
    ) -> Self {
        Self::new("decommission", (units, reason, occurrence))
    }

    /// Reports things as stolen, 64 at most.
    pub fn report_stolen(units: &[UnitName], occurrence: &Occurrence) -> Self {
        Self::new("report_stolen", (units, occurrence))
    }

    /// Packs packs again, as a lot of its own.
    pub fn transform(inputs: &[UnitName], output: &LotDraft, occurrence: &Occurrence) -> Self {
        Self::new("transform", (inputs, output, occurrence))
    }

    /// Says that an event is wrong.
    pub fn declare_error(event: EventId, reason: ErrorReason, corrective: Option<H256>) -> Self {
        Self::new("declare_error", (event, reason, corrective))
    }
}

impl Chain {
    /// Signs and sends deeds as one transaction, of which all is carried out or nothing, and waits
    /// until that is final. Answers with the lots that they made, in their order.
    pub async fn capture(&self, key: &Keypair, deeds: &[Deed]) -> Result<Vec<LotId>, ChainError> {
        let mut calls = Vec::new();
        for deed in deeds {
            calls.push(self.encoded(deed).await?);
        }
        let happened = self.carry_out_all(key, &calls).await?;
        let commissioned: Vec<Commissioned> = told(&happened, [PALLET, "LotCommissioned"])?;
        let transformed: Vec<Transformed> = told(&happened, [PALLET, "Transformed"])?;
        let commissioned = commissioned.into_iter().map(|(lot, ..)| lot);
        let transformed = transformed.into_iter().map(|(_, lot, _)| lot);
        Ok(commissioned.chain(transformed).collect())
    }

    /// What the chain would refuse a deed with now if the account signed it.
    pub async fn explain_move(&self, account: &AccountId, deed: &Deed) -> Result<(), ChainError> {
        let question = (account, self.encoded(deed).await?);
        self.ask(PALLET, "ProvenanceApi_explain_move", question)
            .await
    }

    /// The bytes of a call, as a transaction has it.
    async fn encoded(&self, deed: &Deed) -> Result<Vec<u8>, ChainError> {
        let block = self.block().await?;
        let pallet = block.metadata_ref().pallet_by_name(PALLET);
        let indices = pallet.and_then(|pallet| {
            let call = pallet.call_variant_by_name(deed.call)?;
            Some([pallet.call_index(), call.index])
        });
        let indices = indices.ok_or_else(|| {
            let call = deed.call;
            ChainError::NotCarriedOut(format!("the node has no call `{PALLET}.{call}`"))
        })?;
        Ok([&indices[..], &deed.arguments[..]].concat())
    }

    /// A lot by what is printed on its packs.
    pub async fn provenance_lot(
        &self,
        gtin: Gtin,
        number: LotNumber,
    ) -> Result<Option<LotInfo>, ChainError> {
        let question = (gtin.as_u64(), as_text(number.as_bytes()));
        let answer = self.ask(PALLET, "ProvenanceApi_lot", question).await;
        known(answer, &["LotNotFound", "ProductNotFound"])
    }

    /// A lot by its number on the chain.
    pub async fn provenance_numbered_lot(&self, lot: LotId) -> Result<Option<Lot>, ChainError> {
        let block = self.block().await?;
        let key = vec![Value::u128(lot.0.into())];
        let found = block.storage().try_fetch((PALLET, "Lots"), key).await;
        let found = found.map_err(|error| ChainError::NoAnswer(error.to_string()))?;
        found
            .map(|lot| Lot::decode_all(&mut lot.bytes()).map_err(|_| ChainError::Unintelligible))
            .transpose()
    }

    /// Where a pack is and how it got there. Refused with the reason if the chain cannot tell.
    pub async fn trace(
        &self,
        gtin: Gtin,
        serial: Serial,
        proof: Option<(LotNumber, InclusionProof)>,
    ) -> Result<Trace, ChainError> {
        let (lot, proof) = proof.unzip();
        let lot = lot.map(|lot| as_text(lot.as_bytes()));
        let question = (gtin.as_u64(), as_text(serial.as_bytes()), lot, proof);
        self.ask(PALLET, "ProvenanceApi_trace", question).await
    }

    /// A container.
    pub async fn provenance_container(
        &self,
        key: &ContainerKey,
    ) -> Result<Option<Container>, ChainError> {
        let name = container_name(key);
        let answer = self.ask(PALLET, "ProvenanceApi_container", name).await;
        known(answer, &["ContainerNotFound"])
    }

    /// All that is directly in a container.
    pub async fn contents_of(&self, key: &ContainerKey) -> Result<Vec<Unit>, ChainError> {
        let name = container_name(key);
        let mut units = Vec::new();
        let mut after: Option<Child> = None;
        loop {
            let question: (&ContainerName, Option<Child>, u32) = (&name, after, MAX_PAGE);
            let page: ContentsPage = self.ask(PALLET, "ProvenanceApi_contents", question).await?;
            units.extend(page.children);
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(units),
            }
        }
    }

    /// A shipment.
    pub async fn provenance_shipment(
        &self,
        shipment: ShipmentId,
    ) -> Result<Option<Shipment>, ChainError> {
        self.call("ProvenanceApi_shipment", shipment).await
    }

    /// A trading partner.
    pub async fn partner(&self, org: OrgId) -> Result<Option<Partner>, ChainError> {
        self.call("ProvenanceApi_partner", org).await
    }

    /// The trading partner with this location number.
    pub async fn partner_by_gln(&self, gln: Gln) -> Result<Option<OrgId>, ChainError> {
        self.call("ProvenanceApi_partner_by_gln", gln.as_u64())
            .await
    }

    /// An organisation's event with this hash.
    pub async fn event_by_hash(
        &self,
        org: OrgId,
        hash: H256,
    ) -> Result<Option<EventId>, ChainError> {
        self.call("ProvenanceApi_event_by_hash", (org, hash)).await
    }

    /// An event.
    pub async fn provenance_event(
        &self,
        event: EventId,
    ) -> Result<Option<RecordedEvent>, ChainError> {
        self.call("ProvenanceApi_event", event).await
    }

    /// The premises with this location number.
    pub async fn site_by_gln(&self, gln: Gln) -> Result<Option<SiteId>, ChainError> {
        // The consortium keeps location numbers as 13 digits.
        self.call("ConsortiumApi_site_by_gln", gln.digits()).await
    }

    /// Premises.
    pub async fn site(&self, site: SiteId) -> Result<Option<SiteInfo>, ChainError> {
        self.call("ConsortiumApi_site", site).await
    }
}

/// A text of the chain. Serials and lot numbers are shorter than it may be.
fn as_text(bytes: &[u8]) -> Text {
    Text(bytes.to_vec().try_into().unwrap_or_default())
}

/// An answer, or `None` if it is that there is no such thing.
fn known<T>(answer: Result<T, ChainError>, unknown: &[&str]) -> Result<Option<T>, ChainError> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(error)
            if unknown
                .iter()
                .any(|name| error.is(&format!("{PALLET}.{name}"))) =>
        {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_of_a_deed_follow_each_other_in_scale() {
        let occurrence = Occurrence {
            site: SiteId(3),
            time: 5,
            hash: H256::repeat_byte(7),
        };
        let deed = Deed::void_shipment(ShipmentId(2), &occurrence);
        let arguments = [ShipmentId(2).encode(), occurrence.encode()].concat();
        assert_eq!(
            deed,
            Deed {
                call: "void_shipment",
                arguments
            }
        );
    }
}
