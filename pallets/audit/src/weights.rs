//! What the calls cost. The runtime uses generated weights; `()` is for tests.

use frame_support::weights::Weight;

/// The weight of every call. `c` is the number of consents that the gate reads, `n` of entries.
#[allow(missing_docs)] // Each is named for its call.
pub trait WeightInfo {
    fn disclose(c: u32) -> Weight;
    fn disclose_many(n: u32, c: u32) -> Weight;
    fn report_refusal(c: u32) -> Weight;
    fn anchor_access_log() -> Weight;
    fn contest() -> Weight;
    fn answer_contest() -> Weight;
    fn prune(n: u32) -> Weight;
}

/// A small weight that grows with what is counted, so that tests see what was given back.
const fn test_weight(counted: u32) -> Weight {
    Weight::from_parts(10_000 + counted as u64, 0)
}

impl WeightInfo for () {
    fn disclose(c: u32) -> Weight {
        test_weight(c)
    }
    fn disclose_many(n: u32, c: u32) -> Weight {
        test_weight(n).saturating_add(test_weight(c))
    }
    fn report_refusal(c: u32) -> Weight {
        test_weight(c)
    }
    fn anchor_access_log() -> Weight {
        test_weight(0)
    }
    fn contest() -> Weight {
        test_weight(0)
    }
    fn answer_contest() -> Weight {
        test_weight(0)
    }
    fn prune(n: u32) -> Weight {
        test_weight(n)
    }
}
