// A hospital registers a patient, whose own key proves that its holder agrees.
//
//   node examples/register-patient.mjs
//
// The chain sees an id that says nothing about the person, a key, and a commitment to the
// registration. The registration itself and the salt stay with the hospital.

import { KEY_PURPOSES, codes } from '../src/codes.mjs';
import { commit } from '../src/commitments.mjs';
import { runIfMain } from '../src/example.mjs';
import { fund, newKey, orgs, randomId, roles } from '../src/roles.mjs';
import { proveKey } from '../src/statements.mjs';
import { found, submit } from '../src/submit.mjs';

export async function registerPatient(
  api,
  say = () => {},
  { registrar = roles.registrar, org = orgs.hospital } = {},
) {
  // On the patient's own device: a key that never leaves it.
  const key = newKey();
  // Until members pay for their patients, a patient's transactions cost the patient something.
  await fund(api, key);

  // At the hospital: a random id, and a commitment to the registration form in canonical JSON.
  const patient = randomId();
  const form = '{"resourceType":"Patient"}';
  const salt = randomId();
  const commitment = commit(salt, form);
  const purposes = codes(KEY_PURPOSES, ['Authentication', 'Consent']);

  // The patient signs what the chain will check, and the hospital brings it there. Nobody else can:
  // the patient names the organisation.
  const agreement = { Register: { org, purposes, commitment } };
  const proof = await proveKey(api, patient, key, 'axonic/patient/register', agreement);
  const { events } = await submit(
    api,
    api.tx.patientIdentity.registerWithKey(patient, commitment, key.address, purposes, proof),
    registrar,
  );
  const registered = found(events, api.events.patientIdentity.Registered);
  say(`Organisation ${registered.org} registered the patient ${patient} with the key ${key.address}.`);
  return { patient, key, salt, commitment };
}

await runIfMain(import.meta.url, registerPatient);
