// Bad input about records at each door: transactions, runtime APIs, and JSON-RPC. Each gets an error
// that says what is wrong, and the node goes on.

import assert from 'node:assert/strict';
import test from 'node:test';

import { registerPatient } from '../examples/register-patient.mjs';
import { DUTIES, LABELS, LEGAL_BASES, codes } from '../src/codes.mjs';
import { rpc } from '../src/connect.mjs';
import { MAX_LEAVES, tree } from '../src/merkle.mjs';
import { labelled } from '../src/records.mjs';
import { answer, now } from '../src/reads.mjs';
import { fund, newKey, orgs, randomId, roles } from '../src/roles.mjs';
import { found, submit } from '../src/submit.mjs';
import { PATIENCE, answersError, refuses, useNode } from './support.mjs';

const chain = useNode(async (chain) => {
  Object.assign(chain, await registerPatient(chain.api));
});

/** The highest bit of a set, which no code system uses. */
const UNKNOWN = { bits: 2 ** 31 };
const ZERO = `0x${'00'.repeat(32)}`;
const HOUR = 60 * 60 * 1000;
const YEAR = 365 * 24 * HOUR;

const REFUSED = 3001;
const NOT_ASKED = 3002;
const INVALID_PARAMS = -32602;
const METHOD_NOT_FOUND = -32601;

const { recordsOfficer: officer, clinician, secondHospitalStaff: stranger } = roles;
const many = (count, item) => Array.from({ length: count }, () => item);
const draft = (changes = {}) => ({
  ...labelled({ class: 'Observation', labels: ['N'], commitment: randomId() }),
  ...changes,
});

/** Anchors a record of the hospital and answers with its id and commitment. */
async function anchored(changes, signer = clinician) {
  const { api, patient } = chain;
  const made = draft(changes);
  const { events } = await submit(api, api.tx.healthRecords.anchor(patient, made), signer);
  const { record } = found(events, api.events.healthRecords.Anchored);
  return { record: record.toHex(), commitment: made.commitment };
}

/** That each of these calls is refused with its error: `[error, call, signer]`. */
async function refusesEach(t, cases) {
  for (const [error, call, signer] of cases) {
    await t.test(error, () => refuses(submit(chain.api, call, signer), error));
  }
}

test('a record that is not well formed is not anchored', PATIENCE, async (t) => {
  const { api, patient, key } = chain;
  const { anchor, anchorMany } = api.tx.healthRecords;
  const time = await now(api);
  const bad = (changes) => anchor(patient, draft(changes));
  const suspended = await registerPatient(api);
  await submit(api, api.tx.patientIdentity.suspend(suspended.patient), roles.registrar);
  await refusesEach(t, [
    ['HealthRecords.NotFound', anchor(randomId(), draft()), clinician],
    ['HealthRecords.PatientNotActive', anchor(suspended.patient, draft()), clinician],
    ['HealthRecords.UnknownClass', bad({ class: 'ValueSet' }), clinician],
    ['HealthRecords.UnknownClass', bad({ class: 'Bundle' }), clinician],
    ['HealthRecords.UnknownLabel', bad({ labels: UNKNOWN }), clinician],
    ['HealthRecords.AmbiguousConfidentiality', bad({ labels: codes(LABELS, ['N', 'R']) }), clinician],
    ['HealthRecords.NoCommitment', bad({ commitment: ZERO }), clinician],
    ['HealthRecords.RetentionInPast', bad({ retainUntil: time - 1 }), clinician],
    ['HealthRecords.RetentionTooLong', bad({ retainUntil: time + 101 * YEAR }), clinician],
    ['HealthRecords.EmptyBatch', anchorMany(patient, []), clinician],
    ['HealthRecords.TooManyRecords', anchorMany(patient, many(65, draft())), clinician],
    ['HealthRecords.NoCommitment', anchorMany(patient, [draft(), draft({ commitment: ZERO })]), clinician],
    ['Consortium.DutyMissing', anchor(patient, draft()), roles.registrar],
    ['Consortium.RoleMissing', anchor(patient, draft()), roles.auditor],
    ['Consortium.NotFound', anchor(patient, draft()), key],
  ]);
  // All or none.
  const filter = labelled({});
  assert.equal(answer(await api.call.recordsApi.recordsOf(patient, filter, null, 64)).length, 0);
});

test('a list that no block can hold never gets into one', PATIENCE, async () => {
  const { api, patient } = chain;
  const call = api.tx.healthRecords.anchorMany(patient, many(20_000, draft()));
  await assert.rejects(submit(api, call, clinician), /exhaust the block limits/);
});

test('only who may writes, and only after the latest version', PATIENCE, async (t) => {
  const { api, patient } = chain;
  const { supersede, markEnteredInError, shred } = api.tx.healthRecords;
  const { record } = await anchored();
  const correction = (changes) => ({
    ...labelled({ commitment: randomId(), labels: ['N'], reason: 'amended' }),
    ...changes,
  });
  const nurse = newKey();
  await fund(api, nurse);
  const until = (await now(api)) + YEAR;
  const enrolment = api.tx.consortium.enrolStaff(nurse.address, codes(DUTIES, ['Clinician']), null, until);
  await submit(api, enrolment, roles.hospitalAdmin);
  await refusesEach(t, [
    ['HealthRecords.NotFound', supersede(randomId(), 1, correction()), clinician],
    ['HealthRecords.NotCustodian', supersede(record, 1, correction()), stranger],
    ['HealthRecords.NotAuthor', supersede(record, 1, correction()), nurse],
    ['HealthRecords.NotAuthor', markEnteredInError(record, 1), nurse],
    ['HealthRecords.VersionMismatch', supersede(record, 2, correction()), clinician],
    ['HealthRecords.VersionMismatch', markEnteredInError(record, 0), officer],
    ['HealthRecords.NoCommitment', supersede(record, 1, correction({ commitment: ZERO })), clinician],
    ['HealthRecords.UnknownLabel', supersede(record, 1, correction({ labels: UNKNOWN })), clinician],
    ['HealthRecords.NotCustodian', shred(record), stranger],
    ['Consortium.DutyMissing', shred(record), clinician],
  ]);
  await submit(api, markEnteredInError(record, 1), officer);
  await refusesEach(t, [
    ['HealthRecords.NotCurrent', supersede(record, 1, correction()), officer],
    ['HealthRecords.NotCurrent', markEnteredInError(record, 1), officer],
  ]);
  await submit(api, shred(record), officer);
  await refusesEach(t, [
    ['HealthRecords.AlreadyShredded', shred(record), officer],
    ['HealthRecords.AlreadyShredded', supersede(record, 1, correction()), officer],
  ]);
});

test('holds, retention and custody follow their rules', PATIENCE, async (t) => {
  const { api } = chain;
  const calls = api.tx.healthRecords;
  const time = await now(api);
  const { record } = await anchored({ retainUntil: time + YEAR });
  const litigation = codes(LEGAL_BASES, ['litigation']);
  await refusesEach(t, [
    ['HealthRecords.RetentionNotElapsed', calls.shred(record), officer],
    ['HealthRecords.RetentionNotExtended', calls.extendRetention(record, time + HOUR), officer],
    ['HealthRecords.RetentionInPast', calls.extendRetention(record, time - HOUR), officer],
    ['HealthRecords.ReasonRequired', calls.placeHold(record, codes(LEGAL_BASES, [])), officer],
    ['HealthRecords.UnknownBasis', calls.placeHold(record, UNKNOWN), officer],
    ['HealthRecords.NoHold', calls.liftHold(record, litigation), officer],
    ['HealthRecords.UnknownRecipient', calls.offerCustody(record, orgs.hospital), officer],
    ['HealthRecords.UnknownRecipient', calls.offerCustody(record, 4_000_000), officer],
    ['HealthRecords.TransferNotOffered', calls.acceptCustody(record), stranger],
    ['HealthRecords.TransferNotOffered', calls.withdrawOffer(record), officer],
  ]);
  await submit(api, calls.placeHold(record, litigation), officer);
  await submit(api, calls.offerCustody(record, orgs.payer), officer);
  await refusesEach(t, [
    ['HealthRecords.AlreadyHeld', calls.placeHold(record, litigation), officer],
    ['HealthRecords.LegalHold', calls.shred(record), officer],
    ['HealthRecords.NotRecipient', calls.acceptCustody(record), stranger],
  ]);
});

test('a batch that is not well formed is not anchored', PATIENCE, async (t) => {
  const { api } = chain;
  const time = await now(api);
  const batch = (changes) =>
    api.tx.healthRecords.anchorBatch({
      kind: 'records',
      root: randomId(),
      leaves: 7,
      firstAt: time - HOUR,
      lastAt: time,
      manifestHash: ZERO,
      ...changes,
    });
  await refusesEach(t, [
    ['HealthRecords.EmptyBatch', batch({ leaves: 0 }), officer],
    ['HealthRecords.EmptyBatch', batch({ root: ZERO }), officer],
    ['HealthRecords.TooManyLeaves', batch({ leaves: MAX_LEAVES + 1 }), officer],
    ['HealthRecords.InvalidPeriod', batch({ firstAt: time, lastAt: time - 1 }), officer],
    ['HealthRecords.TimeInFuture', batch({ lastAt: time + HOUR }), officer],
    ['Consortium.RoleMissing', batch(), roles.auditor],
  ]);
});

test('a dispute needs proof that contradicts, and is recorded once', PATIENCE, async (t) => {
  const { api } = chain;
  const { dispute, anchorBatch } = api.tx.healthRecords;
  const time = await now(api);
  const { record, commitment } = await anchored();
  /** What the hospital signed when it handed something out, but for what was changed since. */
  const delivery = async (subject, place, { delivered = randomId(), validFor = HOUR, by = officer } = {}) => {
    const expiresAt = (await now(api)) + validFor;
    const { deliveryStatement } = api.call.recordsApi;
    const { bytes } = answer(await deliveryStatement(subject, place, delivered, expiresAt));
    const signature = by.sign(bytes.toU8a(true), { withType: true });
    return { delivered, signer: by.address, expiresAt, signature };
  };
  const about = (delivery, version = 1, id = record) =>
    dispute({ record: { record: id, version, delivery } });
  const good = await delivery({ record }, 1);
  const leaves = [randomId(), randomId(), randomId()];
  const made = tree('record', leaves);
  const period = { firstAt: time - HOUR, lastAt: time };
  const batched = { kind: 'records', root: made.root, leaves: 3, ...period, manifestHash: ZERO };
  const { events } = await submit(api, anchorBatch(batched), officer);
  const { batch } = found(events, api.events.healthRecords.BatchAnchored);
  const [anchor, proof] = [leaves[2], made.prove(2)];
  const leaf = { batch, anchored: anchor, proof, delivery: await delivery({ batch: batch.toHex() }, 2) };

  await refusesEach(t, [
    ['HealthRecords.NotFound', about(good, 1, randomId()), stranger],
    ['HealthRecords.VersionMismatch', about(good, 2), stranger],
    ['HealthRecords.OwnCustody', about(good), clinician],
    ['HealthRecords.ProofDoesNotContradict', about({ ...good, delivered: commitment }), stranger],
    ['HealthRecords.EvidenceExpired', about(await delivery({ record }, 1, { validFor: -1 })), stranger],
    ['HealthRecords.BadProof', about({ ...good, expiresAt: good.expiresAt + 1 }), stranger],
    ['HealthRecords.BadProof', about({ ...good, delivered: randomId() }), stranger],
    ['HealthRecords.BadProof', about({ ...good, signer: clinician.address }), stranger],
    ['HealthRecords.BadProof', about(await delivery({ record }, 1, { by: stranger })), stranger],
    ['HealthRecords.BadProof', dispute({ leaf: { ...leaf, anchored: randomId() } }), stranger],
    ['HealthRecords.LeafOutOfRange', dispute({ leaf: { ...leaf, proof: { ...proof, leaves: 4 } } }), stranger],
  ]);
  await submit(api, about(good), stranger);
  await submit(api, dispute({ leaf }), stranger);
  await refusesEach(t, [
    ['HealthRecords.AlreadyDisputed', about(good), stranger],
    ['HealthRecords.AlreadyDisputed', dispute({ leaf }), stranger],
  ]);
});

test('JSON-RPC says plainly what is wrong with a question about records', PATIENCE, async (t) => {
  const { node, patient } = chain;
  const { record, commitment } = await anchored();
  const ask = (method, ...params) => () => rpc(node.http, `records_${method}`, ...params);
  const page = (filter) => ask('recordsOf', patient, filter, null, 64);
  const proof = { index: 0, leaves: 1, siblings: [] };
  const wanted = { class: 'Observation', labels: ['N'], commitment };
  const may = (changes, account = clinician.address, who = patient) =>
    ask('explainAnchor', account, who, { ...wanted, ...changes });
  const cases = [
    ['an unknown patient', ask('locate', randomId()), REFUSED, /refuses: NotFound/],
    ['an unknown record', ask('verify', randomId(), 1, commitment), REFUSED, /refuses: NotFound/],
    ['a version that is none', ask('verify', record, 2, commitment), REFUSED, /refuses: VersionMismatch/],
    ['an unknown batch', ask('verifyInclusion', randomId(), commitment, proof), REFUSED, /refuses: NotFound/],
    ['a page after a batch that is none', ask('batchesOf', 0, randomId(), 64), REFUSED, /refuses: NotFound/],
    ['who may not anchor', may({}, roles.auditor.address), REFUSED, /refuses: RoleMissing/],
    ['an unknown patient to anchor for', may({}, clinician.address, randomId()), REFUSED, /refuses: NotFound/],
    ['a commitment of zeros', may({ commitment: ZERO }), REFUSED, /refuses: NoCommitment/],
    ['a record that is not there', ask('explainShred', randomId()), REFUSED, /refuses: notFound/],
    ['hexadecimal digits that are none', ask('record', '0xzz'), INVALID_PARAMS, /Invalid params \(.+\)/],
    ['an id that is too short', ask('record', '0x1234'), INVALID_PARAMS, /Invalid params \(.+\)/],
    ['an id that is too long', ask('history', `${record}00`), INVALID_PARAMS, /Invalid params \(.+\)/],
    ['a commitment without 0x', ask('verify', record, 1, 'commitment'), INVALID_PARAMS, /Invalid params \(.+\)/],
    ['a version below zero', ask('verify', record, -1, commitment), INVALID_PARAMS, /Invalid params \(.+\)/],
    ['an unknown class', may({ class: 'Dragon' }), INVALID_PARAMS, /Dragon/],
    ['an unknown label', page({ labels: ['Q'] }), INVALID_PARAMS, /`Q` is not a code of security labels/],
    ['an unknown status', page({ statuses: ['lost'] }), INVALID_PARAMS, /unknown variant `lost`/],
    ['a misspelt field', page({ label: ['N'] }), INVALID_PARAMS, /unknown field `label`/],
    ['a missing field', may({ commitment: undefined }), INVALID_PARAMS, /missing field `commitment`/],
    ['a subject that is none', ask('disputesOf', { patient }), INVALID_PARAMS, /unknown variant `patient`/],
    [
      'a proof with more siblings than any has',
      ask('verifyInclusion', record, commitment, { ...proof, siblings: many(21, randomId()) }),
      INVALID_PARAMS,
      /Invalid params \(.+\)/,
    ],
    ['an unknown block', ask('record', record, `0x${'ab'.repeat(32)}`), NOT_ASKED, /could not be asked at block/],
    ['an unknown method', ask('destroy', record), METHOD_NOT_FOUND, /Method not found/],
  ];
  for (const [what, call, code, told] of cases) {
    await t.test(what, () => answersError(call(), code, told));
  }
  // What is merely not there is no error.
  assert.equal(await rpc(node.http, 'records_record', randomId()), null);
  assert.deepEqual(await rpc(node.http, 'records_history', randomId()), []);
});
