// Canned replies in the compose bar: a slash lists them, and what is typed behind it filters the list.
import { announce } from './announce.js';
import { insert } from './caret.js';
import { fold } from './fold.js';
import { elements, getHtml } from './http.js';
import { popover } from './popover.js';

const cacheLifetime = 60_000;

export function cannedPicker(panel, button, field) {
  const list = panel.querySelector('[data-canned-list]');
  const none = panel.querySelector('[data-canned-none]');
  let all = [];
  let options = [];   // those that match what is typed
  let loadedAt = 0;
  let loading = null;
  let dismissedAt = -1;   // the position of the slash whose list was closed with Escape

  const handle = popover(panel, button, {
    opened: () => field.setAttribute('aria-controls', list.id),
    closed() {
      field.removeAttribute('aria-controls');
      field.removeAttribute('aria-activedescendant');
    },
  });
  field.setAttribute('aria-autocomplete', 'list');
  field.setAttribute('aria-haspopup', 'listbox');

  field.addEventListener('input', update);
  field.addEventListener('click', update);
  field.addEventListener('keydown', event => {
    if (!handle.isOpen() || event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) select(options.indexOf(selected()) + step);
    else if (event.key === 'Escape') {
      dismissedAt = query().start;
      handle.close();
    } else if ((event.key === 'Enter' && !event.shiftKey) || event.key === 'Tab') {
      if (!selected()) return;
      insertReply(selected());
    } else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  });
  list.addEventListener('pointerdown', event => event.preventDefault());   // the caret stays where it is
  list.addEventListener('click', event => {
    const option = event.target.closest('[data-canned-option]');
    if (option) insertReply(option);
  });
  button.addEventListener('click', () => {
    if (handle.isOpen()) {
      handle.close();
      field.focus();
      return;
    }

    dismissedAt = -1;
    if (query()) {
      field.focus();
      update();
      return;
    }

    const before = field.value.slice(0, field.selectionStart);
    insert(field, before === '' || /\s$/.test(before) ? '/' : ' /');
  });

  /** The slash before the caret and the word behind it; null when there is none. */
  function query() {
    if (field.selectionStart !== field.selectionEnd) return null;
    const match = field.value.slice(0, field.selectionStart).match(/(?:^|\s)\/([\p{L}\p{M}\p{N}_-]*)$/u);
    return match ? { word: fold(match[1]), start: field.selectionStart - match[1].length - 1 } : null;
  }

  async function update() {
    const typed = query();
    if (!typed || typed.start === dismissedAt) {
      if (!typed) dismissedAt = -1;
      handle.close();
      return;
    }

    await load();
    const current = query();
    if (!current || current.start === dismissedAt || !field.isConnected) return;

    options = rank(current.word);
    none.hidden = all.length > 0;
    if (options.length === 0 && (all.length > 0 || current.word !== '')) {
      handle.close();
      return;
    }

    list.replaceChildren(...options);
    const isOpening = !handle.isOpen();
    handle.open();
    select(0);
    if (isOpening && options.length > 0) announce(`${options.length} canned replies, use the arrow keys`);
  }

  /** Those whose shortcut begins with the word, then those that contain it anywhere. */
  function rank(word) {
    const begins = option => fold(option.dataset.cannedOption).startsWith(word);
    const contains = ({ dataset }) => fold(`${dataset.cannedOption}\n${dataset.name}\n${dataset.text}`).includes(word);
    return [...all.filter(begins), ...all.filter(option => !begins(option) && contains(option))];
  }

  function select(index) {
    if (options.length === 0) return;
    selected()?.setAttribute('aria-selected', 'false');
    const option = options[(index + options.length) % options.length];
    option.setAttribute('aria-selected', 'true');
    option.scrollIntoView({ block: 'nearest' });
    field.setAttribute('aria-activedescendant', option.id);
  }

  function selected() {
    return options.find(option => option.getAttribute('aria-selected') === 'true');
  }

  function insertReply(option) {
    const { start } = query() ?? { start: field.selectionStart };
    handle.close();
    insert(field, option.dataset.text, start, field.selectionEnd);
  }

  function load() {
    if (Date.now() - loadedAt < cacheLifetime) return loading;
    loadedAt = Date.now();
    loading = getHtml(panel.dataset.canned).then(html => {
      if (html === null) loadedAt = 0;
      else all = [...elements(html).querySelectorAll('[data-canned-option]')];
    });
    return loading;
  }
}
