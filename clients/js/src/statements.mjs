// Statements that somebody signs off chain and somebody else brings to the chain.
//
// The chain makes the bytes, so no client has to encode them. Whoever signs should know what: the
// bytes begin with a purpose, the chain's genesis hash, the patient, a nonce and an expiry, each of
// fixed length, and `read` takes them apart.

import { u8aToHex, u8aToString } from '@polkadot/util';

import { answer, now } from './reads.mjs';

/** How long a statement is good if nobody says otherwise: an hour, in milliseconds. */
export const HOUR = 60 * 60 * 1000;

/** What every statement begins with. */
export function read(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    purpose: u8aToString(bytes.subarray(0, 32)).replace(/\0+$/, ''),
    genesis: u8aToHex(bytes.subarray(32, 64)),
    subject: u8aToHex(bytes.subarray(64, 96)),
    nonce: view.getBigUint64(96, true),
    expiresAt: Number(view.getBigUint64(104, true)),
  };
}

/** Signs, if the statement is for this purpose and about this patient on this chain. */
function sign(api, pair, bytes, purpose, patient) {
  const statement = read(bytes);
  const expected = { purpose, genesis: api.genesisHash.toHex(), subject: patient };
  for (const [field, value] of Object.entries(expected)) {
    if (statement[field] !== value) {
      throw new Error(`not signed: the statement's ${field} is ${statement[field]}, not ${value}`);
    }
  }
  const { nonce, expiresAt } = statement;
  // With its type in front, so that the chain knows what kind of key it is.
  return { nonce, expiresAt, signature: pair.sign(bytes, { withType: true }) };
}

/**
 * The proof that the holder of a key agrees to something about a patient's registration.
 *
 * @param {KeyringPair} pair whose holder agrees
 * @param {string} purpose what the signer expects to sign: `axonic/patient/register`, `.../claim`,
 *   `.../add_key`, `.../rotate_key`, `.../recover`, `.../merge`, `.../accept_merge` or `.../unmerge`
 * @param {object} agreement for example `{Register: {org, purposes, commitment}}`; `org` is the
 *   organisation that will bring it, and the chain takes it from no other
 * @returns {Promise<{nonce, expiresAt, signature}>} the argument `proof` of the calls
 */
export async function proveKey(api, patient, pair, purpose, agreement, { validFor = HOUR } = {}) {
  const expiresAt = (await now(api)) + validFor;
  const statement = answer(
    await api.call.patientApi.statement(patient, pair.address, agreement, expiresAt),
  );
  return sign(api, pair, statement.bytes.toU8a(true), purpose, patient);
}

/**
 * A patient's signature under a consent that somebody else will bring to the chain.
 *
 * @param {object} terms as calls take them, from `terms` in `codes.mjs`
 * @returns {Promise<{nonce, expiresAt, signature}>} arguments of `consent.grantSigned`
 */
export async function signGrant(api, patient, pair, terms, { validFor = HOUR } = {}) {
  const expiresAt = (await now(api)) + validFor;
  const statement = answer(await api.call.consentApi.grantStatement(patient, terms, expiresAt));
  return sign(api, pair, statement.bytes.toU8a(true), 'axonic/consent/grant', patient);
}
