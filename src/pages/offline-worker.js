// Lets pages that were read, and searches that were made, work without a network. With one, the network always answers
// first: what is shown is never old. Files under assets/ carry a fingerprint in their names, so kept ones are right.
const TEXTS = {};
const PAGES = 'jixia-pages', ASSETS = 'jixia-assets', SEARCH = 'jixia-search';
const MOST = { [PAGES]: 200, [ASSETS]: 200, [SEARCH]: 2000 };
const scope = new URL(self.registration.scope).pathname;

addEventListener('install', () => self.skipWaiting());
addEventListener('activate', event => event.waitUntil(self.clients.claim()));
addEventListener('message', event => event.waitUntil(keepAll(event.data?.keep)));

addEventListener('fetch', event => {
  const { request } = event, url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin || !url.pathname.startsWith(scope)) return;
  const path = url.pathname.slice(scope.length);
  if (path.startsWith('assets/')) event.respondWith(asset(request));
  else if (path.startsWith('search/') && path.endsWith('.bin')) event.respondWith(searched(request));
  else if (request.mode === 'navigate') event.respondWith(page(request, event));
});

async function page(request, event) {
  try {
    const response = await fetch(request);
    // The reader need not wait until it is kept; what cannot be kept is read all the same.
    // What a server says is not to be stored, such as pages behind a sign-in, is not.
    const isPublic = !/no-store|private/.test(response.headers.get('Cache-Control') ?? '');
    if (response.ok && !response.redirected && isPublic) event.waitUntil(keep(PAGES, plain(request.url), response.clone()).catch(() => {}));
    return response;
  } catch {
    return await (await caches.open(PAGES)).match(plain(request.url)) ?? absent();
  }
}

async function asset(request) {
  const known = await (await caches.open(ASSETS)).match(request.url);
  if (known) return known;
  const response = await fetch(request);
  if (response.ok) await keep(ASSETS, request.url, response.clone());
  return response;
}

/** A file of the search index, or the part of one that was asked for: parts are kept under a name of their own. */
async function searched(request) {
  const range = request.headers.get('Range'), whole = plain(request.url), name = range ? `${whole}?${range}` : whole;
  try {
    const response = await fetch(request);
    // A cache takes no partial answers, so the bytes are kept as a whole one.
    if (response.ok) await keep(SEARCH, response.status === 206 ? name : whole, new Response(await response.clone().arrayBuffer()));
    return response;
  } catch (error) {
    const cache = await caches.open(SEARCH), part = await cache.match(name);
    if (part && range) return new Response(part.body, { status: 206 });
    const file = part ?? await cache.match(whole);
    if (file) return file;
    throw error;
  }
}

/** The address without what does not choose a page. */
function plain(address) {
  const url = new URL(address);
  return url.origin + url.pathname;
}

async function keep(name, address, response) {
  // All of it before the old one goes: the network may end in the middle.
  const body = await response.blob(), type = response.headers.get('Content-Type');
  const cache = await caches.open(name);
  // What is put again stands behind the others: what was used last is last to go.
  await cache.put(address, new Response(body, { headers: type ? { 'Content-Type': type } : {} }));
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - MOST[name])).map(key => cache.delete(key)));
}

/** Keeps what a page loaded before this worker saw its requests. */
async function keepAll(addresses) {
  if (!Array.isArray(addresses)) return;
  for (const address of addresses.slice(0, 500)) {
    const url = new URL(address, location);
    if (url.origin !== location.origin || !url.pathname.startsWith(scope)) continue;
    const path = url.pathname.slice(scope.length);
    const name = path.startsWith('assets/') ? ASSETS : path.endsWith('.bin') ? SEARCH : PAGES;
    const key = name === ASSETS ? url.href : plain(url.href);
    if (name === ASSETS && await (await caches.open(name)).match(key)) continue;
    const response = await fetch(key).catch(() => null);
    if (response?.ok && !response.redirected) await keep(name, key, response);
  }
}

function absent() {
  const text = value => String(value).replace(/[&<>"]/g, character => `&#${character.charCodeAt(0)};`);
  const body = `<!doctype html><html lang="${text(TEXTS.language)}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${text(TEXTS.title)}</title><h1>${text(TEXTS.title)}</h1><p>${text(TEXTS.advice)}</p><p><a href="${text(scope)}">${text(TEXTS.home)}</a></p></html>`;
  return new Response(body, { status: 503, headers: { 'Content-Type': 'text/html; charset=utf-8' } });
}
