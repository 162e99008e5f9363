//! Rules: what one provision carries, and the tree of provisions as the chain's flat list.

use super::{node::Node, period::About, vocabulary::PARTICIPATION, Mapper};
use axonic_primitives::consent::{DataRef, MAX_CLASSES, MAX_CODES, MAX_DATA};
use pallet_consent::types::{ProvisionDraft, ProvisionType, MAX_ACTORS, MAX_PROVISIONS};
use sp_core::H256;

/// An exception to what stands above it.
pub(crate) struct Rule {
    pub path: String,
    pub provision: ProvisionDraft,
    pub exceptions: Vec<Rule>,
}

impl Rule {
    fn says_the_same_as(&self, other: &Self) -> bool {
        let mut pairs = self.exceptions.iter().zip(&other.exceptions);
        self.provision == other.provision
            && self.exceptions.len() == other.exceptions.len()
            && pairs.all(|(one, other)| one.says_the_same_as(other))
    }
}

/// What a consent decides, and the exceptions to it.
pub(crate) struct Ruling {
    pub decision: ProvisionType,
    pub rules: Vec<Rule>,
}

/// A decision as FHIR writes it.
pub(crate) fn word(decision: ProvisionType) -> &'static str {
    match decision {
        ProvisionType::Permit => "permit",
        ProvisionType::Deny => "deny",
    }
}

/// How deep provisions nest on the chain.
pub(crate) const MAX_DEPTH: usize = 2;

/// Why a provision on a third level is refused.
pub(crate) const TOO_DEEP: &str = "is nested in a nested provision; the chain keeps two levels";

/// Why a provision that carries nothing is refused.
pub(crate) const NARROWS_NOTHING: &str =
    "carries nothing, so as an exception it would turn around everything above it";

/// Why data of different meanings in one provision is refused.
const TWO_SIDES: &str = "differs from what else the provision says about its data; FHIR joins the \
                         two by \"or\", the chain by \"and\", so use two provisions";

/// Whether a provision carries anything that narrows what it is about.
pub(crate) fn narrows(node: &Node<'_>) -> bool {
    const NARROWING: [&str; 12] = [
        "period",
        "actor",
        "action",
        "securityLabel",
        "purpose",
        "class",
        "resourceType",
        "documentType",
        "code",
        "dataPeriod",
        "data",
        "expression",
    ];
    NARROWING.iter().any(|name| node.has(name))
}

/// Whether a provision names a recipient.
pub(crate) fn names_recipient(node: &Node<'_>) -> bool {
    node.many("actor").iter().any(|actor| {
        let codings = actor
            .one("role")
            .map(|role| role.many("coding"))
            .unwrap_or_default();
        codings
            .iter()
            .any(|coding| coding.text("code").is_some_and(is_recipient))
    })
}

fn is_recipient(role: &str) -> bool {
    matches!(role, "PRCP" | "IRCP")
}

/// Adds what is not there yet: saying something twice in a list of alternatives says it once.
fn add<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.push(item);
    }
}

impl Mapper<'_> {
    /// What a provision carries, without its place in the tree.
    pub(crate) fn attributes(&mut self, node: &Node<'_>) -> ProvisionDraft {
        let mut provision = ProvisionDraft::default();
        for actor in node.many("actor") {
            self.actor(&actor, &mut provision);
        }
        for action in node.many("action") {
            if let Some(action) = self.action(&action) {
                provision.actions = provision.actions.union(action.into());
            }
        }
        for purpose in node.many("purpose") {
            if let Some(purpose) = self.purpose(&purpose) {
                provision.purposes = provision.purposes.union(purpose.into());
            }
        }
        for label in node.many("securityLabel") {
            if let Some(labels) = self.labels(&label) {
                provision.labels = provision.labels.union(labels);
            }
        }
        for class in node
            .many("class")
            .into_iter()
            .chain(node.many("resourceType"))
        {
            if let Some(class) = self.class(&class) {
                add(&mut provision.classes, class);
            }
        }
        for code in node.many("code") {
            for commitment in self.commitments(&code) {
                add(&mut provision.codes, commitment);
            }
        }
        self.data(node, &mut provision);
        provision.period = node
            .one("period")
            .and_then(|period| self.period(&period, About::Validity));
        provision.data_period = node
            .one("dataPeriod")
            .and_then(|period| self.period(&period, About::Data));

        let classes = if node.has("class") {
            "class"
        } else {
            "resourceType"
        };
        self.limit(
            node,
            "actor",
            "recipients",
            provision.actors.len(),
            MAX_ACTORS,
        );
        self.limit(
            node,
            classes,
            "classes",
            provision.classes.len(),
            MAX_CLASSES,
        );
        self.limit(node, "code", "codes", provision.codes.len(), MAX_CODES);
        self.limit(
            node,
            "data",
            "pieces of data",
            provision.data.len(),
            MAX_DATA,
        );
        provision
    }

    fn limit(&mut self, node: &Node<'_>, name: &str, what: &str, count: usize, most: u32) {
        if count > most as usize {
            let reason =
                format!("comes to {count} {what}; a provision on the chain has {most} at most");
            self.findings.refuse(node.path_of(name), reason);
        }
    }

    /// Recipients are whom a provision is about; custodians and authors say which data it is about.
    fn actor(&mut self, actor: &Node<'_>, provision: &mut ProvisionDraft) {
        let Some(role) = actor.one("role") else {
            let reason = "is missing, so what the actor does is not known";
            return self.findings.refuse(actor.path_of("role"), reason);
        };
        let Some(code) = self.coding_of(&role, PARTICIPATION) else {
            return;
        };
        let Some(reference) = actor.one("reference") else {
            let reason = "is missing; a role alone names nobody";
            return self.findings.refuse(actor.path_of("reference"), reason);
        };
        match code {
            code if is_recipient(code) => {
                if let Some(grantee) = self.recipient(&reference) {
                    add(&mut provision.actors, grantee);
                }
            }
            "CST" => {
                if let Some(org) = self.custodian(&reference) {
                    add(&mut provision.data, DataRef::HeldBy(org));
                }
            }
            "AUT" => {
                if let Some(author) = self.reference(&reference) {
                    let author = self.directory.record_id(author);
                    self.findings
                        .mapped(reference.path(), format!("data authored by {author:#x}"));
                    add(&mut provision.data, DataRef::AuthoredBy(author));
                }
            }
            _ => {
                let reason = "has an unknown code; known roles: PRCP, IRCP, CST, AUT";
                self.findings.refuse(role.path(), reason);
            }
        }
    }

    /// Particular data. The alternatives in FHIR's list must be of one meaning, because the chain
    /// takes different meanings as different sides of the data, all of which have to fit. For the
    /// same reason authors are named either here or as actors.
    fn data(&mut self, node: &Node<'_>, provision: &mut ProvisionDraft) {
        let sides = provision.data.clone();
        let mut first: Option<DataRef> = None;
        for data in node.many("data") {
            let Some(data_ref) = self.data_ref(&data) else {
                continue;
            };
            let differs = first.is_some_and(|first| !first.is_alike(&data_ref));
            if differs || sides.iter().any(|side| side.is_alike(&data_ref)) {
                self.findings.refuse(data.path_of("meaning"), TWO_SIDES);
                continue;
            }
            first.get_or_insert(data_ref);
            add(&mut provision.data, data_ref);
        }
    }

    fn data_ref(&mut self, data: &Node<'_>) -> Option<DataRef> {
        let meaning = data.text("meaning").unwrap_or_default();
        let make: fn(H256) -> DataRef = match meaning {
            "instance" => DataRef::Instance,
            "related" => DataRef::Related,
            "dependents" => DataRef::Dependents,
            "authoredby" => DataRef::AuthoredBy,
            _ => {
                let reason = "must be instance, related, dependents or authoredby";
                self.findings.refuse(data.path_of("meaning"), reason);
                return None;
            }
        };
        let Some(node) = data.one("reference") else {
            let reason = "is missing, so which data is meant is not known";
            self.findings.refuse(data.path_of("reference"), reason);
            return None;
        };
        let reference = self.reference(&node)?;
        let record = self.directory.record_id(reference);
        self.findings
            .mapped(data.path(), format!("data {meaning} {record:#x}"));
        Some(make(record))
    }

    /// The tree as the chain keeps it: parents before their exceptions, nothing twice.
    pub(crate) fn flatten(&mut self, rules: Vec<Rule>) -> Vec<ProvisionDraft> {
        let mut provisions = Vec::new();
        for rule in self.without_repetitions(rules) {
            push(rule, None, &mut provisions);
        }
        let count = provisions.len();
        if count > MAX_PROVISIONS as usize {
            let reason = format!(
                "comes to {count} provisions on all levels; the chain keeps {MAX_PROVISIONS}, so \
                 use several consents"
            );
            self.findings.refuse("Consent.provision", reason);
        }
        provisions
    }

    fn without_repetitions(&mut self, rules: Vec<Rule>) -> Vec<Rule> {
        let mut kept: Vec<Rule> = Vec::new();
        for mut rule in rules {
            rule.exceptions = self.without_repetitions(rule.exceptions);
            match kept.iter().find(|earlier| earlier.says_the_same_as(&rule)) {
                Some(earlier) => {
                    self.findings
                        .redundant(&rule.path, format!("repeats {}", earlier.path));
                }
                None => kept.push(rule),
            }
        }
        kept
    }
}

fn push(rule: Rule, parent: Option<u8>, provisions: &mut Vec<ProvisionDraft>) {
    // Past the bound the document is refused whatever the index.
    let index = u8::try_from(provisions.len()).unwrap_or(u8::MAX);
    provisions.push(ProvisionDraft {
        parent,
        ..rule.provision
    });
    for exception in rule.exceptions {
        push(exception, Some(index), provisions);
    }
}
