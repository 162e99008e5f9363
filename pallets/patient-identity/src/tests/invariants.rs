//! Random lives: whatever happens in whatever order, the invariants hold after every step.

use super::*;
use crate::{
    recovery_commitment, Agent, Agreement, Assent, AssuranceLevel, ErasedPatients, KeyProof,
    KeyPurpose, Keys, LinkKind, PossibleDuplicate, Recoveries, Recovery, RecoveryStage,
    Representative, RepresentativeKind, Representatives, Status,
};
use axonic_primitives::{
    patients::{Patients as _, Power},
    AccountId, Codes, Moment, OrgId, Period, Refusal,
};
use frame_support::hypothetically;
use proptest::prelude::*;
use sp_core::Pair;
use std::collections::{BTreeMap, BTreeSet};

/// Few patients and people, so that their lives cross.
const PATIENTS: u8 = 6;
const PEOPLE: u8 = 10;
const ORGS: [OrgId; 3] = [HOSPITAL, CLINIC, PAYER];
const CALLS: u8 = 33;
const STEPS: usize = 300;

/// One call, by whom, and how much time passes before it.
#[derive(Clone, Debug)]
struct Step {
    call: u8,
    patient: u8,
    other: u8,
    person: u8,
    caller: u8,
    choice: u8,
    pause: Moment,
}

fn any_step() -> impl Strategy<Value = Step> {
    let who = (0..PATIENTS, 0..PATIENTS, 0..PEOPLE, 0..8u8);
    let pause = prop_oneof![3 => Just(0u64), 2 => 0..HOUR, 1 => 0..2 * RECOVERY_DELAY];
    (0..CALLS, who, any::<u8>(), pause).prop_map(
        |(call, (patient, other, person, caller), choice, pause)| Step {
            call,
            patient,
            other,
            person,
            caller,
            choice,
            pause,
        },
    )
}

impl Step {
    fn patient(&self) -> PatientId {
        id(1 + self.patient)
    }

    fn other(&self) -> PatientId {
        id(1 + self.other)
    }

    fn person(&self) -> AccountId {
        account(1 + self.person)
    }

    /// Some staff, mostly of the organisation that manages the patient.
    fn staff(&self) -> RuntimeOrigin {
        let managing = Patients::<Test>::get(self.patient()).map(|record| record.managing_org);
        match (self.caller, managing) {
            (0..=5, Some(org)) => staff(org),
            _ => staff(ORGS[usize::from(self.caller) % ORGS.len()]),
        }
    }

    /// Somebody, mostly with a key of the patient.
    fn owner(&self) -> RuntimeOrigin {
        let keys: Vec<_> = Keys::<Test>::iter_key_prefix(self.patient()).collect();
        match self.caller {
            0..=5 if !keys.is_empty() => by(keys[usize::from(self.choice) % keys.len()].clone()),
            6 => self.staff(),
            _ => by(self.person()),
        }
    }

    /// A few purposes, authentication often among them.
    fn purposes(&self) -> Codes<KeyPurpose> {
        Codes::from_bits((u32::from(self.choice) % 16) | u32::from(self.caller < 5))
    }

    fn powers(&self) -> Codes<Power> {
        Codes::from_bits(u32::from(self.choice) % 16)
    }

    fn agent(&self) -> Agent {
        if self.choice % 2 == 0 {
            Agent::Account(self.person())
        } else {
            Agent::Patient(self.other())
        }
    }

    /// What the person signs to agree; something worthless if no statement can be had.
    fn proof(&self, agreement: Agreement) -> KeyProof {
        let expires_at = Now::get() + HOUR;
        let signer = person(1 + self.person);
        PatientIdentity::statement(self.patient(), self.person(), agreement, expires_at).map_or(
            KeyProof {
                nonce: 0,
                expires_at,
                signature: signer.sign(b"").into(),
            },
            |statement| KeyProof {
                nonce: statement.nonce,
                expires_at,
                signature: signer.sign(&statement.bytes).into(),
            },
        )
    }

    /// A moment in the near future, or none.
    fn end(&self) -> Option<Moment> {
        (self.choice % 3 > 0).then(|| Now::get() + Moment::from(self.choice) * HOUR)
    }

    fn take(&self) -> DispatchResult {
        let (patient, other, person) = (self.patient(), self.other(), self.person());
        let purposes = self.purposes();
        let token = hash(self.choice % 4);
        let salt = hash(0x5a);
        match self.call {
            0 => PatientIdentity::register(self.staff(), patient, hash(1)),
            1 => {
                let org = ORGS[usize::from(self.caller) % ORGS.len()];
                let proof = self.proof(Agreement::Register {
                    org,
                    purposes,
                    commitment: hash(1),
                });
                let origin = staff(org);
                PatientIdentity::register_with_key(
                    origin,
                    patient,
                    hash(1),
                    person,
                    purposes,
                    proof,
                )
            }
            2 => {
                let commitment = Patients::<Test>::get(patient).map(|record| record.commitment);
                let commitment = commitment.unwrap_or_default();
                let proof = self.proof(Agreement::Claim {
                    purposes,
                    commitment,
                });
                PatientIdentity::claim(self.staff(), patient, person, purposes, proof)
            }
            3 => {
                let end = self.end();
                let proof = self.proof(Agreement::AddKey {
                    purposes,
                    key_expires_at: end,
                });
                PatientIdentity::add_key(self.owner(), patient, person, purposes, end, proof)
            }
            4 => PatientIdentity::remove_key(self.owner(), patient, person),
            5 => {
                let keys: Vec<_> = Keys::<Test>::iter_key_prefix(patient).collect();
                let old = keys.first().cloned().unwrap_or_else(|| person.clone());
                let proof = self.proof(Agreement::RotateKey {
                    replaces: old.clone(),
                });
                PatientIdentity::rotate_key(self.owner(), patient, old, person, proof)
            }
            6 => {
                let version = Patients::<Test>::get(patient).map(|r| r.commitment_version);
                let version = version.unwrap_or_default() + u32::from(self.choice % 3);
                PatientIdentity::update_commitment(self.staff(), patient, hash(2), version)
            }
            7 => {
                let level = AssuranceLevel::Ial2;
                PatientIdentity::attest_assurance(self.staff(), patient, level)
            }
            8 => {
                let commitment = recovery_commitment(&salt, &person);
                PatientIdentity::set_recovery_commitment(self.owner(), patient, commitment)
            }
            9 => {
                let salt = (self.choice % 2 == 0).then_some(salt);
                let managing = Patients::<Test>::get(patient).map(|record| record.managing_org);
                let org = managing.filter(|_| self.caller < 6).unwrap_or(CLINIC);
                let proof = self.proof(Agreement::Recover { org });
                PatientIdentity::request_recovery(staff(org), patient, person, salt, proof)
            }
            10 => PatientIdentity::veto_recovery(self.owner(), patient),
            11 => PatientIdentity::finalize_recovery(by(person), patient),
            12 => {
                let kinds = [RepresentativeKind::Parent, RepresentativeKind::Guardian];
                let kind = kinds[usize::from(self.caller % 2)];
                let origin = if self.caller < 3 {
                    self.staff()
                } else {
                    self.owner()
                };
                let (agent, powers) = (self.agent(), self.powers());
                let period = Period {
                    start: None,
                    end: self.end(),
                };
                let evidence = hash(3);
                PatientIdentity::appoint_representative(
                    origin, patient, agent, kind, powers, period, evidence,
                )
            }
            13 => PatientIdentity::revoke_representative(self.owner(), patient, self.agent()),
            14 => PatientIdentity::revoke_all_representatives(self.owner(), patient),
            15 => PatientIdentity::renounce_representative(by(person), patient),
            16 => PatientIdentity::add_match_token(self.staff(), patient, token),
            17 => PatientIdentity::purge_match_token(self.staff(), patient, token),
            18 => PatientIdentity::freeze_links(self.owner(), patient),
            19 => PatientIdentity::thaw_links(self.owner(), patient),
            20 => {
                let kinds = [LinkKind::SeeAlso, LinkKind::Refer, LinkKind::ReplacedBy];
                let kind = kinds[usize::from(self.choice % 3)];
                PatientIdentity::link(self.staff(), patient, other, kind)
            }
            21 => PatientIdentity::unlink(self.staff(), patient, other),
            22 => {
                let assent = agreed(patient, Agreement::Merge { into: other });
                let acceptance = agreed(other, Agreement::AcceptMerge { from: patient });
                PatientIdentity::merge(self.staff(), patient, other, assent, acceptance)
            }
            23 => {
                let assent = agreed(patient, Agreement::Unmerge);
                PatientIdentity::unmerge(self.staff(), patient, assent)
            }
            24 => PatientIdentity::suspend(self.staff(), patient),
            25 => PatientIdentity::resume(self.owner(), patient),
            26 if self.choice % 4 == 0 => PatientIdentity::report_deceased(self.staff(), patient),
            27 => PatientIdentity::place_hold(self.staff(), patient, hash(4)),
            28 => PatientIdentity::lift_hold(self.staff(), patient),
            29 => PatientIdentity::offer_sponsorship(self.staff(), patient),
            30 => {
                let sponsor = ORGS.get(usize::from(self.choice % 4)).copied();
                PatientIdentity::change_sponsor(self.owner(), patient, sponsor)
            }
            31 => PatientIdentity::end_sponsorship(self.staff(), patient),
            // Rarely, or nobody lives long enough to meet the others; an erased id never returns.
            32 if self.choice % 16 == 0 => PatientIdentity::erase(self.owner(), patient),
            _ => Ok(()),
        }
    }
}

/// The agreement of some key of the patient, if there is one.
fn agreed(patient: PatientId, agreement: Agreement) -> Option<Assent> {
    let key = Keys::<Test>::iter_key_prefix(patient).next()?;
    let signer = (1..=PEOPLE).find(|n| account(*n) == key)?;
    Some(Assent {
        account: key,
        proof: proof(signer, patient, agreement),
    })
}

/// What is compared across a step.
struct Snapshot {
    patients: BTreeMap<PatientId, Patient>,
    erased: BTreeSet<PatientId>,
    recoveries: BTreeMap<PatientId, Recovery>,
    appointed: BTreeMap<PatientId, Vec<Representative>>,
}

impl Snapshot {
    fn take() -> Self {
        let appointed = Representatives::<Test>::iter();
        Self {
            patients: Patients::<Test>::iter().collect(),
            erased: ErasedPatients::<Test>::iter_keys().collect(),
            recoveries: Recoveries::<Test>::iter().collect(),
            appointed: appointed
                .map(|(patient, list)| (patient, list.into_inner()))
                .collect(),
        }
    }

    /// Checks what no single state can show.
    fn check_step_to(&self, after: &Self) {
        assert!(
            after.erased.is_superset(&self.erased),
            "an erased id came back"
        );
        for (id, before) in &self.patients {
            let Some(now) = after.patients.get(id) else {
                assert!(
                    after.erased.contains(id),
                    "a patient vanished without a tombstone"
                );
                continue;
            };
            let version = now.commitment_version - before.commitment_version;
            assert!(version <= 1, "a commitment version rose by more than one");
            assert!(version == 1 || now.commitment == before.commitment);
            assert!(now.statement_nonce - before.statement_nonce <= 1);
            assert!(now.guardian_epoch - before.guardian_epoch <= 1);
            assert_eq!(
                (now.managing_org, now.created_at),
                (before.managing_org, before.created_at)
            );
            let taken_over = now.is_claimed() && !before.is_claimed();
            assert!(!taken_over || now.guardian_epoch > before.guardian_epoch);
            check_suspension(before, now);
        }
        self.check_merges(after);
        self.check_recoveries();
        self.check_ends(after);
    }

    /// Nobody who is claimed is merged, merged into or unmerged without having signed.
    fn check_merges(&self, after: &Self) {
        let signed = |id: &PatientId| {
            let (before, now) = (&self.patients[id], &after.patients[id]);
            !before.is_claimed() || now.statement_nonce == before.statement_nonce + 1
        };
        for (id, before) in &self.patients {
            let Some(now) = after.patients.get(id) else {
                continue;
            };
            if before.status.is_merged() != now.status.is_merged() {
                assert!(signed(id), "merged or unmerged without being asked");
            }
            if let (false, Status::Merged { into }) = (before.status.is_merged(), now.status) {
                assert!(signed(&into), "merged into without being asked");
            }
        }
    }

    /// No recovery is carried out before its delay has passed.
    fn check_recoveries(&self) {
        for record in System::events() {
            let RuntimeEvent::PatientIdentity(Event::RecoveryFinalized { patient, account }) =
                record.event
            else {
                continue;
            };
            let recovery = self
                .recoveries
                .get(&patient)
                .expect("it was requested before");
            let RecoveryStage::Requested(request) = &recovery.stage else {
                panic!("a recovery was carried out that nobody requested");
            };
            assert!(
                request.requested_at + RECOVERY_DELAY <= Now::get(),
                "a hasty recovery"
            );
            assert_eq!(request.account, account);
        }
    }

    /// An appointment ends on the date given when it was made, or before.
    fn check_ends(&self, after: &Self) {
        for (patient, before) in &self.appointed {
            for entry in after.appointed.get(patient).into_iter().flatten() {
                let same = |old: &&Representative| old.agent == entry.agent;
                if let Some(old) = before.iter().find(same) {
                    let replaced = old.is_over(self.patients[patient].guardian_epoch, Now::get());
                    assert!(
                        replaced || old == entry,
                        "an appointment changed while it was live"
                    );
                }
            }
        }
    }
}

/// Nobody is suspended again before the delay has passed.
fn check_suspension(before: &Patient, now: &Patient) {
    let suspended = |record: &Patient| matches!(record.status, Status::Suspended { .. });
    if suspended(now) && !suspended(before) {
        let resumed_at = before.resumed_at.unwrap_or_default();
        assert!(
            resumed_at + RECOVERY_DELAY <= Now::get(),
            "a hasty suspension"
        );
    }
}

/// What the runtime API explains is what a call answers.
fn check_explanation(who: &AccountId, patient: PatientId) {
    let merged = Patients::<Test>::get(patient).is_some_and(|record| record.status.is_merged());
    if merged {
        return;
    }
    let power = Power::Identity;
    let explained = PatientIdentity::explain_may_act(who.clone(), patient, power).map(|_| ());
    let called = hypothetically!(PatientIdentity::freeze_links(by(who.clone()), patient));
    assert_eq!(explained, called.map_err(Refusal::from));
}

/// Both organisations see a possible duplicate.
fn check_duplicates() {
    let seen_by = |org| PatientIdentity::possible_duplicates(org, None, u32::MAX).duplicates;
    for org in ORGS {
        for PossibleDuplicate {
            token,
            patient,
            other_org,
            other_patient,
        } in seen_by(org)
        {
            let mirrored = PossibleDuplicate {
                token,
                patient: other_patient,
                other_org: org,
                other_patient: patient,
            };
            assert!(
                seen_by(other_org).contains(&mirrored),
                "one organisation is not told"
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn invariants_hold_whatever_happens(
        steps in prop::collection::vec(any_step(), STEPS..STEPS + 100)
    ) {
        ExtBuilder::default().with_patient(id(1), 1).with_patient(id(2), 2).build_and_execute(|| {
            for step in steps {
                wait(step.pause);
                System::reset_events();
                let before = Snapshot::take();
                let _ = step.take();
                before.check_step_to(&Snapshot::take());
                PatientIdentity::do_try_state().unwrap();
                check_explanation(&step.person(), step.patient());
            }
            check_duplicates();
        });
    }

    #[test]
    fn merges_stay_trees_whatever_is_merged_and_unmerged(
        steps in prop::collection::vec((0..10u8, 0..10u8, any::<bool>()), STEPS)
    ) {
        ExtBuilder::default().build_and_execute(|| {
            for n in 0..10 {
                register(HOSPITAL, id(1 + n));
            }
            for (from, into, undo) in steps {
                let (from, into) = (id(1 + from), id(1 + into));
                let _ = if undo {
                    PatientIdentity::unmerge(staff(HOSPITAL), from, None)
                } else {
                    PatientIdentity::merge(staff(HOSPITAL), from, into, None, None)
                };
                PatientIdentity::do_try_state().unwrap();
                let standing = PatientIdentity::standing(&from).unwrap();
                assert_eq!(PatientIdentity::resolve(standing.canonical), Some(standing.canonical));
            }
        });
    }
}
