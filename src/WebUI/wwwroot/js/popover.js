// Panels above the compose bar. One is open at a time; Escape or a click elsewhere closes it.
let shown = null;

/** Returns { toggle, open, close, isOpen } for a panel and the button that opens it. */
export function popover(panel, button, { opened = () => {}, closed = () => {} } = {}) {
  const handle = {
    isOpen: () => shown === handle,
    toggle: () => (handle.isOpen() ? handle.close(true) : handle.open()),
    open() {
      if (handle.isOpen()) return;
      shown?.close();
      shown = handle;
      panel.hidden = false;
      button?.setAttribute('aria-expanded', 'true');
      opened();
    },
    close(refocus = false) {
      if (!handle.isOpen()) return;
      shown = null;
      panel.hidden = true;
      button?.setAttribute('aria-expanded', 'false');
      closed();
      if (refocus) button?.focus();
    },
    contains: target => panel.contains(target) || Boolean(button?.contains(target)),
  };

  panel.addEventListener('keydown', event => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    handle.close(true);
  });
  return handle;
}

export const closeAll = () => shown?.close();

document.addEventListener('pointerdown', event => {
  if (shown && !shown.contains(event.target)) shown.close();
});
