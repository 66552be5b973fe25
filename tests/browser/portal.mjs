// What pages the portal has, read from its own sitemap: tests name sections, never ids of entries.
import { portalUrl } from './harness.mjs';

const pageNumber = /^(page|\d{1,4})$/;

/** Paths of all pages of the sitemap (or of the sitemaps its index names), sorted. */
export async function sitemapPaths(start = '/sitemap.xml') {
  const paths = new Set();
  const waiting = [start];
  const read = new Set();
  while (waiting.length > 0) {
    const path = waiting.pop();
    if (read.has(path)) continue;
    read.add(path);
    const answer = await fetch(portalUrl() + path);
    if (!answer.ok) throw new Error(`${path} answers ${answer.status}`);
    const text = await answer.text();
    const found = [...text.matchAll(/<loc>\s*([^<]+?)\s*<\/loc>/g)].map(([, address]) => pathOf(address));
    if (/<sitemapindex[\s>]/.test(text)) waiting.push(...found);
    else for (const entry of found) paths.add(entry);
  }
  if (paths.size === 0) throw new Error(`${start} names no page`);
  return [...paths].sort();
}

// The sitemap names the public host; the portal under test runs on another.
function pathOf(address) {
  return new URL(address.replaceAll('&amp;', '&')).pathname;
}

function segments(path) {
  return path.split('/').filter(Boolean);
}

/** Pages of entries in a section (`notices`): no list, year archive or numbered page. */
export function entries(paths, section) {
  return paths.filter((path) => {
    const parts = segments(path);
    return parts[0] === section && parts.length >= 2 && !parts.slice(1).some((part) => pageNumber.test(part));
  });
}

/** A few pages for what is too slow to do on all: home, and of each section its list, first, and last page. */
export function sample(paths) {
  const sections = new Map();
  for (const path of paths) {
    const section = segments(path)[0] ?? '';
    sections.set(section, [...(sections.get(section) ?? []), path]);
  }
  const chosen = new Set(['/']);
  for (const [section, members] of sections) {
    chosen.add(members[0]);
    chosen.add(members.at(-1));
    const own = entries(paths, section);
    if (own.length > 0) chosen.add(own[0]);
  }
  return [...chosen].sort();
}
