// Self-tests: choose, check, learn why. The answers stand in the page, folded, for whoever has no scripts.
import { change } from './progress.js';

const section = document.querySelector('.quiz');
const parts = section.querySelector('#h-quiz-parts');
const texts = parts.dataset;
let score;
const questions = [...section.querySelectorAll('.question')].map(equip).filter(Boolean);
if (questions.length) addScore();

/** Turns a question into a form; an open one stays as it is. */
function equip(item, index) {
  const isJudged = item.classList.contains('question-judge');
  const text = item.querySelector('.question-text');
  if (isJudged) text.after(judgement(item.dataset.right));
  const options = [...item.querySelectorAll('.options > li')];
  if (!options.length) return null;
  const form = document.createElement('form'), set = document.createElement('fieldset'), legend = document.createElement('legend');
  legend.className = text.className;
  legend.append(...text.childNodes);
  text.replaceWith(form);
  set.append(legend, item.querySelector('.options'));
  const row = parts.content.querySelector('.question-row').cloneNode(true);
  form.append(set, row, item.querySelector('.answer'));
  const type = item.classList.contains('question-multiple') ? 'checkbox' : 'radio';
  for (const option of options) {
    const label = document.createElement('label');
    const input = Object.assign(document.createElement('input'), { type, name: `q${index}` });
    label.append(input, ...option.childNodes);
    option.append(label);
  }
  const question = { form, set, options, button: row.querySelector('button'), result: row.querySelector('[role=status]'), isRight: null };
  form.addEventListener('submit', event => { event.preventDefault(); check(question); });
  return question;
}

function judgement(right) {
  const list = Object.assign(document.createElement('ol'), { className: 'options options-judge' });
  for (const [value, label] of [['yes', texts.yes], ['no', texts.no]]) {
    const option = Object.assign(document.createElement('li'), { textContent: label });
    option.dataset.letter = label;
    if (value === right) option.dataset.right = '';
    list.append(option);
  }
  return list;
}

function check(question) {
  const { options, set, button, result, form } = question;
  const isChosen = option => option.querySelector('input').checked, isRight = option => 'right' in option.dataset;
  if (!options.some(isChosen)) {
    result.textContent = texts.choose;
    return;
  }
  question.isRight = options.every(option => isChosen(option) === isRight(option));
  for (const option of options) {
    const mark = isRight(option) ? 'right' : isChosen(option) ? 'wrong' : '';
    if (!mark) continue;
    option.classList.add(`option-${mark}`);
    option.append(Object.assign(document.createElement('span'), { className: 'option-mark', textContent: mark === 'right' ? texts.markRight : texts.markWrong }));
  }
  const letters = options.filter(isRight).map(option => option.dataset.letter).join('、');
  result.textContent = question.isRight ? texts.right : texts.wrong.replace('{answer}', letters);
  // Who answered by keyboard stays where the result is said, not on a button that is gone.
  result.tabIndex = -1;
  result.focus();
  set.disabled = true;
  button.hidden = true;
  form.querySelector('.answer').open = true;
  showScore();
}

function addScore() {
  section.querySelector('.quiz-hint').textContent = texts.hint;
  score = parts.content.querySelector('.quiz-score').cloneNode(true);
  section.append(score);
  score.querySelector('button').addEventListener('click', again);
}

function showScore() {
  const answered = questions.filter(question => question.isRight !== null), right = answered.filter(question => question.isRight).length;
  const values = { done: answered.length, right, all: questions.length };
  score.querySelector('[role=status]').textContent = texts.score.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  score.querySelector('button').hidden = false;
  const place = document.querySelector('.chapter-done, .course-progress');
  if (place && answered.length === questions.length) {
    const { course, chapter = course } = place.dataset;
    change(course, ({ tests }) => { tests[chapter] = { right, all: questions.length }; });
  }
}

function again() {
  for (const question of questions) {
    question.isRight = null;
    question.set.disabled = false;
    question.button.hidden = false;
    question.result.textContent = '';
    question.form.reset();
    question.form.querySelector('.answer').open = false;
    question.options.forEach(option => {
      option.classList.remove('option-right', 'option-wrong');
      option.querySelector('.option-mark')?.remove();
    });
  }
  score.querySelector('[role=status]').textContent = '';
  score.querySelector('button').hidden = true;
  questions[0].set.querySelector('input').focus();
}
