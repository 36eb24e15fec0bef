// What is not sent yet, kept for each conversation in this browser; whoever signs in next does not see it.
const prefix = `mm-draft-${document.body.dataset.viewer}-`;
const changed = new EventTarget();

/** Called with a conversation's id when its draft appears, changes or goes. */
export const onChange = handler => changed.addEventListener('change', event => handler(event.detail));

/** { text, quickReplies, replyTo, files }; null when there is none. */
export function load(id) {
  try {
    return JSON.parse(localStorage.getItem(prefix + id));
  } catch {
    return null;   // storage may be forbidden, or hold something older
  }
}

export function save(id, draft) {
  const isEmpty = !draft || !(draft.text || draft.quickReplies?.length || draft.replyTo || draft.files?.length);
  try {
    if (isEmpty) localStorage.removeItem(prefix + id);
    else localStorage.setItem(prefix + id, JSON.stringify(draft));
  } catch {
    return;   // full or forbidden: the reply can still be written and sent
  }

  changed.dispatchEvent(new CustomEvent('change', { detail: Number(id) }));
}

// Another tab of this browser writes, too.
addEventListener('storage', event => {
  if (event.key?.startsWith(prefix)) changed.dispatchEvent(new CustomEvent('change', { detail: Number(event.key.slice(prefix.length)) }));
});
