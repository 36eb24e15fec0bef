import { getJson } from './http.js';
import { coalesce, on } from './live.js';

const badges = document.querySelectorAll('[data-unread-count]');
let count = Number(badges[0].textContent);

const refresh = coalesce(async () => {
  const current = await getJson('/inbox/unread');
  if (current === null) return;
  count = current;
  show();
}, 250);

show();
on('messageCreated conversationUpdated missed', () => refresh());

/** The title of the page; the number of unread conversations is put before it. */
export function setTitle(title) {
  document.title = title;
  show();
}

function show() {
  for (const badge of badges) {
    badge.textContent = count > 99 ? '99+' : count;
    badge.hidden = count === 0;
  }

  const title = document.title.replace(/^\(\d+\) /, '');
  document.title = count > 0 ? `(${count}) ${title}` : title;
}
