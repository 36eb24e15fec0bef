// Notifications of the browser, with a sound if wanted: for new messages in conversations that are the viewer's or nobody's, and for
// mentions. While the page is looked at there are none. The choices are kept in this browser, for this user.
import { on } from './live.js';

const key = `mm-notices-${document.body.dataset.viewer}`;
const isSupported = 'Notification' in window;
const choices = load();

on('messageCreated', async ({ messageId }) => {
  if (!isWanted() || isLookedAt()) return;
  const response = await fetch(`/inbox/messages/${messageId}/notice`).catch(() => null);
  if (response?.status !== 200) return;
  const notice = await response.json();
  notify({ ...notice, tag: `message-${notice.id}` });
});

/** Several pages of a browser show one notification: a second one with the same tag replaces the first. */
export function notify({ title, text, conversationId, tag }) {
  if (!isWanted() || isLookedAt()) return;
  if (choices.sound) playSound();
  if (!choices.popups || permission() !== 'granted') return;
  const shown = new Notification(title, { body: text, tag, icon: '/logo.svg' });
  shown.addEventListener('click', () => {
    window.focus();
    location.assign(`/inbox/${conversationId}`);
  });
}

/** The place where the viewer chooses; the browser is asked for its permission there, never when a page is opened. */
export function showChoices() {
  const place = document.querySelector('[data-notices]');
  if (!place) return;
  const isDenied = permission() === 'denied';
  for (const box of place.querySelectorAll('[data-notice-choice]')) {
    box.checked = choices[box.dataset.noticeChoice] && !(box.dataset.noticeChoice === 'popups' && isDenied);
  }

  place.querySelector('[data-notice-choice="popups"]').disabled = isDenied;
  place.querySelector('[data-notice-denied]').hidden = !isDenied;
  place.toggleAttribute('data-on', isWanted());
}

document.addEventListener('change', async event => {
  const choice = event.target.dataset.noticeChoice;
  if (!choice) return;
  choices[choice] = event.target.checked;
  if (choice === 'popups' && choices.popups && permission() === 'default') {
    choices.popups = await Notification.requestPermission() === 'granted';
  }

  if (choice === 'sound' && choices.sound) playSound();   // so that the viewer knows it
  save();
  showChoices();
});

const permission = () => (isSupported && isSecureContext ? Notification.permission : 'denied');
const isWanted = () => choices.sound || (choices.popups && permission() === 'granted');
const isLookedAt = () => !document.hidden && document.hasFocus();

/** Two short tones, made by the browser. One that has not been clicked yet stays silent. */
function playSound() {
  const audio = new AudioContext();
  for (const [frequency, start] of [[660, 0], [880, 0.12]]) {
    const tone = new OscillatorNode(audio, { frequency });
    const volume = new GainNode(audio, { gain: 0 });
    const at = audio.currentTime + start;
    volume.gain.linearRampToValueAtTime(0.15, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, at + 0.3);
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.3);
    tone.onended = () => start > 0 && audio.close();
  }
}

function load() {
  try {
    return { popups: false, sound: false, ...JSON.parse(localStorage.getItem(key)) };
  } catch {
    return { popups: false, sound: false };   // the browser forbids storage
  }
}

function save() {
  try {
    localStorage.setItem(key, JSON.stringify(choices));
  } catch {
    // The choice holds until the page is left.
  }
}

// Another tab of this browser may change the choices.
addEventListener('storage', event => {
  if (event.key !== key) return;
  Object.assign(choices, load());
  showChoices();
});

showChoices();
