// A patient lets a hospital read for treatment, and takes it back.
//
//   node examples/consent-story.mjs

import { terms } from '../src/codes.mjs';
import { runIfMain } from '../src/example.mjs';
import { evaluate } from '../src/reads.mjs';
import { orgs, roles } from '../src/roles.mjs';
import { found, submit } from '../src/submit.mjs';
import { registerPatient } from './register-patient.mjs';

export async function consentStory(api, say = () => {}) {
  const { patient, key } = await registerPatient(api, say);

  // What a clinician of the hospital asks before opening a record.
  const question = {
    recipient: { org: orgs.hospital, practitioner: roles.clinician.address },
    action: 'access',
    purpose: 'TREAT',
    classes: ['Observation'],
    labels: ['N', 'GDIS'],
  };
  const atFirst = await evaluate(api, patient, question);
  say(`Before the patient said anything: ${atFirst.type}.`);

  // "Nobody, except: the hospital may read for treatment, but nothing about mental health."
  const agreed = terms({
    scope: 'patient-privacy',
    decision: 'deny',
    provisions: [
      { actors: [{ organisation: orgs.hospital }], actions: ['access'], purposes: ['TREAT'] },
      { parent: 0, labels: ['PSY', 'MH'] },
    ],
  });
  const granted = await submit(api, api.tx.consent.grant(patient, agreed), key);
  const { consent } = found(granted.events, api.events.consent.Granted);
  say(`The patient granted the consent ${consent}.`);

  const permitted = await evaluate(api, patient, question);
  say(`Now the same question: ${permitted.type}, on the basis of ${permitted.asPermit.basis}.`);

  const sensitive = await evaluate(api, patient, { ...question, labels: ['PSY'] });
  say(`About mental health: ${sensitive.type}, by provision ${sensitive.asDeny.provision}.`);

  // Whoever does not say what the data is gets an answer with a condition.
  const unlabelled = await evaluate(api, patient, { ...question, labels: [] });
  const [redact] = unlabelled.asPermit.obligations;
  say(`Without labels: ${unlabelled.type}, if provision ${redact.provision} is met: ${redact.duty}.`);

  const withdrawn = await submit(api, api.tx.consent.withdraw(patient, consent), key);
  say(`The patient took it back in the block ${withdrawn.blockHash}.`);

  // The answer at the block before, and from that block on.
  const { parentHash } = await api.rpc.chain.getHeader(withdrawn.blockHash);
  const blockBefore = await evaluate(await api.at(parentHash), patient, question);
  const blockOf = await evaluate(await api.at(withdrawn.blockHash), patient, question);
  say(`In the block before: ${blockBefore.type}. In that block: ${blockOf.type}.`);

  return { patient, key, consent, atFirst, permitted, sensitive, unlabelled, blockBefore, blockOf };
}

await runIfMain(import.meta.url, consentStory);
