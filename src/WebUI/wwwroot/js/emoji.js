// The emoji picker. It loads its data from our own server when it is opened for the first time.
import { popover } from './popover.js';

const data = new URL('../lib/emoji-data/emoji.json', import.meta.url);
const maxVersion = 15;   // of the emoji standard; systems of the last years can draw these
const groups = [
  ['recent', '🕘', 'Recently used'], [0, '😀', 'Smileys'], [1, '👋', 'People'], [3, '🐻', 'Animals and nature'],
  [4, '🍔', 'Food and drink'], [5, '✈️', 'Travel and places'], [6, '⚽', 'Activities'], [7, '💡', 'Objects'],
  [8, '❤️', 'Symbols'], [9, '🏁', 'Flags'],
];
const tones = ['✋', '✋🏻', '✋🏼', '✋🏽', '✋🏾', '✋🏿'];
let loading = null;

/** picked is called with the emoji. */
export function emojiPicker(panel, button, picked) {
  const part = name => panel.querySelector(`[data-emoji-${name}]`);
  const [search, grid, bar, label, toneButton] = ['search', 'grid', 'groups', 'name', 'tone'].map(part);
  let group = 'recent';
  let tone = Number(stored('mm-emoji-tone', 0));
  let all = [];

  const handle = popover(panel, button, {
    async opened() {
      search.value = '';
      showTone();
      search.focus();
      try {
        all = await load();
      } catch {
        grid.textContent = 'The emoji cannot be loaded. Check the connection and open this again.';
        return;
      }

      show(recents().length > 0 ? 'recent' : 0);
    },
  });

  for (const [id, symbol, name] of groups) {
    const tab = document.createElement('button');
    tab.type = 'button';
    tab.textContent = symbol;
    tab.title = name;
    tab.dataset.group = id;
    tab.setAttribute('aria-label', name);
    tab.addEventListener('click', () => {
      search.value = '';
      show(id);
    });
    bar.append(tab);
  }

  search.addEventListener('input', () => show(group));
  search.addEventListener('keydown', event => {
    if (event.key === 'ArrowDown') focus(event, grid.firstElementChild);
    else if (event.key === 'Enter') {
      event.preventDefault();
      grid.querySelector('button')?.click();
    }
  });
  toneButton.addEventListener('click', () => {
    tone = (tone + 1) % tones.length;
    store('mm-emoji-tone', tone);
    showTone();
    show(group);
  });
  grid.addEventListener('click', event => {
    const emoji = event.target.closest('button')?.textContent;
    if (!emoji) return;
    store('mm-emoji-recent', [emoji, ...recents().filter(other => other !== emoji)].slice(0, 32));
    if (!event.shiftKey) handle.close();
    picked(emoji);
  });
  grid.addEventListener('keydown', moveFocus);
  for (const kind of ['focusin', 'pointerover']) {
    grid.addEventListener(kind, event => label.textContent = event.target.closest('button')?.getAttribute('aria-label') ?? '');
  }

  return handle;

  function show(wanted) {
    group = wanted;
    const words = search.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const found = words.length > 0 ? find(words)
      : group === 'recent' ? recents().map(emoji => ({ emoji, annotation: emoji })) : all.filter(one => one.group === group);

    grid.replaceChildren(...found.map(one => {
      const choice = document.createElement('button');
      choice.type = 'button';
      choice.textContent = one.skins?.find(skin => skin.tone === tone)?.emoji ?? one.emoji;
      choice.setAttribute('aria-label', one.annotation);
      choice.tabIndex = -1;
      return choice;
    }));
    if (found.length === 0) grid.textContent = words.length > 0 ? 'No emoji is called that.' : 'What you use appears here.';
    else grid.firstElementChild.tabIndex = 0;
    grid.scrollTop = 0;
    label.textContent = '';
    for (const tab of bar.children) tab.setAttribute('aria-pressed', String(words.length === 0 && tab.dataset.group === String(group)));
  }

  /** Names that begin with the words come first, then names that contain them, then the rest by their tags. */
  function find(words) {
    const hasTag = ({ tags }, word) => tags?.some(tag => tag.startsWith(word));
    const rank = ({ annotation }) =>
      words.every(word => annotation.startsWith(word)) ? 0 : words.every(word => annotation.includes(word)) ? 1 : 2;
    return all.filter(emoji => words.every(word => emoji.annotation.includes(word) || hasTag(emoji, word)))
      .toSorted((a, b) => rank(a) - rank(b)).slice(0, 160);
  }

  function moveFocus(event) {
    const choices = [...grid.querySelectorAll('button')];
    const at = choices.indexOf(event.target);
    const row = choices.findIndex(choice => choice.offsetTop > choices[0].offsetTop);
    const perRow = row < 0 ? choices.length : row;
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: perRow, ArrowUp: -perRow }[event.key];
    if (!step || at < 0) return;
    if (at + step < 0) focus(event, search);
    else focus(event, choices[Math.min(choices.length - 1, at + step)]);
  }

  function focus(event, target) {
    if (!target) return;
    event.preventDefault();
    grid.querySelector('[tabindex="0"]')?.setAttribute('tabindex', '-1');
    if (target !== search) target.tabIndex = 0;
    target.focus();
  }

  function showTone() {
    toneButton.textContent = tones[tone];
  }
}

const recents = () => stored('mm-emoji-recent', []);

function store(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    return;   // storage is full or forbidden; the emoji is inserted all the same
  }
}

function stored(key, fallback) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? fallback;
  } catch {
    return fallback;
  }
}

function load() {
  loading ??= fetch(data).then(response => {
    if (!response.ok) throw new Error(`${data}: ${response.status}`);
    return response.json();
  }).then(all => all.filter(one => one.version <= maxVersion)).catch(error => {
    loading = null;
    throw error;
  });
  return loading;
}
