import { announce } from './announce.js';

document.addEventListener('click', async event => {
  const button = event.target.closest('[data-copy]');
  if (!button) return;

  const source = document.querySelector(`[data-copy-source="${CSS.escape(button.dataset.copy)}"]`);
  const copied = await copyText(source.value ?? source.textContent.trim());
  showResult(button, copied);
});

/** On the button, and for screen readers. */
function showResult(button, copied) {
  const text = copied ? 'Copied' : 'Not copied: select the text and copy it yourself';
  const label = button.querySelector('[data-copy-label]');
  announce(text);
  if (copied) button.dataset.copied = '';
  if (label) {
    label.dataset.copyLabel ||= label.textContent;
    label.textContent = text;
  }

  setTimeout(() => {
    delete button.dataset.copied;
    if (label) label.textContent = label.dataset.copyLabel;
  }, copied ? 1500 : 5000);
}

async function copyText(text) {
  try {
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(text);
      return true;
    }
  } catch {
    // Not allowed here, but the older way may be.
  }

  // Browsers offer the clipboard over https only; the older way works without.
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'visually-hidden';
  document.body.append(field);
  field.select();
  const copied = document.execCommand('copy');
  field.remove();
  return copied;
}
