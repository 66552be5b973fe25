// Pages fit a narrow phone: wide tables, code and formulas scroll inside themselves, the page does not.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { hang, launch, visit } from './harness.mjs';
import { entries, sample, sitemapPaths } from './portal.mjs';

const phone = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
const paths = await sitemapPaths();
const pages = new Set([...sample(paths), ...entries(paths, 'notices')]);

/** Names the elements that stick out to the right, so that a failure says what to mend. */
function overflow(width) {
  const excess = document.scrollingElement.scrollWidth - width;
  if (excess <= 0) return [];
  const elements = [...document.body.querySelectorAll('*')];
  const wide = elements.filter((element) => element.getBoundingClientRect().right > width + 1);
  const names = wide.slice(0, 5).map((element) => `${element.localName}.${element.className}`);
  return [`${excess} px too wide`, ...names];
}

describe('at 360 px', { timeout: hang }, () => {
  let browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser.close());

  it('the portal has notices to read', () => {
    assert.ok(entries(paths, 'notices').length > 0);
  });

  for (const path of pages) {
    it(`${decodeURI(path)} does not scroll sideways`, async () => {
      const found = await visit(browser, path, phone, async (page) => {
        // A page without a viewport tag is laid out at 980 px and then shrunk: no overflow, and unreadable.
        // The window of a phone grows with what sticks out, so the fixed width is the measure, not innerWidth.
        const layout = await page.evaluate(() => document.documentElement.clientWidth);
        return [...(layout === 360 ? [] : [`laid out at ${layout} px`]), ...(await page.evaluate(overflow, 360))];
      });
      assert.deepEqual(found, []);
    });
  }
});
