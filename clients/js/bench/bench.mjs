// The figures that the README quotes, measured in one run so that they are ratios: `make bench`.
//
// Everything is asked of a real node over one connection, on whatever machine this is.

import { cpus } from 'node:os';

import { registerPatient } from '../examples/register-patient.mjs';
import { terms } from '../src/codes.mjs';
import { AXN, newKey, orgs, roles } from '../src/roles.mjs';
import { submit } from '../src/submit.mjs';
import { compareWeights, median, ms, presign, throughput, weigh, withNode } from './measure.mjs';
import { medicines, unitMoves } from './provenance.mjs';
import { proofSizes, recordWeights, verifiedRecords } from './records.mjs';

const SAMPLES = 400;
const PATIENTS = 20;
const GRANTS_EACH = 150;

/** Exceptions that all fit a reader who names nothing of the content, so that each is gone through. */
const provision = (i) => ({
  actors: [{ organisation: orgs.hospital }, { roleClass: 'Payer' }],
  actions: ['access', 'use'],
  purposes: ['TREAT', 'HPAYMT'],
  labels: [['PSY', 'HIV', 'SEX', 'ETH'][i % 4]],
  classes: ['Observation', 'MedicationRequest'],
});

const consent = (provisions) =>
  terms({
    scope: 'patient-privacy',
    decision: 'permit',
    period: { start: null, end: null },
    provisions: Array.from({ length: provisions }, (_, i) => provision(i)),
  });

const query = { recipient: { org: orgs.hospital }, action: 'access', purpose: 'TREAT' };

/** Medians of several questions asked in turn, so that each meets the same machine. */
async function compare(questions, samples = SAMPLES) {
  const times = questions.map(() => []);
  for (let i = 0; i < samples; i++) {
    for (const [j, question] of questions.entries()) {
      const start = performance.now();
      await question();
      times[j].push(performance.now() - start);
    }
  }
  return times.map(median);
}

/** Registers a patient who holds `count` consents of `provisions` provisions each. */
async function patientWith(api, count, provisions) {
  const { patient, key } = await registerPatient(api);
  const grants = Array.from({ length: count }, () => api.tx.consent.grant(patient, consent(provisions)));
  while (grants.length) await submit(api, api.tx.utility.batchAll(grants.splice(0, 16)), key);
  return { patient, key };
}

async function weights(api) {
  const { address } = newKey();
  const patient = `0x${'01'.repeat(32)}`;
  const transfer = await weigh(api, api.tx.balances.transferKeepAlive(address, AXN));
  for (const provisions of [1, 4]) {
    const grant = await weigh(api, api.tx.consent.grant(patient, consent(provisions)));
    const { ratio, figures } = compareWeights(grant, transfer);
    console.log(
      `weight of consent.grant with ${provisions} provisions: ${ratio.toFixed(2)} x balances.transfer_keep_alive`,
      `(${figures})`,
    );
  }
}

async function reads(api) {
  const ask = (method, ...params) => api._rpcCore.provider.send(method, params);
  const account = api.query.system.account.key(roles.patient.address);
  const readAccount = () => ask('state_getStorage', account);
  const some = await patientWith(api, 8, 4);
  const [read, evaluated] = await compare([readAccount, () => ask('consent_evaluate', some.patient, query)]);
  console.log(
    `consent_evaluate, 8 consents of 4 provisions: ${(evaluated / read).toFixed(2)} x a System.account read`,
    `(medians of ${SAMPLES}: ${ms(evaluated)} and ${ms(read)}, same connection)`,
  );
  const full = await patientWith(api, 256, 16);
  const [worst] = await compare([() => ask('consent_evaluate', full.patient, query)], 100);
  console.log(`consent_evaluate, 256 consents of 16 provisions: ${ms(worst)} (median of 100)`);
}

async function committed(api) {
  const people = [];
  for (let i = 0; i < PATIENTS; i++) people.push(await registerPatient(api));
  const keys = people.map(({ key }) => key);
  const council = roles.council.address;
  const transfer = () => api.tx.balances.transferKeepAlive(council, 1n);
  const transfers = await presign(api, keys, GRANTS_EACH, transfer);
  const transfersPerSecond = await throughput(api, 'transfers', transfers);
  const grant = (person) => api.tx.consent.grant(people[person].patient, consent(1));
  const grants = await presign(api, keys, GRANTS_EACH, grant);
  const grantsPerSecond = await throughput(api, 'grants', grants);
  console.log(
    `grants committed at 1 s blocks: ${(grantsPerSecond / transfersPerSecond).toFixed(2)} x transfers`,
    `(${grantsPerSecond.toFixed(0)} and ${transfersPerSecond.toFixed(0)} a second, ${grants.length} presigned each)`,
  );
}

const cpu = cpus();
console.log(`measured on ${cpu.length} x ${cpu[0].model}, node ${process.version}, in this run\n`);

await withNode('instant', async (api, url) => {
  await weights(api);
  await recordWeights(api);
  await reads(api);
  await proofSizes(api);
  await verifiedRecords(url);
});
await withNode('instant', medicines);
await withNode('1000', async (api) => {
  await committed(api);
  await unitMoves(api);
});
