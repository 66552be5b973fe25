// What is pasted or dropped into the body: images become files of the submission and stand in the text by their names;
// text with its markup becomes Markdown. Without this script, files are added below and named in the text by hand.
(() => {
  'use strict';
  const body = document.getElementById('body');
  const list = document.querySelector('[data-uploads]');
  const choose = document.getElementById('image');
  const said = document.getElementById('saved');
  if (!body || !list?.dataset.active) return;
  const types = { 'image/png': 'png', 'image/jpeg': 'jpg', 'image/webp': 'webp', 'image/gif': 'gif' };
  const given = new Set();

  function insert(text) {
    body.focus();
    // Images stand by themselves.
    const before = body.value.slice(0, body.selectionStart);
    if (/^!\[/.test(text) && /[^\n]\n?$/.test(before)) text = (before.endsWith('\n') ? '\n' : '\n\n') + text;
    // The one way in which a change can be undone by keys.
    if (!document.execCommand('insertText', false, text)) body.setRangeText(text, body.selectionStart, body.selectionEnd, 'end');
    body.dispatchEvent(new Event('input', { bubbles: true }));
  }

  // A name that no other file of the submission has, that needs no quoting in Markdown, and that the server keeps as it
  // is: composed, without signs that are not shown.
  function nameFor(file) {
    const extension = types[file.type];
    const shown = file.name.normalize('NFC').replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, '');
    const plain = shown.replace(/\.[^.]*$/, '').replace(/[\s<>:"|?*#%\\/()[\]&]+/g, '-').replace(/^[-.]+|-+$/g, '');
    const stem = /^(image)?$/i.test(plain) ? body.dataset.image : plain.slice(0, 60);
    const known = new Set([...document.querySelectorAll('[data-uploads] [data-name]')].map((item) => item.dataset.name));
    for (let number = 1; ; number += 1) {
      const name = number > 1 || stem === body.dataset.image ? `${stem}-${number}.${extension}` : `${stem}.${extension}`;
      if (!known.has(name) && !given.has(name) && !body.value.includes(`(${name})`)) {
        given.add(name);
        return name;
      }
    }
  }

  // Sends an image along; gives the Markdown for it.
  function send(file) {
    const name = nameFor(file);
    const markdown = `![](${name})`;
    const failed = () => {
      body.value = body.value.replace(markdown, '');
      body.dispatchEvent(new Event('input', { bubbles: true }));
    };
    const renamed = new File([file], name, { type: file.type });
    document.dispatchEvent(new CustomEvent('jixia-add', { detail: { file: renamed, failed } }));
    return markdown;
  }

  const imagesAmong = (files) => [...(files ?? [])].filter((file) => file.type in types);
  const insertAll = (images) => insert(images.map(send).join('\n\n'));

  function fromAddress(address) {
    const data = /^data:(image\/[a-z]+);base64,([\s\S]+)$/.exec(address);
    if (!data || !(data[1] in types)) return null;
    try {
      const bytes = Uint8Array.from(atob(data[2]), (letter) => letter.charCodeAt(0));
      return new File([bytes], '', { type: data[1] });
    } catch {
      return null;
    }
  }

  body.addEventListener('paste', (event) => {
    const clipboard = event.clipboardData;
    const html = clipboard.getData('text/html');
    const images = imagesAmong(clipboard.files);
    // Editors of programs colour what they copy; the text itself is meant.
    if (clipboard.types.includes('vscode-editor-data')) return;
    const lost = [];
    const markdown = html && globalThis.jixiaToMarkdown(html, (address, alt) => {
      const file = fromAddress(address) ?? images.shift();
      if (file) return send(file);
      if (/^https?:/i.test(address)) return `[${alt.replace(/[[\]\\]/g, '') || body.dataset.image}](${address.replace(/[\s()<>]/g, encodeURIComponent)})`;
      lost.push(address);
      return '';
    });
    if (!markdown && !images.length) return;
    event.preventDefault();
    if (markdown) insert(markdown);
    if (images.length) insertAll(images);
    if (lost.length) said.textContent = body.dataset.lost;
  });

  body.addEventListener('dragover', (event) => {
    if (event.dataTransfer.types.includes('Files')) event.preventDefault();
  });
  body.addEventListener('drop', (event) => {
    const { files } = event.dataTransfer;
    if (!files.length) return;
    event.preventDefault();
    insertAll(imagesAmong(files));
    for (const file of files) {
      if (!(file.type in types)) document.dispatchEvent(new CustomEvent('jixia-add', { detail: { file } }));
    }
  });

  const button = document.querySelector('button[data-image]');
  button.hidden = false;
  button.addEventListener('click', () => choose.click());
  choose.addEventListener('change', () => {
    insertAll(imagesAmong(choose.files));
    choose.value = '';
  });
})();
