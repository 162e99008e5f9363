#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod access_logs;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod contests;
mod disclosing;
#[cfg(test)]
mod mock;
mod reads;
pub mod rules;
pub mod runtime_api;
#[cfg(test)]
mod tests;
#[cfg(any(test, feature = "try-runtime"))]
mod try_state;
pub mod types;
pub mod weights;

pub use pallet::*;
pub use weights::WeightInfo;

use axonic_primitives::Moment;

const HOUR: Moment = 60 * 60 * 1000;
const DAY: Moment = 24 * HOUR;

/// Entries and answers are kept for six years (45 CFR 164.528(a)(1) and 164.530(j)(2)), of which
/// none has more than 2,192 days.
pub const RETENTION: Moment = 2_192 * DAY;
/// A custodian is to anchor its own access log at least this often: a large hospital has about a
/// million accesses a day, and about as many fit under one root. A root that comes later after the
/// one before is late, and a longer stretch that no root covers is a gap.
pub const CADENCE: Moment = 24 * HOUR;
/// A patient's question is to be answered within this time: the 30 days in which access to records
/// is to be given (45 CFR 164.524(b)(2)), not the 60 for a whole accounting (164.528(c)(1)).
pub const ANSWER_WINDOW: Moment = 30 * DAY;
/// At most this many disclosures are logged, or entries pruned, in one call.
pub const MAX_BATCH: u32 = 64;
/// The gate reads at most this many consents for disclosures that are logged together: three for
/// each of a full batch. With twice as many, the proof would no longer fit into a block.
pub const MAX_CONSENTS_READ: u32 = 3 * MAX_BATCH;
/// A page of an answer has at most this many entries.
pub const MAX_PAGE: u32 = 64;
/// Behind at most this many batches one answer looks for gaps: almost three years of daily ones.
pub const MAX_BATCHES_SEARCHED: u32 = 1_024;

#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use crate::{reads::refused, rules::Fault, types::*};
    use alloc::{boxed::Box, vec::Vec};
    use axonic_primitives::{
        consent::{ConsentGate, Denial, MAX_LIVE_CONSENTS},
        membership::{EnsureStaff, Membership},
        merkle::InclusionProof,
        patients::{Acting, Patients},
        AccountId, Clock, OrgId, PatientId, Refusal,
    };
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;
    use sp_core::H256;

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<AccountId = AccountId> {
        /// Logs what its organisation discloses, and anchors its access log.
        type CustodianOrigin: EnsureStaff<Self::RuntimeOrigin>;
        /// Answers patients.
        type OfficerOrigin: EnsureStaff<Self::RuntimeOrigin>;
        /// Who the members are.
        type Membership: Membership;
        /// Who the patients are and who may speak for them.
        type Patients: Patients;
        /// What patients permit.
        type Consent: ConsentGate;
        /// Tells the time.
        type Clock: Clock;
        /// What the calls cost.
        type WeightInfo: WeightInfo;
    }

    /// The entries that are kept, under the id by which the custodian named the patient.
    ///
    /// Sequences are given out here, so the second key needs little hashing; a patient's id comes
    /// from outside.
    #[pallet::storage]
    pub type Entries<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, PatientId, Twox64Concat, u64, Entry>;

    /// Where each patient's log stands. Stays when every entry was pruned.
    #[pallet::storage]
    pub type Logs<T: Config> = StorageMap<_, Blake2_128Concat, PatientId, Log>;

    /// Where a custodian's entries are: patient and sequence, by the custodian's sequence.
    ///
    /// Organisations are numbered by the council. The second key is the sequence with its highest
    /// byte first, and not hashed, so that iteration goes in order over what pruning leaves out.
    #[pallet::storage]
    pub type ByCustodian<T: Config> =
        StorageDoubleMap<_, Twox64Concat, OrgId, Identity, [u8; 8], (PatientId, u64)>;

    /// The sequence of each custodian's next entry.
    #[pallet::storage]
    pub type CustodianSequences<T: Config> = StorageMap<_, Twox64Concat, OrgId, u64, ValueQuery>;

    /// What was asked about kept entries, and what was answered.
    #[pallet::storage]
    pub type Contests<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, PatientId, Twox64Concat, u64, Contest>;

    /// The contests that wait for an answer, by the custodian that owes it.
    #[pallet::storage]
    pub type OpenContests<T: Config> =
        StorageDoubleMap<_, Twox64Concat, OrgId, Blake2_128Concat, (PatientId, u64), ()>;

    /// The roots of each custodian's own access log. Both keys are numbers given out here.
    ///
    /// Kept for ever: some 60 bytes a day and member, about nobody.
    #[pallet::storage]
    pub type AccessLogs<T: Config> =
        StorageDoubleMap<_, Twox64Concat, OrgId, Twox64Concat, u32, AccessLogBatch>;

    /// Where each custodian's roots stand.
    #[pallet::storage]
    pub type AccessLogHeads<T: Config> = StorageMap<_, Twox64Concat, OrgId, AccessLogHead>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    #[allow(missing_docs)] // Fields are named for the ids and codes they carry.
    pub enum Event<T: Config> {
        /// A custodian disclosed data of a patient.
        Disclosed { patient: PatientId, entry: Entry },
        /// A custodian reported an attempt that the gate refused.
        AttemptRefused { patient: PatientId, entry: Entry },
        /// A custodian anchored a stretch of its own access log.
        AccessLogAnchored {
            org: OrgId,
            sequence: u32,
            batch: AccessLogBatch,
        },
        /// A patient asked for an explanation.
        Contested {
            patient: PatientId,
            sequence: u64,
            custodian: OrgId,
            by: Acting,
            contested_at: Moment,
        },
        /// A custodian answered.
        ContestAnswered {
            patient: PatientId,
            sequence: u64,
            answer: Answer,
        },
        /// The entries before `first` are gone; the rest folds onto `base`.
        Pruned {
            patient: PatientId,
            first: u64,
            base: H256,
        },
    }

    #[pallet::error]
    #[derive(PartialEq)]
    pub enum Error<T> {
        /// There is no such patient, entry, batch or organisation, or nothing to prune. Check the
        /// id.
        NotFound,
        /// The patient is suspended, deceased or erased, so nothing is permitted.
        PatientNotActive,
        /// The recipient is not a member in good standing, or the practitioner does not act for it.
        /// Check whom the data goes to.
        RecipientNotActive,
        /// A consent denies it. `explain` of the consent pallet says which.
        ConsentDenied,
        /// No consent applies, and the consortium's default denies it. Ask the patient.
        DefaultDenied,
        /// No consent applies for this purpose, and there is no default. Ask the patient.
        NoConsent,
        /// An emergency purpose needs a practitioner with a live credential. Name the practitioner.
        NotCredentialed,
        /// The practitioner's credential does not carry the emergency privilege.
        EmergencyPrivilegeMissing,
        /// The question has an unknown label, or a period that ends before it starts.
        MalformedQuery,
        /// The chain has no gate to ask.
        NoGate,
        /// The practitioner's credential is not valid yet.
        CredentialNotYetValid,
        /// The practitioner's credential has expired. Have it renewed.
        CredentialExpired,
        /// The practitioner's credential is suspended. Its issuer can reinstate it.
        CredentialSuspended,
        /// The practitioner's credential was revoked. Another one has to be issued.
        CredentialRevoked,
        /// Whoever issued the practitioner's credential is not believed. Have another issuer issue
        /// one.
        IssuerDistrusted,
        /// The practitioner's credential is for another jurisdiction.
        JurisdictionMismatch,
        /// The practitioner's credential was put on record after the instant it is needed for.
        CredentialBackDated,
        /// The permit comes with obligations. Meet them and say so.
        ObligationUnmet,
        /// To collect or to correct is not to disclose. Say what the recipient does: access, use or
        /// disclose.
        NotADisclosure,
        /// Another organisation keeps this data, or owes this answer. Its staff has to sign.
        NotCustodian,
        /// A disclosure names at most 16 classes, 16 codes and 8 references, the custodian's own
        /// among them.
        MaxTargetsExceeded,
        /// The commitment or root is zero. Commit to what was disclosed, explained or anchored.
        CommitmentMissing,
        /// The gate permits this now, so there is no refusal to report. Log the disclosure.
        NotRefused,
        /// A call takes at most 64 entries. Split it.
        TooMany,
        /// The patients of this batch hold more consents than one call reads, 192. Split it; a
        /// disclosure by itself is always possible.
        TooManyConsents,
        /// There is nothing in the batch, or nothing to prune was asked for.
        EmptyBatch,
        /// A root stands for at most 1,048,576 accesses. Split the batch.
        TooManyLeaves,
        /// The period ends before it starts.
        InvalidPeriod,
        /// The batch's last access is in the future of the chain's clock.
        TimeInFuture,
        /// The batch starts before the previous one ended. Batches neither overlap nor go back.
        OverlapsPrevious,
        /// The signer neither is the patient nor represents the patient in correspondence.
        NotPatient,
        /// An explanation of this entry was already asked for.
        AlreadyContested,
        /// No explanation of this entry was asked for.
        NotContested,
        /// The explanation has already been given.
        AlreadyAnswered,
        /// The oldest entry, or the answer about it, is younger than six years.
        RetentionNotElapsed,
        /// The patient has waited less than six years for an explanation of the oldest entry.
        /// Answer it first.
        ContestOpen,
        /// The proof does not lead from the commitment to the batch's root.
        BadProof,
        /// The batch has fewer leaves than the proof's index.
        LeafOutOfRange,
        /// The patient holds more than 256 consents under all ids together, which are too many to
        /// ask. The patient has to withdraw some.
        TooManyConsentsHeld,
        /// Nobody answers about what they disclosed or received themselves. Ask a colleague.
        SelfAnswer,
        /// The organisation that was to receive the data does not exist. Check the id.
        UnknownRecipient,
    }

    impl<T> From<Denial> for Error<T> {
        fn from(denial: Denial) -> Self {
            match denial {
                Denial::PatientNotFound => Self::NotFound,
                Denial::PatientNotActive => Self::PatientNotActive,
                Denial::RecipientNotActive => Self::RecipientNotActive,
                Denial::ConsentDenies(_) => Self::ConsentDenied,
                Denial::DefaultDenies(_) => Self::DefaultDenied,
                Denial::NoConsent => Self::NoConsent,
                Denial::NotCredentialed => Self::NotCredentialed,
                Denial::EmergencyPrivilegeMissing => Self::EmergencyPrivilegeMissing,
                Denial::MalformedQuery => Self::MalformedQuery,
                Denial::NoGate => Self::NoGate,
                Denial::CredentialNotYetValid => Self::CredentialNotYetValid,
                Denial::CredentialExpired => Self::CredentialExpired,
                Denial::CredentialSuspended => Self::CredentialSuspended,
                Denial::CredentialRevoked => Self::CredentialRevoked,
                Denial::IssuerDistrusted => Self::IssuerDistrusted,
                Denial::JurisdictionMismatch => Self::JurisdictionMismatch,
                Denial::CredentialBackDated => Self::CredentialBackDated,
                Denial::TooManyConsents => Self::TooManyConsentsHeld,
            }
        }
    }

    impl<T> From<Fault> for Error<T> {
        fn from(fault: Fault) -> Self {
            match fault {
                Fault::NotADisclosure => Self::NotADisclosure,
                Fault::NotCustodian => Self::NotCustodian,
                Fault::MaxTargetsExceeded => Self::MaxTargetsExceeded,
                Fault::CommitmentMissing => Self::CommitmentMissing,
                Fault::EmptyBatch => Self::EmptyBatch,
                Fault::TooManyLeaves => Self::TooManyLeaves,
                Fault::InvalidPeriod => Self::InvalidPeriod,
                Fault::TimeInFuture => Self::TimeInFuture,
                Fault::OverlapsPrevious => Self::OverlapsPrevious,
                Fault::RetentionNotElapsed => Self::RetentionNotElapsed,
                Fault::ContestOpen => Self::ContestOpen,
                Fault::LeafOutOfRange => Self::LeafOutOfRange,
                Fault::BadProof => Self::BadProof,
            }
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// Who looked at the patient's data, and who was refused.
        pub fn accounting_of_disclosures(
            patient: PatientId,
            from: Option<Moment>,
            to: Option<Moment>,
            after: Option<(PatientId, u64)>,
            limit: u32,
        ) -> Result<Vec<DisclosureInfo>, Refusal> {
            Self::accounting(&patient, from, to, after, limit).map_err(refused)
        }

        /// What an organisation disclosed, and whom it refused.
        pub fn disclosures_by(
            org: OrgId,
            after: Option<u64>,
            limit: u32,
        ) -> Result<Vec<DisclosureInfo>, Refusal> {
            Self::entries_by(org, after, limit).map_err(refused)
        }

        /// What the patient's logs fold from and to, one for each id with entries.
        pub fn logs_of(patient: PatientId) -> Result<Vec<LogInfo>, Refusal> {
            Self::chains_of(&patient).map_err(refused)
        }

        /// What `disclose` by this account would store, or its first error.
        pub fn explain_disclose(
            discloser: AccountId,
            patient: PatientId,
            disclosure: Disclosure,
            obligations_met: bool,
        ) -> Result<Permitted, Refusal> {
            let item = DisclosureItem {
                patient,
                disclosure,
                obligations_met,
            };
            Self::explanation(discloser, item).map_err(refused)
        }

        /// The contests that an organisation has not answered.
        pub fn contests_open(
            org: OrgId,
            after: Option<(PatientId, u64)>,
            limit: u32,
        ) -> Result<Vec<ContestInfo>, Refusal> {
            Self::unanswered(org, after, limit).map_err(refused)
        }

        /// The batch, if the proof shows that the access with this commitment is in it.
        pub fn prove_access(
            org: OrgId,
            sequence: u32,
            commitment: H256,
            proof: InclusionProof,
        ) -> Result<AccessLogInfo, Refusal> {
            Self::proved(org, sequence, &commitment, &proof).map_err(refused)
        }

        /// An organisation's batches.
        pub fn access_logs_of(
            org: OrgId,
            after: Option<u32>,
            limit: u32,
        ) -> Result<Vec<AccessLogInfo>, Refusal> {
            Self::batches_of(org, after, limit).map_err(refused)
        }

        /// The stretches longer than the cadence that none of an organisation's batches covers.
        pub fn cadence_gaps(
            org: OrgId,
            after: Option<u32>,
            limit: u32,
        ) -> Result<Vec<Gap>, Refusal> {
            Self::gaps_of(org, after, limit).map_err(refused)
        }
    }

    #[pallet::call(weight = T::WeightInfo)]
    impl<T: Config> Pallet<T> {
        /// Logs that the signer's organisation disclosed data of a patient, on the basis on which
        /// the patient's consents permit it now. Fails if they do not, or if the permit comes with
        /// obligations and `obligations_met` is not set.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::disclose(MAX_LIVE_CONSENTS))]
        pub fn disclose(
            origin: OriginFor<T>,
            patient: PatientId,
            disclosure: Box<Disclosure>,
            obligations_met: bool,
        ) -> DispatchResultWithPostInfo {
            let actor = T::CustodianOrigin::ensure_staff(origin)?;
            let item = DisclosureItem {
                patient,
                disclosure: *disclosure,
                obligations_met,
            };
            Self::do_disclose(&actor, item)
        }

        /// Logs up to 64 disclosures, all or none. `explain_disclose` tells of each what is in the
        /// way.
        #[pallet::call_index(1)]
        #[pallet::weight(
            T::WeightInfo::disclose_many(items.len() as u32, MAX_CONSENTS_READ)
        )]
        pub fn disclose_many(
            origin: OriginFor<T>,
            items: Vec<DisclosureItem>,
        ) -> DispatchResultWithPostInfo {
            let actor = T::CustodianOrigin::ensure_staff(origin)?;
            Self::do_disclose_many(&actor, items)
        }

        /// Logs an attempt to see a patient's data that the gate refuses now, with its reason. A
        /// practitioner who does not act for the recipient is left out.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::report_refusal(MAX_LIVE_CONSENTS))]
        pub fn report_refusal(
            origin: OriginFor<T>,
            patient: PatientId,
            disclosure: Box<Disclosure>,
        ) -> DispatchResultWithPostInfo {
            let actor = T::CustodianOrigin::ensure_staff(origin)?;
            Self::do_report_refusal(&actor, patient, *disclosure)
        }

        /// Anchors a stretch of the organisation's own access log: the root over its `count` rows
        /// from the access at `first_at` to the one at `last_at`, both UTC milliseconds.
        #[pallet::call_index(3)]
        pub fn anchor_access_log(
            origin: OriginFor<T>,
            root: H256,
            count: u32,
            first_at: Moment,
            last_at: Moment,
        ) -> DispatchResult {
            let actor = T::CustodianOrigin::ensure_staff(origin)?;
            Self::do_anchor_access_log(&actor, root, count, first_at, last_at)
        }

        /// Asks the custodian to explain an entry. By the patient or a representative with the
        /// power to correspond. `patient` is the id in whose log the entry is.
        #[pallet::call_index(4)]
        pub fn contest(origin: OriginFor<T>, patient: PatientId, sequence: u64) -> DispatchResult {
            let signer = ensure_signed(origin)?;
            Self::do_contest(&signer, patient, sequence)
        }

        /// Answers a contest: what was found, and a commitment to the explanation that the patient
        /// gets off chain. By an officer of the entry's custodian who neither disclosed it nor
        /// received it.
        #[pallet::call_index(5)]
        pub fn answer_contest(
            origin: OriginFor<T>,
            patient: PatientId,
            sequence: u64,
            finding: Finding,
            explanation: H256,
        ) -> DispatchResult {
            let actor = T::OfficerOrigin::ensure_staff(origin)?;
            Self::do_answer_contest(actor, patient, sequence, finding, explanation)
        }

        /// Removes the oldest entries of a patient's log, at most `limit` and 64, as far as they
        /// have been kept for six years. By anybody. The log's head stays.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::prune((*limit).min(MAX_BATCH)))]
        pub fn prune(
            origin: OriginFor<T>,
            patient: PatientId,
            limit: u32,
        ) -> DispatchResultWithPostInfo {
            ensure_signed(origin)?;
            let pruned = Self::do_prune(patient, limit, T::Clock::now())?;
            Ok(Some(T::WeightInfo::prune(pruned)).into())
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }

        fn integrity_test() {
            const {
                assert!(
                    MAX_BATCH <= MAX_CONSENTS_READ,
                    "a full batch of patients with a consent each can be logged"
                );
                assert!(
                    ANSWER_WINDOW <= RETENTION,
                    "a question is due before its entry may go"
                );
            };
        }
    }
}
