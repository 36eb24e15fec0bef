// The time until the messaging window of the open conversation closes.
import { duration } from './times.js';

const closingSoon = 2 * 3_600_000;

/** Shows what is left of an open window; false when nothing is left. */
export function showTimeLeft(state) {
  const left = Number(state.dataset.closesAt) - Date.now();
  if (left <= 0) return false;

  const isSoon = left < closingSoon;
  const countdown = state.querySelector('[data-countdown]');
  const place = countdown.querySelector('[data-countdown-text]');
  const text = isSoon ? `Only ${duration(left)} left to reply` : `${duration(left)} left to reply`;
  if (place.textContent !== text) place.textContent = text;
  countdown.dataset.countdown = isSoon ? 'soon' : 'open';
  return true;
}
