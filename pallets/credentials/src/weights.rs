//! What the calls cost. The runtime uses generated weights; `()` is for tests.

use frame_support::weights::Weight;

/// The weight of every call.
#[allow(missing_docs)] // Each is named for its call.
pub trait WeightInfo {
    fn accredit() -> Weight;
    fn withdraw_accreditation() -> Weight;
    fn distrust_issuer_from() -> Weight;
    fn issue() -> Weight;
    fn renew() -> Weight;
    fn suspend() -> Weight;
    fn reinstate() -> Weight;
    fn revoke() -> Weight;
    fn record_primary_source_check() -> Weight;
    fn surrender() -> Weight;
}

/// The same small weight for every call.
const TEST_WEIGHT: Weight = Weight::from_parts(10_000, 0);

impl WeightInfo for () {
    fn accredit() -> Weight {
        TEST_WEIGHT
    }
    fn withdraw_accreditation() -> Weight {
        TEST_WEIGHT
    }
    fn distrust_issuer_from() -> Weight {
        TEST_WEIGHT
    }
    fn issue() -> Weight {
        TEST_WEIGHT
    }
    fn renew() -> Weight {
        TEST_WEIGHT
    }
    fn suspend() -> Weight {
        TEST_WEIGHT
    }
    fn reinstate() -> Weight {
        TEST_WEIGHT
    }
    fn revoke() -> Weight {
        TEST_WEIGHT
    }
    fn record_primary_source_check() -> Weight {
        TEST_WEIGHT
    }
    fn surrender() -> Weight {
        TEST_WEIGHT
    }
}
