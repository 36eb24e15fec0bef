// Names of colleagues in an internal note: an @ lists them, and what is typed behind it filters the list.
import { announce } from './announce.js';
import { insert } from './caret.js';
import { fold } from './fold.js';
import { popover } from './popover.js';

/** picked gets { id, name } of a colleague whose name was inserted. */
export function mentionPicker(panel, field, picked) {
  const list = panel.querySelector('[role="listbox"]');
  const all = [...list.querySelectorAll('[data-mention-option]')];
  let shown = [];
  let dismissedAt = -1;   // the position of the @ whose list was closed with Escape

  const handle = popover(panel, null, {
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
    if (step) select(shown.indexOf(selected()) + step);
    else if (event.key === 'Escape') {
      dismissedAt = query().start;
      handle.close();
    } else if ((event.key === 'Enter' && !event.shiftKey) || event.key === 'Tab') take(selected());
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  });
  list.addEventListener('pointerdown', event => event.preventDefault());   // the caret stays where it is
  list.addEventListener('click', event => {
    const option = event.target.closest('[data-mention-option]');
    if (option) take(option);
  });

  /** The @ before the caret and the words behind it, two at most; null when there is none. */
  function query() {
    if (field.selectionStart !== field.selectionEnd) return null;
    const match = field.value.slice(0, field.selectionStart).match(/(?:^|\s)@([^\s@]*(?: [^\s@]*)?)$/u);
    return match ? { words: fold(match[1]), start: field.selectionStart - match[1].length - 1 } : null;
  }

  function update() {
    const typed = query();
    if (!typed) dismissedAt = -1;
    shown = typed && typed.start !== dismissedAt ? all.filter(option => isNamed(option, typed.words)) : [];
    for (const option of all) option.hidden = !shown.includes(option);
    if (shown.length === 0) {
      handle.close();
      return;
    }

    const isOpening = !handle.isOpen();
    handle.open();
    select(0);
    if (isOpening) announce(`${shown.length} colleagues, use the arrow keys`);
  }

  function isNamed(option, words) {
    const name = fold(option.dataset.name);
    return name.startsWith(words) || name.includes(` ${words}`);
  }

  function select(index) {
    selected()?.setAttribute('aria-selected', 'false');
    const option = shown[(index + shown.length) % shown.length];
    option.setAttribute('aria-selected', 'true');
    option.scrollIntoView({ block: 'nearest' });
    field.setAttribute('aria-activedescendant', option.id);
  }

  function selected() {
    return shown.find(option => option.getAttribute('aria-selected') === 'true');
  }

  function take(option) {
    const { start } = query() ?? { start: field.selectionStart };
    handle.close();
    picked({ id: Number(option.dataset.mentionOption), name: option.dataset.name });
    insert(field, `@${option.dataset.name} `, start, field.selectionEnd);
  }
}
