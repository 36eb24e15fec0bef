// The list of conversations beside the open one.
import * as drafts from './drafts.js';
import { elements, getHtml, lazyParts } from './http.js';
import { coalesce, on } from './live.js';
import { morph, morphContent } from './morph.js';
import { duration, localise } from './times.js';

const pane = document.querySelector('[data-list-pane]');
const closingSoon = 2 * 3_600_000;
const everyRow = 0;
let openId = 0;
let changedWhileLoading = false;

const more = lazyParts('400px', item => item.dataset.more, (item, next) => {
  for (const known of next.querySelectorAll('[data-row]')) if (row(known.dataset.row)) known.remove();
  completeRows(next);
  item.replaceWith(next);
  watchMore();
});

const moreHits = lazyParts('400px', item => item.dataset.moreHits, (item, next) => {
  completeRows(next);
  item.replaceWith(next);
  watchMore();
});

const refresh = coalesce(id => id === everyRow ? reload() : refreshRow(id), 120);

on('messageCreated messageUpdated conversationUpdated', ({ conversationId }) => refresh(conversationId));
on('missed', () => refresh(everyRow));
on('messageCreated messageUpdated conversationUpdated missed', () => changedWhileLoading = true);
setInterval(() => completeRows(pane), 30_000);
drafts.onChange(id => {
  const item = row(id);
  if (item) showDraft(item);
});

pane.addEventListener('click', event => {
  const button = event.target.closest('[data-more-button]');
  if (button) more.load(button.closest('[data-more]'));
  const hitsButton = event.target.closest('[data-more-hits-button]');
  if (hitsButton) moreHits.load(hitsButton.closest('[data-more-hits]'));
});

export function start(open) {
  openId = open;
  completeRows(pane);
  watchMore();
}

/** Another list is being fetched; what happens meanwhile may be missing from the answer. */
export function expect() {
  changedWhileLoading = false;
}

/** Shows another list, as the server rendered it for the filter that was chosen. */
export function show(listPane, open) {
  openId = open;
  completeRows(listPane);
  morphContent(pane, listPane.childNodes);
  pane.querySelector('[data-list-scroll]').scrollTop = 0;
  watchMore();
  if (changedWhileLoading) refresh(everyRow);
}

export function select(id) {
  openId = id;
  const message = new URLSearchParams(location.search).get('message');
  for (const link of pane.querySelectorAll('[data-hit] > a')) {
    if (link.parentElement.dataset.hit === message) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  }

  for (const item of pane.querySelectorAll('[data-row]')) showOpen(item);
}

export function focus(id) {
  row(id)?.querySelector('a').focus();
}

/** @returns false when there is nothing to focus */
export function focusFirst() {
  const link = pane.querySelector('[data-row] > a, [data-hit] > a');
  link?.focus();
  return Boolean(link);
}

/** Moves the focus by one row, from the focused one or else from the open conversation. */
export function moveFocus(step) {
  const links = [...pane.querySelectorAll('[data-row] > a, [data-hit] > a')];
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
  const search = location.search;
  const html = await getHtml(address(`/inbox/${id}/row`, { open: openId }));
  if (html === null || search !== location.search) return;

  const shown = row(id);
  if (html === '') {
    const query = new URLSearchParams(search);
    const isBeingRead = id === openId && (query.has('unread') || query.has('mentioned'));
    if (!isBeingRead) shown?.remove();
    return;
  }

  const next = elements(html).querySelector('[data-row]');
  const moves = shown?.dataset.at !== next.dataset.at;
  completeRows(next.parentNode);
  if (shown) morph(shown, next);
  if (moves) place(shown ?? next);
}

/** The newest activity comes first. A row that belongs behind the part that is loaded comes with that part. */
function place(item) {
  const at = Number(item.dataset.at);
  const following = [...rows().querySelectorAll('[data-row]')].find(other => other !== item && Number(other.dataset.at) < at);
  if (!following && rows().querySelector('[data-more]')) {
    item.remove();
    return;
  }

  const focused = item.contains(document.activeElement) ? document.activeElement : null;
  rows().insertBefore(item, following ?? null);
  focused?.focus({ preventScroll: true });
}

/** After a gap in the connection anything may be missing, so the first part comes from the server again. */
async function reload() {
  const search = location.search;
  const html = await getHtml(address('/inbox/rows', { open: openId }));
  if (html === null || search !== location.search) return;
  const next = elements(html);
  completeRows(next);
  morphContent(rows(), next);
  watchMore();
}

function watchMore() {
  more.watch(pane.querySelector('[data-more]'));
  moreHits.watch(pane.querySelector('[data-more-hits]'));
}

/** Adds what only this browser knows: its time zone, the time until a messaging window closes, drafts and the open conversation. */
function completeRows(root) {
  localise(root);
  for (const dot of root.querySelectorAll('[data-window-dot]')) showWindow(dot);
  for (const item of root.querySelectorAll('[data-row]')) showOpen(item);
}

function showOpen(item) {
  const link = item.querySelector('a');
  if (Number(item.dataset.row) === openId) link.setAttribute('aria-current', 'true');
  else link.removeAttribute('aria-current');
  showDraft(item);
}

/** The messaging window goes on closing while the list is shown; in its last two hours the row shows what is left. */
function showWindow(dot) {
  const left = Number(dot.dataset.closesAt) - Date.now();
  const state = left > closingSoon ? 'open' : left > 0 ? 'soon' : Number(dot.dataset.humanUntil) > Date.now() ? 'human' : 'closed';
  const leftText = dot.parentElement.querySelector('[data-window-left]');
  leftText.hidden = state !== 'soon';
  leftText.textContent = state === 'soon' ? duration(left) : '';
  dot.dataset.windowDot = state;
  dot.title = {
    open: `${duration(left)} left to reply`,
    soon: `Only ${duration(left)} left to reply`,
    human: 'The 24 hours are over; you may still help as a person',
    closed: 'The reply window is closed',
  }[state];
  dot.firstElementChild.textContent = dot.title;
}

/** A draft takes the place of the last message, except in the row of the open conversation. */
function showDraft(item) {
  const id = Number(item.dataset.row);
  const draft = id === openId ? null : drafts.load(id);
  const text = item.querySelector('[data-row-draft]');
  text.hidden = !draft;
  text.textContent = draft ? `Draft: ${draft.text || 'not sent yet'}` : '';
  item.querySelector('[data-row-preview]').hidden = Boolean(draft);
}
