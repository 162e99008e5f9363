//! Tests by subject. Every call that a test makes is explained first, and the explanation has to be
//! what comes of it: see `mock::act`.

mod aggregate;
mod commission;
mod decommission;
mod deeds;
mod dispense;
mod encodings;
mod events;
mod explain;
mod invariants;
mod investigate;
mod model;
mod partners;
mod products;
mod prune;
mod reads;
mod recall;
mod receive;
mod rules;
mod ship;
mod storage;
mod stories;
mod undo;
mod verify;

/// What the tests of the calls say.
const SAID: [&str; 14] = [
    include_str!("aggregate.rs"),
    include_str!("commission.rs"),
    include_str!("decommission.rs"),
    include_str!("dispense.rs"),
    include_str!("events.rs"),
    include_str!("investigate.rs"),
    include_str!("partners.rs"),
    include_str!("products.rs"),
    include_str!("prune.rs"),
    include_str!("recall.rs"),
    include_str!("receive.rs"),
    include_str!("ship.rs"),
    include_str!("undo.rs"),
    include_str!("verify.rs"),
];

/// The tests of the calls name every error. That the call gives it is for these tests to assert: no
/// test runs after all others and sees what they were told.
#[test]
fn every_error_is_named_by_a_test() {
    use scale_info::{TypeDef, TypeInfo};
    let errors = crate::Error::<crate::mock::Test>::type_info().type_def;
    let TypeDef::Variant(errors) = errors else {
        panic!("errors are variants")
    };
    let said = SAID.concat();
    let is_said = |name: &str| {
        // As an error, or as readers are told.
        let forms = ["Error::", "Error::<Test>::", "told(\""].map(|before| {
            let form = format!("{before}{name}");
            said.match_indices(&form).any(|(at, _)| {
                let next = said[at + form.len()..].chars().next();
                !next.is_some_and(char::is_alphanumeric)
            })
        });
        forms.contains(&true)
    };
    let names = errors.variants.iter().map(|variant| variant.name);
    let names = names.filter(|name| !name.starts_with("__"));
    let untested: Vec<_> = names.filter(|name| !is_said(name)).collect();
    assert!(untested.is_empty(), "no test names {untested:?}");
}
