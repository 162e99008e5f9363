//! FHIR `VerificationResult`: what a check of a credential at its source found.
//!
//! The chain keeps the outcome and a commitment to the whole document with the credential. How the
//! check was made stays with whoever made it.

use super::{elements, findings::Findings, node::Node, parties, Note, Refusal, Resource, Version};
use crate::directory::Directory;
use axonic_primitives::{consent::ResourceType, Code, CredentialId};
use pallet_credentials::types::PrimarySource;

/// A check as it goes to the chain.
///
/// Has no `Debug`, so that what the document says cannot end up in a log.
pub struct SourceCheck {
    /// The credential that was checked.
    pub credential: CredentialId,
    /// What came out.
    pub outcome: PrimarySource,
    /// The RFC 8785 canonical form of the whole document, to be committed to.
    pub canonical: Vec<u8>,
    /// What became of each element of the document itself.
    pub notes: Vec<Note>,
}

/// Reads a `VerificationResult`, or says all that stands in the way.
///
/// R4 and R5 have the same elements. Their statuses differ by `entered-in-error`, which takes a
/// check back and is refused in either, so the version makes a difference to messages only.
pub fn read(
    resource: &Resource,
    version: Option<Version>,
    directory: &Directory,
) -> Result<SourceCheck, Vec<Refusal>> {
    resource.expect(ResourceType::VerificationResult)?;
    let kind = ResourceType::VerificationResult.code();
    let mut findings = Findings::default();
    let version = version.unwrap_or(Version::R5);
    elements::check_shape(version, kind, resource.value(), &mut findings);

    let result = Node::at(resource.value(), kind);
    let outcome = outcome(&result).and_then(|outcome| findings.found(outcome));
    let credential = findings.found(credential(&result, directory));
    let canonical = findings.found(resource.canonical());
    if let (Some(outcome), Some(credential)) = (outcome, credential) {
        findings.mapped(
            result.path_of("status"),
            format!("outcome {}", word(outcome)),
        );
        let target = format!("{}[0]", result.path_of("target"));
        findings.mapped(target, format!("credential {credential}"));
    }
    match (outcome, credential, canonical) {
        (Some(outcome), Some(credential), Some(canonical)) if findings.refusals.is_empty() => {
            Ok(SourceCheck {
                credential,
                outcome,
                canonical,
                notes: findings.notes,
            })
        }
        _ => Err(findings.refusals),
    }
}

/// The outcome that the status tells. `None` if it has none, which is refused by then.
fn outcome(result: &Node<'_>) -> Option<Result<PrimarySource, Refusal>> {
    let status = result.text("status")?;
    let refused = |reason: &str| Err(Refusal::new(result.path_of("status"), reason));
    Some(match status {
        "attested" => Ok(PrimarySource::Attested),
        "validated" => Ok(PrimarySource::Validated),
        "in-process" | "req-revalid" => Ok(PrimarySource::InProcess),
        "val-fail" | "reval-fail" => Ok(PrimarySource::Failed),
        "entered-in-error" => refused(
            "is `entered-in-error`; what the chain has recorded stays, so import the check that \
             is right",
        ),
        _ => refused(
            "is an unknown code, none of attested, validated, in-process, req-revalid, val-fail, \
             reval-fail",
        ),
    })
}

/// The credential that is the one target.
fn credential(result: &Node<'_>, directory: &Directory) -> Result<CredentialId, Refusal> {
    let targets = result.many("target");
    let [target] = &targets[..] else {
        let reason = if targets.is_empty() {
            "is missing; a check is recorded for a credential"
        } else {
            "must be one; a check is recorded for each credential by itself"
        };
        return Err(Refusal::new(result.path_of("target"), reason));
    };
    let reference = parties::literal(target)?;
    directory.credential(reference).ok_or_else(|| {
        let reason = "is no credential that the directory lists by this reference";
        Refusal::new(target.path(), reason)
    })
}

/// An outcome in a word.
pub fn word(outcome: PrimarySource) -> &'static str {
    match outcome {
        PrimarySource::Attested => "attested",
        PrimarySource::Validated => "validated",
        PrimarySource::InProcess => "in process",
        PrimarySource::Failed => "failed",
    }
}

#[cfg(test)]
mod tests;
