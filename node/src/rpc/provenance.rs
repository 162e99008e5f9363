//! `provenance_*`: asks where medicines are and whether they are genuine. Each method is the runtime
//! API's of the same name.
//!
//! GTINs, GLNs, serials and lot numbers are text here, as they are printed: all their digits, all
//! their characters. One that breaks a rule of GS1 never gets to the chain, and neither does a scan
//! that does; the answer says which.

use super::Mirror;
use crate::service::Hash;
use axonic_gs1::{Gln, Gtin, LotNumber, Scan, Serial};
use axonic_primitives::{merkle::InclusionProof, AccountId, OrgId};
use jsonrpsee::{
    core::RpcResult,
    proc_macros::rpc,
    types::{error::INVALID_PARAMS_CODE, ErrorObjectOwned},
};
use pallet_drug_provenance::{
    runtime_api::ProvenanceApi,
    types::{
        Alert, AlertId, Child, Container, ContainerKey, ContainerName, ContentsPage, Discrepancy,
        EventId, Investigation, InvestigationId, LotInfo, LotReach, PackAnswer, PackClaim, Partner,
        Product, RecordedEvent, Shipment, ShipmentId, Text, Trace, VerificationId,
        VerificationInfo,
    },
};
use sp_core::{Bytes, H256};
use std::{fmt::Display, str::FromStr};

/// The methods. `block` is the hash of the block to ask at; without it, the best block.
#[rpc(server, namespace = "provenance")]
pub trait Provenance {
    /// What a scanner is told of a pack. `scan` is an element string or a GS1 Digital Link as the
    /// scanner reads it, FNC1 as U+001D; `proof` is that of the serial in its lot.
    #[method(name = "verifyPack", blocking)]
    fn verify_pack(
        &self,
        scan: String,
        proof: Option<InclusionProof>,
        block: Option<Hash>,
    ) -> RpcResult<PackAnswer>;

    /// What such a scan says, in the form that calls take.
    #[method(name = "readScan", blocking)]
    fn read_scan(&self, scan: String, block: Option<Hash>) -> RpcResult<PackClaim>;

    /// Where a pack is and how it got there. `lot` and `proof` are needed for a pack that was never
    /// handled alone.
    #[method(name = "trace", blocking)]
    fn trace(
        &self,
        gtin: String,
        serial: String,
        lot: Option<String>,
        proof: Option<InclusionProof>,
        block: Option<Hash>,
    ) -> RpcResult<Trace>;

    /// A page of what is directly in a container, after `after`, 256 at most.
    #[method(name = "contents", blocking)]
    fn contents(
        &self,
        container: ContainerKey,
        after: Option<Child>,
        limit: u32,
        block: Option<Hash>,
    ) -> RpcResult<ContentsPage>;

    /// Who has how many packs of a lot. `from` is what the page before gave as `next`.
    #[method(name = "whereIsLot", blocking)]
    fn where_is_lot(
        &self,
        gtin: String,
        number: String,
        from: Option<u32>,
        block: Option<Hash>,
    ) -> RpcResult<LotReach>;

    /// One request for verification.
    #[method(name = "verification", blocking)]
    fn verification(
        &self,
        verification: VerificationId,
        block: Option<Hash>,
    ) -> RpcResult<Option<VerificationInfo>>;

    /// A page of the requests for verification that wait for the organisation's answer, after
    /// `after`, 256 at most.
    #[method(name = "pendingVerifications", blocking)]
    fn pending_verifications(
        &self,
        org: OrgId,
        after: Option<VerificationId>,
        limit: u32,
        block: Option<Hash>,
    ) -> RpcResult<Vec<VerificationInfo>>;

    /// A page of those that it should have answered by now, after `after`, 256 at most.
    #[method(name = "overdueVerifications", blocking)]
    fn overdue_verifications(
        &self,
        org: OrgId,
        after: Option<VerificationId>,
        limit: u32,
        block: Option<Hash>,
    ) -> RpcResult<Vec<VerificationInfo>>;

    /// What an organisation is authorised to do as a trading partner.
    #[method(name = "partner", blocking)]
    fn partner(&self, org: OrgId, block: Option<Hash>) -> RpcResult<Option<Partner>>;

    /// Whose a party's location number is.
    #[method(name = "partnerByGln", blocking)]
    fn partner_by_gln(&self, gln: String, block: Option<Hash>) -> RpcResult<Option<OrgId>>;

    /// One product.
    #[method(name = "product", blocking)]
    fn product(&self, gtin: String, block: Option<Hash>) -> RpcResult<Option<Product>>;

    /// One lot, by what is printed on its packs.
    #[method(name = "lot", blocking)]
    fn lot(&self, gtin: String, number: String, block: Option<Hash>) -> RpcResult<LotInfo>;

    /// One container.
    #[method(name = "container", blocking)]
    fn container(&self, container: ContainerKey, block: Option<Hash>) -> RpcResult<Container>;

    /// One shipment.
    #[method(name = "shipment", blocking)]
    fn shipment(&self, shipment: ShipmentId, block: Option<Hash>) -> RpcResult<Option<Shipment>>;

    /// What was wrong with a shipment, each with its number.
    #[method(name = "discrepancies", blocking)]
    fn discrepancies(
        &self,
        shipment: ShipmentId,
        block: Option<Hash>,
    ) -> RpcResult<Vec<(u32, Discrepancy)>>;

    /// One investigation.
    #[method(name = "investigation", blocking)]
    fn investigation(
        &self,
        investigation: InvestigationId,
        block: Option<Hash>,
    ) -> RpcResult<Option<Investigation>>;

    /// A page of the alerts, after `after`, 256 at most, each with its number.
    #[method(name = "alerts", blocking)]
    fn alerts(
        &self,
        after: Option<AlertId>,
        limit: u32,
        block: Option<Hash>,
    ) -> RpcResult<Vec<(AlertId, Alert)>>;

    /// One event.
    #[method(name = "event", blocking)]
    fn event(&self, event: EventId, block: Option<Hash>) -> RpcResult<Option<RecordedEvent>>;

    /// The event with this hash.
    #[method(name = "eventByHash", blocking)]
    fn event_by_hash(
        &self,
        org: OrgId,
        hash: H256,
        block: Option<Hash>,
    ) -> RpcResult<Option<EventId>>;

    /// Nothing, or the first error that the call, signed by `account`, would give. `call` is what
    /// the transaction would carry, encoded, in hexadecimal.
    #[method(name = "explainMove", blocking)]
    fn explain_move(&self, account: AccountId, call: Bytes, block: Option<Hash>) -> RpcResult<()>;
}

/// Answers from the runtime.
pub struct Provenance(pub Mirror);

/// A parameter breaks this rule.
fn invalid(parameter: &str, rule: impl Display) -> ErrorObjectOwned {
    let message = format!("`{parameter}`: {rule}");
    ErrorObjectOwned::owned(INVALID_PARAMS_CODE, message, None::<()>)
}

/// Reads a parameter that GS1 has rules for.
fn read<Key: FromStr<Err = axonic_gs1::Error>>(parameter: &str, text: &str) -> RpcResult<Key> {
    Key::from_str(text).map_err(|error| invalid(parameter, error))
}

/// The scan of a pack as questions to the chain carry it.
fn pack_scan(scan: String) -> RpcResult<Vec<u8>> {
    let read = Scan::parse(&scan).map_err(|error| invalid("scan", error))?;
    if read.gtin.is_none() || read.serial.is_none() || read.lot.is_none() {
        let rule = "a scan of a pack has its GTIN (01), its serial (21) and its lot (10)";
        return Err(invalid("scan", rule));
    }
    Ok(scan.into_bytes())
}

fn gtin_of(text: &str) -> RpcResult<u64> {
    Ok(read::<Gtin>("gtin", text)?.as_u64())
}

fn lot_number(parameter: &str, text: &str) -> RpcResult<Text> {
    Ok(to_text(read::<LotNumber>(parameter, text)?.as_bytes()))
}

/// A serial or lot number as questions to the chain carry it.
fn to_text(characters: &[u8]) -> Text {
    let characters = characters.to_vec().try_into();
    Text(characters.expect("what GS1 allows is shorter; qed"))
}

fn name_of(container: &ContainerKey) -> ContainerName {
    match container {
        ContainerKey::Sscc(sscc) => ContainerName::Sscc(sscc.as_u64()),
        ContainerKey::Sgtin { gtin, serial } => ContainerName::Sgtin {
            gtin: gtin.as_u64(),
            serial: to_text(serial.as_bytes()),
        },
    }
}

impl ProvenanceServer for Provenance {
    fn verify_pack(
        &self,
        scan: String,
        proof: Option<InclusionProof>,
        block: Option<Hash>,
    ) -> RpcResult<PackAnswer> {
        let scan = pack_scan(scan)?;
        self.0
            .ask_permission(block, |api, block| api.verify_pack(block, scan, proof))
    }

    fn read_scan(&self, scan: String, block: Option<Hash>) -> RpcResult<PackClaim> {
        let scan = pack_scan(scan)?;
        self.0
            .ask_permission(block, |api, block| api.read_scan(block, scan))
    }

    fn trace(
        &self,
        gtin: String,
        serial: String,
        lot: Option<String>,
        proof: Option<InclusionProof>,
        block: Option<Hash>,
    ) -> RpcResult<Trace> {
        let gtin = gtin_of(&gtin)?;
        let serial = to_text(read::<Serial>("serial", &serial)?.as_bytes());
        let lot = lot.map(|lot| lot_number("lot", &lot)).transpose()?;
        self.0.ask_permission(block, |api, block| {
            api.trace(block, gtin, serial, lot, proof)
        })
    }

    fn contents(
        &self,
        container: ContainerKey,
        after: Option<Child>,
        limit: u32,
        block: Option<Hash>,
    ) -> RpcResult<ContentsPage> {
        self.0.ask_permission(block, |api, block| {
            api.contents(block, name_of(&container), after, limit)
        })
    }

    fn where_is_lot(
        &self,
        gtin: String,
        number: String,
        from: Option<u32>,
        block: Option<Hash>,
    ) -> RpcResult<LotReach> {
        let (gtin, number) = (gtin_of(&gtin)?, lot_number("number", &number)?);
        self.0.ask_permission(block, |api, block| {
            api.where_is_lot(block, gtin, number, from)
        })
    }

    fn verification(
        &self,
        verification: VerificationId,
        block: Option<Hash>,
    ) -> RpcResult<Option<VerificationInfo>> {
        self.0
            .ask(block, |api, block| api.verification(block, verification))
    }

    fn pending_verifications(
        &self,
        org: OrgId,
        after: Option<VerificationId>,
        limit: u32,
        block: Option<Hash>,
    ) -> RpcResult<Vec<VerificationInfo>> {
        self.0.ask(block, |api, block| {
            api.pending_verifications(block, org, after, limit)
        })
    }

    fn overdue_verifications(
        &self,
        org: OrgId,
        after: Option<VerificationId>,
        limit: u32,
        block: Option<Hash>,
    ) -> RpcResult<Vec<VerificationInfo>> {
        self.0.ask(block, |api, block| {
            api.overdue_verifications(block, org, after, limit)
        })
    }

    fn partner(&self, org: OrgId, block: Option<Hash>) -> RpcResult<Option<Partner>> {
        self.0.ask(block, |api, block| api.partner(block, org))
    }

    fn partner_by_gln(&self, gln: String, block: Option<Hash>) -> RpcResult<Option<OrgId>> {
        let gln = read::<Gln>("gln", &gln)?.as_u64();
        self.0
            .ask(block, |api, block| api.partner_by_gln(block, gln))
    }

    fn product(&self, gtin: String, block: Option<Hash>) -> RpcResult<Option<Product>> {
        let gtin = gtin_of(&gtin)?;
        self.0
            .ask_permission(block, |api, block| api.product(block, gtin))
    }

    fn lot(&self, gtin: String, number: String, block: Option<Hash>) -> RpcResult<LotInfo> {
        let (gtin, number) = (gtin_of(&gtin)?, lot_number("number", &number)?);
        self.0
            .ask_permission(block, |api, block| api.lot(block, gtin, number))
    }

    fn container(&self, container: ContainerKey, block: Option<Hash>) -> RpcResult<Container> {
        self.0.ask_permission(block, |api, block| {
            api.container(block, name_of(&container))
        })
    }

    fn shipment(&self, shipment: ShipmentId, block: Option<Hash>) -> RpcResult<Option<Shipment>> {
        self.0
            .ask(block, |api, block| api.shipment(block, shipment))
    }

    fn discrepancies(
        &self,
        shipment: ShipmentId,
        block: Option<Hash>,
    ) -> RpcResult<Vec<(u32, Discrepancy)>> {
        self.0
            .ask(block, |api, block| api.discrepancies(block, shipment))
    }

    fn investigation(
        &self,
        investigation: InvestigationId,
        block: Option<Hash>,
    ) -> RpcResult<Option<Investigation>> {
        self.0
            .ask(block, |api, block| api.investigation(block, investigation))
    }

    fn alerts(
        &self,
        after: Option<AlertId>,
        limit: u32,
        block: Option<Hash>,
    ) -> RpcResult<Vec<(AlertId, Alert)>> {
        self.0
            .ask(block, |api, block| api.alerts(block, after, limit))
    }

    fn event(&self, event: EventId, block: Option<Hash>) -> RpcResult<Option<RecordedEvent>> {
        self.0.ask(block, |api, block| api.event(block, event))
    }

    fn event_by_hash(
        &self,
        org: OrgId,
        hash: H256,
        block: Option<Hash>,
    ) -> RpcResult<Option<EventId>> {
        self.0
            .ask(block, |api, block| api.event_by_hash(block, org, hash))
    }

    fn explain_move(&self, account: AccountId, call: Bytes, block: Option<Hash>) -> RpcResult<()> {
        self.0
            .ask_permission(block, |api, block| api.explain_move(block, account, call.0))
    }
}
