// The page of canned replies: a click inserts a placeholder at the caret.
import { insert } from './caret.js';

document.addEventListener('click', event => {
  const button = event.target.closest('[data-placeholder]');
  if (!button) return;
  insert(document.getElementById(button.closest('[data-placeholders]').dataset.placeholders), `{{${button.dataset.placeholder}}}`);
});
