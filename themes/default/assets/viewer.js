// Pictures enlarged in a dialog: Enter opens, arrows go on, Escape closes, and the focus comes back to where it was.
const parts = document.getElementById('h-viewer');
if (parts) start();

function start() {
  const pictures = [...document.querySelectorAll('.prose figure > img, .player-image [data-view] > img'), ...document.querySelectorAll('.file [data-view]')];
  const items = pictures.map(picture => picture.localName === 'img' ? fromImage(picture) : fromLink(picture));
  const dialog = parts.content.cloneNode(true).querySelector('dialog');
  document.body.append(dialog);
  const [image, count, caption, stage, zoom] = ['img', '.viewer-count', '.viewer-caption', '.viewer-stage', '[data-zoom]'].map(name => dialog.querySelector(name));
  const steps = [...dialog.querySelectorAll('[data-step]')];
  let at = 0;

  const show = index => {
    at = (index + items.length) % items.length;
    Object.assign(image, { src: items[at].src, alt: items[at].alt });
    caption.textContent = items[at].caption;
    count.textContent = `${at + 1} / ${items.length}`;
    enlarge(false);
  };
  const enlarge = isLarge => {
    stage.classList.toggle('viewer-large', isLarge);
    zoom.setAttribute('aria-pressed', isLarge);
  };
  items.forEach((item, index) => item.link.addEventListener('click', event => {
    event.preventDefault();
    show(index);
    dialog.showModal();
    stage.focus();
  }));
  steps.forEach(button => {
    button.hidden = items.length < 2;
    button.addEventListener('click', () => show(at + Number(button.dataset.step)));
  });
  zoom.addEventListener('click', () => enlarge(zoom.getAttribute('aria-pressed') !== 'true'));
  dialog.querySelector('[data-close]').addEventListener('click', () => dialog.close());
  dialog.addEventListener('click', event => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener('close', () => items[at].link.focus());
  dialog.addEventListener('keydown', event => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step || items.length < 2 || stage.classList.contains('viewer-large')) return;
    event.preventDefault();
    show(at + step);
  });
}

/** A picture of a text becomes a link to itself, so that keyboards reach it. */
function fromImage(picture) {
  let link = picture.closest('a');
  if (!link) {
    link = Object.assign(document.createElement('a'), { href: picture.currentSrc || picture.src, className: 'zoom' });
    link.setAttribute('aria-label', parts.dataset.open.replace('{alt}', picture.alt));
    picture.replaceWith(link);
    link.append(picture);
  }
  return { link, src: picture.src, alt: picture.alt, caption: picture.closest('figure')?.querySelector('figcaption')?.textContent ?? '' };
}

function fromLink(link) {
  return { link, src: link.href, alt: link.textContent, caption: link.textContent };
}
