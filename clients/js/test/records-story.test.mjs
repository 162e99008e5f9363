// The story of a record, run as it is, against a real node.

import assert from 'node:assert/strict';
import test from 'node:test';

import { recordsStory } from '../examples/records-story.mjs';
import { accessQuery } from '../src/codes.mjs';
import { accounting, checkedLogs, fold, labelled } from '../src/records.mjs';
import { answer } from '../src/reads.mjs';
import { orgs, randomId, roles } from '../src/roles.mjs';
import { submit } from '../src/submit.mjs';
import { PATIENCE, refuses, useNode } from './support.mjs';

const chain = useNode(async (chain) => {
  chain.story = await recordsStory(chain.api);
});

test('the board licensed the doctor, for emergencies too', PATIENCE, async () => {
  const { api, story } = chain;
  const credential = story.licensed.asLicensed.credential;
  const info = answer(await api.call.credentialsApi.verify(credential, null));
  assert.ok(info.standing.isGood);
  assert.equal(info.credential.holder.toString(), roles.clinician.address);
  assert.equal(info.credential.issuer.toNumber(), orgs.regulator);
});

test('the other hospital finds where the record is', PATIENCE, () => {
  const { shared, located } = chain.story;
  const told = (custodians) => custodians.map(({ org, records }) => [org.toNumber(), records.toNumber()]);
  assert.deepEqual(told(shared.located), [[orgs.hospital, 1]]);
  // By the end it keeps one itself, and what was erased no longer counts.
  assert.deepEqual(told(located), [[orgs.hospital, 1], [orgs.secondHospital, 1]]);
});

test('nothing is disclosed before the patient agrees, and then on that consent', PATIENCE, () => {
  const { refusal, consent, disclosed, result } = chain.story.shared;
  assert.equal(refusal.error, 'Audit.NoConsent');
  assert.match(refusal.docs, /Ask the patient/);
  const { basis, conditional } = disclosed.outcome.asDisclosed;
  assert.equal(basis.asConsent.consent.toHex(), consent.toHex());
  assert.equal(basis.asConsent.version.toNumber(), 1);
  assert.ok(conditional.isFalse);
  assert.equal(disclosed.content.toHex(), result.commitment);
  assert.equal(disclosed.recipient.toNumber(), orgs.secondHospital);
  assert.equal(disclosed.discloser.toString(), roles.recordsOfficer.address);
});

test('a copy is told from an altered one', PATIENCE, () => {
  const { genuine, altered } = chain.story.shared;
  assert.ok(genuine.asMatches.status.isCurrent);
  assert.ok(altered.isDiffers);
});

test('in an emergency the glass is the basis, until it is reviewed', PATIENCE, async () => {
  const { api, story } = chain;
  const { id, shown, reviewed } = story.emergency;
  assert.equal(shown.outcome.asDisclosed.basis.asBreakGlass.toHex(), id.toHex());
  assert.ok(shown.action.isAccess);
  assert.equal(shown.custodian.toNumber(), orgs.secondHospital);
  assert.ok(reviewed.outcome.unwrap().isJustified);
  // The review closed it.
  const again = {
    recipient: { org: orgs.hospital, practitioner: roles.clinician.address },
    action: 'access',
    purpose: 'BTG',
    content: randomId(),
  };
  const call = api.tx.audit.disclose(story.patient, accessQuery(again), false);
  await refuses(submit(api, call, roles.secondHospitalStaff), 'Audit.ConsentDenied');
});

test('a corrected record shows its history', PATIENCE, async () => {
  const { history, older } = chain.story.corrected;
  const told = history.map(({ number, status, version }) => [
    number.toNumber(), status.type, version.reason.isSome && version.reason.unwrap().type,
  ]);
  assert.deepEqual(told, [[1, 'Superseded', false], [2, 'Current', 'Corrected']]);
  assert.ok(older.asMatches.status.isSuperseded);
  const { api, story } = chain;
  const { record, result } = story.shared;
  // Whoever still holds version 1 cannot pass it for the latest.
  assert.ok(answer(await api.call.recordsApi.verify(record, 2, result.commitment)).isDiffers);
  const stale = labelled({ commitment: randomId(), reason: 'amended' });
  const call = api.tx.healthRecords.supersede(record, 1, stale);
  await refuses(submit(api, call, roles.clinician), 'HealthRecords.VersionMismatch');
});

test('an erased record shows nothing but that it was', PATIENCE, async () => {
  const { api, story } = chain;
  const { erased, left, gone, kept } = story.corrected;
  assert.ok(gone.isShredded);
  assert.ok(left.status.isShredded);
  assert.ok(left.content.isNone);
  assert.equal(left.patient.toHex(), story.patient);
  assert.equal((await api.call.recordsApi.history(erased)).length, 0);
  await refuses(
    submit(api, api.tx.healthRecords.shred(erased), roles.recordsOfficer),
    'HealthRecords.AlreadyShredded',
  );
  // The law says how long the other one is kept.
  assert.ok(kept.asErr.asRetained.basis.isLegalObligation);
  await refuses(
    submit(api, api.tx.healthRecords.shred(story.shared.record), roles.recordsOfficer),
    'HealthRecords.RetentionNotElapsed',
  );
});

test('the patient reads who looked, and who was refused', PATIENCE, () => {
  const { entries } = chain.story.looked;
  const told = entries.map(({ entry }) => [
    entry.sequence.toNumber(), entry.custodian.toNumber(), entry.recipient.toNumber(), entry.outcome.type,
  ]);
  assert.deepEqual(told, [
    [0, orgs.hospital, orgs.secondHospital, 'Refused'],
    [1, orgs.hospital, orgs.secondHospital, 'Disclosed'],
    [2, orgs.secondHospital, orgs.hospital, 'Disclosed'],
  ]);
  assert.ok(entries[0].entry.outcome.asRefused.isNoConsent);
  const times = entries.map(({ entry }) => entry.at.toNumber());
  assert.deepEqual(times, times.toSorted((a, b) => a - b));
});

test('a contested disclosure is explained', PATIENCE, async () => {
  const { api, story } = chain;
  const { open, contested } = story.looked;
  assert.equal(open.sequence.toNumber(), 1);
  assert.ok(open.overdue.isFalse);
  assert.ok(contested.by.isSelfActing);
  const given = contested.answer.unwrap();
  assert.ok(given.finding.isJustified);
  assert.equal(given.officer.toString(), roles.privacyOfficer.address);
  assert.equal(answer(await api.call.auditApi.contestsOpen(orgs.hospital, null, 64)).length, 0);
});

test('the accounting folds to the head of the log, and a tampered one does not', PATIENCE, async () => {
  const { api, story } = chain;
  const [log] = await checkedLogs(api, story.patient);
  assert.equal(log.folded, log.head);
  assert.deepEqual(story.looked.logs, [log]);
  // A log starts at its patient's id, so none passes for another's.
  const entries = (await accounting(api, story.patient)).map(({ entry }) => entry);
  assert.equal(fold(story.patient, entries), log.head);
  assert.notEqual(fold(randomId(), entries), log.head);
  assert.notEqual(fold(story.patient, entries.slice(1)), log.head);
  assert.notEqual(fold(story.patient, entries.toReversed()), log.head);
});

test('the story can be told again on the same chain', PATIENCE, async () => {
  const again = await recordsStory(chain.api);
  assert.notEqual(again.patient, chain.story.patient);
  assert.deepEqual(again.licensed.toJSON(), chain.story.licensed.toJSON());
});
