// The README shows what the files say.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test from 'node:test';

const root = new URL('../', import.meta.url);
const readme = await readFile(new URL('README.md', root), 'utf8');
const blocks = [...readme.matchAll(/<!-- (\S+) -->\n```js\n([^]*?)```/g)];

/** The code without its indentation. */
const flat = (code) => code.split('\n').map((line) => line.trim()).join('\n').trim();

test('there are blocks to compare', () => {
  assert.equal(blocks.length, [...readme.matchAll(/```js/g)].length);
  assert.ok(blocks.length >= 5);
});

for (const [, file, code] of blocks) {
  test(`${file}: ${flat(code).split('\n')[0]}`, async () => {
    const source = flat(await readFile(new URL(file, root), 'utf8'));
    assert.ok(source.includes(flat(code)), `not in ${file}:\n${code}`);
  });
}
