// The editor of a submission: text pasted from Word and web pages becomes Markdown, images become files of the submission.
import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
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

// What, HTML, Markdown.
const cases = [
  ['nothing', '', ''],
  ['paragraphs', '<p>一</p>\n<p>二<br>三</p>', '一\n\n二  \n三'],
  ['headings', '<h1>题</h1><h3>节</h3><p class="MsoTitle">名</p><p class="MsoHeading3">小节</p>', '## 题\n\n### 节\n\n## 名\n\n### 小节'],
  ['bold and italic', '<p>a <b>b</b> <i>c</i> <strong><em>d</em></strong></p>', 'a **b** *c* ***d***'],
  ['runs of one word', '<p><b>车</b><b>刀</b>的<span style="font-weight:700">角</span></p>', '**车刀**的**角**'],
  ['bold ends before punctuation', '<p><b>注意：</b>先停车。<b>“角”</b>度</p>', '**注意**：先停车。“**角**”度'],
  ['bold that is not', '<b style="font-weight:normal"><p>plain</p></b>', 'plain'],
  ['links', '<p><a href="https://example.org/a b">看这里</a> <a href="javascript:alert(1)">不</a></p>', '[看这里](https://example.org/a%20b) 不'],
  ['signs of Markdown', '<p>a*b_c [d] &lt;e&gt; `f` $g$</p><p># h</p><p>1. i</p><p>- j</p>', 'a\\*b\\_c \\[d\\] \\<e> \\`f\\` \\$g\\$\n\n\\# h\n\n1\\. i\n\n\\- j'],
  ['lists', '<ul><li>一</li><li>二<ol><li>甲</li><li>乙</li></ol></li></ul>', '- 一\n- 二\n  1. 甲\n  1. 乙'],
  ['a list beside its item', '<ul><li>一</li><ul><li>二</li></ul></ul>', '- 一\n  - 二'],
  ['paragraphs in a list', '<ul><li><p>一</p><p>二</p></li></ul>', '- 一\n\n  二'],
  [
    'a list of Word',
    `<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>·<span>&nbsp;&nbsp;</span></span><![endif]>开机</p>
     <p class=MsoListParagraph style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>1.<span>&nbsp;</span></span>检查</p>
     <p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·</span>停机</p><p class=MsoNormal>完。<o:p></o:p></p>`,
    '- 开机\n   1. 检查\n- 停机\n\n完。',
  ],
  ['a table', '<table><tr><th>角</th><th>度</th></tr><tr><td>前角</td><td><p>10|15</p></td></tr></table>', '| 角 | 度 |\n| --- | --- |\n| 前角 | 10\\|15 |'],
  ['joined cells', '<table><tr><td colspan=2>甲</td></tr><tr><td rowspan=2>乙</td><td>1</td></tr><tr><td>2</td></tr></table>', '| 甲 |  |\n| --- | --- |\n| 乙 | 1 |\n|  | 2 |'],
  ['a frame', '<table><tr><td><p>一</p><p>二</p></td></tr></table>', '一\n\n二'],
  ['quotations, lines, programs', '<blockquote><p>一</p><p>二</p></blockquote><hr><pre>G01 X1\n  F2</pre><p><code>a*b</code></p>', '> 一\n>\n> 二\n\n---\n\n```\nG01 X1\n  F2\n```\n\n`a*b`'],
  ['line breaks of the source', '<p>主偏角\n决定 方向 of the\nforce</p>', '主偏角决定方向 of the force'],
  ['what is hidden', '<style>p{}</style><script>1</script><p>a<span style="display:none">b</span><!-- c --></p>', 'a'],
  ['images', '<p>图<img src="https://example.org/a.png" alt="刀"></p>', '图![刀](https://example.org/a.png)'],
  ['struck out', '<p><s>旧</s><u>新</u></p>', '~~旧~~新'],
];

test('what is pasted becomes Markdown', { timeout: hang }, async () => {
  const page = await browser.newPage();
  await page.addScriptTag({ content: await readFile(new URL('../../../intake/assets/paste.js', import.meta.url), 'utf8') });
  for (const [what, html, expected] of cases) {
    const found = await page.evaluate((text) => globalThis.jixiaToMarkdown(text, (address, alt) => `![${alt}](${address})`), html);
    assert.equal(found, expected, what);
  }
  // Nothing of a hostile text runs, and deep ones end.
  const deep = await page.evaluate(() => {
    globalThis.touched = false;
    globalThis.jixiaToMarkdown('<img src=x onerror="globalThis.touched = true"><svg onload="globalThis.touched = true">');
    globalThis.jixiaToMarkdown('<b>'.repeat(400) + 'x');
    return globalThis.touched;
  });
  assert.equal(deep, false);
  await page.close();
});

async function signIn(login, viewport) {
  const context = await browser.newContext({ reducedMotion: 'reduce', baseURL: intake.url, locale: 'zh-CN', viewport });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto('/intake/sign-in');
  await page.fill('#login', login);
  await page.fill('#password', intake.passwords[login]);
  await page.click('main form button');
  await page.waitForURL('**/intake/');
  return { context, page, complaints };
}

async function accessible(page, what) {
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

async function look(page, what) {
  if (shots) await page.screenshot({ path: join(shots, `${what}.png`), fullPage: true });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(wide <= 0, `${what}: the page is ${wide} px too wide`);
}

// Pastes or drops an image that the browser paints, with a text beside it.
const gives = (page, type, { html = '', name = 'image.png', colour = 'teal' }) =>
  page.evaluate(
    async ([type, html, name, colour]) => {
      const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 180 });
      const context = canvas.getContext('2d');
      context.fillStyle = colour;
      context.fillRect(0, 0, 320, 180);
      const data = new DataTransfer();
      if (html) data.setData('text/html', html);
      if (name) {
        const blob = await new Promise((resolve) => canvas.toBlob(resolve));
        data.items.add(new File([blob], name, { type: 'image/png' }));
      }
      const body = document.getElementById('body');
      body.focus();
      body.setSelectionRange(body.value.length, body.value.length);
      const made = { bubbles: true, cancelable: true };
      body.dispatchEvent(type === 'paste' ? new ClipboardEvent('paste', { ...made, clipboardData: data }) : new DragEvent('drop', { ...made, dataTransfer: data }));
    },
    [type, html, name, colour],
  );

for (const [view, viewport] of Object.entries({ desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } })) {
  test(`images and marked-up text are pasted, on a ${view}`, { timeout: hang }, async () => {
    const { context, page, complaints } = await signIn('teacher', viewport);
    const title = `粘贴进来的正文（${view}）`;
    await page.goto('/intake/new');
    await page.click('button[value=news]');
    await page.waitForURL('**/edit');
    const address = page.url();
    await page.fill('#f-title', title);
    await page.selectOption('#f-category', { index: 1 });
    await gives(page, 'paste', { html: '<p><b>步骤：</b>如下</p><ul><li>开机</li></ul>', name: '' });
    assert.equal(await page.inputValue('#body'), '**步骤**：如下\n\n- 开机');
    await page.locator('#body').press('Control+End');
    await page.keyboard.type('\n\n');
    await gives(page, 'paste', {});
    assert.match(await page.inputValue('#body'), /!\[\]\(图片-1\.png\)$/);
    await gives(page, 'drop', { name: '装夹 示意(1).png', colour: 'maroon' });
    assert.match(await page.inputValue('#body'), /!\[\]\(图片-1\.png\)\n\n!\[\]\(装夹-示意-1\.png\)$/);
    await page.waitForFunction(() => (document.querySelector('[data-uploads]').textContent.match(/已传完/g) ?? []).length === 2);
    await page.waitForFunction(() => document.getElementById('saved').textContent.includes('已自动保存'));
    await page.click('details:has(#f-cover) > summary');
    await page.selectOption('#f-cover', { label: '装夹-示意-1.png' });
    await page.fill('#f-cover_alt', '装夹的样子');

    await page.click('[data-preview]');
    const frame = page.frameLocator('.in-preview iframe');
    await frame.locator('h1', { hasText: title }).waitFor();
    const widths = async () => frame.locator('img[src*="/files/"]').evaluateAll((images) => images.map((image) => image.naturalWidth));
    await frame.locator('img[src*="/files/"]').first().waitFor();
    while ((await widths()).filter((width) => width === 320).length < 2) await page.waitForTimeout(100);
    await page.click('[data-preview-close]');
    await look(page, `editor-${view}`);
    await accessible(page, 'editor');

    // An image that is none is refused, and goes from the text.
    await page.evaluate(() => {
      const data = new DataTransfer();
      data.items.add(new File(['not an image'], 'false.png', { type: 'image/png' }));
      document.getElementById('body').dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: data }));
    });
    await page.waitForSelector('[data-uploads] .in-stop');
    assert.ok(!(await page.inputValue('#body')).includes('false.png'));

    await page.fill('#f-summary', '电话 13800138000。');
    await page.click('button[value=check]');
    await page.waitForSelector('.in-findings .in-stop');
    await look(page, `checks-${view}`);
    await accessible(page, 'checks');
    await page.fill('#f-summary', '一句话。');
    for (const box of await page.locator('input[name=declaration]').all()) await box.check();
    await page.click('button[value=submit]');
    await page.waitForURL('**/items/*?notice=submitted');
    assert.deepEqual(complaints, []);
    await context.close();

    // Whoever reviews it sees the images in their places.
    const school = await signIn('school', viewport);
    await school.page.goto(address.replace('/edit', ''));
    const shown = school.page.frameLocator('iframe').locator('img[src*="/files/"]').first();
    await shown.scrollIntoViewIfNeeded();
    await shown.waitFor();
    await look(school.page, `review-${view}`);
    await accessible(school.page, 'review');
    await school.context.close();
  });
}

test('saving leaves an upload alone, and so does the enter key in a title', { timeout: hang }, async () => {
  const { page, context, complaints } = await signIn('teacher', { width: 1280, height: 900 });
  await page.goto('/intake/new');
  await page.click('button[value=resource]');
  await page.waitForURL('**/edit');
  const address = page.url();
  await page.evaluate(() => (globalThis.isSamePage = true));
  const film = Buffer.alloc(40_000_000);
  film.write('\0\0\0\x18ftypisom\0\0\0\0isommp42', 'latin1');
  await page.setInputFiles('#file', { name: '磨刀.mp4', mimeType: 'video/mp4', buffer: film });
  await page.waitForSelector('[data-uploads] progress');
  await page.fill('#f-title', '边传边存');
  await page.press('#f-title', 'Enter');
  await page.waitForFunction(() => document.getElementById('saved').textContent.includes('已自动保存'));
  await page.fill('#f-summary', '再存一次');
  await page.click('.in-bar button[value=save]');
  await page.waitForFunction(() => document.querySelector('[data-uploads]').textContent.includes('已传完'));
  assert.equal(await page.evaluate(() => globalThis.isSamePage), true, 'the page was left');
  assert.equal(page.url(), address);
  await page.waitForFunction(() => document.getElementById('saved').textContent.includes('已自动保存'));
  await page.reload();
  assert.deepEqual([await page.inputValue('#f-title'), await page.inputValue('#f-summary')], ['边传边存', '再存一次']);
  assert.match(await page.textContent('[data-uploads]'), /磨刀\.mp4/);
  assert.deepEqual(complaints, []);
  await context.close();
});
