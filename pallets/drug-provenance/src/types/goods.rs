//! Partners, products, lots, and where their packs are.

use super::{
    Fate, InvestigationId, Licence, LotId, ProductStatus, RecallKind, Schedule, ShipmentId, StepId,
    MAX_LOTS,
};
use axonic_gs1::{Date, Gln, Gtin, LotNumber, Serial, Sscc};
use axonic_primitives::{data, Codes, Moment, OrgId, SiteId};
use frame_support::{traits::ConstU32, BoundedVec};
use sp_core::H256;

data! {
    /// A trading partner.
    pub struct Partner {
        /// The party's own location number (GS1 PGLN).
        pub gln: Gln,
        /// What it is authorised to do.
        pub licences: Codes<Licence>,
        /// Since when, without a break, UTC milliseconds. Authorised anew after it ran out or was
        /// withdrawn, a partner is under another authorisation.
        pub authorised_since: Moment,
        /// Until when, UTC milliseconds.
        pub authorised_until: Moment,
    }

    /// A medicine in one package size.
    pub struct Product {
        /// Whose it is.
        pub owner: OrgId,
        /// How strictly it is controlled, if it is.
        pub schedule: Option<Schedule>,
        /// Whether lots of it can be commissioned.
        pub status: ProductStatus,
    }

    /// Whether a lot may move.
    pub enum LotStatus {
        /// It may.
        #[codec(index = 0)]
        Active,
        /// It is held while something is looked into.
        #[codec(index = 1)]
        Quarantined,
        /// It comes back.
        #[codec(index = 2)]
        Recalled {
            /// How urgently.
            kind: RecallKind,
            /// Since when, UTC milliseconds.
            at: Moment,
        },
        /// It was taken off the market for good.
        #[codec(index = 3)]
        Withdrawn {
            /// Since when, UTC milliseconds.
            at: Moment,
        },
    }

    /// How a lot's serials are known.
    pub enum Serials {
        /// Behind the root of a tree: leaf `n` is the serial of pack `n`.
        #[codec(index = 0)]
        Root(H256),
        /// Each one is on chain.
        #[codec(index = 1)]
        Listed,
    }

    /// A lot: packs of one product with one expiry. Its packs are numbered from 0.
    pub struct Lot {
        /// The product.
        pub gtin: Gtin,
        /// The number printed on its packs.
        pub number: LotNumber,
        /// The last day on which it may be used.
        pub expiry: Date,
        /// How many packs it was announced to have.
        pub units: u32,
        /// How many packs were commissioned; of a lot behind a root, all.
        pub commissioned: u32,
        /// How the serials are known.
        pub serials: Serials,
        /// Whether it may move.
        pub status: LotStatus,
        /// Whether an authority said so. Then only an authority lets it move again.
        pub by_authority: bool,
        /// How many packs left the chain, by [`Fate`].
        pub fates: [u32; 7],
        /// Whether somebody suspects the whole lot.
        pub hold: Option<InvestigationId>,
        /// The lots that its packs were made of, if they were packed again.
        pub sources: BoundedVec<LotId, ConstU32<MAX_LOTS>>,
        /// The latest step of what concerns all of it: how it was commissioned.
        pub log: StepId,
    }

    /// What a container is called.
    #[derive(PartialOrd, Ord)]
    pub enum ContainerKey {
        /// A logistic unit.
        #[codec(index = 0)]
        Sscc(Sscc),
        /// A trade item that holds others, such as a case.
        #[codec(index = 1)]
        Sgtin {
            /// The product that the case is.
            gtin: Gtin,
            /// The serial of the case.
            serial: Serial,
        },
    }

    /// Who has something that is in no container.
    pub struct Holding {
        /// Who answers for it.
        pub custodian: OrgId,
        /// At which premises it was last.
        pub site: SiteId,
        /// Who owns it.
        pub owner: OrgId,
        /// Who shipped it to the custodian, if anybody did.
        pub supplier: Option<OrgId>,
        /// The shipment it is on its way with, if it is.
        pub shipment: Option<ShipmentId>,
    }

    /// Where something is.
    pub enum Place {
        /// In no container. Only here is there a custodian, so there is exactly one.
        #[codec(index = 0)]
        Root(Holding),
        /// In a container.
        #[codec(index = 1)]
        Inside {
            /// Which.
            container: ContainerKey,
            /// The step of the container by which it came in.
            since: StepId,
        },
        /// Nowhere any more.
        #[codec(index = 2)]
        Gone {
            /// What became of it.
            fate: Fate,
            /// Who had it, and where.
            last: Holding,
            /// Since when, UTC milliseconds, by the chain's clock.
            at: Moment,
        },
    }

    /// Packs of a lot that follow each other and share where they are and what happened to them.
    /// The runs of a lot cover its commissioned packs without gap or overlap. Keyed by the last
    /// pack's number.
    pub struct Run {
        /// The number of the first pack.
        pub first: u32,
        /// Where they are.
        pub place: Place,
        /// Whether part of its content was dispensed. Such a run has one pack.
        pub partially_dispensed: bool,
        /// The investigation that holds them, if one does.
        pub hold: Option<InvestigationId>,
        /// The latest step of their history.
        pub log: StepId,
    }

    /// How many packs of a lot something holds.
    pub struct LotCount {
        /// The lot.
        pub lot: LotId,
        /// How many, never 0.
        pub packs: u32,
    }

    /// Something that holds packs or other containers.
    pub struct Container {
        /// Where it is.
        pub place: Place,
        /// How many packs and containers are directly in it.
        pub children: u32,
        /// How many levels of containers there are at most, counting this one.
        pub depth: u8,
        /// Whether it is sealed: nothing goes in or out.
        pub sealed: bool,
        /// How many packs of which lots are in it, at any depth, ordered by lot.
        pub lots: BoundedVec<LotCount, ConstU32<MAX_LOTS>>,
        /// How many runs and containers in it, at any depth, an investigation holds.
        pub holds: u32,
        /// The investigation that holds it, if one does.
        pub hold: Option<InvestigationId>,
        /// The latest step of its history.
        pub log: StepId,
    }

    /// What is directly in a container.
    #[derive(PartialOrd, Ord)]
    pub enum Child {
        /// Another container.
        #[codec(index = 0)]
        Container(ContainerKey),
        /// A run of packs.
        #[codec(index = 1)]
        Packs {
            /// Their lot.
            lot: LotId,
            /// The number of the last.
            last: u32,
        },
    }

    /// What a serial was given to.
    pub enum Commissioned {
        /// A pack.
        #[codec(index = 0)]
        Pack {
            /// Its lot.
            lot: LotId,
            /// Its number in the lot.
            index: u32,
        },
        /// A container.
        #[codec(index = 1)]
        Container,
    }
}
