//! How the pallets are wired, one module a concern.

pub mod accounts;
pub mod consensus;
pub mod consent;
pub mod consortium;
pub mod fees;
pub mod governance;
pub mod patient_identity;
pub mod safety;
pub mod system;
