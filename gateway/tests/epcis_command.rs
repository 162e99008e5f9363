//! `axonic-gateway epcis` and `epcis-export`, as far as they go without a node.

use serde_json::{json, Value};
use std::{
    fs,
    process::{Command, Output},
};
use tempfile::TempDir;

const JSON: &str = include_str!("epcis/from-maker-to-wholesaler.json");
const XML: &str = include_str!("epcis/from-maker-to-wholesaler.xml");

/// A folder with a directory and both forms of a document.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let directory = json!({
        "salt": format!("0x{}", "09".repeat(32)),
        "staff": {"Practitioner/packer": "//Packer"},
    });
    for (name, content) in [
        ("directory.json", directory.to_string().as_str()),
        ("day.json", JSON),
        ("day.xml", XML),
        ("odd.json", &JSON.replacen("\"ADD\"", "\"CREATE\"", 1)),
        ("packs.txt", "A1\nA2\n"),
        ("odd.txt", "A1\nA1\n"),
    ] {
        fs::write(folder.path().join(name), content).unwrap();
    }
    folder
}

fn run(folder: &TempDir, line: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_axonic-gateway"))
        .current_dir(folder.path())
        .args(line.split(' '))
        // A port where nothing listens.
        .args(["--node", "ws://127.0.0.1:1"])
        .output()
        .unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn answer(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", told(output)))
}

#[test]
fn hashes_are_shown_without_a_directory_and_without_a_node() {
    let folder = folder();
    fs::remove_file(folder.path().join("directory.json")).unwrap();
    let [json, xml] = ["day.json", "day.xml"].map(|file| {
        let output = run(&folder, &format!("epcis {file} --hashes --json"));
        assert!(output.status.success(), "{}", told(&output));
        answer(&output)
    });
    assert_eq!(json.as_array().unwrap().len(), 6);
    assert_eq!(json, xml);
    let id = json[0]["eventID"].as_str().unwrap();
    assert!(
        id.starts_with("ni:///sha-256;") && id.ends_with("?ver=CBV2.0"),
        "{id}"
    );
}

#[test]
fn an_invalid_document_is_refused_before_a_node_is_asked() {
    let folder = folder();
    let output = run(&folder, "epcis odd.json --sign-as Practitioner/packer");
    assert_eq!(output.status.code(), Some(1));
    let said = told(&output);
    assert!(
        said.starts_with("odd.json: refused, nothing was sent"),
        "{said}"
    );
    let rule =
        "epcisBody/eventList/0/action: one of ADD, OBSERVE, DELETE (EPCIS 2.0 section 7.3.2)";
    assert!(said.contains(rule), "{said}");
    assert!(!said.contains("no node answers"), "{said}");
    let output = run(
        &folder,
        "epcis odd.json --sign-as Practitioner/packer --json",
    );
    let refusal = &answer(&output)["refusals"][0];
    assert_eq!(refusal["path"], "epcisBody/eventList/0/action");
}

#[test]
fn a_valid_document_is_mapped_by_what_the_chain_says() {
    let folder = folder();
    let output = run(
        &folder,
        "epcis day.xml --sign-as Practitioner/packer --dry-run",
    );
    assert_eq!(output.status.code(), Some(1));
    assert!(
        told(&output).contains("no node answers"),
        "{}",
        told(&output)
    );
    let output = run(&folder, "epcis day.xml --sign-as Practitioner/nobody");
    assert!(told(&output).contains("no key"), "{}", told(&output));
    let output = run(&folder, "epcis missing.json --sign-as Practitioner/packer");
    assert!(
        told(&output).contains("cannot be read"),
        "{}",
        told(&output)
    );
}

#[test]
fn serials_are_read_before_a_node_is_asked() {
    let folder = folder();
    let with = |serials: &str| {
        let line = format!("epcis day.json --sign-as Practitioner/packer --serials {serials}");
        told(&run(&folder, &line))
    };
    assert!(with("09506000134352/L=packs.txt").contains("no node answers"));
    assert!(with("09506000134352/L=odd.txt").contains("odd.txt: line 2"));
    assert!(with("09506000134352/L=none.txt").contains("none.txt: cannot be read"));
    let twice = "09506000134352/L=packs.txt --serials 09506000134352/L=packs.txt";
    assert!(with(twice).contains("is given twice"));
    let export = |serial: &str| {
        let line = format!("epcis-export 9506000134352 {serial} --lot L --serials packs.txt");
        told(&run(&folder, &line))
    };
    assert!(export("A2").contains("no node answers"));
    assert!(export("A3").contains("the serial is not in this file"));
}
