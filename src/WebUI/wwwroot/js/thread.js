// The open conversation.
import { announce } from './announce.js';
import * as composer from './composer.js';
import * as drafts from './drafts.js';
import { elements, getHtml, isGone, lazyParts, post, postForm } from './http.js';
import { coalesce, on } from './live.js';
import { morph, morphContent } from './morph.js';
import * as notes from './notes.js';
import * as presence from './presence.js';
import { showDays } from './thread-days.js';
import * as scroll from './thread-scroll.js';
import { followLink, mark } from './thread-target.js';
import { localise } from './times.js';

const maxMissedPages = 10;   // of 50 messages; loading the conversation anew is faster then
const pane = document.querySelector('[data-pane]');
let root = null;
let id = 0;
let unread = false;
let loadingId = 0;
let changedWhileLoading = false;
let refreshMessages = null;

const newestMessages = 0;
const refreshSurroundings = coalesce(async () => {
  const [conversation, requestedId] = [root, id];
  if (!conversation) return;
  const [header, messagingWindow, contact] = await Promise.all([
    getHtml(`/inbox/${requestedId}/header${location.search}`),
    getHtml(`/inbox/${requestedId}/window`),
    getHtml(`/inbox/${requestedId}/contact`),
  ]);
  const isErased = header === null && await isGone(`/inbox/${requestedId}/header`);
  if (root !== conversation) return;
  if (isErased) {
    drafts.save(requestedId, null);   // its contact was erased
    notes.forget(requestedId);
    location.assign(`/inbox${location.search}`);
    return;
  }

  refreshPart('[data-header]', header);
  refreshPart('[data-contact-panel]', contact);
  if (messagingWindow !== null) composer.showWindow(messagingWindow);
  showReplyButtons(root);
}, 200);

on('messageCreated messageUpdated', ids => ids.conversationId === id && refreshMessages(ids.messageId));
on('conversationUpdated', ids => ids.conversationId === id && refreshAll());   // one receipt concerns many messages
on('missed', () => id && refreshAll());
on('messageCreated messageUpdated conversationUpdated missed', ids => changedWhileLoading ||= !ids || ids.conversationId === loadingId);

document.addEventListener('visibilitychange', markRead);
addEventListener('focus', markRead);

const older = lazyParts('200px', item => item.dataset.older, (item, next) => {
  complete(next);
  scroll.keepPosition(() => {
    item.replaceWith(next);
    showDays(messages());
  });
  older.watch(root.querySelector('[data-older]'));
});

const newer = lazyParts('200px', item => item.dataset.newer, (item, next) => {
  complete(next);
  item.replaceWith(next);
  showDays(messages());
  newer.watch(root.querySelector('[data-newer]'));
});

/** The conversation is being fetched; what happens to it meanwhile may be missing from the answer. */
export function expect(conversationId) {
  loadingId = conversationId;
  changedWhileLoading = false;
}

export function open(conversation) {
  root = conversation;
  id = Number(root?.dataset.conversation ?? 0);
  if (!root) return;

  refreshMessages = coalesce(messageId => refreshMessage(conversation, messageId), 120);
  unread = Number(root.querySelector('[data-composer]').dataset.unread) > 0;
  composer.open(root, { sent: mergeAnswer, expired: () => refreshSurroundings(id) });
  notes.open(root, { added: mergeAnswer });
  presence.open(root);
  complete(pane);
  showDays(messages());
  scroll.follow(root, markRead, mark(root.dataset.target));
  older.watch(root.querySelector('[data-older]'));
  newer.watch(root.querySelector('[data-newer]'));
  if (id === loadingId && changedWhileLoading) refreshAll();
  loadingId = 0;
}

export function close() {
  composer.close();
  notes.close();
  presence.close();
  root = null;
  id = 0;
}

export function togglePanel(shown) {
  pane.classList.toggle('panel-open', shown);
  const isOpen = pane.classList.contains('panel-open');
  pane.querySelector('[data-panel-toggle]')?.setAttribute('aria-expanded', String(isOpen));
  pane.querySelector(isOpen ? '[data-panel-close]' : '[data-panel-toggle]')?.focus();
}

pane.addEventListener('click', event => {
  if (event.target.closest('[data-new-messages]')) {
    const latest = root.querySelector('[data-latest]');
    if (latest) latest.click();
    else scroll.scrollToEnd(scroll.smooth());
  } else if (event.target.closest('[data-newer-button]')) newer.load(event.target.closest('[data-newer]'));
  else if (event.target.closest('[data-older-button]')) older.load(event.target.closest('[data-older]'));
  else if (event.target.closest('[data-panel-toggle]')) togglePanel();
  else if (event.target.closest('[data-panel-close]')) togglePanel(false);

  const reply = event.target.closest('[data-reply-to]');
  if (reply) composer.replyTo(reply.closest('[data-message]'));
  const link = event.target.closest('a[data-quote], a[data-latest]');
  if (link) followLink(event, link);
});

pane.addEventListener('submit', async event => {
  const form = event.target;
  const part = form.dataset.liveForm;
  if (!part) return;

  event.preventDefault();
  const requestedId = id;
  const button = event.submitter;
  const sending = postForm(form, button);
  if (button) button.disabled = true;
  const { ok, html } = await sending;
  if (button) button.disabled = false;
  if (requestedId !== id) return;

  if (!ok) {
    const problems = (part === 'header' ? pane.querySelector('[data-header]') : form).querySelector('[data-form-problems]');
    problems.replaceChildren(elements(html));
  } else if (part === 'header') {
    refreshPart('[data-header]', html);
    refreshSurroundings(id);   // a newer one may have been shown before
    button?.focus({ preventScroll: true });
    announce('Done');
  } else if (part === 'note') {
    form.closest('[data-note]').remove();
    showDays(messages());
    announce('Note deleted');
  } else {
    const menu = form.closest('[data-menu]');
    menu?.removeAttribute('open');
    menu?.querySelector('summary').focus({ preventScroll: true });   // what was pressed is hidden now
    mergeAnswer(html);
    if (menu) announce(button.dataset.react ? `Reacted with ${button.dataset.react}` : 'Reaction taken back');
  }
});

// A menu below the last message would open out of view.
pane.addEventListener('toggle', event => {
  if (event.target.matches('[data-react-menu][open]')) event.target.scrollIntoView({ block: 'nearest', behavior: scroll.smooth() });
}, { capture: true });

const messages = () => root.querySelector('[data-messages]');

/** Whether the part that is loaded reaches to the end of the conversation. */
const isEndLoaded = () => !root.querySelector('[data-newer]');

function refreshAll() {
  refreshSurroundings(id);
  refreshMessages(newestMessages);
}

/** Answers that come when another conversation is open are dropped. */
async function refreshMessage(conversation, messageId) {
  if (root !== conversation) return;
  if (messageId === newestMessages) {
    await fetchMissed(conversation);
    return;
  }

  const html = await getHtml(`/inbox/messages/${messageId}`);
  if (root === conversation) merge(html);
}

/** Fetches the newest messages, page by page until one reaches back to what is shown, so that none in between is missing. */
async function fetchMissed(conversation) {
  if (!isEndLoaded()) return;   // what is missed comes with the newer part
  const shownNotes = [...messages().querySelectorAll('[data-note]')];
  let html = '';
  for (let pages = 0, url = `/inbox/${id}/messages`; url; pages++) {
    if (pages === maxMissedPages) return location.reload();
    const page = await getHtml(url);
    if (page === null || root !== conversation) return;

    html = page + html;
    const next = elements(page);
    url = reachesShown(next.querySelector('[data-at]')) ? null : next.querySelector('[data-older]')?.dataset.older;
  }

  const next = elements(html);
  const oldest = Number(next.querySelector('[data-at]')?.dataset.at ?? 0);
  for (const note of shownNotes) if (Number(note.dataset.at) > oldest && !next.getElementById(note.id)) note.remove();   // deleted
  merge(html);
}

function reachesShown(item) {
  const oldest = messages().querySelector('[data-at]');
  return !item || (oldest && (document.getElementById(item.id) || Number(item.dataset.at) < Number(oldest.dataset.at)));
}

/** Takes messages and events in: new ones at the place of their time, known ones in their new state. */
function merge(html) {
  if (html === null || !root) return;

  const staysAtEnd = scroll.isAtEnd();
  const next = elements(html);
  complete(next);
  let arrived = null;
  for (const item of next.querySelectorAll('[data-at]')) {
    const known = document.getElementById(item.id);
    if (known) {
      const failed = item.dataset.status === 'failed' && known.dataset.status !== 'failed';
      morph(known, item);
      if (failed) refreshSurroundings(id);   // the connection may have ended, which closes the compose bar
    } else if (insert(item)) arrived = item;
  }

  showDays(messages());
  if (!isEndLoaded()) return;
  if (staysAtEnd || arrived?.dataset.direction === 'outbound') scroll.scrollToEnd();
  else if (arrived) scroll.showNewMessages();
}

/** Takes in the answer to a form. What is shown already may be newer, and is asked for again. */
function mergeAnswer(html) {
  const shown = [...elements(html).querySelectorAll('[data-message]')].filter(item => document.getElementById(item.id));
  merge(html);
  for (const item of shown) refreshMessages(Number(item.dataset.message));
}

/** @returns false when the item belongs to a part that is not loaded yet */
function insert(item) {
  const at = Number(item.dataset.at);
  const shown = [...messages().querySelectorAll('[data-at]')];
  const before = shown.findLast(other => Number(other.dataset.at) <= at);
  if (!isEndLoaded() && before === shown.at(-1)) {
    scroll.showNewMessages();
    return false;
  }

  if (before) before.after(item);
  else if (!root.querySelector('[data-older]')) messages().prepend(item);
  else return false;

  item.classList.add('message-new');
  if (item.dataset.direction === 'inbound') {
    unread = true;
    announce(`New message: ${item.querySelector('.message-text')?.textContent ?? 'attachment'}`);
  } else if (item.dataset.direction === 'outbound' && !item.dataset.own) {
    composer.answered(item.dataset.author);
  } else if (item.dataset.mentionsViewer) {
    unread = true;
    announce(`You were mentioned: ${item.querySelector('.note-text').textContent}`);
  }

  return true;
}

/** Adds what only this browser knows. */
function complete(part) {
  localise(part);
  showReplyButtons(part);
}

function showReplyButtons(part) {
  for (const button of part.querySelectorAll('[data-reply-to]')) button.hidden = !composer.canReply();
}

/** A message counts as read when the page is in front and the end of the conversation in view. */
async function markRead() {
  if (!root || !unread || document.hidden || !scroll.isAtEnd() || !isEndLoaded()) return;
  unread = false;
  await post(`/inbox/${id}/read`);
}

function refreshPart(selector, html) {
  const part = pane.querySelector(selector);
  if (html === null || !part) return;
  const next = elements(html);
  complete(next);
  morphContent(part, next);
}
