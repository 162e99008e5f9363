// The regulator lets a pharmacist dispense medicines, and a maker, a wholesaler and a pharmacy trade
// in them.
//
//   node examples/license-partners.mjs

import { LICENCES, codes } from '../src/codes.mjs';
import { runIfMain } from '../src/example.mjs';
import { parties } from '../src/provenance.mjs';
import { licence } from '../src/records.mjs';
import { now } from '../src/reads.mjs';
import { decide, orgs, randomId, roles } from '../src/roles.mjs';
import { submit } from '../src/submit.mjs';

const YEAR = 365 * 24 * 60 * 60 * 1000;

/** Whether the pharmacist may dispense, and by which credential. */
async function pharmacistLicence(api) {
  const { explain } = api.call.credentialsApi;
  return (await explain(roles.pharmacist.address, 'Dispense', 'US', null)).answer;
}

/** The council lets the regulator license pharmacists, and the regulator licenses this one. */
async function licensePharmacist(api) {
  await decide(api, api.tx.credentials.accredit(orgs.regulator, 'PharmacistLicence', 'US'));
  const time = await now(api);
  const says = licence({
    kind: 'pharmacistLicence',
    privileges: ['Dispense'],
    jurisdiction: 'US',
    validFrom: time - YEAR,
    validUntil: time + YEAR,
    // To the W3C verifiable credential, which the pharmacist keeps.
    commitment: randomId(),
  });
  await submit(api, api.tx.credentials.issue(roles.pharmacist.address, says), roles.auditor);
}

export async function licensePartners(api, say = () => {}) {
  if ((await pharmacistLicence(api)).isDenied) await licensePharmacist(api);
  const licensed = await pharmacistLicence(api);
  say(`The pharmacist may dispense: ${licensed.asLicensed.credential}.`);

  const until = (await now(api)) + YEAR;
  for (const [name, { org, gln, licences }] of Object.entries(parties)) {
    // For whom is licensed already, this changes what for and until when.
    const { authorisePartner } = api.tx.drugProvenance;
    const call = authorisePartner(org, gln, codes(LICENCES, licences), until);
    await submit(api, call, roles.auditor);
    say(`The regulator licensed the ${name}, whose location number is ${gln}: ${licences}.`);
  }
  return licensed;
}

await runIfMain(import.meta.url, licensePartners);
