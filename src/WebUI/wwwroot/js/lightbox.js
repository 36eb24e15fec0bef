const dialog = document.querySelector('[data-lightbox]');
const picture = dialog.querySelector('[data-lightbox-picture]');

document.addEventListener('click', event => {
  const link = event.target.closest('[data-picture]');
  if (!link || event.ctrlKey || event.metaKey || event.button !== 0) return;

  event.preventDefault();
  picture.src = link.href;
  picture.alt = link.querySelector('img').alt;
  dialog.showModal();
});

dialog.addEventListener('close', () => picture.removeAttribute('src'));
