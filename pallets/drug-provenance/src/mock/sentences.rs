//! Calls as sentences: who does what.

use super::*;

pub fn authorise(
    who: &AccountId,
    licences: impl Into<Codes<Licence>>,
    until: Moment,
) -> DispatchResult {
    let call = Call::authorise_partner {
        org: org_of(who),
        gln: gln_of(who).as_u64(),
        licences: licences.into(),
        until,
    };
    act(REGISTRAR, call)
}

pub fn withdraw(who: &AccountId) -> DispatchResult {
    act(REGISTRAR, Call::withdraw_partner { org: org_of(who) })
}

pub fn register(who: AccountId, gtin: u64) -> DispatchResult {
    let schedule = None;
    act(who, Call::register_product { gtin, schedule })
}

pub fn retire(who: AccountId, gtin: u64) -> DispatchResult {
    act(who, Call::retire_product { gtin })
}

/// A lot with the maker's usual expiry whose serials are not behind a root.
pub fn listed_draft(gtin: u64, number: &str, units: u32) -> LotDraft {
    LotDraft {
        gtin,
        number: text(number),
        expiry: EXPIRY,
        units,
        serial_root: None,
    }
}

/// A lot of medicine with the maker's usual expiry, and the tree of its serials.
pub fn rooted_draft(gtin: u64, number: &str, units: u32) -> (LotDraft, Tree) {
    let draft = listed_draft(gtin, number, units);
    let tree = Tree::new(LeafKind::Serial, &commitments(gtin, &draft.number, units));
    let serial_root = Some(tree.root());
    (
        LotDraft {
            serial_root,
            ..draft
        },
        tree,
    )
}

pub fn commission_lot(who: AccountId, draft: LotDraft) -> DispatchResult {
    let occurrence = here(&who);
    act(who, Call::commission_lot { draft, occurrence })
}

/// The maker commissions a lot of its medicine behind a root.
pub fn commission(number: &str, units: u32) -> Made {
    commissioned_by(MAKER, rooted_draft(MEDICINE, number, units))
}

/// Commissions a lot behind a root.
pub fn commissioned_by(who: AccountId, (draft, tree): (LotDraft, Tree)) -> Made {
    assert_ok!(commission_lot(who, draft.clone()));
    Made::of(last_lot(), &draft, Some(tree))
}

/// The maker commissions a lot of its medicine whose serials are listed, with all its packs.
pub fn list(number: &str, units: u32) -> Made {
    let draft = listed_draft(MEDICINE, number, units);
    assert_ok!(commission_lot(MAKER, draft.clone()));
    let made = Made::of(last_lot(), &draft, None);
    let serials = (0..units).map(|index| made.serial(index));
    assert_ok!(commission_items(MAKER, made.id, serials));
    made
}

pub fn commission_items(
    who: AccountId,
    lot: LotId,
    serials: impl IntoIterator<Item = Text>,
) -> DispatchResult {
    let (serials, occurrence) = (bounded(serials), here(&who));
    let call = Call::commission_items {
        lot,
        serials,
        occurrence,
    };
    act(who, call)
}

/// The lot commissioned last.
pub fn last_lot() -> LotId {
    let newest = crate::LotNumbers::<Test>::iter_values().max();
    newest.expect("a lot was commissioned")
}

fn names<S: Get<u32>>(
    units: impl IntoIterator<Item = impl Into<UnitName>>,
) -> BoundedVec<UnitName, S> {
    bounded(units.into_iter().map(Into::into))
}

pub fn pack(
    who: AccountId,
    container: ContainerName,
    children: impl IntoIterator<Item = impl Into<UnitName>>,
) -> DispatchResult {
    let (children, occurrence) = (names(children), here(&who));
    let call = Call::aggregate {
        container,
        children,
        occurrence,
    };
    act(who, call)
}

pub fn unpack(
    who: AccountId,
    container: ContainerName,
    children: impl IntoIterator<Item = impl Into<UnitName>>,
) -> DispatchResult {
    let (children, occurrence) = (names(children), here(&who));
    let call = Call::disaggregate {
        container,
        children,
        occurrence,
    };
    act(who, call)
}

pub fn seal(who: AccountId, container: ContainerName) -> DispatchResult {
    set_seal(who, container, true)
}

pub fn unseal(who: AccountId, container: ContainerName) -> DispatchResult {
    set_seal(who, container, false)
}

fn set_seal(who: AccountId, container: ContainerName, sealed: bool) -> DispatchResult {
    let occurrence = here(&who);
    let call = Call::seal {
        container,
        sealed,
        occurrence,
    };
    act(who, call)
}

/// What makes the consignee the owner.
pub fn transaction() -> Option<Transaction> {
    Some(Transaction {
        information: H256::repeat_byte(77),
        statement: true,
    })
}

/// What goes to the consignee and becomes its own.
pub fn consignment(
    to: &AccountId,
    roots: impl IntoIterator<Item = impl Into<UnitName>>,
) -> ShipmentDraft {
    ShipmentDraft {
        to: org_of(to),
        roots: names(roots),
        transaction: transaction(),
        purchase_order: Some(H256::repeat_byte(78)),
        despatch_advice: None,
    }
}

pub fn ship(
    from: AccountId,
    to: AccountId,
    roots: impl IntoIterator<Item = impl Into<UnitName>>,
) -> DispatchResult {
    send(from, consignment(&to, roots))
}

pub fn send(from: AccountId, draft: ShipmentDraft) -> DispatchResult {
    let occurrence = here(&from);
    act(from, Call::ship { draft, occurrence })
}

/// Ships and returns the shipment's number.
pub fn shipped(
    from: AccountId,
    to: AccountId,
    roots: impl IntoIterator<Item = impl Into<UnitName>>,
) -> ShipmentId {
    assert_ok!(ship(from, to, roots));
    last_shipment()
}

/// Sends back, and the consignee becomes the owner again.
pub fn give_back(
    from: AccountId,
    to: AccountId,
    roots: impl IntoIterator<Item = impl Into<UnitName>>,
) -> DispatchResult {
    let (draft, occurrence) = (consignment(&to, roots), here(&from));
    act(from, Call::return_to { draft, occurrence })
}

/// The shipment that was sent last.
pub fn last_shipment() -> ShipmentId {
    match last_event() {
        crate::Event::Shipped { shipment, .. } => shipment,
        other => panic!("not shipped but {other:?}"),
    }
}

pub fn void(who: AccountId, shipment: ShipmentId) -> DispatchResult {
    let occurrence = here(&who);
    let call = Call::void_shipment {
        shipment,
        occurrence,
    };
    act(who, call)
}

/// Receives all of it.
pub fn receive(who: AccountId, shipment: ShipmentId) -> DispatchResult {
    receive_but(who, shipment, [], [])
}

pub fn receive_but<const M: usize, const E: usize>(
    who: AccountId,
    shipment: ShipmentId,
    missing: [UnitName; M],
    extra: [UnitName; E],
) -> DispatchResult {
    let occurrence = here(&who);
    let call = Call::receive {
        shipment,
        missing: names(missing),
        extra: names(extra),
        occurrence,
    };
    act(who, call)
}

/// Ships and receives all of it.
pub fn deliver(
    from: AccountId,
    to: AccountId,
    roots: impl IntoIterator<Item = impl Into<UnitName>>,
) -> ShipmentId {
    let shipment = shipped(from, to.clone(), roots);
    assert_ok!(receive(to, shipment));
    shipment
}

/// The maker's lot, all of it at the pharmacy.
pub fn at_the_pharmacy(number: &str, units: u32) -> Made {
    let lot = commission(number, units);
    deliver(MAKER, PHARMACY, [lot.packs(0..units)]);
    lot
}

pub fn resolve(
    who: AccountId,
    shipment: ShipmentId,
    number: u32,
    resolution: Resolution,
) -> DispatchResult {
    let occurrence = here(&who);
    let call = Call::resolve_discrepancy {
        shipment,
        number,
        resolution,
        occurrence,
    };
    act(who, call)
}

pub fn dispense(who: AccountId, lot: &Made, index: u32) -> DispatchResult {
    let occurrence = here(&who);
    dispense_like(who, lot.claim(index), lot.proof(index), occurrence)
}

pub fn dispense_like(
    who: AccountId,
    pack: PackClaim,
    proof: Option<InclusionProof>,
    occurrence: Occurrence,
) -> DispatchResult {
    let call = Call::dispense {
        pack,
        proof,
        occurrence,
    };
    act(who, call)
}

pub fn dispense_part(who: AccountId, lot: &Made, index: u32) -> DispatchResult {
    let occurrence = here(&who);
    let call = Call::partial_dispense {
        pack: lot.claim(index),
        proof: lot.proof(index),
        occurrence,
    };
    act(who, call)
}

/// Undoes, and says that the pack did not reach the public.
pub fn undo(who: AccountId, lot: &Made, index: u32) -> DispatchResult {
    let site = site_of(&who);
    undo_at(who, site, lot, index, false)
}

pub fn undo_at(
    who: AccountId,
    site: SiteId,
    lot: &Made,
    index: u32,
    reached_the_public: bool,
) -> DispatchResult {
    let call = Call::undo {
        pack: lot.claim(index),
        proof: lot.proof(index),
        reached_the_public,
        occurrence: at(site),
    };
    act(who, call)
}

pub fn decommission(
    who: AccountId,
    units: impl IntoIterator<Item = impl Into<UnitName>>,
    reason: DecommissionReason,
) -> DispatchResult {
    let (units, occurrence) = (names(units), here(&who));
    let call = Call::decommission {
        units,
        reason,
        occurrence,
    };
    act(who, call)
}

pub fn report_stolen(
    who: AccountId,
    units: impl IntoIterator<Item = impl Into<UnitName>>,
) -> DispatchResult {
    let (units, occurrence) = (names(units), here(&who));
    act(who, Call::report_stolen { units, occurrence })
}

pub fn transform(
    who: AccountId,
    inputs: impl IntoIterator<Item = impl Into<UnitName>>,
    output: LotDraft,
) -> DispatchResult {
    let (inputs, occurrence) = (names(inputs), here(&who));
    let call = Call::transform {
        inputs,
        output,
        occurrence,
    };
    act(who, call)
}

pub fn suspect(who: AccountId, what: impl Into<UnitName>) -> DispatchResult {
    let subject = SubjectName::Unit(what.into());
    act(who, Call::open_investigation { subject })
}

pub fn suspect_lot(who: AccountId, lot: &Made) -> DispatchResult {
    let subject = SubjectName::Lot(lot.id);
    act(who, Call::open_investigation { subject })
}

/// The investigation that was opened last.
pub fn last_investigation() -> InvestigationId {
    match last_event() {
        crate::Event::InvestigationOpened { investigation, .. } => investigation,
        other => panic!("not opened but {other:?}"),
    }
}

pub fn close(who: AccountId, investigation: InvestigationId, outcome: Outcome) -> DispatchResult {
    let call = Call::close_investigation {
        investigation,
        outcome,
    };
    act(who, call)
}

pub fn quarantine(who: AccountId, lot: &Made) -> DispatchResult {
    act(who, Call::quarantine { lot: lot.id })
}

pub fn recall(who: AccountId, lot: &Made, kind: RecallKind) -> DispatchResult {
    act(who, Call::recall { lot: lot.id, kind })
}

pub fn lift(who: AccountId, lot: &Made) -> DispatchResult {
    act(who, Call::lift_recall { lot: lot.id })
}

pub fn ask(who: AccountId, pack: PackClaim) -> DispatchResult {
    act(who, Call::request_verification { pack })
}

/// Asks and returns the request's number.
pub fn asked(who: AccountId, pack: PackClaim) -> VerificationId {
    assert_ok!(ask(who, pack));
    match last_event() {
        crate::Event::VerificationRequested { verification, .. } => verification,
        other => panic!("not asked but {other:?}"),
    }
}

pub fn answer(
    who: AccountId,
    verification: VerificationId,
    answer: VerificationAnswer,
) -> DispatchResult {
    let call = Call::answer_verification {
        verification,
        answer,
    };
    act(who, call)
}

pub fn alert(who: AccountId, pack: PackClaim, proof: Option<InclusionProof>) -> DispatchResult {
    let occurrence = here(&who);
    let call = Call::raise_alert {
        pack,
        proof,
        occurrence,
    };
    act(who, call)
}

pub fn correct(
    who: AccountId,
    event: EventId,
    reason: ErrorReason,
    corrective: Option<H256>,
) -> DispatchResult {
    let call = Call::declare_error {
        event,
        reason,
        corrective,
    };
    act(who, call)
}

pub fn prune(who: AccountId, what: impl IntoIterator<Item = Prunable>) -> DispatchResult {
    let what = bounded(what);
    act(who, Call::prune { what })
}

/// What is stored of the container.
pub fn container(name: &ContainerName) -> Container {
    crate::Containers::<Test>::get(key(name)).expect("it exists")
}

/// What is stored of the shipment.
pub fn shipment(id: ShipmentId) -> Shipment {
    crate::Shipments::<Test>::get(id).expect("it exists")
}

/// The latest event that was recorded.
pub fn last_recorded() -> EventId {
    let newest = crate::Events::<Test>::iter_keys().max();
    newest.expect("an event was recorded")
}

/// The last event of this pallet.
pub fn last_event() -> crate::Event<Test> {
    System::read_events_for_pallet::<crate::Event<Test>>()
        .pop()
        .expect("an event was emitted")
}
