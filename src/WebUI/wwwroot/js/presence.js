// Colleagues who have the same conversation open or type a reply to it, so that two do not answer the same customer.
import { announce } from './announce.js';
import { call, on } from './live.js';

const repeatInterval = 10_000;   // the server forgets a page after 15 seconds
const typingInterval = 3_000;    // and typing after 6
const maxNames = 3;
const viewer = Number(document.body.dataset.viewer);
let root = null;
let id = 0;
let typingReportedAt = 0;
let typing = '';

setInterval(look, repeatInterval);
on('presence', ({ conversationId, members }) => conversationId === id && show(members));
on('state', state => state === 'connected' && look());
document.addEventListener('visibilitychange', () => (document.hidden ? id && call('Leave') : look()));

export function open(conversation) {
  root = conversation;
  id = Number(root.dataset.conversation);
  typing = '';
  root.querySelector('[data-reply-text]').addEventListener('input', reportTyping);
  look();
}

export function close() {
  if (id) call('Leave');
  root = null;
  id = 0;
}

async function look() {
  if (!id || document.hidden) return;
  const requestedId = id;
  const members = await call('Look', id);
  if (members && requestedId === id) show(members);
}

function reportTyping(event) {
  if (!event.target.value || Date.now() - typingReportedAt < typingInterval) return;
  typingReportedAt = Date.now();
  call('Type');
}

function show(members) {
  const colleagues = members.filter(member => member.userId !== viewer);
  const typists = colleagues.filter(member => member.isTyping);
  const place = root.querySelector('[data-presence]');
  place.hidden = colleagues.length === 0;
  place.toggleAttribute('data-typing', typists.length > 0);
  place.querySelector('[data-presence-faces]').replaceChildren(...colleagues.slice(0, maxNames).map(face));
  place.querySelector('[data-presence-text]').textContent = typists.length > 0
    ? `${names(typists)} ${typists.length > 1 ? 'are' : 'is'} typing…`
    : `${names(colleagues)} ${colleagues.length > 1 ? 'are' : 'is'} looking at this, too`;

  const typingNow = names(typists);
  if (typingNow && typingNow !== typing) announce(`${typingNow} typing a reply`);
  typing = typingNow;
}

function names(members) {
  const all = members.map(member => member.name);
  if (all.length <= 1) return all[0] ?? '';
  const shown = all.length > maxNames ? [...all.slice(0, maxNames - 1), `${all.length - maxNames + 1} others`] : all;
  return `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

/** Initials on the colour that the server gives the name, see ContactAvatarTagHelper. */
function face({ name }) {
  const words = name.split(' ').filter(Boolean);
  let colour = 0;
  for (let i = 0; i < name.length; i++) colour = (colour * 31 + name.charCodeAt(i)) & 0xFFFFFF;
  const item = document.createElement('span');
  item.className = `contact-avatar contact-avatar-sm contact-colour-${colour % 8}`;
  item.textContent = [words[0], words.length > 1 ? words.at(-1) : ''].map(word => [...word ?? ''][0]?.toUpperCase() ?? '').join('') || '?';
  return item;
}
