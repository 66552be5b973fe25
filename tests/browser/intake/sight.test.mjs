// Where things are, in a browser: the ledger by filters and pages, what will be public, and 正在发布 becoming 已发布 by
// itself, with the link. Desktop and phone, with script and without.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import axe from 'axe-core';
import { hang, launch } from '../harness.mjs';
import { startIntake } from './server.mjs';

const shots = process.env.JIXIA_SCREENSHOTS;
const views = { desktop: { width: 1366, height: 768 }, phone: { width: 360, height: 780 } };
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

async function person(login, view, script = true) {
  const options = { baseURL: intake.url, locale: 'zh-CN', viewport: views[view], javaScriptEnabled: script };
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  await page.goto('/intake/sign-in');
  await page.fill('#login', login);
  await page.fill('#password', intake.passwords[login]);
  await page.press('#password', 'Enter');
  await page.waitForURL('**/intake/');
  return { page, context, name: `${login}-${view}` };
}

// Fits the window, and passes the rules of WCAG 2.2 A and AA.
async function look({ page, name }, what) {
  if (shots) await page.screenshot({ path: join(shots, `sight-${what}-${name}.png`), fullPage: true });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(wide <= 0, `${what}: the page is ${wide} px too wide`);
  await page.evaluate(axe.source);
  const found = await page.evaluate(async () => {
    const runOnly = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    const { violations } = await window.axe.run({ exclude: [['iframe']] }, { runOnly, iframes: false });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
  });
  assert.deepEqual(found, [], what);
}

async function submits(page, title) {
  await page.goto('/intake/new');
  await page.click('button[value=news]');
  await page.waitForURL('**/edit');
  await page.fill('#f-title', title);
  await page.selectOption('#f-category', 'research');
  await page.fill('#f-summary', '一句话说明。');
  await page.fill('#body', '正文第一段。');
  for (const box of await page.locator('[name=declaration]').all()) await box.check();
  await page.click('button[value=submit]');
  await page.waitForURL('**/items/*?notice=submitted');
  return page.url().match(/items\/([^/?]+)/)[1];
}

for (const view of Object.keys(views)) {
  test(`what was handed in is found, accepted knowingly and seen to be published, on a ${view}`, { timeout: hang }, async () => {
    const [teacher, school, city] = await Promise.all(['teacher', 'school', 'city'].map((login) => person(login, view)));
    const title = `示例学院的公开课（${view}）`;
    const id = await submits(teacher.page, title);

    const { page } = school;
    await page.goto('/intake/');
    assert.match(await page.textContent('.in-menu'), /待办\s*(共 )?[1-9]/);
    await look(school, 'desk');
    await page.click('.in-menu >> text=台账');
    await page.fill('[name=q]', '公开课');
    await page.selectOption('[name=state]', 'submitted');
    await page.click('button:has-text("筛选")');
    await page.locator('.in-ledger a', { hasText: title }).waitFor();
    await look(school, 'ledger');
    await page.click('summary:has-text("常用筛选")');
    await page.fill('[name=name]', '等我的公开课');
    await page.click('button[value=keep]');
    await page.goto('/intake/ledger');
    await page.click('.in-tabs >> text=等我的公开课');
    await page.locator('.in-ledger a', { hasText: title }).click();
    await page.fill('#signed_off_by', '示例分管院长');
    await page.check('input[name=confirmed]');
    await page.click('button[value=endorse]');
    await page.waitForURL(`**/items/${id}/result`);
    assert.match(await page.textContent('main'), /办好了/);

    await city.page.goto(`/intake/items/${id}`);
    await city.page.click('button[value=accept]');
    await city.page.locator('h1', { hasText: '确定公开吗' }).waitFor();
    assert.match(await city.page.textContent('main'), /示例分管院长/);
    await look(city, 'publish');
    await city.page.click('button:has-text("确定公开")');
    await city.page.waitForURL(`**/items/${id}/result`);
    // Nobody presses anything: the page says so itself.
    await city.page.locator('[role=status] .in-state-published', { hasText: '已发布' }).waitFor();
    await look(city, 'result');
    await city.page.click('[role=status] >> text=在门户上看');
    await city.page.locator('h1', { hasText: title }).waitFor();

    await page.goto('/intake/ledger?whose=done');
    assert.match(await page.textContent('.in-ledger'), /本单位审核通过/);
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('text=Excel 表格')]);
    assert.match(download.suggestedFilename(), /^台账-.*\.xlsx$/);
    await page.goto('/intake/audit');
    assert.match(await page.textContent('.in-ledger'), new RegExp(title.replace(/[（）]/g, '.')));
    await look(school, 'log');
    for (const { context } of [teacher, school, city]) await context.close();
  });

  test(`a remark is answered, said to be mended and settled, and the bell tells of it, on a ${view}`, { timeout: hang }, async () => {
    const [teacher, school] = await Promise.all(['teacher', 'school'].map((login) => person(login, view)));
    const id = await submits(teacher.page, `意见来回（${view}）`);
    await school.page.goto(`/intake/items/${id}`);
    await school.page.fill('#message', '请补一张照片');
    await school.page.click('#decide button[value=comment]');
    await school.page.locator('.in-remarks', { hasText: '请补一张照片' }).waitFor();

    const { page } = teacher;
    await page.goto('/intake/');
    await page.click('.in-bell');
    await look(teacher, 'bell');
    await page.click(`text=《意见来回（${view}）》有新的意见或回复`);
    await page.waitForURL(`**/items/${id}`);
    await page.click('.in-reply > summary');
    await page.fill('.in-reply textarea', '照片下午拍');
    await page.click('button[value=reply]');
    await page.locator('.in-replies', { hasText: '照片下午拍' }).waitFor();
    await page.click('button[value=mended]');
    await page.locator('.in-tag', { hasText: '作者：已改' }).waitFor();
    await look(teacher, 'thread');

    await school.page.goto(`/intake/items/${id}`);
    await look(school, 'thread');
    await school.page.click('button[value=settle]');
    await school.page.locator('.in-tag', { hasText: '已解决' }).waitFor();
    await school.page.goto('/intake/webhook');
    await look(school, 'webhook');
    for (const { context } of [teacher, school]) await context.close();
  });
}

test('without script the page asks again by itself until it is published', { timeout: hang }, async () => {
  const [teacher, school] = await Promise.all(['teacher', 'school'].map((login) => person(login, 'desktop')));
  const city = await person('city', 'desktop', false);
  const press = (selector) => city.page.locator(selector).first().press('Enter');
  const id = await submits(teacher.page, '没有脚本也看得见');
  await school.page.goto(`/intake/items/${id}`);
  await school.page.fill('#signed_off_by', '示例分管院长');
  await school.page.check('input[name=confirmed]');
  await school.page.click('button[value=endorse]');
  await school.page.waitForURL('**/result');
  await city.page.goto(`/intake/items/${id}`);
  await press('button[value=accept]');
  await press('button:has-text("确定公开")');
  await city.page.locator('[role=status] .in-state-published').waitFor();
  for (const { context } of [teacher, school, city]) await context.close();
});
