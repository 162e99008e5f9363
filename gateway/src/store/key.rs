//! The store's key.

use super::{seal::Secret, StoreError};
use std::{
    env::{self, VarError},
    fs::File,
    io::Read,
    path::Path,
};
use zeroize::Zeroizing;

/// The environment variable with the key, where no file is named.
pub const KEY_VARIABLE: &str = "AXONIC_STORE_KEY";

/// 32 bytes under which the key of every document is wrapped. Overwritten when it is dropped, and
/// without `Debug`, so that it cannot end up in a log.
pub struct StoreKey(Secret);

impl StoreKey {
    /// Reads 64 hexadecimal digits, with or without `0x` before them.
    pub fn from_hex(text: &str) -> Result<Self, StoreError> {
        let digits = text.strip_prefix("0x").unwrap_or(text);
        let mut key = Secret::default();
        hex::decode_to_slice(digits, &mut key[..]).map_err(|_| StoreError::BadKey)?;
        if key.iter().all(|byte| *byte == 0) {
            return Err(StoreError::BadKey);
        }
        Ok(Self(key))
    }

    /// Whether anybody says what the key is.
    pub fn is_given(file: Option<&Path>) -> bool {
        file.is_some() || env::var_os(KEY_VARIABLE).is_some()
    }

    /// Reads the key from `file`, which on Unix nobody but its owner may be able to read, or
    /// without one from the environment.
    pub fn load(file: Option<&Path>) -> Result<Self, StoreError> {
        let text = match file {
            Some(path) => read_secret(path)?,
            None => env::var(KEY_VARIABLE).map_err(|error| match error {
                VarError::NotPresent => StoreError::NoKey,
                VarError::NotUnicode(_) => StoreError::BadKey,
            })?,
        };
        let text = Zeroizing::new(text);
        Self::from_hex(text.trim())
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// The text of a file that others cannot read.
fn read_secret(path: &Path) -> Result<String, StoreError> {
    let unreadable = |error| StoreError::Unreadable {
        path: path.into(),
        error,
    };
    let mut file = File::open(path).map_err(unreadable)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let permissions = file.metadata().map_err(unreadable)?.permissions();
        if permissions.mode() & 0o077 != 0 {
            return Err(StoreError::Exposed(path.into()));
        }
    }
    let mut text = String::new();
    file.read_to_string(&mut text).map_err(unreadable)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// Makes a file what only its owner may read, or others too.
    fn permit(path: &Path, mode: u32) {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        }
        #[cfg(not(unix))]
        let _ = (path, mode);
    }

    #[test]
    fn a_key_is_64_digits_and_not_all_zero() {
        let digits = "07".repeat(32);
        for text in [digits.clone(), format!("0x{digits}")] {
            assert_eq!(StoreKey::from_hex(&text).unwrap().bytes(), &[7; 32]);
        }
        for text in [
            "",
            "07",
            &"0".repeat(64),
            &"xy".repeat(32),
            &"07".repeat(33),
        ] {
            let told = StoreKey::from_hex(text).err().unwrap().to_string();
            assert!(told.contains("64 hexadecimal digits"), "{told}");
            assert!(!told.contains("xy"), "{told}");
        }
    }

    #[test]
    fn a_key_file_may_end_its_line_and_must_be_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        fs::write(&path, format!("{}\n", "07".repeat(32))).unwrap();
        permit(&path, 0o600);
        assert_eq!(StoreKey::load(Some(&path)).unwrap().bytes(), &[7; 32]);
        let told = StoreKey::load(Some(&folder.path().join("none")))
            .err()
            .unwrap();
        assert!(told.to_string().contains("none: cannot be read"), "{told}");
    }

    #[cfg(unix)]
    #[test]
    fn a_key_file_that_others_may_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        fs::write(&path, "07".repeat(32)).unwrap();
        for mode in [0o640, 0o604, 0o660] {
            permit(&path, mode);
            let told = StoreKey::load(Some(&path)).err().unwrap();
            assert!(matches!(told, StoreError::Exposed(_)), "{told}");
        }
        assert!(StoreKey::is_given(Some(&path)));
    }
}
