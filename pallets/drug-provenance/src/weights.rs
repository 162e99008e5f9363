//! What the calls cost. The runtime uses generated weights; `()` is for tests.

use frame_support::weights::Weight;

/// The weight of every call. `s` is the number of serials, `c` that of children, `r` that of a
/// shipment's roots, `m` and `e` those of what is missing and too many, `u` that of named units,
/// `n` that of things to prune.
#[allow(missing_docs)] // Each is named for its call.
pub trait WeightInfo {
    fn authorise_partner() -> Weight;
    fn withdraw_partner() -> Weight;
    fn register_product() -> Weight;
    fn retire_product() -> Weight;
    fn commission_lot() -> Weight;
    fn commission_items(s: u32) -> Weight;
    fn aggregate(c: u32) -> Weight;
    fn disaggregate(c: u32) -> Weight;
    fn seal() -> Weight;
    fn ship(r: u32) -> Weight;
    fn void_shipment(r: u32) -> Weight;
    fn receive(r: u32, m: u32, e: u32) -> Weight;
    fn resolve_discrepancy() -> Weight;
    fn return_to(r: u32) -> Weight;
    fn request_verification() -> Weight;
    fn answer_verification() -> Weight;
    fn dispense() -> Weight;
    fn partial_dispense() -> Weight;
    fn undo() -> Weight;
    fn decommission(u: u32) -> Weight;
    fn report_stolen(u: u32) -> Weight;
    fn open_investigation() -> Weight;
    fn close_investigation() -> Weight;
    fn quarantine() -> Weight;
    fn recall() -> Weight;
    fn lift_recall() -> Weight;
    fn transform(u: u32) -> Weight;
    fn declare_error() -> Weight;
    fn raise_alert() -> Weight;
    fn prune(n: u32) -> Weight;
}

/// The same small weight for every call.
const TEST_WEIGHT: Weight = Weight::from_parts(10_000, 0);

impl WeightInfo for () {
    fn authorise_partner() -> Weight {
        TEST_WEIGHT
    }
    fn withdraw_partner() -> Weight {
        TEST_WEIGHT
    }
    fn register_product() -> Weight {
        TEST_WEIGHT
    }
    fn retire_product() -> Weight {
        TEST_WEIGHT
    }
    fn commission_lot() -> Weight {
        TEST_WEIGHT
    }
    fn commission_items(_: u32) -> Weight {
        TEST_WEIGHT
    }
    fn aggregate(_: u32) -> Weight {
        TEST_WEIGHT
    }
    fn disaggregate(_: u32) -> Weight {
        TEST_WEIGHT
    }
    fn seal() -> Weight {
        TEST_WEIGHT
    }
    fn ship(_: u32) -> Weight {
        TEST_WEIGHT
    }
    /// Depends on its arguments, so that tests see what is given back.
    fn void_shipment(r: u32) -> Weight {
        TEST_WEIGHT.saturating_mul(u64::from(r))
    }
    /// Depends on its arguments, so that tests see what is given back.
    fn receive(r: u32, m: u32, e: u32) -> Weight {
        TEST_WEIGHT.saturating_mul(u64::from(r.saturating_add(m).saturating_add(e)))
    }
    fn resolve_discrepancy() -> Weight {
        TEST_WEIGHT
    }
    fn return_to(_: u32) -> Weight {
        TEST_WEIGHT
    }
    fn request_verification() -> Weight {
        TEST_WEIGHT
    }
    fn answer_verification() -> Weight {
        TEST_WEIGHT
    }
    fn dispense() -> Weight {
        TEST_WEIGHT
    }
    fn partial_dispense() -> Weight {
        TEST_WEIGHT
    }
    fn undo() -> Weight {
        TEST_WEIGHT
    }
    fn decommission(_: u32) -> Weight {
        TEST_WEIGHT
    }
    fn report_stolen(_: u32) -> Weight {
        TEST_WEIGHT
    }
    fn open_investigation() -> Weight {
        TEST_WEIGHT
    }
    fn close_investigation() -> Weight {
        TEST_WEIGHT
    }
    fn quarantine() -> Weight {
        TEST_WEIGHT
    }
    fn recall() -> Weight {
        TEST_WEIGHT
    }
    fn lift_recall() -> Weight {
        TEST_WEIGHT
    }
    fn transform(_: u32) -> Weight {
        TEST_WEIGHT
    }
    fn declare_error() -> Weight {
        TEST_WEIGHT
    }
    fn raise_alert() -> Weight {
        TEST_WEIGHT
    }
    fn prune(_: u32) -> Weight {
        TEST_WEIGHT
    }
}
