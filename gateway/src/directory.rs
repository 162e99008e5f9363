//! The directory: which FHIR reference is whom on the chain, whose keys sign, and the secret that
//! turns references and codes into commitments.
//!
//! A file for demonstrations and tests. In production the lookups belong to the hospital's master
//! patient index and provider directory, the keys to a wallet or a key store with a policy of its
//! own, and the salt to a secret store.

use crate::fhir::Signatory;
use axonic_primitives::{AccountId, CredentialId, OrgId, PatientId};
use serde::{
    de::{Error as _, MapAccess, Visitor},
    Deserialize, Deserializer,
};
use sp_core::{Blake2Hasher, Hasher, H256};
use std::{
    collections::BTreeMap,
    fmt, fs,
    marker::PhantomData,
    path::{Path, PathBuf},
    str::FromStr,
};
use subxt_signer::{sr25519::Keypair, SecretUri};

/// Who is who. References are compared letter by letter.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Directory {
    /// 32 secret bytes. Whoever has them can test guesses against the commitments on the chain.
    salt: H256,
    #[serde(default, deserialize_with = "table")]
    patients: BTreeMap<String, Patient>,
    #[serde(default, deserialize_with = "table")]
    representatives: BTreeMap<String, Representative>,
    #[serde(default, deserialize_with = "table")]
    organizations: BTreeMap<String, OrgId>,
    #[serde(default, deserialize_with = "table")]
    practitioners: BTreeMap<String, AccountId>,
    /// Who signs for the organisation that runs this gateway.
    #[serde(default, deserialize_with = "table")]
    staff: BTreeMap<String, Key>,
    #[serde(default, deserialize_with = "table")]
    credentials: BTreeMap<String, CredentialId>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Patient {
    id: PatientId,
    key: Option<Key>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Representative {
    /// The reference of the patient this one speaks for.
    patient: String,
    key: Option<Key>,
}

/// Reads a table that lists no reference twice: which of two entries counts must not be up to the
/// reader.
fn table<'de, D, T>(deserializer: D) -> Result<BTreeMap<String, T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    struct Table<T>(PhantomData<T>);

    impl<'de, T: Deserialize<'de>> Visitor<'de> for Table<T> {
        type Value = BTreeMap<String, T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("references and what they stand for")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
            let mut table = BTreeMap::new();
            while let Some((reference, entry)) = entries.next_entry()? {
                if table.insert(reference, entry).is_some() {
                    return Err(A::Error::custom("a reference is listed twice"));
                }
            }
            Ok(table)
        }
    }

    deserializer.deserialize_map(Table(PhantomData))
}

/// Where a signing key comes from. Has no `Debug`, so that it cannot end up in a log.
#[derive(Deserialize)]
#[serde(untagged)]
enum Key {
    /// A secret URI as `subkey` writes it: `//Patient`, or a phrase, which is for development only.
    Uri(String),
    /// The name of an environment variable that holds the secret URI.
    Environment {
        /// The variable.
        env: String,
    },
}

/// What is wrong with a directory.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// The file cannot be read.
    #[error("{}: cannot be read: {error}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The file is not as the README describes, or lists a reference twice in one table. What it
    /// holds is secret, so only the place is told.
    #[error(
        "{}: is no directory, or lists something twice (line {line}, column {column}); see the \
         README",
        .path.display()
    )]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Where, counted from 1.
        line: usize,
        /// Where, counted from 1.
        column: usize,
    },
    /// The salt would protect nothing.
    #[error("{}: the salt is all zeros; draw 32 random bytes and keep them secret", .0.display())]
    NoSalt(PathBuf),
    /// No key for whoever has to sign.
    #[error("the directory has no key for {0}, who has to sign")]
    NoKey(&'static str),
    /// The environment variable for a key is not set.
    #[error("the environment variable {0}, which should hold a secret URI, is not set")]
    NoVariable(String),
    /// The key is none.
    #[error(
        "the key of {0} is no secret URI (a phrase or seed with derivations, as in //Patient)"
    )]
    BadKey(&'static str),
}

impl Directory {
    /// Reads the file at `path`.
    pub fn load(path: &Path) -> Result<Self, DirectoryError> {
        let unreadable = |error| DirectoryError::Unreadable {
            path: path.into(),
            error,
        };
        Self::parse(path, &fs::read(path).map_err(unreadable)?)
    }

    /// Reads a directory that was found at `path`.
    pub fn parse(path: &Path, bytes: &[u8]) -> Result<Self, DirectoryError> {
        let directory: Self = serde_json::from_slice(bytes).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            DirectoryError::Malformed {
                path: path.into(),
                line,
                column,
            }
        })?;
        if directory.salt.is_zero() {
            return Err(DirectoryError::NoSalt(path.into()));
        }
        Ok(directory)
    }

    /// The patient with this reference.
    pub fn patient(&self, reference: &str) -> Option<PatientId> {
        self.patients.get(reference).map(|patient| patient.id)
    }

    /// The patient for whom the representative with this reference speaks.
    pub fn represented_by(&self, reference: &str) -> Option<PatientId> {
        self.patient(&self.representatives.get(reference)?.patient)
    }

    /// The organisation with this reference.
    pub fn organisation(&self, reference: &str) -> Option<OrgId> {
        self.organizations.get(reference).copied()
    }

    /// The practitioner with this reference.
    pub fn practitioner(&self, reference: &str) -> Option<AccountId> {
        self.practitioners.get(reference).cloned()
    }

    /// The credential with this reference.
    pub fn credential(&self, reference: &str) -> Option<CredentialId> {
        self.credentials.get(reference).copied()
    }

    /// The commitment to a record or author: `blake2_256(salt ‖ reference)`.
    pub fn record_id(&self, reference: &str) -> H256 {
        self.commit(reference.as_bytes())
    }

    /// The commitment to a code: `blake2_256(salt ‖ system ‖ "|" ‖ code)`.
    pub fn code_id(&self, system: &str, code: &str) -> H256 {
        self.commit(format!("{system}|{code}").as_bytes())
    }

    /// The commitment to policies: `blake2_256(salt ‖ JSON list of their names, in their order)`,
    /// or zero if there are none.
    pub fn policy_hash(&self, policies: &[&str]) -> H256 {
        if policies.is_empty() {
            return H256::zero();
        }
        let names = serde_json::to_vec(policies).expect("texts are JSON; qed");
        self.commit(&names)
    }

    /// Commitments are keyed by the salt's fixed 32 bytes, so nobody without it can test a guess.
    fn commit(&self, what: &[u8]) -> H256 {
        Blake2Hasher::hash(&[self.salt.as_bytes(), what].concat())
    }

    /// The key that signs for `signatory`.
    pub fn key(&self, signatory: &Signatory) -> Result<Keypair, DirectoryError> {
        let (key, who) = match signatory {
            // The same patient may be listed under several references.
            Signatory::Patient(id) => {
                let mut listed = self.patients.values().filter(|patient| patient.id == *id);
                (
                    listed.find_map(|patient| patient.key.as_ref()),
                    "the patient",
                )
            }
            Signatory::Representative(reference) => {
                let listed = self.representatives.get(reference);
                (
                    listed.and_then(|one| one.key.as_ref()),
                    "the representative",
                )
            }
        };
        key.ok_or(DirectoryError::NoKey(who))?.pair(who)
    }

    /// The key of the member of staff with this reference.
    pub fn staff_key(&self, reference: &str) -> Result<Keypair, DirectoryError> {
        let who = "the member of staff";
        let key = self.staff.get(reference);
        key.ok_or(DirectoryError::NoKey(who))?.pair(who)
    }
}

impl Key {
    /// The key itself, which is that of `who`.
    fn pair(&self, who: &'static str) -> Result<Keypair, DirectoryError> {
        let uri = match self {
            Self::Uri(uri) => uri.clone(),
            Self::Environment { env } => {
                std::env::var(env).map_err(|_| DirectoryError::NoVariable(env.clone()))?
            }
        };
        let bad = || DirectoryError::BadKey(who);
        let uri = SecretUri::from_str(&uri).map_err(|_| bad())?;
        Keypair::from_uri(&uri).map_err(|_| bad())
    }
}

impl fmt::Debug for Directory {
    /// Shows how much there is and nothing of it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Directory")
            .field("patients", &self.patients.len())
            .field("representatives", &self.representatives.len())
            .field("organizations", &self.organizations.len())
            .field("practitioners", &self.practitioners.len())
            .field("staff", &self.staff.len())
            .field("credentials", &self.credentials.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{json, Value};

    fn parse(value: Value) -> Result<Directory, DirectoryError> {
        Directory::parse(Path::new("directory.json"), value.to_string().as_bytes())
    }

    fn directory() -> Directory {
        parse(json!({
            "salt": H256::repeat_byte(9),
            "patients": {
                "Patient/one": {"id": H256::repeat_byte(1), "key": "//Patient"},
                "Patient/alias": {"id": H256::repeat_byte(1)},
                "Patient/keyless": {"id": H256::repeat_byte(2)},
                "Patient/env": {"id": H256::repeat_byte(3), "key": {"env": "AXONIC_NO_SUCH_KEY"}},
                "Patient/bad": {"id": H256::repeat_byte(4), "key": "not a // phrase"},
            },
            "representatives": {
                "RelatedPerson/peter": {"patient": "Patient/alias", "key": "//Representative"},
            },
            "organizations": {"Organization/clinic": 7},
            "practitioners": {
                "Practitioner/nurse": "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY",
            },
            "staff": {
                "Practitioner/archivist": "//Archivist",
                "Practitioner/bad": "not a // phrase",
            },
            "credentials": {"Practitioner/nurse": H256::repeat_byte(5)},
        }))
        .unwrap()
    }

    #[test]
    fn references_are_looked_up_letter_by_letter() {
        let directory = directory();
        let one = PatientId(H256::repeat_byte(1));
        assert_eq!(directory.patient("Patient/one"), Some(one));
        assert_eq!(directory.patient("patient/one"), None);
        assert_eq!(directory.represented_by("RelatedPerson/peter"), Some(one));
        assert_eq!(
            directory.organisation("Organization/clinic"),
            Some(OrgId(7))
        );
        assert!(directory.practitioner("Practitioner/nurse").is_some());
        assert_eq!(
            directory.credential("Practitioner/nurse"),
            Some(CredentialId(H256::repeat_byte(5)))
        );
        assert_eq!(directory.credential("Practitioner/archivist"), None);
    }

    #[test]
    fn commitments_are_keyed_hashes() {
        let directory = directory();
        let hash = |text: &str| Blake2Hasher::hash(&[&[9; 32][..], text.as_bytes()].concat());
        assert_eq!(directory.record_id("Task/3"), hash("Task/3"));
        assert_eq!(
            directory.code_id("http://loinc.org", "1"),
            hash("http://loinc.org|1")
        );
        assert_eq!(directory.policy_hash(&["a", "b"]), hash(r#"["a","b"]"#));
        assert_eq!(directory.policy_hash(&[]), H256::zero());
    }

    #[test]
    fn keys_are_found_for_whoever_signs_and_their_lack_is_told() {
        let directory = directory();
        let patient = |byte| Signatory::Patient(PatientId(H256::repeat_byte(byte)));
        let public = directory.key(&patient(1)).unwrap().public_key().0;
        let expected = Keypair::from_uri(&SecretUri::from_str("//Patient").unwrap()).unwrap();
        assert_eq!(public, expected.public_key().0);
        assert!(directory
            .key(&Signatory::Representative("RelatedPerson/peter".into()))
            .is_ok());

        let told = |byte| directory.key(&patient(byte)).unwrap_err().to_string();
        assert!(told(2).contains("no key for the patient"));
        assert!(told(3).contains("AXONIC_NO_SUCH_KEY"));
        assert!(told(4).contains("no secret URI"));
        let nobody = Signatory::Representative("RelatedPerson/nobody".into());
        let told = directory.key(&nobody).unwrap_err().to_string();
        assert!(told.contains("no key for the representative"));
    }

    #[test]
    fn staff_sign_with_keys_of_their_own() {
        let directory = directory();
        let key = directory.staff_key("Practitioner/archivist").unwrap();
        let expected = Keypair::from_uri(&SecretUri::from_str("//Archivist").unwrap()).unwrap();
        assert_eq!(key.public_key().0, expected.public_key().0);

        let told = |reference| {
            let key = directory.staff_key(reference);
            key.err().unwrap().to_string()
        };
        assert!(told("Practitioner/nurse").contains("no key for the member of staff"));
        assert!(told("Practitioner/bad").contains("no secret URI"));
    }

    #[test]
    fn a_reference_that_is_listed_twice_is_refused() {
        let salt = H256::repeat_byte(9);
        for twice in [
            r#""organizations": {"a": 1, "a": 2}"#,
            r#""organizations": {"a": 1, "\u0061": 1}"#,
            r#""organizations": {"a": 1}, "organizations": {"b": 2}"#,
            r#""staff": {"a": "//One", "b": "//Two", "a": "//Three"}"#,
            r#""staff": {"a": {"env": "ONE", "env": "TWO"}}"#,
        ] {
            let text = format!(r#"{{"salt": "{salt:#x}", {twice}}}"#);
            let told = Directory::parse(Path::new("d"), text.as_bytes());
            let told = told.unwrap_err().to_string();
            assert!(told.contains("lists something twice (line 1"), "{told}");
            assert!(!told.contains("One"), "{told}");
        }
    }

    #[test]
    fn a_broken_directory_is_refused_without_showing_what_is_in_it() {
        let told = parse(json!({"salt": H256::zero()}))
            .unwrap_err()
            .to_string();
        assert!(told.contains("all zeros"), "{told}");
        let secret = json!({"salt": H256::repeat_byte(9), "organizations": {"a": "//Secret"}});
        let told = parse(secret).unwrap_err().to_string();
        assert!(
            told.contains("line 1") && !told.contains("Secret"),
            "{told}"
        );
        let told = Directory::load(Path::new("no/such/file"))
            .unwrap_err()
            .to_string();
        assert!(told.starts_with("no/such/file: cannot be read"), "{told}");
    }
}
