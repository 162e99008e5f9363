//! Between hospital systems, which speak FHIR, and an Axonic Chain node, which speaks SCALE.
//!
//! - [`fhir`] turns a FHIR `Consent` (R4 or R5) into the terms the chain keeps, or says exactly why
//!   it cannot. Pure functions: no I/O, no clock, no randomness.
//! - [`directory`] knows which FHIR reference is which patient, organisation or practitioner on the
//!   chain, and turns references and codes into commitments.
//! - [`chain`] is the only module that knows how a node is spoken to.
//! - [`report`] says decisions in plain words.
//! - [`cli`] is the command `axonic-gateway`, which puts the four together.

pub mod chain;
pub mod cli;
pub mod directory;
pub mod fhir;
pub mod report;
