//! Tests by subject. Every [`crate::Error`] is triggered in one of them.

mod access_logs;
mod contests;
mod disclose;
mod disclose_many;
mod encodings;
mod invariants;
mod prune;
mod reads;
mod refusals;
mod rules;
