//! Tests by subject.

mod accrediting;
mod distrusting;
mod encodings;
mod genesis;
mod invariants;
mod issuing;
mod keeping;
mod model;
mod reads;
mod rules;
mod seam;
