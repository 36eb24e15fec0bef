// The number of conversations with unread mentions, beside the filter that shows them.
import { coalesce, on } from './live.js';

const refresh = coalesce(async () => {
  const response = await fetch('/inbox/mentions').catch(() => null);
  if (!response?.ok) return;
  const count = await response.json();
  const badge = document.querySelector('[data-mention-count]');
  badge.textContent = count;
  badge.hidden = count === 0;
}, 250);

on('conversationUpdated missed', refresh);
