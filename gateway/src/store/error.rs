//! What can go wrong with a store.

use super::KEY_VARIABLE;
use std::{
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

/// What can go wrong with a store. Tells paths, and never anything that is in one.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A file cannot be read or written.
    #[error("{}: cannot be read or written: {error}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// Somebody else has the store open.
    #[error("{}: another process has this store open; try again when it is done", .0.display())]
    Locked(PathBuf),
    /// The file is something else.
    #[error("{}: is no store of this gateway; name another file with --store", .0.display())]
    Foreign(PathBuf),
    /// The file was changed by somebody else, or the disk lost some of it.
    #[error("{}: this store is damaged; put back a copy of it", .0.display())]
    Corrupt(PathBuf),
    /// The key is another than the one the store was made with.
    #[error("{}: this store was written with another key", .0.display())]
    WrongKey(PathBuf),
    /// The database failed in another way.
    #[error("{}: the store failed: {reason}", .path.display())]
    Failed {
        /// The file.
        path: PathBuf,
        /// What the database says.
        reason: String,
    },
    /// Nobody said what the key is.
    #[error(
        "the store needs its key: put 64 hexadecimal digits into the environment variable {}, or \
         into a file named with --store-key-file",
        KEY_VARIABLE
    )]
    NoKey,
    /// The key is none.
    #[error("the store's key must be 64 hexadecimal digits, not all of them zero")]
    BadKey,
    /// The key's file is no secret.
    #[error(
        "{}: others than its owner may read this key; chmod it to 600, and draw another if \
         somebody did",
        .0.display()
    )]
    Exposed(PathBuf),
    /// Keys and salts cannot be drawn.
    #[error("the operating system gives no random bytes, so no key or salt can be drawn")]
    NoRandomness,
}

/// What the database says, as the gateway says it.
pub(super) fn problem(path: &Path, error: redb::Error) -> StoreError {
    let path = path.to_path_buf();
    match error {
        redb::Error::DatabaseAlreadyOpen | redb::Error::LockProtocolMismatch => {
            StoreError::Locked(path)
        }
        redb::Error::Corrupted(_) => StoreError::Corrupt(path),
        redb::Error::Io(error) => match error.kind() {
            // It does not begin as a database does.
            ErrorKind::InvalidData => StoreError::Foreign(path),
            // It ends before the database does.
            ErrorKind::UnexpectedEof => StoreError::Corrupt(path),
            _ => StoreError::Unreadable { path, error },
        },
        redb::Error::UpgradeRequired(_)
        | redb::Error::TableDoesNotExist(_)
        | redb::Error::TableTypeMismatch { .. }
        | redb::Error::TypeDefinitionChanged { .. }
        | redb::Error::TableIsMultimap(_) => StoreError::Foreign(path),
        other => StoreError::Failed {
            path,
            reason: other.to_string(),
        },
    }
}
