// The switches of the strip stay readable, whether pressed, hovered or both.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { hang, launch, visit } from './harness.mjs';

/** Contrast of the text of an element with the background that it sets itself, after WCAG 2. */
function contrast(element) {
  const style = getComputedStyle(element);
  const luminance = (colour) => {
    const [red, green, blue] = colour.match(/[\d.]+/g).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [dark, light] = [luminance(style.color), luminance(style.backgroundColor)].sort((one, other) => one - other);
  return (light + 0.05) / (dark + 0.05);
}

describe('switches', { timeout: hang }, () => {
  let browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser.close());

  it('that are pressed and hovered are readable', async () => {
    const found = await visit(browser, '/', { reducedMotion: 'reduce' }, async (page) => {
      const all = page.locator('[data-switch="size"], [data-switch="contrast"]');
      const values = [];
      for (let place = 0; place < (await all.count()); place += 1) {
        const button = all.nth(place);
        await button.click();
        await button.hover();
        assert.equal(await button.getAttribute('aria-pressed'), 'true');
        values.push(await button.evaluate(contrast));
      }
      return values;
    });
    assert.equal(found.length, 2);
    assert.deepEqual(
      found.filter((value) => value < 4.5),
      [],
    );
  });
});
