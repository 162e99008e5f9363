// The chain's state as it is stored: what a part of it weighs, and what a block changed.

const KEYS_A_PAGE = 1000;
const VALUES_A_PAGE = 100;

/**
 * Every key under a prefix and its value, both in hexadecimal, as a block left them.
 *
 * @param {function} ask `ask(method, ...params)` answers what JSON-RPC does
 * @param {string} prefix in hexadecimal: of a pallet `xxhashAsHex('System', 128)`, of all `0x`
 * @param {string} at the block's hash
 * @returns {Promise<Map<string, string>>}
 */
export async function stateUnder(ask, prefix, at) {
  const keys = [];
  for (let page = null; page === null || page.length === KEYS_A_PAGE; ) {
    page = await ask('state_getKeysPaged', prefix, KEYS_A_PAGE, keys.at(-1) ?? null, at);
    keys.push(...page);
  }
  const pairs = new Map();
  for (let i = 0; i < keys.length; i += VALUES_A_PAGE) {
    const some = keys.slice(i, i + VALUES_A_PAGE);
    const [{ changes }] = await ask('state_queryStorageAt', some, at);
    for (const [key, value] of changes) pairs.set(key, value);
  }
  return pairs;
}

/** The keys whose value is another one in `after` than in `before`, or is in one of them only. */
export const changedKeys = (before, after) =>
  [...new Set([...before.keys(), ...after.keys()])].filter((key) => before.get(key) !== after.get(key));

/** How many bytes keys and values have. */
export const bytesOf = (pairs) =>
  [...pairs].reduce((sum, [key, value]) => sum + (key.length - 2) / 2 + (value.length - 2) / 2, 0);
