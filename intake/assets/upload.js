// Resumable uploads by tus 1.0 (https://tus.io/protocols/resumable-upload): in slices, with progress, pause and resume. The
// server knows how far each file came, so after a lost connection, a closed browser or a restarted server it goes on there.
//
// Own and small rather than tus-js-client: one server, one purpose, no build step, readable as it is served.
(() => {
  'use strict';
  const form = document.getElementById('edit');
  const list = form?.querySelector('[data-uploads]');
  const input = document.getElementById('file');
  if (!list || !input || !window.fetch) return;
  const text = list.dataset;
  const slice = 4 * 1024 * 1024;
  const atOnce = 3;
  const waits = [1000, 2000, 4000, 8000, 15000];
  const waiting = [];
  let running = 0;
  list.dataset.active = 'yes';
  form.querySelector('[data-plain-upload]').hidden = true;

  const headers = (more) => ({ 'Tus-Resumable': '1.0.0', 'X-CSRF': text.csrf, ...more });
  const encoded = (value) => btoa(String.fromCharCode(...new TextEncoder().encode(value)));
  const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
  const sleep = (time) => new Promise((resolve) => setTimeout(resolve, time));

  function element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  // The line of a file, new or left from an earlier visit.
  function line(file, id) {
    const known = id && list.querySelector(`[data-upload="${id}"]`);
    const note = element('small', { textContent: megabytes(file.size) });
    const bar = element('progress', { max: file.size, value: 0 });
    bar.setAttribute('aria-label', file.name);
    const main = element('span', { className: 'in-list-main' }, file.name, note, bar);
    const toggle = element('button', { type: 'button', textContent: text.pause });
    const remove = element('button', { type: 'button', textContent: text.remove });
    const item = element('li', {}, main, element('span', { className: 'in-actions' }, toggle, remove));
    item.dataset.name = file.name;
    if (known) known.replaceWith(item);
    else list.append(item);
    return { item, note, bar, toggle, remove, main };
  }

  async function ask(url, options) {
    const answer = await fetch(url, { credentials: 'same-origin', cache: 'no-store', ...options });
    return answer;
  }

  class Refused extends Error {}

  class Transfer {
    constructor(file, id, failed) {
      this.file = file;
      this.failed = failed;
      this.url = id ? `/intake/uploads/${id}` : null;
      this.paused = false;
      this.removed = false;
      this.request = null;
      this.view = line(file, id);
      this.view.toggle.addEventListener('click', () => (this.paused ? this.resume() : this.pause()));
      this.view.remove.addEventListener('click', () => this.remove());
    }

    pause() {
      this.paused = true;
      this.view.toggle.textContent = text.resume;
      this.request?.abort();
    }

    resume() {
      this.paused = false;
      this.view.toggle.textContent = text.pause;
      waiting.push(this);
      next();
    }

    async remove() {
      this.removed = true;
      this.failed?.();
      this.request?.abort();
      if (this.url) await ask(this.url, { method: 'DELETE', headers: headers() }).catch(() => null);
      this.view.item.remove();
    }

    async run() {
      let failures = 0;
      while (!this.paused && !this.removed) {
        try {
          if (await this.advance()) return this.finish();
          failures = 0;
        } catch (error) {
          if (this.paused || this.removed) return;
          if (error instanceof Refused) return this.fail(error.message);
          this.view.note.textContent = text.broken;
          await sleep(waits[Math.min(failures++, waits.length - 1)]);
        }
      }
    }

    // Sends what is missing; true once everything is there.
    async advance() {
      if (!this.url) await this.create();
      const answer = await ask(this.url, { method: 'HEAD', headers: headers() });
      if (answer.redirected || answer.status === 401) throw new Refused(form.dataset.expired);
      if (answer.status === 404) throw new Refused(text.broken);
      if (!answer.ok) throw new Error('no answer');
      let offset = Number(answer.headers.get('Upload-Offset'));
      // Once it is whole it may be a converted picture, of other bytes than were sent.
      if (offset === Number(answer.headers.get('Upload-Length'))) return true;
      this.started = { time: performance.now(), offset };
      while (offset < this.file.size) {
        if (this.paused || this.removed) return false;
        offset = await this.send(offset);
      }
      return true;
    }

    async create() {
      const metadata = `filename ${encoded(this.file.name)},submission ${encoded(form.dataset.id)}`;
      const answer = await ask('/intake/uploads', {
        method: 'POST',
        headers: headers({ 'Upload-Length': String(this.file.size), 'Upload-Metadata': metadata }),
      });
      if (answer.redirected) throw new Refused(form.dataset.expired);
      if (answer.status >= 400 && answer.status < 500 && answer.status !== 429) throw new Refused(await words(answer));
      if (!answer.ok) throw new Error('no answer');
      this.url = answer.headers.get('Location');
    }

    send(offset) {
      return new Promise((resolve, reject) => {
        const request = new XMLHttpRequest();
        this.request = request;
        request.open('PATCH', this.url);
        const all = headers({ 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': String(offset) });
        for (const [name, value] of Object.entries(all)) request.setRequestHeader(name, value);
        request.upload.onprogress = (event) => this.show(offset + event.loaded);
        request.onload = () => {
          const name = request.getResponseHeader('X-File-Name');
          if (name) this.kept = decodeURIComponent(name.replaceAll('+', ' '));
          if (request.status === 204) resolve(Number(request.getResponseHeader('Upload-Offset')));
          else if (request.status === 422) reject(new Refused(request.responseText));
          else reject(new Error(String(request.status)));
        };
        request.onerror = request.onabort = () => reject(new Error('broken'));
        request.send(this.file.slice(offset, offset + slice));
      });
    }

    show(sent) {
      const { note, bar } = this.view;
      bar.value = sent;
      const seconds = (performance.now() - this.started.time) / 1000;
      const speed = (sent - this.started.offset) / seconds;
      if (seconds < 1 || speed <= 0) return;
      const left = Math.ceil((this.file.size - sent) / speed);
      const rest = left > 90 ? `${Math.ceil(left / 60)} min` : `${left} s`;
      note.textContent = `${megabytes(sent)} / ${megabytes(this.file.size)}，${megabytes(speed)}/s，${text.left} ${rest}`;
    }

    finish() {
      const { note, bar, toggle } = this.view;
      bar.remove();
      toggle.remove();
      const name = this.kept ?? this.file.name;
      const converted = name.split('.').pop() !== this.file.name.split('.').pop();
      note.textContent = `${megabytes(this.file.size)}，${text.done}${converted ? `，${text.converted}${name}` : ''}`;
      const id = this.url.split('/').pop();
      for (const select of form.querySelectorAll('select[data-files]')) {
        if (select.dataset.files === 'image' && !/\.(png|jpe?g|webp|gif)$/i.test(name)) continue;
        select.append(new Option(name, id));
      }
      // Most often the first video is what the page plays, and a VTT file its captions. Images stand in the text.
      const wanted = /\.vtt$/i.test(this.file.name) ? 'captions' : 'main_file';
      const select = this.failed ? null : form.elements[wanted];
      if (select && !select.value) select.value = id;
      this.done = true;
      document.dispatchEvent(new Event('jixia-files'));
    }

    fail(message) {
      const { bar, toggle, item } = this.view;
      bar.remove();
      toggle.remove();
      item.append(element('p', { className: 'in-stop', textContent: message }));
      this.done = true;
      this.failed?.();
    }
  }

  // The words of an error page.
  async function words(answer) {
    const body = await answer.text();
    return body.startsWith('<') ? text.broken : body;
  }

  function next() {
    while (running < atOnce && waiting.length) {
      const transfer = waiting.shift();
      running += 1;
      transfer.run().finally(() => {
        running -= 1;
        next();
      });
    }
  }

  const all = [];
  input.addEventListener('change', () => {
    for (const file of input.files) {
      // The same name and size as one that was not finished: it goes on where it was.
      const halves = [...list.querySelectorAll('[data-upload]:not([data-whole])')];
      const half = halves.find((item) => item.dataset.name === file.name && Number(item.dataset.bytes) === file.size);
      const transfer = new Transfer(file, half?.dataset.upload);
      all.push(transfer);
      waiting.push(transfer);
    }
    input.value = '';
    next();
  });

  // Images that were put into the text. `failed` is told when one does not come through.
  document.addEventListener('jixia-add', ({ detail }) => {
    const transfer = new Transfer(detail.file, null, detail.failed);
    all.push(transfer);
    waiting.push(transfer);
    next();
  });

  for (const item of list.querySelectorAll('[data-upload]:not([data-whole]) small')) {
    item.textContent += `。${text.again}`;
  }

  addEventListener('beforeunload', (event) => {
    if (all.some((transfer) => !transfer.done && !transfer.removed)) event.preventDefault();
  });
})();
