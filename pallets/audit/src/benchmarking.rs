//! What the calls cost at worst: full questions, consents of the largest size, patients who are all
//! different.

use crate::{
    disclosing::Fact,
    types::{Contest, Disclosure, DisclosureItem, Finding, Outcome},
    AccessLogs, Call, Config, Contests, Logs, OpenContests, Pallet, MAX_BATCH, MAX_CONSENTS_READ,
    RETENTION,
};
use alloc::{boxed::Box, vec, vec::Vec};
use axonic_primitives::{
    consent::{
        Action, ConsentGate, DataRef, Denial, PurposeOfUse, Recipient, ResourceType, MAX_CLASSES,
        MAX_CODES, MAX_DATA, MAX_LIVE_CONSENTS,
    },
    membership::{Actor, EnsureStaff, Membership},
    merkle::MAX_LEAVES,
    patients::{Acting, Patients},
    AccountId, Clock, Codes, OrgId, PatientId, Period,
};
use frame_benchmarking::v2::*;
use frame_system::RawOrigin;
use sp_core::H256;

/// Staff of a custodian.
fn custodian<T: Config>() -> (AccountId, OrgId) {
    let staff: AccountId = account("staff", 0, 0);
    let org = T::Membership::enrol_for_benchmark(&staff);
    (staff, org)
}

/// A patient with a key.
fn registered<T: Config>(number: u32, org: OrgId) -> (PatientId, AccountId) {
    let key: AccountId = account("patient", number, 0);
    let patient = PatientId(H256(key.clone().into()));
    T::Patients::register_for_benchmark(patient, &key, org);
    (patient, key)
}

/// A patient who permits the organisation everything, and holds this many consents.
fn permitting<T: Config>(number: u32, org: OrgId, consents: u32) -> PatientId {
    let (patient, key) = registered::<T>(number, org);
    T::Consent::permit_for_benchmark(&patient, &key, org, consents);
    patient
}

/// A disclosure with as much as fits, to a practitioner of the organisation.
fn full_disclosure(org: OrgId, practitioner: &AccountId) -> Disclosure {
    Disclosure {
        recipient: Recipient {
            org,
            practitioner: Some(practitioner.clone()),
        },
        action: Action::Access,
        purpose: PurposeOfUse::Treat,
        classes: vec![ResourceType::Observation; MAX_CLASSES as usize],
        labels: Codes::all(),
        codes: vec![H256::repeat_byte(2); MAX_CODES as usize],
        // One less, because the custodian is added.
        data: vec![DataRef::Instance(H256::repeat_byte(3)); MAX_DATA as usize - 1],
        data_period: Some(Period::ALWAYS),
        content: H256::repeat_byte(4),
    }
}

/// Puts entries into the patient's log without asking the gate.
fn logged<T: Config>(
    staff: &AccountId,
    patient: PatientId,
    count: u32,
) -> Result<Actor, BenchmarkError> {
    let mut actor = T::Membership::actor(staff)?;
    // A colleague, because nobody answers about what they disclosed themselves.
    actor.account = account("colleague", 0, 0);
    let query = full_disclosure(actor.org, &actor.account)
        .question(actor.org)
        .map_err(|_| BenchmarkError::Stop("a full disclosure is a question"))?;
    let facts = (0..count).map(|_| Fact {
        patient,
        query: query.clone(),
        content: H256::repeat_byte(4),
        outcome: Outcome::Refused(Denial::NoConsent),
    });
    Pallet::<T>::append(&actor, facts.collect())?;
    Ok(actor)
}

fn logged_so_far<T: Config>(patient: PatientId) -> u64 {
    Logs::<T>::get(patient).map_or(0, |log| log.next)
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn disclose(c: Linear<1, MAX_LIVE_CONSENTS>) -> Result<(), BenchmarkError> {
        let (staff, org) = custodian::<T>();
        let patient = permitting::<T>(0, org, c);
        let disclosure = Box::new(full_disclosure(org, &staff));
        #[extrinsic_call]
        _(RawOrigin::Signed(staff), patient, disclosure, true);
        assert_eq!(logged_so_far::<T>(patient), 1);
        Ok(())
    }

    /// The consents are spread over the patients as evenly as they go.
    #[benchmark]
    fn disclose_many(
        n: Linear<1, MAX_BATCH>,
        c: Linear<MAX_BATCH, MAX_CONSENTS_READ>,
    ) -> Result<(), BenchmarkError> {
        let (staff, org) = custodian::<T>();
        let items: Vec<_> = (0..n)
            .map(|i| DisclosureItem {
                patient: permitting::<T>(i, org, c / n + u32::from(i < c % n)),
                disclosure: full_disclosure(org, &staff),
                obligations_met: true,
            })
            .collect();
        let patients: Vec<_> = items.iter().map(|item| item.patient).collect();
        #[extrinsic_call]
        _(RawOrigin::Signed(staff), items);
        assert!(patients
            .into_iter()
            .all(|patient| logged_so_far::<T>(patient) == 1));
        Ok(())
    }

    /// The steps of the call, with a gate that permits: there is no way to make it refuse only
    /// after it has read everything.
    #[benchmark]
    fn report_refusal(c: Linear<1, MAX_LIVE_CONSENTS>) -> Result<(), BenchmarkError> {
        let (staff, org) = custodian::<T>();
        let patient = permitting::<T>(0, org, c);
        let disclosure = full_disclosure(org, &staff);
        #[block]
        {
            let origin = RawOrigin::Signed(staff).into();
            let actor = T::CustodianOrigin::ensure_staff(origin)?;
            let query = disclosure
                .question(actor.org)
                .map_err(|_| BenchmarkError::Stop("a full disclosure is a question"))?;
            T::Consent::authorize(&patient, &query)
                .map_err(|_| BenchmarkError::Stop("the patient permits"))?;
            Pallet::<T>::known(&query.recipient)
                .map_err(|_| BenchmarkError::Stop("the recipient was just made"))?;
            let fact = Fact {
                patient,
                query,
                content: H256::repeat_byte(4),
                outcome: Outcome::Refused(Denial::NoConsent),
            };
            Pallet::<T>::append(&actor, vec![fact])?;
        }
        assert_eq!(logged_so_far::<T>(patient), 1);
        Ok(())
    }

    #[benchmark]
    fn anchor_access_log() -> Result<(), BenchmarkError> {
        let (staff, org) = custodian::<T>();
        let now = T::Clock::now();
        let root = H256::repeat_byte(1);
        #[extrinsic_call]
        _(RawOrigin::Signed(staff), root, MAX_LEAVES, 0, now);
        assert!(AccessLogs::<T>::contains_key(org, 0));
        Ok(())
    }

    #[benchmark]
    fn contest() -> Result<(), BenchmarkError> {
        let (staff, org) = custodian::<T>();
        let (patient, key) = registered::<T>(0, org);
        logged::<T>(&staff, patient, 1)?;
        #[extrinsic_call]
        _(RawOrigin::Signed(key), patient, 0);
        assert!(Contests::<T>::contains_key(patient, 0));
        Ok(())
    }

    #[benchmark]
    fn answer_contest() -> Result<(), BenchmarkError> {
        let (staff, org) = custodian::<T>();
        let (patient, key) = registered::<T>(0, org);
        logged::<T>(&staff, patient, 1)?;
        Pallet::<T>::do_contest(&key, patient, 0)?;
        let explanation = H256::repeat_byte(5);
        #[extrinsic_call]
        _(
            RawOrigin::Signed(staff),
            patient,
            0,
            Finding::Justified,
            explanation,
        );
        assert!(Contests::<T>::get(patient, 0).is_some_and(|asked| asked.answer.is_some()));
        Ok(())
    }

    /// Entries that were contested and never answered, looked at six years later.
    #[benchmark]
    fn prune(n: Linear<1, MAX_BATCH>) -> Result<(), BenchmarkError> {
        let (staff, org) = custodian::<T>();
        let (patient, _) = registered::<T>(0, org);
        logged::<T>(&staff, patient, n)?;
        for sequence in 0..u64::from(n) {
            let asked = Contest {
                by: Acting::SelfActing,
                contested_at: T::Clock::now(),
                answer: None,
            };
            Contests::<T>::insert(patient, sequence, asked);
            OpenContests::<T>::insert(org, (patient, sequence), ());
        }
        #[block]
        {
            let later = T::Clock::now().saturating_add(RETENTION);
            Pallet::<T>::do_prune(patient, n, later)?;
        }
        assert!(OpenContests::<T>::iter().next().is_none());
        assert!(Logs::<T>::get(patient).is_some_and(|log| log.first == u64::from(n)));
        Ok(())
    }
}
