// The search page: asks as one types, shows results, filters and advice, and keeps the state in the address.
// Keys: / goes to the field, arrows go through results, Escape comes back to the field.
import { createSearch } from './search.js';

const place = document.getElementById('search');
const input = document.querySelector('main input[type=search]');
const texts = JSON.parse(place.dataset.texts);
const part = name => place.querySelector(`.search-${name}`);
const [status, list, facets, more, advice, narrow, chosen, sort] = ['status', 'results', 'facets', 'more', 'advice', 'narrow', 'chosen', 'sort'].map(part);
const order = sort.querySelector('select');
const search = createSearch({ base: place.dataset.index });
const FACETS = ['kind', 'city', 'unit', 'specialty', 'year', 'format'];
const PAGE = 10, MOST_VALUES = 8;

const state = readAddress();
input.value = state.query;
order.value = state.sort;
narrow.open = matchMedia('(min-width: 60rem)').matches;

const settings = () => ({ filters: state.filters, sort: state.sort, limit: PAGE });
const ask = search.attach(input, show, {
  options: () => ({ ...settings(), offset: 0 }),
  fail: () => { status.textContent = texts.failed; },
});
input.form.addEventListener('submit', event => { event.preventDefault(); ask(); });
order.addEventListener('change', () => { state.sort = order.value; ask(); });
more.addEventListener('click', showMore);
document.addEventListener('keydown', followKeys);
addEventListener('popstate', () => {
  Object.assign(state, readAddress());
  input.value = state.query;
  order.value = state.sort;
  ask();
});
if (state.query) ask(); else input.focus();

// ---- The address

function readAddress() {
  const parameters = new URLSearchParams(location.search);
  const filters = {};
  for (const name of FACETS) if (parameters.has(name)) filters[name] = parameters.getAll(name);
  return { query: parameters.get('q') ?? '', filters, sort: parameters.get('sort') === 'date' ? 'date' : 'relevance' };
}

function writeAddress(query) {
  const parameters = new URLSearchParams();
  if (query) parameters.set('q', query);
  for (const [name, values] of Object.entries(state.filters)) for (const value of values) parameters.append(name, value);
  if (state.sort === 'date') parameters.set('sort', 'date');
  const text = parameters.toString(), address = `${location.pathname}${text && `?${text}`}`;
  if (address !== location.pathname + location.search) history.replaceState(null, '', address);
  document.title = document.title.replace(/^(.*“.*” - )?/, query ? `“${query}” - ` : '');
}

// ---- Keys

function followKeys(event) {
  if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
  const at = document.activeElement, links = [...list.querySelectorAll('a')], index = links.indexOf(at);
  const isField = at.matches('input:not([type=checkbox]), select, textarea');
  if (event.key === '/' && !isField) goTo(event, input);
  else if (event.key === 'Escape' && at !== input && place.contains(at)) goTo(event, input);
  else if (event.key === 'ArrowDown' && (at === input || index >= 0)) goTo(event, links[index + 1] ?? (more.hidden ? at : more));
  else if (event.key === 'ArrowUp' && index >= 0) goTo(event, links[index - 1] ?? input);
  else if (event.key === 'ArrowUp' && at === more) goTo(event, links.at(-1));
}

function goTo(event, target) {
  event.preventDefault();
  target?.focus();
  if (target === input) input.select();
}

// ---- Answers

function show(answer, query) {
  writeAddress(query);
  part('help').hidden = Boolean(query);
  const results = answer?.results ?? [], isEmpty = answer && !results.length && !answer.more;
  list.replaceChildren(...results.map(item));
  more.hidden = !answer?.more;
  sort.hidden = !results.length;
  advice.hidden = !isEmpty;
  advice.replaceChildren(...isEmpty ? adviceFor(answer.suggestions ?? []) : []);
  if (!answer) status.textContent = '';
  else if (isEmpty) status.textContent = fill(texts.nothing, { q: query });
  else status.textContent = fill(answer.approximate ? texts.found_about : texts.found, { n: answer.total });
  if (!answer || answer.facets) showFilters(answer?.facets ?? {});
}

async function showMore() {
  const shown = list.children.length;
  const answer = await search.query(input.value.trim(), { ...settings(), offset: shown }).catch(() => null);
  if (!answer) return;
  list.append(...answer.results.map(item));
  more.hidden = !answer.more;
  (list.children[shown]?.querySelector('a') ?? more).focus();
}

/** What to try where nothing was found: what the index suggests, then what usually helps. */
function adviceFor(suggestions) {
  const pieces = [];
  if (suggestions.length) {
    const tried = suggestions.map(({ query }) => button(query, () => { input.value = query; ask(); }));
    const line = element('p', { className: 'search-try' });
    line.append(texts.suggestion, ...tried);
    pieces.push(line);
  }
  const tips = element('ul');
  tips.append(...texts.advice.split('|').map(tip => element('li', { textContent: tip })));
  pieces.push(tips);
  if (Object.keys(state.filters).length) pieces.push(button(texts.clear, () => { state.filters = {}; ask(); input.focus(); }));
  return pieces;
}

function item(result) {
  const row = document.createElement('li'), heading = element('h3'), link = element('a', { href: result.url });
  link.append(...marked(result.title));
  heading.append(link);
  const about = element('p', { className: 'row-meta' });
  const facts = [result.kind, result.date, ...result.units ?? [], ...result.people ?? []].filter(Boolean);
  about.append(...facts.map(fact => element('span', { textContent: fact })));
  const excerpt = element('p', { className: 'search-excerpt' });
  excerpt.append(...marked(result.excerpt ?? []));
  row.append(heading, excerpt, about);
  return row;
}

function marked(pieces) {
  return pieces.map(({ text, mark }) => mark ? element('mark', { textContent: text }) : document.createTextNode(text));
}

// ---- Filters

function showFilters(counts) {
  const focused = document.activeElement?.dataset?.filter;
  facets.replaceChildren(...FACETS.map(name => facet(name, counts[name] ?? [])).filter(Boolean));
  const active = Object.entries(state.filters).flatMap(([name, values]) => values.map(value => [name, value]));
  chosen.replaceChildren(...active.map(([name, value]) => {
    const row = element('li'), remove = button(`${value} ×`, () => { choose(name, value, false); input.focus(); });
    remove.setAttribute('aria-label', fill(texts.remove, { name: value }));
    row.append(remove);
    return row;
  }));
  narrow.hidden = !facets.children.length && !active.length;
  // The boxes are new ones; who works with the keyboard stays on the one they chose.
  if (focused) [...facets.querySelectorAll('input')].find(box => box.dataset.filter === focused)?.focus();
}

function facet(name, values) {
  if (values.length < 2 && !state.filters[name]) return null;
  const set = document.createElement('fieldset'), rows = values.map(value => valueRow(name, value));
  set.append(element('legend', { textContent: texts[name] }), ...rows.slice(0, MOST_VALUES));
  if (rows.length > MOST_VALUES) {
    const rest = element('details'), summary = element('summary', { textContent: fill(texts.others, { n: rows.length - MOST_VALUES }) });
    rest.append(summary, ...rows.slice(MOST_VALUES));
    set.append(rest);
  }
  return set;
}

function valueRow(name, { label, count }) {
  const box = element('input', { type: 'checkbox', checked: state.filters[name]?.includes(label) ?? false });
  box.dataset.filter = `${name}:${label}`;
  box.addEventListener('change', () => choose(name, label, box.checked));
  const row = document.createElement('label');
  row.append(box, element('span', { textContent: label }), element('span', { className: 'count', textContent: count }));
  return row;
}

function choose(name, label, isChosen) {
  const values = new Set(state.filters[name] ?? []);
  if (isChosen) values.add(label); else values.delete(label);
  if (values.size) state.filters[name] = [...values]; else delete state.filters[name];
  ask();
}

// ---- Small things

function button(text, act) {
  const made = element('button', { type: 'button', className: 'button button-small', textContent: text });
  made.addEventListener('click', act);
  return made;
}

function element(name, properties) {
  return Object.assign(document.createElement(name), properties);
}

function fill(pattern, values) {
  return pattern.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}
