//! Tests by subject.

mod anchor;
mod batches;
mod correct;
mod custody;
mod dispute;
mod encodings;
mod invariants;
mod keep;
mod reads;
mod terms;
