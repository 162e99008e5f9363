//! EPCIS 2.0 (and EPCIS 1.2 XML) as the chain keeps it: which calls an event becomes, and how a
//! pack's history is told.
//!
//! - [`Document::parse`] reads a file and refuses what breaks a rule of EPCIS, CBV or GS1, with the
//!   path and the rule. Both forms are read as the JSON of EPCIS 2.0, checked by one schema
//!   (`schema`), read into events (`document`), and checked by the rules that a schema does not
//!   tell (`rules`).
//! - [`hash`] computes the CBV event hash, by which the chain knows an event.
//! - [`mapping`] turns events into [`plan`]s, with what it asks of the chain behind a trait,
//!   [`ledger`], and the serials of lots behind roots in [`serials`].
//! - [`export`] tells a pack's history as an EPCIS 2.0 document.

mod canonical;
mod document;
mod event;
pub mod export;
pub mod hash;
mod identifier;
pub mod ledger;
pub mod mapping;
mod names;
pub mod plan;
mod rules;
mod schema;
pub mod serials;
mod source;
#[cfg(test)]
mod tests;
mod vocabulary;
mod xml;

pub(crate) use plan::container_name;

pub(crate) use event::event_id;

pub use event::{
    Action, Document, ErrorDeclaration, Event, Extension, Kind, Location, Part, Quantity, Sensor,
    Typed,
};

/// A file with more bytes than this is refused. An event of one pack takes some 500 bytes in JSON.
pub const MAX_BYTES: usize = 32 * 1024 * 1024;
