use super::*;
use crate::{
    Agent, Assent, KeyPurpose, LinkKind, MergedInto, RepresentativeKind, Status, MAX_IDENTITIES,
    MAX_MERGE_DEPTH,
};
use axonic_primitives::{
    patients::{Patients as _, Power},
    OrgId, Period,
};

fn merge(org: OrgId, from: PatientId, into: PatientId) -> DispatchResult {
    PatientIdentity::merge(staff(org), from, into, None, None)
}

/// Merges an unclaimed patient into one whose key `signer` agrees.
fn merge_accepted(signer: u8, from: PatientId, into: PatientId) -> DispatchResult {
    let acceptance = acceptance(signer, from, into);
    PatientIdentity::merge(staff(HOSPITAL), from, into, None, acceptance)
}

fn unmerge(org: OrgId, patient: PatientId) -> DispatchResult {
    PatientIdentity::unmerge(staff(org), patient, None)
}

fn resolve(patient: PatientId) -> PatientId {
    PatientIdentity::resolve(patient).expect("the test registered it")
}

#[test]
fn merge_makes_one_id_known_as_the_other_and_unmerge_undoes_it() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            register(HOSPITAL, DUPLICATE);
            assert_ok!(merge_accepted(PHONE, DUPLICATE, PATIENT));
            assert_told(Event::Merged {
                from: DUPLICATE,
                into: PATIENT,
            });
            assert_eq!(resolve(DUPLICATE), PATIENT);
            let info = PatientIdentity::patient(DUPLICATE).unwrap();
            assert_eq!(info.links[0].kind, LinkKind::ReplacedBy);
            assert!(PatientIdentity::may_act(&account(PHONE), &DUPLICATE, Power::Consent).is_ok());

            assert_noop!(unmerge(CLINIC, DUPLICATE), Refused::NotManagingOrg);
            assert_ok!(unmerge(HOSPITAL, DUPLICATE));
            assert_eq!(resolve(DUPLICATE), DUPLICATE);
            assert_eq!(stored(DUPLICATE).status, Status::Registered);
            assert!(!MergedInto::<Test>::contains_key(PATIENT));
            assert_noop!(unmerge(HOSPITAL, DUPLICATE), Refused::NotMerged);
        });
}

#[test]
fn merge_of_a_claimed_patient_takes_the_assent_of_both_and_moves_its_power() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .with_patient(DUPLICATE, OLD_PHONE)
        .build_and_execute(|| {
            add_key(OLD_PHONE, DUPLICATE, TABLET, KeyPurpose::Consent, None);
            let merge = |assent: Option<Assent>| {
                let acceptance = acceptance(PHONE, DUPLICATE, PATIENT);
                PatientIdentity::merge(staff(HOSPITAL), DUPLICATE, PATIENT, assent, acceptance)
            };
            assert_noop!(merge(None), Refused::AssentMissing);
            let weak = assent(TABLET, DUPLICATE, PATIENT);
            assert_noop!(merge(weak), Refused::PowerMissing);
            let others = assent(PHONE, DUPLICATE, PATIENT);
            assert_noop!(merge(others), Refused::KeyNotFound);
            let elsewhere = assent(OLD_PHONE, DUPLICATE, NEIGHBOUR);
            assert_noop!(merge(elsewhere), Refused::InvalidSignature);
            let unaccepted = PatientIdentity::merge(
                staff(HOSPITAL),
                DUPLICATE,
                PATIENT,
                assent(OLD_PHONE, DUPLICATE, PATIENT),
                None,
            );
            assert_noop!(unaccepted, Refused::AcceptanceMissing);
            assert_ok!(merge(assent(OLD_PHONE, DUPLICATE, PATIENT)));
            for merged in [DUPLICATE, PATIENT] {
                assert!(stored(merged).statement_nonce > 0);
            }

            let may_act =
                |n| PatientIdentity::explain_may_act(account(n), DUPLICATE, Power::Consent);
            assert!(may_act(PHONE).is_ok());
            assert_eq!(may_act(OLD_PHONE).unwrap_err().0, "PowerMissing");
            assert_noop!(
                PatientIdentity::remove_key(by(account(OLD_PHONE)), DUPLICATE, account(TABLET)),
                Refused::NotActive
            );
            assert_ok!(PatientIdentity::unmerge(
                staff(HOSPITAL),
                DUPLICATE,
                assent_to_unmerge(OLD_PHONE, DUPLICATE)
            ));
            assert_eq!(stored(DUPLICATE).status, Status::Active);
            assert!(may_act(OLD_PHONE).is_ok());
        });
}

#[test]
fn merge_into_a_claimed_patient_is_refused_when_that_one_has_not_agreed() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            register(HOSPITAL, DUPLICATE);
            add_key(PHONE, PATIENT, TABLET, KeyPurpose::Consent, None);
            let merge = |acceptance: Option<Assent>| {
                PatientIdentity::merge(staff(HOSPITAL), DUPLICATE, PATIENT, None, acceptance)
            };
            assert_noop!(merge(None), Refused::AcceptanceMissing);
            let weak = acceptance(TABLET, DUPLICATE, PATIENT);
            assert_noop!(merge(weak), Refused::PowerMissing);
            let strangers = acceptance(STRANGER, DUPLICATE, PATIENT);
            assert_noop!(merge(strangers), Refused::KeyNotFound);
            let of_another = acceptance(PHONE, NEIGHBOUR, PATIENT);
            assert_noop!(merge(of_another), Refused::InvalidSignature);
            let another_kind = assent(PHONE, PATIENT, DUPLICATE);
            assert_noop!(merge(another_kind), Refused::InvalidSignature);
            let accepted = acceptance(PHONE, DUPLICATE, PATIENT);
            assert_ok!(merge(accepted.clone()));
            assert_ok!(unmerge(HOSPITAL, DUPLICATE));
            assert_noop!(merge(accepted), Refused::NonceMismatch);
        });
}

#[test]
fn a_member_cannot_plant_powers_in_a_claimed_patient() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            // A patient of the member's own making, with an agent of its choice.
            register(HOSPITAL, DUPLICATE);
            let agent = Agent::Account(account(LAWYER));
            appoint_guardian(staff(HOSPITAL), DUPLICATE, agent.clone(), every_power());
            let may_consent =
                |patient| PatientIdentity::may_act(&account(LAWYER), &patient, Power::Consent);
            assert!(may_consent(DUPLICATE).is_ok());
            assert_noop!(merge(HOSPITAL, DUPLICATE, PATIENT), Refused::Represented);
            let deceived = merge_accepted(PHONE, DUPLICATE, PATIENT);
            assert_noop!(deceived, Refused::Represented);

            // Without the agent, what the agent said there reaches nobody who has not agreed.
            assert_ok!(PatientIdentity::revoke_representative(
                staff(HOSPITAL),
                DUPLICATE,
                agent
            ));
            assert_noop!(
                merge(HOSPITAL, DUPLICATE, PATIENT),
                Refused::AcceptanceMissing
            );
            assert_eq!(PatientIdentity::identities(&PATIENT), vec![PATIENT]);
            assert!(may_consent(PATIENT).is_err());
        });
}

#[test]
fn merge_of_an_unclaimed_patient_is_refused_when_somebody_will_represent_it() {
    ExtBuilder::default().build_and_execute(|| {
        register(HOSPITAL, PATIENT);
        register(HOSPITAL, DUPLICATE);
        assert_ok!(PatientIdentity::appoint_representative(
            staff(HOSPITAL),
            DUPLICATE,
            Agent::Account(account(LAWYER)),
            RepresentativeKind::Court,
            every_power(),
            Period::between(START + DAY, START + 2 * DAY),
            hash(1)
        ));
        let merge = || merge(HOSPITAL, DUPLICATE, PATIENT);
        assert_noop!(merge(), Refused::Represented);
        wait(DAY);
        assert_noop!(merge(), Refused::Represented);
        wait(DAY);
        assert_ok!(merge());
    });
}

#[test]
fn unmerge_of_a_claimed_patient_is_refused_when_none_of_its_keys_agreed() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .with_patient(DUPLICATE, OLD_PHONE)
        .build_and_execute(|| {
            add_key(OLD_PHONE, DUPLICATE, TABLET, KeyPurpose::Consent, None);
            let merge = || {
                PatientIdentity::merge(
                    staff(HOSPITAL),
                    DUPLICATE,
                    PATIENT,
                    assent(OLD_PHONE, DUPLICATE, PATIENT),
                    acceptance(PHONE, DUPLICATE, PATIENT),
                )
            };
            let unmerge = |assent| PatientIdentity::unmerge(staff(HOSPITAL), DUPLICATE, assent);
            assert_ok!(merge());
            assert_noop!(unmerge(None), Refused::AssentMissing);
            let strangers = assent_to_unmerge(STRANGER, DUPLICATE);
            assert_noop!(unmerge(strangers), Refused::KeyNotFound);
            let weak = assent_to_unmerge(TABLET, DUPLICATE);
            assert_noop!(unmerge(weak), Refused::PowerMissing);
            let about_another = assent_to_unmerge(PHONE, PATIENT);
            assert_noop!(unmerge(about_another), Refused::NonceMismatch);

            // A key of its own, or of the patient it is known as.
            for signer in [OLD_PHONE, PHONE] {
                let signed = assent_to_unmerge(signer, DUPLICATE);
                assert_ok!(unmerge(signed.clone()));
                assert_eq!(resolve(DUPLICATE), DUPLICATE);
                assert_ok!(merge());
                assert_noop!(unmerge(signed), Refused::NonceMismatch);
            }
        });
}

#[test]
fn merge_is_refused_when_a_claimed_patient_would_lose_its_keys_to_nobody() {
    ExtBuilder::default()
        .with_patient(DUPLICATE, OLD_PHONE)
        .build_and_execute(|| {
            register(HOSPITAL, PATIENT);
            let assent = assent(OLD_PHONE, DUPLICATE, PATIENT);
            assert_noop!(
                PatientIdentity::merge(staff(HOSPITAL), DUPLICATE, PATIENT, assent, None),
                Refused::TargetUnclaimed
            );
            assert_ok!(merge_accepted(OLD_PHONE, PATIENT, DUPLICATE));
        });
}

#[test]
fn merge_is_refused_when_the_other_organisation_has_not_confirmed() {
    ExtBuilder::default().build_and_execute(|| {
        register(HOSPITAL, PATIENT);
        register(CLINIC, DUPLICATE);
        assert_noop!(merge(HOSPITAL, DUPLICATE, PATIENT), Refused::NotManagingOrg);
        assert_noop!(merge(CLINIC, DUPLICATE, PATIENT), Refused::NotLinked);
        let kind = LinkKind::SeeAlso;
        assert_ok!(PatientIdentity::link(
            staff(CLINIC),
            DUPLICATE,
            PATIENT,
            kind
        ));
        assert_noop!(merge(CLINIC, DUPLICATE, PATIENT), Refused::NotLinked);
        assert_ok!(PatientIdentity::link(
            staff(HOSPITAL),
            PATIENT,
            DUPLICATE,
            kind
        ));
        assert_ok!(merge(CLINIC, DUPLICATE, PATIENT));
    });
}

#[test]
fn merge_is_refused_when_circular() {
    ExtBuilder::default().build_and_execute(|| {
        for n in 10..13 {
            register(HOSPITAL, id(n));
        }
        assert_noop!(merge(HOSPITAL, id(10), id(10)), Refused::SelfMerge);
        assert_ok!(merge(HOSPITAL, id(10), id(11)));
        assert_noop!(merge(HOSPITAL, id(11), id(10)), Refused::MergeCycle);
        assert_ok!(merge(HOSPITAL, id(11), id(12)));
        assert_noop!(merge(HOSPITAL, id(12), id(10)), Refused::MergeCycle);
    });
}

#[test]
fn merge_is_refused_when_either_is_not_in_good_standing() {
    ExtBuilder::default().build_and_execute(|| {
        for n in 10..13 {
            register(HOSPITAL, id(n));
        }
        assert_ok!(merge(HOSPITAL, id(10), id(11)));
        assert_noop!(merge(HOSPITAL, id(10), id(12)), Refused::NotActive);
        assert_noop!(merge(HOSPITAL, id(12), id(10)), Refused::TargetNotActive);
        assert_noop!(merge(HOSPITAL, id(12), NOBODY), Refused::NotFound);
    });
}

#[test]
fn merge_is_refused_when_either_is_frozen() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            register(HOSPITAL, DUPLICATE);
            assert_ok!(PatientIdentity::freeze_links(by(account(PHONE)), PATIENT));
            assert_noop!(merge(HOSPITAL, DUPLICATE, PATIENT), Refused::LinksFrozen);
        });
}

#[test]
fn merge_is_refused_when_too_deep_and_unmerge_makes_room_again() {
    ExtBuilder::default().build_and_execute(|| {
        let top = 10 + MAX_MERGE_DEPTH as u8;
        for n in 10..=top + 1 {
            register(HOSPITAL, id(n));
        }
        for n in 10..top {
            assert_ok!(merge(HOSPITAL, id(n), id(n + 1)));
        }
        assert_eq!(resolve(id(10)), id(top));
        assert_eq!(
            PatientIdentity::identities(&id(top)).len(),
            MAX_MERGE_DEPTH as usize + 1
        );
        assert_noop!(merge(HOSPITAL, id(top), id(top + 1)), Refused::MergeTooDeep);
        assert_ok!(unmerge(HOSPITAL, id(10)));
        assert_eq!(
            PatientIdentity::identities(&id(top)).len(),
            MAX_MERGE_DEPTH as usize
        );
        assert_ok!(merge(HOSPITAL, id(top), id(top + 1)));
    });
}

#[test]
fn merge_is_refused_when_the_person_would_have_too_many_ids() {
    ExtBuilder::default().build_and_execute(|| {
        for n in 10..=10 + MAX_IDENTITIES as u8 {
            register(HOSPITAL, id(n));
        }
        assert_ok!(merge(HOSPITAL, id(11), id(12)));
        assert_ok!(merge(HOSPITAL, id(12), id(10)));
        for n in 13..10 + MAX_IDENTITIES as u8 {
            assert_ok!(merge(HOSPITAL, id(n), id(10)));
        }
        let last = id(10 + MAX_IDENTITIES as u8);
        assert_noop!(
            merge(HOSPITAL, last, id(10)),
            Refused::MaxIdentitiesExceeded
        );
        assert_noop!(
            merge(HOSPITAL, id(10), last),
            Refused::MaxIdentitiesExceeded
        );
        assert_ok!(unmerge(HOSPITAL, id(12)));
        assert_eq!(PatientIdentity::identities(&id(12)), vec![id(12), id(11)]);
        assert_ok!(merge(HOSPITAL, last, id(10)));
    });
}

#[test]
fn identities_are_all_ids_of_the_person_and_the_canonical_one_comes_first() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            assert_eq!(PatientIdentity::identities(&PATIENT), vec![PATIENT]);
            for n in [10, 11, 12] {
                register(HOSPITAL, id(n));
            }
            assert_ok!(merge(HOSPITAL, id(10), id(11)));
            assert_ok!(merge_accepted(PHONE, id(11), PATIENT));
            assert_ok!(merge_accepted(PHONE, id(12), PATIENT));
            let expected = vec![PATIENT, id(11), id(12), id(10)];
            assert_eq!(PatientIdentity::identities(&PATIENT), expected);
            assert_eq!(
                PatientIdentity::patient(id(10)).unwrap().identities,
                expected
            );
        });
}
