//! How an answer is written as JSON.

use serde::Serialize;

/// An answer as JSON for people and programs.
pub(super) fn pretty(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).expect("its members are named by texts; qed")
}
