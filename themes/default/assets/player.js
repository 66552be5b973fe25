// Players: speed, chapters, and the position where somebody stopped, kept in the browser. The controls stay the browser's own.
const KEY = 'jixia:position:';
const LEAST = 10, END = 15, PAUSE = 5000;
const parts = document.getElementById('h-player-tools');
const players = document.querySelectorAll('main video, main audio');

if (parts) players.forEach(equip);
for (const link of document.querySelectorAll('[data-seek]')) {
  link.addEventListener('click', event => {
    if (!players.length) return;
    event.preventDefault();
    const [player] = players;
    player.currentTime = Number(link.dataset.seek);
    player.focus();
    player.play().catch(() => {});
  });
}
if (players.length) followChapters(players[0]);

function equip(player) {
  const tools = parts.content.cloneNode(true);
  const [speed, note, restart] = ['select', '[role=status]', 'button'].map(name => tools.querySelector(name));
  speed.addEventListener('change', () => { player.playbackRate = Number(speed.value); });
  player.addEventListener('ratechange', () => { speed.value = String(player.playbackRate); });
  restart.addEventListener('click', () => {
    player.currentTime = 0;
    restart.hidden = true;
    note.textContent = '';
    player.play().catch(() => {});
  });
  const file = player.querySelector('source')?.getAttribute('src') ?? player.getAttribute('src');
  if (file) remember(player, KEY + file, note, restart);
  player.after(tools);
}

function remember(player, key, note, restart) {
  let saved = 0;
  const save = () => {
    saved = Date.now();
    const { currentTime: at, duration } = player;
    if (at > LEAST && at < duration - END) store(key, Math.floor(at)); else store(key, null);
  };
  const resume = () => {
    const at = Number(read(key));
    if (!at || at >= player.duration) return;
    player.currentTime = at;
    note.textContent = note.dataset.text.replace('{time}', clock(at));
    restart.hidden = false;
  };
  if (player.readyState) resume(); else player.addEventListener('loadedmetadata', resume, { once: true });
  player.addEventListener('timeupdate', () => { if (Date.now() - saved > PAUSE) save(); });
  for (const name of ['pause', 'ended']) player.addEventListener(name, save);
  addEventListener('pagehide', () => { if (player.currentTime) save(); });
}

/** Marks the chapter that plays. */
function followChapters(player) {
  const links = [...document.querySelectorAll('[data-seek]')];
  player.addEventListener('timeupdate', () => {
    const current = links.filter(link => Number(link.dataset.seek) <= player.currentTime + 0.25).pop();
    for (const link of links) {
      if (link === current) link.setAttribute('aria-current', 'true'); else link.removeAttribute('aria-current');
    }
  });
}

function clock(seconds) {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
}

// A browser may keep nothing at all; then a player begins at its beginning.
function read(key) {
  try { return localStorage.getItem(key); } catch { return null; }
}
function store(key, value) {
  try {
    if (value === null) localStorage.removeItem(key); else localStorage.setItem(key, value);
  } catch { /* nothing is kept */ }
}
