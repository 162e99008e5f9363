//! What benchmarks find on chain, written as it lies there: the calls that would make it are
//! measured themselves.

use crate::{investigations::Overseer, types::*, *};
use alloc::{format, vec, vec::Vec};
use axonic_gs1::{digital_link, Date, Gln, Gtin, LotNumber, Serial};
use axonic_primitives::{
    credentials::{Credentials, Privilege},
    membership::{EnsureStaff, Membership},
    merkle::{InclusionProof, LeafKind, MAX_LEAVES, MAX_PROOF_ITEMS},
    AccountId, Clock, Codes, Moment, OrgId, SiteId,
};
use frame_benchmarking::v2::*;
use frame_support::BoundedVec;
use frame_system::RawOrigin;
use sp_core::H256;
use sp_io::hashing::blake2_256;

/// What is made for a benchmark, or why it was not.
pub(super) type Made<V> = Result<V, BenchmarkError>;

/// The only shipment.
pub(super) const SHIPMENT: ShipmentId = ShipmentId(0);
/// The pack that is told apart by its serial: the second of three that lie together.
const PACK: u32 = 1;

/// An organisation that may do everything, and a member of its staff who is tied to its premises,
/// because that costs most.
pub(super) struct Trader {
    pub account: AccountId,
    pub org: OrgId,
    pub site: SiteId,
}

impl Trader {
    pub fn origin(&self) -> RawOrigin<AccountId> {
        RawOrigin::Signed(self.account.clone())
    }

    /// What it has, having it from somebody who is no longer there.
    pub fn holding(&self) -> Holding {
        Holding {
            custodian: self.org,
            site: self.site,
            owner: self.org,
            supplier: Some(OrgId(u32::MAX)),
            shipment: None,
        }
    }

    /// What it has on the way.
    pub fn shipping(&self) -> Holding {
        Holding {
            shipment: Some(SHIPMENT),
            ..self.holding()
        }
    }

    pub fn occurrence<T: Config>(&self) -> Occurrence {
        Occurrence {
            site: self.site,
            time: T::Clock::now(),
            hash: H256::repeat_byte(1),
        }
    }
}

fn valid<K>(key: Result<K, axonic_gs1::Error>) -> Made<K> {
    key.map_err(|_| BenchmarkError::Stop("keys are made for the benchmark"))
}

pub(super) fn trader<T: Config>(name: &'static str) -> Made<Trader> {
    let staff: AccountId = account(name, 0, 0);
    let org = T::Membership::enrol_for_benchmark(&staff);
    let site = T::Membership::actor(&staff)?.site;
    let gln = party(org.0)?;
    let partner = Partner {
        gln,
        licences: Codes::all(),
        authorised_since: 0,
        authorised_until: Moment::MAX,
    };
    Partners::<T>::insert(org, partner);
    Parties::<T>::insert(gln, org);
    Ok(Trader {
        account: staff,
        org,
        site: site.ok_or(BenchmarkError::Stop("the staff of benchmarks has premises"))?,
    })
}

/// A party's location number.
pub(super) fn party(number: u32) -> Made<Gln> {
    let number = u64::from(number);
    valid(Gln::with_check_digit(900_000_000_000 + number))
}

/// A GTIN of its own for each number, of single packs.
pub(super) fn gtin(number: u32) -> Made<Gtin> {
    valid(Gtin::with_check_digit(900_000_000_000 + u64::from(number)))
}

pub(super) fn product<T: Config>(owner: OrgId, number: u32) -> Made<Gtin> {
    let gtin = gtin(number)?;
    let product = Product {
        owner,
        schedule: Some(Schedule::II),
        status: ProductStatus::Active,
    };
    Products::<T>::insert(gtin, product);
    Ok(gtin)
}

pub(super) fn text(characters: &[u8]) -> Text {
    Text(BoundedVec::truncate_from(characters.to_vec()))
}

/// A serial, or lot number, as long as they may be. Numbers have at most 19 digits.
pub(super) fn longest(number: u64) -> Text {
    text(format!("/{number:019}").as_bytes())
}

/// A lot of the largest size, of a product of its own, with all its packs commissioned.
pub(super) fn lot<T: Config>(owner: OrgId, serials: Serials) -> Made<LotId> {
    let number = numbered::<LotCounter<T>, _>();
    let id = LotId(number);
    let gtin = product::<T>(owner, number)?;
    let number = valid(LotNumber::new(&longest(number.into()).0))?;
    let lot = Lot {
        gtin,
        number,
        expiry: Date::MAX,
        units: MAX_UNITS,
        commissioned: MAX_UNITS,
        serials,
        status: LotStatus::Active,
        by_authority: false,
        fates: [0; 7],
        hold: None,
        sources: BoundedVec::truncate_from(vec![id; MAX_LOTS as usize]),
        log: step::<T>(),
    };
    Lots::<T>::insert(id, lot);
    LotNumbers::<T>::insert(gtin, number, id);
    Ok(id)
}

pub(super) fn lots<T: Config>(owner: OrgId, count: u32) -> Made<Vec<LotId>> {
    (0..count)
        .map(|_| lot::<T>(owner, Serials::Listed))
        .collect()
}

/// Something happened before.
fn step<T: Config>() -> StepId {
    let id = StepId(numbered::<StepCounter<T>, _>());
    let step = Step {
        event: EventId(0),
        before: None,
        within: None,
    };
    Steps::<T>::insert(id, step);
    id
}

/// Puts packs from `first` to `last` there.
fn run<T: Config>(lot: LotId, first: u32, last: u32, place: Place) {
    if let Place::Inside { container, .. } = &place {
        Contents::<T>::insert(container, Child::Packs { lot, last }, ());
    }
    let run = Run {
        first,
        place,
        partially_dispensed: false,
        hold: None,
        log: step::<T>(),
    };
    Runs::<T>::insert(lot, Last(last), run);
}

/// Puts three packs there. Answers with the one between: when it leaves, the run falls into three.
pub(super) fn three<T: Config>(lot: LotId, first: u32, place: Place) -> UnitName {
    run::<T>(lot, first, first + 2, place);
    UnitName::Packs {
        lot,
        first: first + 1,
        count: 1,
    }
}

/// Puts all packs of the lot from `first` on with the trader.
pub(super) fn rest<T: Config>(lot: LotId, first: u32, trader: &Trader) {
    run::<T>(lot, first, MAX_UNITS - 1, Place::Root(trader.holding()));
}

/// Puts `count` runs of three packs there, of these lots in turn, and the rest with the trader.
/// Answers with the pack between of each.
pub(super) fn threes<T: Config>(
    lots: &[LotId],
    count: u32,
    place: &Place,
    trader: &Trader,
) -> Vec<UnitName> {
    let turns = lots.len() as u32;
    let packs = lots
        .iter()
        .cycle()
        .zip(0..count)
        .map(|(lot, nth)| three::<T>(*lot, nth / turns * 3, place.clone()));
    let packs = packs.collect();
    for (lot, nth) in lots.iter().zip(0..) {
        rest::<T>(*lot, (count - nth).div_ceil(turns) * 3, trader);
    }
    packs
}

/// Containers in each other, `levels` of them and the outermost there, each with `packs` packs of
/// each lot in it. Answers with what it is to be in the innermost.
pub(super) fn nested<T: Config>(
    levels: u8,
    place: Place,
    lots: &[LotId],
    packs: u32,
) -> Made<Place> {
    let mut place = place;
    let gtin = gtin(u32::MAX)?;
    for _ in 0..levels {
        let log = step::<T>();
        let serial = valid(Serial::new(&longest(log.0).0))?;
        let key = ContainerKey::Sgtin { gtin, serial };
        let mut depth = MAX_DEPTH;
        if let Place::Inside { container, .. } = &place {
            Contents::<T>::insert(container, Child::Container(key.clone()), ());
            depth = Containers::<T>::get(container).map_or(depth, |outer| outer.depth - 1);
        }
        let counts = lots.iter().map(|lot| LotCount { lot: *lot, packs });
        let container = Container {
            place,
            children: packs,
            depth,
            sealed: false,
            lots: BoundedVec::truncate_from(counts.collect()),
            holds: 0,
            hold: None,
            log,
        };
        Containers::<T>::insert(&key, container);
        SerialNumbers::<T>::insert(gtin, serial, Commissioned::Container);
        place = Place::Inside {
            container: key,
            since: log,
        };
    }
    Ok(place)
}

/// The innermost of `levels` containers in each other, with packs of as many lots as may be, each
/// of a product of `owner`'s own.
pub(super) fn laden<T: Config>(levels: u8, holding: Holding, owner: OrgId) -> Made<ContainerKey> {
    let lots = lots::<T>(owner, MAX_LOTS)?;
    inside(nested::<T>(levels, Place::Root(holding), &lots, 1)?)
}

/// Which container it is that something is in.
pub(super) fn inside(place: Place) -> Made<ContainerKey> {
    match place {
        Place::Inside { container, .. } => Ok(container),
        Place::Root(_) | Place::Gone { .. } => {
            Err(BenchmarkError::Stop("it was put into a container"))
        }
    }
}

pub(super) fn name_of(key: &ContainerKey) -> ContainerName {
    match key {
        ContainerKey::Sscc(sscc) => ContainerName::Sscc(sscc.as_u64()),
        ContainerKey::Sgtin { gtin, serial } => ContainerName::Sgtin {
            gtin: gtin.as_u64(),
            serial: text(serial.as_bytes()),
        },
    }
}

/// One of three packs of a lot of their own, as deep in containers as may be.
pub(super) fn deep<T: Config>(trader: &Trader) -> Made<UnitName> {
    let lot = lot::<T>(trader.org, Serials::Listed)?;
    let place = nested::<T>(MAX_DEPTH, Place::Root(trader.holding()), &[lot], 3)?;
    rest::<T>(lot, 3, trader);
    Ok(three::<T>(lot, 0, place))
}

/// A pack whose serial is in the largest tree, and nowhere on chain.
pub(super) struct Proved {
    pub lot: LotId,
    pub claim: PackClaim,
    pub proof: InclusionProof,
}

/// A pack of which nothing is known but its proof. Puts all packs of the lot but the first three
/// with the trader.
pub(super) fn proved<T: Config>(trader: &Trader) -> Made<Proved> {
    let serial = valid(Serial::new(&[b'/'; 20]))?;
    // The lot's product, whose number is the lot's.
    let gtin = gtin(LotCounter::<T>::get())?;
    let uri = digital_link::pack(gtin, &serial);
    let (root, proof) = deepest_proof(blake2_256(uri.as_bytes()));
    let lot = lot::<T>(trader.org, Serials::Root(root))?;
    rest::<T>(lot, 3, trader);
    let claim = PackClaim {
        gtin: gtin.as_u64(),
        serial: text(serial.as_bytes()),
        lot: longest(lot.0.into()),
        expiry: Some(day()),
    };
    Ok(Proved { lot, claim, proof })
}

/// Such a pack, as deep in containers as may be.
pub(super) fn deep_proved<T: Config>(trader: &Trader) -> Made<Proved> {
    let pack = proved::<T>(trader)?;
    let place = nested::<T>(MAX_DEPTH, Place::Root(trader.holding()), &[pack.lot], 3)?;
    three::<T>(pack.lot, 0, place);
    Ok(pack)
}

/// The day on which every lot expires.
pub(super) fn day() -> DayDraft {
    let Date { year, month, day } = Date::MAX;
    DayDraft { year, month, day }
}

/// The root of a tree of the largest size in which the commitment is that of [`PACK`], and the
/// proof.
fn deepest_proof(commitment: [u8; 32]) -> (H256, InclusionProof) {
    let leaf = [
        &b"axonic/leaf/"[..],
        &[LeafKind::Serial as u8],
        &commitment[..],
    ];
    let siblings = vec![H256::repeat_byte(5); MAX_PROOF_ITEMS as usize];
    let mut node = blake2_256(&leaf.concat());
    for (level, sibling) in (0u32..).zip(&siblings) {
        let pair = match PACK >> level & 1 {
            0 => [&node[..], sibling.as_bytes()],
            _ => [sibling.as_bytes(), &node[..]],
        };
        node = blake2_256(&pair.concat());
    }
    let proof = InclusionProof {
        index: PACK,
        leaves: MAX_LEAVES,
        siblings: BoundedVec::truncate_from(siblings),
    };
    (H256(node), proof)
}

/// A draft of a shipment with everything in it.
pub(super) fn draft(to: &Trader, roots: Vec<UnitName>) -> ShipmentDraft {
    ShipmentDraft {
        to: to.org,
        roots: BoundedVec::truncate_from(roots),
        transaction: Some(transaction()),
        purchase_order: Some(H256::repeat_byte(2)),
        despatch_advice: Some(H256::repeat_byte(3)),
    }
}

fn transaction() -> Transaction {
    Transaction {
        information: H256::repeat_byte(4),
        statement: true,
    }
}

/// Records [`SHIPMENT`] with these containers, which were held as [`Trader::shipping`] says.
pub(super) fn shipped<T: Config>(from: &Trader, to: &Trader, roots: Vec<ContainerKey>) {
    let roots = roots.into_iter().map(Unit::Container).collect();
    let shipment = Shipment {
        from: from.org,
        to: to.org,
        direction: Direction::Forward,
        roots: BoundedVec::truncate_from(roots),
        transaction: Some(transaction()),
        purchase_order: Some(H256::repeat_byte(2)),
        despatch_advice: Some(H256::repeat_byte(3)),
        shipped_at: T::Clock::now(),
        ended_at: None,
        received_at: None,
        status: ShipmentStatus::Open,
        discrepancies: 0,
        unresolved: 0,
    };
    Shipments::<T>::insert(SHIPMENT, shipment);
    ShipmentCounter::<T>::put(1);
}

/// A pharmacist, who has as many credentials as one may have.
pub(super) fn pharmacist<T: Config>() -> Made<Trader> {
    let trader = trader::<T>("pharmacist")?;
    let member = T::Membership::member(trader.org);
    let member = member.ok_or(BenchmarkError::Stop("whoever is enrolled has a member"))?;
    T::Credentials::license_for_benchmark(
        &trader.account,
        Privilege::Dispense,
        member.jurisdiction,
    );
    Ok(trader)
}

pub(super) fn output(gtin: u64) -> LotDraft {
    LotDraft {
        gtin,
        number: longest(u32::MAX.into()),
        expiry: day(),
        units: MAX_UNITS,
        serial_root: Some(H256::repeat_byte(6)),
    }
}

/// As many roots as `r`, each a container with packs of as many lots as may be, made by `maker`.
pub(super) fn roots<T: Config>(r: u32, holding: &Holding, maker: OrgId) -> Made<Vec<ContainerKey>> {
    (0..r)
        .map(|_| laden::<T>(1, holding.clone(), maker))
        .collect()
}

pub(super) fn named(keys: &[ContainerKey]) -> Vec<UnitName> {
    let units = keys.iter().map(name_of);
    units.map(UnitName::Container).collect()
}

/// How many packs left the chain.
pub(super) fn gone<T: Config>() -> u32 {
    let lots = Lots::<T>::iter_values();
    lots.map(|lot| lot.fates.iter().sum::<u32>()).sum()
}

/// Records an investigation.
pub(super) fn investigate<T: Config>(
    subject: Subject,
    by: OrgId,
    outcome: Option<Outcome>,
) -> InvestigationId {
    let id = InvestigationId(numbered::<InvestigationCounter<T>, _>());
    let now = T::Clock::now();
    let investigation = Investigation {
        subject,
        opened_by: by,
        opened_at: now,
        outcome: outcome.map(|outcome| (outcome, now)),
    };
    Investigations::<T>::insert(id, investigation);
    id
}

/// Has each container and each run of packs held by an investigation of its own, which is open or
/// came to this.
pub(super) fn investigated<T: Config>(outcome: Option<Outcome>) {
    let by = OrgId(0);
    for key in Containers::<T>::iter_keys().collect::<Vec<_>>() {
        let subject = Subject::Unit(Unit::Container(key.clone()));
        let id = investigate::<T>(subject, by, outcome);
        Containers::<T>::mutate_extant(key, |container| container.hold = Some(id));
    }
    for (lot, last, run) in Runs::<T>::iter().collect::<Vec<_>>() {
        let subject = Subject::Unit(Unit::Packs {
            lot,
            first: run.first,
            last: last.0,
        });
        let id = investigate::<T>(subject, by, outcome);
        hold_run::<T>(lot, last, id);
    }
}

/// Has the run held by the investigation.
pub(super) fn hold_run<T: Config>(lot: LotId, last: Last, id: InvestigationId) {
    Runs::<T>::mutate(lot, last, |run| {
        if let Some(run) = run {
            run.hold = Some(id);
        }
    });
}

/// Who holds goods as a trading partner, after it was asked whether it is an authority: this costs
/// more than to be one.
pub(super) fn supplier<T: Config>(trader: &Trader) -> Made<Overseer> {
    T::OversightOrigin::ensure_staff(trader.origin().into())?;
    let actor = T::SupplyOrigin::ensure_staff(trader.origin().into())?;
    Ok(Overseer::Supplier(actor))
}
