// The story of a million packs, run as it is, against a real node.

import assert from 'node:assert/strict';
import test from 'node:test';

import { xxhashAsHex } from '@polkadot/util-crypto';

import { GTIN, commission, printLot, provenanceStory } from '../examples/provenance-story.mjs';
import { FATES } from '../src/codes.mjs';
import { rpc } from '../src/connect.mjs';
import { verify } from '../src/merkle.mjs';
import {
  dataMatrix, dayOf, digitalLink, digits, packCommitment, packLink, packsByOrg, parties, serialTree, sscc,
  verifyPack, withCheckDigit,
} from '../src/provenance.mjs';
import { answer, now } from '../src/reads.mjs';
import { orgs } from '../src/roles.mjs';
import { changedKeys, stateUnder } from '../src/state.mjs';
import { PATIENCE, refuses, useNode } from './support.mjs';

const UNITS = 1_000_000;
const ON_THE_PALLET = 10_000;

/** GS1's character set 82 (General Specifications, section 7.11): what a serial may have. */
const SET_82 = '!"%&\'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz';

const chain = useNode(async (chain) => {
  chain.story = await provenanceStory(chain.api);
});

test('check digits are those of GS1', () => {
  const keys = ['0614141000036', '0614141000043', '0614141000050', '00614141123452', '006141411234567890'];
  const glns = Object.values(parties).map(({ gln }) => gln);
  for (const key of [...keys, ...glns, GTIN, sscc(0), sscc(999_999_999)]) {
    assert.equal(withCheckDigit(key.slice(0, -1)), key);
  }
  assert.equal(sscc(7).length, 18);
});

test('partners are licensed, and found by their location numbers', PATIENCE, async () => {
  const { partner, partnerByGln } = chain.api.call.provenanceApi;
  for (const { org, gln } of Object.values(parties)) {
    assert.equal((await partnerByGln(gln)).unwrap().toNumber(), org);
    assert.equal(digits((await partner(org)).unwrap().gln, 13), gln);
  }
  assert.ok((await partner(orgs.payer)).isNone);
  assert.ok(chain.story.licensed.isLicensed);
});

test('a million packs are one lot behind one root', PATIENCE, async () => {
  const { api, story } = chain;
  const { id, lot, expired } = answer(await api.call.provenanceApi.lot(GTIN, story.number));
  assert.equal(id.toNumber(), story.lot);
  assert.equal(lot.units.toNumber(), UNITS);
  assert.equal(lot.commissioned.toNumber(), UNITS);
  assert.equal(lot.serials.asRoot.toHex(), story.root);
  assert.ok(expired.isFalse);
  const last = UNITS - 1;
  const { serial } = story.claim(last);
  const proof = story.prove(last);
  assert.ok(verify('serial', story.root, packCommitment(GTIN, serial), proof));
  assert.ok(!verify('serial', story.root, packCommitment(GTIN, `${serial}0`), proof));
  assert.ok(!verify('record', story.root, packCommitment(GTIN, serial), proof));
});

test('two packs were missing: one was found, one was never shipped', PATIENCE, async () => {
  const { api, story } = chain;
  const { shipment, open, resolved } = story.delivered;
  const told = (list) =>
    list.map(([number, { kind, unit, resolution }]) => [
      number.toNumber(), kind.type, unit.asPacks.first.toNumber(), unit.asPacks.last.toNumber(),
      resolution.isSome && resolution.unwrap().type,
    ]);
  assert.deepEqual(told(open), [[0, 'Missing', 150, 150, false], [1, 'Missing', 4321, 4321, false]]);
  assert.deepEqual(told(resolved).map(([, , , , end]) => end), ['Found', 'NotShipped']);
  const details = (await api.call.provenanceApi.shipment(shipment)).unwrap();
  assert.ok(details.status.isReceived);
  assert.equal(details.discrepancies.toNumber(), 2);
  assert.equal(details.unresolved.toNumber(), 0);
  assert.equal(details.from.toNumber(), orgs.maker);
  assert.ok(details.transaction.unwrap().statement.isTrue);
});

test('what is in the pallet is what was not taken off it', PATIENCE, async () => {
  const { api, story } = chain;
  const { contents } = api.call.provenanceApi;
  const name = { sscc: story.pallet };
  const children = [];
  for (let after = null; ; ) {
    const page = answer(await contents(name, after, 40));
    children.push(...page.children.map((child) => digits(child.asContainer.asSscc, 18)));
    if (page.next.isNone) break;
    after = page.next.unwrap();
  }
  const left = story.cases.filter((_, i) => i !== 7);
  assert.deepEqual(children.sort(), left.sort());
  const { children: count, depth, lots } = answer(await api.call.provenanceApi.container(name));
  assert.deepEqual([count.toNumber(), depth.toNumber()], [99, 2]);
  assert.deepEqual(lots.map(({ packs }) => packs.toNumber()), [ON_THE_PALLET - 100 - 2]);
});

test('the scanner tells a genuine pack from others, by barcode and by web address', PATIENCE, async () => {
  const { node, story } = chain;
  const { scans, proof, unproven, authentic, linked, gone, pack, forged } = story.dispensed;
  assert.ok(unproven.verdict.isUnproven);
  assert.ok(authentic.verdict.isAuthentic);
  assert.deepEqual(linked.toJSON(), authentic.toJSON());
  assert.equal(authentic.index.unwrap().toNumber(), pack);
  assert.equal(authentic.custodian.unwrap().toNumber(), orgs.pharmacy);
  assert.ok(gone.verdict.isDispensed);

  // The same over JSON-RPC, at the block in which the pharmacy received the case.
  const scan = async (text, proof) =>
    (await rpc(node.http, 'provenance_verifyPack', text, proof, story.bought.block)).verdict;
  assert.match(scans.dataMatrix, /^\]d201\d{14}17\d{6}10L[0-9A-F]{8}\u001d21/);
  for (const text of [scans.dataMatrix, scans.digitalLink]) {
    assert.equal(await scan(text, null), 'unproven');
    assert.equal(await scan(text, proof), 'authentic');
    assert.equal(await scan(text, story.prove(701)), 'not-proven');
  }
  assert.equal(await scan(dataMatrix(forged), story.prove(701)), 'not-proven');
  assert.equal(await scan(dataMatrix({ ...story.claim(pack), lot: 'NONE' }), proof), 'unknown');
  const later = dayOf(Date.UTC(2049, 0, 1));
  assert.equal(await scan(dataMatrix({ ...story.claim(pack), expiry: later }), proof), 'mismatch');
});

test('a pack is dispensed once, and a counterfeit never', PATIENCE, async () => {
  const { api, story } = chain;
  const { again, counterfeit, alert, forged } = story.dispensed;
  assert.equal(again.error, 'DrugProvenance.AlreadyDispensed');
  assert.equal(counterfeit.error, 'DrugProvenance.BadMerkleProof');
  const alerts = await api.call.provenanceApi.alerts(null, 64);
  const [, raised] = alerts.find(([id]) => id.toNumber() === alert);
  assert.ok(raised.verdict.isNotProven);
  assert.equal(raised.pack.serial.toUtf8(), forged.serial);
  assert.equal(raised.org.toNumber(), orgs.pharmacy);
});

test('what nobody came for is on the shelf again, and authentic', PATIENCE, () => {
  const { shelved } = chain.story.dispensed;
  assert.ok(shelved.verdict.isAuthentic);
  assert.ok(shelved.disposition.unwrap().isActive);
});

test('the maker answers within its 24 hours', PATIENCE, async () => {
  const { node, story } = chain;
  assert.equal(story.asked.overdue.length, 0);
  assert.ok(story.asked.answer.isVerified);
  const { verification, due } = await rpc(node.http, 'provenance_verification', story.asked.verification);
  assert.deepEqual([verification.requester, verification.responder], [orgs.pharmacy, orgs.maker]);
  const [told, answeredAt] = verification.answer;
  assert.equal(told, 'verified');
  assert.ok(answeredAt <= due);
  assert.deepEqual(await rpc(node.http, 'provenance_pendingVerifications', orgs.maker, null, 64), []);
});

test('a recall reaches every pack by one write, and nothing recalled moves on', PATIENCE, async () => {
  const { api, node, story } = chain;
  const { block, holders, fates, scanned, onward, returning, returned } = story.recalled;
  const expected = {
    // What was not on the pallet, and the pack that was not shipped.
    [orgs.maker]: UNITS - ON_THE_PALLET + 1,
    // Without the case and the pack that was not shipped.
    [orgs.wholesaler]: ON_THE_PALLET - 100 - 1,
    [orgs.pharmacy]: 99,
  };
  assert.deepEqual(packsByOrg(holders), expected);
  assert.equal(fates[FATES.indexOf('dispensed')], 1);
  assert.equal(Object.values(packsByOrg(holders)).reduce((sum, packs) => sum + packs), UNITS - 1);
  assert.ok(scanned.verdict.isRecalled);
  assert.equal(onward.error, 'DrugProvenance.LotRecalled');
  const onTheWay = returning.filter(({ onTheWayTo }) => onTheWayTo.isSome);
  assert.ok(onTheWay.every(({ onTheWayTo }) => onTheWayTo.unwrap().toNumber() === orgs.maker));
  assert.deepEqual(packsByOrg(onTheWay), { [orgs.wholesaler]: ON_THE_PALLET - 100 - 2 });
  // The pack that was found again is loose at the wholesaler's.
  assert.equal(returned[orgs.wholesaler], 1);
  assert.equal(returned[orgs.maker], UNITS - 100 - 1);

  const ask = (...asked) => rpc(node.http, ...asked);
  const state = (at) => stateUnder(ask, xxhashAsHex('DrugProvenance', 128), at);
  const { parentHash } = await api.rpc.chain.getHeader(block);
  const changed = changedKeys(await state(parentHash.toHex()), await state(block));
  assert.deepEqual(changed, [api.query.drugProvenance.lots.key(story.lot)]);
});

test('a dispensed pack tells all that happened to it and to what it was in', PATIENCE, async () => {
  const { api, story } = chain;
  const { serial } = story.claim(story.dispensed.pack);
  const trace = answer(await api.call.provenanceApi.trace(GTIN, serial, null, null));
  assert.equal(trace.index.toNumber(), story.dispensed.pack);
  assert.ok(trace.disposition.isDispensed);
  assert.equal(trace.containers.length, 0);
  assert.equal(trace.holding.custodian.toNumber(), orgs.pharmacy);
  const events = trace.events.map(({ event }) => [event.kind.type, event.org.toNumber()]);
  assert.deepEqual(events, [
    ['Commissioning', orgs.maker],
    ['Packing', orgs.maker],
    ['Packing', orgs.maker],
    ['Shipping', orgs.maker],
    ['Receiving', orgs.wholesaler],
    ['Unpacking', orgs.wholesaler],
    ['Shipping', orgs.wholesaler],
    ['Receiving', orgs.pharmacy],
    ['Dispensing', orgs.pharmacy],
  ]);
  // What was never handled alone is told apart by its proof.
  const untouched = story.claim(990);
  const proved = await api.call.provenanceApi.trace(GTIN, untouched.serial, story.number, story.prove(990));
  assert.deepEqual(
    answer(proved).containers.map((container) => digits(container.asSscc, 18)),
    [story.cases[9], story.pallet],
  );
});

test('a serial may have every character that GS1 allows', PATIENCE, async () => {
  const { api } = chain;
  const serials = SET_82.match(/.{1,20}/g);
  const { root, prove } = serialTree(GTIN, serials);
  const expiry = dayOf((await now(api)) + 1e10);
  const printed = await printLot(api, serials.length);
  const number = `%/${printed.number}`;
  await commission(api, { number, expiry, units: serials.length, root });
  assert.equal(packLink(GTIN, 'A/b%'), `https://id.gs1.org/01/${GTIN}/21/A%2Fb%25`);
  for (const [i, serial] of serials.entries()) {
    const claim = { gtin: GTIN, serial, lot: number, expiry };
    for (const scan of [dataMatrix(claim), digitalLink(claim)]) {
      assert.ok((await verifyPack(api, scan, prove(i))).verdict.isAuthentic, scan);
    }
  }
  await refuses(commission(api, { number, expiry, units: 5, root }), 'DrugProvenance.LotAlreadyExists');
});

test('the story can be told again on the same chain', PATIENCE, async () => {
  const again = await provenanceStory(chain.api, undefined, { units: 2 * ON_THE_PALLET });
  assert.notEqual(again.lot, chain.story.lot);
  assert.equal(again.recalled.returned[orgs.maker], 2 * ON_THE_PALLET - 100 - 1);
});
