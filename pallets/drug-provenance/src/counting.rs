//! The numbers of what is stored.

use codec::FullCodec;
use frame_support::storage::StorageValue;
use sp_runtime::traits::{One, Saturating};

/// Counts one more. Answers with how many there were, which is the new one's number.
pub(crate) fn numbered<Counter, Number>() -> Number
where
    Counter: StorageValue<Number, Query = Number>,
    Number: FullCodec + Copy + One + Saturating,
{
    Counter::mutate(|count| {
        let number = *count;
        *count = count.saturating_add(One::one());
        number
    })
}
