// A confirmation is a dialog inside the form that it confirms; without scripts, the button that opens it sends the form.
// Not a module, because it runs before the page can be clicked: a form must not be sent while scripts still load.
document.addEventListener('click', event => {
  const opener = event.target.closest('[data-dialog-open]');
  if (opener) {
    event.preventDefault();
    document.getElementById(opener.dataset.dialogOpen).showModal();
  }

  // A click beside a dialog closes it, too.
  if (event.target.matches('dialog[open], [data-dialog-close]')) event.target.closest('dialog').close();
});
