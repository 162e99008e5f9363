//! FHIR R4 (4.0.1) and R5 (5.0.0) as the chain keeps it.
//!
//! The chain decides by what was written down: which elements count and what they mean is settled
//! here, in the open, or the document is refused. Everything here is pure. All refusals of a
//! document are found at once, each with its path.
//!
//! - [`Resource`] reads a file that holds a resource of any type: its canonical form, which
//!   commitments are made to, its security labels, and the patient it is about.
//! - [`elements`] has the tables of what every element of a `Consent`, an `AuditEvent` and a
//!   `VerificationResult` becomes.
//! - [`map`] turns a `Consent`, read as a [`Document`], into terms. `r4` and `r5` read what is
//!   particular to a version; `provisions`, `parties`, `vocabulary` and [`period`] read what both
//!   share.
//! - [`audit_event`] reads what goes into an access log, [`verification_result`] a check of a
//!   credential at its source.

pub mod audit_event;
mod document;
pub mod elements;
mod findings;
mod json;
mod node;
mod parties;
pub mod period;
mod provisions;
mod r4;
mod r5;
mod resource;
#[cfg(test)]
mod tests;
pub mod verification_result;
mod vocabulary;

pub(crate) use json::{well_formed, FILE};
pub(crate) use provisions::word;
pub(crate) use vocabulary::listed;

pub use document::Document;
pub use findings::{Note, Outcome, Refusal};
pub use json::MAX_BYTES;
pub use resource::Resource;

use crate::directory::Directory;
use axonic_primitives::{Moment, PatientId};
use clap::ValueEnum;
use findings::Findings;
use node::Node;
use pallet_consent::{
    rules::Fault,
    types::{Draft, Terms},
};
use serde::Serialize;
use sp_core::H256;
use std::fmt;

/// A version of FHIR.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ValueEnum)]
#[serde(rename_all = "camelCase")]
pub enum Version {
    /// FHIR R4, 4.0.1.
    R4,
    /// FHIR R5, 5.0.0.
    R5,
}

impl Version {
    /// What belongs to this version.
    pub(crate) fn pick<T>(self, r4: T, r5: T) -> T {
        match self {
            Self::R4 => r4,
            Self::R5 => r5,
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.pick("R4", "R5"))
    }
}

/// How an R4 root rule without a type is read.
///
/// R4 says that a root rule has no type, and HL7's own R4 examples use such roots in two opposite
/// senses, which only their R5 twins tell apart. So somebody who knows the sender has to say.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, ValueEnum)]
pub enum UntypedRoot {
    /// Not at all: it is refused.
    #[default]
    Refuse,
    /// The base policy holds for what the root describes, and its opposite for everything else.
    Context,
    /// The opposite of the base policy holds for what the root describes. Nested rules without a
    /// type are exceptions likewise.
    Exception,
}

/// What the reader of a document knows about it.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Options {
    /// Its version. Unknown: told by its elements.
    pub version: Option<Version>,
    /// How an R4 root rule without a type is meant.
    pub untyped_root: UntypedRoot,
}

/// Whose signature grants the consent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Signatory {
    /// The patient's own.
    Patient(PatientId),
    /// That of the representative with this reference.
    Representative(String),
}

/// What a document became.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mapped {
    /// The version it is written in.
    pub version: Version,
    /// The patient to grant it for.
    pub patient: PatientId,
    /// Who has to sign.
    pub signatory: Signatory,
    /// What to grant.
    pub terms: Draft,
    /// What became of each element.
    pub notes: Vec<Note>,
}

/// Maps a document, or says all that stands in the way.
///
/// `evidence_salt` is drawn for this document alone and kept with it: without it the commitment to
/// the document proves nothing, and destroying it makes the commitment meaningless.
pub fn map(
    document: &Document,
    options: Options,
    directory: &Directory,
    evidence_salt: &H256,
) -> Result<Mapped, Vec<Refusal>> {
    let resource = document.resource();
    let version = match options.version {
        Some(version) => version,
        None => elements::version_of(elements::ROWS, "Consent", resource)
            .map_err(|refusal| vec![refusal])?,
    };
    let findings = Findings::default();
    let mut mapper = Mapper {
        directory,
        untyped_root: options.untyped_root,
        findings,
    };
    elements::walk(version, resource, &mut mapper.findings);

    let consent = Node::at(resource, "Consent");
    mapper.status(&consent);
    let patient = mapper.patient(&consent, version);
    let signatory = patient.and_then(|patient| mapper.signatory(&consent, version, patient));
    let (scope, ruling, policies) = match version {
        Version::R4 => (
            mapper.r4_scope(&consent),
            mapper.r4_ruling(&consent),
            mapper.r4_policies(&consent),
        ),
        Version::R5 => {
            let ruling = mapper.r5_ruling(&consent);
            mapper.r5_grantees(&consent, patient, ruling.decision);
            (
                mapper.r5_scope(&consent),
                ruling,
                mapper.r5_policies(&consent),
            )
        }
    };
    let period = consent
        .one("period")
        .and_then(|node| mapper.period(&node, period::About::Validity));
    let decision = ruling.decision;
    let provisions = mapper.flatten(ruling.rules);
    let evidence_hash = match document.commitment(evidence_salt) {
        Ok(commitment) => commitment,
        Err(refusal) => {
            mapper.findings.refuse(refusal.path, refusal.reason);
            H256::zero()
        }
    };

    let Findings { notes, refusals } = mapper.findings;
    match (patient, signatory, scope) {
        (Some(patient), Some(signatory), Some(scope)) if refusals.is_empty() => Ok(Mapped {
            version,
            patient,
            signatory,
            terms: Draft {
                scope,
                decision,
                period: period.unwrap_or_default(),
                provisions,
                policy_hash: directory.policy_hash(&policies),
                evidence_hash,
            },
            notes,
        }),
        _ => Err(refusals),
    }
}

/// Checks the terms as the chain will at `now`, so that what it would refuse is not sent at all.
pub fn check(terms: &Draft, now: Moment) -> Result<Terms, Refusal> {
    terms.clone().check(now).map_err(|fault| match fault {
        Fault::PeriodInPast => Refusal::new("Consent.period", "is already over"),
        other => Refusal::new(
            "Consent",
            format!("would be refused by the chain: {other:?}"),
        ),
    })
}

/// Reads one document.
pub(crate) struct Mapper<'a> {
    directory: &'a Directory,
    untyped_root: UntypedRoot,
    findings: Findings,
}
