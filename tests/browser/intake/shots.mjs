import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync, readFileSync, mkdtempSync } from 'node:fs';
import { launch } from '../harness.mjs';
import { startIntake } from './server.mjs';
const out = '/tmp/shots'; mkdirSync(out, { recursive: true });
const intake = await startIntake(); const browser = await launch();
const press = (page, selector) => page.locator(selector).first().press('Enter');
async function person(login, w, h) {
  const c = await browser.newContext({ baseURL: intake.url, locale: 'zh-CN', viewport: { width: w, height: h } });
  const page = await c.newPage(); page.setDefaultTimeout(120000);
  await page.goto('/intake/sign-in'); await page.fill('#login', login); await page.fill('#password', intake.passwords[login]);
  await page.press('#password', 'Enter'); await page.waitForURL('**/intake/'); return page;
}
const views = { desktop: [1366, 768], phone: [390, 844] };
async function shot(page, name) { for (const [v, [w, h]] of Object.entries(views)) { await page.setViewportSize({ width: w, height: h }); await page.waitForTimeout(200); await page.screenshot({ path: join(out, `${name}-${v}.png`), fullPage: true }); } await page.setViewportSize({width:1366,height:768}); }
async function submits(page, fields) { for (const [s, t] of Object.entries(fields)) await page.fill(s, t); for (const b of await page.locator('input[name=declaration]').all()) await b.setChecked(true); await press(page, '.in-bar button[value=submit]'); await page.waitForURL('**/items/*?notice=submitted'); return new URL(page.url()).pathname.split('/').at(-1); }
try {
  const teacher = await person('teacher', 1366, 768), school = await person('school', 1366, 768), tab = await person('school', 1366, 768), city = await person('city', 1366, 768), province = await person('province', 1366, 768);
  await teacher.goto('/intake/new'); await press(teacher, 'button[value=news]'); await teacher.waitForURL('**/edit'); await teacher.selectOption('#f-category', 'research');
  const id = await submits(teacher, { '#f-title': '车刀的三个角度', '#f-summary': '一句话说明。', '#body': '第一段说来由。\n\n后角磨六到八度。' });
  await tab.goto(`/intake/items/${id}`); await tab.fill('#signed_off_by', '示例分管院长'); await tab.setChecked('input[name=confirmed]', true);
  await school.goto(`/intake/items/${id}`); await school.fill('#message', '请把角度写准。'); await press(school, 'button[value=return]'); await school.waitForSelector('.in-state-returned');
  await teacher.goto(`/intake/items/${id}/edit`); await submits(teacher, { '#body': '第一段说来由。\n\n后角磨七度。' });
  await press(tab, 'button[value=endorse]'); await tab.waitForSelector('#again'); await shot(tab, 'again');
  await teacher.goto('/intake/new'); await shot(teacher, 'new');
  await press(teacher, 'button[value=resource]'); await teacher.waitForURL('**/edit'); await shot(teacher, 'resource');
  const library = await teacher.locator('[data-field=library] select, #f-library').first();
  if (await library.count()) { const v = await library.evaluate(s => s.tagName === 'SELECT' ? [...s.options].map(o => o.value).filter(Boolean)[0] : ''); console.log('library', v); if (v) { await library.selectOption(v); await press(teacher, '.in-bar button[value=save]'); await teacher.waitForTimeout(1500); await teacher.reload(); await shot(teacher, 'resource-library'); } }
  // A rubric.
  await school.goto(`/intake/items/${id}`); await school.fill('#signed_off_by', '示例分管院长'); await school.setChecked('input[name=confirmed]', true); await press(school, 'button[value=endorse]'); await school.waitForSelector('.in-state-endorsed');
  await city.goto(`/intake/items/${id}`); await shot(city, 'review-news');
  await press(city, 'button[value=accept]'); await press(city, 'button:has-text("确定公开")'); await city.waitForTimeout(6000);
  // Broken by git.
  const work = mkdtempSync('/tmp/shotgit-'); const git = (...a) => execFileSync('git', a, { cwd: work, encoding: 'utf8' });
  git('clone', '-q', join(intake.data, 'repository.git'), '.'); git('config', 'user.email', 'x@example.org'); git('config', 'user.name', 'x');
  const file = git('ls-files').split('\n').find(f => f.includes(id)); console.log(file);
  writeFileSync(join(work, file), readFileSync(join(work, file), 'utf8').replace('title:', 'title: [')); git('commit', '-qam', 'x'); git('push', '-q', 'origin', 'HEAD:main');
  await teacher.goto('/intake/new'); await press(teacher, 'button[value=news]'); await teacher.waitForURL('**/edit'); await teacher.selectOption('#f-category', 'research');
  const two = await submits(teacher, { '#f-title': '另一篇', '#f-summary': '一句话说明。', '#body': '第一段。' });
  await school.goto(`/intake/items/${two}`); await school.fill('#signed_off_by', '示例分管院长'); await school.setChecked('input[name=confirmed]', true); await press(school, 'button[value=endorse]'); await school.waitForSelector('.in-state-endorsed');
  await city.goto(`/intake/items/${two}`); await press(city, 'button[value=accept]'); await press(city, 'button:has-text("确定公开")'); await city.waitForTimeout(9000);
  await school.goto('/intake/'); await shot(school, 'desk-aside'); await province.goto('/intake/'); await shot(province, 'desk-aside-province');
  const edit = school.locator('section:has-text("没有发布到门户") button').first(); if (await edit.count()) { await edit.press('Enter'); await school.waitForURL('**/edit'); await shot(school, 'edit-aside'); }
} catch (e) { console.error(e); } finally { await browser.close(); await intake.close(); }
