// What it costs to anchor records and access logs, and what a proof of one of them weighs.

import { randomBytes } from 'node:crypto';

import { u8aToHex } from '@polkadot/util';

import { commit } from '../src/commitments.mjs';
import { MAX_LEAVES, tree } from '../src/merkle.mjs';
import { labelled } from '../src/records.mjs';
import { answer, now } from '../src/reads.mjs';
import { orgs, randomId, roles } from '../src/roles.mjs';
import { found, submit } from '../src/submit.mjs';
import { compareWeights, weigh } from './measure.mjs';
import { insertsPerSecond } from './postgres.mjs';

const ROWS_A_BATCH = 1_000;
const BATCHES = 50;
/** One row in a hundred is proved to be in its batch. */
const PROVED_OF = 100;
/** Each waits for the disk, so fewer do. */
const INSERTS = 5_000;
const HOUR = 60 * 60 * 1000;

const batchDraft = (root, leaves, at) => ({
  kind: 'records',
  root,
  leaves,
  firstAt: at - HOUR,
  lastAt: at,
  manifestHash: randomId(),
});

export async function recordWeights(api) {
  const { anchor, anchorBatch } = api.tx.healthRecords;
  const draft = labelled({ class: 'Observation', labels: ['N'], commitment: randomId() });
  const one = await weigh(api, anchor(randomId(), draft));
  const batch = await weigh(api, anchorBatch(batchDraft(randomId(), MAX_LEAVES, HOUR)));
  const { ratio, figures } = compareWeights(batch, one);
  console.log(
    `weight of healthRecords.anchor_batch, up to ${MAX_LEAVES} documents: ${ratio.toFixed(2)} x anchor, one document`,
    `(${figures})`,
  );
}

/** The proof's SCALE bytes: two numbers of four, a length of one, and the siblings. */
const sizeOf = ({ siblings }) => 4 + 4 + 1 + 32 * siblings.length;

export async function proofSizes(api) {
  for (const leaves of [ROWS_A_BATCH, MAX_LEAVES]) {
    const bytes = randomBytes(32 * leaves);
    const commitments = Array.from({ length: leaves }, (_, i) => bytes.subarray(32 * i, 32 * (i + 1)));
    const made = tree('record', commitments);
    const draft = batchDraft(made.root, leaves, await now(api));
    const { events } = await submit(api, api.tx.healthRecords.anchorBatch(draft), roles.recordsOfficer);
    const { batch } = found(events, api.events.healthRecords.BatchAnchored);
    const index = Math.floor(leaves / 3);
    const proof = made.prove(index);
    const asked = [batch.toHex(), u8aToHex(commitments[index]), proof];
    await api._rpcCore.provider.send('records_verifyInclusion', asked);
    console.log(`proof of one of ${leaves} documents: ${sizeOf(proof)} bytes, which records_verifyInclusion takes`);
  }
}

/** A row of an access log, as FHIR has it. */
const row = (i) =>
  JSON.stringify({
    resourceType: 'AuditEvent',
    recorded: new Date(i).toISOString(),
    action: 'R',
    agent: [{ who: { reference: `Practitioner/${i % 1_000}` }, requestor: true }],
    entity: [{ what: { reference: `Observation/${i}` } }],
    source: { observer: { reference: 'Device/ehr' } },
  });

/** Commits to the rows, anchors them in batches one after the other, and proves some of each. */
async function anchorAndProve(api, rows) {
  const first = (await now(api)) - HOUR;
  const start = performance.now();
  for (let i = 0; i < rows.length; i += ROWS_A_BATCH) {
    const commitments = rows.slice(i, i + ROWS_A_BATCH).map((text) => commit(randomId(), text));
    const made = tree('access', commitments);
    const call = api.tx.audit.anchorAccessLog(made.root, commitments.length, first + i, first + i + 1);
    const { events } = await submit(api, call, roles.recordsOfficer);
    const { sequence } = found(events, api.events.audit.AccessLogAnchored);
    for (let j = 0; j < commitments.length; j += PROVED_OF) {
      const { proveAccess } = api.call.auditApi;
      answer(await proveAccess(orgs.hospital, sequence, commitments[j], made.prove(j)));
    }
  }
  return rows.length / ((performance.now() - start) / 1000);
}

export async function verifiedRecords(api) {
  const rows = Array.from({ length: BATCHES * ROWS_A_BATCH }, (_, i) => row(i));
  const verified = await anchorAndProve(api, rows);
  console.log(
    `verified audit records: ${verified.toFixed(0)} a second (${BATCHES} batches of ${ROWS_A_BATCH} rows committed to,`,
    `one block each, 1 row in ${PROVED_OF} proved through auditApi.proveAccess, one connection)`,
  );
  const inserted = await insertsPerSecond(rows.slice(0, INSERTS));
  if (inserted === null) {
    console.log('PostgreSQL 15 is not installed, so there is nothing to compare that with.');
    return;
  }
  console.log(
    `that is ${(verified / inserted).toFixed(2)} x the same rows inserted into PostgreSQL 15, one row a transaction`,
    `(${inserted.toFixed(0)} a second: ${INSERTS} prepared inserts, fsync as by default, one connection)`,
  );
}
