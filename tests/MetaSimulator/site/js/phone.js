import { get } from './api.js';
import { debounce, on } from './live.js';
import { Phone } from './phone-view.js';

const main = document.querySelector('[data-phones]');
const template = document.querySelector('[data-phone-template]');
const tabs = [...document.querySelectorAll('[data-tab]')];
const phones = ['messenger', 'instagram'].map(channel => new Phone(channel, template, main));

function show(channel, focus = false) {
  main.dataset.shown = channel;
  for (const tab of tabs) {
    const selected = tab.dataset.tab === channel;
    tab.setAttribute('aria-selected', `${selected}`);
    tab.tabIndex = selected ? 0 : -1;
    if (selected && focus) tab.focus();
  }
  for (const phone of phones) phone.refresh();
}

for (const tab of tabs) {
  tab.addEventListener('click', () => show(tab.dataset.tab));
  tab.addEventListener('keydown', event => {
    if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') show(tab.dataset.tab === 'messenger' ? 'instagram' : 'messenger', true);
  });
}

async function loadCustomers() {
  const [customers, pages] = await Promise.all([get('/sim/customers'), get('/sim/pages')]);
  for (const phone of phones) phone.setCustomers(customers, pages);
}

const reload = debounce(loadCustomers, 80);
for (const topic of ['hello', 'customers', 'pages', 'reset']) on(topic, reload);
on('thread', customerId => phones.forEach(phone => phone.notice(customerId)));
on('typing', customerId => phones.forEach(phone => phone.notice(customerId)));
document.addEventListener('visibilitychange', () => phones.forEach(phone => phone.refresh()));
