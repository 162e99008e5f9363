//! HL7's published examples of `Consent`: all 24, from the npm packages `hl7.fhir.r5.examples`
//! 5.0.0 and `hl7.fhir.r4.examples` 4.0.1.
//!
//! They are development dependencies of `clients/js`; `npm ci` there puts them where this test
//! looks for them. `AXONIC_FHIR_EXAMPLES` names another `node_modules`.

use axonic_gateway::{
    directory::Directory,
    fhir::{self, Document, Mapped, Options, Refusal, Resource, Signatory, UntypedRoot, Version},
};
use axonic_primitives::{
    consent::{AccessQuery, Action, DataRef, Label, PurposeOfUse, Recipient, ResourceType, Scope},
    AccountId, Codes, ConsentId, Moment, OrgId, Period,
};
use pallet_consent::{
    rules::judge,
    types::{Finding, Grantee, ProvisionDraft, ProvisionType},
};
use serde_json::json;
use sp_core::H256;
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};
use ProvisionType::{Deny, Permit};

/// `Organization/f001`.
const BURGERS: OrgId = OrgId(0);
/// `Organization/f201`.
const ARTIS: OrgId = OrgId(1);
/// `Organization/f203`.
const BLIJDORP: OrgId = OrgId(2);
const SALT: H256 = H256::repeat_byte(7);

fn practitioner(number: u8) -> AccountId {
    AccountId::from([number; 32])
}

/// `Practitioner/f204`, in the R5 example a nurse and the patient's former spouse.
fn nurse() -> AccountId {
    practitioner(204)
}

/// Everybody whom the examples name, except for `Patient/pat1`.
fn directory() -> Directory {
    directory_with(json!({}))
}

fn directory_with(more_patients: serde_json::Value) -> Directory {
    let patient = |number: u8| json!({"id": H256::repeat_byte(number)});
    let mut patients = json!({
        "Patient/example": patient(1),
        "Patient/f001": patient(2),
        "Patient/f201": patient(3),
        "Patient/mom": patient(4),
        "Patient/xcda": patient(5),
        "Patient/pat2": patient(6),
        "Patient/72": patient(7),
    });
    for (reference, entry) in more_patients.as_object().unwrap() {
        patients[reference] = entry.clone();
    }
    let directory = json!({
        "salt": H256::repeat_byte(9),
        "patients": patients,
        "representatives": {"RelatedPerson/peter": {"patient": "Patient/xcda"}},
        "organizations": {
            "Organization/f001": BURGERS,
            "Organization/f201": ARTIS,
            "Organization/f203": BLIJDORP,
        },
        "practitioners": {
            "Practitioner/f001": practitioner(1),
            "Practitioner/f007": practitioner(7),
            "Practitioner/f204": nurse(),
            "Practitioner/13": practitioner(13),
        },
    });
    Directory::parse(
        Path::new("directory.json"),
        directory.to_string().as_bytes(),
    )
    .unwrap()
}

fn folder(version: Version) -> PathBuf {
    let modules = std::env::var_os("AXONIC_FHIR_EXAMPLES").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../clients/js/node_modules"),
        PathBuf::from,
    );
    let package = match version {
        Version::R4 => "hl7.fhir.r4.examples",
        Version::R5 => "hl7.fhir.r5.examples",
    };
    let folder = modules.join(package);
    let told = "HL7's examples are not there: run `npm ci` in clients/js";
    assert!(folder.is_dir(), "{told} ({})", folder.display());
    folder
}

fn read(version: Version, name: &str) -> Document {
    let path = folder(version).join(format!("Consent-consent-example-{name}.json"));
    Document::parse(&fs::read(&path).unwrap()).unwrap()
}

fn try_map(version: Version, name: &str, how: UntypedRoot) -> Result<Mapped, Vec<Refusal>> {
    // The version is left to be told by the elements.
    let options = Options {
        version: None,
        untyped_root: how,
    };
    let mapped = fhir::map(&read(version, name), options, &directory(), &SALT)?;
    assert_eq!(mapped.version, version);
    Ok(mapped)
}

fn mapped(version: Version, name: &str, how: UntypedRoot) -> Mapped {
    try_map(version, name, how).unwrap_or_else(|told| panic!("{version} {name}: {told:?}"))
}

fn refused(version: Version, name: &str, how: UntypedRoot) -> Vec<String> {
    let refusals = try_map(version, name, how).expect_err("to be refused");
    refusals.into_iter().map(|refusal| refusal.path).collect()
}

/// The names of the examples, and how each R4 example means its untyped root, as its R5 twin tells.
/// A root that has a type, or an example that cannot be kept either way, needs no reading.
const R4: [(&str, UntypedRoot); 12] = [
    ("Emergency", UntypedRoot::Context),
    ("Out", UntypedRoot::Context),
    ("basic", UntypedRoot::Context),
    ("grantor", UntypedRoot::Exception),
    ("notAuthor", UntypedRoot::Exception),
    ("notOrg", UntypedRoot::Refuse),
    ("notThem", UntypedRoot::Exception),
    ("notThis", UntypedRoot::Exception),
    ("notTime", UntypedRoot::Exception),
    ("pkb", UntypedRoot::Exception),
    ("signature", UntypedRoot::Exception),
    ("smartonfhir", UntypedRoot::Exception),
];
const R5: [&str; 12] = [
    "CDA",
    "Emergency",
    "Out",
    "basic",
    "grantor",
    "notAuthor",
    "notOrg",
    "notThem",
    "notThis",
    "notTime",
    "pkb",
    "smartonfhir",
];

#[test]
fn these_are_all_the_published_examples() {
    let published = |version| -> BTreeSet<String> {
        let entries = fs::read_dir(folder(version)).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let consents = names.filter_map(|name| {
            let name = name
                .strip_prefix("Consent-consent-example-")?
                .strip_suffix(".json")?;
            Some(name.to_owned())
        });
        consents.collect()
    };
    assert_eq!(
        published(Version::R4),
        BTreeSet::from(R4.map(|(name, _)| name.to_owned()))
    );
    assert_eq!(published(Version::R5), BTreeSet::from(R5.map(String::from)));
}

#[test]
fn the_one_example_with_a_number_of_seventeen_digits_is_read() {
    for version in [Version::R4, Version::R5] {
        let bytes = fs::read(folder(version).join("Observation-body-height.json")).unwrap();
        let given = String::from_utf8(bytes.clone()).unwrap();
        assert!(given.contains("66.899999999999991"), "{version}");
        let canonical = Resource::parse(&bytes).ok().unwrap().canonical().unwrap();
        let canonical = String::from_utf8(canonical).unwrap();
        assert!(canonical.contains(":66.89999999999999}"), "{canonical}");
    }
}

#[test]
fn r4_examples_are_refused_for_their_untyped_roots_unless_a_reading_is_given() {
    for (name, _) in R4 {
        let outcome = try_map(Version::R4, name, UntypedRoot::Refuse);
        let Err(refusals) = outcome else {
            assert_eq!(name, "notOrg", "the only one whose root has a type");
            continue;
        };
        let paths: Vec<_> = refusals.into_iter().map(|refusal| refusal.path).collect();
        let root = "Consent.provision.type".to_owned();
        let nested = |index| format!("Consent.provision.provision[{index}].type");
        let expected = match name {
            "grantor" => vec![root, "Consent.provision.actor[1].reference".into()],
            "signature" => vec![root, "Consent.provision.provision[0].class[0]".into()],
            // Eleven rules nested in the root have no type either.
            "pkb" => [vec![root], (0..11).map(nested).collect()].concat(),
            _ => vec![root],
        };
        assert_eq!(paths, expected, "{name}");
    }
}

#[test]
fn examples_that_the_chain_cannot_keep_are_refused_for_these_elements_alone() {
    // A document type, which the chain cannot tell.
    let cda = refused(Version::R5, "CDA", UntypedRoot::Refuse);
    assert_eq!(cda, ["Consent.provision[0].provision[0].documentType[0]"]);
    // The same in R4, as a MIME type among the classes.
    let signature = refused(Version::R4, "signature", UntypedRoot::Exception);
    assert_eq!(signature, ["Consent.provision.provision[0].class[0]"]);
    // Another patient as recipient.
    let grantor = refused(Version::R4, "grantor", UntypedRoot::Exception);
    assert_eq!(grantor, ["Consent.provision.actor[1].reference"]);
    // Another patient as grantor.
    let grantor = refused(Version::R5, "grantor", UntypedRoot::Refuse);
    assert_eq!(grantor, ["Consent.grantor[0]"]);
}

#[test]
fn a_grantor_whom_the_directory_knows_as_the_patient_grants() {
    let alias = json!({"Patient/pat1": {"id": H256::repeat_byte(3)}});
    let document = read(Version::R5, "grantor");
    let mapped = fhir::map(&document, Options::default(), &directory_with(alias), &SALT).unwrap();
    assert_eq!(mapped.terms.decision, Deny);
    let expected = ProvisionDraft {
        actors: vec![Grantee::Practitioner(practitioner(7))],
        actions: Action::Access.into(),
        data: vec![DataRef::HeldBy(BLIJDORP)],
        ..ProvisionDraft::default()
    };
    assert_eq!(mapped.terms.provisions, [expected]);
}

#[test]
fn a_representative_signs_for_an_elderly_parent() {
    for (version, how) in [
        (Version::R4, UntypedRoot::Exception),
        (Version::R5, UntypedRoot::Refuse),
    ] {
        let peter = Signatory::Representative("RelatedPerson/peter".into());
        assert_eq!(mapped(version, "smartonfhir", how).signatory, peter);
    }
}

/// What an example with one provision becomes, in both versions.
fn one_provision(name: &str) -> [(ProvisionType, ProvisionDraft); 2] {
    let (_, how) = R4
        .into_iter()
        .find(|(r4, _)| *r4 == name)
        .expect("an R4 twin");
    [(Version::R4, how), (Version::R5, UntypedRoot::Refuse)].map(|(version, how)| {
        let mut terms = mapped(version, name, how).terms;
        assert_eq!(terms.scope, Scope::PatientPrivacy, "{version} {name}");
        assert_eq!(terms.period, Period::ALWAYS, "{version} {name}");
        assert_eq!(terms.provisions.len(), 1, "{version} {name}");
        (terms.decision, terms.provisions.remove(0))
    })
}

#[test]
fn examples_with_one_provision_become_the_same_in_both_versions() {
    let held = ProvisionDraft {
        data: vec![DataRef::HeldBy(BURGERS)],
        ..Default::default()
    };
    let actions = Codes::from([Action::Access, Action::Correct]);
    let to = |grantee| ProvisionDraft {
        actors: vec![grantee],
        actions,
        ..Default::default()
    };
    let period = Period::between(1_420_070_400_000, 1_422_835_200_000);
    for (name, expected) in [
        ("Out", held.clone()),
        ("notAuthor", held),
        ("notOrg", to(Grantee::Organisation(BURGERS))),
        ("notThem", to(Grantee::Practitioner(nurse()))),
        (
            "notTime",
            ProvisionDraft {
                period: Some(period),
                ..Default::default()
            },
        ),
    ] {
        for (decision, provision) in one_provision(name) {
            assert_eq!((decision, provision), (Permit, expected.clone()), "{name}");
        }
    }
}

#[test]
fn examples_that_differ_in_what_they_refer_to_become_what_each_says() {
    let related = |to: &str| vec![DataRef::Related(directory().record_id(to))];
    let [r4, r5] = one_provision("notThis");
    assert_eq!((r4.0, r4.1.data), (Permit, related("Task/example3")));
    assert_eq!(
        (r5.0, r5.1.data),
        (Permit, related("MedicationRequest/medrx0305"))
    );

    // The start in 1964 is before all chain time; the last day is included.
    let until = |end| {
        Some(Period {
            start: None,
            end: Some(end),
        })
    };
    let [r4, r5] = one_provision("basic");
    assert_eq!((r4.0, r4.1.period), (Deny, until(1_451_692_800_000)));
    assert_eq!((r5.0, r5.1.period), (Deny, until(1_546_387_200_000)));
}

#[test]
fn the_emergency_example_says_the_opposite_of_its_narrative_in_both_versions() {
    // R5 denies, permits what Artis keeps, and denies that for ETREAT. R4 read as context permits,
    // and denies ETREAT for what Burgers keeps; the rule nested there denies what is denied.
    let r5 = mapped(Version::R5, "Emergency", UntypedRoot::Refuse).terms;
    let held = ProvisionDraft {
        data: vec![DataRef::HeldBy(ARTIS)],
        ..Default::default()
    };
    let nested = ProvisionDraft {
        parent: Some(0),
        purposes: PurposeOfUse::EmergencyTreat.into(),
        ..held.clone()
    };
    assert_eq!((r5.decision, r5.provisions), (Deny, vec![held, nested]));

    let r4 = mapped(Version::R4, "Emergency", UntypedRoot::Context);
    let emergency = ProvisionDraft {
        purposes: PurposeOfUse::EmergencyTreat.into(),
        data: vec![DataRef::HeldBy(BURGERS)],
        ..Default::default()
    };
    assert_eq!(
        (r4.terms.decision, r4.terms.provisions),
        (Permit, vec![emergency])
    );
    let dropped = r4
        .notes
        .iter()
        .find(|note| note.path == "Consent.provision.provision[0]");
    assert!(dropped.is_some_and(|note| note.became.contains("says deny, which holds above")));
}

#[test]
fn the_example_that_repeats_a_provision_becomes_five_in_both_versions() {
    for (version, how) in [
        (Version::R4, UntypedRoot::Exception),
        (Version::R5, UntypedRoot::Refuse),
    ] {
        let mapped = mapped(version, "pkb", how);
        let access = |labels| ProvisionDraft {
            actors: vec![Grantee::Organisation(BURGERS)],
            actions: Action::Access.into(),
            labels,
            ..Default::default()
        };
        let normal = Codes::from([
            Label::Unrestricted,
            Label::Low,
            Label::Moderate,
            Label::Normal,
        ]);
        let special = Codes::from([
            Label::SpeciallyProtected,
            Label::BehaviouralHealth,
            Label::MentalHealth,
            Label::Psychiatry,
            Label::PsychotherapyNote,
            Label::SubstanceUseDisorder,
            Label::AlcoholUseDisorder,
            Label::OpioidUseDisorder,
        ]);
        let nested = [
            Label::Psychiatry.into(),
            special,
            normal,
            Label::Sexuality.into(),
        ];
        let nested = nested.map(|labels| ProvisionDraft {
            parent: Some(0),
            ..access(labels)
        });
        let expected: Vec<_> = [access(normal)].into_iter().chain(nested).collect();
        assert_eq!(
            (mapped.terms.decision, mapped.terms.provisions),
            (Deny, expected)
        );
        let repeats = mapped
            .notes
            .iter()
            .filter(|note| note.became.starts_with("repeats "));
        assert_eq!(repeats.count(), 7, "{version}");
    }
}

#[test]
fn the_smart_on_fhir_example_becomes_a_permit_within_a_denial() {
    let start = 1_466_665_353_000;
    // The end is included to its second.
    let period = Some(Period::between(start, start + 30 * 60 * 1000 + 1000));
    for (version, how, actions) in [
        (
            Version::R4,
            UntypedRoot::Exception,
            Codes::from(Action::Access),
        ),
        (
            Version::R5,
            UntypedRoot::Refuse,
            Codes::from([Action::Access, Action::Correct]),
        ),
    ] {
        let terms = mapped(version, "smartonfhir", how).terms;
        let nested = ProvisionDraft {
            parent: Some(0),
            actions,
            classes: vec![ResourceType::MedicationRequest],
            ..Default::default()
        };
        let root = ProvisionDraft {
            period,
            ..Default::default()
        };
        assert_eq!(
            (terms.decision, terms.provisions),
            (Permit, vec![root, nested])
        );
    }
}

/// Somebody at an organisation wants to read something for treatment.
fn ask(org: OrgId) -> AccessQuery {
    AccessQuery {
        recipient: Recipient {
            org,
            practitioner: None,
        },
        action: Action::Access,
        purpose: PurposeOfUse::Treat,
        classes: Default::default(),
        labels: Codes::empty(),
        codes: Default::default(),
        data: Default::default(),
        data_period: None,
    }
}

fn about(data: &[DataRef]) -> AccessQuery {
    AccessQuery {
        data: data.to_vec().try_into().unwrap(),
        ..ask(BURGERS)
    }
}

/// 28 December 2018, noon, when most of the examples were written.
const THEN: Moment = 1_545_998_400_000;

/// Asks both versions of an example, and asserts that they decide alike, and how.
#[track_caller]
fn assert_twins_decide(name: &str, questions: &[(AccessQuery, Moment, ProvisionType)]) {
    let (_, how) = R4
        .into_iter()
        .find(|(r4, _)| *r4 == name)
        .expect("an R4 twin");
    for (version, how) in [(Version::R4, how), (Version::R5, UntypedRoot::Refuse)] {
        let terms = fhir::check(&mapped(version, name, how).terms, THEN).unwrap();
        for (query, at, expected) in questions {
            let verdict = judge(ConsentId::default(), &terms, query, Codes::empty(), *at);
            let Finding::Decides { decision, .. } = verdict.finding else {
                panic!("{version} {name} does not decide {query:?}");
            };
            assert_eq!(decision, *expected, "{version} {name}: {query:?}");
        }
    }
}

#[test]
fn twins_decide_alike() {
    let (held_here, held_there) = ([DataRef::HeldBy(BURGERS)], [DataRef::HeldBy(ARTIS)]);
    let by = |practitioner| AccessQuery {
        recipient: Recipient {
            org: BURGERS,
            practitioner: Some(practitioner),
        },
        ..ask(BURGERS)
    };
    let to = |action, query: AccessQuery| AccessQuery { action, ..query };
    let of = |class| AccessQuery {
        classes: vec![class].try_into().unwrap(),
        ..ask(BURGERS)
    };
    let labelled = |label: Label| AccessQuery {
        labels: label.into(),
        ..ask(BURGERS)
    };

    const MID_2015: Moment = 1_434_326_400_000;
    const YEAR_2020: Moment = 1_577_836_800_000;
    assert_twins_decide(
        "basic",
        &[
            (ask(BURGERS), MID_2015, Permit),
            (ask(BURGERS), YEAR_2020, Deny),
        ],
    );
    for name in ["Out", "notAuthor"] {
        assert_twins_decide(
            name,
            &[
                (about(&held_here), THEN, Deny),
                (about(&held_there), THEN, Permit),
            ],
        );
    }
    assert_twins_decide(
        "notOrg",
        &[
            (ask(BURGERS), THEN, Deny),
            (to(Action::Correct, ask(BURGERS)), THEN, Deny),
            (to(Action::Use, ask(BURGERS)), THEN, Permit),
            (ask(ARTIS), THEN, Permit),
        ],
    );
    assert_twins_decide(
        "notThem",
        &[
            (by(nurse()), THEN, Deny),
            (to(Action::Use, by(nurse())), THEN, Permit),
            (by(practitioner(1)), THEN, Permit),
        ],
    );
    // The twins withhold different records, so both are asked about.
    let related = |to: &str| DataRef::Related(directory().record_id(to));
    let withheld = [
        related("Task/example3"),
        related("MedicationRequest/medrx0305"),
    ];
    assert_twins_decide(
        "notThis",
        &[
            (about(&withheld), THEN, Deny),
            (about(&[related("Task/1")]), THEN, Permit),
        ],
    );
    const MID_JANUARY_2015: Moment = 1_421_280_000_000;
    const LAST_INSTANT: Moment = 1_422_835_199_999;
    assert_twins_decide(
        "notTime",
        &[
            (ask(BURGERS), MID_JANUARY_2015, Deny),
            (ask(BURGERS), LAST_INSTANT, Deny),
            (ask(BURGERS), LAST_INSTANT + 1, Permit),
        ],
    );
    // Its nested rule for normal data takes away all that its root permits.
    assert_twins_decide(
        "pkb",
        &[
            (labelled(Label::Normal), THEN, Deny),
            (labelled(Label::Psychiatry), THEN, Deny),
            (labelled(Label::Hiv), THEN, Deny),
            (ask(ARTIS), THEN, Deny),
        ],
    );
    const LOGGED_IN: Moment = 1_466_665_353_000 + 60_000;
    assert_twins_decide(
        "smartonfhir",
        &[
            (of(ResourceType::MedicationRequest), LOGGED_IN, Permit),
            (of(ResourceType::Observation), LOGGED_IN, Deny),
            (
                to(Action::Use, of(ResourceType::MedicationRequest)),
                LOGGED_IN,
                Deny,
            ),
            (of(ResourceType::Observation), THEN, Permit),
        ],
    );
    // They name different hospitals, so what either keeps is asked about.
    let held = about(&[held_here, held_there].concat());
    let emergency = AccessQuery {
        purpose: PurposeOfUse::EmergencyTreat,
        ..held.clone()
    };
    assert_twins_decide(
        "Emergency",
        &[(held, THEN, Permit), (emergency, THEN, Deny)],
    );
}
