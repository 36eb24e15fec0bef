// The inbox: a list, and the conversation that is open beside it.
import { announce } from './announce.js';
import { post } from './http.js';
import * as list from './list.js';
import * as notes from './notes.js';
import * as thread from './thread.js';
import { isTyping } from './keys.js';
import { on } from './live.js';
import { showChoices } from './notices.js';
import { setTitle } from './unread-count.js';
import './failed-count.js';
import './lightbox.js';

const inbox = document.querySelector('[data-inbox]');
const pane = document.querySelector('[data-pane]');
const emptyPane = document.createElement('template');
const newestLoad = { list: 0, pane: 0 };
let loads = 0;
let shownUrl = location.href;   // popstate also comes when only the fragment changes

list.start(openId());
thread.open(pane.querySelector('[data-conversation]'));

document.addEventListener('click', event => {
  if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;

  const link = event.target.closest('[data-swap], [data-back]');
  if (!link) return;

  event.preventDefault();
  if (link.dataset.swap === 'pane') openConversation(link.href);
  else if (link.dataset.swap === 'list') filter(link.href);
  else closeConversation();
});

document.addEventListener('submit', event => {
  if (event.target.matches('[data-mark-unread]')) markUnread(event);
  if (!event.target.matches('[data-search]')) return;
  event.preventDefault();
  filter(`/inbox?${new URLSearchParams(new FormData(event.target))}`);
});

let searchTimer = 0;
document.addEventListener('input', searchSoon);
document.addEventListener('compositionend', searchSoon);   // of an input method, as for Japanese

function searchSoon(event) {
  if (!event.target.matches('[data-search-field]') || event.isComposing) return;
  clearTimeout(searchTimer);
  searchTimer = setTimeout(() => event.target.form.requestSubmit(), 300);
}

addEventListener('popstate', () => {
  const { pathname, search } = new URL(shownUrl);
  if (pathname + search === location.pathname + location.search) return;
  shownUrl = location.href;
  load(location.href, ['list', 'pane']);
});

document.addEventListener('keydown', event => {
  if (event.isComposing) return;
  if (event.key === 'ArrowDown' && event.target.matches('[data-search-field]')) {
    if (list.focusFirst()) event.preventDefault();
    return;
  }

  if (event.key === 'Escape' && !event.defaultPrevented && !document.querySelector('dialog[open]')) {
    if (pane.classList.contains('panel-open')) thread.togglePanel(false);
    else if (event.target.matches('input, textarea')) event.target.blur();
    else if (openId()) closeConversation();
    return;
  }

  if (isTyping(event)) return;
  if (event.key === 'j' || event.key === 'ArrowDown') move(event, 1);
  else if (event.key === 'k' || event.key === 'ArrowUp') move(event, -1);
  else if (event.key === 'u' && openId()) pane.querySelector('[data-mark-unread]')?.requestSubmit();
  else if (event.key === 'n' && pane.querySelector('[data-mode]')) {
    event.preventDefault();
    notes.choose('note');
  } else if (event.key === 'r' && openId()) {
    const text = pane.querySelector('[data-reply-text]');
    if (!text || text.form.hidden) return;
    event.preventDefault();
    notes.choose('reply');
  }
});

on('state', state => {
  const hint = document.querySelector('[data-live-state]');
  if (!hint) return;
  hint.dataset.liveState = state;
  hint.textContent = state === 'reconnecting' ? 'Reconnecting…' : '';
});

function openId() {
  return Number(location.pathname.match(/^\/inbox\/(\d+)/)?.[1] ?? 0);
}

async function openConversation(url) {
  push(url);
  list.select(openId());
  inbox.classList.add('inbox-open');
  pane.setAttribute('aria-busy', 'true');
  await load(url, ['pane']);
  if (new URL(url, location.href).searchParams.has('message')) return;   // the message has the focus
  const isWide = matchMedia('(min-width: 60rem)').matches;
  const target = isWide ? '[data-reply]:not([hidden]) [data-reply-text]' : '[data-thread-scroll]';
  pane.querySelector(target)?.focus({ preventScroll: true });
}

function closeConversation() {
  const id = openId();
  const query = new URLSearchParams(location.search);
  query.delete('message');
  push(`/inbox${query.size ? `?${query}` : ''}`);
  inbox.classList.remove('inbox-open');
  thread.close();
  pane.classList.remove('panel-open');
  newestLoad.pane = ++loads;   // the conversation may still be loading
  pane.removeAttribute('aria-busy');
  if (emptyPane.innerHTML) pane.replaceChildren(emptyPane.content.cloneNode(true));
  else load('/inbox', ['pane']);
  setTitle('Inbox · MetaMessaging');
  list.select(0);
  list.focus(id);
}

/** Leaves the conversation first, because it would be read again at once. */
async function markUnread(event) {
  event.preventDefault();
  const { action } = event.target;
  closeConversation();
  const { ok } = await post(action);
  announce(ok ? 'Marked as unread' : 'That did not work');
}

async function filter(url) {
  const query = new URL(url, location.href).searchParams;
  await showList(query);
}

/** The message that is shown stays the one of the address. */
async function showList(query) {
  const message = new URLSearchParams(location.search).get('message');
  const list = String(query);
  if (message) query.set('message', message);
  push(`${location.pathname}${query.size ? `?${query}` : ''}`);
  await load(`/inbox${list ? `?${list}` : ''}`, ['list']);
}

function push(url) {
  history.pushState(null, '', url);
  shownUrl = location.href;
}

/** Fetches a page and shows the given parts of it, but those that were asked for again meanwhile. */
async function load(url, parts) {
  const number = ++loads;
  for (const part of parts) newestLoad[part] = number;
  if (parts.includes('list')) list.expect();
  if (parts.includes('pane')) thread.expect(openId());
  const response = await fetch(url, { headers: { Accept: 'text/html' } }).catch(() => null);
  const text = response?.ok ? await response.text().catch(() => null) : null;
  const shown = parts.filter(part => newestLoad[part] === number);
  if (shown.length === 0) return;
  if (text === null || response.redirected) {
    location.assign(url);
    return;
  }

  const page = new DOMParser().parseFromString(text, 'text/html');
  if (shown.includes('list')) {
    list.show(page.querySelector('[data-list-pane]'), openId());
    list.select(openId());
    showChoices();
  }

  if (shown.includes('pane')) {
    thread.close();
    pane.classList.remove('panel-open');
    const next = page.querySelector('[data-pane]');
    if (!next.querySelector('[data-conversation]')) emptyPane.innerHTML = next.innerHTML;
    pane.replaceChildren(...next.children);
    pane.removeAttribute('aria-busy');
    inbox.classList.toggle('inbox-open', Boolean(pane.querySelector('[data-conversation]')));
    setTitle(page.title);
    list.select(openId());
    thread.open(pane.querySelector('[data-conversation]'));
  }
}

function move(event, step) {
  if (event.target.closest('[data-thread-scroll], dialog, [data-menu]')) return;
  if (list.moveFocus(step)) event.preventDefault();
}
