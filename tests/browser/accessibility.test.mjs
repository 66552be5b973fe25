// axe finds nothing to complain about, on one page of every sort, in every way to read that the portal offers.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, describe, it } from 'node:test';
import { hang, launch, portalUrl, visit } from './harness.mjs';
import { entries, sample, sitemapPaths } from './portal.mjs';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const paths = await sitemapPaths();
const pages = [...sample(paths), '/no-such-page/'];

/** What the reader's system and switches say. */
const modes = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  'large print': { colorScheme: 'light', chosen: { size: 'large' } },
  'high contrast': { colorScheme: 'light', chosen: { contrast: 'more' } },
  'high contrast in the dark': { colorScheme: 'dark', chosen: { contrast: 'more' } },
};

/** A browser's storage as the switches of an earlier visit left it. */
function remembered(chosen) {
  const localStorage = chosen ? [{ name: 'jixia-view', value: JSON.stringify(chosen) }] : [];
  return { cookies: [], origins: [{ origin: portalUrl(), localStorage }] };
}

/** One line for each element that breaks a rule. */
async function violations(page) {
  await page.addScriptTag({ path: axe });
  const result = await page.evaluate(() => window.axe.run());
  return result.violations.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id}: ${rule.help}: ${node.html.slice(0, 160)}`),
  );
}

describe('accessibility', { timeout: hang }, () => {
  let browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser.close());

  for (const section of ['notices', 'resources', 'courses', 'schools']) {
    it(`is looked at on an entry of ${section}`, () => {
      assert.ok(entries(paths, section).some((path) => pages.includes(path)));
    });
  }

  for (const path of pages) {
    for (const [mode, { colorScheme, chosen }] of Object.entries(modes)) {
      it(`${decodeURI(path)} in ${mode}`, async () => {
        // axe is put into the page as a script, which a strict content policy would refuse.
        const options = { colorScheme, reducedMotion: 'reduce', bypassCSP: true, storageState: remembered(chosen) };
        assert.deepEqual(await visit(browser, path, options, violations), []);
      });
    }
  }
});
