#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod accrediting;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod impl_credentials;
mod issuing;
mod keeping;
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

#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use crate::{
        rules::{Action, Objection},
        types::*,
    };
    use alloc::vec::Vec;
    use axonic_primitives::{
        credentials::Privilege,
        membership::{EnsureStaff, Jurisdiction, Membership},
        AccountId, Clock, Codes, CredentialId, Moment, OrgId, Refusal,
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
        /// Decides who may issue what, and who is not believed.
        type CouncilOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// Issues and takes away.
        type IssuerOrigin: EnsureStaff<Self::RuntimeOrigin>;
        /// Checks credentials at their source, for whoever employs the holder.
        type VerifierOrigin: EnsureStaff<Self::RuntimeOrigin>;
        /// Who the members are.
        type Membership: Membership;
        /// Tells the time.
        type Clock: Clock;
        /// What the calls cost.
        type WeightInfo: WeightInfo;
    }

    /// What is kept of each organisation that the council accredited or distrusted.
    ///
    /// Organisations are numbered by the council, so here and below they need no strong hash.
    #[pallet::storage]
    pub type Issuers<T: Config> = StorageMap<_, Twox64Concat, OrgId, Issuer, ValueQuery>;

    /// What each issuer may issue and what it might once. The second key is a closed code.
    #[pallet::storage]
    pub type Accreditations<T: Config> = StorageDoubleMap<
        _,
        Twox64Concat,
        OrgId,
        Twox64Concat,
        CredentialKind,
        AccreditationList,
        ValueQuery,
    >;

    /// Every credential that was ever issued. Ids are hashes made here, so they need no hashing.
    #[pallet::storage]
    pub type Credentials<T: Config> = StorageMap<_, Identity, CredentialId, Credential>;

    /// The credentials of each holder that decisions look at: all that are live, and of those that
    /// are over the ones that have not had to make room.
    #[pallet::storage]
    pub type Holdings<T: Config> = StorageMap<_, Blake2_128Concat, AccountId, Held, ValueQuery>;

    /// The credentials of each holder that are over and have made room for others.
    #[pallet::storage]
    pub type Retired<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, AccountId, Identity, CredentialId, ()>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    #[allow(missing_docs)] // Fields are named for the ids and codes they carry.
    pub enum Event<T: Config> {
        /// The council lets an organisation issue. If it was distrusted, it is believed again from
        /// the next block on.
        Accredited {
            issuer: OrgId,
            kind: CredentialKind,
            jurisdiction: Jurisdiction,
        },
        /// The organisation issues no more of this. What it issued stays good.
        AccreditationWithdrawn {
            issuer: OrgId,
            kind: CredentialKind,
            jurisdiction: Jurisdiction,
        },
        /// Whatever the organisation issued or issues from this instant on is void, until the
        /// council accredits it anew.
        IssuerDistrusted { issuer: OrgId, since: Moment },
        /// A credential was issued. To make room, one that is over may have been retired.
        Issued {
            credential: CredentialId,
            holder: AccountId,
            issuer: OrgId,
            kind: CredentialKind,
            privileges: Codes<Privilege>,
            jurisdiction: Jurisdiction,
            valid_from: Moment,
            valid_until: Moment,
            retired: Option<CredentialId>,
        },
        /// A credential was prolonged, by a document with this commitment.
        Renewed {
            credential: CredentialId,
            valid_until: Moment,
            commitment: H256,
        },
        /// A credential is not good for a while.
        Suspended {
            credential: CredentialId,
            until: Option<Moment>,
            reason: Reason,
        },
        /// A suspension was lifted.
        Reinstated { credential: CredentialId },
        /// A credential was taken away.
        Revoked {
            credential: CredentialId,
            reason: Reason,
        },
        /// A credential was checked at its source.
        PrimarySourceChecked {
            credential: CredentialId,
            outcome: PrimarySource,
            by: OrgId,
        },
        /// The holder gave a credential up.
        Surrendered { credential: CredentialId },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// There is no such organisation or credential. Check the id.
        NotFound,
        /// Only a licensing board or a regulator issues credentials. Admit it in that role first.
        NotAnIssuer,
        /// A jurisdiction is two upper-case letters, ISO 3166-1 alpha-2.
        InvalidJurisdiction,
        /// The organisation is already accredited for this.
        AlreadyAccredited,
        /// The organisation is not accredited for this kind, or was before it was distrusted. The
        /// council accredits it.
        NotAccredited,
        /// The organisation is accredited for this kind, but not there. The council accredits it
        /// for each jurisdiction.
        JurisdictionMismatch,
        /// The organisation was accredited for this kind as often as is kept: 64 times. Admit its
        /// successor.
        MaxAccreditationsExceeded,
        /// Nothing from this instant on is believed already.
        AlreadyDistrusted,
        /// The organisation was distrusted as often as is kept: 16 times. It stays distrusted.
        MaxDistrustsExceeded,
        /// The organisation is not believed. The council accredits it anew, and it issues from the
        /// next block on.
        IssuerDistrusted,
        /// The holder has a live credential of this kind by this issuer for this jurisdiction.
        /// Renew it, or revoke it first.
        AlreadyIssued,
        /// The holder has as many live credentials as are looked at: 16. One has to end first.
        MaxCredentialsExceeded,
        /// The holder has as many live credentials by this issuer as there may be: 4. One of them
        /// has to end first.
        MaxPerIssuerExceeded,
        /// The kind does not carry one of the privileges. The README says which carries what.
        PrivilegeNotGrantable,
        /// A period ends before it starts or is over, a distrust starts in the future, or a renewal
        /// does not prolong. Ends are the first instant no longer inside.
        InvalidPeriod,
        /// Only the organisation that issued it does this.
        NotIssuer,
        /// Only its holder gives a credential up. Sign with the holder's account.
        NotHolder,
        /// Nobody issues, renews, reinstates or checks a credential of their own. Ask a colleague.
        OwnCredential,
        /// The credential is suspended or expired. Reinstate it, or issue another.
        NotActive,
        /// The credential is not suspended.
        NotSuspended,
        /// The credential was revoked or surrendered, which is final. Issue another. What was
        /// surrendered can still be revoked.
        RevokedIsFinal,
        /// Nothing is held against somebody without saying why. Give a reason.
        ReasonRequired,
        /// The credential was renewed 32 times. Revoke it as superseded, and issue another.
        MaxRenewalsExceeded,
        /// The credential was suspended 8 times. Revoke it.
        MaxSuspensionsExceeded,
    }

    impl<T> From<Objection> for Error<T> {
        fn from(objection: Objection) -> Self {
            match objection {
                Objection::NotAccredited => Self::NotAccredited,
                Objection::JurisdictionMismatch => Self::JurisdictionMismatch,
                Objection::IssuerDistrusted => Self::IssuerDistrusted,
                Objection::InvalidPeriod => Self::InvalidPeriod,
                Objection::PrivilegeNotGrantable => Self::PrivilegeNotGrantable,
                Objection::NotActive => Self::NotActive,
                Objection::NotSuspended => Self::NotSuspended,
                Objection::RevokedIsFinal => Self::RevokedIsFinal,
                Objection::MaxRenewalsExceeded => Self::MaxRenewalsExceeded,
                Objection::MaxSuspensionsExceeded => Self::MaxSuspensionsExceeded,
                Objection::AlreadyDistrusted => Self::AlreadyDistrusted,
                Objection::MaxDistrustsExceeded => Self::MaxDistrustsExceeded,
            }
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// The credential and how it stands. `at` is UTC milliseconds; without it, now.
        pub fn verify(
            credential: CredentialId,
            at: Option<Moment>,
        ) -> Result<CredentialInfo, Refusal> {
            Self::credential_info(credential, at)
        }

        /// A page of the holder's credentials: those that decisions look at in the order they were
        /// issued, then those that made room. Continues after `after`; `limit` is at most 64.
        pub fn credentials_of(
            holder: AccountId,
            after: Option<CredentialId>,
            limit: u32,
        ) -> Vec<CredentialInfo> {
            Self::page_of_credentials(holder, after, limit)
        }

        /// Whether the holder has the privilege, with the way to the answer.
        pub fn explain(
            holder: AccountId,
            privilege: Privilege,
            jurisdiction: Jurisdiction,
            at: Option<Moment>,
        ) -> Explanation {
            Self::explanation(&holder, privilege, jurisdiction, at)
        }

        /// The first error that `issue` would give.
        pub fn explain_issue(
            staff: AccountId,
            holder: AccountId,
            terms: Terms,
        ) -> Result<(), Refusal> {
            Self::issue_explained(staff, holder, terms)
        }

        /// The organisation as an issuer.
        pub fn accreditations_of(issuer: OrgId) -> IssuerInfo {
            Self::issuer_info(issuer)
        }
    }

    #[pallet::call(weight = T::WeightInfo)]
    impl<T: Config> Pallet<T> {
        /// Lets a licensing board or a regulator issue one kind of credential for a jurisdiction.
        /// By the council.
        ///
        /// An organisation that was distrusted is believed again from the next block on, and may
        /// then issue only what it was accredited for since.
        #[pallet::call_index(0)]
        pub fn accredit(
            origin: OriginFor<T>,
            issuer: OrgId,
            kind: CredentialKind,
            jurisdiction: Jurisdiction,
        ) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            Ok(Self::do_accredit(issuer, kind, jurisdiction)?)
        }

        /// Ends an accreditation. What was issued by it stays good. By the council.
        #[pallet::call_index(1)]
        pub fn withdraw_accreditation(
            origin: OriginFor<T>,
            issuer: OrgId,
            kind: CredentialKind,
            jurisdiction: Jurisdiction,
        ) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            Ok(Self::do_withdraw_accreditation(issuer, kind, jurisdiction)?)
        }

        /// Voids whatever the organisation issued at `since` (UTC milliseconds) or later, at once
        /// and for ever, however much it is, and keeps it from issuing. By the council.
        #[pallet::call_index(2)]
        pub fn distrust_issuer_from(
            origin: OriginFor<T>,
            issuer: OrgId,
            since: Moment,
        ) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            Ok(Self::do_distrust_issuer_from(issuer, since)?)
        }

        /// Issues a credential. By staff of an organisation that is accredited for it.
        #[pallet::call_index(3)]
        pub fn issue(origin: OriginFor<T>, holder: AccountId, terms: Terms) -> DispatchResult {
            let plan = Self::plan_for(origin, &holder, &terms)?;
            Self::carry_out(plan, holder, terms);
            Ok(())
        }

        /// Prolongs an active credential. By staff of its issuer, which must be accredited for it
        /// still. `commitment` is that of the renewed document.
        #[pallet::call_index(4)]
        pub fn renew(
            origin: OriginFor<T>,
            credential: CredentialId,
            valid_until: Moment,
            commitment: H256,
        ) -> DispatchResult {
            let actor = T::IssuerOrigin::ensure_staff(origin)?;
            Ok(Self::do_renew(actor, credential, valid_until, commitment)?)
        }

        /// Keeps a credential from being good, until the suspension is lifted or, if `until` is
        /// given, until that instant. By staff of its issuer.
        #[pallet::call_index(5)]
        pub fn suspend(
            origin: OriginFor<T>,
            credential: CredentialId,
            until: Option<Moment>,
            reason: Option<Reason>,
        ) -> DispatchResult {
            let actor = T::IssuerOrigin::ensure_staff(origin)?;
            let reason = reason.ok_or(Error::<T>::ReasonRequired)?;
            Ok(Self::do_suspend(actor, credential, until, reason)?)
        }

        /// Lifts a suspension. By staff of its issuer.
        #[pallet::call_index(6)]
        pub fn reinstate(origin: OriginFor<T>, credential: CredentialId) -> DispatchResult {
            let actor = T::IssuerOrigin::ensure_staff(origin)?;
            Ok(Self::do_reinstate(actor, credential)?)
        }

        /// Takes a credential away for ever, also one that its holder gave up. By staff of its
        /// issuer.
        #[pallet::call_index(7)]
        pub fn revoke(
            origin: OriginFor<T>,
            credential: CredentialId,
            reason: Option<Reason>,
        ) -> DispatchResult {
            let actor = T::IssuerOrigin::ensure_staff(origin)?;
            let reason = reason.ok_or(Error::<T>::ReasonRequired)?;
            let stored = Self::issued_by(&actor, &credential)?;
            let event = Event::Revoked { credential, reason };
            Ok(Self::end(
                credential,
                stored,
                Action::Revoke { reason },
                event,
            )?)
        }

        /// Records what a check at the credential's source found. It decides nothing: only the
        /// issuer and the council take a credential away. By staff that verifies, of any member.
        /// `commitment` is that of the evidence; zero: none.
        #[pallet::call_index(8)]
        pub fn record_primary_source_check(
            origin: OriginFor<T>,
            credential: CredentialId,
            outcome: PrimarySource,
            commitment: H256,
        ) -> DispatchResult {
            let actor = T::VerifierOrigin::ensure_staff(origin)?;
            Ok(Self::do_record_check(
                actor, credential, outcome, commitment,
            )?)
        }

        /// Gives a credential up for ever. By its holder.
        #[pallet::call_index(9)]
        pub fn surrender(origin: OriginFor<T>, credential: CredentialId) -> DispatchResult {
            let signer = ensure_signed(origin)?;
            let stored = Credentials::<T>::get(credential).ok_or(Error::<T>::NotFound)?;
            ensure!(stored.holder == signer, Error::<T>::NotHolder);
            let event = Event::Surrendered { credential };
            Ok(Self::end(credential, stored, Action::Surrender, event)?)
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
                    MAX_CREDENTIALS <= MAX_PAGE,
                    "the first page has all that decisions look at"
                );
                assert!(
                    MAX_PER_ISSUER < MAX_CREDENTIALS,
                    "no issuer takes all places"
                );
            };
        }
    }

    /// The genesis block's issuers and credentials.
    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// Who may issue what.
        pub accreditations: Vec<(OrgId, CredentialKind, Jurisdiction)>,
        /// What they issued, and to whom.
        pub credentials: Vec<(OrgId, AccountId, Terms)>,
        #[serde(skip)]
        #[doc(hidden)]
        pub _config: core::marker::PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            for (issuer, kind, jurisdiction) in &self.accreditations {
                let accredited = Pallet::<T>::do_accredit(*issuer, *kind, *jurisdiction);
                assert!(accredited.is_ok(), "genesis accredits boards, once each");
            }
            for (issuer, holder, terms) in &self.credentials {
                match Pallet::<T>::plan_issue(*issuer, holder, terms) {
                    Ok(plan) => Pallet::<T>::carry_out(plan, holder.clone(), *terms),
                    Err(_) => panic!("genesis issues what its issuer is accredited for, once each"),
                };
            }
        }
    }
}
