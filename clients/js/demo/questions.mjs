// HL7's published Consent examples, what is asked of each, and what the answer has to be.
//
// The answers were worked out by hand from the documents:
//
// - `decision` (R5) is the base, and each provision is an exception to what it is nested in; the
//   deepest provision that matches decides. R4 has a base policy (OPTIN, OPTOUT) and one root rule,
//   mostly without a type, which the examples use in two opposite senses: `root` says which.
// - The actor CST is the custodian: the provision is about data that this organisation holds. PRCP
//   is the recipient.
// - Content that a question does not name does not turn the answer around. It becomes an obligation
//   of a permit (`redact`: leave it out; `only`: give nothing else) or a hint of a denial (`unless`).
// - Emergencies need a live credential. Nobody has one on this chain yet, so ETREAT and BTG are
//   denied whatever the patient says.
//
// An R4 example and its R5 twin share their questions and have to agree. `only` marks what is asked
// of one of them, because there the two documents themselves differ.

/** Stands for the organisation that the document at hand names as the custodian. */
export const CUSTODIAN = Symbol('the custodian');
/** Stands for the record that the document at hand names. */
export const RECORD = Symbol('the record');

const BURGERS = 'Organization/f001';
const ARTIS = 'Organization/f201';
const BLIJDORP = 'Organization/f203';

const hospital = { org: BURGERS };
const clinician = { org: BURGERS, practitioner: 'Practitioner/f002' };
const carla = { org: BURGERS, practitioner: 'Practitioner/f204' };
const simone = { org: BLIJDORP, practitioner: 'Practitioner/f007' };
const otherHospital = { org: ARTIS };

const access = { action: 'access', purpose: 'TREAT' };
/** Within the half hour of the SMART launch. */
const launch = { at: '2016-06-23T07:15:00Z' };
/** When it is asked, where nothing depends on it. */
const ANY_TIME = '2019-06-01T12:00:00Z';

const permit = (provision, obligations = []) => ({ decision: 'permit', provision, obligations });
const deny = (provision, unless = []) => ({ decision: 'deny', provision, unless });
const notCredentialed = { decision: 'deny', provision: null, unless: [], reason: 'notCredentialed' };

/** Nothing has to decide but the base. */
const BASE = null;

/** One question: who would receive what, why and when, and the answer. */
const ask = (who, what, expected) => ({ who, at: ANY_TIME, ...access, ...what, expected });

/** A question for one version, because the twins differ there. */
const only = (version, question) => ({ ...question, only: version });

/** What is asked of data that a custodian holds: there, elsewhere, and where nobody says. */
const heldBy = (elsewhere, there, away, unsaid) => [
  ask(hospital, { data: [{ heldBy: CUSTODIAN }] }, there),
  ask(hospital, { data: [{ heldBy: elsewhere }] }, away),
  ask(hospital, {}, unsaid),
];

export const examples = [
  {
    name: 'basic',
    R5: {},
    R4: { root: 'context' },
    questions: [
      ask(hospital, { at: '2015-06-01T12:00:00Z' }, permit(0)),
      ask(clinician, { at: '2015-06-01T12:00:00Z', classes: ['Observation'], labels: ['R'] }, permit(0)),
      ask(hospital, { at: '2020-01-01T00:00:00Z' }, deny(BASE)),
      // A FHIR period includes its end: all of the day that is written.
      only('R5', ask(hospital, { at: '2019-01-01T23:59:59.999Z' }, permit(0))),
      only('R5', ask(hospital, { at: '2019-01-02T00:00:00Z' }, deny(BASE))),
      only('R4', ask(hospital, { at: '2016-01-01T23:59:59.999Z' }, permit(0))),
      only('R4', ask(hospital, { at: '2016-01-02T00:00:00Z' }, deny(BASE))),
    ],
  },
  {
    name: 'Out',
    R5: { custodian: BURGERS },
    R4: { custodian: BURGERS, root: 'context' },
    questions: [
      ...heldBy(ARTIS, deny(0), permit(BASE), permit(BASE, ['redact'])),
      ask(otherHospital, { data: [{ heldBy: CUSTODIAN }] }, deny(0)),
    ],
  },
  {
    name: 'Emergency',
    note:
      'The narrative wants all but emergency treatment denied, and the documents say the opposite: ' +
      'in R5 the first provision, an exception to "deny", permits data at the hospital for any ' +
      'purpose, and the nested one takes emergencies out again; in R4 the nested "deny" only ' +
      'repeats the rule around it. The chain does what the documents say.',
    R5: { custodian: ARTIS },
    R4: { custodian: BURGERS, root: 'context' },
    questions: [
      ask(clinician, { data: [{ heldBy: CUSTODIAN }] }, permit({ R5: 0, R4: BASE })),
      ask(clinician, { purpose: 'ETREAT', data: [{ heldBy: CUSTODIAN }] }, notCredentialed),
      ask(clinician, { purpose: 'BTG', data: [{ heldBy: CUSTODIAN }] }, notCredentialed),
      ask(hospital, { purpose: 'ETREAT' }, notCredentialed),
      only('R5', ask(clinician, { data: [{ heldBy: BLIJDORP }] }, deny(BASE))),
      only('R4', ask(clinician, { data: [{ heldBy: BLIJDORP }] }, permit(BASE))),
    ],
  },
  {
    name: 'grantor',
    note: 'In R4 the one who may read is a patient, and the chain knows only members and their staff.',
    R5: { custodian: BLIJDORP, representative: 'Patient/pat1' },
    R4: {
      root: 'exception',
      refused: [{ path: 'Consent.provision.actor[1].reference', reason: /not a `Patient`/ }],
    },
    questions: [
      ask(simone, { purpose: 'PATRQT', data: [{ heldBy: CUSTODIAN }] }, permit(0)),
      ask(simone, { purpose: 'PATRQT', action: 'correct', data: [{ heldBy: CUSTODIAN }] }, deny(BASE)),
      ask(simone, { purpose: 'PATRQT', data: [{ heldBy: BURGERS }] }, deny(BASE)),
      ask(simone, { purpose: 'PATRQT' }, deny(BASE, ['only'])),
      ask(clinician, { purpose: 'PATRQT', data: [{ heldBy: CUSTODIAN }] }, deny(BASE)),
    ],
  },
  {
    name: 'notAuthor',
    note:
      'The narrative speaks of records "authored by" the hospital, the documents of those it is ' +
      'the custodian of (CST). The chain does what the documents say.',
    R5: { custodian: BURGERS },
    R4: { custodian: BURGERS, root: 'exception' },
    questions: heldBy(ARTIS, deny(0), permit(BASE), permit(BASE, ['redact'])),
  },
  {
    name: 'notOrg',
    R5: {},
    R4: {},
    questions: [
      ask(hospital, {}, deny(0)),
      ask(clinician, {}, deny(0)),
      ask(hospital, { action: 'correct' }, deny(0)),
      ask(hospital, { action: 'collect' }, permit(BASE)),
      ask(otherHospital, {}, permit(BASE)),
    ],
  },
  {
    name: 'notThem',
    R5: {},
    R4: { root: 'exception' },
    questions: [
      ask(carla, {}, deny(0)),
      ask(carla, { action: 'correct' }, deny(0)),
      ask(clinician, {}, permit(BASE)),
      ask(hospital, {}, permit(BASE, ['redact'])),
      ask(otherHospital, {}, permit(BASE, ['redact'])),
    ],
  },
  {
    name: 'notThis',
    R5: { record: 'MedicationRequest/medrx0305' },
    R4: { record: 'Task/example3', root: 'exception' },
    questions: [
      ask(hospital, { data: [{ related: RECORD }] }, deny(0)),
      ask(hospital, { data: [{ related: 'Observation/another' }] }, permit(BASE)),
      ask(hospital, { data: [{ related: RECORD }, { related: 'Observation/another' }] }, deny(0)),
      // Whether that record hangs together with it is not said.
      ask(hospital, { data: [{ instance: 'Observation/another' }] }, permit(BASE, ['redact'])),
      ask(hospital, {}, permit(BASE, ['redact'])),
    ],
  },
  {
    name: 'notTime',
    note:
      'The narrative speaks of records from a timeframe (`dataPeriod`), the documents of the time ' +
      'in which nothing may be disclosed (`period`). The chain does what the documents say.',
    R5: {},
    R4: { root: 'exception' },
    questions: [
      ask(hospital, { at: '2014-12-31T23:59:59.999Z' }, permit(BASE)),
      ask(hospital, { at: '2015-01-01T00:00:00Z' }, deny(0)),
      ask(hospital, { at: '2015-02-01T23:59:59.999Z' }, deny(0)),
      ask(hospital, { at: '2015-02-02T00:00:00Z' }, permit(BASE)),
      ask(hospital, { dataPeriod: ['2015-01-10T00:00:00Z', '2015-01-11T00:00:00Z'] }, permit(BASE)),
    ],
  },
  {
    name: 'pkb',
    note:
      'The document says several provisions twice, and among the exceptions to "permit N" is N ' +
      'itself, so that nothing is left to permit. The chain keeps each provision once.',
    R5: {},
    R4: { root: 'exception' },
    questions: [
      // Provisions as kept: 0 permits N, and within it 1 PSY, 2 SPI, 3 N and 4 SEX are denied. Of
      // several exceptions that fit alike, the last is named. A question without a grade (N) leaves
      // open whether 0 applies at all.
      ask(hospital, { labels: ['N'] }, deny(3)),
      ask(hospital, { labels: ['PSY'] }, deny(BASE, ['only', 'redact', 'redact', 'redact'])),
      ask(hospital, { labels: ['N', 'PSY'] }, deny(3)),
      ask(hospital, { labels: ['N', 'SEX'] }, deny(4)),
      ask(hospital, {}, deny(BASE, ['only', 'redact', 'redact', 'redact', 'redact'])),
      ask(otherHospital, { labels: ['N'] }, deny(BASE)),
      ask(hospital, { labels: ['N'], action: 'disclose' }, deny(BASE)),
    ],
  },
  {
    name: 'smartonfhir',
    note:
      'A launch of half an hour, during which only prescriptions may be read. The base is ' +
      '"permit", so before and after it nothing is limited.',
    R5: { representative: 'RelatedPerson/peter' },
    R4: { representative: 'RelatedPerson/peter', root: 'exception' },
    questions: [
      ask(clinician, { ...launch, classes: ['MedicationRequest'] }, permit(1)),
      ask(clinician, { ...launch, classes: ['Observation'] }, deny(0)),
      ask(clinician, { ...launch, classes: ['MedicationRequest', 'Observation'] }, permit(1, ['only'])),
      ask(clinician, launch, deny(0, ['only'])),
      ask(clinician, { at: '2016-06-23T07:02:32.999Z', classes: ['Observation'] }, permit(BASE)),
      ask(clinician, { at: '2016-06-23T07:02:33Z', classes: ['Observation'] }, deny(0)),
      // The end is written in seconds, so the whole of its second is inside.
      ask(clinician, { at: '2016-06-23T07:32:33.999Z', classes: ['Observation'] }, deny(0)),
      ask(clinician, { at: '2016-06-23T07:32:34Z', classes: ['Observation'] }, permit(BASE)),
      only('R5', ask(clinician, { ...launch, action: 'correct', classes: ['MedicationRequest'] }, permit(1))),
      only('R4', ask(clinician, { ...launch, action: 'correct', classes: ['MedicationRequest'] }, deny(0))),
    ],
  },
  {
    name: 'CDA',
    note: 'Whether a document is a CDA is not for the chain to tell.',
    R5: {
      refused: [
        {
          path: 'Consent.provision[0].provision[0].documentType[0]',
          reason: /cannot tell documents apart/,
        },
      ],
    },
    questions: [],
  },
  {
    name: 'signature',
    note: 'The R4 form of the same: a media type where the chain understands resource types.',
    R4: {
      root: 'exception',
      refused: [
        { path: 'Consent.provision.provision[0].class[0]', reason: /must be a code of/ },
      ],
    },
    questions: [],
  },
];
