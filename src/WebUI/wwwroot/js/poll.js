// Parts of a page that refresh themselves: data-poll is the address, data-poll-every the time between two requests in milliseconds.
// A part that comes back without an address is the last one.
import { announce } from './announce.js';
import { elements, getHtml } from './http.js';
import { morph } from './morph.js';
import { localise } from './times.js';

for (const part of document.querySelectorAll('[data-poll]')) watch(part);

async function watch(part) {
  let isRefreshed = false;
  while (part.dataset.poll) {
    await new Promise(resolve => setTimeout(resolve, Number(part.dataset.pollEvery)));
    if (document.hidden) continue;
    const html = await getHtml(part.dataset.poll);
    const next = html && elements(html).querySelector('[data-poll]');
    if (!next) continue;   // the server cannot be reached; what is shown stays until it can
    localise(next);
    morph(part, next);
    isRefreshed = true;
  }

  if (part.dataset.announce && isRefreshed) announce(part.dataset.announce);
}
