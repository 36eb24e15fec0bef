// The open conversation.
import { announce } from './announce.js';
import * as composer from './composer.js';
import { show as showCopyButtons } from './copy.js';
import * as drafts from './drafts.js';
import { elements, getHtml, isGone, post, postForm } from './http.js';
import { coalesce, on } from './live.js';
import { dayKey, dayName, localise } from './times.js';

const pane = document.querySelector('[data-pane]');
let root = null;
let id = 0;
let unread = false;
let awaited = 0;
let changedMeanwhile = false;

const refreshMessage = coalesce(async messageId => merge(await getHtml(`/inbox/messages/${messageId}`)));
const refreshAround = coalesce(async () => {
  const asked = id;
  const [header, wind, contact] = await Promise.all([
    getHtml(`/inbox/${asked}/header${location.search}`), getHtml(`/inbox/${asked}/window`), getHtml(`/inbox/${asked}/contact`)]);
  if (asked !== id) return;
  if (header === null && await isGone(`/inbox/${asked}/header`)) {
    drafts.save(asked, null);   // its person was erased
    location.assign(`/inbox${location.search}`);
    return;
  }

  put('[data-header]', header);
  put('[data-contact-panel]', contact);
  if (wind !== null) composer.showWindow(wind);
  showReplyButtons(root);
}, 200);
const synchronise = coalesce(async () => {
  const asked = id;
  const html = await getHtml(`/inbox/${asked}/messages`);
  if (asked === id) merge(html);
}, 200);

on('messageCreated', ids => ids.conversationId === id && refreshMessage(ids.messageId));
on('messageUpdated', ids => ids.conversationId === id && refreshMessage(ids.messageId));
on('conversationUpdated', ids => ids.conversationId === id && refreshAll());   // one receipt moves many messages
on('missed', () => id && refreshAll());
for (const event of ['messageCreated', 'messageUpdated', 'conversationUpdated', 'missed']) {
  on(event, ids => changedMeanwhile ||= !ids || ids.conversationId === awaited);
}

document.addEventListener('visibilitychange', markRead);
addEventListener('focus', markRead);

const older = new IntersectionObserver(entries => {
  for (const entry of entries) if (entry.isIntersecting) loadOlder(entry.target);
}, { rootMargin: '200px' });

// The compose bar grows and shrinks; whoever reads the end of the thread goes on reading it.
let endInView = true;
const composerSize = new ResizeObserver(entries => {
  const composerBox = entries[0].target;
  if (!root?.contains(composerBox)) return;
  root.style.setProperty('--composer-height', `${composerBox.offsetHeight + 8}px`);
  if (endInView) toEnd();
});

/** What happens to a conversation while it is fetched may not be in what comes. */
export function expect(conversationId) {
  awaited = conversationId;
  changedMeanwhile = false;
}

export function open(conversation) {
  root = conversation;
  id = Number(root?.dataset.conversation ?? 0);
  if (!root) return;

  unread = Number(root.querySelector('[data-composer]').dataset.unread) > 0;
  localise(pane);
  composer.open(root, { sent: merge, expired: () => refreshAround(id) });
  dress(pane);
  composerSize.disconnect();
  composerSize.observe(root.querySelector('[data-composer]'));
  scroller().addEventListener('scroll', () => {
    endInView = isAtEnd();
    if (endInView) hidePill();
  }, { passive: true });
  toEnd();
  settle();
  markRead();
  const first = root.querySelector('[data-older]');
  if (first) older.observe(first);
  if (id === awaited && changedMeanwhile) refreshAll();
  awaited = 0;
}

export function close() {
  composer.close();
  root = null;
  id = 0;
}

export function togglePanel(shown) {
  pane.classList.toggle('panel-open', shown);
  const isOpen = pane.classList.contains('panel-open');
  pane.querySelector('[data-panel-toggle]')?.setAttribute('aria-expanded', String(isOpen));
  if (isOpen) pane.querySelector('[data-panel-close]')?.focus();
  else pane.querySelector('[data-panel-toggle]')?.focus();
}

pane.addEventListener('click', event => {
  if (event.target.closest('[data-new-messages]')) toEnd('smooth');
  else if (event.target.closest('[data-older-button]')) loadOlder(event.target.closest('[data-older]'));
  else if (event.target.closest('[data-panel-toggle]')) togglePanel();
  else if (event.target.closest('[data-panel-close]')) togglePanel(false);

  const reply = event.target.closest('[data-reply-to]');
  if (reply) answer(reply.closest('[data-message]'));

  const quote = event.target.closest('a[data-quote]');
  if (quote) {
    event.preventDefault();
    const target = item(quote.dataset.quote);
    target?.scrollIntoView({ block: 'center', behavior: motion() });
    target?.animate([{ opacity: 0.35 }, { opacity: 1 }], { duration: 900 });
  }
});

pane.addEventListener('submit', async event => {
  const form = event.target;
  const part = form.dataset.liveForm;
  if (!part) return;

  event.preventDefault();
  const asked = id;
  const button = event.submitter;
  const answering = postForm(form, button);
  if (button) button.disabled = true;
  const { ok, html } = await answering;
  if (button) button.disabled = false;
  if (asked !== id) return;

  if (!ok) {
    const problems = part === 'header' ? pane.querySelector('[data-header] [data-form-problems]') : form.querySelector('[data-form-problems]');
    problems.replaceChildren(elements(html));
  } else if (part === 'header') {
    const action = button?.dataset.action;
    put('[data-header]', html);
    pane.querySelector(`[data-action="${action}"]`)?.focus();
    announce('Done');
  } else {
    form.closest('[data-menu]')?.removeAttribute('open');
    merge(html);
    // What was pressed is replaced; whoever got here by keyboard goes on from its menu.
    if (form.closest('[data-react-menu]')) {
      item(form.closest('[data-message]').dataset.message)?.querySelector('[data-react-menu] > summary').focus({ preventScroll: true });
      announce(button.dataset.react ? `Reacted with ${button.dataset.react}` : 'Reaction taken back');
    }
  }
});

function refreshAll() {
  refreshAround(id);
  synchronise(id);
}

/** Quotes what somebody said above the box. */
function answer(message) {
  const who = message.dataset.direction === 'inbound' ? pane.querySelector('.thread-who h1').textContent : 'yourself';
  const said = message.querySelector('.message-text')?.textContent ?? message.querySelector('[data-attachment]')?.dataset.attachmentName ?? 'A message';
  composer.answer({ id: Number(message.dataset.message), who, text: said.slice(0, 200) });
}

function showReplyButtons(part) {
  for (const button of part.querySelectorAll('[data-reply-to]')) button.hidden = !composer.canAnswer();
}

// A menu that opens below the last message must not open out of sight.
pane.addEventListener('toggle', event => {
  if (event.target.matches('[data-react-menu][open]')) event.target.scrollIntoView({ block: 'nearest', behavior: motion() });
}, { capture: true });

const scroller = () => root.querySelector('[data-thread-scroll]');
const messages = () => root.querySelector('[data-messages]');
const item = messageId => document.getElementById(`message-${messageId}`);
const motion = () => (matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth');

function isAtEnd() {
  const box = scroller();
  return box.scrollHeight - box.scrollTop - box.clientHeight < 80;
}

function toEnd(behavior = 'auto') {
  const box = scroller();
  box.scrollTo({ top: box.scrollHeight, behavior: behavior === 'smooth' ? motion() : 'auto' });
  hidePill();
}

/** Pictures that load after the first look must not push the end out of sight. */
function settle() {
  const box = root;
  for (const picture of box.querySelectorAll('img, video')) {
    picture.addEventListener(picture.tagName === 'IMG' ? 'load' : 'loadedmetadata', () => {
      if (root === box && (isAtEnd() || !box.dataset.settled)) toEnd();
    }, { once: true });
  }

  setTimeout(() => box.dataset.settled = '', 1500);
}

function hidePill() {
  root.querySelector('[data-new-messages]').hidden = true;
  markRead();
}

/** Takes messages and what happened between them in: new ones at their place, known ones in their new state. */
function merge(html) {
  if (html === null || !root) return;

  const stays = isAtEnd();
  let arrived = null;
  for (const fresh of elements(html).querySelectorAll('[data-at]')) {
    dressItem(fresh);
    const known = document.getElementById(fresh.id);
    if (known) {
      if (signature(known) === signature(fresh)) continue;
      if (known.querySelector('[data-menu][open]')?.contains(document.activeElement)) {
        const menu = known.querySelector('[data-menu][open]');   // not under somebody's finger
        menu.addEventListener('toggle', () => refreshMessage(Number(fresh.dataset.message)), { once: true });
        continue;
      }

      known.replaceWith(fresh);
      if (fresh.dataset.status === 'failed') refreshAround(id);   // a dead connection closes the form, too
      continue;
    }

    const at = Number(fresh.dataset.at);
    const before = [...messages().querySelectorAll('[data-at]')].findLast(other => Number(other.dataset.at) <= at);
    if (before) before.after(fresh);
    else if (!root.querySelector('[data-older]')) messages().prepend(fresh);
    else continue;

    fresh.classList.add('message-new');
    arrived = fresh;
    if (fresh.dataset.direction === 'inbound') {
      unread = true;
      announce(`New message: ${fresh.querySelector('.message-text')?.textContent ?? 'attachment'}`);
    }
  }

  dress(root);
  if (stays || arrived?.dataset.direction === 'outbound') toEnd();
  else if (arrived) root.querySelector('[data-new-messages]').hidden = false;
}

const signature = message => [
  message.dataset.status,
  message.querySelector('[data-ticks]')?.title,
  ...[...message.querySelectorAll('[data-attachment]')].map(attachment => attachment.dataset.attachmentState),
  message.textContent.replace(/\s+/g, ' '),
].join('|');

function dressItem(part) {
  localise(part);
  showCopyButtons(part);
}

/** Day headings, and the author's name once for a run of messages. */
function dress(part) {
  showCopyButtons(part);
  showReplyButtons(part);
  const toggle = pane.querySelector('[data-panel-toggle]');
  if (toggle) toggle.hidden = false;

  for (const heading of messages().querySelectorAll('[data-day]')) heading.remove();
  let day = null;
  let author = null;
  for (const part of messages().querySelectorAll('[data-at]')) {
    const at = Number(part.dataset.at);
    const key = dayKey(at);
    const voice = part.dataset.message && part.dataset.direction + part.dataset.author;
    if (key !== day) part.before(heading(at));
    part.toggleAttribute('data-continues', Boolean(voice) && key === day && voice === author);
    day = key;
    author = voice;
  }
}

function heading(at) {
  const item = document.createElement('li');
  item.className = 'day';
  item.dataset.day = dayKey(at);
  const text = document.createElement('span');
  text.textContent = dayName(at);
  item.append(text);
  return item;
}

async function loadOlder(more) {
  if (more.hasAttribute('aria-busy')) return;

  more.setAttribute('aria-busy', 'true');
  older.unobserve(more);
  const asked = id;
  const html = await getHtml(more.dataset.older);
  if (asked !== id) return;
  if (html === null) {
    more.removeAttribute('aria-busy');
    return;
  }

  const box = scroller();
  const fromEnd = box.scrollHeight - box.scrollTop;
  const fresh = elements(html);
  for (const part of fresh.querySelectorAll('[data-at]')) dressItem(part);
  more.replaceWith(fresh);
  dress(root);
  box.scrollTop = box.scrollHeight - fromEnd;
  const next = root.querySelector('[data-older]');
  if (next) older.observe(next);
}

/** Seen is what stands before somebody's eyes: the page in front, the end of the thread in view. */
async function markRead() {
  if (!root || !unread || document.hidden || !isAtEnd()) return;
  unread = false;
  await post(`/inbox/${id}/read`);
}

function put(selector, html) {
  const place = pane.querySelector(selector);
  if (html === null || !place) return;
  if (place.querySelector('[data-menu][open]')) return;   // not under somebody's finger
  place.replaceChildren(elements(html));
  localise(place);
  dress(place);
}
