import { elements, post, postForm } from './http.js';
import { duration, localise } from './times.js';

const soon = 2 * 3_600_000;
const encoder = new TextEncoder();
let root = null;
let form = null;
let text = null;
let told = null;
let sending = false;
let expiryTold = false;
let typingTold = 0;

setInterval(countDown, 1000);

/** told.sent gets the message's HTML, told.expired is called when the window closes. */
export function open(conversation, callbacks) {
  root = conversation;
  told = callbacks;
  form = root.querySelector('[data-reply]');
  text = root.querySelector('[data-reply-text]');
  sending = false;
  typingTold = 0;
  if (!text.value) text.value = localStorage.getItem(draftKey()) ?? '';

  text.addEventListener('input', () => {
    tellTyping();
    if (text.value) localStorage.setItem(draftKey(), text.value);
    else localStorage.removeItem(draftKey());
    measure();
  });
  text.addEventListener('keydown', event => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener('submit', submit);
  measure();
  expiryTold = false;
  countDown();
}

export function close() {
  root = null;
}

export function showWindow(html) {
  if (!root) return;
  const place = root.querySelector('[data-window]');
  place.replaceChildren(elements(html));
  localise(place);
  form.hidden = !isOpen();
  expiryTold = false;
  countDown();
}

const draftKey = () => `mm-draft-${root.dataset.conversation}`;
const state = () => root.querySelector('[data-window-state]');
const isOpen = () => ['open', 'humanAgent'].includes(state().dataset.windowState);

/** Meta shows it for about 20 seconds; a customer who sees it waits instead of leaving. */
function tellTyping() {
  if (!text.value || Date.now() - typingTold < 15_000) return;
  typingTold = Date.now();
  post(`/inbox/${root.dataset.conversation}/typing`);
}

async function submit(event) {
  event.preventDefault();
  if (sending || !text.value.trim() || isTooLong()) return;

  const conversation = root;
  const key = draftKey();
  const sent = text.value;
  const [field, problems] = [text, form.querySelector('[data-form-problems]')];
  sending = true;
  measure();
  const { ok, html } = await postForm(form);
  if (ok && localStorage.getItem(key) === sent) localStorage.removeItem(key);
  if (root !== conversation) return;

  sending = false;
  problems.replaceChildren(...(ok ? [] : [elements(html)]));
  if (ok) {
    if (field.value === sent) field.value = '';
    typingTold = 0;
    told.sent(html);
  }

  measure();
  field.focus();
}

const used = () => {
  const counter = form.querySelector('[data-counter]');
  return counter.dataset.unit === 'bytes' ? encoder.encode(text.value).length : text.value.length;
};

const isTooLong = () => used() > Number(form.querySelector('[data-counter]').dataset.limit);

function measure() {
  text.style.height = 'auto';
  text.style.height = `${Math.min(text.scrollHeight, 200)}px`;

  const counter = form.querySelector('[data-counter]');
  const limit = Number(counter.dataset.limit);
  const count = used();
  counter.hidden = count === 0;
  counter.textContent = `${count.toLocaleString('en')} / ${limit.toLocaleString('en')} ${counter.dataset.unit}`;
  counter.dataset.level = count > limit ? 'over' : count > limit * 0.9 ? 'near' : 'fine';
  form.querySelector('[data-send]').disabled = sending || !text.value.trim() || count > limit;
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
