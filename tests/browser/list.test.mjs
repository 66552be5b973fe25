// Lists narrow without a reload, and one value at a time without scripts; switches are remembered.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { hang, launch, visit } from './harness.mjs';

const section = '/resources/';
const titles = (page) => page.$$eval('.list-main .card-title', (elements) => elements.map((element) => element.textContent));
const facet = (page) => page.locator('a[data-facet="category"]').first();
const count = (link) => link.locator('.chip-count').evaluate((element) => Number(element.firstChild.data));

describe('lists', { timeout: hang }, () => {
  let browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser.close());

  it('narrow to as many entries as the value says, keep that in the address, and come back', async () => {
    await visit(browser, section, {}, async (page) => {
      const all = await titles(page);
      const wanted = await count(facet(page));
      await facet(page).click();
      await page.waitForFunction((n) => document.querySelectorAll('.list-main .card').length === n, Math.min(wanted, 20));
      const address = page.url();
      assert.match(address, /\?category=/);
      assert.match(await page.locator('.list-status').textContent(), new RegExp(String(wanted)));
      const narrowed = await titles(page);
      await page.locator('.list-clear').click();
      await page.waitForFunction((n) => document.querySelectorAll('.list-main .card').length === n, all.length);
      assert.deepEqual(await titles(page), all);
      await page.goto(address);
      await page.waitForFunction((n) => document.querySelectorAll('.list-main .card').length === n, narrowed.length);
      assert.deepEqual(await titles(page), narrowed);
    });
  });

  it('are turned round, oldest first', async () => {
    await visit(browser, section, {}, async (page) => {
      const [newest] = await titles(page);
      await page.locator('.list-sort select').selectOption('oldest');
      await page.waitForFunction((title) => document.querySelector('.list-main .card-title').textContent !== title, newest);
      assert.match(page.url(), /sort=oldest/);
    });
  });

  it('without scripts lead to a page of the value with as many entries', async () => {
    await visit(browser, section, { javaScriptEnabled: false }, async (page) => {
      const link = facet(page);
      const wanted = Number((await link.locator('.chip-count').innerText()).match(/\d+/)[0]);
      await link.click();
      assert.notEqual(new URL(page.url()).pathname, section);
      assert.equal(await page.locator('.list-main .card').count(), Math.min(wanted, 39));
    });
  });

  it('become rows when the reader says so, also at the next visit', async () => {
    await visit(browser, section, {}, async (page) => {
      await page.locator('button[data-view="list"]').click();
      await page.reload();
      assert.equal(await page.evaluate(() => document.documentElement.dataset.view), 'list');
      assert.equal(await page.locator('button[data-view="list"]').getAttribute('aria-pressed'), 'true');
    });
  });
});

describe('switches', { timeout: hang }, () => {
  let browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser.close());

  it('print large and with high contrast, and remember it', async () => {
    await visit(browser, '/', {}, async (page) => {
      const size = () => page.evaluate(() => parseFloat(getComputedStyle(document.body).fontSize));
      const before = await size();
      await page.locator('[data-switch="size"]').click();
      await page.locator('[data-switch="contrast"]').click();
      await page.reload();
      assert.ok((await size()) >= before * 1.3, 'the print is not large');
      assert.equal(await page.evaluate(() => getComputedStyle(document.body).color), 'rgb(0, 0, 0)');
      await page.locator('[data-switch="size"]').click();
      assert.equal(await size(), before);
    });
  });

  it('leave a menu that opens and closes by keyboard', async () => {
    await visit(browser, '/', {}, async (page) => {
      const group = page.locator('.menu-group').first();
      await group.locator('summary').press('Enter');
      assert.ok(await group.locator('a').first().isVisible());
      await page.keyboard.press('Escape');
      assert.ok(!(await group.locator('a').first().isVisible()));
    });
  });

  it('leave a menu that opens on a phone without scripts', async () => {
    const phone = { viewport: { width: 360, height: 740 }, javaScriptEnabled: false };
    await visit(browser, '/', phone, async (page) => {
      const link = page.locator('.menu-list > li > a').first();
      assert.ok(!(await link.isVisible()));
      await page.locator('.menu-button').click();
      assert.ok(await link.isVisible());
    });
  });
});
