// Headings between days, and the author's name once for several messages in a row.
import { dayKey, dayName } from './times.js';

export function showDays(messages) {
  for (const heading of messages.querySelectorAll('[data-day]')) heading.remove();
  let previousDay = null;
  let previousAuthor = null;
  for (const item of messages.querySelectorAll('[data-at]')) {
    const at = Number(item.dataset.at);
    const day = dayKey(at);
    const author = item.dataset.message && item.dataset.direction + item.dataset.author;
    if (day !== previousDay) item.before(heading(at));
    item.toggleAttribute('data-continues', Boolean(author) && day === previousDay && author === previousAuthor);
    previousDay = day;
    previousAuthor = author;
  }
}

function heading(at) {
  const item = document.createElement('li');
  item.className = 'day';
  item.dataset.day = dayKey(at);
  const text = document.createElement('span');
  text.textContent = dayName(at);
  item.append(text);
  return item;
}
