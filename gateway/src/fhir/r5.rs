//! What is particular to R5: a decision, and provisions that are exceptions to what is above them.

use super::{
    node::Node,
    provisions::{
        names_recipient, narrows, word, Rule, Ruling, MAX_DEPTH, NARROWS_NOTHING, TOO_DEEP,
    },
    Mapper,
};
use axonic_primitives::{consent::Scope, Code, PatientId};
use pallet_consent::types::ProvisionType;

impl Mapper<'_> {
    /// The scope that the categories tell.
    pub(crate) fn r5_scope(&mut self, consent: &Node<'_>) -> Option<Scope> {
        let categories = consent.many("category");
        if categories.is_empty() {
            let reason = "is missing; in R5 it alone tells what kind of consent this is";
            self.findings.refuse(consent.path_of("category"), reason);
        }
        let mut told = None;
        for category in categories {
            match (told, self.scope(&category)) {
                (_, None) => {}
                (None, scope) => told = scope,
                (Some(one), Some(other)) if one == other => {}
                (Some(one), Some(other)) => {
                    let (one, other) = (one.code(), other.code());
                    let reason = format!("tells the scope `{other}`, and one before it `{one}`");
                    self.findings.refuse(category.path(), reason);
                }
            }
        }
        told
    }

    pub(crate) fn r5_ruling(&mut self, consent: &Node<'_>) -> Ruling {
        let path = consent.path_of("decision");
        let decision = match consent.text("decision") {
            Some("permit") => Some(ProvisionType::Permit),
            Some("deny") => Some(ProvisionType::Deny),
            Some(_) => {
                let reason = "is an unknown code, neither permit nor deny";
                self.findings.refuse(&path, reason);
                None
            }
            None => {
                let reason = "is missing; provisions are exceptions to it, so without it they say \
                              nothing";
                self.findings.refuse(&path, reason);
                None
            }
        };
        if let Some(decision) = decision {
            self.findings
                .mapped(path, format!("decision {}", word(decision)));
        }
        let rules = self.r5_rules(consent, 1);
        Ruling {
            decision: decision.unwrap_or(ProvisionType::Deny),
            rules,
        }
    }

    fn r5_rules(&mut self, above: &Node<'_>, depth: usize) -> Vec<Rule> {
        let mut rules = Vec::new();
        for node in above.many("provision") {
            if depth > MAX_DEPTH {
                self.findings.refuse(node.path(), TOO_DEEP);
                continue;
            }
            if !narrows(&node) {
                self.findings.refuse(node.path(), NARROWS_NOTHING);
            }
            rules.push(Rule {
                path: node.path().into(),
                provision: self.attributes(&node),
                exceptions: self.r5_rules(&node, depth + 1),
            });
        }
        rules
    }

    /// Refuses grantees whose absence would widen the consent: a permit that FHIR means for them
    /// alone would reach everybody.
    pub(crate) fn r5_grantees(
        &mut self,
        consent: &Node<'_>,
        patient: Option<PatientId>,
        decision: ProvisionType,
    ) {
        let limited = decision == ProvisionType::Deny
            && consent.many("provision").iter().all(names_recipient);
        for node in consent.many("grantee") {
            let Some(reference) = self.reference(&node) else {
                continue;
            };
            let is_patient = patient.is_some() && self.directory.patient(reference) == patient;
            if !is_patient && !limited {
                let reason = "limits the consent to a grantee, and the chain would apply its \
                              permits to everybody; name the grantee as a recipient (actor with \
                              role PRCP) of a provision whose base is deny";
                self.findings.refuse(node.path(), reason);
            }
        }
    }

    /// The policies the consent refers to.
    pub(crate) fn r5_policies<'n>(&mut self, consent: &Node<'n>) -> Vec<&'n str> {
        let mut policies: Vec<&'n str> = Vec::new();
        if let Some(basis) = consent.one("policyBasis") {
            policies.extend(
                basis
                    .one("reference")
                    .and_then(|node| self.reference(&node)),
            );
            policies.extend(basis.text("uri"));
            self.findings.mapped(basis.path(), "policyHash");
        }
        for text in consent.many("policyText") {
            policies.extend(self.reference(&text));
            self.findings.mapped(text.path(), "policyHash");
        }
        policies
    }
}
