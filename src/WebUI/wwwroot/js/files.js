// The files of a reply: picked, dropped or pasted, uploaded at once, sent with the text.
import { announce } from './announce.js';
import { token } from './http.js';
import { icon } from './icons.js';

const keptFor = 23 * 3_600_000;   // the server forgets an upload that nobody sends after a day

/** What the channel takes is in the tray's data; changed is called after every change. */
export function files(tray, picker, changed) {
  const items = new Map();
  const rules = JSON.parse(tray.dataset.rules);   // [{ type: 'image/png', maxBytes }], the first that fits counts
  const most = Number(tray.dataset.most);

  picker.addEventListener('change', () => {
    add(picker.files);
    picker.value = '';
  });
  tray.addEventListener('click', event => {
    const card = event.target.closest('[data-file]');
    if (event.target.closest('[data-file-remove]')) remove(card);
    else if (event.target.closest('[data-file-again]')) upload(items.get(card));
  });

  return {
    add,
    get isUploading() {
      return [...items.values()].some(item => item.state === 'uploading');
    },
    get hasProblem() {
      return [...items.values()].some(item => item.state === 'failed');
    },
    get count() {
      return items.size;
    },
    ready: () => [...items.values()].filter(item => item.state === 'ready').map(item => item.kept),
    set(kept) {
      clear();
      for (const one of kept ?? []) {
        if (Date.now() - one.at < keptFor) show({ state: 'ready', kept: one, name: one.fileName, size: one.size, type: one.contentType });
      }
    },
    clear,
  };

  function add(chosen) {
    for (const file of chosen) {
      const item = { state: 'uploading', file, name: file.name || 'Pasted picture.png', size: file.size, type: file.type };
      show(item);
      const problem = refusal(item);
      if (problem) fail(item, problem, false);
      else upload(item);
    }
  }

  /** Why the channel would refuse it; the server is the judge, this spares the wait. */
  function refusal({ type, size }) {
    const rule = rules.find(({ type: known }) => known === type || known === '*/*' || (known.endsWith('/*') && type.startsWith(known.slice(0, -1))));
    if (type && !rule) return tray.dataset.unsupported;
    if (size === 0) return 'This file is empty.';
    if (items.size > most) return `${most} files go into one reply; send this one with the next.`;
    if (!rule) return null;
    return size > rule.maxBytes ? `Too large: ${bytes(size)}, and ${bytes(rule.maxBytes)} is the most.` : null;
  }

  function upload(item) {
    item.state = 'uploading';
    item.again.hidden = true;
    item.problemText.textContent = '';
    item.card.dataset.fileState = 'uploading';
    item.progress.hidden = false;
    item.progress.value = 0;

    const request = new XMLHttpRequest();   // fetch does not tell how far an upload is
    item.request = request;
    request.upload.addEventListener('progress', event => {
      if (event.lengthComputable) item.progress.value = event.loaded / event.total;
    });
    request.addEventListener('load', () => {
      const answer = parse(request.responseText);
      if (request.status === 201) finish(item, answer);
      else fail(item, answer?.detail ?? answer?.title ?? 'The server did not take this file.', request.status >= 500 || request.status === 429);
    });
    request.addEventListener('error', () => fail(item, 'The server cannot be reached.', true));
    const body = new FormData();
    body.append('file', item.file, item.name);
    request.open('POST', '/api/attachments');
    request.setRequestHeader('X-CSRF-TOKEN', token);
    request.setRequestHeader('Accept', 'application/json');
    request.send(body);
    changed();
  }

  /** The reply's own field: the form names the files by it. */
  function finish(item, kept) {
    item.state = 'ready';
    item.field.value = kept.id;
    item.field.disabled = false;
    item.kept = { id: kept.id, fileName: kept.fileName ?? item.name, contentType: kept.contentType, size: kept.size, at: Date.now() };
    item.card.dataset.fileState = 'ready';
    item.progress.hidden = true;
    announce(`${item.name} is attached`);
    changed();
  }

  function fail(item, problem, canRepeat) {
    item.state = 'failed';
    item.card.dataset.fileState = 'failed';
    item.progress.hidden = true;
    item.problemText.textContent = problem;
    item.problemText.title = problem;
    item.again.hidden = !canRepeat;
    announce(`${item.name}: ${problem}`);
    changed();
  }

  function remove(card) {
    const item = items.get(card);
    const next = card.nextElementSibling ?? card.previousElementSibling;
    drop(item);
    changed();
    (next?.querySelector('[data-file-remove]') ?? document.querySelector('[data-reply-text]')).focus();
  }

  function drop(item) {
    item.request?.abort();
    if (item.address) URL.revokeObjectURL(item.address);
    items.delete(item.card);
    item.card.remove();
    tray.hidden = items.size === 0;
  }

  function clear() {
    for (const item of [...items.values()]) drop(item);
  }

  function show(item) {
    const card = element('li', 'file-card');
    card.dataset.file = '';
    card.dataset.fileState = item.state;
    const preview = element('span', 'file-preview');
    if (item.type.startsWith('image/')) {
      const picture = element('img');
      picture.alt = '';
      if (item.file) item.address = URL.createObjectURL(item.file);
      picture.src = item.address ?? `/api/attachments/${item.kept.id}/content?thumbnail=true`;
      preview.append(picture);
    } else {
      preview.append(icon(item.type.startsWith('video/') ? 'video' : item.type.startsWith('audio/') ? 'microphone' : 'file'));
    }

    const words = element('span', 'file-words');
    const name = element('span', 'file-name', item.name);
    name.dir = 'auto';
    item.problemText = element('span', 'file-problem');
    item.again = element('button', 'link-button', 'Try again');
    item.again.type = 'button';
    item.again.dataset.fileAgain = '';
    item.again.hidden = true;
    item.progress = element('progress');
    item.progress.hidden = item.state !== 'uploading';
    item.progress.setAttribute('aria-label', `Upload of ${item.name}`);
    words.append(name, element('small', null, bytes(item.size)), item.progress, item.problemText, item.again);

    const cross = element('button', 'icon-button icon-button-small');
    cross.type = 'button';
    cross.dataset.fileRemove = '';
    cross.setAttribute('aria-label', `Remove ${item.name}`);
    cross.append(icon('x'));

    item.field = element('input');
    item.field.type = 'hidden';
    item.field.name = 'AttachmentIds';
    item.field.value = item.kept?.id ?? '';
    item.field.disabled = !item.kept;

    card.append(preview, words, cross, item.field);
    item.card = card;
    items.set(card, item);
    tray.append(card);
    tray.hidden = false;
    card.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }
}

/** Files that are dropped on an element, or pasted into it. */
export function takeFiles(place, overlay, canTake, add) {
  let depth = 0;
  const carries = event => canTake() && event.dataTransfer.types.includes('Files');
  const cover = shown => {
    overlay.hidden = !shown;
    if (!shown) depth = 0;
  };

  place.addEventListener('dragenter', event => {
    if (!carries(event)) return;
    event.preventDefault();
    depth++;
    cover(true);
  });
  place.addEventListener('dragover', event => {
    if (!carries(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
  });
  place.addEventListener('dragleave', event => {
    if (carries(event) && --depth <= 0) cover(false);
  });
  place.addEventListener('drop', event => {
    if (!carries(event)) return;
    event.preventDefault();
    cover(false);
    add(event.dataTransfer.files);
  });
  place.addEventListener('paste', event => {
    if (!canTake() || event.clipboardData.files.length === 0 || event.clipboardData.types.includes('text/plain')) return;
    event.preventDefault();
    add(event.clipboardData.files);
  });
}

function bytes(count) {
  if (count < 1024) return `${count} B`;
  return count < 1024 * 1024 ? `${Math.round(count / 1024)} KB` : `${(count / 1024 / 1024).toFixed(1)} MB`;
}

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function parse(json) {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
