// Messages that a link leads to: a hit of the search, or what a reply quotes.
import { smooth } from './thread-scroll.js';

const message = id => document.getElementById(`message-${id}`);

/** The message that the conversation was opened for: it is marked, and can take the focus. */
export function mark(id) {
  const target = id && message(id);
  if (!target) return null;
  target.dataset.found = '';
  target.tabIndex = -1;
  return target;
}

/** Scrolls to a message that is shown; else the conversation is opened around it, beside the list as it is. */
export function followLink(event, link) {
  const target = message(link.dataset.quote);
  if (target) {
    event.preventDefault();
    target.scrollIntoView({ block: 'center', behavior: smooth() });
    target.animate([{ opacity: 0.35 }, { opacity: 1 }], { duration: 900 });
    return;
  }

  const query = new URLSearchParams(location.search);
  if (link.dataset.quote) query.set('message', link.dataset.quote);
  else query.delete('message');
  link.search = String(query);
}
