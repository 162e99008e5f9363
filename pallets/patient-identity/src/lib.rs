#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod authority;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod errors;
mod events;
mod impl_patients;
mod keys;
mod lifecycle;
mod linking;
mod lists;
mod matching;
mod merging;
#[cfg(test)]
mod mock;
mod reads;
mod recovery;
mod registering;
mod representatives;
mod rules;
pub mod runtime_api;
mod sponsorship;
#[cfg(test)]
mod tests;
#[cfg(any(test, feature = "try-runtime"))]
mod try_state;
mod types;
pub mod weights;

pub use pallet::*;
pub use rules::{purposes_for, recovery_commitment, Action, Obstacle, RecoveryAction};
pub use types::*;
pub use weights::WeightInfo;

use frame_support::pallet_macros::import_section;

#[import_section(errors::errors)]
#[import_section(events::events)]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use alloc::vec::Vec;
    use axonic_primitives::{
        membership::{EnsureStaff, Membership},
        patients::{Acting, Power},
        AccountId, Clock, Codes, Moment, OrgId, PatientId, Period, Refusal,
    };
    use frame_support::{pallet_prelude::*, DefaultNoBound};
    use frame_system::pallet_prelude::*;
    use sp_core::H256;

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<AccountId = AccountId, Hash = H256> {
        /// Staff who register patients and look after registrations. Which patients they may touch
        /// is the pallet's to decide: those of their own organisation.
        type RegistrarOrigin: EnsureStaff<Self::RuntimeOrigin>;

        /// Staff who identify a person that lost every key.
        type RecoveryProviderOrigin: EnsureStaff<Self::RuntimeOrigin>;

        /// The members of the consortium.
        type Membership: Membership;

        /// The legal clock.
        type Clock: Clock;

        /// How long a recovery can be vetoed, milliseconds. The same time passes before a patient
        /// lifts its own suspension, before one that was resumed is suspended again, and before one
        /// reported dead is erased. Raising it needs a migration of the recoveries that wait.
        #[pallet::constant]
        type RecoveryDelay: Get<Moment>;

        /// What the calls weigh.
        type WeightInfo: WeightInfo;
    }

    // Ids, accounts and tokens are chosen by callers, so their maps need a cryptographic hasher.

    /// Patients that were not erased.
    #[pallet::storage]
    pub type Patients<T: Config> = StorageMap<_, Blake2_128Concat, PatientId, Patient>;

    /// What is left of an erased patient: the id, so that it is never used again.
    #[pallet::storage]
    pub type ErasedPatients<T: Config> = StorageMap<_, Blake2_128Concat, PatientId, ()>;

    /// The keys of each patient, at most [`MAX_KEYS`].
    #[pallet::storage]
    pub type Keys<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, PatientId, Blake2_128Concat, AccountId, Key>;

    /// The one patient an account is a key of.
    #[pallet::storage]
    pub type KeyOf<T: Config> = StorageMap<_, Blake2_128Concat, AccountId, PatientId>;

    /// The patients that were merged directly into each.
    #[pallet::storage]
    pub type MergedInto<T: Config> = StorageMap<
        _,
        Blake2_128Concat,
        PatientId,
        BoundedVec<PatientId, ConstU32<MAX_IDENTITIES>>,
        ValueQuery,
    >;

    /// Appointments of each patient.
    #[pallet::storage]
    pub type Representatives<T: Config> = StorageMap<
        _,
        Blake2_128Concat,
        PatientId,
        BoundedVec<Representative, ConstU32<MAX_REPRESENTATIVES>>,
        ValueQuery,
    >;

    /// The patients each agent has an appointment of.
    #[pallet::storage]
    pub type RepresentedBy<T: Config> = StorageMap<
        _,
        Blake2_128Concat,
        Agent,
        BoundedVec<PatientId, ConstU32<MAX_REPRESENTED>>,
        ValueQuery,
    >;

    /// How each patient that prepared for it gets back in after losing every key.
    #[pallet::storage]
    pub type Recoveries<T: Config> = StorageMap<_, Blake2_128Concat, PatientId, Recovery>;

    /// The patient behind an organisation's match token.
    // Organisations are numbered by the consortium: nobody can grind them.
    #[pallet::storage]
    pub type MatchTokens<T: Config> =
        StorageDoubleMap<_, Twox64Concat, OrgId, Blake2_128Concat, H256, PatientId>;

    /// The organisations that hold a match token.
    #[pallet::storage]
    pub type TokenHolders<T: Config> = StorageMap<
        _,
        Blake2_128Concat,
        H256,
        BoundedVec<OrgId, ConstU32<MAX_TOKEN_HOLDERS>>,
        ValueQuery,
    >;

    /// The match tokens of each patient, all of them held by its managing organisation.
    #[pallet::storage]
    pub type TokensOf<T: Config> = StorageMap<
        _,
        Blake2_128Concat,
        PatientId,
        BoundedVec<H256, ConstU32<MAX_TOKENS>>,
        ValueQuery,
    >;

    /// The links that start or end at each patient.
    #[pallet::storage]
    pub type Links<T: Config> = StorageMap<
        _,
        Blake2_128Concat,
        PatientId,
        BoundedVec<Link, ConstU32<MAX_LINKS>>,
        ValueQuery,
    >;

    /// The organisations that offer to pay for each patient.
    #[pallet::storage]
    pub type SponsorOffers<T: Config> = StorageMap<
        _,
        Blake2_128Concat,
        PatientId,
        BoundedVec<OrgId, ConstU32<MAX_SPONSOR_OFFERS>>,
        ValueQuery,
    >;

    /// Patients to begin with, for development networks.
    #[pallet::genesis_config]
    #[derive(DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// Claimed patients with one key each.
        pub patients: Vec<GenesisPatient>,
        /// Ties the configuration to a runtime.
        #[serde(skip)]
        pub _config: PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            self.patients.iter().for_each(Pallet::<T>::insert_genesis);
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// What is known of a patient. `None` if there never was one by this id.
        pub fn patient(patient: PatientId) -> Option<PatientInfo> {
            Self::read_patient(&patient)
        }

        /// The id a patient is known by now, after merges.
        pub fn resolve(patient: PatientId) -> Option<PatientId> {
            Self::read_canonical(&patient)
        }

        /// The patient an account is a key of, as it is known now, after merges.
        pub fn patient_of(account: AccountId) -> Option<PatientId> {
            Self::read_canonical(&KeyOf::<T>::get(account)?)
        }

        /// The keys of a patient, under this very id.
        pub fn keys_of(patient: PatientId) -> Vec<KeyInfo> {
            Self::read_keys(&patient)
        }

        /// The appointments of a patient, under this very id, ended ones included until they are
        /// replaced.
        pub fn representatives_of(patient: PatientId) -> Vec<RepresentativeInfo> {
            Self::read_representatives(&patient)
        }

        /// The patients an agent has an appointment of.
        pub fn represented_by(agent: Agent) -> Vec<PatientId> {
            RepresentedBy::<T>::get(agent).into_inner()
        }

        /// How far the recovery of a patient has come. `None` if it has not prepared for one.
        pub fn recovery_of(patient: PatientId) -> Option<RecoveryInfo> {
            Self::read_recovery(&patient)
        }

        /// In which capacity an account may use a power for a patient, after merges, or the first
        /// reason why it may not.
        pub fn explain_may_act(
            account: AccountId,
            patient: PatientId,
            power: Power,
        ) -> Result<Acting, Refusal> {
            Self::read_acting(&account, &patient, power)
        }

        /// Patients of the organisation that share a match token with another organisation's.
        /// Examines `limit` tokens, at most [`MAX_PAGE`], after the token `from`.
        pub fn possible_duplicates(org: OrgId, from: Option<H256>, limit: u32) -> DuplicatesPage {
            Self::read_duplicates(org, from, limit)
        }

        /// The exact bytes that the key of `account` signs to agree, and the nonce in them.
        pub fn statement(
            patient: PatientId,
            account: AccountId,
            agreement: Agreement,
            expires_at: Moment,
        ) -> Result<StatementToSign, Refusal> {
            Self::read_statement(&patient, account, agreement, expires_at)
        }
    }

    #[pallet::call(weight = T::WeightInfo)]
    impl<T: Config> Pallet<T> {
        /// Registers a patient that nobody holds a key to yet. By staff.
        #[pallet::call_index(0)]
        pub fn register(
            origin: OriginFor<T>,
            patient: PatientId,
            commitment: H256,
        ) -> DispatchResult {
            Self::do_register(origin, patient, commitment)
        }

        /// Registers a patient with a first key, whose holder signed `Agreement::Register` for the
        /// organisation of the caller. By staff.
        #[pallet::call_index(1)]
        pub fn register_with_key(
            origin: OriginFor<T>,
            patient: PatientId,
            commitment: H256,
            account: AccountId,
            purposes: Codes<KeyPurpose>,
            proof: KeyProof,
        ) -> DispatchResult {
            Self::do_register_with_key(origin, patient, commitment, account, purposes, proof)
        }

        /// Gives a registered patient its first key, whose holder signed `Agreement::Claim`, and
        /// ends all appointments. By staff of the managing organisation, who have the person in
        /// front of them: an id alone claims nothing.
        #[pallet::call_index(2)]
        pub fn claim(
            origin: OriginFor<T>,
            patient: PatientId,
            account: AccountId,
            purposes: Codes<KeyPurpose>,
            proof: KeyProof,
        ) -> DispatchResult {
            Self::do_claim(origin, patient, account, purposes, proof)
        }

        /// Adds a key, whose holder signed `Agreement::AddKey`. By a key of the patient.
        #[pallet::call_index(3)]
        pub fn add_key(
            origin: OriginFor<T>,
            patient: PatientId,
            account: AccountId,
            purposes: Codes<KeyPurpose>,
            expires_at: Option<Moment>,
            proof: KeyProof,
        ) -> DispatchResult {
            Self::do_add_key(origin, patient, account, purposes, expires_at, proof)
        }

        /// Removes a key. By a key of the patient.
        #[pallet::call_index(4)]
        pub fn remove_key(
            origin: OriginFor<T>,
            patient: PatientId,
            account: AccountId,
        ) -> DispatchResult {
            Self::do_remove_key(origin, patient, account)
        }

        /// Puts a key, whose holder signed `Agreement::RotateKey`, in the place of another. By a
        /// key of the patient.
        #[pallet::call_index(5)]
        pub fn rotate_key(
            origin: OriginFor<T>,
            patient: PatientId,
            old: AccountId,
            new: AccountId,
            proof: KeyProof,
        ) -> DispatchResult {
            Self::do_rotate_key(origin, patient, old, new, proof)
        }

        /// Commits to a changed registration; `version` is one more than the present one. By staff
        /// of the managing organisation.
        #[pallet::call_index(6)]
        pub fn update_commitment(
            origin: OriginFor<T>,
            patient: PatientId,
            commitment: H256,
            version: u32,
        ) -> DispatchResult {
            Self::do_update_commitment(origin, patient, commitment, version)
        }

        /// Says how sure the managing organisation is of the person. By its staff.
        #[pallet::call_index(7)]
        pub fn attest_assurance(
            origin: OriginFor<T>,
            patient: PatientId,
            level: AssuranceLevel,
        ) -> DispatchResult {
            Self::do_attest_assurance(origin, patient, level)
        }

        /// Commits to a key that the patient keeps off chain for recovery. By a key of the patient.
        #[pallet::call_index(8)]
        pub fn set_recovery_commitment(
            origin: OriginFor<T>,
            patient: PatientId,
            commitment: H256,
        ) -> DispatchResult {
            Self::do_set_recovery_commitment(origin, patient, commitment)
        }

        /// Asks to replace all keys by one, whose holder signed `Agreement::Recover` for the
        /// organisation of the caller: the one the patient committed to, opened with `salt`, or a
        /// live key with the purpose `Recovery`. By staff of a provider who identified the person.
        #[pallet::call_index(9)]
        pub fn request_recovery(
            origin: OriginFor<T>,
            patient: PatientId,
            account: AccountId,
            salt: Option<H256>,
            proof: KeyProof,
        ) -> DispatchResult {
            Self::do_request_recovery(origin, patient, account, salt, proof)
        }

        /// Stops a recovery. By any live key of the patient.
        #[pallet::call_index(10)]
        pub fn veto_recovery(origin: OriginFor<T>, patient: PatientId) -> DispatchResult {
            Self::do_veto_recovery(origin, patient)
        }

        /// Carries a recovery out after its delay, and ends all appointments. By anybody.
        #[pallet::call_index(11)]
        pub fn finalize_recovery(origin: OriginFor<T>, patient: PatientId) -> DispatchResult {
            Self::do_finalize_recovery(origin, patient)
        }

        /// Appoints a representative, from `period.start` (absent: now) until `period.end`. By a key
        /// of the patient or, as long as nobody holds one, staff of the managing organisation.
        #[pallet::call_index(12)]
        pub fn appoint_representative(
            origin: OriginFor<T>,
            patient: PatientId,
            agent: Agent,
            kind: RepresentativeKind,
            powers: Codes<Power>,
            period: Period,
            evidence_hash: H256,
        ) -> DispatchResult {
            Self::do_appoint(origin, patient, agent, kind, powers, period, evidence_hash)
        }

        /// Ends an appointment. By the patient, a representative, or, as long as nobody holds a key,
        /// staff of the managing organisation.
        #[pallet::call_index(13)]
        pub fn revoke_representative(
            origin: OriginFor<T>,
            patient: PatientId,
            agent: Agent,
        ) -> DispatchResult {
            Self::do_revoke(origin, patient, agent)
        }

        /// Ends all appointments at once, by raising the guardian epoch. By whoever may end one.
        #[pallet::call_index(14)]
        pub fn revoke_all_representatives(
            origin: OriginFor<T>,
            patient: PatientId,
        ) -> DispatchResult {
            Self::do_revoke_all(origin, patient)
        }

        /// Gives an appointment up. By the agent, or a live authentication key of the patient who
        /// is the agent.
        #[pallet::call_index(15)]
        pub fn renounce_representative(origin: OriginFor<T>, patient: PatientId) -> DispatchResult {
            Self::do_renounce(origin, patient)
        }

        /// Indexes a patient for record linkage. By staff of the managing organisation.
        #[pallet::call_index(16)]
        pub fn add_match_token(
            origin: OriginFor<T>,
            patient: PatientId,
            token: H256,
        ) -> DispatchResult {
            Self::do_add_match_token(origin, patient, token)
        }

        /// Takes a patient out of the index. By staff of the managing organisation.
        #[pallet::call_index(17)]
        pub fn purge_match_token(
            origin: OriginFor<T>,
            patient: PatientId,
            token: H256,
        ) -> DispatchResult {
            Self::do_purge_match_token(origin, patient, token)
        }

        /// Refuses new links, merges and match tokens. By the patient or a representative.
        #[pallet::call_index(18)]
        pub fn freeze_links(origin: OriginFor<T>, patient: PatientId) -> DispatchResult {
            Self::do_set_links_frozen(origin, patient, true)
        }

        /// Admits new links, merges and match tokens again. By the patient or a representative.
        #[pallet::call_index(19)]
        pub fn thaw_links(origin: OriginFor<T>, patient: PatientId) -> DispatchResult {
            Self::do_set_links_frozen(origin, patient, false)
        }

        /// Links two patients. By staff of the managing organisation of `from`.
        #[pallet::call_index(20)]
        pub fn link(
            origin: OriginFor<T>,
            from: PatientId,
            to: PatientId,
            kind: LinkKind,
        ) -> DispatchResult {
            Self::do_link(origin, from, to, kind)
        }

        /// Removes a link. By staff of the managing organisation of either end.
        #[pallet::call_index(21)]
        pub fn unlink(origin: OriginFor<T>, from: PatientId, to: PatientId) -> DispatchResult {
            Self::do_unlink(origin, from, to)
        }

        /// Makes `from` known as `into`. By staff of the managing organisation of `from`; another
        /// organisation that manages `into` has linked it to `from` before. A claimed `from` signed
        /// `Agreement::Merge`, which is the `assent`; nobody represents an unclaimed one. A claimed
        /// `into` signed `Agreement::AcceptMerge`, which is the `acceptance`.
        #[pallet::call_index(22)]
        pub fn merge(
            origin: OriginFor<T>,
            from: PatientId,
            into: PatientId,
            assent: Option<Assent>,
            acceptance: Option<Assent>,
        ) -> DispatchResult {
            Self::do_merge(origin, from, into, assent, acceptance)
        }

        /// Undoes a merge. By staff of the managing organisation of `patient`. If that is claimed, a
        /// key of its own, or of the patient it is known as, signed `Agreement::Unmerge`.
        #[pallet::call_index(23)]
        pub fn unmerge(
            origin: OriginFor<T>,
            patient: PatientId,
            assent: Option<Assent>,
        ) -> DispatchResult {
            Self::do_unmerge(origin, patient, assent)
        }

        /// Puts a claimed patient out of use, unless that was undone within the delay. By staff of
        /// the managing organisation.
        #[pallet::call_index(24)]
        pub fn suspend(origin: OriginFor<T>, patient: PatientId) -> DispatchResult {
            Self::do_suspend(origin, patient)
        }

        /// Undoes a suspension or a death reported in error. By staff of the managing organisation,
        /// or a key of the patient: against a suspension after the delay, against a death at once.
        #[pallet::call_index(25)]
        pub fn resume(origin: OriginFor<T>, patient: PatientId) -> DispatchResult {
            Self::do_resume(origin, patient)
        }

        /// Reports a patient dead. By staff of the managing organisation.
        #[pallet::call_index(26)]
        pub fn report_deceased(origin: OriginFor<T>, patient: PatientId) -> DispatchResult {
            Self::do_report_deceased(origin, patient)
        }

        /// Places a legal hold. By staff of the managing organisation.
        #[pallet::call_index(27)]
        pub fn place_hold(
            origin: OriginFor<T>,
            patient: PatientId,
            basis_hash: H256,
        ) -> DispatchResult {
            Self::do_place_hold(origin, patient, basis_hash)
        }

        /// Lifts the legal hold. By staff of the managing organisation.
        #[pallet::call_index(28)]
        pub fn lift_hold(origin: OriginFor<T>, patient: PatientId) -> DispatchResult {
            Self::do_lift_hold(origin, patient)
        }

        /// Offers to pay for a patient. By staff.
        #[pallet::call_index(29)]
        pub fn offer_sponsorship(origin: OriginFor<T>, patient: PatientId) -> DispatchResult {
            Self::do_offer_sponsorship(origin, patient)
        }

        /// Takes an organisation's offer, or leaves the sponsor. By the patient or a
        /// representative.
        #[pallet::call_index(30)]
        pub fn change_sponsor(
            origin: OriginFor<T>,
            patient: PatientId,
            sponsor: Option<OrgId>,
        ) -> DispatchResult {
            Self::do_change_sponsor(origin, patient, sponsor)
        }

        /// Stops paying for a patient, or takes an offer back. By staff of the sponsor.
        #[pallet::call_index(31)]
        pub fn end_sponsorship(origin: OriginFor<T>, patient: PatientId) -> DispatchResult {
            Self::do_end_sponsorship(origin, patient)
        }

        /// Leaves nothing of a patient but the id. By a key of the patient while it is active and no
        /// recovery waits; if nobody holds a key nor represents it, or after the delay that follows
        /// a reported death, by staff of the managing organisation. After a merge what counts is
        /// the patient it is known as.
        #[pallet::call_index(32)]
        pub fn erase(origin: OriginFor<T>, patient: PatientId) -> DispatchResult {
            Self::do_erase(origin, patient)
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn integrity_test() {
            assert!(
                T::RecoveryDelay::get() > 0,
                "a recovery without delay cannot be vetoed"
            );
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }
}
