//! Refusals as a reader sees them: the name of the error, not its number.

use alloc::string::String;
use codec::{Decode, Encode};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_runtime::DispatchError;

/// The first error a call would give, by the name it has in the pallet's `Error` enum.
///
/// Runtime APIs answer with this instead of a `DispatchError`, whose pallet and error numbers mean
/// nothing to a reader without metadata.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Refusal(pub String);

impl From<DispatchError> for Refusal {
    fn from(error: DispatchError) -> Self {
        let name: &'static str = match &error {
            DispatchError::Module(module) => module.message.unwrap_or("unnamed module error"),
            other => (*other).into(),
        };
        Self(name.into())
    }
}
