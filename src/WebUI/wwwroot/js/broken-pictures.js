// A picture that cannot be loaded gives way to what lies below it: initials, or a note.
document.addEventListener('error', event => {
  if (event.target instanceof HTMLImageElement) markBroken(event.target);
}, { capture: true });

markBrokenPictures(document);

/** Finds those whose loading failed before anybody listened. */
export function markBrokenPictures(root) {
  for (const picture of root.querySelectorAll('img[src]')) {
    if (picture.complete && picture.naturalWidth === 0) markBroken(picture);
  }
}

function markBroken(picture) {
  if (picture.closest('[data-avatar]')) picture.remove();
  else if (picture.closest('[data-picture]')) picture.closest('[data-picture]').dataset.broken = '';
}
