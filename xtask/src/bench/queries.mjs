// Measures queries on a portal: node queries.mjs OUT ENGINE WORKER PAGE [QUERIES], where ENGINE is jixia or pagefind, WORKER
// the script that reads the index and PAGE the one that asks it. Queries are random runs of 2 to 6 Chinese characters out of random entries. Prints, between
// tabs: median and largest KB of the first and of a next query, the share of the entries holding the run that were found, and the share of
// the first ten results that hold it.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';

const [out, engine, worker, page, queries = '300'] = process.argv.slice(2);

// What a reader sees of a page: its lines, a block each.
const lines = html => html
  .replace(/<(script|style)\b[\s\S]*?<\/\1>/g, '')
  .replace(/<\/?(?:span|a|em|strong|code|del|sup|sub|time|mark)\b[^>]*>/g, '')
  .replace(/<[^>]*>/g, '\n')
  .replace(/&(lt|gt|amp|quot|#39);/g, (_, name) => ({ lt: '<', gt: '>', amp: '&', quot: '"', '#39': "'" })[name]);
const entries = new Map();
for (const path of readdirSync(out, { recursive: true })) {
  if (!path.endsWith('index.html')) continue;
  const html = readFileSync(join(out, path), 'utf8');
  const start = html.indexOf('<div class="prose">'), heading = /<h1>([\s\S]*?)<\/h1>/.exec(html)?.[1] ?? '';
  if (start < 0) continue;
  // The body ends where the entry's own column does: tags, neighbours and the rest come after.
  const end = ['<nav class="tags"', '<nav class="neighbours"', '</article>'].map(mark => html.indexOf(mark, start)).find(at => at > 0);
  entries.set(`/${path.slice(0, -'index.html'.length)}`, lines(`${heading}\n${html.slice(start, end)}`));
}

let state = 7;
const random = limit => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor(state / 2 ** 32 * limit);
};
const pool = [...entries.values()];
function randomRun() {
  for (; ;) {
    const text = pool[random(pool.length)].split('\n'), line = text[random(text.length)], length = 2 + random(5);
    const start = random(Math.max(1, line.length - length)), run = line.slice(start, start + length);
    if (run.length === length && /^[\u4e00-\u9fff]+$/.test(run)) return run;
  }
}

const files = new Map();
function file(path) {
  if (!files.has(path)) files.set(path, readFileSync(path));
  return files.get(path);
}
const address = url => decodeURIComponent(new URL(url, 'http://localhost/').pathname);
const gzipped = path => gzipSync(file(path), { level: 9 }).length;

// Pagefind's results have their address in a file each, which is loaded once.
const urls = new Map();
async function urlOf(result) {
  if (!urls.has(result.id)) urls.set(result.id, address((await result.data()).url));
  return urls.get(result.id);
}

// The address of each document, which is loaded once.
const slots = new Map();
async function urlOfSlot(index, slot) {
  if (!slots.has(slot)) slots.set(slot, address((await index.record(slot)).u));
  return slots.get(slot);
}

// The engines: each answers with the addresses of all results in order and the bytes of the first and the next query.
const engines = {
  async jixia(text) {
    const { Search } = await import(pathToFileURL(worker));
    const fetcher = async (url, { headers } = {}) => {
      const range = /^bytes=(\d+)-(\d+)$/.exec(headers?.Range ?? ''), body = readFileSync(url);
      const part = range ? body.subarray(Number(range[1]), Number(range[2]) + 1) : body;
      return { ok: true, status: range ? 206 : 200, arrayBuffer: async () => part.buffer.slice(part.byteOffset, part.byteOffset + part.length) };
    };
    const scripts = gzipped(worker) + gzipped(page);
    const first = new Search(`${out}/search/`, fetcher);
    let answer = null;
    await first.query(text, { onResults: partial => { answer ??= partial; } });
    const next = new Search(`${out}/search/`, fetcher);
    await next.query('q');
    let again = null;
    await next.query(text, { onResults: partial => { again ??= partial; } });
    const index = await next.index();
    const found = await Promise.all([...new Set(next.session.slots)].map(slot => urlOfSlot(index, slot)));
    return { found, shown: again.results.map(result => address(result.url)), first: answer.bytesLoaded + scripts, next: again.bytesLoaded };
  },
  async pagefind(text) {
    let bytes = 0;
    globalThis.fetch = async url => {
      const path = out + address(url);
      const body = readFileSync(path);
      bytes += path.endsWith('.js') ? gzipped(path) : body.length;
      return new Response(body);
    };
    globalThis.window ??= globalThis;
    globalThis.location ??= new URL('http://localhost/');
    globalThis.document ??= { querySelector: () => ({ getAttribute: () => 'zh-cn' }) };
    const script = `${out}/pagefind/pagefind.js`;
    const pagefind = await import(pathToFileURL(script));
    await pagefind.options({ basePath: '/pagefind/', baseUrl: '/' });
    // Answers once the program and the metadata are loaded, which `init` does not wait for.
    await pagefind.filters();
    const loaded = bytes;
    const { results } = await pagefind.search(text);
    const shown = await Promise.all(results.slice(0, 10).map(async result => address((await result.data()).url)));
    const next = bytes - loaded;
    const rest = await Promise.all(results.slice(10).map(urlOf));
    await pagefind.destroy();
    return { found: [...shown, ...rest], shown, first: loaded + next + gzipped(script), next };
  },
};

// Whether any line of a page holds the run: Pagefind indexes the whole page.
const holds = (url, text) => lines(readFileSync(join(out, url, url.endsWith('/') ? 'index.html' : ''), 'utf8')).includes(text);

const sums = { first: [], next: [], holding: 0, found: 0, shown: 0, right: 0 };
for (let number = 0; number < Number(queries); number++) {
  const text = randomRun();
  const answer = await engines[engine](text);
  const found = new Set(answer.found);
  for (const [url, own] of entries) if (own.includes(text)) { sums.holding++; if (found.has(url)) sums.found++; }
  sums.shown += answer.shown.length;
  sums.right += answer.shown.filter(url => holds(url, text)).length;
  sums.first.push(answer.first);
  sums.next.push(answer.next);
}
const kilobytes = list => {
  const [median, most] = [list.sort((a, b) => a - b)[Math.floor(list.length / 2)], list.at(-1)];
  return `${(median / 1000).toFixed(0)}, at most ${(most / 1000).toFixed(0)} KB`;
};
const percent = (part, whole) => `${(100 * part / Math.max(1, whole)).toFixed(1)} %`;
console.log([kilobytes(sums.first), kilobytes(sums.next), percent(sums.found, sums.holding), percent(sums.right, sums.shown)].join('\t'));
