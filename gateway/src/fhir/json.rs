//! Reading a file as JSON that says nothing twice, and writing JSON in its canonical form.

use super::Refusal;
use serde::{
    de::{Error as _, MapAccess, SeqAccess, Visitor},
    ser::Error as _,
    Deserialize, Deserializer, Serialize, Serializer,
};
use serde_json::Value;
use std::{collections::HashSet, fmt};

/// A file with more bytes than this is refused. The largest published example has 11 KB; a scanned
/// form belongs beside the resource, not inside.
pub const MAX_BYTES: usize = 1024 * 1024;

/// Where a refusal points that is about the file and no element in it.
pub(crate) const FILE: &str = "(file)";

/// Reads any JSON that says nothing twice.
pub(crate) fn read(bytes: &[u8]) -> Result<Value, Refusal> {
    if bytes.len() > MAX_BYTES {
        let reason = format!("is larger than {MAX_BYTES} bytes; attach scans by reference");
        return Err(Refusal::new(FILE, reason));
    }
    let malformed =
        |error: serde_json::Error| Refusal::new(FILE, format!("is not well-formed JSON: {error}"));
    serde_json::from_slice::<NothingTwice>(bytes).map_err(malformed)?;
    serde_json::from_slice(bytes).map_err(malformed)
}

/// The RFC 8785 canonical form. Member names are taken to be ASCII, which the checks of
/// [`super::elements`] see to; then the order of their bytes is the order of their UTF-16 code units.
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
}
