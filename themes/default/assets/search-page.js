// The search page: asks as one types, shows results, facets and advice, and keeps the state in the address.
import { createSearch } from './search.js';

const place = document.getElementById('search');
const input = document.querySelector('main input[type=search]');
const texts = JSON.parse(place.dataset.texts);
const status = place.querySelector('[role=status]');
const list = place.querySelector('.search-results');
const facets = place.querySelector('.search-facets');
const more = place.querySelector('.search-more');
const search = createSearch({ base: place.dataset.index });
const FACETS = ['kind', 'city', 'unit', 'specialty', 'year', 'format'];
const PAGE = 10;
const MOST_VALUES = 8;

const state = readAddress();
input.value = state.query;
place.hidden = false;

const ask = search.attach(input, show, {
  options: () => ({ filters: state.filters, sort: state.sort, offset: 0, limit: PAGE }),
  fail: () => { status.textContent = texts.failed; },
});
input.form.addEventListener('submit', event => { event.preventDefault(); ask(); });
input.addEventListener('keydown', event => {
  if (event.key === 'ArrowDown') { event.preventDefault(); list.querySelector('a')?.focus(); }
});
list.addEventListener('keydown', event => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const links = [...list.querySelectorAll('a')];
  const next = links[links.indexOf(document.activeElement) + step];
  (next ?? (step < 0 ? input : document.activeElement)).focus();
});
more.addEventListener('click', async () => {
  const shown = list.children.length;
  const answer = await search.query(input.value.trim(), { filters: state.filters, sort: state.sort, offset: shown, limit: PAGE });
  if (!answer) return;
  list.append(...answer.results.map(item));
  more.hidden = !answer.more;
  list.children[shown]?.querySelector('a').focus();
});
addEventListener('popstate', () => {
  Object.assign(state, readAddress());
  input.value = state.query;
  ask();
});
if (state.query) ask(); else input.focus();

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
  const address = `${location.pathname}${parameters.size ? `?${parameters}` : ''}`;
  if (address !== location.pathname + location.search) history.replaceState(null, '', address);
}

function show(answer, query) {
  writeAddress(query);
  if (!answer) {
    status.textContent = '';
    list.replaceChildren();
    facets.replaceChildren();
    more.hidden = true;
    return;
  }
  list.replaceChildren(...answer.results.map(item));
  more.hidden = !answer.more;
  if (answer.results.length || answer.more) {
    status.textContent = fill(answer.approximate ? texts.found_about : texts.found, { n: answer.total });
  } else {
    status.replaceChildren(fill(texts.nothing, { q: query }), ...advice(answer.suggestions ?? []));
  }
  if (answer.facets) facets.replaceChildren(...FACETS.map(name => facet(name, answer.facets[name] ?? [])).filter(Boolean));
}

function advice(suggestions) {
  if (!suggestions.length) return [texts.advice];
  const buttons = suggestions.map(({ query }) => {
    const button = element('button', { type: 'button', textContent: query });
    button.addEventListener('click', () => { input.value = query; ask(); });
    return button;
  });
  return [texts.suggestion, ...buttons];
}

function item(result) {
  const row = document.createElement('li');
  const heading = document.createElement('h2');
  const link = element('a', { href: result.url });
  link.append(...marked(result.title));
  heading.append(link);
  const about = element('p', { className: 'row-meta' });
  const facts = [result.kind, result.date, ...result.units ?? [], ...result.people ?? []].filter(Boolean);
  about.append(...facts.flatMap((fact, at) => [at ? '　' : '', element('span', { textContent: fact })]));
  const excerpt = document.createElement('p');
  excerpt.append(...marked(result.excerpt ?? []));
  row.append(heading, excerpt, about);
  return row;
}

function marked(pieces) {
  return pieces.map(({ text, mark }) => mark ? element('mark', { textContent: text }) : document.createTextNode(text));
}

function facet(name, values) {
  if (values.length < 2 && !state.filters[name]) return null;
  const set = document.createElement('fieldset');
  set.append(element('legend', { textContent: texts[name] }));
  for (const { label, count } of values.slice(0, MOST_VALUES)) {
    const box = element('input', { type: 'checkbox', checked: state.filters[name]?.includes(label) ?? false });
    box.addEventListener('change', () => choose(name, label, box.checked));
    const row = document.createElement('label');
    row.append(box, label, element('span', { className: 'count', textContent: count }));
    set.append(row);
  }
  return set;
}

function choose(name, label, chosen) {
  const values = new Set(state.filters[name] ?? []);
  if (chosen) values.add(label); else values.delete(label);
  if (values.size) state.filters[name] = [...values]; else delete state.filters[name];
  ask();
}

function element(name, properties) {
  return Object.assign(document.createElement(name), properties);
}

function fill(pattern, values) {
  return pattern.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}
