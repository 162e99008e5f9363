// Medicine packs from the maker to the patient, by the EPCIS documents of those who handle them: through
// the real gateway, on a real node.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';

import { licensePartners } from '../examples/license-partners.mjs';
import { GTIN, registerProduct } from '../examples/provenance-story.mjs';
import { commit } from '../src/commitments.mjs';
import { rpc } from '../src/connect.mjs';
import { gatewayBinary, run } from '../src/node-process.mjs';
import { digits, packLink, parties, serialTree, sscc } from '../src/provenance.mjs';
import { answer, now } from '../src/reads.mjs';
import { orgs, randomId } from '../src/roles.mjs';
import { submit } from '../src/submit.mjs';
import {
  CASE_GTIN, asXml, caseEpc, commissioning, commissioningLot, dispensing, document, happening, hashIn, lotClass,
  packEpc, packing, place, premises, receiving, shipping, unitEpc, unpacking,
} from './epcis-documents.mjs';
import { PATIENCE, useNode } from './support.mjs';

const HOUR = 60 * 60 * 1000;
const YEAR = 365 * 24 * HOUR;
/** The gateway reads no more of a document. */
const MOST_BYTES = 32 * 1024 * 1024;
const ROOT_UNITS = 1_000;

/** What all serials and lots of this run begin with. */
const RUN = randomId().slice(2, 10).toUpperCase();
const LOT = `L${RUN}`;
const ROOT_LOT = `R${RUN}`;
const ORDER = `urn:epcglobal:cbv:bt:0614141900039:PO-${RUN}`;
const SERIALS = Array.from({ length: 12 }, (_, i) => `${RUN}P${String(i).padStart(2, '0')}`);
const ROOT_SERIALS = Array.from({ length: ROOT_UNITS }, (_, i) => `${RUN}R${String(i).padStart(4, '0')}`);
const EPCS = SERIALS.map(packEpc);
const PALLET = Math.floor(Math.random() * 1_000_000_000);
/** What is in the case; the other packs travel loose. */
const IN_CASE = 8;
const MISSING = [8, 10];
const DISPENSED = 3;

/** Who signs, as the directory has it. */
const staff = {
  maker: ['Practitioner/packer', '//MakerAdmin'],
  wholesaler: ['Practitioner/storekeeper', '//WholesalerAdmin'],
  pharmacy: ['Practitioner/pharmacist', '//Pharmacist'],
};

const chain = useNode(async (chain) => {
  chain.folder = await mkdtemp(join(tmpdir(), 'axonic-epcis-test-'));
  await writeFile(
    inFolder('directory.json'),
    JSON.stringify({ salt: randomId(), staff: Object.fromEntries(Object.values(staff)) }),
  );
  await writeFile(inFolder('serials.txt'), ROOT_SERIALS.join('\n'));
  await licensePartners(chain.api);
  await registerProduct(chain.api);
  await submit(chain.api, chain.api.tx.drugProvenance.registerProduct(CASE_GTIN, null), parties.maker.staff);
  // Everything happened within the last hour, one thing each second.
  chain.time = Math.min(await now(chain.api), Date.now()) - HOUR;
  chain.expiry = new Date(chain.time + 2 * YEAR).toISOString().slice(0, 10);
  chain.made = { lot: LOT, expiry: chain.expiry };
});
after(() => chain.folder && rm(chain.folder, { recursive: true }));

const inFolder = (name) => join(chain.folder, name);
const tick = () => (chain.time += 1_000);

/** Writes a document, an object or what the file is to hold, and answers with the file. */
async function written(name, contents) {
  const raw = typeof contents === 'string' || Buffer.isBuffer(contents);
  await writeFile(inFolder(name), raw ? contents : JSON.stringify(contents, null, 2));
  return inFolder(name);
}

const gateway = (...args) => run(gatewayBinary(), [...args, '--node', chain.node.url]);

/** Hands a file to the gateway. Answers with how it ended and what it reports. */
async function capture(file, who, ...more) {
  const setup = ['--directory', inFolder('directory.json'), '--json'];
  const { code, stdout, stderr } = await gateway('epcis', file, '--sign-as', staff[who][0], ...setup, ...more);
  assert.ok(stdout.length > 0, stderr);
  return { code, report: JSON.parse(stdout), stderr };
}

/** The same, and that it is captured: `expected` has the status of each event. */
async function captured(file, who, expected, ...more) {
  const { code, report, stderr } = await capture(file, who, ...more);
  const told = `${stderr}${JSON.stringify(report, null, 2)}`;
  assert.deepEqual(report.refusals, [], told);
  assert.deepEqual(report.events.map(({ status }) => status), expected, told);
  assert.equal(code, 0, told);
  return report.events;
}

/** The hash of the partner's own event, as an exported event tells it. */
const hashTold = (event) => event['axonic:eventHash'];

/** The event hashes of a document's events, and what is hashed. */
async function hashes(file) {
  const { code, stdout, stderr } = await gateway('epcis', file, '--hashes', '--json');
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
}

/** That the chain has what was captured, under the hashes that `--hashes` prints. */
async function recordedUnderItsHashes(file, events, org) {
  const printed = (await hashes(file)).map(({ eventID }) => eventID);
  assert.deepEqual(events.map(({ eventID }) => eventID), printed);
  for (const { eventID, status } of events) {
    const hash = hashIn(eventID);
    const id = await rpc(chain.node.http, 'provenance_eventByHash', org, hash);
    if (status === 'captured') {
      assert.equal((await rpc(chain.node.http, 'provenance_event', id)).hash, hash);
    } else {
      assert.equal(id, null);
    }
  }
}

const block = async () => (await chain.api.rpc.chain.getHeader()).number.toNumber();
const eventCount = async () => (await chain.api.query.drugProvenance.eventCounter()).toNumber();

/** What an attempt changes: blocks, which are made for transactions only, and recorded events. */
async function changes(attempt) {
  const before = [await block(), await eventCount()];
  const result = await attempt();
  const [blocks, events] = [(await block()) - before[0], (await eventCount()) - before[1]];
  return { ...result, blocks, events };
}

const traced = async (serial, lot = null, proof = null) =>
  answer(await chain.api.call.provenanceApi.trace(GTIN, serial, lot, proof));

test('the maker commissions, packs and ships by one EPCIS 2.0 document', PATIENCE, async () => {
  const { api } = chain;
  const [carton, pallet] = [caseEpc(`${RUN}C1`), unitEpc(PALLET)];
  chain.day = document(
    [
      commissioning('maker', tick(), EPCS, chain.made),
      commissioning('maker', tick(), [carton], chain.made),
      commissioning('maker', tick(), [pallet]),
      packing('maker', tick(), carton, EPCS.slice(0, IN_CASE)),
      packing('maker', tick(), pallet, [carton]),
      shipping('maker', tick(), 'wholesaler', [pallet, ...EPCS.slice(IN_CASE)], { order: ORDER }),
    ],
    { statement: true },
  );
  const file = await written('maker.json', chain.day);
  // On the chain, containers come to be when something is packed into them.
  const expected = ['captured', 'nothing', 'nothing', 'captured', 'captured', 'captured'];
  const events = await captured(file, 'maker', expected);
  await recordedUnderItsHashes(file, events, orgs.maker);
  chain.makers = events;

  const { lot, expired } = answer(await api.call.provenanceApi.lot(GTIN, LOT));
  assert.ok(lot.serials.isListed);
  assert.deepEqual([lot.units.toNumber(), lot.commissioned.toNumber()], [12, 12]);
  assert.ok(expired.isFalse);

  const trace = await traced(SERIALS[DISPENSED]);
  assert.equal(trace.index.toNumber(), DISPENSED);
  const [inner, outer] = trace.containers;
  assert.equal(digits(inner.asSgtin.gtin, 14), CASE_GTIN);
  assert.equal(digits(outer.asSscc, 18), sscc(PALLET));
  assert.deepEqual(trace.events.map(({ event }) => event.kind.type), [
    'Commissioning', 'Packing', 'Packing', 'Shipping',
  ]);

  chain.shipment = trace.holding.shipment.unwrap();
  const shipment = (await api.call.provenanceApi.shipment(chain.shipment)).unwrap();
  assert.deepEqual([shipment.from.toNumber(), shipment.to.toNumber()], [orgs.maker, orgs.wholesaler]);
  assert.ok(shipment.status.isOpen);
  assert.ok(shipment.transaction.unwrap().statement.isTrue);

  // Whoever is given the salt can check what was committed to.
  const { salt } = events.at(-1);
  const { preHash } = (await hashes(file)).at(-1);
  assert.equal(shipment.transaction.unwrap().information.toHex(), commit(salt, preHash));
  assert.equal(shipment.purchaseOrder.unwrap().toHex(), commit(salt, `po|${ORDER}`));
  assert.ok(shipment.despatchAdvice.isNone);
});

test('the same document again captures nothing, and says so', PATIENCE, async () => {
  const file = inFolder('maker.json');
  const expected = chain.makers.map(() => 'nothing');
  const attempt = async () => ({ entries: await captured(file, 'maker', expected) });
  const { entries, blocks, events } = await changes(attempt);
  assert.deepEqual([blocks, events], [0, 0]);
  for (const [i, { notes }] of entries.entries()) {
    if (chain.makers[i].status === 'captured') assert.match(notes.join(), /is on the chain already/);
  }
});

test('the wholesaler receives by an EPCIS 1.2 document, and two packs are missing', PATIENCE, async () => {
  const { api } = chain;
  const there = EPCS.filter((_, i) => i >= IN_CASE && !MISSING.includes(i));
  const arrived = receiving('wholesaler', tick(), [unitEpc(PALLET), ...there]);
  const file = await written('wholesaler.xml', asXml([arrived]));
  chain.received = await captured(file, 'wholesaler', ['captured']);
  await recordedUnderItsHashes(file, chain.received, orgs.wholesaler);
  assert.match(chain.received[0].path, /^EPCISBody\/EventList\/ObjectEvent/);
  assert.match(chain.received[0].notes.join(), /announced and not there: pack 8 of lot \d+, pack 10 of lot \d+/);

  const shipment = (await api.call.provenanceApi.shipment(chain.shipment)).unwrap();
  assert.ok(shipment.status.isReceived);
  assert.deepEqual([shipment.discrepancies.toNumber(), shipment.unresolved.toNumber()], [2, 2]);
  const open = await api.call.provenanceApi.discrepancies(chain.shipment);
  const told = open.map(([, { kind, unit, resolution }]) => [
    kind.type, unit.asPacks.first.toNumber(), unit.asPacks.last.toNumber(), resolution.isNone,
  ]);
  assert.deepEqual(told, MISSING.map((pack) => ['Missing', pack, pack, true]));
  for (const [i, { holding }] of (await Promise.all(SERIALS.map((serial) => traced(serial)))).entries()) {
    assert.equal(holding.custodian.toNumber(), MISSING.includes(i) ? orgs.maker : orgs.wholesaler);
  }
});

test('the wholesaler unpacks and ships, the pharmacy receives and dispenses', PATIENCE, async () => {
  const packs = EPCS.slice(0, IN_CASE);
  const onward = document([
    unpacking('wholesaler', tick(), unitEpc(PALLET)),
    unpacking('wholesaler', tick(), caseEpc(`${RUN}C1`)),
    shipping('wholesaler', tick(), 'pharmacy', packs),
  ]);
  const sent = await written('wholesaler.json', onward);
  const { code, report } = await capture(sent, 'wholesaler');
  assert.equal(code, 1);
  const [{ path, reason }] = report.refusals;
  assert.equal(path, 'epcisBody/eventList/2/dscsaTransactionStatement');
  assert.match(reason, /transaction statement/);
  chain.onward = await captured(sent, 'wholesaler', Array(3).fill('captured'), '--statement');
  await recordedUnderItsHashes(sent, chain.onward, orgs.wholesaler);

  // The pharmacy's system writes web addresses.
  const addresses = SERIALS.slice(0, IN_CASE).map((serial) => packLink(GTIN, serial));
  // What is received is dispensed by a later document, which can be checked against the chain.
  chain.sold = [];
  for (const [name, event] of [
    ['pharmacy-morning.json', receiving('pharmacy', tick(), addresses)],
    ['pharmacy-noon.json', dispensing('pharmacy', tick(), [addresses[DISPENSED]])],
  ]) {
    const file = await written(name, document([event]));
    const events = await captured(file, 'pharmacy', ['captured']);
    await recordedUnderItsHashes(file, events, orgs.pharmacy);
    chain.sold.push(...events);
  }
  const dispositions = await Promise.all(SERIALS.map(async (serial) => (await traced(serial)).disposition.type));
  const expected = SERIALS.map((_, i) => (MISSING.includes(i) ? 'InTransit' : 'Active'));
  expected[DISPENSED] = 'Dispensed';
  assert.deepEqual(dispositions, expected);
});

test('a lot of a thousand packs is captured behind the root of its serials', PATIENCE, async () => {
  const { api } = chain;
  const [first, count] = [500, 10];
  const packs = ROOT_SERIALS.slice(first, first + count).map(packEpc);
  const made = { lot: ROOT_LOT, expiry: chain.expiry };
  const lot = document(
    [commissioningLot('maker', tick(), ROOT_UNITS, made), shipping('maker', tick(), 'wholesaler', packs)],
    { statement: true },
  );
  const file = await written('lot.json', lot);
  const without = await changes(() => capture(file, 'maker'));
  assert.deepEqual([without.code, without.blocks], [1, 0]);
  assert.equal(without.report.refusals[0].path, 'epcisBody/eventList/0/quantityList/0/epcClass');
  assert.match(without.report.refusals[0].reason, /--serials/);

  const serials = `${GTIN}/${ROOT_LOT}=${inFolder('serials.txt')}`;
  const events = await captured(file, 'maker', ['captured', 'captured'], '--serials', serials);
  await recordedUnderItsHashes(file, events, orgs.maker);
  const { root, prove } = serialTree(GTIN, ROOT_SERIALS);
  const info = answer(await api.call.provenanceApi.lot(GTIN, ROOT_LOT));
  assert.equal(info.lot.serials.asRoot.toHex(), root);
  assert.equal(info.lot.commissioned.toNumber(), ROOT_UNITS);
  const { holding } = await traced(ROOT_SERIALS[first], ROOT_LOT, prove(first));
  const { roots } = (await api.call.provenanceApi.shipment(holding.shipment.unwrap())).unwrap();
  const told = roots.map((unit) => [unit.asPacks.first.toNumber(), unit.asPacks.last.toNumber()]);
  assert.deepEqual(told, [[first, first + count - 1]]);
  assert.ok((await traced(ROOT_SERIALS[0], ROOT_LOT, prove(0))).holding.shipment.isNone);

  // A pack that nobody handled alone is found by the same file.
  const proof = ['--lot', ROOT_LOT, '--serials', inFolder('serials.txt')];
  const { code, stdout, stderr } = await gateway('epcis-export', GTIN, ROOT_SERIALS[first], ...proof);
  assert.equal(code, 0, stderr);
  const exported = JSON.parse(stdout).epcisBody.eventList;
  assert.deepEqual(exported.map(hashTold), events.map(({ eventID }) => eventID));
});

test('the history of the dispensed pack is exported with the hashes of its events', PATIENCE, async () => {
  const { code, stdout, stderr } = await gateway('epcis-export', GTIN, SERIALS[DISPENSED]);
  assert.equal(code, 0, stderr);
  const exported = JSON.parse(stdout);
  assert.equal(exported.schemaVersion, '2.0');
  const { eventList } = exported.epcisBody;

  const expected = [...chain.makers, ...chain.received, ...chain.onward, ...chain.sold];
  const of = expected.filter(({ status }) => status === 'captured');
  assert.deepEqual(eventList.map(hashTold), of.map(({ eventID }) => eventID));
  assert.deepEqual(eventList.map(({ bizStep }) => bizStep), of.map(({ bizStep }) => bizStep));
  const at = (who, times) => Array(times).fill(`https://id.gs1.org/414/${premises[who]}`);
  const places = [...at('maker', 4), ...at('wholesaler', 4), ...at('pharmacy', 2)];
  assert.deepEqual(eventList.map(({ readPoint }) => readPoint.id), places);
  const times = eventList.map(({ eventTime }) => Date.parse(eventTime));
  assert.deepEqual(times, times.toSorted((a, b) => a - b));

  const trace = await traced(SERIALS[DISPENSED]);
  const onChain = trace.events.map(({ event }) => event.hash_.toHex());
  assert.deepEqual(eventList.map((event) => hashIn(hashTold(event))), onChain);
  assert.deepEqual(times, trace.events.map(({ event }) => event.time.toNumber()));
  for (const { epcList } of eventList) assert.deepEqual(epcList, [packLink(GTIN, SERIALS[DISPENSED])]);
  assert.deepEqual(eventList[0].ilmd, {
    'cbvmda:lotNumber': LOT,
    'cbvmda:itemExpirationDate': chain.expiry,
  });

  // It is a valid document itself.
  assert.equal((await hashes(await written('exported.json', exported))).length, eventList.length);
});

test('a document that breaks a rule is refused with its path, and nothing is sent', PATIENCE, async (t) => {
  const fresh = (epc = packEpc(`${RUN}X1`), made = { lot: `X${RUN}`, expiry: chain.expiry }) =>
    commissioning('maker', tick(), [epc], made);
  const listed = 'epcisBody/eventList';
  const weighed = happening('ObjectEvent', 'maker', tick(), {
    quantityList: [
      { epcClass: lotClass(ROOT_LOT), quantity: 5 },
      { epcClass: lotClass(ROOT_LOT), quantity: 2.5, uom: 'KGM' },
    ],
    action: 'OBSERVE',
    bizStep: 'shipping',
  });
  const observed = receiving('wholesaler', tick(), [unitEpc(PALLET)]);
  const unknown = shipping('maker', tick(), 'wholesaler', [packEpc(`${RUN}X2`)]);
  const elsewhere = (gln) => ({ ...fresh(), readPoint: { id: place(gln) } });
  const cases = [
    ['an action that there is not', [{ ...fresh(), action: 'CREATE' }], `${listed}/0/action`, /ADD, OBSERVE, DELETE/],
    ['one after an event that is right', [fresh(), { ...fresh(), action: 'CREATE' }], `${listed}/1/action`, /ADD/],
    ['an action that there is not, in XML', asXml([{ ...observed, action: 'CREATE' }]),
      'EPCISBody/EventList/ObjectEvent[1]/action', /ADD, OBSERVE, DELETE/],
    ['a wrong check digit', [fresh(packLink('00614141123453', 'X1'))], `${listed}/0/epcList/0`,
      /rule of GS1: .*check digit, which would be 2/],
    ['an illegal character', [fresh(packEpc('X~1'))], `${listed}/0/epcList/0`,
      /rule of GS1: the character at position 1/],
    ['a serial of 21 characters', [fresh(packEpc('X'.repeat(21)))], `${listed}/0/epcList/0`,
      /rule of GS1: .*too long; 20 is the most/],
    ['mixed units', [weighed], `${listed}/0/quantityList/1/uom`, /mixes units/],
    ['an event that is to come', [{ ...fresh(), eventTime: new Date(Date.now() + YEAR).toISOString() }],
      `${listed}/0/eventTime`, /is in the future/],
    ['premises that nobody has', [elsewhere('0614141888887')], `${listed}/0/readPoint/id`, /no premises that/],
    ['premises of another', [elsewhere(premises.wholesaler)], `${listed}/0/readPoint/id`, /another organisation/],
    ['packs that nobody made', [fresh(), unknown], `${listed}/1/epcList/0`, /neither a pack nor a container/],
    ['a serial that is given already', [fresh(EPCS[0])], `${listed}/0/epcList/0`, /is commissioned already/],
    ['broken XML', '<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:1">', '(file)',
      /is not well-formed XML/],
    ['other XML', '<html/>', '(root)', /must be an `EPCISDocument`/],
    ['broken JSON', '{"type": "EPCISDocument"', '(file)', /is not well-formed JSON/],
    ['too much of anything', Buffer.alloc(MOST_BYTES + 1, ' '), '(file)', /is larger than 33554432 bytes/],
  ];
  for (const [what, contents, path, rule] of cases) {
    await t.test(what, async () => {
      const file = await written('odd.txt', Array.isArray(contents) ? document(contents) : contents);
      const { code, report, blocks, events } = await changes(() => capture(file, 'maker'));
      assert.equal(code, 1);
      assert.deepEqual(report.events, []);
      assert.equal(report.refusals[0]?.path, path, JSON.stringify(report));
      assert.match(report.refusals[0].reason, rule);
      assert.deepEqual([blocks, events], [0, 0]);
    });
  }
});

test('what somebody else has is not moved', PATIENCE, async () => {
  // The wholesaler has this one.
  const theirs = document([shipping('maker', tick(), 'pharmacy', [EPCS[9]])], { statement: true });
  const file = await written('theirs.json', theirs);
  const { code, report, events } = await changes(() => capture(file, 'maker'));
  assert.equal(code, 1);
  const [{ status, done, error, eventID }] = report.events;
  assert.deepEqual([status, done], ['failed', 0]);
  assert.match(error, /DrugProvenance\.NotCustodian: .{10}/);
  assert.equal(events, 0);
  assert.equal(await rpc(chain.node.http, 'provenance_eventByHash', orgs.maker, hashIn(eventID)), null);
  assert.equal((await traced(SERIALS[9])).holding.custodian.toNumber(), orgs.wholesaler);
});

test('a dry run tells what would be sent, and sends nothing', PATIENCE, async () => {
  const packs = [packEpc(`${RUN}D1`), packEpc(`${RUN}D2`)];
  const made = { lot: `D${RUN}`, expiry: chain.expiry };
  const planned = document(
    [commissioning('maker', tick(), packs, made), shipping('maker', tick(), 'wholesaler', packs)],
    { statement: true },
  );
  const file = await written('planned.json', planned);
  const { code, report, blocks, events } = await changes(() => capture(file, 'maker', '--dry-run'));
  assert.equal(code, 0, JSON.stringify(report));
  assert.ok(report.dryRun);
  const told = report.events.map(({ status, done, steps }) => [status, done, steps.map(({ call }) => call)]);
  assert.deepEqual(told, [
    ['mapped', 0, ['commissionLot', 'commissionItems']],
    ['mapped', 0, ['ship']],
  ]);
  assert.deepEqual([blocks, events], [0, 0]);
  for (const { eventID } of report.events) {
    assert.equal(await rpc(chain.node.http, 'provenance_eventByHash', orgs.maker, hashIn(eventID)), null);
  }
});
