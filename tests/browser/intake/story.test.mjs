// The whole story in a browser: a teacher drafts a micro-lesson with a 200 MB video over a bad connection, the school
// endorses it, the city returns it once, the teacher mends it, the city merges, and it is on the portal and in search.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import axe from 'axe-core';
import { hang, launch } from '../harness.mjs';
import { startIntake } from './server.mjs';

const size = 200_000_000;
const video = join(tmpdir(), `jixia-video-${process.pid}.mp4`);
const shots = process.env.JIXIA_SCREENSHOTS;
const views = { desktop: { width: 1200, height: 900 }, phone: { width: 390, height: 844 } };
let intake;
let browser;

before(async () => {
  [intake, browser] = await Promise.all([startIntake(), launch()]);
  const file = await open(video, 'w');
  await file.write(Buffer.from('\0\0\0\x18ftypisom\0\0\0\0isommp42', 'latin1'));
  await file.truncate(size);
  await file.close();
  if (shots) await mkdir(shots, { recursive: true });
});

after(async () => {
  await browser?.close();
  await intake?.close();
  await rm(video, { force: true });
});

// A person at a device. Complaints of the console are failures, except about a server that was meant to be away.
async function person(login, { view = 'desktop', script = true } = {}) {
  const context = await browser.newContext({
    // A colour on its way to another is no fault of contrast.
    reducedMotion: 'reduce',
    baseURL: intake.url,
    locale: 'zh-CN',
    viewport: views[view],
    javaScriptEnabled: script,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    const isLost = /Failed to load resource|ERR_/.test(message.text());
    // A preview shows the portal's page and runs none of its scripts.
    const isPreview = /script-src 'none'|^Blocked script execution in '[^']*\/preview/.test(message.text());
    if (message.type() === 'error' && !isLost && !isPreview) complaints.push(message.text());
  });
  await page.goto('/intake/sign-in');
  await page.fill('#login', login);
  await page.fill('#password', intake.passwords[login]);
  await page.click('main form button');
  await page.waitForURL('**/intake/');
  return { page, context, complaints, name: `${login}-${view}` };
}

async function look({ page, name }, what) {
  if (shots) await page.screenshot({ path: join(shots, `${what}-${name}.png`), fullPage: true });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(wide <= 0, `${what}: the page is ${wide} px too wide`);
}

// Rules of WCAG 2.2 A and AA. The preview's frame shows the portal, which has tests of its own.
async function accessible({ page }, what) {
  await page.evaluate(axe.source);
  const found = await page.evaluate(async () => {
    const { violations } = await window.axe.run(
      { exclude: [['iframe']] },
      { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], iframes: false },
    );
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
  });
  assert.deepEqual(found, [], what);
}

const declare = async (page) => {
  for (const box of await page.locator('input[name=declaration]').all()) await box.check();
};

for (const view of ['desktop', 'phone']) {
  test(`a micro-lesson from draft to portal, on a ${view}`, { timeout: hang }, async () => {
    const title = `车刀刃磨的三个角度（${view}）`;
    const teacher = await person('teacher', { view });
    const { page } = teacher;
    await look(teacher, 'desk');
    await accessible(teacher, 'desk');
    await page.click('.in-title a.in-main-button');
    await look(teacher, 'kinds');
    await accessible(teacher, 'kinds');
    await page.click('button[value=resource]');
    await page.waitForURL('**/edit');
    const address = page.url();
    const id = address.split('/').at(-2);

    // Submitting nothing says everything at once, beside the fields.
    await page.click('button[value=submit]');
    await page.waitForSelector('#f-title-error-1');
    await look(teacher, 'problems');
    await accessible(teacher, 'form');
    await page.goto(address);

    await page.fill('#f-title', title);
    await page.selectOption('#f-category', { label: '微课' });
    await page.fill('#f-specialty', '数控加工');
    await page.fill('#f-summary', '主偏角、前角、后角各磨多少，怎样检查。');
    await page.fill('#body', '主偏角决定切削力的方向。\n\n');
    await page.click('[data-tools] button[data-before="## "]');
    await page.locator('#body').press('Control+End');
    await page.keyboard.type('检查方法');
    await page.waitForFunction(() => document.getElementById('saved').textContent.includes('已自动保存'));

    // The connection breaks, the server is killed and comes back, the browser is closed: the upload goes on.
    const pieces = [];
    page.on('request', (request) => request.method() === 'PATCH' && pieces.push(request.headers()['upload-offset']));
    await page.setInputFiles('#file', video);
    await page.waitForFunction(() => document.querySelector('progress')?.value > 12_000_000);
    await look(teacher, 'uploading');
    await teacher.context.setOffline(true);
    await page.waitForFunction(() => document.body.textContent.includes('网络断了'));
    await teacher.context.setOffline(false);
    await page.waitForFunction(() => document.querySelector('progress')?.value > 40_000_000);
    await page.click('[data-uploads] button:text("暂停")');
    await intake.restart();
    await page.click('[data-uploads] button:text("继续")');
    await page.waitForFunction(() => document.querySelector('progress')?.value > 80_000_000);
    page.on('dialog', (dialog) => dialog.accept());
    await page.goto(address);
    assert.match(await page.textContent('[data-uploads]'), /未传完，已传 \d+%/);
    const resent = pieces.length;
    await page.setInputFiles('#file', video);
    await page.waitForFunction(() => document.querySelector('[data-uploads]').textContent.includes('已传完'));
    assert.ok(Number(pieces[resent]) >= 60_000_000, `went on at ${pieces[resent]}`);

    // Offline, what is typed is kept in the browser and saved once the connection is back.
    await teacher.context.setOffline(true);
    await page.fill('#f-tags', '车工、刀具');
    await page.waitForFunction(() => document.getElementById('saved').textContent.includes('存在本机'));
    await teacher.context.setOffline(false);
    await page.waitForFunction(() => document.getElementById('saved').textContent.includes('已自动保存'));

    await page.reload();
    await page.selectOption('#f-main_file', { index: 1 });
    await page.click('[data-preview]');
    const preview = page.frameLocator('.in-preview iframe');
    await preview.locator('h1', { hasText: title }).waitFor();
    assert.match(await preview.locator('body').innerText(), /检查方法/);
    await look(teacher, 'preview');
    await page.click('[data-preview-close]');
    await declare(page);
    await page.click('button[value=submit]');
    await page.waitForURL('**/items/*?notice=submitted');
    await look(teacher, 'submitted');
    await accessible(teacher, 'item');

    const school = await person('school', { view });
    await school.page.goto('/intake/queue');
    await look(school, 'queue');
    await accessible(school, 'queue');
    await school.page.click(`text=${title}`);
    await accessible(school, 'endorse');
    await school.page.fill('#signed_off_by', '示例分管院长');
    await school.page.check('input[name=confirmed]');
    await school.page.click('button[value=endorse]');
    await school.page.waitForSelector('.in-state-endorsed');

    const city = await person('city', { view });
    await city.page.goto(`/intake/items/${id}`);
    await city.page.click('button[value=take]');
    await city.page.waitForSelector('.in-state-in-review');
    await city.page.locator('iframe').scrollIntoViewIfNeeded();
    await city.page.frameLocator('iframe').locator('video').first().waitFor();
    await look(city, 'review');
    await accessible(city, 'review');
    await city.page.selectOption('#field', 'body');
    await city.page.fill('#message', '请写明后角磨多少度。');
    await city.page.click('button[value=return]');
    await city.page.waitForSelector('.in-state-returned');

    await page.goto(`/intake/items/${id}`);
    assert.match(await page.textContent('main'), /请写明后角磨多少度/);
    await page.click('text=去修改');
    await look(teacher, 'mending');
    await page.fill('#body', '主偏角决定切削力的方向。后角磨 6 到 8 度。');
    await page.click('button[value=submit]');
    await page.waitForURL('**/items/*?notice=submitted');
    await school.page.goto(`/intake/items/${id}`);
    await school.page.fill('#signed_off_by', '示例分管院长');
    await school.page.check('input[name=confirmed]');
    await school.page.click('button[value=endorse]');
    await school.page.waitForSelector('.in-state-endorsed');
    await city.page.goto(`/intake/items/${id}`);
    await city.page.click('button[value=accept]');
    await city.page.click('button:has-text("确定公开")');
    await city.page.waitForURL(`**/items/${id}/result`);
    await page.goto(`/intake/items/${id}`);
    while ((await page.locator('.in-state-published').count()) === 0) {
      await sleep(200);
      await page.reload();
    }
    await look(teacher, 'published');
    await page.click('text=在门户上看');
    await page.locator('h1', { hasText: title }).waitFor();
    assert.match(await page.textContent('main'), /后角磨 6 到 8 度/);
    assert.match(await page.textContent('main'), /示例分管院长/);
    await page.goto(`/search/?q=${encodeURIComponent('车刀刃磨')}`);
    await page.locator('main a', { hasText: '车刀刃磨' }).first().waitFor();
    await page.goto('/schools/shili-haiwan/');
    assert.match(await page.textContent('main'), new RegExp(title.replace(/[（）]/g, '.')));
    for (const somebody of [teacher, school, city]) {
      assert.deepEqual(somebody.complaints, [], somebody.name);
      await somebody.context.close();
    }
    const git = promisify(execFile);
    const { stdout } = await git('git', ['--git-dir', join(intake.data, 'repository.git'), 'log', '-1', '--format=%B', 'main']);
    for (const part of ['Submitted-by: 示例教师甲', 'Endorsed-by: 示例院校管理员', 'Signed-off-by: 示例分管院长', 'Reviewed-by: 示例市级管理员', `Submission-Id: ${id}`]) {
      assert.ok(stdout.includes(part), stdout);
    }
  });
}

test('the form works without script', { timeout: hang }, async () => {
  const teacher = await person('teacher', { view: 'phone', script: false });
  const { page } = teacher;
  // Without script the browser tells no test when an element has come to rest, so keys are pressed.
  const press = (selector) => page.locator(selector).last().press('Enter');
  await page.goto('/intake/new');
  await press('button[value=resource]');
  await page.fill('#f-title', '没有脚本也能投稿');
  await page.setInputFiles('#file', { name: '工作页.txt', mimeType: 'text/plain', buffer: Buffer.from('第一步') });
  await press('button[value=files]');
  await page.locator('a', { hasText: '工作页.txt' }).waitFor();
  assert.equal(await page.inputValue('#f-title'), '没有脚本也能投稿');
  await press('details summary');
  await page.fill('[name="materials.0.name"]', '工作页');
  await press('button[value="row:materials"]');
  assert.equal(await page.inputValue('[name="materials.0.name"]'), '工作页');
  assert.equal(await page.locator('[name="materials.1.name"]').count(), 1);
  await page.selectOption('#f-category', { label: '教案' });
  await page.fill('#body', '照着做。');
  for (const box of await page.locator('input[name=declaration]').all()) await box.press('Space');
  await press('button[value=submit]');
  await page.waitForURL('**/items/*?notice=submitted');
  await teacher.context.close();
});

test('every other page is accessible and fits a phone', { timeout: hang }, async () => {
  const pages = { province: ['/intake/people', '/intake/audit', '/intake/account', '/intake/entries'], school: ['/intake/people', '/intake/entries'] };
  for (const view of ['desktop', 'phone']) {
    for (const [login, paths] of Object.entries(pages)) {
      const somebody = await person(login, { view });
      for (const path of paths) {
        await somebody.page.goto(path);
        await look(somebody, path.split('/').pop());
        await accessible(somebody, path);
      }
      assert.deepEqual(somebody.complaints, []);
      await somebody.context.close();
    }
  }
  const visitor = await browser.newContext({ reducedMotion: 'reduce', baseURL: intake.url });
  const page = await visitor.newPage();
  await page.goto('/intake/sign-in');
  await accessible({ page }, 'sign-in');
  await visitor.close();
});
