//! Reading a `Consent`.

use super::{
    json::{read, FILE},
    Refusal, Resource,
};
use crate::store;
use axonic_primitives::consent::ResourceType;
use serde_json::Value;
use sp_core::H256;
use zeroize::Zeroizing;

/// A FHIR `Consent` as it was read, of a version yet to be found out.
///
/// Has no `Debug`, so that what a document says cannot end up in a log.
pub struct Document(Resource);

impl Document {
    /// Reads a file's bytes.
    pub fn parse(bytes: &[u8]) -> Result<Self, Refusal> {
        Self::from_resource(read(bytes)?)
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
            None => Ok(Self(Resource::of_kind(ResourceType::Consent, resource))),
            Some(reason) => Err(Refusal::new("Consent.resourceType", reason)),
        }
    }

    /// The resource.
    pub(crate) fn resource(&self) -> &Value {
        self.0.value()
    }

    /// The commitment to the whole document: `blake2_256(salt ‖ RFC 8785 canonical JSON)`.
    ///
    /// Fails on a number that has more digits than an IEEE 754 double keeps, which is how RFC 8785
    /// writes it. Names of members are not looked at: [`super::map`] tells of each that is wrong.
    pub fn commitment(&self, salt: &H256) -> Result<H256, Refusal> {
        let canonical = Zeroizing::new(self.0.written()?);
        Ok(store::commitment(salt, &canonical))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::MAX_BYTES;
    use sp_core::{Blake2Hasher, Hasher};

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

    #[test]
    fn a_number_that_would_not_be_kept_has_no_commitment() {
        let salt = H256::repeat_byte(1);
        let with = |size: &str| {
            let json =
                format!(r#"{{"resourceType":"Consent","sourceAttachment":[{{"size":{size}}}]}}"#);
            Document::parse(json.as_bytes()).unwrap().commitment(&salt)
        };
        assert_eq!(with("6.30"), with("6.3"));
        let told = with("9007199254740993").unwrap_err();
        assert_eq!(told.path, "Consent.sourceAttachment[0].(?)");
        assert!(told.reason.contains("more digits"), "{told}");
    }
}
