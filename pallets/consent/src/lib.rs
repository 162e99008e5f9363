#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod break_glass;
mod evaluation;
mod granting;
mod impl_consent_gate;
#[cfg(test)]
mod mock;
mod reads;
mod requests;
pub mod rules;
pub mod runtime_api;
#[cfg(test)]
mod tests;
#[cfg(any(test, feature = "try-runtime"))]
mod try_state;
pub mod types;
pub mod weights;

pub use pallet::*;
pub use requests::Reply;
pub use weights::WeightInfo;

use axonic_primitives::{statement, Moment};

/// An emergency access permits for this long: one shift.
pub const EMERGENCY_DURATION: Moment = 12 * 60 * 60 * 1000;
/// An emergency access has to be reviewed within this time after it was opened: three days.
pub const REVIEW_WINDOW: Moment = 72 * 60 * 60 * 1000;
/// A statement signed off chain may be good for at most this long, so that a signature that was
/// lost is not a danger for ever: one day.
pub const MAX_STATEMENT_LIFETIME: Moment = 24 * 60 * 60 * 1000;
/// What a statement for [`Pallet::grant_signed`] is meant for.
pub const GRANT_PURPOSE: [u8; 32] = statement::purpose("axonic/consent/grant");

#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use crate::{
        rules::{self, Fault, IllegalMove},
        types::*,
    };
    use alloc::{boxed::Box, vec::Vec};
    use axonic_primitives::{
        consent::{AccessQuery, PurposeOfUse, Scope},
        credentials::{CredentialDenial, Credentials},
        membership::{EnsureStaff, Jurisdiction, Membership},
        patients::Patients,
        AccountId, BreakGlassId, Clock, ConsentId, OrgId, PatientId, Refusal, RequestId, Signature,
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
        /// Decides what holds where a patient said nothing.
        type CouncilOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// Proposes, verifies, asks, and breaks the glass.
        type StaffOrigin: EnsureStaff<Self::RuntimeOrigin>;
        /// Reviews what was opened in an emergency.
        type ReviewerOrigin: EnsureStaff<Self::RuntimeOrigin>;
        /// Who the members are.
        type Membership: Membership;
        /// Who the patients are and who may speak for them.
        type Patients: Patients;
        /// Who may break the glass.
        type Credentials: Credentials;
        /// Tells the time.
        type Clock: Clock;
        /// What the calls cost.
        type WeightInfo: WeightInfo;
    }

    /// Consents in force or expired, under the id the patient had when granting.
    ///
    /// Ids are hashes made here, so the second key needs no hashing; a patient's id comes from
    /// outside.
    #[pallet::storage]
    pub type LiveConsents<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, PatientId, Identity, ConsentId, Consent>;

    /// Consents that wait for the patient's answer.
    #[pallet::storage]
    pub type Proposals<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, PatientId, Identity, ConsentId, Consent>;

    /// Consents that were rejected, withdrawn, superseded or entered in error: the history.
    #[pallet::storage]
    pub type EndedConsents<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, PatientId, Identity, ConsentId, Consent>;

    /// What is counted per patient.
    #[pallet::storage]
    pub type Ledgers<T: Config> = StorageMap<_, Blake2_128Concat, PatientId, Ledger, ValueQuery>;

    /// The grantees from whom the patient withdrew everything: permits granted before this
    /// sequence no longer reach them.
    #[pallet::storage]
    pub type Withdrawals<T: Config> = StorageDoubleMap<
        _,
        Blake2_128Concat,
        PatientId,
        Blake2_128Concat,
        Grantee,
        u64,
        ValueQuery,
    >;

    /// Every request, answered or not.
    #[pallet::storage]
    pub type Requests<T: Config> = StorageMap<_, Identity, RequestId, AccessRequest>;

    /// The requests that wait for the patient's answer.
    #[pallet::storage]
    pub type OpenRequests<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, PatientId, Identity, RequestId, ()>;

    /// Every emergency access.
    #[pallet::storage]
    pub type BreakGlasses<T: Config> = StorageMap<_, Identity, BreakGlassId, BreakGlass>;

    /// The last emergency access of a practitioner to a patient that was not closed.
    #[pallet::storage]
    pub type OpenBreakGlasses<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, PatientId, Blake2_128Concat, AccountId, BreakGlassId>;

    /// The emergency accesses of an organisation that were not reviewed.
    ///
    /// Organisations are numbered by the council, so the first key needs no hashing either.
    #[pallet::storage]
    pub type Unreviewed<T: Config> =
        StorageDoubleMap<_, Twox64Concat, OrgId, Identity, BreakGlassId, ()>;

    /// What holds where a patient said nothing. Set by the council, few, and made of closed codes.
    #[pallet::storage]
    pub type Defaults<T: Config> =
        StorageMap<_, Twox64Concat, (Scope, PurposeOfUse, Jurisdiction), ProvisionType>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    #[allow(missing_docs)] // Fields are named for the ids and codes they carry.
    pub enum Event<T: Config> {
        /// A member put a consent to a patient.
        Proposed {
            patient: PatientId,
            consent: ConsentId,
            org: OrgId,
        },
        /// A consent is in force from its period's start.
        Granted {
            patient: PatientId,
            consent: ConsentId,
        },
        /// The patient accepted a proposal, which is in force from its period's start.
        Accepted {
            patient: PatientId,
            consent: ConsentId,
        },
        /// The patient declined a proposal.
        Rejected {
            patient: PatientId,
            consent: ConsentId,
        },
        /// The patient took a consent back.
        Withdrawn {
            patient: PatientId,
            consent: ConsentId,
        },
        /// Nothing the patient permitted before reaches this grantee any more.
        WithdrawnFrom {
            patient: PatientId,
            grantee: Grantee,
        },
        /// A consent took the place of another.
        Superseded {
            patient: PatientId,
            old: ConsentId,
            new: ConsentId,
        },
        /// A member checked a consent with the patient.
        Verified {
            patient: PatientId,
            consent: ConsentId,
            by: OrgId,
        },
        /// A consent should never have been recorded.
        EnteredInError {
            patient: PatientId,
            consent: ConsentId,
        },
        /// A signed grant was authentic but could not be carried out. Its nonce is used up.
        SignedGrantFailed {
            patient: PatientId,
            nonce: u64,
            error: DispatchError,
        },
        /// A member asked a patient for access.
        AccessRequested {
            patient: PatientId,
            request: RequestId,
            org: OrgId,
        },
        /// The patient answered a request.
        RequestAnswered {
            patient: PatientId,
            request: RequestId,
            answer: Answer,
        },
        /// A practitioner broke the glass.
        BreakGlassOpened {
            patient: PatientId,
            id: BreakGlassId,
            org: OrgId,
        },
        /// An emergency access was closed before it ran out.
        BreakGlassClosed { id: BreakGlassId },
        /// An emergency access was reviewed.
        BreakGlassReviewed {
            id: BreakGlassId,
            outcome: ReviewOutcome,
        },
        /// The consortium's default changed. None: there is no default.
        DefaultSet {
            scope: Scope,
            purpose: PurposeOfUse,
            jurisdiction: Jurisdiction,
            decision: Option<ProvisionType>,
        },
    }

    #[pallet::error]
    #[derive(PartialEq)]
    pub enum Error<T> {
        /// There is no such patient, consent or emergency access. Check the id.
        NotFound,
        /// The patient is suspended, deceased or erased, so nothing can be granted.
        PatientNotActive,
        /// The signer neither is the patient nor represents the patient. Sign with the patient's
        /// key.
        NotGrantor,
        /// The signer acts for the patient but without the power to consent. Appoint a
        /// representative with that power, or sign with a key for consent.
        PowerMissing,
        /// A period ends before it starts. `end` is the first instant no longer inside.
        InvalidPeriod,
        /// The consent's period is already over. Grant a consent for the future.
        PeriodInPast,
        /// A provision carries nothing, so it would turn the whole consent around. Say what it is
        /// an exception for, or change the decision.
        NoProvisionTarget,
        /// A provision is nested in a nested one. Two levels are understood.
        ProvisionTooDeep,
        /// A provision's parent does not come before it. List parents before their exceptions.
        BadParentIndex,
        /// A consent has at most 16 provisions. Split it by scope or purpose.
        MaxProvisionsExceeded,
        /// A provision names at most 8 actors. Name their role, or use several provisions.
        MaxActorsExceeded,
        /// A provision names at most 16 classes, 16 codes and 8 pieces of data. Use several
        /// provisions.
        MaxTargetsExceeded,
        /// The patient holds 256 consents. Withdraw what has expired, or supersede.
        MaxConsentsExceeded,
        /// 64 proposals or requests already wait for this patient's answer.
        MaxPendingExceeded,
        /// A grantee is not a member organisation, or a withdrawal names a class instead of an
        /// organisation or a practitioner.
        UnknownActor,
        /// An action the chain does not know. See the closed set `consentaction`.
        UnknownAction,
        /// A purpose of use the chain does not know, or none where one is needed. See the closed
        /// set `PurposeOfUse`.
        UnknownPurpose,
        /// A security label the chain does not know. See the closed sets of labels.
        UnknownLabel,
        /// Only an active consent can be withdrawn, superseded or verified.
        NotActive,
        /// Only a proposal can be accepted or rejected.
        NotProposed,
        /// Nothing more happens to a consent that was entered in error.
        EnteredInErrorIsFinal,
        /// A consent can only be superseded by one of the same scope, so that no other kind of
        /// agreement is lost on the way.
        SupersedeMismatch,
        /// The statement's time is over, or further away than a day. Sign a new one.
        SignatureExpired,
        /// The signature is not by the signer over this statement on this chain.
        InvalidSignature,
        /// The nonce is not the patient's next one. The runtime API `grant_statement` makes a
        /// statement with the next one: sign that.
        NonceMismatch,
        /// Breaking the glass needs a live credential.
        NotCredentialed,
        /// The credential does not carry the emergency privilege.
        EmergencyPrivilegeMissing,
        /// The credential for emergencies is not valid yet. Wait for its first day.
        CredentialNotYetValid,
        /// The credential for emergencies has expired. Have its issuer issue a new one.
        CredentialExpired,
        /// The credential for emergencies is suspended. Its issuer can reinstate it.
        CredentialSuspended,
        /// The credential for emergencies was revoked or given up. Another one has to be issued.
        CredentialRevoked,
        /// Whoever issued the credential is not believed. Have another issuer issue one.
        IssuerDistrusted,
        /// The credential for emergencies is for another jurisdiction than the organisation's.
        JurisdictionMismatch,
        /// The credential was put on record after the instant it would be needed for.
        CredentialBackDated,
        /// Breaking the glass needs a commitment to a justification.
        JustificationRequired,
        /// A consent of the patient forbids even emergency access.
        ExplicitlyDenied,
        /// The practitioner already has an emergency access open for this patient.
        BreakGlassOpen,
        /// The emergency access has already run out or was closed.
        BreakGlassExpired,
        /// The emergency access has already been reviewed.
        AlreadyReviewed,
        /// Nobody reviews what they opened themselves.
        SelfReview,
        /// Only the organisation that broke the glass closes and reviews; only one that a consent
        /// names, or that looks after the patient, verifies it.
        NotOwnOrganisation,
        /// The patient has withdrawn everything from 64 grantees. Withdraw or supersede consents.
        MaxWithdrawalsExceeded,
        /// A default for this purpose is kept under another scope: treatment for care, research for
        /// research, patient-privacy for everything else.
        ScopeMismatch,
        /// A jurisdiction is two upper-case letters, ISO 3166-1 alpha-2.
        InvalidJurisdiction,
        /// There is no such request. Check the id.
        RequestNotFound,
        /// The request has already been answered.
        RequestAnswered,
        /// The patient holds more than 256 consents under all ids together, which are too many to
        /// hear. The patient has to withdraw some.
        TooManyConsents,
        /// No default permits an emergency: it is permitted by a consent, or by breaking the glass.
        EmergencyDefault,
    }

    impl<T> From<Fault> for Error<T> {
        fn from(fault: Fault) -> Self {
            match fault {
                Fault::InvalidPeriod => Self::InvalidPeriod,
                Fault::PeriodInPast => Self::PeriodInPast,
                Fault::NoProvisionTarget => Self::NoProvisionTarget,
                Fault::ProvisionTooDeep => Self::ProvisionTooDeep,
                Fault::BadParentIndex => Self::BadParentIndex,
                Fault::MaxProvisionsExceeded => Self::MaxProvisionsExceeded,
                Fault::MaxActorsExceeded => Self::MaxActorsExceeded,
                Fault::MaxTargetsExceeded => Self::MaxTargetsExceeded,
                Fault::UnknownAction => Self::UnknownAction,
                Fault::UnknownPurpose => Self::UnknownPurpose,
                Fault::UnknownLabel => Self::UnknownLabel,
            }
        }
    }

    impl<T> From<IllegalMove> for Error<T> {
        fn from(illegal: IllegalMove) -> Self {
            match illegal {
                IllegalMove::NotProposed => Self::NotProposed,
                IllegalMove::NotActive => Self::NotActive,
                IllegalMove::EnteredInErrorIsFinal => Self::EnteredInErrorIsFinal,
            }
        }
    }

    impl<T> From<CredentialDenial> for Error<T> {
        fn from(denial: CredentialDenial) -> Self {
            match denial {
                CredentialDenial::NotCredentialed => Self::NotCredentialed,
                CredentialDenial::PrivilegeMissing => Self::EmergencyPrivilegeMissing,
                CredentialDenial::NotYetValid => Self::CredentialNotYetValid,
                CredentialDenial::Expired => Self::CredentialExpired,
                CredentialDenial::Suspended => Self::CredentialSuspended,
                CredentialDenial::Revoked => Self::CredentialRevoked,
                CredentialDenial::IssuerDistrusted => Self::IssuerDistrusted,
                CredentialDenial::JurisdictionMismatch => Self::JurisdictionMismatch,
                CredentialDenial::BackDated => Self::CredentialBackDated,
            }
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// What the patient permits now.
        pub fn evaluate(patient: PatientId, query: AccessQuery) -> Result<Decision, Refusal> {
            Self::explanation(patient, &query, None).map(|explanation| explanation.decision)
        }

        /// What the patient permits now, with the way to the answer.
        pub fn explain(patient: PatientId, query: AccessQuery) -> Result<Explanation, Refusal> {
            Self::explanation(patient, &query, None)
        }

        /// One consent.
        pub fn consent(patient: PatientId, consent: ConsentId) -> Option<ConsentInfo> {
            Self::consent_info(patient, consent)
        }
    }

    #[pallet::call(weight = T::WeightInfo)]
    impl<T: Config> Pallet<T> {
        /// Puts a consent to a patient, who accepts or rejects it. By staff.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::propose(draft.provisions.len() as u32))]
        pub fn propose(
            origin: OriginFor<T>,
            patient: PatientId,
            draft: Box<Draft>,
        ) -> DispatchResult {
            let actor = T::StaffOrigin::ensure_staff(origin)?;
            Self::do_propose(actor, patient, *draft)
        }

        /// Grants a consent. By the patient or a representative with the power to consent.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::grant(draft.provisions.len() as u32))]
        pub fn grant(
            origin: OriginFor<T>,
            patient: PatientId,
            draft: Box<Draft>,
        ) -> DispatchResult {
            let signer = ensure_signed(origin)?;
            Self::do_grant(signer, patient, *draft, None).map(drop)
        }

        /// Grants a consent that the patient or a representative signed off chain. Brought by
        /// anybody, who pays for it and gains nothing by it.
        ///
        /// The signed bytes come from the runtime API `grant_statement`. If the statement is
        /// authentic, its nonce is used up even if the grant then fails, which an event says.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::grant_signed(draft.provisions.len() as u32))]
        pub fn grant_signed(
            origin: OriginFor<T>,
            patient: PatientId,
            signer: AccountId,
            draft: Box<Draft>,
            nonce: u64,
            expires_at: Moment,
            signature: Signature,
        ) -> DispatchResult {
            ensure_signed(origin)?;
            Self::do_grant_signed(patient, signer, *draft, nonce, expires_at, &signature)
        }

        /// Accepts a proposal. By the patient or a representative with the power to consent.
        #[pallet::call_index(3)]
        pub fn accept(
            origin: OriginFor<T>,
            patient: PatientId,
            consent: ConsentId,
        ) -> DispatchResult {
            let signer = ensure_signed(origin)?;
            Self::do_accept(signer, patient, consent)
        }

        /// Declines a proposal. By the patient or a representative with the power to consent.
        #[pallet::call_index(4)]
        pub fn reject(
            origin: OriginFor<T>,
            patient: PatientId,
            consent: ConsentId,
        ) -> DispatchResult {
            let signer = ensure_signed(origin)?;
            Self::do_reject(signer, patient, consent)
        }

        /// Takes a consent back, at once. By the patient or a representative with the power to
        /// consent. Asks nothing of anybody else: neither the sponsor nor the patient's own
        /// standing can be in the way.
        #[pallet::call_index(5)]
        pub fn withdraw(
            origin: OriginFor<T>,
            patient: PatientId,
            consent: ConsentId,
        ) -> DispatchResult {
            let signer = ensure_signed(origin)?;
            Self::do_withdraw(signer, patient, consent)
        }

        /// Withdraws everything that was permitted so far from an organisation or a practitioner,
        /// whichever consents it came from and however many. What denies them stays.
        #[pallet::call_index(6)]
        pub fn withdraw_all_from(
            origin: OriginFor<T>,
            patient: PatientId,
            grantee: Grantee,
        ) -> DispatchResult {
            let signer = ensure_signed(origin)?;
            Self::do_withdraw_all_from(signer, patient, grantee)
        }

        /// Replaces a consent by another of the same scope, in one step.
        #[pallet::call_index(7)]
        #[pallet::weight(T::WeightInfo::supersede(draft.provisions.len() as u32))]
        pub fn supersede(
            origin: OriginFor<T>,
            patient: PatientId,
            old: ConsentId,
            draft: Box<Draft>,
        ) -> DispatchResult {
            let signer = ensure_signed(origin)?;
            Self::do_grant(signer, patient, *draft, Some(old)).map(drop)
        }

        /// Records that the consent was checked with the patient. By staff.
        #[pallet::call_index(8)]
        #[pallet::weight(T::WeightInfo::verify_consent())]
        pub fn verify(
            origin: OriginFor<T>,
            patient: PatientId,
            consent: ConsentId,
        ) -> DispatchResult {
            let actor = T::StaffOrigin::ensure_staff(origin)?;
            Self::do_verify(actor, patient, consent)
        }

        /// Says that the consent should never have been recorded. By the patient or a
        /// representative; a proposal also by staff of the organisation that made it.
        #[pallet::call_index(9)]
        pub fn mark_entered_in_error(
            origin: OriginFor<T>,
            patient: PatientId,
            consent: ConsentId,
        ) -> DispatchResult {
            let signer = ensure_signed(origin)?;
            Self::do_mark_entered_in_error(signer, patient, consent)
        }

        /// Asks a patient for access. By staff.
        #[pallet::call_index(10)]
        pub fn request_access(
            origin: OriginFor<T>,
            patient: PatientId,
            ask: Ask,
        ) -> DispatchResult {
            let actor = T::StaffOrigin::ensure_staff(origin)?;
            Self::do_request_access(actor, patient, ask)
        }

        /// Answers a request: declines it, or grants a consent in the patient's own terms.
        #[pallet::call_index(11)]
        #[pallet::weight(T::WeightInfo::answer_request(reply.provisions()))]
        pub fn answer_request(
            origin: OriginFor<T>,
            request: RequestId,
            reply: Reply,
        ) -> DispatchResult {
            let signer = ensure_signed(origin)?;
            Self::do_answer_request(signer, request, reply)
        }

        /// Opens a patient's data in an emergency, for 12 hours, to be reviewed within 72. By
        /// staff with a live credential for emergencies. `justification_hash` commits to the
        /// justification, which stays with the organisation.
        #[pallet::call_index(12)]
        pub fn open_break_glass(
            origin: OriginFor<T>,
            patient: PatientId,
            reason: EmergencyReason,
            justification_hash: H256,
        ) -> DispatchResult {
            let actor = T::StaffOrigin::ensure_staff(origin)?;
            Self::do_open_break_glass(actor, patient, reason, justification_hash)
        }

        /// Closes an emergency access before it runs out. By staff of the same organisation.
        #[pallet::call_index(13)]
        pub fn close_break_glass(origin: OriginFor<T>, id: BreakGlassId) -> DispatchResult {
            let actor = T::StaffOrigin::ensure_staff(origin)?;
            Self::do_close_break_glass(actor, id)
        }

        /// Records what the review of an emergency access found, and closes it if it is open. By a
        /// reviewer of the same organisation who did not open it.
        #[pallet::call_index(14)]
        pub fn review_break_glass(
            origin: OriginFor<T>,
            id: BreakGlassId,
            outcome: ReviewOutcome,
        ) -> DispatchResult {
            let actor = T::ReviewerOrigin::ensure_staff(origin)?;
            Self::do_review_break_glass(actor, id, outcome)
        }

        /// Sets or clears what holds where patients said nothing. By the council. Emergencies cannot
        /// be permitted so.
        #[pallet::call_index(15)]
        pub fn set_default(
            origin: OriginFor<T>,
            scope: Scope,
            purpose: PurposeOfUse,
            jurisdiction: Jurisdiction,
            decision: Option<ProvisionType>,
        ) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            ensure!(scope == Scope::of(purpose), Error::<T>::ScopeMismatch);
            ensure!(
                decision.is_none_or(|decision| rules::may_be_default(purpose, decision)),
                Error::<T>::EmergencyDefault
            );
            ensure!(
                jurisdiction.is_well_formed(),
                Error::<T>::InvalidJurisdiction
            );
            Defaults::<T>::set((scope, purpose, jurisdiction), decision);
            Self::deposit_event(Event::DefaultSet {
                scope,
                purpose,
                jurisdiction,
                decision,
            });
            Ok(())
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
                    EMERGENCY_DURATION <= REVIEW_WINDOW,
                    "reviewed when it is over"
                );
            };
        }
    }

    /// The genesis block's defaults.
    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// What holds where patients said nothing.
        pub defaults: Vec<(Scope, PurposeOfUse, Jurisdiction, ProvisionType)>,
        #[serde(skip)]
        #[doc(hidden)]
        pub _config: core::marker::PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            for (scope, purpose, jurisdiction, decision) in &self.defaults {
                assert!(
                    *scope == Scope::of(*purpose),
                    "a default is under its purpose's scope"
                );
                assert!(
                    rules::may_be_default(*purpose, *decision),
                    "no default permits an emergency"
                );
                Defaults::<T>::insert((scope, purpose, jurisdiction), decision);
            }
        }
    }
}
