//! What the calls cost. The runtime implements this with measured weights.

use frame_support::weights::Weight;

/// The weight of each call at its worst case.
pub trait WeightInfo {
    /// Weight of `admit`.
    fn admit() -> Weight;
    /// Weight of `renew`.
    fn renew() -> Weight;
    /// Weight of `change_roles`.
    fn change_roles() -> Weight;
    /// Weight of `suspend`.
    fn suspend() -> Weight;
    /// Weight of `reinstate`.
    fn reinstate() -> Weight;
    /// Weight of `expel`.
    fn expel() -> Weight;
    /// Weight of `set_admin`.
    fn set_admin() -> Weight;
    /// Weight of `open_site`.
    fn open_site() -> Weight;
    /// Weight of `close_site`.
    fn close_site() -> Weight;
    /// Weight of `enrol_staff`.
    fn enrol_staff() -> Weight;
    /// Weight of `change_duties`.
    fn change_duties() -> Weight;
    /// Weight of `dismiss_staff`.
    fn dismiss_staff() -> Weight;
    /// Weight of `dismiss_all_staff`.
    fn dismiss_all_staff() -> Weight;
    /// Weight of `rotate_agreement_key`.
    fn rotate_agreement_key() -> Weight;
    /// Weight of `prune_staff`.
    fn prune_staff() -> Weight;
    /// Weight of `release_gln`.
    fn release_gln() -> Weight;
}

/// For tests only: every call costs the same.
impl WeightInfo for () {
    fn admit() -> Weight {
        Weight::from_parts(10_000, 0)
    }
    fn renew() -> Weight {
        Weight::from_parts(10_000, 0)
    }
    fn change_roles() -> Weight {
        Weight::from_parts(10_000, 0)
    }
    fn suspend() -> Weight {
        Weight::from_parts(10_000, 0)
    }
    fn reinstate() -> Weight {
        Weight::from_parts(10_000, 0)
    }
    fn expel() -> Weight {
        Weight::from_parts(10_000, 0)
    }
    fn set_admin() -> Weight {
        Weight::from_parts(10_000, 0)
    }
    fn open_site() -> Weight {
        Weight::from_parts(10_000, 0)
    }
    fn close_site() -> Weight {
        Weight::from_parts(10_000, 0)
    }
    fn enrol_staff() -> Weight {
        Weight::from_parts(10_000, 0)
    }
    fn change_duties() -> Weight {
        Weight::from_parts(10_000, 0)
    }
    fn dismiss_staff() -> Weight {
        Weight::from_parts(10_000, 0)
    }
    fn dismiss_all_staff() -> Weight {
        Weight::from_parts(10_000, 0)
    }
    fn rotate_agreement_key() -> Weight {
        Weight::from_parts(10_000, 0)
    }
    fn prune_staff() -> Weight {
        Weight::from_parts(10_000, 0)
    }
    fn release_gln() -> Weight {
        Weight::from_parts(10_000, 0)
    }
}
