//! Tests by subject. Every [`Error`] is triggered in one of them.

use crate::{
    mock::*, AgreementKey, Enrolment, Error, Event, Gln, OrgStatus, Organisation, SiteKind,
    SiteStatus, Standing, X25519PublicKey,
};
use axonic_primitives::{
    membership::{Duty, EnsureStaff, Jurisdiction, Membership, Role},
    AccountId, Codes, Moment, OrgId, Refusal, SiteId,
};
use frame_support::{assert_noop, assert_ok};
use sp_core::H256;
use sp_runtime::{ArithmeticError, DispatchError};

mod agreement_keys;
mod encodings;
mod genesis;
mod invariants;
mod membership;
mod organisations;
mod reads;
mod rules;
mod sites;
mod staff;

/// A bit that stands for no role and no duty.
const UNKNOWN_BIT: u32 = 1 << 31;

fn admit_payer() -> Result<(), DispatchError> {
    Consortium::admit(
        council(),
        Role::Payer.into(),
        HOME,
        PAYER_ADMIN,
        NEXT_YEAR,
        CHARTER,
    )
}

fn actor(account: &AccountId) -> Result<OrgId, DispatchError> {
    <Consortium as Membership>::actor(account).map(|actor| actor.org)
}

fn standing(org: OrgId) -> Standing {
    Consortium::organisation(org)
        .map(|organisation| organisation.standing)
        .unwrap()
}
