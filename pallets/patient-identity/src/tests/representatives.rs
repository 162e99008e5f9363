use super::*;
use crate::{
    Agent, RepresentativeKind, RepresentativeState, Representatives, RepresentedBy,
    MAX_REPRESENTATIVES, MAX_REPRESENTED,
};
use axonic_primitives::{patients::Power, Codes, Period};

fn lawyer() -> Agent {
    Agent::Account(account(LAWYER))
}

fn by_phone() -> RuntimeOrigin {
    by(account(PHONE))
}

fn appoint(
    origin: RuntimeOrigin,
    patient: PatientId,
    agent: Agent,
    powers: Codes<Power>,
    period: Period,
) -> DispatchResult {
    let kind = RepresentativeKind::Guardian;
    PatientIdentity::appoint_representative(
        origin,
        patient,
        agent,
        kind,
        powers,
        period,
        hash(0xee),
    )
}

fn state_of(patient: PatientId, agent: &Agent) -> Option<RepresentativeState> {
    let appointed = PatientIdentity::representatives_of(patient);
    appointed
        .into_iter()
        .find(|entry| entry.agent == *agent)
        .map(|entry| entry.state)
}

#[test]
fn appoint_stores_the_appointment_with_both() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            let period = Period {
                start: None,
                end: Some(START + DAY),
            };
            assert_ok!(appoint(
                by_phone(),
                PATIENT,
                lawyer(),
                every_power(),
                period
            ));
            assert_eq!(
                state_of(PATIENT, &lawyer()),
                Some(RepresentativeState::Live)
            );
            assert_eq!(PatientIdentity::represented_by(lawyer()), vec![PATIENT]);
            assert_told(Event::RepresentativeAppointed {
                patient: PATIENT,
                agent: lawyer(),
                kind: RepresentativeKind::Guardian,
                powers: every_power(),
                from: START,
                until: Some(START + DAY),
            });
        });
}

#[test]
fn appoint_is_the_managing_organisations_when_nobody_holds_a_key() {
    ExtBuilder::default()
        .with_patient(NEIGHBOUR, NEIGHBOURS_PHONE)
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            register(HOSPITAL, CHILD);
            let parent = Agent::Patient(NEIGHBOUR);
            let appoint_parent = |origin, patient| {
                appoint(
                    origin,
                    patient,
                    parent.clone(),
                    every_power(),
                    Period::ALWAYS,
                )
            };
            assert_noop!(
                appoint_parent(staff(CLINIC), CHILD),
                Refused::NotManagingOrg
            );
            assert_noop!(appoint_parent(by(account(STRANGER)), CHILD), NOT_STAFF);
            assert_ok!(appoint_parent(staff(HOSPITAL), CHILD));
            assert_noop!(
                appoint_parent(staff(HOSPITAL), PATIENT),
                Refused::PowerMissing
            );
        });
}

#[test]
fn appoint_is_refused_when_powers_are_empty_or_unknown() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            for powers in [Codes::empty(), Codes::from_bits(1 << 31 | 1)] {
                assert_noop!(
                    appoint(by_phone(), PATIENT, lawyer(), powers, Period::ALWAYS),
                    Refused::InvalidPowers
                );
            }
        });
}

#[test]
fn appoint_is_refused_when_period_is_past_empty_or_a_parents_without_end() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            let past = Period {
                start: Some(START - 1),
                end: None,
            };
            let over = Period {
                start: None,
                end: Some(START),
            };
            let reversed = Period::between(START + DAY, START + DAY);
            for period in [past, over, reversed] {
                assert_noop!(
                    appoint(by_phone(), PATIENT, lawyer(), every_power(), period),
                    Refused::InvalidPeriod
                );
            }
            assert_noop!(
                PatientIdentity::appoint_representative(
                    by_phone(),
                    PATIENT,
                    lawyer(),
                    RepresentativeKind::Parent,
                    every_power(),
                    Period::ALWAYS,
                    hash(1)
                ),
                Refused::InvalidPeriod
            );
        });
}

#[test]
fn appoint_is_refused_when_a_representative_asks() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            register(HOSPITAL, CHILD);
            let helper = || Agent::Account(account(STRANGER));
            let delegate =
                |origin, patient| appoint(origin, patient, helper(), every_power(), Period::ALWAYS);
            appoint_guardian(by_phone(), PATIENT, lawyer(), every_power());
            assert_noop!(
                delegate(by(account(LAWYER)), PATIENT),
                Refused::PowerMissing
            );
            appoint_guardian(staff(HOSPITAL), CHILD, lawyer(), every_power());
            assert_noop!(delegate(by(account(LAWYER)), CHILD), NOT_STAFF);

            // Staff who happen to represent the patient appoint as staff.
            let colleague = Agent::Account(registrar(HOSPITAL));
            appoint_guardian(staff(HOSPITAL), CHILD, colleague, every_power());
            assert_ok!(delegate(staff(HOSPITAL), CHILD));
        });
}

#[test]
fn revoke_is_possible_when_a_representative_asks() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            let helper = Agent::Account(account(STRANGER));
            appoint_guardian(by_phone(), PATIENT, lawyer(), Power::Identity);
            appoint_guardian(by_phone(), PATIENT, helper.clone(), Power::Consent);
            let by_lawyer = by(account(LAWYER));
            assert_ok!(PatientIdentity::revoke_representative(
                by_lawyer,
                PATIENT,
                helper.clone()
            ));
            assert_eq!(state_of(PATIENT, &helper), None);
        });
}

#[test]
fn appoint_is_refused_when_agent_is_the_patient_unknown_or_appointed() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            let appoint =
                |agent| appoint(by_phone(), PATIENT, agent, every_power(), Period::ALWAYS);
            assert_noop!(appoint(Agent::Patient(PATIENT)), Refused::SelfAppointment);
            assert_noop!(
                appoint(Agent::Account(account(PHONE))),
                Refused::SelfAppointment
            );
            assert_noop!(appoint(Agent::Patient(NOBODY)), Refused::NotFound);
            assert_ok!(appoint(lawyer()));
            assert_noop!(appoint(lawyer()), Refused::AlreadyAppointed);
        });
}

#[test]
fn appoint_is_refused_when_patient_is_not_in_good_standing() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            assert_ok!(PatientIdentity::suspend(staff(HOSPITAL), PATIENT));
            assert_noop!(
                appoint(by_phone(), PATIENT, lawyer(), every_power(), Period::ALWAYS),
                Refused::NotActive
            );
        });
}

#[test]
fn appoint_is_refused_when_lists_are_full_until_an_appointment_is_over() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            let appoint = |n, period| {
                let agent = Agent::Account(account(n));
                appoint(by_phone(), PATIENT, agent, every_power(), period)
            };
            let one_day = Period {
                start: None,
                end: Some(START + DAY),
            };
            for n in 0..MAX_REPRESENTATIVES as u8 {
                assert_ok!(appoint(
                    100 + n,
                    if n == 0 { one_day } else { Period::ALWAYS }
                ));
            }
            assert_noop!(
                appoint(LAWYER, Period::ALWAYS),
                Refused::MaxRepresentativesExceeded
            );
            wait(DAY);
            assert_ok!(appoint(LAWYER, Period::ALWAYS));
            assert!(PatientIdentity::represented_by(Agent::Account(account(100))).is_empty());
        });
}

#[test]
fn appoint_is_refused_when_the_agent_has_as_many_patients_as_fit() {
    ExtBuilder::default().build_and_execute(|| {
        for n in 0..=MAX_REPRESENTED as u8 {
            register(HOSPITAL, id(100 + n));
            let appointed = || {
                appoint(
                    staff(HOSPITAL),
                    id(100 + n),
                    lawyer(),
                    every_power(),
                    Period::ALWAYS,
                )
            };
            if n < MAX_REPRESENTED as u8 {
                assert_ok!(appointed());
            } else {
                assert_noop!(appointed(), Refused::MaxRepresentedExceeded);
            }
        }
    });
}

#[test]
fn revoke_ends_an_appointment_for_good() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            appoint_guardian(by_phone(), PATIENT, lawyer(), every_power());
            let revoke = |origin| PatientIdentity::revoke_representative(origin, PATIENT, lawyer());
            assert_noop!(revoke(by(account(STRANGER))), Refused::PowerMissing);
            assert_noop!(revoke(staff(HOSPITAL)), Refused::PowerMissing);
            assert_ok!(revoke(by_phone()));
            assert!(!Representatives::<Test>::contains_key(PATIENT));
            assert!(!RepresentedBy::<Test>::contains_key(lawyer()));
            assert_noop!(revoke(by_phone()), Refused::RepresentativeNotFound);
        });
}

#[test]
fn revoke_is_possible_when_patient_is_suspended() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            appoint_guardian(by_phone(), PATIENT, lawyer(), every_power());
            assert_ok!(PatientIdentity::suspend(staff(HOSPITAL), PATIENT));
            assert_ok!(PatientIdentity::revoke_representative(
                by_phone(),
                PATIENT,
                lawyer()
            ));
        });
}

#[test]
fn revoke_all_ends_every_appointment_and_makes_room_for_new_ones() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            let helper = Agent::Account(account(STRANGER));
            appoint_guardian(by_phone(), PATIENT, lawyer(), every_power());
            appoint_guardian(by_phone(), PATIENT, helper.clone(), every_power());
            assert_ok!(PatientIdentity::revoke_all_representatives(
                by_phone(),
                PATIENT
            ));
            assert_told(Event::RepresentativesRevoked {
                patient: PATIENT,
                epoch: 1,
            });
            assert_eq!(
                state_of(PATIENT, &lawyer()),
                Some(RepresentativeState::Revoked)
            );
            let power = Power::Consent;
            let refusal =
                PatientIdentity::explain_may_act(account(LAWYER), PATIENT, power).unwrap_err();
            assert_eq!(refusal.0, "RepresentativeExpired");

            appoint_guardian(by_phone(), PATIENT, lawyer(), every_power());
            assert_eq!(
                state_of(PATIENT, &lawyer()),
                Some(RepresentativeState::Live)
            );
            assert_eq!(state_of(PATIENT, &helper), None);
        });
}

#[test]
fn renounce_is_the_agents_alone() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .with_patient(NEIGHBOUR, NEIGHBOURS_PHONE)
        .build_and_execute(|| {
            appoint_guardian(by_phone(), PATIENT, lawyer(), every_power());
            appoint_guardian(
                by_phone(),
                PATIENT,
                Agent::Patient(NEIGHBOUR),
                every_power(),
            );
            add_key(
                NEIGHBOURS_PHONE,
                NEIGHBOUR,
                TABLET,
                crate::KeyPurpose::Consent,
                None,
            );
            let renounce =
                |n, patient| PatientIdentity::renounce_representative(by(account(n)), patient);
            assert_noop!(renounce(LAWYER, NOBODY), Refused::NotFound);
            assert_noop!(renounce(STRANGER, PATIENT), Refused::RepresentativeNotFound);
            assert_noop!(renounce(PHONE, PATIENT), Refused::RepresentativeNotFound);
            assert_noop!(renounce(TABLET, PATIENT), Refused::PowerMissing);
            assert_ok!(renounce(LAWYER, PATIENT));
            assert_ok!(renounce(NEIGHBOURS_PHONE, PATIENT));
            assert!(!Representatives::<Test>::contains_key(PATIENT));
            let agent = Agent::Patient(NEIGHBOUR);
            assert_told(Event::RepresentativeRenounced {
                patient: PATIENT,
                agent,
            });
        });
}
