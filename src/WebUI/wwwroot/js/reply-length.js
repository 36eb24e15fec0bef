// How much of the channel's text limit a reply uses: Messenger counts characters, Instagram counts bytes of UTF-8.
import { announce } from './announce.js';

const shownFrom = 0.8;   // of the limit
const nearFrom = 0.9;
const encoder = new TextEncoder();

const limitOf = counter => Number(counter.dataset.limit);
const lengthOf = (text, counter) => (counter.dataset.unit === 'bytes' ? encoder.encode(text).length : [...text].length);

export const isTooLong = (text, counter) => lengthOf(text, counter) > limitOf(counter);

export function showLength(text, counter) {
  const limit = limitOf(counter);
  const length = lengthOf(text, counter);
  const unit = counter.dataset.unit;
  const excess = length - limit;
  const level = excess > 0 ? 'over' : length > limit * nearFrom ? 'near' : 'fine';
  counter.hidden = length < limit * shownFrom;
  counter.textContent = excess > 0
    ? `${excess.toLocaleString('en')} ${unit} too many`
    : `${length.toLocaleString('en')} / ${limit.toLocaleString('en')} ${unit}`;
  if (counter.dataset.level && counter.dataset.level !== level && level !== 'fine') announce(counter.textContent);
  counter.dataset.level = level;
}
