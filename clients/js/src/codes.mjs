// The closed code systems of the chain.
//
// JSON-RPC speaks in published codes ("TREAT"). SCALE, which transactions and runtime APIs use, has
// an index for one code and a bit for each code of a set; the metadata does not say which bit is
// whose, so the order is here. It never changes: `test/rpc-mirror*.test.mjs` read every set back
// through JSON-RPC and compare.

/** What somebody does with data (FHIR R5 `consentaction`). */
export const ACTIONS = ['collect', 'access', 'use', 'disclose', 'correct'];

/** Why somebody needs data (HL7 v3 `PurposeOfUse`). */
export const PURPOSES = [
  'TREAT', 'ETREAT', 'BTG', 'CAREMGT', 'HPAYMT', 'HOPERAT', 'HRESCH', 'CLINTRCH', 'PUBHLTH', 'HMARKT',
  'PATRQT', 'FAMRQT', 'PWATRNY', 'SUPNWK', 'HLEGAL', 'HACCRED', 'HQUALIMP', 'DISASTER', 'THREAT',
];

/** Security labels (HL7 v3 `Confidentiality` and sensitivity codes of `ActCode`). */
export const LABELS = [
  'U', 'L', 'M', 'N', 'R', 'V', 'ETH', 'HIV', 'PSY', 'SDV', 'SEX', 'SPI', 'BH', 'GDIS', 'MH',
  'OPIOIDUD', 'ETHUD', 'SUD', 'SICKLE', 'STD', 'TBOO', 'VIO', 'PSYTHPN', 'CEL', 'EMP',
];

/** What kind of agreement a consent is (FHIR R4 `consentscope`). */
export const SCOPES = ['treatment', 'patient-privacy', 'research', 'adr'];

/** What an organisation does in the consortium. */
export const ROLES = [
  'Provider', 'Payer', 'Manufacturer', 'Repackager', 'Wholesaler', 'LogisticsProvider', 'Pharmacy',
  'Laboratory', 'Regulator', 'LicensingBoard', 'Sponsor', 'ResearchInstitute', 'DeviceMaker',
  'PatientAdvocate',
];

/** What a member of staff may do for the organisation. */
export const DUTIES = [
  'Registrar', 'Clinician', 'Pharmacist', 'SupplyOperator', 'ClaimsOfficer', 'RecordsOfficer',
  'PrivacyOfficer', 'DataSteward', 'DeviceManager', 'TrialOfficer', 'Auditor',
];

/** What a patient's key is for. */
export const KEY_PURPOSES = ['Authentication', 'Consent', 'KeyAgreement', 'Recovery'];

/** What a representative may do for a patient. */
export const POWERS = ['Consent', 'Access', 'Correspond', 'Identity'];

/** What a credential allows its holder to do. */
export const PRIVILEGES = [
  'Prescribe', 'PrescribeScheduleII', 'PrescribeScheduleIII', 'PrescribeScheduleIV', 'PrescribeScheduleV',
  'Dispense', 'EmergencyAccess', 'Review', 'Investigate',
];

/** What an organisation is licensed to do with medicines (21 USC 360eee). */
export const LICENCES = [
  'Manufacturer', 'Repackager', 'Wholesaler', 'LogisticsProvider', 'Dispenser', 'Exporter',
];

/** How packs of medicine leave the chain: what a lot's `fates` count, in this order. */
export const FATES = [
  'dispensed', 'exported', 'sampled', 'destroyed', 'stolen', 'decommissioned', 'transformed',
];

/** Why a record must not be erased (GDPR Art. 17 and 18, and others). */
export const LEGAL_BASES = [
  'freedom-of-expression', 'legal-obligation', 'public-health', 'archiving-or-research', 'legal-claims',
  'litigation', 'investigation', 'subject-request',
];

/**
 * The index of one code, as SCALE has it.
 *
 * @param {string[]} system one of the lists above
 * @param {string} code
 */
export function code(system, code) {
  const index = system.indexOf(code);
  if (index < 0) throw new RangeError(`\`${code}\` is not one of ${system.join(', ')}`);
  return index;
}

/**
 * A set of codes, as SCALE has it. Where a set narrows something, the empty set means "any".
 *
 * @param {string[]} system one of the lists above
 * @param {string[]} codes
 * @returns {{bits: number}}
 */
export const codes = (system, codes = []) => ({
  bits: codes.reduce((bits, one) => (bits | (1 << code(system, one))) >>> 0, 0),
});

/** The published codes of a set that SCALE gave. */
export const published = (system, { bits }) =>
  system.filter((_, bit) => (Number(bits) >>> bit) & 1);

/**
 * A query as people and JSON-RPC write it, turned into the one that runtime APIs take.
 *
 * @param {object} query `{recipient: {org, practitioner?}, action: "access", purpose: "TREAT", labels?, ...}`
 */
export const accessQuery = ({ action, purpose, labels, ...rest }) => ({
  ...rest,
  action: code(ACTIONS, action),
  purpose: code(PURPOSES, purpose),
  labels: codes(LABELS, labels),
});

/**
 * Consent terms as people and JSON-RPC write them, turned into those that calls take.
 *
 * @param {object} terms `{scope: "patient-privacy", decision: "permit", period?, provisions?: [...]}`
 */
export const terms = ({ scope, provisions = [], ...rest }) => ({
  ...rest,
  scope: code(SCOPES, scope),
  provisions: provisions.map(({ actions, purposes, labels, ...provision }) => ({
    ...provision,
    actions: codes(ACTIONS, actions),
    purposes: codes(PURPOSES, purposes),
    labels: codes(LABELS, labels),
  })),
});
