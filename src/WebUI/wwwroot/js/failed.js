// How many messages failed, beside the inbox's name. The list is fetched anew now and then, so the badge is looked up each time.
import { getHtml } from './http.js';
import { coalesce, on } from './live.js';

const refresh = coalesce(async () => {
  const html = await getHtml('/inbox/failed/link');
  const link = document.querySelector('[data-failed-link]');
  if (html !== null && link) link.outerHTML = html;
}, 1000);

on('messageUpdated', refresh);
on('missed', refresh);
