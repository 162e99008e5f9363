//! The store's key.

use super::{seal::Secret, StoreError};
use std::{
    env::{self, VarError},
    fs,
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

    /// Reads the key from `file`, or without one from the environment.
    pub fn load(file: Option<&Path>) -> Result<Self, StoreError> {
        let text = match file {
            Some(path) => fs::read_to_string(path).map_err(|error| StoreError::Unreadable {
                path: path.into(),
                error,
            })?,
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

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(StoreKey::load(Some(&path)).unwrap().bytes(), &[7; 32]);
        let told = StoreKey::load(Some(&folder.path().join("none")))
            .err()
            .unwrap();
        assert!(told.to_string().contains("none: cannot be read"), "{told}");
    }
}
