// What the published examples need on a development chain: the organisations and practitioners they
// name, and a patient of its own for each document, so that no example touches another.

import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { registerPatient } from '../examples/register-patient.mjs';
import { DUTIES, POWERS, ROLES, codes } from '../src/codes.mjs';
import { now } from '../src/reads.mjs';
import { decide, fund, newKey, orgs, randomId, roles } from '../src/roles.mjs';
import { found, submit } from '../src/submit.mjs';

const YEAR = 365 * 24 * 60 * 60 * 1000;

const require = createRequire(import.meta.url);

/** A published example, from HL7's own package of this version of FHIR. */
export async function published(version, name) {
  const file = require.resolve(
    `hl7.fhir.${version.toLowerCase()}.examples/Consent-consent-example-${name}.json`,
  );
  return { file, document: JSON.parse(await readFile(file, 'utf8')) };
}

const ENTITIES = { quot: '"', amp: '&', lt: '<', gt: '>', apos: "'", nbsp: ' ' };

/**
 * What a document says to people: its narrative without the markup, from where it comes to the
 * patient or, if it was generated from the elements, to the rule.
 */
export function narrative(document) {
  const text = document.text.div
    .replace(/<[^>]+>/g, ' ')
    .replace(/&(\w+);/g, (entity, name) => ENTITIES[name] ?? entity)
    .replace(/\s+/g, ' ')
    .trim();
  const story = text.search(/Patient "|(decision|policyRule) : /);
  return story < 0 ? text : text.slice(story);
}

/**
 * Admits and enrols whom the examples name.
 *
 * @returns {Promise<{organizations: object, practitioners: object}>} FHIR references to numbers and
 *   addresses, as the gateway's directory has them
 */
export async function populate(api) {
  const admin = newKey();
  await fund(api, admin);
  const validUntil = (await now(api)) + YEAR;
  const enrol = (key) =>
    api.tx.consortium.enrolStaff(key.address, codes(DUTIES, ['Clinician']), null, validUntil);

  const carla = newKey();
  const eric = newKey();
  const thirteen = newKey();
  const hospitalStaff = api.tx.utility.batchAll([carla, eric, thirteen].map(enrol));
  await submit(api, hospitalStaff, roles.hospitalAdmin);

  const simone = newKey();
  const admission = api.tx.consortium.admit(
    codes(ROLES, ['Provider']), 'NL', admin.address, validUntil, randomId(),
  );
  const { events } = await decide(api, admission);
  const { org } = found(events, api.events.consortium.OrganisationAdmitted);
  await submit(api, enrol(simone), admin);

  return {
    organizations: {
      'Organization/f001': orgs.hospital,
      'Organization/f201': orgs.secondHospital,
      'Organization/f203': org.toNumber(),
    },
    practitioners: {
      'Practitioner/f002': roles.clinician.address,
      'Practitioner/f204': carla.address,
      'Practitioner/f001': eric.address,
      'Practitioner/13': thirteen.address,
      'Practitioner/f007': simone.address,
    },
  };
}

/**
 * Registers a patient for one document, and whoever speaks for the patient in it, and writes the
 * directory with which the gateway reads the document.
 *
 * The directory names environment variables for the keys instead of holding them.
 *
 * @returns {Promise<{patient, salt, directory, environment}>} the path of the directory, and the
 *   variables that it refers to
 */
export async function settle(api, world, document, { representative }, folder) {
  const { patient, key } = await registerPatient(api);
  const reference = (document.subject ?? document.patient).reference;
  const salt = randomId();
  const environment = { AXONIC_DEMO_PATIENT: key.uri };
  const representatives = {};
  if (representative) {
    const agent = newKey();
    const period = { start: null, end: null };
    const appointment = api.tx.patientIdentity.appointRepresentative(
      patient, { account: agent.address }, 'PowerOfAttorney', codes(POWERS, ['Consent']), period, randomId(),
    );
    await submit(api, appointment, key);
    await fund(api, agent);
    representatives[representative] = { patient: reference, key: { env: 'AXONIC_DEMO_AGENT' } };
    environment.AXONIC_DEMO_AGENT = agent.uri;
  }
  const directory = join(folder, `${patient}.json`);
  const contents = {
    salt,
    patients: { [reference]: { id: patient, key: { env: 'AXONIC_DEMO_PATIENT' } } },
    representatives,
    ...world,
  };
  await writeFile(directory, JSON.stringify(contents, null, 2));
  return { patient, salt, directory, environment };
}
