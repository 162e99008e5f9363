//! The rules of the audit log, pure: which question a disclosure puts, how logs are chained, what
//! may be pruned, which batches may follow, where the cadence was broken. No storage, no clock, no
//! origin.

use crate::{
    types::{AccessLogBatch, Contest, Disclosure, Entry, Gap, Log},
    ANSWER_WINDOW, CADENCE, MAX_BATCHES_SEARCHED, RETENTION,
};
use axonic_primitives::{
    consent::{AccessQuery, Action, DataRef, Denial},
    merkle::{InclusionProof, LeafKind, MAX_LEAVES},
    Moment, OrgId, PatientId,
};
use codec::Encode;
use sp_core::H256;

/// Why something does not go by the rules.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// To collect or to correct data is not to disclose it.
    NotADisclosure,
    /// The data is held by another organisation.
    NotCustodian,
    /// More classes, codes or references than a query may name.
    MaxTargetsExceeded,
    /// A commitment or root is zero.
    CommitmentMissing,
    /// A batch has no leaves.
    EmptyBatch,
    /// A batch has more leaves than a tree may have.
    TooManyLeaves,
    /// A batch's first access is after its last.
    InvalidPeriod,
    /// A batch's last access is yet to come.
    TimeInFuture,
    /// A batch's first access is not after the previous batch's last.
    OverlapsPrevious,
    /// An entry has to be kept longer.
    RetentionNotElapsed,
    /// An entry waits for a custodian's explanation.
    ContestOpen,
    /// A proof names a leaf that its batch does not have.
    LeafOutOfRange,
    /// A proof does not lead from the commitment to the root.
    BadProof,
}

impl Disclosure {
    /// The question to put to the patient's consents when `custodian` discloses this: about data
    /// that the custodian holds.
    pub fn question(self, custodian: OrgId) -> Result<AccessQuery, Fault> {
        if matches!(self.action, Action::Collect | Action::Correct) {
            return Err(Fault::NotADisclosure);
        }
        let own = DataRef::HeldBy(custodian);
        let mut data = self.data;
        if data.iter().any(|one| one.is_alike(&own) && *one != own) {
            return Err(Fault::NotCustodian);
        }
        if !data.contains(&own) {
            data.push(own);
        }
        Ok(AccessQuery {
            recipient: self.recipient,
            action: self.action,
            purpose: self.purpose,
            classes: self
                .classes
                .try_into()
                .map_err(|_| Fault::MaxTargetsExceeded)?,
            labels: self.labels,
            codes: self
                .codes
                .try_into()
                .map_err(|_| Fault::MaxTargetsExceeded)?,
            data: data.try_into().map_err(|_| Fault::MaxTargetsExceeded)?,
            data_period: self.data_period,
        })
    }
}

/// Whether a denial says something about an attempt to see a patient's data, rather than about a
/// question that nobody could answer.
pub const fn is_refusal(denial: &Denial) -> bool {
    !matches!(
        denial,
        Denial::PatientNotFound | Denial::MalformedQuery | Denial::NoGate
    )
}

/// The head of a log after `entry`: `blake2_256(head ‖ SCALE(entry))`.
pub fn next_head(head: &H256, entry: &Entry) -> H256 {
    (head, entry)
        .using_encoded(sp_io::hashing::blake2_256)
        .into()
}

impl Log {
    /// The log of a patient about whom nothing was logged.
    pub const fn new(patient: &PatientId) -> Self {
        Self {
            first: 0,
            next: 0,
            base: patient.0,
            head: patient.0,
        }
    }

    /// The log with one more entry, whose sequence is [`Log::next`]. `None` if numbers run out.
    pub fn with(self, entry: &Entry) -> Option<Self> {
        Some(Self {
            next: self.next.checked_add(1)?,
            head: next_head(&self.head, entry),
            ..self
        })
    }

    /// The log without its oldest entry, which is given. The head stays.
    pub fn without_oldest(self, entry: &Entry) -> Self {
        Self {
            first: entry.sequence.saturating_add(1),
            base: next_head(&self.base, entry),
            ..self
        }
    }
}

impl Contest {
    /// When it should be answered, UTC milliseconds.
    pub const fn due_at(&self) -> Moment {
        self.contested_at.saturating_add(ANSWER_WINDOW)
    }

    /// Whether it should have been answered by `now` and was not.
    pub const fn is_overdue(&self, now: Moment) -> bool {
        self.answer.is_none() && self.due_at() <= now
    }
}

/// Whether an entry logged at `at` may go: neither it nor the answer about it is younger than the
/// retention, and nobody has waited for an answer for less. Whoever owes one may have left the
/// consortium, so a question that nobody answered is closed after that time.
pub fn check_prunable(at: Moment, contest: Option<&Contest>, now: Moment) -> Result<(), Fault> {
    let is_young = |since: Moment| now < since.saturating_add(RETENTION);
    if is_young(at) {
        return Err(Fault::RetentionNotElapsed);
    }
    let Some(contest) = contest else {
        return Ok(());
    };
    match &contest.answer {
        None if is_young(contest.contested_at) => Err(Fault::ContestOpen),
        Some(answer) if is_young(answer.answered_at) => Err(Fault::RetentionNotElapsed),
        _ => Ok(()),
    }
}

impl AccessLogBatch {
    /// Whether the batch may follow one whose last access was at `previous`.
    pub fn check(&self, previous: Option<Moment>) -> Result<(), Fault> {
        if self.root.is_zero() {
            return Err(Fault::CommitmentMissing);
        }
        if self.count == 0 {
            return Err(Fault::EmptyBatch);
        }
        if self.count > MAX_LEAVES {
            return Err(Fault::TooManyLeaves);
        }
        if self.first_at > self.last_at {
            return Err(Fault::InvalidPeriod);
        }
        if self.last_at > self.anchored_at {
            return Err(Fault::TimeInFuture);
        }
        if previous.is_some_and(|previous| self.first_at <= previous) {
            return Err(Fault::OverlapsPrevious);
        }
        Ok(())
    }

    /// Whether the batch was anchored more than the cadence after the one before it. The first has
    /// nothing to be counted from.
    pub fn is_late(&self, previous: Option<&Self>) -> bool {
        previous
            .is_some_and(|previous| self.anchored_at.saturating_sub(previous.anchored_at) > CADENCE)
    }

    /// Whether the proof shows that the access with this commitment is in the batch.
    pub fn check_access(&self, commitment: &H256, proof: &InclusionProof) -> Result<(), Fault> {
        if proof.index >= self.count {
            return Err(Fault::LeafOutOfRange);
        }
        let proves =
            proof.leaves == self.count && proof.verify(LeafKind::Access, &self.root, commitment);
        if proves {
            Ok(())
        } else {
            Err(Fault::BadProof)
        }
    }
}

/// The stretches longer than the cadence that none of a custodian's batches covers, behind each of
/// the first [`MAX_BATCHES_SEARCHED`] of `batches`. They come with their sequences and in order; the
/// stretch behind the last of all lasts until `now`.
pub fn cadence_gaps(
    batches: impl Iterator<Item = (u32, AccessLogBatch)>,
    now: Moment,
) -> impl Iterator<Item = Gap> {
    let mut batches = batches.peekable();
    let mut searched = 0..MAX_BATCHES_SEARCHED;
    core::iter::from_fn(move || {
        while searched.next().is_some() {
            let (after, batch) = batches.next()?;
            let next = batches.peek().map(|(_, next)| next.first_at);
            let gap = Gap {
                after,
                from: batch.last_at,
                to: next.unwrap_or(now),
                open: next.is_none(),
            };
            if gap.to.saturating_sub(gap.from) > CADENCE {
                return Some(gap);
            }
        }
        None
    })
}

/// The first number from `low` up that is not `before`, or `high`. What is `before` comes first.
pub fn partition_point(mut low: u64, mut high: u64, before: impl Fn(u64) -> bool) -> u64 {
    while low < high {
        let middle = low.saturating_add((high - low) / 2);
        if before(middle) {
            low = middle.saturating_add(1);
        } else {
            high = middle;
        }
    }
    low
}
