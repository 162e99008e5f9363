// Calls about medicines that the chain refuses, each by its own name. What JSON-RPC refuses is in
// `provenance-rpc-errors.test.mjs`.

import test from 'node:test';

import { licensePartners } from '../examples/license-partners.mjs';
import { GTIN, commission, printLot, receive, registerProduct, ship } from '../examples/provenance-story.mjs';
import { DUTIES, LICENCES, codes } from '../src/codes.mjs';
import { dayOf, happened, packs, parties, sscc, withCheckDigit } from '../src/provenance.mjs';
import { now } from '../src/reads.mjs';
import { fund, newKey, orgs, randomId, roles } from '../src/roles.mjs';
import { found, submit } from '../src/submit.mjs';
import { PATIENCE, refuses, useNode } from './support.mjs';

const { maker, wholesaler, pharmacy } = parties;

/** The highest bit of a set, which no code system uses. */
const UNKNOWN = { bits: 2 ** 31 };
const ZERO = `0x${'00'.repeat(32)}`;
const HOUR = 60 * 60 * 1000;
const YEAR = 365 * 24 * HOUR;
/** No product, and no partner. */
const OTHER_GTIN = withCheckDigit('0061414199999');
const OTHER_GLN = withCheckDigit('061414198888');
/** As long as no serial and no lot number may be. */
const LONG = 'A'.repeat(21);

const chain = useNode(async (chain) => {
  const { api } = chain;
  await licensePartners(api);
  await registerProduct(api);
  chain.printed = await printLot(api, 1_000);
  chain.lot = await commission(api, chain.printed);
  // Some packs are where they can be dispensed.
  const shipment = await ship(api, maker, pharmacy, [packs(chain.lot, 0, 10)]);
  await receive(api, pharmacy, shipment);
});

/** That each of these calls is refused with its error: `[error, call, signer]`. */
async function refusesEach(t, cases) {
  for (const [error, call, signer] of cases) {
    await t.test(error, () => refuses(submit(chain.api, call, signer), error));
  }
}

test('a partner or product that is not well formed is not registered', PATIENCE, async (t) => {
  const { authorisePartner, withdrawPartner, registerProduct, retireProduct } = chain.api.tx.drugProvenance;
  const until = (await now(chain.api)) + YEAR;
  const wholesale = codes(LICENCES, ['Wholesaler']);
  const authorise = (org, gln, { licences = wholesale, end = until } = {}) =>
    authorisePartner(org, gln, licences, end);
  const { payer, wholesaler: trader } = orgs;
  await refusesEach(t, [
    ['DrugProvenance.InvalidGln', authorise(payer, '0614141988886'), roles.auditor],
    ['DrugProvenance.InvalidGln', authorise(payer, '99999999999999'), roles.auditor],
    ['DrugProvenance.GlnInUse', authorise(payer, maker.gln), roles.auditor],
    ['DrugProvenance.MemberNotFound', authorise(4_000_000, OTHER_GLN), roles.auditor],
    ['DrugProvenance.InvalidAuthorisation', authorise(payer, OTHER_GLN, { end: 1 }), roles.auditor],
    ['DrugProvenance.InvalidAuthorisation', authorise(payer, OTHER_GLN, { licences: UNKNOWN }), roles.auditor],
    ['DrugProvenance.InvalidAuthorisation', authorise(payer, OTHER_GLN, { licences: { bits: 0 } }), roles.auditor],
    ['DrugProvenance.PartnerNotAuthorized', withdrawPartner(payer), roles.auditor],
    ['Consortium.RoleMissing', authorise(trader, wholesaler.gln), wholesaler.staff],
    ['DrugProvenance.InvalidGtin', registerProduct('00614141123453', null), maker.staff],
    ['DrugProvenance.InvalidGtin', registerProduct('100614141123452', null), maker.staff],
    ['DrugProvenance.ProductAlreadyExists', registerProduct(GTIN, null), maker.staff],
    ['DrugProvenance.PartnerNotAuthorized', registerProduct(OTHER_GTIN, null), wholesaler.staff],
    ['DrugProvenance.ProductNotFound', retireProduct(OTHER_GTIN), maker.staff],
    ['DrugProvenance.NotBrandOwner', retireProduct(GTIN), wholesaler.staff],
    ['Consortium.DutyMissing', registerProduct(OTHER_GTIN, null), roles.claimsOfficer],
    ['Consortium.NotFound', registerProduct(OTHER_GTIN, null), roles.patient],
  ]);
});

test('a lot or event that is not well formed is not recorded', PATIENCE, async (t) => {
  const { api, lot, printed } = chain;
  const { commissionLot, commissionItems } = api.tx.drugProvenance;
  const event = await happened(api, maker);
  const expiry = dayOf(event.time + YEAR);
  const listed = { gtin: GTIN, number: 'LISTED', expiry, units: 3 };
  const bad = (draft, occurrence) => commissionLot({ ...listed, ...draft }, { ...event, ...occurrence });
  const used = await happened(api, maker);
  const { events } = await submit(api, commissionLot(listed, used), maker.staff);
  const open = found(events, api.events.drugProvenance.LotCommissioned).lot.toNumber();
  await submit(api, commissionItems(open, ['A', 'B'], await happened(api, maker)), maker.staff);
  const other = { number: 'OTHER' };
  await refusesEach(t, [
    ['DrugProvenance.InvalidGtin', bad({ gtin: '00614141123450' }), maker.staff],
    ['DrugProvenance.ProductNotFound', bad({ gtin: OTHER_GTIN }), maker.staff],
    ['DrugProvenance.InvalidLot', bad({ number: LONG }), maker.staff],
    ['DrugProvenance.InvalidLot', bad({ number: '' }), maker.staff],
    ['DrugProvenance.InvalidLot', bad({ number: 'LOT#1' }), maker.staff],
    ['DrugProvenance.InvalidDate', bad({ expiry: { year: 2031, month: 2, day: 29 } }), maker.staff],
    ['DrugProvenance.ExpiryInPast', bad({ expiry: { year: 2020, month: 2, day: 29 } }), maker.staff],
    ['DrugProvenance.InvalidUnits', bad({ units: 0 }), maker.staff],
    ['DrugProvenance.InvalidUnits', bad({ units: 2 ** 20 + 1 }), maker.staff],
    ['DrugProvenance.InvalidSerialRoot', bad({ serialRoot: ZERO }), maker.staff],
    ['DrugProvenance.LotAlreadyExists', bad({ number: printed.number }), maker.staff],
    ['DrugProvenance.LotAlreadyExists', bad({}), maker.staff],
    ['DrugProvenance.EventTimeInFuture', bad(other, { time: event.time + HOUR }), maker.staff],
    ['DrugProvenance.EventHashMissing', bad(other, { hash: ZERO }), maker.staff],
    ['DrugProvenance.EventHashInUse', bad(other, { hash: used.hash, time: used.time - 1 }), maker.staff],
    ['DrugProvenance.SiteNotFound', bad(other, { site: wholesaler.site }), maker.staff],
    ['DrugProvenance.SiteNotFound', bad(other, { site: 4_000_000 }), maker.staff],
    ['DrugProvenance.LotNotFound', commissionItems(4_000_000, ['C'], event), maker.staff],
    ['DrugProvenance.LotFull', commissionItems(lot, ['C'], event), maker.staff],
    ['DrugProvenance.LotFull', commissionItems(open, ['C', 'D'], event), maker.staff],
    ['DrugProvenance.NoSerials', commissionItems(open, [], event), maker.staff],
    ['DrugProvenance.InvalidSerial', commissionItems(open, [LONG], event), maker.staff],
    ['DrugProvenance.InvalidSerial', commissionItems(open, ['é'], event), maker.staff],
    ['DrugProvenance.SerialAlreadyCommissioned', commissionItems(open, ['A'], event), maker.staff],
  ]);
});

test('goods are moved only as they are, by whoever has them', PATIENCE, async (t) => {
  const { api, lot } = chain;
  const { aggregate, disaggregate, receive, returnTo, seal, ship: send, voidShipment } = api.tx.drugProvenance;
  // Nothing that happens like this is recorded, so one of each does for all.
  const [event, there] = [await happened(api, maker), await happened(api, wholesaler)];
  const [first, second] = [sscc(1), sscc(2)].map((number) => ({ sscc: number }));
  const wrong = `${sscc(1).slice(0, -1)}${(Number(sscc(1).at(-1)) + 1) % 10}`;
  await submit(api, aggregate(first, [packs(lot, 100, 10)], await happened(api, maker)), maker.staff);
  const transaction = { information: randomId(), statement: true };
  const draft = (changes) => ({ to: orgs.wholesaler, roots: [packs(lot, 20)], transaction, ...changes });
  const shipment = await ship(api, maker, wholesaler, [packs(lot, 50, 5)]);
  const box = { container: first };
  await refusesEach(t, [
    ['DrugProvenance.InvalidSscc', aggregate({ sscc: wrong }, [packs(lot, 20)], event), maker.staff],
    ['DrugProvenance.MaxChildrenExceeded', aggregate(second, [], event), maker.staff],
    ['DrugProvenance.PacksNotFound', aggregate(second, [packs(lot, 999, 2)], event), maker.staff],
    ['DrugProvenance.PacksNotFound', aggregate(second, [packs(lot, 20, 0)], event), maker.staff],
    ['DrugProvenance.PacksApart', aggregate(second, [packs(lot, 99, 2)], event), maker.staff],
    ['DrugProvenance.NotCustodian', aggregate(second, [packs(lot, 20)], there), wholesaler.staff],
    ['DrugProvenance.AlreadyAggregated', aggregate(second, [packs(lot, 100)], event), maker.staff],
    ['DrugProvenance.AggregationCycle', aggregate(first, [box], event), maker.staff],
    ['DrugProvenance.InTransit', aggregate(second, [packs(lot, 50)], event), maker.staff],
    ['DrugProvenance.NotInParent', disaggregate(first, [packs(lot, 20)], event), maker.staff],
    ['DrugProvenance.ContainerNotFound', disaggregate(second, [packs(lot, 20)], event), maker.staff],
    ['DrugProvenance.SealUnchanged', seal(first, false, event), maker.staff],
    ['DrugProvenance.EmptyShipment', send(draft({ roots: [] }), event), maker.staff],
    ['DrugProvenance.SameOrganisation', send(draft({ to: orgs.maker }), event), maker.staff],
    ['DrugProvenance.PartnerNotAuthorized', send(draft({ to: orgs.payer }), event), maker.staff],
    ['DrugProvenance.TransactionStatementMissing', send(draft({ transaction: null }), event), maker.staff],
    [
      'DrugProvenance.TransactionStatementMissing',
      send(draft({ transaction: { ...transaction, statement: false } }), event),
      maker.staff,
    ],
    ['DrugProvenance.NotSupplier', returnTo(draft(), event), maker.staff],
    ['DrugProvenance.ShipmentNotFound', receive(4_000_000, [], [], there), wholesaler.staff],
    ['DrugProvenance.NotConsignee', receive(shipment, [], [], await happened(api, pharmacy)), pharmacy.staff],
    ['DrugProvenance.NotInShipment', receive(shipment, [packs(lot, 20)], [], there), wholesaler.staff],
    ['DrugProvenance.NotExtra', receive(shipment, [], [packs(lot, 50)], there), wholesaler.staff],
    ['DrugProvenance.NotConsignor', voidShipment(shipment, there), wholesaler.staff],
  ]);
  await submit(api, voidShipment(shipment, await happened(api, maker)), maker.staff);
  const late = await happened(api, wholesaler);
  await refusesEach(t, [
    ['DrugProvenance.ShipmentNotOpen', receive(shipment, [], [], late), wholesaler.staff],
  ]);
});

test('a pack is dispensed only if it is what it says, by who may', PATIENCE, async (t) => {
  const { api, printed } = chain;
  const { dispense, undo, raiseAlert } = api.tx.drugProvenance;
  const { claim, prove } = printed;
  const event = await happened(api, pharmacy);
  const { staff } = pharmacy;
  const trainee = newKey();
  await fund(api, trainee);
  const { enrolStaff } = api.tx.consortium;
  const until = (await now(api)) + YEAR;
  const enrolment = enrolStaff(trainee.address, codes(DUTIES, ['Pharmacist']), null, until);
  await submit(api, enrolment, roles.pharmacyAdmin);
  const hand = (changes, proof = prove(1)) => dispense({ ...claim(1), ...changes }, proof, event);
  const later = dayOf(event.time + 3 * YEAR);
  await refusesEach(t, [
    ['DrugProvenance.PharmacistNotLicensed', hand(), trainee],
    ['Consortium.RoleMissing', hand(), wholesaler.staff],
    ['DrugProvenance.InvalidGtin', hand({ gtin: '00614141123453' }), staff],
    ['DrugProvenance.InvalidSerial', hand({ serial: LONG }), staff],
    ['DrugProvenance.InvalidLot', hand({ lot: 'LOT 1' }), staff],
    ['DrugProvenance.InvalidDate', hand({ expiry: { year: 2030, month: 13, day: 1 } }), staff],
    ['DrugProvenance.ProductNotFound', hand({ gtin: OTHER_GTIN }), staff],
    ['DrugProvenance.LotNotFound', hand({ lot: 'NONE' }), staff],
    ['DrugProvenance.ExpiryMismatch', hand({ expiry: later }), staff],
    ['DrugProvenance.ProofMissing', hand({}, null), staff],
    ['DrugProvenance.BadMerkleProof', hand({}, prove(2)), staff],
    ['DrugProvenance.BadMerkleProof', hand({}, { ...prove(1), leaves: 999 }), staff],
    ['DrugProvenance.BadMerkleProof', hand({ serial: 'ABC123' }), staff],
    ['DrugProvenance.NotCustodian', dispense(claim(30), prove(30), event), staff],
    ['DrugProvenance.NothingToUndo', undo(claim(1), prove(1), false, event), staff],
    ['DrugProvenance.NothingToAlert', raiseAlert(claim(1), prove(1), event), staff],
    ['DrugProvenance.NothingToAlert', raiseAlert(claim(1), null, event), staff],
  ]);
  await submit(api, hand(), staff);
  const after = await happened(api, pharmacy);
  await refusesEach(t, [
    ['DrugProvenance.AlreadyDispensed', dispense(claim(1), prove(1), after), staff],
    ['DrugProvenance.UndoForbidden', undo(claim(1), null, true, after), staff],
  ]);
});

test('lots, investigations, verifications and events are whose they are', PATIENCE, async (t) => {
  const { api, lot, printed } = chain;
  const calls = api.tx.drugProvenance;
  const asked = await submit(api, calls.requestVerification(printed.claim(3)), pharmacy.staff);
  const { verification } = found(asked.events, api.events.drugProvenance.VerificationRequested);
  const opened = await submit(api, calls.openInvestigation({ unit: packs(lot, 4) }), pharmacy.staff);
  const { investigation } = found(opened.events, api.events.drugProvenance.InvestigationOpened);
  // The first that was recorded: how the maker commissioned the lot.
  const event = 0;
  const handed = calls.dispense(printed.claim(4), printed.prove(4), await happened(api, pharmacy));
  await refusesEach(t, [
    ['DrugProvenance.ItemSuspect', handed, pharmacy.staff],
    ['DrugProvenance.InvestigationOpen', calls.openInvestigation({ unit: packs(lot, 4) }), pharmacy.staff],
    ['DrugProvenance.NotCustodian', calls.openInvestigation({ unit: packs(lot, 5) }), wholesaler.staff],
    ['DrugProvenance.NotInvestigator', calls.closeInvestigation(investigation, 'Cleared'), maker.staff],
    ['DrugProvenance.InvestigationNotFound', calls.closeInvestigation(4_000_000, 'Cleared'), maker.staff],
    ['DrugProvenance.NotResponder', calls.answerVerification(verification, 'Unknown'), wholesaler.staff],
    ['DrugProvenance.VerificationNotFound', calls.answerVerification(4_000_000, 'Unknown'), maker.staff],
    ['DrugProvenance.NotBrandOwner', calls.recall(lot, 'ClassI'), wholesaler.staff],
    ['DrugProvenance.NotBrandOwner', calls.quarantine(lot), pharmacy.staff],
    ['DrugProvenance.LotNotFound', calls.recall(4_000_000, 'ClassI'), roles.auditor],
    ['DrugProvenance.LotNotRecalled', calls.liftRecall(lot), maker.staff],
    ['DrugProvenance.NotRecorder', calls.declareError(event, 'IncorrectData', null), wholesaler.staff],
    ['DrugProvenance.EventUnknown', calls.declareError(4_000_000, 'DidNotOccur', null), maker.staff],
    ['DrugProvenance.NotPrunable', calls.prune([{ verification }]), maker.staff],
    ['DrugProvenance.NotPrunable', calls.prune([{ investigation }]), maker.staff],
    ['DrugProvenance.NothingNamed', calls.decommission([], 'Damaged', await happened(api, maker)), maker.staff],
  ]);
  // The authority can do what the owner of the product can.
  await submit(api, calls.quarantine(lot), roles.auditor);
  await refusesEach(t, [
    ['DrugProvenance.LotStatusUnchanged', calls.quarantine(lot), maker.staff],
  ]);
  await submit(api, calls.liftRecall(lot), roles.auditor);
});
