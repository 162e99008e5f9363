//! Which documents can be anchored, and how each of them is told of.

use crate::{
    cli::read,
    directory::Directory,
    fhir::{period, Refusal, Resource},
};
use axonic_primitives::{
    consent::{Label, ResourceType},
    Code, Codes, Moment, PatientId, RecordId,
};
use pallet_health_records::{rules::is_about_a_patient, types::RecordDraft};
use serde::Serialize;
use serde_json::Value;
use sp_core::H256;
use std::path::Path;
use zeroize::Zeroizing;

/// A document that was refused.
#[derive(Serialize)]
pub(super) struct Refused {
    pub file: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    pub refusals: Vec<Refusal>,
}

/// A document that can be anchored.
#[derive(Serialize)]
pub(super) struct Document {
    pub file: String,
    /// Where in the file, if it is in a `Bundle`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    pub status: Status,
    pub patient: PatientId,
    pub class: ResourceType,
    pub labels: Codes<Label>,
    #[serde(skip_serializing_if = "H256::is_zero")]
    pub commitment: H256,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<RecordId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leaf: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    #[serde(skip)]
    pub canonical: Zeroizing<Vec<u8>>,
    /// When this version of the resource came about, by `meta.lastUpdated`.
    #[serde(skip)]
    pub came_about: Option<Moment>,
}

/// How far a document came.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Status {
    /// It can be anchored, and was not sent.
    Checked,
    /// It is on the chain, finalised.
    Anchored,
    /// It was not anchored, and is not in the store, unless that failed.
    Failed,
    /// It was sent, and nobody knows. It is in the store.
    Unknown,
}

impl Document {
    pub fn draft(&self, retain_until: Option<Moment>) -> RecordDraft {
        RecordDraft {
            class: self.class,
            labels: self.labels,
            commitment: self.commitment,
            retain_until,
        }
    }

    /// Where it is kept, once it is.
    pub fn kept_in_words(&self) -> String {
        let (name, commitment) = (name(&self.file, &self.place), self.commitment);
        let leaf = self.leaf.map(|leaf| format!(", leaf {leaf} of the batch"));
        let leaf = leaf.unwrap_or_default();
        format!("{name}: kept in the store under {commitment:#x}{leaf}")
    }

    pub fn in_words(&self) -> String {
        let commitment = self.commitment;
        let told = match (self.status, self.record, self.leaf) {
            (Status::Checked | Status::Failed, _, _) if !commitment.is_zero() => {
                format!("not anchored, and still kept under commitment {commitment:#x}")
            }
            (Status::Checked, _, _) => {
                "not anchored, because another document stands in the way".into()
            }
            (Status::Anchored, Some(record), _) => {
                format!("anchored as record {record}, commitment {commitment:#x}")
            }
            (Status::Anchored, None, leaf) => {
                let leaf = leaf.unwrap_or_default();
                format!("anchored as leaf {leaf}, commitment {commitment:#x}")
            }
            (Status::Failed, _, _) => "not anchored".into(),
            (Status::Unknown, _, _) => {
                format!("kept under commitment {commitment:#x}, because it may be anchored")
            }
        };
        let name = name(&self.file, &self.place);
        match &self.error {
            Some(error) => format!("{name}: {told}: {error}"),
            None => format!("{name}: {told}"),
        }
    }
}

/// What a message calls a document.
pub(super) fn name(file: &str, place: &Option<String>) -> String {
    match place {
        Some(place) => format!("{file}, {place}"),
        None => file.into(),
    }
}

/// Reads a file and sorts what is in it.
pub(super) fn check(
    file: &Path,
    directory: &Directory,
    documents: &mut Vec<Document>,
    refused: &mut Vec<Refused>,
) {
    let name = file.display().to_string();
    let mut take = |place: Option<String>, checked: Result<Document, Vec<Refusal>>| match checked {
        Ok(document) => documents.push(document),
        Err(refusals) => refused.push(Refused {
            file: name.clone(),
            place,
            refusals,
        }),
    };
    let resource = read(file).and_then(|bytes| Resource::parse(&Zeroizing::new(bytes)));
    let resource = match resource {
        Ok(resource) => resource,
        Err(refusal) => return take(None, Err(vec![refusal])),
    };
    if resource.kind() != ResourceType::Bundle {
        return take(None, document(&name, None, &resource, directory));
    }
    match resource.entries() {
        Ok(entries) if entries.is_empty() => {
            let reason = "is missing, so there is nothing to anchor";
            take(None, Err(vec![Refusal::new("Bundle.entry", reason)]));
        }
        Ok(entries) => {
            for (index, entry) in entries.iter().enumerate() {
                let place = Some(format!("Bundle.entry[{index}].resource"));
                take(place.clone(), document(&name, place, entry, directory));
            }
        }
        Err(refusal) => take(None, Err(vec![refusal])),
    }
}

/// What the chain is told of a resource, or all that stands in the way.
fn document(
    file: &str,
    place: Option<String>,
    resource: &Resource,
    directory: &Directory,
) -> Result<Document, Vec<Refusal>> {
    let class = resource.kind();
    let path = place.clone().unwrap_or_else(|| class.code().into());
    let mut refusals = Vec::new();
    if !is_about_a_patient(class) {
        let reason = format!(
            "`{}` is outside the patient compartment, so it is no record of a patient",
            class.code()
        );
        refusals.push(Refusal::new(format!("{path}.resourceType"), reason));
    }
    let patient = match resource.subject() {
        Some(reference) => directory
            .patient(reference)
            .ok_or("is about somebody who is not among the directory's patients"),
        None => Err("refers to no patient, or to several"),
    };
    let patient = patient.map_err(|reason| Refusal::new(path, reason));
    let patient = found(patient, &mut refusals);
    let labels = found(resource.labels(), &mut refusals);
    let canonical = found(resource.canonical(), &mut refusals);
    match (patient, labels, canonical) {
        (Some(patient), Some(labels), Some(canonical)) if refusals.is_empty() => Ok(Document {
            file: file.into(),
            place,
            status: Status::Checked,
            patient,
            class,
            labels,
            commitment: H256::zero(),
            record: None,
            leaf: None,
            error: None,
            canonical: Zeroizing::new(canonical),
            came_about: came_about(resource),
        }),
        _ => Err(refusals),
    }
}

fn found<T>(result: Result<T, Refusal>, refusals: &mut Vec<Refusal>) -> Option<T> {
    result.map_err(|refusal| refusals.push(refusal)).ok()
}

fn came_about(resource: &Resource) -> Option<Moment> {
    let updated = resource.value().pointer("/meta/lastUpdated");
    period::instant(updated.and_then(Value::as_str)?).ok()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use serde_json::json;

    fn directory() -> Directory {
        let directory = json!({
            "salt": H256::repeat_byte(9),
            "patients": {"Patient/1": {"id": H256::repeat_byte(1)}},
        });
        Directory::parse(Path::new("d"), directory.to_string().as_bytes()).unwrap()
    }

    pub fn checked(value: &Value) -> Result<Document, Vec<Refusal>> {
        let resource = Resource::parse(value.to_string().as_bytes());
        document("a.json", None, &resource.ok().unwrap(), &directory())
    }

    #[test]
    fn a_document_is_what_the_chain_is_told_of_a_resource() {
        let given = json!({
            "resourceType": "Observation",
            "meta": {
                "lastUpdated": "1970-01-01T00:00:01Z",
                "security": [{
                    "system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality",
                    "code": "R",
                }],
            },
            "subject": {"reference": "Patient/1"},
        });
        let document = checked(&given).ok().unwrap();
        assert_eq!(document.patient, PatientId(H256::repeat_byte(1)));
        assert_eq!(document.class, ResourceType::Observation);
        assert_eq!(document.labels, Codes::from(Label::Restricted));
        assert_eq!(document.came_about, Some(1000));
        assert!(document.canonical.starts_with(br#"{"meta":{"#));
    }

    #[test]
    fn what_is_kept_is_told_with_its_commitment_and_leaf() {
        let mut document = checked(&json!({"resourceType": "Patient", "id": "1"}))
            .ok()
            .unwrap();
        document.commitment = H256::repeat_byte(1);
        let commitment = format!("0x{}", "01".repeat(32));
        let told = format!("a.json: kept in the store under {commitment}");
        assert_eq!(document.kept_in_words(), told);
        document.leaf = Some(7);
        assert_eq!(
            document.kept_in_words(),
            format!("{told}, leaf 7 of the batch")
        );
        // What could not be discarded is not said to be gone.
        document.status = Status::Failed;
        assert!(document.in_words().contains("still kept under"));
        document.commitment = H256::zero();
        assert!(document.in_words().ends_with(": not anchored"));
    }

    #[test]
    fn all_that_stands_in_the_way_is_told_at_once_and_names_nobody() {
        let given = json!({
            "resourceType": "ValueSet",
            "meta": {"security": [{"system": "http://local", "code": "secret"}]},
            "subject": {"reference": "Patient/donald"},
        });
        let refusals = checked(&given).err().unwrap();
        let paths: Vec<_> = refusals.iter().map(|one| one.path.as_str()).collect();
        assert_eq!(
            paths,
            [
                "ValueSet.resourceType",
                "ValueSet",
                "ValueSet.meta.security[0]"
            ]
        );
        let told: Vec<_> = refusals.iter().map(ToString::to_string).collect();
        assert!(!told.join("\n").contains("donald"), "{told:?}");
    }
}
