// Answers of the chain's runtime APIs. They cost nothing and change nothing.

import { accessQuery } from './codes.mjs';

/** A read that the chain refuses, with the name that the error of a call would have. */
export class Refused extends Error {
  constructor(name) {
    super(`the chain refuses: ${name}`);
    this.name = 'Refused';
    this.error = name;
  }
}

/** What a runtime API answered, if it did not refuse. */
export function answer(result) {
  if (result.isErr) throw new Refused(result.asErr.toString());
  return result.asOk;
}

/**
 * The time on the chain's clock, which judges every period and deadline: UTC milliseconds.
 *
 * It is that of the last block. A development chain without blocks is still in 1970, and one that
 * makes blocks for transactions only (`--sealing instant`) stands still between them.
 */
export const now = async (api) => (await api.query.timestamp.now()).toNumber();

/**
 * What a patient permits.
 *
 * @param {ApiPromise|ApiDecoration} api with `await api.at(hash)`, as it was at that block
 * @param {string} patient the id, 32 bytes in hexadecimal
 * @param {object} query `{recipient: {org, practitioner?}, action: "access", purpose: "TREAT", ...}`
 * @param {number} [at] UTC milliseconds; the chain's clock if left out
 */
export async function evaluate(api, patient, query, at = null) {
  return answer(await api.call.consentApi.evaluate(patient, accessQuery(query), at));
}
