//! HL7's published examples of `AuditEvent` and `VerificationResult`: all 24, from the npm packages
//! `hl7.fhir.r5.examples` 5.0.0 and `hl7.fhir.r4.examples` 4.0.1.
//!
//! They are development dependencies of `clients/js`; `npm ci` there puts them where this test
//! looks for them. `AXONIC_FHIR_EXAMPLES` names another `node_modules`.

use axonic_gateway::{
    directory::Directory,
    fhir::{
        audit_event::{self, AccessLog, AuditEvent},
        verification_result, Outcome, Refusal, Resource, Version,
    },
};
use axonic_primitives::{consent::ResourceType, Codes, CredentialId, Moment};
use pallet_credentials::types::PrimarySource;
use serde_json::{json, Value};
use sp_core::H256;
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

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

fn bytes(version: Version, name: &str) -> Vec<u8> {
    fs::read(folder(version).join(format!("{name}.json"))).unwrap()
}

fn try_read(version: Version, name: &str) -> Result<AuditEvent, Vec<Refusal>> {
    let bytes = bytes(version, &format!("AuditEvent-{name}"));
    let resource = Resource::parse(&bytes).map_err(|refusal| vec![refusal])?;
    assert_eq!(resource.kind(), ResourceType::AuditEvent);
    assert_eq!(resource.labels(), Ok(Codes::empty()), "{name}");
    // The version is left to be told by the elements.
    let event = audit_event::read(&resource, None)?;
    assert_eq!(event.version, version, "{name}");
    Ok(event)
}

/// What becomes of an example.
enum Becomes {
    /// A leaf, recorded then.
    Leaf(Moment),
    /// The same, though it has extensions: they say who took part by another name, and are left out
    /// with the agent they are in.
    ExtendedLeaf(Moment),
}
use Becomes::{ExtendedLeaf, Leaf};

/// The examples and what becomes of each. None is refused: all have an instant, what their version
/// requires and nothing that it does not know, and none has a modifier extension.
static R4: [(&str, Becomes); 9] = [
    ("example", Leaf(1_351_163_067_000)),
    ("example-disclosure", Leaf(1_379_808_480_000)),
    ("example-error", Leaf(1_504_827_744_000)),
    ("example-login", Leaf(1_371_771_683_000)),
    ("example-logout", Leaf(1_371_772_001_000)),
    ("example-media", Leaf(1_440_718_944_000)),
    ("example-pixQuery", Leaf(1_440_632_544_000)),
    ("example-rest", Leaf(1_371_771_744_000)),
    ("example-search", Leaf(1_440_286_944_000)),
];
static R5: [(&str, Becomes); 13] = [
    ("example", ExtendedLeaf(1_351_163_067_000)),
    ("example-advanced-create", Leaf(1_588_153_740_000)),
    ("example-breakglass-start", Leaf(1_379_808_480_000)),
    ("example-consent-permit-authz", Leaf(1_631_137_919_932)),
    ("example-disclosure", Leaf(1_379_808_480_000)),
    ("example-error", ExtendedLeaf(1_504_827_744_000)),
    ("example-login", ExtendedLeaf(1_371_771_683_000)),
    ("example-logout", ExtendedLeaf(1_371_772_001_000)),
    ("example-media", Leaf(1_440_718_944_000)),
    ("example-pixQuery", ExtendedLeaf(1_440_632_544_000)),
    (
        "example-rest-create-traceID",
        ExtendedLeaf(1_575_460_768_646),
    ),
    ("example-rest", ExtendedLeaf(1_371_771_744_000)),
    ("example-search", ExtendedLeaf(1_440_286_944_000)),
];

/// Every example of both versions.
fn examples() -> impl Iterator<Item = (Version, &'static str, &'static Becomes)> {
    let r4 = R4
        .iter()
        .map(|(name, becomes)| (Version::R4, *name, becomes));
    let r5 = R5
        .iter()
        .map(|(name, becomes)| (Version::R5, *name, becomes));
    r4.chain(r5)
}

#[test]
fn these_are_all_the_published_examples() {
    for version in [Version::R4, Version::R5] {
        let entries = fs::read_dir(folder(version)).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let published: BTreeSet<String> = names
            .filter_map(|name| {
                let name = name.strip_suffix(".json")?;
                let is_ours = name.starts_with("AuditEvent-");
                (is_ours || name.starts_with("VerificationResult-")).then(|| name.to_owned())
            })
            .collect();
        let of_version = examples().filter(|(of, ..)| *of == version);
        let mut known: BTreeSet<String> = of_version
            .map(|(_, name, _)| format!("AuditEvent-{name}"))
            .collect();
        known.insert("VerificationResult-example".into());
        assert_eq!(published, known, "{version}");
    }
}

#[test]
fn every_example_becomes_a_leaf_at_its_instant() {
    for (version, name, becomes) in examples() {
        let event = try_read(version, name)
            .unwrap_or_else(|told| panic!("{version} {name} is refused: {told:?}"));
        let bytes = bytes(version, &format!("AuditEvent-{name}"));
        let is_extended = String::from_utf8(bytes).unwrap().contains("\"extension\"");
        let (recorded, extended) = match becomes {
            Leaf(recorded) => (*recorded, false),
            ExtendedLeaf(recorded) => (*recorded, true),
        };
        assert_eq!(event.recorded, recorded, "{version} {name}");
        assert_eq!(is_extended, extended, "{version} {name}");
    }
}

#[test]
fn the_whole_of_an_example_is_committed_to_and_its_instant_alone_is_read() {
    for (version, name, _) in examples() {
        let event = try_read(version, name).expect("an example");
        let given: Value =
            serde_json::from_slice(&bytes(version, &format!("AuditEvent-{name}"))).unwrap();
        let committed: Value = serde_json::from_slice(&event.canonical).unwrap();
        assert_eq!(committed, given, "{version} {name}");

        let mapped = event
            .notes
            .iter()
            .filter(|note| note.outcome == Outcome::Mapped);
        let mapped: Vec<_> = mapped.map(|note| &note.path[..]).collect();
        assert_eq!(mapped, ["AuditEvent.recorded"], "{version} {name}");
        // Besides that and its type, every element is told to be left out.
        let members = given.as_object().unwrap().len();
        assert_eq!(event.notes.len(), members - 1, "{version} {name}");
    }
}

#[test]
fn all_examples_are_one_access_log_in_the_order_of_recording() {
    let events: Vec<_> = examples()
        .map(|(version, name, _)| try_read(version, name).expect("an example"))
        .collect();
    let recorded: Vec<_> = events.iter().map(|event| event.recorded).collect();
    let log = AccessLog::of(&recorded).unwrap();
    assert_eq!(
        (log.first_at, log.last_at),
        (1_351_163_067_000, 1_631_137_919_932)
    );
    let mut places = log.order.clone();
    places.sort_unstable();
    assert_eq!(places, (0..22).collect::<Vec<_>>());
    for pair in log.order.windows(2) {
        let [one, next] = [pair[0], pair[1]].map(|place| (recorded[place], place));
        assert!(one < next, "{pair:?}");
    }
}

#[test]
fn an_example_read_as_the_other_version_is_refused_where_they_differ() {
    let bytes = bytes(Version::R4, "AuditEvent-example-login");
    let resource = Resource::parse(&bytes).expect("an example");
    let refusals = audit_event::read(&resource, Some(Version::R5));
    let refusals = refusals.err().expect("to be refused");
    let paths: BTreeSet<_> = refusals.iter().map(|refusal| &refusal.path[..]).collect();
    let expected = [
        "AuditEvent.agent[0].altId",
        "AuditEvent.agent[0].name",
        "AuditEvent.agent[0].network",
        "AuditEvent.agent[1].altId",
        "AuditEvent.agent[1].network",
        "AuditEvent.code",
        "AuditEvent.outcome",
        "AuditEvent.source.site",
        "AuditEvent.source.type[0].code",
        "AuditEvent.source.type[0].display",
        "AuditEvent.source.type[0].system",
        "AuditEvent.subtype",
        "AuditEvent.type",
    ];
    assert_eq!(paths, BTreeSet::from(expected));
}

fn directory() -> Directory {
    let directory = json!({
        "salt": H256::repeat_byte(9),
        "credentials": {"Basic/licence": H256::repeat_byte(5)},
    });
    let bytes = directory.to_string();
    Directory::parse(Path::new("directory.json"), bytes.as_bytes()).unwrap()
}

#[test]
fn the_verification_result_names_no_credential_and_is_refused_for_that_alone() {
    for version in [Version::R4, Version::R5] {
        let bytes = bytes(version, "VerificationResult-example");
        let resource = Resource::parse(&bytes).expect("an example");
        let refusals = verification_result::read(&resource, None, &directory());
        let refusals = refusals.err().expect("to be refused");
        let told: Vec<_> = refusals.iter().map(ToString::to_string).collect();
        let expected =
            "VerificationResult.target: is missing; a check is recorded for a credential";
        assert_eq!(told, [expected]);

        let mut named: Value = serde_json::from_slice(&bytes).unwrap();
        named["target"] = json!([{"reference": "Basic/licence"}]);
        let resource = Resource::parse(named.to_string().as_bytes());
        let resource = resource.expect("an example");
        let check = verification_result::read(&resource, None, &directory());
        let check = check.unwrap_or_else(|told| panic!("{version}: {told:?}"));
        assert_eq!(check.outcome, PrimarySource::Attested);
        assert_eq!(check.credential, CredentialId(H256::repeat_byte(5)));
    }
}
