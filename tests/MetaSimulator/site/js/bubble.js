import { element } from './elements.js';

const emojiOnly = /^(\p{Extended_Pictographic}|\p{Emoji_Modifier}|\u200d|\ufe0f|\s){1,9}$/u;
const faces = ['❤️', '😆', '😮', '😢', '😠', '👍'];

// Renders one message. `phone` has the actions of its menu; `frame` says whether its neighbours have the same sender.
export function renderMessage(message, frame, phone) {
  const from = message.fromCustomer ? 'customer' : 'business';
  const stack = element('div', { className: 'stack' }, ...content(message, frame, phone));
  const reactions = [message.customerReaction, message.businessReaction].filter(Boolean);
  if (reactions.length) {
    stack.append(
      element(
        'span',
        { className: 'badge', 'data-reaction': reactions.join(' '), 'aria-label': `Reactions: ${reactions.join(' ')}` },
        reactions.join(''),
      ),
    );
  }

  const more = message.isDeleted
    ? null
    : element(
        'button',
        {
          type: 'button',
          className: 'icon small more',
          'data-more': true,
          'aria-label': 'Message actions',
          'aria-expanded': 'false',
          onclick: event => toggleMenu(event.currentTarget, message, phone),
        },
        '⋯',
      );

  const classes = ['line', frame.first && 'first', frame.last && 'last', reactions.length && 'reacted'].filter(Boolean).join(' ');
  return element(
    'li',
    {
      className: classes,
      'data-bubble': true,
      'data-mid': message.mid,
      'data-from': from,
      'data-deleted': message.isDeleted,
      title: new Date(message.at).toLocaleString(),
    },
    element('img', { className: 'face', src: frame.face, alt: '' }),
    stack,
    more,
  );
}

function content(message, frame, phone) {
  if (message.isDeleted)
    return [
      element('span', { className: 'text gone' }, message.fromCustomer ? 'You unsent a message' : 'This message was unsent'),
    ];

  const parts = [];
  if (frame.quoted) parts.push(element('span', { className: 'quote' }, frame.quoted));
  if (message.story && !message.attachments.length) parts.push(storyQuote(message.story));
  for (const attachment of message.attachments) parts.push(renderAttachment(attachment, phone));
  if (message.text) {
    const big = emojiOnly.test(message.text) ? ' emoji' : '';
    parts.push(element('span', { className: `text${big}`, 'data-text': true }, message.text));
  }

  if (message.edits > 0) parts.push(element('span', { className: 'edited' }, 'Edited'));
  if (!parts.length) parts.push(element('span', { className: 'text gone' }, 'Not shown here'));
  return parts;
}

function storyQuote(story) {
  const quote = element('span', { className: 'media round' });
  quote.append(
    story.url
      ? element('img', { src: story.url, alt: 'The story' })
      : element('span', { className: 'caption' }, 'Story no longer available'),
  );
  return quote;
}

function renderAttachment(attachment, phone) {
  const url = attachment.payload?.url ?? attachment.url;
  const title = attachment.payload?.title ?? attachment.title;
  const wrap = (kind, ...children) =>
    element('span', { className: `media ${kind}`, 'data-attachment': attachment.type }, ...children);
  switch (attachment.type) {
    case 'image':
      return wrap('', element('img', { src: url, alt: 'Picture', loading: 'lazy' }));
    case 'sticker':
      return wrap('sticker', element('img', { src: url, alt: 'Sticker' }));
    case 'like_heart':
      return element('span', { className: 'text emoji', 'data-attachment': 'like_heart' }, '❤️');
    case 'video':
      return wrap('', element('video', { src: url, controls: true, preload: 'metadata', 'aria-label': 'Video' }));
    case 'audio':
      return wrap('', element('audio', { src: url, controls: true, preload: 'metadata', 'aria-label': 'Sound' }));
    case 'file':
      return element('a', { className: 'card file', href: url, 'data-attachment': 'file', download: '' }, fileName(url));
    case 'location':
      return element(
        'a',
        { className: 'card', href: url, 'data-attachment': 'location', target: '_blank', rel: 'noopener' },
        element('p', {}, '📍 ' + (title ?? 'Location')),
        element('p', {}, coordinates(attachment)),
      );
    case 'template':
      return renderTemplate(attachment.payload, phone);
    case 'story_mention':
      return wrap(
        'round',
        element('img', { src: url, alt: 'Story' }),
        element('span', { className: 'caption' }, 'You mentioned them in your story'),
      );
    case 'ephemeral':
      return element('span', { className: 'text gone', 'data-attachment': 'ephemeral' }, 'Disappearing photo');
    default:
      return /\.(jpe?g|png)/.test(url ?? '')
        ? wrap(
            '',
            element('img', { src: url, alt: attachment.type }),
            element('span', { className: 'caption' }, title ?? attachment.type),
          )
        : element(
            'a',
            { className: 'card', href: url ?? '#', 'data-attachment': attachment.type, target: '_blank', rel: 'noopener' },
            element('p', {}, title ?? attachment.type),
          );
  }
}

function renderTemplate(payload, phone) {
  const buttons = list =>
    (list ?? []).map(button =>
      element(
        'button',
        {
          type: 'button',
          'data-button': button.payload ?? button.url ?? '',
          onclick: () => phone.tapButton(button),
        },
        button.title ?? button.type,
      ),
    );
  if (payload.template_type === 'button') {
    return element(
      'div',
      { className: 'card', 'data-attachment': 'template' },
      element('p', {}, payload.text),
      ...buttons(payload.buttons),
    );
  }

  return element(
    'div',
    { className: 'carousel', 'data-attachment': 'template' },
    ...(payload.elements ?? payload.product?.elements ?? payload.generic?.elements ?? []).map(item =>
      element(
        'div',
        { className: 'card' },
        item.image_url && element('img', { src: item.image_url, alt: '' }),
        item.title && element('p', {}, element('strong', {}, item.title)),
        item.subtitle && element('p', {}, item.subtitle),
        ...buttons(item.buttons),
      ),
    ),
  );
}

function toggleMenu(button, message, phone) {
  const open = button.getAttribute('aria-expanded') === 'true';
  phone.closeMenus();
  if (open) return;

  const line = button.closest('[data-bubble]');
  const act = action => () => {
    phone.closeMenus();
    action();
  };
  const menu = element(
    'div',
    { className: 'menu', 'data-menu': true },
    element(
      'div',
      { className: 'faces', role: 'group', 'aria-label': 'Reactions' },
      ...faces.map(face =>
        element(
          'button',
          {
            type: 'button',
            'data-react': face,
            'aria-label': `React with ${face}`,
            'aria-pressed': `${message.customerReaction === face}`,
            onclick: act(() => phone.react(message, face)),
          },
          face,
        ),
      ),
    ),
    element(
      'div',
      { className: 'acts' },
      element('button', { type: 'button', 'data-reply': true, onclick: act(() => phone.startReply(message)) }, 'Reply'),
      message.fromCustomer &&
        message.text &&
        element('button', { type: 'button', 'data-edit': true, onclick: act(() => phone.startEdit(message)) }, 'Edit'),
      message.fromCustomer &&
        element('button', { type: 'button', 'data-unsend': true, onclick: act(() => phone.unsend(message)) }, 'Unsend'),
    ),
  );
  line.append(menu);
  const list = line.closest('[data-scroll]');
  line.classList.toggle('up', line.getBoundingClientRect().top - list.getBoundingClientRect().top < 120);
  button.setAttribute('aria-expanded', 'true');
  menu.querySelector('button').focus();
}

function fileName(url) {
  return decodeURIComponent(new URL(url, location.href).pathname.split('/').pop() || 'file');
}

function coordinates(attachment) {
  const { lat, long } = attachment.payload?.coordinates ?? {};
  return lat === undefined ? '' : `${lat.toFixed(4)}, ${long.toFixed(4)}`;
}
