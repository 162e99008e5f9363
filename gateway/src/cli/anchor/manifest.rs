//! What is inside a batch.

use super::document::Document;
use axonic_primitives::{consent::ResourceType, PatientId};
use serde::Serialize;
use sp_core::H256;

/// What is inside a batch, leaf by leaf.
#[derive(Serialize)]
struct Manifest {
    documents: Vec<Listed>,
}

#[derive(Serialize)]
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::anchor::document::tests::checked;
    use serde_json::{json, Value};

    #[test]
    fn a_manifest_lists_the_leaves_in_their_order() {
        let given = json!({"resourceType": "Patient", "id": "1"});
        let mut documents = [1, 2].map(|byte| {
            let mut document = checked(&given).ok().unwrap();
            document.commitment = H256::repeat_byte(byte);
            document
        });
        documents.reverse();
        let manifest: Value = serde_json::from_slice(&manifest_of(&documents)).unwrap();
        let listed = |byte| {
            json!({
                "class": "Patient",
                "commitment": H256::repeat_byte(byte),
                "patient": H256::repeat_byte(1),
            })
        };
        assert_eq!(manifest, json!({"documents": [listed(2), listed(1)]}));
    }
}
