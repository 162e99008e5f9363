//! Where disclosed documents go.

use crate::{
    cli::{json::pretty, Problem},
    store::Kept,
};
use axonic_primitives::{PatientId, RecordId};
use pallet_audit::types::DisclosureItem;
use serde::Serialize;
use serde_json::Value;
use sp_core::H256;
use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, ErrorKind, Write},
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
pub(super) enum Output {
    Standard,
    Folder(Reserved),
}

/// Names in a folder, taken so that nothing can come in between before the documents are written.
/// What is not written is given back in the end: no trace is left of a disclosure that was refused.
pub(super) struct Reserved {
    folder: PathBuf,
    /// The folders that were made for it, the innermost first.
    made: Vec<PathBuf>,
    /// The files that were made and are not yet written.
    unwritten: Vec<PathBuf>,
}

impl Output {
    /// Makes sure that the documents can be written, and that nothing is overwritten.
    pub fn prepare(path: &Path, records: &[RecordId]) -> Result<Self, Problem> {
        if path == Path::new(STANDARD_OUTPUT) {
            return Ok(Self::Standard);
        }
        let mut reserved = Reserved::folder(path)?;
        let files = records.iter().map(|record| file_of(*record));
        for file in files.chain([INDEX.into()]) {
            reserved.file(&file)?;
        }
        Ok(Self::Folder(reserved))
    }

    /// Hands the documents out. Each file appears whole or not at all.
    pub fn write(&mut self, ready: &[Ready], logged: &[Logged]) -> io::Result<()> {
        let mut delivered = Vec::new();
        for (one, log) in ready.iter().zip(logged) {
            let (file, document) = match self {
                Self::Standard => (None, Some(serde_json::from_slice(&one.kept.canonical)?)),
                Self::Folder(reserved) => {
                    let file = file_of(one.record);
                    reserved.write(&file, &one.kept.canonical)?;
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
            Self::Folder(reserved) => {
                reserved.write(INDEX, index.as_bytes())?;
                sync_folder(&reserved.folder)
            }
        }
    }
}

impl Reserved {
    /// The folder at `path`, which is made, for its owner alone, if there is none.
    fn folder(path: &Path) -> Result<Self, Problem> {
        let typed = |told: String| Problem::Typed(format!("{}: {told}", path.display()));
        let is_missing =
            |path: &&Path| !path.as_os_str().is_empty() && fs::symlink_metadata(path).is_err();
        let reserved = Self {
            folder: path.into(),
            made: path
                .ancestors()
                .take_while(is_missing)
                .map(Into::into)
                .collect(),
            unwritten: Vec::new(),
        };
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        let made = builder.create(path);
        made.map_err(|error| typed(format!("no folder can be made here: {error}")))?;
        // Whoever put a link here could lead it elsewhere at any time.
        let found = fs::symlink_metadata(path);
        let found = found.map_err(|error| typed(format!("cannot be read: {error}")))?;
        if found.is_symlink() {
            return Err(typed("is a link; name the folder itself".into()));
        }
        Ok(reserved)
    }

    /// Takes a name.
    fn file(&mut self, name: &str) -> Result<(), Problem> {
        let path = self.folder.join(name);
        let made = new_file(&path).map_err(|error| {
            let file = path.display();
            Problem::Typed(if error.kind() == ErrorKind::AlreadyExists {
                format!("{file}: is there already; name an empty folder with --output")
            } else {
                format!("{file}: cannot be made: {error}")
            })
        });
        made?;
        self.unwritten.push(path);
        Ok(())
    }

    /// Writes a file whose name was taken, whole or not at all.
    fn write(&mut self, name: &str, content: &[u8]) -> io::Result<()> {
        let path = self.folder.join(name);
        let draft = self.folder.join(format!(".{name}.part"));
        let mut file = new_file(&draft)?;
        self.unwritten.push(draft.clone());
        file.write_all(content)?;
        file.sync_all()?;
        fs::rename(&draft, &path)?;
        self.unwritten.retain(|one| *one != draft && *one != path);
        Ok(())
    }
}

impl Drop for Reserved {
    fn drop(&mut self) {
        for file in &self.unwritten {
            let _ = fs::remove_file(file);
        }
        for folder in &self.made {
            // Fails, as it should, if anything is in it.
            let _ = fs::remove_dir(folder);
        }
    }
}

/// Makes the files' names durable, which on Unix are entries in their folder.
fn sync_folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
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
        let mut output = Output::prepare(&path, &[record]).ok().unwrap();
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
        // Nothing but the two is left behind.
        drop(output);
        assert_eq!(fs::read_dir(&path).unwrap().count(), 2);
        // Nothing is overwritten, and that is found before the chain logs anything.
        let told = Output::prepare(&path, &[record]).err().unwrap().to_string();
        assert!(told.contains("is there already"), "{told}");
        assert_eq!(fs::read(path.join(&name)).unwrap(), content);
        assert_eq!(fs::read_dir(&path).unwrap().count(), 2);
    }

    #[test]
    fn names_are_taken_before_and_given_back_if_nothing_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("for/clinic");
        let record = RecordId(H256::repeat_byte(1));
        let output = Output::prepare(&path, &[record]).ok().unwrap();
        assert!(path.join(format!("{record}.json")).exists());
        assert!(Output::prepare(&path, &[record]).is_err());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o700);
        }
        drop(output);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_was_written_stays_if_the_rest_cannot_be() {
        let folder = tempfile::tempdir().unwrap();
        let [one, other] = [1, 2].map(|byte| RecordId(H256::repeat_byte(byte)));
        let mut output = Output::prepare(folder.path(), &[one, other]).ok().unwrap();
        // In the way of the second.
        fs::create_dir(folder.path().join(format!(".{other}.json.part"))).unwrap();
        let both = [ready(one, b"{}"), ready(other, b"{}")];
        let error = output.write(&both, &[logged(one), logged(other)]);
        assert!(error.is_err());
        drop(output);
        assert!(folder.path().join(format!("{one}.json")).exists());
        assert!(!folder.path().join(format!("{other}.json")).exists());
        assert!(!folder.path().join(INDEX).exists());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_neither_followed_nor_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let record = RecordId(H256::repeat_byte(1));
        let told = |path: &Path| Output::prepare(path, &[record]).err().unwrap().to_string();
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(folder.path(), &link).unwrap();
        assert!(told(&link).contains("is a link"));
        // A link to nothing is there all the same.
        let dangling = folder.path().join(INDEX);
        std::os::unix::fs::symlink("nowhere", dangling).unwrap();
        assert!(told(folder.path()).contains("is there already"));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }
}
