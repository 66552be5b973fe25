// What is being published becomes published without a reload, with the link to its page. Without script the page asks by
// itself every few seconds.
(() => {
  'use strict';
  const place = document.querySelector('[data-live]');
  if (!place || !window.fetch) return;
  const longest = 30000;
  const until = Date.now() + 30 * 60 * 1000;

  function show(found) {
    const text = place.querySelector('[data-live-text]');
    text.textContent = found.scheduled ?? found.turn;
    for (const state of document.querySelectorAll('[data-live-state]')) {
      state.className = `in-state in-state-${found.state}`;
      state.textContent = found.label;
    }
    if (found.url && !place.querySelector('a')) {
      const link = Object.assign(document.createElement('a'), { href: found.url, textContent: found.link, className: 'in-main-button' });
      const line = document.createElement('p');
      line.append(link);
      place.append(line);
    }
  }

  async function ask(wait) {
    if (Date.now() > until) return;
    try {
      const answer = await fetch(place.dataset.live, { headers: { Accept: 'application/json' } });
      // Signed out, or not to be seen any more: the page stays as it is.
      if (!answer.ok) return;
      const found = await answer.json();
      show(found);
      if (!found.is_moving) return;
    } catch {
      // The line is broken for the moment.
    }
    setTimeout(() => ask(Math.min(wait * 2, longest)), wait);
  }

  setTimeout(() => ask(1000), 500);
})();
