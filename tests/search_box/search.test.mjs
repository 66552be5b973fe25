// The script of the page that asks the search worker; run by main.rs.
import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

// Node takes a script for a module by its name.
const copy = join(mkdtempSync(join(tmpdir(), 'search-')), 'search.mjs');
copyFileSync(new URL('../../themes/default/assets/search.js', import.meta.url), copy);
const { createSearch } = await import(pathToFileURL(copy));

test('the page gets only the newest answer', async () => {
  globalThis.document = { baseURI: 'https://example.org/' };
  const asked = [], worker = { postMessage: message => asked.push(message), terminate() {} };
  const search = createSearch({ base: '/search/', worker });
  const first = search.query('微'), second = search.query('微课');
  assert.equal(await first, null);
  worker.onmessage({ data: { id: asked[0].id, answer: 'late' } });
  worker.onmessage({ data: { id: asked[1].id, answer: 'new' } });
  assert.equal(await second, 'new');
  assert.equal(asked[1].base, 'https://example.org/search/');
  const failing = search.query('x');
  worker.onmessage({ data: { id: asked[2].id, error: 'broken' } });
  await assert.rejects(failing, /broken/);
});

test('typing asks after a pause, and not within a composition', async () => {
  const asked = [], worker = { postMessage: message => asked.push(message.text), terminate() {} };
  const input = Object.assign(new EventTarget(), { value: '' });
  createSearch({ base: '/', worker }).attach(input, () => {}, { pause: 5 });
  const type = (value, event = 'input') => { input.value = value; input.dispatchEvent(new Event(event)); };
  const wait = () => new Promise(resolve => setTimeout(resolve, 30));
  type('微'); type('微课');
  await wait();
  assert.deepEqual(asked, ['微课']);
  type('w', 'compositionstart'); type('wk');
  await wait();
  assert.deepEqual(asked, ['微课'], 'asked within a composition');
  type('网课', 'compositionend');
  await wait();
  assert.deepEqual(asked, ['微课', '网课']);
});
