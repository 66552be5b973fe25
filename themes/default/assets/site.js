// What every page has beyond reading: switches for large print and contrast, reading aloud, menus that close.
(() => {
  const root = document.documentElement;
  const values = { size: 'large', contrast: 'more' };

  /** Sets or clears what the reader chose, and remembers it. */
  function choose(name, value) {
    if (value) root.dataset[name] = value; else delete root.dataset[name];
    try {
      const chosen = JSON.parse(localStorage.getItem('jixia-view')) || {};
      chosen[name] = value;
      localStorage.setItem('jixia-view', JSON.stringify(chosen));
    } catch {
      // Without storage the choice holds for this page.
    }
  }

  for (const button of document.querySelectorAll('[data-switch]')) {
    const name = button.dataset.switch;
    if (name === 'read') continue;
    button.setAttribute('aria-pressed', String(name in root.dataset));
    button.addEventListener('click', () => {
      choose(name, name in root.dataset ? '' : values[name]);
      button.setAttribute('aria-pressed', String(name in root.dataset));
    });
  }

  // One menu is open at a time, and none when the reader turns elsewhere.
  const groups = [...document.querySelectorAll('.menu-group')];
  const close = except => groups.forEach(group => { if (group !== except) group.open = false; });
  for (const group of groups) group.addEventListener('toggle', () => { if (group.open) close(group); });
  document.addEventListener('click', event => close(event.target.closest('.menu-group')));
  document.addEventListener('keydown', event => {
    if (event.key !== 'Escape') return;
    const open = groups.find(group => group.open);
    if (!open) return;
    open.open = false;
    open.querySelector('summary').focus();
  });

  // Lists as cards or as rows.
  for (const button of document.querySelectorAll('[data-view]')) {
    if (button === root) continue;
    const mark = () => button.setAttribute('aria-pressed', String((root.dataset.view || 'grid') === button.dataset.view));
    mark();
    button.addEventListener('click', () => {
      choose('view', button.dataset.view === 'list' ? 'list' : '');
      document.querySelectorAll('button[data-view]').forEach(other =>
        other.setAttribute('aria-pressed', String((root.dataset.view || 'grid') === other.dataset.view)));
    });
  }

  const reader = document.querySelector('[data-switch="read"]');
  if (reader && 'speechSynthesis' in window) readAloud(reader);

  /** Reads what is selected, or the page's main part piece by piece, and marks the piece that is read. */
  function readAloud(button) {
    const speech = window.speechSynthesis;
    const label = button.textContent;
    const readable = 'h1, h2, h3, h4, p, li, dt, dd, th, td, figcaption, pre, summary';
    let queue = [], marked = null;
    button.hidden = false;

    const mark = element => {
      marked?.classList.remove('is-read');
      marked = element;
      marked?.classList.add('is-read');
      marked?.scrollIntoView({ block: 'nearest' });
    };
    const stop = () => {
      queue = [];
      speech.cancel();
      mark(null);
      button.textContent = label;
      button.setAttribute('aria-pressed', 'false');
    };
    const next = () => {
      const piece = queue.shift();
      if (!piece) return stop();
      const words = new SpeechSynthesisUtterance(piece.text);
      words.lang = root.lang;
      words.onend = () => { if (button.getAttribute('aria-pressed') === 'true') next(); };
      words.onerror = stop;
      mark(piece.element);
      speech.speak(words);
    };
    button.addEventListener('click', () => {
      if (button.getAttribute('aria-pressed') === 'true') return stop();
      const selected = String(getSelection()).trim();
      queue = selected ? [{ text: selected }] : pieces(document.querySelector('.entry') || document.querySelector('main'));
      button.setAttribute('aria-pressed', 'true');
      button.textContent = button.dataset.stop;
      next();
    });
    addEventListener('pagehide', () => speech.cancel());

    function pieces(place) {
      const found = [...place.querySelectorAll(readable)];
      return found
        .filter(element => element.offsetParent && !element.querySelector(readable) && !element.closest('nav, [aria-hidden="true"]'))
        .map(element => ({ element, text: element.innerText.replace(/\s+/g, ' ').trim() }))
        .filter(piece => piece.text);
    }
  }
})();
