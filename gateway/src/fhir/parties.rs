//! Who is who: the patient, whoever signs, recipients, custodians and authors.

use super::{node::Node, Mapper, Refusal, Signatory, Version};
use axonic_primitives::{consent::ResourceType, Code, OrgId, PatientId};
use pallet_consent::types::Grantee;

/// The resource type a literal reference names: `Practitioner` of `Practitioner/f204`, be it
/// relative or a URL. `None` for a URN.
fn resource_type(reference: &str) -> Option<ResourceType> {
    let (before, _) = reference.rsplit_once('/')?;
    let name = before.rsplit_once('/').map_or(before, |(_, name)| name);
    ResourceType::from_code(name)
}

/// The literal reference of a `Reference`, if it stands for one thing for good.
pub(crate) fn literal<'n>(node: &Node<'n>) -> Result<&'n str, Refusal> {
    let reason = match node.text("reference") {
        None | Some("") => "has no literal reference, and nothing else is looked up",
        Some(reference) if reference.starts_with('#') => {
            "refers to something inside the document, about which nobody else could ask"
        }
        Some(reference) if reference.contains("/_history/") => {
            "refers to one version of a record, which the chain does not tell apart"
        }
        Some(reference) => return Ok(reference),
    };
    Err(Refusal::new(node.path(), reason))
}

/// The statuses of a consent other than `active`, in R4 or R5 (code system consent-state-codes).
const NOT_IN_FORCE: [&str; 7] = [
    "draft",
    "proposed",
    "rejected",
    "inactive",
    "not-done",
    "entered-in-error",
    "unknown",
];

impl Mapper<'_> {
    /// Refuses all but consents in force.
    pub(crate) fn status(&mut self, consent: &Node<'_>) {
        let path = consent.path_of("status");
        match consent.text("status") {
            Some("active") => self.findings.mapped(path, "granted: it is in force"),
            Some(other) => {
                let told = NOT_IN_FORCE
                    .iter()
                    .find(|status| **status == other)
                    .map_or("an unknown code".into(), |status| format!("`{status}`"));
                let reason = format!("is {told}; only an `active` consent is granted");
                self.findings.refuse(path, reason);
            }
            None => self
                .findings
                .refuse(path, "is missing; only an `active` consent is granted"),
        }
    }

    /// The patient the consent is about.
    pub(crate) fn patient(&mut self, consent: &Node<'_>, version: Version) -> Option<PatientId> {
        let name = version.pick("patient", "subject");
        let Some(node) = consent.one(name) else {
            let reason = "is missing; the chain keeps a consent under a patient";
            self.findings.refuse(consent.path_of(name), reason);
            return None;
        };
        let reference = self.reference(&node)?;
        let patient = self.directory.patient(reference);
        match patient {
            Some(id) => self.findings.mapped(node.path(), format!("patient {id}")),
            None => {
                let reason = "is no patient whom the directory lists by this reference";
                self.findings.refuse(node.path(), reason);
            }
        }
        patient
    }

    /// Who has to sign. Where the patient is among those who agreed, the patient does.
    pub(crate) fn signatory(
        &mut self,
        consent: &Node<'_>,
        version: Version,
        patient: PatientId,
    ) -> Option<Signatory> {
        let grantors = consent.many(version.pick("performer", "grantor"));
        if grantors.is_empty() {
            return Some(Signatory::Patient(patient));
        }
        let mut signatory = None;
        for node in grantors {
            let Some(reference) = self.reference(&node) else {
                continue;
            };
            if self.directory.patient(reference) == Some(patient) {
                self.findings.mapped(node.path(), "signed by the patient");
                signatory = Some(Signatory::Patient(patient));
            } else if self.directory.represented_by(reference) == Some(patient) {
                self.findings
                    .mapped(node.path(), "signed by a representative");
                signatory.get_or_insert_with(|| Signatory::Representative(reference.into()));
            } else {
                let reason = "is neither the patient nor a representative whom the directory \
                              lists for this patient, and nobody else can grant a consent";
                self.findings.refuse(node.path(), reason);
            }
        }
        signatory
    }

    /// Somebody the data would reach.
    pub(crate) fn recipient(&mut self, node: &Node<'_>) -> Option<Grantee> {
        let reference = self.reference(node)?;
        if let Some(kind) = resource_type(reference) {
            if !matches!(
                kind,
                ResourceType::Organization | ResourceType::Practitioner
            ) {
                let kind = kind.code();
                let reason = format!(
                    "a recipient must be an organisation or a practitioner, not a `{kind}`"
                );
                self.findings.refuse(node.path(), reason);
                return None;
            }
        }
        if let Some(org) = self.directory.organisation(reference) {
            self.findings
                .mapped(node.path(), format!("recipient: organisation {}", org.0));
            return Some(Grantee::Organisation(org));
        }
        if let Some(account) = self.directory.practitioner(reference) {
            self.findings
                .mapped(node.path(), format!("recipient: practitioner {account}"));
            return Some(Grantee::Practitioner(account));
        }
        let reason = "is neither an organisation nor a practitioner whom the directory lists";
        self.findings.refuse(node.path(), reason);
        None
    }

    /// The organisation that keeps the data.
    pub(crate) fn custodian(&mut self, node: &Node<'_>) -> Option<OrgId> {
        let reference = self.reference(node)?;
        let org = self.directory.organisation(reference);
        match org {
            Some(org) => {
                self.findings
                    .mapped(node.path(), format!("data held by organisation {}", org.0));
            }
            None => {
                let reason = "a custodian must be an organisation that the directory lists";
                self.findings.refuse(node.path(), reason);
            }
        }
        org
    }

    /// A literal reference that stands for one thing for good.
    pub(crate) fn reference<'n>(&mut self, node: &Node<'n>) -> Option<&'n str> {
        self.findings.found(literal(node))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_type_is_read_off_relative_and_absolute_references() {
        assert_eq!(
            resource_type("Practitioner/f204"),
            Some(ResourceType::Practitioner)
        );
        assert_eq!(
            resource_type("https://ehr.example/fhir/Group/7"),
            Some(ResourceType::Group)
        );
        assert_eq!(
            resource_type("urn:uuid:8d1c1c61-3a5b-4ad0-8bb5-9d1a4a3c3c10"),
            None
        );
        assert_eq!(resource_type("somebody"), None);
    }
}
