//! What is inside a batch.

use super::document::Document;
use axonic_primitives::{consent::ResourceType, PatientId};
use serde::{Deserialize, Serialize};
use sp_core::H256;

/// What is inside a batch, leaf by leaf. From this alone, which is kept before the batch is
/// anchored, the tree can be built again.
#[derive(Serialize, Deserialize)]
struct Manifest {
    documents: Vec<Listed>,
}

#[derive(Serialize, Deserialize)]
struct Listed {
    class: ResourceType,
    commitment: H256,
    patient: PatientId,
}

/// The list of what is inside a batch, as it is kept.
pub(super) fn manifest_of(documents: &[Document]) -> Vec<u8> {
    let listed = documents.iter().map(|document| Listed {
        class: document.class,
        commitment: document.commitment,
        patient: document.patient,
    });
    let manifest = Manifest {
        documents: listed.collect(),
    };
    serde_jcs::to_vec(&manifest).expect("texts have a canonical form; qed")
}

/// The leaves that a batch's manifest lists. `None` if it is no manifest.
pub(in crate::cli) fn leaves_of(manifest: &[u8]) -> Option<Vec<H256>> {
    let manifest: Manifest = serde_json::from_slice(manifest).ok()?;
    let listed = manifest.documents.into_iter();
    Some(listed.map(|one| one.commitment).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::anchor::document::tests::checked;
    use serde_json::json;

    #[test]
    fn a_manifest_lists_the_leaves_in_their_order() {
        let given = json!({"resourceType": "Patient", "id": "1"});
        let mut documents = [1, 2].map(|byte| {
            let mut document = checked(&given).ok().unwrap();
            document.commitment = H256::repeat_byte(byte);
            document
        });
        documents.reverse();
        let leaves = [2, 1].map(H256::repeat_byte).to_vec();
        assert_eq!(leaves_of(&manifest_of(&documents)), Some(leaves));
        assert_eq!(leaves_of(b"{}"), None);
    }
}
