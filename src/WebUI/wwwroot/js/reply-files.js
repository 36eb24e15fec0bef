// The files of a reply: each is uploaded as soon as it is chosen, and the form names it by the id of its upload.
import { announce } from './announce.js';
import { addCard, formatSize } from './file-card.js';
import { uploadFile } from './upload.js';

const uploadLifetime = 23 * 3_600_000;   // the server deletes an upload that no message uses after 24 hours

/** The tray's data says what the channel accepts; changed is called after every change. */
export function replyFiles(tray, picker, changed) {
  const items = new Map();   // by the card that shows it
  const rules = JSON.parse(tray.dataset.rules);   // [{ type: 'image/png', maxBytes }], the first that fits counts
  const maxFiles = Number(tray.dataset.max);

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
      return hasState('uploading');
    },
    get hasProblem() {
      return hasState('failed');
    },
    get count() {
      return items.size;
    },
    uploads: () => [...items.values()].filter(item => item.state === 'ready').map(item => item.upload),
    restore(uploads) {
      clear();
      for (const upload of uploads ?? []) {
        if (Date.now() - upload.at > uploadLifetime) continue;
        show({ state: 'ready', upload, name: upload.fileName, size: upload.size, type: upload.contentType });
      }
    },
    clear,
  };

  function hasState(state) {
    return [...items.values()].some(item => item.state === state);
  }

  function add(chosen) {
    for (const file of chosen) {
      const item = { state: 'uploading', file, name: file.name || 'Pasted picture.png', size: file.size, type: file.type };
      show(item);
      const problem = problemOf(item);
      if (problem) fail(item, problem, false);
      else upload(item);
    }
  }

  /** Why the channel would refuse it. The server decides; this spares the time of the upload. */
  function problemOf({ type, size }) {
    const rule = rules.find(({ type: accepted }) =>
      accepted === type || accepted === '*/*' || (accepted.endsWith('/*') && type.startsWith(accepted.slice(0, -1))));
    if (type && !rule) return tray.dataset.unsupported;
    if (size === 0) return 'This file is empty.';
    if (items.size > maxFiles) return `${maxFiles} files go into one reply; send this one with the next.`;
    if (!rule) return null;
    return size > rule.maxBytes ? `Too large: ${formatSize(size)}, and ${formatSize(rule.maxBytes)} is the most.` : null;
  }

  function upload(item) {
    item.state = 'uploading';
    item.view.showProgress();
    item.request = uploadFile(item.file, item.name, {
      progressed: share => item.view.progress(share),
      stored: upload => finish(item, upload),
      failed: (problem, canRepeat) => fail(item, problem, canRepeat),
    });
    changed();
  }

  function finish(item, { id, fileName, contentType, size }) {
    item.state = 'ready';
    item.upload = { id, fileName: fileName ?? item.name, contentType, size, at: Date.now() };
    item.view.showReady(id);
    announce(`${item.name} is attached`);
    changed();
  }

  function fail(item, problem, canRepeat) {
    item.state = 'failed';
    item.view.showProblem(problem, canRepeat);
    announce(`${item.name}: ${problem}`);
    changed();
  }

  function show(item) {
    item.view = addCard(tray, item);
    items.set(item.view.card, item);
    tray.hidden = false;
    item.view.card.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  function remove(card) {
    const neighbour = card.nextElementSibling ?? card.previousElementSibling;
    drop(items.get(card));
    changed();
    (neighbour?.querySelector('[data-file-remove]') ?? document.querySelector('[data-reply-text]')).focus();
  }

  function drop(item) {
    item.request?.abort();
    item.view.remove();
    items.delete(item.view.card);
    tray.hidden = items.size === 0;
  }

  function clear() {
    for (const item of [...items.values()]) drop(item);
  }
}
