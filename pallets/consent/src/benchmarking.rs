//! What the calls cost at worst: full provisions, a full ledger, a patient who holds 256 consents.

use crate::{
    types::{
        Ask, Draft, EmergencyReason, Grantee, ProvisionDraft, ProvisionType, ReviewOutcome,
        MAX_ACTORS, MAX_LIVE_CONSENTS, MAX_PROVISIONS, MAX_WITHDRAWALS,
    },
    BreakGlasses, Call, Config, Event, LiveConsents, Pallet, Proposals, Reply, Requests,
    Withdrawals, MAX_STATEMENT_LIFETIME,
};
use alloc::{boxed::Box, vec, vec::Vec};
use axonic_primitives::{
    consent::{DataRef, PurposeOfUse, ResourceType, Scope, MAX_CLASSES, MAX_CODES, MAX_DATA},
    credentials::{Credentials, Privilege},
    membership::{Jurisdiction, Membership},
    patients::Patients,
    AccountId, Clock, Codes, ConsentId, OrgId, PatientId, Period, Signature,
};
use frame_benchmarking::v2::*;
use frame_support::traits::EnsureOrigin;
use frame_system::RawOrigin;
use sp_core::{crypto::KeyTypeId, H256};

const PATIENT: PatientId = PatientId(H256::repeat_byte(1));
const BENCH_KEYS: KeyTypeId = KeyTypeId(*b"axbn");

/// A patient with a key, and staff of the organisation that registered it.
fn people<T: Config>() -> (AccountId, AccountId) {
    let staff: AccountId = account("staff", 0, 0);
    let key: AccountId = account("patient", 0, 0);
    let org = T::Membership::enrol_for_benchmark(&staff);
    T::Patients::register_for_benchmark(PATIENT, &key, org);
    (key, staff)
}

/// A provision with as much as fits, the first of which names every kind of grantee.
fn full_provision() -> ProvisionDraft {
    let actor = |i| match i {
        0 => Grantee::Organisation(Default::default()),
        _ => Grantee::Practitioner(account("grantee", i, 0)),
    };
    ProvisionDraft {
        parent: None,
        actors: (0..MAX_ACTORS).map(actor).collect(),
        actions: Codes::all(),
        purposes: Codes::all(),
        labels: Codes::all(),
        classes: vec![ResourceType::Observation; MAX_CLASSES as usize],
        codes: vec![H256::repeat_byte(2); MAX_CODES as usize],
        data: vec![DataRef::Instance(H256::repeat_byte(3)); MAX_DATA as usize],
        period: Some(Period::ALWAYS),
        data_period: Some(Period::ALWAYS),
    }
}

fn draft(provisions: u32) -> Draft {
    Draft {
        scope: Scope::PatientPrivacy,
        decision: ProvisionType::Permit,
        period: Period::ALWAYS,
        provisions: (0..provisions).map(|_| full_provision()).collect(),
        policy_hash: H256::repeat_byte(4),
        evidence_hash: H256::repeat_byte(5),
    }
}

/// Lets the patient hold this many consents. The last permits the recipient everything, the others
/// speak of other people at full length.
pub(crate) fn hold_consents<T: Config>(
    patient: &PatientId,
    key: &AccountId,
    recipient: OrgId,
    consents: u32,
) {
    let others = ProvisionDraft {
        actors: (0..MAX_ACTORS)
            .map(|i| Grantee::Practitioner(account("other", i, 0)))
            .collect(),
        ..full_provision()
    };
    let about_others = Draft {
        provisions: vec![others; MAX_PROVISIONS as usize],
        ..draft(0)
    };
    let about_the_recipient = Draft {
        decision: ProvisionType::Deny,
        provisions: vec![ProvisionDraft {
            actors: vec![Grantee::Organisation(recipient)],
            ..Default::default()
        }],
        ..draft(0)
    };
    for left in (0..consents).rev() {
        let terms = match left {
            0 => about_the_recipient.clone(),
            _ => about_others.clone(),
        };
        Pallet::<T>::do_grant(key.clone(), *patient, terms, None)
            .expect("the patient may hold as many; qed");
    }
}

fn granted<T: Config>(key: &AccountId) -> Result<ConsentId, BenchmarkError> {
    Ok(Pallet::<T>::do_grant(
        key.clone(),
        PATIENT,
        draft(MAX_PROVISIONS),
        None,
    )?)
}

fn proposed<T: Config>(staff: AccountId) -> Result<ConsentId, BenchmarkError> {
    let actor = T::Membership::actor(&staff)?;
    Pallet::<T>::do_propose(actor, PATIENT, draft(MAX_PROVISIONS))?;
    let id = Proposals::<T>::iter_key_prefix(PATIENT).next();
    id.ok_or(BenchmarkError::Stop("a proposal was just made"))
}

fn ask() -> Ask {
    let classes = vec![ResourceType::Observation; MAX_CLASSES as usize];
    Ask {
        actions: Codes::all(),
        purposes: Codes::all(),
        classes: classes.try_into().unwrap_or_default(),
        period: Period::ALWAYS,
    }
}

fn assert_last_event<T: Config>(event: Event<T>) {
    frame_system::Pallet::<T>::assert_last_event(event.into());
}

fn live<T: Config>() -> Vec<ConsentId> {
    LiveConsents::<T>::iter_key_prefix(PATIENT).collect()
}

#[benchmarks(where <T as frame_system::Config>::RuntimeEvent: From<Event<T>>)]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn propose(p: Linear<0, MAX_PROVISIONS>) -> Result<(), BenchmarkError> {
        let (_, staff) = people::<T>();
        #[extrinsic_call]
        _(RawOrigin::Signed(staff), PATIENT, Box::new(draft(p)));
        assert!(Proposals::<T>::iter_key_prefix(PATIENT).next().is_some());
        Ok(())
    }

    #[benchmark]
    fn grant(p: Linear<0, MAX_PROVISIONS>) -> Result<(), BenchmarkError> {
        let (key, _) = people::<T>();
        #[extrinsic_call]
        _(RawOrigin::Signed(key), PATIENT, Box::new(draft(p)));
        assert_eq!(live::<T>().len(), 1);
        Ok(())
    }

    #[benchmark]
    fn grant_signed(p: Linear<0, MAX_PROVISIONS>) -> Result<(), BenchmarkError> {
        let staff: AccountId = account("staff", 0, 0);
        let public = sp_io::crypto::sr25519_generate(BENCH_KEYS, None);
        let key = AccountId::from(public);
        let org = T::Membership::enrol_for_benchmark(&staff);
        T::Patients::register_for_benchmark(PATIENT, &key, org);
        let expires_at = T::Clock::now().saturating_add(MAX_STATEMENT_LIFETIME);
        let bytes = Pallet::<T>::grant_statement(PATIENT, draft(p), expires_at)
            .map_err(|_| BenchmarkError::Stop("the patient was just made"))?
            .bytes;
        let signature = sp_io::crypto::sr25519_sign(BENCH_KEYS, &public, &bytes)
            .map(Signature::from)
            .ok_or(BenchmarkError::Stop("the key was just made"))?;
        #[extrinsic_call]
        _(
            RawOrigin::Signed(staff),
            PATIENT,
            key,
            Box::new(draft(p)),
            0,
            expires_at,
            signature,
        );
        assert_eq!(live::<T>().len(), 1);
        Ok(())
    }

    #[benchmark]
    fn accept() -> Result<(), BenchmarkError> {
        let (key, staff) = people::<T>();
        let consent = proposed::<T>(staff)?;
        #[extrinsic_call]
        _(RawOrigin::Signed(key), PATIENT, consent);
        assert_eq!(live::<T>(), [consent]);
        Ok(())
    }

    #[benchmark]
    fn reject() -> Result<(), BenchmarkError> {
        let (key, staff) = people::<T>();
        let consent = proposed::<T>(staff)?;
        #[extrinsic_call]
        _(RawOrigin::Signed(key), PATIENT, consent);
        assert_last_event(Event::<T>::Rejected {
            patient: PATIENT,
            consent,
        });
        Ok(())
    }

    #[benchmark]
    fn withdraw() -> Result<(), BenchmarkError> {
        let (key, _) = people::<T>();
        let consent = granted::<T>(&key)?;
        #[extrinsic_call]
        _(RawOrigin::Signed(key), PATIENT, consent);
        assert!(live::<T>().is_empty());
        Ok(())
    }

    #[benchmark]
    fn withdraw_all_from() -> Result<(), BenchmarkError> {
        let (key, _) = people::<T>();
        granted::<T>(&key)?;
        for i in 1..MAX_WITHDRAWALS {
            Withdrawals::<T>::insert(PATIENT, Grantee::Practitioner(account("grantee", i, 0)), 0);
        }
        let grantee = Grantee::Organisation(Default::default());
        #[extrinsic_call]
        _(RawOrigin::Signed(key), PATIENT, grantee.clone());
        assert_last_event(Event::<T>::WithdrawnFrom {
            patient: PATIENT,
            grantee,
        });
        Ok(())
    }

    #[benchmark]
    fn supersede(p: Linear<0, MAX_PROVISIONS>) -> Result<(), BenchmarkError> {
        let (key, _) = people::<T>();
        let old = granted::<T>(&key)?;
        #[extrinsic_call]
        _(RawOrigin::Signed(key), PATIENT, old, Box::new(draft(p)));
        assert_ne!(live::<T>(), [old]);
        Ok(())
    }

    // `verify` is a word of the benchmark macros.
    #[benchmark]
    fn verify_consent() -> Result<(), BenchmarkError> {
        let (key, staff) = people::<T>();
        let consent = granted::<T>(&key)?;
        #[extrinsic_call]
        verify(RawOrigin::Signed(staff), PATIENT, consent);
        assert!(LiveConsents::<T>::get(PATIENT, consent).is_some_and(|c| c.version == 2));
        Ok(())
    }

    #[benchmark]
    fn mark_entered_in_error() -> Result<(), BenchmarkError> {
        let (key, staff) = people::<T>();
        let consent = proposed::<T>(staff)?;
        #[extrinsic_call]
        _(RawOrigin::Signed(key), PATIENT, consent);
        assert_last_event(Event::<T>::EnteredInError {
            patient: PATIENT,
            consent,
        });
        Ok(())
    }

    #[benchmark]
    fn request_access() -> Result<(), BenchmarkError> {
        let (_, staff) = people::<T>();
        #[extrinsic_call]
        _(RawOrigin::Signed(staff), PATIENT, ask());
        assert!(Requests::<T>::iter().next().is_some());
        Ok(())
    }

    #[benchmark]
    fn answer_request(p: Linear<0, MAX_PROVISIONS>) -> Result<(), BenchmarkError> {
        let (key, staff) = people::<T>();
        let old = granted::<T>(&key)?;
        Pallet::<T>::do_request_access(T::Membership::actor(&staff)?, PATIENT, ask())?;
        let request = Requests::<T>::iter_keys().next();
        let request = request.ok_or(BenchmarkError::Stop("a request was just made"))?;
        let reply = Reply::Grant {
            draft: Box::new(draft(p)),
            supersedes: Some(old),
        };
        #[extrinsic_call]
        _(RawOrigin::Signed(key), request, reply);
        assert!(Requests::<T>::get(request).is_some_and(|r| r.answer.is_some()));
        Ok(())
    }

    #[benchmark]
    fn open_break_glass() -> Result<(), BenchmarkError> {
        let (key, staff) = people::<T>();
        for _ in 0..MAX_LIVE_CONSENTS {
            granted::<T>(&key)?;
        }
        let org = T::Membership::actor(&staff)?.org;
        let member = T::Membership::member(org);
        let member = member.ok_or(BenchmarkError::Stop("the staff has an organisation"))?;
        let privilege = Privilege::EmergencyAccess;
        T::Credentials::license_for_benchmark(&staff, privilege, member.jurisdiction);
        let reason = EmergencyReason::LifeThreatening;
        #[extrinsic_call]
        _(
            RawOrigin::Signed(staff),
            PATIENT,
            reason,
            H256::repeat_byte(6),
        );
        assert!(BreakGlasses::<T>::iter().next().is_some());
        Ok(())
    }

    #[benchmark]
    fn close_break_glass() -> Result<(), BenchmarkError> {
        let (_, staff) = people::<T>();
        let actor = T::Membership::actor(&staff)?;
        let reason = EmergencyReason::LifeThreatening;
        let id = Pallet::<T>::record_break_glass(actor, PATIENT, reason, H256::repeat_byte(6));
        #[extrinsic_call]
        _(RawOrigin::Signed(staff), id);
        assert_last_event(Event::<T>::BreakGlassClosed { id });
        Ok(())
    }

    #[benchmark]
    fn review_break_glass() -> Result<(), BenchmarkError> {
        let (_, staff) = people::<T>();
        let mut actor = T::Membership::actor(&staff)?;
        actor.account = account("practitioner", 0, 0);
        let reason = EmergencyReason::LifeThreatening;
        let id = Pallet::<T>::record_break_glass(actor, PATIENT, reason, H256::repeat_byte(6));
        let outcome = ReviewOutcome::Justified;
        #[extrinsic_call]
        _(RawOrigin::Signed(staff), id, outcome);
        assert_last_event(Event::<T>::BreakGlassReviewed { id, outcome });
        Ok(())
    }

    #[benchmark]
    fn set_default() -> Result<(), BenchmarkError> {
        let origin = T::CouncilOrigin::try_successful_origin()
            .map_err(|()| BenchmarkError::Stop("the council has an origin"))?;
        let (scope, purpose) = (Scope::Treatment, PurposeOfUse::Treat);
        let jurisdiction = Jurisdiction(*b"US");
        let decision = Some(ProvisionType::Permit);
        #[extrinsic_call]
        _(
            origin as T::RuntimeOrigin,
            scope,
            purpose,
            jurisdiction,
            decision,
        );
        assert_last_event(Event::<T>::DefaultSet {
            scope,
            purpose,
            jurisdiction,
            decision,
        });
        Ok(())
    }
}
