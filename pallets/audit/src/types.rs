//! What this pallet stores and answers.

use alloc::vec::Vec;
use axonic_primitives::{
    consent::{
        Action, Basis, DataRef, Denial, Label, PurposeOfUse, Recipient, ResourceType, MAX_CLASSES,
    },
    data,
    patients::Acting,
    sent, shown, AccountId, Codes, Moment, OrgId, PatientId, Period,
};
use codec::{Decode, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;
use sp_core::H256;

sent! {
    /// What a custodian wants to log: what was, or would have been, disclosed, to whom and why.
    ///
    /// It is put to the patient's consents as it stands. What it does not name is unknown, not
    /// absent, so that consents about it become obligations.
    #[serde(deny_unknown_fields)]
    pub struct Disclosure {
        /// Who receives the data.
        pub recipient: Recipient,
        /// What the recipient does with it: access, use, or disclose (FHIR R5 `consentaction`). An
        /// emergency access permits the first two.
        pub action: Action,
        /// Why.
        pub purpose: PurposeOfUse,
        /// The FHIR resource types of the data, 16 at most. Empty: not known.
        #[serde(default)]
        pub classes: Vec<ResourceType>,
        /// The security labels of the data. Empty: not known. Put to the gate and not stored.
        #[serde(default)]
        pub labels: Codes<Label>,
        /// Salted commitments to codes of the data, 16 at most. Put to the gate and not stored.
        #[serde(default)]
        pub codes: Vec<H256>,
        /// Which data, 8 references at most, the custodian's own (`HeldBy`) among them, which is
        /// added where it is missing. Put to the gate and not stored.
        #[serde(default)]
        pub data: Vec<DataRef>,
        /// When the data came about. Absent: not known. Put to the gate and not stored.
        #[serde(default)]
        pub data_period: Option<Period>,
        /// Salted commitment to what was disclosed. Zero: none, which only a refused attempt may
        /// have.
        #[serde(default)]
        pub content: H256,
    }

    /// One of several disclosures that are logged together.
    #[serde(deny_unknown_fields)]
    pub struct DisclosureItem {
        /// Whose data.
        pub patient: PatientId,
        /// What was disclosed.
        pub disclosure: Disclosure,
        /// Whether the custodian has met the obligations that the permit comes with, if any.
        #[serde(default)]
        pub obligations_met: bool,
    }
}

data! {
    /// What the gate answered when the entry was made.
    #[derive(Copy)]
    pub enum Outcome {
        /// It permitted, and the data was disclosed.
        #[codec(index = 0)]
        Disclosed {
            /// What the permit rests on.
            basis: Basis,
            /// Whether it came with obligations, which the custodian says were met.
            conditional: bool,
        },
        /// It refused, and the custodian reports the attempt.
        #[codec(index = 1)]
        Refused(Denial),
    }

    /// A row of a patient's log (45 CFR 164.528(b)(2): date, recipient, what, purpose). Never
    /// changes.
    ///
    /// Its SCALE bytes are what the log's hash chain is made of.
    pub struct Entry {
        /// Its place in the patient's log, from 0, without gaps.
        pub sequence: u64,
        /// When it was logged, UTC milliseconds.
        pub at: Moment,
        /// The organisation that keeps the data.
        pub custodian: OrgId,
        /// Its place among the custodian's entries, from 0, without gaps until entries are pruned.
        pub custodian_sequence: u64,
        /// The custodian's member of staff who logged it.
        pub discloser: AccountId,
        /// The organisation that received the data, or would have.
        pub recipient: OrgId,
        /// Its member of staff, if one was named.
        pub practitioner: Option<AccountId>,
        /// Why.
        pub purpose: PurposeOfUse,
        /// What the recipient does with the data.
        pub action: Action,
        /// The FHIR resource types of the data. Empty: not said.
        pub classes: BoundedVec<ResourceType, ConstU32<MAX_CLASSES>>,
        /// Salted commitment to what was disclosed. Zero: none.
        pub content: H256,
        /// What the gate answered.
        pub outcome: Outcome,
    }
}

/// Where a patient's log stands.
///
/// `head` is the fold of the kept entries, from `first` to before `next`, onto `base`: see
/// [`crate::rules::next_head`]. A log starts with both at the patient's id, so that no log passes
/// for another's.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Log {
    /// The oldest entry that is kept.
    pub first: u64,
    /// The sequence of the next entry.
    pub next: u64,
    /// The head before `first`.
    pub base: H256,
    /// The head after the last entry.
    pub head: H256,
}

data! {
    /// What a custodian found about an entry that a patient contested.
    #[derive(Copy)]
    pub enum Finding {
        /// It was in order.
        #[codec(index = 0)]
        Justified,
        /// It should not have happened.
        #[codec(index = 1)]
        Unjustified,
        /// It did not happen as logged; for instance, it was another patient's data.
        #[codec(index = 2)]
        LoggedInError,
    }

    /// A custodian's answer to a contest.
    pub struct Answer {
        /// What was found.
        pub finding: Finding,
        /// Salted commitment to the explanation, which the patient gets off chain.
        pub explanation: H256,
        /// The officer who answered.
        pub officer: AccountId,
        /// When, UTC milliseconds.
        pub answered_at: Moment,
    }

    /// That a patient asks for an explanation of an entry.
    pub struct Contest {
        /// In which capacity somebody asked for the patient.
        pub by: Acting,
        /// When, UTC milliseconds.
        pub contested_at: Moment,
        /// The custodian's answer.
        pub answer: Option<Answer>,
    }

    /// Rows of a custodian's own access log behind one Merkle root, whose leaves are of the kind
    /// `access`.
    #[derive(Copy)]
    pub struct AccessLogBatch {
        /// The root, see `axonic_primitives::merkle`.
        pub root: H256,
        /// How many leaves there are.
        pub count: u32,
        /// When the first access was, UTC milliseconds.
        pub first_at: Moment,
        /// When the last access was, UTC milliseconds.
        pub last_at: Moment,
        /// When the root was anchored, UTC milliseconds.
        pub anchored_at: Moment,
    }
}

/// Where a custodian's batches stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct AccessLogHead {
    /// The sequence of the next batch, which is also how many there are.
    pub next: u32,
    /// When the last access of the last batch was, UTC milliseconds.
    pub last_at: Moment,
}

shown! {
    /// What `disclose` would store: the gate's answer.
    pub struct Permitted {
        /// The id in whose log the entry would be: the one that was asked about.
        pub patient: PatientId,
        /// What the permit rests on.
        pub basis: Basis,
        /// Whether it comes with obligations.
        pub conditional: bool,
    }

    /// An entry as readers see it.
    pub struct DisclosureInfo {
        /// The id in whose log it is, which may be one that was merged since.
        pub patient: PatientId,
        /// What is stored.
        pub entry: Entry,
        /// The patient's question about it and the custodian's answer, if it was contested.
        pub contest: Option<Contest>,
    }

    /// A log as readers see it: what is needed to check its entries against its head.
    pub struct LogInfo {
        /// The id in whose log it is.
        pub patient: PatientId,
        /// The oldest entry that is kept.
        pub first: u64,
        /// The sequence of the next entry.
        pub next: u64,
        /// The head before `first`.
        pub base: H256,
        /// The head after the last entry.
        pub head: H256,
    }

    /// A contest that waits for its answer, as readers see it.
    pub struct ContestInfo {
        /// The id in whose log the entry is.
        pub patient: PatientId,
        /// Which entry.
        pub sequence: u64,
        /// What is stored.
        pub contest: Contest,
        /// When it should be answered, UTC milliseconds.
        pub due_at: Moment,
        /// Whether that instant has come without an answer.
        pub overdue: bool,
    }

    /// A batch as readers see it.
    pub struct AccessLogInfo {
        /// The custodian.
        pub org: OrgId,
        /// Its place among the custodian's batches, from 0, without gaps.
        pub sequence: u32,
        /// What is stored.
        pub batch: AccessLogBatch,
        /// Whether it was anchored more than the cadence after the one before it.
        pub late: bool,
    }

    /// A stretch longer than the cadence that no batch covers.
    #[derive(Copy)]
    pub struct Gap {
        /// The batch before it.
        pub after: u32,
        /// When that batch's last access was, UTC milliseconds.
        pub from: Moment,
        /// When the next batch's first access was, or now, UTC milliseconds.
        pub to: Moment,
        /// Whether it lasts until now, because no batch followed.
        pub open: bool,
    }
}
