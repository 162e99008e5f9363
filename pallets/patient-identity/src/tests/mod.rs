//! Tests by subject. What a call refuses is tested with what it does.

mod authority;
mod invariants;
mod keys;
mod lifecycle;
mod linking;
mod matching;
mod merging;
mod reads;
mod recovery;
mod registering;
mod representatives;
mod rules;
mod sponsorship;
mod wire;

use crate::{mock::*, Error, Event, Patient, Patients};
use axonic_primitives::PatientId;
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{DispatchError, DispatchResult};

type Refused = Error<Test>;

/// What is stored of a patient.
fn stored(patient: PatientId) -> Patient {
    Patients::<Test>::get(patient).expect("the test registered it")
}

/// Checks the event that came last.
fn assert_told(event: Event<Test>) {
    System::assert_last_event(event.into());
}

/// How often the event came.
fn count_told(event: &Event<Test>) -> usize {
    let event = RuntimeEvent::from(event.clone());
    System::events()
        .into_iter()
        .filter(|record| record.event == event)
        .count()
}
