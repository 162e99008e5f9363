//! Checks of what is committed to as a whole against [`COMMITTED`].

use super::{
    committed::CHOICES,
    find, is_member_name, items, refuse_unknown, refused_anywhere, shown,
    Fate::{Administrative, Refused},
    Made::{OfAnything, OfObject, OfParts},
    Row, COMMITTED, MODIFIER_EXTENSION, NO_NAME, PRIMITIVE_EXTENSION,
};
use crate::fhir::{findings::Findings, Version};
use serde_json::{Map, Value};

/// Refuses what has no row, the wrong shape or a row that says so, and what is missing; notes what
/// is left out of the resource itself.
pub(crate) fn check_shape(version: Version, kind: &str, resource: &Value, findings: &mut Findings) {
    let Value::Object(members) = resource else {
        return;
    };
    for name in members.keys() {
        let row = find(COMMITTED, version, kind, name);
        if let Some(row) = row.filter(|row| row.fate == Administrative) {
            findings.administrative(row.path, row.note);
        }
    }
    Checker { version, findings }.parts(kind, kind, members, false);
}

struct Checker<'a> {
    version: Version,
    findings: &'a mut Findings,
}

impl Checker<'_> {
    /// Checks what something consists of. `left_out`: nothing in it decides anything.
    fn parts(&mut self, owner: &str, path: &str, members: &Map<String, Value>, left_out: bool) {
        for (name, value) in members {
            self.member(owner, path, name, value, left_out);
        }
        for row in COMMITTED {
            let Some((_, name)) = row.path.rsplit_once('.') else {
                continue;
            };
            let needed = row.is_of(owner, name) && row.occurs(self.version).is_needed();
            if needed && !members.contains_key(name) {
                self.missing(format!("{path}.{name}"));
            }
        }
        for (of, name, needed) in CHOICES {
            if *of != owner {
                continue;
            }
            let given = members.keys().filter(|member| {
                let kind = member.strip_prefix(*name).unwrap_or_default();
                kind.starts_with(|first: char| first.is_ascii_uppercase())
            });
            let path = format!("{path}.{name}[x]");
            match given.count() {
                0 if *needed => self.missing(path),
                0 | 1 => {}
                _ => self.findings.refuse(path, "is there more than once"),
            }
        }
    }

    fn missing(&mut self, path: String) {
        let reason = format!("is missing, and {} requires it", self.version);
        self.findings.refuse(path, reason);
    }

    fn member(&mut self, owner: &str, above: &str, name: &str, value: &Value, left_out: bool) {
        let path = &format!("{above}.{}", shown(name));
        // The extension of a plain value is named like the value, after an underscore.
        let plain = name.strip_prefix('_');
        let row = find(COMMITTED, self.version, owner, plain.unwrap_or(name));
        let row = row.filter(|row| plain.is_none() || !matches!(row.made, OfParts(_) | OfObject));
        match (row, plain) {
            (Some(row), None) => self.element(row, path, value, left_out),
            (Some(row), Some(_)) if left_out || row.fate == Administrative => {
                self.scan(path, value);
            }
            (Some(_), Some(_)) => self.findings.refuse(path, PRIMITIVE_EXTENSION),
            (None, None) if name == "id" && value.is_string() => {}
            (None, None) if name == "extension" && left_out => self.scan(path, value),
            (None, _) => match refused_anywhere(name) {
                Some(reason) => self.findings.refuse(path, reason),
                None => refuse_unknown(self.version, above, name, self.findings),
            },
        }
    }

    fn element(&mut self, row: &Row, path: &str, value: &Value, left_out: bool) {
        let items = match items(row.occurs(self.version), path, value) {
            Ok(items) => items,
            Err(reason) => return self.findings.refuse(path, reason),
        };
        let left_out = left_out || row.fate == Administrative;
        for (path, item) in items {
            match (row.fate, row.made, item) {
                (Refused, ..) => self.findings.refuse(path, row.note),
                (_, OfParts(owner), Value::Object(members)) => {
                    self.parts(owner, &path, members, left_out);
                }
                (_, OfObject, Value::Object(_)) | (_, OfAnything, _) => self.scan(&path, item),
                (_, made, item) => {
                    if let Some(expected) = made.expects(item) {
                        self.findings.refuse(path, expected);
                    }
                }
            }
        }
    }

    /// Looks through what is not checked for what may not even be there.
    fn scan(&mut self, path: &str, value: &Value) {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    let path = format!("{path}.{}", shown(name));
                    if name == "modifierExtension" {
                        self.findings.refuse(path, MODIFIER_EXTENSION);
                    } else if is_member_name(name) {
                        self.scan(&path, value);
                    } else {
                        self.findings.refuse(path, NO_NAME);
                    }
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.scan(&format!("{path}[{index}]"), item);
                }
            }
            _ => {}
        }
    }
}
