// Internal notes: the second form of the compose bar, with a text and a draft of its own. What is written here is never sent.
import { announce } from './announce.js';
import { elements, postForm } from './http.js';
import { mentionPicker } from './mention-picker.js';

const prefix = `mm-note-${document.body.dataset.viewer}-`;
const onPhone = matchMedia('(hover: none) and (pointer: coarse)');
let root = null;
let mentions = [];   // { id, name } of those who were picked; only those whose name is still in the text count

/** added gets the HTML of the note. */
export function open(conversation, { added }) {
  root = conversation;
  const text = find('[data-note-text]');
  const draft = load(root.dataset.conversation);
  text.value ||= draft?.text ?? '';
  mentions = draft?.mentions ?? [];
  mentionPicker(find('[data-mention-panel]'), text, member => mentions.push(member));
  text.enterKeyHint = onPhone.matches ? 'enter' : 'done';
  text.addEventListener('input', changed);
  text.addEventListener('keydown', event => {
    if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
    if (event.key !== 'Enter' || event.shiftKey || onPhone.matches) return;
    event.preventDefault();
    text.form.requestSubmit();
  });
  text.form.addEventListener('submit', event => submit(event, added));
  for (const mode of ['reply', 'note']) {
    // Only a click moves the focus: with the keyboard, the arrow keys must be able to go back.
    find(`[data-mode="${mode}"]`).closest('label').addEventListener('pointerup', () => setTimeout(() => choose(mode)));
  }

  changed();
}

export function close() {
  root = null;
}

/** reply or note. */
export function choose(mode) {
  find(`[data-mode="${mode}"]`).checked = true;
  find(`[data-${mode}-text]`).focus();
}

/** The conversation is gone, and its draft with it. */
export function forget(id) {
  save(id, '');
}

const find = selector => root.querySelector(selector);
const named = text => mentions.filter(({ name }, index) =>
  text.includes(`@${name}`) && mentions.findIndex(other => other.name === name) === index);

function changed() {
  const { value } = find('[data-note-text]');
  find('[data-add-note]').disabled = !value.trim();
  find('[data-note-draft]').hidden = !value.trim();
  save(root.dataset.conversation, value);
}

async function submit(event, added) {
  event.preventDefault();
  const conversation = root;
  const form = event.target;
  const text = find('[data-note-text]');
  const button = find('[data-add-note]');
  const written = text.value;
  if (!written.trim() || button.disabled) return;

  for (const field of form.querySelectorAll('[name="Mentions"]')) field.remove();
  for (const { id } of named(written)) {
    const field = Object.assign(document.createElement('input'), { type: 'hidden', name: 'Mentions', value: id });
    form.append(field);
  }

  button.disabled = true;
  const { ok, html } = await postForm(form);
  const id = conversation.dataset.conversation;
  if (ok && load(id)?.text === written) save(id, '');
  if (root !== conversation) return;   // another conversation was opened meanwhile

  form.querySelector('[data-form-problems]').replaceChildren(...(ok ? [] : [elements(html)]));
  if (ok) {
    if (text.value === written) text.value = '';
    added(html);
    announce('Note added');
  }

  changed();
  text.focus();
}

function load(id) {
  try {
    return JSON.parse(localStorage.getItem(prefix + id));
  } catch {
    return null;   // the browser forbids storage
  }
}

function save(id, text) {
  try {
    if (text) localStorage.setItem(prefix + id, JSON.stringify({ text, mentions }));
    else localStorage.removeItem(prefix + id);
  } catch {
    // Storage is full or forbidden; the note can still be written and added.
  }
}
