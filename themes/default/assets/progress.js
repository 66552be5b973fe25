// How far somebody has come in their courses: kept in the browser, exported to a file and taken in from one.
//
//   { "courses/x/": { "done": { "courses/x/01/": "2026-11-22" }, "tests": { "courses/x/01/": { "right": 2, "all": 3 } } } }
const KEY = 'jixia:courses';
const FORMAT = 'jixia-progress';
const isPath = text => typeof text === 'string' && text.startsWith('/') && text.length < 500;
const isCount = number => Number.isInteger(number) && number >= 0 && number < 1000;

/** Everything that is kept, by the path of the course. */
export function all() {
  try { return clean(JSON.parse(localStorage.getItem(KEY) ?? '{}')); } catch { return {}; }
}

/** What is kept of one course. */
export function of(course) {
  return all()[course] ?? { done: {}, tests: {} };
}

/** Changes what is kept of a course. Where the browser keeps nothing, nothing is kept. */
export function change(course, act) {
  const courses = all();
  courses[course] ??= { done: {}, tests: {} };
  act(courses[course]);
  save(courses);
}

/** Everything as the text of a file. */
export function exported() {
  return JSON.stringify({ format: FORMAT, version: 1, courses: all() }, null, 1);
}

/** Takes in the text of a file beside what is kept; gives the number of its courses, or null if it is no such file. */
export function imported(text) {
  let file;
  try { file = JSON.parse(text); } catch { return null; }
  if (file?.format !== FORMAT || file.version !== 1) return null;
  const courses = all(), added = clean(file.courses);
  for (const [course, { done, tests }] of Object.entries(added)) {
    const known = courses[course] ?? { done: {}, tests: {} };
    courses[course] = { done: { ...done, ...known.done }, tests: { ...tests, ...known.tests } };
  }
  save(courses);
  return Object.keys(added).length;
}

function save(courses) {
  try { localStorage.setItem(KEY, JSON.stringify(courses)); } catch { /* nothing is kept */ }
  dispatchEvent(new Event('jixia:progress'));
}

/** Only what has the form above: the file may come from anywhere. */
function clean(courses) {
  const entries = value => Object.entries(value !== null && typeof value === 'object' ? value : {}).filter(([path]) => isPath(path));
  return Object.fromEntries(entries(courses).map(([course, value]) => [course, {
    done: Object.fromEntries(entries(value?.done).filter(([, day]) => /^\d{4}-\d\d-\d\d$/.test(day))),
    tests: Object.fromEntries(entries(value?.tests).filter(([, test]) => isCount(test?.right) && isCount(test?.all))
      .map(([path, { right, all }]) => [path, { right, all }])),
  }]));
}
