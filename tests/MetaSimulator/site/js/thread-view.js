import { renderMessage } from './bubble.js';
import { element } from './elements.js';

const maxMessages = 120;

// The list of messages on a phone. `scroll` is the element that scrolls it; `phone` has the actions of a message's menu.
export class ThreadView {
  #list;
  #scroll;
  #phone;
  #lines = new Map();

  constructor(list, scroll, phone) {
    this.#list = list;
    this.#scroll = scroll;
    this.#phone = phone;
  }

  clear() {
    this.#lines.clear();
    this.#list.replaceChildren();
  }

  scrollToEnd() {
    this.#scroll.scrollTop = this.#scroll.scrollHeight;
  }

  render(customer) {
    const scroll = this.#scroll;
    const atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80 || !this.#list.children.length;
    const messages = customer.messages.slice(-maxMessages);
    const lines = messages.flatMap((message, index) => this.#linesOf(customer, message, messages[index - 1], messages[index + 1]));
    const changed = lines.length !== this.#list.children.length || lines.some((line, index) => line !== this.#list.children[index]);
    if (changed) this.#list.replaceChildren(...lines);
    if (!atEnd) return;

    this.scrollToEnd();
    for (const picture of this.#list.querySelectorAll('img')) {
      if (!picture.complete) picture.addEventListener('load', () => this.scrollToEnd(), { once: true });
    }
  }

  // A line is replaced only when its content has changed, so that open menus stay open and videos go on playing.
  #linesOf(customer, message, before, after) {
    const quoted = message.replyToMid ? summary(customer.messages.find(other => other.mid === message.replyToMid)) : null;
    const frame = {
      first: before?.fromCustomer !== message.fromCustomer,
      last: after?.fromCustomer !== message.fromCustomer,
      face: `/media/portraits/${customer.accountId}.png`,
      quoted,
    };
    const lines = [];
    if (!before || message.at - before.at > 3_600_000)
      lines.push(this.#cached(`day-${message.mid}`, '', () => element('li', { className: 'day' }, dayOf(message.at))));
    const content = JSON.stringify([{ ...message, attachments: message.attachments.map(withoutSignature) }, frame]);
    lines.push(this.#cached(message.mid, content, () => renderMessage(message, frame, this.#phone)));
    return lines;
  }

  #cached(key, content, make) {
    const cached = this.#lines.get(key);
    if (cached?.content === content) return cached.line;

    const line = make();
    this.#lines.set(key, { content, line });
    return line;
  }
}

export function summary(message) {
  if (!message) return 'a message';
  return message.text ?? (message.attachments[0] ? `a ${message.attachments[0].type.replace('_', ' ')}` : 'a message');
}

// Each answer of the control API signs addresses anew; a new signature is not a change of the message.
function withoutSignature(attachment) {
  const address = attachment.payload?.url;
  return address ? { ...attachment, payload: { ...attachment.payload, url: address.split('?')[0] } } : attachment;
}

function dayOf(at) {
  const date = new Date(at);
  const time = date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  const today = new Date().toDateString() === date.toDateString();
  return today ? `Today ${time}` : `${date.toLocaleDateString([], { weekday: 'short', day: 'numeric', month: 'short' })} ${time}`;
}
