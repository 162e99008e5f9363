//! Medicines from the maker's line to the pharmacy's counter, with signed transactions.

mod journey;
mod origins;

use crate::chain::{account_of, decide, send, NOW};
use axonic_gs1::{digital_link, Gln, Gtin, LotNumber, Serial, Sscc};
use axonic_primitives::{
    credentials::Privilege,
    membership::Jurisdiction,
    merkle::{InclusionProof, LeafKind, Tree},
    Moment, OrgId, SiteId,
};
use axonic_runtime::{Block, Runtime, RuntimeCall};
use frame_support::assert_ok;
use pallet_credentials::types::{CredentialKind, Terms};
use pallet_drug_provenance::{
    runtime_api::runtime_decl_for_provenance_api::ProvenanceApi,
    types::{
        ContainerName, DayDraft, Licence, LotDraft, LotId, LotReach, Occurrence, PackClaim,
        RecallKind, Schedule, ShipmentDraft, ShipmentId, Text, Transaction, UnitName, Verdict,
    },
    Error, EventCounter, LotNumbers, Shipments,
};
use sp_core::H256;
use sp_runtime::{
    traits::{BlakeTwo256, Hash},
    DispatchResult,
};

type Call = pallet_drug_provenance::Call<Runtime>;

/// An organisation that moves medicines: its premises, and who acts for it.
#[derive(Clone, Copy)]
struct Trader {
    org: OrgId,
    site: SiteId,
    staff: &'static str,
}

const MAKER: Trader = trader(2, "MakerAdmin");
const WHOLESALER: Trader = trader(3, "WholesalerAdmin");
const PHARMACY: Trader = trader(4, "Pharmacist");

/// On a development chain members and their sites have the same numbers.
const fn trader(number: u32, staff: &'static str) -> Trader {
    Trader {
        org: OrgId(number),
        site: SiteId(number),
        staff,
    }
}

/// The regulator's only member of staff.
const AUDITOR: &str = "Auditor";
const REGULATOR: OrgId = OrgId(5);
const US: Jurisdiction = Jurisdiction(*b"US");
const YEAR: Moment = 365 * 24 * 60 * 60 * 1000;

const LOT_NUMBER: &str = "LOT-1";
const PACKS: u32 = 400;
const PACKS_A_CASE: u32 = 100;
const PALLET: u64 = 1_000;

/// The packs of a lot, as only the maker knows them until they are scanned.
struct Printed {
    gtin: Gtin,
    serials: Vec<Serial>,
    tree: Tree,
}

impl Printed {
    fn new() -> Self {
        let gtin = Gtin::with_check_digit(61_414_100_001).expect("13 digits at most");
        let serial = |number: u32| Serial::parse(&format!("A/{number:06}")).expect("a good serial");
        let serials: Vec<_> = (0..PACKS).map(serial).collect();
        let commitment =
            |serial: &Serial| BlakeTwo256::hash(digital_link::pack(gtin, serial).as_bytes());
        let commitments: Vec<_> = serials.iter().map(commitment).collect();
        Self {
            gtin,
            serials,
            tree: Tree::new(LeafKind::Serial, &commitments),
        }
    }

    fn claim(&self, pack: u32) -> PackClaim {
        PackClaim {
            gtin: self.gtin.as_u64(),
            serial: text(self.serials[pack as usize].as_str()),
            lot: text(LOT_NUMBER),
            expiry: Some(EXPIRY),
        }
    }

    fn proof(&self, pack: u32) -> Option<InclusionProof> {
        self.tree.prove(pack)
    }

    /// What a scanner reads of the DataMatrix on a pack.
    fn scan(&self, pack: u32) -> Vec<u8> {
        let serial = self.serials[pack as usize];
        let scan = format!("]d201{}1727063010{LOT_NUMBER}\u{1d}21{serial}", self.gtin);
        scan.into_bytes()
    }

    fn verdict(&self, pack: u32, proof: Option<InclusionProof>) -> Verdict {
        <Runtime as ProvenanceApi<Block>>::verify_pack(self.scan(pack), proof)
            .expect("the scan is good")
            .verdict
    }

    fn reach(&self) -> LotReach {
        <Runtime as ProvenanceApi<Block>>::where_is_lot(self.gtin.as_u64(), text(LOT_NUMBER), None)
            .expect("there is such a lot")
    }

    /// How many packs the trader has, and how many of its packs are on their way to somebody else.
    fn stock(&self, trader: Trader) -> (u32, u32) {
        let reach = self.reach();
        let with = |on_the_way: bool| {
            let holders = reach.holders.iter();
            holders
                .filter(|holder| holder.org == trader.org)
                .filter(|holder| holder.on_the_way_to.is_some() == on_the_way)
                .map(|holder| holder.packs)
                .sum::<u32>()
        };
        (with(false), with(true))
    }

    fn lot(&self) -> LotId {
        let number = LotNumber::parse(LOT_NUMBER).expect("a good lot number");
        LotNumbers::<Runtime>::get(self.gtin, number).expect("the lot was commissioned")
    }

    fn packs(&self, first: u32, count: u32) -> UnitName {
        let lot = self.lot();
        UnitName::Packs { lot, first, count }
    }

    fn dispense(&self, pack: u32) -> RuntimeCall {
        let occurrence = at(PHARMACY);
        Call::dispense {
            pack: self.claim(pack),
            proof: self.proof(pack),
            occurrence,
        }
        .into()
    }
}

const EXPIRY: DayDraft = DayDraft {
    year: 2027,
    month: 6,
    day: 30,
};

fn text(text: &str) -> Text {
    let bytes = text.as_bytes().to_vec();
    Text(bytes.try_into().expect("the text is short"))
}

/// Here and now. Each event has a hash of its own.
fn at(trader: Trader) -> Occurrence {
    Occurrence {
        site: trader.site,
        time: NOW,
        hash: H256::from_low_u64_be(EventCounter::<Runtime>::get() + 1),
    }
}

fn container(number: u64) -> ContainerName {
    let sscc = Sscc::with_check_digit(6_141_410_000_000_000 + number).expect("17 digits at most");
    ContainerName::Sscc(sscc.as_u64())
}

fn whole(number: u64) -> UnitName {
    UnitName::Container(container(number))
}

fn authorise(trader: Trader, licence: Licence) -> Call {
    let gln = Gln::with_check_digit(61_414_100_100 + u64::from(trader.org.0));
    Call::authorise_partner {
        org: trader.org,
        gln: gln.expect("12 digits at most").as_u64(),
        licences: licence.into(),
        until: NOW + YEAR,
    }
}

fn aggregate(trader: Trader, number: u64, children: Vec<UnitName>) -> Call {
    Call::aggregate {
        container: container(number),
        children: children.try_into().expect("few children"),
        occurrence: at(trader),
    }
}

fn draft(to: Trader, roots: Vec<UnitName>) -> ShipmentDraft {
    ShipmentDraft {
        to: to.org,
        roots: roots.try_into().expect("few roots"),
        transaction: Some(Transaction {
            information: H256::repeat_byte(1),
            statement: true,
        }),
        purchase_order: Some(H256::repeat_byte(2)),
        despatch_advice: Some(H256::repeat_byte(3)),
    }
}

fn ship(from: Trader, to: Trader, roots: Vec<UnitName>) -> Call {
    Call::ship {
        draft: draft(to, roots),
        occurrence: at(from),
    }
}

fn receive(trader: Trader, shipment: ShipmentId, missing: Vec<UnitName>) -> Call {
    Call::receive {
        shipment,
        missing: missing.try_into().expect("few are missing"),
        extra: Default::default(),
        occurrence: at(trader),
    }
}

fn latest_shipment() -> ShipmentId {
    let shipments = Shipments::<Runtime>::iter_keys();
    shipments.max().expect("something was shipped")
}

/// What is said when the pallet refuses.
fn refused(error: Error<Runtime>) -> DispatchResult {
    Err(error.into())
}

fn recall(lot: LotId) -> Call {
    let kind = RecallKind::ClassI;
    Call::recall { lot, kind }
}

/// The three traders are authorised, and the maker has commissioned a lot.
fn commissioned() -> Printed {
    let printed = Printed::new();
    for (trader, licence) in [
        (MAKER, Licence::Manufacturer),
        (WHOLESALER, Licence::Wholesaler),
        (PHARMACY, Licence::Dispenser),
    ] {
        assert_ok!(send(AUDITOR, authorise(trader, licence)));
    }
    let register = Call::register_product {
        gtin: printed.gtin.as_u64(),
        schedule: Some(Schedule::II),
    };
    assert_ok!(send(MAKER.staff, register));
    let commission = Call::commission_lot {
        draft: lot_draft(&printed),
        occurrence: at(MAKER),
    };
    assert_ok!(send(MAKER.staff, commission));
    printed
}

fn lot_draft(printed: &Printed) -> LotDraft {
    LotDraft {
        gtin: printed.gtin.as_u64(),
        number: text(LOT_NUMBER),
        expiry: EXPIRY,
        units: PACKS,
        serial_root: Some(printed.tree.root()),
    }
}

/// A lot that was shipped on from the maker to the pharmacy, all of it in the first case.
fn at_the_pharmacy() -> Printed {
    let printed = commissioned();
    let case = vec![printed.packs(0, PACKS_A_CASE)];
    assert_ok!(send(MAKER.staff, aggregate(MAKER, 0, case)));
    assert_ok!(send(MAKER.staff, ship(MAKER, PHARMACY, vec![whole(0)])));
    let receive = receive(PHARMACY, latest_shipment(), Vec::new());
    assert_ok!(send(PHARMACY.staff, receive));
    license_the_pharmacist();
    printed
}

fn license_the_pharmacist() {
    let kind = CredentialKind::PharmacistLicence;
    decide(pallet_credentials::Call::<Runtime>::accredit {
        issuer: REGULATOR,
        kind,
        jurisdiction: US,
    });
    let issue = pallet_credentials::Call::<Runtime>::issue {
        holder: account_of(PHARMACY.staff),
        terms: Terms {
            kind,
            privileges: Privilege::Dispense.into(),
            jurisdiction: US,
            valid_from: NOW,
            valid_until: NOW + YEAR,
            commitment: H256::zero(),
        },
    };
    assert_ok!(send(AUDITOR, issue));
}
