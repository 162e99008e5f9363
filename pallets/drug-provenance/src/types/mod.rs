//! What is stored, sent and shown.

mod answers;
mod codes;
mod goods;
mod ids;
mod inputs;
mod movements;

pub use answers::*;
pub use codes::*;
pub use goods::*;
pub use ids::*;
pub use inputs::*;
pub use movements::*;

use axonic_primitives::Moment;

/// A lot has at most this many packs: what one tree of serials can hold.
pub const MAX_UNITS: u32 = axonic_primitives::merkle::MAX_LEAVES;
/// One call commissions at most this many listed serials.
pub const MAX_SERIALS: u32 = 256;
/// One call puts at most this many things into a container or takes them out of it. Packs of a lot
/// that follow each other are one thing.
pub const MAX_CHILDREN: u32 = 256;
/// A shipment has at most this many outermost containers and loose runs of packs: a lorry carries
/// 33 pallets.
pub const MAX_ROOTS: u32 = 64;
/// One call names at most this many things that are missing, too many, stolen or taken off the
/// market.
pub const MAX_NAMED: u32 = 64;
/// A container holds packs of at most this many lots, so that whoever ships it learns of a recall
/// without opening it.
pub const MAX_LOTS: u32 = 16;
/// Containers are nested at most this deep: bundle, case, layer, pallet, load.
pub const MAX_DEPTH: u8 = 5;
/// What is typed or scanned is read up to this length, so that what is too long for a serial or a
/// lot number can be refused with a reason.
pub const MAX_TEXT: u32 = 64;
/// Readers get at most this many things at once.
pub const MAX_PAGE: u32 = 256;
/// One call prunes at most this many things.
pub const MAX_PRUNED: u32 = 64;

/// A decommissioning can be undone for this long: ten days (EU 2016/161 Art. 13(1)(b)).
pub const UNDO_WINDOW: Moment = 10 * DAY;
/// A request for verification is answered within this long: 24 hours (21 USC 360eee-1(b)(4)(C)).
pub const VERIFICATION_PERIOD: Moment = DAY;
/// An investigation is to be closed within this long: ten days. No statute sets a number; this
/// one is the consortium's.
pub const INVESTIGATION_PERIOD: Moment = 10 * DAY;
/// What is closed is kept for at least this long: six years (21 USC 360eee-1(b)(1)(A)).
pub const RETENTION: Moment = 6 * 366 * DAY;
const DAY: Moment = 24 * 60 * 60 * 1000;
