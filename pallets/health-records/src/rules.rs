//! Which records, corrections and batches are well formed, and how a record moves through its
//! states.

use crate::types::{
    Batch, BatchDraft, Correction, LegalBasis, Record, RecordDraft, RecordFilter, ShredObstacle,
    Status, MAX_RETENTION,
};
use axonic_primitives::{
    consent::{Label, ResourceType},
    derive_id,
    merkle::{InclusionProof, MAX_LEAVES},
    BatchId, Codes, Moment, OrgId, PatientId, RecordId,
};
use sp_core::H256;

/// What a retention that has not elapsed rests on: a legal obligation to keep records, GDPR
/// Art. 17(3)(b).
pub const RETENTION_BASIS: LegalBasis = LegalBasis::LegalObligation;

/// The id of the record that `origin` anchored for the patient as number `sequence`.
///
/// So the index of a patient's records is a number for each member that anchored any.
pub fn record_id(patient: &PatientId, origin: OrgId, sequence: u32) -> RecordId {
    RecordId(derive_id(b"record", &(patient, origin), sequence.into()))
}

/// The id of the batch that `custodian` anchored as number `sequence`.
pub fn batch_id(custodian: OrgId, sequence: u64) -> BatchId {
    BatchId(derive_id(b"batch", &custodian, sequence))
}

/// What is wrong with a draft or a proof. Each is an error of the pallet by the same name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)] // The errors say what they mean.
pub enum Fault {
    UnknownClass,
    UnknownLabel,
    AmbiguousConfidentiality,
    NoCommitment,
    RetentionInPast,
    RetentionTooLong,
    EmptyBatch,
    TooManyLeaves,
    InvalidPeriod,
    TimeInFuture,
    LeafOutOfRange,
    BadProof,
}

fn ensure(holds: bool, fault: Fault) -> Result<(), Fault> {
    if holds {
        Ok(())
    } else {
        Err(fault)
    }
}

/// Whether resources of this type are about a patient: those of the patient compartment of FHIR R5
/// (`CompartmentDefinition/patient` 5.0.0), then those that only the one of R4 (4.0.1) has.
///
/// Neither has `Bundle` and `Binary`: a document is anchored as its `Composition`, a file as its
/// `DocumentReference`.
pub const fn is_about_a_patient(class: ResourceType) -> bool {
    use ResourceType::*;
    matches!(
        class,
        Account
            | AdverseEvent
            | AllergyIntolerance
            | Appointment
            | AppointmentResponse
            | AuditEvent
            | Basic
            | BiologicallyDerivedProductDispense
            | BodyStructure
            | CarePlan
            | CareTeam
            | ChargeItem
            | Claim
            | ClaimResponse
            | ClinicalImpression
            | Communication
            | CommunicationRequest
            | Composition
            | Condition
            | Consent
            | Contract
            | Coverage
            | CoverageEligibilityRequest
            | CoverageEligibilityResponse
            | DetectedIssue
            | DeviceAssociation
            | DeviceRequest
            | DeviceUsage
            | DiagnosticReport
            | DocumentReference
            | Encounter
            | EncounterHistory
            | EnrollmentRequest
            | EpisodeOfCare
            | ExplanationOfBenefit
            | FamilyMemberHistory
            | Flag
            | GenomicStudy
            | Goal
            | Group
            | GuidanceResponse
            | ImagingSelection
            | ImagingStudy
            | Immunization
            | ImmunizationEvaluation
            | ImmunizationRecommendation
            | Invoice
            | List
            | MeasureReport
            | MedicationAdministration
            | MedicationDispense
            | MedicationRequest
            | MedicationStatement
            | MolecularSequence
            | NutritionIntake
            | NutritionOrder
            | Observation
            | Patient
            | Person
            | Procedure
            | Provenance
            | QuestionnaireResponse
            | RelatedPerson
            | RequestOrchestration
            | ResearchSubject
            | RiskAssessment
            | Schedule
            | ServiceRequest
            | Specimen
            | SupplyDelivery
            | SupplyRequest
            | Task
            | VisionPrescription
            | DeviceUseStatement
            | DocumentManifest
            | Media
            | RequestGroup
    )
}

/// Labels are known, and at most one of them grades confidentiality.
pub fn check_labels(labels: Codes<Label>) -> Result<(), Fault> {
    ensure(labels.is_known(), Fault::UnknownLabel)?;
    let grades = labels.intersection(Codes::from(Label::CONFIDENTIALITY));
    ensure(grades.iter().count() <= 1, Fault::AmbiguousConfidentiality)
}

/// A retention ends after now and within 100 years.
pub fn check_retention(until: Moment, now: Moment) -> Result<(), Fault> {
    ensure(now < until, Fault::RetentionInPast)?;
    ensure(
        until <= now.saturating_add(MAX_RETENTION),
        Fault::RetentionTooLong,
    )
}

impl RecordDraft {
    /// Whether it is well formed at `now`, or the first thing that is wrong with it.
    pub fn check(&self, now: Moment) -> Result<(), Fault> {
        ensure(is_about_a_patient(self.class), Fault::UnknownClass)?;
        check_labels(self.labels)?;
        ensure(!self.commitment.is_zero(), Fault::NoCommitment)?;
        self.retain_until
            .map_or(Ok(()), |until| check_retention(until, now))
    }
}

impl Correction {
    /// Whether it is well formed, or the first thing that is wrong with it.
    pub fn check(&self) -> Result<(), Fault> {
        check_labels(self.labels)?;
        ensure(!self.commitment.is_zero(), Fault::NoCommitment)
    }
}

impl BatchDraft {
    /// Whether it is well formed at `now`, or the first thing that is wrong with it.
    pub fn check(&self, now: Moment) -> Result<(), Fault> {
        let empty = self.leaves == 0 || self.root.is_zero();
        ensure(!empty, Fault::EmptyBatch)?;
        ensure(self.leaves <= MAX_LEAVES, Fault::TooManyLeaves)?;
        ensure(self.first_at <= self.last_at, Fault::InvalidPeriod)?;
        ensure(self.last_at <= now, Fault::TimeInFuture)
    }
}

impl Batch {
    /// Whether the proof shows that `commitment` is a leaf of this batch.
    pub fn check_inclusion(&self, commitment: &H256, proof: &InclusionProof) -> Result<(), Fault> {
        let in_range = proof.leaves == self.leaves && proof.index < self.leaves;
        ensure(in_range, Fault::LeafOutOfRange)?;
        let included = proof.verify(self.kind.leaf_kind(), &self.root, commitment);
        ensure(included, Fault::BadProof)
    }
}

/// What happens to a record's latest version.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Action {
    /// A later one takes its place.
    Supersede,
    /// It is said that it should never have been recorded.
    MarkInError,
    /// Salt and commitment are destroyed.
    Shred,
}

/// Why it cannot happen. Each is an error of the pallet by the same name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)] // The errors say what they mean.
pub enum IllegalMove {
    NotCurrent,
    AlreadyShredded,
}

impl Status {
    /// Where the version stands after the action.
    pub const fn next(self, action: Action) -> Result<Self, IllegalMove> {
        match (self, action) {
            (Self::Shredded, _) => Err(IllegalMove::AlreadyShredded),
            (_, Action::Shred) => Ok(Self::Shredded),
            (Self::Current, Action::Supersede) => Ok(Self::Superseded),
            (Self::Current, Action::MarkInError) => Ok(Self::EnteredInError),
            (Self::Superseded | Self::EnteredInError, _) => Err(IllegalMove::NotCurrent),
        }
    }
}

impl Record {
    /// The first reason why it cannot be shredded at `now`, with the legal basis.
    pub fn shred_obstacle(&self, now: Moment) -> Option<ShredObstacle> {
        let Some(content) = &self.content else {
            return Some(ShredObstacle::AlreadyShredded);
        };
        if !content.holds.is_empty() {
            let bases = content.holds;
            return Some(ShredObstacle::Held { bases });
        }
        let until = content.retain_until.filter(|until| now < *until)?;
        let basis = RETENTION_BASIS;
        Some(ShredObstacle::Retained { basis, until })
    }

    /// Where the version with this number stands. Only the latest shares the record's status.
    pub fn status_of(&self, version: u32) -> Status {
        match &self.content {
            Some(content) if version < content.version => Status::Superseded,
            _ => self.status,
        }
    }
}

impl RecordFilter {
    /// Whether the reader wants this record. One that was shredded has neither class nor labels.
    pub fn admits(&self, record: &Record) -> bool {
        let content = record.content.as_ref();
        let class =
            self.classes.is_empty() || content.is_some_and(|c| self.classes.contains(&c.class));
        let labels =
            self.labels.is_empty() || content.is_some_and(|c| c.labels.intersects(self.labels));
        let custodian = self.custodian.is_none_or(|org| org == record.custodian);
        let status = self.statuses.is_empty() || self.statuses.contains(&record.status);
        class && labels && custodian && status && self.anchored.contains(record.anchored_at)
    }
}
