// A picture, video or sound that cannot be loaded or decoded gives way to what stands behind it: initials, or a download.
const media = 'img[src], video[src], audio[src]';

document.addEventListener('error', event => {
  if (event.target.matches(media)) markBroken(event.target);
}, { capture: true });

markBrokenMedia(document);

/** Finds those whose loading failed before anybody listened. */
export function markBrokenMedia(root) {
  for (const item of root.querySelectorAll(media)) {
    if (item.error || (item.complete && item.naturalWidth === 0)) markBroken(item);
  }
}

function markBroken(item) {
  if (item.closest('[data-avatar]')) item.remove();
  else if (item.closest('[data-media]')) item.closest('[data-media]').dataset.broken = '';
}
