//! Codes: from the code systems FHIR uses to the chain's closed sets.

use super::{node::Node, Mapper, Refusal};
use axonic_primitives::{
    consent::{Action, Label, PurposeOfUse, ResourceType, Scope},
    Code, Codes,
};
use sp_core::H256;

pub(crate) const ACT_CODE: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
const ACT_REASON: &str = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
const CONFIDENTIALITY: &str = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
const CONSENT_ACTION: &str = "http://terminology.hl7.org/CodeSystem/consentaction";
const CONSENT_CATEGORY: &str = "http://terminology.hl7.org/CodeSystem/consentcategorycodes";
const CONSENT_SCOPE: &str = "http://terminology.hl7.org/CodeSystem/consentscope";
const LOINC: &str = "http://loinc.org";
pub(crate) const PARTICIPATION: &str = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
const RESOURCE_TYPES: &str = "http://hl7.org/fhir/resource-types";

/// The scope a scope code (R4) or category code (R4 `consent-category` value set, R5) tells.
fn scope_of(system: &str, code: &str) -> Option<Scope> {
    match (system, code) {
        (CONSENT_SCOPE, code) => Scope::from_code(code),
        // Consent, privacy policy acknowledgement (document, organisation), release of information.
        (LOINC, "59284-0" | "57016-8" | "57017-6" | "64292-6") => Some(Scope::PatientPrivacy),
        (CONSENT_CATEGORY, "npp" | "emrgonly") => Some(Scope::PatientPrivacy),
        (CONSENT_CATEGORY, "research" | "rsdid" | "rsreid") => Some(Scope::Research),
        (CONSENT_CATEGORY, "acd" | "dnr" | "hcd" | "polst") => Some(Scope::AdvanceDirective),
        (ACT_CODE, "ICOL" | "IDSCL" | "IRDSCL" | "INFA" | "INFAO" | "INFASO" | "EMRGONLY") => {
            Some(Scope::PatientPrivacy)
        }
        (ACT_CODE, "RESEARCH" | "RSDID" | "RSREID") => Some(Scope::Research),
        _ => None,
    }
}

/// The labels a label in a consent stands for.
///
/// FHIR R4 and R5, `Consent.provision.securityLabel`: a confidentiality is a high-water mark, so
/// "R" applies to what is labelled "R" or lower; for other labels subsumption applies, which is the
/// hierarchy of v3-ActCode.
fn subsumed(label: Label) -> Codes<Label> {
    match label {
        Label::SpeciallyProtected => Codes::from([
            label,
            Label::BehaviouralHealth,
            Label::MentalHealth,
            Label::Psychiatry,
            Label::PsychotherapyNote,
        ])
        .union(subsumed(Label::SubstanceUseDisorder)),
        Label::SubstanceUseDisorder => {
            Codes::from([label, Label::AlcoholUseDisorder, Label::OpioidUseDisorder])
        }
        _ if is_confidentiality(label) => {
            // Ordered from unrestricted to very restricted.
            Label::ALL
                .iter()
                .copied()
                .filter(|other| *other <= label)
                .collect()
        }
        _ => label.into(),
    }
}

pub(crate) fn is_confidentiality(label: Label) -> bool {
    label <= Label::VeryRestricted
}

/// The codes of a system, for a message.
fn known<C: Code>() -> String {
    C::ALL
        .iter()
        .map(|code| code.code())
        .collect::<Vec<_>>()
        .join(", ")
}

/// The codes of a set, for a note.
pub(crate) fn listed<C: Code>(codes: Codes<C>) -> String {
    codes.iter().map(Code::code).collect::<Vec<_>>().join(", ")
}

/// The label that a security label is.
pub(crate) fn label(coding: &Node<'_>) -> Result<Label, Refusal> {
    let code = code_in(coding, &[CONFIDENTIALITY, ACT_CODE])?;
    let label = closed::<Label>(coding, code)?;
    let system = if is_confidentiality(label) {
        CONFIDENTIALITY
    } else {
        ACT_CODE
    };
    if coding.text("system") == Some(system) {
        Ok(label)
    } else {
        let reason = format!("is not of the system it names: its code is a code of {system}");
        Err(Refusal::new(coding.path(), reason))
    }
}

/// The code of a coding, if it is of one of `systems`.
fn code_in<'n>(coding: &Node<'n>, systems: &[&str]) -> Result<&'n str, Refusal> {
    match (coding.text("system"), coding.text("code")) {
        (Some(system), Some(code)) if systems.contains(&system) => Ok(code),
        _ => {
            let systems = systems.join(" or ");
            let reason = format!("must be a code of {systems}");
            Err(Refusal::new(coding.path(), reason))
        }
    }
}

/// The code of the chain's set that is published as `code`.
fn closed<C: Code>(node: &Node<'_>, code: &str) -> Result<C, Refusal> {
    C::from_code(code).ok_or_else(|| {
        let (system, known) = (C::SYSTEM, known::<C>());
        let reason = format!("has an unknown code: it is not among the chain's {system}: {known}");
        Refusal::new(node.path(), reason)
    })
}

impl Mapper<'_> {
    /// The one coding of a concept that is of `system`. The others translate it.
    pub(crate) fn coding_of<'n>(&mut self, concept: &Node<'n>, system: &str) -> Option<&'n str> {
        let mut kept = None;
        for coding in concept.many("coding") {
            if coding.text("system") != Some(system) {
                self.findings
                    .administrative(coding.path(), "Translates the code that is kept.");
            } else if kept.is_none() {
                kept = coding.text("code");
            } else {
                let reason = "has two codings of one system, and they cannot both be meant";
                self.findings.refuse(concept.path(), reason);
                return None;
            }
        }
        if kept.is_none() {
            let reason = format!("has no code of {system}, the only system understood here");
            self.findings.refuse(concept.path(), reason);
        }
        kept
    }

    /// The scope that a scope or category tells.
    pub(crate) fn scope(&mut self, concept: &Node<'_>) -> Option<Scope> {
        let mut told = None;
        for coding in concept.many("coding") {
            let (system, code) = (coding.text("system"), coding.text("code"));
            let scope = system
                .zip(code)
                .and_then(|(system, code)| scope_of(system, code));
            match (told, scope) {
                (_, None) => {}
                (None, Some(_)) => told = scope,
                (Some(one), Some(other)) if one == other => {}
                (Some(one), Some(other)) => {
                    let (one, other) = (one.code(), other.code());
                    let reason = format!("tells two scopes, `{one}` and `{other}`");
                    self.findings.refuse(concept.path(), reason);
                    return None;
                }
            }
        }
        match told {
            Some(scope) => {
                self.findings
                    .mapped(concept.path(), format!("scope {}", scope.code()));
            }
            None => {
                let reason = format!(
                    "tells no scope the chain knows ({}), by consentscope, consentcategorycodes, \
                     v3-ActCode or LOINC",
                    known::<Scope>()
                );
                self.findings.refuse(concept.path(), reason);
            }
        }
        told
    }

    pub(crate) fn action(&mut self, concept: &Node<'_>) -> Option<Action> {
        let code = self.coding_of(concept, CONSENT_ACTION)?;
        let action = self.code::<Action>(concept, code)?;
        self.findings
            .mapped(concept.path(), format!("action {code}"));
        Some(action)
    }

    pub(crate) fn purpose(&mut self, coding: &Node<'_>) -> Option<PurposeOfUse> {
        let code = self.code_in(coding, &[ACT_REASON])?;
        let purpose = self.code::<PurposeOfUse>(coding, code)?;
        self.findings
            .mapped(coding.path(), format!("purpose {code}"));
        Some(purpose)
    }

    /// The labels a security label stands for.
    pub(crate) fn labels(&mut self, coding: &Node<'_>) -> Option<Codes<Label>> {
        let labels = self.findings.found(label(coding)).map(subsumed)?;
        self.findings
            .mapped(coding.path(), format!("labels {}", listed(labels)));
        Some(labels)
    }

    pub(crate) fn class(&mut self, coding: &Node<'_>) -> Option<ResourceType> {
        let code = self.code_in(coding, &[RESOURCE_TYPES])?;
        let class = ResourceType::from_code(code);
        match class {
            Some(_) => self.findings.mapped(coding.path(), format!("class {code}")),
            None => {
                let reason = "has an unknown code, which is no resource type of R4 or R5";
                self.findings.refuse(coding.path(), reason);
            }
        }
        class
    }

    /// A commitment for each coding of a code of the data: they translate one another, and data may
    /// carry any of them.
    pub(crate) fn commitments(&mut self, concept: &Node<'_>) -> Vec<H256> {
        let codings = concept.many("coding");
        if codings.is_empty() {
            let reason = "has no coding, and text cannot be compared";
            self.findings.refuse(concept.path(), reason);
        }
        let mut commitments = Vec::new();
        for coding in codings {
            match coding.text("system").zip(coding.text("code")) {
                Some((system, code)) => {
                    let commitment = self.directory.code_id(system, code);
                    self.findings
                        .mapped(coding.path(), format!("code {commitment:#x}"));
                    commitments.push(commitment);
                }
                None => {
                    let reason = "needs a system and a code, or nobody could ask about it";
                    self.findings.refuse(coding.path(), reason);
                }
            }
        }
        commitments
    }

    /// The code of a coding, if it is of one of `systems`.
    fn code_in<'n>(&mut self, coding: &Node<'n>, systems: &[&str]) -> Option<&'n str> {
        self.findings.found(code_in(coding, systems))
    }

    /// The code of the chain's set that is published as `code`.
    fn code<C: Code>(&mut self, node: &Node<'_>, code: &str) -> Option<C> {
        self.findings.found(closed(node, code))
    }
}
