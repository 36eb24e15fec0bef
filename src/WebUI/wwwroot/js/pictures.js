// A picture that can't be had leaves what stands below it: initials, or a note.
document.addEventListener('error', event => {
  if (event.target instanceof HTMLImageElement) give(event.target);
}, { capture: true });

for (const picture of [...document.images]) if (picture.complete && picture.naturalWidth === 0 && picture.hasAttribute('src')) give(picture);

function give(picture) {
  if (picture.closest('[data-avatar]')) picture.remove();
  else if (picture.closest('[data-picture]')) picture.closest('[data-picture]').dataset.broken = '';
}
