// Courses: what was learned, on the course's page and at the end of each chapter.
import { change, exported, imported, of } from './progress.js';

const page = document.querySelector('.course-progress');
const chapter = document.querySelector('.chapter-done');
if (page) showCourse(page);
if (chapter) showChapter(chapter);

function showCourse(place) {
  const { course } = place.dataset, part = name => place.querySelector(`[data-part=${name}]`);
  const bar = place.querySelector('progress'), rows = [...document.querySelectorAll('.chapters [data-chapter]')];
  const show = () => {
    const { done, tests } = of(course);
    const finished = rows.filter(row => done[row.dataset.chapter]);
    bar.value = finished.length;
    part('count').textContent = fill(place.dataset.count, { n: finished.length, all: rows.length });
    for (const row of rows) {
      const test = tests[row.dataset.chapter];
      const notes = [finished.includes(row) && place.dataset.done, test && fill(place.dataset.tested, test)].filter(Boolean);
      row.querySelector('.chapter-note')?.remove();
      if (notes.length) row.querySelector('.chapter-title').append(Object.assign(document.createElement('span'), { className: 'chapter-note', textContent: notes.join(' · ') }));
    }
  };
  part('export').addEventListener('click', () => download(exported(), place.dataset.file));
  part('import').addEventListener('click', () => part('file').click());
  part('file').addEventListener('change', async () => {
    const [file] = part('file').files;
    const count = file && file.size < 1e6 ? imported(await file.text()) : null;
    part('status').textContent = count === null ? place.dataset.failed : fill(place.dataset.imported, { n: count });
    part('file').value = '';
  });
  addEventListener('jixia:progress', show);
  addEventListener('storage', show);
  show();
  place.hidden = false;
}

function showChapter(place) {
  const { course, chapter } = place.dataset, button = place.querySelector('button'), off = button.textContent;
  const show = () => {
    const isDone = chapter in of(course).done;
    button.setAttribute('aria-pressed', isDone);
    button.textContent = isDone ? button.dataset.on : off;
  };
  button.addEventListener('click', () => change(course, ({ done }) => {
    if (done[chapter]) delete done[chapter]; else done[chapter] = new Date().toLocaleDateString('sv');
  }));
  addEventListener('jixia:progress', show);
  show();
  place.hidden = false;
}

function download(text, name) {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  Object.assign(document.createElement('a'), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

function fill(pattern, values) {
  return pattern.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}
