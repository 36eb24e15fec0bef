// Replies that are not sent yet, one for each conversation, in this browser's storage.
// The key contains the user's id, so another user of the browser does not see them.
const prefix = `mm-draft-${document.body.dataset.viewer}-`;
const changed = new EventTarget();

/** The handler gets the id of a conversation whose draft was added, changed or removed. */
export const onChange = handler => changed.addEventListener('change', event => handler(event.detail));

/** { text, quickReplies, replyTo, files }; null when there is none. */
export function load(id) {
  try {
    return JSON.parse(localStorage.getItem(prefix + id));
  } catch {
    return null;   // the browser forbids storage, or an older version wrote this
  }
}

export function save(id, draft) {
  const isEmpty = !draft || !(draft.text || draft.quickReplies?.length || draft.replyTo || draft.files?.length);
  try {
    if (isEmpty) localStorage.removeItem(prefix + id);
    else localStorage.setItem(prefix + id, JSON.stringify(draft));
  } catch {
    return;   // storage is full or forbidden; the reply can still be written and sent
  }

  changed.dispatchEvent(new CustomEvent('change', { detail: Number(id) }));
}

// Another tab of this browser may change drafts.
addEventListener('storage', event => {
  if (event.key?.startsWith(prefix)) changed.dispatchEvent(new CustomEvent('change', { detail: Number(event.key.slice(prefix.length)) }));
});
