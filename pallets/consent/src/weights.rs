//! What the calls cost. The runtime uses generated weights; `()` is for tests.

use frame_support::weights::Weight;

/// The weight of every call. `p` is the number of provisions.
#[allow(missing_docs)] // Each is named for its call.
pub trait WeightInfo {
    fn propose(p: u32) -> Weight;
    fn grant(p: u32) -> Weight;
    fn grant_signed(p: u32) -> Weight;
    fn accept() -> Weight;
    fn reject() -> Weight;
    fn withdraw() -> Weight;
    fn withdraw_all_from() -> Weight;
    fn supersede(p: u32) -> Weight;
    fn verify_consent() -> Weight;
    fn mark_entered_in_error() -> Weight;
    fn request_access() -> Weight;
    fn answer_request(p: u32) -> Weight;
    fn open_break_glass() -> Weight;
    fn close_break_glass() -> Weight;
    fn review_break_glass() -> Weight;
    fn set_default() -> Weight;
}

/// The same small weight for every call.
const TEST_WEIGHT: Weight = Weight::from_parts(10_000, 0);

impl WeightInfo for () {
    fn propose(_: u32) -> Weight {
        TEST_WEIGHT
    }
    fn grant(_: u32) -> Weight {
        TEST_WEIGHT
    }
    fn grant_signed(_: u32) -> Weight {
        TEST_WEIGHT
    }
    fn accept() -> Weight {
        TEST_WEIGHT
    }
    fn reject() -> Weight {
        TEST_WEIGHT
    }
    fn withdraw() -> Weight {
        TEST_WEIGHT
    }
    fn withdraw_all_from() -> Weight {
        TEST_WEIGHT
    }
    fn supersede(_: u32) -> Weight {
        TEST_WEIGHT
    }
    fn verify_consent() -> Weight {
        TEST_WEIGHT
    }
    fn mark_entered_in_error() -> Weight {
        TEST_WEIGHT
    }
    fn request_access() -> Weight {
        TEST_WEIGHT
    }
    fn answer_request(_: u32) -> Weight {
        TEST_WEIGHT
    }
    fn open_break_glass() -> Weight {
        TEST_WEIGHT
    }
    fn close_break_glass() -> Weight {
        TEST_WEIGHT
    }
    fn review_break_glass() -> Weight {
        TEST_WEIGHT
    }
    fn set_default() -> Weight {
        TEST_WEIGHT
    }
}
