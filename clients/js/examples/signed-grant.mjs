// A patient signs a consent on a phone that is no client of the chain; the hospital brings it there.
//
//   node examples/signed-grant.mjs

import { terms } from '../src/codes.mjs';
import { runIfMain } from '../src/example.mjs';
import { orgs, roles } from '../src/roles.mjs';
import { signGrant } from '../src/statements.mjs';
import { found, submit } from '../src/submit.mjs';
import { registerPatient } from './register-patient.mjs';

export async function signedGrant(api, say = () => {}) {
  const { patient, key } = await registerPatient(api, say);

  const agreed = terms({
    scope: 'treatment',
    decision: 'deny',
    provisions: [{ actors: [{ organisation: orgs.secondHospital }], purposes: ['TREAT'] }],
  });
  const { nonce, expiresAt, signature } = await signGrant(api, patient, key, agreed);

  // Anybody may bring it. It is good once, until it expires, on this chain, for this patient.
  const call = api.tx.consent.grantSigned(patient, key.address, agreed, nonce, expiresAt, signature);
  const { events } = await submit(api, call, roles.recordsOfficer);
  const { consent } = found(events, api.events.consent.Granted);
  say(`The records officer brought the consent ${consent}, which the patient had signed.`);

  return { patient, key, consent, call };
}

await runIfMain(import.meta.url, signedGrant);
