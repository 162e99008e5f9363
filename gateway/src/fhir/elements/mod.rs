//! The tables of elements: what every element of `Consent`, `AuditEvent` and `VerificationResult`
//! R4 (4.0.1) and R5 (5.0.0) becomes.
//!
//! Nothing is dropped in silence. Each element of a document has to meet a row here, which says
//! that it is mapped, that the chain means the same without it and why, or that it is refused. An
//! element without a row is refused by its path. The README shows the tables, and a test compares
//! the two.
//!
//! - [`ROWS`] is for `Consent`, whose terms the chain decides by: what is left out of them is
//!   searched for extensions, which are refused wherever they are.
//! - [`COMMITTED`] is for what the chain keeps a commitment to and little else. What is left out is
//!   checked like the rest, and may have extensions, because the commitment covers them.

mod committed;
mod consent;
mod shape;
#[cfg(test)]
mod tests;

pub use committed::COMMITTED;
pub use consent::ROWS;
pub(crate) use shape::check_shape;

use super::{findings::Findings, period, Refusal, Version};
use serde_json::{Map, Value};
use std::{collections::HashSet, fmt::Write, sync::LazyLock};

/// How often an element occurs in a version of FHIR, which in JSON decides whether it is a list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Occurs {
    /// The version has no such element.
    Never,
    /// At most once.
    Once,
    /// As a list.
    Listed,
    /// Exactly once.
    Needed,
    /// As a list that has to be there.
    ListNeeded,
}

impl Occurs {
    /// Whether the element is a list.
    pub fn is_list(self) -> bool {
        matches!(self, Self::Listed | Self::ListNeeded)
    }

    /// Whether the element has to be there.
    pub fn is_needed(self) -> bool {
        matches!(self, Self::Needed | Self::ListNeeded)
    }
}

/// What an element is made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Made {
    /// A string.
    OfText,
    /// A date, or a time with seconds and an offset.
    OfTime,
    /// True or false.
    OfTruth,
    /// A number.
    OfNumber,
    /// Bytes in base 64.
    OfBase64,
    /// Elements, whose rows have paths that begin with this.
    OfParts(&'static str),
    /// Elements without rows: it is not looked into, save for what is refused everywhere.
    OfObject,
    /// Whatever it is made of: it is not looked into, save for extensions.
    OfAnything,
}

impl Made {
    /// What a value has to be, if it is something else. Parts are not looked at.
    fn expects(self, value: &Value) -> Option<&'static str> {
        let (is_right, expected) = match self {
            Self::OfText => (
                value.as_str().is_some_and(|text| !text.is_empty()),
                "must be a text that is not empty",
            ),
            Self::OfTime => (
                value.as_str().is_some_and(period::is_date_or_time),
                "must be a FHIR date, or a time with seconds and an offset",
            ),
            Self::OfTruth => (value.is_boolean(), "must be true or false"),
            Self::OfNumber => (value.is_number(), "must be a number"),
            Self::OfBase64 => (
                value.as_str().is_some_and(is_base64),
                "must be bytes in base 64",
            ),
            Self::OfParts(_) | Self::OfObject => (value.is_object(), "must be an object"),
            Self::OfAnything => return None,
        };
        (!is_right).then_some(expected)
    }
}

/// What happens to an element.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    /// It decides something: it becomes part of what goes to the chain, or decides whether
    /// anything does.
    Mapped,
    /// The chain means the same without it.
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
use Made::{OfAnything, OfParts};
use Occurs::{ListNeeded, Listed, Needed, Never, Once};

/// What is treated alike wherever it occurs in a consent: how it is recognised, and what happens
/// to it.
const ANYWHERE: &[(&str, Fate, &str)] = &[
    ("id", Administrative, "Names a place inside the document."),
    ("extension", Refused, EXTENSION),
    ("modifierExtension", Refused, MODIFIER_EXTENSION),
    ("_*", Refused, PRIMITIVE_EXTENSION),
];

/// The same for what is committed to as a whole.
const ANYWHERE_COMMITTED: &[(&str, Fate, &str)] = &[
    ("id", Administrative, "Names a place inside the document."),
    (
        "extension",
        Administrative,
        "Left out with what it is in. Refused in `VerificationResult` itself and in its `target`, \
         where it may limit what was checked.",
    ),
    ("modifierExtension", Refused, MODIFIER_EXTENSION),
    (
        "_*",
        Administrative,
        "An extension of a plain value: left out where that value is, refused where it is mapped.",
    ),
];

const EXTENSION: &str = "an extension may carry conditions that the chain does not keep";
const MODIFIER_EXTENSION: &str = "a modifier extension changes the meaning of what it is in";
const PRIMITIVE_EXTENSION: &str =
    "an extension of a plain value may carry conditions that the chain does not keep";
const NO_NAME: &str = "is not how an element of FHIR is named";

/// The row of the element `name` of `owner` in `version`.
fn find(rows: &'static [Row], version: Version, owner: &str, name: &str) -> Option<&'static Row> {
    rows.iter()
        .find(|row| row.is_of(owner, name) && row.occurs(version) != Never)
}

/// Which version a resource of type `kind` is written in: the one that has all of its elements, if
/// the other lacks one of them.
pub(crate) fn version_of(
    rows: &'static [Row],
    kind: &str,
    resource: &Value,
) -> Result<Version, Refusal> {
    let names = || {
        resource
            .as_object()
            .into_iter()
            .flat_map(|members| members.keys())
    };
    let only_in = |version, other| {
        names().find(|name| {
            find(rows, version, kind, name).is_some() && find(rows, other, kind, name).is_none()
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
        kind,
        format!("{told}; say which it is with --fhir-version"),
    ))
}

/// Refuses in a consent what has no row, the wrong shape or a row that says so, and notes what is
/// left out.
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
        let place = format!("{path}.{}", shown(name));
        let row = find(ROWS, version, owner, name);
        match (row, refused_anywhere(name)) {
            (_, Some(reason)) => findings.refuse(place, reason),
            (Some(row), None) => walk_element(version, row, &place, value, findings),
            (None, None) if name == "id" => {}
            (None, None) => refuse_unknown(version, path, name, findings),
        }
    }
}

fn walk_element(version: Version, row: &Row, path: &str, value: &Value, findings: &mut Findings) {
    let items = match items(row.occurs(version), path, value) {
        Ok(items) => items,
        Err(reason) => return findings.refuse(path, reason),
    };
    if row.fate == Administrative {
        findings.administrative(path, row.note);
    }
    for (path, item) in items {
        match (row.fate, row.made, item) {
            (Refused, ..) => findings.refuse(path, row.note),
            (Administrative, ..) | (_, OfAnything, _) => scan(&path, item, findings),
            (Mapped, OfParts(owner), Value::Object(members)) => {
                walk_parts(version, owner, &path, members, findings);
            }
            (Mapped, made, item) => {
                if let Some(expected) = made.expects(item) {
                    findings.refuse(path, expected);
                }
            }
        }
    }
}

/// The items of an element with their paths: those of its list, or itself.
fn items<'v>(
    occurs: Occurs,
    path: &str,
    value: &'v Value,
) -> Result<Vec<(String, &'v Value)>, &'static str> {
    match (occurs.is_list(), value) {
        (true, Value::Array(items)) if !items.is_empty() => {
            let indexed = items.iter().enumerate();
            Ok(indexed
                .map(|(index, item)| (format!("{path}[{index}]"), item))
                .collect())
        }
        (true, _) => Err("must be a list of at least one"),
        (false, Value::Array(_)) => Err("must not be a list"),
        (false, value) => Ok(vec![(path.into(), value)]),
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

/// Refuses an element without a row in what stands at `path`. One that no row has the name of
/// might be named anything, so it is not named.
fn refuse_unknown(version: Version, path: &str, name: &str, findings: &mut Findings) {
    if is_listed(name) {
        let reason = format!("is no element of {version} that the gateway knows");
        findings.refuse(format!("{path}.{name}"), reason);
    } else {
        let reason = format!("has an unknown element, none of {version} that the gateway knows");
        findings.refuse(path, reason);
    }
}

/// Why an element of this name is refused wherever it occurs in a consent.
fn refused_anywhere(name: &str) -> Option<&'static str> {
    match name {
        "extension" => Some(EXTENSION),
        "modifierExtension" => Some(MODIFIER_EXTENSION),
        _ if name.starts_with('_') => Some(PRIMITIVE_EXTENSION),
        _ if !is_name(name) => Some(NO_NAME),
        _ => None,
    }
}

fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.chars().all(|letter| letter.is_ascii_alphanumeric())
}

/// Whether this names an element, or the extension of a plain value.
fn is_member_name(name: &str) -> bool {
    is_name(name.strip_prefix('_').unwrap_or(name))
}

/// The names of the elements that have rows, and of those treated alike wherever they occur.
static LISTED: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let rows = ROWS.iter().chain(COMMITTED);
    let names = rows.filter_map(|row| row.path.rsplit_once('.').map(|(_, name)| name));
    let anywhere = ANYWHERE.iter().map(|(name, ..)| *name);
    names.chain(anywhere).collect()
});

/// Whether some row has this name, or that of the plain value it extends.
fn is_listed(name: &str) -> bool {
    LISTED.contains(name.strip_prefix('_').unwrap_or(name))
}

/// A name as paths show it. What no row has the name of might be named anything, so it is not
/// shown.
pub(crate) fn shown(name: &str) -> &str {
    if is_listed(name) {
        name
    } else {
        "(?)"
    }
}

/// Base 64 as FHIR has it, which allows white space between the digits.
fn is_base64(text: &str) -> bool {
    let written: Vec<u8> = text
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    let digits = written
        .iter()
        .rposition(|byte| *byte != b'=')
        .map_or(0, |last| last + 1);
    let (digits, padding) = written.split_at(digits);
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    !digits.is_empty()
        && padding.len() <= 2
        && written.len() % 4 == 0
        && digits.iter().all(is_digit)
}

/// Refuses the first member that is not named like an element, wherever it is. The canonical form
/// relies on this.
pub(crate) fn check_names(path: &str, value: &Value) -> Result<(), Refusal> {
    match value {
        Value::Object(members) => members.iter().try_for_each(|(name, value)| {
            let path = format!("{path}.{}", shown(name));
            if is_member_name(name) {
                check_names(&path, value)
            } else {
                Err(Refusal::new(path, NO_NAME))
            }
        }),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .try_for_each(|(index, item)| check_names(&format!("{path}[{index}]"), item)),
        _ => Ok(()),
    }
}

/// The tables as the README shows them: that of `Consent`, and that of what is committed to.
pub fn markdown() -> String {
    let introduction = "`AuditEvent`, `VerificationResult` and the data types in them. Each is \
                        committed to as a whole, so what is left out is covered by the \
                        commitment and stays with whoever keeps the document.";
    format!(
        "{}\n{introduction}\n\n{}",
        table(ROWS, ANYWHERE),
        table(COMMITTED, ANYWHERE_COMMITTED)
    )
}

fn table(rows: &[Row], anywhere: &[(&str, Fate, &str)]) -> String {
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
        Needed => "one, required",
        ListNeeded => "list, required",
    };
    for row in rows {
        let note = sentence(row.note);
        line(row.path, cell(row.r4), cell(row.r5), row.fate, &note);
    }
    for (name, fate, note) in anywhere {
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
