use super::*;
use serde_json::{json, Value};
use sp_core::H256;
use std::path::Path;

const CREDENTIAL: CredentialId = CredentialId(H256::repeat_byte(5));

fn directory() -> Directory {
    let directory = json!({
        "salt": H256::repeat_byte(9),
        "credentials": {"Basic/licence": CREDENTIAL},
    });
    let bytes = directory.to_string();
    Directory::parse(Path::new("directory.json"), bytes.as_bytes()).unwrap()
}

fn result() -> Value {
    json!({
        "resourceType": "VerificationResult",
        "status": "validated",
        "target": [{"reference": "Basic/licence", "display": "Donald's licence"}],
        "statusDate": "2016",
        "primarySource": [{"who": {"display": "Donald's board"}, "validationDate": "2016-01"}],
        "validator": [{"organization": {"reference": "Organization/1"}}],
    })
}

fn try_read(result: &Value) -> Result<SourceCheck, Vec<Refusal>> {
    let resource = Resource::parse(result.to_string().as_bytes()).map_err(|told| vec![told])?;
    read(&resource, None, &directory())
}

fn with(name: &str, value: Value) -> Value {
    let mut result = result();
    result[name] = value;
    result
}

fn without(name: &str) -> Value {
    let mut result = result();
    result.as_object_mut().unwrap().remove(name);
    result
}

/// Asserts that a result is refused there and nowhere else, for a reason that says `what`.
#[track_caller]
fn assert_refused(result: &Value, path: &str, what: &str) {
    let refusals = try_read(result).err().expect("to be refused");
    let [refusal] = &refusals[..] else {
        panic!("more than one refusal: {refusals:?}")
    };
    assert_eq!(refusal.path, path, "{refusal}");
    assert!(refusal.reason.contains(what), "{refusal}");
}

#[test]
fn a_status_is_an_outcome() {
    for (status, expected) in [
        ("attested", PrimarySource::Attested),
        ("validated", PrimarySource::Validated),
        ("in-process", PrimarySource::InProcess),
        ("req-revalid", PrimarySource::InProcess),
        ("val-fail", PrimarySource::Failed),
        ("reval-fail", PrimarySource::Failed),
    ] {
        let given = with("status", json!(status));
        let check = try_read(&given).unwrap_or_else(|told| panic!("{told:?}"));
        assert_eq!((check.outcome, check.credential), (expected, CREDENTIAL));
        let resource = Resource::parse(given.to_string().as_bytes()).unwrap();
        assert_eq!(check.canonical, resource.canonical().unwrap());
    }
}

#[test]
fn another_status_is_refused() {
    let path = "VerificationResult.status";
    assert_refused(&with("status", json!("entered-in-error")), path, "stays");
    assert_refused(&with("status", json!("fine")), path, "is an unknown code");
    assert_refused(&with("status", json!(1)), path, "must be a text");
    assert_refused(&without("status"), path, "is missing");
    let qualified = with("_status", json!({"extension": [{"url": "urn:x"}]}));
    assert_refused(&qualified, "VerificationResult._status", "plain value");
}

#[test]
fn the_target_is_one_credential_of_the_directory() {
    let path = "VerificationResult.target";
    let licence = json!({"reference": "Basic/licence"});
    assert_refused(&without("target"), path, "is missing");
    assert_refused(&with("target", json!([])), path, "must be a list");
    assert_refused(&with("target", licence.clone()), path, "must be a list");
    let two = with("target", json!([licence, licence]));
    assert_refused(&two, path, "for each credential by itself");

    let first = "VerificationResult.target[0]";
    let refused = |target: Value, what: &str| {
        assert_refused(&with("target", json!([target])), first, what);
    };
    refused(
        json!({"reference": "Basic/other"}),
        "no credential that the directory lists",
    );
    refused(json!({"reference": "#licence"}), "inside the document");
    refused(
        json!({"reference": "Basic/licence/_history/1"}),
        "one version",
    );
    refused(
        json!({"identifier": {"value": "1"}}),
        "no literal reference",
    );
    refused(json!("Basic/licence"), "must be an object");
}

#[test]
fn what_may_limit_the_check_is_refused() {
    let part = with("targetLocation", json!(["Basic.code"]));
    let path = "VerificationResult.targetLocation[0]";
    assert_refused(&part, path, "refer to the credential itself");
    let extension = json!([{"url": "http://hl7.org/fhir/StructureDefinition/targetPath"}]);
    let mut inner = result();
    inner["target"][0]["extension"] = extension.clone();
    assert_refused(
        &inner,
        "VerificationResult.target[0].extension",
        "conditions",
    );
    let outer = with("extension", extension.clone());
    assert_refused(&outer, "VerificationResult.extension", "conditions");
    let modifier = with("modifierExtension", extension.clone());
    assert_refused(
        &modifier,
        "VerificationResult.modifierExtension",
        "changes the meaning",
    );
    let rules = with("implicitRules", json!("urn:x"));
    assert_refused(
        &rules,
        "VerificationResult.implicitRules",
        "agreed upon elsewhere",
    );

    // In what is left out it limits nothing.
    let mut left_out = result();
    left_out["validator"][0]["extension"] = extension.clone();
    left_out["target"][0]["_display"] = json!({"extension": extension});
    assert!(try_read(&left_out).is_ok());
}

#[test]
fn what_does_not_fit_is_refused() {
    let unknown = with("mood", json!("bad"));
    assert_refused(&unknown, "VerificationResult", "an unknown element");
    let nobody = with("validator", json!([{}]));
    let path = "VerificationResult.validator[0].organization";
    assert_refused(&nobody, path, "is missing");
    let soon = with("nextScheduled", json!("soon"));
    assert_refused(
        &soon,
        "VerificationResult.nextScheduled",
        "must be a FHIR date",
    );
    let other = json!({"resourceType": "Provenance"});
    assert_refused(
        &other,
        "Provenance.resourceType",
        "must be `VerificationResult`",
    );
}

#[test]
fn nothing_told_shows_what_a_result_says() {
    let check = try_read(&result()).unwrap_or_else(|told| panic!("{told:?}"));
    let mut told = serde_json::to_string(&check.notes).unwrap();
    let mut odd = with("status", json!("Donald Duck"));
    odd["target"][0]["reference"] = json!("Basic/Donald");
    odd["statusDate"] = json!("Donald");
    let refusals = try_read(&odd).err().expect("to be refused");
    assert_eq!(refusals.len(), 3);
    told += &serde_json::to_string(&refusals).unwrap();
    assert!(
        !told.contains("Donald") && !told.contains("licence"),
        "{told}"
    );

    for token in ["123-45-6789", "SICKLE", "Donald"] {
        let mut odd = with("status", json!(token));
        odd[token] = json!(1);
        odd["validator"][0][token] = json!({"modifierExtension": [{}]});
        odd["text"] = json!({token: {"modifierExtension": [{}]}});
        let refusals = try_read(&odd).err().expect("to be refused");
        let told = serde_json::to_string(&refusals).unwrap();
        assert!(refusals.len() >= 4 && !told.contains(token), "{told}");
    }
}
