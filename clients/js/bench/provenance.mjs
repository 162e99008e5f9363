// What it costs to move medicines, and what the chain keeps of a lot, however large it is.

import { xxhashAsHex } from '@polkadot/util-crypto';

import { licensePartners } from '../examples/license-partners.mjs';
import { commission, packPallet, registerProduct } from '../examples/provenance-story.mjs';
import { DUTIES, codes } from '../src/codes.mjs';
import { dayOf, happened, packs, parties, unit } from '../src/provenance.mjs';
import { now } from '../src/reads.mjs';
import { fund, newKey, randomId, roles } from '../src/roles.mjs';
import { bytesOf, changedKeys, stateUnder } from '../src/state.mjs';
import { found, submit } from '../src/submit.mjs';
import { compareWeights, presign, throughput } from './measure.mjs';

const MILLION = 1_000_000;
const LOTS = [1_000, 100_000, MILLION];
const OPERATORS = 20;
const MOVES_EACH = 150;
const PACKS_A_MOVE = 100;
const YEAR = 365 * 24 * 60 * 60 * 1000;

/** The pallet of the runtime, to be told from those of wood. */
const RUNTIME_PALLET = 'DrugProvenance';
const { maker, wholesaler } = parties;

/** A lot whose serials nobody will ask for. To the chain a root is 32 bytes, whatever is behind it. */
const lotOf = async (api, units) => ({
  number: `B${randomId().slice(2, 10).toUpperCase()}`,
  expiry: dayOf((await now(api)) + YEAR),
  units,
  root: randomId(),
});

/** These things to the wholesaler. */
const draft = (...roots) => ({
  to: wholesaler.org,
  roots,
  transaction: { information: randomId(), statement: true },
  purchaseOrder: randomId(),
  despatchAdvice: randomId(),
});

/** Has these things shipped, and answers with what it was charged for in the end. */
async function ship(api, root) {
  const call = api.tx.drugProvenance.ship(draft(root), await happened(api, maker));
  const { events } = await submit(api, call, maker.staff);
  const { weight } = found(events, api.events.system.ExtrinsicSuccess).dispatchInfo;
  const { actualFee } = found(events, api.events.transactionPayment.TransactionFeePaid);
  return { weight, fee: actualFee };
}

async function shipmentWeights(api) {
  const lot = await commission(api, await lotOf(api, MILLION));
  const { pallet } = await packPallet(api, lot);
  const one = await ship(api, packs(lot, MILLION - 1));
  const many = await ship(api, unit(pallet));
  const { ratio, figures } = compareWeights(many.weight, one.weight);
  console.log(
    `weight of drugProvenance.ship for a pallet of 10000 packs, after dispatch: ${ratio.toFixed(2)} x one pack`,
    `(${figures}; fees ${many.fee} and ${one.fee})`,
  );
}

const asker = (api) => (method, ...params) => api._rpcCore.provider.send(method, params);

/** What the runtime's pallet keeps, as the latest block left it. */
async function kept(api) {
  const at = (await api.rpc.chain.getBlockHash()).toHex();
  return stateUnder(asker(api), xxhashAsHex(RUNTIME_PALLET, 128), at);
}

/** Commissions lots and answers with the number of the last, which is the largest. */
async function lotSizes(api) {
  let lot;
  for (const units of LOTS) {
    const before = await kept(api);
    lot = await commission(api, await lotOf(api, units));
    const after = await kept(api);
    console.log(
      `storage for a lot of ${units} packs behind a root: ${bytesOf(after) - bytesOf(before)} bytes of keys and values`,
      `in ${after.size - before.size} items, with the event and its step`,
    );
  }
  return lot;
}

/** How many items each pallet has among these, by its name: `{System: 4, ..}`. */
function byPallet(api, keys) {
  const names = api.runtimeMetadata.asLatest.pallets.map(({ name }) => name.toString());
  const prefixes = new Map(names.map((name) => [xxhashAsHex(name, 128), name]));
  const counts = {};
  for (const key of keys) {
    const name = prefixes.get(key.slice(0, 34)) ?? 'other';
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

async function recallWrites(api, lot) {
  const recall = async () => {
    const call = api.tx.drugProvenance.recall(lot, 'ClassI');
    return (await submit(api, call, maker.staff)).blockHash;
  };
  const hash = await recall();
  const { parentHash } = await api.rpc.chain.getHeader(hash);
  const state = (at) => stateUnder(asker(api), '0x', at.toHex());
  const changed = changedKeys(await state(parentHash), await state(hash));
  const { [RUNTIME_PALLET]: own, ...rest } = byPallet(api, changed);
  const others = Object.entries(rest).map(([name, count]) => `${name} ${count}`);
  console.log(
    `recall of a lot of ${MILLION} packs: ${own} changed item of this pallet`,
    `(the block, its fee and its author change others: ${others.join(', ')})`,
  );
}

/** Weights and storage, on a node of their own. */
export async function medicines(api) {
  await licensePartners(api);
  await registerProduct(api);
  await shipmentWeights(api);
  await recallWrites(api, await lotSizes(api));
}

/** Enrols people who ship for the maker, as many as sign transfers elsewhere. */
async function operators(api) {
  const staff = Array.from({ length: OPERATORS }, newKey);
  await fund(api, ...staff);
  const until = (await now(api)) + YEAR;
  const { enrolStaff } = api.tx.consortium;
  const duties = codes(DUTIES, ['SupplyOperator']);
  const calls = staff.map(({ address }) => enrolStaff(address, duties, null, until));
  await submit(api, api.tx.utility.batchAll(calls), maker.staff);
  return staff;
}

/** Shipments and transfers a second, signed in advance by the same people. */
export async function unitMoves(api) {
  await licensePartners(api);
  await registerProduct(api);
  const lot = await commission(api, await lotOf(api, MILLION));
  const staff = await operators(api);
  const council = roles.council.address;
  const transfer = () => api.tx.balances.transferKeepAlive(council, 1n);
  const transfers = await presign(api, staff, MOVES_EACH, transfer);
  const transfersPerSecond = await throughput(api, 'transfers', transfers);

  const at = await happened(api, maker);
  const move = (_, i) => {
    const root = packs(lot, i * PACKS_A_MOVE, PACKS_A_MOVE);
    return api.tx.drugProvenance.ship(draft(root), { ...at, hash: randomId() });
  };
  const moves = await presign(api, staff, MOVES_EACH, move);
  const count = async () => (await api.query.drugProvenance.shipmentCounter()).toNumber();
  const before = await count();
  const movesPerSecond = await throughput(api, 'moves', moves);
  const shipped = (await count()) - before;
  if (shipped !== moves.length) throw new Error(`${shipped} of ${moves.length} moves were made`);
  console.log(
    `units moved at 1 s blocks: ${(movesPerSecond / transfersPerSecond).toFixed(2)} x transfers`,
    `(${movesPerSecond.toFixed(0)} and ${transfersPerSecond.toFixed(0)} a second, ${moves.length} presigned each;`,
    `a unit is ${PACKS_A_MOVE} loose packs here, shipped by a transaction of its own)`,
  );
}
