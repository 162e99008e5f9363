//! Between hospital systems, which speak FHIR, the systems of those who trade in medicines, which
//! speak EPCIS, and an Axonic Chain node, which speaks SCALE.
//!
//! - [`fhir`] turns FHIR resources (R4 or R5) into what the chain keeps of them, or says exactly
//!   why it cannot. Pure functions: no I/O, no clock, no randomness.
//! - [`epcis`] turns EPCIS events of medicine packs into calls, and histories of packs into EPCIS
//!   documents. Pure but for what it asks of the chain, which is behind a trait.
//! - [`directory`] knows which FHIR reference is which patient, organisation, practitioner or
//!   credential on the chain, and turns references and codes into commitments.
//! - [`store`] keeps documents and the salts of their commitments, encrypted, and destroys them.
//! - [`chain`] is the only module that knows how a node is spoken to.
//! - [`report`] says decisions in plain words.
//! - [`cli`] is the command `axonic-gateway`, which puts the six together.

pub mod chain;
pub mod cli;
pub mod directory;
pub mod epcis;
pub mod fhir;
pub mod report;
pub mod store;
