// The accounts of a development chain, by role. Their keys are public: never use them elsewhere.

import { Keyring } from '@polkadot/keyring';
import { cryptoWaitReady, randomAsHex } from '@polkadot/util-crypto';

import { CallFailed, explain, found, submit } from './submit.mjs';

await cryptoWaitReady();

const keyring = new Keyring({ type: 'sr25519', ss58Format: 42 });
const account = (name) => keyring.addFromUri(`//${name}`);

/** Who acts for whom: the council, the members' administrators and staff, and a patient. */
export const roles = {
  council: account('Council'),
  hospitalAdmin: account('HospitalAdmin'),
  registrar: account('Registrar'),
  clinician: account('Clinician'),
  recordsOfficer: account('RecordsOfficer'),
  privacyOfficer: account('PrivacyOfficer'),
  payerAdmin: account('PayerAdmin'),
  claimsOfficer: account('ClaimsOfficer'),
  makerAdmin: account('MakerAdmin'),
  wholesalerAdmin: account('WholesalerAdmin'),
  pharmacyAdmin: account('PharmacyAdmin'),
  pharmacist: account('Pharmacist'),
  regulatorAdmin: account('RegulatorAdmin'),
  auditor: account('Auditor'),
  patient: account('Patient'),
  // The people of the second hospital have no roles of their own.
  secondHospitalAdmin: account('Charlie'),
  secondHospitalStaff: account('Dave'),
};

/** The members of a development chain, by number. */
export const orgs = {
  hospital: 0,
  payer: 1,
  maker: 2,
  wholesaler: 3,
  pharmacy: 4,
  regulator: 5,
  secondHospital: 6,
};

/** A key that nobody else has. `pair.uri` is its secret, for handing it to another program. */
export function newKey() {
  const secret = randomAsHex(32);
  return Object.assign(keyring.addFromUri(secret), { uri: secret });
}

/** Thirty-two random bytes in hexadecimal, for the id of a patient or the salt of a commitment. */
export const randomId = () => randomAsHex(32);

/** One AXN in its smallest unit. */
export const AXN = 1_000_000_000_000n;

/**
 * Lends accounts what their fees cost, ten AXN each. Only for development chains: elsewhere it is
 * the members who pay.
 */
export async function fund(api, ...pairs) {
  const transfers = pairs.map(({ address }) => api.tx.balances.transferKeepAlive(address, 10n * AXN));
  await submit(api, api.tx.utility.batchAll(transfers), roles.council);
}

/**
 * Has the council of a development chain, which is one account, decide something.
 *
 * @returns {Promise<{blockHash: Hash, events: Event[]}>}
 * @throws {CallFailed} by name, if the decision cannot be carried out
 */
export async function decide(api, call) {
  const motion = api.tx.council.propose(1, call, call.method.encodedLength);
  const done = await submit(api, motion, roles.council);
  const { result } = found(done.events, api.events.council.Executed);
  if (result.isErr) {
    const { name, docs } = explain(api, result.asErr);
    throw new CallFailed(name, docs, done.blockHash);
  }
  return done;
}
