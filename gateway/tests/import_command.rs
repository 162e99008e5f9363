//! `axonic-gateway import` of audit events and verification results, as far as it goes without a
//! node.

use serde_json::{json, Value};
use std::{
    fs,
    path::Path,
    process::{Command, Output},
};
use tempfile::TempDir;

/// A folder with a directory and the documents that are given.
fn folder(files: &[(&str, Value)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let directory = json!({
        "salt": format!("0x{}", "09".repeat(32)),
        "patients": {"Patient/1": {"id": format!("0x{}", "01".repeat(32)), "key": "//Patient"}},
        "organizations": {"Organization/1": 0},
        "staff": {"Practitioner/1": "//Archivist"},
        "credentials": {"Basic/licence": format!("0x{}", "05".repeat(32))},
    });
    write(folder.path(), "directory.json", &directory);
    for (name, document) in files {
        write(folder.path(), name, document);
    }
    folder
}

fn write(folder: &Path, name: &str, content: &Value) {
    fs::write(folder.join(name), content.to_string()).unwrap();
}

/// Runs the command with a key for the store, or without one.
fn run_with(folder: &TempDir, line: &str, key: Option<String>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_axonic-gateway"));
    command
        .current_dir(folder.path())
        .args(line.split(' '))
        // A port where nothing listens.
        .args(["--node", "ws://127.0.0.1:1"])
        .env_remove("AXONIC_STORE_KEY");
    if let Some(key) = key {
        command.env("AXONIC_STORE_KEY", key);
    }
    command.output().unwrap()
}

fn run(folder: &TempDir, line: &str) -> Output {
    run_with(folder, line, Some("07".repeat(32)))
}

fn told(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn answer(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", told(output)))
}

fn consent() -> Value {
    json!({
        "resourceType": "Consent",
        "status": "active",
        "category": [{"coding": [{"system": "http://loinc.org", "code": "59284-0"}]}],
        "subject": {"reference": "Patient/1"},
        "decision": "permit",
    })
}

fn event(recorded: &str) -> Value {
    json!({
        "resourceType": "AuditEvent",
        "code": {"text": "Login"},
        "recorded": recorded,
        "agent": [{"who": {"display": "Donald Duck"}, "requestor": true}],
        "source": {"observer": {"display": "Watcher"}},
    })
}

fn check(status: &str) -> Value {
    json!({
        "resourceType": "VerificationResult",
        "status": status,
        "target": [{"reference": "Basic/licence"}],
    })
}

/// One of each, and a second event that was recorded before the first.
fn mixed() -> TempDir {
    folder(&[
        ("late.json", event("2016-01-01T00:00:02Z")),
        ("consent.json", consent()),
        ("check.json", check("validated")),
        ("early.json", event("2016-01-01T00:00:01Z")),
    ])
}

const MIXED: &str = "import late.json consent.json check.json early.json";

#[test]
fn a_dry_run_shows_what_each_file_would_become() {
    let folder = mixed();
    let output = run_with(&folder, &format!("{MIXED} --dry-run --json"), None);
    assert!(output.status.success(), "{}", told(&output));
    let answer = answer(&output);
    let log = json!({
        "leaves": 2,
        "firstAt": 1_451_606_401_000_u64,
        "lastAt": 1_451_606_402_000_u64,
    });
    assert_eq!(answer["accessLog"], log);
    let [late, consent, check, early] = [0, 1, 2, 3].map(|index| &answer["files"][index]);
    for (file, kind) in [
        (late, "AuditEvent"),
        (consent, "Consent"),
        (check, "VerificationResult"),
        (early, "AuditEvent"),
    ] {
        assert_eq!(file["resourceType"], kind);
        assert_eq!(file["status"], "mapped");
        // Nothing is kept, so nothing has a commitment yet.
        assert_eq!(file.get("commitment"), None);
    }
    assert_eq!(late["fhirVersion"], "r5");
    assert_eq!((&late["leaf"], &early["leaf"]), (&json!(1), &json!(0)));
    assert_eq!(check["outcome"], "validated");
    assert_eq!(check["credential"], format!("0x{}", "05".repeat(32)));
    assert_eq!(consent["terms"]["decision"], "permit");
}

#[test]
fn a_dry_run_keeps_nothing_and_shows_nothing_that_an_event_says() {
    let folder = mixed();
    let output = run_with(&folder, &format!("{MIXED} --dry-run"), None);
    assert!(output.status.success(), "{}", told(&output));
    // The standard output is left to the terms of the consent.
    assert_eq!(answer(&output)["decision"], "permit");
    let told = told(&output);
    assert!(
        told.contains("late.json: mapped\n  R5, recorded 2016-01-01T00:00:02Z\n"),
        "{told}"
    );
    let log = "access log: 2 events recorded from 2016-01-01T00:00:01Z to 2016-01-01T00:00:02Z, \
               not anchored";
    assert!(told.contains(log), "{told}");
    assert!(
        !told.contains("Donald") && !told.contains("Watcher"),
        "{told}"
    );
    assert!(!folder.path().join("axonic-store.redb").exists());
}

#[test]
fn one_refused_file_keeps_all_from_being_sent_and_kept() {
    let folder = mixed();
    write(folder.path(), "odd.json", &event("yesterday"));
    let output = run(
        &folder,
        &format!("{MIXED} odd.json --sign-as Practitioner/1"),
    );
    assert_eq!(output.status.code(), Some(1));
    let told = told(&output);
    assert!(
        told.contains("odd.json: refused\n  AuditEvent.recorded: is no FHIR instant"),
        "{told}"
    );
    assert!(!told.contains("no node answers"), "{told}");
    assert!(!folder.path().join("axonic-store.redb").exists());
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(shown.contains("late.json: mapped; not sent"), "{shown}");
}

#[test]
fn what_may_be_missing_is_told_before_anything_is_sent() {
    let folder = mixed();
    let told_of = |line: &str, key: Option<String>| {
        let output = run_with(&folder, &format!("{MIXED}{line}"), key);
        assert_eq!(output.status.code(), Some(1));
        told(&output)
    };
    let key = || Some("07".repeat(32));
    let told = told_of("", key());
    assert!(told.contains("say who of its staff signs"), "{told}");
    let told = told_of(" --sign-as Practitioner/2", key());
    assert!(told.contains("no key for the member of staff"), "{told}");
    let told = told_of(" --sign-as Practitioner/1", None);
    assert!(told.contains("the store needs its key"), "{told}");
    let told = told_of(" --sign-as Practitioner/1", key());
    assert!(told.contains("no node answers"), "{told}");
}

#[test]
fn consents_alone_need_neither_staff_nor_store() {
    let folder = mixed();
    let output = run_with(&folder, "import consent.json", None);
    assert!(
        told(&output).contains("no node answers"),
        "{}",
        told(&output)
    );
    assert!(!folder.path().join("axonic-store.redb").exists());
}

#[test]
fn an_event_from_the_future_is_refused() {
    let folder = folder(&[("a.json", event("9000-01-01T00:00:00Z"))]);
    let output = run(&folder, "import a.json --dry-run --json");
    assert_eq!(output.status.code(), Some(1));
    let refusal = json!({"path": "AuditEvent.recorded", "reason": "is in the future"});
    assert_eq!(answer(&output)["files"][0]["refusals"], json!([refusal]));
}

#[test]
fn the_version_that_is_given_holds_for_every_kind() {
    let folder = folder(&[("a.json", event("2016-01-01T00:00:01Z"))]);
    let output = run(&folder, "import a.json --dry-run --json --fhir-version r4");
    let refusals = &answer(&output)["files"][0]["refusals"];
    let is_type = |refusal: &Value| refusal["path"] == "AuditEvent.type";
    assert!(
        refusals.as_array().unwrap().iter().any(is_type),
        "{refusals}"
    );
}

#[test]
fn other_resources_are_refused_with_what_to_do() {
    let folder = folder(&[
        ("a.json", json!({"resourceType": "Observation"})),
        ("b.json", json!({"resourceType": "Bundle"})),
        ("c.json", json!({"resourceType": "Donald"})),
    ]);
    let output = run(&folder, "import a.json b.json c.json --dry-run");
    assert_eq!(output.status.code(), Some(1));
    let told = told(&output);
    for expected in [
        "a.json: refused\n  Observation.resourceType: is none of `Consent`, `AuditEvent` and",
        "to anchor a record, use `anchor`",
        "b.json: refused\n  Consent.resourceType: is a `Bundle`",
        "c.json: refused\n  resourceType: is no resource type of R4 or R5",
    ] {
        assert!(told.contains(expected), "{told}");
    }
}

#[test]
fn a_store_is_there_for_consents_before_they_are_sent_if_its_key_is_given() {
    let folder = mixed();
    let output = run(&folder, "import consent.json");
    assert!(
        told(&output).contains("no node answers"),
        "{}",
        told(&output)
    );
    assert!(folder.path().join("axonic-store.redb").exists());
    let shown = String::from_utf8(output.stdout.clone()).unwrap();
    assert!(!(shown + &told(&output)).contains("salt"));
}
