// Pages answer, lead to pages that answer, work without JavaScript, and keep quiet.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { hang, launch, portalUrl, visit } from './harness.mjs';
import { entries, sample, sitemapPaths } from './portal.mjs';

const home = portalUrl();
const paths = await sitemapPaths();
const pages = sample(paths);

/** Same-host addresses that links of the page lead to, without fragment. */
function linkedPaths(page) {
  return page.$$eval('a[href]', (links) =>
    links
      .map((link) => new URL(link.href))
      .filter((url) => url.origin === location.origin)
      .map((url) => url.pathname + url.search),
  );
}

async function unanswered(addresses) {
  const bad = [];
  for (const path of new Set(addresses)) {
    const answer = await fetch(home + path);
    await answer.arrayBuffer();
    if (answer.status !== 200) bad.push(`${path}: ${answer.status}`);
  }
  return bad;
}

describe('pages', { timeout: hang }, () => {
  let browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser.close());

  it('of the sitemap answer 200', async () => {
    assert.deepEqual(await unanswered(paths), []);
  });

  it('linked from home answer 200', async () => {
    const links = await visit(browser, '/', {}, linkedPaths);
    assert.ok(links.length > 0, 'home links nothing');
    assert.deepEqual(await unanswered(links), []);
  });

  it('that do not exist answer 404, with a way home', async () => {
    await visit(browser, '/no-such-page/', {}, async (page, { status }) => {
      assert.equal(status, 404);
      assert.ok((await linkedPaths(page)).includes('/'), 'no link to the home page');
    });
  });

  it('read from home to a notice with JavaScript off', async () => {
    await visit(browser, '/', { javaScriptEnabled: false }, async (page) => {
      await page.locator('a[href$="/notices/"]:visible').first().click();
      assert.equal(new URL(page.url()).pathname, '/notices/');
      const notices = new Set(entries(paths, 'notices'));
      const hrefs = await page.locator('main a:visible').evaluateAll((links) => links.map((link) => link.href));
      const notice = hrefs.find((href) => notices.has(new URL(href).pathname));
      assert.ok(notice, 'the list of notices links no notice');
      await page.goto(notice);
      assert.ok(await page.locator('h1').isVisible());
      assert.ok((await page.locator('main').innerText()).length > 100, 'the notice has no text');
    });
  });

  for (const path of pages) {
    it(`${decodeURI(path)} shows its heading and text with JavaScript off`, async () => {
      await visit(browser, path, { javaScriptEnabled: false }, async (page) => {
        assert.ok(await page.locator('h1').first().isVisible(), 'no visible h1');
        const text = await page.locator('main').innerText();
        assert.ok(text.trim().length > 0, 'main is empty');
      });
    });

    it(`${decodeURI(path)} keeps the console empty, asks no other host, and its anchors lead somewhere`, async () => {
      await visit(browser, path, {}, async (page, { complaints, strangers }) => {
        const lost = await page.$$eval('a[href^="#"]', (links) =>
          links
            .map((link) => decodeURIComponent(link.hash.slice(1)))
            .filter((id) => id !== '' && document.getElementById(id) === null),
        );
        assert.deepEqual({ complaints, strangers, lost }, { complaints: [], strangers: [], lost: [] });
      });
    });
  }
});
