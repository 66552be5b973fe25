// The search of a static portal: reads the files that this crate writes and answers queries. Runs in a Web Worker; see search.js.
// Folding, segmentation and keys are those of fold.rs and keys.rs here; tests/segmentation.json holds for both.

const VERSION = 1;
const WORD_LENGTH = 11, READING_LENGTH = 6, EDGES = 3;
const READINGS = 1n << 62n, GRAMS = 1n << 63n;
const PACK = 32, STEP = 64;
const MARK = '|', SPACE = ' ';
const IGNORED = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/;
const TEXT = new TextDecoder();

// ---- Folding and segmentation

const isWord = code => (code >= 97 && code <= 122) || (code >= 48 && code <= 57);
const isGram = code => (code >= 0x4e00 && code <= 0x9fff) || (code >= 0x3400 && code <= 0x4dbf)
  || (code >= 128 && /[\p{Alphabetic}\p{N}]/u.test(String.fromCodePoint(code)));

/** Folds text. `at` and `end` lead from each unit of the folded text to the text; `simple` maps traditional characters. */
export function fold(text, simple = {}) {
  let out = '', pending = '', previousIsWord = false, position = 0;
  const at = [], end = [];
  const push = (string, from, to) => {
    out += string;
    for (let i = 0; i < string.length; i++) { at.push(from); end.push(to); }
  };
  for (const character of text) {
    const from = position;
    position += character.length;
    const code = character.codePointAt(0);
    let parts = character;
    if (code > 127) {
      if (IGNORED.test(character)) continue;
      if (code < 0x3400 || code > 0x9fff) parts = character.normalize('NFKD').replace(/\p{M}/gu, '');
    }
    if (code < 0x3400 || code > 0x9fff) parts = parts.toLowerCase().replace(/\p{M}/gu, '');
    for (let part of parts) {
      part = simple[part] ?? part;
      const partCode = part.codePointAt(0), word = isWord(partCode);
      if (word || isGram(partCode)) {
        if (out && pending === MARK) push(MARK, from, from);
        else if (out && pending && word && previousIsWord) push(SPACE, from, from);
        push(part, from, position);
        pending = '';
        previousIsWord = word;
      } else if (pending !== MARK) {
        pending = /\s/.test(part) ? SPACE : MARK;
      }
    }
  }
  return { text: out, at, end };
}

const short = code => BigInt(code < 0x10000 ? code : 0xe000 | (code & 0xfff));
const gram = (first, second) => GRAMS | short(first) << 16n | short(second);
const digit = code => code < 58 ? code - 47 : code - 86;

function base37(letters, length) {
  let number = 0n;
  for (let i = 0; i < length; i++) number = number * 37n + BigInt(i < letters.length ? digit(letters.charCodeAt(i)) : 0);
  return number;
}

const exact = (key, next = 0) => ({ from: key, to: key + 1n, next });

/** Keys of words that start with `letters`: one list for a short beginning, a range for a long one. */
function wordRange(letters, whole) {
  const from = base37(letters, WORD_LENGTH);
  if (whole || letters.length <= EDGES || letters.length >= WORD_LENGTH) return exact(from);
  return { from, to: from + 37n ** BigInt(WORD_LENGTH - letters.length), next: 0 };
}

function readingRange(letters) {
  const from = READINGS | base37(letters, READING_LENGTH);
  return { from, to: from + 37n ** BigInt(Math.max(0, READING_LENGTH - letters.length)), next: 0 };
}

/** The class of a following character, as keys.rs has it, as a bit. */
const follower = code => 1 << (Math.imul(code, 0x9e3779b1) >>> 27);

/** Cuts a folded term into what is to be looked up; `exact` says that the lists need no look at the text. */
export function segment(term) {
  const lookups = [], codes = Array.from(term, character => character.codePointAt(0));
  let position = 0;
  while (position < codes.length) {
    let stop = position;
    if (isWord(codes[position])) {
      while (stop < codes.length && isWord(codes[stop])) stop++;
      lookups.push(wordRange(String.fromCodePoint(...codes.slice(position, stop)), stop < codes.length));
      position = stop;
    } else {
      if (isGram(codes[position]) && isGram(codes[position + 1] ?? 0)) {
        const next = codes[position + 2];
        lookups.push(exact(gram(codes[position], codes[position + 1]), next ? follower(next) : 0));
      }
      position++;
    }
  }
  const inTitle = lookups.length === 0;
  if (inTitle) for (const code of codes) if (isGram(code)) lookups.push(exact(gram(code, 0)));
  const reading = /^[a-z]{2,24}$/.test(term) ? readingRange(term) : null;
  const isExact = lookups.length === 1 && !(reading && term.length > READING_LENGTH) && term.length < WORD_LENGTH;
  return { term, lookups, reading, inTitle: inTitle && codes.length === 1, exact: isExact };
}

/** The terms of a query: what white space separates, folded. */
export function parse(text, simple) {
  const terms = text.split(/\s+/).map(part => fold(part, simple).text).filter(Boolean);
  return [...new Set(terms)].slice(0, 8).map(segment);
}

// ---- Reading files

class Bits {
  constructor(bytes, position = 0) { this.bytes = bytes; this.position = position * 8; }
  read(count) {
    let value = 0, shift = 0;
    while (shift < count) {
      const offset = this.position & 7, taken = Math.min(8 - offset, count - shift);
      value |= (this.bytes[this.position >> 3] >> offset & (1 << taken) - 1) << shift;
      shift += taken;
      this.position += taken;
    }
    return value;
  }
  unary() {
    let value = 0;
    while (this.position < this.bytes.length * 8) {
      const rest = this.bytes[this.position >> 3] >> (this.position & 7);
      if (rest) {
        const zeros = 31 - Math.clz32(rest & -rest);
        this.position += zeros + 1;
        return value + zeros;
      }
      value += 8 - (this.position & 7);
      this.position += 8 - (this.position & 7);
    }
    throw new Error('damaged shard');
  }
  gamma() { const length = this.unary(); return 1 << length | this.read(length); }
}

/** Inflates; of a part of a stream, what it holds. */
async function inflate(bytes, isPart = false) {
  const stream = new DecompressionStream('deflate-raw'), writer = stream.writable.getWriter();
  writer.write(bytes).catch(() => {});
  writer.close().catch(() => {});
  const chunks = [];
  try {
    for (const reader = stream.readable.getReader(); ;) {
      const { done, value } = await reader.read();
      if (done) break;
      chunks.push(value);
    }
  } catch (error) { if (!isPart) throw error; }
  const all = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let length = 0;
  for (const chunk of chunks) { all.set(chunk, length); length += chunk.length; }
  return all;
}

async function inflateJson(bytes) {
  const all = await inflate(bytes), length = new DataView(all.buffer).getUint32(0, true);
  return { json: JSON.parse(TEXT.decode(all.subarray(4, 4 + length))), bits: new Bits(all, 4 + length) };
}

class Files {
  constructor(base, fetcher) { this.base = base; this.fetcher = fetcher; this.bytes = 0; this.requests = 0; }
  async request(path, headers) {
    // Files change with every build and keep their names: the server says whether the stored one is still right.
    const response = await this.fetcher(this.base + path, { cache: 'no-cache', headers });
    if (!response.ok) throw new Error(`${response.status} ${path}`);
    const bytes = new Uint8Array(await response.arrayBuffer());
    this.requests++;
    this.bytes += bytes.length;
    return { bytes, isPart: response.status === 206 };
  }
  async get(path) { return (await this.request(path)).bytes; }
  /** A part of a file; from a server that does not know parts, the whole: `whole` says so. */
  async part(path, from, to) {
    const { bytes, isPart } = await this.request(path, { Range: `bytes=${from}-${to - 1}` });
    return isPart ? { bytes } : { bytes: bytes.subarray(from, to), whole: bytes };
  }
}

/** A promise for each key, made once; a failed one may be made again. */
class Memo {
  constructor() { this.map = new Map(); }
  get(key, make) {
    if (!this.map.has(key)) this.map.set(key, make().catch(error => { this.map.delete(key); throw error; }));
    return this.map.get(key);
  }
}

class Index {
  constructor(files) { this.files = files; this.shards = new Memo(); this.packs = new Memo(); this.records = new Memo(); this.raw = new Map(); this.columns = new Memo(); }

  async load() {
    const { json, bits } = await inflateJson(await this.files.get('index.bin'));
    if (json.version !== VERSION) throw new Error('search: page and index differ in version');
    Object.assign(this, json);
    this.readLeaves(bits);
    this.row = new Int32Array(this.span).fill(-1);
    let rows = 0;
    for (let slot = 0; slot < this.span; slot++) if (bits.read(1)) this.row[slot] = rows++;
    this.steps = Int32Array.from({ length: rows }, () => bits.read(this.width));
    this.titles = Uint8Array.from({ length: rows }, () => bits.read(2));
    return this;
  }

  readLeaves(bits) {
    const leaves = [];
    const node = (first, depth) => {
      if (bits.read(1)) {
        node(first, depth + 1);
        node(first | 1n << BigInt(63 - depth), depth + 1);
      } else leaves.push({ first, depth });
    };
    node(0n, 0);
    for (const leaf of leaves) leaf.size = bits.read(4);
    this.leaves = leaves;
  }

  /** The shards that hold keys of a range. */
  leavesOf({ from, to }) {
    let low = 0, high = this.leaves.length;
    while (high - low > 1) {
      const middle = low + high >> 1;
      if (this.leaves[middle].first <= from) low = middle; else high = middle;
    }
    let stop = low + 1;
    while (stop < this.leaves.length && this.leaves[stop].first < to) stop++;
    return this.leaves.slice(low, stop).filter(leaf => leaf.size);
  }

  shard(leaf) {
    return this.shards.get(leaf, async () => {
      const marked = leaf.first << 64n | 1n << BigInt(127 - leaf.depth);
      const name = marked.toString(16).padStart(32, '0').slice(0, (leaf.depth >> 2) + 1);
      return this.readShard(await this.files.get(`s/${name}.bin`), leaf.first);
    });
  }

  readShard(bytes, first) {
    let position = 0;
    const varint = () => {
      let value = 0, scale = 1;
      for (; ;) {
        const byte = bytes[position++];
        value += (byte & 127) * scale;
        if (!(byte & 128)) return value;
        scale *= 128;
      }
    };
    const counts = [varint(), varint(), varint()], keys = [];
    const words = (count, length, base) => {
      let word = [];
      for (; count > 0; count--) {
        const lengths = bytes[position++];
        word = word.slice(0, lengths >> 4);
        for (let rest = lengths & 15; rest > 0; rest--) word.push(bytes[position++]);
        let number = 0n;
        for (let i = 0; i < length; i++) number = number * 37n + BigInt(word[i] ?? 0);
        keys.push(base | number);
      }
    };
    words(counts[0], WORD_LENGTH, 0n);
    words(counts[1], READING_LENGTH, READINGS);
    let key = first > GRAMS ? first : GRAMS;
    for (; counts[2] > 0; counts[2]--) keys.push(key += BigInt(varint()));
    const bits = new Bits(bytes, position);
    return keys.map(key => ({ key, ...this.readList(bits, key) }));
  }

  readList(bits, key) {
    const length = bits.gamma(), titles = bits.read(1);
    const parameter = 31 - Math.clz32(Math.max(1, Math.floor(this.slots * 7 / (length * 10))));
    const followers = key >= GRAMS && (key & 0xffffn) !== 0n;
    const slots = new Uint32Array(length), flags = new Uint8Array(length), classes = new Int32Array(length);
    for (let i = 0, slot = -1; i < length; i++) {
      slot += 1 + (bits.unary() << parameter | bits.read(parameter));
      slots[i] = slot;
      const title = titles && bits.read(1) ? 4 : 0;
      let frequency = 0;
      while (frequency < 3 && bits.read(1)) frequency++;
      flags[i] = frequency | title;
      if (followers) classes[i] = this.readFollowers(bits, frequency);
    }
    return { slots, flags, classes };
  }

  readFollowers(bits, frequency) {
    let mask = 0;
    if (frequency < 2) for (let count = frequency ? bits.read(2) : 0; count >= 0; count--) mask |= 1 << bits.read(5);
    else {
      const width = frequency === 2 ? 2 : 4, joined = bits.read(32 / width);
      for (let bit = 0; bit < 32; bit++) if (joined >> Math.floor(bit / width) & 1) mask |= 1 << bit;
    }
    return mask;
  }

  /** Where a document's record is in its pack. */
  async place(slot) {
    const path = `t/${Math.floor(slot / PACK).toString(16)}.bin`;
    const { ends, whole } = await this.packs.get(path, async () => {
      const { bytes, whole } = await this.files.part(path, 0, PACK * 3);
      const ends = [PACK * 3];
      for (let i = 0; i < PACK; i++) ends.push(ends[i] + (bytes[i * 3] | bytes[i * 3 + 1] << 8 | bytes[i * 3 + 2] << 16));
      return { ends, whole };
    });
    return { path, whole, from: ends[slot % PACK], to: ends[slot % PACK + 1] };
  }

  /** The record of a document; of a long one perhaps only the first `size` bytes, see `isPart`. */
  async record(slot, size = Infinity) {
    const { path, whole, from, to } = await this.place(slot);
    if (from === to) return null;
    const wanted = whole ? to - from : Math.min(to - from, size);
    return this.records.get(`${slot} ${wanted}`, async () => {
      const known = this.raw.get(slot) ?? new Uint8Array(), bytes = new Uint8Array(wanted);
      bytes.set(known.subarray(0, wanted));
      if (whole) bytes.set(whole.subarray(from, to));
      else if (known.length < wanted) bytes.set((await this.files.part(path, from + known.length, from + wanted)).bytes, known.length);
      this.raw.set(slot, bytes);
      const isPart = wanted < to - from;
      const lines = TEXT.decode(await inflate(bytes, isPart)).split('\n');
      if (isPart) lines.pop();
      if (!lines.length) return { t: '', y: [], simple: {}, isPart, blocks: [] };
      const head = JSON.parse(lines.shift());
      return { ...head, simple: pairs(head.x ?? ''), isPart, blocks: lines.filter(Boolean).map(line => line.slice(1)) };
    });
  }

  facet(name) {
    return this.columns.get(name, async () => {
      const { json, bits } = await inflateJson(await this.files.get(`facet-${this.facets.indexOf(name)}.bin`));
      const width = Math.ceil(Math.log2(json.sets.length));
      return { ...json, of: Uint32Array.from({ length: this.documents }, () => bits.read(width)) };
    });
  }

  days() {
    return this.columns.get('', async () => {
      const bits = new Bits(await inflate(await this.files.get('days.bin')));
      return Uint8Array.from({ length: this.documents }, () => bits.read(6));
    });
  }
}

/** Bytes of a record that are loaded at first; twice as many while the query is not found in them. */
const LONG = 3072;

function pairs(text) {
  const map = {}, characters = [...text];
  for (let i = 0; i + 1 < characters.length; i += 2) map[characters[i]] = characters[i + 1];
  return map;
}

// ---- Candidates

const IN_TITLE = 8;

/** What a lookup knows of each slot: 0, or 4 + frequency class (0 to 3) + `IN_TITLE`. */
async function look(index, { from, to, next }, into) {
  const shards = await Promise.all(index.leavesOf({ from, to }).map(leaf => index.shard(leaf)));
  for (const { key, slots, flags, classes } of shards.flat()) {
    if (key < from || key >= to) continue;
    for (let i = 0; i < slots.length; i++) {
      if (next && !(classes[i] & next)) continue;
      const value = 4 + (flags[i] & 3) + (flags[i] & 4 ? IN_TITLE : 0), old = into[slots[i]];
      into[slots[i]] = Math.max(old & 7, value & 7) | (old | value) & IN_TITLE;
    }
  }
  return into;
}

/** What a term's lists know of each slot: the least frequency; in the title if all are. */
async function candidatesOf(index, segmented, lookups) {
  const blank = () => new Uint8Array(index.span);
  const found = await Promise.all(lookups.map(lookup => look(index, lookup, blank())));
  const all = found.shift() ?? blank();
  for (const more of found) {
    for (let slot = 0; slot < all.length; slot++) {
      all[slot] = all[slot] && more[slot] && (Math.min(all[slot] & 7, more[slot] & 7) | all[slot] & more[slot] & IN_TITLE);
    }
  }
  return segmented.reading ? look(index, segmented.reading, all) : all;
}

/** Bytes of shards and of records that a query loads, so that it stays below 50 KB. */
const SHARD_BUDGET = 16000, BUDGET = 42000;

/** Of the lookups of all terms, those to load: what covers every character, then the cheapest within the budget. */
function choose(index, terms) {
  const cost = lookup => index.leavesOf(lookup).reduce((sum, leaf) => sum + (3 << leaf.size), 0);
  const all = terms.flatMap(term => term.lookups.map((lookup, i) => ({ term, lookup, cost: cost(lookup), needed: i % 2 === 0 || i === term.lookups.length - 1 })));
  const cheapest = new Map(terms.map(term => [term, Math.min(...all.filter(item => item.term === term).map(item => item.cost))]));
  const chosen = new Set();
  let bytes = 0;
  const rank = item => item.cost + (item.cost === cheapest.get(item.term) ? -2e9 : item.needed ? -1e9 : 0);
  for (const item of all.sort((a, b) => rank(a) - rank(b))) {
    if (item.cost !== cheapest.get(item.term) && bytes + item.cost > SHARD_BUDGET) continue;
    bytes += item.cost;
    chosen.add(item.lookup);
  }
  return terms.map(term => term.lookups.filter(lookup => chosen.has(lookup)).slice(0, 12));
}

async function rank(index, terms, sort) {
  const chosen = choose(index, terms);
  const known = await Promise.all(terms.map((term, i) => candidatesOf(index, term, chosen[i])));
  const slots = [], scores = new Float64Array(index.span), last = index.steps.reduce((a, b) => Math.max(a, b), 0);
  const days = sort === 'date' ? await index.days() : null;
  for (let slot = 0; slot < index.span; slot++) {
    const row = index.row[slot];
    if (row < 0 || !known.every(term => term[slot])) continue;
    const titles = known.every(term => term[slot] & IN_TITLE);
    let score = 0;
    for (const term of known) score += (term[slot] & IN_TITLE ? 40 : 0) + 8 * (term[slot] & 3);
    if (titles) score += 60 + 8 * (3 - index.titles[row]);
    score += index.steps[row] ? Math.max(0, 24 - (last - index.steps[row])) : 0;
    scores[slot] = days ? index.steps[row] * STEP + days[row] : score;
    slots.push(slot);
  }
  const row = index.row, steps = index.steps;
  return slots.sort((a, b) => scores[b] - scores[a] || steps[row[b]] - steps[row[a]] || a - b);
}

// ---- Verification and excerpts

/** Where a term occurs in folded text; a word is found by its beginning. */
function* occurrences(folded, term) {
  const starts = isWord(term.charCodeAt(0));
  for (let from = folded.indexOf(term); from >= 0; from = folded.indexOf(term, from + 1)) {
    if (!starts || !from || !isWord(folded.charCodeAt(from - 1))) yield [from, from + term.length];
  }
}

/** Where letters spell the syllables or the initials of folded text. */
function* spelled(folded, readings, letters) {
  const places = [];
  let position = 0;
  for (const character of folded) {
    if (isGram(character.codePointAt(0))) places.push([position, position + character.length]);
    position += character.length;
  }
  const syllables = readings.split(' ');
  for (let start = 0; start < places.length; start++) {
    for (const part of [syllable => syllable, syllable => syllable[0]]) {
      let rest = letters, stop = start;
      while (rest && stop < places.length && syllables[stop] && syllables[stop] !== '-') {
        if (stop > start && places[stop][0] !== places[stop - 1][1]) break;
        const piece = part(syllables[stop]);
        if (!rest.startsWith(piece.slice(0, rest.length))) break;
        rest = rest.slice(piece.length);
        stop++;
      }
      if (!rest) { yield [places[start][0], places[stop - 1][1]]; break; }
    }
  }
}

/** Looks for all terms in a record: `null`, or the hits in title, names and blocks. */
export function verify(record, terms) {
  const { simple } = record, names = [...(record.p ?? []), ...(record.o ?? [])];
  const hit = (text, index, term) => {
    const folded = text.folded ??= fold(text.text, simple), found = [...occurrences(folded.text, term.term)];
    if (term.reading && index >= 0 && record.y[index]) found.push(...spelled(folded.text, record.y[index], term.term));
    return found;
  };
  const title = { text: record.t }, named = names.map(text => ({ text }));
  const blocks = record.foldedBlocks ??= record.blocks.map(text => ({ text }));
  const missing = [];
  for (const term of terms) {
    const inTitle = hit(title, 0, term).length;
    const inNames = !inTitle && !term.inTitle && named.some((name, i) => hit(name, i + 1, term).length);
    if (!inTitle && !inNames && (term.inTitle || !blocks.some(block => hit(block, -1, term).length))) missing.push(term);
  }
  if (missing.length) return null;
  return { title: marked(title, hit, 0, terms), excerpt: excerpt(record, named, blocks, hit, terms) };
}

/** Cuts a text into segments, marked where terms occur. */
function marked(text, hit, index, terms, from = 0, to = text.text.length) {
  const found = terms.flatMap(term => hit(text, index, term)).map(([a, b]) => [text.folded.at[a], text.folded.end[b - 1]]);
  const segments = [];
  const push = (a, b, mark) => { if (b > a) segments.push({ text: text.text.slice(a, b), mark }); };
  let position = from;
  for (const [a, b] of found.sort((x, y) => x[0] - y[0])) {
    if (b <= position || a >= to) continue;
    push(position, Math.max(a, position), false);
    push(Math.max(a, position), Math.min(b, to), true);
    position = Math.min(b, to);
  }
  push(position, to, false);
  return segments;
}

const BEFORE = 24, EXCERPT = 110;

function excerpt(record, named, blocks, hit, terms) {
  let best = { hits: 0 };
  const consider = (text, index) => {
    const places = terms.map(term => hit(text, index, term)[0]).filter(Boolean);
    if (places.length > best.hits) best = { text, index, hits: places.length, first: Math.min(...places.map(place => place[0])) };
  };
  blocks.forEach(block => consider(block, -1));
  if (!best.hits) named.forEach((name, i) => consider(name, i + 1));
  if (!best.hits) best = { text: blocks[0] ?? { text: '' }, index: -1, first: -1 };
  const { text } = best;
  text.folded ??= fold(text.text, record.simple);
  let from = best.first < 0 ? 0 : Math.max(0, text.folded.at[best.first] - BEFORE);
  if (isTail(text.text, from)) from++;
  let to = Math.min(text.text.length, from + EXCERPT);
  if (isTail(text.text, to)) to++;
  const segments = marked(text, hit, best.index, terms, from, to);
  if (from > 0) segments.unshift({ text: '…', mark: false });
  if (to < text.text.length) segments.push({ text: '…', mark: false });
  return segments;
}

const isTail = (text, at) => (text.charCodeAt(at) & 0xfc00) === 0xdc00;

// ---- Queries

/** Thrown where a newer query has taken over. */
class Superseded extends Error { }

/** Answers queries from the index below `base`. */
export class Search {
  constructor(base, fetcher = (...request) => fetch(...request)) {
    this.files = new Files(base.endsWith('/') ? base : `${base}/`, fetcher);
    this.memo = new Memo();
    this.simple = {};
  }

  index() { return this.memo.get('index', () => new Index(this.files).load()); }

  /** Answers a query; `onResults` gets the answer before its facets are counted. See search.js for the fields. */
  async query(text, options = {}) {
    try {
      return await this.run(text, options);
    } catch (error) {
      if (error instanceof Superseded || options.isLive?.() === false) return null;
      // The site may have been published anew since: once more with fresh files.
      this.memo = new Memo();
      this.session = null;
      return await this.run(text, options);
    }
  }

  async run(text, { filters = {}, sort = 'relevance', offset = 0, limit = 10, onResults, isLive = () => true }) {
    const live = () => { if (!isLive()) throw new Superseded(); };
    const before = { bytes: this.files.bytes, requests: this.files.requests };
    const index = await this.index();
    live();
    const loaded = this.files.bytes;
    const session = await this.open(index, text, filters, sort, live);
    await this.fill(index, session, offset + limit, BUDGET - (this.files.bytes - loaded), live);
    const answer = {
      ...count(session),
      results: session.results.slice(offset, offset + limit),
      more: session.checked < session.slots.length || session.results.length > offset + limit,
      facets: null,
      suggestions: session.results.length ? [] : await this.suggest(index, session.terms, live),
      bytesLoaded: this.files.bytes - before.bytes, requests: this.files.requests - before.requests,
    };
    onResults?.(answer);
    const facets = await facetCounts(index, session, filters);
    live();
    return { ...answer, facets };
  }

  /** The candidates of a query; kept while only the page of results changes. */
  async open(index, text, filters, sort, live) {
    const key = JSON.stringify([text, filters, sort]);
    if (this.session?.key === key) return this.session;
    let terms = parse(text, this.simple), all = terms.length ? await rank(index, terms, sort) : [];
    live();
    if (!all.length && /[\u3400-\u9fff]/.test(text) && !Object.keys(this.simple).length) {
      // Nothing found: perhaps the query is in traditional characters.
      this.simple = pairs(TEXT.decode(await inflate(await this.files.get('fold.bin'))));
      terms = parse(text, this.simple);
      if (terms.length) all = await rank(index, terms, sort);
      live();
    }
    const slots = await filtered(index, all, filters);
    live();
    this.session = { key, terms, all, slots, results: [], checked: 0, exact: terms.every(term => term.exact) };
    return this.session;
  }

  /** Verifies candidates until there are `wanted` results, or `budget` bytes are loaded and there is one. */
  async fill(index, session, wanted, budget, live) {
    const stop = this.files.bytes + budget, start = session.results.length;
    while (session.results.length < wanted && session.checked < session.slots.length) {
      const left = stop - this.files.bytes, hasSome = session.results.length > start;
      const batch = session.slots.slice(session.checked, session.checked + wanted - session.results.length);
      const places = await Promise.all(batch.map(slot => index.place(slot)));
      let size = 0, count = 0;
      for (const { from, to } of places) {
        size += Math.min(to - from, LONG);
        if ((count || hasSome) && size > left) break;
        count++;
      }
      if (!count) break;
      const results = await Promise.all(batch.slice(0, count).map(slot => result(index, slot, session.terms)));
      live();
      session.results.push(...results.filter(Boolean));
      session.checked += count;
    }
  }

  /** What to try when nothing was found. */
  async suggest(index, terms, live) {
    const queries = new Set();
    if (terms.length > 1) {
      for (const left of terms) queries.add(terms.filter(term => term !== left).map(term => term.term).join(' '));
    }
    for (const { term } of terms.length === 1 ? terms : []) {
      const characters = [...term];
      for (let cut = characters.length - 2; cut >= 2 && queries.size < 8; cut--) {
        queries.add(`${characters.slice(0, cut).join('')} ${characters.slice(cut).join('')}`);
      }
      for (let cut = characters.length - 1; cut >= 2 && queries.size < 12; cut--) queries.add(characters.slice(0, cut).join(''));
    }
    const suggestions = [];
    for (const query of queries) {
      const slots = await rank(index, parse(query, this.simple), 'relevance');
      live();
      for (const slot of slots.slice(0, 2)) {
        if (!await result(index, slot, parse(query, this.simple))) continue;
        suggestions.push({ query, total: slots.length });
        break;
      }
      if (suggestions.length === 3) break;
    }
    return suggestions;
  }
}

function count({ slots, results, checked, exact }) {
  if (checked === slots.length) return { total: results.length, approximate: false };
  if (exact) return { total: slots.length, approximate: false };
  return { total: Math.max(results.length, Math.round(slots.length * (results.length + 1) / (checked + 1))), approximate: true };
}

async function result(index, slot, terms) {
  let record, hits = null;
  for (let size = LONG; !hits && record !== null && (!record || record.isPart); size *= 2) {
    record = await index.record(slot, size);
    hits = record && verify(record, terms);
  }
  if (!hits) return null;
  const date = record.d == null ? null : new Date(record.d * 86400000).toISOString().slice(0, 10);
  return { url: record.u, title: hits.title, kind: record.k, date, people: record.p ?? [], units: record.o ?? [], excerpt: hits.excerpt };
}

const active = filters => Object.entries(filters).filter(([, labels]) => labels?.length);

async function allowed(index, [name, labels]) {
  if (!index.facets.includes(name)) return () => false;
  const facet = await index.facet(name), wanted = new Set([labels].flat().map(label => facet.labels.indexOf(label)));
  const sets = facet.sets.map(set => set.some(label => wanted.has(label)));
  return slot => sets[facet.of[index.row[slot]]];
}

async function filtered(index, slots, filters) {
  const tests = await Promise.all(active(filters).map(filter => allowed(index, filter)));
  return tests.length ? slots.filter(slot => tests.every(test => test(slot))) : slots;
}

/** Counts labels among the candidates that pass the filters of the other facets. */
async function facetCounts(index, session, filters) {
  const counts = await Promise.all(index.facets.map(async name => {
    const others = Object.fromEntries(active(filters).filter(([other]) => other !== name));
    const facet = await index.facet(name), sums = new Array(facet.labels.length).fill(0);
    for (const slot of await filtered(index, session.all, others)) {
      for (const label of facet.sets[facet.of[index.row[slot]]]) sums[label]++;
    }
    const labels = facet.labels.map((label, i) => ({ label, count: sums[i] })).filter(({ count }) => count);
    return [name, labels.sort((a, b) => b.count - a.count || (a.label < b.label ? -1 : 1))];
  }));
  return Object.fromEntries(counts);
}

// ---- In the worker

if (typeof WorkerGlobalScope !== 'undefined' && self instanceof WorkerGlobalScope) {
  let search, newest = 0;
  self.onmessage = async ({ data: { id, base, text, options } }) => {
    newest = id;
    search ??= new Search(base);
    const isLive = () => newest === id;
    const onResults = answer => { if (isLive()) self.postMessage({ id, answer, isPartial: true }); };
    try {
      self.postMessage({ id, answer: await search.query(text, { ...options, onResults, isLive }) });
    } catch (error) {
      self.postMessage({ id, error: String(error?.message ?? error) });
    }
  };
}
