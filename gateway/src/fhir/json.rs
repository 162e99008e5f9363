//! Reading a file as JSON that says nothing twice, and writing JSON in its canonical form.

use super::{elements::shown, Refusal};
use serde::{
    de::{Error as _, MapAccess, SeqAccess, Visitor},
    ser::Error as _,
    Deserialize, Deserializer, Serialize, Serializer,
};
use serde_json::{Number, Value};
use std::{collections::HashSet, fmt};

/// A file with more bytes than this is refused. The largest published example has 11 KB; a scanned
/// form belongs beside the resource, not inside.
pub const MAX_BYTES: usize = 1024 * 1024;

/// Where a refusal points that is about the file and no element in it.
pub(crate) const FILE: &str = "(file)";

/// How the names begin by which `serde_json` hands on numbers, and JSON that is yet to be read.
const PRIVATE: &str = "$serde_json::private::";

/// Reads any JSON that says nothing twice and nothing in names of `serde_json`'s own.
pub(crate) fn read(bytes: &[u8]) -> Result<Value, Refusal> {
    if bytes.len() > MAX_BYTES {
        let reason = format!("is larger than {MAX_BYTES} bytes; attach scans by reference");
        return Err(Refusal::new(FILE, reason));
    }
    well_formed(bytes)
}

/// Reads such JSON of any size.
pub(crate) fn well_formed(bytes: &[u8]) -> Result<Value, Refusal> {
    let malformed =
        |error: serde_json::Error| Refusal::new(FILE, format!("is not well-formed JSON: {error}"));
    serde_json::from_slice::<NothingTwice>(bytes).map_err(malformed)?;
    if has_private_name(bytes) {
        let reason =
            format!("has a member whose name begins with `{PRIVATE}`, as no element's does");
        return Err(Refusal::new(FILE, reason));
    }
    serde_json::from_slice(bytes).map_err(malformed)
}

/// Whether an object has a member of such a name. `serde_json` would take the object for what it
/// hands on by that name, and read something else than what is written.
///
/// The JSON is well-formed, so a text that a colon follows is a name.
fn has_private_name(json: &[u8]) -> bool {
    let mut rest = json;
    while let Some(start) = rest.iter().position(|byte| *byte == b'"') {
        let (_, texts) = rest.split_at(start);
        let mut read = serde_json::Deserializer::from_slice(texts).into_iter::<String>();
        let Some(Ok(text)) = read.next() else {
            return true;
        };
        let (_, after) = texts.split_at(read.byte_offset());
        let next = after.iter().find(|byte| !byte.is_ascii_whitespace());
        if next == Some(&b':') && text.starts_with(PRIVATE) {
            return true;
        }
        rest = after;
    }
    false
}

/// Why a number is refused.
const INEXACT: &str =
    "is a number that no double stands for: it has more digits than a double keeps, or is out of \
     its range, so the canonical form would be that of another number";

/// The RFC 8785 canonical form of what stands at `path`. Refuses the first number that would not
/// keep its value in it.
///
/// Member names are taken to be ASCII, which the checks of [`super::elements`] see to; then the
/// order of their bytes is the order of their UTF-16 code units.
pub(crate) fn canonical_json(path: &str, value: &Value) -> Result<Vec<u8>, Refusal> {
    check_numbers(path, value)?;
    serde_jcs::to_vec(&Canonical(value)).map_err(|_| Refusal::new(path, INEXACT))
}

fn check_numbers(path: &str, value: &Value) -> Result<(), Refusal> {
    match value {
        Value::Number(number) if !is_kept(number) => Err(Refusal::new(path, INEXACT)),
        Value::Object(members) => members
            .iter()
            .try_for_each(|(name, value)| check_numbers(&format!("{path}.{}", shown(name)), value)),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .try_for_each(|(index, item)| check_numbers(&format!("{path}[{index}]"), item)),
        _ => Ok(()),
    }
}

/// Whether a number is one that a double stands for, written with the fewest digits that tell the
/// double from others, which are those of the canonical form, or with 17, which always do.
///
/// Relies on `serde_json`'s feature `arbitrary_precision`, without which digits past those of a
/// double are gone before anybody can look at them.
fn is_kept(number: &Number) -> bool {
    let (Some(double), Some(written)) = (number.as_f64(), decimal(&number.to_string())) else {
        return false;
    };
    let is_written = |digits: String| decimal(&digits).as_ref() == Some(&written);
    is_written(format!("{double:e}")) || is_written(format!("{double:.16e}"))
}

/// A decimal number as its sign, its digits without zeros around them, and the power of ten of the
/// last of them. Zero has no sign and no digits.
fn decimal(text: &str) -> Option<(bool, String, i64)> {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let unsigned = mantissa.trim_start_matches('-');
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let digits = [whole, fraction].concat();
    let significant = digits.trim_end_matches('0');
    let zeros = i64::try_from(digits.len() - significant.len()).ok()?;
    let significant = significant.trim_start_matches('0');
    if significant.is_empty() {
        return Some((false, String::new(), 0));
    }
    let shift = zeros - i64::try_from(fraction.len()).ok()?;
    let exponent = exponent.parse::<i64>().ok()?.checked_add(shift)?;
    Some((mantissa.starts_with('-'), significant.into(), exponent))
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
            "b": [1, {"z": "é\n\u{1}", "a": 1.50}, -0.0, 1e21, 9007199254740992u64],
            "a": null,
            "A": {},
            "ab": true,
        });
        let canonical = String::from_utf8(canonical_json("List", &value).unwrap()).unwrap();
        let expected = [
            r#"{"A":{},"a":null,"ab":true,"#,
            r#""b":[1,{"a":1.5,"z":"é\n\u0001"},0,1e+21,9007199254740992]}"#,
        ];
        let expected = expected.concat();
        assert_eq!(canonical, expected);
    }

    fn canonical(json: &str) -> Result<String, Refusal> {
        let canonical = canonical_json("List", &read(json.as_bytes())?)?;
        Ok(String::from_utf8(canonical).unwrap())
    }

    #[test]
    fn a_number_is_kept_however_its_value_is_written() {
        for (given, expected) in [
            ("6.30", "6.3"),
            ("-0.0", "0"),
            ("0e99999999999999999999", "0"),
            ("1E+2", "100"),
            ("0.00010", "0.0001"),
            ("-12.5e-1", "-1.25"),
            ("9007199254740992", "9007199254740992"),
            ("1.7976931348623157e308", "1.7976931348623157e+308"),
            // As a published example has it: with 17 digits.
            ("66.899999999999991", "66.89999999999999"),
        ] {
            assert_eq!(canonical(given).as_deref(), Ok(expected), "{given}");
        }
    }

    #[test]
    fn a_number_that_a_double_would_change_is_refused_where_it_is() {
        for number in [
            "12345678901234567890",
            "9007199254740993",
            "-9007199254740993",
            "0.1000000000000000055",
            "66.8999999999999912",
            "1e400",
            "1e-400",
            "1e-99999999999999999999",
        ] {
            let told = canonical(&format!(r#"{{"value": [1, {{"low": {number}}}]}}"#));
            let expected = Refusal::new("List.value[1].low", INEXACT);
            assert_eq!(told, Err(expected), "{number}");
            let told = canonical(&format!(r#"{{"Donald": {number}}}"#));
            assert_eq!(told.unwrap_err().path, "List.(?)", "{number}");
        }
    }

    #[test]
    fn names_of_serde_json_s_own_are_refused_however_they_are_written() {
        for odd in [
            r#"{"$serde_json::private::RawValue": "{\"a\": 1, \"a\": 2}"}"#,
            r#"{"$serde_json::private::Number": "5"}"#,
            r#"[{"a": {"b": 1, "\u0024serde_json::private::Number" : "5"}}]"#,
            r#"{"$serde_json::private::": {}}"#,
        ] {
            let told = read(odd.as_bytes()).unwrap_err();
            assert_eq!(told.path, FILE);
            assert!(told.reason.contains(PRIVATE), "{told}");
        }
        let text = json!({"a": ["$serde_json::private::Number", "\"$serde_json::private::\":"]});
        assert_eq!(read(text.to_string().as_bytes()), Ok(text));
    }
}
