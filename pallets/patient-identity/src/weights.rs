//! What the calls weigh. The runtime's numbers come from its benchmarks.

use frame_support::weights::Weight;

/// The weight of each call at its worst case.
pub trait WeightInfo {
    /// The call [`register`](crate::Pallet::register).
    fn register() -> Weight;
    /// The call [`register_with_key`](crate::Pallet::register_with_key).
    fn register_with_key() -> Weight;
    /// The call [`claim`](crate::Pallet::claim).
    fn claim() -> Weight;
    /// The call [`add_key`](crate::Pallet::add_key).
    fn add_key() -> Weight;
    /// The call [`remove_key`](crate::Pallet::remove_key).
    fn remove_key() -> Weight;
    /// The call [`rotate_key`](crate::Pallet::rotate_key).
    fn rotate_key() -> Weight;
    /// The call [`update_commitment`](crate::Pallet::update_commitment).
    fn update_commitment() -> Weight;
    /// The call [`attest_assurance`](crate::Pallet::attest_assurance).
    fn attest_assurance() -> Weight;
    /// The call [`set_recovery_commitment`](crate::Pallet::set_recovery_commitment).
    fn set_recovery_commitment() -> Weight;
    /// The call [`request_recovery`](crate::Pallet::request_recovery).
    fn request_recovery() -> Weight;
    /// The call [`veto_recovery`](crate::Pallet::veto_recovery).
    fn veto_recovery() -> Weight;
    /// The call [`finalize_recovery`](crate::Pallet::finalize_recovery).
    fn finalize_recovery() -> Weight;
    /// The call [`appoint_representative`](crate::Pallet::appoint_representative).
    fn appoint_representative() -> Weight;
    /// The call [`revoke_representative`](crate::Pallet::revoke_representative).
    fn revoke_representative() -> Weight;
    /// The call [`revoke_all_representatives`](crate::Pallet::revoke_all_representatives).
    fn revoke_all_representatives() -> Weight;
    /// The call [`renounce_representative`](crate::Pallet::renounce_representative).
    fn renounce_representative() -> Weight;
    /// The call [`add_match_token`](crate::Pallet::add_match_token).
    fn add_match_token() -> Weight;
    /// The call [`purge_match_token`](crate::Pallet::purge_match_token).
    fn purge_match_token() -> Weight;
    /// The call [`freeze_links`](crate::Pallet::freeze_links).
    fn freeze_links() -> Weight;
    /// The call [`thaw_links`](crate::Pallet::thaw_links).
    fn thaw_links() -> Weight;
    /// The call [`link`](crate::Pallet::link).
    fn link() -> Weight;
    /// The call [`unlink`](crate::Pallet::unlink).
    fn unlink() -> Weight;
    /// The call [`merge`](crate::Pallet::merge).
    fn merge() -> Weight;
    /// The call [`unmerge`](crate::Pallet::unmerge).
    fn unmerge() -> Weight;
    /// The call [`suspend`](crate::Pallet::suspend).
    fn suspend() -> Weight;
    /// The call [`resume`](crate::Pallet::resume).
    fn resume() -> Weight;
    /// The call [`report_deceased`](crate::Pallet::report_deceased).
    fn report_deceased() -> Weight;
    /// The call [`place_hold`](crate::Pallet::place_hold).
    fn place_hold() -> Weight;
    /// The call [`lift_hold`](crate::Pallet::lift_hold).
    fn lift_hold() -> Weight;
    /// The call [`offer_sponsorship`](crate::Pallet::offer_sponsorship).
    fn offer_sponsorship() -> Weight;
    /// The call [`change_sponsor`](crate::Pallet::change_sponsor).
    fn change_sponsor() -> Weight;
    /// The call [`end_sponsorship`](crate::Pallet::end_sponsorship).
    fn end_sponsorship() -> Weight;
    /// The call [`erase`](crate::Pallet::erase).
    fn erase() -> Weight;
}

const FOR_TESTS: Weight = Weight::from_parts(10_000, 0);

/// For tests only: one small weight for everything.
impl WeightInfo for () {
    fn register() -> Weight {
        FOR_TESTS
    }
    fn register_with_key() -> Weight {
        FOR_TESTS
    }
    fn claim() -> Weight {
        FOR_TESTS
    }
    fn add_key() -> Weight {
        FOR_TESTS
    }
    fn remove_key() -> Weight {
        FOR_TESTS
    }
    fn rotate_key() -> Weight {
        FOR_TESTS
    }
    fn update_commitment() -> Weight {
        FOR_TESTS
    }
    fn attest_assurance() -> Weight {
        FOR_TESTS
    }
    fn set_recovery_commitment() -> Weight {
        FOR_TESTS
    }
    fn request_recovery() -> Weight {
        FOR_TESTS
    }
    fn veto_recovery() -> Weight {
        FOR_TESTS
    }
    fn finalize_recovery() -> Weight {
        FOR_TESTS
    }
    fn appoint_representative() -> Weight {
        FOR_TESTS
    }
    fn revoke_representative() -> Weight {
        FOR_TESTS
    }
    fn revoke_all_representatives() -> Weight {
        FOR_TESTS
    }
    fn renounce_representative() -> Weight {
        FOR_TESTS
    }
    fn add_match_token() -> Weight {
        FOR_TESTS
    }
    fn purge_match_token() -> Weight {
        FOR_TESTS
    }
    fn freeze_links() -> Weight {
        FOR_TESTS
    }
    fn thaw_links() -> Weight {
        FOR_TESTS
    }
    fn link() -> Weight {
        FOR_TESTS
    }
    fn unlink() -> Weight {
        FOR_TESTS
    }
    fn merge() -> Weight {
        FOR_TESTS
    }
    fn unmerge() -> Weight {
        FOR_TESTS
    }
    fn suspend() -> Weight {
        FOR_TESTS
    }
    fn resume() -> Weight {
        FOR_TESTS
    }
    fn report_deceased() -> Weight {
        FOR_TESTS
    }
    fn place_hold() -> Weight {
        FOR_TESTS
    }
    fn lift_hold() -> Weight {
        FOR_TESTS
    }
    fn offer_sponsorship() -> Weight {
        FOR_TESTS
    }
    fn change_sponsor() -> Weight {
        FOR_TESTS
    }
    fn end_sponsorship() -> Weight {
        FOR_TESTS
    }
    fn erase() -> Weight {
        FOR_TESTS
    }
}
