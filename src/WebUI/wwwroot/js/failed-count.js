// The number of failed messages beside the heading of the inbox.
import { elements, getHtml } from './http.js';
import { coalesce, on } from './live.js';
import { morph } from './morph.js';

const refresh = coalesce(async () => {
  const html = await getHtml('/inbox/failed/link');
  const link = document.querySelector('[data-failed-link]');
  if (html !== null && link) morph(link, elements(html).firstElementChild);
}, 1000);

on('messageUpdated missed', () => refresh());
