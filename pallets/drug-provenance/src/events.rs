//! What the pallet says it did.

use frame_support::pallet_macros::pallet_section;

/// A part of the pallet's declaration, which stands in the crate's root.
#[pallet_section]
mod events {
    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    #[allow(missing_docs)] // Fields are named for the ids and codes they carry.
    pub enum Event<T: Config> {
        /// A trading partner was authorised, or its authorisation changed.
        PartnerAuthorised {
            org: OrgId,
            gln: Gln,
            licences: Codes<Licence>,
            until: Moment,
        },
        /// A trading partner's authorisation was withdrawn.
        PartnerWithdrawn { org: OrgId },
        /// A product was registered.
        ProductRegistered {
            gtin: Gtin,
            owner: OrgId,
            schedule: Option<Schedule>,
        },
        /// No more lots of a product can be commissioned.
        ProductRetired { gtin: Gtin },
        /// A lot was commissioned: with all its packs, or to have its serials listed.
        LotCommissioned {
            lot: LotId,
            gtin: Gtin,
            number: LotNumber,
            units: u32,
            serials: Serials,
            event: EventId,
        },
        /// Serials of a lot were listed: its packs from `first` on.
        ItemsCommissioned {
            lot: LotId,
            first: u32,
            count: u32,
            event: EventId,
        },
        /// Things were put into a container.
        Aggregated {
            container: ContainerKey,
            children: Vec<Unit>,
            event: EventId,
        },
        /// Things were taken out of a container.
        Disaggregated {
            container: ContainerKey,
            children: Vec<Unit>,
            event: EventId,
        },
        /// A container was sealed, or opened.
        SealChanged {
            container: ContainerKey,
            sealed: bool,
            event: EventId,
        },
        /// Goods are on their way.
        Shipped {
            shipment: ShipmentId,
            from: OrgId,
            to: OrgId,
            direction: Direction,
            roots: Vec<Unit>,
            event: EventId,
        },
        /// The sender took a shipment back.
        ShipmentVoided {
            shipment: ShipmentId,
            event: EventId,
        },
        /// The consignee has the goods, but for what is missing.
        Received {
            shipment: ShipmentId,
            missing: Vec<Unit>,
            extra: Vec<Unit>,
            event: EventId,
        },
        /// A discrepancy came to an end.
        DiscrepancyResolved {
            shipment: ShipmentId,
            number: u32,
            resolution: Resolution,
            event: EventId,
        },
        /// A pack was supplied to the public.
        Dispensed {
            lot: LotId,
            index: u32,
            org: OrgId,
            event: EventId,
        },
        /// Part of a pack was supplied to the public.
        PartiallyDispensed {
            lot: LotId,
            index: u32,
            org: OrgId,
            event: EventId,
        },
        /// A pack's decommissioning was undone.
        Undone {
            lot: LotId,
            index: u32,
            event: EventId,
        },
        /// Packs or empty containers left the chain.
        Decommissioned {
            units: Vec<Unit>,
            reason: DecommissionReason,
            event: EventId,
        },
        /// A theft was reported.
        StolenReported { units: Vec<Unit>, event: EventId },
        /// Packs were packed again, as those of another lot.
        Transformed {
            inputs: Vec<Unit>,
            lot: LotId,
            event: EventId,
        },
        /// A partner asks whether a pack is genuine.
        VerificationRequested {
            verification: VerificationId,
            requester: OrgId,
            responder: OrgId,
        },
        /// The owner of the product answered.
        VerificationAnswered {
            verification: VerificationId,
            answer: VerificationAnswer,
        },
        /// Something is suspect, and held.
        InvestigationOpened {
            investigation: InvestigationId,
            subject: Subject,
        },
        /// An investigation came to an end.
        InvestigationClosed {
            investigation: InvestigationId,
            outcome: Outcome,
        },
        /// A lot is held.
        LotQuarantined { lot: LotId },
        /// A lot is recalled or withdrawn.
        LotRecalled { lot: LotId, kind: RecallKind },
        /// A lot may move again.
        RecallLifted { lot: LotId },
        /// Whoever recorded an event says that it is wrong.
        ErrorDeclared {
            event: EventId,
            reason: ErrorReason,
            corrective: Option<H256>,
        },
        /// Somebody scanned a pack that is not what it should be.
        AlertRaised {
            alert: AlertId,
            org: OrgId,
            verdict: Verdict,
        },
        /// What was closed long ago was removed.
        Pruned { what: Prunable },
    }
}
