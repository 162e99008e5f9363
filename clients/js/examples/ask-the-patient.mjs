// Members put questions to a patient: one proposes a consent, another asks for access.
//
//   node examples/ask-the-patient.mjs

import { ACTIONS, PURPOSES, codes, terms } from '../src/codes.mjs';
import { runIfMain } from '../src/example.mjs';
import { evaluate } from '../src/reads.mjs';
import { orgs, roles } from '../src/roles.mjs';
import { found, submit } from '../src/submit.mjs';
import { registerPatient } from './register-patient.mjs';

export async function askThePatient(api, say = () => {}) {
  const { patient, key } = await registerPatient(api, say);

  // The hospital proposes; nothing holds until the patient accepts.
  const proposed = terms({
    scope: 'treatment',
    decision: 'deny',
    provisions: [{ actors: [{ organisation: orgs.hospital }], purposes: ['TREAT'] }],
  });
  const proposal = await submit(api, api.tx.consent.propose(patient, proposed), roles.clinician);
  const { consent } = found(proposal.events, api.events.consent.Proposed);
  const treatment = { recipient: { org: orgs.hospital }, action: 'access', purpose: 'TREAT' };
  const beforeAccepting = await evaluate(api, patient, treatment);
  await submit(api, api.tx.consent.accept(patient, consent), key);
  const afterAccepting = await evaluate(api, patient, treatment);
  say(`The hospital proposed: ${beforeAccepting.type}. The patient accepted: ${afterAccepting.type}.`);

  // The payer asks what it needs; the patient answers in terms of the patient's own.
  const ask = {
    actions: codes(ACTIONS, ['access']),
    purposes: codes(PURPOSES, ['HPAYMT']),
    classes: ['Claim', 'Encounter'],
  };
  const asked = await submit(api, api.tx.consent.requestAccess(patient, ask), roles.claimsOfficer);
  const { request } = found(asked.events, api.events.consent.AccessRequested);
  const [waiting] = await api.call.consentApi.requestsOf(patient);
  say(`Organisation ${waiting.request.org} asks for ${waiting.request.ask.classes}.`);

  const draft = terms({
    scope: 'patient-privacy',
    decision: 'deny',
    provisions: [
      { actors: [{ organisation: orgs.payer }], purposes: ['HPAYMT'], classes: ['Claim'] },
    ],
  });
  const reply = { Grant: { draft, supersedes: null } };
  await submit(api, api.tx.consent.answerRequest(request, reply), key);
  const payment = { recipient: { org: orgs.payer }, action: 'access', purpose: 'HPAYMT' };
  const claims = await evaluate(api, patient, { ...payment, classes: ['Claim'] });
  const encounters = await evaluate(api, patient, { ...payment, classes: ['Encounter'] });
  say(`The patient granted claims only. Claims: ${claims.type}. Encounters: ${encounters.type}.`);

  const answered = (await api.call.consentApi.request(request)).unwrap().request.answer.unwrap();
  return {
    patient, key, consent, request, beforeAccepting, afterAccepting, claims, encounters, answered,
  };
}

await runIfMain(import.meta.url, askThePatient);
