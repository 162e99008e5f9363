//! What others may read.

use crate::types::{
    Alert, AlertId, Child, Container, ContainerName, ContentsPage, Discrepancy, EventId,
    Investigation, InvestigationId, LotInfo, LotReach, PackAnswer, PackClaim, Partner, Product,
    RecordedEvent, Shipment, ShipmentId, Text, Trace, VerificationId, VerificationInfo,
};
use alloc::vec::Vec;
use axonic_primitives::{merkle::InclusionProof, AccountId, OrgId, Refusal};
use sp_core::H256;

sp_api::decl_runtime_apis! {
    /// Asks where medicines are, how they got there and whether they are genuine.
    ///
    /// GTINs and GLNs are their digits read as a number. Times are UTC milliseconds.
    pub trait ProvenanceApi {
        /// What a scanner is told of a pack. `scan` is what the scanner read: a GS1 element string
        /// or a GS1 Digital Link URI, with GTIN, serial and lot and perhaps the expiration date.
        ///
        /// A pack of a lot behind a root that was never handled alone is `Unproven` without the
        /// proof. `ScanUnreadable` if it is neither, `ScanIncomplete` if one of the three is not in
        /// it, `InvalidGtin` if a check digit is wrong, `InvalidDate` if there is no such day.
        fn verify_pack(
            scan: Vec<u8>,
            proof: Option<InclusionProof>,
        ) -> Result<PackAnswer, Refusal>;

        /// The scan as calls want it. Refused as by `verify_pack`.
        fn read_scan(scan: Vec<u8>) -> Result<PackClaim, Refusal>;

        /// Where a pack is and how it got there: its latest 256 events, in the order they were
        /// recorded. Lot and proof are needed only for a pack that was never handled alone:
        /// `ProofMissing` without.
        fn trace(
            gtin: u64,
            serial: Text,
            lot: Option<Text>,
            proof: Option<InclusionProof>,
        ) -> Result<Trace, Refusal>;

        /// What is directly in a container, in no particular order. Continues after `after`;
        /// `limit` is at most 256.
        fn contents(
            container: ContainerName,
            after: Option<Child>,
            limit: u32,
        ) -> Result<ContentsPage, Refusal>;

        /// Who has how many packs of a lot. One answer reads at most 1,024 runs of packs; `next`
        /// in it says where to continue.
        fn where_is_lot(
            gtin: u64,
            number: Text,
            from: Option<u32>,
        ) -> Result<LotReach, Refusal>;

        /// A request for verification, answered or not, unless it was pruned.
        fn verification(verification: VerificationId) -> Option<VerificationInfo>;

        /// The requests for verification that wait for the organisation's answer, in the order
        /// they were made. Continues after `after`; `limit` is at most 256.
        fn pending_verifications(
            org: OrgId,
            after: Option<VerificationId>,
            limit: u32,
        ) -> Vec<VerificationInfo>;

        /// Those of them that it should have answered by now. Continues after `after`; `limit` is
        /// at most 256.
        fn overdue_verifications(
            org: OrgId,
            after: Option<VerificationId>,
            limit: u32,
        ) -> Vec<VerificationInfo>;

        /// The organisation as a trading partner, also when its authorisation has run out.
        fn partner(org: OrgId) -> Option<Partner>;

        /// Whose this party location number is.
        fn partner_by_gln(gln: u64) -> Option<OrgId>;

        /// A product. `InvalidGtin` if there can be none.
        fn product(gtin: u64) -> Result<Option<Product>, Refusal>;

        /// A lot, by what is printed on its packs.
        fn lot(gtin: u64, number: Text) -> Result<LotInfo, Refusal>;

        /// A container.
        fn container(container: ContainerName) -> Result<Container, Refusal>;

        /// A shipment.
        fn shipment(shipment: ShipmentId) -> Option<Shipment>;

        /// What was wrong with a shipment, with the number by which it is resolved.
        fn discrepancies(shipment: ShipmentId) -> Vec<(u32, Discrepancy)>;

        /// An investigation.
        fn investigation(investigation: InvestigationId) -> Option<Investigation>;

        /// Alerts in the order they were raised. Continues after `after`; `limit` is at most 256.
        fn alerts(after: Option<AlertId>, limit: u32) -> Vec<(AlertId, Alert)>;

        /// An event.
        fn event(event: EventId) -> Option<RecordedEvent>;

        /// The organisation's event with this CBV event hash.
        fn event_by_hash(org: OrgId, hash: H256) -> Option<EventId>;

        /// The first error that the call would give if `account` signed it now. `call` is the
        /// encoded call, as polkadot.js's `tx.method.toHex()` has it: one of this pallet's own, or
        /// the answer is `NotAProvenanceCall`.
        fn explain_move(account: AccountId, call: Vec<u8>) -> Result<(), Refusal>;
    }
}
