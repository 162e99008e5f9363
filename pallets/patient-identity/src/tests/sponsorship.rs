use super::*;
use crate::{
    Agent, Agreement, AssuranceLevel, Call, LinkKind, RepresentativeKind, SponsorOffers,
    MAX_SPONSOR_OFFERS,
};
use axonic_primitives::{
    membership::{Duty, Role},
    testing::Doubles,
    Codes, OrgId, Period,
};
use frame_support::{
    hypothetically,
    traits::{GetCallName, UnfilteredDispatchable},
};
use std::collections::BTreeSet;

fn offer(org: OrgId) -> DispatchResult {
    PatientIdentity::offer_sponsorship(staff(org), PATIENT)
}

fn change(sponsor: Option<OrgId>) -> DispatchResult {
    PatientIdentity::change_sponsor(by(account(PHONE)), PATIENT, sponsor)
}

fn end(org: OrgId) -> DispatchResult {
    PatientIdentity::end_sponsorship(staff(org), PATIENT)
}

#[test]
fn a_sponsor_comes_by_agreement_of_both_and_either_ends_it() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            assert_noop!(change(Some(PAYER)), Refused::NotOffered);
            assert_ok!(offer(PAYER));
            assert_told(Event::SponsorshipOffered {
                patient: PATIENT,
                org: PAYER,
            });
            assert_ok!(offer(CLINIC));
            assert_ok!(change(Some(PAYER)));
            assert_told(Event::SponsorChanged {
                patient: PATIENT,
                sponsor: Some(PAYER),
            });
            assert_eq!(stored(PATIENT).sponsor, Some(PAYER));
            assert_noop!(change(Some(CLINIC)), Refused::NotOffered);

            assert_ok!(end(PAYER));
            assert_told(Event::SponsorshipEnded {
                patient: PATIENT,
                org: PAYER,
            });
            assert_eq!(stored(PATIENT).sponsor, None);
            assert_noop!(end(PAYER), Refused::NotSponsor);

            assert_ok!(offer(CLINIC));
            assert_ok!(change(Some(CLINIC)));
            assert_ok!(change(None));
            assert_eq!(stored(PATIENT).sponsor, None);
        });
}

#[test]
fn an_offer_is_withdrawn_without_touching_the_sponsor_or_other_offers() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            sponsor(HOSPITAL, PATIENT, PHONE);
            assert_ok!(offer(PAYER));
            assert_ok!(offer(CLINIC));
            assert_ok!(end(CLINIC));
            assert_told(Event::SponsorshipOfferWithdrawn {
                patient: PATIENT,
                org: CLINIC,
            });
            assert_eq!(stored(PATIENT).sponsor, Some(HOSPITAL));
            assert_ok!(end(HOSPITAL));
            assert_eq!(stored(PATIENT).sponsor, None);
            assert_eq!(
                SponsorOffers::<Test>::get(PATIENT).into_inner(),
                vec![PAYER]
            );
        });
}

#[test]
fn offer_is_refused_when_made_already_too_many_or_not_in_good_standing() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            sponsor(HOSPITAL, PATIENT, PHONE);
            assert_noop!(offer(HOSPITAL), Refused::AlreadyOffered);
            assert_ok!(offer(PAYER));
            assert_noop!(offer(PAYER), Refused::AlreadyOffered);
            for n in 1..MAX_SPONSOR_OFFERS as u8 {
                let org = OrgId(100 + u32::from(n));
                Doubles::admit(org, Role::Payer);
                Doubles::enrol(account(100 + n), org, Codes::<Duty>::all());
                assert_ok!(PatientIdentity::offer_sponsorship(
                    by(account(100 + n)),
                    PATIENT
                ));
            }
            assert_noop!(offer(CLINIC), Refused::MaxOffersExceeded);
            assert_ok!(PatientIdentity::suspend(staff(HOSPITAL), PATIENT));
            assert_noop!(offer(CLINIC), Refused::NotActive);
        });
}

#[test]
fn change_sponsor_is_refused_when_the_organisation_is_no_member_in_good_standing() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            assert_ok!(offer(PAYER));
            Doubles::set_active(PAYER, false);
            assert_noop!(change(Some(PAYER)), Refused::SponsorNotActive);
        });
}

#[test]
fn a_suspended_patient_leaves_its_sponsor() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .build_and_execute(|| {
            assert_ok!(PatientIdentity::suspend(staff(HOSPITAL), PATIENT));
            assert_ok!(change(None));
        });
}

/// One call of each kind against `PATIENT`, as good as its sponsor `org` could make it.
fn every_call_against_the_patient(org: OrgId) -> Vec<Call<Test>> {
    let patient = PATIENT;
    let sponsors_own = || account(STRANGER);
    let agreed = |agreement| proof(STRANGER, PATIENT, agreement);
    let purposes = every_purpose();
    let claim = Agreement::Claim {
        purposes,
        commitment: hash(0xcc),
    };
    let replaces = account(PHONE);
    vec![
        Call::register {
            patient,
            commitment: hash(1),
        },
        Call::register_with_key {
            patient,
            commitment: hash(0xcc),
            account: sponsors_own(),
            purposes,
            proof: agreed(claim.clone()),
        },
        Call::claim {
            patient,
            account: sponsors_own(),
            purposes,
            proof: agreed(claim),
        },
        Call::add_key {
            patient,
            account: sponsors_own(),
            purposes,
            expires_at: None,
            proof: agreed(Agreement::AddKey {
                purposes,
                key_expires_at: None,
            }),
        },
        Call::remove_key {
            patient,
            account: account(TABLET),
        },
        Call::rotate_key {
            patient,
            old: replaces.clone(),
            new: sponsors_own(),
            proof: agreed(Agreement::RotateKey { replaces }),
        },
        Call::update_commitment {
            patient,
            commitment: hash(1),
            version: 2,
        },
        Call::attest_assurance {
            patient,
            level: AssuranceLevel::Ial1,
        },
        Call::set_recovery_commitment {
            patient,
            commitment: hash(1),
        },
        Call::request_recovery {
            patient,
            account: sponsors_own(),
            salt: Some(hash(1)),
            proof: agreed(Agreement::Recover { org }),
        },
        Call::veto_recovery { patient },
        Call::finalize_recovery { patient },
        Call::appoint_representative {
            patient,
            agent: Agent::Account(sponsors_own()),
            kind: RepresentativeKind::Court,
            powers: every_power(),
            period: Period::ALWAYS,
            evidence_hash: hash(1),
        },
        Call::revoke_representative {
            patient,
            agent: Agent::Account(account(LAWYER)),
        },
        Call::revoke_all_representatives { patient },
        Call::renounce_representative { patient },
        Call::add_match_token {
            patient,
            token: hash(1),
        },
        Call::purge_match_token {
            patient,
            token: hash(0x70),
        },
        Call::freeze_links { patient },
        Call::thaw_links { patient },
        Call::link {
            from: patient,
            to: NEIGHBOUR,
            kind: LinkKind::Refer,
        },
        Call::unlink {
            from: patient,
            to: NEIGHBOUR,
        },
        Call::merge {
            from: patient,
            into: NEIGHBOUR,
            assent: None,
            acceptance: None,
        },
        Call::unmerge {
            patient,
            assent: None,
        },
        Call::suspend { patient },
        Call::resume { patient },
        Call::report_deceased { patient },
        Call::place_hold {
            patient,
            basis_hash: hash(1),
        },
        Call::lift_hold { patient },
        Call::offer_sponsorship { patient },
        Call::change_sponsor {
            patient,
            sponsor: None,
        },
        Call::end_sponsorship { patient },
        Call::erase { patient },
    ]
}

#[test]
fn a_sponsor_can_do_nothing_to_its_patient_but_stop_paying() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .with_patient(NEIGHBOUR, NEIGHBOURS_PHONE)
        .build_and_execute(|| {
            add_key(PHONE, PATIENT, TABLET, every_purpose(), None);
            let lawyer = Agent::Account(account(LAWYER));
            appoint_guardian(by(account(PHONE)), PATIENT, lawyer, every_power());
            assert_ok!(PatientIdentity::add_match_token(
                staff(HOSPITAL),
                PATIENT,
                hash(0x70)
            ));
            sponsor(PAYER, PATIENT, PHONE);

            assert_eq!(stored(PATIENT).managing_org, HOSPITAL);

            let calls = every_call_against_the_patient(PAYER);
            let tried: BTreeSet<_> = calls.iter().map(|call| call.get_call_name()).collect();
            let all: BTreeSet<_> = Call::<Test>::get_call_names().iter().copied().collect();
            assert_eq!(tried, all, "a call is missing from the test");
            for states in [Vec::new(), vec![Call::<Test>::suspend { patient: PATIENT }]] {
                for state in states {
                    assert_ok!(state.dispatch_bypass_filter(staff(HOSPITAL)));
                }
                for call in calls.clone() {
                    let name = call.get_call_name();
                    let (before, outcome, after) = hypothetically!({
                        let before = stored(PATIENT);
                        let outcome = call.dispatch_bypass_filter(staff(PAYER));
                        (before, outcome, Patients::<Test>::get(PATIENT))
                    });
                    if name == "end_sponsorship" {
                        assert_ok!(outcome);
                        assert_eq!(
                            after,
                            Some(Patient {
                                sponsor: None,
                                ..before
                            })
                        );
                    } else {
                        assert!(outcome.is_err(), "the sponsor may call {name}");
                    }
                }
            }
        });
}

/// The calls that the hospital, which manages the patient, succeeds with.
fn what_the_manager_can_do() -> BTreeSet<&'static str> {
    let calls = every_call_against_the_patient(HOSPITAL).into_iter();
    let succeeds = |call: &Call<Test>| {
        hypothetically!(call.clone().dispatch_bypass_filter(staff(HOSPITAL))).is_ok()
    };
    calls
        .filter(succeeds)
        .map(|call| call.get_call_name())
        .collect()
}

#[test]
fn the_managing_organisation_gains_and_loses_nothing_by_sponsoring_but_the_end_of_it() {
    ExtBuilder::default()
        .with_patient(PATIENT, PHONE)
        .with_patient(NEIGHBOUR, NEIGHBOURS_PHONE)
        .build_and_execute(|| {
            assert_eq!(stored(PATIENT).sponsor, None);
            let mut expected = what_the_manager_can_do();
            assert!(expected.contains("suspend") && !expected.contains("erase"));
            assert!(expected.remove("offer_sponsorship"));
            assert!(expected.insert("end_sponsorship"));
            sponsor(HOSPITAL, PATIENT, PHONE);
            assert_eq!(what_the_manager_can_do(), expected);
        });
}

#[test]
fn nobody_sponsors_a_patient_that_has_not_agreed() {
    ExtBuilder::default().build_and_execute(|| {
        register(HOSPITAL, PATIENT);
        assert_ok!(offer(HOSPITAL));
        assert_eq!(stored(PATIENT).sponsor, None);
        assert_noop!(
            PatientIdentity::change_sponsor(staff(HOSPITAL), PATIENT, Some(HOSPITAL)),
            Refused::PowerMissing
        );
    });
}
