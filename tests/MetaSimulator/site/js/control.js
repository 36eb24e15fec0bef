import { get, patch, post, put, remove } from './api.js';
import { element } from './elements.js';
import { debounce, on } from './live.js';

const part = name => document.querySelector(`[data-${name}]`);
const hour = 3_600_000;

// Faults that can be planned for the next matching call of the Graph API.
const troubles = [
  ['Next send: rate limit', { operation: 'send', code: 613 }],
  ['Next send: lost after acceptance', { operation: 'send', when: 'after', dropConnection: true }],
  ['Next send: “invalid JSON reply”', { operation: 'send', code: 1, subcode: 1357046, when: 'after' }],
  ['Next send: temporary error', { operation: 'send', code: 2 }],
  ['Next send: outside the window', { operation: 'send', code: 10, subcode: 2018278 }],
  ['Next profile: no permission', { operation: 'profile', code: 100, subcode: 33 }],
  ['Next picture: 404', { operation: 'media', httpStatus: 404 }],
  ['Any 5 calls: 5 s late', { operation: '*', delayMs: 5000, times: 5 }],
];
const shapings = [
  ['Normal', {}],
  ['Everything twice', { copies: 2 }],
  ['Three seconds late', { delayMs: 3000 }],
  ['Next three reversed', { reverseNext: 3 }],
  ['Lose the next one', { dropNext: 1 }],
  ['Hold', { hold: true }],
];

function say(text) {
  part('notice').textContent = text;
}

function button(label, action, attributes = {}) {
  return element(
    'button',
    {
      type: 'button',
      ...attributes,
      onclick: async () => {
        try {
          await action();
          say(`${label}: done`);
        } catch (problem) {
          say(`${label}: ${problem.message}`);
        }
        refresh();
      },
    },
    label,
  );
}

function fillButtons() {
  part('trouble').append(
    ...troubles.map(([label, fault]) =>
      button(label, () => post('/sim/faults', fault), {
        'data-fault': `${fault.operation}-${fault.code ?? fault.httpStatus ?? fault.when ?? 'late'}`,
      }),
    ),
    button('Change Maria’s password (190/460)', () => post('/sim/tokens/invalidate', { subcode: 460 }), {
      'data-fault': 'tokens',
    }),
    button('Remove the app', () => post('/sim/person/remove-app'), { 'data-fault': 'remove-app' }),
    button('Clear all', () => remove('/sim/faults'), { 'data-fault': 'clear' }),
  );
  part('shaping').append(
    ...shapings.map(([label, shaping]) =>
      button(label, () => put('/sim/webhooks/shaping', shaping), { 'data-shape': JSON.stringify(shaping) }),
    ),
    button('Release', () => post('/sim/webhooks/release'), { 'data-shape': 'release' }),
    button('Burst: 500 messages', () => post('/sim/bursts', { messages: 500, customers: 10, perSecond: 200 }), {
      'data-shape': 'burst',
    }),
  );
  part('time').append(
    button('25 hours later', () => put('/sim/clock', { advanceMs: 25 * hour }), { 'data-advance': '25h' }),
    button('8 days later', () => put('/sim/clock', { advanceMs: 8 * 24 * hour }), { 'data-advance': '8d' }),
    button('Now', () => put('/sim/clock', { offsetMs: 0 }), { 'data-advance': 'now' }),
    button('Reset everything', () => post('/sim/reset'), { 'data-reset': true }),
  );
}

async function showApp() {
  const [{ app }, subscriptions] = await Promise.all([get('/sim/settings'), get('/sim/subscriptions')]);
  const facts = [
    ['App ID', app.id],
    ['App secret', app.secret],
    ['Redirect URIs', app.redirectUris.join('\n')],
    ['App secret proof', app.requireAppSecretProof ? 'required' : 'optional'],
    ['Human Agent', app.humanAgent ? 'approved' : 'not approved'],
  ];
  part('app').replaceChildren(
    ...facts.flatMap(([name, value]) => [element('dt', {}, name), element('dd', { className: 'mono' }, value)]),
  );
  part('subscriptions').replaceChildren(
    ...(subscriptions.length
      ? subscriptions.map(one =>
          element(
            'p',
            { className: 'lead' },
            element('span', { className: 'tag good' }, one.object),
            ' ',
            element('code', {}, one.callbackUrl),
            ` · verify token ${one.verifyToken || '(none)'} · ${one.fields.length} fields`,
          ),
        )
      : [
          element(
            'p',
            { className: 'lead' },
            'The app has no webhook yet. It is set with POST /{app-id}/subscriptions, or here in the control API.',
          ),
        ]),
  );
}

async function showPages() {
  const [pages, person] = await Promise.all([get('/sim/pages'), get('/sim/person')]);
  part('person').textContent = person.name;
  part('pages').replaceChildren(
    ...pages.map(page =>
      element(
        'li',
        { 'data-page-row': page.id },
        element('img', { src: `/media/portraits/${page.id}.png`, alt: '', width: 36, height: 36 }),
        element(
          'div',
          { className: 'grow' },
          page.name,
          element(
            'small',
            {},
            `${page.id}${page.instagram ? ` · @${page.instagram.username} ${page.instagram.id}` : ' · no Instagram'}`,
          ),
        ),
        element(
          'span',
          { className: `tag ${page.subscribedFields ? 'good' : ''}` },
          page.subscribedFields ? `subscribed (${page.subscribedFields.length})` : page.ticked ? 'granted' : 'not connected',
        ),
        element('input', {
          type: 'checkbox',
          checked: page.managed,
          'data-managed': page.id,
          'aria-label': `${person.name} manages ${page.name}`,
          onchange: event => patch(`/sim/pages/${page.id}`, { managed: event.target.checked }).then(refresh),
        }),
      ),
    ),
  );
}

async function showCustomers() {
  const customers = await get('/sim/customers');
  part('customers').replaceChildren(
    ...customers
      .slice(0, 60)
      .map(customer =>
        element(
          'li',
          { 'data-customer-row': customer.id },
          element('img', { src: customer.portrait, alt: '', width: 36, height: 36 }),
          element(
            'div',
            { className: 'grow' },
            customer.name,
            element(
              'small',
              {},
              `${customer.id}${customer.lastMessage?.text ? ` · ${customer.lastMessage.text.slice(0, 60)}` : ''}`,
            ),
          ),
          element('span', { className: 'tag' }, customer.channel === 'messenger' ? 'Messenger' : 'Instagram'),
        ),
      ),
  );
}

async function showDeliveries() {
  const log = await get('/sim/deliveries?limit=40');
  const counts = [
    ['delivered', log.delivered, 'good'],
    ['failed attempts', log.failedAttempts, log.failedAttempts ? 'bad' : ''],
    ['dropped', log.dropped, log.dropped ? 'warn' : ''],
    ['on their way', log.pending, ''],
    ['held', log.held, ''],
  ];
  part('counts').replaceChildren(
    ...counts.map(([name, number, kind]) => element('span', { className: `tag ${kind}` }, `${number} ${name}`)),
  );
  const kinds = { delivered: 'good', dropped: 'warn', failed: 'bad', retrying: 'bad', pending: '' };
  part('deliveries').replaceChildren(
    ...log.items.map(one =>
      element(
        'tr',
        { 'data-delivery': one.id },
        element('td', {}, `${one.id}`),
        element('td', {}, new Date(one.createdAt).toLocaleTimeString()),
        element('td', {}, one.object),
        element('td', {}, [...new Set(one.kinds)].join(', ') + (one.kinds.length > 1 ? ` (${one.kinds.length})` : '')),
        element(
          'td',
          {},
          element('span', { className: `tag ${kinds[one.status]}` }, one.status),
          one.note ? element('span', { className: 'note' }, ` ${one.note}`) : null,
        ),
        element('td', {}, `${one.attempts.length}`),
        element('td', {}, one.attempts.length ? `${one.attempts.at(-1).latencyMs.toFixed(0)} ms` : ''),
        element(
          'td',
          {},
          element('button', { type: 'button', onclick: () => showBody(one.id) }, 'Body'),
          ' ',
          button('Again', () => post(`/sim/deliveries/${one.id}/redeliver`)),
        ),
      ),
    ),
  );
}

async function showBody(id) {
  const { body } = await get(`/sim/deliveries/${id}`);
  part('body').querySelector('pre').textContent = body;
  part('body').showModal();
}

function describe(fault) {
  const subcode = fault.subcode ? `/${fault.subcode}` : '';
  const effect = fault.dropConnection ? 'connection lost' : (fault.httpStatus ?? `${fault.delayMs} ms late`);
  return `${fault.operation}: ${fault.code ? fault.code + subcode : effect}, ${fault.when}, ${fault.times ?? 'every'} time(s)`;
}

async function showTrouble() {
  const [faults, shaping, clock] = await Promise.all([get('/sim/faults'), get('/sim/webhooks/shaping'), get('/sim/clock')]);
  part('faults').replaceChildren(
    ...faults.map(fault =>
      element(
        'li',
        {},
        element('span', { className: 'grow' }, describe(fault)),
        button('Remove', () => remove(`/sim/faults/${fault.id}`)),
      ),
    ),
  );
  for (const choice of document.querySelectorAll('[data-shape^="{"]')) {
    const wanted = {
      copies: 1,
      delayMs: 0,
      dropNext: 0,
      reverseNext: 0,
      batchSize: 1,
      hold: false,
      ...JSON.parse(choice.dataset.shape),
    };
    choice.setAttribute('aria-pressed', `${Object.keys(wanted).every(key => wanted[key] === shaping[key])}`);
  }
  part('clock').textContent = new Date(clock.now).toLocaleString();
}

const refresh = debounce(() => Promise.all([showApp(), showPages(), showCustomers(), showDeliveries(), showTrouble()]), 150);
fillButtons();
for (const topic of ['hello', 'reset', 'settings', 'pages', 'customers', 'thread', 'deliveries']) on(topic, refresh);
