//! How the pallets are wired, one module a concern.

pub mod accounts;
pub mod audit;
pub mod consensus;
pub mod consent;
pub mod consortium;
pub mod credentials;
pub mod drug_provenance;
pub mod fees;
pub mod governance;
pub mod health_records;
pub mod patient_identity;
pub mod safety;
pub mod system;
