//! The table of elements: what every element of `Consent` R4 (4.0.1) and R5 (5.0.0) becomes.
//!
//! Nothing is dropped in silence. Each element of a document has to meet a row here, which says
//! that it is mapped, that the terms mean the same without it and why, or that it is refused. An
//! element without a row is refused by its path. The README shows the table, and a test compares
//! the two.

use super::{findings::Findings, Refusal, Version};
use serde_json::{Map, Value};
use std::fmt::Write;

/// How often an element occurs in a version of FHIR, which in JSON decides whether it is a list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Occurs {
    /// The version has no such element.
    Never,
    /// At most once.
    Once,
    /// As a list.
    Listed,
}

/// What an element is made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Made {
    /// A string.
    OfText,
    /// Elements, whose rows have paths that begin with this.
    OfParts(&'static str),
    /// Whatever it is made of: it is not looked into, save for extensions.
    OfAnything,
}

/// What happens to an element.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    /// It becomes part of the terms, or decides whether there are any.
    Mapped,
    /// The terms mean the same without it.
    Administrative,
    /// The chain cannot keep it.
    Refused,
}

/// One element.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Row {
    /// Its path without indices. Data types are listed once: `Coding.system`.
    pub path: &'static str,
    /// How often it occurs in R4.
    pub r4: Occurs,
    /// How often it occurs in R5.
    pub r5: Occurs,
    /// What it is made of.
    pub made: Made,
    /// What happens to it.
    pub fate: Fate,
    /// What it becomes, why it is safe to leave out, or why it is refused.
    pub note: &'static str,
}

impl Row {
    /// How often the element occurs in `version`.
    pub fn occurs(&self, version: Version) -> Occurs {
        version.pick(self.r4, self.r5)
    }

    /// Whether this is the row of the element `name` of `owner`.
    fn is_of(&self, owner: &str, name: &str) -> bool {
        let rest = self
            .path
            .strip_prefix(owner)
            .and_then(|rest| rest.strip_prefix('.'));
        rest == Some(name)
    }
}

const fn row(
    path: &'static str,
    r4: Occurs,
    r5: Occurs,
    made: Made,
    fate: Fate,
    note: &'static str,
) -> Row {
    Row {
        path,
        r4,
        r5,
        made,
        fate,
        note,
    }
}

use Fate::{Administrative, Mapped, Refused};
use Made::{OfAnything, OfParts, OfText};
use Occurs::{Listed, Never, Once};

const CONCEPT: Made = OfParts("CodeableConcept");
const CODING: Made = OfParts("Coding");
const REFERENCE: Made = OfParts("Reference");
const PERIOD: Made = OfParts("Period");
const PROVISION: Made = OfParts("Consent.provision");

/// Every element there is.
#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    row("Consent.resourceType", Once, Once, OfText, Mapped, "Must be `Consent`."),
    row("Consent.id", Once, Once, OfText, Administrative, "Names the copy on its server. The chain gives the consent an id of its own."),
    row("Consent.meta", Once, Once, OfAnything, Administrative, "Version, profiles and tags of the copy on its server. `meta.security` labels the consent form itself, not the data it is about."),
    row("Consent.implicitRules", Once, Once, OfText, Refused, "rules agreed upon elsewhere may change the meaning of every other element"),
    row("Consent.language", Once, Once, OfText, Administrative, "The language of the narrative."),
    row("Consent.text", Once, Once, OfAnything, Administrative, "Narrative for people. It never leaves the gateway; `evidenceHash` commits to it."),
    row("Consent.contained", Listed, Listed, OfAnything, Refused, "a record inside the document has no reference that others could ask about"),
    row("Consent.identifier", Listed, Listed, OfAnything, Administrative, "Business identifiers of the form. The chain stores none; `evidenceHash` commits to them."),
    row("Consent.status", Once, Once, OfText, Mapped, "Must be `active`: only a consent in force is granted."),
    row("Consent.scope", Once, Never, CONCEPT, Mapped, "`scope`: `treatment`, `patient-privacy`, `research` or `adr`."),
    row("Consent.category", Listed, Never, CONCEPT, Administrative, "Classifies the form for retrieval; in R4 the scope decides."),
    row("Consent.category", Never, Listed, CONCEPT, Mapped, "`scope`. R5 has no scope of its own, so at least one category must tell it, and all must tell the same."),
    row("Consent.patient", Once, Never, REFERENCE, Mapped, "The patient the consent is granted for, by the directory."),
    row("Consent.subject", Never, Once, REFERENCE, Mapped, "The patient the consent is granted for, by the directory."),
    row("Consent.dateTime", Once, Never, OfText, Administrative, "When the form was made. The chain has its own time of recording, and no consent holds earlier."),
    row("Consent.date", Never, Once, OfText, Administrative, "When the form was made. The chain has its own time of recording, and no consent holds earlier."),
    row("Consent.period", Never, Once, PERIOD, Mapped, "`period`."),
    row("Consent.performer", Listed, Never, REFERENCE, Mapped, "Who signs: the patient, or a representative whom the directory lists for this patient. Absent: the patient. Anybody else is refused."),
    row("Consent.grantor", Never, Listed, REFERENCE, Mapped, "Who signs: the patient, or a representative whom the directory lists for this patient. Absent: the patient. Anybody else is refused."),
    row("Consent.grantee", Never, Listed, REFERENCE, Administrative, "Who has to comply. Left out if it is the patient, or if it cannot widen anything: `decision` is `deny` and every first-level provision names recipients. Refused otherwise, because the chain would apply the permits to everybody."),
    row("Consent.manager", Never, Listed, REFERENCE, Administrative, "Who looks after the form. On the chain, the patient does."),
    row("Consent.controller", Never, Listed, REFERENCE, Administrative, "Who enforces the consent. On the chain, every member does."),
    row("Consent.organization", Listed, Never, REFERENCE, Administrative, "Who keeps the form. On the chain, every member enforces it."),
    row("Consent.sourceAttachment", Once, Listed, OfAnything, Administrative, "The form or a pointer to it. `evidenceHash` commits to what is said here, not to what a URL leads to."),
    row("Consent.sourceReference", Once, Listed, OfAnything, Administrative, "A pointer to the form. `evidenceHash` commits to it."),
    row("Consent.regulatoryBasis", Never, Listed, OfAnything, Administrative, "Which regulation the form supports. The chain decides alike under each."),
    row("Consent.policy", Listed, Never, OfParts("Consent.policy"), Mapped, "`policyHash`."),
    row("Consent.policy.authority", Once, Never, OfText, Mapped, "Part of what `policyHash` commits to."),
    row("Consent.policy.uri", Once, Never, OfText, Mapped, "Part of what `policyHash` commits to."),
    row("Consent.policyRule", Once, Never, CONCEPT, Mapped, "The base: v3-ActCode `OPTIN` is permit, `OPTOUT` is deny. Any other policy is refused, because its text would be the rule."),
    row("Consent.policyBasis", Never, Once, OfParts("Consent.policyBasis"), Mapped, "`policyHash`."),
    row("Consent.policyBasis.reference", Never, Once, REFERENCE, Mapped, "Part of what `policyHash` commits to."),
    row("Consent.policyBasis.uri", Never, Once, OfText, Mapped, "Part of what `policyHash` commits to."),
    row("Consent.policyText", Never, Listed, REFERENCE, Mapped, "Part of what `policyHash` commits to."),
    row("Consent.verification", Listed, Listed, OfAnything, Administrative, "An import cannot vouch for a check made elsewhere. A member repeats it with the call `consent.verify`, which the chain records."),
    row("Consent.decision", Never, Once, OfText, Mapped, "`decision`. Absent: refused, because provisions are exceptions to it."),
    row("Consent.provision", Once, Listed, PROVISION, Mapped, "R5: each is an exception to `decision`. R4: the root rule, see \"R4 roots\" below. At most 16 on all levels, without repetitions."),
    row("Consent.provision.type", Once, Never, OfText, Mapped, "A rule whose type differs from the one above it is an exception to it; one whose type is the same adds nothing. Absent at the root: see \"R4 roots\" below. Absent in a nested rule, where R4 requires it: refused, unless untyped rules are read as exceptions."),
    row("Consent.provision.period", Once, Once, PERIOD, Mapped, "`period` of the provision. A start before 1970 is the same as no start, because the chain never ran then."),
    row("Consent.provision.actor", Listed, Listed, OfParts("Consent.provision.actor"), Mapped, "By role. The reference is required."),
    row("Consent.provision.actor.role", Once, Once, CONCEPT, Mapped, "v3-ParticipationType: `PRCP`, `IRCP` are `actors`, `CST` is `data` held by, `AUT` is `data` authored by. Others are refused."),
    row("Consent.provision.actor.reference", Once, Once, REFERENCE, Mapped, "Recipients must be organisations or practitioners, custodians organisations, whom the directory lists. Authors become commitments."),
    row("Consent.provision.action", Listed, Listed, CONCEPT, Mapped, "`actions`, by code system `consentaction`. Unknown codes are refused."),
    row("Consent.provision.securityLabel", Listed, Listed, CODING, Mapped, "`labels`. As FHIR defines this element, a confidentiality stands for itself and every lower one, and a sensitivity for itself and those that v3-ActCode puts under it. Unknown codes are refused."),
    row("Consent.provision.purpose", Listed, Listed, CODING, Mapped, "`purposes`, by code system v3-ActReason. Unknown codes are refused."),
    row("Consent.provision.class", Listed, Never, CODING, Mapped, "`classes`, by code system `resource-types`. MIME types, profiles and other systems are refused."),
    row("Consent.provision.resourceType", Never, Listed, CODING, Mapped, "`classes`, by code system `resource-types`. Other systems are refused."),
    row("Consent.provision.documentType", Never, Listed, OfAnything, Refused, "the chain cannot tell documents apart by format or profile; name resource types or codes instead"),
    row("Consent.provision.code", Listed, Listed, CONCEPT, Mapped, "`codes`: a commitment for each coding. Text without a coding is refused."),
    row("Consent.provision.dataPeriod", Once, Once, PERIOD, Mapped, "`dataPeriod`. A start before 1970 is refused: the chain cannot tell such data from older data."),
    row("Consent.provision.data", Listed, Listed, OfParts("Consent.provision.data"), Mapped, "`data`: commitments. Several meanings in one provision are refused: FHIR joins them by \"or\", the chain by \"and\"."),
    row("Consent.provision.data.meaning", Once, Once, OfText, Mapped, "`instance`, `related`, `dependents` or `authoredby`. Others are refused."),
    row("Consent.provision.data.reference", Once, Once, REFERENCE, Mapped, "The commitment to the reference."),
    row("Consent.provision.expression", Never, Once, OfAnything, Refused, "the chain evaluates no expressions; say the same with the other elements of a provision"),
    row("Consent.provision.provision", Listed, Listed, PROVISION, Mapped, "Exceptions to the provision they are nested in. Two levels at most."),
    row("CodeableConcept.coding", Listed, Listed, CODING, Mapped, "The coding of the system that is understood at this place. Codings of other systems translate it and are left out; two of the same system are refused."),
    row("CodeableConcept.text", Once, Once, OfText, Administrative, "For people; the coding decides."),
    row("Coding.system", Once, Once, OfText, Mapped, "Which code system."),
    row("Coding.code", Once, Once, OfText, Mapped, "Which code."),
    row("Coding.version", Once, Once, OfText, Administrative, "Codes are compared by system and code."),
    row("Coding.display", Once, Once, OfText, Administrative, "For people; the code decides."),
    row("Coding.userSelected", Once, Once, OfAnything, Administrative, "How the code was found."),
    row("Reference.reference", Once, Once, OfText, Mapped, "Looked up in the directory letter by letter, or committed to. Fragments (`#..`) and versions (`../_history/..`) are refused."),
    row("Reference.type", Once, Once, OfText, Administrative, "The reference decides."),
    row("Reference.identifier", Once, Once, OfAnything, Administrative, "The reference decides, and must be there."),
    row("Reference.display", Once, Once, OfText, Administrative, "A name. It never leaves the gateway."),
    row("Period.start", Once, Once, OfText, Mapped, "The first instant of what is written: `2015-02` starts on 1 February. Dates are read as UTC; a time needs its offset."),
    row("Period.end", Once, Once, OfText, Mapped, "The first instant after what is written: `2015-02` ends when March begins. Dates are read as UTC; a time needs its offset."),
];

/// What is treated alike wherever it occurs: how it is recognised, and what happens to it.
const ANYWHERE: &[(&str, Fate, &str)] = &[
    ("id", Administrative, "Names a place inside the document."),
    ("extension", Refused, EXTENSION),
    ("modifierExtension", Refused, MODIFIER_EXTENSION),
    ("_*", Refused, PRIMITIVE_EXTENSION),
];

const EXTENSION: &str = "an extension may carry conditions that the chain does not keep";
const MODIFIER_EXTENSION: &str = "a modifier extension changes the meaning of what it is in";
const PRIMITIVE_EXTENSION: &str =
    "an extension of a plain value may carry conditions that the chain does not keep";

/// The row of the element `name` of `owner` in `version`.
fn find(version: Version, owner: &str, name: &str) -> Option<&'static Row> {
    ROWS.iter()
        .find(|row| row.is_of(owner, name) && row.occurs(version) != Never)
}

/// Which version a resource is written in: the one that has all of its elements, if the other lacks
/// one of them.
pub(crate) fn version_of(resource: &Value) -> Result<Version, Refusal> {
    let names = || {
        resource
            .as_object()
            .into_iter()
            .flat_map(|members| members.keys())
    };
    let only_in = |version, other| {
        names().find(|name| {
            find(version, "Consent", name).is_some() && find(other, "Consent", name).is_none()
        })
    };
    let told = match (
        only_in(Version::R4, Version::R5),
        only_in(Version::R5, Version::R4),
    ) {
        (Some(_), None) => return Ok(Version::R4),
        (None, Some(_)) => return Ok(Version::R5),
        (Some(r4), Some(r5)) => {
            format!("has `{r4}`, which only R4 has, and `{r5}`, which only R5 has")
        }
        (None, None) => "has nothing that only R4 or only R5 has".into(),
    };
    Err(Refusal::new(
        "Consent",
        format!("{told}; say which it is with --fhir-version"),
    ))
}

/// Refuses what has no row, the wrong shape or a row that says so, and notes what is left out.
pub(crate) fn walk(version: Version, resource: &Value, findings: &mut Findings) {
    if let Value::Object(members) = resource {
        walk_parts(version, "Consent", "Consent", members, findings);
    }
}

fn walk_parts(
    version: Version,
    owner: &str,
    path: &str,
    members: &Map<String, Value>,
    findings: &mut Findings,
) {
    for (name, value) in members {
        let path = format!("{path}.{}", shown(name));
        let row = find(version, owner, name);
        match (row, refused_anywhere(name)) {
            (_, Some(reason)) => findings.refuse(path, reason),
            (Some(row), None) => walk_element(version, row, &path, value, findings),
            (None, None) if name == "id" => {}
            (None, None) => {
                let reason = format!("is no element of {version} that the gateway knows");
                findings.refuse(path, reason);
            }
        }
    }
}

fn walk_element(version: Version, row: &Row, path: &str, value: &Value, findings: &mut Findings) {
    let items: Vec<(String, &Value)> = match (row.occurs(version), value) {
        (Listed, Value::Array(items)) if !items.is_empty() => {
            let indexed = items.iter().enumerate();
            indexed
                .map(|(index, item)| (format!("{path}[{index}]"), item))
                .collect()
        }
        (Listed, _) => return findings.refuse(path, "must be a list of at least one"),
        (_, Value::Array(_)) => return findings.refuse(path, "must not be a list"),
        (_, value) => vec![(path.into(), value)],
    };
    if row.fate == Administrative {
        findings.administrative(path, row.note);
    }
    for (path, item) in items {
        match (row.fate, row.made, item) {
            (Refused, ..) => findings.refuse(path, row.note),
            (Administrative, ..) | (_, OfAnything, _) => scan(&path, item, findings),
            (Mapped, OfText, Value::String(text)) if !text.is_empty() => {}
            (Mapped, OfText, _) => findings.refuse(path, "must be a text that is not empty"),
            (Mapped, OfParts(owner), Value::Object(members)) => {
                walk_parts(version, owner, &path, members, findings);
            }
            (Mapped, OfParts(_), _) => findings.refuse(path, "must be an object"),
        }
    }
}

/// Looks through what is left out for what must not be.
fn scan(path: &str, value: &Value, findings: &mut Findings) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let path = format!("{path}.{}", shown(name));
                match refused_anywhere(name) {
                    Some(reason) => findings.refuse(path, reason),
                    None => scan(&path, value, findings),
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                scan(&format!("{path}[{index}]"), item, findings);
            }
        }
        _ => {}
    }
}

/// Why an element of this name is refused wherever it occurs.
fn refused_anywhere(name: &str) -> Option<&'static str> {
    match name {
        "extension" => Some(EXTENSION),
        "modifierExtension" => Some(MODIFIER_EXTENSION),
        _ if name.starts_with('_') => Some(PRIMITIVE_EXTENSION),
        _ if !is_name(name) => Some("is not how an element of FHIR is named"),
        _ => None,
    }
}

fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.chars().all(|letter| letter.is_ascii_alphanumeric())
}

/// A name as paths show it. What is no name might be anything, so it is not shown.
fn shown(name: &str) -> &str {
    if is_name(name.strip_prefix('_').unwrap_or(name)) {
        name
    } else {
        "(?)"
    }
}

/// The table as the README shows it.
pub fn markdown() -> String {
    let mut table =
        String::from("| element | R4 | R5 | | what becomes of it |\n|---|---|---|---|---|\n");
    let mut line = |path: &str, r4: &str, r5: &str, fate: Fate, note: &str| {
        let fate = match fate {
            Mapped => "mapped",
            Administrative => "left out",
            Refused => "refused",
        };
        writeln!(table, "| `{path}` | {r4} | {r5} | {fate} | {note} |")
            .expect("writing to a String does not fail; qed");
    };
    let cell = |occurs| match occurs {
        Never => "",
        Once => "one",
        Listed => "list",
    };
    for row in ROWS {
        let note = sentence(row.note);
        line(row.path, cell(row.r4), cell(row.r5), row.fate, &note);
    }
    for (name, fate, note) in ANYWHERE {
        line(&format!("*.{name}"), "any", "any", *fate, &sentence(note));
    }
    table
}

/// A reason as a sentence of its own.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    let stop = if text.ends_with('.') { "" } else { "." };
    format!("{first}{}{stop}", letters.as_str())
}
