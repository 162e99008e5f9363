//! Finding what was typed: ids as they are, references in the directory, and codes.

use super::{Problem, DIRECTORY};
use crate::directory::Directory;
use axonic_primitives::{consent::DataRef, AccountId, Code, OrgId, PatientId};
use sp_core::H256;
use std::str::FromStr;

/// Reads a code of a closed code system.
pub(super) fn code<C: Code>(text: &str) -> Result<C, String> {
    C::from_code(text).ok_or_else(|| {
        let known: Vec<_> = C::ALL.iter().map(|code| code.code()).collect();
        format!("known: {}", known.join(", "))
    })
}

/// Reads 32 bytes.
pub(super) fn hash(text: &str) -> Result<H256, &'static str> {
    text.parse()
        .map_err(|_| "must be 64 hexadecimal digits, with or without 0x before them")
}

/// Finds ids for what was typed. Ids need no directory, references do.
pub(super) struct Lookup<'a>(pub Option<&'a Directory>);

impl Lookup<'_> {
    pub fn patient(&self, text: &str) -> Result<PatientId, Problem> {
        match id(text) {
            Some(id) => Ok(PatientId(id)),
            None => self.find(text, "patient", |directory| directory.patient(text)),
        }
    }

    pub fn organisation(&self, text: &str) -> Result<OrgId, Problem> {
        match text.parse::<u32>() {
            Ok(number) => Ok(OrgId(number)),
            Err(_) => self.find(text, "organisation", |directory| {
                directory.organisation(text)
            }),
        }
    }

    pub fn practitioner(&self, text: &str) -> Result<AccountId, Problem> {
        match AccountId::from_str(text) {
            Ok(account) => Ok(account),
            Err(_) => self.find(text, "practitioner", |directory| {
                directory.practitioner(text)
            }),
        }
    }

    pub fn code(&self, text: &str) -> Result<H256, Problem> {
        if let Some(commitment) = id(text) {
            return Ok(commitment);
        }
        let Some((system, code)) = text.split_once('|') else {
            return Err(Problem::Typed(format!(
                "{text}: a code is written as system|code"
            )));
        };
        self.find(text, "code", |directory| {
            Some(directory.code_id(system, code))
        })
    }

    pub fn data(&self, text: &str) -> Result<DataRef, Problem> {
        let (kind, reference) = text.split_once(':').unwrap_or_default();
        let make: fn(H256) -> DataRef = match kind {
            "held-by" => return self.organisation(reference).map(DataRef::HeldBy),
            "instance" => DataRef::Instance,
            "related" => DataRef::Related,
            "dependents" => DataRef::Dependents,
            "authored-by" => DataRef::AuthoredBy,
            _ => {
                return Err(Problem::Typed(format!(
                    "{text}: data is written as instance:, related:, dependents: or authored-by: \
                     with a reference, or held-by: with an organisation"
                )));
            }
        };
        match id(reference) {
            Some(record) => Ok(make(record)),
            None => self.find(text, "record", |directory| {
                Some(make(directory.record_id(reference)))
            }),
        }
    }

    fn find<T>(
        &self,
        text: &str,
        what: &str,
        look: impl FnOnce(&Directory) -> Option<T>,
    ) -> Result<T, Problem> {
        let Some(directory) = self.0 else {
            return Err(Problem::Typed(format!(
                "{text}: to look up a {what} takes a directory: name it with --directory, or put \
                 {DIRECTORY} here"
            )));
        };
        look(directory).ok_or_else(|| {
            Problem::Typed(format!(
                "{text}: the directory lists no {what} by this reference"
            ))
        })
    }
}

/// An id, written as 64 hexadecimal digits after 0x, which no reference begins with.
fn id(text: &str) -> Option<H256> {
    text.strip_prefix("0x")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::path::Path;

    #[test]
    fn ids_and_references_are_found_and_others_named() {
        let address = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
        let directory = json!({
            "salt": H256::repeat_byte(9),
            "patients": {"Patient/1": {"id": H256::repeat_byte(1)}},
            "organizations": {"Organization/1": 7},
            "practitioners": {"Practitioner/1": address},
        });
        let directory = Directory::parse(Path::new("d"), directory.to_string().as_bytes());
        let directory = directory.unwrap();
        let lookup = Lookup(Some(&directory));
        let patient = Some(PatientId(H256::repeat_byte(1)));
        assert_eq!(lookup.patient("Patient/1").ok(), patient);
        let id = format!("{:#x}", H256::repeat_byte(1));
        assert_eq!(lookup.patient(&id).ok(), patient);
        assert_eq!(lookup.organisation("Organization/1").ok(), Some(OrgId(7)));
        assert_eq!(lookup.organisation("7").ok(), Some(OrgId(7)));
        let practitioner = lookup.practitioner("Practitioner/1").ok();
        assert!(practitioner.is_some());
        assert_eq!(lookup.practitioner(address).ok(), practitioner);
        let told = lookup.patient("Patient/2").err().unwrap().to_string();
        assert!(told.contains("lists no patient"), "{told}");
        assert!(lookup.organisation("Organization/2").is_err());
        assert!(lookup.practitioner("Practitioner/2").is_err());
    }

    #[test]
    fn bytes_are_read_with_and_without_their_prefix() {
        let digits = "0a".repeat(32);
        for text in [digits.clone(), format!("0x{digits}")] {
            assert_eq!(hash(&text), Ok(H256::repeat_byte(10)));
        }
        assert!(hash(&digits[1..]).is_err());
        assert_eq!(id(&digits), None);
    }
}
