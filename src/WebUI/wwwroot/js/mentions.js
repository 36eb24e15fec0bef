// Unread notes that mention the viewer: their number beside the filter of the inbox, and a notification for a new one.
import { getJson } from './http.js';
import { coalesce, on } from './live.js';
import { notify } from './notices.js';

let newestId = null;   // null until the first answer: what was unread before the page was opened is not news

const refresh = coalesce(async () => {
  const current = await getJson('/inbox/mentions');
  if (current === null) return;
  const { count, newest } = current;
  const badge = document.querySelector('[data-mention-count]');
  if (badge) {
    badge.textContent = count;
    badge.hidden = count === 0;
  }

  if (newestId !== null && newest?.id > newestId) notify({ ...newest, tag: `note-${newest.id}` });
  newestId = Math.max(newestId ?? 0, newest?.id ?? 0);
}, 250);

on('conversationUpdated missed', () => refresh());
