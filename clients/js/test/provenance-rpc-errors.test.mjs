// What JSON-RPC says to questions about medicines that cannot be answered: which part of them is
// wrong, by the rule of GS1 that it breaks, or why the chain refuses.

import assert from 'node:assert/strict';
import test from 'node:test';

import { licensePartners } from '../examples/license-partners.mjs';
import { GTIN, commission, printLot, registerProduct } from '../examples/provenance-story.mjs';
import { rpc } from '../src/connect.mjs';
import { dataMatrix, digitalLink, parties, sscc, withCheckDigit } from '../src/provenance.mjs';
import { randomId } from '../src/roles.mjs';
import { PATIENCE, answersError, useNode } from './support.mjs';

const REFUSED = 3001;
const NOT_ASKED = 3002;
const INVALID_PARAMS = -32602;
const METHOD_NOT_FOUND = -32601;

/** No product, and no partner. */
const OTHER_GTIN = withCheckDigit('0061414199999');
const OTHER_GLN = withCheckDigit('061414198888');
/** As long as no serial and no lot number may be. */
const LONG = 'A'.repeat(21);

const chain = useNode(async (chain) => {
  await licensePartners(chain.api);
  await registerProduct(chain.api);
  chain.printed = await printLot(chain.api, 100);
  await commission(chain.api, chain.printed);
});

/** That each of these questions is answered with an error: `[what, question, code, told]`. */
async function answersEach(t, cases) {
  for (const [what, ask, code, told] of cases) {
    await t.test(what, () => answersError(ask(), code, told));
  }
}

const ask = (method, ...params) => () => rpc(chain.node.http, `provenance_${method}`, ...params);
const scan = (text, proof = null) => ask('verifyPack', text, proof);

/** More siblings than any proof has. */
const tooMany = () => Array.from({ length: 21 }, randomId);

/** What a scanner sends for a pack, but with another element for the expiration date. */
const expiring = (claim, element) => dataMatrix(claim).replace(/17\d{6}(?=10)/, element);

test('a question that breaks a rule never gets to the chain', PATIENCE, async (t) => {
  const { claim, number } = chain.printed;
  const { address } = parties.maker.staff;
  const genuine = dataMatrix(claim(20));
  const proof = { index: 0, leaves: 1, siblings: [] };
  const [digit, illegal] = [/check digit, which would be 2/, /character at position 1, counted from 0/];
  const [long, malformed] = [/too long; 20 is the most/, /Invalid params \(.+\)/];
  const cases = [
    ['a GTIN with a wrong check digit', ask('product', '00614141123453'), digit],
    ['a GTIN with letters', ask('lot', '0061414112345X', number), /only the digits 0 to 9/],
    ['a GTIN that is too short', ask('whereIsLot', '6141411', number, null), /number of digits/],
    ['a GTIN that is a number', ask('product', 614141123452), malformed],
    ['a GLN with a wrong check digit', ask('partnerByGln', '0614141900021'), digit],
    ['an SSCC with a wrong check digit', ask('container', { sscc: '006141411234567891' }), /check digit/],
    ['an SSCC that is a number', ask('container', { sscc: 61414 }), malformed],
    ['a container that is none', ask('contents', { pallet: 'A' }, null, 10), /unknown variant `pallet`/],
    ['a serial with 21 characters', ask('trace', GTIN, LONG, null, null), long],
    ['a serial with an illegal character', ask('trace', GTIN, 'A#1', null, null), illegal],
    ['a serial that is empty', ask('trace', GTIN, '', null, null), /a value is empty/],
    ['a lot number with 21 characters', ask('lot', GTIN, LONG), long],
    ['a hash that is too short', ask('eventByHash', 2, '0x1234'), malformed],
    ['a call without hexadecimal digits', ask('explainMove', address, '0xzz'), malformed],
    ['a proof without hexadecimal digits', scan(genuine, { ...proof, siblings: ['0xzz'] }), malformed],
    ['a proof with more siblings than any has', scan(genuine, { ...proof, siblings: tooMany() }), malformed],
    ['a proof with a misspelt field', scan(genuine, { ...proof, leafs: 1 }), /unknown field `leafs`/],
  ];
  await answersEach(t, cases.map(([what, ask, told]) => [what, ask, INVALID_PARAMS, told]));
});

test('a scan that breaks a rule is answered with that rule', PATIENCE, async (t) => {
  const { claim, number } = chain.printed;
  const link = digitalLink(claim(20));
  const changed = (changes) => dataMatrix({ ...claim(20), ...changes });
  const [digit, day] = [/the check digit, which would be 2/, /there is no such day/];
  const illegal = (at) => new RegExp(`the character at position ${at}, counted from 0, is not allowed`);
  const [none, empty] = [/an application identifier is expected where none begins/, /a value is empty/];
  const incomplete = /a scan of a pack has its GTIN \(01\), its serial \(21\) and its lot \(10\)/;
  const cases = [
    ['a wrong check digit', changed({ gtin: '00614141123453' }), digit],
    ['a wrong check digit in a link', link.replace(GTIN, '00614141123453'), digit],
    ['an illegal character', changed({ serial: 'A#1' }), illegal(1)],
    ['an illegal character in a link', link.replace('/21/', '/21/%23'), illegal(0)],
    // Where FNC1 ends values, one that is too long most likely lacks it.
    ['a serial with 21 characters', changed({ serial: LONG }), /runs past its longest; put FNC1/],
    ['a serial with 21 characters in a link', link.replace(/\/21\/[^?]+/, `/21/${LONG}`), /too long; 20 is the most/],
    ['a day that is none', expiring(claim(20), '17991399'), day],
    ['a day that is none in a link', link.replace(/17=\d+/, '17=991399'), day],
    ['garbage', 'what is this', none],
    ['nothing', '', empty],
    ['nothing but separators', ']d2\u001d\u001d', none],
    ['another kind of barcode', ']E00614141123452', /the symbology identifier is not one of GS1 element strings/],
    ['a web address of something else', 'https://example.com/', /the path of the web address has none of 01/],
    ['a code without a serial', `01${GTIN}10${number}`, incomplete],
    ['a container instead of a pack', `00${sscc(1)}`, incomplete],
  ];
  for (const [what, text, { source }] of cases) {
    const told = new RegExp(`: \`scan\`: .*${source}`);
    await answersEach(t, [
      [what, scan(text), INVALID_PARAMS, told],
      [`${what}, to be read`, ask('readScan', text), INVALID_PARAMS, told],
    ]);
  }
});

test('a question that the chain refuses is answered with the name of the error', PATIENCE, async (t) => {
  const { claim, number, prove } = chain.printed;
  const { address } = parties.maker.staff;
  const cases = [
    ['a lot that is not there', ask('lot', GTIN, 'NONE'), /refuses: LotNotFound/],
    ['the lots of no product', ask('whereIsLot', OTHER_GTIN, number, null), /refuses: \w+NotFound/],
    ['a container that is not there', ask('container', { sscc: sscc(3) }), /refuses: ContainerNotFound/],
    ['a pack without its proof', ask('trace', GTIN, claim(20).serial, number, null), /refuses: ProofMissing/],
    ['a pack with the proof of another', ask('trace', GTIN, claim(20).serial, number, prove(21)), /BadMerkleProof/],
    ['the call of another pallet', ask('explainMove', address, '0x000000'), /refuses: NotAProvenanceCall/],
    ['a call that is none', ask('explainMove', address, '0xffff'), /refuses: NotAProvenanceCall/],
  ];
  await answersEach(t, cases.map(([what, ask, told]) => [what, ask, REFUSED, told]));
});

test('what cannot be asked is said to be so, and what is not there is no error', PATIENCE, async (t) => {
  await answersEach(t, [
    ['an unknown block', ask('partner', 2, `0x${'ab'.repeat(32)}`), NOT_ASKED, /could not be asked at block/],
    ['an unknown method', ask('forget', GTIN), METHOD_NOT_FOUND, /Method not found/],
  ]);
  assert.equal(await ask('product', OTHER_GTIN)(), null);
  assert.equal(await ask('partnerByGln', OTHER_GLN)(), null);
  assert.equal(await ask('shipment', 4_000_000)(), null);
  assert.deepEqual(await ask('alerts', null, 64)(), []);
});
