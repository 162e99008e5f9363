// What the chain says when it refuses: the name of the error, and what to do about it.
//
//   node examples/errors.mjs

import { terms } from '../src/codes.mjs';
import { runIfMain } from '../src/example.mjs';
import { now } from '../src/reads.mjs';
import { roles } from '../src/roles.mjs';
import { CallFailed, submit } from '../src/submit.mjs';
import { registerPatient } from './register-patient.mjs';

export async function errors(api, say = () => {}) {
  const { patient, key } = await registerPatient(api, say);
  const told = [];
  const attempt = async (what, call, signer) => {
    try {
      await submit(api, call, signer);
    } catch (failure) {
      if (!(failure instanceof CallFailed)) throw failure;
      say(`${what}\n  ${failure.message}`);
      told.push(failure);
      return;
    }
    throw new Error(`"${what}" was not refused`);
  };
  const grant = (changes) =>
    api.tx.consent.grant(patient, terms({ scope: 'patient-privacy', decision: 'permit', ...changes }));

  await attempt('A clinician grants in the name of a patient.', grant({}), roles.clinician);
  await attempt(
    'A consent whose time is over.',
    grant({ period: { start: null, end: (await now(api)) - 1 } }),
    key,
  );
  await attempt(
    'A provision about an organisation that is no member.',
    grant({ provisions: [{ actors: [{ organisation: 4_000_000 }] }] }),
    key,
  );
  await attempt(
    'An exception without anything that it is about.',
    grant({ provisions: [{}] }),
    key,
  );
  await attempt(
    'A patient registers a patient.',
    api.tx.patientIdentity.register(patient, patient),
    key,
  );
  await attempt(
    'The payer breaks the glass.',
    api.tx.consent.openBreakGlass(patient, 'LifeThreatening', patient),
    roles.claimsOfficer,
  );
  await attempt(
    'The hospital admits a member by itself.',
    api.tx.consortium.admit({ bits: 1 }, 'US', roles.auditor.address, (await now(api)) + 1e9, patient),
    roles.hospitalAdmin,
  );
  return { told };
}

await runIfMain(import.meta.url, errors);
