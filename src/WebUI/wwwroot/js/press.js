// What is replaced between press and release is never clicked, so what is new waits for the release.
const clickable = 'a, button, summary, label';
const untilClicked = 50;   // on a touch screen the click comes after the release
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
    timer = setTimeout(release, untilClicked);
  }, true);
}

/** Resolves when nothing is pressed. */
export async function released() {
  await press?.promise;
}

function release() {
  press?.resolve();
  press = null;
}
