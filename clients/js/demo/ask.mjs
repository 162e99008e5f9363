// Imports a published example through the real gateway, and asks the node what the table asks.

import { commit } from '../src/commitments.mjs';
import { rpc } from '../src/connect.mjs';
import { gatewayBinary, run } from '../src/node-process.mjs';
import { CUSTODIAN, RECORD } from './questions.mjs';
import { published, settle } from './world.mjs';

/**
 * Imports one example for a patient of its own.
 *
 * @returns {Promise<object>} what the questions need, and `outcome`, the gateway's report on the file
 */
export async function importExample({ node, api, world, folder }, example, version) {
  const reading = example[version];
  const { file, document } = await published(version, example.name);
  const settled = await settle(api, world, document, reading, folder);
  const { code, stdout, stderr } = await run(
    gatewayBinary(),
    [
      'import',
      ...['--node', node.url],
      ...['--directory', settled.directory],
      ...(reading.root ? ['--r4-untyped-root', reading.root] : []),
      '--json',
      file,
    ],
    { env: { ...process.env, ...settled.environment } },
  );
  let outcome;
  try {
    [outcome] = JSON.parse(stdout.toString()).files;
  } catch {
    throw new Error(`the gateway gave no report on ${file} (exit ${code}): ${stderr}`);
  }
  return { example, version, reading, document, world, outcome, exit: code, ...settled };
}

/** The questions for this version. */
export const questionsFor = ({ example, version }) =>
  example.questions.filter(({ only }) => only === undefined || only === version);

/** The reference that the table means: its symbols stand for what the document at hand names. */
export const named = (reading, reference) =>
  ({ [CUSTODIAN]: reading.custodian, [RECORD]: reading.record })[reference] ?? reference;

/** A question of the table as JSON-RPC takes it: `[patient, query, at]`. */
export function asParams({ patient, salt, reading, world }, question) {
  const { who, action, purpose, labels, classes, data, dataPeriod, at } = question;
  const piece = ([kind, reference]) =>
    kind === 'heldBy'
      ? { heldBy: world.organizations[named(reading, reference)] }
      : { [kind]: commit(salt, named(reading, reference)) };
  const query = {
    recipient: { org: world.organizations[who.org] },
    action,
    purpose,
    labels: labels ?? [],
    classes: classes ?? [],
    data: (data ?? []).map((one) => piece(Object.entries(one)[0])),
  };
  if (who.practitioner) query.recipient.practitioner = world.practitioners[who.practitioner];
  if (dataPeriod) {
    const [start, end] = dataPeriod.map((instant) => Date.parse(instant));
    query.dataPeriod = { start, end };
  }
  return [patient, query, Date.parse(at)];
}

/** Asks the node, through JSON-RPC. */
export async function ask(node, imported, question) {
  const params = asParams(imported, question);
  return {
    decision: await rpc(node.http, 'consent_evaluate', ...params),
    explanation: await rpc(node.http, 'consent_explain', ...params),
  };
}

/** The parts of a decision that the table has. */
export function summary(decision) {
  if (typeof decision === 'string') return { decision };
  const [[kind, body]] = Object.entries(decision);
  return kind === 'permit'
    ? { decision: kind, basis: body.basis, obligations: body.obligations }
    : { decision: kind, reason: body.reason, provision: body.provision, unless: body.unless };
}

/** The provision by which the only consent of the patient decided; null: its base. */
export const decidedBy = ({ steps }) => steps[0]?.finding.decides?.provision ?? null;

/** What is not as expected, one line each. */
export function differences(imported, question, { decision, explanation }) {
  const { expected } = question;
  const { consent } = imported.outcome;
  const got = summary(decision);
  const provision =
    expected.provision !== null && typeof expected.provision === 'object'
      ? expected.provision[imported.version]
      : expected.provision;
  const duties = (obligations) => (obligations ?? []).map(({ duty }) => duty);
  const comparisons = {
    decision: [got.decision, expected.decision],
    provision: [decidedBy(explanation), provision],
    obligations: [duties(got.obligations), expected.obligations ?? []],
    unless: [duties(got.unless), expected.unless ?? []],
    basis: [got.basis, expected.decision === 'permit' ? { consent: { consent, version: 1 } } : undefined],
    reason: [got.reason, expected.decision === 'deny' ? expected.reason ?? { consentDenies: consent } : undefined],
    explanation: [explanation.decision, decision],
  };
  return Object.entries(comparisons)
    .map(([what, [is, should]]) => [what, JSON.stringify(is), JSON.stringify(should)])
    .filter(([, is, should]) => is !== should)
    .map(([what, is, should]) => `${what}: ${is}, expected ${should}`);
}
