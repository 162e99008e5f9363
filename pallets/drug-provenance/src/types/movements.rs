//! What happened: events, shipments, verifications, investigations, alerts.

use super::*;
use axonic_gs1::{Date, Gtin, LotNumber, Serial};
use axonic_primitives::{data, Moment, OrgId, SiteId};
use frame_support::{traits::ConstU32, BoundedVec};
use sp_core::H256;

data! {
    /// Something that happened, once for all that it happened to.
    pub struct RecordedEvent {
        /// The CBV 2.0 event hash of the partner's own event (section 8.9), as it was given.
        pub hash: H256,
        /// What happened.
        pub kind: EventKind,
        /// Who recorded it.
        pub org: OrgId,
        /// Where it happened.
        pub site: SiteId,
        /// When it happened, as the partner says, UTC milliseconds.
        pub time: Moment,
        /// When it was recorded, by the chain's clock, UTC milliseconds.
        pub recorded_at: Moment,
        /// The shipment it was about, if any.
        pub shipment: Option<ShipmentId>,
        /// That whoever recorded it says that it is wrong.
        pub correction: Option<Correction>,
    }

    /// That an event is wrong (EPCIS 2.0 `ErrorDeclaration`).
    pub struct Correction {
        /// Why.
        pub reason: ErrorReason,
        /// When it was said, UTC milliseconds.
        pub at: Moment,
        /// The hash of the event that is right, if there is one.
        pub corrective: Option<H256>,
    }

    /// A step of something's history: an event, and what came before it.
    pub struct Step {
        /// The event.
        pub event: EventId,
        /// The step before.
        pub before: Option<StepId>,
        /// What happened to the container that the thing had been in until then: from the step by
        /// which it came in, to the latest of when it came out.
        pub within: Option<(StepId, StepId)>,
    }

    /// What accompanies a change of ownership (21 USC 360eee(26), (27)).
    pub struct Transaction {
        /// The hash of the transaction information.
        pub information: H256,
        /// That the sender makes the transaction statement.
        pub statement: bool,
    }

    /// What can be moved: a container with all that is in it, or packs that follow each other.
    pub enum Unit {
        /// A container.
        #[codec(index = 0)]
        Container(ContainerKey),
        /// Packs of a lot.
        #[codec(index = 1)]
        Packs {
            /// Their lot.
            lot: LotId,
            /// The number of the first.
            first: u32,
            /// The number of the last.
            last: u32,
        },
    }

    /// Goods on their way.
    pub struct Shipment {
        /// Who sends them.
        pub from: OrgId,
        /// Who is to have them.
        pub to: OrgId,
        /// On or back.
        pub direction: Direction,
        /// What is on its way.
        pub roots: BoundedVec<Unit, ConstU32<MAX_ROOTS>>,
        /// What accompanies a change of ownership. Without it, the owner stays the same.
        pub transaction: Option<Transaction>,
        /// The hash of the purchase order's number and a salt.
        pub purchase_order: Option<H256>,
        /// The hash of the despatch advice's number and a salt.
        pub despatch_advice: Option<H256>,
        /// When it was shipped, by the chain's clock, UTC milliseconds.
        pub shipped_at: Moment,
        /// When it came to its end, by the chain's clock, UTC milliseconds.
        pub ended_at: Option<Moment>,
        /// At which premises it was received, if it was.
        pub received_at: Option<SiteId>,
        /// Where it stands.
        pub status: ShipmentStatus,
        /// How many discrepancies there were.
        pub discrepancies: u32,
        /// How many of them are not resolved.
        pub unresolved: u32,
    }

    /// Something that was not as announced.
    pub struct Discrepancy {
        /// What was wrong.
        pub kind: DiscrepancyKind,
        /// With what.
        pub unit: Unit,
        /// How it came to an end, if it did.
        pub resolution: Option<Resolution>,
    }

    /// A pack as its code says, valid by GS1's rules.
    pub struct PackCode {
        /// The product.
        pub gtin: Gtin,
        /// The serial.
        pub serial: Serial,
        /// The lot.
        pub lot: LotNumber,
        /// The last day on which it may be used, if the code says.
        pub expiry: Option<Date>,
    }

    /// A partner asks the maker whether a pack is genuine.
    pub struct Verification {
        /// Who asks.
        pub requester: OrgId,
        /// Who is to answer: the owner of the product.
        pub responder: OrgId,
        /// The pack.
        pub pack: PackCode,
        /// When it was asked, UTC milliseconds.
        pub asked_at: Moment,
        /// What was answered, and when.
        pub answer: Option<(VerificationAnswer, Moment)>,
    }

    /// What is suspect.
    pub enum Subject {
        /// A whole lot.
        #[codec(index = 0)]
        Lot(LotId),
        /// Something that can be moved.
        #[codec(index = 1)]
        Unit(Unit),
    }

    /// An investigation of suspect product (21 USC 360eee-1(b)(4)(A)).
    pub struct Investigation {
        /// What is suspect.
        pub subject: Subject,
        /// Who suspects it.
        pub opened_by: OrgId,
        /// Since when, UTC milliseconds.
        pub opened_at: Moment,
        /// What was found, and when.
        pub outcome: Option<(Outcome, Moment)>,
    }

    /// That somebody scanned a pack that is not what it should be.
    pub struct Alert {
        /// The pack as its code says.
        pub pack: PackCode,
        /// What the scanner was told.
        pub verdict: Verdict,
        /// Who scanned it.
        pub org: OrgId,
        /// Where.
        pub site: SiteId,
        /// When, by the chain's clock, UTC milliseconds.
        pub at: Moment,
    }
}
