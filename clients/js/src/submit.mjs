// Sends transactions, waits for the block they are in, and says by name what went wrong.

/** A transaction that got into a block and failed there, or never got into one. */
export class CallFailed extends Error {
  /** @param {string} name `Consent.NotGrantor`  @param {string} docs what to do about it */
  constructor(name, docs, blockHash) {
    super(docs ? `${name}: ${docs}` : name);
    this.name = 'CallFailed';
    this.error = name;
    this.docs = docs;
    this.blockHash = blockHash;
  }
}

/**
 * The name of a dispatch error and the sentence its pallet has for it.
 *
 * @returns {{name: string, docs: string}} `{name: "Consent.NotGrantor", docs: "The signer ..."}`
 */
export function explain(api, dispatchError) {
  if (!dispatchError.isModule) {
    const inner = dispatchError.value;
    const name = inner?.type ? `${dispatchError.type}.${inner.type}` : dispatchError.type;
    return { name, docs: dispatchError.isOther ? String(inner) : '' };
  }
  const { index } = dispatchError.asModule;
  const pallet = api.runtimeMetadata.asLatest.pallets.find((pallet) => pallet.index.eq(index));
  const { name, docs } = api.registry.findMetaError(dispatchError.asModule);
  return { name: `${pallet.name}.${name}`, docs: docs.join(' ').trim() };
}

/**
 * Signs a call, sends it, and waits until it is in a block.
 *
 * @param {ApiPromise} api
 * @param {SubmittableExtrinsic} call for example `api.tx.consent.withdraw(patient, consent)`
 * @param {KeyringPair} signer
 * @param {{nonce?: number}} [options] the account's next nonce if there is none
 * @returns {Promise<{blockHash: Hash, events: Event[]}>}
 * @throws {CallFailed} by name, if the chain refuses it
 */
export async function submit(api, call, signer, { nonce = -1 } = {}) {
  const result = await included(api, (status) => call.signAndSend(signer, { nonce }, status));
  // polkadot.js throws if it is asked for the other one.
  const { status } = result;
  const blockHash = status.isInBlock ? status.asInBlock : status.asFinalized;
  if (result.dispatchError) {
    const { name, docs } = explain(api, result.dispatchError);
    throw new CallFailed(name, docs, blockHash);
  }
  return { blockHash, events: result.events.map(({ event }) => event) };
}

/** Resolves with the first status that has a block. */
function included(api, send) {
  return new Promise((resolve, reject) => {
    let stop;
    let ended = false;
    const end = (settle, value) => {
      ended = true;
      api.off('disconnected', lost);
      stop?.();
      settle(value);
    };
    // The subscription to a transaction is not taken up again after a reconnection.
    const lost = () =>
      end(reject, new Error('the connection was lost before the transaction was in a block'));
    api.on('disconnected', lost);
    const heard = (result) => {
      const { status } = result;
      if (ended) return;
      if (result.internalError) end(reject, result.internalError);
      else if (status.isInBlock || status.isFinalized) end(resolve, result);
      else if (result.isError) end(reject, new CallFailed(`Transaction.${status.type}`));
    };
    send(heard).then(
      (unsubscribe) => (ended ? unsubscribe() : (stop = unsubscribe)),
      (error) => end(reject, error),
    );
  });
}

/**
 * The data of the first event of a kind, by field name.
 *
 * @param {Event[]} events
 * @param {object} kind for example `api.events.consent.Granted`
 */
export function found(events, kind) {
  const event = events.find((event) => kind.is(event));
  if (!event) {
    const seen = events.map(({ section, method }) => `${section}.${method}`);
    throw new Error(`no ${kind.meta.name} among ${seen.join(', ')}`);
  }
  return Object.fromEntries(event.data.names.map((name, i) => [name, event.data[i]]));
}
