//! What is stored, sent and shown.

use alloc::vec::Vec;
use axonic_primitives::{
    closed, closed_codes,
    consent::{Label, ResourceType},
    data,
    merkle::{InclusionProof, LeafKind},
    sent, AccountId, BatchId, Codes, Moment, OrgId, PatientId, Period, RecordId, Signature,
};
use codec::{Decode, DecodeWithMemTracking, Encode};
use scale_info::TypeInfo;
use sp_core::H256;

/// One member anchors at most this many records under one id of a patient: one every hour for seven
/// years.
/// What comes more often is anchored in batches.
pub const MAX_RECORDS: u32 = 65_536;
/// A record has at most this many versions, so that one call can shred them all.
pub const MAX_VERSIONS: u32 = 64;
/// One call anchors at most this many records: the documents of a long stay in hospital.
pub const MAX_ANCHORS: u32 = 64;
/// A record is disputed at most this many times, so that one call can shred what the disputes say.
/// A batch is disputed at most this many times by each member: nobody needs a 65th proof that its
/// copies were changed, and nobody can keep others from bringing theirs.
pub const MAX_DISPUTES: u32 = 64;
/// A record can be kept for at most this long, 100 years, so that a slip of the pen does not keep
/// it for ever.
pub const MAX_RETENTION: Moment = 36_525 * 24 * 60 * 60 * 1000;
/// Readers get at most this many things at once.
pub const MAX_PAGE: u32 = 64;

closed! {
    /// Where a version of a record stands (FHIR R5 `DocumentReferenceStatus`, and shredded).
    pub enum Status {
        /// It is the record's content.
        #[codec(index = 0)]
        Current = 0,
        /// A later version took its place.
        #[codec(index = 1)]
        Superseded = 1,
        /// It should never have been recorded.
        #[codec(index = 2)]
        EnteredInError = 2,
        /// Salt and commitment are destroyed.
        #[codec(index = 3)]
        Shredded = 3,
    }

    /// Why a version took the place of another: the statuses of FHIR R5 `DiagnosticReportStatus`
    /// that change a report, then reasons that FHIR has no word for.
    pub enum CorrectionReason {
        /// What was preliminary is complete (`final`).
        #[codec(index = 0)]
        Final = 0,
        /// Something was added, nothing changed (`appended`).
        #[codec(index = 1)]
        Appended = 1,
        /// Something was changed after it was final (`amended`).
        #[codec(index = 2)]
        Amended = 2,
        /// An error was corrected after it was final (`corrected`).
        #[codec(index = 3)]
        Corrected = 3,
        /// The patient asked for it (GDPR Art. 16, 45 CFR 164.526).
        #[codec(index = 4)]
        Rectified = 4,
        /// Only the security labels changed.
        #[codec(index = 5)]
        Relabelled = 5,
    }

    /// What the leaves of a batch are.
    pub enum BatchKind {
        /// Clinical documents.
        #[codec(index = 0)]
        Records = 0,
        /// Readings of devices.
        #[codec(index = 1)]
        Telemetry = 1,
        /// Items of a data set.
        #[codec(index = 2)]
        Dataset = 2,
    }
}

closed_codes! {
    /// Why something must not be erased: the grounds of GDPR Art. 17(3), then others.
    LegalBasis, "legal bases (GDPR Art. 17 and 18, and others)" {
        /// Freedom of expression and information, Art. 17(3)(a).
        FreedomOfExpression = 0, "freedom-of-expression";
        /// A legal obligation or a task in the public interest, Art. 17(3)(b). What a retention
        /// that has not elapsed rests on.
        LegalObligation = 1, "legal-obligation";
        /// Public health, Art. 17(3)(c).
        PublicHealth = 2, "public-health";
        /// Archiving in the public interest, research or statistics, Art. 17(3)(d).
        ArchivingOrResearch = 3, "archiving-or-research";
        /// Legal claims, made, exercised or defended, Art. 17(3)(e).
        LegalClaims = 4, "legal-claims";
        /// Litigation that is pending or to be expected (US Federal Rules of Civil Procedure,
        /// Rule 37(e)).
        Litigation = 5, "litigation";
        /// An authority investigates (45 CFR 160.310).
        Investigation = 6, "investigation";
        /// The patient asked for restriction instead of erasure, Art. 18(1).
        SubjectRequest = 7, "subject-request";
    }
}

impl BatchKind {
    /// What the leaves are hashed as.
    pub const fn leaf_kind(self) -> LeafKind {
        match self {
            Self::Records => LeafKind::Record,
            Self::Telemetry => LeafKind::Telemetry,
            Self::Dataset => LeafKind::Dataset,
        }
    }
}

data! {
    /// What a dispute is about.
    #[derive(Copy, PartialOrd, Ord)]
    pub enum Subject {
        /// A record.
        #[codec(index = 0)]
        Record(RecordId),
        /// A batch.
        #[codec(index = 1)]
        Batch(BatchId),
    }

    /// Who disputes.
    #[derive(Copy, PartialOrd, Ord)]
    pub enum Disputant {
        /// A member organisation.
        #[codec(index = 0)]
        Member(OrgId),
        /// The patient, or a representative.
        #[codec(index = 1)]
        Patient,
    }

    /// One version of a record.
    pub struct Version {
        /// The member of staff who anchored it.
        pub author: AccountId,
        /// `blake2_256(salt ‖ canonical bytes)`. The salt stays with the custodian.
        pub commitment: H256,
        /// When it was anchored, UTC milliseconds.
        pub anchored_at: Moment,
        /// Why it took the place of the version before. None: it is the first.
        pub reason: Option<CorrectionReason>,
    }

    /// What is known of a record until it is shredded.
    pub struct Content {
        /// Its FHIR resource type.
        pub class: ResourceType,
        /// Its security labels, at most one of them a grade of confidentiality.
        pub labels: Codes<Label>,
        /// It must be kept until then, UTC milliseconds. None: no longer than it is needed.
        pub retain_until: Option<Moment>,
        /// It must be kept for as long as any of these stands.
        pub holds: Codes<LegalBasis>,
        /// The member that may take the record over.
        pub offered_to: Option<OrgId>,
        /// The number of the latest version, from 1.
        pub version: u32,
        /// The latest version.
        pub latest: Version,
    }

    /// A record through all its versions.
    pub struct Record {
        /// Whose it is, under the id it was anchored for. Merges do not change it.
        pub patient: PatientId,
        /// Who keeps it.
        pub custodian: OrgId,
        /// Who anchored it first.
        pub origin: OrgId,
        /// Counts, from 0, what `origin` anchored for the patient.
        pub sequence: u32,
        /// When its first version was anchored, UTC milliseconds.
        pub anchored_at: Moment,
        /// Where its latest version stands; never superseded.
        pub status: Status,
        /// When it was entered in error or shredded, UTC milliseconds.
        pub ended_at: Option<Moment>,
        /// How often it was disputed.
        pub disputes: u32,
        /// Everything else. None: it was shredded.
        pub content: Option<Content>,
    }

    /// What a member holds of a patient.
    #[derive(Default)]
    pub struct Holding {
        /// How many records it ever anchored. With the patient and the member, each smaller
        /// number makes the id of one.
        pub anchored: u32,
        /// How many records that are not shredded it keeps now.
        pub held: u32,
    }

    /// Many documents behind one root.
    pub struct Batch {
        /// Who keeps the documents and anchored them.
        pub custodian: OrgId,
        /// Counts the custodian's batches, from 0.
        pub sequence: u64,
        /// What the leaves are.
        pub kind: BatchKind,
        /// The root of the tree over the leaves.
        pub root: H256,
        /// How many leaves there are.
        pub leaves: u32,
        /// When the earliest of the documents came about, UTC milliseconds.
        pub first_at: Moment,
        /// When the latest of the documents came about, UTC milliseconds.
        pub last_at: Moment,
        /// Commitment to a list of what is inside. Zero: none.
        pub manifest_hash: H256,
        /// When it was anchored, UTC milliseconds.
        pub anchored_at: Moment,
        /// How often it was disputed.
        pub disputes: u32,
    }

    /// That somebody proved that a custodian delivered something else than it had anchored.
    pub struct Dispute {
        /// When, UTC milliseconds.
        pub at: Moment,
        /// The commitment to what was delivered. None: the record was shredded since.
        pub delivered: Option<H256>,
    }

    /// A record as somebody anchors it.
    #[derive(Copy)]
    #[serde(deny_unknown_fields)]
    pub struct RecordDraft {
        /// Its FHIR resource type, one of those that are about a patient.
        pub class: ResourceType,
        /// Its security labels, at most one of them a grade of confidentiality.
        #[serde(default)]
        pub labels: Codes<Label>,
        /// `blake2_256(salt ‖ canonical bytes)`. The salt stays with the custodian.
        pub commitment: H256,
        /// Until when it must be kept, UTC milliseconds, at most 100 years from now. None: no
        /// longer than it is needed.
        #[serde(default)]
        pub retain_until: Option<Moment>,
    }

    /// What takes the place of a record's latest version.
    #[derive(Copy)]
    #[serde(deny_unknown_fields)]
    pub struct Correction {
        /// The commitment to the new version.
        pub commitment: H256,
        /// The record's labels from now on.
        #[serde(default)]
        pub labels: Codes<Label>,
        /// Why.
        pub reason: CorrectionReason,
    }

    /// A batch as somebody anchors it.
    #[derive(Copy)]
    #[serde(deny_unknown_fields)]
    pub struct BatchDraft {
        /// What the leaves are.
        pub kind: BatchKind,
        /// The root of the tree over the leaves, as `axonic_primitives::merkle` builds it.
        pub root: H256,
        /// How many leaves there are, 2^20 at most.
        pub leaves: u32,
        /// When the earliest of the documents came about, UTC milliseconds.
        pub first_at: Moment,
        /// When the latest of the documents came about, UTC milliseconds.
        pub last_at: Moment,
        /// Commitment to a list of what is inside. Zero: none.
        #[serde(default)]
        pub manifest_hash: H256,
    }

    /// A record as readers see it.
    pub struct RecordInfo {
        /// Its id.
        pub id: RecordId,
        /// What is stored.
        pub record: Record,
    }

    /// A version as readers see it.
    pub struct VersionInfo {
        /// Its number, from 1.
        pub number: u32,
        /// Where it stands.
        pub status: Status,
        /// What is stored.
        pub version: Version,
    }

    /// A batch as readers see it.
    pub struct BatchInfo {
        /// Its id.
        pub id: BatchId,
        /// What is stored.
        pub batch: Batch,
    }

    /// A dispute as readers see it.
    pub struct DisputeInfo {
        /// The version of the record, or the leaf of the batch, that was delivered otherwise.
        pub place: u32,
        /// Who proved it.
        pub by: Disputant,
        /// What is stored.
        pub dispute: Dispute,
    }

    /// A member that keeps records of a patient.
    pub struct CustodianInfo {
        /// Which.
        pub org: OrgId,
        /// How many records that are not shredded it keeps.
        pub records: u32,
    }

    /// What a commitment is to a version of a record.
    #[serde(rename_all_fields = "camelCase")]
    pub enum Verification {
        /// It is what was anchored.
        #[codec(index = 0)]
        Matches {
            /// Where the version stands.
            status: Status,
            /// When it was anchored, UTC milliseconds.
            anchored_at: Moment,
        },
        /// Something else was anchored.
        #[codec(index = 1)]
        Differs,
        /// The record was shredded, so nobody can tell.
        #[codec(index = 2)]
        Shredded,
    }

    /// Why a record cannot be shredded.
    pub enum ShredObstacle {
        /// There is no such record.
        #[codec(index = 0)]
        NotFound,
        /// It was shredded before.
        #[codec(index = 1)]
        AlreadyShredded,
        /// It is held.
        #[codec(index = 2)]
        Held {
            /// Every basis on which it is.
            bases: Codes<LegalBasis>,
        },
        /// Its retention has not elapsed.
        #[codec(index = 3)]
        Retained {
            /// The basis of retentions.
            basis: LegalBasis,
            /// When it will have elapsed, UTC milliseconds.
            until: Moment,
        },
    }
}

sent! {
    /// Which records of a patient a reader wants. What is empty asks nothing.
    #[derive(Default)]
    #[serde(deny_unknown_fields, default)]
    pub struct RecordFilter {
        /// Any of these FHIR resource types.
        pub classes: Vec<ResourceType>,
        /// Any of these labels.
        pub labels: Codes<Label>,
        /// In this custody.
        pub custodian: Option<OrgId>,
        /// Any of these statuses.
        pub statuses: Vec<Status>,
        /// First anchored in this period.
        pub anchored: Period,
    }
}

/// What a custodian handed out, and signed.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Delivery {
    /// The commitment to what was handed out, made with the salt that came with it.
    pub delivered: H256,
    /// The member of the custodian's staff who signed.
    pub signer: AccountId,
    /// The first instant at which the signature no longer counts, UTC milliseconds.
    pub expires_at: Moment,
    /// The signature over the statement that the runtime API `delivery_statement` makes.
    pub signature: Signature,
}

/// That a custodian's copy differs from what it had anchored.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub enum Evidence {
    /// What was handed out as a version of a record.
    #[codec(index = 0)]
    Record {
        /// Which record.
        record: RecordId,
        /// The number of the version.
        version: u32,
        /// What was handed out.
        delivery: Delivery,
    },
    /// What was handed out as a leaf of a batch.
    #[codec(index = 1)]
    Leaf {
        /// Which batch.
        batch: BatchId,
        /// The commitment that was anchored.
        anchored: H256,
        /// That it was, and as which leaf.
        proof: InclusionProof,
        /// What was handed out.
        delivery: Delivery,
    },
}
