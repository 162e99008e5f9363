//! Licences, records and disclosures, across pallets, with signed transactions.

use crate::chain::{account_of, decide, on_development, send, NOW};
use axonic_primitives::{
    consent::{Action, Basis, Denial, PurposeOfUse, Recipient, ResourceType, Scope},
    credentials::Privilege,
    membership::{Duty, Jurisdiction},
    Codes, ConsentId, CredentialId, Moment, OrgId, Period,
};
use axonic_runtime::{
    configs::accounts::ProxyType, genesis_config_presets::DEVELOPMENT_PATIENT as PATIENT, Audit,
    Consent, Credentials, HealthRecords, Multisig, Runtime, RuntimeCall, RuntimeEvent, System,
};
use frame_support::{assert_ok, traits::InstanceFilter};
use pallet_audit::{
    rules::next_head,
    types::{Disclosure, DisclosureInfo, DisclosureItem, Outcome},
};
use pallet_consent::types::{Draft, EmergencyReason, Grantee, ProvisionDraft, ProvisionType};
use pallet_credentials::types::{CredentialKind, Reason, Terms};
use pallet_health_records::types::{
    CustodianInfo, RecordDraft, RecordFilter, Status, Verification,
};
use sp_core::H256;
use sp_runtime::{DispatchError, DispatchResult, MultiAddress};

const HOSPITAL: OrgId = OrgId(0);
/// Hands out what the hospital keeps.
const OFFICER: &str = "RecordsOfficer";
const BOARD: OrgId = OrgId(5);
const OTHER_HOSPITAL: OrgId = OrgId(6);

const US: Jurisdiction = Jurisdiction(*b"US");
const FRANCE: Jurisdiction = Jurisdiction(*b"FR");
const HOUR: Moment = 60 * 60 * 1000;

/// Commits to the document that is anchored and handed out here.
const DOCUMENT: H256 = H256::repeat_byte(0xd0);

fn accredit(jurisdiction: Jurisdiction) {
    decide(pallet_credentials::Call::<Runtime>::accredit {
        issuer: BOARD,
        kind: CredentialKind::EmergencyAccess,
        jurisdiction,
    });
}

/// A licence to open records in emergencies where the hospital is, from now on.
fn licence() -> Terms {
    Terms {
        kind: CredentialKind::EmergencyAccess,
        privileges: Privilege::EmergencyAccess.into(),
        jurisdiction: US,
        valid_from: NOW,
        valid_until: NOW + 24 * HOUR,
        commitment: H256::zero(),
    }
}

/// Lets the board license the clinician.
fn issue(terms: Terms) -> DispatchResult {
    let holder = account_of("Clinician");
    send(
        "Auditor",
        pallet_credentials::Call::<Runtime>::issue { holder, terms },
    )
}

/// The clinician's only credential.
fn credential() -> CredentialId {
    let held = Credentials::credentials_of(account_of("Clinician"), None, 2);
    assert_eq!(held.len(), 1);
    held[0].id
}

/// Lets the clinician open the patient's records without waiting for the patient.
fn break_the_glass() -> DispatchResult {
    let open = pallet_consent::Call::<Runtime>::open_break_glass {
        patient: PATIENT,
        reason: EmergencyReason::LifeThreatening,
        justification_hash: H256::repeat_byte(1),
    };
    send("Clinician", open)
}

/// What is said when the glass stays whole.
fn whole(error: pallet_consent::Error<Runtime>) -> DispatchResult {
    Err(error.into())
}

/// What is said when nothing is logged.
fn unlogged(error: pallet_audit::Error<Runtime>) -> DispatchResult {
    Err(error.into())
}

/// The document, shown to a practitioner of `org`.
fn shown_to(org: OrgId, practitioner: &str, purpose: PurposeOfUse) -> Disclosure {
    Disclosure {
        recipient: Recipient {
            org,
            practitioner: Some(account_of(practitioner)),
        },
        action: Action::Access,
        purpose,
        classes: vec![ResourceType::Observation],
        labels: Codes::empty(),
        codes: Vec::new(),
        data: Vec::new(),
        data_period: None,
        content: DOCUMENT,
    }
}

/// The document, shown to the clinician in the emergency.
fn in_the_emergency() -> Disclosure {
    shown_to(HOSPITAL, "Clinician", PurposeOfUse::BreakGlass)
}

/// The document, shown to the second hospital's physician for treatment.
fn elsewhere() -> Disclosure {
    shown_to(OTHER_HOSPITAL, "Dave", PurposeOfUse::Treat)
}

fn disclose(disclosure: Disclosure) -> RuntimeCall {
    pallet_audit::Call::<Runtime>::disclose {
        patient: PATIENT,
        disclosure: Box::new(disclosure),
        obligations_met: false,
    }
    .into()
}

fn report_refusal(disclosure: Disclosure) -> RuntimeCall {
    pallet_audit::Call::<Runtime>::report_refusal {
        patient: PATIENT,
        disclosure: Box::new(disclosure),
    }
    .into()
}

fn anchor() -> RuntimeCall {
    let draft = RecordDraft {
        class: ResourceType::Observation,
        labels: Codes::empty(),
        commitment: DOCUMENT,
        retain_until: None,
    };
    pallet_health_records::Call::<Runtime>::anchor {
        patient: PATIENT,
        draft,
    }
    .into()
}

/// Has the patient let `org` in, and nobody else.
fn let_in(org: OrgId) -> ConsentId {
    let provision = ProvisionDraft {
        actors: vec![Grantee::Organisation(org)],
        ..Default::default()
    };
    let draft = Box::new(Draft {
        scope: Scope::PatientPrivacy,
        decision: ProvisionType::Deny,
        period: Period::ALWAYS,
        provisions: vec![provision],
        policy_hash: H256::zero(),
        evidence_hash: H256::zero(),
    });
    assert_ok!(send(
        "Patient",
        pallet_consent::Call::<Runtime>::grant {
            patient: PATIENT,
            draft
        }
    ));
    let consents = Consent::consents_of(PATIENT, None, 2);
    assert_eq!(consents.len(), 1);
    consents[0].id
}

/// Every entry about the patient.
fn accounting() -> Vec<DisclosureInfo> {
    Audit::accounting_of_disclosures(PATIENT, None, None, None, 64).expect("the patient is known")
}

/// What every entry about the patient came to.
fn outcomes() -> Vec<Outcome> {
    accounting().iter().map(|info| info.entry.outcome).collect()
}

#[test]
fn a_licence_breaks_the_glass_until_something_is_held_against_it() {
    on_development(|| {
        use pallet_consent::Error;

        // Nobody issues what the council did not accredit, and nobody is licensed by that.
        let not_accredited = pallet_credentials::Error::<Runtime>::NotAccredited;
        assert_eq!(issue(licence()), Err(not_accredited.into()));
        assert_eq!(break_the_glass(), whole(Error::NotCredentialed));

        accredit(US);
        assert_ok!(issue(licence()));
        let credential = credential();
        assert_ok!(break_the_glass());

        // What is shown in the emergency stands on it.
        assert_ok!(send(OFFICER, disclose(in_the_emergency())));
        let shown = outcomes();
        let [Outcome::Disclosed {
            basis: Basis::BreakGlass(id),
            conditional: false,
        }] = shown[..]
        else {
            panic!("shown otherwise: {shown:?}");
        };
        assert!(Consent::break_glass_info(id).is_some_and(|info| info.open));

        // A suspension holds in the very block: for who would open, and for what is open.
        let suspend = pallet_credentials::Call::<Runtime>::suspend {
            credential,
            until: None,
            reason: Some(Reason::UnderInvestigation),
        };
        assert_ok!(send("Auditor", suspend));
        assert_eq!(break_the_glass(), whole(Error::CredentialSuspended));
        assert_eq!(
            send(OFFICER, disclose(in_the_emergency())),
            unlogged(pallet_audit::Error::CredentialSuspended)
        );

        // The licence is as good as before, and the glass still broken.
        let reinstate = pallet_credentials::Call::<Runtime>::reinstate { credential };
        assert_ok!(send("Auditor", reinstate));
        assert_eq!(break_the_glass(), whole(Error::BreakGlassOpen));
        assert_ok!(send(OFFICER, disclose(in_the_emergency())));

        decide(pallet_credentials::Call::<Runtime>::distrust_issuer_from {
            issuer: BOARD,
            since: NOW,
        });
        assert_eq!(break_the_glass(), whole(Error::IssuerDistrusted));
        assert_eq!(
            send(OFFICER, disclose(in_the_emergency())),
            unlogged(pallet_audit::Error::IssuerDistrusted)
        );
        assert_eq!(outcomes().len(), 2);
    });
}

/// Has the clinician licensed by these terms try to break the glass at `at`, and be told `error`.
fn is_told(terms: Terms, at: Moment, error: pallet_consent::Error<Runtime>) {
    on_development(|| {
        accredit(US);
        accredit(FRANCE);
        assert_ok!(issue(terms));
        pallet_timestamp::Now::<Runtime>::put(at);
        assert_eq!(break_the_glass(), whole(error));
    });
}

#[test]
fn a_licence_that_is_not_good_now_and_here_says_what_it_lacks() {
    use pallet_consent::Error;

    let over = NOW + HOUR;
    let mut terms = licence();
    terms.valid_until = over;
    is_told(terms, over, Error::CredentialExpired);

    let mut terms = licence();
    terms.valid_from = NOW + 1;
    is_told(terms, NOW, Error::CredentialNotYetValid);

    let mut terms = licence();
    terms.jurisdiction = FRANCE;
    is_told(terms, NOW, Error::JurisdictionMismatch);

    let mut terms = licence();
    terms.privileges = Codes::empty();
    is_told(terms, NOW, Error::EmergencyPrivilegeMissing);
}

#[test]
fn a_licence_that_was_taken_away_stays_so() {
    on_development(|| {
        accredit(US);
        assert_ok!(issue(licence()));
        let credential = credential();
        let revoke = pallet_credentials::Call::<Runtime>::revoke {
            credential,
            reason: Some(Reason::Fraud),
        };
        assert_ok!(send("Auditor", revoke));
        let revoked = pallet_consent::Error::CredentialRevoked;
        assert_eq!(break_the_glass(), whole(revoked));

        let reinstate = pallet_credentials::Call::<Runtime>::reinstate { credential };
        let is_final = pallet_credentials::Error::<Runtime>::RevokedIsFinal;
        assert_eq!(send("Auditor", reinstate), Err(is_final.into()));
    });
}

#[test]
fn a_board_licenses_in_the_countries_it_is_accredited_for() {
    on_development(|| {
        accredit(FRANCE);
        let mismatch = pallet_credentials::Error::<Runtime>::JurisdictionMismatch;
        assert_eq!(issue(licence()), Err(mismatch.into()));
    });
}

#[test]
fn a_disclosure_stands_on_the_consent_it_was_made_under() {
    on_development(|| {
        // One hospital anchors what another finds, and can check once it has it.
        assert_ok!(send("Clinician", anchor()));
        let here = CustodianInfo {
            org: HOSPITAL,
            records: 1,
        };
        assert_eq!(HealthRecords::custodians_of(PATIENT), Ok(vec![here]));
        let records = HealthRecords::records_of(PATIENT, RecordFilter::default(), None, 64)
            .expect("the patient is known");
        assert_eq!(records.len(), 1);
        let untouched = Verification::Matches {
            status: Status::Current,
            anchored_at: NOW,
        };
        assert_eq!(
            HealthRecords::verification(records[0].id, 1, DOCUMENT),
            Ok(untouched)
        );

        // The patient said nothing, so the other hospital gets nothing, and that is on record.
        let show = || disclose(elsewhere());
        let no_consent = unlogged(pallet_audit::Error::NoConsent);
        assert_eq!(send(OFFICER, show()), no_consent);
        assert_ok!(send(OFFICER, report_refusal(elsewhere())));

        let consent = let_in(OTHER_HOSPITAL);
        assert_ok!(send(OFFICER, show()));
        // There is nothing to refuse now.
        assert_eq!(
            send(OFFICER, report_refusal(elsewhere())),
            unlogged(pallet_audit::Error::NotRefused)
        );
        // The consent is not the payer's.
        assert_eq!(
            send(
                OFFICER,
                disclose(shown_to(OrgId(1), "ClaimsOfficer", PurposeOfUse::Payment))
            ),
            unlogged(pallet_audit::Error::ConsentDenied)
        );

        // Taking it back holds in the very block that it is sent in.
        let block = System::block_number();
        assert_ok!(send(
            "Patient",
            pallet_consent::Call::<Runtime>::withdraw {
                patient: PATIENT,
                consent
            }
        ));
        assert_eq!(send(OFFICER, show()), no_consent);
        assert_ok!(send(OFFICER, report_refusal(elsewhere())));
        assert_eq!(System::block_number(), block);

        // The patient reads all of it.
        let disclosed = Outcome::Disclosed {
            basis: Basis::Consent {
                consent,
                version: 1,
            },
            conditional: false,
        };
        let refused = Outcome::Refused(Denial::NoConsent);
        assert_eq!(outcomes(), [refused, disclosed, refused]);
        let entries = accounting();
        for (sequence, info) in (0..).zip(&entries) {
            let entry = &info.entry;
            assert_eq!((info.patient, entry.sequence), (PATIENT, sequence));
            assert_eq!(
                (entry.custodian, entry.recipient),
                (HOSPITAL, OTHER_HOSPITAL)
            );
            assert_eq!(entry.discloser, account_of(OFFICER));
            assert_eq!(entry.practitioner, Some(account_of("Dave")));
            assert_eq!(entry.content, DOCUMENT);
        }
        assert_eq!(
            Audit::disclosures_by(HOSPITAL, None, 64),
            Ok(entries.clone())
        );
        // None is missing or mended.
        let logs = Audit::logs_of(PATIENT).expect("the patient is known");
        assert_eq!(logs.len(), 1);
        let head = entries
            .iter()
            .fold(logs[0].base, |head, info| next_head(&head, &info.entry));
        assert_eq!(head, logs[0].head);
    });
}

#[test]
fn nothing_is_logged_without_a_permit_however_it_is_sent() {
    on_development(|| {
        // An account that two of the hospital's officers share, enrolled like any other.
        let mut officers = vec![account_of(OFFICER), account_of("PrivacyOfficer")];
        officers.sort();
        let enrol = pallet_consortium::Call::<Runtime>::enrol_staff {
            account: Multisig::multi_account_id(&officers, 1),
            duties: Duty::RecordsOfficer.into(),
            site: None,
            valid_until: NOW + HOUR,
        };
        assert_ok!(send("HospitalAdmin", enrol));
        let delegate = pallet_proxy::Call::<Runtime>::add_proxy {
            delegate: MultiAddress::Id(account_of("HospitalAdmin")),
            proxy_type: ProxyType::Any,
            delay: 0,
        };
        assert_ok!(send(OFFICER, delegate));
        let shared = |call: &RuntimeCall| pallet_multisig::Call::<Runtime>::as_multi_threshold_1 {
            other_signatories: vec![account_of("PrivacyOfficer")],
            call: Box::new(call.clone()),
        };
        let delegated = |call: &RuntimeCall| pallet_proxy::Call::<Runtime>::proxy {
            real: MultiAddress::Id(account_of(OFFICER)),
            force_proxy_type: None,
            call: Box::new(call.clone()),
        };

        let alone = disclose(elsewhere());
        let item = DisclosureItem {
            patient: PATIENT,
            disclosure: elsewhere(),
            // Saying that one met whatever was asked makes no permit.
            obligations_met: true,
        };
        let among_many = pallet_audit::Call::<Runtime>::disclose_many { items: vec![item] };
        let error: DispatchError = pallet_audit::Error::<Runtime>::NoConsent.into();

        for call in [alone.clone(), among_many.into()] {
            let calls = vec![call.clone()];
            assert_eq!(send(OFFICER, call.clone()), Err(error));
            assert_eq!(send(OFFICER, shared(&call)), Err(error));
            let batch_all = pallet_utility::Call::<Runtime>::batch_all {
                calls: calls.clone(),
            };
            assert_eq!(send(OFFICER, batch_all), Err(error));

            // These are carried out, and say what became of what they carried.
            let batch = pallet_utility::Call::<Runtime>::batch {
                calls: calls.clone(),
            };
            System::reset_events();
            assert_ok!(send(OFFICER, batch));
            System::assert_has_event(RuntimeEvent::Utility(
                pallet_utility::Event::BatchInterrupted { index: 0, error },
            ));
            System::reset_events();
            let force_batch = pallet_utility::Call::<Runtime>::force_batch { calls };
            assert_ok!(send(OFFICER, force_batch));
            System::assert_has_event(RuntimeEvent::Utility(pallet_utility::Event::ItemFailed {
                error,
            }));
            System::reset_events();
            assert_ok!(send("HospitalAdmin", delegated(&call)));
            System::assert_has_event(RuntimeEvent::Proxy(pallet_proxy::Event::ProxyExecuted {
                result: Err(error),
            }));

            assert!(pallet_audit::Entries::<Runtime>::iter().next().is_none());
            assert!(pallet_audit::Logs::<Runtime>::iter().next().is_none());
            assert!(pallet_audit::ByCustodian::<Runtime>::iter()
                .next()
                .is_none());
            assert_eq!(
                pallet_audit::CustodianSequences::<Runtime>::get(HOSPITAL),
                0
            );
        }

        // It was not for the way they came: with a permit, each way leads into the log.
        let consent = let_in(OTHER_HOSPITAL);
        assert_ok!(send(OFFICER, shared(&alone)));
        assert_ok!(send("HospitalAdmin", delegated(&alone)));
        let batch = pallet_utility::Call::<Runtime>::batch { calls: vec![alone] };
        assert_ok!(send(OFFICER, batch));
        let disclosed = Outcome::Disclosed {
            basis: Basis::Consent {
                consent,
                version: 1,
            },
            conditional: false,
        };
        assert_eq!(outcomes(), [disclosed; 3]);
    });
}

#[test]
fn delegates_do_what_they_were_appointed_for() {
    let contest = RuntimeCall::from(pallet_audit::Call::<Runtime>::contest {
        patient: PATIENT,
        sequence: 0,
    });
    let suspend = pallet_credentials::Call::<Runtime>::suspend {
        credential: CredentialId::default(),
        until: None,
        reason: None,
    };
    for call in [anchor(), disclose(elsewhere()), suspend.into()] {
        assert!(ProxyType::Staff.filter(&call));
        assert!(!ProxyType::Consent.filter(&call));
        assert!(!ProxyType::Governance.filter(&call));
    }
    // Whoever consents for a patient asks for explanations too.
    assert!(ProxyType::Consent.filter(&contest));
    assert!(ProxyType::Staff.is_superset(&ProxyType::Consent));
    assert!(ProxyType::Staff.filter(&contest));
}

#[test]
fn an_expelled_member_writes_nothing_and_is_shown_nothing() {
    on_development(|| {
        let_in(OTHER_HOSPITAL);
        // The second hospital keeps a copy of its own, which it uses itself.
        let show = || disclose(elsewhere());
        assert_ok!(send("Dave", anchor()));
        assert_ok!(send("Dave", show()));
        assert_ok!(send(OFFICER, show()));

        decide(pallet_consortium::Call::<Runtime>::expel {
            org: OTHER_HOSPITAL,
        });

        let expelled: DispatchResult = Err(pallet_consortium::Error::<Runtime>::NotActive.into());
        assert_eq!(send("Dave", anchor()), expelled);
        assert_eq!(send("Dave", show()), expelled);
        assert_eq!(send("Dave", report_refusal(in_the_emergency())), expelled);
        assert_eq!(
            send(OFFICER, show()),
            unlogged(pallet_audit::Error::RecipientNotActive)
        );
        assert_eq!(outcomes().len(), 2);
    });
}
