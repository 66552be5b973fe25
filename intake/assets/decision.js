// What is typed before a decision is kept by the server every few seconds, and in the browser while the server is away.
// Without this script a button keeps it.
(() => {
  'use strict';
  const form = document.getElementById('decision');
  if (!form) return;
  const said = document.getElementById('saved');
  const key = `jixia-decision-${form.dataset.keep}`;
  const pause = 2000;
  let timer = 0;
  let leaving = false;

  const typed = () => [...new FormData(form)].filter(([, value]) => typeof value === 'string');

  function here(pairs) {
    try {
      if (pairs) localStorage.setItem(key, JSON.stringify(pairs.filter(([name]) => !['csrf', 'version', 'confirmed'].includes(name))));
      else localStorage.removeItem(key);
    } catch {
      // A browser without room or permission keeps nothing; the server does.
    }
  }

  async function keep() {
    clearTimeout(timer);
    timer = 0;
    if (leaving) return;
    const pairs = typed();
    const headers = { Accept: 'application/json' };
    const body = new URLSearchParams(pairs);
    const answer = await fetch(form.dataset.keep, { method: 'POST', headers, body, credentials: 'same-origin' }).catch(() => null);
    if (answer?.ok) {
      said.textContent = `${form.dataset.saved} ${(await answer.json()).at}`;
      here(null);
      return;
    }
    here(pairs);
    said.textContent = answer?.status === 401 ? form.dataset.expired : form.dataset.unsaved;
    timer = setTimeout(keep, pause * 5);
  }

  form.addEventListener('input', () => {
    here(typed());
    clearTimeout(timer);
    timer = setTimeout(keep, pause);
  });

  // Leaving by the menu takes the last words along.
  addEventListener('pagehide', () => {
    if (!timer || leaving) return;
    fetch(form.dataset.keep, { method: 'POST', body: new URLSearchParams(typed()), keepalive: true, credentials: 'same-origin' }).catch(() => null);
  });

  form.addEventListener('submit', () => {
    leaving = true;
    clearTimeout(timer);
    here(null);
  });

  // What a lost connection left in this browser is newer than what the server has.
  try {
    const left = JSON.parse(localStorage.getItem(key) ?? 'null');
    if (left) {
      const ticks = left.filter(([name]) => name === 'tick').map(([, value]) => value);
      for (const field of form.elements) {
        const pair = left.find(([name]) => name === field.name);
        if (field.name === 'tick') field.checked = ticks.includes(field.value);
        else if (pair && field.type !== 'hidden' && field.type !== 'submit') field.value = pair[1];
      }
      form.dispatchEvent(new Event('input'));
    }
  } catch {
    // As above.
  }
})();
