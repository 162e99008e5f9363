// The examples, run as they are, against a real node.

import assert from 'node:assert/strict';
import test from 'node:test';

import { askThePatient } from '../examples/ask-the-patient.mjs';
import { consentStory } from '../examples/consent-story.mjs';
import { errors } from '../examples/errors.mjs';
import { followEvents } from '../examples/follow-events.mjs';
import { reconnect } from '../examples/reconnect.mjs';
import { registerPatient } from '../examples/register-patient.mjs';
import { signedGrant } from '../examples/signed-grant.mjs';
import { orgs, roles } from '../src/roles.mjs';
import { submit } from '../src/submit.mjs';
import { PATIENCE, refuses, useNode } from './support.mjs';

const chain = useNode();

test('a hospital registers a patient who signed', PATIENCE, async () => {
  const { api } = chain;
  const { patient, key, commitment } = await registerPatient(api);
  const info = (await api.call.patientApi.patient(patient)).unwrap();
  assert.equal(info.canonical.toHex(), patient);
  assert.ok(info.active.isTrue);
  assert.ok(info.status.isActive);
  const record = info.record.unwrap();
  assert.equal(record.managingOrg.toNumber(), orgs.hospital);
  assert.equal(record.commitment.toHex(), commitment);
  assert.equal((await api.call.patientApi.patientOf(key.address)).unwrap().toHex(), patient);
});

test('a withdrawal holds from its own block on', PATIENCE, async () => {
  const story = await consentStory(chain.api);
  assert.ok(story.atFirst.isNoConsent);
  assert.equal(story.permitted.asPermit.basis.asConsent.consent.toHex(), story.consent.toHex());
  assert.equal(story.permitted.asPermit.obligations.length, 0);
  assert.equal(story.sensitive.asDeny.reason.asConsentDenies.toHex(), story.consent.toHex());
  assert.equal(story.sensitive.asDeny.provision.unwrap().toNumber(), 1);
  assert.equal(story.unlabelled.asPermit.obligations.length, 1);
  assert.ok(story.unlabelled.asPermit.obligations[0].duty.isRedact);
  assert.ok(story.blockBefore.isPermit);
  assert.ok(story.blockOf.isNoConsent);

  const info = (await chain.api.call.consentApi.consent(story.patient, story.consent)).unwrap();
  assert.ok(info.consent.status.isWithdrawn);
  assert.ok(info.inForce.isFalse);
  // What was withdrawn does not come back to life.
  const again = chain.api.tx.consent.withdraw(story.patient, story.consent);
  await refuses(submit(chain.api, again, story.key), 'Consent.NotActive');
});

test('a consent signed off chain is brought by somebody else, once', PATIENCE, async () => {
  const { patient, key, consent, call } = await signedGrant(chain.api);
  const info = (await chain.api.call.consentApi.consent(patient, consent)).unwrap();
  assert.ok(info.inForce.isTrue);
  assert.equal(info.consent.author.asGrantor.account.toString(), key.address);
  await refuses(submit(chain.api, call, roles.recordsOfficer), 'Consent.NonceMismatch');
});

test('members ask and the patient answers', PATIENCE, async () => {
  const asked = await askThePatient(chain.api);
  assert.ok(asked.beforeAccepting.isNoConsent);
  assert.ok(asked.afterAccepting.isPermit);
  assert.ok(asked.claims.isPermit);
  assert.ok(asked.encounters.isDeny);
  const granted = asked.answered.asGranted;
  assert.equal(asked.claims.asPermit.basis.asConsent.consent.toHex(), granted.toHex());
  assert.equal((await chain.api.call.consentApi.requestsOf(asked.patient)).length, 0);
});

test('events are heard in order', PATIENCE, async () => {
  const { heard, story } = await followEvents(chain.api);
  const own = heard.filter(({ consent }) => consent === story.consent.toHex());
  assert.deepEqual(own.map(({ method }) => method), ['Granted', 'Withdrawn']);
});

test('errors come by name and say what to do', PATIENCE, async () => {
  const { told } = await errors(chain.api);
  assert.deepEqual(
    told.map(({ error }) => error),
    [
      'Consent.NotGrantor',
      'Consent.PeriodInPast',
      'Consent.UnknownActor',
      'Consent.NoProvisionTarget',
      'Consortium.NotFound',
      'Consent.NotCredentialed',
      'BadOrigin',
    ],
  );
  for (const { error, docs, message } of told) {
    if (error === 'BadOrigin') continue;
    assert.ok(docs.length > 10, `${error} does not say what to do`);
    assert.equal(message, `${error}: ${docs}`);
  }
});

test('a client outlives a restart of its node', PATIENCE, async () => {
  const { heard, before, after } = await reconnect();
  assert.deepEqual(heard, [before, after]);
  assert.notEqual(before, after);
});
