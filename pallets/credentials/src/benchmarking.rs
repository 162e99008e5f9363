//! What the calls cost at worst: full lists, and a holder whose credentials all come from different
//! issuers.

use crate::{
    types::{
        Accreditation, AccreditationList, Credential, CredentialKind, Distrust, Held,
        PrimarySource, PrimarySourceCheck, Reason, Renewal, Status, Suspension, Terms,
        MAX_ACCREDITATIONS, MAX_CREDENTIALS, MAX_DISTRUSTS, MAX_RENEWALS, MAX_SUSPENSIONS,
    },
    Accreditations, Call, Config, Credentials, Event, Holdings, Issuers, Pallet, Retired,
};
use alloc::vec;
use axonic_primitives::{
    derive_id,
    membership::{Jurisdiction, Membership},
    AccountId, Clock, Codes, CredentialId, Moment, OrgId,
};
use frame_benchmarking::v2::*;
use frame_support::{traits::EnsureOrigin, BoundedVec};
use frame_system::RawOrigin;
use sp_core::H256;
use sp_runtime::DispatchError;

const KIND: CredentialKind = CredentialKind::ControlledSubstanceRegistration;
const HOME: Jurisdiction = Jurisdiction(*b"US");
const ELSEWHERE: Jurisdiction = Jurisdiction(*b"DE");
const COMMITMENT: H256 = H256::repeat_byte(7);
/// No benchmark gets here, so what happens then is only looked at.
const NEVER: Moment = Moment::MAX;

/// An issuer that is accredited for this, and was distrusted as often as is kept.
pub(crate) fn full_issuer<T: Config>(
    number: u32,
    kind: CredentialKind,
    jurisdiction: Jurisdiction,
) -> OrgId {
    let issuer = T::Membership::enrol_for_benchmark(&account("issuer", number, 0));
    distrust_often::<T>(issuer, MAX_DISTRUSTS);
    accredit_often::<T>(issuer, kind, jurisdiction);
    issuer
}

/// Distrusts the issuer `times` times, each in an instant that never comes.
fn distrust_often<T: Config>(issuer: OrgId, times: u32) {
    let distrust = Distrust {
        since: NEVER,
        until: Some(NEVER),
    };
    Issuers::<T>::mutate(issuer, |record| {
        record.distrusts = BoundedVec::truncate_from(vec![distrust; times as usize]);
    });
}

/// Accreditations for a kind, as many as are kept. The last is in force.
fn accredit_often<T: Config>(issuer: OrgId, kind: CredentialKind, jurisdiction: Jurisdiction) {
    let last = Accreditation {
        jurisdiction,
        from: 0,
        until: None,
        distrusts: Issuers::<T>::get(issuer).distrusts.len() as u32,
    };
    let over = Accreditation {
        until: Some(0),
        ..last
    };
    let mut list = vec![over; MAX_ACCREDITATIONS as usize - 1];
    list.push(last);
    Accreditations::<T>::insert(issuer, kind, AccreditationList::truncate_from(list));
}

/// Renews and suspends a credential as often as is kept, without a trace at any instant.
pub(crate) fn fill(credential: &mut Credential) {
    let renewal = Renewal {
        at: credential.issued_at,
        valid_until: credential.terms.valid_until,
        commitment: COMMITMENT,
    };
    let suspension = Suspension {
        from: NEVER,
        until: NEVER,
    };
    credential.renewals = BoundedVec::truncate_from(vec![renewal; MAX_RENEWALS as usize]);
    credential.suspensions = BoundedVec::truncate_from(vec![suspension; MAX_SUSPENSIONS as usize]);
}

fn terms<T: Config>(valid_until: Moment) -> Terms {
    Terms {
        kind: KIND,
        privileges: Codes::empty(),
        jurisdiction: HOME,
        valid_from: T::Clock::now(),
        valid_until,
        commitment: COMMITMENT,
    }
}

/// A credential, staff of its issuer, and its holder.
struct Scene {
    staff: AccountId,
    holder: AccountId,
    id: CredentialId,
}

/// A credential with room for one more of everything, changed by `change`.
fn scene<T: Config>(change: impl FnOnce(&mut Credential)) -> Result<Scene, BenchmarkError> {
    let staff: AccountId = account("issuer", 0, 0);
    let holder: AccountId = account("holder", 0, 0);
    let issuer = full_issuer::<T>(0, KIND, HOME);
    let terms = terms::<T>(NEVER - 1);
    let plan = Pallet::<T>::plan_issue(issuer, &holder, &terms).map_err(DispatchError::from)?;
    let id = Pallet::<T>::carry_out(plan, holder.clone(), terms);
    Credentials::<T>::mutate_extant(id, |credential| {
        fill(credential);
        credential.renewals.pop();
        credential.suspensions.pop();
        change(credential);
    });
    Ok(Scene { staff, holder, id })
}

/// Suspends a credential up to an instant before which it can still be reinstated.
fn suspended<T: Config>(credential: &mut Credential) {
    credential.status = Status::Suspended {
        from: T::Clock::now(),
        until: Some(NEVER),
        reason: Reason::UnderInvestigation,
    };
}

fn status<T: Config>(id: CredentialId) -> Option<Status> {
    Credentials::<T>::get(id).map(|credential| credential.status)
}

fn council<T: Config>() -> Result<T::RuntimeOrigin, BenchmarkError> {
    T::CouncilOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)
}

fn assert_last_event<T: Config>(event: Event<T>) {
    frame_system::Pallet::<T>::assert_last_event(event.into());
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn accredit() -> Result<(), BenchmarkError> {
        let origin = council::<T>()?;
        let issuer = full_issuer::<T>(0, KIND, HOME);
        // Distrusted, with room to be distrusted once more, and to be accredited once more.
        distrust_often::<T>(issuer, MAX_DISTRUSTS - 2);
        Pallet::<T>::do_distrust_issuer_from(issuer, 0).map_err(DispatchError::from)?;
        Accreditations::<T>::mutate(issuer, KIND, |list| {
            list.remove(0);
        });
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, issuer, KIND, HOME);
        let list = Accreditations::<T>::get(issuer, KIND);
        assert_eq!(list.len() as u32, MAX_ACCREDITATIONS);
        Ok(())
    }

    #[benchmark]
    fn withdraw_accreditation() -> Result<(), BenchmarkError> {
        let origin = council::<T>()?;
        let issuer = full_issuer::<T>(0, KIND, HOME);
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, issuer, KIND, HOME);
        assert_last_event::<T>(Event::AccreditationWithdrawn {
            issuer,
            kind: KIND,
            jurisdiction: HOME,
        });
        Ok(())
    }

    #[benchmark]
    fn distrust_issuer_from() -> Result<(), BenchmarkError> {
        let origin = council::<T>()?;
        let issuer = full_issuer::<T>(0, KIND, HOME);
        distrust_often::<T>(issuer, MAX_DISTRUSTS - 1);
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, issuer, 0);
        assert_last_event::<T>(Event::IssuerDistrusted { issuer, since: 0 });
        Ok(())
    }

    /// To a holder with a full list of credentials that are all over, by as many issuers, one of
    /// which makes room.
    #[benchmark]
    fn issue() -> Result<(), BenchmarkError> {
        let staff: AccountId = account("issuer", 0, 0);
        let holder: AccountId = account("holder", 0, 0);
        let issuer = full_issuer::<T>(0, KIND, HOME);
        let mut held = Held::new();
        for number in 0..MAX_CREDENTIALS {
            let issuer = full_issuer::<T>(number + 1, KIND, ELSEWHERE);
            let mut old = Credential {
                holder: holder.clone(),
                issuer,
                issued_at: T::Clock::now(),
                terms: terms::<T>(NEVER),
                status: Status::Revoked {
                    from: T::Clock::now(),
                    reason: Reason::Superseded,
                },
                suspensions: Default::default(),
                renewals: Default::default(),
                primary_source: PrimarySourceCheck {
                    outcome: PrimarySource::Validated,
                    commitment: COMMITMENT,
                    by: issuer,
                    at: T::Clock::now(),
                },
            };
            fill(&mut old);
            let id = CredentialId(derive_id(b"old credential", &number, 0));
            Credentials::<T>::insert(id, old);
            held.try_push(id)
                .map_err(|_| BenchmarkError::Stop("as many as fit"))?;
        }
        Holdings::<T>::insert(&holder, held);
        #[extrinsic_call]
        _(RawOrigin::Signed(staff), holder.clone(), terms::<T>(NEVER));
        assert_eq!(Issuers::<T>::get(issuer).issued, 1);
        assert_eq!(Retired::<T>::iter_key_prefix(&holder).count(), 1);
        Ok(())
    }

    #[benchmark]
    fn renew() -> Result<(), BenchmarkError> {
        let Scene { staff, id, .. } = scene::<T>(|_| ())?;
        #[extrinsic_call]
        _(RawOrigin::Signed(staff), id, NEVER, COMMITMENT);
        assert_last_event::<T>(Event::Renewed {
            credential: id,
            valid_until: NEVER,
            commitment: COMMITMENT,
        });
        Ok(())
    }

    #[benchmark]
    fn suspend() -> Result<(), BenchmarkError> {
        let Scene { staff, id, .. } = scene::<T>(|_| ())?;
        let (until, reason) = (Some(NEVER), Some(Reason::Disciplinary));
        #[extrinsic_call]
        _(RawOrigin::Signed(staff), id, until, reason);
        assert!(matches!(status::<T>(id), Some(Status::Suspended { .. })));
        Ok(())
    }

    #[benchmark]
    fn reinstate() -> Result<(), BenchmarkError> {
        let Scene { staff, id, .. } = scene::<T>(suspended::<T>)?;
        #[extrinsic_call]
        _(RawOrigin::Signed(staff), id);
        assert_eq!(status::<T>(id), Some(Status::Active));
        Ok(())
    }

    #[benchmark]
    fn revoke() -> Result<(), BenchmarkError> {
        let Scene { staff, id, .. } = scene::<T>(suspended::<T>)?;
        #[extrinsic_call]
        _(RawOrigin::Signed(staff), id, Some(Reason::Fraud));
        assert!(matches!(status::<T>(id), Some(Status::Revoked { .. })));
        Ok(())
    }

    #[benchmark]
    fn record_primary_source_check() -> Result<(), BenchmarkError> {
        let Scene { staff, id, .. } = scene::<T>(|_| ())?;
        let outcome = PrimarySource::Validated;
        #[extrinsic_call]
        _(RawOrigin::Signed(staff), id, outcome, COMMITMENT);
        let stored = Credentials::<T>::get(id);
        assert!(stored.is_some_and(|stored| stored.primary_source.outcome == outcome));
        Ok(())
    }

    #[benchmark]
    fn surrender() -> Result<(), BenchmarkError> {
        let Scene { holder, id, .. } = scene::<T>(suspended::<T>)?;
        #[extrinsic_call]
        _(RawOrigin::Signed(holder), id);
        assert!(matches!(status::<T>(id), Some(Status::Surrendered { .. })));
        Ok(())
    }
}
