#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod alerts;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod commissioning;
mod counting;
mod custody;
mod errors;
mod events;
mod history;
mod investigations;
#[cfg(test)]
mod mock;
mod moves;
mod packing;
mod packs;
mod partners;
mod reads;
mod recalls;
pub mod rules;
mod runs;
pub mod runtime_api;
mod scans;
mod shipping;
#[cfg(test)]
mod tests;
mod transforming;
#[cfg(any(test, feature = "try-runtime"))]
mod try_state;
pub mod types;
mod verifications;
pub mod weights;

pub use pallet::*;
pub use weights::WeightInfo;

use frame_support::pallet_macros::import_section;

#[import_section(errors::errors)]
#[import_section(events::events)]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use crate::types::*;
    use alloc::vec::Vec;
    use axonic_gs1::{Gln, Gtin, LotNumber, Serial};
    use axonic_primitives::{
        credentials::Credentials,
        membership::{EnsureStaff, Membership},
        merkle::InclusionProof,
        AccountId, Clock, Codes, Moment, OrgId, Refusal,
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
        /// Moves medicines.
        type SupplyOrigin: EnsureStaff<Self::RuntimeOrigin>;
        /// Supplies medicines to the public.
        type DispensingOrigin: EnsureStaff<Self::RuntimeOrigin>;
        /// Authorises trading partners.
        type LicensingOrigin: EnsureStaff<Self::RuntimeOrigin>;
        /// Oversees the market: recalls, quarantines and investigates whose ever it is.
        type OversightOrigin: EnsureStaff<Self::RuntimeOrigin>;
        /// Who the members are.
        type Membership: Membership;
        /// Who is licensed to dispense.
        type Credentials: Credentials;
        /// Tells the time.
        type Clock: Clock;
        /// What the calls cost.
        type WeightInfo: WeightInfo;
    }

    /// The trading partners. Organisations are numbered by the council.
    #[pallet::storage]
    pub type Partners<T: Config> = StorageMap<_, Twox64Concat, OrgId, Partner>;

    /// Whose each party location number is.
    #[pallet::storage]
    pub type Parties<T: Config> = StorageMap<_, Blake2_128Concat, Gln, OrgId>;

    /// Every product.
    #[pallet::storage]
    pub type Products<T: Config> = StorageMap<_, Blake2_128Concat, Gtin, Product>;

    /// Every lot. Numbers are counted here.
    #[pallet::storage]
    pub type Lots<T: Config> = StorageMap<_, Twox64Concat, LotId, Lot>;

    /// How many lots there are.
    #[pallet::storage]
    pub type LotCounter<T: Config> = StorageValue<_, u32, ValueQuery>;

    /// Lots by what is printed on their packs.
    #[pallet::storage]
    pub type LotNumbers<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, Gtin, Blake2_128Concat, LotNumber, LotId>;

    /// Which lots were made of a lot's packs. Numbers are counted here.
    #[pallet::storage]
    pub type Derivatives<T: Config> =
        StorageDoubleMap<_, Twox64Concat, LotId, Twox64Concat, LotId, ()>;

    /// The runs of each lot, by the number of their last pack: the first key not below a pack's
    /// number is that of its run.
    ///
    /// `Identity` keeps the order of the numbers, which are big-endian; nobody can choose one that
    /// the lot does not have.
    #[pallet::storage]
    pub type Runs<T: Config> = StorageDoubleMap<_, Twox64Concat, LotId, Identity, Last, Run>;

    /// Serials that are on chain: of listed lots, of packs that were handled alone, of containers.
    #[pallet::storage]
    pub type SerialNumbers<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, Gtin, Blake2_128Concat, Serial, Commissioned>;

    /// Every container.
    #[pallet::storage]
    pub type Containers<T: Config> = StorageMap<_, Blake2_128Concat, ContainerKey, Container>;

    /// What is directly in each container.
    #[pallet::storage]
    pub type Contents<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, ContainerKey, Blake2_128Concat, Child, ()>;

    /// Every shipment. Numbers are counted here.
    #[pallet::storage]
    pub type Shipments<T: Config> = StorageMap<_, Twox64Concat, ShipmentId, Shipment>;

    /// How many shipments there were.
    #[pallet::storage]
    pub type ShipmentCounter<T: Config> = StorageValue<_, u64, ValueQuery>;

    /// What was wrong with each shipment, numbered from 0.
    #[pallet::storage]
    pub type Discrepancies<T: Config> =
        StorageDoubleMap<_, Twox64Concat, ShipmentId, Twox64Concat, u32, Discrepancy>;

    /// What happened. Numbers are counted here.
    #[pallet::storage]
    pub type Events<T: Config> = StorageMap<_, Twox64Concat, EventId, RecordedEvent>;

    /// How many events there were.
    #[pallet::storage]
    pub type EventCounter<T: Config> = StorageValue<_, u64, ValueQuery>;

    /// Events by who recorded them and the hash of the partner's own, so that nobody can take the
    /// hash of another's event.
    #[pallet::storage]
    pub type EventHashes<T: Config> =
        StorageDoubleMap<_, Twox64Concat, OrgId, Blake2_128Concat, H256, EventId>;

    /// The steps of histories. Numbers are counted here.
    #[pallet::storage]
    pub type Steps<T: Config> = StorageMap<_, Twox64Concat, StepId, Step>;

    /// How many steps there were.
    #[pallet::storage]
    pub type StepCounter<T: Config> = StorageValue<_, u64, ValueQuery>;

    /// Requests for verification. Numbers are counted here.
    #[pallet::storage]
    pub type Verifications<T: Config> = StorageMap<_, Twox64Concat, VerificationId, Verification>;

    /// How many requests for verification there were.
    #[pallet::storage]
    pub type VerificationCounter<T: Config> = StorageValue<_, u64, ValueQuery>;

    /// Requests that wait for an answer, by who is to give it.
    #[pallet::storage]
    pub type PendingVerifications<T: Config> =
        StorageDoubleMap<_, Twox64Concat, OrgId, Twox64Concat, VerificationId, ()>;

    /// Investigations. Numbers are counted here.
    #[pallet::storage]
    pub type Investigations<T: Config> =
        StorageMap<_, Twox64Concat, InvestigationId, Investigation>;

    /// How many investigations there were.
    #[pallet::storage]
    pub type InvestigationCounter<T: Config> = StorageValue<_, u64, ValueQuery>;

    /// Alerts. Numbers are counted here.
    #[pallet::storage]
    pub type Alerts<T: Config> = StorageMap<_, Twox64Concat, AlertId, Alert>;

    /// How many alerts there were.
    #[pallet::storage]
    pub type AlertCounter<T: Config> = StorageValue<_, u64, ValueQuery>;

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// What a scanner is told of a pack. See [`Self::verify_scan`].
        pub fn verify_pack(
            scan: Vec<u8>,
            proof: Option<InclusionProof>,
        ) -> Result<PackAnswer, Refusal> {
            Self::verify_scan(&scan, proof.as_ref())
        }

        /// Where a pack is and how it got there.
        pub fn trace(
            gtin: u64,
            serial: Text,
            lot: Option<Text>,
            proof: Option<InclusionProof>,
        ) -> Result<Trace, Refusal> {
            Self::trace_of(gtin, &serial, lot.as_ref(), proof.as_ref())
        }

        /// What is directly in a container. Continues after `after`.
        pub fn contents(
            container: ContainerName,
            after: Option<Child>,
            limit: u32,
        ) -> Result<ContentsPage, Refusal> {
            Self::contents_of(&container, after, limit)
        }

        /// Who has how many packs of a lot. Continues at `from`.
        pub fn where_is_lot(
            gtin: u64,
            number: Text,
            from: Option<u32>,
        ) -> Result<LotReach, Refusal> {
            Self::reach_of(gtin, &number, from)
        }

        /// What the organisation should have verified by now. Continues after `after`.
        pub fn overdue_verifications(
            org: OrgId,
            after: Option<VerificationId>,
            limit: u32,
        ) -> Vec<VerificationInfo> {
            Self::overdue_of(org, after, limit)
        }
    }

    #[pallet::call(weight = T::WeightInfo)]
    impl<T: Config> Pallet<T> {
        /// Authorises a trading partner, or changes what it may do and until when. Needs an
        /// authority's registrar.
        #[pallet::call_index(0)]
        pub fn authorise_partner(
            origin: OriginFor<T>,
            org: OrgId,
            gln: u64,
            licences: Codes<Licence>,
            until: Moment,
        ) -> DispatchResult {
            T::LicensingOrigin::ensure_staff(origin)?;
            Self::do_authorise_partner(org, gln, licences, until)
        }

        /// Withdraws a trading partner's authorisation, at once.
        #[pallet::call_index(1)]
        pub fn withdraw_partner(origin: OriginFor<T>, org: OrgId) -> DispatchResult {
            T::LicensingOrigin::ensure_staff(origin)?;
            Self::do_withdraw_partner(org)
        }

        /// Registers a product, whose owner the organisation becomes.
        #[pallet::call_index(2)]
        pub fn register_product(
            origin: OriginFor<T>,
            gtin: u64,
            schedule: Option<Schedule>,
        ) -> DispatchResult {
            let actor = T::SupplyOrigin::ensure_staff(origin)?;
            Self::do_register_product(&actor, gtin, schedule)
        }

        /// Lets no more lots of a product be commissioned.
        #[pallet::call_index(3)]
        pub fn retire_product(origin: OriginFor<T>, gtin: u64) -> DispatchResult {
            let actor = T::SupplyOrigin::ensure_staff(origin)?;
            Self::do_retire_product(&actor, gtin)
        }

        /// Commissions a lot: all its packs at once behind the root of their serials, or none yet,
        /// to have them listed.
        #[pallet::call_index(4)]
        pub fn commission_lot(
            origin: OriginFor<T>,
            draft: LotDraft,
            occurrence: Occurrence,
        ) -> DispatchResult {
            let actor = T::SupplyOrigin::ensure_staff(origin)?;
            Self::do_commission_lot(&actor, &draft, &occurrence)
        }

        /// Commissions packs of a lot whose serials are listed, numbered on from the last.
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::commission_items(serials.len() as u32))]
        pub fn commission_items(
            origin: OriginFor<T>,
            lot: LotId,
            serials: BoundedVec<Text, ConstU32<MAX_SERIALS>>,
            occurrence: Occurrence,
        ) -> DispatchResult {
            let actor = T::SupplyOrigin::ensure_staff(origin)?;
            Self::do_commission_items(&actor, lot, &serials, &occurrence)
        }

        /// Puts containers and packs into a container, which is made if there is none of this name.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::aggregate(children.len() as u32))]
        pub fn aggregate(
            origin: OriginFor<T>,
            container: ContainerName,
            children: BoundedVec<UnitName, ConstU32<MAX_CHILDREN>>,
            occurrence: Occurrence,
        ) -> DispatchResult {
            let actor = T::SupplyOrigin::ensure_staff(origin)?;
            Self::do_aggregate(&actor, &container, &children, &occurrence)
        }

        /// Takes containers and packs out of a container that is in no other.
        #[pallet::call_index(7)]
        #[pallet::weight(T::WeightInfo::disaggregate(children.len() as u32))]
        pub fn disaggregate(
            origin: OriginFor<T>,
            container: ContainerName,
            children: BoundedVec<UnitName, ConstU32<MAX_CHILDREN>>,
            occurrence: Occurrence,
        ) -> DispatchResult {
            let actor = T::SupplyOrigin::ensure_staff(origin)?;
            Self::do_disaggregate(&actor, &container, &children, &occurrence)
        }

        /// Seals a container, or opens it.
        #[pallet::call_index(8)]
        pub fn seal(
            origin: OriginFor<T>,
            container: ContainerName,
            sealed: bool,
            occurrence: Occurrence,
        ) -> DispatchResult {
            let actor = T::SupplyOrigin::ensure_staff(origin)?;
            Self::do_seal(&actor, &container, sealed, &occurrence)
        }

        /// Ships outermost containers and loose packs to the next trading partner.
        #[pallet::call_index(9)]
        #[pallet::weight(T::WeightInfo::ship(draft.roots.len() as u32))]
        pub fn ship(
            origin: OriginFor<T>,
            draft: ShipmentDraft,
            occurrence: Occurrence,
        ) -> DispatchResult {
            let actor = T::SupplyOrigin::ensure_staff(origin)?;
            Self::do_ship(&actor, draft, Direction::Forward, &occurrence)
        }

        /// Takes back a shipment that was not received.
        #[pallet::call_index(10)]
        #[pallet::weight(T::WeightInfo::void_shipment(MAX_ROOTS))]
        pub fn void_shipment(
            origin: OriginFor<T>,
            shipment: ShipmentId,
            occurrence: Occurrence,
        ) -> DispatchResultWithPostInfo {
            let actor = T::SupplyOrigin::ensure_staff(origin)?;
            let roots = Self::do_void_shipment(&actor, shipment, &occurrence)?;
            Ok(Some(T::WeightInfo::void_shipment(roots)).into())
        }

        /// Takes custody of a shipment, but for what is missing, and says what is too many.
        #[pallet::call_index(11)]
        #[pallet::weight(T::WeightInfo::receive(MAX_ROOTS, missing.len() as u32, extra.len() as u32))]
        pub fn receive(
            origin: OriginFor<T>,
            shipment: ShipmentId,
            missing: BoundedVec<UnitName, ConstU32<MAX_NAMED>>,
            extra: BoundedVec<UnitName, ConstU32<MAX_NAMED>>,
            occurrence: Occurrence,
        ) -> DispatchResultWithPostInfo {
            let actor = T::SupplyOrigin::ensure_staff(origin)?;
            let roots = Self::do_receive(&actor, shipment, &missing, &extra, &occurrence)?;
            let (missing, extra) = (missing.len() as u32, extra.len() as u32);
            Ok(Some(T::WeightInfo::receive(roots, missing, extra)).into())
        }

        /// Ends a discrepancy: whoever [`Resolution`] names.
        #[pallet::call_index(12)]
        pub fn resolve_discrepancy(
            origin: OriginFor<T>,
            shipment: ShipmentId,
            number: u32,
            resolution: Resolution,
            occurrence: Occurrence,
        ) -> DispatchResult {
            let actor = T::SupplyOrigin::ensure_staff(origin)?;
            Self::do_resolve_discrepancy(&actor, shipment, number, resolution, &occurrence)
        }

        /// Ships goods back to whoever supplied them or to the owner of the product: also what is
        /// recalled, expired, quarantined or suspect.
        #[pallet::call_index(13)]
        #[pallet::weight(T::WeightInfo::return_to(draft.roots.len() as u32))]
        pub fn return_to(
            origin: OriginFor<T>,
            draft: ShipmentDraft,
            occurrence: Occurrence,
        ) -> DispatchResult {
            let actor = T::SupplyOrigin::ensure_staff(origin)?;
            Self::do_ship(&actor, draft, Direction::Return, &occurrence)
        }

        /// Asks the owner of the product whether a pack is genuine. It has 24 hours to answer.
        #[pallet::call_index(14)]
        pub fn request_verification(origin: OriginFor<T>, pack: PackClaim) -> DispatchResult {
            let actor = T::SupplyOrigin::ensure_staff(origin)?;
            Self::do_request_verification(&actor, &pack)
        }

        /// Answers a request for verification.
        #[pallet::call_index(15)]
        pub fn answer_verification(
            origin: OriginFor<T>,
            verification: VerificationId,
            answer: VerificationAnswer,
        ) -> DispatchResult {
            let actor = T::SupplyOrigin::ensure_staff(origin)?;
            Self::do_answer_verification(&actor, verification, answer)
        }

        /// Supplies a pack to the public.
        #[pallet::call_index(16)]
        pub fn dispense(
            origin: OriginFor<T>,
            pack: PackClaim,
            proof: Option<InclusionProof>,
            occurrence: Occurrence,
        ) -> DispatchResult {
            let actor = T::DispensingOrigin::ensure_staff(origin)?;
            Self::do_dispense(&actor, &pack, proof.as_ref(), false, &occurrence)
        }

        /// Supplies part of a pack to the public.
        #[pallet::call_index(17)]
        pub fn partial_dispense(
            origin: OriginFor<T>,
            pack: PackClaim,
            proof: Option<InclusionProof>,
            occurrence: Occurrence,
        ) -> DispatchResult {
            let actor = T::DispensingOrigin::ensure_staff(origin)?;
            Self::do_dispense(&actor, &pack, proof.as_ref(), true, &occurrence)
        }

        /// Undoes a pack's decommissioning within ten days on the same premises, if the pack did
        /// not reach the public (EU 2016/161 Art. 13).
        #[pallet::call_index(18)]
        pub fn undo(
            origin: OriginFor<T>,
            pack: PackClaim,
            proof: Option<InclusionProof>,
            reached_the_public: bool,
            occurrence: Occurrence,
        ) -> DispatchResult {
            let actor = T::SupplyOrigin::ensure_staff(origin.clone())
                .or_else(|_| T::DispensingOrigin::ensure_staff(origin))?;
            Self::do_undo(
                &actor,
                &pack,
                proof.as_ref(),
                reached_the_public,
                &occurrence,
            )
        }

        /// Takes packs off the market, or empty containers out of use.
        #[pallet::call_index(19)]
        #[pallet::weight(T::WeightInfo::decommission(units.len() as u32))]
        pub fn decommission(
            origin: OriginFor<T>,
            units: BoundedVec<UnitName, ConstU32<MAX_NAMED>>,
            reason: DecommissionReason,
            occurrence: Occurrence,
        ) -> DispatchResult {
            let actor = T::SupplyOrigin::ensure_staff(origin)?;
            Self::do_decommission(&actor, &units, reason, &occurrence)
        }

        /// Reports packs and containers as stolen, or lost on the way.
        #[pallet::call_index(20)]
        #[pallet::weight(T::WeightInfo::report_stolen(units.len() as u32))]
        pub fn report_stolen(
            origin: OriginFor<T>,
            units: BoundedVec<UnitName, ConstU32<MAX_NAMED>>,
            occurrence: Occurrence,
        ) -> DispatchResult {
            let actor = T::SupplyOrigin::ensure_staff(origin)?;
            Self::do_report_stolen(&actor, &units, &occurrence)
        }

        /// Holds something suspect until an investigation is closed. Needs its custodian, for a lot
        /// the owner of the product, or an authority.
        #[pallet::call_index(21)]
        pub fn open_investigation(origin: OriginFor<T>, subject: SubjectName) -> DispatchResult {
            let overseer = Self::supplier_or_overseer(origin)?;
            Self::do_open_investigation(&overseer, &subject)
        }

        /// Closes an investigation. Needs whoever opened it, or an authority.
        #[pallet::call_index(22)]
        pub fn close_investigation(
            origin: OriginFor<T>,
            investigation: InvestigationId,
            outcome: Outcome,
        ) -> DispatchResult {
            let overseer = Self::supplier_or_overseer(origin)?;
            Self::do_close_investigation(&overseer, investigation, outcome)
        }

        /// Holds a lot while something is looked into. Needs the owner of the product or an
        /// authority.
        #[pallet::call_index(23)]
        pub fn quarantine(origin: OriginFor<T>, lot: LotId) -> DispatchResult {
            let overseer = Self::supplier_or_overseer(origin)?;
            Self::do_quarantine(&overseer, lot)
        }

        /// Recalls a lot, or withdraws it for good: one write, wherever its packs are. Needs the
        /// owner of the product or an authority.
        #[pallet::call_index(24)]
        pub fn recall(origin: OriginFor<T>, lot: LotId, kind: RecallKind) -> DispatchResult {
            let overseer = Self::supplier_or_overseer(origin)?;
            Self::do_recall(&overseer, lot, kind)
        }

        /// Lets a lot that is quarantined or recalled move again. Needs the owner of the product
        /// or an authority.
        #[pallet::call_index(25)]
        pub fn lift_recall(origin: OriginFor<T>, lot: LotId) -> DispatchResult {
            let overseer = Self::supplier_or_overseer(origin)?;
            Self::do_lift_recall(&overseer, lot)
        }

        /// Packs loose packs again, as a lot of the organisation's own product.
        #[pallet::call_index(26)]
        #[pallet::weight(T::WeightInfo::transform(inputs.len() as u32))]
        pub fn transform(
            origin: OriginFor<T>,
            inputs: BoundedVec<UnitName, ConstU32<MAX_NAMED>>,
            output: LotDraft,
            occurrence: Occurrence,
        ) -> DispatchResult {
            let actor = T::SupplyOrigin::ensure_staff(origin)?;
            Self::do_transform(&actor, &inputs, &output, &occurrence)
        }

        /// Says that an event which the organisation recorded is wrong. What it did stays done.
        #[pallet::call_index(27)]
        pub fn declare_error(
            origin: OriginFor<T>,
            event: EventId,
            reason: ErrorReason,
            corrective: Option<H256>,
        ) -> DispatchResult {
            let actor = T::SupplyOrigin::ensure_staff(origin.clone())
                .or_else(|_| T::DispensingOrigin::ensure_staff(origin))?;
            Self::do_declare_error(&actor, event, reason, corrective)
        }

        /// Records that somebody scanned a pack that is not what it should be. What the scanner was
        /// told is worked out again here, so nobody raises an alert about a pack that is shown to
        /// be fine.
        #[pallet::call_index(28)]
        pub fn raise_alert(
            origin: OriginFor<T>,
            pack: PackClaim,
            proof: Option<InclusionProof>,
            occurrence: Occurrence,
        ) -> DispatchResult {
            let actor = T::SupplyOrigin::ensure_staff(origin.clone())
                .or_else(|_| T::DispensingOrigin::ensure_staff(origin))?;
            Self::do_raise_alert(&actor, &pack, proof.as_ref(), &occurrence)
        }

        /// Removes what was closed more than six years ago. Anybody's staff may.
        #[pallet::call_index(29)]
        #[pallet::weight(T::WeightInfo::prune(what.len() as u32))]
        pub fn prune(
            origin: OriginFor<T>,
            what: BoundedVec<Prunable, ConstU32<MAX_PRUNED>>,
        ) -> DispatchResult {
            T::SupplyOrigin::ensure_staff(origin)?;
            Self::do_prune(&what)
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }
}
