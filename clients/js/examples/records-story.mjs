// A record is anchored, found, asked for, disclosed, corrected and erased, and the patient sees who
// looked at it: with consent, without, and in an emergency.
//
//   node examples/records-story.mjs
//
// The documents, their salts and the reasons stay with the hospitals. The chain sees commitments.

import { ACTIONS, PURPOSES, accessQuery, codes, terms } from '../src/codes.mjs';
import { commit } from '../src/commitments.mjs';
import { runIfMain } from '../src/example.mjs';
import { accounting, checkedLogs, labelled, licence } from '../src/records.mjs';
import { answer, now } from '../src/reads.mjs';
import { decide, orgs, randomId, roles } from '../src/roles.mjs';
import { CallFailed, found, submit } from '../src/submit.mjs';
import { registerPatient } from './register-patient.mjs';

const YEAR = 365 * 24 * 60 * 60 * 1000;
const doctor = roles.clinician;
const colleague = roles.secondHospitalStaff;

/** The council lets the board license physicians, unless it did so before. */
async function accredit(api, say) {
  const { accreditations } = await api.call.credentialsApi.accreditationsOf(orgs.regulator);
  const isThis = ({ kind, accreditation, inForce }) =>
    kind.isMedicalLicence && accreditation.jurisdiction.toUtf8() === 'US' && inForce.isTrue;
  if (accreditations.some(isThis)) return;
  await decide(api, api.tx.credentials.accredit(orgs.regulator, 'MedicalLicence', 'US'));
  say('The council accredited the board for medical licences in the United States.');
}

/** Whether the doctor may open records in an emergency, and by which credential. */
const emergencyLicence = async (api) => {
  const { explain } = api.call.credentialsApi;
  return (await explain(doctor.address, 'EmergencyAccess', 'US', null)).answer;
};

/** The board licenses the doctor, unless it did so before. */
async function license(api, say) {
  await accredit(api, say);
  if ((await emergencyLicence(api)).isDenied) {
    const time = await now(api);
    const says = licence({
      kind: 'medicalLicence',
      privileges: ['Prescribe', 'EmergencyAccess'],
      jurisdiction: 'US',
      validFrom: time - YEAR,
      validUntil: time + YEAR,
      // To the W3C verifiable credential, which the doctor keeps.
      commitment: randomId(),
    });
    await submit(api, api.tx.credentials.issue(doctor.address, says), roles.auditor);
  }
  const licensed = await emergencyLicence(api);
  say(`The board licensed the doctor, for emergencies too: ${licensed.asLicensed.credential}.`);
  return licensed;
}

/** A document, in canonical JSON, with the salt that makes its commitment impossible to guess. */
function write(document) {
  const salt = randomId();
  return { document, salt, commitment: commit(salt, document) };
}

/** Anchors a document as a record of the signer's organisation. */
async function anchor(api, patient, { commitment }, { signer, ...draft }) {
  const call = api.tx.healthRecords.anchor(patient, labelled({ ...draft, commitment }));
  const { events } = await submit(api, call, signer);
  return found(events, api.events.healthRecords.Anchored).record.toHex();
}

/** Logs a disclosure and answers with the entry. The chain asks the patient's consents itself. */
async function disclose(api, patient, disclosure, signer) {
  const call = api.tx.audit.disclose(patient, accessQuery(disclosure), false);
  const { events } = await submit(api, call, signer);
  return found(events, api.events.audit.Disclosed).entry;
}

/** A result that is written down, found by another hospital, asked for, and disclosed. */
async function shareResult(api, { patient, key }, say) {
  const result = write('{"resourceType":"Observation","status":"preliminary","valueInteger":7}');
  const about = { class: 'Observation', labels: ['N'], retainUntil: (await now(api)) + 10 * YEAR };
  const record = await anchor(api, patient, result, { signer: doctor, ...about });
  say(`The doctor anchored the record ${record}.`);

  // The other hospital, where the patient is now.
  const located = answer(await api.call.recordsApi.locate(patient));
  say(`The other hospital asks who keeps records: ${located}.`);
  const ask = {
    actions: codes(ACTIONS, ['access']),
    purposes: codes(PURPOSES, ['TREAT']),
    classes: ['Observation'],
  };
  const asked = await submit(api, api.tx.consent.requestAccess(patient, ask), colleague);
  const { request } = found(asked.events, api.events.consent.AccessRequested);

  // Nothing goes out before the patient has answered, and the attempt is on record.
  const disclosure = {
    recipient: { org: orgs.secondHospital, practitioner: colleague.address },
    action: 'access',
    purpose: 'TREAT',
    classes: ['Observation'],
    labels: ['N'],
    content: result.commitment,
  };
  const refusal = await disclose(api, patient, disclosure, roles.recordsOfficer).catch((failure) => {
    if (!(failure instanceof CallFailed)) throw failure;
    return failure;
  });
  say(`The hospital is refused to disclose it: ${refusal.message}`);
  const report = api.tx.audit.reportRefusal(patient, accessQuery(disclosure));
  await submit(api, report, roles.recordsOfficer);

  const draft = terms({
    scope: 'patient-privacy',
    decision: 'deny',
    provisions: [
      { actors: [{ organisation: orgs.secondHospital }], actions: ['access'], purposes: ['TREAT'] },
    ],
  });
  const reply = { Grant: { draft, supersedes: null } };
  const answered = await submit(api, api.tx.consent.answerRequest(request, reply), key);
  const { consent } = found(answered.events, api.events.consent.Granted);
  const disclosed = await disclose(api, patient, disclosure, roles.recordsOfficer);
  const basis = disclosed.outcome.asDisclosed.basis.asConsent;
  say(`The patient agreed. Disclosed, on consent ${basis.consent} in version ${basis.version}.`);

  // Whoever got document and salt can tell whether it is what was anchored.
  const copy = commit(result.salt, result.document);
  const genuine = answer(await api.call.recordsApi.verify(record, 1, copy));
  const altered = answer(await api.call.recordsApi.verify(record, 1, commit(result.salt, '{}')));
  say(`The other hospital's copy: ${genuine.type}. An altered one: ${altered.type}.`);
  return { record, result, located, refusal, consent, disclosed, genuine, altered };
}

/** An emergency: an allergy that only the other hospital knows of, and a patient who cannot speak. */
async function breakTheGlass(api, { patient }, say) {
  const allergy = write('{"resourceType":"AllergyIntolerance","code":{"text":"penicillin"}}');
  const about = { class: 'AllergyIntolerance', labels: ['N'] };
  await anchor(api, patient, allergy, { signer: colleague, ...about });
  const justification = commit(randomId(), 'Unconscious, about to be given penicillin.');
  const opening = api.tx.consent.openBreakGlass(patient, 'PatientIncapacitated', justification);
  const opened = await submit(api, opening, doctor);
  const { id } = found(opened.events, api.events.consent.BreakGlassOpened);
  const emergency = {
    recipient: { org: orgs.hospital, practitioner: doctor.address },
    action: 'access',
    purpose: 'BTG',
    classes: ['AllergyIntolerance'],
    labels: ['N'],
    content: allergy.commitment,
  };
  const shown = await disclose(api, patient, emergency, colleague);
  say(`The doctor broke the glass. Disclosed, on ${shown.outcome.asDisclosed.basis}.`);

  const review = api.tx.consent.reviewBreakGlass(id, 'Justified');
  await submit(api, review, roles.privacyOfficer);
  const reviewed = (await api.call.consentApi.breakGlass(id)).unwrap().breakGlass;
  say(`The privacy officer reviewed it: ${reviewed.outcome}.`);
  return { id, shown, reviewed };
}

/** A result that turns out wrong, and a note that should not be there. */
async function correctAndErase(api, { patient }, { record, result }, say) {
  const { supersede, shred } = api.tx.healthRecords;
  const { recordsApi } = api.call;
  const corrected = write('{"resourceType":"Observation","status":"corrected","valueInteger":11}');
  const correction = { commitment: corrected.commitment, labels: ['N'], reason: 'corrected' };
  await submit(api, supersede(record, 1, labelled(correction)), doctor);
  const history = await recordsApi.history(record);
  const versions = history.map(({ number, status }) => `${number} ${status}`);
  say(`The doctor corrected the result. Its versions: ${versions.join(', ')}.`);
  const older = answer(await recordsApi.verify(record, 1, result.commitment));
  say(`A copy of the first one is ${older.asMatches.status}.`);

  const note = write('{"resourceType":"DocumentReference","description":"about somebody else"}');
  const erased = await anchor(api, patient, note, { signer: doctor, class: 'DocumentReference' });
  // First the hospital destroys the document and its salt, then it says so.
  await submit(api, shred(erased), roles.recordsOfficer);
  const left = (await recordsApi.record(erased)).unwrap().record;
  const gone = answer(await recordsApi.verify(erased, 1, note.commitment));
  say(`The note was erased. What is left: ${left}. A copy of it is ${gone.type}.`);
  const kept = await recordsApi.explainShred(record);
  say(`The result is not: ${kept.asErr}.`);
  return { history, older, erased, left, gone, kept };
}

/** The patient reads who looked, asks about one entry, and checks that nothing was taken out. */
async function lookWhoLooked(api, { patient, key }, say) {
  const entries = await accounting(api, patient);
  for (const { entry } of entries) {
    const what = `${entry.custodian} to ${entry.recipient} for ${entry.purpose}`;
    say(`The accounting: ${what}: ${entry.outcome.type}, ${entry.outcome.inner}.`);
  }
  const { entry } = entries.find(({ entry }) => entry.outcome.isDisclosed);
  const { contest, answerContest } = api.tx.audit;
  await submit(api, contest(patient, entry.sequence), key);
  const [open] = answer(await api.call.auditApi.contestsOpen(orgs.hospital, null, 64)).filter(
    (one) => one.patient.toHex() === patient,
  );
  say(`The patient asks about entry ${open.sequence}; the hospital has until ${open.dueAt}.`);
  const explanation = commit(randomId(), 'They treated you, and you had agreed.');
  const answering = answerContest(patient, entry.sequence, 'Justified', explanation);
  await submit(api, answering, roles.privacyOfficer);
  const [explained] = (await accounting(api, patient)).filter(({ contest }) => contest.isSome);
  const contested = explained.contest.unwrap();
  say(`The privacy officer answered: ${contested.answer.unwrap().finding}.`);

  const logs = await checkedLogs(api, patient);
  for (const { head, folded } of logs) say(`The entries fold to ${folded}; the log says ${head}.`);
  return { entries, open, contested, logs };
}

export async function recordsStory(api, say = () => {}) {
  const licensed = await license(api, say);
  const person = await registerPatient(api, say);
  const shared = await shareResult(api, person, say);
  const emergency = await breakTheGlass(api, person, say);
  const corrected = await correctAndErase(api, person, shared, say);
  const looked = await lookWhoLooked(api, person, say);
  const located = answer(await api.call.recordsApi.locate(person.patient));
  return { ...person, licensed, shared, emergency, corrected, looked, located };
}

await runIfMain(import.meta.url, recordsStory);
