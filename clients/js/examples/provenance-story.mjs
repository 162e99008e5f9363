// A million packs of a medicine: made, packed, shipped, counted, scanned, dispensed, recalled.
//
//   node examples/provenance-story.mjs
//
// The maker keeps the serials and their tree. The chain sees the root of it, and of a pack its own
// serial once somebody handles it alone.

import { commit } from '../src/commitments.mjs';
import { runIfMain } from '../src/example.mjs';
import {
  dataMatrix, dayOf, digitalLink, happened, packs, packsByOrg, parties, serialTree, sscc, unit, verifyPack,
  whereIsLot,
} from '../src/provenance.mjs';
import { answer, now } from '../src/reads.mjs';
import { orgs, randomId } from '../src/roles.mjs';
import { CallFailed, found, submit } from '../src/submit.mjs';
import { licensePartners } from './license-partners.mjs';

/** The medicine, in its package size. */
export const GTIN = '00614141123452';

const YEAR = 365 * 24 * 60 * 60 * 1000;
const PACKS_A_CASE = 100;
const CASES = 100;
/** As many calls as go into one transaction here. */
const CALLS_AT_ONCE = 20;

const { maker, wholesaler, pharmacy } = parties;

/** The maker registers the product, unless it did so before. */
export async function registerProduct(api) {
  const known = answer(await api.call.provenanceApi.product(GTIN));
  if (known.isNone) await submit(api, api.tx.drugProvenance.registerProduct(GTIN, null), maker.staff);
}

/**
 * A lot as the maker's line prints it: number, expiry, and a serial for each pack. These serials
 * tell packs apart; real ones must also be hard to guess (EU 2016/161 Art. 4(c)).
 */
export async function printLot(api, units) {
  const number = `L${randomId().slice(2, 10).toUpperCase()}`;
  const serial = (_, i) => `${number}${i.toString(36).toUpperCase().padStart(4, '0')}`;
  const serials = Array.from({ length: units }, serial);
  const { root, prove } = serialTree(GTIN, serials);
  const expiry = dayOf((await now(api)) + 2 * YEAR);
  const claim = (pack) => ({ gtin: GTIN, serial: serials[pack], lot: number, expiry });
  return { number, expiry, units, root, prove, claim };
}

/** Commissions all packs of a lot, in one call however many they are. Answers with its number. */
export async function commission(api, { number, expiry, units, root }) {
  const draft = { gtin: GTIN, number, expiry, units, serialRoot: root };
  const call = api.tx.drugProvenance.commissionLot(draft, await happened(api, maker));
  const { events } = await submit(api, call, maker.staff);
  return found(events, api.events.drugProvenance.LotCommissioned).lot.toNumber();
}

/** Ships to the next owner, with what the law wants to accompany that. */
export async function ship(api, from, to, roots) {
  const draft = {
    to: to.org,
    roots,
    transaction: { information: commit(randomId(), 'the invoice'), statement: true },
    purchaseOrder: commit(randomId(), 'its number'),
    despatchAdvice: commit(randomId(), 'its number'),
  };
  const call = api.tx.drugProvenance.ship(draft, await happened(api, from));
  const { events } = await submit(api, call, from.staff);
  return found(events, api.events.drugProvenance.Shipped).shipment.toNumber();
}

/** Receives a shipment. Answers with the block that it was received in. */
export async function receive(api, to, shipment, { missing = [], extra = [] } = {}) {
  const { receive } = api.tx.drugProvenance;
  const call = receive(shipment, missing, extra, await happened(api, to));
  return (await submit(api, call, to.staff)).blockHash.toHex();
}

/** What the chain says when it refuses. */
async function refused(attempt) {
  try {
    await attempt;
  } catch (failure) {
    if (!(failure instanceof CallFailed)) throw failure;
    return failure;
  }
  throw new Error('it was not refused');
}

/** The maker puts the first 10,000 packs into cases, and these onto a pallet. */
export async function packPallet(api, lot, say = () => {}) {
  const { aggregate } = api.tx.drugProvenance;
  const first = Math.floor(Math.random() * 999_999_000);
  const cases = Array.from({ length: CASES }, (_, i) => sscc(first + i));
  const pallet = sscc(first + CASES);
  const packed = await happened(api, maker);
  const calls = cases.map((sscc, i) =>
    // Each case is an event of its own.
    aggregate({ sscc }, [packs(lot, i * PACKS_A_CASE, PACKS_A_CASE)], { ...packed, hash: randomId() }),
  );
  while (calls.length) {
    await submit(api, api.tx.utility.batchAll(calls.splice(0, CALLS_AT_ONCE)), maker.staff);
  }
  const stacked = aggregate({ sscc: pallet }, cases.map(unit), await happened(api, maker));
  await submit(api, stacked, maker.staff);
  say(`The maker packed ${CASES} cases of ${PACKS_A_CASE} onto the pallet ${pallet}.`);
  return { cases, pallet };
}

/** The pallet goes to the wholesaler, where two packs are missing. */
async function deliverPallet(api, lot, pallet, say) {
  const shipment = await ship(api, maker, wholesaler, [unit(pallet)]);
  const missing = [packs(lot, 150), packs(lot, 4_321)];
  await receive(api, wholesaler, shipment, { missing });
  const { discrepancies } = api.call.provenanceApi;
  const open = await discrepancies(shipment);
  say(`The wholesaler received the pallet, but for ${open.length} packs.`);

  const { resolveDiscrepancy } = api.tx.drugProvenance;
  const resolve = async (number, resolution, party) =>
    submit(api, resolveDiscrepancy(shipment, number, resolution, await happened(api, party)), party.staff);
  await resolve(0, 'Found', wholesaler);
  await resolve(1, 'NotShipped', maker);
  const resolved = await discrepancies(shipment);
  const ends = resolved.map(([number, { resolution }]) => `${number} ${resolution}`);
  say(`How that ended: ${ends.join(', ')}.`);
  return { shipment, open, resolved };
}

/** The wholesaler takes a case off the pallet, and ships it to the pharmacy. */
async function deliverCase(api, pallet, sscc, say) {
  const { disaggregate } = api.tx.drugProvenance;
  const unpacked = disaggregate({ sscc: pallet }, [unit(sscc)], await happened(api, wholesaler));
  await submit(api, unpacked, wholesaler.staff);
  const shipment = await ship(api, wholesaler, pharmacy, [unit(sscc)]);
  const block = await receive(api, pharmacy, shipment);
  say(`The pharmacy received the case ${sscc}.`);
  return { shipment, block };
}

/** The pharmacist scans packs of the case and dispenses them. One was copied, one is not real. */
async function dispense(api, { claim, prove }, say) {
  const { dispense, raiseAlert, undo } = api.tx.drugProvenance;
  const [pack, other, returned] = [700, 701, 702];
  const hand = async (claim, proof) =>
    submit(api, dispense(claim, proof, await happened(api, pharmacy)), pharmacy.staff);

  const scans = { dataMatrix: dataMatrix(claim(pack)), digitalLink: digitalLink(claim(pack)) };
  const proof = prove(pack);
  const unproven = await verifyPack(api, scans.dataMatrix);
  const authentic = await verifyPack(api, scans.dataMatrix, proof);
  const linked = await verifyPack(api, scans.digitalLink, proof);
  say(`The scanner says ${unproven.verdict}; with the proof from the maker, ${authentic.verdict}.`);

  await hand(claim(pack), proof);
  const gone = await verifyPack(api, scans.dataMatrix);
  const again = await refused(hand(claim(pack), proof));
  say(`Dispensed. A second time: ${again.message}`);

  const forged = { ...claim(other), serial: 'ABC123' };
  const counterfeit = await refused(hand(forged, prove(other)));
  say(`A counterfeit: ${counterfeit.message}`);
  const alarm = raiseAlert(forged, prove(other), await happened(api, pharmacy));
  const raised = await submit(api, alarm, pharmacy.staff);
  const { alert } = found(raised.events, api.events.drugProvenance.AlertRaised);
  say(`The pharmacist raised the alert ${alert}.`);

  // Nobody came for it, so it goes back on the shelf: it never left the pharmacy.
  await hand(claim(returned), prove(returned));
  const putBack = undo(claim(returned), null, false, await happened(api, pharmacy));
  await submit(api, putBack, pharmacy.staff);
  const shelved = await verifyPack(api, dataMatrix(claim(returned)));
  say(`A pack that nobody came for is ${shelved.verdict} again.`);
  const sent = { pack, proof, scans, unproven, authentic, linked, gone, again };
  return { ...sent, forged, counterfeit, alert: alert.toNumber(), returned, shelved };
}

/** The pharmacy asks the maker about a pack, and is answered. */
async function ask(api, claim, say) {
  const { requestVerification, answerVerification } = api.tx.drugProvenance;
  const asked = await submit(api, requestVerification(claim), pharmacy.staff);
  const { verification } = found(asked.events, api.events.drugProvenance.VerificationRequested);
  // It has 24 hours.
  const overdue = await api.call.provenanceApi.overdueVerifications(orgs.maker, null, 64);
  const told = await submit(api, answerVerification(verification, 'Verified'), maker.staff);
  const answered = found(told.events, api.events.drugProvenance.VerificationAnswered);
  say(`The maker was asked about ${claim.serial} and answered: ${answered.answer}.`);
  return { verification: verification.toNumber(), overdue, answer: answered.answer };
}

/** The maker takes the lot back, wherever it is. */
async function recall(api, lot, { number, claim, prove }, pallet, say) {
  const { recall, returnTo } = api.tx.drugProvenance;
  const { blockHash } = await submit(api, recall(lot, 'ClassII'), maker.staff);
  const { holders, fates } = await whereIsLot(api, GTIN, number);
  for (const { org, site, packs } of holders) {
    say(`Recalled: organisation ${org} has ${packs} packs at its premises ${site}.`);
  }
  const scanned = await verifyPack(api, dataMatrix(claim(703)), prove(703));
  const onward = await refused(ship(api, wholesaler, pharmacy, [unit(pallet)]));
  say(`The wholesaler cannot ship the pallet: ${onward.message}`);

  const draft = { to: orgs.maker, roots: [unit(pallet)] };
  const back = returnTo(draft, await happened(api, wholesaler));
  const { events } = await submit(api, back, wholesaler.staff);
  const shipment = found(events, api.events.drugProvenance.Shipped).shipment.toNumber();
  const returning = (await whereIsLot(api, GTIN, number)).holders;
  await receive(api, maker, shipment);
  const returned = packsByOrg((await whereIsLot(api, GTIN, number)).holders);
  say(`It goes back. Now the maker has ${returned[orgs.maker]} packs.`);
  return { block: blockHash.toHex(), holders, fates, scanned, onward, returning, returned };
}

export async function provenanceStory(api, say = () => {}, { units = 1_000_000 } = {}) {
  const licensed = await licensePartners(api, say);
  await registerProduct(api);
  const printed = await printLot(api, units);
  const lot = await commission(api, printed);
  say(`The maker commissioned ${units} packs in one call: lot ${printed.number}, root ${printed.root}.`);
  const { cases, pallet } = await packPallet(api, lot, say);
  const delivered = await deliverPallet(api, lot, pallet, say);
  const bought = await deliverCase(api, pallet, cases[7], say);
  const dispensed = await dispense(api, printed, say);
  const asked = await ask(api, printed.claim(703), say);
  const recalled = await recall(api, lot, printed, pallet, say);
  return { licensed, ...printed, lot, cases, pallet, delivered, bought, dispensed, asked, recalled };
}

await runIfMain(import.meta.url, provenanceStory);
