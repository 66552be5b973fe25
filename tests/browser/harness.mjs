// Starts what the browser tests need: a portal on a free port and a headless Chromium.
//
// Settings come from the environment:
//   JIXIA_URL   a portal that already runs; nothing is started then
//   JIXIA_BIN   the generator (default: target/debug/jixia of the repository)
//   JIXIA_ROOT  the content repository it serves (default: this repository)
//   CHROMIUM    the browser (default: Debian's)
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const repository = fileURLToPath(new URL('../../', import.meta.url));

/** Guards a test against hanging for ever. Not a measure of speed: the slowest machine stays far below it. */
export const hang = 30 * 60 * 1000;

/** Starts the portal, or finds the running one of JIXIA_URL. Resolves when its home page answers. */
export async function startPortal() {
  const running = process.env.JIXIA_URL;
  if (running) return { url: new URL(running).origin, close: async () => {} };

  const bin = process.env.JIXIA_BIN ?? join(repository, 'target/debug/jixia');
  const root = process.env.JIXIA_ROOT ?? repository;
  const out = await mkdtemp(join(tmpdir(), 'jixia-browser-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = spawn(bin, ['serve', '--root', root, '--out', out, '--port', String(port)], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const ended = once(server, 'exit').then(
    ([code, signal]) => `ended with ${code ?? signal} before it answered`,
    (error) => `did not start: ${error.message}`,
  );
  const close = async () => {
    if (server.exitCode === null && server.signalCode === null && server.kill()) await ended;
    await rm(out, { recursive: true, force: true });
  };
  try {
    await Promise.race([answering(url), ended.then((why) => Promise.reject(new Error(`${bin} ${why}`)))]);
  } catch (error) {
    await close();
    throw error;
  }
  return { url, close };
}

async function answering(url) {
  for (const limit = Date.now() + hang; Date.now() < limit; await sleep(100)) {
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return;
  }
  throw new Error(`${url} does not answer`);
}

async function freePort() {
  const listener = createServer();
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address();
  listener.close();
  await once(listener, 'close');
  return port;
}

/** Address of the portal under test, as run.mjs hands it to each test file. */
export function portalUrl() {
  const url = process.env.JIXIA_URL;
  if (!url) throw new Error('JIXIA_URL is not set: run `npm test`, which starts the portal');
  return new URL(url).origin;
}

/** Launches Chromium without the services that would use the network by themselves. */
export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** Opens `path` in a context of its own with `options`, hands the page to `look`, and closes the context. */
export async function visit(browser, path, options, look) {
  const context = await browser.newContext({ baseURL: portalUrl(), locale: 'zh-CN', ...options });
  try {
    const page = await context.newPage();
    const seen = watch(page);
    const answer = await page.goto(path, { waitUntil: 'load' });
    return await look(page, { ...seen, status: answer.status() });
  } finally {
    await context.close();
  }
}

// Collects what a page should not do: complain in the console, or ask another host for something.
function watch(page) {
  const complaints = [];
  const strangers = [];
  const home = portalUrl();
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (!['data:', 'blob:', 'about:'].includes(url.protocol) && url.origin !== home) strangers.push(url.href);
  });
  return { complaints, strangers };
}
