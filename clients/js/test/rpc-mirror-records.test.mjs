// JSON-RPC answers what the runtime APIs answer about licences, records and disclosures.

import assert from 'node:assert/strict';
import test from 'node:test';

import { u8aConcat } from '@polkadot/util';
import { blake2AsHex } from '@polkadot/util-crypto';

import { registerPatient } from '../examples/register-patient.mjs';
import { LABELS, LEGAL_BASES, PRIVILEGES, ROLES, accessQuery, codes, terms } from '../src/codes.mjs';
import { answer, now } from '../src/reads.mjs';
import { decide, newKey, orgs, randomId, roles } from '../src/roles.mjs';
import { found, submit } from '../src/submit.mjs';
import { mirrorOf } from './mirror.mjs';
import { PATIENCE, useNode } from './support.mjs';

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;
const [hospitalStaff, otherStaff] = [roles.recordsOfficer, roles.secondHospitalStaff];
const hospital = hospitalStaff.address;
const physician = otherStaff.address;

/** Something of everything, so that no answer is empty that need not be. */
const world = {};

/** The terms of a licence, as calls and runtime APIs take them. */
const licence = ({ privileges, ...rest }) => ({ ...rest, privileges: codes(PRIVILEGES, privileges) });

/** A draft, correction or filter of records, as calls and runtime APIs take it. */
const labelled = ({ labels, ...rest }) => ({ ...rest, labels: codes(LABELS, labels) });

/** What the leaves of a batch are, as they are hashed. */
const [ACCESS, TELEMETRY, DATASET] = [1, 2, 3];

/** A batch of two, the second of which can be proved to be inside (see the primitives' `merkle`). */
function batchOf(kind) {
  const commitments = [randomId(), randomId()];
  const leaves = commitments.map((one) => blake2AsHex(u8aConcat('axonic/leaf/', [kind], one)));
  const proof = { index: 1, leaves: 2, siblings: [leaves[0]] };
  return { root: blake2AsHex(u8aConcat(...leaves)), commitment: commitments[1], proof };
}
/** Licences that stand in every way, and a board that is not believed. */
async function issueLicences(api, time) {
  const { accredit, withdrawAccreditation, distrustIssuerFrom } = api.tx.credentials;
  const admin = newKey().address;
  const admission = api.tx.consortium.admit(
    codes(ROLES, ['LicensingBoard']), 'FR', admin, time + DAY, randomId(),
  );
  const admitted = await decide(api, admission);
  world.board = found(admitted.events, api.events.consortium.OrganisationAdmitted).org.toNumber();
  await decide(api, accredit(world.board, 'NursingLicence', 'FR'));
  await decide(api, accredit(world.board, 'DentalLicence', 'FR'));
  await decide(api, withdrawAccreditation(world.board, 'DentalLicence', 'FR'));
  await decide(api, distrustIssuerFrom(world.board, time - DAY));

  const { issue, renew, suspend, reinstate, revoke, surrender } = api.tx.credentials;
  const period = { jurisdiction: 'US', validFrom: time - DAY, validUntil: time + DAY };
  const common = () => ({ ...period, commitment: randomId() });
  world.licences = {
    medical: {
      kind: 'medicalLicence',
      privileges: ['Prescribe', 'Dispense', 'EmergencyAccess', 'Review'],
      ...common(),
    },
    controlled: {
      kind: 'controlledSubstanceRegistration',
      privileges: PRIVILEGES.filter((one) => one.startsWith('PrescribeSchedule')),
      ...common(),
    },
    trial: { kind: 'trialInvestigator', privileges: ['Investigate'], ...common() },
    emergency: { kind: 'emergencyAccess', privileges: ['EmergencyAccess'], ...common() },
  };
  world.credentials = {};
  for (const [name, wanted] of Object.entries(world.licences)) {
    await decide(api, accredit(orgs.regulator, wanted.kind, 'US'));
    const { events } = await submit(api, issue(physician, licence(wanted)), roles.auditor);
    world.credentials[name] = found(events, api.events.credentials.Issued).credential.toHex();
  }
  const { medical, controlled, trial, emergency } = world.credentials;
  const check = api.tx.credentials.recordPrimarySourceCheck(medical, 'Validated', randomId());
  await submit(api, check, roles.registrar);
  await submit(api, renew(medical, time + 2 * DAY, randomId()), roles.auditor);
  await submit(api, suspend(medical, null, 'UnderInvestigation'), roles.auditor);
  await submit(api, reinstate(medical), roles.auditor);
  await submit(api, suspend(controlled, time + DAY, 'RequirementsNotMet'), roles.auditor);
  await submit(api, revoke(trial, 'Fraud'), roles.auditor);
  await submit(api, surrender(emergency), otherStaff);
}

/** Records in every state, batches, and copies that differ from what was anchored. */
async function keepRecords(api, time) {
  const { patient, key } = await registerPatient(api);
  const calls = api.tx.healthRecords;
  const anchor = async (draft) => {
    const { events } = await submit(api, calls.anchor(patient, labelled(draft)), hospitalStaff);
    return found(events, api.events.healthRecords.Anchored).record.toHex();
  };
  const draft = () => ({ class: 'Observation', labels: ['N', 'HIV'], commitment: randomId() });
  const retainUntil = time + DAY;
  Object.assign(world, { patient, draft: { ...draft(), retainUntil } });
  world.rich = await anchor(world.draft);
  world.retained = await anchor({ ...draft(), class: 'Condition', retainUntil });
  world.mistaken = await anchor(draft());
  world.erased = await anchor(draft());
  world.corrected = randomId();
  const correction = { commitment: world.corrected, labels: ['R'], reason: 'amended' };
  await submit(api, calls.supersede(world.rich, 1, labelled(correction)), hospitalStaff);
  await submit(api, calls.placeHold(world.rich, codes(LEGAL_BASES, LEGAL_BASES)), hospitalStaff);
  await submit(api, calls.offerCustody(world.rich, orgs.secondHospital), hospitalStaff);
  await submit(api, calls.markEnteredInError(world.mistaken, 1), hospitalStaff);

  const anchorBatch = async (kind, batch) => {
    const period = { firstAt: time - DAY, lastAt: time };
    const draft = { kind, root: batch.root, leaves: 2, ...period, manifestHash: randomId() };
    const { events } = await submit(api, calls.anchorBatch(draft), hospitalStaff);
    return found(events, api.events.healthRecords.BatchAnchored).batch.toHex();
  };
  world.readings = batchOf(TELEMETRY);
  world.batches = [
    await anchorBatch('telemetry', world.readings),
    await anchorBatch('dataset', batchOf(DATASET)),
  ];

  // What the hospital signs when it hands something out, which is not what it had anchored.
  const delivery = async (subject, place) => {
    const [delivered, expiresAt] = [randomId(), (await now(api)) + HOUR];
    const { deliveryStatement } = api.call.recordsApi;
    const { bytes } = answer(await deliveryStatement(subject, place, delivered, expiresAt));
    const signature = hospitalStaff.sign(bytes.toU8a(true), { withType: true });
    return { delivered, signer: hospital, expiresAt, signature };
  };
  const dispute = async (record, by) => {
    const evidence = { record, version: 1, delivery: await delivery({ record }, 1) };
    await submit(api, calls.dispute({ record: evidence }), by);
  };
  await dispute(world.rich, otherStaff);
  await dispute(world.rich, key);
  await dispute(world.erased, otherStaff);
  await submit(api, calls.shred(world.erased), hospitalStaff);
  const [batch] = world.batches;
  const { commitment: anchored, proof } = world.readings;
  const leaf = { batch, anchored, proof, delivery: await delivery({ batch }, 1) };
  await submit(api, calls.dispute({ leaf }), otherStaff);
}

/** Disclosures on every basis, a refused attempt, contests, and an access log with a gap. */
async function disclose(api, time) {
  const { patient: subject, key } = await registerPatient(api);
  const calls = api.tx.audit;
  const log = (disclosure, met = false) =>
    submit(api, calls.disclose(subject, accessQuery(disclosure), met), hospitalStaff);
  const recipient = { org: orgs.secondHospital, practitioner: physician };
  world.subject = subject;
  world.treatment = {
    recipient,
    action: 'use',
    purpose: 'TREAT',
    classes: ['Observation', 'Condition'],
    data: [{ instance: randomId() }],
    dataPeriod: { start: 5, end: null },
    content: randomId(),
  };
  const emergency = { recipient, action: 'access', purpose: 'BTG', content: randomId() };
  const claims = { recipient: { org: orgs.payer }, action: 'disclose', purpose: 'HPAYMT' };

  await decide(api, api.tx.consent.setDefault('Treatment', 'Treat', 'US', 'Permit'));
  await log(world.treatment);
  const { openBreakGlass, grant } = api.tx.consent;
  await submit(api, openBreakGlass(subject, 'LifeThreatening', randomId()), otherStaff);
  await log(emergency);
  await submit(api, calls.reportRefusal(subject, accessQuery(claims)), hospitalStaff);
  // A permit with an obligation, because the disclosure does not say what is not about psychiatry.
  const exception = { actors: [{ organisation: orgs.secondHospital }], labels: ['PSY'] };
  const consent = { scope: 'patient-privacy', decision: 'permit', provisions: [exception] };
  await submit(api, grant(subject, terms(consent)), key);
  await log(world.treatment, true);

  await submit(api, calls.contest(subject, 0), key);
  await submit(api, calls.contest(subject, 1), key);
  const explained = calls.answerContest(subject, 0, 'Justified', randomId());
  await submit(api, explained, roles.privacyOfficer);

  world.accesses = batchOf(ACCESS);
  const anchorLog = (root, firstAt, lastAt) =>
    submit(api, calls.anchorAccessLog(root, 2, firstAt, lastAt), hospitalStaff);
  await anchorLog(batchOf(ACCESS).root, time - 5 * DAY, time - 3 * DAY);
  await anchorLog(world.accesses.root, time - HOUR, time);
}

const chain = useNode(async ({ api }) => {
  const time = await now(api);
  await issueLicences(api, time);
  await keepRecords(api, time);
  await disclose(api, time);
});

const { compare, compareRefusal } = mirrorOf(chain);

test('credentials_*', PATIENCE, async () => {
  const { credentials, licences, board } = world;
  const standings = { medical: 'good', controlled: 'suspended', trial: 'revoked', emergency: 'surrendered' };
  for (const [name, standing] of Object.entries(standings)) {
    const info = await compare('credentials_verify', [credentials[name], null]);
    assert.equal(info.standing, standing);
    // What was asked for by bits is what is told by codes.
    assert.deepEqual(info.credential.terms.privileges, licences[name].privileges);
    assert.equal((await compare('credentials_verify', [credentials[name], 1])).at, 1);
  }
  assert.equal(await compareRefusal('credentials_verify', [randomId(), null]), 'NotFound');
  const all = await compare('credentials_credentialsOf', [physician, null, 64]);
  assert.deepEqual(all.map(({ id }) => id), Object.values(credentials));
  const rest = await compare('credentials_credentialsOf', [physician, credentials.medical, 1]);
  assert.deepEqual(rest.map(({ id }) => id), [credentials.controlled]);

  const explain = (holder, privilege, jurisdiction = 'US', at = null) =>
    compare('credentials_explain', [holder, privilege, jurisdiction, at]);
  const good = await explain(physician, 'EmergencyAccess');
  assert.deepEqual(good.answer, { licensed: { credential: credentials.medical } });
  assert.equal(good.steps.length, 4);
  assert.equal((await explain(physician, 'PrescribeScheduleII')).answer.denied.reason, 'Suspended');
  assert.equal((await explain(physician, 'Investigate')).answer.denied.reason, 'Revoked');
  assert.equal((await explain(physician, 'Review', 'FR')).answer.denied.reason, 'JurisdictionMismatch');
  assert.equal((await explain(physician, 'Review', 'US', 1)).answer.denied.reason, 'NotYetValid');
  assert.equal((await explain(newKey().address, 'Review')).answer.denied.reason, 'NotCredentialed');

  const registrar = roles.auditor.address;
  const issuing = (holder) => [
    [registrar, holder, licence(licences.medical)],
    [registrar, holder, licences.medical],
  ];
  assert.equal(await compare('credentials_explainIssue', ...issuing(newKey().address)), null);
  assert.equal(await compareRefusal('credentials_explainIssue', ...issuing(physician)), 'AlreadyIssued');
  const regulator = await compare('credentials_accreditationsOf', [orgs.regulator]);
  assert.equal(regulator.issued, 4);
  assert.ok(regulator.accreditations.every(({ inForce }) => inForce));
  const distrusted = await compare('credentials_accreditationsOf', [board]);
  assert.equal(distrusted.distrusts.length, 1);
  assert.deepEqual(distrusted.accreditations.map(({ inForce }) => inForce), [false, false]);
});

test('records_*', PATIENCE, async () => {
  const { patient, draft, rich, retained, mistaken, erased, corrected, batches, readings } = world;
  const list = (filter, after = null, limit = 64, scale = filter) =>
    compare('records_recordsOf', [patient, labelled(scale), after, limit], [patient, filter, after, limit]);
  const ids = async (page) => (await page).map(({ id }) => id);
  assert.deepEqual(await ids(list({})), [rich, retained, mistaken, erased]);
  assert.deepEqual(await ids(list({}, rich, 2)), [retained, mistaken]);
  const narrow = {
    classes: ['Observation'],
    labels: ['HIV', 'R'],
    custodian: orgs.hospital,
    anchored: { start: 1, end: null },
  };
  assert.deepEqual(await ids(list(narrow)), [rich, mistaken]);
  const wrong = [{ statuses: ['entered-in-error'] }, null, 64, { statuses: ['EnteredInError'] }];
  assert.deepEqual(await ids(list(...wrong)), [mistaken]);

  const { record } = await compare('records_record', [rich]);
  assert.deepEqual(record.content.holds, LEGAL_BASES);
  assert.equal(record.content.offeredTo, orgs.secondHospital);
  assert.equal((await compare('records_record', [mistaken])).record.status, 'entered-in-error');
  assert.equal((await compare('records_record', [erased])).record.content, null);
  assert.equal(await compare('records_record', [randomId()]), null);
  const versions = await compare('records_history', [rich]);
  assert.deepEqual(versions.map(({ status }) => status), ['superseded', 'current']);
  assert.deepEqual(await compare('records_history', [erased]), []);
  assert.equal((await compare('records_verify', [rich, 2, corrected])).matches.status, 'current');
  assert.equal(await compare('records_verify', [rich, 1, corrected]), 'differs');
  assert.equal(await compare('records_verify', [erased, 1, corrected]), 'shredded');
  assert.equal(await compareRefusal('records_verify', [rich, 3, corrected]), 'VersionMismatch');
  assert.deepEqual(await compare('records_locate', [patient]), [{ org: orgs.hospital, records: 3 }]);

  const { commitment, proof } = readings;
  assert.equal(await compare('records_verifyInclusion', [batches[0], commitment, proof]), null);
  const forged = [batches[0], randomId(), proof];
  assert.equal(await compareRefusal('records_verifyInclusion', forged), 'BadProof');
  assert.equal((await compare('records_batch', [batches[0]])).batch.disputes, 1);
  assert.equal(await compare('records_batch', [randomId()]), null);
  assert.deepEqual(await ids(compare('records_batchesOf', [orgs.hospital, null, 64])), batches);
  assert.deepEqual(await ids(compare('records_batchesOf', [orgs.hospital, batches[0], 64])), [batches[1]]);

  const disputes = await compare('records_disputesOf', [{ record: rich }]);
  assert.deepEqual(disputes.map(({ by }) => by), [{ member: orgs.secondHospital }, 'patient']);
  const [{ dispute }] = await compare('records_disputesOf', [{ record: erased }]);
  assert.equal(dispute.delivered, null);
  assert.equal((await compare('records_disputesOf', [{ batch: batches[0] }]))[0].place, 1);
  const expiresAt = (await now(chain.api)) + HOUR;
  const statement = [{ record: rich }, 1, randomId(), expiresAt];
  assert.match((await compare('records_deliveryStatement', statement)).bytes, /^0x[0-9a-f]+$/);

  const anchoring = (account) => [
    [account, patient, labelled(draft)],
    [account, patient, draft],
  ];
  assert.equal(await compare('records_explainAnchor', ...anchoring(hospital)), null);
  const auditor = roles.auditor.address;
  assert.equal(await compareRefusal('records_explainAnchor', ...anchoring(auditor)), 'RoleMissing');
  assert.equal(await compare('records_explainShred', [mistaken]), null);
  const obstacle = (id) => compareRefusal('records_explainShred', [id]);
  assert.deepEqual(await obstacle(rich), { held: { bases: LEGAL_BASES } });
  const until = draft.retainUntil;
  assert.deepEqual(await obstacle(retained), { retained: { basis: 'legal-obligation', until } });
  assert.equal(await obstacle(erased), 'alreadyShredded');
  assert.equal(await obstacle(randomId()), 'notFound');
});

test('audit_*', PATIENCE, async () => {
  const { subject, treatment, accesses } = world;
  const accounting = (from, to, after, limit = 64) =>
    compare('audit_accountingOfDisclosures', [subject, from, to, after, limit]);
  const all = await accounting(null, null, null);
  const outcomes = all.map(({ entry }) => entry.outcome);
  assert.deepEqual(outcomes[0].disclosed.basis, { default: 'treatment' });
  assert.ok(outcomes[1].disclosed.basis.breakGlass);
  assert.deepEqual(outcomes[2], { refused: 'noConsent' });
  assert.equal(outcomes[3].disclosed.basis.consent.version, 1);
  assert.equal(outcomes[3].disclosed.conditional, true);
  assert.equal(all[0].contest.answer.finding, 'justified');
  assert.equal(all[1].contest.answer, null);
  assert.deepEqual(await accounting(null, null, [subject, 0], 2), all.slice(1, 3));
  assert.deepEqual(await accounting(all[3].entry.at, null, null), all.slice(3));
  assert.deepEqual(await accounting(1, all[0].entry.at, null), []);
  const backwards = [subject, 2, 1, null, 64];
  assert.equal(await compareRefusal('audit_accountingOfDisclosures', backwards), 'InvalidPeriod');
  assert.deepEqual(await compare('audit_disclosuresBy', [orgs.hospital, null, 64]), all);
  assert.deepEqual(await compare('audit_disclosuresBy', [orgs.hospital, 1, 1]), [all[2]]);
  assert.equal((await compare('audit_logsOf', [subject]))[0].next, 4);
  assert.equal(await compareRefusal('audit_logsOf', [randomId()]), 'NotFound');

  const disclosing = (met) => [
    [hospital, subject, accessQuery(treatment), met],
    [hospital, subject, treatment, met],
  ];
  assert.equal((await compare('audit_explainDisclose', ...disclosing(true))).conditional, true);
  assert.equal(await compareRefusal('audit_explainDisclose', ...disclosing(false)), 'ObligationUnmet');
  const [contest] = await compare('audit_contestsOpen', [orgs.hospital, null, 64]);
  assert.deepEqual([contest.patient, contest.sequence], [subject, 1]);
  assert.deepEqual(await compare('audit_contestsOpen', [orgs.hospital, [subject, 1], 64]), []);

  const { commitment, proof } = accesses;
  const proved = await compare('audit_proveAccess', [orgs.hospital, 1, commitment, proof]);
  assert.equal(proved.late, false);
  const forged = [orgs.hospital, 0, commitment, proof];
  assert.equal(await compareRefusal('audit_proveAccess', forged), 'BadProof');
  const logs = await compare('audit_accessLogsOf', [orgs.hospital, null, 64]);
  assert.deepEqual(logs.map(({ late }) => late), [false, false]);
  assert.deepEqual(await compare('audit_accessLogsOf', [orgs.hospital, 0, 64]), [proved]);
  const [gap] = await compare('audit_cadenceGaps', [orgs.hospital, null, 64]);
  assert.deepEqual([gap.after, gap.open], [0, false]);
  assert.deepEqual(await compare('audit_cadenceGaps', [orgs.hospital, 0, 64]), []);
});
