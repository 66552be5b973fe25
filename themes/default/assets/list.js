// Narrows and orders a section's list without a reload. Entries come from the section's own pages, as they are shown
// there; a small file says which entries have which value, and on which page they stand.
(() => {
  const list = document.querySelector('.list[data-facets]');
  const box = list?.querySelector('.list-main > .rows, .list-main > .cards, .list-main tbody');
  if (!box) return;
  const status = list.querySelector('.list-status');
  const clear = list.querySelector('.list-clear');
  const sort = list.querySelector('.list-sort select');
  const pager = list.querySelector('.pager');
  const toFacets = list.querySelector('.to-facets');
  const links = [...list.querySelectorAll('a[data-facet]')];
  const names = new Set(links.map(link => link.dataset.facet));
  const own = [...box.children];
  const STEP = 20;

  const more = document.createElement('button');
  more.type = 'button';
  more.className = 'button list-more';
  more.hidden = true;
  box.closest('.table-wrap, .rows, .cards').after(more);

  let chosen = new Map(), order = '', index, found = [], shown = 0, run = 0;

  /** The file, with the steps of each value summed up to positions. */
  function load() {
    index ??= fetch(list.dataset.facets).then(answer => {
      if (!answer.ok) throw new Error(answer.status);
      return answer.json();
    }).then(file => {
      for (const values of Object.values(file.facets)) {
        for (const id of Object.keys(values)) {
          let at = 0;
          values[id] = values[id].map(step => at += step);
        }
      }
      return file;
    });
    index.catch(() => { index = undefined; });
    return index;
  }

  const pages = new Map();
  /** The element of the entry at a position, newest first, from the page on which it stands. */
  async function entryAt(file, position) {
    if (position < file.newest) return own[position];
    const fromOldest = file.total - 1 - position;
    const number = Math.floor(fromOldest / file.size) + 1;
    if (!pages.has(number)) {
      pages.set(number, fetch(file.page.replace('{n}', number)).then(answer => answer.text()).then(html => {
        const page = new DOMParser().parseFromString(html, 'text/html');
        return [...page.querySelector('.list-main > .rows, .list-main > .cards, .list-main tbody').children];
      }));
    }
    const entries = await pages.get(number);
    return entries[file.size - 1 - fromOldest % file.size];
  }

  /** Positions that have one of the chosen values of every facet but `except`; null for all. */
  function matching(file, except) {
    let left = null;
    for (const [name, ids] of chosen) {
      if (name === except) continue;
      const some = new Set();
      for (const id of ids) for (const at of file.facets[name]?.[id] ?? []) some.add(at);
      left = left ? new Set([...left].filter(at => some.has(at))) : some;
    }
    return left;
  }

  async function update() {
    const now = ++run;
    mark();
    writeAddress();
    if (!chosen.size && !order) return restore();
    try {
      const file = await load();
      if (now !== run) return;
      const left = matching(file);
      found = left ? [...left].sort((a, b) => a - b) : [...Array(file.total).keys()];
      if (order) found.reverse();
      count(file);
      const first = await Promise.all(found.slice(0, STEP).map(at => entryAt(file, at)));
      if (now !== run) return;
      box.replaceChildren(...first);
      shown = first.length;
      settle(file.total);
    } catch {
      if (now === run) status.textContent = status.dataset.failed;
    }
  }

  function settle(total) {
    if (pager) pager.hidden = true;
    clear.hidden = !chosen.size;
    more.hidden = shown >= found.length;
    more.textContent = status.dataset.more.replace('{n}', Math.min(STEP, found.length - shown));
    status.textContent = found.length
      ? status.dataset.found.replace('{n}', found.length).replace('{all}', total)
      : status.dataset.none;
  }

  more.addEventListener('click', async () => {
    const file = await load();
    const next = await Promise.all(found.slice(shown, shown + STEP).map(at => entryAt(file, at)));
    box.append(...next);
    shown += next.length;
    settle(file.total);
    next[0]?.querySelector('a')?.focus();
  });

  function restore() {
    box.replaceChildren(...own);
    if (pager) pager.hidden = false;
    clear.hidden = more.hidden = true;
    status.textContent = '';
    for (const link of links) {
      const number = link.querySelector('.chip-count').firstChild;
      number.data = link.dataset.count ?? number.data;
      link.classList.remove('is-none');
    }
  }

  /** How many entries each value would leave. */
  function count(file) {
    const sets = new Map([...names].map(name => [name, matching(file, name)]));
    for (const link of links) {
      const { facet, value } = link.dataset;
      const left = sets.get(facet);
      const at = file.facets[facet]?.[value] ?? [];
      const number = link.querySelector('.chip-count').firstChild;
      link.dataset.count ??= number.data;
      const entries = left ? at.filter(position => left.has(position)).length : at.length;
      number.data = entries;
      link.classList.toggle('is-none', !entries);
    }
  }

  function mark() {
    for (const link of links) {
      if (chosen.get(link.dataset.facet)?.has(link.dataset.value)) link.setAttribute('aria-current', 'true');
      else link.removeAttribute('aria-current');
    }
    if (sort) sort.value = order;
  }

  function readAddress() {
    const parameters = new URLSearchParams(location.search);
    chosen = new Map();
    for (const name of names) if (parameters.has(name)) chosen.set(name, new Set(parameters.getAll(name)));
    order = sort && parameters.get('sort') === 'oldest' ? 'oldest' : '';
  }

  function writeAddress() {
    const parameters = new URLSearchParams();
    for (const [name, ids] of chosen) for (const id of ids) parameters.append(name, id);
    if (order) parameters.set('sort', order);
    const query = String(parameters);
    history.replaceState(null, '', location.pathname + (query && `?${query}`) + location.hash);
  }

  list.addEventListener('click', event => {
    const link = event.target.closest('a[data-facet]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const { facet, value } = link.dataset;
    const ids = chosen.get(facet) ?? new Set();
    if (!ids.delete(value)) ids.add(value);
    if (ids.size) chosen.set(facet, ids); else chosen.delete(facet);
    update();
    // On a phone the values stand below the list: back to what they leave.
    if (toFacets?.offsetParent) list.scrollIntoView();
  });
  clear.addEventListener('click', () => {
    chosen = new Map();
    update();
    links[0]?.focus();
  });
  sort?.addEventListener('change', () => { order = sort.value; update(); });

  readAddress();
  if (chosen.size || order) update();
})();
