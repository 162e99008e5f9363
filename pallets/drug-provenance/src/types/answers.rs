//! What readers are answered.

use super::*;
use alloc::vec::Vec;
use axonic_primitives::{shown, Moment, OrgId, SiteId};

shown! {
    /// What a scanner is told.
    pub struct PackAnswer {
        /// What it comes to.
        pub verdict: Verdict,
        /// The pack as its code says.
        pub pack: PackCode,
        /// The lot, if it is known.
        pub lot: Option<LotId>,
        /// The pack's number in the lot, if it is known.
        pub index: Option<u32>,
        /// What the pack is, if it is known.
        pub disposition: Option<Disposition>,
        /// Who answers for it, if it is known.
        pub custodian: Option<OrgId>,
    }

    /// An event of something's history.
    pub struct TraceEntry {
        /// The event's number.
        pub id: EventId,
        /// The event.
        pub event: RecordedEvent,
        /// How many containers around the pack it happened to: 0 for the pack itself.
        pub level: u8,
    }

    /// Where a pack is and how it got there.
    pub struct Trace {
        /// Its lot.
        pub lot: LotId,
        /// Its number in the lot.
        pub index: u32,
        /// What it is.
        pub disposition: Disposition,
        /// The containers it is in, from the innermost.
        pub containers: Vec<ContainerKey>,
        /// Who has it, or had it last.
        pub holding: Holding,
        /// What happened, from the first.
        pub events: Vec<TraceEntry>,
        /// Whether there is more than fits, which is then what happened first.
        pub truncated: bool,
    }

    /// Who has how many packs of a lot.
    pub struct Holder {
        /// Who answers for them.
        pub org: OrgId,
        /// At which premises they were last.
        pub site: SiteId,
        /// Who they are on their way to, if they are.
        pub on_the_way_to: Option<OrgId>,
        /// How many.
        pub packs: u32,
    }

    /// Where a lot is: what a recall reaches.
    pub struct LotReach {
        /// The lot.
        pub lot: LotId,
        /// Who has how many.
        pub holders: Vec<Holder>,
        /// How many packs left the chain, by [`Fate`].
        pub fates: [u32; 7],
        /// The lots that were made of its packs.
        pub transformed_into: Vec<LotId>,
        /// Where to continue, if the lot lies in more runs than one answer reads.
        pub next: Option<u32>,
    }

    /// What is directly in a container.
    pub struct ContentsPage {
        /// The container.
        pub container: Container,
        /// A page of what is in it.
        pub children: Vec<Unit>,
        /// Where to continue.
        pub next: Option<Child>,
    }

    /// A request for verification, with its number and when it is due.
    pub struct VerificationInfo {
        /// Its number.
        pub id: VerificationId,
        /// The request.
        pub verification: Verification,
        /// When it is to be answered, UTC milliseconds.
        pub due: Moment,
    }

    /// A lot with its number.
    pub struct LotInfo {
        /// Its number.
        pub id: LotId,
        /// The lot.
        pub lot: Lot,
        /// Whether it has expired.
        pub expired: bool,
    }
}
