// Quick replies: buttons below a message. Each has a title, and a payload that the webhook delivers when it is tapped.

/** changed is called after every change, done when the user leaves the list. */
export function quickReplies(box, button, { changed, done }) {
  const list = box.querySelector('[data-quick-reply-list]');
  const add = box.querySelector('[data-quick-reply-add]');
  const payloads = box.querySelector('[data-quick-reply-payloads]');
  const maxCount = Number(box.dataset.max);

  for (const opener of [button, add]) opener.addEventListener('click', () => append().querySelector('input').focus());
  payloads.addEventListener('click', () => {
    box.toggleAttribute('data-payloads');
    payloads.setAttribute('aria-pressed', String(box.hasAttribute('data-payloads')));
  });
  list.addEventListener('input', changed);
  list.addEventListener('keydown', event => {
    const item = event.target.closest('li');
    const isEmpty = event.target.matches('[data-title]') && event.target.value === '';
    if (event.isComposing) return;
    if (event.key === 'Enter') {
      event.preventDefault();
      if (isEmpty) leave(item);
      else (item.nextElementSibling ?? append())?.querySelector('input').focus();
    } else if (event.key === 'Backspace' && isEmpty) {
      event.preventDefault();
      remove(item);
    } else if (event.key === 'Escape') {
      event.preventDefault();
      leave(isEmpty ? item : null);
    }
  });
  list.addEventListener('click', event => {
    if (event.target.closest('[data-remove]')) remove(event.target.closest('li'));
  });

  return {
    get: () => [...list.children]
      .map(item => ({ title: value(item, 'title'), payload: value(item, 'payload') }))
      .filter(reply => reply.title || reply.payload),
    removeEmpty() {
      for (const item of [...list.children]) if (!value(item, 'title') && !value(item, 'payload')) item.remove();
      number();
      show();
    },
    set(replies) {
      list.replaceChildren();
      for (const reply of replies ?? []) append(reply);
      if (Boolean(replies?.some(reply => reply.payload)) !== box.hasAttribute('data-payloads')) payloads.click();
      show();
    },
  };

  function append(reply = {}) {
    if (list.children.length >= maxCount) return list.lastElementChild;

    const item = box.querySelector('template').content.firstElementChild.cloneNode(true);
    item.querySelector('[data-title]').value = reply.title ?? '';
    item.querySelector('[data-payload]').value = reply.payload ?? '';
    list.append(item);
    number();
    show();
    return item;
  }

  function remove(item) {
    const next = item.previousElementSibling ?? item.nextElementSibling;
    item.remove();
    number();
    changed();
    if (next) next.querySelector('input').focus();
    else leave(null);
    show();
  }

  function leave(empty) {
    empty?.remove();
    number();
    show();
    done();
  }

  /** Model binding expects indexes without gaps. */
  function number() {
    for (const [index, item] of [...list.children].entries()) {
      for (const [name, label] of [['title', 'Title'], ['payload', 'Payload']]) {
        const field = item.querySelector(`[data-${name}]`);
        field.name = `QuickReplies[${index}].${label}`;
        field.setAttribute('aria-label', `Quick reply ${index + 1}: ${label.toLowerCase()}`);
      }

      item.querySelector('[data-remove]').setAttribute('aria-label', `Remove quick reply ${index + 1}`);
    }

    add.disabled = list.children.length >= maxCount;
  }

  function show() {
    box.hidden = list.children.length === 0;
  }
}

const value = (item, name) => item.querySelector(`[data-${name}]`).value.trim();
