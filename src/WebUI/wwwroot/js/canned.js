// Canned replies: a slash offers them, filtered by what is typed behind it.
import { announce } from './announce.js';
import { insert } from './caret.js';
import { elements, getHtml } from './http.js';
import { popover } from './popover.js';

const freshFor = 60_000;

export function cannedReplies(panel, button, field) {
  const list = panel.querySelector('[data-canned-list]');
  const none = panel.querySelector('[data-canned-none]');
  let all = [];
  let options = [];   // those that fit what is typed
  let loadedAt = 0;
  let loading = null;
  let dismissed = -1;   // where the slash stands that Escape was pressed at

  const handle = popover(panel, button, {
    opened: () => field.setAttribute('aria-controls', list.id),
    closed() {
      field.removeAttribute('aria-controls');
      field.removeAttribute('aria-activedescendant');
    },
  });
  field.setAttribute('aria-autocomplete', 'list');
  field.setAttribute('aria-haspopup', 'listbox');

  field.addEventListener('input', offer);
  field.addEventListener('click', offer);
  field.addEventListener('keydown', event => {
    if (!handle.isOpen() || event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) select(options.indexOf(current()) + step);
    else if (event.key === 'Escape') {
      dismissed = token().start;
      handle.close();
    } else if ((event.key === 'Enter' && !event.shiftKey) || event.key === 'Tab') {
      if (!current()) return;
      take(current());
    } else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  });
  list.addEventListener('pointerdown', event => event.preventDefault());   // the caret stays where it is
  list.addEventListener('click', event => {
    const option = event.target.closest('[data-canned-option]');
    if (option) take(option);
  });
  button.addEventListener('click', () => {
    if (handle.isOpen()) {
      handle.close();
      field.focus();
      return;
    }

    dismissed = -1;
    if (token()) {
      field.focus();
      offer();
      return;
    }

    const before = field.value.slice(0, field.selectionStart);
    insert(field, before === '' || /\s$/.test(before) ? '/' : ' /');
  });

  /** The slash and the word behind it that end at the caret; null when there is none. */
  function token() {
    if (field.selectionStart !== field.selectionEnd) return null;
    const match = field.value.slice(0, field.selectionStart).match(/(?:^|\s)\/([\p{L}\p{M}\p{N}_-]*)$/u);
    return match ? { word: match[1].toLowerCase(), start: field.selectionStart - match[1].length - 1 } : null;
  }

  async function offer() {
    const wanted = token();
    if (!wanted || wanted.start === dismissed) {
      if (!wanted) dismissed = -1;
      handle.close();
      return;
    }

    await load();
    const now = token();
    if (!now || now.start === dismissed || !field.isConnected) return;

    options = rank(now.word);
    none.hidden = all.length > 0;
    if (options.length === 0 && (all.length > 0 || now.word !== '')) {
      handle.close();
      return;
    }

    list.replaceChildren(...options);
    const opens = !handle.isOpen();
    handle.open();
    select(0);
    if (opens && options.length > 0) announce(`${options.length} canned replies, use the arrow keys`);
  }

  /** Shortcuts that begin with the word, then the rest that has it somewhere. */
  function rank(word) {
    const begins = option => option.dataset.cannedOption.startsWith(word);
    const has = option => `${option.dataset.cannedOption}\n${option.dataset.name}\n${option.dataset.text}`.toLowerCase().includes(word);
    return [...all.filter(begins), ...all.filter(option => !begins(option) && has(option))];
  }

  function select(index) {
    if (options.length === 0) return;
    current()?.setAttribute('aria-selected', 'false');
    const option = options[(index + options.length) % options.length];
    option.setAttribute('aria-selected', 'true');
    option.scrollIntoView({ block: 'nearest' });
    field.setAttribute('aria-activedescendant', option.id);
  }

  function current() {
    return options.find(option => option.getAttribute('aria-selected') === 'true');
  }

  function take(option) {
    const { start } = token() ?? { start: field.selectionStart };
    handle.close();
    insert(field, option.dataset.text, start, field.selectionEnd);
  }

  function load() {
    if (Date.now() - loadedAt < freshFor) return loading;
    loadedAt = Date.now();
    loading = getHtml(panel.dataset.canned).then(html => {
      if (html === null) loadedAt = 0;
      else all = [...elements(html).querySelectorAll('[data-canned-option]')];
    });
    return loading;
  }
}
