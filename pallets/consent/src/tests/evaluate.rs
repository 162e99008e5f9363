//! Decisions: one consent, several, defaults, emergencies, merges.

use crate::{mock::*, pallet::Error, types::*, Pallet};
use axonic_primitives::{
    consent::{
        AccessQuery, Action, Basis, DataRef, Denial, Label, PurposeOfUse, ResourceType, Scope,
    },
    membership::{Jurisdiction, Role},
    patients::Standing,
    testing::{Doubles, HOME},
    Codes, ConsentId, Period,
};
use frame_support::assert_ok;
use sp_core::H256;
use ProvisionType::{Deny, Permit};

fn org(org: axonic_primitives::OrgId) -> ProvisionDraft {
    about([Grantee::Organisation(org)])
}

fn within(parent: u8, provision: ProvisionDraft) -> ProvisionDraft {
    ProvisionDraft {
        parent: Some(parent),
        ..provision
    }
}

fn denied_by(decision: &Decision) -> Option<ConsentId> {
    match decision {
        Decision::Deny {
            reason: Denial::ConsentDenies(id),
            ..
        } => Some(*id),
        _ => None,
    }
}

fn obligations(query: &AccessQuery) -> Vec<(Duty, u8)> {
    let obligations = match answer(query) {
        Decision::Permit { obligations, .. } => obligations,
        Decision::Deny { unless, .. } => unless,
        Decision::NoConsent => Vec::new(),
    };
    obligations
        .iter()
        .filter_map(|o| o.provision.map(|index| (o.duty, index)))
        .collect()
}

#[test]
fn evaluate_starts_from_the_decision_and_each_level_is_an_exception() {
    build_and_execute(|| {
        let nurse = about([Grantee::Practitioner(NURSE)]);
        granted(draft_with(Permit, vec![org(HOSPITAL), within(0, nurse)]));
        assert!(permits(&query(CLINIC)));
        let by = |who| query_by(HOSPITAL, who, PurposeOfUse::Treat);
        assert!(!permits(&by(DOCTOR)));
        assert!(permits(&by(NURSE)));
    });
}

#[test]
fn evaluate_needs_every_attribute_to_match() {
    build_and_execute(|| {
        let exception = ProvisionDraft {
            actions: Action::Access.into(),
            purposes: [PurposeOfUse::Treat, PurposeOfUse::Payment].into(),
            ..about([Grantee::RoleClass(Role::Provider)])
        };
        granted(draft_with(Deny, vec![exception]));
        assert!(permits(&query(HOSPITAL)));
        assert!(!permits(&query(PAYER)));
        assert!(!permits(&AccessQuery {
            action: Action::Correct,
            ..query(HOSPITAL)
        }));
        let research = AccessQuery {
            purpose: PurposeOfUse::Research,
            ..query(HOSPITAL)
        };
        assert!(!permits(&research));
    });
}

#[test]
fn evaluate_turns_content_the_query_leaves_open_into_an_obligation() {
    build_and_execute(|| {
        let psychiatry = ProvisionDraft {
            labels: Label::Psychiatry.into(),
            ..Default::default()
        };
        granted(draft_with(Permit, vec![psychiatry]));
        assert!(permits(&query(HOSPITAL)));
        assert_eq!(obligations(&query(HOSPITAL)), [(Duty::Redact, 0)]);

        let with = |label: Label| AccessQuery {
            labels: label.into(),
            ..query(HOSPITAL)
        };
        assert!(!permits(&with(Label::Psychiatry)));
        assert!(permits(&with(Label::Hiv)));
        assert!(obligations(&with(Label::Hiv)).is_empty());
        // A grade of confidentiality says nothing of what makes the data sensitive.
        assert_eq!(obligations(&with(Label::Normal)), [(Duty::Redact, 0)]);
    });
}

#[test]
fn evaluate_says_what_to_name_when_it_denies() {
    build_and_execute(|| {
        let prescriptions = ProvisionDraft {
            classes: vec![ResourceType::MedicationRequest],
            ..Default::default()
        };
        granted(draft_with(Deny, vec![prescriptions]));
        assert!(!permits(&query(HOSPITAL)));
        assert_eq!(obligations(&query(HOSPITAL)), [(Duty::Only, 0)]);
    });
}

#[test]
fn evaluate_limits_a_permit_for_part_of_what_was_asked() {
    build_and_execute(|| {
        let prescriptions = ProvisionDraft {
            classes: vec![ResourceType::MedicationRequest],
            ..Default::default()
        };
        granted(draft_with(Deny, vec![prescriptions]));
        let classes = vec![ResourceType::MedicationRequest, ResourceType::Observation];
        let both = AccessQuery {
            classes: classes.try_into().unwrap(),
            ..query(HOSPITAL)
        };
        assert!(permits(&both));
        assert_eq!(obligations(&both), [(Duty::Only, 0)]);
    });
}

#[test]
fn evaluate_keeps_an_exception_to_an_open_exception() {
    build_and_execute(|| {
        let psychiatry = ProvisionDraft {
            labels: Label::Psychiatry.into(),
            ..Default::default()
        };
        granted(draft_with(
            Permit,
            vec![psychiatry, within(0, org(HOSPITAL))],
        ));
        assert_eq!(obligations(&query(CLINIC)), [(Duty::Redact, 0)]);
        assert_eq!(
            obligations(&query(HOSPITAL)),
            [(Duty::Redact, 0), (Duty::Only, 1)]
        );
    });
}

#[test]
fn evaluate_lets_no_branch_of_provisions_outweigh_a_denial_in_another() {
    build_and_execute(|| {
        let payment = ProvisionDraft {
            purposes: PurposeOfUse::Treat.into(),
            ..Default::default()
        };
        let providers = about([Grantee::RoleClass(Role::Provider)]);
        granted(draft_with(
            Permit,
            vec![providers, within(0, payment), org(CLINIC)],
        ));
        assert!(permits(&query(HOSPITAL)));
        assert!(!permits(&query(CLINIC)));
    });
}

#[test]
fn evaluate_keeps_the_limit_of_an_exception_to_an_open_exception() {
    build_and_execute(|| {
        let psychiatry = ProvisionDraft {
            labels: Label::Psychiatry.into(),
            ..Default::default()
        };
        let prescriptions = ProvisionDraft {
            classes: vec![ResourceType::MedicationRequest],
            ..org(HOSPITAL)
        };
        granted(draft_with(
            Permit,
            vec![psychiatry, within(0, prescriptions)],
        ));
        let classes = vec![ResourceType::MedicationRequest, ResourceType::Observation];
        let both = AccessQuery {
            classes: classes.try_into().unwrap(),
            ..query(HOSPITAL)
        };
        let Decision::Permit { obligations, .. } = answer(&both) else {
            panic!("permitted")
        };
        assert_eq!(obligations[0].content.labels, Label::Psychiatry.into());
        assert_eq!(
            obligations[1].content.classes,
            [ResourceType::MedicationRequest]
        );
        assert!(obligations[1].content.labels.is_empty());
    });
}

#[test]
fn evaluate_takes_a_record_for_part_of_what_is_related_to_it() {
    build_and_execute(|| {
        let order = H256::repeat_byte(4);
        let data = vec![DataRef::Related(order)];
        granted(draft_with(
            Permit,
            vec![ProvisionDraft {
                data,
                ..Default::default()
            }],
        ));
        let about = |data: DataRef| AccessQuery {
            data: vec![data].try_into().unwrap(),
            ..query(HOSPITAL)
        };
        assert!(!permits(&about(DataRef::Instance(order))));
        let other = about(DataRef::Instance(H256::repeat_byte(5)));
        assert_eq!(obligations(&other), [(Duty::Redact, 0)]);
    });
}

#[test]
fn evaluate_does_not_pass_a_practitioner_off_as_the_organisation() {
    build_and_execute(|| {
        granted(draft_with(
            Permit,
            vec![about([Grantee::Practitioner(NURSE)])],
        ));
        let Decision::Permit { obligations, .. } = answer(&query(HOSPITAL)) else {
            panic!("the organisation is permitted")
        };
        assert_eq!(obligations[0].duty, Duty::Redact);
        assert_eq!(obligations[0].content.practitioners, [NURSE]);
    });
}

#[test]
fn evaluate_judges_each_side_of_the_data_by_itself() {
    build_and_execute(|| {
        let (a, b) = (H256::repeat_byte(1), H256::repeat_byte(2));
        let data = vec![DataRef::HeldBy(HOSPITAL), DataRef::AuthoredBy(a)];
        granted(draft_with(
            Permit,
            vec![ProvisionDraft {
                data,
                ..Default::default()
            }],
        ));
        let with = |data: Vec<DataRef>| AccessQuery {
            data: data.try_into().unwrap(),
            ..query(CLINIC)
        };
        assert!(!permits(&with(vec![
            DataRef::HeldBy(HOSPITAL),
            DataRef::AuthoredBy(a)
        ])));
        assert!(permits(&with(vec![
            DataRef::HeldBy(HOSPITAL),
            DataRef::AuthoredBy(b)
        ])));
        let open = with(vec![DataRef::HeldBy(HOSPITAL)]);
        assert!(permits(&open) && !obligations(&open).is_empty());
    });
}

#[test]
fn evaluate_combines_several_consents_by_deny_overrides() {
    build_and_execute(|| {
        granted(draft(Permit));
        let against = granted(draft_with(Permit, vec![org(CLINIC)]));
        let latest = granted(draft(Permit));
        assert_eq!(denied_by(&answer(&query(CLINIC))), Some(against));
        let Decision::Permit { basis, .. } = answer(&query(HOSPITAL)) else {
            panic!("every consent permits")
        };
        assert_eq!(
            basis,
            Basis::Consent {
                consent: latest,
                version: 1
            }
        );
    });
}

#[test]
fn evaluate_asks_only_consents_in_force_whose_scope_fits() {
    build_and_execute(|| {
        let tomorrow = Period::between(START + DAY, START + 2 * DAY);
        granted(Draft {
            period: tomorrow,
            ..draft(Permit)
        });
        granted(Draft {
            scope: Scope::Research,
            ..draft(Permit)
        });
        assert_eq!(answer(&query(HOSPITAL)), Decision::NoConsent);
        let at = |at| {
            Pallet::<Test>::examine(PATIENT, &query(HOSPITAL), Some(at))
                .unwrap()
                .decision
        };
        assert!(matches!(at(START + DAY), Decision::Permit { .. }));
        assert_eq!(at(START + 2 * DAY), Decision::NoConsent);
        Now::set(START + DAY);
        assert!(permits(&query(HOSPITAL)));
    });
}

#[test]
fn evaluate_falls_back_on_the_consortiums_default() {
    build_and_execute(|| {
        let set = |decision| {
            assert_ok!(Consents::set_default(
                RuntimeOrigin::root(),
                Scope::Treatment,
                PurposeOfUse::Treat,
                HOME,
                decision
            ));
        };
        assert_eq!(answer(&query(HOSPITAL)), Decision::NoConsent);
        set(Some(Permit));
        let Decision::Permit { basis, .. } = answer(&query(HOSPITAL)) else {
            panic!("default")
        };
        assert_eq!(basis, Basis::Default(Scope::Treatment));
        set(Some(Deny));
        let Decision::Deny { reason, .. } = answer(&query(HOSPITAL)) else {
            panic!("default")
        };
        assert_eq!(reason, Denial::DefaultDenies(Scope::Treatment));
        granted(draft(Permit));
        assert!(
            permits(&query(HOSPITAL)),
            "what the patient said comes first"
        );
        set(None);
    });
}

#[test]
fn set_default_is_refused_when_it_could_never_apply() {
    build_and_execute(|| {
        let set = |scope, jurisdiction| {
            let purpose = PurposeOfUse::Treat;
            Consents::set_default(
                RuntimeOrigin::root(),
                scope,
                purpose,
                jurisdiction,
                Some(Deny),
            )
        };
        let privacy = set(Scope::PatientPrivacy, HOME);
        frame_support::assert_noop!(privacy, Error::<Test>::ScopeMismatch);
        let nowhere = set(Scope::Treatment, Jurisdiction(*b"us"));
        frame_support::assert_noop!(nowhere, Error::<Test>::InvalidJurisdiction);
    });
}

#[test]
fn set_default_is_refused_when_it_permits_emergencies() {
    build_and_execute(|| {
        for purpose in [PurposeOfUse::BreakGlass, PurposeOfUse::EmergencyTreat] {
            let set = |decision| {
                let origin = RuntimeOrigin::root();
                Consents::set_default(origin, Scope::Treatment, purpose, HOME, decision)
            };
            frame_support::assert_noop!(set(Some(Permit)), Error::<Test>::EmergencyDefault);
            assert_ok!(set(Some(Deny)));
            assert_ok!(set(None));
        }
    });
}

#[test]
#[should_panic(expected = "no default permits an emergency")]
fn genesis_is_refused_when_a_default_permits_emergencies() {
    let default = (Scope::Treatment, PurposeOfUse::BreakGlass, HOME, Permit);
    let genesis = crate::GenesisConfig::<Test> {
        defaults: vec![default],
        ..Default::default()
    };
    let mut storage = Default::default();
    let _ = sp_runtime::BuildStorage::assimilate_storage(&genesis, &mut storage);
}

#[test]
fn set_default_is_refused_when_not_by_the_council() {
    build_and_execute(|| {
        let by_patient = Consents::set_default(
            RuntimeOrigin::signed(PATIENT_KEY),
            Scope::Treatment,
            PurposeOfUse::Treat,
            HOME,
            Some(Permit),
        );
        frame_support::assert_noop!(by_patient, sp_runtime::DispatchError::BadOrigin);
    });
}

#[test]
fn evaluate_refuses_recipients_who_are_nobody() {
    build_and_execute(|| {
        granted(draft(Permit));
        let nobody = Decision::Deny {
            reason: Denial::RecipientNotActive,
            provision: None,
            unless: Vec::new(),
        };
        assert_eq!(answer(&query(STRANGER_ORG)), nobody);
        assert_eq!(
            answer(&query_by(CLINIC, NURSE, PurposeOfUse::Treat)),
            nobody
        );
        assert!(permits(&query_by(HOSPITAL, NURSE, PurposeOfUse::Treat)));
        Doubles::dismiss(&NURSE);
        assert_eq!(
            answer(&query_by(HOSPITAL, NURSE, PurposeOfUse::Treat)),
            nobody
        );
        Doubles::set_active(HOSPITAL, false);
        assert_eq!(answer(&query(HOSPITAL)), nobody);
    });
}

#[test]
fn evaluate_denies_everything_about_a_patient_who_is_not_active() {
    build_and_execute(|| {
        granted(draft(Permit));
        Doubles::set_standing(
            PATIENT,
            Standing {
                canonical: PATIENT,
                active: false,
            },
        );
        let Decision::Deny { reason, .. } = answer(&query(HOSPITAL)) else {
            panic!("permitted")
        };
        assert_eq!(reason, Denial::PatientNotActive);
    });
}

#[test]
fn evaluate_hears_what_was_said_under_a_merged_id() {
    build_and_execute(|| {
        let against = granted(draft(Deny));
        let merged = Standing {
            canonical: OTHER_PATIENT,
            active: true,
        };
        Doubles::set_standing(PATIENT, merged);
        for asked in [PATIENT, OTHER_PATIENT] {
            let explanation = Pallet::<Test>::examine(asked, &query(HOSPITAL), None).unwrap();
            assert_eq!(explanation.patient, OTHER_PATIENT);
            assert_eq!(denied_by(&explanation.decision), Some(against));
        }
    });
}

#[test]
fn evaluate_refuses_a_malformed_query_by_name() {
    build_and_execute(|| {
        let refusal = |patient, query: AccessQuery| {
            Pallet::<Test>::explanation(patient, &query, None)
                .unwrap_err()
                .0
        };
        assert_eq!(refusal(UNKNOWN_PATIENT, query(HOSPITAL)), "NotFound");
        let labels = Codes::from_bits(1 << 31);
        let unknown = AccessQuery {
            labels,
            ..query(HOSPITAL)
        };
        assert_eq!(refusal(PATIENT, unknown), "UnknownLabel");
        let data_period = Some(Period::between(2, 1));
        let backwards = AccessQuery {
            data_period,
            ..query(HOSPITAL)
        };
        assert_eq!(refusal(PATIENT, backwards.clone()), "InvalidPeriod");
        let error = Pallet::<Test>::examine(PATIENT, &backwards, None);
        assert_eq!(error, Err(Error::<Test>::InvalidPeriod));
    });
}

#[test]
fn explain_lists_every_consent_that_was_looked_at() {
    build_and_execute(|| {
        let permit = granted(draft(Permit));
        let later = Period {
            start: Some(START + DAY),
            end: None,
        };
        let not_yet = granted(Draft {
            period: later,
            ..draft(Deny)
        });
        let research = granted(Draft {
            scope: Scope::Research,
            ..draft(Deny)
        });
        let explanation = Pallet::<Test>::examine(PATIENT, &query(HOSPITAL), None).unwrap();
        let finding = |id| {
            explanation
                .steps
                .iter()
                .find(|step| step.consent == id)
                .map(|s| s.finding.clone())
        };
        let decides = Finding::Decides {
            decision: Permit,
            provision: None,
            names_purpose: false,
        };
        assert_eq!(finding(permit), Some(decides));
        assert_eq!(finding(not_yet), Some(Finding::OutsidePeriod));
        assert_eq!(finding(research), Some(Finding::ScopeDoesNotFit));
        assert_eq!(explanation.decision, answer(&query(HOSPITAL)));
    });
}
