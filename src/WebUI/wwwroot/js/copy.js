import { announce } from './announce.js';

show(document);

/** Copy buttons work with scripts only, so they appear with them. */
export function show(root) {
  for (const button of root.querySelectorAll('[data-copy]')) button.hidden = false;
}

document.addEventListener('click', async event => {
  const button = event.target.closest('[data-copy]');
  if (!button) return;

  const source = document.querySelector(`[data-copy-source="${CSS.escape(button.dataset.copy)}"]`);
  await write(source.value ?? source.textContent.trim());
  announce('Copied');
  button.dataset.copied = '';
  setTimeout(() => delete button.dataset.copied, 1500);
});

async function write(text) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return;
  }

  // Without https there is no clipboard; the old way still works.
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'visually-hidden';
  document.body.append(field);
  field.select();
  document.execCommand('copy');
  field.remove();
}
