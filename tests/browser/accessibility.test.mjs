// axe finds nothing to complain about, on one page of every sort: in light and dark, in high contrast, in large print.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, describe, it } from 'node:test';
import { hang, launch, visit } from './harness.mjs';
import { entries, sample, sitemapPaths } from './portal.mjs';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const paths = await sitemapPaths();
const pages = [...sample(paths), '/no-such-page/'];

/** Colours are all that differs between these looks and the first, so the rules about colours are all that can. */
const colours = { runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } };

/**
 * How pages may look; `view` is what the reader chose with the switches, as the theme keeps it, and `rules` which rules
 * of axe are asked about, without it all.
 */
const looks = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark', rules: colours },
  'high contrast': { colorScheme: 'light', view: { contrast: 'more' }, rules: colours },
  'high contrast and dark': { colorScheme: 'dark', view: { contrast: 'more' }, rules: colours },
  'large print': { colorScheme: 'light', view: { size: 'large' } },
};

/** One line for each element that breaks a rule. */
async function violations(page, rules) {
  await page.addScriptTag({ path: axe });
  const result = await page.evaluate((rules) => window.axe.run(document, rules), rules ?? {});
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
    for (const [name, { colorScheme, view, rules }] of Object.entries(looks)) {
      it(`${decodeURI(path)} in ${name}`, async () => {
        // axe is put into the page as a script, which a strict content policy would refuse.
        const options = { colorScheme, reducedMotion: 'reduce', bypassCSP: true };
        const found = await visit(browser, path, options, async (page) => {
          if (view) {
            await page.evaluate((view) => localStorage.setItem('jixia-view', JSON.stringify(view)), view);
            await page.reload();
          }
          return violations(page, rules);
        });
        assert.deepEqual(found, []);
      });
    }
  }
});
