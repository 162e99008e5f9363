//! Where disclosed documents go.

use crate::{
    cli::{import::pretty, Problem},
    store::Kept,
};
use axonic_primitives::{PatientId, RecordId};
use pallet_audit::types::DisclosureItem;
use serde::Serialize;
use serde_json::Value;
use sp_core::H256;
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

/// Instead of a folder: the standard output.
const STANDARD_OUTPUT: &str = "-";
/// The file with what a recipient needs to check the documents.
pub(super) const INDEX: &str = "disclosure.json";

/// A record that is ready to be handed out.
pub(super) struct Ready {
    pub record: RecordId,
    pub version: u32,
    pub commitment: H256,
    pub kept: Kept,
    pub item: DisclosureItem,
}

/// What was logged, for `--json`. Has neither salts nor documents.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Logged {
    pub record: RecordId,
    pub version: u32,
    pub patient: PatientId,
    pub sequence: u64,
}

/// What a recipient gets to know of a document.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Delivered {
    record: RecordId,
    version: u32,
    commitment: H256,
    /// With it, the recipient can prove that the document is what was anchored.
    salt: H256,
    /// The patient in whose log the disclosure is, after merges.
    patient: PatientId,
    /// Its place there.
    sequence: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<Value>,
}

/// Where the documents go.
#[derive(PartialEq, Eq)]
pub(super) enum Output {
    Standard,
    Folder(PathBuf),
}

impl Output {
    /// Makes sure that the documents can be written, and that nothing is overwritten.
    pub fn prepare(path: &Path, records: &[RecordId]) -> Result<Self, Problem> {
        if path == Path::new(STANDARD_OUTPUT) {
            return Ok(Self::Standard);
        }
        fs::create_dir_all(path).map_err(|error| {
            let folder = path.display();
            Problem::Typed(format!("{folder}: no folder can be made here: {error}"))
        })?;
        let files = records.iter().map(|record| file_of(*record));
        for file in files.chain([INDEX.into()]) {
            let file = path.join(file);
            if file.exists() {
                let file = file.display();
                let told = "is there already; name an empty folder with --output";
                return Err(Problem::Typed(format!("{file}: {told}")));
            }
        }
        Ok(Self::Folder(path.into()))
    }

    pub fn write(&self, ready: &[Ready], logged: &[Logged]) -> io::Result<()> {
        let mut delivered = Vec::new();
        for (one, log) in ready.iter().zip(logged) {
            let (file, document) = match self {
                Self::Standard => (None, Some(serde_json::from_slice(&one.kept.canonical)?)),
                Self::Folder(folder) => {
                    let file = file_of(one.record);
                    new_file(&folder.join(&file))?.write_all(&one.kept.canonical)?;
                    (Some(file), None)
                }
            };
            delivered.push(Delivered {
                record: one.record,
                version: one.version,
                commitment: one.commitment,
                salt: one.kept.salt,
                patient: log.patient,
                sequence: log.sequence,
                file,
                document,
            });
        }
        let index = pretty(&delivered);
        match self {
            Self::Standard => writeln!(io::stdout(), "{index}"),
            Self::Folder(folder) => new_file(&folder.join(INDEX))?.write_all(index.as_bytes()),
        }
    }
}

/// The file with a record's document. Named by its id, which says nothing about the patient.
fn file_of(record: RecordId) -> String {
    format!("{record}.json")
}

/// A file that was not there, and that on Unix nobody but its owner may read.
fn new_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn ready(record: RecordId, content: &[u8]) -> Ready {
        let disclosure = json!({
            "recipient": {"org": 1}, "action": "disclose", "purpose": "TREAT",
        });
        Ready {
            record,
            version: 2,
            commitment: H256::repeat_byte(2),
            kept: Kept {
                canonical: content.to_vec(),
                salt: H256::repeat_byte(3),
            },
            item: DisclosureItem {
                patient: PatientId::default(),
                disclosure: serde_json::from_value(disclosure).unwrap(),
                obligations_met: false,
            },
        }
    }

    fn logged(record: RecordId) -> Logged {
        Logged {
            record,
            version: 2,
            patient: PatientId::default(),
            sequence: 7,
        }
    }

    #[test]
    fn documents_are_written_as_they_were_kept_with_what_proves_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("for/clinic");
        let record = RecordId(H256::repeat_byte(1));
        let output = Output::prepare(&path, &[record]).ok().unwrap();
        let content = br#"{"resourceType":"List"}"#;
        output
            .write(&[ready(record, content)], &[logged(record)])
            .unwrap();

        let name = format!("{record}.json");
        assert_eq!(fs::read(path.join(&name)).unwrap(), content);
        let index: Value = serde_json::from_slice(&fs::read(path.join(INDEX)).unwrap()).unwrap();
        let expected = json!([{
            "record": record,
            "version": 2,
            "commitment": H256::repeat_byte(2),
            "salt": H256::repeat_byte(3),
            "patient": PatientId::default(),
            "sequence": 7,
            "file": name,
        }]);
        assert_eq!(index, expected);
        // Nothing is overwritten, and that is found before the chain logs anything.
        let told = Output::prepare(&path, &[record]).err().unwrap().to_string();
        assert!(told.contains("is there already"), "{told}");
    }
}
