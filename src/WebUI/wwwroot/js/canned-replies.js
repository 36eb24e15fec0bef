// The page of canned replies: a click writes a placeholder where the caret stands.
import { insert } from './caret.js';

for (const row of document.querySelectorAll('[data-placeholders]')) row.hidden = false;

document.addEventListener('click', event => {
  const button = event.target.closest('[data-placeholder]');
  if (!button) return;
  insert(document.getElementById(button.closest('[data-placeholders]').dataset.placeholders), `{{${button.dataset.placeholder}}}`);
});
