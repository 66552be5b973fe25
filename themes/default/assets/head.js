// Runs before the first paint, so that what the reader chose does not flash: large print, contrast, list or grid.
(root => {
  root.classList.add('js');
  let chosen = {};
  try { chosen = JSON.parse(localStorage.getItem('jixia-view')) || {}; } catch {}
  if (!('contrast' in chosen) && matchMedia('(prefers-contrast: more)').matches) chosen.contrast = 'more';
  for (const name of ['size', 'contrast', 'view']) if (chosen[name]) root.dataset[name] = chosen[name];
})(document.documentElement);
