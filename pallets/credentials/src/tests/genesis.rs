//! What a network may begin with.

use crate::{mock::*, GenesisConfig, Pallet};
use frame_support::assert_ok;

#[test]
fn genesis_accredits_and_issues() {
    Now::set(START);
    let genesis = GenesisConfig {
        accreditations: vec![(BOARD, MEDICAL, HOME)],
        credentials: vec![(BOARD, DOCTOR, medical_licence())],
        ..Default::default()
    };
    prepare(genesis).execute_with(|| {
        assert!(prescribes(START).is_ok());
        assert_ok!(issue(REGISTRAR, NURSE, medical_licence()));
        Pallet::<Test>::do_try_state().expect("every invariant holds");
    });
}

#[test]
#[should_panic(expected = "genesis accredits boards")]
fn genesis_is_refused_when_it_accredits_a_hospital() {
    let genesis = GenesisConfig {
        accreditations: vec![(HOSPITAL, MEDICAL, HOME)],
        ..Default::default()
    };
    prepare(genesis);
}

#[test]
#[should_panic(expected = "genesis issues what its issuer is accredited for")]
fn genesis_is_refused_when_it_issues_without_accreditation() {
    Now::set(START);
    let genesis = GenesisConfig {
        credentials: vec![(BOARD, DOCTOR, medical_licence())],
        ..Default::default()
    };
    prepare(genesis);
}
