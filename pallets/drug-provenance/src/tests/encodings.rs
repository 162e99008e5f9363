//! What lives in state never changes its bytes without a migration.

use crate::{mock::*, types::*};
use axonic_gs1::{Date, Gln, Gtin, LotNumber, Serial, Sscc};
use axonic_primitives::{Code, Codes, OrgId, SiteId};
use codec::{Decode, Encode};
use sp_core::H256;

fn gtin() -> Gtin {
    Gtin::new(MEDICINE).unwrap()
}

fn bytes_of_gtin() -> [u8; 8] {
    MEDICINE.to_le_bytes()
}

/// Custodian 1, site 2, owner 3, supplier 4, shipment 5.
fn holding() -> Holding {
    Holding {
        custodian: OrgId(1),
        site: SiteId(2),
        owner: OrgId(3),
        supplier: Some(OrgId(4)),
        shipment: Some(ShipmentId(5)),
    }
}

const BYTES_OF_HOLDING: [u8; 26] = [
    1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 1, 4, 0, 0, 0, 1, 5, 0, 0, 0, 0, 0, 0, 0,
];

fn sscc() -> (ContainerKey, Vec<u8>) {
    let sscc = Sscc::new(6_141_411_234_567_890).unwrap();
    let bytes = [&[0u8][..], &6_141_411_234_567_890u64.to_le_bytes()].concat();
    (ContainerKey::Sscc(sscc), bytes)
}

fn pack_code() -> (PackCode, Vec<u8>) {
    let pack = PackCode {
        gtin: gtin(),
        serial: Serial::new(b"S1").unwrap(),
        lot: LotNumber::new(b"L").unwrap(),
        expiry: Some(Date::new(2027, 2, 28).unwrap()),
    };
    let bytes = [
        &bytes_of_gtin()[..],
        &[8, b'S', b'1'],
        &[4, b'L'],
        &[1, 0xeb, 0x07, 2, 28],
    ]
    .concat();
    (pack, bytes)
}

fn long(number: u64) -> [u8; 8] {
    number.to_le_bytes()
}

fn frozen<V: Encode + Decode + PartialEq + std::fmt::Debug>(value: V, bytes: &[&[u8]]) {
    let bytes = bytes.concat();
    assert_eq!(value.encode(), bytes, "{value:?}");
    assert_eq!(V::decode(&mut &bytes[..]).as_ref(), Ok(&value));
}

/// The values of a closed enum in the order of its indexes, which are from `first` on.
fn counted<V: Encode>(first: u8, values: &[V]) {
    for (index, value) in (first..).zip(values) {
        assert_eq!(value.encode(), [index]);
    }
}

#[test]
fn the_indexes_of_what_describes_lots_and_partners_are_frozen() {
    counted(0, Licence::ALL);
    counted(2, &[Schedule::II, Schedule::III, Schedule::IV, Schedule::V]);
    counted(0, &[ProductStatus::Active, ProductStatus::Retired]);
    counted(
        0,
        &[
            RecallKind::ClassI,
            RecallKind::ClassII,
            RecallKind::ClassIII,
            RecallKind::Withdrawal,
        ],
    );
    counted(
        0,
        &[
            Fate::Dispensed,
            Fate::Exported,
            Fate::Sampled,
            Fate::Destroyed,
            Fate::Stolen,
            Fate::Decommissioned,
            Fate::Transformed,
        ],
    );
    counted(
        0,
        &[
            DecommissionReason::Exported,
            DecommissionReason::Sampled,
            DecommissionReason::Destroyed,
            DecommissionReason::ForDestruction,
            DecommissionReason::Damaged,
            DecommissionReason::Unreadable,
            DecommissionReason::Other,
        ],
    );
    counted(
        0,
        &[
            Disposition::Active,
            Disposition::Packed,
            Disposition::InTransit,
            Disposition::PartiallyDispensed,
            Disposition::Dispensed,
            Disposition::Exported,
            Disposition::Sampled,
            Disposition::Destroyed,
            Disposition::Stolen,
            Disposition::Decommissioned,
            Disposition::Transformed,
        ],
    );
}

#[test]
fn the_indexes_of_what_describes_movements_are_frozen() {
    let statuses = [
        ShipmentStatus::Open,
        ShipmentStatus::Voided,
        ShipmentStatus::Received,
    ];
    counted(0, &statuses);
    counted(0, &[Direction::Forward, Direction::Return]);
    counted(0, &[DiscrepancyKind::Missing, DiscrepancyKind::Extra]);
    counted(
        0,
        &[
            Resolution::Found,
            Resolution::NotShipped,
            Resolution::Lost,
            Resolution::Accepted,
            Resolution::SentBack,
        ],
    );
    counted(
        0,
        &[
            EventKind::Commissioning,
            EventKind::Packing,
            EventKind::Unpacking,
            EventKind::Sealing,
            EventKind::Shipping,
            EventKind::VoidShipping,
            EventKind::Receiving,
            EventKind::Resolving,
            EventKind::Returning,
            EventKind::Dispensing,
            EventKind::Undoing,
            EventKind::Decommissioning,
            EventKind::Stealing,
            EventKind::Transforming,
        ],
    );
    counted(0, &[ErrorReason::DidNotOccur, ErrorReason::IncorrectData]);
}

#[test]
fn the_indexes_of_what_describes_doubts_are_frozen() {
    counted(
        0,
        &[
            VerificationAnswer::Verified,
            VerificationAnswer::Unknown,
            VerificationAnswer::Suspect,
            VerificationAnswer::NotForDistribution,
        ],
    );
    counted(0, &[Outcome::Cleared, Outcome::Illegitimate]);
    counted(
        0,
        &[
            Verdict::Authentic,
            Verdict::Unproven,
            Verdict::Unknown,
            Verdict::Mismatch,
            Verdict::Dispensed,
            Verdict::PartiallyDispensed,
            Verdict::Exported,
            Verdict::Sampled,
            Verdict::Destroyed,
            Verdict::Stolen,
            Verdict::Decommissioned,
            Verdict::Transformed,
            Verdict::Suspect,
            Verdict::Recalled,
            Verdict::Withdrawn,
            Verdict::Quarantined,
            Verdict::Expired,
            Verdict::NotProven,
        ],
    );
}

#[test]
fn the_encodings_of_partners_and_products_are_frozen() {
    let partner = Partner {
        gln: Gln::new(614_141_123_452).unwrap(),
        licences: Codes::from([Licence::Manufacturer, Licence::Exporter]),
        authorised_since: 6,
        authorised_until: 7,
    };
    let gln = 614_141_123_452u64.to_le_bytes();
    let licences = [0b10_0001, 0, 0, 0];
    frozen(partner, &[&gln, &licences, &long(6), &long(7)]);
    let product = Product {
        owner: OrgId(1),
        schedule: Some(Schedule::II),
        status: ProductStatus::Retired,
    };
    frozen(product, &[&[1, 0, 0, 0], &[1, 2], &[1]]);
}

#[test]
fn the_encoding_of_a_lot_is_frozen() {
    let lot = Lot {
        gtin: gtin(),
        number: LotNumber::new(b"L1").unwrap(),
        expiry: Date::new(2027, 2, 28).unwrap(),
        units: 9,
        commissioned: 8,
        serials: Serials::Root(H256::repeat_byte(7)),
        status: LotStatus::Recalled {
            kind: RecallKind::ClassII,
            at: 6,
        },
        by_authority: true,
        fates: [1, 2, 3, 4, 5, 6, 7],
        hold: Some(InvestigationId(5)),
        sources: bounded([LotId(4)]),
        log: StepId(3),
    };
    let fates: Vec<u8> = (1u32..=7).flat_map(u32::to_le_bytes).collect();
    let bytes: [&[u8]; 12] = [
        &bytes_of_gtin(),
        &[8, b'L', b'1'],
        &[0xeb, 0x07, 2, 28],
        &[9, 0, 0, 0],
        &[8, 0, 0, 0],
        &[&[0u8][..], &[7; 32]].concat(),
        &[&[2, 1][..], &long(6)].concat(),
        &[1],
        &fates,
        &[&[1u8][..], &long(5)].concat(),
        &[4, 4, 0, 0, 0],
        &long(3),
    ];
    frozen(lot, &bytes);
    frozen(Serials::Listed, &[&[1]]);
    frozen(LotStatus::Active, &[&[0]]);
    frozen(LotStatus::Quarantined, &[&[1]]);
    frozen(LotStatus::Withdrawn { at: 6 }, &[&[3], &long(6)]);
}

#[test]
fn the_encodings_of_places_and_runs_are_frozen() {
    let (key, bytes_of_key) = sscc();
    frozen(key.clone(), &[&bytes_of_key]);
    let serial = Serial::new(b"S1").unwrap();
    let gtin = gtin();
    let item = ContainerKey::Sgtin { gtin, serial };
    frozen(item, &[&[1], &bytes_of_gtin(), &[8, b'S', b'1']]);
    frozen(holding(), &[&BYTES_OF_HOLDING]);
    frozen(Place::Root(holding()), &[&[0], &BYTES_OF_HOLDING]);
    let inside = Place::Inside {
        container: key,
        since: StepId(9),
    };
    frozen(inside.clone(), &[&[1], &bytes_of_key, &long(9)]);
    let gone = Place::Gone {
        fate: Fate::Stolen,
        last: holding(),
        at: 8,
    };
    frozen(gone, &[&[2, 4], &BYTES_OF_HOLDING, &long(8)]);
    let run = Run {
        first: 7,
        place: inside,
        partially_dispensed: true,
        hold: None,
        log: StepId(6),
    };
    let bytes: [&[u8]; 6] = [
        &[7, 0, 0, 0, 1],
        &bytes_of_key,
        &long(9),
        &[1],
        &[0],
        &long(6),
    ];
    frozen(run, &bytes);
}

#[test]
fn the_keys_of_runs_are_in_the_order_of_their_packs() {
    frozen(Last(0x0102_0304), &[&[1, 2, 3, 4]]);
    let numbers = [0, 1, 255, 256, 65_535, 65_536, MAX_UNITS - 1];
    let keys = numbers.map(|number| Last(number).encode());
    assert!(keys.is_sorted());
}

#[test]
fn the_encodings_of_containers_and_contents_are_frozen() {
    let container = Container {
        place: Place::Root(holding()),
        children: 9,
        depth: 2,
        sealed: true,
        lots: bounded([LotCount {
            lot: LotId(8),
            packs: 7,
        }]),
        holds: 6,
        hold: Some(InvestigationId(5)),
        log: StepId(4),
    };
    let bytes: [&[u8]; 9] = [
        &[0],
        &BYTES_OF_HOLDING,
        &[9, 0, 0, 0],
        &[2],
        &[1],
        &[4, 8, 0, 0, 0, 7, 0, 0, 0],
        &[6, 0, 0, 0],
        &[&[1u8][..], &long(5)].concat(),
        &long(4),
    ];
    frozen(container, &bytes);
    let (key, bytes_of_key) = sscc();
    frozen(Child::Container(key.clone()), &[&[0], &bytes_of_key]);
    let (lot, last) = (LotId(1), 2);
    frozen(Child::Packs { lot, last }, &[&[1, 1, 0, 0, 0, 2, 0, 0, 0]]);
    let index = 2;
    frozen(
        Commissioned::Pack { lot, index },
        &[&[0, 1, 0, 0, 0, 2, 0, 0, 0]],
    );
    frozen(Commissioned::Container, &[&[1]]);
    frozen(Unit::Container(key), &[&[0], &bytes_of_key]);
    let first = 3;
    let packs = Unit::Packs { lot, first, last };
    frozen(packs, &[&[1, 1, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0]]);
}

#[test]
fn the_encodings_of_events_and_steps_are_frozen() {
    let correction = Correction {
        reason: ErrorReason::IncorrectData,
        at: 1,
        corrective: Some(H256::repeat_byte(2)),
    };
    let bytes_of_correction = [&[1u8][..], &long(1), &[1], &[2; 32]].concat();
    frozen(correction.clone(), &[&bytes_of_correction]);
    let event = RecordedEvent {
        hash: H256::repeat_byte(3),
        kind: EventKind::Shipping,
        org: OrgId(4),
        site: SiteId(5),
        time: 6,
        recorded_at: 7,
        shipment: Some(ShipmentId(8)),
        correction: Some(correction),
    };
    let bytes: [&[u8]; 9] = [
        &[3; 32],
        &[4],
        &[4, 0, 0, 0],
        &[5, 0, 0, 0],
        &long(6),
        &long(7),
        &[&[1u8][..], &long(8)].concat(),
        &[1],
        &bytes_of_correction,
    ];
    frozen(event, &bytes);
    let step = Step {
        event: EventId(1),
        before: Some(StepId(2)),
        within: Some((StepId(3), StepId(4))),
    };
    let bytes: [&[u8]; 6] = [&long(1), &[1], &long(2), &[1], &long(3), &long(4)];
    frozen(step, &bytes);
}

#[test]
fn the_encodings_of_shipments_and_discrepancies_are_frozen() {
    let packs = Unit::Packs {
        lot: LotId(1),
        first: 3,
        last: 2,
    };
    let bytes_of_packs = [1, 1, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0];
    let shipment = Shipment {
        from: OrgId(1),
        to: OrgId(2),
        direction: Direction::Return,
        roots: bounded([packs.clone()]),
        transaction: Some(Transaction {
            information: H256::repeat_byte(3),
            statement: true,
        }),
        purchase_order: Some(H256::repeat_byte(4)),
        despatch_advice: None,
        shipped_at: 5,
        ended_at: Some(6),
        received_at: Some(SiteId(9)),
        status: ShipmentStatus::Received,
        discrepancies: 7,
        unresolved: 8,
    };
    let bytes: [&[u8]; 14] = [
        &[1, 0, 0, 0],
        &[2, 0, 0, 0],
        &[1],
        &[4],
        &bytes_of_packs,
        &[&[1u8][..], &[3; 32], &[1]].concat(),
        &[&[1u8][..], &[4; 32]].concat(),
        &[0],
        &long(5),
        &[&[1u8][..], &long(6)].concat(),
        &[1, 9, 0, 0, 0],
        &[2],
        &[7, 0, 0, 0],
        &[8, 0, 0, 0],
    ];
    frozen(shipment, &bytes);
    let discrepancy = Discrepancy {
        kind: DiscrepancyKind::Extra,
        unit: packs,
        resolution: Some(Resolution::Accepted),
    };
    frozen(discrepancy, &[&[1], &bytes_of_packs, &[1, 3]]);
}

#[test]
fn the_encodings_of_doubts_are_frozen() {
    let (pack, bytes_of_pack) = pack_code();
    frozen(pack.clone(), &[&bytes_of_pack]);
    let verification = Verification {
        requester: OrgId(1),
        responder: OrgId(2),
        pack: pack.clone(),
        asked_at: 3,
        answer: Some((VerificationAnswer::Suspect, 4)),
    };
    let bytes: [&[u8]; 6] = [
        &[1, 0, 0, 0],
        &[2, 0, 0, 0],
        &bytes_of_pack,
        &long(3),
        &[1, 2],
        &long(4),
    ];
    frozen(verification, &bytes);
    let (key, bytes_of_key) = sscc();
    let subject = Subject::Unit(Unit::Container(key));
    frozen(subject, &[&[1, 0], &bytes_of_key]);
    let investigation = Investigation {
        subject: Subject::Lot(LotId(1)),
        opened_by: OrgId(2),
        opened_at: 3,
        outcome: Some((Outcome::Illegitimate, 4)),
    };
    let bytes: [&[u8]; 5] = [&[0, 1, 0, 0, 0], &[2, 0, 0, 0], &long(3), &[1, 1], &long(4)];
    frozen(investigation, &bytes);
    let alert = Alert {
        pack,
        verdict: Verdict::Stolen,
        org: OrgId(1),
        site: SiteId(2),
        at: 3,
    };
    frozen(
        alert,
        &[&bytes_of_pack, &[9], &[1, 0, 0, 0], &[2, 0, 0, 0], &long(3)],
    );
}
