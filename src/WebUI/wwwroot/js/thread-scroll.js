// Where the reader is in the open conversation. Whoever reads its end goes on reading it while things around it grow.
let conversation = null;
let endReached = () => {};
let endInView = true;

const composerSize = new ResizeObserver(([{ target: composer }]) => {
  if (!conversation?.contains(composer)) return;
  conversation.style.setProperty('--composer-height', `${composer.offsetHeight + 8}px`);
  if (endInView) scrollToEnd();
});

/** onEndReached is called when the reader comes to the last message. */
export function follow(root, onEndReached) {
  conversation = root;
  endReached = onEndReached;
  composerSize.disconnect();
  composerSize.observe(root.querySelector('[data-composer]'));
  scroller().addEventListener('scroll', () => {
    endInView = isAtEnd();
    if (endInView) hideNewMessages();
  }, { passive: true });
  scrollToEnd();
  followPictures();
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

/** Pictures that load after the conversation was opened must not push its end out of view. */
function followPictures() {
  const opened = conversation;
  let justOpened = true;
  setTimeout(() => justOpened = false, 1500);
  for (const media of opened.querySelectorAll('img, video')) {
    media.addEventListener(media.tagName === 'IMG' ? 'load' : 'loadedmetadata', () => {
      if (conversation === opened && (justOpened || isAtEnd())) scrollToEnd();
    }, { once: true });
  }
}
