// What licences, records and disclosures need beside the codes: the shapes that calls take, and a
// patient's accounting with the check that nothing was taken out of it.

import { hexToU8a, u8aConcat, u8aToHex } from '@polkadot/util';
import { blake2AsU8a } from '@polkadot/util-crypto';

import { LABELS, PRIVILEGES, codes } from './codes.mjs';
import { answer } from './reads.mjs';

/** As many entries as a page of an answer has at most. */
const PAGE = 64;

/**
 * What an issuer says of somebody as people and JSON-RPC write it, turned into what calls take.
 *
 * @param {object} terms `{kind: "medicalLicence", privileges: ["Prescribe"], jurisdiction: "US",
 *   validFrom, validUntil, commitment}`
 */
export const licence = ({ privileges, ...rest }) => ({
  ...rest,
  privileges: codes(PRIVILEGES, privileges),
});

/**
 * A record, a correction or a filter as people and JSON-RPC write it, turned into what calls take.
 *
 * @param {object} draft `{class: "Observation", labels: ["N"], commitment, retainUntil?}`
 */
export const labelled = ({ labels, ...rest }) => ({ ...rest, labels: codes(LABELS, labels) });

/** The head of a log after these entries: `blake2_256(head ‖ SCALE(entry))`, one after the other. */
export const fold = (base, entries) =>
  u8aToHex(
    entries.reduce((head, entry) => blake2AsU8a(u8aConcat(head, entry.toU8a())), hexToU8a(base)),
  );

/**
 * The accounting of disclosures: every kept entry about the patient, oldest first within each id
 * that the patient is or was known by.
 */
export async function accounting(api, patient) {
  const entries = [];
  for (let after = null; ; ) {
    const { accountingOfDisclosures } = api.call.auditApi;
    const page = answer(await accountingOfDisclosures(patient, null, null, after, PAGE));
    entries.push(...page);
    if (page.length < PAGE) return entries;
    const last = page.at(-1);
    after = [last.patient, last.entry.sequence];
  }
}

/**
 * The patient's logs, each with the head that its entries in the accounting fold to, which is the
 * log's own if none was changed, put in or taken out.
 *
 * @returns {Promise<{patient: string, head: string, folded: string}[]>}
 */
export async function checkedLogs(api, patient) {
  const entries = await accounting(api, patient);
  const logs = answer(await api.call.auditApi.logsOf(patient));
  return logs.map((log) => {
    const own = entries.filter((one) => one.patient.eq(log.patient)).map(({ entry }) => entry);
    return {
      patient: log.patient.toHex(),
      head: log.head.toHex(),
      folded: fold(log.base.toHex(), own),
    };
  });
}
