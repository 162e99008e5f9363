//! Small documents for every row of the table and every refusal.

use super::{
    elements::{Fate, Made, Occurs, Row, ROWS},
    *,
};
use axonic_primitives::{
    consent::{Action, DataRef, Label, PurposeOfUse, ResourceType, Scope},
    AccountId, Codes, OrgId, Period,
};
use pallet_consent::types::{Grantee, ProvisionDraft, ProvisionType};
use serde_json::{json, Map, Value};
use std::{collections::BTreeSet, path::Path};

const PATIENT: PatientId = PatientId(H256::repeat_byte(1));
const CLINIC: OrgId = OrgId(0);
const HOSPITAL: OrgId = OrgId(1);
const SALT: H256 = H256::repeat_byte(7);

fn nurse() -> AccountId {
    AccountId::from([4; 32])
}

fn directory() -> Directory {
    let directory = json!({
        "salt": H256::repeat_byte(9),
        "patients": {
            "Patient/f001": {"id": PATIENT},
            "Patient/alias": {"id": PATIENT},
            "Patient/other": {"id": H256::repeat_byte(2)},
        },
        "representatives": {
            "RelatedPerson/peter": {"patient": "Patient/f001"},
            "RelatedPerson/stranger": {"patient": "Patient/other"},
        },
        "organizations": {"Organization/clinic": 0, "Organization/hospital": 1},
        "practitioners": {"Practitioner/nurse": nurse()},
    });
    Directory::parse(
        Path::new("directory.json"),
        directory.to_string().as_bytes(),
    )
    .unwrap()
}

/// Builders of pieces of documents.
fn coding(system: &str, code: &str) -> Value {
    let host = match system {
        "loinc" => "http://loinc.org".into(),
        "resource-types" => "http://hl7.org/fhir/resource-types".into(),
        other => format!("http://terminology.hl7.org/CodeSystem/{other}"),
    };
    json!({"system": host, "code": code})
}

fn concept(system: &str, code: &str) -> Value {
    json!({"coding": [coding(system, code)]})
}

fn reference(to: &str) -> Value {
    json!({"reference": to})
}

fn actor(role: &str, to: &str) -> Value {
    json!({"role": concept("v3-ParticipationType", role), "reference": reference(to)})
}

fn clinic() -> Value {
    json!([actor("PRCP", "Organization/clinic")])
}

fn r5() -> Value {
    json!({
        "resourceType": "Consent",
        "status": "active",
        "category": [concept("loinc", "59284-0")],
        "subject": reference("Patient/f001"),
        "decision": "deny",
    })
}

fn r4() -> Value {
    json!({
        "resourceType": "Consent",
        "status": "active",
        "scope": concept("consentscope", "patient-privacy"),
        "category": [concept("loinc", "59284-0")],
        "patient": reference("Patient/f001"),
        "policyRule": concept("v3-ActCode", "OPTIN"),
    })
}

/// The document with its members replaced by those of `change`; null takes one away.
fn with(mut document: Value, change: Value) -> Value {
    let members = document.as_object_mut().unwrap();
    for (name, value) in change.as_object().unwrap() {
        match value {
            Value::Null => members.remove(name),
            value => members.insert(name.clone(), value.clone()),
        };
    }
    document
}

fn r5_provision(provision: Value) -> Value {
    with(r5(), json!({"provision": [provision]}))
}

fn r4_root(provision: Value) -> Value {
    with(r4(), json!({"provision": provision}))
}

fn try_map(document: Value, options: Options) -> Result<Mapped, Vec<Refusal>> {
    let document = Document::from_resource(document).map_err(|refusal| vec![refusal])?;
    map(&document, options, &directory(), &SALT)
}

fn mapped(document: Value) -> Mapped {
    try_map(document, Options::default()).unwrap()
}

fn reading(untyped_root: UntypedRoot) -> Options {
    Options {
        untyped_root,
        ..Options::default()
    }
}

/// The one provision of a document.
fn provision(document: Value) -> ProvisionDraft {
    let mut provisions = mapped(document).terms.provisions;
    assert_eq!(provisions.len(), 1);
    provisions.remove(0)
}

/// Where a document is refused, in the order it was found.
fn refused_with(document: Value, options: Options) -> Vec<String> {
    let refusals = try_map(document, options).expect_err("to be refused");
    refusals.into_iter().map(|refusal| refusal.path).collect()
}

fn refused(document: Value) -> Vec<String> {
    refused_with(document, Options::default())
}

/// Asserts that a document is refused there and nowhere else, for a reason that says `what`.
#[track_caller]
fn assert_refused(document: Value, path: &str, what: &str) {
    let refusals = try_map(document, Options::default()).expect_err("to be refused");
    let [refusal] = &refusals[..] else {
        panic!("more than one refusal: {refusals:?}")
    };
    assert_eq!(refusal.path, path, "{refusal}");
    assert!(refusal.reason.contains(what), "{refusal}");
}

// The table.

/// A document with everything that R5 has and the chain keeps or leaves out.
fn complete_r5() -> Value {
    let period = json!({"start": "2015-01-01", "end": "2030"});
    let reference = json!({
        "reference": "Organization/clinic",
        "type": "Organization",
        "identifier": {"value": "1"},
        "display": "Clinic",
    });
    let code = json!({
        "coding": [{
            "system": "http://loinc.org",
            "version": "2.78",
            "code": "34133-9",
            "display": "Summary",
            "userSelected": true,
        }],
        "text": "Summary",
    });
    let provision = json!({
        "id": "p",
        "period": period,
        "actor": [{"role": concept("v3-ParticipationType", "PRCP"), "reference": reference}],
        "action": [concept("consentaction", "access")],
        "securityLabel": [coding("v3-Confidentiality", "N")],
        "purpose": [coding("v3-ActReason", "TREAT")],
        "resourceType": [coding("resource-types", "Observation")],
        "code": [code],
        "dataPeriod": period,
        "data": [{"meaning": "related", "reference": {"reference": "Task/3"}}],
    });
    let nested = with(
        provision.clone(),
        json!({"purpose": [coding("v3-ActReason", "HMARKT")]}),
    );
    with(
        r5(),
        json!({
            "id": "complete",
            "meta": {"versionId": "1"},
            "language": "en",
            "text": {"status": "generated", "div": "<div/>"},
            "identifier": [{"value": "1"}],
            "date": "2015-01-01",
            "period": period,
            "grantor": [{"reference": "Patient/f001"}],
            "grantee": [{"reference": "Organization/clinic"}],
            "manager": [{"reference": "Organization/clinic"}],
            "controller": [{"reference": "Organization/clinic"}],
            "sourceAttachment": [{"title": "form", "size": 12}],
            "sourceReference": [{"reference": "DocumentReference/1"}],
            "regulatoryBasis": [concept("v3-ActCode", "INFA")],
            "policyBasis": {"reference": {"reference": "Consent/policy"}, "uri": "urn:policy"},
            "policyText": [{"reference": "DocumentReference/2"}],
            "verification": [{"verified": true}],
            "provision": [with(provision, json!({"provision": [nested]}))],
        }),
    )
}

/// The same for R4.
fn complete_r4() -> Value {
    let mut provision = complete_r5()["provision"][0].clone();
    for rule in ["/provision/0", ""] {
        let rule = provision
            .pointer_mut(rule)
            .unwrap()
            .as_object_mut()
            .unwrap();
        let class = rule.remove("resourceType").unwrap();
        rule.insert("class".into(), class);
    }
    provision["type"] = json!("deny");
    provision["provision"][0]["type"] = json!("permit");
    let shared = complete_r5();
    with(
        r4(),
        json!({
            "id": "complete",
            "meta": shared["meta"],
            "language": "en",
            "text": shared["text"],
            "identifier": shared["identifier"],
            "dateTime": "2015-01-01",
            "performer": [{"reference": "Patient/f001"}],
            "organization": [{"reference": "Organization/clinic"}],
            "sourceAttachment": {"title": "form"},
            "sourceReference": {"reference": "DocumentReference/1"},
            "policy": [{"authority": "urn:authority", "uri": "urn:policy"}],
            "verification": [{"verified": true}],
            "provision": provision,
        }),
    )
}

/// The paths of the rows that a document meets.
fn met(version: Version, document: &Value) -> BTreeSet<&'static str> {
    fn visit(
        version: Version,
        owner: &str,
        members: &Map<String, Value>,
        met: &mut BTreeSet<&'static str>,
    ) {
        for (name, value) in members {
            let path = format!("{owner}.{name}");
            let here = |row: &&Row| row.path == path && row.occurs(version) != Occurs::Never;
            let Some(row) = ROWS.iter().find(here) else {
                continue;
            };
            met.insert(row.path);
            let items = value
                .as_array()
                .map_or(std::slice::from_ref(value), Vec::as_slice);
            for item in items {
                if let (Made::OfParts(owner), Value::Object(members)) = (row.made, item) {
                    visit(version, owner, members, met);
                }
            }
        }
    }
    let mut paths = BTreeSet::new();
    visit(
        version,
        "Consent",
        document.as_object().unwrap(),
        &mut paths,
    );
    paths
}

#[test]
fn every_row_that_is_not_refused_is_met_by_a_document_that_maps() {
    for (version, document) in [(Version::R4, complete_r4()), (Version::R5, complete_r5())] {
        let rows = ROWS
            .iter()
            .filter(|row| row.occurs(version) != Occurs::Never);
        let kept = rows
            .filter(|row| row.fate != Fate::Refused)
            .map(|row| row.path);
        assert_eq!(
            met(version, &document),
            kept.collect::<BTreeSet<_>>(),
            "{version}"
        );

        let mapped = mapped(document);
        assert_eq!(mapped.version, version);
        assert_eq!(mapped.terms.provisions.len(), 2);
        let note = |row: &Row| mapped.notes.iter().any(|note| note.became == row.note);
        let left_out = ROWS
            .iter()
            .filter(|row| row.occurs(version) != Occurs::Never && row.fate == Fate::Administrative);
        for row in left_out {
            assert!(
                note(row),
                "{version}: what is left out of {} is not noted",
                row.path
            );
        }
    }
}

#[test]
fn every_refused_row_is_refused_where_it_is() {
    for (version, base) in [(Version::R4, r4()), (Version::R5, r5())] {
        let rows = ROWS.iter().filter(|row| row.fate == Fate::Refused);
        for row in rows.filter(|row| row.occurs(version) != Occurs::Never) {
            let value = match (row.occurs(version), row.made) {
                (Occurs::Listed, _) => json!([{"a": 1}, {"b": 2}]),
                (_, Made::OfText) => json!("text"),
                _ => json!({"a": 1}),
            };
            let suffix = if value.is_array() { "[0]" } else { "" };
            let document = match row.path.strip_prefix("Consent.provision.") {
                Some(name) => with(base.clone(), json!({"provision": [{name: value}]})),
                None => with(
                    base.clone(),
                    json!({row.path.strip_prefix("Consent.").unwrap(): value}),
                ),
            };
            let path = row.path.replace("provision.", "provision[0].") + suffix;
            let refusals = try_map(document, Options::default()).unwrap_err();
            let at = refusals.iter().find(|refusal| refusal.path == path);
            assert_eq!(
                at.map(|refusal| &refusal.reason[..]),
                Some(row.note),
                "{refusals:?}"
            );
        }
    }
}

#[test]
fn the_readme_shows_the_table() {
    let readme = include_str!("../../README.md");
    let (_, rest) = readme
        .split_once("<!-- elements: begin -->\n")
        .expect("a beginning");
    let (shown, _) = rest.split_once("<!-- elements: end -->").expect("an end");
    assert_eq!(
        shown,
        elements::markdown(),
        "refresh it with `axonic-gateway elements`"
    );
}

#[test]
fn what_has_no_row_is_refused_by_its_path() {
    let document = with(
        r5_provision(json!({"actor": clinic(), "mood": "bad"})),
        json!({"x": 1}),
    );
    assert_eq!(refused(document), ["Consent.provision[0]", "Consent"]);
    let wrong_version = r5_provision(json!({"actor": clinic(), "type": "permit"}));
    assert_refused(
        wrong_version,
        "Consent.provision[0].type",
        "no element of R5",
    );
    let nameless = with(r5(), json!({"text": {"a name": 1}}));
    assert_refused(nameless, "Consent.text.(?)", "not how an element");
}

#[test]
fn extensions_are_refused_wherever_they_are() {
    let extension = json!([{"url": "http://x", "valueCode": "y"}]);
    assert_refused(
        with(r5(), json!({"extension": extension})),
        "Consent.extension",
        "conditions",
    );
    let modifier = with(r5(), json!({"modifierExtension": extension}));
    assert_refused(modifier, "Consent.modifierExtension", "changes the meaning");
    let primitive = with(r5(), json!({"_status": {"extension": extension}}));
    assert_refused(primitive, "Consent._status", "plain value");
    let deep = r5_provision(json!({
        "actor": clinic(),
        "purpose": [with(coding("v3-ActReason", "TREAT"), json!({"extension": extension}))],
    }));
    assert_refused(
        deep,
        "Consent.provision[0].purpose[0].extension",
        "conditions",
    );
    let left_out = with(r5(), json!({"identifier": [{"extension": extension}]}));
    assert_refused(left_out, "Consent.identifier[0].extension", "conditions");
}

#[test]
fn wrong_shapes_are_refused() {
    let list = with(r5(), json!({"decision": ["deny"]}));
    assert_refused(list, "Consent.decision", "must not be a list");
    let single = with(r5(), json!({"provision": {"actor": clinic()}}));
    assert_refused(single, "Consent.provision", "must be a list");
    assert_refused(
        with(r5(), json!({"provision": []})),
        "Consent.provision",
        "must be a list",
    );
    let text = r5_provision(json!({"actor": clinic(), "period": "2015"}));
    assert_refused(text, "Consent.provision[0].period", "must be an object");
    let number = with(r5(), json!({"decision": 1}));
    assert_refused(number, "Consent.decision", "must be a text");
}

#[test]
fn everything_that_is_refused_is_told_at_once() {
    let document = with(
        r5_provision(json!({"purpose": [coding("v3-ActReason", "FUN")], "documentType": [{}]})),
        json!({"status": "draft", "decision": null, "extension": [{}]}),
    );
    let paths: BTreeSet<_> = refused(document).into_iter().collect();
    let expected = [
        "Consent.decision",
        "Consent.extension",
        "Consent.provision[0].documentType[0]",
        "Consent.provision[0].purpose[0]",
        "Consent.status",
    ];
    assert_eq!(paths, BTreeSet::from(expected.map(String::from)));
}

#[test]
fn nothing_told_shows_narrative_names_or_clinical_codes() {
    let secret = "Donald";
    let named = |mut reference: Value| {
        reference["display"] = json!(secret);
        reference
    };
    let document = with(
        complete_r5(),
        json!({
            "text": {"status": "generated", "div": secret},
            "subject": named(reference("Patient/f001")),
            "identifier": [{"value": secret}],
            "sourceAttachment": [{"title": secret}],
        }),
    );
    let notes = serde_json::to_string(&mapped(document.clone()).notes).unwrap();
    assert!(
        !notes.contains(secret) && !notes.contains("34133-9"),
        "{notes}"
    );

    let bad = json!({
        "status": "Donald Duck",
        "subject": named(reference("Patient/donald")),
        "provision": [{
            "actor": [{
                "role": concept("v3-ParticipationType", "Donald D"),
                "reference": named(reference("Practitioner/donald")),
            }],
            "purpose": [coding("Donald", "Donald")],
            "code": [{"text": secret}],
        }],
    });
    let refusals = try_map(with(document, bad), Options::default()).unwrap_err();
    let told = serde_json::to_string(&refusals).unwrap();
    assert!(
        refusals.len() >= 5 && !told.to_lowercase().contains("donald"),
        "{told}"
    );
}

#[test]
fn nothing_told_shows_a_code_or_a_name_that_is_not_published_for_the_place_it_is_in() {
    for token in ["123-45-6789", "SICKLE", "Donald"] {
        let assert_silent = |document: Value, places: usize| {
            let refusals = try_map(document, Options::default()).expect_err("to be refused");
            let told = serde_json::to_string(&refusals).unwrap();
            assert!(refusals.len() >= places && !told.contains(token), "{told}");
        };
        let shared = json!({
            token: 1,
            "status": token,
            "text": {token: {"extension": [{}]}},
        });
        let rule = json!({
            token: 1,
            "actor": [actor(token, "Organization/clinic")],
            "action": [concept("consentaction", token)],
            "purpose": [coding("v3-ActReason", token)],
            "securityLabel": [coding("v3-Confidentiality", token)],
            "data": [{"meaning": token, token: 1}],
        });
        let class = json!([coding("resource-types", token)]);
        let r5_rule = with(rule.clone(), json!({"resourceType": class}));
        let document = with(
            r5(),
            json!({
                "category": [concept("consentscope", token)],
                "decision": token,
                "provision": [r5_rule],
            }),
        );
        assert_silent(with(document, shared.clone()), 11);
        let r4_rule = with(rule, json!({"class": class, "type": token}));
        let document = with(
            r4(),
            json!({
                "scope": concept("consentscope", token),
                "policyRule": concept("v3-ActCode", token),
                "provision": r4_rule,
            }),
        );
        assert_silent(with(document, shared), 11);
    }
}

// Versions.

#[test]
fn the_version_is_told_by_elements_that_only_one_has() {
    assert_eq!(mapped(r4()).version, Version::R4);
    assert_eq!(mapped(r5()).version, Version::R5);
    assert_refused(with(r5(), r4()), "Consent", "--fhir-version");
    let neither = json!({"resourceType": "Consent", "status": "active"});
    assert_refused(neither, "Consent", "nothing that only R4 or only R5 has");
}

#[test]
fn a_version_that_is_given_is_not_guessed_at() {
    let options = Options {
        version: Some(Version::R4),
        ..Options::default()
    };
    let paths = refused_with(r5(), options);
    assert!(paths.contains(&"Consent.decision".into()), "{paths:?}");
    assert!(paths.contains(&"Consent.policyRule".into()), "{paths:?}");
}

// The consent as a whole.

#[test]
fn only_an_active_consent_is_granted() {
    for status in [
        "draft",
        "inactive",
        "not-done",
        "entered-in-error",
        "unknown",
        "rejected",
    ] {
        assert_refused(
            with(r5(), json!({"status": status})),
            "Consent.status",
            status,
        );
    }
    assert_refused(
        with(r5(), json!({"status": null})),
        "Consent.status",
        "is missing",
    );
}

#[test]
fn the_patient_is_found_in_the_directory() {
    assert_eq!(mapped(r5()).patient, PATIENT);
    assert_eq!(mapped(r4()).patient, PATIENT);
    let missing = with(r5(), json!({"subject": null}));
    assert_refused(missing, "Consent.subject", "is missing");
    let unknown = with(r4(), json!({"patient": reference("Patient/nobody")}));
    assert_refused(
        unknown,
        "Consent.patient",
        "no patient whom the directory lists",
    );
    let by_identifier = with(r5(), json!({"subject": {"identifier": {"value": "1"}}}));
    assert_refused(by_identifier, "Consent.subject", "no literal reference");
}

#[test]
fn the_patient_signs_or_a_representative_does() {
    let signatory = |document| mapped(document).signatory;
    let grantors = |references: &[&str]| {
        let references: Vec<_> = references.iter().map(|to| reference(to)).collect();
        with(r5(), json!({"grantor": references}))
    };
    assert_eq!(signatory(r5()), Signatory::Patient(PATIENT));
    assert_eq!(
        signatory(grantors(&["Patient/alias"])),
        Signatory::Patient(PATIENT)
    );
    let peter = Signatory::Representative("RelatedPerson/peter".into());
    assert_eq!(signatory(grantors(&["RelatedPerson/peter"])), peter);
    let both = grantors(&["RelatedPerson/peter", "Patient/f001"]);
    assert_eq!(signatory(both), Signatory::Patient(PATIENT));
    let performer = with(
        r4(),
        json!({"performer": [reference("RelatedPerson/peter")]}),
    );
    assert_eq!(signatory(performer), peter);

    for other in [
        "Patient/other",
        "RelatedPerson/stranger",
        "Practitioner/nurse",
        "Patient/x",
    ] {
        assert_refused(
            grantors(&[other]),
            "Consent.grantor[0]",
            "nobody else can grant",
        );
    }
    let second = grantors(&["Patient/f001", "Organization/clinic"]);
    assert_refused(second, "Consent.grantor[1]", "nobody else can grant");
    let performer = with(
        r4(),
        json!({"performer": [reference("Practitioner/nurse")]}),
    );
    assert_refused(performer, "Consent.performer[0]", "nobody else can grant");
}

#[test]
fn the_scope_is_told_by_scope_or_category() {
    let scope = |document| mapped(document).terms.scope;
    for (code, expected) in [
        ("treatment", Scope::Treatment),
        ("patient-privacy", Scope::PatientPrivacy),
        ("research", Scope::Research),
        ("adr", Scope::AdvanceDirective),
    ] {
        let coded = concept("consentscope", code);
        assert_eq!(scope(with(r4(), json!({"scope": coded}))), expected);
        assert_eq!(scope(with(r5(), json!({"category": [coded]}))), expected);
    }
    for (system, code, expected) in [
        ("loinc", "57016-8", Scope::PatientPrivacy),
        ("loinc", "57017-6", Scope::PatientPrivacy),
        ("loinc", "64292-6", Scope::PatientPrivacy),
        ("consentcategorycodes", "npp", Scope::PatientPrivacy),
        ("consentcategorycodes", "emrgonly", Scope::PatientPrivacy),
        ("consentcategorycodes", "research", Scope::Research),
        ("consentcategorycodes", "rsdid", Scope::Research),
        ("consentcategorycodes", "acd", Scope::AdvanceDirective),
        ("consentcategorycodes", "dnr", Scope::AdvanceDirective),
        ("v3-ActCode", "INFA", Scope::PatientPrivacy),
        ("v3-ActCode", "INFAO", Scope::PatientPrivacy),
        ("v3-ActCode", "EMRGONLY", Scope::PatientPrivacy),
        ("v3-ActCode", "RESEARCH", Scope::Research),
    ] {
        assert_eq!(
            scope(with(r5(), json!({"category": [concept(system, code)]}))),
            expected
        );
    }
    let translated = json!({"coding": [
        {"system": "http://local", "code": "17"},
        coding("loinc", "59284-0"),
        coding("consentcategorycodes", "npp"),
    ]});
    assert_eq!(
        scope(with(r5(), json!({"category": [translated]}))),
        Scope::PatientPrivacy
    );
}

#[test]
fn a_scope_that_is_missing_unknown_or_torn_is_refused() {
    let missing = with(r5(), json!({"category": null}));
    assert_refused(missing, "Consent.category", "is missing");
    assert_refused(
        with(r4(), json!({"scope": null})),
        "Consent.scope",
        "is missing",
    );
    let unknown = with(r5(), json!({"category": [concept("loinc", "1-8")]}));
    assert_refused(unknown, "Consent.category[0]", "patient-privacy");
    let text = with(r4(), json!({"scope": {"text": "privacy"}}));
    assert_refused(text, "Consent.scope", "tells no scope");
    let two = [
        concept("loinc", "59284-0"),
        concept("consentcategorycodes", "research"),
    ];
    assert_refused(
        with(r5(), json!({"category": two})),
        "Consent.category[1]",
        "one before it",
    );
    let torn = json!({"coding": [coding("loinc", "59284-0"), coding("consentscope", "adr")]});
    assert_refused(
        with(r5(), json!({"category": [torn]})),
        "Consent.category[0]",
        "two scopes",
    );
    // In R4 the category only classifies.
    mapped(with(r4(), json!({"category": [concept("loinc", "1-8")]})));
}

#[test]
fn the_base_is_a_decision_in_r5_and_a_policy_rule_in_r4() {
    let decision = |document| mapped(document).terms.decision;
    assert_eq!(decision(r5()), ProvisionType::Deny);
    assert_eq!(
        decision(with(r5(), json!({"decision": "permit"}))),
        ProvisionType::Permit
    );
    assert_refused(
        with(r5(), json!({"decision": null})),
        "Consent.decision",
        "is missing",
    );
    let unknown = with(r5(), json!({"decision": "maybe"}));
    assert_refused(unknown, "Consent.decision", "neither permit nor deny");

    assert_eq!(decision(r4()), ProvisionType::Permit);
    let out = with(r4(), json!({"policyRule": concept("v3-ActCode", "OPTOUT")}));
    assert_eq!(decision(out), ProvisionType::Deny);
    assert_refused(
        with(r4(), json!({"policyRule": null})),
        "Consent.policyRule",
        "is missing",
    );
    let other = with(r4(), json!({"policyRule": concept("v3-ActCode", "OPTINR")}));
    assert_refused(other, "Consent.policyRule", "neither OPTIN nor OPTOUT");
    let local = with(
        r4(),
        json!({"policyRule": concept("consentpolicycodes", "cric")}),
    );
    assert_refused(
        local,
        "Consent.policyRule",
        "the only system understood here",
    );
}

#[test]
fn the_period_of_an_r5_consent_is_the_terms_own() {
    let document = with(r5(), json!({"period": {"start": "1964", "end": "2015-01"}}));
    // No chain ran in 1964, and January is included to its end.
    let expected = Period {
        start: None,
        end: Some(1_422_748_800_000),
    };
    assert_eq!(mapped(document).terms.period, expected);
    let terms = mapped(with(r5(), json!({"period": {"end": "2015"}}))).terms;
    let refusal = check(&terms, 1_500_000_000_000).unwrap_err();
    assert_eq!(refusal.to_string(), "Consent.period: is already over");
    assert!(check(&mapped(r5()).terms, 1_500_000_000_000).is_ok());
}

#[test]
fn commitments_cover_the_document_and_the_policies_it_names() {
    let terms = mapped(r5()).terms;
    assert_eq!(terms.policy_hash, H256::zero());
    let document = Document::from_resource(r5()).unwrap();
    assert_eq!(terms.evidence_hash, document.commitment(&SALT).unwrap());

    let named = with(
        r5(),
        json!({
            "policyBasis": {"reference": reference("Consent/1"), "uri": "urn:a"},
            "policyText": [reference("DocumentReference/2")],
        }),
    );
    let expected = directory().policy_hash(&["Consent/1", "urn:a", "DocumentReference/2"]);
    assert_eq!(mapped(named).terms.policy_hash, expected);
    let named = with(
        r4(),
        json!({"policy": [{"authority": "urn:b", "uri": "urn:a"}]}),
    );
    let expected = directory().policy_hash(&["urn:b", "urn:a"]);
    assert_eq!(mapped(named).terms.policy_hash, expected);
}

#[test]
fn a_grantee_is_left_out_only_where_that_widens_nothing() {
    let granted_to =
        |to: &str, change: Value| with(with(r5(), json!({"grantee": [reference(to)]})), change);
    let limited = json!({"provision": [{"actor": clinic()}]});
    mapped(granted_to("Patient/alias", json!({"decision": "permit"})));
    mapped(granted_to("Organization/hospital", limited.clone()));
    mapped(granted_to("Organization/hospital", json!({})));

    let everybody = json!({"provision": [{"purpose": [coding("v3-ActReason", "TREAT")]}]});
    let document = granted_to("Organization/hospital", everybody);
    assert_refused(document, "Consent.grantee[0]", "to everybody");
    let permit = with(limited, json!({"decision": "permit"}));
    let document = granted_to("Organization/hospital", permit);
    assert_refused(document, "Consent.grantee[0]", "to everybody");
}

// What a provision carries.

#[test]
fn actors_are_recipients_custodians_or_authors() {
    let carried = provision(r5_provision(json!({"actor": [
        actor("PRCP", "Organization/clinic"),
        actor("IRCP", "Practitioner/nurse"),
        actor("PRCP", "Organization/clinic"),
        actor("CST", "Organization/hospital"),
        actor("AUT", "Practitioner/author"),
    ]})));
    let recipients = [
        Grantee::Organisation(CLINIC),
        Grantee::Practitioner(nurse()),
    ];
    assert_eq!(carried.actors, recipients);
    let author = directory().record_id("Practitioner/author");
    assert_eq!(
        carried.data,
        [DataRef::HeldBy(HOSPITAL), DataRef::AuthoredBy(author)]
    );
}

#[test]
fn actors_the_chain_cannot_name_are_refused() {
    let refused_for = |role: &str, to: &str, what: &str| {
        let document = r5_provision(json!({"actor": [actor(role, to)]}));
        assert_refused(document, "Consent.provision[0].actor[0].reference", what);
    };
    for kind in [
        "Patient",
        "RelatedPerson",
        "CareTeam",
        "Group",
        "Device",
        "PractitionerRole",
    ] {
        let what = "a recipient must be an organisation or a practitioner";
        refused_for("PRCP", &format!("{kind}/1"), what);
    }
    refused_for("PRCP", "Organization/unknown", "whom the directory lists");
    refused_for("IRCP", "urn:uuid:0", "whom the directory lists");
    refused_for(
        "CST",
        "Practitioner/nurse",
        "a custodian must be an organisation",
    );
    refused_for("AUT", "#contained", "inside the document");
    refused_for("AUT", "Practitioner/1/_history/2", "one version");

    let role = r5_provision(json!({"actor": [actor("INF", "Organization/clinic")]}));
    assert_refused(
        role,
        "Consent.provision[0].actor[0].role",
        "known roles: PRCP, IRCP, CST, AUT",
    );
    let roleless =
        r5_provision(json!({"actor": [{"reference": reference("Organization/clinic")}]}));
    assert_refused(roleless, "Consent.provision[0].actor[0].role", "is missing");
    let nobody =
        r5_provision(json!({"actor": [{"role": concept("v3-ParticipationType", "PRCP")}]}));
    assert_refused(
        nobody,
        "Consent.provision[0].actor[0].reference",
        "names nobody",
    );
}

#[test]
fn actions_purposes_and_classes_are_codes_of_closed_systems() {
    let carried = provision(r5_provision(json!({
        "action": [concept("consentaction", "access"), concept("consentaction", "correct")],
        "purpose": [coding("v3-ActReason", "TREAT"), coding("v3-ActReason", "BTG")],
        "resourceType": [
            coding("resource-types", "Observation"),
            coding("resource-types", "Observation"),
        ],
    })));
    assert_eq!(
        carried.actions,
        Codes::from([Action::Access, Action::Correct])
    );
    assert_eq!(
        carried.purposes,
        Codes::from([PurposeOfUse::Treat, PurposeOfUse::BreakGlass])
    );
    assert_eq!(carried.classes, [ResourceType::Observation]);

    let refused_for = |change: Value, path: &str, what: &str| {
        assert_refused(
            r5_provision(change),
            &format!("Consent.provision[0].{path}"),
            what,
        );
    };
    let unknown = json!({"action": [concept("consentaction", "eat")]});
    refused_for(
        unknown,
        "action[0]",
        "collect, access, use, disclose, correct",
    );
    let local = json!({"action": [concept("mine", "access")]});
    refused_for(local, "action[0]", "the only system understood here");
    let two =
        json!({"coding": [coding("consentaction", "use"), coding("consentaction", "access")]});
    refused_for(
        json!({"action": [two]}),
        "action[0]",
        "two codings of one system",
    );
    let unknown = json!({"purpose": [coding("v3-ActReason", "FUN")]});
    refused_for(unknown, "purpose[0]", "TREAT, ETREAT, BTG");
    let bare = json!({"purpose": [{"code": "TREAT"}]});
    refused_for(bare, "purpose[0]", "must be a code of");
    let unknown = json!({"resourceType": [coding("resource-types", "Dream")]});
    refused_for(unknown, "resourceType[0]", "is no resource type");

    let class = json!({"type": "deny", "class": [coding("resource-types", "Observation")]});
    assert_eq!(
        provision(r4_root(class)).classes,
        [ResourceType::Observation]
    );
    let mime = json!({"system": "urn:ietf:bcp:13", "code": "application/hl7-cda+xml"});
    let mime = json!({"type": "deny", "class": [mime]});
    assert_refused(
        r4_root(mime),
        "Consent.provision.class[0]",
        "must be a code of",
    );
}

#[test]
fn a_coding_of_another_system_is_a_translation() {
    let action = json!({"coding": [
        {"system": "http://local", "code": "read"},
        coding("consentaction", "access"),
    ]});
    let carried = provision(r5_provision(json!({"action": [action]})));
    assert_eq!(carried.actions, Codes::from(Action::Access));
}

#[test]
fn security_labels_mean_what_fhir_says_they_subsume() {
    let labels = |system: &str, code: &str| {
        provision(r5_provision(
            json!({"securityLabel": [coding(system, code)]}),
        ))
        .labels
    };
    use Label::*;
    assert_eq!(labels("v3-Confidentiality", "U"), Codes::from(Unrestricted));
    let up_to_normal = Codes::from([Unrestricted, Low, Moderate, Normal]);
    assert_eq!(labels("v3-Confidentiality", "N"), up_to_normal);
    let all = up_to_normal.union(Codes::from([Restricted, VeryRestricted]));
    assert_eq!(labels("v3-Confidentiality", "V"), all);

    assert_eq!(labels("v3-ActCode", "PSY"), Codes::from(Psychiatry));
    assert_eq!(labels("v3-ActCode", "HIV"), Codes::from(Hiv));
    let substances = Codes::from([SubstanceUseDisorder, AlcoholUseDisorder, OpioidUseDisorder]);
    assert_eq!(labels("v3-ActCode", "SUD"), substances);
    let special = Codes::from([
        SpeciallyProtected,
        BehaviouralHealth,
        MentalHealth,
        Psychiatry,
        PsychotherapyNote,
    ]);
    assert_eq!(labels("v3-ActCode", "SPI"), special.union(substances));

    let refused_for = |system: &str, code: &str, what: &str| {
        let document = r5_provision(json!({"securityLabel": [coding(system, code)]}));
        assert_refused(document, "Consent.provision[0].securityLabel[0]", what);
    };
    refused_for("v3-Confidentiality", "PSY", "is a code of");
    refused_for("v3-ActCode", "N", "is a code of");
    refused_for("v3-ActCode", "XYZ", "U, L, M, N, R, V, ETH, HIV");
    refused_for("v3-ActUSPrivacyLaw", "42CFRPart2", "must be a code of");
}

#[test]
fn codes_of_the_data_become_commitments() {
    let code = json!({"coding": [coding("loinc", "34133-9"), {"system": "http://x", "code": "1"}]});
    let carried = provision(r5_provision(
        json!({"code": [code, concept("loinc", "34133-9")]}),
    ));
    let id = |system: &str, code: &str| directory().code_id(system, code);
    assert_eq!(
        carried.codes,
        [id("http://loinc.org", "34133-9"), id("http://x", "1")]
    );

    let text = r5_provision(json!({"code": [{"text": "episode note"}]}));
    assert_refused(
        text,
        "Consent.provision[0].code[0]",
        "text cannot be compared",
    );
    let bare = r5_provision(json!({"code": [{"coding": [{"code": "34133-9"}]}]}));
    assert_refused(
        bare,
        "Consent.provision[0].code[0].coding[0]",
        "needs a system and a code",
    );
}

fn data(meaning: &str, to: &str) -> Value {
    json!({"meaning": meaning, "reference": reference(to)})
}

#[test]
fn data_is_referred_to_by_meaning() {
    let id = directory().record_id("Task/3");
    for (meaning, expected) in [
        ("instance", DataRef::Instance(id)),
        ("related", DataRef::Related(id)),
        ("dependents", DataRef::Dependents(id)),
        ("authoredby", DataRef::AuthoredBy(id)),
    ] {
        let carried = provision(r5_provision(json!({"data": [data(meaning, "Task/3")]})));
        assert_eq!(carried.data, [expected]);
    }
    let unknown = r5_provision(json!({"data": [data("about", "Task/3")]}));
    assert_refused(
        unknown,
        "Consent.provision[0].data[0].meaning",
        "instance, related",
    );
    let nothing = r5_provision(json!({"data": [{"meaning": "instance"}]}));
    assert_refused(
        nothing,
        "Consent.provision[0].data[0].reference",
        "is missing",
    );
    let version = r5_provision(json!({"data": [data("instance", "Task/3/_history/1")]}));
    assert_refused(
        version,
        "Consent.provision[0].data[0].reference",
        "one version",
    );
}

#[test]
fn data_that_the_chain_would_join_by_and_is_refused() {
    let both =
        r5_provision(json!({"data": [data("instance", "Task/3"), data("related", "Task/4")]}));
    assert_refused(
        both,
        "Consent.provision[0].data[1].meaning",
        "use two provisions",
    );
    let author = json!({
        "actor": [actor("AUT", "Practitioner/1")],
        "data": [data("authoredby", "Practitioner/2")],
    });
    assert_refused(
        r5_provision(author),
        "Consent.provision[0].data[0].meaning",
        "two provisions",
    );
    // A custodian is another side of the data, and FHIR joins elements by "and" too.
    let held = json!({
        "actor": [actor("CST", "Organization/clinic")],
        "data": [data("instance", "Task/3"), data("instance", "Task/4")],
    });
    assert_eq!(provision(r5_provision(held)).data.len(), 3);
}

#[test]
fn periods_of_a_provision_end_where_the_next_day_begins() {
    let written = json!({"start": "2015-01-01", "end": "2015-02-01"});
    let carried = provision(r5_provision(
        json!({"period": written, "dataPeriod": {"end": "2015"}}),
    ));
    assert_eq!(
        carried.period,
        Some(Period::between(1_420_070_400_000, 1_422_835_200_000))
    );
    assert_eq!(
        carried.data_period,
        Some(Period {
            start: None,
            end: Some(1_451_606_400_000)
        })
    );

    let refused_for = |change: Value, path: &str, what: &str| {
        assert_refused(
            r5_provision(change),
            &format!("Consent.provision[0].{path}"),
            what,
        );
    };
    let early = json!({"dataPeriod": {"start": "1964", "end": "2015"}});
    refused_for(early, "dataPeriod.start", "before 1970");
    let over = json!({"period": {"end": "1969-12-31"}});
    refused_for(over, "period.end", "before 1970");
    let backwards = json!({"period": {"start": "2016", "end": "2015"}});
    refused_for(backwards, "period", "ends before it starts");
    refused_for(
        json!({"period": {}}),
        "period",
        "neither a start nor an end",
    );
    let odd = json!({"period": {"start": "last year"}});
    refused_for(odd, "period.start", "no FHIR date");
}

// Trees of provisions.

#[test]
fn nested_provisions_follow_their_parents() {
    let inner = json!({"purpose": [coding("v3-ActReason", "HMARKT")]});
    let outer = json!({"actor": clinic(), "provision": [inner]});
    let other = json!({"action": [concept("consentaction", "use")]});
    let provisions = mapped(with(r5(), json!({"provision": [outer, other]})))
        .terms
        .provisions;
    let parents: Vec<_> = provisions
        .iter()
        .map(|provision| provision.parent)
        .collect();
    assert_eq!(parents, [None, Some(0), None]);
    assert_eq!(provisions[1].purposes, Codes::from(PurposeOfUse::Marketing));
}

#[test]
fn a_third_level_is_refused_and_so_is_a_provision_that_carries_nothing() {
    let treat = json!({"purpose": [coding("v3-ActReason", "TREAT")]});
    let nest = |inner: Value| with(treat.clone(), json!({"provision": [inner]}));
    let path = "Consent.provision[0].provision[0].provision[0]";
    assert_refused(r5_provision(nest(nest(treat.clone()))), path, "two levels");
    let empty = r5_provision(nest(json!({"id": "x"})));
    assert_refused(
        empty,
        "Consent.provision[0].provision[0]",
        "carries nothing",
    );
}

#[test]
fn repetitions_are_dropped_and_told() {
    let purpose = |code: &str| json!({"purpose": [coding("v3-ActReason", code)]});
    let nested = json!({"actor": clinic(), "provision": [purpose("TREAT"), purpose("TREAT")]});
    let mapped = mapped(with(
        r5(),
        json!({"provision": [nested, purpose("HPAYMT"), nested]}),
    ));
    assert_eq!(mapped.terms.provisions.len(), 3);
    let redundant = mapped
        .notes
        .iter()
        .filter(|note| note.outcome == Outcome::Redundant);
    let dropped: Vec<_> = redundant
        .map(|note| (&note.path[..], &note.became[..]))
        .collect();
    assert!(dropped.contains(&("Consent.provision[2]", "repeats Consent.provision[0]")));
    let inner = "Consent.provision[0].provision[1]";
    assert!(dropped.contains(&(inner, "repeats Consent.provision[0].provision[0]")));
}

#[test]
fn more_than_the_chain_keeps_is_refused() {
    let codes = |count: usize| -> Vec<_> {
        (0..count)
            .map(|index| concept("loinc", &index.to_string()))
            .collect()
    };
    let one_each: Vec<_> = codes(17)
        .into_iter()
        .map(|code| json!({"code": [code]}))
        .collect();
    let sixteen = with(r5(), json!({"provision": one_each[..16]}));
    assert_eq!(mapped(sixteen).terms.provisions.len(), 16);
    let seventeen = with(r5(), json!({"provision": one_each}));
    assert_refused(seventeen, "Consent.provision", "17 provisions");

    let too_many = |change: Value, path: &str, what: &str| {
        assert_refused(
            r5_provision(change),
            &format!("Consent.provision[0].{path}"),
            what,
        );
    };
    too_many(json!({"code": codes(17)}), "code", "17 codes");
    let data: Vec<_> = (0..9)
        .map(|index| data("instance", &format!("Task/{index}")))
        .collect();
    too_many(json!({"data": data}), "data", "9 pieces of data");
    let types = [
        "Account",
        "Basic",
        "Binary",
        "Bundle",
        "CarePlan",
        "CareTeam",
        "Claim",
        "Condition",
        "Coverage",
        "Device",
        "Encounter",
        "Flag",
        "Goal",
        "Group",
        "Invoice",
        "List",
        "Media",
    ];
    let types = types.map(|name| coding("resource-types", name));
    too_many(json!({"resourceType": types}), "resourceType", "17 classes");
}

#[test]
fn more_recipients_than_the_chain_keeps_are_refused() {
    let names: Vec<_> = (0..9)
        .map(|index| format!("Organization/{index}"))
        .collect();
    let numbers: Map<String, Value> = names
        .iter()
        .zip(0..)
        .map(|(name, org): (_, u32)| (name.clone(), json!(org)))
        .collect();
    let directory = json!({
        "salt": H256::repeat_byte(9),
        "patients": {"Patient/f001": {"id": PATIENT}},
        "organizations": numbers,
    });
    let directory = Directory::parse(Path::new("d"), directory.to_string().as_bytes()).unwrap();
    let actors: Vec<_> = names.iter().map(|name| actor("PRCP", name)).collect();
    let document = Document::from_resource(r5_provision(json!({"actor": actors}))).unwrap();
    let refusals = map(&document, Options::default(), &directory, &SALT).unwrap_err();
    assert_eq!(refusals.len(), 1);
    assert_eq!(refusals[0].path, "Consent.provision[0].actor");
    assert!(refusals[0].reason.contains("9 recipients"));
}

// R4 rules.

fn rule(kind: &str, purpose: &str) -> Value {
    json!({"type": kind, "purpose": [coding("v3-ActReason", purpose)]})
}

#[test]
fn a_typed_root_is_an_exception_if_it_differs_from_the_base_and_nothing_if_not() {
    let terms = mapped(r4_root(rule("deny", "HMARKT"))).terms;
    assert_eq!(
        (terms.decision, terms.provisions.len()),
        (ProvisionType::Permit, 1)
    );

    let same = mapped(r4_root(rule("permit", "TREAT")));
    assert_eq!(
        (same.terms.decision, same.terms.provisions.len()),
        (ProvisionType::Permit, 0)
    );
    let told = |note: &&Note| note.path == "Consent.provision";
    let note = same
        .notes
        .iter()
        .find(|note| told(note) && note.outcome == Outcome::Redundant);
    assert!(
        note.unwrap().became.contains("says permit"),
        "{:?}",
        same.notes
    );
    assert!(
        !same
            .notes
            .iter()
            .any(|note| note.became.contains("purpose")),
        "{:?}",
        same.notes
    );
}

#[test]
fn an_untyped_root_is_refused_unless_its_reading_is_given() {
    let root = json!({"purpose": [coding("v3-ActReason", "TREAT")]});
    let what = "--r4-untyped-root context or --r4-untyped-root exception";
    assert_refused(r4_root(root.clone()), "Consent.provision.type", what);
    for base in ["OPTIN", "OPTOUT"] {
        let policy = json!({"policyRule": concept("v3-ActCode", base)});
        let document = with(r4_root(root.clone()), policy);
        let read = |how| try_map(document.clone(), reading(how)).unwrap().terms;
        let (context, exception) = (read(UntypedRoot::Context), read(UntypedRoot::Exception));
        assert_eq!(context.decision, !exception.decision);
        assert_eq!(context.provisions, exception.provisions);
        assert_eq!(exception.decision == ProvisionType::Permit, base == "OPTIN");
    }
}

#[test]
fn an_untyped_root_that_narrows_nothing_only_holds_its_rules() {
    let root = json!({"provision": [rule("deny", "HMARKT"), rule("permit", "TREAT")]});
    let provisions = mapped(r4_root(root)).terms.provisions;
    assert_eq!(provisions.len(), 1);
    assert_eq!(provisions[0].parent, None);
    assert_eq!(provisions[0].purposes, Codes::from(PurposeOfUse::Marketing));
}

#[test]
fn nested_rules_are_exceptions_where_their_type_differs() {
    let nested = [rule("permit", "TREAT"), rule("deny", "HPAYMT")];
    let root = with(rule("deny", "HMARKT"), json!({"provision": nested}));
    let provisions = mapped(r4_root(root)).terms.provisions;
    assert_eq!(provisions.len(), 2);
    assert_eq!(provisions[1].parent, Some(0));
    assert_eq!(provisions[1].purposes, Codes::from(PurposeOfUse::Treat));

    let unknown = with(rule("deny", "HMARKT"), json!({"type": "perhaps"}));
    assert_refused(
        r4_root(unknown),
        "Consent.provision.type",
        "neither permit nor deny",
    );
    let third = with(
        rule("permit", "TREAT"),
        json!({"provision": [rule("deny", "HPAYMT")]}),
    );
    let root = with(rule("deny", "HMARKT"), json!({"provision": [third]}));
    let path = "Consent.provision.provision[0].provision[0]";
    assert_refused(r4_root(root), path, "two levels");
    let empty = json!({"type": "deny"});
    assert_refused(r4_root(empty), "Consent.provision", "carries nothing");
}

#[test]
fn an_untyped_nested_rule_is_an_exception_only_where_untyped_rules_are() {
    let untyped = json!({"purpose": [coding("v3-ActReason", "TREAT")]});
    let document = r4_root(with(
        rule("deny", "HMARKT"),
        json!({"provision": [untyped]}),
    ));
    let path = "Consent.provision.provision[0].type";
    assert_refused(document.clone(), path, "R4 requires it");
    assert_eq!(
        refused_with(document.clone(), reading(UntypedRoot::Context)),
        [path]
    );
    let terms = try_map(document, reading(UntypedRoot::Exception))
        .unwrap()
        .terms;
    assert_eq!(terms.provisions.len(), 2);
}

#[test]
fn exceptions_in_a_rule_that_adds_nothing_would_lose_its_limits() {
    let root = with(
        rule("permit", "TREAT"),
        json!({"provision": [rule("deny", "HMARKT")]}),
    );
    assert_refused(
        r4_root(root),
        "Consent.provision.type",
        "carry its limits over",
    );
}
