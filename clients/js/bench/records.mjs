// What it costs to anchor records and access logs, and what a proof of one of them weighs.

import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { u8aToHex } from '@polkadot/util';

import { MAX_LEAVES, tree } from '../src/merkle.mjs';
import { labelled } from '../src/records.mjs';
import { exampleBinary } from '../src/node-process.mjs';
import { now } from '../src/reads.mjs';
import { randomId, roles } from '../src/roles.mjs';
import { found, submit } from '../src/submit.mjs';
import { compareWeights, weigh } from './measure.mjs';
import { insertsPerSecond } from './postgres.mjs';

const ROWS_A_BATCH = 1_000;
const BATCHES = 200;
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

/**
 * Has the gateway's library commit to the rows, anchor them in batches and prove some of each, for
 * four custodians at once: what a custodian's own system would do. Rows a second.
 */
async function anchorAndProve(url, rows) {
  const folder = await mkdtemp(join(tmpdir(), 'axonic-rows-'));
  try {
    const file = join(folder, 'rows.ndjson');
    await writeFile(file, rows.join('\n'));
    const { stdout } = await promisify(execFile)(exampleBinary('verified_rows'), [url, file]);
    return Number(stdout);
  } finally {
    await rm(folder, { recursive: true });
  }
}

export async function verifiedRecords(url) {
  const rows = Array.from({ length: BATCHES * ROWS_A_BATCH }, (_, i) => row(i));
  const verified = await anchorAndProve(url, rows);
  console.log(
    `verified audit records: ${verified.toFixed(0)} a second (${BATCHES} batches of ${ROWS_A_BATCH} rows committed to and`,
    'anchored, ten a transaction, by four custodians at once; 1 row in 100 proved through audit_proveAccess)',
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
