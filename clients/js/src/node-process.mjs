// Starts a real `axonic-node` and stops it again.
//
// Nothing here waits for a guessed time: readiness is what the node itself prints, the end is its
// exit. Every timer is a deadline after which waiting fails.

import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** How long a node may take to start or to stop before that counts as a failure, milliseconds. */
export const DEADLINE = 120_000;

const LINES_KEPT = 200;

/** How Rust's runtime says that a thread of the node itself panicked. */
const PANIC = /thread '.*' panicked/i;

/** Where cargo puts what it builds, if nothing says otherwise. */
function built(name) {
  const target = process.env.CARGO_TARGET_DIR || join(homedir(), '.cache', 'axonic', 'target');
  return join(target, 'release', name);
}

/** The path of the node: `AXONIC_NODE`, or the release build. */
export const nodeBinary = () => process.env.AXONIC_NODE || built('axonic-node');

/** The path of the gateway: `AXONIC_GATEWAY`, or the release build. */
export const gatewayBinary = () => process.env.AXONIC_GATEWAY || built('axonic-gateway');

/** An example of the gateway, as `make bench` builds them. */
export const exampleBinary = (name) => built(join('examples', name));

/** Children that are still alive, so that none outlives this process. */
const alive = new Set();
process.on('exit', () => alive.forEach((child) => child.kill('SIGKILL')));

function launch(binary, args, options) {
  const child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  alive.add(child);
  child.once('exit', () => alive.delete(child));
  return child;
}

/**
 * Runs a program to its end, whatever that is. Throws if it cannot be started or takes too long.
 *
 * @param {string} binary
 * @param {string[]} args
 * @param {{deadline?: number, env?: object}} [options]
 * @returns {Promise<{code: number|null, signal: string|null, stdout: Buffer, stderr: string}>}
 */
export async function run(binary, args, { deadline = DEADLINE, env = process.env } = {}) {
  const signal = AbortSignal.timeout(deadline);
  const child = launch(binary, args, { env, signal, killSignal: 'SIGKILL' });
  const stdout = [];
  const stderr = [];
  child.stdout.on('data', (data) => stdout.push(data));
  child.stderr.on('data', (data) => stderr.push(data));
  try {
    // `close` comes after both streams have ended.
    const [code, killed] = await once(child, 'close');
    const said = { stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() };
    return { code, signal: killed, ...said };
  } catch (cause) {
    const why = signal.aborted ? `not done within ${deadline} ms` : cause.message;
    const said = Buffer.concat(stderr).toString();
    throw new Error(`${binary} ${args.join(' ')}: ${why}\n${said}`, { cause });
  }
}

/** A node that runs, and what it prints. Emits `line` for each line and `exit` once. */
export class NodeProcess extends EventEmitter {
  #child;
  #lines = [];
  #exited;

  /** Lines that tell of a panic, for as long as the node runs. */
  panics = [];

  /**
   * Starts a development node and waits until it answers JSON-RPC.
   *
   * @param {object} [options]
   * @param {string} [options.sealing] `instant`, `manual`, or milliseconds between blocks
   * @param {string} [options.basePath] where to keep the chain; without it, the chain is forgotten
   * @param {number} [options.port] JSON-RPC port; 0 lets the system choose
   * @param {string[]} [options.args] more arguments
   * @param {number} [options.deadline] milliseconds
   * @returns {Promise<NodeProcess>}
   */
  static async start(options = {}) {
    const { sealing = 'instant', basePath, port = 0, args = [], deadline = DEADLINE } = options;
    const node = new NodeProcess([
      '--dev',
      ...['--sealing', String(sealing)],
      ...['--rpc-port', String(port)],
      ...(basePath ? ['--base-path', basePath] : []),
      ...args,
    ]);
    await node.#ready(deadline);
    return node;
  }

  constructor(args) {
    super();
    this.setMaxListeners(0);
    this.args = args;
    this.#child = launch(nodeBinary(), args);
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => this.#heard(line));
    }
    this.#exited = new Promise((resolve) => {
      this.#child.once('exit', (code, signal) => resolve({ code, signal }));
      this.#child.once('error', (error) => resolve({ code: null, signal: null, error }));
    });
    this.#exited.then((end) => this.emit('exit', end));
  }

  /** The address for WebSocket clients. */
  get url() {
    return `ws://127.0.0.1:${this.port}`;
  }

  /** The address for HTTP clients. */
  get http() {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The last lines the node printed. */
  get output() {
    return this.#lines.join('\n');
  }

  /** The first line that matches, now or later. */
  async line(pattern, deadline = DEADLINE) {
    const heard = this.#lines.find((line) => pattern.test(line));
    if (heard !== undefined) return heard;
    const { promise, resolve, reject } = deferred();
    const listen = (line) => pattern.test(line) && resolve(line);
    const fail = (what) => reject(new Error(`the node ${what} ${pattern}:\n${this.output}`));
    const gone = ({ code, signal, error }) =>
      fail(`ended (${error ?? signal ?? code}) before it said`);
    const late = setTimeout(() => fail(`did not say within ${deadline} ms`), deadline);
    this.on('line', listen);
    this.#exited.then(gone);
    try {
      return await promise;
    } finally {
      clearTimeout(late);
      this.off('line', listen);
    }
  }

  /** Asks the node to stop, as a service manager does, and waits until it has. */
  async stop(deadline = DEADLINE) {
    return this.#end('SIGTERM', deadline);
  }

  /** Kills the node as a power cut does, and waits until it is gone. */
  async kill(deadline = DEADLINE) {
    return this.#end('SIGKILL', deadline);
  }

  async #end(signal, deadline) {
    this.#child.kill(signal);
    const { promise, reject } = deferred();
    const late = setTimeout(() => {
      this.#child.kill('SIGKILL');
      reject(new Error(`the node did not end in ${deadline} ms after ${signal}:\n${this.output}`));
    }, deadline);
    try {
      return await Promise.race([this.#exited, promise]);
    } finally {
      clearTimeout(late);
    }
  }

  async #ready(deadline) {
    try {
      const line = await this.line(/Running JSON-RPC server: addr=/, deadline);
      const address = /127\.0\.0\.1:(\d+)/.exec(line);
      if (!address) throw new Error(`the node does not listen on 127.0.0.1: ${line}`);
      this.port = Number(address[1]);
    } catch (error) {
      await this.kill();
      throw error;
    }
  }

  #heard(line) {
    if (PANIC.test(line)) this.panics.push(line);
    this.#lines.push(line);
    if (this.#lines.length > LINES_KEPT) this.#lines.shift();
    this.emit('line', line);
  }
}

function deferred() {
  let resolve, reject;
  const promise = new Promise((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
