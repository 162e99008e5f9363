//! What calls are given, before it is known to be valid.

use super::*;
use axonic_primitives::{data, Moment, OrgId, SiteId};
use frame_support::{traits::ConstU32, BoundedVec};
use sp_core::H256;

data! {
    /// When and where something happened, and the hash of the partner's own event.
    pub struct Occurrence {
        /// The premises, open and of the organisation that acts.
        pub site: SiteId,
        /// When, UTC milliseconds. Never later than the chain's clock.
        pub time: Moment,
        /// The CBV 2.0 event hash (section 8.9) of the partner's own event.
        pub hash: H256,
    }

    /// A lot to commission.
    pub struct LotDraft {
        /// The product: the GTIN's 14 digits read as a number.
        pub gtin: u64,
        /// The lot number.
        pub number: Text,
        /// The last day on which it may be used.
        pub expiry: DayDraft,
        /// How many packs it has.
        pub units: u32,
        /// The root of the tree of its serials. Without it, serials are listed one by one.
        pub serial_root: Option<H256>,
    }

    /// A day, before it is known to be one.
    pub struct DayDraft {
        /// The year, such as 2027.
        pub year: u16,
        /// The month, from 1.
        pub month: u8,
        /// The day of the month, from 1.
        pub day: u8,
    }

    /// What somebody calls a container.
    pub enum ContainerName {
        /// The SSCC's 18 digits read as a number.
        #[codec(index = 0)]
        Sscc(u64),
        /// A trade item that holds others.
        #[codec(index = 1)]
        Sgtin {
            /// The GTIN's 14 digits read as a number.
            gtin: u64,
            /// The serial.
            serial: Text,
        },
    }

    /// What somebody calls something that can be moved.
    pub enum UnitName {
        /// A container.
        #[codec(index = 0)]
        Container(ContainerName),
        /// Packs of a lot that follow each other.
        #[codec(index = 1)]
        Packs {
            /// Their lot.
            lot: LotId,
            /// The number of the first.
            first: u32,
            /// How many, at least 1.
            count: u32,
        },
    }

    /// Goods to ship.
    pub struct ShipmentDraft {
        /// Who is to have them.
        pub to: OrgId,
        /// What is to go.
        pub roots: BoundedVec<UnitName, ConstU32<MAX_ROOTS>>,
        /// What accompanies a change of ownership.
        pub transaction: Option<Transaction>,
        /// The hash of the purchase order's number and a salt.
        pub purchase_order: Option<H256>,
        /// The hash of the despatch advice's number and a salt.
        pub despatch_advice: Option<H256>,
    }

    /// A pack as somebody scanned it.
    pub struct PackClaim {
        /// The GTIN's 14 digits read as a number.
        pub gtin: u64,
        /// The serial.
        pub serial: Text,
        /// The lot number.
        pub lot: Text,
        /// The last day on which it may be used, if the code says.
        pub expiry: Option<DayDraft>,
    }

    /// What is suspect, as somebody calls it.
    pub enum SubjectName {
        /// A whole lot.
        #[codec(index = 0)]
        Lot(LotId),
        /// A container or packs.
        #[codec(index = 1)]
        Unit(UnitName),
    }

    /// What can be pruned.
    pub enum Prunable {
        /// An answered request for verification.
        #[codec(index = 0)]
        Verification(VerificationId),
        /// A closed investigation that cleared its subject.
        #[codec(index = 1)]
        Investigation(InvestigationId),
        /// An alert.
        #[codec(index = 2)]
        Alert(AlertId),
    }
}
