//! What the calls cost. The runtime uses generated weights; `()` is for tests.

use frame_support::weights::Weight;

/// The weight of every call. `n` is the number of records, `v` that of versions and `d` that of
/// disputes.
#[allow(missing_docs)] // Each is named for its call.
pub trait WeightInfo {
    fn anchor() -> Weight;
    fn anchor_many(n: u32) -> Weight;
    fn supersede() -> Weight;
    fn mark_entered_in_error() -> Weight;
    fn shred(v: u32, d: u32) -> Weight;
    fn place_hold() -> Weight;
    fn lift_hold() -> Weight;
    fn extend_retention() -> Weight;
    fn offer_custody() -> Weight;
    fn accept_custody() -> Weight;
    fn withdraw_offer() -> Weight;
    fn anchor_batch() -> Weight;
    fn dispute_record() -> Weight;
    fn dispute_leaf() -> Weight;
}

/// The same small weight for every call.
const TEST_WEIGHT: Weight = Weight::from_parts(10_000, 0);

impl WeightInfo for () {
    fn anchor() -> Weight {
        TEST_WEIGHT
    }
    fn anchor_many(_: u32) -> Weight {
        TEST_WEIGHT
    }
    fn supersede() -> Weight {
        TEST_WEIGHT
    }
    fn mark_entered_in_error() -> Weight {
        TEST_WEIGHT
    }
    /// Depends on its arguments, so that tests see what is given back.
    fn shred(v: u32, d: u32) -> Weight {
        TEST_WEIGHT.saturating_mul(u64::from(v.saturating_add(d)))
    }
    fn place_hold() -> Weight {
        TEST_WEIGHT
    }
    fn lift_hold() -> Weight {
        TEST_WEIGHT
    }
    fn extend_retention() -> Weight {
        TEST_WEIGHT
    }
    fn offer_custody() -> Weight {
        TEST_WEIGHT
    }
    fn accept_custody() -> Weight {
        TEST_WEIGHT
    }
    fn withdraw_offer() -> Weight {
        TEST_WEIGHT
    }
    fn anchor_batch() -> Weight {
        TEST_WEIGHT
    }
    fn dispute_record() -> Weight {
        TEST_WEIGHT
    }
    fn dispute_leaf() -> Weight {
        TEST_WEIGHT
    }
}
