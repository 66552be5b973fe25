// Walks through the portal as visitors do: finding, playing, reading on a phone, testing oneself, by keyboard only.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { hang, launch, portalUrl, visit } from './harness.mjs';
import { entries, sitemapPaths } from './portal.mjs';

const paths = await sitemapPaths();
const micro = await playedResource();

/** A resource whose page begins with a video, its title, and the pinyin of its first characters as the index knows it. */
async function playedResource() {
  for (const path of entries(paths, 'resources')) {
    const text = await (await fetch(portalUrl() + path)).text();
    if (!/<figure class="player player-video">/.test(text)) continue;
    const title = text.match(/<h1>([^<]+)<\/h1>/)[1];
    const [piece] = title.match(/[\u4e00-\u9fff]{3,}/) ?? [];
    if (piece) return { path, title, piece: piece.slice(-3) };
  }
  throw new Error('no resource plays a video');
}

async function pageWith(section, pattern) {
  for (const path of entries(paths, section)) {
    if (pattern.test(await (await fetch(portalUrl() + path)).text())) return path;
  }
  throw new Error(`no page of ${section} has ${pattern}`);
}

/** Presses Tab until the element is focused, as somebody without a mouse would; tells whether that came to pass. */
async function tabTo(page, selector, most = 150) {
  for (let presses = 0; presses < most; presses++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate((selector) => document.activeElement.matches(selector), selector)) return true;
  }
  return false;
}

const found = (page, path) => page.waitForSelector(`.search-results a[href="${path}"]`, { timeout: 30_000 });

describe('a visitor', { timeout: hang }, () => {
  let browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser.close());

  it('finds a micro-lesson by a piece of its title, and its words are marked', async () => {
    await visit(browser, '/search/', {}, async (page) => {
      await page.fill('main input[type=search]', micro.piece);
      await found(page, micro.path);
      assert.ok((await page.locator('.search-results mark').allInnerTexts()).includes(micro.piece));
      assert.match(await page.locator('.search-status').innerText(), /\d/);
      assert.equal(new URL(page.url()).searchParams.get('q'), micro.piece);
    });
  });

  it('comes back to the same search with the address alone', async () => {
    await visit(browser, `/search/?q=${encodeURIComponent(micro.piece)}&sort=date`, {}, async (page) => {
      await found(page, micro.path);
      assert.equal(await page.inputValue('.search-sort select'), 'date');
      assert.equal(await page.inputValue('main input[type=search]'), micro.piece);
    });
  });

  it('finds entries by pinyin and by initials', async () => {
    for (const query of ['weike', 'wk']) {
      await visit(browser, `/search/?q=${query}`, {}, async (page) => {
        await page.waitForSelector('.search-results mark', { timeout: 30_000 });
        assert.ok((await page.locator('.search-results mark').allInnerTexts()).includes('微课'), query);
      });
    }
  });

  it('narrows results by a filter and takes it back', async () => {
    await visit(browser, `/search/?q=${encodeURIComponent('教学')}`, {}, async (page) => {
      await page.waitForSelector('.search-facets input', { timeout: 30_000 });
      const before = await page.locator('.search-status').innerText();
      const box = page.locator('.search-facets fieldset').first().locator('> label').last();
      const label = await box.locator('span').first().innerText();
      await box.click();
      await page.waitForFunction((before) => document.querySelector('.search-status').textContent !== before, before);
      assert.equal(new URL(page.url()).searchParams.get('kind'), label);
      await page.locator('.search-chosen button').click();
      await page.waitForFunction((before) => document.querySelector('.search-status').textContent === before, before);
    });
  });

  it('finds a micro-lesson by the filters of the list, with scripts and without', async () => {
    for (const javaScriptEnabled of [true, false]) {
      await visit(browser, '/resources/', { javaScriptEnabled }, async (page) => {
        const link = page.locator('a[data-facet=category]:visible', { hasText: '微课' }).first();
        const count = Number.parseInt(await link.locator('.chip-count').innerText(), 10);
        await link.click();
        const shown = page.locator('.list-main .card, .list-main .row').filter({ visible: true });
        await page.waitForFunction((count) => {
          const entries = [...document.querySelectorAll('.list-main .card, .list-main .row')];
          return entries.filter((entry) => entry.offsetParent !== null).length === count;
        }, count);
        assert.ok((await shown.allInnerTexts()).every((text) => text.includes('微课')));
        assert.equal(new URL(page.url()).pathname === '/resources/', javaScriptEnabled);
      });
    }
  });

  it('switches to large print and finds it so on the next page', async () => {
    await visit(browser, '/', {}, async (page) => {
      const size = () => page.evaluate(() => Number.parseFloat(getComputedStyle(document.body).fontSize));
      const before = await size();
      await page.locator('[data-switch=size]').click();
      const after = await size();
      assert.ok(after > before * 1.15, `${before} px, then ${after} px`);
      await page.goto(entries(paths, 'notices')[0]);
      assert.equal(await size(), after);
      assert.equal(await page.locator('[data-switch=size]').getAttribute('aria-pressed'), 'true');
    });
  });

  it('gets advice when nothing is found', async () => {
    await visit(browser, `/search/?q=${encodeURIComponent('鱻鱻鱻鱻')}`, {}, async (page) => {
      await page.waitForSelector('.search-advice li', { timeout: 30_000 });
      assert.match(await page.locator('.search-status').innerText(), /鱻鱻鱻鱻/);
    });
  });

  it('reads without scripts what to do instead of searching', async () => {
    await visit(browser, '/search/', { javaScriptEnabled: false }, async (page) => {
      assert.ok((await page.locator('main').innerText()).includes('浏览器没有启用'));
      assert.ok((await page.locator('.sections a').count()) > 3);
    });
  });

  it('plays a micro-lesson faster and goes on where it stopped', async () => {
    await visit(browser, micro.path, {}, async (page) => {
      await page.waitForSelector('.player-tools');
      assert.ok(await page.locator('video track[kind=captions][label]').count());
      await page.selectOption('.player-tools select', '1.5');
      const state = await page.locator('video').evaluate(async (video) => {
        video.muted = true;
        await video.play();
        await new Promise((resolve) => video.addEventListener('timeupdate', resolve, { once: true }));
        return { rate: video.playbackRate, paused: video.paused, at: video.currentTime };
      });
      assert.equal(state.rate, 1.5);
      assert.equal(state.paused, false);
      // The position of a video that is long enough is kept; here one is put in its place.
      const source = await page.locator('video source').getAttribute('src');
      await page.addInitScript((key) => localStorage.setItem(key, '2'), `jixia:position:${source}`);
      await page.reload();
      await page.waitForFunction(() => document.querySelector('video').currentTime >= 2);
      assert.match(await page.locator('.player-resumed').innerText(), /0:02/);
    });
  });

  it('enlarges pictures by keyboard and comes back', async () => {
    const path = await pageWith('resources', /<figure><img /);
    await visit(browser, path, {}, async (page) => {
      await page.waitForSelector('a.zoom');
      assert.ok(await tabTo(page, 'a.zoom'), 'no picture is reached by Tab');
      await page.keyboard.press('Enter');
      await page.waitForSelector('dialog.viewer[open]');
      await page.keyboard.press('Escape');
      await page.waitForSelector('dialog.viewer', { state: 'hidden' });
      assert.ok(await page.evaluate(() => document.activeElement.matches('a.zoom')));
    });
  });

  it('copies a citation that names title, address and day of access', async () => {
    const options = { permissions: ['clipboard-read', 'clipboard-write'] };
    await visit(browser, micro.path, options, async (page) => {
      await page.locator('[data-copy=h-cite-gb]').click();
      await page.waitForFunction(() => document.querySelector('.tools-status').textContent !== '');
      const text = await page.evaluate(() => navigator.clipboard.readText());
      assert.ok(text.includes(micro.title), text);
      assert.match(text, /\[EB\/OL\]\. .*\(\d{4}-\d\d-\d\d\)\[\d{4}-\d\d-\d\d\]\. https?:/);
    });
  });

  it('reads a notice on a phone', async () => {
    const phone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true };
    await visit(browser, entries(paths, 'notices')[0], phone, async (page) => {
      assert.ok(await page.locator('h1').isVisible());
      const size = await page.locator('.prose p').first().evaluate((text) => Number.parseFloat(getComputedStyle(text).fontSize));
      assert.ok(size >= 16, `${size} px`);
      assert.ok((await page.locator('.prose').innerText()).length > 100);
    });
  });

  it('takes a self-test by keyboard, sees why, and finds the result in the course', async () => {
    const path = await pageWith('courses', /class="quiz"[^]*class="chapter-done"/);
    await visit(browser, path, {}, async (page) => {
      await page.waitForSelector('.question form');
      const questions = page.locator('.question form');
      for (let index = 0; index < (await questions.count()); index++) {
        const question = questions.nth(index);
        const right = question.locator('li[data-right] input');
        for (let option = 0; option < (await right.count()); option++) {
          await right.nth(option).focus();
          await page.keyboard.press('Space');
        }
        await page.keyboard.press('Enter');
        await question.locator('.option-right').first().waitFor();
        assert.ok(await question.locator('.answer').evaluate((answer) => answer.open));
      }
      const count = await questions.count();
      assert.match(await page.locator('.quiz-score [role=status]').innerText(), new RegExp(`答对 ${count} 题`));
      await page.locator('.chapter-done button').click();
      await page.locator('.kicker a').click();
      await page.waitForSelector('.chapter-note');
      assert.match(await page.locator('.chapter-note').first().innerText(), new RegExp(`已学完 · 自测答对 ${count}/${count}`));
    });
  });

  it('takes progress along to another browser', async () => {
    const path = await pageWith('courses', /course-progress/);
    const file = await visit(browser, path, {}, async (page) => {
      await page.waitForSelector('.course-progress:not([hidden])');
      await page.evaluate(() => {
        const { course } = document.querySelector('[data-course]').dataset;
        const { chapter } = document.querySelector('.chapters [data-chapter]').dataset;
        localStorage.setItem('jixia:courses', JSON.stringify({ [course]: { done: { [chapter]: '2026-09-01' }, tests: {} } }));
      });
      await page.reload();
      const [download] = await Promise.all([page.waitForEvent('download'), page.locator('[data-part=export]').click()]);
      const chunks = [];
      for await (const chunk of await download.createReadStream()) chunks.push(chunk);
      return Buffer.concat(chunks);
    });
    await visit(browser, path, {}, async (page) => {
      await page.waitForSelector('.course-progress:not([hidden])');
      const choose = (buffer) => page.setInputFiles('[data-part=file]', { name: 'progress.json', mimeType: 'application/json', buffer });
      await choose(Buffer.from('{"format":"other"}'));
      await page.waitForFunction(() => document.querySelector('[data-part=status]').textContent.includes('不是'));
      await choose(file);
      await page.waitForSelector('.chapter-note');
      assert.equal(await page.locator('.course-progress progress').evaluate((bar) => bar.value), 1);
    });
  });

  it('reads the answers of a self-test without scripts', async () => {
    const path = await pageWith('courses', /class="question question-single"/);
    await visit(browser, path, { javaScriptEnabled: false }, async (page) => {
      await page.locator('.answer summary').first().click();
      assert.ok(await page.locator('.answer p').first().isVisible());
      assert.equal(await page.locator('.question input').count(), 0);
    });
  });

  it('searches and opens a result by keyboard only', async () => {
    await visit(browser, '/', {}, async (page) => {
      assert.ok(await tabTo(page, 'input[type=search]'), 'no search field is reached by Tab');
      await page.keyboard.type(micro.piece);
      await page.keyboard.press('Enter');
      await page.waitForURL(/\/search\//);
      await found(page, micro.path);
      await page.locator('main input[type=search]').focus();
      await page.keyboard.press('ArrowDown');
      assert.ok(await page.evaluate(() => document.activeElement.closest('.search-results') !== null));
      await page.keyboard.press('Escape');
      assert.ok(await page.evaluate(() => document.activeElement.matches('input[type=search]')));
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.waitForURL((url) => !url.pathname.startsWith('/search/'));
      assert.ok(await page.locator('h1').isVisible());
    });
  });
});
