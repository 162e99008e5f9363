//! Reading a file: one JSON resource of type `Consent` that says nothing twice.

use super::Refusal;
use serde::{
    de::{Error as _, MapAccess, SeqAccess, Visitor},
    ser::Error as _,
    Deserialize, Deserializer, Serialize, Serializer,
};
use serde_json::Value;
use sp_core::{Blake2Hasher, Hasher, H256};
use std::{collections::HashSet, fmt};

/// A file with more bytes than this is refused. The largest published example has 11 KB; a scanned
/// form belongs beside the resource, not inside.
pub const MAX_BYTES: usize = 1024 * 1024;

/// Where a refusal points that is about the file and no element in it.
const FILE: &str = "(file)";

/// A FHIR `Consent` as it was read, of a version yet to be found out.
///
/// Has no `Debug`, so that what a document says cannot end up in a log.
pub struct Document(Value);

impl Document {
    /// Reads a file's bytes.
    pub fn parse(bytes: &[u8]) -> Result<Self, Refusal> {
        if bytes.len() > MAX_BYTES {
            let reason = format!("is larger than {MAX_BYTES} bytes; attach scans by reference");
            return Err(Refusal::new(FILE, reason));
        }
        let malformed = |error: serde_json::Error| {
            Refusal::new(FILE, format!("is not well-formed JSON: {error}"))
        };
        serde_json::from_slice::<NothingTwice>(bytes).map_err(malformed)?;
        let resource = serde_json::from_slice(bytes).map_err(malformed)?;
        Self::from_resource(resource)
    }

    /// Takes a resource that was read before.
    pub fn from_resource(resource: Value) -> Result<Self, Refusal> {
        let kind = resource
            .get("resourceType")
            .map(|kind| kind.as_str().unwrap_or_default());
        let refusal = match (resource.is_object(), kind) {
            (true, Some("Consent")) => None,
            (true, Some("Bundle")) => Some(
                "is a `Bundle`: give each `Consent` in it as a file of its own, so that each is \
                 answered by itself",
            ),
            (true, Some(_)) => Some("must be `Consent`; no other resource is imported"),
            (true, None) => Some("is missing, so this is no FHIR resource"),
            (false, _) => {
                return Err(Refusal::new(
                    FILE,
                    "must hold one JSON object, a FHIR `Consent`",
                ));
            }
        };
        match refusal {
            None => Ok(Self(resource)),
            Some(reason) => Err(Refusal::new("Consent.resourceType", reason)),
        }
    }

    /// The resource.
    pub(crate) fn resource(&self) -> &Value {
        &self.0
    }

    /// The commitment to the whole document: `blake2_256(salt ‖ RFC 8785 canonical JSON)`.
    ///
    /// Fails on a number that is no IEEE 754 double, which RFC 8785 cannot write.
    pub fn commitment(&self, salt: &H256) -> Result<H256, Refusal> {
        let canonical = canonical_json(&self.0).map_err(|_| {
            Refusal::new(
                FILE,
                "has a number that RFC 8785 cannot write, so it has no commitment",
            )
        })?;
        Ok(Blake2Hasher::hash(&[salt.as_bytes(), &canonical].concat()))
    }
}

/// The RFC 8785 canonical form. Member names are taken to be ASCII, which [`super::elements::walk`]
/// sees to; then the order of their bytes is the order of their UTF-16 code units.
pub(crate) fn canonical_json(value: &Value) -> serde_json::Result<Vec<u8>> {
    serde_jcs::to_vec(&Canonical(value))
}

/// Hands every number to the canonical writer as a double. `serde_jcs` 0.1 panics on numbers as
/// `serde_json` keeps them under its feature `arbitrary_precision`, which a dependency turns on.
struct Canonical<'a>(&'a Value);

impl Serialize for Canonical<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Number(number) => match number.as_f64() {
                Some(double) => serializer.serialize_f64(double),
                None => Err(S::Error::custom("not a double")),
            },
            Value::Array(items) => serializer.collect_seq(items.iter().map(Canonical)),
            Value::Object(members) => {
                serializer.collect_map(members.iter().map(|(name, value)| (name, Canonical(value))))
            }
            Value::Null | Value::Bool(_) | Value::String(_) => self.0.serialize(serializer),
        }
    }
}

/// Reads any JSON and keeps nothing of it, but fails if an object has two members of one name:
/// readers differ in which of them they believe, and one of them would be lost.
struct NothingTwice;

impl<'de> Deserialize<'de> for NothingTwice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self)
    }
}

impl<'de> Visitor<'de> for NothingTwice {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self, A::Error> {
        while items.next_element::<Self>()?.is_some() {}
        Ok(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self, A::Error> {
        let mut names = HashSet::new();
        while let Some(name) = members.next_key::<String>()? {
            members.next_value::<Self>()?;
            if !names.insert(name) {
                return Err(A::Error::custom("an object says one of its members twice"));
            }
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn reason(bytes: &[u8]) -> String {
        Document::parse(bytes).err().expect("refused").to_string()
    }

    #[test]
    fn malformed_json_is_refused_with_line_and_column() {
        let told = reason(b"{\n  \"resourceType\": \"Consent\",\n  \"status\" \"active\"\n}");
        assert!(
            told.starts_with("(file): is not well-formed JSON:"),
            "{told}"
        );
        assert!(told.ends_with("at line 3 column 12"), "{told}");
    }

    #[test]
    fn a_member_said_twice_is_refused_with_line_and_column() {
        let told =
            reason(br#"{"resourceType": "Consent", "decision": "deny", "decision": "permit"}"#);
        assert!(
            told.contains("says one of its members twice at line 1"),
            "{told}"
        );
        let told = reason(br#"{"resourceType": "Consent", "period": {"start": 1, "start": 2.5}}"#);
        assert!(told.contains("says one of its members twice"), "{told}");
    }

    #[test]
    fn another_resource_is_refused_and_a_bundle_with_what_to_do() {
        let told = reason(br#"{"resourceType": "Patient"}"#);
        assert!(
            told.starts_with("Consent.resourceType: must be `Consent`"),
            "{told}"
        );
        let told = reason(br#"{"resourceType": "Bundle", "entry": []}"#);
        assert!(
            told.contains("each `Consent` in it as a file of its own"),
            "{told}"
        );
        assert!(reason(b"{}").starts_with("Consent.resourceType: is missing"));
        assert!(reason(br#"["Consent"]"#).starts_with("(file): must hold one JSON object"));
    }

    #[test]
    fn a_file_past_the_limit_is_refused_before_it_is_read() {
        let told = reason(&vec![b' '; MAX_BYTES + 1]);
        assert!(
            told.starts_with("(file): is larger than 1048576 bytes"),
            "{told}"
        );
    }

    #[test]
    fn the_canonical_form_is_that_of_rfc_8785() {
        let value = json!({
            "b": [1, {"z": "é\n\u{1}", "a": 1.50}, -0.0, 1e21, 12345678901234567890u64],
            "a": null,
            "A": {},
            "ab": true,
        });
        let canonical = String::from_utf8(canonical_json(&value).unwrap()).unwrap();
        let expected = [
            r#"{"A":{},"a":null,"ab":true,"#,
            r#""b":[1,{"a":1.5,"z":"é\n\u0001"},0,1e+21,12345678901234567000]}"#,
        ];
        let expected = expected.concat();
        assert_eq!(canonical, expected);
    }

    #[test]
    fn the_commitment_depends_on_salt_and_content_but_not_on_layout() {
        let salt = H256::repeat_byte(1);
        let one = Document::parse(br#"{"resourceType":"Consent","id":"a"}"#).unwrap();
        let same = Document::parse(br#"{ "id": "a", "resourceType": "Consent" }"#).unwrap();
        let other = Document::parse(br#"{"resourceType":"Consent","id":"b"}"#).unwrap();
        let commitment = one.commitment(&salt).unwrap();
        assert_eq!(commitment, same.commitment(&salt).unwrap());
        assert_ne!(commitment, other.commitment(&salt).unwrap());
        assert_ne!(commitment, one.commitment(&H256::repeat_byte(2)).unwrap());
        let bytes = [&[1; 32][..], br#"{"id":"a","resourceType":"Consent"}"#].concat();
        assert_eq!(commitment, Blake2Hasher::hash(&bytes));
    }
}
