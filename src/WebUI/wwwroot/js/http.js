import { pointerReleased } from './press.js';

export const token = document.querySelector('meta[name="csrf-token"]')?.content;

const maxWait = 30_000;   // later updates wait until then

/**
 * A part of a page as HTML, empty when there is none; null when the server refuses or cannot be reached. It comes when no mouse button
 * is pressed.
 */
export async function getHtml(url) {
  try {
    const response = await get(url);
    if (response.redirected && new URL(response.url).pathname === '/account/login') location.reload();
    const html = response.ok ? await response.text() : null;
    await pointerReleased();
    return html;
  } catch {
    return null;
  }
}

/** A value, or null when there is none and when the server refuses or cannot be reached. */
export async function getJson(url) {
  try {
    const response = await get(url);
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

/** Elements that stand for the next part of a list: it is fetched when one comes into view, or by load(), and given to show. */
export function lazyParts(rootMargin, url, show) {
  const inView = new IntersectionObserver(entries => {
    for (const entry of entries) if (entry.isIntersecting) load(entry.target);
  }, { rootMargin });

  async function load(item) {
    if (item.hasAttribute('aria-busy')) return;
    item.setAttribute('aria-busy', 'true');
    inView.unobserve(item);
    const address = url(item);
    const html = await getHtml(address);
    if (url(item) !== address) return;   // the list before it was refreshed meanwhile, and the part begins elsewhere
    if (html === null) item.removeAttribute('aria-busy');
    else if (item.isConnected) show(item, elements(html));
  }

  return {
    load,
    watch(item) {
      if (!item) return;
      inView.unobserve(item);   // one that is in view already is reported again
      inView.observe(item);
    },
  };
}

/** True when the server answers that the address does not exist; false also when it does not answer. */
export async function isGone(url) {
  try {
    return (await get(url)).status === 404;
  } catch {
    return false;
  }
}

/** Sends a form. The answer is { ok, html }: the changed part, or the reasons of the refusal. */
export async function postForm(form, submitter) {
  const body = new URLSearchParams(new FormData(form, submitter));
  return await post(form.action, body);
}

export async function post(url, body = new URLSearchParams()) {
  try {
    const response = await fetch(url, { method: 'POST', body, headers: { 'X-CSRF-TOKEN': token, 'X-Partial': 'true' } });
    if (response.ok || response.status === 422) return { ok: response.ok, html: await response.text() };
    return {
      ok: false,
      html: problem(response.status === 404
        ? 'Something that this needs is gone. Reload the page and try again.'
        : 'That did not work. Reload the page and try again.'),
    };
  } catch {
    return { ok: false, html: problem('The server cannot be reached. Nothing was lost, try again.') };
  }
}

/** HTML as a DocumentFragment. */
export function elements(html) {
  const template = document.createElement('template');
  template.innerHTML = html;
  return template.content;
}

/** A refusal as HTML. */
export function problem(text) {
  const alert = document.createElement('div');
  alert.className = 'alert alert-danger';
  alert.setAttribute('role', 'alert');
  alert.textContent = text;
  return alert.outerHTML;
}

const get = url => fetch(url, { headers: { 'X-Partial': 'true' }, signal: AbortSignal.timeout(maxWait) });
