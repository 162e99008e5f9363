//! Between hospital systems, which speak FHIR, and an Axonic Chain node, which speaks SCALE.
//!
//! - [`fhir`] turns FHIR resources (R4 or R5) into what the chain keeps of them, or says exactly
//!   why it cannot. Pure functions: no I/O, no clock, no randomness.
//! - [`directory`] knows which FHIR reference is which patient, organisation, practitioner or
//!   credential on the chain, and turns references and codes into commitments.
//! - [`store`] keeps documents and the salts of their commitments, encrypted, and destroys them.
//! - [`chain`] is the only module that knows how a node is spoken to.
//! - [`report`] says decisions in plain words.
//! - [`cli`] is the command `axonic-gateway`, which puts the five together.

pub mod chain;
pub mod cli;
pub mod directory;
pub mod fhir;
pub mod report;
pub mod store;
