// What pages of entries offer beyond reading: copying, sharing, printing, PDF in the page. Larger parts are loaded
// where a page has what they work on.
const status = document.querySelector('.tools-status');

if (document.querySelector('video, audio')) import('./player.js');
if (document.querySelector('.prose figure > img, [data-view]')) import('./viewer.js');
if (document.querySelector('.quiz')) import('./quiz.js');
if (document.querySelector('[data-course]')) import('./course.js');

for (const place of document.querySelectorAll('[data-today]')) {
  const now = new Date();
  place.textContent = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map(n => String(n).padStart(2, '0')).join('-');
}

for (const button of document.querySelectorAll('[data-copy]')) {
  offer(button, () => copy(document.getElementById(button.dataset.copy).textContent.trim()));
}
for (const button of document.querySelectorAll('[data-share]')) offer(button, share);
for (const button of document.querySelectorAll('[data-print]')) offer(button, () => print());
for (const place of document.querySelectorAll('[data-pdf]')) showPdf(place);

function offer(button, act) {
  button.hidden = false;
  button.addEventListener('click', act);
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    status.textContent = status.dataset.copied;
  } catch {
    status.textContent = status.dataset.failed;
  }
}

async function share() {
  const url = document.querySelector('link[rel=canonical]')?.href ?? location.href;
  if (!navigator.share) return copy(url);
  // Whoever closes the dialog has decided not to share: that is no failure.
  await navigator.share({ title: document.querySelector('h1').textContent, url }).catch(() => {});
}

/** Shows a PDF in the page where the browser can and there is room; elsewhere the link beside it opens it. */
function showPdf(place) {
  const isWide = matchMedia('(min-width: 48em)').matches;
  const isOwn = new URL(place.dataset.pdf, location).origin === location.origin;
  if (!isWide || !isOwn || !navigator.pdfViewerEnabled) return place.remove();
  const frame = Object.assign(document.createElement('iframe'), { src: place.dataset.pdf, title: place.dataset.title, loading: 'lazy' });
  const folded = place.closest('.pdf-folded');
  if (!folded) return place.append(frame);
  // A file among others is loaded by whoever asks for it.
  folded.hidden = false;
  folded.addEventListener('toggle', () => place.append(frame), { once: true });
}
