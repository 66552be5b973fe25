// Measures queries on a portal: node queries.mjs OUT ENGINE WORKER [QUERIES], where ENGINE is jixia or pagefind and WORKER the
// script that reads the index. Queries are random runs of 2 to 6 Chinese characters out of random entries. Prints, between
// tabs: median KB of the first and of a next query, the share of the entries holding the run that were found, and the share of
// the first ten results that hold it.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';

const [out, engine, worker, queries = '300'] = process.argv.slice(2);

// What a reader sees of an entry: its lines, a block each. `all` is the whole page, which Pagefind indexes.
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
  const body = lines(html.slice(start, end));
  entries.set(`/${path.slice(0, -'index.html'.length)}`, { own: `${lines(heading)}\n${body}`, body: body.split('\n'), all: lines(html) });
}

let state = 7;
const random = limit => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor(state / 2 ** 32 * limit);
};
const pool = [...entries.values()];
function run() {
  for (; ;) {
    const { body } = pool[random(pool.length)], line = body[random(body.length)], length = 2 + random(5);
    const text = line.slice(random(Math.max(1, line.length - length)), line.length).slice(0, length);
    if (text.length === length && /^[\u4e00-\u9fff]+$/.test(text)) return text;
  }
}

const files = new Map();
function file(path) {
  if (!files.has(path)) files.set(path, readFileSync(path));
  return files.get(path);
}
const address = url => decodeURIComponent(new URL(url, 'http://localhost/').pathname);
const gzipped = path => gzipSync(file(path), { level: 9 }).length;

// The engines: each answers with the addresses of all results in order and the bytes of the first and the next query.
const engines = {
  async jixia(text) {
    const { Search } = await import(pathToFileURL(worker));
    const fetcher = async (url, { headers } = {}) => {
      const range = /^bytes=(\d+)-(\d+)$/.exec(headers?.Range ?? ''), body = file(url);
      const part = range ? body.subarray(Number(range[1]), Number(range[2]) + 1) : body;
      return { ok: true, status: range ? 206 : 200, arrayBuffer: async () => part.buffer.slice(part.byteOffset, part.byteOffset + part.length) };
    };
    const scripts = gzipped(worker) + gzipped(worker.replace('search-worker', 'search'));
    const first = new Search(`${out}/search/`, fetcher);
    let answer = null;
    await first.query(text, { onResults: partial => { answer ??= partial; } });
    const next = new Search(`${out}/search/`, fetcher);
    await next.query('q');
    let again = null;
    await next.query(text, { onResults: partial => { again ??= partial; } });
    const index = await next.index();
    const found = await Promise.all([...new Set(next.session.slots)].map(async slot => address((await index.record(slot)).u)));
    return { found, shown: again.results.map(result => address(result.url)), first: answer.bytesLoaded + scripts, next: again.bytesLoaded };
  },
  async pagefind(text, number) {
    let bytes = 0;
    globalThis.fetch = async url => {
      const path = out + address(url);
      bytes += path.endsWith('.js') ? gzipped(path) : file(path).length;
      return new Response(file(path));
    };
    globalThis.window ??= globalThis;
    globalThis.location ??= new URL('http://localhost/');
    globalThis.document ??= { querySelector: () => ({ getAttribute: () => 'zh-cn' }) };
    const script = `${out}/pagefind/pagefind.js`;
    const pagefind = await import(`${pathToFileURL(script)}?${number}`);
    await pagefind.options({ basePath: '/pagefind/', baseUrl: '/' });
    await pagefind.init();
    const loaded = bytes;
    const { results } = await pagefind.search(text);
    const shown = await Promise.all(results.slice(0, 10).map(async result => address((await result.data()).url)));
    const next = bytes - loaded;
    const rest = await Promise.all(results.slice(10).map(async result => address((await result.data()).url)));
    return { found: [...shown, ...rest], shown, first: loaded + next + gzipped(script), next };
  },
};

const sums = { first: [], next: [], holding: 0, found: 0, shown: 0, right: 0 };
for (let number = 0; number < Number(queries); number++) {
  const text = run();
  const answer = await engines[engine](text, number);
  const found = new Set(answer.found);
  for (const [url, { own }] of entries) if (own.includes(text)) { sums.holding++; if (found.has(url)) sums.found++; }
  sums.shown += answer.shown.length;
  sums.right += answer.shown.filter(url => (entries.get(url)?.all ?? lines(file(`${out}${url}index.html`).toString())).includes(text)).length;
  sums.first.push(answer.first);
  sums.next.push(answer.next);
}
const kilobytes = list => `${(list.sort((a, b) => a - b)[Math.floor(list.length / 2)] / 1000).toFixed(0)} KB`;
const percent = (part, whole) => `${(100 * part / Math.max(1, whole)).toFixed(1)} %`;
console.log([kilobytes(sums.first), kilobytes(sums.next), percent(sums.found, sums.holding), percent(sums.right, sums.shown)].join('\t'));
