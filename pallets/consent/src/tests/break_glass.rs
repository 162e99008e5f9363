//! Emergencies: who may open, what it opens, and that somebody else looks at it afterwards.

use crate::{mock::*, pallet::Error, types::*, Event, Pallet, EMERGENCY_DURATION, REVIEW_WINDOW};
use axonic_primitives::{
    consent::{Basis, Denial, Label, PurposeOfUse},
    credentials::{CredentialDenial, Privilege},
    membership::Duty,
    patients::Standing,
    testing::Doubles,
    AccountId, BreakGlassId,
};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};
use sp_core::H256;
use ProvisionType::{Deny, Permit};

const JUSTIFICATION: H256 = H256::repeat_byte(7);

fn open(who: AccountId) -> DispatchResult {
    let reason = EmergencyReason::LifeThreatening;
    Consents::open_break_glass(RuntimeOrigin::signed(who), PATIENT, reason, JUSTIFICATION)
}

fn opened() -> BreakGlassId {
    assert_ok!(open(DOCTOR));
    let Event::BreakGlassOpened { id, .. } = last_event() else {
        panic!("not opened")
    };
    id
}

fn close(who: AccountId, id: BreakGlassId) -> DispatchResult {
    Consents::close_break_glass(RuntimeOrigin::signed(who), id)
}

fn review(who: AccountId, id: BreakGlassId) -> DispatchResult {
    Consents::review_break_glass(RuntimeOrigin::signed(who), id, ReviewOutcome::Justified)
}

fn in_emergency() -> Decision {
    answer(&query_by(HOSPITAL, DOCTOR, PurposeOfUse::BreakGlass))
}

fn reason(decision: Decision) -> Option<Denial> {
    match decision {
        Decision::Deny { reason, .. } => Some(reason),
        _ => None,
    }
}

#[test]
fn open_permits_what_was_generally_denied_until_it_runs_out() {
    build_and_execute(|| {
        granted(draft(Deny));
        assert!(matches!(
            reason(in_emergency()),
            Some(Denial::ConsentDenies(_))
        ));
        let id = opened();
        let basis = Basis::BreakGlass(id);
        assert_eq!(
            in_emergency(),
            Decision::Permit {
                basis,
                obligations: Vec::new()
            }
        );
        assert!(
            !permits(&query_by(HOSPITAL, DOCTOR, PurposeOfUse::Treat)),
            "only in emergency"
        );
        Now::set(START + EMERGENCY_DURATION);
        assert!(reason(in_emergency()).is_some());
    });
}

#[test]
fn evaluate_needs_a_credential_for_an_emergency() {
    build_and_execute(|| {
        granted(draft(Permit));
        let by = |practitioner| {
            let mut query = query(HOSPITAL);
            query.purpose = PurposeOfUse::EmergencyTreat;
            query.recipient.practitioner = practitioner;
            reason(answer(&query))
        };
        assert_eq!(by(None), Some(Denial::NotCredentialed));
        assert_eq!(by(Some(NURSE)), Some(Denial::NotCredentialed));
        Doubles::license(NURSE, Privilege::Dispense);
        assert_eq!(by(Some(NURSE)), Some(Denial::EmergencyPrivilegeMissing));
        assert_eq!(by(Some(DOCTOR)), None);
    });
}

#[test]
fn each_reason_against_a_credential_is_told_by_dispatch_and_by_the_decision() {
    use CredentialDenial::*;
    let told: [(_, Error<Test>, _); 7] = [
        (
            NotYetValid,
            Error::CredentialNotYetValid,
            Denial::CredentialNotYetValid,
        ),
        (Expired, Error::CredentialExpired, Denial::CredentialExpired),
        (
            Suspended,
            Error::CredentialSuspended,
            Denial::CredentialSuspended,
        ),
        (Revoked, Error::CredentialRevoked, Denial::CredentialRevoked),
        (
            IssuerDistrusted,
            Error::IssuerDistrusted,
            Denial::IssuerDistrusted,
        ),
        (
            JurisdictionMismatch,
            Error::JurisdictionMismatch,
            Denial::JurisdictionMismatch,
        ),
        (
            BackDated,
            Error::CredentialBackDated,
            Denial::CredentialBackDated,
        ),
    ];
    build_and_execute(|| {
        for (because, error, denial) in told {
            Doubles::unlicense(DOCTOR, because);
            assert_noop!(open(DOCTOR), error);
            assert_eq!(reason(in_emergency()), Some(denial));
        }
    });
}

#[test]
fn open_is_refused_when_the_emergency_itself_is_denied() {
    build_and_execute(|| {
        let never = ProvisionDraft {
            purposes: PurposeOfUse::BreakGlass.into(),
            ..Default::default()
        };
        let against = granted(draft_with(Permit, vec![never]));
        assert_noop!(open(DOCTOR), Error::<Test>::ExplicitlyDenied);
        assert_eq!(reason(in_emergency()), Some(Denial::ConsentDenies(against)));
    });
}

#[test]
fn open_is_refused_by_a_denial_of_either_emergency_in_any_order() {
    build_and_execute(|| {
        let hospital = about([Grantee::Organisation(HOSPITAL)]);
        let never = ProvisionDraft {
            purposes: PurposeOfUse::EmergencyTreat.into(),
            ..Default::default()
        };
        granted(draft_with(Permit, vec![hospital, never]));
        assert_noop!(open(DOCTOR), Error::<Test>::ExplicitlyDenied);
    });
}

#[test]
fn an_open_access_leaves_out_what_was_kept_from_emergencies_and_is_only_for_reading() {
    build_and_execute(|| {
        granted(draft(Deny));
        let psychiatry = ProvisionDraft {
            purposes: PurposeOfUse::BreakGlass.into(),
            labels: axonic_primitives::consent::Label::Psychiatry.into(),
            ..Default::default()
        };
        granted(draft_with(Permit, vec![psychiatry]));
        opened();
        let Decision::Permit { obligations, .. } = in_emergency() else {
            panic!("open")
        };
        assert_eq!(obligations[0].duty, crate::types::Duty::Redact);
        let mut disclose = query_by(HOSPITAL, DOCTOR, PurposeOfUse::BreakGlass);
        disclose.action = axonic_primitives::consent::Action::Disclose;
        assert!(!permits(&disclose));
    });
}

#[test]
fn an_open_access_leaves_out_what_a_permit_for_emergencies_excepts() {
    build_and_execute(|| {
        let emergencies = ProvisionDraft {
            purposes: PurposeOfUse::BreakGlass.into(),
            ..Default::default()
        };
        let psychiatry = ProvisionDraft {
            parent: Some(0),
            labels: Label::Psychiatry.into(),
            ..Default::default()
        };
        granted(draft_with(Deny, vec![emergencies, psychiatry]));
        let id = opened();
        // Either kind of emergency, though the patient named one.
        for purpose in [PurposeOfUse::BreakGlass, PurposeOfUse::EmergencyTreat] {
            let Decision::Permit { basis, obligations } =
                answer(&query_by(HOSPITAL, DOCTOR, purpose))
            else {
                panic!("open")
            };
            assert_eq!(basis, Basis::BreakGlass(id));
            assert_eq!(obligations.len(), 1);
            assert_eq!(obligations[0].duty, crate::types::Duty::Redact);
            assert_eq!(obligations[0].provision, Some(1));
        }
    });
}

#[test]
fn a_denial_of_one_kind_of_emergency_is_a_denial_of_both() {
    build_and_execute(|| {
        use PurposeOfUse::{BreakGlass, EmergencyTreat};
        for (named, asked) in [(BreakGlass, EmergencyTreat), (EmergencyTreat, BreakGlass)] {
            granted(draft(Permit));
            let never = ProvisionDraft {
                purposes: named.into(),
                ..Default::default()
            };
            let against = granted(draft_with(Permit, vec![never]));
            let emergency = query_by(HOSPITAL, DOCTOR, asked);
            let explanation = Pallet::<Test>::examine(PATIENT, &emergency, None).unwrap();
            let step = explanation
                .steps
                .iter()
                .find(|step| step.consent == against);
            let says = Finding::Decides {
                decision: Deny,
                provision: Some(0),
                names_purpose: true,
            };
            assert_eq!(step.map(|step| &step.finding), Some(&says));
            let denies = Some(Denial::ConsentDenies(against));
            assert_eq!(reason(explanation.decision), denies);
            let origin = RuntimeOrigin::signed(PATIENT_KEY);
            assert_ok!(Consents::withdraw(origin, PATIENT, against));
            assert!(permits(&emergency));
        }
    });
}

#[test]
fn what_is_kept_from_one_kind_of_emergency_is_kept_from_both() {
    build_and_execute(|| {
        let psychiatry = ProvisionDraft {
            purposes: PurposeOfUse::BreakGlass.into(),
            labels: Label::Psychiatry.into(),
            ..Default::default()
        };
        granted(draft_with(Permit, vec![psychiatry]));
        let emergency = query_by(HOSPITAL, DOCTOR, PurposeOfUse::EmergencyTreat);
        let redactions = || match answer(&emergency) {
            Decision::Permit { obligations, .. } => obligations,
            other => panic!("not permitted: {other:?}"),
        };
        let by_consent = redactions();
        assert_eq!(by_consent.len(), 1);
        assert_eq!(by_consent[0].content.labels, Label::Psychiatry.into());
        opened();
        assert_eq!(redactions(), by_consent);
    });
}

#[test]
fn an_open_access_goes_further_than_a_permit_for_a_part() {
    build_and_execute(|| {
        let allergies = ProvisionDraft {
            classes: vec![axonic_primitives::consent::ResourceType::AllergyIntolerance],
            ..Default::default()
        };
        granted(draft_with(Deny, vec![allergies]));
        let id = opened();
        let Decision::Permit { basis, obligations } = in_emergency() else {
            panic!("open")
        };
        assert_eq!((basis, obligations.len()), (Basis::BreakGlass(id), 0));
    });
}

#[test]
fn an_explicit_denial_wins_over_an_access_that_is_already_open() {
    build_and_execute(|| {
        opened();
        let never = ProvisionDraft {
            purposes: PurposeOfUse::BreakGlass.into(),
            ..Default::default()
        };
        granted(draft(Deny));
        let against = granted(draft_with(Permit, vec![never]));
        assert_eq!(reason(in_emergency()), Some(Denial::ConsentDenies(against)));
    });
}

#[test]
fn open_is_refused_without_justification_credential_or_privilege() {
    build_and_execute(|| {
        let reason = EmergencyReason::Disaster;
        let origin = RuntimeOrigin::signed(DOCTOR);
        let unjustified = Consents::open_break_glass(origin, PATIENT, reason, H256::zero());
        assert_noop!(unjustified, Error::<Test>::JustificationRequired);
        assert_noop!(open(NURSE), Error::<Test>::NotCredentialed);
        Doubles::license(NURSE, Privilege::Prescribe);
        assert_noop!(open(NURSE), Error::<Test>::EmergencyPrivilegeMissing);
        let origin = RuntimeOrigin::signed(DOCTOR);
        let unknown = Consents::open_break_glass(origin, UNKNOWN_PATIENT, reason, JUSTIFICATION);
        assert_noop!(unknown, Error::<Test>::NotFound);
    });
}

#[test]
fn open_is_refused_twice_until_the_first_is_over() {
    build_and_execute(|| {
        let first = opened();
        assert_noop!(open(DOCTOR), Error::<Test>::BreakGlassOpen);
        Now::set(START + EMERGENCY_DURATION);
        assert_ne!(opened(), first);
    });
}

#[test]
fn open_is_refused_twice_when_the_first_was_under_a_merged_id() {
    build_and_execute(|| {
        opened();
        let merged = Standing {
            canonical: OTHER_PATIENT,
            active: true,
        };
        Doubles::set_standing(PATIENT, merged);
        for patient in [PATIENT, OTHER_PATIENT] {
            let origin = RuntimeOrigin::signed(DOCTOR);
            let reason = EmergencyReason::LifeThreatening;
            let again = Consents::open_break_glass(origin, patient, reason, JUSTIFICATION);
            assert_noop!(again, Error::<Test>::BreakGlassOpen);
        }
    });
}

#[test]
fn open_is_for_one_organisation_and_outlives_the_one_before() {
    build_and_execute(|| {
        let before = opened();
        // The doctor goes to work for the clinic, where nothing is open yet.
        Doubles::enrol(DOCTOR, CLINIC, Duty::Clinician);
        let id = opened();
        assert_ok!(close(NURSE, before));
        let emergency = query_by(CLINIC, DOCTOR, PurposeOfUse::BreakGlass);
        let Decision::Permit { basis, .. } = answer(&emergency) else {
            panic!("open")
        };
        assert_eq!(basis, Basis::BreakGlass(id));
    });
}

#[test]
fn close_ends_it_at_once_and_once() {
    build_and_execute(|| {
        let id = opened();
        assert_noop!(close(CLINIC_DOCTOR, id), Error::<Test>::NotOwnOrganisation);
        assert_ok!(close(NURSE, id));
        assert_eq!(last_event(), Event::BreakGlassClosed { id });
        assert_eq!(in_emergency(), Decision::NoConsent);
        assert_noop!(close(NURSE, id), Error::<Test>::BreakGlassExpired);
        assert_noop!(
            close(NURSE, BreakGlassId::default()),
            Error::<Test>::NotFound
        );
    });
}

#[test]
fn review_is_by_another_of_the_same_organisation_and_once() {
    build_and_execute(|| {
        let id = opened();
        assert_noop!(review(DOCTOR, id), Error::<Test>::SelfReview);
        assert_noop!(review(CLINIC_DOCTOR, id), Error::<Test>::NotOwnOrganisation);
        assert_ok!(review(PRIVACY_OFFICER, id));
        assert_noop!(review(PRIVACY_OFFICER, id), Error::<Test>::AlreadyReviewed);
        assert_eq!(
            in_emergency(),
            Decision::NoConsent,
            "a review closes what is open"
        );
        let info = Pallet::<Test>::break_glass_info(id).unwrap();
        assert_eq!(info.break_glass.outcome, Some(ReviewOutcome::Justified));
    });
}

#[test]
fn reviews_are_listed_as_open_then_overdue_then_not_at_all() {
    build_and_execute(|| {
        let id = opened();
        let listed = |infos: Vec<BreakGlassInfo>| infos.iter().map(|i| i.id).collect::<Vec<_>>();
        let open = || listed(Pallet::<Test>::break_glass_open(HOSPITAL, None, 10));
        let overdue = || listed(Pallet::<Test>::reviews_overdue(HOSPITAL, None, 10));
        assert_eq!((open(), overdue()), (vec![id], vec![]));
        Now::set(START + EMERGENCY_DURATION);
        assert_eq!((open(), overdue()), (vec![], vec![]));
        Now::set(START + REVIEW_WINDOW);
        assert_eq!((open(), overdue()), (vec![], vec![id]));
        assert!(Pallet::<Test>::reviews_overdue(CLINIC, None, 10).is_empty());
        assert_ok!(review(PRIVACY_OFFICER, id));
        assert_eq!(overdue(), vec![]);
    });
}
