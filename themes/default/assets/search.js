// The search for a page: asks the worker, hands on only the newest answer. No dependencies, no build step.
//
//   const search = createSearch({ base: '/search/' });
//   const answer = await search.query('数控 微课', { filters: { city: ['济南'] }, sort: 'date', offset: 0, limit: 10 });
//
// An answer: { total, approximate, more, results, facets, suggestions, bytesLoaded, requests }, or null if a newer query came.
//   results      [{ url, title, kind, date, people, units, excerpt }]; title and excerpt are [{ text, mark }]
//   facets       { name: [{ label, count }] }, counted without the filter of the facet itself
//   suggestions  [{ query, total }], if nothing was found
//   total        approximate (约) while not every candidate was looked at; every result shown contains the query

/** Opens the search whose index is published below `base`. */
export function createSearch({ base, worker = new Worker(new URL('./search-worker.js', import.meta.url), { type: 'module' }) }) {
  const waiting = new Map();
  const root = new URL(base, document.baseURI).href;
  let last = 0;

  worker.onmessage = ({ data: { id, answer, isPartial, error } }) => {
    const query = waiting.get(id);
    if (!query) return;
    if (isPartial) return query.onResults?.(answer);
    waiting.delete(id);
    if (error) query.reject(new Error(error)); else query.resolve(answer);
  };
  worker.onerror = event => {
    for (const query of waiting.values()) query.reject(new Error(event.message || 'search worker failed'));
    waiting.clear();
  };

  /** Asks; `onResults` gets the answer as soon as there are results, before the facets are counted. */
  function query(text, { onResults, ...options } = {}) {
    for (const query of waiting.values()) query.resolve(null);
    waiting.clear();
    const id = ++last;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject, onResults });
      worker.postMessage({ id, base: root, text, options });
    });
  }

  /**
   * Asks while a person types into `input`: after a pause, not in the middle of an input method's composition.
   * `show(answer, text)` gets every answer, `options()` gives filters and sorting. Returns a function that asks at once.
   */
  function attach(input, show, { options = () => ({}), pause = 120, fail = console.error } = {}) {
    let timer = 0, isComposing = false;
    const ask = async () => {
      clearTimeout(timer);
      const text = input.value.trim();
      if (!text) return show(null, '');
      try {
        const answer = await query(text, { ...options(), onResults: answer => show(answer, text) });
        if (answer) show(answer, text);
      } catch (error) {
        fail(error);
      }
    };
    const soon = () => {
      clearTimeout(timer);
      if (!isComposing) timer = setTimeout(ask, pause);
    };
    input.addEventListener('compositionstart', () => { isComposing = true; });
    input.addEventListener('compositionend', () => { isComposing = false; soon(); });
    input.addEventListener('input', soon);
    return ask;
  }

  return { query, attach, close: () => worker.terminate() };
}
