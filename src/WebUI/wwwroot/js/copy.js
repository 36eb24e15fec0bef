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
  const copied = await write(source.value ?? source.textContent.trim());
  say(button, copied);
});

/** Seen on the button, and heard. */
function say(button, copied) {
  const text = copied ? 'Copied' : 'Not copied: select the text and copy it yourself';
  const words = button.querySelector('[data-copy-words]');
  announce(text);
  if (copied) button.dataset.copied = '';
  if (words) {
    words.dataset.copyWords ||= words.textContent;
    words.textContent = text;
  }

  setTimeout(() => {
    delete button.dataset.copied;
    if (words) words.textContent = words.dataset.copyWords;
  }, copied ? 1500 : 5000);
}

async function write(text) {
  try {
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(text);
      return true;
    }
  } catch {
    // Not allowed here; perhaps the old way is.
  }

  // Without https there is no clipboard; the old way still works.
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'visually-hidden';
  document.body.append(field);
  field.select();
  const copied = document.execCommand('copy');
  field.remove();
  return copied;
}
