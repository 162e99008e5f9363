//! Tests of the whole runtime: what only shows when the pallets are wired together.

mod apis;
mod chain;
mod fees;
mod journeys;
mod presets;
mod provenance;
mod records;
mod safe_mode;
