const announcer = document.querySelector('[data-announcer]');

/** Says something to screen readers. */
export function announce(text) {
  if (!announcer) return;
  announcer.textContent = '';
  setTimeout(() => announcer.textContent = text, 50);
}
