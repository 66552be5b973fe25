// Pages about people at a desk and on a phone: accessible, within the screen, without a complaint, and working.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
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

async function device(view) {
  const context = await browser.newContext({ reducedMotion: 'reduce', baseURL: intake.url, locale: 'zh-CN', viewport: views[view] });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  // Forms with mistakes in them are answered with 422, which browsers say in the console.
  page.on('console', (message) => {
    // A preview shows the portal's page and runs none of its scripts.
    const isMeant = /Failed to load resource|script-src 'none'|^Blocked script execution in '[^']*\/preview/.test(message.text());
    if (message.type() === 'error' && !isMeant) complaints.push(message.text());
  });
  return { context, page, complaints, view };
}

async function person(login, view) {
  const somebody = await device(view);
  await signIn(somebody.page, login);
  await somebody.page.waitForURL('**/intake/');
  return somebody;
}

async function signIn(page, login) {
  await page.goto('/intake/sign-in');
  await page.fill('#login', login);
  await page.fill('#password', intake.passwords[login]);
  await page.click('main form button');
}

// Looks at a page as somebody who cannot see it, and as somebody with a small screen.
async function look({ page, view }, what) {
  await page.evaluate(() => document.querySelectorAll('main details').forEach((details) => { details.open = true; }));
  if (shots) await page.screenshot({ path: join(shots, `people-${what}-${view}.png`), fullPage: true });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(wide <= 0, `${what}: the page is ${wide} px too wide on a ${view}`);
  await page.evaluate(axe.source);
  const found = await page.evaluate(async () => {
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    const { violations } = await window.axe.run({ exclude: [['iframe']] }, { runOnly: tags, iframes: false });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
  });
  assert.deepEqual(found, [], `${what} on a ${view}`);
}

// The one-time password of a secret in Base32 (RFC 6238).
function code(secret, milliseconds) {
  const bits = [...secret].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'));
  const key = Buffer.from(bits.join('').match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(milliseconds / 30_000)));
  const hash = createHmac('sha1', key).update(counter).digest();
  const number = hash.readUInt32BE(hash[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

async function setPassword(page) {
  await page.fill('#password', 'rain over the river');
  await page.fill('#again', 'rain over the river');
}

for (const view of ['desktop', 'phone']) {
  test(`accounts are asked for, made and opened on a ${view}`, { timeout: hang }, async () => {
    const visitor = await device(view);
    await visitor.page.goto('/intake/register');
    await look(visitor, 'register');
    await visitor.page.fill('#name', '示例自注册');
    await visitor.page.selectOption('#unit', 'shili-haiwan');
    await visitor.page.fill('#login', `self.${view}`);
    await setPassword(visitor.page);
    await visitor.page.fill('#again', 'something else');
    await visitor.page.click('main form button');
    await visitor.page.waitForSelector('[role=alert]');
    await look(visitor, 'register-wrong');
    await setPassword(visitor.page);
    await visitor.page.click('main form button');
    await visitor.page.waitForSelector('text=注册已提交');
    await look(visitor, 'registered');

    const school = await person('school', view);
    await school.page.goto('/intake/people');
    await look(school, 'people');
    await school.page.fill('#name', '示例新教师');
    await school.page.fill('#login', `new.${view}`);
    await school.page.selectOption('#unit', 'shili-haiwan');
    await school.page.selectOption('#role', 'teacher');
    await school.page.click('form[action="/intake/people"] button');
    const link = await school.page.textContent('.in-link');
    await look(school, 'opened');
    await visitor.page.goto(link);
    await look(visitor, 'open');
    await setPassword(visitor.page);
    await visitor.page.click('main form button');
    await visitor.page.waitForURL('**/intake/');
    await look(visitor, 'first-desk');

    await school.page.goto('/intake/people');
    await school.page.click('summary:has-text("用表格批量建立")');
    const table = (text) => ({ name: '名单.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
    await school.page.setInputFiles('#file', table('姓名,邮箱\n,x\n示例甲,\n'));
    await school.page.selectOption('#file-unit', 'shili-haiwan');
    await school.page.selectOption('#file-role', 'teacher');
    await school.page.click('form[action="/intake/people/roster"] button');
    await school.page.waitForSelector('[role=alert]');
    await look(school, 'roster-wrong');
    await school.page.goto('/intake/people');
    await school.page.click('summary:has-text("用表格批量建立")');
    await school.page.selectOption('#file-role', 'teacher');
    const people = `姓名,工作单位,职务,手机号码,邮箱\n示例甲,,教研室主任,13800138000,jia.${view}@example.org\n示例乙,,,,yi.${view}@example.org\n`;
    await school.page.setInputFiles('#file', table(people));
    await school.page.click('form[action="/intake/people/roster"] button');
    await school.page.waitForSelector('text=还没有建立');
    await look(school, 'roster');
    await school.page.click('form[action="/intake/people/roster/confirm"] button');
    assert.equal(await school.page.locator('.in-link').count(), 2);
    await look(school, 'imported');
    for (const somebody of [visitor, school]) {
      assert.deepEqual(somebody.complaints, []);
      await somebody.context.close();
    }
  });

  test(`one's own account, its second step and its deputies on a ${view}`, { timeout: hang }, async () => {
    const login = view === 'desktop' ? 'county' : 'group';
    const admin = await person(login, view);
    const { page } = admin;
    await page.goto('/intake/account');
    await look(admin, 'account');
    await page.fill('#email', 'admin@example.org');
    await page.selectOption('#notices', 'at-once');
    await page.click('form[action="/intake/account/notices"] button');
    await page.waitForSelector('[role=status]');
    assert.equal(await page.inputValue('#notices'), 'at-once');

    await page.goto('/intake/deputies');
    await look(admin, 'deputies');
    await page.selectOption('#deputy', { index: 1 });
    await page.click('form[action="/intake/deputies"] button');
    await page.waitForSelector('text=结束代理');
    await look(admin, 'deputies-named');

    await page.goto('/intake/account/totp');
    await look(admin, 'totp');
    const square = await page.locator('.in-qr').boundingBox();
    assert.ok(square.width > 150 && Math.abs(square.width - square.height) < 1, JSON.stringify(square));
    const secret = await page.inputValue('[name=secret]');
    await page.fill('#code', code(secret, Date.now()));
    await page.fill('#begin-password', intake.passwords[login]);
    await page.click('main form button');
    await page.waitForSelector('.in-codes li');
    await look(admin, 'totp-codes');
    await page.goto('/intake/account/totp');
    await look(admin, 'totp-on');

    const again = await device(view);
    await signIn(again.page, login);
    await again.page.waitForSelector('#code');
    await look(again, 'code');
    await again.page.fill('#code', code(secret, Date.now() + 30_000));
    await again.page.click('main form button');
    await again.page.waitForURL('**/intake/');
    for (const somebody of [admin, again]) {
      assert.deepEqual(somebody.complaints, []);
      await somebody.context.close();
    }
  });

  test(`experts and patrollers at work on a ${view}`, { timeout: hang }, async () => {
    const people = Object.fromEntries(
      await Promise.all(['teacher', 'school', 'city', 'expert', 'patroller'].map(async (login) => [login, await person(login, view)])),
    );
    const { teacher, school, city, expert, patroller } = people;
    await teacher.page.goto('/intake/new');
    await teacher.page.click('button[value=news]');
    await teacher.page.waitForURL('**/edit');
    const item = teacher.page.url().replace('/edit', '');
    await teacher.page.fill('#f-title', `请专家看看（${view}）`);
    await teacher.page.selectOption('#f-category', { index: 1 });
    await teacher.page.fill('#f-summary', '一句话。');
    await teacher.page.fill('#body', '正文。');
    for (const box of await teacher.page.locator('input[name=declaration]').all()) await box.check();
    await teacher.page.click('button[value=submit]');
    await teacher.page.waitForURL('**notice=submitted');
    await school.page.goto(item);
    await school.page.fill('#signed_off_by', '示例分管院长');
    await school.page.check('input[name=confirmed]');
    await school.page.click('button[value=endorse]');
    await school.page.waitForSelector('.in-state-endorsed');

    await city.page.goto(`${item}/reviewer`);
    await city.page.selectOption('#expert', { label: '示例评审专家' });
    await city.page.click('form[action$="/experts"] button');
    await city.page.waitForSelector('text=等意见');
    await look(city, 'assign');
    await expert.page.goto('/intake/');
    await look(expert, 'expert-desk');
    await expert.page.click(`text=给出审阅意见`);
    await look(expert, 'opinion');
    await expert.page.selectOption('#verdict', { label: '适合发布' });
    await expert.page.fill('#message', '很好。');
    await expert.page.click('main form button');
    await expert.page.waitForSelector('text=专家意见（适合发布）：很好。');
    await look(expert, 'expert-item');

    await patroller.page.goto('/intake/');
    await look(patroller, 'patroller-desk');
    await patroller.page.goto('/intake/problems');
    await patroller.page.selectOption('#path', { index: 1 });
    await patroller.page.fill('#text', '图片打不开了。');
    await patroller.page.click('main form button');
    await patroller.page.waitForSelector('.in-list li');
    await look(patroller, 'problems');
    await school.page.goto('/intake/problems');
    await look(school, 'problems-to-answer');
    for (const somebody of Object.values(people)) {
      assert.deepEqual(somebody.complaints, [], somebody.view);
      await somebody.context.close();
    }
  });
}
