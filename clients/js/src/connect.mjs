// A connection to a node, from one address.

import { ApiPromise, WsProvider } from '@polkadot/api';

/**
 * Connects and reads the metadata. The connection comes back by itself after the node was away.
 *
 * @param {string} url `ws://127.0.0.1:9944`
 * @param {{retryEvery?: number}} [options] milliseconds between attempts to reconnect
 */
export async function connect(url, { retryEvery = 250 } = {}) {
  const provider = new WsProvider(url, retryEvery);
  // The chain's own JSON-RPC methods are not in polkadot.js: `noInitWarn` keeps it from saying so.
  return ApiPromise.create({ provider, noInitWarn: true, throwOnConnect: true });
}

/** An answer of JSON-RPC that is an error. */
export class RpcFailed extends Error {
  constructor(method, { code, message, data }) {
    const told = typeof data === 'string' ? data : JSON.stringify(data);
    super(`${method}: ${message}${told === undefined ? '' : ` (${told})`}`);
    this.name = 'RpcFailed';
    this.code = code;
    this.data = data;
  }
}

/**
 * Calls a JSON-RPC method over plain HTTP, as `curl` does.
 *
 * @param {string} http `http://127.0.0.1:9944`
 * @param {string} method `consent_evaluate`
 * @param {...any} params plain JSON
 */
export async function rpc(http, method, ...params) {
  const response = await fetch(http, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
  if (!response.ok) throw new Error(`${method}: HTTP ${response.status} ${await response.text()}`);
  const { result, error } = await response.json();
  if (error) throw new RpcFailed(method, error);
  return result;
}
