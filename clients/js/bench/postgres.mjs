// PostgreSQL, to compare with: a cluster of its own for the time of the measurement.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chown, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

/** Where Debian's package `postgresql-15` has its programs. */
const PROGRAMS = '/usr/lib/postgresql/15/bin';
const DATABASE_USER = 'bench';

/** Whom the server runs as: it refuses to run as root. */
async function owner() {
  if (process.getuid() !== 0) return {};
  const users = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const user = users.find(([known]) => known === name);
    if (user) return { uid: Number(user[2]), gid: Number(user[3]) };
  }
  throw new Error('PostgreSQL does not run as root, and there is no other user to run it as');
}

/** Runs a program of PostgreSQL to its end and answers with what it printed. */
async function run(name, args, options, input = '') {
  const child = spawn(join(PROGRAMS, name), args, { ...options, stdio: 'pipe' });
  // If it does not read to the end, its exit tells why.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [printed, complaint, [code]] = await Promise.all([
    text(child.stdout), text(child.stderr), once(child, 'close'),
  ]);
  if (code !== 0) throw new Error(`${name} ended with ${code}: ${complaint}`);
  return printed;
}

/** Starts the server on a cluster, and waits until it takes connections. */
async function serve(folder, data, options) {
  // Only by a socket in its own folder.
  const args = ['-D', data, '-k', folder, '-c', 'listen_addresses='];
  const server = spawn(join(PROGRAMS, 'postgres'), args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
  process.once('exit', () => server.kill('SIGKILL'));
  const ended = once(server, 'exit');
  const said = [];
  const ready = new Promise((resolve) => {
    createInterface({ input: server.stderr }).on('line', (line) => {
      said.push(line);
      if (line.includes('ready to accept connections')) resolve();
    });
  });
  const failed = ended.then(([code]) => {
    throw new Error(`postgres ended with ${code}: ${said.join('\n')}`);
  });
  await Promise.race([ready, failed]);
  failed.catch(() => {});
  return async () => {
    server.kill('SIGINT');
    await ended;
  };
}

const quoted = (value) => `'${value.replaceAll("'", "''")}'`;

/** Inserts row by row, each in a transaction of its own, and has the server tell the time. */
const script = (rows) =>
  [
    'CREATE TABLE access_log (id bigserial PRIMARY KEY, event text NOT NULL);',
    'PREPARE put (text) AS INSERT INTO access_log (event) VALUES ($1);',
    'SELECT extract(epoch FROM clock_timestamp());',
    ...rows.map((row) => `EXECUTE put (${quoted(row)});`),
    'SELECT extract(epoch FROM clock_timestamp());',
    'SELECT count(*) FROM access_log;',
  ].join('\n');

/**
 * How many of these rows a second a fresh cluster with its default settings makes durable, one
 * transaction after the other on one connection. `null` if PostgreSQL 15 is not installed.
 */
export async function insertsPerSecond(rows) {
  if (!existsSync(join(PROGRAMS, 'initdb'))) return null;
  const folder = await mkdtemp(join(tmpdir(), 'axonic-postgres-'));
  const user = await owner();
  if (user.uid !== undefined) await chown(folder, user.uid, user.gid);
  const options = { ...user, cwd: folder };
  const data = join(folder, 'data');
  try {
    const cluster = ['-D', data, '-U', DATABASE_USER, '-A', 'trust', '-E', 'UTF8', '--locale', 'C'];
    await run('initdb', cluster, options);
    const stop = await serve(folder, data, options);
    try {
      const quietly = ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1'];
      const connection = ['-h', folder, '-U', DATABASE_USER, '-d', 'postgres'];
      const told = await run('psql', [...quietly, ...connection], options, script(rows));
      const [start, end, count] = told.trim().split('\n').map(Number);
      if (count !== rows.length) throw new Error(`PostgreSQL has ${count} of ${rows.length} rows`);
      return count / (end - start);
    } finally {
      await stop();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}
