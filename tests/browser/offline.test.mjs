// Pages that were read stay readable without a network, and online nothing old is shown.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { hang, launch, visit } from './harness.mjs';
import { entries, sitemapPaths } from './portal.mjs';

const paths = await sitemapPaths();
const [read, unread] = entries(paths, 'notices');

/** Waits until the worker has kept an address; `waitForFunction` would take a promise for an answer. */
async function kept(page, path) {
  const isKept = (path) => caches.open('jixia-pages').then((cache) => cache.match(new URL(path, location.href).href)).then(Boolean);
  for (const limit = Date.now() + 60_000; !(await page.evaluate(isKept, path)); await page.waitForTimeout(50)) {
    assert.ok(Date.now() < limit, `${path} is not kept`);
  }
}

describe('without a network', { timeout: hang }, () => {
  let browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser.close());

  it('a page that was read is shown with its styles, another says why not', async () => {
    await visit(browser, read, {}, async (page) => {
      await kept(page, read);
      const heading = await page.locator('h1').innerText();
      const background = () => page.evaluate(() => getComputedStyle(document.querySelector('main')).maxWidth);
      const styled = await background();
      await page.context().setOffline(true);
      await page.reload();
      assert.equal(await page.locator('h1').innerText(), heading);
      assert.equal(await background(), styled);
      await page.goto(unread);
      assert.equal(await page.locator('h1').innerText(), '没有网络');
      assert.ok(await page.locator('a').first().isVisible());
    });
  });

  it('a search that was made is answered again', async () => {
    await visit(browser, '/search/', {}, async (page) => {
      await kept(page, '/search/');
      await page.reload();
      const ask = async () => {
        await page.fill('main input[type=search]', '教学');
        await page.waitForSelector('.search-results a', { timeout: 30_000 });
        return page.locator('.search-results a').allInnerTexts();
      };
      const online = await ask();
      await page.context().setOffline(true);
      await page.reload();
      assert.deepEqual(await ask(), online);
    });
  });

  it('but with one, an old page never', async () => {
    await visit(browser, read, {}, async (page) => {
      await kept(page, read);
      await page.evaluate(async (path) => {
        const cache = await caches.open('jixia-pages');
        const headers = { 'Content-Type': 'text/html; charset=utf-8' };
        await cache.put(new URL(path, location.href).href, new Response('<h1>旧</h1>', { headers }));
      }, read);
      await page.reload();
      assert.notEqual(await page.locator('h1').innerText(), '旧');
    });
  });
});
