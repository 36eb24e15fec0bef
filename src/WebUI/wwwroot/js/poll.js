// Pieces of a page that fetch themselves again: data-poll is the address, data-poll-every the wait in milliseconds. The piece
// that comes without an address is the last one.
import { announce } from './announce.js';
import { show } from './copy.js';
import { elements, getHtml } from './http.js';
import { localise } from './times.js';

for (const piece of document.querySelectorAll('[data-poll]')) watch(piece);

async function watch(piece) {
  while (piece.dataset.poll) {
    await new Promise(resolve => setTimeout(resolve, Number(piece.dataset.pollEvery)));
    if (document.hidden || piece.contains(document.activeElement)) continue;
    piece = replace(piece, await getHtml(piece.dataset.poll));
  }

  if (piece.dataset.announce && piece.dataset.polled) announce(piece.dataset.announce);
}

/** The server cannot be reached now and then; what is shown stays until it can. */
function replace(piece, html) {
  const next = html && elements(html).querySelector('[data-poll]');
  if (!next) return piece;
  next.dataset.polled = 'true';
  localise(next);
  show(next);
  piece.replaceWith(next);
  return next;
}
