/** True when the key belongs to a text that is being written, and so is no shortcut. */
export const isTyping = event =>
  event.ctrlKey || event.metaKey || event.altKey || event.target.matches('input, textarea, select, [contenteditable]');

document.addEventListener('keydown', event => {
  const search = document.querySelector('[data-search-field]');
  if (event.key === '/' && search && !isTyping(event)) {
    event.preventDefault();
    search.focus();
    search.select();
  }
});
