const announcer = document.querySelector('[data-announcer]');

/** Tells screen readers a text. */
export function announce(text) {
  if (!announcer) return;
  announcer.textContent = '';
  setTimeout(() => announcer.textContent = text, 50);
}
