// Where the reader is in the open conversation. Whoever reads its end goes on reading it while things around it grow.
let conversation = null;
let endReached = () => {};
let endInView = true;

const composerSize = new ResizeObserver(([{ target: composer }]) => {
  if (!conversation?.contains(composer)) return;
  conversation.style.setProperty('--composer-height', `${composer.offsetHeight + 8}px`);
  if (endInView) scrollToEnd();
});

/** onEndReached is called when the reader comes to the last message; a target is shown in place of the end. */
export function follow(root, onEndReached, target) {
  conversation = root;
  endReached = onEndReached;
  endInView = !target;
  composerSize.disconnect();
  composerSize.observe(root.querySelector('[data-composer]'));
  scroller().addEventListener('scroll', () => {
    endInView = isAtEnd();
    if (endInView) hideNewMessages();
  }, { passive: true });
  if (target) show(target);
  else scrollToEnd();
  followPictures(target);
}

export function isAtEnd() {
  const box = scroller();
  return box.scrollHeight - box.scrollTop - box.clientHeight < 80;
}

export function scrollToEnd(behavior = 'auto') {
  const box = scroller();
  box.scrollTo({ top: box.scrollHeight, behavior });
  hideNewMessages();
}

/** Scrolls smoothly, unless the reader's system asks for less motion. */
export const smooth = () => (matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth');

export function showNewMessages() {
  conversation.querySelector('[data-new-messages]').hidden = false;
}

/** What is added above must not move what is being read. */
export function keepPosition(change) {
  const box = scroller();
  const fromEnd = box.scrollHeight - box.scrollTop;
  change();
  box.scrollTop = box.scrollHeight - fromEnd;
}

const scroller = () => conversation.querySelector('[data-thread-scroll]');

function hideNewMessages() {
  conversation.querySelector('[data-new-messages]').hidden = true;
  endReached();
}

function show(target) {
  target.scrollIntoView({ block: 'center' });
  target.focus({ preventScroll: true });
}

/** Pictures that load after the conversation was opened must not push its end, or the target, out of view. */
function followPictures(target) {
  const opened = conversation;
  let justOpened = true;
  setTimeout(() => justOpened = false, 1500);
  for (const media of opened.querySelectorAll('img, video')) {
    media.addEventListener(media.tagName === 'IMG' ? 'load' : 'loadedmetadata', () => {
      if (conversation !== opened) return;
      if (target && justOpened) target.scrollIntoView({ block: 'center' });
      else if (justOpened || isAtEnd()) scrollToEnd();
    }, { once: true });
  }
}
