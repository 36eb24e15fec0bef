/** Keys that stand for themselves while somebody writes are no shortcuts. */
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
