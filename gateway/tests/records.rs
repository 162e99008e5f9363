//! The commands about records as a hospital runs them, as far as they go without a node: what each
//! of them checks before it speaks to one.

use axonic_gateway::store::{Store, StoreKey};
use serde_json::{json, Value};
use std::{
    fs,
    path::Path,
    process::{Command, Output},
};
use tempfile::TempDir;

const KEY: &str = "0707070707070707070707070707070707070707070707070707070707070707";
const STORE: &str = "axonic-store.redb";

/// A folder with a directory and the documents that are given.
fn folder(files: &[(&str, Value)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let directory = json!({
        "salt": format!("0x{}", "09".repeat(32)),
        "patients": {"Patient/1": {"id": id("01")}},
        "organizations": {"Organization/1": 0},
        "staff": {"Practitioner/archivist": "//Archivist"},
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

fn id(byte: &str) -> String {
    format!("0x{}", byte.repeat(32))
}

fn observation(patient: &str) -> Value {
    json!({
        "resourceType": "Observation",
        "status": "final",
        "subject": {"reference": patient, "display": "Donald Duck"},
        "valueString": "remarkable",
    })
}

/// Runs a command with this store key, if any.
fn run_with(folder: &TempDir, key: Option<&str>, line: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_axonic-gateway"));
    command
        .current_dir(folder.path())
        .env_remove("AXONIC_STORE_KEY")
        .args(line.split(' '))
        // A port where nothing listens.
        .args(["--node", "ws://127.0.0.1:1"]);
    if let Some(key) = key {
        command.env("AXONIC_STORE_KEY", key);
    }
    command.output().unwrap()
}

fn run(folder: &TempDir, line: &str) -> Output {
    run_with(folder, Some(KEY), line)
}

/// What a command that fails says. Whatever that is, it shows no document, key or name.
fn told(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let told = [&output.stderr[..], &output.stdout[..]].concat();
    let told = String::from_utf8(told).unwrap();
    for secret in ["remarkable", "Donald", KEY, "Archivist"] {
        assert!(!told.contains(secret), "{told}");
    }
    told
}

fn has_store(folder: &TempDir) -> bool {
    folder.path().join(STORE).exists()
}

const ANCHOR: &str = "anchor a.json --sign-as Practitioner/archivist";

fn verify() -> String {
    format!("verify a.json --record {}", id("05"))
}

fn disclose() -> String {
    let record = id("05");
    format!(
        "disclose --sign-as Practitioner/archivist --patient Patient/1 --recipient Organization/1 \
         --purpose TREAT --record {record} --output out"
    )
}

fn erase() -> String {
    let record = id("05");
    format!("erase --sign-as Practitioner/archivist --record {record}")
}

#[test]
fn one_refused_document_keeps_all_from_being_kept_and_sent() {
    let mut odd = observation("Patient/nobody");
    odd["meta"] = json!({"security": [{"system": "http://local", "code": "N"}]});
    let folder = folder(&[("a.json", observation("Patient/1")), ("b.json", odd)]);
    let line = "anchor a.json b.json missing.json --sign-as Practitioner/archivist";
    let told = told(&run(&folder, line));
    assert!(
        told.contains("b.json: refused\n  Observation: is about somebody"),
        "{told}"
    );
    assert!(
        told.contains("  Observation.meta.security[0]: must be a code of"),
        "{told}"
    );
    assert!(
        told.contains("missing.json: refused\n  (file): cannot be read"),
        "{told}"
    );
    assert!(
        told.contains("a.json: not anchored, because another"),
        "{told}"
    );
    assert!(!told.contains("no node answers"), "{told}");
    assert!(!has_store(&folder));
}

#[test]
fn what_is_no_record_of_a_patient_is_refused() {
    let resource = |kind: &str| {
        let mut resource = observation("Patient/1");
        resource["resourceType"] = json!(kind);
        resource
    };
    for (given, expected) in [
        (
            resource("ValueSet"),
            "ValueSet.resourceType: `ValueSet` is outside",
        ),
        (
            resource("Donald"),
            "resourceType: is no resource type of R4 or R5",
        ),
        (
            json!({"resourceType": "Observation"}),
            "Observation: refers to no patient",
        ),
        (json!([]), "(file): must hold one JSON object"),
    ] {
        let folder = folder(&[("a.json", given)]);
        let told = told(&run(&folder, ANCHOR));
        assert!(told.contains(expected), "{told}");
    }
    let folder = folder(&[]);
    fs::write(folder.path().join("a.json"), r#"{"resourceType": "List", "#).unwrap();
    assert!(told(&run(&folder, ANCHOR)).contains("is not well-formed JSON"));
}

#[test]
fn the_resources_of_a_bundle_are_checked_each_where_it_is() {
    let bundle = json!({"resourceType": "Bundle", "type": "collection", "entry": [
        {"resource": observation("Patient/1")},
        {"resource": observation("Patient/nobody")},
        {"resource": {"resourceType": "Bundle"}},
    ]});
    let folder = folder(&[
        ("a.json", bundle),
        ("b.json", json!({"resourceType": "Bundle"})),
    ]);
    let output = run(&folder, &format!("{ANCHOR} b.json --json"));
    told(&output);
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["documents"][0]["place"], "Bundle.entry[0].resource");
    assert_eq!(answer["documents"][0]["status"], "checked");
    assert_eq!(answer["documents"][0]["class"], "Observation");
    assert_eq!(answer["documents"][0].get("commitment"), None);
    let refused = &answer["refused"];
    assert_eq!(refused[0]["place"], "Bundle.entry[1].resource");
    assert_eq!(
        refused[0]["refusals"][0]["path"],
        "Bundle.entry[1].resource"
    );
    let path = "Bundle.entry[2].resource.resourceType";
    assert_eq!(refused[1]["refusals"][0]["path"], path);
    assert_eq!(refused[2]["file"], "b.json");
    assert_eq!(refused[2]["refusals"][0]["path"], "Bundle.entry");
    assert_eq!(answer.get("batch"), None);
}

#[test]
fn a_retention_must_be_one_that_the_chain_keeps() {
    let entries = vec![json!({"resource": observation("Patient/1")}); 65];
    let bundle = json!({"resourceType": "Bundle", "entry": entries});
    let folder = folder(&[("a.json", observation("Patient/1")), ("b.json", bundle)]);
    for (line, expected) in [
        ("a.json --retain-until 2015", "is already over"),
        (
            "a.json --retain-until 2999",
            "is more than 100 years from now",
        ),
        (
            "b.json --retain-until 2060",
            "anchor at most 64 documents at a time",
        ),
    ] {
        let line = format!("anchor {line} --sign-as Practitioner/archivist");
        let told = told(&run(&folder, &line));
        assert!(told.contains(expected), "{told}");
    }
    assert!(!has_store(&folder));
}

#[test]
fn every_command_says_that_it_needs_a_directory() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.json", &observation("Patient/1"));
    for line in [ANCHOR.into(), disclose(), erase()] {
        let told = told(&run(&folder, &line));
        assert!(told.contains("name it with --directory"), "{told}");
    }
}

#[test]
fn whoever_signs_must_be_among_the_staff() {
    let folder = folder(&[("a.json", observation("Patient/1"))]);
    for line in [ANCHOR.into(), disclose(), erase()] {
        let line = line.replace("Practitioner/archivist", "Patient/1");
        let told = told(&run(&folder, &line));
        assert!(told.contains("no key for the member of staff"), "{told}");
    }
    assert!(!has_store(&folder));
}

#[test]
fn the_store_needs_its_key() {
    let folder = folder(&[("a.json", observation("Patient/1"))]);
    let without = told(&run_with(&folder, None, ANCHOR));
    assert!(without.contains("AXONIC_STORE_KEY"), "{without}");
    assert!(without.contains("--store-key-file"), "{without}");
    let bad = told(&run_with(&folder, Some(&KEY[1..]), ANCHOR));
    assert!(bad.contains("must be 64 hexadecimal digits"), "{bad}");
    assert!(!bad.contains(&KEY[..8]), "{bad}");
    let line = format!("{ANCHOR} --store-key-file nowhere");
    let missing = told(&run(&folder, &line));
    assert!(missing.contains("nowhere: cannot be read"), "{missing}");
    assert!(!has_store(&folder));

    fs::write(folder.path().join("key"), format!("{KEY}\n")).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let permit = |mode| {
            let permissions = fs::Permissions::from_mode(mode);
            fs::set_permissions(folder.path().join("key"), permissions).unwrap();
        };
        permit(0o644);
        let exposed = told(&run(&folder, &format!("{ANCHOR} --store-key-file key")));
        assert!(exposed.contains("key: others than its owner"), "{exposed}");
        assert!(!has_store(&folder));
        permit(0o600);
    }
    let line = format!("{ANCHOR} --store-key-file key --store other.redb");
    let read = told(&run_with(&folder, None, &line));
    assert!(read.contains("no node answers"), "{read}");
    assert!(folder.path().join("other.redb").exists());

    let other = "08".repeat(32);
    let line = format!("{ANCHOR} --store other.redb");
    let wrong = told(&run_with(&folder, Some(&other), &line));
    assert!(
        wrong.contains("other.redb: this store was written with another key"),
        "{wrong}"
    );
}

#[test]
fn a_store_that_cannot_be_used_is_told_by_every_command() {
    let folder = folder(&[("a.json", observation("Patient/1"))]);
    let path = folder.path().join(STORE);
    let lines = [ANCHOR.into(), verify(), disclose(), erase()];
    for line in &lines[1..] {
        let told = told(&run(&folder, line));
        assert!(told.contains("there is no store here"), "{told}");
    }
    assert!(!has_store(&folder));

    fs::write(&path, "something else").unwrap();
    for line in &lines {
        let told = told(&run(&folder, line));
        assert!(told.contains("is no store of this gateway"), "{told}");
    }
    fs::remove_file(&path).unwrap();

    let open = Store::open(&path, StoreKey::from_hex(KEY).unwrap()).unwrap();
    for line in &lines {
        let told = told(&run(&folder, line));
        assert!(
            told.contains("another process has this store open"),
            "{told}"
        );
    }
    drop(open);
}

#[test]
fn a_node_that_does_not_answer_leaves_everything_as_it_was() {
    let folder = folder(&[("a.json", observation("Patient/1"))]);
    let path = folder.path().join(STORE);
    let open = || Store::open(&path, StoreKey::from_hex(KEY).unwrap()).unwrap();
    let kept = open().keep(b"{}").unwrap();
    fs::write(folder.path().join("salt"), "0a".repeat(32)).unwrap();
    let by_salt = format!("{} --salt-file salt", verify());
    let lines = [
        ANCHOR.into(),
        format!("{ANCHOR} --batch"),
        verify(),
        format!("verify --batch {} --leaf {}", id("06"), id("07")),
        disclose(),
        erase(),
    ];
    for line in &lines {
        let told = told(&run(&folder, line));
        assert!(
            told.contains("no node answers at ws://127.0.0.1:1"),
            "{told}"
        );
    }
    assert!(open().document(&kept).unwrap().is_some());
    assert!(!folder.path().join("out").exists());

    // Whoever brings the salt needs no store.
    let told = told(&run_with(&folder, None, &by_salt));
    assert!(told.contains("no node answers"), "{told}");
}

#[test]
fn a_copy_that_cannot_be_compared_is_told_before_anything_is_asked() {
    let folder = folder(&[("a.json", json!({"resourceType": "Donald"}))]);
    let odd = told(&run(&folder, &verify()));
    assert!(
        odd.contains("a.json: resourceType: is no resource type"),
        "{odd}"
    );
    let missing = verify().replace("a.json", "b.json");
    let missing = told(&run(&folder, &missing));
    assert!(
        missing.contains("b.json: (file): cannot be read"),
        "{missing}"
    );

    write(folder.path(), "a.json", &observation("Patient/1"));
    let line = format!("{} --salt-file salt", verify());
    let missing = told(&run(&folder, &line));
    assert!(missing.contains("salt: cannot be read"), "{missing}");
    fs::write(folder.path().join("salt"), "0a0a0a0a").unwrap();
    let salt = told(&run(&folder, &line));
    assert!(
        salt.contains("salt: a salt must be 64 hexadecimal digits"),
        "{salt}"
    );
    assert!(!salt.contains("0a0a"), "{salt}");
}

#[test]
fn a_disclosure_is_checked_before_anything_is_asked() {
    let folder = folder(&[]);
    let told_of = |from: &str, to: &str| told(&run(&folder, &disclose().replace(from, to)));
    let nobody = told_of("Patient/1", "Patient/2");
    assert!(
        nobody.contains("Patient/2: the directory lists no patient"),
        "{nobody}"
    );
    let nobody = told_of("Organization/1", "Organization/2");
    assert!(nobody.contains("lists no organisation"), "{nobody}");
    let nobody = told_of("--purpose", "--practitioner Practitioner/2 --purpose");
    assert!(nobody.contains("lists no practitioner"), "{nobody}");
    let twice = told_of("--output", &format!("{} --output", id("05")));
    assert!(twice.contains("a record is named twice"), "{twice}");

    fs::create_dir(folder.path().join("out")).unwrap();
    fs::write(folder.path().join("out/disclosure.json"), "mine").unwrap();
    let taken = told_of("--output", "--output");
    assert!(
        taken.contains("disclosure.json: is there already"),
        "{taken}"
    );
    let file = told_of("--output out", "--output directory.json");
    assert!(
        file.contains("directory.json: no folder can be made here"),
        "{file}"
    );
    let mine = fs::read_to_string(folder.path().join("out/disclosure.json")).unwrap();
    assert_eq!(mine, "mine");
}

#[test]
fn what_is_no_record_is_erased_in_the_store_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(STORE);
    let open = || Store::open(&path, StoreKey::from_hex(KEY).unwrap()).unwrap();
    let kept = open().keep(b"{}").unwrap();
    let line = format!("erase --commitment {kept:#x}");
    let stranger = format!("{line} --commitment {}", id("05"));
    let told_of_stranger = told(&run(&folder, &stranger));
    assert!(
        told_of_stranger.contains("never had a document"),
        "{told_of_stranger}"
    );
    assert!(open().document(&kept).unwrap().is_some());

    // Neither a directory nor a node is needed, and once more does no harm.
    for destroyed in [1, 0] {
        let output = run(&folder, &format!("{line} --json"));
        assert!(output.status.success(), "{output:?}");
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(answer["destroyed"], destroyed);
    }
    assert!(open().is_shredded(&kept).unwrap());
    let missing = format!("erase --batch {} --leaf {kept:#x}", id("06"));
    assert!(told(&run(&folder, &missing)).contains("has no list"));
}
