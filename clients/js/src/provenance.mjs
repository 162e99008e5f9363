// What medicines need beside the codes: GS1's keys and barcodes, the tree of a lot's serials, and
// the shapes that calls take.
//
// GTINs (14 digits), GLNs (13) and SSCCs (18) are digit strings here, with their check digit and
// leading zeros. JSON-RPC takes them like this too; calls and runtime APIs take the number, which
// polkadot.js reads from the same string, and answer with it: `digits` brings the zeros back.

import { blake2AsU8a } from '@polkadot/util-crypto';

import { tree } from './merkle.mjs';
import { answer, now } from './reads.mjs';
import { orgs, randomId, roles } from './roles.mjs';

/** What a scanner sends for FNC1, the character that ends a value of variable length. */
export const FNC1 = '\u001d';

/**
 * Who moves medicines on a development chain: the organisation, the number of its premises, its
 * location number as a party, what it is to be licensed for, and who acts for it.
 */
export const parties = {
  maker: {
    org: orgs.maker,
    site: 2,
    gln: '0614141900022',
    licences: ['Manufacturer'],
    staff: roles.makerAdmin,
  },
  wholesaler: {
    org: orgs.wholesaler,
    site: 3,
    gln: '0614141900039',
    licences: ['Wholesaler'],
    staff: roles.wholesalerAdmin,
  },
  pharmacy: {
    org: orgs.pharmacy,
    site: 4,
    gln: '0614141900046',
    licences: ['Dispenser'],
    staff: roles.pharmacist,
  },
};

/**
 * These digits and their check digit (GS1 General Specifications, section 7.9.1).
 *
 * @param {string} body all digits of a GTIN, GLN or SSCC but the last
 */
export function withCheckDigit(body) {
  const weigh = (sum, digit, i) => sum + Number(digit) * (i % 2 ? 1 : 3);
  const sum = [...body].reverse().reduce(weigh, 0);
  return `${body}${(10 - (sum % 10)) % 10}`;
}

/** The SSCC of the logistic unit with this number, up to 999,999,999, under the maker's prefix. */
export const sscc = (number) => withCheckDigit(`00614141${String(number).padStart(9, '0')}`);

/** A key as runtime APIs and events give it, with all its digits: 14, 13 or 18. */
export const digits = (key, length) => key.toString().padStart(length, '0');

/** Everything but what RFC 3986 calls unreserved, percent-encoded. */
const escaped = (text) =>
  text.replace(/[^A-Za-z0-9\-._~]/g, (character) => {
    const byte = character.charCodeAt(0).toString(16).toUpperCase();
    return `%${byte.padStart(2, '0')}`;
  });

/** The canonical GS1 Digital Link of a pack: one pack has one. */
export const packLink = (gtin, serial) => `https://id.gs1.org/01/${gtin}/21/${escaped(serial)}`;

/** The commitment of a pack, which its leaf is made of: `blake2_256` of its canonical link. */
export const packCommitment = (gtin, serial) => blake2AsU8a(packLink(gtin, serial));

/**
 * The tree of a lot's serials. Its root goes into `commissionLot`; `prove(n)` is what whoever handles
 * pack `n` alone brings along.
 *
 * @param {string} gtin
 * @param {string[]} serials that of pack 0 first
 * @returns {{root: string, prove: function(number): object|null}}
 */
export const serialTree = (gtin, serials) =>
  tree('serial', serials, (serial) => packCommitment(gtin, serial));

/** The day of an instant, in UTC: `{year, month, day}`. */
export function dayOf(moment) {
  const date = new Date(moment);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** A day as barcodes have it: YYMMDD. */
const yymmdd = ({ year, month, day }) =>
  [year % 100, month, day].map((part) => String(part).padStart(2, '0')).join('');

/** What a scanner sends for a pack's GS1 DataMatrix. A `claim` is `{gtin, serial, lot, expiry}`. */
export const dataMatrix = ({ gtin, serial, lot, expiry }) =>
  `]d201${gtin}17${yymmdd(expiry)}10${lot}${FNC1}21${serial}`;

/** The GS1 Digital Link of a pack under the maker's own address, with lot and expiry. */
export const digitalLink = ({ gtin, serial, lot, expiry }) =>
  `https://id.example.com/01/${gtin}/10/${escaped(lot)}/21/${escaped(serial)}?17=${yymmdd(expiry)}`;

/** Packs of a lot that follow each other, as something that can be moved. */
export const packs = (lot, first, count = 1) => ({ packs: { lot, first, count } });

/** A logistic unit with all that is in it, as something that can be moved. */
export const unit = (sscc) => ({ container: { sscc } });

/**
 * When and where something happened: now, on the party's premises.
 *
 * The hash is that of the party's own EPCIS event by the rules of CBV 2.0 (section 8.9), which
 * `axonic-gateway epcis` computes. Whoever keeps no such events has a number drawn.
 */
export const happened = async (api, { site }, hash = randomId()) => ({
  site,
  time: await now(api),
  hash,
});

/** What a scanner is told of a pack. */
export const verifyPack = async (api, scan, proof = null) =>
  answer(await api.call.provenanceApi.verifyPack(scan, proof));

/**
 * Who has how many packs of a lot, all pages of it.
 *
 * @returns {Promise<{holders: Holder[], fates: number[]}>} `fates` in the order of `FATES`
 */
export async function whereIsLot(api, gtin, number) {
  const holders = [];
  for (let from = null; ; ) {
    const reach = answer(await api.call.provenanceApi.whereIsLot(gtin, number, from));
    holders.push(...reach.holders);
    if (reach.next.isNone) return { holders, fates: reach.fates.map((count) => count.toNumber()) };
    from = reach.next.unwrap();
  }
}

/** How many packs each organisation has: `{[org]: packs}`. */
export function packsByOrg(holders) {
  const sums = {};
  for (const { org, packs } of holders) sums[org] = (sums[org] ?? 0) + packs.toNumber();
  return sums;
}
