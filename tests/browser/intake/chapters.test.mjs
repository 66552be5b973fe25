// The chapters of a course, with the page's scripts and without.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import axe from 'axe-core';
import { hang, launch } from '../harness.mjs';
import { startIntake } from './server.mjs';

const shots = process.env.JIXIA_SCREENSHOTS;
let intake;
let browser;

before(async () => {
  [intake, browser] = await Promise.all([startIntake(), launch()]);
  if (shots) await mkdir(shots, { recursive: true });
});

after(async () => {
  await browser?.close();
  await intake?.close();
});

async function signIn(viewport, javaScriptEnabled) {
  const context = await browser.newContext({ reducedMotion: 'reduce', baseURL: intake.url, locale: 'zh-CN', viewport, javaScriptEnabled });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto('/intake/sign-in');
  await page.fill('#login', 'school');
  await page.fill('#password', intake.passwords.school);
  await page.locator('main form button').press('Enter');
  await page.waitForURL('**/intake/');
  return page;
}

async function look(page, what, script) {
  if (shots) await page.screenshot({ path: join(shots, `${what}.png`), fullPage: true });
  // Without script nothing can look into the page.
  if (!script) return;
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(wide <= 0, `${what}: the page is ${wide} px too wide`);
  await page.evaluate(axe.source);
  const found = await page.evaluate(async () => {
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    const { violations } = await window.axe.run({ exclude: [['iframe']] }, { runOnly: tags, iframes: false });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
  });
  assert.deepEqual(found, [], what);
}

const views = {
  desktop: [{ width: 1280, height: 900 }, true],
  phone: [{ width: 390, height: 844 }, true],
  'phone without script': [{ width: 390, height: 844 }, false],
};
for (const [view, [viewport, script]] of Object.entries(views)) {
  test(`chapters are written, on a ${view}`, { timeout: hang }, async () => {
    const page = await signIn(viewport, script);
    const press = (selector) => page.locator(selector).last().press('Enter');
    await page.goto('/intake/new');
    await press('button[value=course]');
    await page.waitForURL('**/edit');
    const address = page.url();
    await page.fill('#f-title', `电工安全（${view}）`);
    for (const [title, text] of [['第二章 接地', '接地的作用。'], ['第一章 断电', '先断电，再验电。']]) {
      await press('button[value="chapter:add"]');
      await page.waitForURL('**/chapters/*');
      await page.fill('#f-title', title);
      await page.fill('#body', text);
      if (script && title.startsWith('第一章')) {
        await page.waitForFunction(() => document.getElementById('saved').textContent.includes('已自动保存'));
        await page.click('[data-preview]');
        await page.frameLocator('.in-preview iframe').locator('h1', { hasText: title }).waitFor();
        await page.click('[data-preview-close]');
      }
      await look(page, `chapter-${view}`, script);
      await press('button[value=back]');
      await page.waitForURL(/\/edit#chapters$/);
    }
    await press('button[value^="chapter:up:"]');
    await page.waitForLoadState();
    const titles = page.locator('#chapters .in-list-main');
    await titles.first().filter({ hasText: '第一章' }).waitFor();
    assert.deepEqual((await titles.allTextContents()).map((title) => title.trim()), ['第一章 断电', '第二章 接地']);
    assert.equal(await page.inputValue('#f-title'), `电工安全（${view}）`);
    await look(page, `course-${view}`, script);
    await page.goto(address.replace('/edit', ''));
    await page.locator('summary', { hasText: '第二章 接地' }).waitFor();
    await look(page, `course-item-${view}`, script);
    await page.context().close();
  });
}
