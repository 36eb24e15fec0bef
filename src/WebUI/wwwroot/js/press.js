// The browser clicks what lies under the pointer both at the press and at the release, so nothing may move in between:
// rows that change their place, and messages that push others up, wait for the release.
const clickable = 'a, button, summary, label';
const clickDelay = 50;   // on a touch screen the click comes after the release
let press = null;
let timer = 0;

addEventListener('pointerdown', event => {
  if (!event.target.closest(clickable)) return;
  clearTimeout(timer);
  press ??= Promise.withResolvers();
}, true);

for (const end of ['pointerup', 'pointercancel', 'blur']) {
  addEventListener(end, () => {
    clearTimeout(timer);
    timer = setTimeout(release, clickDelay);
  }, true);
}

/** Resolves when nothing is pressed. */
export async function pointerReleased() {
  await press?.promise;
}

function release() {
  press?.resolve();
  press = null;
}
