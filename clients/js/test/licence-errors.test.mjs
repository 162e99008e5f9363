// Bad input about licences at each door, and what a licence that is not good says when somebody
// breaks the glass with it.

import assert from 'node:assert/strict';
import test from 'node:test';

import { registerPatient } from '../examples/register-patient.mjs';
import { DUTIES, ROLES, codes } from '../src/codes.mjs';
import { rpc } from '../src/connect.mjs';
import { answer, evaluate, now } from '../src/reads.mjs';
import { licence } from '../src/records.mjs';
import { decide, fund, newKey, orgs, randomId, roles } from '../src/roles.mjs';
import { CallFailed, found, submit } from '../src/submit.mjs';
import { PATIENCE, answersError, refuses, useNode } from './support.mjs';

const SECOND = 1000;
const DAY = 24 * 60 * 60 * SECOND;
/** How long the licence that runs out is good: enough to be issued, little to wait. */
const SHORT = 6 * SECOND;
const ZERO = `0x${'00'.repeat(32)}`;

const REFUSED = 3001;
const INVALID_PARAMS = -32602;

const board = roles.auditor;

const chain = useNode(async (chain) => {
  const { api } = chain;
  const { accredit } = api.tx.credentials;
  await decide(api, accredit(orgs.regulator, 'MedicalLicence', 'US'));
  await decide(api, accredit(orgs.regulator, 'MedicalLicence', 'FR'));
  await decide(api, accredit(orgs.regulator, 'NursingLicence', 'US'));
  chain.patient = (await registerPatient(api)).patient;
});

/** A licence of a physician, but for the changes. */
async function says(changes = {}) {
  const time = await now(chain.api);
  return licence({
    kind: 'medicalLicence',
    privileges: ['EmergencyAccess'],
    jurisdiction: 'US',
    validFrom: time - DAY,
    validUntil: time + DAY,
    commitment: randomId(),
    ...changes,
  });
}

/** A clinician of the hospital whom nobody licensed yet. */
async function newDoctor() {
  const { api } = chain;
  const doctor = newKey();
  await fund(api, doctor);
  const until = (await now(api)) + DAY;
  const { enrolStaff } = api.tx.consortium;
  const call = enrolStaff(doctor.address, codes(DUTIES, ['Clinician']), null, until);
  await submit(api, call, roles.hospitalAdmin);
  return doctor;
}

/** Has the board issue a licence and answers with its id. */
async function issued(holder, changes) {
  const { api } = chain;
  const call = api.tx.credentials.issue(holder.address, await says(changes));
  const { events } = await submit(api, call, board);
  return found(events, api.events.credentials.Issued).credential.toHex();
}

const breakTheGlass = (doctor) => {
  const { api, patient } = chain;
  return submit(api, api.tx.consent.openBreakGlass(patient, 'LifeThreatening', randomId()), doctor);
};

/** Lets the chain's clock pass an instant. */
async function waitFor(moment) {
  const { api } = chain;
  while ((await now(api)) < moment) {
    await new Promise((resolve) => setTimeout(resolve, Math.max(10, moment - Date.now())));
    await submit(api, api.tx.system.remark('0x'), roles.council);
  }
}

async function refusesEach(t, cases) {
  for (const [error, call, signer] of cases) {
    await t.test(error, () => refuses(submit(chain.api, call, signer), error));
  }
}

test('the council accredits boards, once each, and distrusts no future', PATIENCE, async (t) => {
  const { api } = chain;
  const { accredit, withdrawAccreditation, distrustIssuerFrom } = api.tx.credentials;
  const time = await now(api);
  for (const [error, call] of [
    ['Credentials.NotFound', accredit(4_000_000, 'MedicalLicence', 'US')],
    ['Credentials.NotAnIssuer', accredit(orgs.hospital, 'MedicalLicence', 'US')],
    ['Credentials.InvalidJurisdiction', accredit(orgs.regulator, 'MedicalLicence', 'us')],
    ['Credentials.AlreadyAccredited', accredit(orgs.regulator, 'MedicalLicence', 'US')],
    ['Credentials.NotAccredited', withdrawAccreditation(orgs.regulator, 'DentalLicence', 'US')],
    ['Credentials.NotFound', distrustIssuerFrom(4_000_000, time)],
    ['Credentials.InvalidPeriod', distrustIssuerFrom(orgs.regulator, time + DAY)],
  ]) {
    await t.test(error, () => refuses(decide(api, call), error));
  }
  // Nobody else decides, the board least of all.
  const own = accredit(orgs.regulator, 'DentalLicence', 'US');
  await assert.rejects(submit(api, own, board), (failure) => {
    assert.ok(failure instanceof CallFailed, failure);
    assert.equal(failure.error, 'BadOrigin');
    return true;
  });
});

test('a board issues what it may, to others, once', PATIENCE, async (t) => {
  const { api } = chain;
  const { issue } = api.tx.credentials;
  const time = await now(api);
  const doctor = await newDoctor();
  await issued(doctor);
  const other = newKey().address;
  const unknown = { ...(await says()), privileges: { bits: 2 ** 31 } };
  await refusesEach(t, [
    ['Consortium.RoleMissing', issue(other, await says()), roles.registrar],
    ['Consortium.NotFound', issue(other, await says()), roles.regulatorAdmin],
    ['Credentials.OwnCredential', issue(board.address, await says()), board],
    ['Credentials.AlreadyIssued', issue(doctor.address, await says()), board],
    ['Credentials.NotAccredited', issue(other, await says({ kind: 'dentalLicence', privileges: [] })), board],
    ['Credentials.JurisdictionMismatch', issue(other, await says({ jurisdiction: 'DE' })), board],
    ['Credentials.InvalidPeriod', issue(other, await says({ validUntil: time - 1 })), board],
    ['Credentials.InvalidPeriod', issue(other, await says({ validFrom: time + 2 * DAY })), board],
    ['Credentials.PrivilegeNotGrantable', issue(other, await says({ privileges: ['Investigate'] })), board],
    ['Credentials.PrivilegeNotGrantable', issue(other, unknown), board],
  ]);
});

test('a licence is changed by its issuer, and what is final stays so', PATIENCE, async (t) => {
  const { api } = chain;
  const calls = api.tx.credentials;
  const doctor = await newDoctor();
  const credential = await issued(doctor);
  const time = await now(api);

  // A second board, which has nothing to say about the first one's licences.
  const admin = newKey();
  const roleSet = codes(ROLES, ['LicensingBoard']);
  await decide(api, api.tx.consortium.admit(roleSet, 'US', admin.address, time + DAY, randomId()));
  const clerk = newKey();
  await fund(api, admin, clerk);
  const enrolment = api.tx.consortium.enrolStaff(clerk.address, codes(DUTIES, ['Registrar']), null, time + DAY);
  await submit(api, enrolment, admin);

  await refusesEach(t, [
    ['Credentials.NotFound', calls.suspend(randomId(), null, 'Fraud'), board],
    ['Credentials.NotIssuer', calls.suspend(credential, null, 'Fraud'), clerk],
    ['Credentials.NotIssuer', calls.revoke(credential, 'Fraud'), clerk],
    ['Credentials.ReasonRequired', calls.suspend(credential, null, null), board],
    ['Credentials.ReasonRequired', calls.revoke(credential, null), board],
    ['Credentials.InvalidPeriod', calls.suspend(credential, time - 1, 'Fraud'), board],
    ['Credentials.InvalidPeriod', calls.renew(credential, time + 1, ZERO), board],
    ['Credentials.NotSuspended', calls.reinstate(credential), board],
    ['Credentials.NotHolder', calls.surrender(credential), roles.clinician],
    ['Credentials.NotFound', calls.recordPrimarySourceCheck(randomId(), 'Validated', ZERO), roles.registrar],
  ]);
  await submit(api, calls.suspend(credential, null, 'UnderInvestigation'), board);
  await refusesEach(t, [
    ['Credentials.NotActive', calls.suspend(credential, null, 'Fraud'), board],
    ['Credentials.NotActive', calls.renew(credential, time + 2 * DAY, ZERO), board],
  ]);
  await submit(api, calls.surrender(credential), doctor);
  await refusesEach(t, [
    ['Credentials.RevokedIsFinal', calls.reinstate(credential), board],
  ]);
  // Giving it up does not keep the reason off the record.
  await submit(api, calls.revoke(credential, 'Fraud'), board);
  await refusesEach(t, [
    ['Credentials.RevokedIsFinal', calls.revoke(credential, 'Fraud'), board],
    ['Credentials.RevokedIsFinal', calls.surrender(credential), doctor],
  ]);
});

test('a licence that is not good says why when the glass is broken', PATIENCE, async (t) => {
  const { api } = chain;
  const { suspend, revoke, reinstate } = api.tx.credentials;
  const time = await now(api);
  const refusesTo = async (changes, error) => {
    const doctor = await newDoctor();
    await issued(doctor, changes);
    await refuses(breakTheGlass(doctor), error);
  };
  await t.test('there is none', async () =>
    refuses(breakTheGlass(await newDoctor()), 'Consent.NotCredentialed'));
  await t.test('it does not say so', () =>
    refusesTo({ privileges: ['Prescribe'] }, 'Consent.EmergencyPrivilegeMissing'));
  await t.test('it is for another country', () =>
    refusesTo({ jurisdiction: 'FR' }, 'Consent.JurisdictionMismatch'));
  await t.test('it is not valid yet', () =>
    refusesTo({ validFrom: time + DAY / 2 }, 'Consent.CredentialNotYetValid'));
  await t.test('it has expired', async () => {
    const doctor = await newDoctor();
    const validUntil = Date.now() + SHORT;
    await issued(doctor, { validUntil });
    await waitFor(validUntil);
    await refuses(breakTheGlass(doctor), 'Consent.CredentialExpired');
  });
  await t.test('it is suspended', async () => {
    const doctor = await newDoctor();
    const credential = await issued(doctor);
    await submit(api, suspend(credential, null, 'UnderInvestigation'), board);
    await refuses(breakTheGlass(doctor), 'Consent.CredentialSuspended');
    await submit(api, reinstate(credential), board);
    await breakTheGlass(doctor);
    await refuses(breakTheGlass(doctor), 'Consent.BreakGlassOpen');
  });
  await t.test('it was revoked', async () => {
    const doctor = await newDoctor();
    const credential = await issued(doctor);
    await submit(api, revoke(credential, 'Disciplinary'), board);
    await refuses(breakTheGlass(doctor), 'Consent.CredentialRevoked');
  });
});

test('a back-dated licence is none for the time before it was on record', PATIENCE, async () => {
  const { api, patient } = chain;
  const doctor = await newDoctor();
  const before = await now(api);
  // On paper it has been good since yesterday. Breaking the glass asks about now, so only who asks
  // about then is told.
  await issued(doctor, { validFrom: before - DAY });
  const { explain } = api.call.credentialsApi;
  const then = await explain(doctor.address, 'EmergencyAccess', 'US', before);
  assert.ok(then.answer.asDenied.reason.isBackDated);
  const recipient = { org: orgs.hospital, practitioner: doctor.address };
  const query = { recipient, action: 'access', purpose: 'BTG' };
  const decision = await evaluate(api, patient, query, before);
  assert.ok(decision.asDeny.reason.isCredentialBackDated);
  await breakTheGlass(doctor);
});

test('JSON-RPC says plainly what is wrong with a question about licences', PATIENCE, async (t) => {
  const { node } = chain;
  const { address } = roles.clinician;
  const ask = (method, ...params) => () => rpc(node.http, `credentials_${method}`, ...params);
  const time = await now(chain.api);
  const wanted = {
    kind: 'medicalLicence',
    privileges: ['Prescribe'],
    jurisdiction: 'US',
    validFrom: time,
    validUntil: time + DAY,
    commitment: randomId(),
  };
  const may = (changes, staff = board.address) => ask('explainIssue', staff, address, { ...wanted, ...changes });
  const cases = [
    ['an unknown credential', ask('verify', randomId(), null), REFUSED, /refuses: NotFound/],
    ['who may not issue', may({}, address), REFUSED, /refuses: RoleMissing/],
    ['what may not be issued', may({ kind: 'dentalLicence' }), REFUSED, /refuses: NotAccredited/],
    ['what a kind does not carry', may({ privileges: ['Investigate'] }), REFUSED, /refuses: PrivilegeNotGrantable/],
    ['hexadecimal digits that are none', ask('verify', '0xzz', null), INVALID_PARAMS, /Invalid params \(.+\)/],
    ['an instant below zero', ask('verify', randomId(), -1), INVALID_PARAMS, /Invalid params \(.+\)/],
    ['an unknown privilege', ask('explain', address, 'Fly', 'US', null), INVALID_PARAMS, /unknown variant `Fly`/],
    ['a country of three letters', ask('explain', address, 'Review', 'USA', null), INVALID_PARAMS, /two upper-case/],
    ['an address that is none', ask('credentialsOf', '5GrwvaEF', null, 64), INVALID_PARAMS, /Invalid params \(.+\)/],
    ['an unknown kind', may({ kind: 'poeticLicence' }), INVALID_PARAMS, /unknown variant `poeticLicence`/],
    ['a set with an unknown code', may({ privileges: ['Fly'] }), INVALID_PARAMS, /`Fly` is not a code of privileges/],
    ['a misspelt field', may({ valid: true }), INVALID_PARAMS, /unknown field `valid`/],
  ];
  for (const [what, call, code, told] of cases) {
    await t.test(what, () => answersError(call(), code, told));
  }
});

test('a distrusted board licenses nobody, not even those it has licensed', PATIENCE, async () => {
  const { api } = chain;
  const doctor = await newDoctor();
  const credential = await issued(doctor);
  const { issuedAt } = answer(await api.call.credentialsApi.verify(credential, null)).credential;
  const { distrustIssuerFrom, issue, reinstate, renew } = api.tx.credentials;
  await decide(api, distrustIssuerFrom(orgs.regulator, issuedAt));
  await refuses(breakTheGlass(doctor), 'Consent.IssuerDistrusted');
  await refuses(decide(api, distrustIssuerFrom(orgs.regulator, issuedAt)), 'Credentials.AlreadyDistrusted');
  const other = newKey().address;
  await refuses(submit(api, issue(other, await says()), board), 'Credentials.IssuerDistrusted');
  await refuses(submit(api, reinstate(credential), board), 'Credentials.IssuerDistrusted');
  const later = (await now(api)) + 2 * DAY;
  await refuses(submit(api, renew(credential, later, ZERO), board), 'Credentials.IssuerDistrusted');
});
