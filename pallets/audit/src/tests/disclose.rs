//! One disclosure: what is asked, what is stored, what is in the way.

use crate::{mock::*, types::*, weights::WeightInfo, Entries, Error, Event, Logs};
use axonic_primitives::{
    consent::{
        Action, Basis, ConsentGate, DataRef, Denial, Label, PurposeOfUse, ResourceType, Scope,
        MAX_CLASSES, MAX_CODES, MAX_DATA, MAX_LIVE_CONSENTS,
    },
    patients::Standing,
    testing::Doubles,
    BreakGlassId, ConsentId, Period,
};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchClass, weights::Weight};
use sp_core::H256;
use sp_runtime::DispatchError;

#[test]
fn disclose_stores_what_the_gate_answered() {
    build_and_execute(|| {
        Now::set(START + HOUR);
        assert_ok!(disclose(CLERK, PATIENT, disclosure(PAYER)));
        let entry = Entry {
            sequence: 0,
            at: START + HOUR,
            custodian: HOSPITAL,
            custodian_sequence: 0,
            discloser: CLERK,
            recipient: PAYER,
            practitioner: None,
            purpose: PurposeOfUse::Treat,
            action: Action::Disclose,
            classes: vec![ResourceType::Observation].try_into().unwrap(),
            content: CONTENT,
            outcome: Outcome::Disclosed {
                basis: BASIS,
                conditional: false,
            },
        };
        assert_eq!(last_entry(PATIENT), entry);
        let patient = PATIENT;
        assert_eq!(last_event(), Event::Disclosed { patient, entry });
    });
}

#[test]
fn disclose_counts_by_patient_and_by_custodian() {
    build_and_execute(|| {
        disclosed(PATIENT);
        disclosed(OTHER_PATIENT);
        assert_ok!(disclose(CLINIC_STAFF, PATIENT, disclosure(PAYER)));
        let numbers = |entry: Entry| (entry.custodian, entry.sequence, entry.custodian_sequence);
        assert_eq!(numbers(last_entry(PATIENT)), (CLINIC, 1, 0));
        assert_eq!(numbers(last_entry(OTHER_PATIENT)), (HOSPITAL, 0, 1));
    });
}

#[test]
fn disclose_stores_each_kind_of_basis() {
    build_and_execute(|| {
        let bases = [
            BASIS,
            Basis::BreakGlass(BreakGlassId(H256::repeat_byte(8))),
            Basis::Default(Scope::Treatment),
        ];
        for basis in bases {
            Doubles::permit(PATIENT, PAYER, basis, false);
            disclosed(PATIENT);
            let conditional = false;
            let outcome = Outcome::Disclosed { basis, conditional };
            assert_eq!(last_entry(PATIENT).outcome, outcome);
        }
    });
}

#[test]
fn disclose_asks_about_the_data_that_the_custodian_holds() {
    build_and_execute(|| {
        let instance = DataRef::Instance(H256::repeat_byte(3));
        let asked = Disclosure {
            labels: Label::Hiv.into(),
            codes: vec![H256::repeat_byte(4)],
            data: vec![instance],
            data_period: Some(Period::between(1, 2)),
            ..disclosure(PAYER)
        };
        assert_ok!(disclose(CLERK, PATIENT, asked.clone()));
        let query = LastQuery::get().unwrap();
        let held = DataRef::HeldBy(HOSPITAL);
        assert_eq!(query.data.to_vec(), [instance, held]);
        assert_eq!(query.recipient, asked.recipient);
        assert_eq!((query.action, query.purpose), (asked.action, asked.purpose));
        assert_eq!(query.classes.to_vec(), asked.classes);
        assert_eq!(query.codes.to_vec(), asked.codes);
        assert_eq!(query.labels, asked.labels);
        assert_eq!(query.data_period, asked.data_period);

        let named = Disclosure {
            data: vec![held],
            ..disclosure(PAYER)
        };
        assert_ok!(disclose(CLERK, PATIENT, named));
        assert_eq!(LastQuery::get().unwrap().data.to_vec(), [held]);
    });
}

#[test]
fn disclose_logs_under_the_id_that_was_named_whatever_is_merged() {
    build_and_execute(|| {
        let standing = Standing {
            canonical: PATIENT,
            active: true,
        };
        Doubles::set_standing(OTHER_PATIENT, standing);
        let explained =
            Audit::explain_disclose(CLERK, OTHER_PATIENT, disclosure(PAYER), false).unwrap();
        assert_eq!(explained.patient, OTHER_PATIENT);
        assert_ok!(disclose(CLERK, OTHER_PATIENT, disclosure(PAYER)));
        assert_eq!(accounting(PATIENT).len(), 1);

        // What was said of one person stays with that person when the merge is undone.
        Doubles::register(OTHER_PATIENT, OTHER_PATIENT_KEY);
        assert!(accounting(PATIENT).is_empty());
        assert_eq!(accounting(OTHER_PATIENT).len(), 1);
        assert_ok!(Audit::contest(signed(OTHER_PATIENT_KEY), OTHER_PATIENT, 0));
    });
}

#[test]
fn disclose_needs_obligations_met_when_the_permit_is_conditional() {
    build_and_execute(|| {
        Doubles::permit(PATIENT, PAYER, BASIS, true);
        assert_noop!(
            disclose(CLERK, PATIENT, disclosure(PAYER)),
            Error::<Test>::ObligationUnmet
        );
        let disclosure = Box::new(disclosure(PAYER));
        assert_ok!(Audit::disclose(signed(CLERK), PATIENT, disclosure, true));
        let conditional = true;
        let basis = BASIS;
        let outcome = Outcome::Disclosed { basis, conditional };
        assert_eq!(last_entry(PATIENT).outcome, outcome);
    });
}

/// Every reason of the gate and the error it becomes.
fn denials() -> [(Denial, Error<Test>); 18] {
    [
        (Denial::PatientNotFound, Error::NotFound),
        (Denial::PatientNotActive, Error::PatientNotActive),
        (Denial::RecipientNotActive, Error::RecipientNotActive),
        (
            Denial::ConsentDenies(ConsentId::default()),
            Error::ConsentDenied,
        ),
        (
            Denial::DefaultDenies(Scope::Treatment),
            Error::DefaultDenied,
        ),
        (Denial::NoConsent, Error::NoConsent),
        (Denial::NotCredentialed, Error::NotCredentialed),
        (
            Denial::EmergencyPrivilegeMissing,
            Error::EmergencyPrivilegeMissing,
        ),
        (Denial::MalformedQuery, Error::MalformedQuery),
        (Denial::NoGate, Error::NoGate),
        (Denial::CredentialNotYetValid, Error::CredentialNotYetValid),
        (Denial::CredentialExpired, Error::CredentialExpired),
        (Denial::CredentialSuspended, Error::CredentialSuspended),
        (Denial::CredentialRevoked, Error::CredentialRevoked),
        (Denial::IssuerDistrusted, Error::IssuerDistrusted),
        (Denial::JurisdictionMismatch, Error::JurisdictionMismatch),
        (Denial::CredentialBackDated, Error::CredentialBackDated),
        (Denial::TooManyConsents, Error::TooManyConsentsHeld),
    ]
}

#[test]
fn disclose_is_refused_with_the_gates_reason() {
    build_and_execute(|| {
        for (denial, error) in denials() {
            Doubles::deny(PATIENT, PAYER, denial);
            assert_noop!(disclose(CLERK, PATIENT, disclosure(PAYER)), error);
        }
        assert_noop!(
            disclose(CLERK, UNKNOWN_PATIENT, disclosure(PAYER)),
            Error::<Test>::NotFound
        );
    });
}

#[test]
fn disclose_is_refused_when_it_is_no_disclosure() {
    build_and_execute(|| {
        for action in [Action::Collect, Action::Correct] {
            let other = Disclosure {
                action,
                ..disclosure(PAYER)
            };
            assert_noop!(
                disclose(CLERK, PATIENT, other),
                Error::<Test>::NotADisclosure
            );
        }
        for action in [Action::Access, Action::Use, Action::Disclose] {
            let reading = Disclosure {
                action,
                ..disclosure(PAYER)
            };
            assert_ok!(disclose(CLERK, PATIENT, reading));
        }
    });
}

#[test]
fn disclose_is_refused_when_another_organisation_holds_the_data() {
    build_and_execute(|| {
        let data = vec![DataRef::HeldBy(HOSPITAL), DataRef::HeldBy(CLINIC)];
        let foreign = Disclosure {
            data,
            ..disclosure(PAYER)
        };
        assert_noop!(
            disclose(CLERK, PATIENT, foreign),
            Error::<Test>::NotCustodian
        );
    });
}

#[test]
fn disclose_is_refused_when_it_names_too_much() {
    build_and_execute(|| {
        let hash = H256::repeat_byte(3);
        let full = Disclosure {
            classes: vec![ResourceType::Observation; MAX_CLASSES as usize],
            codes: vec![hash; MAX_CODES as usize],
            data: vec![DataRef::Instance(hash); MAX_DATA as usize - 1],
            ..disclosure(PAYER)
        };
        assert_ok!(disclose(CLERK, PATIENT, full.clone()));
        let mut classes = full.clone();
        classes.classes.push(ResourceType::Observation);
        let mut codes = full.clone();
        codes.codes.push(hash);
        let mut data = full;
        data.data.push(DataRef::Related(hash));
        for too_much in [classes, codes, data] {
            assert_noop!(
                disclose(CLERK, PATIENT, too_much),
                Error::<Test>::MaxTargetsExceeded
            );
        }
    });
}

#[test]
fn disclose_is_refused_without_a_commitment() {
    build_and_execute(|| {
        let empty = Disclosure {
            content: H256::zero(),
            ..disclosure(PAYER)
        };
        assert_noop!(
            disclose(CLERK, PATIENT, empty),
            Error::<Test>::CommitmentMissing
        );
    });
}

#[test]
fn disclose_is_refused_when_the_signer_is_no_custodian() {
    build_and_execute(|| {
        for who in [DOCTOR, PATIENT_KEY, STRANGER] {
            assert!(disclose(who, PATIENT, disclosure(PAYER)).is_err());
        }
        Doubles::set_active(HOSPITAL, false);
        let reason = DispatchError::Other("double: organisation not active");
        assert_noop!(disclose(CLERK, PATIENT, disclosure(PAYER)), reason);
        assert!(accounting(PATIENT).is_empty());
    });
}

/// What it costs the clerk to disclose to the payer, or to be refused.
fn cost_of_disclosing() -> Option<Weight> {
    let disclosure = Box::new(disclosure(PAYER));
    cost(Audit::disclose(signed(CLERK), PATIENT, disclosure, false))
}

#[test]
fn disclose_gives_back_what_the_gate_did_not_read_whatever_it_answers() {
    build_and_execute(|| {
        GateReads::set(3);
        assert_eq!(cost_of_disclosing(), Some(<()>::disclose(3)));
        Doubles::permit(PATIENT, PAYER, BASIS, true);
        assert_eq!(cost_of_disclosing(), Some(<()>::disclose(3)));
        Doubles::deny(PATIENT, PAYER, Denial::NoConsent);
        assert_eq!(cost_of_disclosing(), Some(<()>::disclose(3)));
        GateReads::set(2 * MAX_LIVE_CONSENTS);
        let charged = <()>::disclose(MAX_LIVE_CONSENTS);
        assert_eq!(cost_of_disclosing(), Some(charged));
    });
}

#[test]
fn disclose_takes_from_the_block_what_was_read_beyond_the_charge() {
    build_and_execute(|| {
        let used = || *System::block_weight().get(DispatchClass::Normal);
        let before = used();
        GateReads::set(MAX_LIVE_CONSENTS + 5);
        let charged = <()>::disclose(MAX_LIVE_CONSENTS);
        assert_eq!(cost_of_disclosing(), Some(charged));
        let beyond = <()>::disclose(MAX_LIVE_CONSENTS + 5) - charged;
        assert_eq!(used(), before + beyond);
    });
}

#[test]
fn explain_disclose_tells_what_disclose_does() {
    build_and_execute(|| {
        let explain = |who, met| Audit::explain_disclose(who, PATIENT, disclosure(PAYER), met);
        let mut expected = Permitted {
            patient: PATIENT,
            basis: BASIS,
            conditional: false,
        };
        assert_eq!(explain(CLERK, false), Ok(expected.clone()));
        Doubles::permit(PATIENT, PAYER, BASIS, true);
        expected.conditional = true;
        assert_eq!(explain(CLERK, true), Ok(expected));
        assert_eq!(explain(CLERK, false).unwrap_err().0, "ObligationUnmet");
        for (denial, error) in denials() {
            Doubles::deny(PATIENT, PAYER, denial);
            let refusal = DispatchError::from(error).into();
            assert_eq!(explain(CLERK, true), Err(refusal));
        }
        assert!(explain(DOCTOR, true).is_err());
        assert!(accounting(PATIENT).is_empty(), "a read writes nothing");
    });
}

#[test]
fn disclose_is_impossible_without_a_gate() {
    build_and_execute(|| {
        // The double answers as the gate that is none.
        let query = disclosure(PAYER).question(HOSPITAL).unwrap();
        let refused = <() as ConsentGate>::authorize(&PATIENT, &query).unwrap_err();
        Doubles::deny(PATIENT, PAYER, refused.denial);
        assert_noop!(
            disclose(CLERK, PATIENT, disclosure(PAYER)),
            Error::<Test>::NoGate
        );
        let together = Audit::disclose_many(signed(CLERK), vec![item(PATIENT, PAYER)]);
        assert_noop!(outcome(together), Error::<Test>::NoGate);
        assert_noop!(report_refusal(CLERK, PATIENT, PAYER), Error::<Test>::NoGate);
        assert_eq!(Entries::<Test>::iter().count(), 0);
        assert_eq!(Logs::<Test>::iter().count(), 0);
        assert!(System::events().is_empty());
    });
}
