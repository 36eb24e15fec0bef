import { get, patch, post } from './api.js';
import { element } from './elements.js';
import { debounce } from './live.js';
import { ThreadView, summary } from './thread-view.js';
import { fillTray } from './tray.js';

const names = { messenger: 'Messenger', instagram: 'Instagram' };

// One phone: its owner, the thread with the business, and what the owner can do.
export class Phone {
  #channel;
  #root;
  #customers = [];
  #pages = [];
  #customer = null;
  #reply = null;
  #editing = null;
  #thread;
  #typingTimer = 0;
  refresh = debounce(() => this.#load());

  constructor(channel, template, main) {
    this.#channel = channel;
    this.#root = template.content.cloneNode(true).firstElementChild;
    this.#root.dataset.phone = channel;
    this.#root.id = `phone-${channel}`;
    this.#root.setAttribute('aria-label', `${names[channel]} phone`);
    this.#thread = new ThreadView(this.#part('thread'), this.#part('scroll'), this);
    this.#part('phone-name').textContent = names[channel];
    this.#part('compose').placeholder = channel === 'messenger' ? 'Aa' : 'Message…';
    this.#part('compose').setAttribute('aria-label', `Message on ${names[channel]}`);
    const act = (action, body) => {
      this.#toggleTray(false);
      return this.#act(action, body);
    };
    fillTray(this.#part('tray'), channel, message => this.#send(message), act);
    this.#enable(false);
    this.#listen();
    main.append(this.#root);
    setInterval(() => this.#updateClock(), 15_000);
    this.#updateClock();
  }

  setCustomers(customers, pages) {
    this.#customers = customers.filter(customer => customer.channel === this.#channel);
    this.#pages = pages;
    const picker = this.#part('customer');
    const chosen = this.#customers.some(customer => customer.id === picker.value)
      ? picker.value
      : (this.#remembered() ?? this.#first());
    picker.replaceChildren(...pages.map(page => this.#group(page)).filter(group => group.children.length));
    picker.value = chosen ?? '';
    this.#enable(Boolean(chosen));
    this.#thread.clear();
    this.refresh();
  }

  notice(customerId) {
    if (customerId === this.#part('customer').value) this.refresh();
  }

  closeMenus() {
    for (const menu of this.#root.querySelectorAll('[data-menu]')) menu.remove();
    for (const button of this.#root.querySelectorAll('[data-more][aria-expanded="true"]'))
      button.setAttribute('aria-expanded', 'false');
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

  // The composer is disabled until a customer is selected.
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
      this.#thread.clear();
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
    this.#renderCustomer();
    this.#thread.render(this.#customer);
    this.#renderFooter();
    await this.#markVisibleAsRead();
  }

  #renderCustomer() {
    const page = this.#pages.find(candidate => candidate.id === this.#customer.pageId);
    const onInstagram = this.#channel === 'instagram';
    const portrait = `/media/portraits/${this.#customer.accountId}.png`;
    this.#part('portrait').src = this.#customer.portrait;
    this.#part('business-portrait').src = portrait;
    this.#part('business-portrait-large').src = portrait;
    this.#part('business-name').textContent = page?.name ?? '';
    this.#part('business-note').textContent = onInstagram
      ? (page?.instagram?.username ?? 'not linked')
      : 'Typically replies within minutes';
    this.#part('intro-name').textContent = page?.name ?? '';
    this.#part('intro-note').textContent = onInstagram
      ? `${page?.instagram?.username ?? ''} · Instagram`
      : `${page?.category ?? ''} · Messenger`;
    this.#part('online').checked = this.#customer.online;
    this.#part('blocked').checked = this.#customer.blocked;
    const banner = this.#part('banner');
    banner.hidden = !this.#customer.blocked;
    banner.textContent = 'You blocked this business. It can’t write to you.';
  }

  #renderFooter() {
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
      this.#thread.scrollToEnd();
    }

    // Quick replies disappear when another message follows.
    const replies = last && !last.fromCustomer && !last.isDeleted ? last.quickReplies.filter(reply => reply.title) : [];
    this.#part('quick-replies').replaceChildren(
      ...replies.map(reply =>
        element(
          'button',
          {
            type: 'button',
            'data-quick-reply': reply.payload,
            onclick: () => this.#act('messages', { text: reply.title, quickReply: reply.payload }),
          },
          reply.title,
        ),
      ),
    );
  }

  async #markVisibleAsRead() {
    const unread = this.#customer.messages.some(message => !message.fromCustomer && message.at > this.#customer.readUpTo);
    const visible = !document.hidden && this.#root.offsetParent !== null;
    if (unread && visible && this.#part('auto-read').checked) await post(`/sim/customers/${this.#customer.id}/read`);
  }

  #toggleTray(open) {
    this.#part('tray').hidden = !open;
    this.#part('attach').setAttribute('aria-expanded', `${open}`);
    if (open) this.#thread.scrollToEnd();
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
    const options = this.#customers
      .filter(customer => customer.pageId === page.id)
      .sort((one, other) => one.name.localeCompare(other.name))
      .map(customer =>
        element(
          'option',
          { value: customer.id },
          customer.username && this.#channel === 'instagram' ? `${customer.name} (@${customer.username})` : customer.name,
        ),
      );
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

  #updateClock() {
    this.#part('clock').textContent = new Date().toLocaleTimeString([], { hour: 'numeric', minute: '2-digit' });
  }
}
