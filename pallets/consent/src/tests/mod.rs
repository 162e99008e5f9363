//! Tests by subject.

mod break_glass;
mod evaluate;
mod gate;
mod grant;
mod invariants;
mod model;
mod propose;
mod requests;
mod terms;
mod withdraw;
