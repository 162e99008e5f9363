#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod genesis;
mod impl_membership;
#[cfg(test)]
mod mock;
mod organisations;
pub mod rules;
pub mod runtime_api;
mod sites;
mod staff;
#[cfg(test)]
mod tests;
#[cfg(any(test, feature = "try-runtime"))]
mod try_state;
pub mod types;
pub mod weights;

pub use genesis::{GenesisOrganisation, GenesisSite, GenesisStaff};
pub use impl_membership::{duties, roles, Any, EnsureMember};
pub use pallet::*;
pub use rules::{Enrolment, OrgStatus, Standing};
pub use types::{
    AgreementKey, Gln, Organisation, OrganisationInfo, Site, SiteInfo, SiteKind, SiteStatus,
    StaffInfo, StaffMember, X25519PublicKey,
};
pub use weights::WeightInfo;

use axonic_primitives::{
    membership::{Actor, Duty, Jurisdiction, Role},
    AccountId, Clock, Codes, Moment, OrgId, Refusal, SiteId,
};
use rules::Objection;
use sp_core::H256;

/// A read of many organisations answers with at most this many, so that one read costs a node
/// little. The next page starts after the last number of this one.
pub const MAX_PAGE: u32 = 64;

/// For each place on its staff, an organisation stores at most this many enrolments, revoked ones
/// included: what one member may fill the state with. Two, so that everybody can be dismissed at
/// once and enrolled under other accounts before anybody has to prune.
pub const STORED_STAFF_PER_PLACE: u32 = 2;

/// For each site that it may have open, an organisation opens at most this many, ever: sites stay
/// for ever, and so would what a member opens and closes in a loop. Four, so that each premises
/// can move three times.
pub const SITES_EVER_PER_PLACE: u32 = 4;

/// The pallet's storage, events, errors and calls.
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use alloc::vec::Vec;
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<AccountId = AccountId> {
        /// The council: admits, renews, suspends, reinstates and expels organisations, changes
        /// their roles and replaces a lost administrator.
        type CouncilOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// Tells when memberships and enrolments run out.
        type Clock: Clock;

        /// How many an organisation may have enrolled under one epoch. It stores at most
        /// [`STORED_STAFF_PER_PLACE`] times as many.
        #[pallet::constant]
        type MaxStaffPerOrganisation: Get<u32>;

        /// How many sites an organisation may have open. It opens at most
        /// [`SITES_EVER_PER_PLACE`] times as many, ever.
        #[pallet::constant]
        type MaxSitesPerOrganisation: Get<u32>;

        /// What the calls cost.
        type WeightInfo: WeightInfo;
    }

    /// The number of the next organisation to be admitted.
    #[pallet::storage]
    pub type NextOrgId<T: Config> = StorageValue<_, OrgId, ValueQuery>;

    /// Every organisation ever admitted.
    // Twox64Concat: the key is a counter, nobody chooses it.
    #[pallet::storage]
    pub type Organisations<T: Config> = StorageMap<_, Twox64Concat, OrgId, Organisation>;

    /// Which organisation an account administers. One entry for each that is not expelled.
    #[pallet::storage]
    pub type Admins<T: Config> = StorageMap<_, Blake2_128Concat, AccountId, OrgId>;

    /// The number of the next site to be opened.
    #[pallet::storage]
    pub type NextSiteId<T: Config> = StorageValue<_, SiteId, ValueQuery>;

    /// Every site ever opened.
    // Twox64Concat: the key is a counter, nobody chooses it.
    #[pallet::storage]
    pub type Sites<T: Config> = StorageMap<_, Twox64Concat, SiteId, Site>;

    /// Which site has a location number. A closed site keeps its own until the council releases it.
    #[pallet::storage]
    pub type Glns<T: Config> = StorageMap<_, Blake2_128Concat, Gln, SiteId>;

    /// Whom an account acts for, and how. One entry an account, so it acts for at most one
    /// organisation.
    #[pallet::storage]
    pub type Staff<T: Config> = StorageMap<_, Blake2_128Concat, AccountId, StaffMember>;

    /// The key with which others wrap document keys for an organisation.
    // Twox64Concat: the key is a counter, nobody chooses it.
    #[pallet::storage]
    pub type AgreementKeys<T: Config> = StorageMap<_, Twox64Concat, OrgId, AgreementKey>;

    /// Members that are there from the first block.
    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// They are numbered in this order.
        pub organisations: Vec<GenesisOrganisation>,
        /// Ties the configuration to the runtime.
        #[serde(skip)]
        pub _config: PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            genesis::build::<T>(&self.organisations);
        }
    }

    /// What happened. An account that is enrolled or becomes an administrator leaves the lapsed
    /// enrolment it may have had elsewhere, without an event of its own.
    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// The council admitted an organisation.
        OrganisationAdmitted {
            /// Its number.
            org: OrgId,
            /// The account that acts in its own affairs.
            admin: AccountId,
            /// What it may do.
            roles: Codes<Role>,
            /// Where it is established.
            jurisdiction: Jurisdiction,
            /// The first instant at which it is no longer a member.
            valid_until: Moment,
            /// The hash of the charter or contract it signed.
            charter_hash: H256,
        },
        /// The council set a new end to a membership.
        MembershipRenewed {
            /// The organisation.
            org: OrgId,
            /// The first instant at which it is no longer a member.
            valid_until: Moment,
        },
        /// The council changed what an organisation may do.
        RolesChanged {
            /// The organisation.
            org: OrgId,
            /// All its roles from now on.
            roles: Codes<Role>,
        },
        /// The council suspended an organisation; nobody acts for it.
        OrganisationSuspended {
            /// The organisation.
            org: OrgId,
        },
        /// The council lifted a suspension.
        OrganisationReinstated {
            /// The organisation.
            org: OrgId,
        },
        /// The council expelled an organisation for ever. Its enrolments are void and its
        /// administrator is none any more.
        OrganisationExpelled {
            /// The organisation.
            org: OrgId,
            /// Its last epoch.
            epoch: u32,
        },
        /// An organisation has another administrator.
        AdminChanged {
            /// The organisation.
            org: OrgId,
            /// The account that acts in its affairs from now on.
            admin: AccountId,
        },
        /// An organisation opened premises.
        SiteOpened {
            /// Whose they are.
            org: OrgId,
            /// Their number.
            site: SiteId,
            /// Their GS1 location number.
            gln: Gln,
            /// What they are for.
            kind: SiteKind,
        },
        /// An organisation closed premises for ever.
        SiteClosed {
            /// Whose they are.
            org: OrgId,
            /// Their number.
            site: SiteId,
        },
        /// An organisation enrolled an account.
        StaffEnrolled {
            /// The organisation.
            org: OrgId,
            /// Who acts for it from now on.
            account: AccountId,
            /// What it may do.
            duties: Codes<Duty>,
            /// The premises it is tied to, if any.
            site: Option<SiteId>,
            /// The first instant at which it no longer acts.
            valid_until: Moment,
        },
        /// An enrolment has other terms.
        DutiesChanged {
            /// The organisation.
            org: OrgId,
            /// Who acts for it.
            account: AccountId,
            /// All it may do from now on.
            duties: Codes<Duty>,
            /// The premises it is tied to from now on, if any.
            site: Option<SiteId>,
            /// The first instant at which it no longer acts.
            valid_until: Moment,
        },
        /// An enrolment ended, by the organisation or by the account itself.
        StaffDismissed {
            /// The organisation.
            org: OrgId,
            /// Who no longer acts for it.
            account: AccountId,
        },
        /// An organisation ended every enrolment it had.
        AllStaffDismissed {
            /// The organisation.
            org: OrgId,
            /// Its epoch from now on. Enrolments under an earlier one are void.
            epoch: u32,
        },
        /// An organisation has another key for document keys.
        AgreementKeyRotated {
            /// The organisation.
            org: OrgId,
            /// The version of the key, from 1 on.
            version: u32,
            /// The key.
            key: X25519PublicKey,
        },
        /// Somebody removed what was left of a revoked enrolment.
        StaffPruned {
            /// The organisation that had revoked it.
            org: OrgId,
            /// Whose it was.
            account: AccountId,
        },
        /// The council freed the location number of a site, which is closed for ever.
        GlnReleased {
            /// Whose the site is.
            org: OrgId,
            /// The site's number.
            site: SiteId,
            /// The location number, which another site may have from now on.
            gln: Gln,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// There is no such organisation, site or enrolment. Check the number or the account.
        NotFound,
        /// The account already administers a member. Renew that one, change its roles, or name
        /// another account.
        AlreadyMember,
        /// The caller is not the administrator of the organisation that the call or the site it
        /// names concerns. Sign with that organisation's administrator.
        NotAdmin,
        /// The organisation has none of the roles that the call wants. Ask the council for one.
        RoleMissing,
        /// The account has none of the duties that the call wants. Ask the administrator for one.
        DutyMissing,
        /// The organisation is suspended or expelled. Ask the council.
        NotActive,
        /// The organisation is not suspended, so there is nothing to lift.
        NotSuspended,
        /// The organisation was expelled, which is final. Admit it anew under another number.
        ExpelledIsFinal,
        /// The organisation's membership ran out. Ask the council to renew it.
        MembershipExpired,
        /// The enrolment ran out. Ask the administrator to enrol the account again.
        StaffExpired,
        /// The enrolment was revoked with all others of its epoch. Ask the administrator to enrol
        /// the account again.
        EpochStale,
        /// The account is enrolled or administers an organisation already. Have it dismissed or
        /// let it dismiss itself, change its duties instead, or use another account.
        AccountInUse,
        /// A role is not among the known ones. Use the codes in the metadata.
        UnknownRole,
        /// An organisation needs at least one role.
        RolesEmpty,
        /// A duty is not among the known ones. Use the codes in the metadata.
        UnknownDuty,
        /// An enrolment needs at least one duty. Dismiss the account to take all of them.
        DutiesEmpty,
        /// A jurisdiction is two upper-case letters (ISO 3166-1 alpha-2).
        InvalidJurisdiction,
        /// The end is not in the future. Give a later one, in UTC milliseconds.
        InvalidPeriod,
        /// A GLN is 13 digits with the right check digit. Look for a wrong or swapped digit.
        InvalidGln,
        /// The GLN belongs to a site already, perhaps a closed one: GS1 never gives one twice. If
        /// a wrong organisation opened it, ask the council to release the GLN.
        GlnInUse,
        /// The site is closed. Name an open one.
        SiteClosed,
        /// The organisation has as many open sites as it may (`site_count`): close one first. Or
        /// it has opened as many as it ever may (`sites_opened`, four times as many), closed ones
        /// included: ask the council for a higher limit.
        MaxSitesExceeded,
        /// The organisation has as many enrolled as it may (`staff_count`): dismiss somebody first.
        /// Or it stores as many enrolments as it may (`stored_staff`, twice as many): prune
        /// revoked ones first.
        MaxStaffExceeded,
        /// The key gives the same secret with everybody, or is the present one. Make a fresh one.
        InvalidAgreementKey,
        /// The enrolment is of its organisation's present epoch, so it is not revoked. Have it
        /// dismissed by the administrator or by the account itself.
        NotRevoked,
    }

    impl<T> From<Objection> for Error<T> {
        fn from(objection: Objection) -> Self {
            match objection {
                Objection::NotActive => Self::NotActive,
                Objection::NotSuspended => Self::NotSuspended,
                Objection::ExpelledIsFinal => Self::ExpelledIsFinal,
                Objection::MembershipExpired => Self::MembershipExpired,
                Objection::EpochStale => Self::EpochStale,
                Objection::StaffExpired => Self::StaffExpired,
                Objection::RoleMissing => Self::RoleMissing,
                Objection::DutyMissing => Self::DutyMissing,
            }
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// The organisation, and how it stands now.
        pub fn organisation(org: OrgId) -> Option<OrganisationInfo> {
            let organisation = Organisations::<T>::get(org)?;
            Some(organisation.describe(org, T::Clock::now()))
        }

        /// At most `limit` organisations, and never more than 64, in the order of their numbers
        /// from `from` on. Expelled ones are among them.
        pub fn organisations(from: OrgId, limit: u32) -> Vec<OrganisationInfo> {
            let numbers = from.0..NextOrgId::<T>::get().0;
            let page = numbers.take(limit.min(MAX_PAGE) as usize);
            page.filter_map(|number| Self::organisation(OrgId(number)))
                .collect()
        }

        /// The premises, open or closed.
        pub fn site(site: SiteId) -> Option<SiteInfo> {
            Sites::<T>::get(site).map(|found| found.describe(site))
        }

        /// The premises with this location number, open or closed.
        pub fn site_by_gln(gln: Gln) -> Option<SiteId> {
            Glns::<T>::get(gln)
        }

        /// The enrolment of an account, and how it and its organisation stand now.
        pub fn staff(account: AccountId) -> Option<StaffInfo> {
            let staff = Staff::<T>::get(&account)?;
            let organisation = Organisations::<T>::get(staff.org)?;
            Some(staff.describe(account, &organisation, T::Clock::now()))
        }

        /// Who acts when `account` signs a call that wants at least one of `roles` and one of
        /// `duties`, or the first error that the call would give. An empty set wants nothing.
        pub fn explain_actor(
            account: AccountId,
            roles: Codes<Role>,
            duties: Codes<Duty>,
        ) -> Result<Actor, Refusal> {
            Self::qualified_actor(&account, roles, duties)
                .map_err(|error| DispatchError::from(error).into())
        }

        /// The organisation's present key, whatever its standing.
        pub fn agreement_key(org: OrgId) -> Option<AgreementKey> {
            AgreementKeys::<T>::get(org)
        }
    }

    #[pallet::call(weight = T::WeightInfo)]
    impl<T: Config> Pallet<T> {
        /// Admits an organisation as a member (council).
        ///
        /// `valid_until` is in UTC milliseconds and must be in the future; `charter_hash` is the
        /// hash of the charter or contract it signed. The administrator may not administer a
        /// member already (`AlreadyMember`) nor be enrolled elsewhere (`AccountInUse`).
        #[pallet::call_index(0)]
        pub fn admit(
            origin: OriginFor<T>,
            roles: Codes<Role>,
            jurisdiction: Jurisdiction,
            admin: AccountId,
            valid_until: Moment,
            charter_hash: H256,
        ) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            Self::do_admit(roles, jurisdiction, admin, valid_until, charter_hash)?;
            Ok(())
        }

        /// Sets a new end to a membership, run out or not (council).
        ///
        /// A suspended organisation stays suspended.
        #[pallet::call_index(1)]
        pub fn renew(origin: OriginFor<T>, org: OrgId, valid_until: Moment) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            Self::do_renew(org, valid_until)
        }

        /// Sets all roles of an organisation (council).
        #[pallet::call_index(2)]
        pub fn change_roles(
            origin: OriginFor<T>,
            org: OrgId,
            roles: Codes<Role>,
        ) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            Self::do_change_roles(org, roles)
        }

        /// Keeps everybody from acting for an organisation until it is reinstated (council).
        #[pallet::call_index(3)]
        pub fn suspend(origin: OriginFor<T>, org: OrgId) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            Self::do_suspend(org)
        }

        /// Lifts a suspension; the staff that is still enrolled acts again (council).
        #[pallet::call_index(4)]
        pub fn reinstate(origin: OriginFor<T>, org: OrgId) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            Self::do_reinstate(org)
        }

        /// Ends a membership for ever, suspended before or not (council).
        ///
        /// Voids every enrolment at once and frees the administrator's account.
        #[pallet::call_index(5)]
        pub fn expel(origin: OriginFor<T>, org: OrgId) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            Self::do_expel(org)
        }

        /// Hands an organisation's affairs to another account (its administrator, or the council).
        ///
        /// The former administrator's own enrolment, if it has one, stays.
        #[pallet::call_index(6)]
        pub fn set_admin(origin: OriginFor<T>, org: OrgId, admin: AccountId) -> DispatchResult {
            if let Err(origin) = T::CouncilOrigin::try_origin(origin) {
                let administered = Self::administered(&ensure_signed(origin)?)?;
                ensure!(administered == org, Error::<T>::NotAdmin);
            }
            Self::do_set_admin(org, admin)
        }

        /// Opens premises of the caller's organisation (administrator).
        #[pallet::call_index(7)]
        pub fn open_site(origin: OriginFor<T>, gln: Gln, kind: SiteKind) -> DispatchResult {
            let org = Self::administered(&ensure_signed(origin)?)?;
            Self::do_open_site(org, gln, kind)?;
            Ok(())
        }

        /// Closes premises of the caller's organisation for ever (administrator).
        ///
        /// Staff tied to them act for nobody until their duties are changed to another site.
        #[pallet::call_index(8)]
        pub fn close_site(origin: OriginFor<T>, site: SiteId) -> DispatchResult {
            let org = Self::administered(&ensure_signed(origin)?)?;
            Self::do_close_site(org, site)
        }

        /// Lets an account act for the caller's organisation (administrator).
        ///
        /// The account may have an enrolment that has run out or was revoked, here or elsewhere:
        /// this one takes its place. `valid_until` is in UTC milliseconds and must be in the
        /// future; a `site` must be open and the organisation's own.
        #[pallet::call_index(9)]
        pub fn enrol_staff(
            origin: OriginFor<T>,
            account: AccountId,
            duties: Codes<Duty>,
            site: Option<SiteId>,
            valid_until: Moment,
        ) -> DispatchResult {
            let org = Self::administered(&ensure_signed(origin)?)?;
            Self::do_enrol_staff(org, account, duties, site, valid_until)
        }

        /// Sets all duties, the site and the end of an enrolment in force (administrator).
        ///
        /// One that has run out or was revoked never comes back: enrol the account again.
        #[pallet::call_index(10)]
        pub fn change_duties(
            origin: OriginFor<T>,
            account: AccountId,
            duties: Codes<Duty>,
            site: Option<SiteId>,
            valid_until: Moment,
        ) -> DispatchResult {
            let org = Self::administered(&ensure_signed(origin)?)?;
            Self::do_change_duties(org, account, duties, site, valid_until)
        }

        /// Ends an enrolment (administrator, or the account itself).
        ///
        /// An account may leave at any time, whatever its organisation's standing.
        #[pallet::call_index(11)]
        pub fn dismiss_staff(origin: OriginFor<T>, account: AccountId) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let administered = if who == account {
                None
            } else {
                Some(Self::administered(&who)?)
            };
            let staff = Self::require_staff(&account)?;
            ensure!(
                administered.is_none_or(|org| org == staff.org),
                Error::<T>::NotAdmin
            );
            Self::do_dismiss_staff(account, staff)
        }

        /// Ends every enrolment in the caller's organisation at once (administrator).
        ///
        /// Raises the organisation's epoch, which also voids what other pallets tied to it. Costs
        /// the same however many are enrolled: what is left of them stays stored until each is
        /// pruned, dismissed or enrolled again.
        #[pallet::call_index(12)]
        pub fn dismiss_all_staff(origin: OriginFor<T>) -> DispatchResult {
            let org = Self::administered(&ensure_signed(origin)?)?;
            Self::do_dismiss_all_staff(org)
        }

        /// Sets the key with which others wrap document keys for the caller's organisation
        /// (administrator).
        #[pallet::call_index(13)]
        pub fn rotate_agreement_key(origin: OriginFor<T>, key: X25519PublicKey) -> DispatchResult {
            let org = Self::administered(&ensure_signed(origin)?)?;
            Self::do_rotate_agreement_key(org, key)
        }

        /// Removes what is left of a revoked enrolment: one under an earlier epoch of its
        /// organisation, or in an expelled one (any signed account).
        ///
        /// It holds nobody and never comes back, so it is anybody's to tidy up.
        #[pallet::call_index(14)]
        pub fn prune_staff(origin: OriginFor<T>, account: AccountId) -> DispatchResult {
            ensure_signed(origin)?;
            Self::do_prune_staff(account)
        }

        /// Frees a location number for another site (council).
        ///
        /// For when a wrong organisation opened it. Closes its site for ever if that is open; the
        /// site keeps the number on record.
        #[pallet::call_index(15)]
        pub fn release_gln(origin: OriginFor<T>, gln: Gln) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            Self::do_release_gln(gln)
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn integrity_test() {
            assert!(
                T::MaxStaffPerOrganisation::get() > 0,
                "nobody could act for a member"
            );
            assert!(
                T::MaxSitesPerOrganisation::get() > 0,
                "no member could have premises"
            );
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }
}
