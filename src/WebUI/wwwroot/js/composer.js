// The compose bar of the open conversation.
import { announce } from './announce.js';
import { cannedReplies } from './canned.js';
import { insert } from './caret.js';
import * as drafts from './drafts.js';
import { emojiPicker } from './emoji.js';
import { files, takeFiles } from './files.js';
import { elements, post, postForm } from './http.js';
import { closeAll } from './popover.js';
import { quickReplies } from './quick-replies.js';
import { duration, localise } from './times.js';

const soon = 2 * 3_600_000;
const counterFrom = 0.8;   // of the limit
const typingEvery = 15_000;
const encoder = new TextEncoder();
const onPhone = matchMedia('(hover: none) and (pointer: coarse)');
let root = null;
let form = null;
let text = null;
let told = null;
let quick = null;
let attached = null;
let replyTo = null;
let sending = false;
let sendsWhenUploaded = false;
let expiryTold = false;
let typingTold = 0;

setInterval(countDown, 1000);

/** told.sent gets the messages' HTML, told.expired is called when the window closes. */
export function open(conversation, callbacks) {
  root = conversation;
  told = callbacks;
  form = find('[data-reply]');
  text = find('[data-reply-text]');
  sending = sendsWhenUploaded = false;
  typingTold = 0;

  // First of all those that listen to keys: while its list is open, Enter takes a canned reply.
  cannedReplies(find('[data-canned]'), find('[data-open-canned]'), text);
  const emoji = emojiPicker(find('[data-emoji]'), find('[data-open-emoji]'), one => insert(text, one));
  find('[data-open-emoji]').addEventListener('click', emoji.toggle);
  quick = quickReplies(find('[data-quick-replies]'), find('[data-open-quick-replies]'), { changed, done: () => text.focus() });
  attached = files(find('[data-file-tray]'), find('[data-file-picker]'), uploaded);
  takeFiles(root, find('[data-drop-zone]'), canAnswer, chosen => {
    attached.add(chosen);
    text.focus();
  });
  find('[data-reply-tools]').hidden = false;
  find('[data-reply-quote-cancel]').addEventListener('click', () => answer(null));
  text.enterKeyHint = onPhone.matches ? 'enter' : 'send';

  text.addEventListener('input', () => {
    tellTyping();
    changed();
  });
  text.addEventListener('keydown', pressed);
  form.addEventListener('submit', submit);
  restore();
  expiryTold = false;
  countDown();
}

export function close() {
  closeAll();
  root = null;
}

export function showWindow(html) {
  if (!root) return;
  const place = find('[data-window]');
  place.replaceChildren(elements(html));
  localise(place);
  form.hidden = !isOpen();
  if (form.hidden) closeAll();
  expiryTold = false;
  countDown();
}

/** Quotes a message above the box: { id, who, text }; null quotes nothing any more. */
export function answer(message) {
  quote(message);
  changed();
  if (message) announce(`Replying to ${message.who}: ${message.text}`);
  text.focus();
}

export const canAnswer = () => Boolean(root) && !form.hidden;

const find = selector => root.querySelector(selector);
const state = () => find('[data-window-state]');
const isOpen = () => ['open', 'humanAgent'].includes(state().dataset.windowState);
const isEmpty = () => !text.value.trim() && attached.count === 0;

function pressed(event) {
  // While an input method composes, Enter chooses a word; Safari says so with the key code alone.
  if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;

  if (event.key === 'Escape' && replyTo) {
    event.preventDefault();
    answer(null);
  } else if (event.key === 'Enter' && !event.shiftKey && !onPhone.matches) {
    event.preventDefault();
    form.requestSubmit();
  }
}

function restore() {
  const draft = drafts.load(root.dataset.conversation);
  if (!text.value) text.value = draft?.text ?? '';
  quick.set(draft?.quickReplies);
  attached.set(draft?.files);
  quote(draft?.replyTo ?? null);
  measure();
}

function quote(message) {
  replyTo = message;
  find('[data-reply-quote]').hidden = !message;
  find('[data-reply-to-field]').value = message?.id ?? '';
  find('[data-reply-quote-who]').textContent = message?.who ?? '';
  find('[data-reply-quote-text]').textContent = message?.text ?? '';
}

/** Whatever is changed is another reply: it is kept as a draft, and sent under a key of its own. */
function changed() {
  find('[data-send-key]').value = '';
  sendsWhenUploaded = false;
  drafts.save(root.dataset.conversation, reply());
  measure();
}

function uploaded() {
  const wanted = sendsWhenUploaded && !attached.hasProblem;
  changed();
  sendsWhenUploaded = wanted && attached.isUploading;
  if (wanted && !attached.isUploading) form.requestSubmit();
}

/** Meta shows it for about 20 seconds; a customer who sees it waits instead of leaving. */
function tellTyping() {
  if (!text.value || Date.now() - typingTold < typingEvery) return;
  typingTold = Date.now();
  post(`/inbox/${root.dataset.conversation}/typing`);
}

async function submit(event) {
  event.preventDefault();
  if (sending || isEmpty() || isTooLong() || attached.hasProblem) return;
  if (attached.isUploading) {
    sendsWhenUploaded = true;
    announce('Sends when the upload is done');
    measure();
    return;
  }

  const conversation = root;
  const id = root.dataset.conversation;
  const problems = form.querySelector('[data-form-problems]');
  quick.tidy();
  find('[data-send-key]').value ||= newKey();
  const sent = JSON.stringify(reply());
  sending = true;
  closeAll();
  measure();

  const { ok, html } = await postForm(form);
  if (root !== conversation) {
    if (ok && JSON.stringify(drafts.load(id)) === sent) drafts.save(id, null);
    return;
  }

  sending = false;
  problems.replaceChildren(...(ok ? [] : [elements(html)]));
  if (ok) {
    if (JSON.stringify(reply()) === sent) clear();
    typingTold = 0;
    told.sent(html);
  }

  measure();
  text.focus();
}

const reply = () => ({ text: text.value, quickReplies: quick.get(), replyTo, files: attached.ready() });

function clear() {
  text.value = '';
  quick.set([]);
  attached.clear();
  quote(null);
  changed();
}

function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, '0')).join('');
}

const counter = () => find('[data-counter]');
const used = () => (counter().dataset.unit === 'bytes' ? encoder.encode(text.value).length : [...text.value].length);
const isTooLong = () => used() > Number(counter().dataset.limit);

function measure() {
  text.style.height = 'auto';
  text.style.height = `${Math.min(text.scrollHeight, 200)}px`;

  const place = counter();
  const limit = Number(place.dataset.limit);
  const count = used();
  const over = count - limit;
  const level = over > 0 ? 'over' : count > limit * 0.9 ? 'near' : 'fine';
  place.hidden = count < limit * counterFrom;
  place.textContent = over > 0
    ? `${over.toLocaleString('en')} ${place.dataset.unit} too many`
    : `${count.toLocaleString('en')} / ${limit.toLocaleString('en')} ${place.dataset.unit}`;
  if (place.dataset.level && place.dataset.level !== level && level !== 'fine') announce(place.textContent);
  place.dataset.level = level;
  text.setAttribute('aria-invalid', String(over > 0));
  find('[data-send]').disabled = sending || isEmpty() || over > 0 || attached.hasProblem;
  find('[data-send]').toggleAttribute('data-waits', sending || sendsWhenUploaded);
  form.toggleAttribute('aria-busy', sending);
}

function countDown() {
  if (!root || !isOpen()) return;
  const window = state();

  const left = Number(window.dataset.closesAt) - Date.now();
  if (left <= 0) {
    if (!expiryTold) told.expired();
    expiryTold = true;
    return;
  }

  const strip = window.querySelector('[data-countdown]');
  const words = left < soon ? `Only ${duration(left)} left to reply` : `${duration(left)} left to reply`;
  const place = strip.querySelector('[data-countdown-text]');
  if (place.textContent !== words) place.textContent = words;
  strip.dataset.countdown = left < soon ? 'soon' : 'open';
}
