import { coalesce, on } from './live.js';
import { elements, getHtml } from './http.js';
import * as drafts from './drafts.js';
import { duration, localise } from './times.js';

const pane = document.querySelector('[data-list-pane]');
const soon = 2 * 3_600_000;
let openId = 0;

const more = new IntersectionObserver(entries => {
  for (const entry of entries) if (entry.isIntersecting) loadMore(entry.target);
}, { rootMargin: '400px' });

const refresh = coalesce(refreshRow, 120);

on('messageCreated', ({ conversationId }) => refresh(conversationId));
on('conversationUpdated', ({ conversationId }) => refresh(conversationId));
on('messageUpdated', ({ conversationId }) => refresh(conversationId));
on('missed', reload);
setInterval(() => dress(pane), 30_000);
drafts.onChange(id => {
  const item = row(id);
  if (item) showDraft(item);
});

pane.addEventListener('click', event => {
  const button = event.target.closest('[data-more-button]');
  if (button) loadMore(button.closest('[data-more]'));
});

export function start(open) {
  openId = open;
  dress(pane);
}

export function replace(next, open) {
  pane.replaceChildren(...next.children);
  localise(pane);
  start(open);
  select(open);
}

export function select(id) {
  openId = id;
  for (const link of pane.querySelectorAll('[data-row] > a')) {
    if (Number(link.parentElement.dataset.row) === id) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
    showDraft(link.parentElement);
  }
}

export function focus(id) {
  row(id)?.querySelector('a').focus();
}

/** One row on, from where the focus is or else from the open conversation. */
export function move(step) {
  const links = [...pane.querySelectorAll('[data-row] > a')];
  if (links.length === 0) return false;

  const focused = links.indexOf(document.activeElement);
  const from = focused >= 0 ? focused : links.findIndex(link => link.hasAttribute('aria-current'));
  const to = links[Math.min(links.length - 1, Math.max(0, from < 0 ? 0 : from + step))];
  to.focus();
  to.scrollIntoView({ block: 'nearest' });
  return true;
}

const rows = () => pane.querySelector('[data-rows]');
const row = id => pane.querySelector(`[data-row="${id}"]`);

function address(path, extra = {}) {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(extra)) if (value) query.set(name, value);
  return `${path}?${query}`;
}

async function refreshRow(id) {
  const asked = location.search;
  const html = await getHtml(address(`/inbox/${id}/row`, { open: openId }));
  if (asked !== location.search) return;

  const old = row(id);
  if (html === null) {
    const keeps = id === openId && new URLSearchParams(asked).get('unread') === 'true';
    if (!keeps) old?.remove();
    return;
  }

  const fresh = elements(html).querySelector('[data-row]');
  const hadFocus = old?.contains(document.activeElement);
  place(fresh, old);
  dress(fresh);
  if (hadFocus) fresh.querySelector('a').focus({ preventScroll: true });
}

/** Newest activity first; what belongs behind the loaded part waits there. */
function place(fresh, old) {
  const at = Number(fresh.dataset.at);
  if (old && Number(old.dataset.at) === at) {
    old.replaceWith(fresh);
    return;
  }

  old?.remove();
  const list = rows();
  const next = [...list.querySelectorAll('[data-row]')].find(other => Number(other.dataset.at) < at);
  const end = list.querySelector('[data-more]');
  if (next) next.before(fresh);
  else if (!end) list.append(fresh);
}

async function loadMore(item) {
  if (item.hasAttribute('aria-busy')) return;

  item.setAttribute('aria-busy', 'true');
  more.unobserve(item);
  const html = await getHtml(item.dataset.more);
  if (html === null) {
    item.removeAttribute('aria-busy');
    return;
  }

  const fresh = elements(html);
  for (const known of fresh.querySelectorAll('[data-row]')) if (row(known.dataset.row)) known.remove();
  item.replaceWith(fresh);
  dress(pane);
}

/** After a gap nobody knows what is missing: the first part again, from the server. */
async function reload() {
  const html = await getHtml(address('/inbox/rows', { open: openId }));
  if (html === null) return;
  const focused = document.activeElement.closest('[data-row]')?.dataset.row;
  rows().replaceChildren(elements(html));
  dress(pane);
  if (focused) row(focused)?.querySelector('a').focus({ preventScroll: true });
}

function dress(root) {
  localise(root);
  for (const item of pane.querySelectorAll('[data-more]')) more.observe(item);
  for (const dot of root.querySelectorAll('[data-window-dot]')) showWindow(dot);
  for (const item of root.matches('[data-row]') ? [root] : root.querySelectorAll('[data-row]')) showDraft(item);
}

/** The window goes on closing while the list is looked at; near its end the row says how long it is. */
function showWindow(dot) {
  const left = Number(dot.dataset.closesAt) - Date.now();
  const state = left > soon ? 'open' : left > 0 ? 'soon' : Number(dot.dataset.humanUntil) > Date.now() ? 'human' : 'closed';
  const words = dot.parentElement.querySelector('[data-window-left]');
  words.hidden = state !== 'soon';
  words.textContent = state === 'soon' ? duration(left) : '';
  dot.dataset.windowDot = state;
  dot.title = {
    open: `${duration(left)} left to reply`,
    soon: `Only ${duration(left)} left to reply`,
    human: 'The 24 hours are over; you may still help as a person',
    closed: 'The reply window is closed',
  }[state];
  dot.firstElementChild.textContent = dot.title;
}

/** What somebody has begun to write stands in place of the last message, but not under their eyes. */
function showDraft(item) {
  const id = Number(item.dataset.row);
  const draft = id === openId ? null : drafts.load(id);
  const place = item.querySelector('[data-row-draft]');
  place.hidden = !draft;
  place.textContent = draft ? `Draft: ${draft.text || 'not sent yet'}` : '';
  item.querySelector('[data-row-preview]').hidden = Boolean(draft);
}
