import { get, patch, post } from './api.js';
import { renderMessage } from './bubble.js';
import { element } from './elements.js';
import { soon } from './live.js';
import { fillTray } from './tray.js';

const shownMessages = 120;
const names = { messenger: 'Messenger', instagram: 'Instagram' };

// One phone: who holds it, the thread with the business, and everything that can be done on it.
export class Phone {
  #channel; #root; #customers = []; #pages = []; #customer = null; #reply = null; #editing = null; #lines = new Map(); #typingTimer = 0;
  refresh = soon(() => this.#load());

  constructor(channel, template, main) {
    this.#channel = channel;
    this.#root = template.content.cloneNode(true).firstElementChild;
    this.#root.dataset.phone = channel;
    this.#root.id = `phone-${channel}`;
    this.#root.setAttribute('aria-label', `${names[channel]} phone`);
    this.#part('phone-name').textContent = names[channel];
    this.#part('compose').placeholder = channel === 'messenger' ? 'Aa' : 'Message…';
    this.#part('compose').setAttribute('aria-label', `Message on ${names[channel]}`);
    fillTray(this.#part('tray'), channel, message => this.#send(message), (what, body) => {
      this.#toggleTray(false);
      return this.#act(what, body);
    });
    this.#enable(false);
    this.#listen();
    main.append(this.#root);
    setInterval(() => this.#tick(), 15_000);
    this.#tick();
  }

  setCustomers(customers, pages) {
    this.#customers = customers.filter(customer => customer.channel === this.#channel);
    this.#pages = pages;
    const picker = this.#part('customer');
    const chosen = this.#customers.some(customer => customer.id === picker.value) ? picker.value : this.#remembered() ?? this.#first();
    picker.replaceChildren(...pages.map(page => this.#group(page)).filter(group => group.children.length));
    picker.value = chosen ?? '';
    this.#enable(Boolean(chosen));
    this.#lines.clear();
    this.#part('thread').replaceChildren();
    this.refresh();
  }

  notice(customerId) {
    if (customerId === this.#part('customer').value) this.refresh();
  }

  closeMenus() {
    for (const menu of this.#root.querySelectorAll('[data-menu]')) menu.remove();
    for (const button of this.#root.querySelectorAll('[data-more][aria-expanded="true"]')) button.setAttribute('aria-expanded', 'false');
  }

  react(message, face) {
    return this.#act('reactions', { mid: message.mid, emoji: message.customerReaction === face ? null : face });
  }

  unsend(message) {
    return this.#act(`messages/${encodeURIComponent(message.mid)}/unsend`);
  }

  startReply(message) {
    this.#reply = message;
    this.#editing = null;
    this.#showContext(`Replying to ${summary(message)}`);
  }

  startEdit(message) {
    this.#editing = message;
    this.#reply = null;
    this.#part('compose').value = message.text;
    this.#showContext('Editing your message');
  }

  tapButton(button) {
    if (button.type === 'web_url') window.open(button.url, '_blank', 'noopener');
    else this.#act('postbacks', { title: button.title, payload: button.payload ?? '' });
  }

  #part(name) {
    return this.#root.querySelector(`[data-${name}]`);
  }

  // Nobody can write before it is known who holds the phone.
  #enable(enabled) {
    for (const control of this.#part('composer').elements) control.disabled = !enabled;
  }

  #listen() {
    const compose = this.#part('compose');
    this.#part('composer').addEventListener('submit', event => {
      event.preventDefault();
      this.#submit();
    });
    compose.addEventListener('keydown', event => {
      if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.#submit();
      } else if (event.key === 'Escape') this.#clearContext();
    });
    this.#part('customer').addEventListener('change', event => {
      sessionStorage.setItem(`customer-${this.#channel}`, event.target.value);
      this.#lines.clear();
      this.#part('thread').replaceChildren();
      this.#clearContext();
      this.refresh();
    });
    this.#part('attach').addEventListener('click', () => this.#toggleTray(this.#part('tray').hidden));
    this.#part('upload').addEventListener('change', event => this.#upload(event.target));
    this.#part('context-cancel').addEventListener('click', () => this.#clearContext());
    this.#part('auto-read').addEventListener('change', () => this.refresh());
    this.#part('online').addEventListener('change', event => this.#change({ online: event.target.checked }));
    this.#part('blocked').addEventListener('change', event => this.#change({ blocked: event.target.checked }));
    this.#part('follow-link').addEventListener('click', () => this.#act('referrals', { ref: 'website' }));
    this.#root.addEventListener('keydown', event => {
      if (event.key === 'Escape') this.closeMenus();
    });
    document.addEventListener('click', event => {
      if (!event.target.closest('[data-menu], [data-more]')) this.closeMenus();
    });
  }

  async #submit() {
    const compose = this.#part('compose');
    const text = compose.value.trim();
    if (!text) return;

    compose.value = '';
    if (this.#editing) {
      const mid = this.#editing.mid;
      this.#clearContext();
      await this.#act(`messages/${encodeURIComponent(mid)}/edit`, { text });
    } else await this.#send({ text });
    compose.focus();
  }

  async #send(message) {
    const replyTo = this.#reply?.mid;
    this.#clearContext();
    this.#toggleTray(false);
    await this.#act('messages', { ...message, replyTo });
  }

  async #upload(input) {
    const file = input.files[0];
    input.value = '';
    if (!file) return;

    const form = new FormData();
    form.append('file', file);
    const { mediaId } = await post('/sim/media', form);
    const kind = file.type.split('/')[0];
    await this.#send({ attachments: [{ type: ['image', 'video', 'audio'].includes(kind) ? kind : 'file', mediaId }] });
  }

  async #act(what, body = {}) {
    await post(`/sim/customers/${this.#part('customer').value}/${what}`, body);
    this.refresh();
  }

  #change(change) {
    return patch(`/sim/customers/${this.#part('customer').value}`, change);
  }

  async #load() {
    const id = this.#part('customer').value;
    if (!id) return;

    const customer = await get(`/sim/customers/${id}`);
    if (id !== this.#part('customer').value) return;

    this.#customer = customer;
    this.#renderHolder();
    this.#renderThread();
    this.#renderFoot();
    await this.#readWhatIsSeen();
  }

  #renderHolder() {
    const page = this.#pages.find(candidate => candidate.id === this.#customer.pageId);
    const onInstagram = this.#channel === 'instagram';
    const portrait = `/media/portraits/${this.#customer.accountId}.png`;
    this.#part('portrait').src = this.#customer.portrait;
    this.#part('business-portrait').src = portrait;
    this.#part('business-portrait-large').src = portrait;
    this.#part('business-name').textContent = page?.name ?? '';
    this.#part('business-note').textContent = onInstagram ? page?.instagram?.username ?? 'not linked' : 'Typically replies within minutes';
    this.#part('intro-name').textContent = page?.name ?? '';
    this.#part('intro-note').textContent = onInstagram ? `${page?.instagram?.username ?? ''} · Instagram` : `${page?.category ?? ''} · Messenger`;
    this.#part('online').checked = this.#customer.online;
    this.#part('blocked').checked = this.#customer.blocked;
    const banner = this.#part('banner');
    banner.hidden = !this.#customer.blocked;
    banner.textContent = 'You blocked this business. It can’t write to you.';
  }

  #renderThread() {
    const thread = this.#part('thread');
    const scroll = this.#part('scroll');
    const atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80 || !thread.children.length;
    const messages = this.#customer.messages.slice(-shownMessages);
    const lines = messages.flatMap((message, index) => this.#lineOf(message, messages[index - 1], messages[index + 1]));
    if (lines.length !== thread.children.length || lines.some((line, index) => line !== thread.children[index])) thread.replaceChildren(...lines);
    if (atEnd) {
      scroll.scrollTop = scroll.scrollHeight;
      for (const picture of thread.querySelectorAll('img')) {
        if (!picture.complete) picture.addEventListener('load', () => { scroll.scrollTop = scroll.scrollHeight; }, { once: true });
      }
    }
  }

  // A line is made anew only when what it shows has changed, so that open menus and playing videos live on.
  #lineOf(message, before, after) {
    const quoted = message.replyToMid ? summary(this.#customer.messages.find(other => other.mid === message.replyToMid)) : null;
    const frame = {
      first: before?.fromCustomer !== message.fromCustomer,
      last: after?.fromCustomer !== message.fromCustomer,
      face: `/media/portraits/${this.#customer.accountId}.png`,
      quoted,
    };
    const lines = [];
    if (!before || message.at - before.at > 3_600_000) lines.push(this.#cached(`day-${message.mid}`, '', () => element('li', { className: 'day' }, dayOf(message.at))));
    const shown = JSON.stringify([{ ...message, attachments: message.attachments.map(stable) }, frame]);
    lines.push(this.#cached(message.mid, shown, () => renderMessage(message, frame, this)));
    return lines;
  }

  #cached(key, shown, make) {
    const cached = this.#lines.get(key);
    if (cached?.shown === shown) return cached.line;

    const line = make();
    this.#lines.set(key, { shown, line });
    return line;
  }

  #renderFoot() {
    const messages = this.#customer.messages;
    const last = messages.at(-1);
    const mine = messages.findLast(message => message.fromCustomer);
    const seen = mine && mine.at <= this.#customer.seenByBusinessUpTo;
    this.#part('receipt').textContent = last?.fromCustomer && !last.isDeleted ? (seen ? 'Seen' : 'Sent') : '';
    this.#part('receipt').dataset.seen = `${Boolean(last?.fromCustomer && seen)}`;

    this.#part('typing').hidden = !this.#customer.typing;
    clearTimeout(this.#typingTimer);
    if (this.#customer.typing) {
      this.#typingTimer = setTimeout(() => this.refresh(), 5000);
      this.#part('scroll').scrollTop = this.#part('scroll').scrollHeight;
    }

    // Quick replies are there until anything follows them.
    const replies = last && !last.fromCustomer && !last.isDeleted ? last.quickReplies.filter(reply => reply.title) : [];
    this.#part('quick-replies').replaceChildren(...replies.map(reply => element('button', {
      type: 'button', 'data-quick-reply': reply.payload, onclick: () => this.#act('messages', { text: reply.title, quickReply: reply.payload }),
    }, reply.title)));
  }

  async #readWhatIsSeen() {
    const unread = this.#customer.messages.some(message => !message.fromCustomer && message.at > this.#customer.readUpTo);
    const visible = !document.hidden && this.#root.offsetParent !== null;
    if (unread && visible && this.#part('auto-read').checked) await post(`/sim/customers/${this.#customer.id}/read`);
  }

  #toggleTray(open) {
    this.#part('tray').hidden = !open;
    this.#part('attach').setAttribute('aria-expanded', `${open}`);
    if (open) this.#part('scroll').scrollTop = this.#part('scroll').scrollHeight;
  }

  #showContext(text) {
    this.#part('context-text').textContent = text;
    this.#part('context').hidden = false;
    this.#part('compose').focus();
  }

  #clearContext() {
    if (this.#editing) this.#part('compose').value = '';
    this.#reply = null;
    this.#editing = null;
    this.#part('context').hidden = true;
  }

  #group(page) {
    const options = this.#customers.filter(customer => customer.pageId === page.id).sort((one, other) => one.name.localeCompare(other.name))
      .map(customer => element('option', { value: customer.id }, customer.username && this.#channel === 'instagram' ? `${customer.name} (@${customer.username})` : customer.name));
    return element('optgroup', { label: page.name }, ...options);
  }

  #remembered() {
    const id = sessionStorage.getItem(`customer-${this.#channel}`);
    return this.#customers.some(customer => customer.id === id) ? id : null;
  }

  #first() {
    const managed = new Set(this.#pages.filter(page => page.managed).map(page => page.id));
    return (this.#customers.find(customer => managed.has(customer.pageId)) ?? this.#customers[0])?.id;
  }

  #tick() {
    this.#part('clock').textContent = new Date().toLocaleTimeString([], { hour: 'numeric', minute: '2-digit' });
  }
}

function summary(message) {
  if (!message) return 'a message';
  return message.text ?? (message.attachments[0] ? `a ${message.attachments[0].type.replace('_', ' ')}` : 'a message');
}

// Addresses are signed anew with each answer; that alone is no change.
function stable(attachment) {
  const address = attachment.payload?.url;
  return address ? { ...attachment, payload: { ...attachment.payload, url: address.split('?')[0] } } : attachment;
}

function dayOf(at) {
  const date = new Date(at);
  const time = date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  const today = new Date().toDateString() === date.toDateString();
  return today ? `Today ${time}` : `${date.toLocaleDateString([], { weekday: 'short', day: 'numeric', month: 'short' })} ${time}`;
}
