// Runs an example as a script, against the node at AXONIC_URL (default: ws://127.0.0.1:9944).

import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { connect } from './connect.mjs';

/** Whether the module at this address is the script that was started. */
export const isMain = (url) =>
  process.argv[1] !== undefined && fileURLToPath(url) === realpathSync(process.argv[1]);

/** Runs `example(api, say)` if its module was started as a script. */
export async function runIfMain(url, example) {
  if (!isMain(url)) return;
  const api = await connect(process.env.AXONIC_URL ?? 'ws://127.0.0.1:9944');
  try {
    await example(api, console.log);
  } finally {
    await api.disconnect();
  }
}
