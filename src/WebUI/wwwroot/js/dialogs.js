for (const button of document.querySelectorAll('[data-dialog-open]')) {
  button.hidden = false;
  button.addEventListener('click', () => document.getElementById(button.dataset.dialogOpen).showModal());
}

// A click beside a dialog closes it.
document.addEventListener('click', event => {
  if (event.target instanceof HTMLDialogElement && event.target.open) event.target.close();
});
