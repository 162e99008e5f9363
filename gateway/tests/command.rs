//! The command as a hospital runs it, as far as it goes without a node.

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
        "patients": {
            "Patient/1": {"id": format!("0x{}", "01".repeat(32)), "key": "//Patient"},
            "Patient/keyless": {"id": format!("0x{}", "02".repeat(32))},
        },
        "organizations": {"Organization/1": 0},
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

fn run(folder: &TempDir, line: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_axonic-gateway"))
        .current_dir(folder.path())
        .args(line.split(' '))
        // A port where nothing listens.
        .args(["--node", "ws://127.0.0.1:1"])
        .env_remove("AXONIC_STORE_KEY")
        .output()
        .unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn answer(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

fn consent(patient: &str) -> Value {
    json!({
        "resourceType": "Consent",
        "status": "active",
        "category": [{"coding": [{"system": "http://loinc.org", "code": "59284-0"}]}],
        "subject": {"reference": patient, "display": "Donald Duck"},
        "decision": "permit",
    })
}

#[test]
fn a_dry_run_shows_the_terms_and_sends_nothing() {
    let folder = folder(&[("a.json", consent("Patient/1"))]);
    let output = run(&folder, "import a.json --dry-run");
    assert!(output.status.success(), "{}", told(&output));
    let terms = answer(&output);
    assert_eq!(terms["scope"], "patient-privacy");
    assert_eq!(terms["decision"], "permit");
    assert!(
        told(&output).starts_with("a.json: mapped\n  R5, patient 0x0101"),
        "{}",
        told(&output)
    );
    for secret in ["Donald", "salt"] {
        assert!(!told(&output).contains(secret), "{}", told(&output));
    }
}

#[test]
fn a_dry_run_answers_in_json() {
    let folder = folder(&[("a.json", consent("Patient/1"))]);
    let output = run(&folder, "import a.json --dry-run --json");
    let answer = answer(&output);
    assert_eq!(answer["dryRun"], true);
    let file = &answer["files"][0];
    assert_eq!(file["file"], "a.json");
    assert_eq!(file["status"], "mapped");
    assert_eq!(file["fhirVersion"], "r5");
    assert_eq!(file["signedBy"], "patient");
    assert_eq!(file["terms"]["decision"], "permit");
    // Nothing is granted, so nobody needs the salt.
    assert_eq!(file.get("evidenceSalt"), None);
    let became = |path: &str| {
        let notes = file["mapping"].as_array().unwrap();
        notes.iter().find(|note| note["path"] == path).unwrap()["became"].clone()
    };
    assert_eq!(became("Consent.decision"), "decision permit");
    assert_eq!(file.get("consent"), None);
    assert_eq!(file.get("refusals"), None);
}

#[test]
fn salts_are_drawn_anew_for_each_document() {
    let folder = folder(&[("a.json", consent("Patient/1"))]);
    let answer = answer(&run(&folder, "import a.json a.json --dry-run --json"));
    let [one, other] = [0, 1].map(|index| answer["files"][index]["terms"]["evidenceHash"].clone());
    assert_ne!(one, other);
}

#[test]
fn one_refused_file_keeps_all_from_being_sent() {
    let mut draft = consent("Patient/nobody");
    draft["status"] = json!("draft");
    let folder = folder(&[("a.json", consent("Patient/1")), ("b.json", draft)]);
    let output = run(&folder, "import a.json b.json missing.json");
    assert_eq!(output.status.code(), Some(1));
    // With the node out of reach, an attempt to send would have said so.
    let told = told(&output);
    assert!(!told.contains("no node answers"), "{told}");
    assert!(
        told.contains("b.json: refused\n  Consent.status: is `draft`"),
        "{told}"
    );
    assert!(told.contains("  Consent.subject: is no patient"), "{told}");
    assert!(
        told.contains("missing.json: refused\n  (file): cannot be read"),
        "{told}"
    );
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(shown.contains("a.json: mapped; not sent"), "{shown}");
}

#[test]
fn refusals_answer_in_json_too() {
    let folder = folder(&[("a.json", json!({"resourceType": "Bundle"}))]);
    let output = run(&folder, "import a.json --json");
    assert_eq!(output.status.code(), Some(1));
    let file = &answer(&output)["files"][0];
    assert_eq!(file["status"], "refused");
    assert_eq!(file["refusals"][0]["path"], "Consent.resourceType");
    assert_eq!(file.get("terms"), None);
}

#[test]
fn a_consent_that_is_over_is_refused_before_it_is_sent() {
    let mut over = consent("Patient/1");
    over["period"] = json!({"end": "2015"});
    let folder = folder(&[("a.json", over)]);
    let output = run(&folder, "import a.json");
    assert_eq!(output.status.code(), Some(1));
    assert!(
        told(&output).contains("Consent.period: is already over"),
        "{}",
        told(&output)
    );
}

#[test]
fn a_missing_key_is_told_before_anything_is_sent() {
    let files = [
        ("a.json", consent("Patient/1")),
        ("b.json", consent("Patient/keyless")),
    ];
    let folder = folder(&files);
    let output = run(&folder, "import a.json b.json");
    assert_eq!(output.status.code(), Some(1));
    assert!(
        told(&output).contains("no key for the patient"),
        "{}",
        told(&output)
    );
}

#[test]
fn a_node_that_does_not_answer_is_told_in_a_sentence() {
    let folder = folder(&[("a.json", consent("Patient/1"))]);
    for line in [
        "import a.json",
        "evaluate --patient Patient/1 --recipient Organization/1 --action access --purpose TREAT",
        "explain --patient Patient/1 --recipient 0 --action access --purpose TREAT --json",
    ] {
        let output = run(&folder, line);
        assert_eq!(output.status.code(), Some(1), "{line}");
        let told = told(&output);
        assert!(
            told.contains("no node answers at ws://127.0.0.1:1: is it running"),
            "{told}"
        );
    }
}

#[test]
fn an_import_without_a_directory_says_what_it_needs() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.json", &consent("Patient/1"));
    let output = run(&folder, "import a.json --dry-run");
    assert_eq!(output.status.code(), Some(1));
    assert!(
        told(&output).contains("name it with --directory"),
        "{}",
        told(&output)
    );
    let output = run(&folder, "import a.json --directory elsewhere.json");
    assert!(
        told(&output).contains("elsewhere.json: cannot be read"),
        "{}",
        told(&output)
    );
}

#[test]
fn the_table_of_elements_can_be_shown() {
    let output = run(&folder(&[]), "elements");
    let table = String::from_utf8(output.stdout).unwrap();
    assert!(table.starts_with("| element | R4 | R5 |"), "{table}");
    assert!(
        table.contains("| `Consent.provision.documentType` |  | list | refused |"),
        "{table}"
    );
}
