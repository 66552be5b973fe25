// Takes pictures of the main pages as small WebP: `SCREENSHOTS=dir node screenshots.mjs`.
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { launch, startPortal, visit } from './harness.mjs';
import { entries, sitemapPaths } from './portal.mjs';

const quality = 60;
const sections = { notice: 'notices', resource: 'resources', course: 'courses', school: 'schools' };
const viewports = [
  { width: 360, height: 740 },
  { width: 768, height: 1024 },
  { width: 1280, height: 800 },
];

// Playwright writes PNG and JPEG only; the browser itself also writes WebP.
async function picture(page) {
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality });
  return Buffer.from(data, 'base64');
}

async function mainPages() {
  const paths = await sitemapPaths();
  const pages = [['home', '/'], ['notices', '/notices/']];
  for (const [name, section] of Object.entries(sections)) {
    const [path] = entries(paths, section);
    if (!path) throw new Error(`the portal has no entry in ${section}`);
    pages.push([name, path]);
  }
  return pages;
}

const folder = process.env.SCREENSHOTS;
if (!folder) throw new Error('SCREENSHOTS must name the directory to write to');
await mkdir(folder, { recursive: true });
const portal = await startPortal();
process.env.JIXIA_URL = portal.url;
const browser = await launch();
try {
  for (const [name, path] of await mainPages()) {
    for (const viewport of viewports) {
      for (const colorScheme of ['light', 'dark']) {
        const file = join(folder, `${name}-${viewport.width}-${colorScheme}.webp`);
        await writeFile(file, await visit(browser, path, { viewport, colorScheme }, picture));
        console.log(file);
      }
    }
  }
  await copyFile(join(folder, 'home-1280-light.webp'), join(folder, 'home.webp'));
} finally {
  await browser.close();
  await portal.close();
}
