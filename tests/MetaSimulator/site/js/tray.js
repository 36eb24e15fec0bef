import { element } from './elements.js';

// Samples that a customer can send.
const pictures = [
  ['cup.jpg', 'Cup'],
  ['latte.jpg', 'Latte'],
  ['beans.jpg', 'Beans'],
];
const others = {
  messenger: [
    ['🎬 Video', { type: 'video' }],
    ['🎙 Voice', { type: 'audio' }],
    ['📄 PDF', { type: 'file' }],
    ['👍 Sticker', { type: 'sticker' }],
    ['📍 Place', { type: 'location' }],
    ['🔗 Link', { type: 'fallback', title: 'How to brew', url: 'https://example.com/brew' }],
    ['🎞 Reel', { type: 'reel', title: 'Summer reel' }],
  ],
  instagram: [
    ['🎬 Video', { type: 'video' }],
    ['🎙 Voice', { type: 'audio' }],
    ['🖼 Post', { type: 'ig_post', title: 'The blue cup' }],
    ['🎞 Reel', { type: 'ig_reel', title: 'Making of the blue cup' }],
    ['📣 Mention', { type: 'story_mention' }],
    ['💬 Story', { story: true }],
    ['⏱ Once', { type: 'ephemeral' }],
  ],
};

// Events other than messages.
const events = {
  messenger: [
    ['🚀 Get started', 'postbacks', { title: 'Get Started', payload: 'GET_STARTED' }],
    ['🎯 From an ad', 'events/adReferral'],
    ['🛍 Order', 'events/order'],
    ['🎟 Coupon', 'events/coupon'],
    ['⭐ Rate', 'events/feedback'],
    ['🔔 Opt in', 'events/optin'],
    ['🔗 Link account', 'events/accountLinked'],
    ['❔ Unsupported', 'messages', { unsupported: true }],
    ['🧾 Product', 'messages', { attachments: [{ type: 'template' }] }],
  ],
  instagram: [
    ['🧊 Ice breaker', 'postbacks', { title: 'Where are you located?', payload: 'LOCATION' }],
    ['🎯 From an ad', 'events/adReferral'],
    ['🛍 Product', 'events/productReferral'],
    ['👻 Edit 0 only', 'messages', { text: 'You only hear of me through my edit', bare: true }],
    ['❔ Unsupported', 'messages', { unsupported: true }],
    ['🔔 Opt in', 'events/optin'],
  ],
};

export function fillTray(tray, channel, send, act) {
  for (const [sample, name] of pictures) {
    tray.append(
      element(
        'button',
        {
          type: 'button',
          className: 'tile picture',
          style: `background-image:url(/samples/${sample})`,
          'data-sample': sample,
          'aria-label': `Send the picture ${name}`,
          onclick: () => send({ attachments: [{ type: 'image', sample }] }),
        },
        element('span', {}, name),
      ),
    );
  }

  for (const [label, attachment] of others[channel]) {
    const message = attachment.story
      ? { text: 'Where is this?', storyReply: {} }
      : attachment.type === 'fallback'
        ? { text: attachment.url, attachments: [attachment] }
        : { attachments: [attachment] };
    tray.append(
      element(
        'button',
        {
          type: 'button',
          className: 'tile',
          'data-sample': attachment.story ? 'story_reply' : attachment.type,
          onclick: () => send(message),
        },
        label,
      ),
    );
  }

  const row = element('div', { className: 'events', role: 'group', 'aria-label': 'Other things to do' });
  for (const [label, what, body] of events[channel]) {
    row.append(
      element(
        'button',
        { type: 'button', 'data-event': what === 'messages' ? label : what.split('/').at(-1), onclick: () => act(what, body) },
        label,
      ),
    );
  }
  tray.append(row);
}
