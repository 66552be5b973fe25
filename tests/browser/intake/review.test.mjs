// The reviewer's side in a browser: comments beside a passage, what was changed, a preview for strangers, checklist and
// rubric, merging many. Desktop and phone.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import axe from 'axe-core';
import { hang, launch } from '../harness.mjs';
import { startIntake } from './server.mjs';

const shots = process.env.JIXIA_SCREENSHOTS;
const views = { desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } };
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

// A person at a device, signed in unless it is a stranger. Nothing here needs script, so half of them have none.
async function person(login, view, script = true) {
  const options = { baseURL: intake.url, locale: 'zh-CN', viewport: views[view], javaScriptEnabled: script };
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  if (login) {
    await page.goto('/intake/sign-in');
    await page.fill('#login', login);
    await page.fill('#password', intake.passwords[login]);
    await page.press('#password', 'Enter');
    await page.waitForURL('**/intake/');
  }
  return { page, context, complaints, name: `${login ?? 'stranger'}-${view}` };
}

async function look({ page, name }, what) {
  if (shots) await page.screenshot({ path: join(shots, `${what}-${name}.png`), fullPage: true });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(wide <= 0, `${what}: the page is ${wide} px too wide`);
}

// Rules of WCAG 2.2 A and AA. Frames show the portal, which has tests of its own.
async function accessible({ page }, what) {
  await page.evaluate(axe.source);
  const found = await page.evaluate(async () => {
    const runOnly = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    const { violations } = await window.axe.run({ exclude: [['iframe']] }, { runOnly, iframes: false });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
  });
  assert.deepEqual(found, [], what);
}

const press = (page, selector) => page.locator(selector).first().press('Enter');

async function submits(page, fields) {
  for (const [selector, text] of Object.entries(fields)) await page.fill(selector, text);
  for (const box of await page.locator('input[name=declaration]').all()) await box.setChecked(true);
  await press(page, '.in-bar button[value=submit]');
  await page.waitForURL('**/items/*?notice=submitted');
  return new URL(page.url()).pathname.split('/').at(-1);
}

async function news(page, title) {
  await page.goto('/intake/new');
  await press(page, 'button[value=news]');
  await page.waitForURL('**/edit');
  await page.selectOption('#f-category', 'research');
  const body = '第一段说来由。\n\n后角磨六到八度，前角十度。\n\n第三段说检查。';
  return submits(page, { '#f-title': title, '#f-summary': '一句话说明。', '#body': body });
}

async function endorses(page, id) {
  await page.goto(`/intake/items/${id}`);
  await page.fill('#signed_off_by', '示例分管院长');
  await page.setChecked('input[name=confirmed]', true);
  await press(page, 'button[value=endorse]');
  await page.waitForSelector('.in-state-endorsed');
}

for (const view of ['desktop', 'phone']) {
  test(`a review with comments, changes and a link, on a ${view}`, { timeout: hang }, async () => {
    const [teacher, school, city] = await Promise.all(['teacher', 'school', 'city'].map((login) => person(login, view)));
    const id = await news(teacher.page, `车刀的三个角度（${view}）`);
    await endorses(school.page, id);

    await city.page.goto(`/intake/items/${id}`);
    await city.page.fill('#quote', '后角磨六到八度');
    await city.page.fill('#message', '这个数的出处在哪里？');
    await press(city.page, 'button[value=comment]');
    await city.page.waitForSelector('mark');
    await city.page.selectOption('#field', 'summary');
    await city.page.fill('#message', '摘要请写具体。');
    await press(city.page, 'button[value=return]');
    await city.page.waitForSelector('.in-state-returned');
    await city.page.goto(`/intake/items/${id}`);
    assert.equal(await city.page.textContent('.in-block mark'), '后角磨六到八度');
    assert.match(await city.page.textContent('.in-block:has(mark) .in-beside'), /出处在哪里/);

    await teacher.page.goto(`/intake/items/${id}/edit`);
    assert.match(await teacher.page.textContent('[data-field=summary] .in-beside'), /请写具体/);
    await look(teacher, 'mending');
    await accessible(teacher, 'mending');
    const body = '第一段说来由。\n\n后角磨七度，前角十度。\n\n第三段说检查，并记下。';
    await submits(teacher.page, { '#f-summary': '三个角度各磨多少。', '#body': body });
    await endorses(school.page, id);

    await city.page.goto(`/intake/items/${id}`);
    assert.equal(await city.page.textContent('#change-seen .in-source del'), '六到八');
    await city.page.locator('#change-seen details:has(.in-pair) summary').click();
    const pages = city.page.locator('#change-seen iframe');
    await pages.first().scrollIntoViewIfNeeded();
    await city.page.frameLocator('#change-seen iframe >> nth=0').getByText('后角磨六到八度').waitFor();
    await city.page.frameLocator('#change-seen iframe >> nth=1').getByText('后角磨七度').waitFor();
    const [left, right] = await Promise.all([pages.nth(0).boundingBox(), pages.nth(1).boundingBox()]);
    assert.equal(left.y === right.y, view === 'desktop', 'side by side where there is room');
    assert.match(await city.page.textContent('#remarks'), /正文里已没有这段话/);
    await look(city, 'review');
    await accessible(city, 'review');
    await press(city.page, 'button[value=settle]');
    await city.page.waitForSelector('button[value=reopen]');

    await city.page.click('#links > summary');
    await press(city.page, 'button[value=make]');
    const link = await city.page.getAttribute('a.in-link', 'href');
    await look(city, 'link');
    await accessible(city, 'link');
    const stranger = await person(null, view);
    await stranger.page.goto(link);
    await stranger.page.locator('h1', { hasText: `车刀的三个角度（${view}）` }).waitFor();
    await look(stranger, 'shared');
    await accessible(stranger, 'shared');
    for (const somebody of [teacher, school, city]) {
      assert.deepEqual(somebody.complaints, [], somebody.name);
      await somebody.context.close();
    }
    await stranger.context.close();
  });

  test(`many are endorsed and merged at once without script, on a ${view}`, { timeout: hang }, async () => {
    const [teacher, school, city] = await Promise.all(
      ['teacher', 'school', 'city'].map((login) => person(login, view, login === 'teacher')),
    );
    for (const number of [1, 2]) await news(teacher.page, `公开课之${number}（${view}）`);
    const ticks = async ({ page }) => {
      await page.goto('/intake/queue?kind=news');
      for (const number of [1, 2]) await page.check(`[aria-label="勾选 公开课之${number}（${view}）"]`, { force: true });
    };
    await ticks(school);
    await school.page.fill('#signed_off_by', '示例分管院长');
    await school.page.check('input[name=confirmed]', { force: true });
    await look(school, 'queue');
    await press(school.page, 'button[value=endorse]');
    await school.page.locator('.in-tag', { hasText: '办成 2' }).waitFor();
    await ticks(city);
    await look(city, 'queue');
    await press(city.page, 'button[value=accept]');
    await press(city.page, 'button:has-text("确定公开")');
    await city.page.locator('.in-tag', { hasText: '办成 2' }).waitFor();
    await look(city, 'results');
    await school.context.close();
    await city.context.close();
    await teacher.context.close();
  });
}

for (const view of ['desktop', 'phone']) {
  test(`a resource is ticked off, scored and shown to a stranger with its video, on a ${view}`, { timeout: hang }, async () => {
    const [teacher, school, city] = await Promise.all(['teacher', 'school', 'city'].map((login) => person(login, view)));
    const { page } = teacher;
    await page.goto('/intake/new');
    await press(page, 'button[value=resource]');
    await page.waitForURL('**/edit');
    await page.fill('#f-title', `量具的读数（${view}）`);
    await page.selectOption('#f-category', { label: '微课' });
    await page.fill('#f-specialty', '数控加工');
    const video = Buffer.concat([Buffer.from('\0\0\0\x18ftypisom\0\0\0\0isommp42', 'latin1'), Buffer.alloc(5000)]);
    await page.setInputFiles('#file', { name: '读数.mp4', mimeType: 'video/mp4', buffer: video });
    await page.waitForFunction(() => document.querySelector('[data-uploads]').textContent.includes('已传完'));
    await page.waitForFunction(() => document.getElementById('saved').textContent.includes('已自动保存'));
    await page.reload();
    await page.selectOption('#f-main_file', { index: 1 });
    const id = await submits(page, { '#f-summary': '游标卡尺怎样读。', '#body': '先看主尺，再看游标。' });
    await endorses(school.page, id);

    await city.page.goto(`/intake/items/${id}`);
    for (const box of await city.page.locator('input[name=tick]').all()) await box.check();
    for (const input of await city.page.locator('.in-scores input').all()) await input.fill(await input.getAttribute('max'));
    await city.page.fill('#score-1', '8.5');
    await city.page.fill('#note', '画面清楚。');
    await press(city.page, '#assess > p button');
    await city.page.locator('#assess .in-turn', { hasText: '98.5 分' }).waitFor();
    await look(city, 'assess');
    await accessible(city, 'assess');

    await city.page.click('#links > summary');
    await press(city.page, 'button[value=make]');
    const link = await city.page.getAttribute('a.in-link', 'href');
    const stranger = await person(null, view);
    await stranger.page.goto(link);
    const source = await stranger.page.locator('video source, video[src]').first().getAttribute('src');
    assert.ok(source.startsWith(new URL(link).pathname), source);
    const sent = await stranger.page.request.get(source);
    assert.deepEqual([sent.status(), sent.headers()['content-type'], (await sent.body()).length], [200, 'video/mp4', video.length]);
    await look(stranger, 'shared-video');
    await accessible(stranger, 'shared-video');
    for (const somebody of [teacher, school, city, stranger]) {
      assert.deepEqual(somebody.complaints, [], somebody.name);
      await somebody.context.close();
    }
  });
}

test('queue and results are accessible', { timeout: hang }, async () => {
  for (const view of ['desktop', 'phone']) {
    const [teacher, school] = await Promise.all(['teacher', 'school'].map((login) => person(login, view)));
    await news(teacher.page, `待报送的一课（${view}）`);
    await school.page.goto('/intake/queue');
    await accessible(school, 'queue');
    await school.page.check(`[aria-label="勾选 待报送的一课（${view}）"]`);
    await press(school.page, 'button[value=endorse]');
    await school.page.locator('.in-tag', { hasText: '没有办成 1' }).waitFor();
    await look(school, 'results');
    await accessible(school, 'results');
    await teacher.context.close();
    await school.context.close();
  }
});
