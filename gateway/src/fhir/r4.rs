//! What is particular to R4: a base policy, and one root rule with nested rules that have types.
//!
//! A rule whose type differs from what holds above it is an exception; one whose type is the same
//! adds nothing. A root rule has no type by R4's own definition, and means one of two opposite
//! things: see [`UntypedRoot`].

use super::{
    node::Node,
    provisions::{narrows, word, Rule, Ruling, MAX_DEPTH, NARROWS_NOTHING, TOO_DEEP},
    vocabulary::ACT_CODE,
    Mapper, UntypedRoot,
};
use axonic_primitives::consent::Scope;
use pallet_consent::types::ProvisionType;

const UNTYPED_ROOT: &str =
    "is missing, and HL7's own R4 examples use such a root in two opposite senses: in \
     `consent-example-basic` the base policy holds for what the root describes and its opposite \
     elsewhere, in `consent-example-notThem` the root is the exception; say which is meant with \
     --r4-untyped-root context or --r4-untyped-root exception";

const UNTYPED_RULE: &str =
    "is missing, and R4 requires it in a nested rule; if the sender means untyped rules as \
     exceptions, say so with --r4-untyped-root exception";

const REPEATS: &str =
    "repeats what holds above it, so the exceptions nested in it would have nothing on the chain \
     that limits them; carry its limits over into them";

impl Mapper<'_> {
    pub(crate) fn r4_scope(&mut self, consent: &Node<'_>) -> Option<Scope> {
        match consent.one("scope") {
            Some(scope) => self.scope(&scope),
            None => {
                let reason =
                    "is missing; R4 requires it, and it tells what kind of consent this is";
                self.findings.refuse(consent.path_of("scope"), reason);
                None
            }
        }
    }

    pub(crate) fn r4_ruling(&mut self, consent: &Node<'_>) -> Ruling {
        let base = self.base(consent).unwrap_or(ProvisionType::Deny);
        let Some(root) = consent.one("provision") else {
            return Ruling {
                decision: base,
                rules: Vec::new(),
            };
        };
        if root.has("type") {
            return Ruling {
                decision: base,
                rules: self.r4_rule(&root, base, 1),
            };
        }
        if !narrows(&root) {
            self.findings
                .redundant(root.path(), "carries nothing but the rules nested in it");
            return Ruling {
                decision: base,
                rules: self.r4_rules(&root, base, 1),
            };
        }
        let decision = match self.untyped_root {
            UntypedRoot::Context => !base,
            UntypedRoot::Exception => base,
            UntypedRoot::Refuse => {
                self.findings.refuse(root.path_of("type"), UNTYPED_ROOT);
                base
            }
        };
        let became = format!(
            "exception: {}, where else {} holds",
            word(!decision),
            word(decision)
        );
        self.findings.mapped(root.path(), became);
        Ruling {
            decision,
            rules: vec![self.r4_exception(&root, !decision, 1)],
        }
    }

    /// What the base policy decides.
    fn base(&mut self, consent: &Node<'_>) -> Option<ProvisionType> {
        let Some(rule) = consent.one("policyRule") else {
            let reason = "is missing, so what holds where no provision says otherwise is not known";
            self.findings.refuse(consent.path_of("policyRule"), reason);
            return None;
        };
        let base = match self.coding_of(&rule, ACT_CODE)? {
            "OPTIN" => ProvisionType::Permit,
            "OPTOUT" => ProvisionType::Deny,
            _ => {
                let reason = "has an unknown code, neither OPTIN nor OPTOUT";
                self.findings.refuse(rule.path(), reason);
                return None;
            }
        };
        self.findings
            .mapped(rule.path(), format!("base {}", word(base)));
        Some(base)
    }

    fn r4_rules(&mut self, within: &Node<'_>, above: ProvisionType, depth: usize) -> Vec<Rule> {
        let nested = within.many("provision");
        nested
            .iter()
            .flat_map(|node| self.r4_rule(node, above, depth))
            .collect()
    }

    /// A rule under what holds above it: an exception, or nothing but the exceptions nested in it.
    fn r4_rule(&mut self, node: &Node<'_>, above: ProvisionType, depth: usize) -> Vec<Rule> {
        let own = match node.text("type") {
            Some("permit") => ProvisionType::Permit,
            Some("deny") => ProvisionType::Deny,
            Some(_) => {
                let reason = "is an unknown code, neither permit nor deny";
                self.findings.refuse(node.path_of("type"), reason);
                !above
            }
            None => {
                if self.untyped_root != UntypedRoot::Exception {
                    self.findings.refuse(node.path_of("type"), UNTYPED_RULE);
                }
                !above
            }
        };
        if own != above {
            if depth > MAX_DEPTH {
                self.findings.refuse(node.path(), TOO_DEEP);
                return Vec::new();
            }
            if !narrows(node) {
                self.findings.refuse(node.path(), NARROWS_NOTHING);
            }
            let became = format!("exception: {}, where else {} holds", word(own), word(above));
            self.findings.mapped(node.path(), became);
            return vec![self.r4_exception(node, own, depth)];
        }
        // Read for what may have to be refused in it; nothing of it becomes part of the terms.
        let notes = self.findings.notes.len();
        self.attributes(node);
        self.findings.notes.truncate(notes);
        let why = format!("says {}, which holds above it anyway", word(own));
        self.findings.redundant(node.path(), why);
        let exceptions = self.r4_rules(node, above, depth);
        if narrows(node) && !exceptions.is_empty() {
            self.findings.refuse(node.path_of("type"), REPEATS);
        }
        exceptions
    }

    fn r4_exception(&mut self, node: &Node<'_>, own: ProvisionType, depth: usize) -> Rule {
        Rule {
            path: node.path().into(),
            provision: self.attributes(node),
            exceptions: self.r4_rules(node, own, depth + 1),
        }
    }

    /// The policies the consent refers to, besides its base.
    pub(crate) fn r4_policies<'n>(&mut self, consent: &Node<'n>) -> Vec<&'n str> {
        let mut policies: Vec<&'n str> = Vec::new();
        for policy in consent.many("policy") {
            policies.extend(policy.text("authority"));
            policies.extend(policy.text("uri"));
            self.findings.mapped(policy.path(), "policyHash");
        }
        policies
    }
}
