// What the offices above do, in a browser: a school's entry is decided on by city and province, recommended and taken,
// taken down, confirmed and restored; two people change one passage; a notice appears when its time has come.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import axe from 'axe-core';
import { hang, launch } from '../harness.mjs';
import { startIntake } from './server.mjs';

const shots = process.env.JIXIA_SCREENSHOTS;
const views = { desktop: { width: 1280, height: 900 }, phone: { width: 360, height: 780 } };
const levels = `[review.chains.unit-superior]
steps = ["county?", "city", "province"]`;
// How long something that comes by itself is waited for, in milliseconds: no measure of speed.
const patience = 4 * 60_000;
let intake;
let browser;

before(async () => {
  [intake, browser] = await Promise.all([startIntake({ settings: levels }), launch()]);
  if (shots) await mkdir(shots, { recursive: true });
});

after(async () => {
  await browser?.close();
  await intake?.close();
});

async function person(login, view, script = true) {
  const options = { reducedMotion: 'reduce', baseURL: intake.url, locale: 'zh-CN', viewport: views[view], javaScriptEnabled: script };
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  await page.goto('/intake/sign-in');
  await page.fill('#login', login);
  await page.fill('#password', intake.passwords[login]);
  await page.press('#password', 'Enter');
  await page.waitForURL('**/intake/');
  return { page, context, script, name: `${login}-${view}` };
}

// Fits the screen, and keeps the rules of WCAG 2.2 A and AA.
async function look({ page, name, script }, what) {
  if (shots) await page.screenshot({ path: join(shots, `${what}-${name}.png`), fullPage: true });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(wide <= 0, `${what}: the page is ${wide} px too wide`);
  // The checker itself is a script.
  if (!script) return;
  await page.evaluate(axe.source);
  const found = await page.evaluate(async () => {
    const runOnly = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    const { violations } = await window.axe.run({ exclude: [['iframe']] }, { runOnly, iframes: false });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
  });
  assert.deepEqual(found, [], what);
}

const press = (page, selector) => page.locator(selector).first().press('Enter');

async function submits({ page }, fields) {
  for (const [selector, text] of Object.entries(fields)) {
    const folded = page.locator(`details:not([open]):has(${selector}) > summary`);
    if (await folded.count()) await folded.press('Enter');
    await page.fill(selector, text);
  }
  for (const box of await page.locator('input[name=declaration]').all()) await box.setChecked(true);
  await press(page, '.in-bar button[value=submit]');
  await page.waitForURL('**/items/*?notice=submitted');
  return new URL(page.url()).pathname.split('/').at(-1);
}

async function news(somebody, title, more = {}) {
  const { page } = somebody;
  await page.goto('/intake/new');
  await press(page, 'button[value=news]');
  await page.waitForURL('**/edit');
  await page.selectOption('#f-category', 'research');
  return submits(somebody, { '#f-title': title, '#f-summary': '一句话说明。', '#body': '第一段说来由。\n\n第二段说做法。', ...more });
}

async function endorses({ page }, id) {
  await page.goto(`/intake/items/${id}`);
  await page.fill('#signed_off_by', '示例分管院长');
  await page.setChecked('input[name=confirmed]', true);
  await press(page, 'button[value=endorse]');
  await page.waitForSelector('.in-state-endorsed');
}

async function accepts({ page }, id) {
  await page.goto(`/intake/items/${id}`);
  await press(page, 'button[value=accept]');
  await page.locator('h1', { hasText: /确定公开吗|办好了/ }).waitFor();
  // Whoever publishes is asked once.
  const sure = page.locator('button', { hasText: '确定公开' });
  if (await sure.count()) {
    await sure.press('Enter');
    await page.waitForURL('**/result');
  }
}

async function published({ page }, id) {
  for (const limit = Date.now() + patience; ; await sleep(200)) {
    await page.goto(`/intake/items/${id}`);
    if (await page.locator('.in-state-published').count()) break;
    assert.ok(Date.now() < limit, await page.textContent('main'));
  }
  return page.locator('a', { hasText: '在门户上看' }).getAttribute('href');
}

// What the portal answers, once it says what is waited for.
async function portal(path, is) {
  for (const limit = Date.now() + patience; ; await sleep(200)) {
    const answer = await fetch(new URL(path, intake.url));
    const seen = { status: answer.status, text: await answer.text() };
    if (is(seen)) return seen;
    assert.ok(Date.now() < limit, seen.text);
  }
}

const chosen = async ({ page }, path, title, kind) => {
  await page.goto(`${path}?q=${encodeURIComponent(title)}`);
  await page.locator('li', { hasText: title }).locator(`input[type=${kind}]`).first().check();
};

for (const view of ['desktop', 'phone']) {
  test(`decided on by two levels, recommended, taken down and restored, on a ${view}`, { timeout: hang }, async () => {
    const people = await Promise.all(['teacher', 'school', 'city', 'province'].map((login) => person(login, view)));
    const [teacher, school, city, province] = people;
    const title = `逐级审核的公开课（${view}）`;
    const id = await news(teacher, title);
    await endorses(school, id);
    await city.page.goto(`/intake/items/${id}`);
    await look(city, 'level');
    await accepts(city, id);
    await teacher.page.goto(`/intake/items/${id}`);
    assert.equal(await teacher.page.locator('.in-state-published').count(), 0, "the city's yes is not the last");
    await accepts(province, id);
    const address = await published(teacher, id);

    await chosen(city, '/intake/recommendations', title, 'radio');
    await city.page.fill('#reason', '一线做法，别校可以照着做。');
    await look(city, 'recommend');
    await press(city.page, 'form[method=post] .in-main-button');
    await city.page.locator('.in-tag', { hasText: '等' }).first().waitFor();
    await province.page.goto('/intake/recommendations');
    await look(province, 'recommended');
    await press(province.page, 'button[value=take]');
    await portal('/recommended/', ({ status, text }) => status === 200 && text.includes(title));
    await portal(address, ({ text }) => text.includes('badge-recommended'));
    await school.page.goto('/intake/recommendations');
    await school.page.locator('li', { hasText: title }).locator('.in-tag', { hasText: '已采用' }).waitFor();

    await chosen(city, '/intake/takedowns', title, 'checkbox');
    await city.page.selectOption('#reason', { index: 1 });
    await city.page.fill('#ground', '《示例管理办法》第三条');
    await city.page.fill('#note', '正在核实作者。');
    await look(city, 'takedown');
    await press(city.page, 'form[method=post] .in-main-button');
    const tombstone = await portal(address, ({ text }) => text.includes('正在核实作者。'));
    assert.ok(!tombstone.text.includes('第二段说做法'));
    await portal('/recommended/', ({ status, text }) => status === 404 || !text.includes(title));
    await portal('/news/', ({ text }) => !text.includes(title));
    await province.page.goto('/intake/takedowns');
    await look(province, 'takedowns');
    await province.page.locator('li', { hasText: title }).locator('button[value=confirm]').press('Enter');
    await province.page.locator('li', { hasText: title }).locator('.in-tag', { hasText: '已核实' }).waitFor();
    await city.page.goto('/intake/takedowns');
    await city.page.locator('li', { hasText: title }).locator('button[value=lift]').press('Enter');
    await portal(address, ({ text }) => text.includes('第二段说做法'));
    await portal('/news/', ({ text }) => text.includes(title));
    for (const somebody of people) await somebody.context.close();
  });

  test(`two people change one passage and nothing is lost, on a ${view}`, { timeout: hang }, async () => {
    const script = view === 'phone';
    const [teacher, school, city, province] = await Promise.all([
      person('teacher', view, script),
      person('school', view, script),
      person('city', view),
      person('province', view),
    ]);
    const title = `两个人改的一篇（${view}）`;
    const id = await news(teacher, title);
    const decided = async (author, item) => {
      await endorses(school, item);
      await accepts(city, item);
      await accepts(province, item);
      return published(author, item);
    };
    const address = await decided(teacher, id);
    const edits = async ({ page }) => {
      await page.goto('/intake/entries');
      await page.locator('li', { hasText: title }).locator('button[value=edit]').first().press('Enter');
      await page.waitForURL('**/edit');
      return page.url();
    };
    const form = await edits(teacher);
    const other = await edits(school);
    assert.match(await school.page.textContent('main'), /还有人在改这一条/);
    await school.page.goto(other);
    const theirs = await submits(school, { '#body': '第一段说来由。\n\n第二段说做法，先练手。' });
    await decided(school, theirs);
    await teacher.page.goto(form);
    await teacher.page.fill('#body', '第一段说来由。\n\n第二段说做法，先看图。');
    for (const box of await teacher.page.locator('input[name=declaration]').all()) await box.setChecked(true);
    await press(teacher.page, '.in-bar button[value=submit]');
    await teacher.page.locator('a[href$="/conflict"]').first().press('Enter');
    await teacher.page.waitForURL('**/conflict');
    await look(teacher, 'conflict');
    await teacher.page.locator('input[value=written]').first().check();
    await teacher.page.locator('textarea').first().fill('第二段说做法，先看图，再练手。');
    await press(teacher.page, '.in-actions .in-main-button');
    await teacher.page.waitForURL('**/edit*');
    assert.match(await teacher.page.inputValue('#body'), /先看图，再练手。/);
    const mine = await submits(teacher, {});
    await decided(teacher, mine);
    await portal(address, ({ text }) => text.includes('先看图，再练手。'));
    for (const somebody of [teacher, school, city, province]) await somebody.context.close();
  });
}

test('a notice appears when its time has come', { timeout: hang }, async () => {
  const [school, city, province] = await Promise.all(['school', 'city', 'province'].map((login) => person(login, 'desktop')));
  const at = new Date(Date.now() + 90_000);
  const parts = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'medium' });
  const title = '到时间才发布的一篇';
  const id = await news(school, title, { '#f-publish_at': parts.format(at).slice(0, 16) });
  await endorses(school, id);
  await accepts(city, id);
  await accepts(province, id);
  // Nothing more is done: it comes by itself, and not before the minute that was written.
  await portal('/news/', ({ text }) => text.includes(title));
  assert.ok(Date.now() >= at.setSeconds(0, 0), 'too early');
  for (const somebody of [school, city, province]) await somebody.context.close();
});
