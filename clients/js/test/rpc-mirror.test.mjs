// JSON-RPC answers what the runtime APIs answer, method by method, field by field.

import assert from 'node:assert/strict';
import test from 'node:test';

import { registerPatient } from '../examples/register-patient.mjs';
import {
  ACTIONS, DUTIES, KEY_PURPOSES, LABELS, POWERS, PURPOSES, ROLES, SCOPES, accessQuery, codes, terms,
} from '../src/codes.mjs';
import { rpc } from '../src/connect.mjs';
import { now } from '../src/reads.mjs';
import { decide, fund, newKey, orgs, randomId, roles } from '../src/roles.mjs';
import { proveKey } from '../src/statements.mjs';
import { found, submit } from '../src/submit.mjs';
import { apiOf, mirrorOf } from './mirror.mjs';
import { PATIENCE, useNode } from './support.mjs';

const DAY = 24 * 60 * 60 * 1000;

/** Something of everything, so that no answer is empty that need not be. */
const world = {};

const chain = useNode(async ({ api }) => {
  const until = (await now(api)) + DAY;

  // A member with every role, its staff with every duty, a site and a key.
  const admin = newKey();
  const admission = api.tx.consortium.admit(
    codes(ROLES, ROLES), 'FR', admin.address, until, randomId(),
  );
  const admitted = await decide(api, admission);
  world.org = found(admitted.events, api.events.consortium.OrganisationAdmitted).org.toNumber();
  world.staff = newKey().address;
  await fund(api, admin);
  const { enrolStaff, openSite, rotateAgreementKey } = api.tx.consortium;
  const setUp = api.tx.utility.batchAll([
    enrolStaff(world.staff, codes(DUTIES, DUTIES), null, until),
    openSite('0614141999996', 'Clinic'),
    rotateAgreementKey(randomId()),
  ]);
  const opened = await submit(api, setUp, admin);
  world.site = found(opened.events, api.events.consortium.SiteOpened).site.toNumber();

  // A patient with two keys, a representative, a prepared recovery, and a likely double.
  const { patient, key } = await registerPatient(api);
  Object.assign(world, { patient, key, second: newKey(), agent: newKey() });
  const purposes = codes(KEY_PURPOSES, KEY_PURPOSES);
  const agreement = { AddKey: { purposes, keyExpiresAt: until } };
  const proof = await proveKey(api, patient, world.second, 'axonic/patient/add_key', agreement);
  const identity = api.tx.patientIdentity;
  const evidence = randomId();
  const period = { start: null, end: until };
  await submit(api, identity.addKey(patient, world.second.address, purposes, until, proof), key);
  await submit(
    api,
    identity.appointRepresentative(
      patient, { account: world.agent.address }, 'Guardian', codes(POWERS, POWERS), period, evidence,
    ),
    key,
  );
  await submit(api, identity.setRecoveryCommitment(patient, randomId()), key);
  const double = await registerPatient(api, undefined, {
    registrar: roles.secondHospitalStaff,
    org: orgs.secondHospital,
  });
  const token = randomId();
  await submit(api, identity.addMatchToken(patient, token), roles.registrar);
  await submit(api, identity.addMatchToken(double.patient, token), roles.secondHospitalStaff);
  await submit(api, identity.link(patient, double.patient, 'SeeAlso'), roles.registrar);
  await submit(api, identity.offerSponsorship(patient), roles.secondHospitalStaff);

  // A consent that says everything a consent can say, one that ended, a proposal and two requests.
  world.draft = {
    scope: 'patient-privacy',
    decision: 'permit',
    period: { start: 1, end: until },
    provisions: [
      {
        actors: [
          { organisation: orgs.hospital },
          { practitioner: roles.clinician.address },
          { roleClass: 'Payer' },
          'any',
        ],
        actions: ACTIONS,
        purposes: PURPOSES,
        labels: LABELS,
        classes: ['Observation', 'MedicationRequest', 'RiskEvidenceSynthesis'],
        codes: [randomId()],
        data: [
          { instance: randomId() },
          { related: randomId() },
          { dependents: randomId() },
          { authoredBy: randomId() },
          { heldBy: orgs.hospital },
        ],
        period: { start: null, end: until },
        dataPeriod: { start: 5, end: null },
      },
      { parent: 0, labels: ['V'] },
    ],
    policyHash: randomId(),
    evidenceHash: randomId(),
  };
  const consent = api.tx.consent;
  const grant = async (draft) => {
    const { events, blockHash } = await submit(api, consent.grant(patient, terms(draft)), key);
    const id = found(events, api.events.consent.Granted).consent.toHex();
    return { id, blockHash: blockHash.toHex() };
  };
  world.rich = await grant(world.draft);
  world.ended = await grant({ scope: 'research', decision: 'deny' });
  await submit(api, consent.verify(patient, world.rich.id), roles.recordsOfficer);
  await submit(api, consent.withdraw(patient, world.ended.id), key);
  const treatment = terms({ scope: 'treatment', decision: 'permit' });
  await submit(api, consent.propose(patient, treatment), roles.clinician);
  const ask = { actions: codes(ACTIONS, ['use']), purposes: codes(PURPOSES, ['HPAYMT']), classes: [] };
  const request = async () => {
    const { events } = await submit(api, consent.requestAccess(patient, ask), roles.claimsOfficer);
    return found(events, api.events.consent.AccessRequested).request.toHex();
  };
  world.declined = await request();
  await submit(api, consent.answerRequest(world.declined, 'Decline'), key);
  world.open = await request();
  await decide(api, consent.setDefault('Treatment', 'Treat', 'US', 'Permit'));
});

const { compare } = mirrorOf(chain);

test('every runtime API of this chain has its mirror, and nothing else is mirrored', PATIENCE, async () => {
  const { methods } = await rpc(chain.node.http, 'rpc_methods');
  for (const [space, section] of Object.entries(apiOf)) {
    const mirrored = methods.filter((method) => method.startsWith(`${space}_`)).sort();
    const offered = Object.keys(chain.api.call[section]).map((name) => `${space}_${name}`).sort();
    assert.deepEqual(mirrored, offered);
    assert.ok(offered.length >= 5);
  }
});

test('consortium_*', PATIENCE, async () => {
  const nobody = newKey().address;
  assert.equal(await compare('consortium_organisation', [4_000_000]), null);
  assert.equal((await compare('consortium_organisation', [orgs.hospital])).id, orgs.hospital);
  const all = await compare('consortium_organisations', [0, 64]);
  assert.deepEqual(all.map(({ id }) => id), [...all.keys()]);
  assert.equal((await compare('consortium_organisations', [1, 2])).length, 2);
  assert.equal((await compare('consortium_site', [world.site])).org, world.org);
  assert.equal(await compare('consortium_siteByGln', ['0614141999996']), world.site);
  assert.equal(await compare('consortium_siteByGln', ['0614141888887']), null);
  assert.equal((await compare('consortium_staff', [world.staff])).org, world.org);
  assert.equal(await compare('consortium_staff', [nobody]), null);
  const registrar = roles.registrar.address;
  const actor = await compare(
    'consortium_explainActor',
    [registrar, codes(ROLES, ['Provider']), codes(DUTIES, ['Registrar'])],
    [registrar, ['Provider'], ['Registrar']],
  );
  assert.equal(actor.org, orgs.hospital);
  assert.equal((await compare('consortium_agreementKey', [world.org])).version, 1);
  assert.equal(await compare('consortium_agreementKey', [orgs.hospital]), null);
});

test('patient_*', PATIENCE, async () => {
  const { patient, key, second, agent } = world;
  const info = await compare('patient_patient', [patient]);
  assert.equal(info.canonical, patient);
  assert.deepEqual(info.sponsorOffers, [orgs.secondHospital]);
  assert.equal(info.links.length, 1);
  assert.equal(await compare('patient_patient', [randomId()]), null);
  assert.equal(await compare('patient_resolve', [patient]), patient);
  assert.equal(await compare('patient_patientOf', [second.address]), patient);
  assert.equal((await compare('patient_keysOf', [patient])).length, 2);
  assert.equal((await compare('patient_representativesOf', [patient])).length, 1);
  assert.deepEqual(await compare('patient_representedBy', [{ account: agent.address }]), [patient]);
  assert.ok((await compare('patient_recoveryOf', [patient])).commitment);
  await compare('patient_explainMayAct', [key.address, patient, 'Consent']);
  await compare('patient_explainMayAct', [agent.address, patient, 'Access']);
  const { duplicates } = await compare('patient_possibleDuplicates', [orgs.hospital, null, 256]);
  assert.deepEqual(duplicates.map(({ patient }) => patient), [patient]);
  const expiresAt = (await now(chain.api)) + DAY / 2;
  const { bytes, nonce } = await compare(
    'patient_statement',
    [patient, key.address, { rotateKey: { replaces: second.address } }, expiresAt],
  );
  assert.equal(nonce, 2);
  assert.match(bytes, /^0x[0-9a-f]+$/);
});

test('consent_*', PATIENCE, async () => {
  const { patient, rich, ended, open, declined } = world;
  const query = {
    recipient: { org: orgs.hospital, practitioner: roles.clinician.address },
    action: 'disclose',
    purpose: 'HRESCH',
    labels: ['N', 'HIV'],
    classes: ['Condition', 'Observation'],
    data: [{ heldBy: orgs.hospital }],
    dataPeriod: { start: 10, end: 20 },
  };
  const vague = { recipient: { org: orgs.payer }, action: 'access', purpose: 'HPAYMT' };
  for (const question of [query, vague]) {
    for (const method of ['consent_evaluate', 'consent_explain']) {
      await compare(method, [patient, accessQuery(question), null], [patient, question, null]);
      await compare(method, [patient, accessQuery(question), 1], [patient, question, 1]);
    }
  }
  const emergency = { ...query, purpose: 'BTG' };
  const denied = await compare(
    'consent_evaluate', [patient, accessQuery(emergency), null], [patient, emergency, null],
  );
  assert.equal(denied.deny.reason, 'notCredentialed');

  assert.equal((await compare('consent_consent', [patient, rich.id])).inForce, true);
  assert.equal(await compare('consent_consent', [patient, randomId()]), null);
  const page = await compare('consent_consentsOf', [patient, null, 64]);
  assert.deepEqual(page.map(({ consent }) => consent.status), ['active', 'proposed', 'withdrawn']);
  const rest = await compare('consent_consentsOf', [patient, page[0].id, 1]);
  assert.deepEqual(rest.map(({ id }) => id), [page[1].id]);
  assert.deepEqual((await compare('consent_requestsOf', [patient])).map(({ id }) => id), [open]);
  assert.equal((await compare('consent_request', [declined])).request.answer, 'declined');
  assert.equal(await compare('consent_breakGlass', [randomId()]), null);
  assert.deepEqual(await compare('consent_breakGlassOpen', [orgs.hospital, null, 64]), []);
  assert.deepEqual(await compare('consent_reviewsOverdue', [orgs.hospital, null, 64]), []);
  const byDefault = (scope, purpose) =>
    compare(
      'consent_defaultFor',
      [SCOPES.indexOf(scope), PURPOSES.indexOf(purpose), 'US'],
      [scope, purpose, 'US'],
    );
  assert.equal(await byDefault('treatment', 'TREAT'), 'permit');
  assert.equal(await byDefault('research', 'HRESCH'), null);
  const expiresAt = (await now(chain.api)) + DAY / 2;
  await compare(
    'consent_grantStatement',
    [patient, terms(world.draft), expiresAt],
    [patient, world.draft, expiresAt],
  );

  // An earlier block, where the consent that ended was still there.
  const then = await compare('consent_consent', [patient, ended.id], undefined, ended.blockHash);
  assert.equal(then.consent.status, 'active');
});

test('the bits of every set stand for the codes that this library says', PATIENCE, async () => {
  const { http } = chain.node;
  const { consent } = await rpc(http, 'consent_consent', world.patient, world.rich.id);
  const [provision] = consent.terms.provisions;
  assert.deepEqual(provision.actions, ACTIONS);
  assert.deepEqual(provision.purposes, PURPOSES);
  assert.deepEqual(provision.labels, LABELS);
  assert.deepEqual((await rpc(http, 'consortium_organisation', world.org)).roles, ROLES);
  assert.deepEqual((await rpc(http, 'consortium_staff', world.staff)).duties, DUTIES);
  const [{ powers }] = await rpc(http, 'patient_representativesOf', world.patient);
  assert.deepEqual(powers, POWERS);
  const keys = await rpc(http, 'patient_keysOf', world.patient);
  const second = keys.find(({ account }) => account === world.second.address);
  assert.deepEqual(second.purposes, KEY_PURPOSES);
});
