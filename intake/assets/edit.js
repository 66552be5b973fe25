// The form of a submission: saved by itself every few seconds, kept in the browser while the server is away, with a toolbar
// and a preview beside it. Without this script the form works by its buttons.
(() => {
  'use strict';
  const form = document.getElementById('edit');
  if (!form) return;
  const said = document.getElementById('saved');
  const key = `jixia-draft-${form.dataset.id}${form.dataset.part ?? ''}`;
  const pause = 3000;
  let changed = false;
  let saving = null;
  let timer = 0;
  let stopped = false;
  let leaving = false;

  // Everything typed, without files: those go their own way.
  function typed() {
    const data = new FormData(form);
    for (const name of [...data.keys()]) if (data.getAll(name).some((value) => value instanceof File)) data.delete(name);
    return data;
  }

  function keepHere() {
    try {
      localStorage.setItem(key, JSON.stringify([...typed()].filter(([name]) => name !== 'csrf' && name !== 'revision')));
    } catch {
      // A browser without room or permission keeps nothing; the server does.
    }
  }

  function forgetHere() {
    try {
      localStorage.removeItem(key);
    } catch {
      // As above.
    }
  }

  async function send() {
    changed = false;
    let answer;
    try {
      answer = await fetch(form.action, {
        method: 'POST',
        body: typed(),
        headers: { Accept: 'application/json' },
        credentials: 'same-origin',
      });
    } catch {
      answer = null;
    }
    if (answer && answer.ok) {
      const { revision, at, note } = await answer.json();
      form.elements.revision.value = revision;
      said.textContent = note || `${form.dataset.saved} ${at}`;
      if (!changed) forgetHere();
      return true;
    }
    changed = true;
    keepHere();
    const status = answer ? answer.status : 0;
    said.textContent =
      status === 401 ? form.dataset.expired : status === 409 ? form.dataset.elsewhere : form.dataset.unsaved;
    // Another window's draft is not overwritten, however often one tries.
    stopped = status === 409;
    return false;
  }

  async function save() {
    clearTimeout(timer);
    if (saving) await saving;
    if (!changed || stopped || leaving) return !changed;
    saving = send();
    const done = await saving;
    saving = null;
    if (!done && !stopped) timer = setTimeout(save, pause * 4);
    return done;
  }

  form.addEventListener('input', (event) => {
    if (event.target.type === 'file') return;
    changed = true;
    keepHere();
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  });

  // Saved without leaving the page: what is being uploaded goes on. Where that does not work, the form is sent as it is.
  let isPlain = false;
  form.addEventListener('submit', async (event) => {
    const { submitter } = event;
    if (isPlain || submitter?.value !== 'save') return;
    event.preventDefault();
    event.stopImmediatePropagation();
    changed = true;
    if ((await save()) || stopped || !navigator.onLine) return;
    isPlain = true;
    form.requestSubmit(submitter);
    isPlain = false;
  });

  // Files that travel by themselves are not sent again with the form.
  form.addEventListener('submit', () => {
    leaving = true;
    clearTimeout(timer);
    forgetHere();
    if (form.querySelector('[data-uploads]')?.dataset.active) {
      for (const input of form.querySelectorAll('input[type=file]:not([data-word])')) input.disabled = true;
    }
  });

  // What a lost connection left in this browser.
  try {
    const kept = localStorage.getItem(key);
    if (kept) {
      const note = document.getElementById('restore');
      note.hidden = false;
      note.textContent = form.dataset.restore;
      const pairs = JSON.parse(kept);
      const names = new Set(pairs.map(([name]) => name));
      for (const field of form.elements) {
        if (!names.has(field.name) && field.type !== 'checkbox') continue;
        const values = pairs.filter(([name]) => name === field.name).map(([, value]) => value);
        if (field.type === 'checkbox') field.checked = values.includes(field.value);
        else if (field.type !== 'hidden' && field.type !== 'file' && field.type !== 'submit') field.value = values[0] ?? '';
      }
      changed = true;
      timer = setTimeout(save, pause);
    }
  } catch {
    // As above.
  }

  // ---- toolbar ----
  const body = document.getElementById('body');
  const tools = form.querySelector('[data-tools]');
  if (body && tools) {
    tools.hidden = false;
    tools.addEventListener('click', (event) => {
      const button = event.target.closest('button');
      if (!button || 'image' in button.dataset) return;
      const before = button.dataset.before ?? '';
      const after = button.dataset.after ?? '';
      let { selectionStart: start, selectionEnd: end, value } = body;
      if ('line' in button.dataset) {
        start = value.lastIndexOf('\n', start - 1) + 1;
        const lines = value.slice(start, end).split('\n').map((line) => before + line);
        body.setRangeText(lines.join('\n'), start, end, 'end');
      } else {
        body.setRangeText(before + value.slice(start, end) + after, start, end, 'end');
      }
      body.focus();
      body.dispatchEvent(new Event('input', { bubbles: true }));
    });
  }

  // ---- preview ----
  const pane = document.querySelector('[data-preview-pane]');
  const show = form.querySelector('[data-preview]');
  if (pane && show) {
    const frame = pane.querySelector('iframe');
    const refresh = () => frame.setAttribute('src', `${frame.dataset.src}${frame.dataset.src.includes('?') ? '&' : '?'}at=${Date.now()}`);
    show.addEventListener('click', async (event) => {
      event.preventDefault();
      await save();
      pane.hidden = false;
      refresh();
      pane.querySelector('button').focus();
    });
    pane.querySelector('[data-preview-close]').addEventListener('click', () => {
      pane.hidden = true;
      show.focus();
    });
    pane.addEventListener('jixia-refresh', refresh);
    let waiting = 0;
    form.addEventListener('input', () => {
      if (pane.hidden) return;
      clearTimeout(waiting);
      waiting = setTimeout(async () => {
        if (await save()) refresh();
      }, 800);
    });
  }

  // An image that arrived can be shown.
  document.addEventListener('jixia-files', async () => {
    changed = true;
    if ((await save()) && pane && !pane.hidden) pane.dispatchEvent(new Event('jixia-refresh'));
  });
})();
