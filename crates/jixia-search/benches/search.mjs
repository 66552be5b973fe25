// Measures queries against an index written by `cargo bench -p jixia-search -- DOCUMENTS --out DIRECTORY`:
// node crates/jixia-search/benches/search.mjs DIRECTORY [QUERIES]. Random substrings of 2 to 6 Chinese characters of random documents: which of
// the documents that hold them are found, what is shown, bytes and requests of the first and of the next query.
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { Search, fold } from '../src/search-worker.js';

const [directory, queries = '300'] = process.argv.slice(2);
const sources = ['../../../themes/default/assets/search.js', '../src/search-worker.js'];
const scripts = sources.reduce((sum, path) => sum + gzipSync(readFileSync(new URL(path, import.meta.url)), { level: 9 }).length, 0);

const cache = new Map();
async function fetcher(path, { headers }) {
  if (!cache.has(path)) cache.set(path, await readFile(path));
  const file = cache.get(path), range = /^bytes=(\d+)-(\d+)$/.exec(headers?.Range ?? '');
  const body = range ? file.subarray(Number(range[1]), Number(range[2]) + 1) : file;
  return { ok: true, status: range ? 206 : 200, arrayBuffer: async () => body.buffer.slice(body.byteOffset, body.byteOffset + body.length) };
}
const open = () => new Search(`${directory}/index/`, fetcher);

let state = 7;
const random = limit => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor(state / 2 ** 32 * limit);
};
const texts = JSON.parse(readFileSync(`${directory}/texts.json`, 'utf8'));
const folded = texts.map(({ title, units, blocks }) => [title, ...units, ...blocks].map(text => fold(text).text).join('\n'));
const slotOf = new Map();
const reference = open(), index = await reference.index();
for (let slot = 0; slot < index.span; slot++) if (index.row[slot] >= 0) slotOf.set((await index.record(slot)).u, slot);

function substring() {
  for (; ;) {
    const { blocks } = texts[random(texts.length)], block = fold(blocks[random(blocks.length)] ?? '').text;
    const length = 2 + random(5), start = random(Math.max(1, block.length - length)), text = block.slice(start, start + length);
    if (/^[\u4e00-\u9fff]+$/.test(text) && text.length === length) return text;
  }
}

const row = () => ({ first: [], next: [], requests: [], milliseconds: [], candidates: 0, holding: 0, found: 0, shown: 0, right: 0, short: 0 });
const rows = {};
for (let i = 0; i < Number(queries); i++) {
  const text = substring(), sum = rows[text.length] ??= row();
  const truth = new Set(folded.flatMap((body, number) => body.includes(text) ? [slotOf.get(texts[number].url)] : []));
  const first = await open();
  let answer = null;
  await first.query(text, { onResults: partial => { answer ??= partial; } });
  sum.first.push(answer.bytesLoaded + scripts);
  // The next query, after one that shares nothing with it but what every query loads.
  const next = open();
  await next.query('q');
  const start = performance.now();
  let again = null;
  await next.query(text, { onResults: partial => { again ??= partial; } });
  sum.milliseconds.push(performance.now() - start);
  sum.next.push(again.bytesLoaded);
  sum.requests.push(again.requests);
  const candidates = new Set(next.session.slots);
  sum.candidates += candidates.size;
  sum.holding += truth.size;
  for (const slot of truth) if (candidates.has(slot)) sum.found++;
  sum.shown += again.results.length;
  sum.right += again.results.filter(result => truth.has(slotOf.get(result.url))).length;
  if (again.results.length < Math.min(10, truth.size)) sum.short++;
}

const kb = (list, share) => (list.sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * share))] / 1000).toFixed(1);
console.log(`${texts.length} documents; scripts ${scripts} bytes (gzip)`);
const all = row();
for (const sum of Object.values(rows)) for (const key in all) all[key] = Array.isArray(all[key]) ? all[key].concat(sum[key]) : all[key] + sum[key];
for (const [length, sum] of [...Object.entries(rows), ['all', all]]) {
  console.log(`${length}: ${sum.first.length} queries; first median ${kb(sum.first, 0.5)} p95 ${kb(sum.first, 0.95)} max ${kb(sum.first, 1)} KB;`
    + ` next median ${kb(sum.next, 0.5)} p95 ${kb(sum.next, 0.95)} max ${kb(sum.next, 1)} KB; requests median ${kb(sum.requests.map(n => n * 1000), 0.5)}`
    + ` max ${kb(sum.requests.map(n => n * 1000), 1)}; ${kb(sum.milliseconds.map(n => n * 1000), 0.5)} ms;`
    + ` recall ${sum.found}/${sum.holding}; candidates ${sum.candidates}; right ${sum.right}/${sum.shown}; short pages ${sum.short}`);
}
