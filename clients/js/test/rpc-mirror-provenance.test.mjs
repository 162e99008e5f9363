// JSON-RPC answers what the runtime API answers about medicines.

import assert from 'node:assert/strict';
import test from 'node:test';

import { licensePartners } from '../examples/license-partners.mjs';
import { GTIN, commission, printLot, receive, ship } from '../examples/provenance-story.mjs';
import { FATES, LICENCES } from '../src/codes.mjs';
import {
  dataMatrix, digitalLink, happened, packs, parties, sscc, unit, withCheckDigit,
} from '../src/provenance.mjs';
import { now } from '../src/reads.mjs';
import { orgs, randomId, roles } from '../src/roles.mjs';
import { found, submit } from '../src/submit.mjs';
import { mirrorOf } from './mirror.mjs';
import { PATIENCE, useNode } from './support.mjs';

const { maker, wholesaler, pharmacy } = parties;
const UNITS = 300;
/** Ten packs in one case, which is a product of its own. */
const CASE_GTIN = withCheckDigit('1061414112345');
const UNKNOWN_GTIN = withCheckDigit('0061414199999');

const box = { sscc: sscc(1) };
const tray = { sgtin: { gtin: CASE_GTIN, serial: 'CASE/1' } };
const pallet = { sscc: sscc(2) };

/** Something of everything, so that no answer is empty that need not be. */
const world = {};

/** Packs in boxes on a pallet, on which one is missing while another is one too many. */
async function movePallet(api) {
  const { aggregate, declareError, resolveDiscrepancy, seal } = api.tx.drugProvenance;
  const { lot } = world;
  const act = async (call) => submit(api, call, maker.staff);
  world.packed = await happened(api, maker);
  await act(aggregate(box, [packs(lot, 0, 100)], world.packed));
  await act(aggregate(tray, [packs(lot, 100, 50)], await happened(api, maker)));
  await act(seal(tray, true, await happened(api, maker)));
  const stacked = [{ container: box }, { container: tray }];
  await act(aggregate(pallet, stacked, await happened(api, maker)));
  world.event = (await api.call.provenanceApi.eventByHash(maker.org, world.packed.hash)).unwrap().toNumber();
  await act(declareError(world.event, 'IncorrectData', randomId()));

  world.voided = await ship(api, maker, wholesaler, [unit(pallet.sscc)]);
  await act(api.tx.drugProvenance.voidShipment(world.voided, await happened(api, maker)));
  world.shipment = await ship(api, maker, wholesaler, [unit(pallet.sscc)]);
  const wrong = { missing: [packs(lot, 5)], extra: [packs(lot, 200)] };
  await receive(api, wholesaler, world.shipment, wrong);
  await act(resolveDiscrepancy(world.shipment, 1, 'Accepted', await happened(api, maker)));
}

/** What becomes of packs: packed again, damaged, stolen, opened at the pharmacy. */
async function loseSome(api) {
  const { decommission, partialDispense, reportStolen, transform } = api.tx.drugProvenance;
  const { lot, printed } = world;
  const { gtin, expiry } = printed.claim(0);
  const output = { gtin, number: `${printed.number}R`, expiry, units: 3, serialRoot: randomId() };
  const inputs = [packs(lot, 210, 5)];
  await submit(api, transform(inputs, output, await happened(api, maker)), maker.staff);
  const damaged = decommission([packs(lot, 220, 2)], 'Damaged', await happened(api, maker));
  await submit(api, damaged, maker.staff);
  await submit(api, reportStolen([packs(lot, 230)], await happened(api, maker)), maker.staff);
  const shipment = await ship(api, maker, pharmacy, [packs(lot, 240, 10)]);
  await receive(api, pharmacy, shipment);
  const part = partialDispense(printed.claim(240), printed.prove(240), await happened(api, pharmacy));
  await submit(api, part, pharmacy.staff);
  world.onTheWay = await ship(api, maker, pharmacy, [packs(lot, 250, 10)]);
}

/** Suspicion, questions, alarm, and the recall. */
async function suspect(api) {
  const calls = api.tx.drugProvenance;
  const { lot, printed } = world;
  const investigate = async (subject, staff) => {
    const { events } = await submit(api, calls.openInvestigation(subject), staff);
    return found(events, api.events.drugProvenance.InvestigationOpened).investigation.toNumber();
  };
  world.closed = await investigate({ unit: packs(lot, 10, 3) }, wholesaler.staff);
  await submit(api, calls.closeInvestigation(world.closed, 'Illegitimate'), wholesaler.staff);
  world.open = await investigate({ unit: { container: pallet } }, wholesaler.staff);
  world.ofLot = await investigate({ lot }, maker.staff);
  await submit(api, calls.closeInvestigation(world.ofLot, 'Cleared'), roles.auditor);
  const asks = async (pack) => {
    const { events } = await submit(api, calls.requestVerification(printed.claim(pack)), pharmacy.staff);
    return found(events, api.events.drugProvenance.VerificationRequested).verification.toNumber();
  };
  world.answered = await asks(240);
  await submit(api, calls.answerVerification(world.answered, 'Suspect'), maker.staff);
  world.pending = [await asks(241), await asks(242)];
  world.forged = { ...printed.claim(241), serial: 'ABC123' };
  const raise = async () => calls.raiseAlert(world.forged, printed.prove(241), await happened(api, pharmacy));
  await submit(api, await raise(), pharmacy.staff);
  await submit(api, await raise(), pharmacy.staff);
  const { blockHash } = await submit(api, calls.recall(lot, 'ClassIII'), roles.auditor);
  const { parentHash } = await api.rpc.chain.getHeader(blockHash);
  world.beforeRecall = parentHash.toHex();
}

const chain = useNode(async ({ api }) => {
  await licensePartners(api);
  const { commissionItems, commissionLot, registerProduct, retireProduct } = api.tx.drugProvenance;
  await submit(api, registerProduct(GTIN, 'II'), maker.staff);
  await submit(api, registerProduct(CASE_GTIN, null), maker.staff);
  world.printed = await printLot(api, UNITS);
  world.lot = await commission(api, world.printed);
  const { expiry } = world.printed;
  const listed = { gtin: CASE_GTIN, number: '"LISTED"', expiry, units: 2 };
  const opened = await submit(api, commissionLot(listed, await happened(api, maker)), maker.staff);
  const { lot } = found(opened.events, api.events.drugProvenance.LotCommissioned);
  await submit(api, commissionItems(lot, ['A', 'B'], await happened(api, maker)), maker.staff);
  await movePallet(api);
  await loseSome(api);
  await suspect(api);
  await submit(api, retireProduct(CASE_GTIN), maker.staff);
});

const { compare, compareRefusal } = mirrorOf(chain);

test('provenance_*: scans', PATIENCE, async () => {
  const { printed, forged, beforeRecall } = world;
  const { claim, prove } = printed;
  const scan = (text, proof = null) => compare('provenance_verifyPack', [text, proof], undefined, beforeRecall);
  const verdict = async (...scanned) => (await scan(...scanned)).verdict;
  for (const write of [dataMatrix, digitalLink]) {
    assert.equal(await verdict(write(claim(245))), 'unproven');
    const answer = await scan(write(claim(245)), prove(245));
    assert.equal(answer.verdict, 'authentic');
    assert.deepEqual([answer.pack.gtin, answer.index, answer.custodian], [GTIN, 245, orgs.pharmacy]);
    const { gtin, ...read } = await compare('provenance_readScan', [write(claim(245))]);
    assert.deepEqual({ gtin: `00${gtin}`, ...read }, claim(245));
  }
  assert.equal(await verdict(dataMatrix(claim(240))), 'partially-dispensed');
  assert.equal(await verdict(dataMatrix(claim(10)), prove(10)), 'suspect');
  assert.equal(await verdict(dataMatrix(forged), prove(241)), 'not-proven');
  const recalled = await compare('provenance_verifyPack', [dataMatrix(claim(245)), prove(245)]);
  assert.equal(recalled.verdict, 'recalled');

  // JSON-RPC says what is wrong with these before it asks the runtime, which has a name for it.
  const { verifyPack, readScan } = chain.api.call.provenanceApi;
  for (const [text, name] of [
    ['garbage', 'ScanUnreadable'],
    [`01${GTIN}`, 'ScanIncomplete'],
    [dataMatrix({ ...claim(245), gtin: '00614141123453' }), 'InvalidGtin'],
    [dataMatrix({ ...claim(245), expiry: { year: 2030, month: 13, day: 1 } }), 'InvalidDate'],
  ]) {
    for (const refused of [await verifyPack(text, null), await readScan(text)]) {
      assert.equal(refused.asErr.toString(), name, text);
    }
  }
});

test('provenance_*: where packs are', PATIENCE, async () => {
  const { printed, lot } = world;
  const { serial } = printed.claim(20);
  const { number } = printed;
  const traced = await compare('provenance_trace', [GTIN, serial, number, printed.prove(20)]);
  assert.deepEqual(traced.containers, [box, pallet]);
  assert.equal(traced.holding.custodian, orgs.wholesaler);
  assert.ok(traced.events.some(({ event }) => event.correction?.reason === 'incorrect-data'));
  const opened = await compare('provenance_trace', [GTIN, printed.claim(240).serial, null, null]);
  assert.equal(opened.disposition, 'partially-dispensed');
  assert.equal(await compareRefusal('provenance_trace', [GTIN, serial, number, null]), 'ProofMissing');

  const reach = await compare('provenance_whereIsLot', [GTIN, number, null]);
  assert.equal(reach.lot, lot);
  assert.equal(reach.transformedInto.length, 1);
  const left = { transformed: 5, decommissioned: 2, stolen: 1 };
  for (const [i, fate] of FATES.entries()) assert.equal(reach.fates[i], left[fate] ?? 0);
  const held = reach.holders.reduce((sum, { packs }) => sum + packs, 0);
  assert.equal(held, UNITS - 8);
  assert.ok(reach.holders.some(({ onTheWayTo }) => onTheWayTo === orgs.pharmacy));
  await compare('provenance_whereIsLot', [GTIN, number, 245]);
  assert.equal(await compareRefusal('provenance_whereIsLot', [GTIN, 'NONE', null]), 'LotNotFound');

  const page = await compare('provenance_contents', [pallet, null, 1]);
  assert.equal(page.children.length, 1);
  const rest = await compare('provenance_contents', [pallet, page.next, 256]);
  assert.equal(rest.children.length, 1);
  assert.equal(rest.next, null);
  const inside = await compare('provenance_contents', [tray, null, 256]);
  assert.deepEqual(inside.children, [{ packs: { lot, first: 100, last: 149 } }]);
  assert.equal(inside.container.sealed, true);
  assert.equal((await compare('provenance_container', [box])).holds, 1);
  await compare('provenance_container', [tray]);
  assert.equal(await compareRefusal('provenance_container', [{ sscc: sscc(3) }]), 'ContainerNotFound');
});

test('provenance_*: what there is', PATIENCE, async () => {
  const { printed, lot } = world;
  const { licences, gln } = await compare('provenance_partner', [orgs.maker]);
  assert.deepEqual([licences, gln], [maker.licences, maker.gln]);
  assert.equal(await compare('provenance_partner', [orgs.payer]), null);
  assert.equal(await compare('provenance_partnerByGln', [wholesaler.gln]), orgs.wholesaler);
  assert.equal(await compare('provenance_partnerByGln', ['0614141000012']), null);
  assert.equal((await compare('provenance_product', [GTIN])).owner, orgs.maker);
  assert.equal((await compare('provenance_product', [CASE_GTIN])).status, 'retired');
  assert.equal(await compare('provenance_product', [UNKNOWN_GTIN]), null);
  const info = await compare('provenance_lot', [GTIN, printed.number]);
  assert.deepEqual([info.id, info.lot.serials], [lot, { root: printed.root }]);
  assert.equal(info.lot.status.recalled.kind.replaceAll('-', ''), 'classiii');
  const { year, month, day } = printed.expiry;
  assert.equal(new Date(info.lot.expiry).getTime(), Date.UTC(year, month - 1, day));
  assert.equal((await compare('provenance_lot', [CASE_GTIN, '"LISTED"'])).lot.serials, 'listed');
  const repacked = await compare('provenance_lot', [GTIN, `${printed.number}R`]);
  assert.deepEqual(repacked.lot.sources, [lot]);
  assert.equal(await compareRefusal('provenance_lot', [GTIN, 'NONE']), 'LotNotFound');
});

test('provenance_*: what happened', PATIENCE, async () => {
  const { shipment, voided, onTheWay, packed, event } = world;
  const received = await compare('provenance_shipment', [shipment]);
  assert.deepEqual([received.status, received.discrepancies, received.unresolved], ['received', 2, 1]);
  assert.equal((await compare('provenance_shipment', [voided])).status, 'voided');
  assert.equal((await compare('provenance_shipment', [onTheWay])).endedAt, null);
  assert.equal(await compare('provenance_shipment', [4_000_000]), null);
  const wrong = await compare('provenance_discrepancies', [shipment]);
  assert.deepEqual(
    wrong.map(([number, { kind, resolution }]) => [number, kind, resolution]),
    [[0, 'missing', null], [1, 'extra', 'accepted']],
  );
  assert.deepEqual(await compare('provenance_discrepancies', [voided]), []);

  assert.equal(await compare('provenance_eventByHash', [maker.org, packed.hash]), event);
  assert.equal(await compare('provenance_eventByHash', [maker.org, randomId()]), null);
  const recorded = await compare('provenance_event', [event]);
  assert.deepEqual([recorded.hash, recorded.kind, recorded.time], [packed.hash, 'packing', packed.time]);
  assert.equal(await compare('provenance_event', [4_000_000]), null);

  const { closed, open, ofLot, forged, lot } = world;
  assert.equal((await compare('provenance_investigation', [closed])).outcome[0], 'illegitimate');
  assert.deepEqual((await compare('provenance_investigation', [open])).subject, { unit: { container: pallet } });
  assert.deepEqual((await compare('provenance_investigation', [ofLot])).subject, { lot });
  assert.equal(await compare('provenance_investigation', [4_000_000]), null);
  const alerts = await compare('provenance_alerts', [null, 64]);
  assert.deepEqual(alerts.map(([, { verdict, pack }]) => [verdict, pack.serial]), [
    ['not-proven', forged.serial],
    ['not-proven', forged.serial],
  ]);
  assert.deepEqual(await compare('provenance_alerts', [alerts[0][0], 64]), alerts.slice(1));

  const { answered, pending } = world;
  const { verification } = await compare('provenance_verification', [answered]);
  assert.deepEqual([verification.responder, verification.answer[0]], [orgs.maker, 'suspect']);
  assert.equal(await compare('provenance_verification', [4_000_000]), null);
  const waiting = await compare('provenance_pendingVerifications', [orgs.maker, null, 64]);
  assert.deepEqual(waiting.map(({ id }) => id), pending);
  assert.ok(waiting.every(({ verification, due }) => due === verification.askedAt + 24 * 60 * 60 * 1000));
  const page = async (...after) => compare('provenance_pendingVerifications', [orgs.maker, ...after]);
  assert.deepEqual(await page(null, 1), waiting.slice(0, 1));
  assert.deepEqual(await page(pending[0], 64), waiting.slice(1));
  assert.deepEqual(await page(pending[1], 64), []);
  assert.deepEqual(await compare('provenance_pendingVerifications', [orgs.pharmacy, null, 64]), []);
  // Those that wait have for less than 24 hours.
  assert.deepEqual(await compare('provenance_overdueVerifications', [orgs.maker, null, 64]), []);
  assert.deepEqual(await compare('provenance_overdueVerifications', [orgs.maker, pending[0], 64]), []);
});

test('provenance_explainMove tells before anything is sent', PATIENCE, async () => {
  const { api } = chain;
  const { ship, declareError } = api.tx.drugProvenance;
  const { lot, event } = world;
  const transaction = { information: randomId(), statement: true };
  const draft = { to: orgs.wholesaler, roots: [packs(lot, 290)], transaction };
  // As early as packing, so that it is not in the future of an earlier block.
  const occurrence = { ...(await happened(api, maker)), time: world.packed.time };
  const shipping = ship(draft, occurrence).method.toHex();
  const { address } = maker.staff;
  const explain = (call, account = address) => ['provenance_explainMove', [account, call]];
  const before = await api.query.drugProvenance.shipmentCounter();
  assert.equal(await compareRefusal(...explain(shipping)), 'LotRecalled');
  assert.equal(await compare(...explain(shipping), undefined, world.beforeRecall), null);
  assert.ok((await api.query.drugProvenance.shipmentCounter()).eq(before));
  assert.equal(await compareRefusal(...explain(shipping, roles.claimsOfficer.address)), 'DutyMissing');
  const again = declareError(event, 'DidNotOccur', null).method.toHex();
  assert.equal(await compareRefusal(...explain(again)), 'AlreadyCorrected');
  const other = api.tx.system.remark('0x').method.toHex();
  assert.equal(await compareRefusal(...explain(other)), 'NotAProvenanceCall');
});

test('the bits of every set stand for the codes that this library says', PATIENCE, async () => {
  const { api } = chain;
  const all = { bits: 2 ** LICENCES.length - 1 };
  const until = (await now(api)) + 1e9;
  const call = api.tx.drugProvenance.authorisePartner(orgs.secondHospital, '0614141900077', all, until);
  await submit(api, call, roles.auditor);
  const { licences } = await compare('provenance_partner', [orgs.secondHospital]);
  assert.deepEqual(licences, LICENCES);
});
