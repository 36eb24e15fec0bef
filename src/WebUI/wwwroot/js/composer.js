// The compose bar of the open conversation.
import { announce } from './announce.js';
import { cannedPicker } from './canned-picker.js';
import { insert } from './caret.js';
import * as drafts from './drafts.js';
import { emojiPicker } from './emoji.js';
import { takeDroppedFiles } from './file-drop.js';
import { elements, post, postForm, problem } from './http.js';
import { morphContent } from './morph.js';
import { closeAll } from './popover.js';
import { quickReplies } from './quick-replies.js';
import { replyFiles } from './reply-files.js';
import { isTooLong, showLength } from './reply-length.js';
import { localise } from './times.js';
import { showTimeLeft } from './window-countdown.js';

const typingInterval = 15_000;   // Meta shows "is typing" for about 20 seconds
const maxTextHeight = 200;
const onPhone = matchMedia('(hover: none) and (pointer: coarse)');
let root = null;
let form = null;
let text = null;
let callbacks = null;
let quickReplyList = null;
let files = null;
let quoted = null;
let sending = false;
let answeredBy = null;   // who answered the customer while this reply was written
let sendsWhenUploaded = false;
let expiryReported = false;
let typingReportedAt = 0;

setInterval(countDown, 1000);

/** sent gets the HTML of the messages, expired is called when the messaging window closes. */
export function open(conversation, { sent, expired }) {
  root = conversation;
  callbacks = { sent, expired };
  form = find('[data-reply]');
  text = find('[data-reply-text]');
  sending = sendsWhenUploaded = false;
  answeredBy = null;
  typingReportedAt = 0;

  // It listens to keys before the compose bar does: while its list is open, Enter takes a canned reply instead of sending.
  cannedPicker(find('[data-canned]'), find('[data-open-canned]'), text);
  const emoji = emojiPicker(find('[data-emoji]'), find('[data-open-emoji]'), picked => insert(text, picked));
  find('[data-open-emoji]').addEventListener('click', emoji.toggle);
  quickReplyList = quickReplies(find('[data-quick-replies]'), find('[data-open-quick-replies]'), { changed, done: () => text.focus() });
  files = replyFiles(find('[data-file-tray]'), find('[data-file-picker]'), filesChanged);
  takeDroppedFiles(root, find('[data-drop-zone]'), () => canReply() && find('[data-mode="reply"]').checked, chosen => {
    files.add(chosen);
    text.focus();
  });
  find('[data-reply-quote-cancel]').addEventListener('click', () => quote(null));
  text.enterKeyHint = onPhone.matches ? 'enter' : 'send';

  text.addEventListener('input', () => {
    reportTyping();
    changed();
  });
  text.addEventListener('keydown', handleKey);
  form.addEventListener('submit', submit);
  restoreDraft();
  expiryReported = false;
  countDown();
}

export function close() {
  closeAll();
  root = null;
}

/** Shows the state of the messaging window, which says whether a reply is possible. */
export function showWindow(html) {
  if (!root) return;
  const next = elements(html);
  localise(next);
  morphContent(find('[data-window]'), next);
  form.hidden = !isWindowOpen();
  if (form.hidden) closeAll();
  expiryReported = false;
  countDown();
}

/** Somebody else has answered: a reply that is written already is sent only when the agent confirms it. */
export function answered(author) {
  if (!isEmpty() && !sending) answeredBy = author;
}

/** Quotes a message of the conversation above the text. */
export function replyTo(message) {
  const who = message.dataset.direction === 'inbound' ? document.querySelector('.thread-who h1').textContent : 'yourself';
  const content = message.querySelector('.message-text')?.textContent
    ?? message.querySelector('[data-attachment]')?.dataset.attachmentName
    ?? 'A message';
  quote({ id: Number(message.dataset.message), who, text: content.slice(0, 200) });
}

/** { id, who, text } or null, which removes the quote. */
function quote(message) {
  find('[data-mode="reply"]').checked = true;
  showQuote(message);
  changed();
  if (message) announce(`Replying to ${message.who}: ${message.text}`);
  text.focus();
}

export const canReply = () => Boolean(root) && !form.hidden;

const find = selector => root.querySelector(selector);
const windowState = () => find('[data-window-state]');
const isWindowOpen = () => ['open', 'humanAgent'].includes(windowState().dataset.windowState);
const isEmpty = () => !text.value.trim() && files.count === 0;
const counter = () => find('[data-counter]');
const draft = () => ({ text: text.value, quickReplies: quickReplyList.get(), replyTo: quoted, files: files.uploads() });

function handleKey(event) {
  // While an input method composes, Enter chooses a word; Safari says so with the key code alone.
  if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;

  if (event.key === 'Escape' && quoted) {
    event.preventDefault();
    quote(null);
  } else if (event.key === 'Enter' && !event.shiftKey && !onPhone.matches) {
    event.preventDefault();
    form.requestSubmit();
  }
}

function restoreDraft() {
  const saved = drafts.load(root.dataset.conversation);
  if (!text.value) text.value = saved?.text ?? '';
  quickReplyList.set(saved?.quickReplies);
  files.restore(saved?.files);
  showQuote(saved?.replyTo ?? null);
  update();
}

function showQuote(message) {
  quoted = message;
  find('[data-reply-quote]').hidden = !message;
  find('[data-reply-to-field]').value = message?.id ?? '';
  find('[data-reply-quote-who]').textContent = message?.who ?? '';
  find('[data-reply-quote-text]').textContent = message?.text ?? '';
}

/** A changed reply is another one: it is saved as a draft, and will be sent under another idempotency key. */
function changed() {
  find('[data-send-key]').value = '';
  sendsWhenUploaded = false;
  drafts.save(root.dataset.conversation, draft());
  update();
}

function filesChanged() {
  const isWaiting = sendsWhenUploaded && !files.hasProblem;
  changed();
  sendsWhenUploaded = isWaiting && files.isUploading;
  if (isWaiting && !files.isUploading) form.requestSubmit();
}

function reportTyping() {
  if (!text.value || Date.now() - typingReportedAt < typingInterval) return;
  typingReportedAt = Date.now();
  post(`/inbox/${root.dataset.conversation}/typing`);
}

async function submit(event) {
  event.preventDefault();
  if (sending || isEmpty() || isTooLong(text.value, counter()) || files.hasProblem) return;
  if (files.isUploading) {
    sendsWhenUploaded = true;
    announce('Sends when the upload is done');
    update();
    return;
  }

  const problems = form.querySelector('[data-form-problems]');
  if (answeredBy) {
    problems.replaceChildren(elements(problem(`${answeredBy} has answered meanwhile. Send again if your reply is still needed.`)));
    answeredBy = null;
    return;
  }

  const conversation = root;
  const id = root.dataset.conversation;
  quickReplyList.removeEmpty();
  find('[data-send-key]').value ||= newKey();
  const sent = JSON.stringify(draft());
  sending = true;
  closeAll();
  update();

  const { ok, html } = await postForm(form);
  if (root !== conversation) {   // another conversation was opened meanwhile
    if (ok && JSON.stringify(drafts.load(id)) === sent) drafts.save(id, null);
    return;
  }

  sending = false;
  problems.replaceChildren(...(ok ? [] : [elements(html)]));
  if (ok) {
    if (JSON.stringify(draft()) === sent) clear();
    typingReportedAt = 0;
    callbacks.sent(html);
  }

  update();
  text.focus();
}

function clear() {
  text.value = '';
  quickReplyList.set([]);
  files.clear();
  showQuote(null);
  answeredBy = null;
  changed();
}

function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, '0')).join('');
}

/** The height of the text, the counter and the state of the send button. */
function update() {
  text.style.height = 'auto';
  text.style.height = `${Math.min(text.scrollHeight, maxTextHeight)}px`;

  showLength(text.value, counter());
  const tooLong = isTooLong(text.value, counter());
  text.setAttribute('aria-invalid', String(tooLong));
  find('[data-send]').disabled = sending || isEmpty() || tooLong || files.hasProblem;
  find('[data-send]').toggleAttribute('data-waits', sending || sendsWhenUploaded);
  form.toggleAttribute('aria-busy', sending);
}

function countDown() {
  if (!root || !isWindowOpen() || showTimeLeft(windowState())) return;
  if (!expiryReported) callbacks.expired();
  expiryReported = true;
}
