// What happens to HL7's example patients in two hospitals, all of it through the gateway as it is
// installed there: one has those of FHIR R4, the other those of R5.

import assert from 'node:assert/strict';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { licensePartners } from '../examples/license-partners.mjs';
import { commission, printLot, receive, registerProduct, ship } from '../examples/provenance-story.mjs';
import { registerPatient } from '../examples/register-patient.mjs';
import { terms } from '../src/codes.mjs';
import { commit } from '../src/commitments.mjs';
import { gatewayBinary, run } from '../src/node-process.mjs';
import { happened, packs, parties } from '../src/provenance.mjs';
import { orgs, randomId, roles } from '../src/roles.mjs';
import { submit } from '../src/submit.mjs';

/** Resources about patients that are anchored in one batch. They carry names in many places. */
const CLINICAL = [
  'AllergyIntolerance', 'CarePlan', 'Condition', 'DiagnosticReport', 'DocumentReference', 'Encounter',
  'Immunization', 'MedicationRequest', 'Observation', 'Procedure', 'RelatedPerson',
];
const OFFICE = 'Practitioner/office';

/** The hospitals: whose examples each has, and who registers and keeps records there. */
const HOSPITALS = [
  {
    version: 'r4',
    org: orgs.hospital,
    registrar: roles.registrar,
    officer: roles.recordsOfficer,
    officerKey: '//RecordsOfficer',
  },
  {
    version: 'r5',
    org: orgs.secondHospital,
    registrar: roles.secondHospitalStaff,
    officer: roles.secondHospitalStaff,
    officerKey: '//Dave',
  },
];

/** The package's examples of these types, `{text, resource}`. */
async function examples(version, types) {
  const manifest = `hl7.fhir.${version}.examples/package.json`;
  const folder = dirname(createRequire(import.meta.url).resolve(manifest));
  const names = (await readdir(folder)).filter((name) => types.some((type) => name.startsWith(`${type}-`)));
  const read = async (name) => {
    const text = await readFile(join(folder, name), 'utf8');
    return { text, resource: JSON.parse(text) };
  };
  const all = await Promise.all(names.sort().map(read));
  return all.filter(({ resource }) => types.includes(resource.resourceType));
}

/** Every example patient of both versions. */
export async function examplePatients() {
  const both = await Promise.all(HOSPITALS.map(({ version }) => examples(version, ['Patient'])));
  return both.flat().map(({ resource }) => resource);
}

/** The gateway of a hospital: runs commands, and keeps what they print. */
class Gateway {
  #args;
  #env;

  constructor({ node, folder, officerKey, said }) {
    this.said = said;
    this.#args = [
      ...['--node', node.url],
      ...['--directory', join(folder, 'directory.json')],
      ...['--store', join(folder, 'store.redb')],
    ];
    const storeKey = randomId().slice(2);
    this.#env = { ...process.env, AXONIC_STORE_KEY: storeKey, AXONIC_OFFICE_KEY: officerKey };
  }

  /** Runs a command and answers with its report. */
  async run(command, args, expected = 0) {
    const line = [command, ...args, ...this.#args, '--json'];
    const { code, stdout, stderr } = await run(gatewayBinary(), line, { env: this.#env });
    this.said.push(stdout.toString(), stderr);
    assert.equal(code, expected, `${command}: ${stderr}${stdout}`);
    return stdout.length ? JSON.parse(stdout.toString()) : null;
  }

  signed(command, args, expected) {
    return this.run(command, ['--sign-as', OFFICE, ...args], expected);
  }
}

/** Opens a hospital: registers its patients, and tells its gateway who they are. */
async function open({ node, api, said }, hospital, parent) {
  const folder = join(parent, hospital.version);
  await mkdir(folder);
  const people = [];
  for (const example of await examples(hospital.version, ['Patient'])) {
    const { patient, key } = await registerPatient(api, undefined, hospital);
    people.push({ ...example, patient, key });
  }
  const listed = people.map(({ resource, patient }) => [`Patient/${resource.id}`, { id: patient }]);
  const directory = {
    salt: randomId(),
    patients: Object.fromEntries(listed),
    staff: { [OFFICE]: { env: 'AXONIC_OFFICE_KEY' } },
  };
  await writeFile(join(folder, 'directory.json'), JSON.stringify(directory));
  let files = 0;
  /** Files are numbered: what a user calls them is told back, and is the user's own affair. */
  const write = async (text) => {
    const file = join(folder, `${(files += 1)}.json`);
    await writeFile(file, text);
    return file;
  };
  const gateway = new Gateway({ node, folder, officerKey: hospital.officerKey, said });
  const references = new Set(Object.keys(directory.patients));
  return { api, folder, hospital, people, references, gateway, write };
}

/** Anchors every patient's own resource, and the clinical ones in a batch. */
async function anchor({ hospital, people, references, gateway, write }) {
  const files = [];
  for (const { text } of people) files.push(await write(text));
  const { documents } = await gateway.signed('anchor', files);
  assert.equal(documents.length, people.length);
  for (const [i, { file, record }] of documents.entries()) Object.assign(people[i], { file, record });

  const subjects = (resource) => [resource.subject, resource.patient].filter(Boolean);
  const isTheirs = ({ resource }) =>
    subjects(resource).length === 1 && references.has(subjects(resource)[0].reference);
  // Some carry labels that the chain does not have, and are refused as they should be.
  const clinical = (await examples(hospital.version, CLINICAL)).filter(
    (example) => isTheirs(example) && !example.resource.meta?.security,
  );
  assert.ok(clinical.length > 100, `only ${clinical.length} resources are about these patients`);
  const batched = [];
  for (const { text } of clinical) batched.push(await write(text));
  const { batch, documents: leaves } = await gateway.signed('anchor', ['--batch', ...batched]);
  const [leaf] = leaves;
  const proved = await gateway.run('verify', [leaf.file, '--batch', batch, '--leaf', leaf.commitment]);
  assert.equal(proved.verdict, 'included');
}

/** Imports every example of an access log. */
async function importLog({ hospital, gateway, write }) {
  const events = [];
  for (const { text } of await examples(hospital.version, ['AuditEvent'])) events.push(await write(text));
  const { accessLog } = await gateway.signed('import', events);
  assert.equal(accessLog.leaves, events.length);
}

/** Discloses three patients' resources with consent, and fails to disclose one without. */
async function disclose({ api, folder, people, gateway }) {
  const to = (person, output) => [
    ...['--patient', person.patient, '--recipient', String(orgs.payer), '--purpose', 'HPAYMT'],
    ...['--record', person.record, '--output', join(folder, output)],
  ];
  const consent = terms({ scope: 'patient-privacy', decision: 'permit' });
  for (const person of people.slice(0, 3)) {
    await submit(api, api.tx.consent.grant(person.patient, consent), person.key);
    const [logged] = await gateway.signed('disclose', to(person, person.record));
    assert.equal(logged.sequence, 0);
  }
  const silent = to(people[3], 'refused');
  const refused = await gateway.signed('disclose', [...silent, '--report-refusal'], 1);
  assert.equal(refused.records[0].reported, 0);
  const [first] = people;
  await submit(api, api.tx.audit.contest(first.patient, 0), first.key);
}

/** Compares copies, corrects and erases, and makes every mistake that names somebody. */
async function mend({ api, hospital, people, gateway, write }) {
  const [kept, changed, erased] = people;
  const verdict = async (file, record) => (await gateway.run('verify', [file, '--record', record])).verdict;
  assert.equal(await verdict(kept.file, kept.record), 'current');
  const altered = await write(JSON.stringify({ ...changed.resource, active: false }));
  assert.equal(await verdict(altered, changed.record), 'differs');

  const correction = { commitment: commit(randomId(), changed.text), labels: { bits: 0 }, reason: 'Rectified' };
  const supersede = api.tx.healthRecords.supersede(changed.record, 1, correction);
  await submit(api, supersede, hospital.officer);
  const { shredded, destroyed } = await gateway.signed('erase', ['--record', erased.record]);
  assert.deepEqual([shredded, destroyed], [true, 1]);
  assert.equal(await verdict(erased.file, erased.record), 'shredded');

  const security = [{ system: 'http://example.org/labels', code: 'Chalmers', display: 'Peter James' }];
  const stranger = { ...kept.resource, id: 'somebody-else' };
  const labelled = { ...kept.resource, meta: { security } };
  for (const resource of [labelled, stranger, { ...stranger, resourceType: 'Person' }]) {
    const { refused } = await gateway.signed('anchor', [await write(JSON.stringify(resource))], 1);
    assert.equal(refused.length, 1);
  }
  await gateway.signed('anchor', [await write(kept.text.slice(0, -20))], 1);
}

/** The pharmacy dispenses a pack from its stock. The chain is not told to whom. */
async function dispense(api) {
  const { maker, pharmacy } = parties;
  await licensePartners(api);
  await registerProduct(api);
  const { claim, prove, ...printed } = await printLot(api, 10);
  const lot = await commission(api, printed);
  await receive(api, pharmacy, await ship(api, maker, pharmacy, [packs(lot, 0, 10)]));
  const call = api.tx.drugProvenance.dispense(claim(3), prove(3), await happened(api, pharmacy));
  await submit(api, call, pharmacy.staff);
}

/**
 * Plays everything.
 *
 * @param {{node: NodeProcess, api: ApiPromise}} chain
 * @param {string} folder an empty one
 * @returns {Promise<string[]>} what the gateway printed
 */
export async function journey({ node, api }, folder) {
  const said = [];
  for (const hospital of HOSPITALS) {
    const office = await open({ node, api, said }, hospital, folder);
    await anchor(office);
    await importLog(office);
    await disclose(office);
    await mend(office);
  }
  await dispense(api);
  return said;
}
