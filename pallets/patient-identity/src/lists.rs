//! Bounded lists in storage: an entry with nothing in it is no entry.

use frame_support::BoundedVec;

/// Keeps of a stored list what `keep` says, and removes the entry if nothing is left.
pub(crate) fn retain<V, S>(list: &mut Option<BoundedVec<V, S>>, keep: impl FnMut(&V) -> bool) {
    let emptied = list.as_mut().is_some_and(|list| {
        list.retain(keep);
        list.is_empty()
    });
    if emptied {
        *list = None;
    }
}
