// The browser's code against a real index; run by browser.rs, which builds the index.
import assert from 'node:assert/strict';
import { readFileSync, existsSync, copyFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

// Node takes a script for a module by its name.
const asset = name => {
  const copy = join(mkdtempSync(join(tmpdir(), 'search-')), name.replace('.js', '.mjs'));
  copyFileSync(new URL(`../src/${name}`, import.meta.url), copy);
  return import(pathToFileURL(copy));
};
const { Search, fold, segment } = await asset('search-worker.js');
const site = process.env.JIXIA_SEARCH_SITE;
const texts = JSON.parse(readFileSync(join(site, 'texts.json'), 'utf8'));
const table = JSON.parse(readFileSync(new URL('segmentation.json', import.meta.url), 'utf8'));

/** A server: with or without ranges, whose requests are recorded. */
function server({ ranges = true, requests = [], broken = () => false } = {}) {
  return async (path, { headers } = {}) => {
    requests.push(path);
    if (!existsSync(path) || broken(path)) return { ok: false, status: 404 };
    const file = readFileSync(path), range = ranges && /^bytes=(\d+)-(\d+)$/.exec(headers?.Range ?? '');
    const body = range ? file.subarray(Number(range[1]), Number(range[2]) + 1) : file;
    return { ok: true, status: range ? 206 : 200, arrayBuffer: async () => body.buffer.slice(body.byteOffset, body.byteOffset + body.length) };
  };
}
const open = options => new Search(join(site, 'index'), server(options));
const plain = segments => segments.map(segment => segment.text).join('');
const marks = segments => segments.filter(segment => segment.mark).map(segment => segment.text);

async function all(search, text, options = {}) {
  const results = [];
  for (; ;) {
    const answer = await search.query(text, { ...options, offset: results.length, limit: 50 });
    results.push(...answer.results);
    if (!answer.more) return results;
    assert.ok(answer.results.length > 0, `${text}: more is promised and nothing comes`);
  }
}
const simple = {};
const foldFile = await open().files.get('fold.bin');
{
  const { inflateRawSync } = await import('node:zlib');
  const characters = [...inflateRawSync(foldFile).toString()];
  for (let i = 0; i < characters.length; i += 2) simple[characters[i]] = characters[i + 1];
}
const folded = texts.map(({ title, units, blocks }) => [title, ...units, ...blocks].map(text => fold(text, simple).text));

test('folding and segmentation agree with the index', () => {
  for (const { text, folded, lookups } of table.cases) {
    const result = fold(text, table.simplified).text;
    assert.equal(result, folded, text);
    if (result.length < 2) continue;
    const found = segment(result).lookups.map(({ from, next }) => [from.toString(), next ? 31 - Math.clz32(next) : null]);
    assert.deepEqual(found, lookups, text);
  }
});

test('every run of two or more characters is found, and nothing else', async () => {
  let state = 3;
  const random = limit => { state = (Math.imul(state, 1664525) + 1013904223) >>> 0; return Math.floor(state / 2 ** 32 * limit); };
  const search = open();
  for (let i = 0; i < 120; i++) {
    const number = random(texts.length), block = [...folded[number][random(folded[number].length)]];
    const length = 2 + random(6), start = random(Math.max(1, block.length - length)), text = block.slice(start, start + length).join('');
    if (!/^[\u4e00-\u9fff]{2,}$/.test(text)) continue;
    const expected = texts.filter((_, number) => folded[number].some(block => block.includes(text))).map(document => document.url).sort();
    const found = (await all(search, text)).map(result => result.url).sort();
    assert.deepEqual(found, expected, text);
  }
});

const cases = [
  ['titles by single characters', '焊', result => plain(result.title).includes('焊')],
  ['words by their beginning, in any case', 'PYTH', result => /python/i.test(plain(result.excerpt))],
  ['words next to Chinese', 'usb接口', result => /USB 接口/.test(plain(result.excerpt))],
  ['digits', 'jx0042', result => result.url === '/resource/42/'],
  ['digits with a point', '3.12', result => plain(result.excerpt).includes('3.12')],
  ['full-width digits', '60', result => plain(result.excerpt).includes('６０') || plain(result.title).includes('60') || /JX.*60/.test(plain(result.excerpt))],
  ['full-width queries', 'ＵＳＢ', result => plain(result.excerpt).includes('USB')],
  ['simplified queries in traditional text', '评审专家', result => plain(result.excerpt).includes('評審專家')],
  ['traditional queries in simplified text', '數控車床', result => plain(result.title).includes('数控车床')],
  ['titles by pinyin', 'weike', result => plain(result.title).includes('微课')],
  ['titles by initials', 'wk', result => /微课|务课/.test(plain(result.title))],
  ['titles by the start of a syllable', 'shukongch', result => plain(result.title).includes('数控车床')],
  ['words read otherwise', 'kuaiji', result => plain(result.title).includes('会计')],
  ['people by pinyin, surnames too', 'shanshili', result => result.people.includes('单示例')],
  ['units by initials', 'slwfjs', result => result.units.includes('示例潍坊技师学院')],
  ['several words', '青岛 焊接', result => plain(result.title).includes('焊接') && result.units[0].includes('青岛')],
  ['the end of a long text', '长文末尾', result => result.url === '/resource/42/'],
];
for (const [name, query, holds] of cases) {
  test(`finds ${name}: ${query}`, async () => {
    const results = await all(open(), query);
    assert.ok(results.length > 0, 'nothing found');
    for (const result of results) {
      assert.ok(holds(result), JSON.stringify(result));
      assert.ok(marks(result.title).length + marks(result.excerpt).length > 0, `no mark: ${JSON.stringify(result)}`);
    }
  });
}

test('finds nothing where there is nothing', async () => {
  for (const query of ['', '   ', '！？', '龘靐', '微教', 'zzzz']) assert.deepEqual((await open().query(query)).results, [], query);
});

test('titles come first, then the newer', async () => {
  const answer = await open().query('机器人', { limit: 20 });
  assert.ok(answer.results.every(result => plain(result.title).includes('机器人')));
  const dated = await open().query('微课', { sort: 'date', limit: 50 });
  const dates = dated.results.map(result => result.date ?? '');
  assert.deepEqual(dates, [...dates].sort().reverse());
  assert.ok(new Set(dates).size > 10);
});

test('facets count, and filter', async () => {
  const search = open(), answer = await search.query('微课', { limit: 5 });
  const titles = texts.filter(document => folded[texts.indexOf(document)].some(block => block.includes('微课')));
  assert.equal(answer.total, titles.length);
  assert.equal(answer.facets.city.reduce((sum, { count }) => sum + count, 0), titles.length);
  const filtered = await search.query('微课', { filters: { city: ['青岛'] }, limit: 50 });
  assert.ok(filtered.results.every(result => result.units[0].includes('青岛')));
  assert.equal(filtered.total, answer.facets.city.find(({ label }) => label === '青岛').count);
  assert.deepEqual(filtered.facets.city, answer.facets.city, 'a facet is counted without its own filter');
  assert.ok(filtered.facets.unit.every(({ label }) => label.includes('青岛')));
  assert.equal((await search.query('微课', { filters: { city: ['无此市'] } })).total, 0);
});

test('results come before their facets', async () => {
  let partial = null;
  const answer = await open().query('微课', { onResults: answer => { partial = answer; } });
  assert.equal(partial.facets, null);
  assert.deepEqual(partial.results, answer.results);
});

test('pages follow each other', async () => {
  const search = open(), first = await search.query('学生', { limit: 10 }), second = await search.query('学生', { limit: 10, offset: 10 });
  const whole = await open().query('学生', { limit: 20 });
  assert.deepEqual([...first.results, ...second.results].slice(0, whole.results.length), whole.results);
});

test('suggests when nothing is found', async () => {
  const dropped = await open().query('微课 龘靐');
  assert.ok(dropped.suggestions.some(({ query, total }) => query === '微课' && total > 0), JSON.stringify(dropped.suggestions));
  const cut = await open().query('数控车床龘靐');
  assert.ok(cut.suggestions.some(({ query }) => query === '数控车床'), JSON.stringify(cut.suggestions));
  const letters = await open().query('weikexx');
  assert.ok(letters.suggestions.some(({ query }) => query.startsWith('weike')), JSON.stringify(letters.suggestions));
});

test('a server without ranges serves too', async () => {
  assert.deepEqual(await all(open({ ranges: false }), '逾期'), await all(open(), '逾期'));
});

test('a file that is gone is asked for again with a fresh start', async () => {
  let failures = 1;
  const requests = [], search = open({ requests, broken: path => path.includes('/s/') && failures-- > 0 });
  assert.ok((await search.query('微课')).results.length > 0);
  assert.equal(requests.filter(path => path.endsWith('index.bin')).length, 2);
  await assert.rejects(open({ broken: path => path.includes('/s/') }).query('微课'));
});

test('a query that is overtaken stops', async () => {
  const requests = [];
  assert.equal(await open({ requests }).query('学生', { isLive: () => requests.length < 1 }), null);
  assert.ok(requests.length < 4, requests.join());
});
