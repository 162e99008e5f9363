//! A FHIR resource of any type.

use super::{
    elements,
    json::{canonical_json, read, FILE},
    node::Node,
    vocabulary, Refusal,
};
use axonic_primitives::{
    consent::{Label, ResourceType},
    Code, Codes,
};
use serde_json::Value;
use std::slice;

/// A FHIR resource as it was read: well-formed JSON of bounded size, no object of which says one of
/// its members twice, of a type that R4 or R5 has.
///
/// Its elements are not checked here. Has no `Debug`, so that what it says cannot end up in a log.
pub struct Resource {
    kind: ResourceType,
    value: Value,
    /// Where it stands: its type, or its place in a `Bundle`.
    path: String,
    /// How others refer to it: `Type/id`. `None` if it has no id, or one that FHIR does not allow.
    reference: Option<String>,
    /// The labels of the `Bundle` it stands in.
    around: Codes<Label>,
}

impl Resource {
    /// Reads a file's bytes.
    pub fn parse(bytes: &[u8]) -> Result<Self, Refusal> {
        let value = read(bytes)?;
        if !value.is_object() {
            return Err(Refusal::new(
                FILE,
                "must hold one JSON object, a FHIR resource",
            ));
        }
        let kind = kind_of("", &value)?;
        Ok(Self::of_kind(kind, value))
    }

    /// Takes a resource that is known to be of this type.
    pub(crate) fn of_kind(kind: ResourceType, value: Value) -> Self {
        Self::at(kind.code().into(), kind, value)
    }

    fn at(path: String, kind: ResourceType, value: Value) -> Self {
        let id = value.get("id").and_then(Value::as_str);
        let reference = id
            .filter(|id| is_id(id))
            .map(|id| format!("{}/{id}", kind.code()));
        Self {
            kind,
            value,
            path,
            reference,
            around: Codes::empty(),
        }
    }

    /// Refuses it unless it is of this type.
    pub(crate) fn expect(&self, kind: ResourceType) -> Result<(), Vec<Refusal>> {
        if self.kind == kind {
            return Ok(());
        }
        let path = format!("{}.resourceType", self.path);
        let reason = format!("must be `{}`", kind.code());
        Err(vec![Refusal::new(path, reason)])
    }

    /// Its type.
    pub fn kind(&self) -> ResourceType {
        self.kind
    }

    /// What it says.
    pub(crate) fn value(&self) -> &Value {
        &self.value
    }

    /// What it says, for good.
    pub(crate) fn into_value(self) -> Value {
        self.value
    }

    /// Its RFC 8785 canonical form, which commitments are made to.
    ///
    /// Fails on a member that is not named as FHIR names elements, and on a number that has more
    /// digits than an IEEE 754 double keeps, which is how RFC 8785 writes it.
    pub fn canonical(&self) -> Result<Vec<u8>, Refusal> {
        elements::check_names(&self.path, &self.value)?;
        self.written()
    }

    /// The canonical form, provided that all names are those of elements.
    pub(crate) fn written(&self) -> Result<Vec<u8>, Refusal> {
        canonical_json(&self.path, &self.value)
    }

    /// Its security labels, by `meta.security`: one confidentiality (HL7 v3 Confidentiality) at
    /// most, and any number of sensitivities (HL7 v3 ActCode). What stands in a `Bundle` has the
    /// bundle's labels too; of two confidentialities it has the stricter.
    ///
    /// A label of another system, or one that is not among the chain's, is refused: data that goes
    /// without one of its labels would be taken for less sensitive than it is. Labels are taken as
    /// they are; what else a label in a consent stands for is settled when the consent is mapped.
    pub fn labels(&self) -> Result<Codes<Label>, Refusal> {
        let labels = self.own_labels()?.union(self.around);
        let is_confidentiality = |label: &Label| vocabulary::is_confidentiality(*label);
        let strictest = labels.iter().filter(is_confidentiality).max();
        let kept = labels
            .iter()
            .filter(|label| !is_confidentiality(label) || Some(*label) == strictest);
        Ok(kept.collect())
    }

    /// The labels that it has itself, wherever it stands.
    fn own_labels(&self) -> Result<Codes<Label>, Refusal> {
        let mut labels = Codes::empty();
        let Some(meta) = self.value.get("meta") else {
            return Ok(labels);
        };
        let meta = Node::at(meta, format!("{}.meta", self.path));
        if !meta.is_object() {
            return Err(Refusal::new(meta.path(), "must be an object"));
        }
        let security = meta.many("security");
        if meta.has("security") && security.is_empty() {
            let reason = "must be a list of at least one";
            return Err(Refusal::new(meta.path_of("security"), reason));
        }
        for coding in security {
            let label = vocabulary::label(&coding)?;
            let others = labels.without(label.into());
            let confidentialities = Codes::<Label>::from(Label::CONFIDENTIALITY);
            if vocabulary::is_confidentiality(label) && others.intersects(confidentialities) {
                let reason = "is a second confidentiality, and a record has one";
                return Err(Refusal::new(coding.path(), reason));
            }
            labels = labels.union(label.into());
        }
        Ok(labels)
    }

    /// The reference to the patient it is about, or its own if it is a `Patient`.
    ///
    /// `None` if it names nobody, somebody without a literal reference, or several.
    pub fn subject(&self) -> Option<&str> {
        if self.kind == ResourceType::Patient {
            return self.reference.as_deref();
        }
        let mut told: Option<&str> = None;
        for name in subject_elements(self.kind) {
            let Some(value) = self.value.get(name) else {
                continue;
            };
            let items = value
                .as_array()
                .map_or(slice::from_ref(value), Vec::as_slice);
            for item in items {
                let reference = item.get("reference")?.as_str()?;
                if told.is_some_and(|other| other != reference) {
                    return None;
                }
                told = Some(reference);
            }
        }
        told
    }

    /// The resources in it, if it is a `Bundle`; otherwise there are none.
    ///
    /// An entry without a resource is refused: there is nothing of it to keep. So is a label of the
    /// bundle that none of them could be given.
    pub fn entries(&self) -> Result<Vec<Self>, Refusal> {
        if self.kind != ResourceType::Bundle {
            return Ok(Vec::new());
        }
        let around = self.labels()?;
        let bundle = Node::at(&self.value, self.path.clone());
        let entries = bundle.many("entry");
        if bundle.has("entry") && entries.is_empty() {
            let reason = "must be a list of at least one";
            return Err(Refusal::new(bundle.path_of("entry"), reason));
        }
        entries
            .iter()
            .map(|entry| {
                let path = entry.path_of("resource");
                let Some(resource) = entry.one("resource").filter(Node::is_object) else {
                    let reason = "is missing, and an entry without one is nothing to keep";
                    return Err(Refusal::new(path, reason));
                };
                let value = resource.value();
                let kind = kind_of(&format!("{path}."), value)?;
                Ok(Self {
                    around,
                    ..Self::at(path, kind, value.clone())
                })
            })
            .collect()
    }
}

/// The type of a resource, which is told before the dot of `prefix` if it stands anywhere else than
/// at the top.
fn kind_of(prefix: &str, value: &Value) -> Result<ResourceType, Refusal> {
    let refused = |reason: &str| Refusal::new(format!("{prefix}resourceType"), reason);
    let Some(kind) = value.get("resourceType") else {
        return Err(refused("is missing, so this is no FHIR resource"));
    };
    let kind = kind.as_str().and_then(ResourceType::from_code);
    kind.ok_or_else(|| refused("is no resource type of R4 or R5"))
}

/// The elements by which a resource refers to its patient (FHIR R4 and R5, patient compartment).
fn subject_elements(kind: ResourceType) -> &'static [&'static str] {
    match kind {
        ResourceType::Coverage => &["beneficiary"],
        ResourceType::EnrollmentRequest => &["candidate"],
        ResourceType::ResearchSubject => &["individual", "subject"],
        ResourceType::SupplyRequest => &["deliverFor"],
        ResourceType::Task | ResourceType::Transport => &["for"],
        _ => &["subject", "patient"],
    }
}

/// Whether FHIR allows this as an id.
fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::MAX_BYTES;
    use serde_json::json;

    fn resource(value: Value) -> Resource {
        Resource::parse(value.to_string().as_bytes()).unwrap_or_else(|told| panic!("{told}"))
    }

    fn refused(value: &Value) -> String {
        let resource = Resource::parse(value.to_string().as_bytes());
        resource.err().expect("to be refused").to_string()
    }

    #[test]
    fn what_is_no_resource_is_refused() {
        assert!(refused(&json!(["Patient"])).starts_with("(file): must hold one JSON object"));
        assert!(refused(&json!({})).starts_with("resourceType: is missing"));
        let unknown = refused(&json!({"resourceType": "Donald"}));
        assert_eq!(unknown, "resourceType: is no resource type of R4 or R5");
        assert_eq!(refused(&json!({"resourceType": 1})), unknown);
        let told = Resource::parse(br#"{"resourceType": "List", "a": 1, "a": 2}"#).err();
        let told = told.expect("to be refused").to_string();
        assert!(told.contains("says one of its members twice"), "{told}");
        let told = Resource::parse(&vec![b' '; MAX_BYTES + 1]).err();
        let told = told.expect("to be refused").to_string();
        assert!(told.starts_with("(file): is larger than"), "{told}");
    }

    #[test]
    fn a_resource_of_either_version_is_read_with_its_type_and_id() {
        let media = resource(json!({"resourceType": "Media", "id": "1.a-B"}));
        assert_eq!(media.kind(), ResourceType::Media);
        assert_eq!(media.reference.as_deref(), Some("Media/1.a-B"));
        let transport = resource(json!({"resourceType": "Transport"}));
        assert_eq!(transport.kind(), ResourceType::Transport);
        assert_eq!(transport.reference, None);
        for id in ["", "a b", "a/b", "x".repeat(65).as_str()] {
            let odd = resource(json!({"resourceType": "Media", "id": id}));
            assert_eq!(odd.reference, None, "{id}");
        }
    }

    #[test]
    fn the_canonical_form_needs_names_of_elements() {
        let given = json!({"resourceType": "List", "b": [{"_d": 1.0, "c": 2}], "a": "x"});
        let expected = r#"{"a":"x","b":[{"_d":1,"c":2}],"resourceType":"List"}"#;
        assert_eq!(
            resource(given).canonical(),
            Ok(expected.as_bytes().to_vec())
        );

        let odd = json!({"resourceType": "List", "entry": [{}, {"Do nald": 1}]});
        let told = resource(odd).canonical().unwrap_err();
        assert_eq!(told.path, "List.(?)[1].(?)");
        let bundle = json!({"resourceType": "Bundle", "entry": [
            {"resource": {"resourceType": "List", "é": 1}},
        ]});
        let list = resource(bundle).entries().unwrap().remove(0);
        let told = list.canonical().unwrap_err();
        assert_eq!(told.path, "Bundle.entry[0].resource.(?)");
    }

    const CONFIDENTIALITY: &str = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
    const ACT_CODE: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

    fn labelled(security: Value) -> Result<Codes<Label>, Refusal> {
        resource(json!({"resourceType": "Observation", "meta": {"security": security}})).labels()
    }

    #[test]
    fn labels_are_taken_as_they_are() {
        let restricted = json!({"system": CONFIDENTIALITY, "code": "R"});
        let given = json!([
            restricted,
            {"system": ACT_CODE, "code": "PSY", "display": "psychiatry"},
            {"system": ACT_CODE, "code": "SUD"},
            restricted,
        ]);
        let expected = Codes::from([
            Label::Restricted,
            Label::Psychiatry,
            Label::SubstanceUseDisorder,
        ]);
        assert_eq!(labelled(given), Ok(expected));
        for bare in [
            json!({"resourceType": "List"}),
            json!({"resourceType": "List", "meta": {"tag": [{"code": "HTEST"}]}}),
        ] {
            assert_eq!(resource(bare).labels(), Ok(Codes::empty()));
        }
    }

    #[test]
    fn a_label_that_the_chain_would_not_keep_is_refused_where_it_is() {
        let refused = |security: Value, path: &str, what: &str| {
            let told = labelled(security).unwrap_err();
            assert_eq!(told.path, format!("Observation.meta.{path}"), "{told}");
            assert!(told.reason.contains(what), "{told}");
        };
        let normal = json!({"system": CONFIDENTIALITY, "code": "N"});
        let local = json!({"system": "http://local", "code": "N"});
        refused(json!([normal, local]), "security[1]", "must be a code of");
        refused(json!([{"code": "N"}]), "security[0]", "must be a code of");
        refused(json!(["N"]), "security[0]", "must be a code of");
        let obligation = json!({"system": ACT_CODE, "code": "DELAU"});
        refused(
            json!([obligation]),
            "security[0]",
            "is not among the chain's",
        );
        let swapped = json!({"system": ACT_CODE, "code": "R"});
        refused(json!([swapped]), "security[0]", "is a code of");
        let swapped = json!({"system": CONFIDENTIALITY, "code": "SICKLE"});
        let told = labelled(json!([swapped])).unwrap_err();
        assert!(!told.reason.contains("SICKLE"), "{told}");
        let second = json!({"system": CONFIDENTIALITY, "code": "V"});
        refused(json!([normal, second]), "security[1]", "a record has one");
        refused(json!([]), "security", "must be a list");
        refused(normal, "security", "must be a list");

        let odd = resource(json!({"resourceType": "List", "meta": []}));
        assert_eq!(
            odd.labels().unwrap_err().to_string(),
            "List.meta: must be an object"
        );
    }

    #[test]
    fn the_subject_is_found_by_the_element_that_its_type_has() {
        let patient = json!({"reference": "Patient/1"});
        for (kind, name) in [
            ("Observation", "subject"),
            ("AllergyIntolerance", "patient"),
            ("Coverage", "beneficiary"),
            ("EnrollmentRequest", "candidate"),
            ("ResearchSubject", "individual"),
            ("ResearchSubject", "subject"),
            ("SupplyRequest", "deliverFor"),
            ("Task", "for"),
            ("Transport", "for"),
        ] {
            let given = resource(json!({"resourceType": kind, name: patient}));
            assert_eq!(given.subject(), Some("Patient/1"), "{kind}");
        }
        let composition = json!({"resourceType": "Composition", "subject": [patient, patient]});
        assert_eq!(resource(composition).subject(), Some("Patient/1"));
        let own = resource(json!({"resourceType": "Patient", "id": "7"}));
        assert_eq!(own.subject(), Some("Patient/7"));
    }

    #[test]
    fn a_subject_that_is_not_one_is_none() {
        let one = json!({"reference": "Patient/1"});
        let other = json!({"reference": "Patient/2"});
        for given in [
            json!({"resourceType": "Observation"}),
            json!({"resourceType": "Patient"}),
            json!({"resourceType": "Task", "subject": one}),
            json!({"resourceType": "Observation", "subject": {"display": "Donald"}}),
            json!({"resourceType": "Observation", "subject": []}),
            json!({"resourceType": "Composition", "subject": [one, other]}),
            json!({"resourceType": "Claim", "patient": one, "subject": other}),
            json!({"resourceType": "Composition", "subject": [one, {"display": "Donald"}]}),
        ] {
            let kind = given["resourceType"].clone();
            assert_eq!(resource(given).subject(), None, "{kind}");
        }
    }

    #[test]
    fn the_labels_of_a_bundle_are_those_of_all_that_is_in_it() {
        let coding = |system: &str, code: &str| json!({"system": system, "code": code});
        let labels = |around: Value, own: Value| {
            let bundle = json!({
                "resourceType": "Bundle",
                "meta": {"security": around},
                "entry": [{"resource": {
                    "resourceType": "Observation",
                    "meta": {"security": own},
                }}],
            });
            let entries = resource(bundle).entries()?;
            entries[0].labels()
        };
        let normal = coding(CONFIDENTIALITY, "N");
        let restricted = coding(CONFIDENTIALITY, "R");
        let psychiatry = coding(ACT_CODE, "PSY");
        let united = labels(
            json!([restricted, psychiatry]),
            json!([normal, coding(ACT_CODE, "SUD")]),
        );
        let expected = Codes::from([
            Label::Restricted,
            Label::Psychiatry,
            Label::SubstanceUseDisorder,
        ]);
        assert_eq!(united, Ok(expected));
        let stricter = labels(json!([normal]), json!([restricted]));
        assert_eq!(stricter, Ok(Codes::from(Label::Restricted)));

        let unknown = json!([psychiatry, coding("http://local", "VIP")]);
        let told = labels(unknown, json!([normal])).unwrap_err();
        assert_eq!(told.path, "Bundle.meta.security[1]");
        let told = labels(json!([]), json!([normal])).unwrap_err();
        assert_eq!(told.path, "Bundle.meta.security");
    }

    #[test]
    fn the_entries_of_a_bundle_are_resources_with_paths() {
        let observation = json!({
            "resourceType": "Observation",
            "id": "1",
            "meta": {"security": [{"code": "N"}]},
        });
        let bundle = json!({"resourceType": "Bundle", "entry": [
            {"resource": {"resourceType": "Patient", "id": "7"}},
            {"fullUrl": "urn:uuid:0", "resource": observation},
        ]});
        let entries = resource(bundle).entries().unwrap();
        let references: Vec<_> = entries.iter().map(|one| one.reference.clone()).collect();
        let expected = ["Patient/7", "Observation/1"].map(|one| Some(one.to_owned()));
        assert_eq!(references, expected);
        let path = "Bundle.entry[1].resource.meta.security[0]";
        assert_eq!(entries[1].labels().unwrap_err().path, path);

        let told = |entry: Value| {
            let bundle = json!({"resourceType": "Bundle", "entry": entry});
            resource(bundle)
                .entries()
                .err()
                .expect("to be refused")
                .path
        };
        assert_eq!(told(json!([])), "Bundle.entry");
        assert_eq!(told(json!({})), "Bundle.entry");
        assert_eq!(told(json!([{"request": {}}])), "Bundle.entry[0].resource");
        assert_eq!(told(json!([{"resource": []}])), "Bundle.entry[0].resource");
        let untyped = json!([{"resource": {}}]);
        assert_eq!(told(untyped), "Bundle.entry[0].resource.resourceType");
        let none = |given: Value| resource(given).entries().ok().map(|entries| entries.len());
        assert_eq!(none(json!({"resourceType": "Bundle"})), Some(0));
        assert_eq!(
            none(json!({"resourceType": "List", "entry": [{}]})),
            Some(0)
        );
    }
}
