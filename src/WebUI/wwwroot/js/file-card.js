// The card of one file in the compose bar.
import { icon } from './icons.js';

/** Adds the card of { state, name, size, type } and a file to upload, or the upload that a draft remembers. */
export function addCard(tray, { state, file, upload, name, size, type }) {
  const card = element('li', 'file-card');
  card.dataset.file = '';
  card.dataset.fileState = state;

  const fileName = element('span', 'file-name', name);
  fileName.dir = 'auto';
  const progress = element('progress');
  progress.hidden = state !== 'uploading';
  progress.setAttribute('aria-label', `Upload of ${name}`);
  const problem = element('span', 'file-problem');
  const again = button('link-button', 'fileAgain');
  again.textContent = 'Try again';
  again.hidden = true;
  const description = element('span', 'file-words');
  description.append(fileName, element('small', null, formatSize(size)), progress, problem, again);

  const remove = button('icon-button icon-button-small', 'fileRemove');
  remove.setAttribute('aria-label', `Remove ${name}`);
  remove.append(icon('x'));

  const field = element('input');
  field.type = 'hidden';
  field.name = 'AttachmentIds';
  field.value = upload?.id ?? '';
  field.disabled = !upload;

  const preview = element('span', 'file-preview');
  const objectUrl = file && type.startsWith('image/') ? URL.createObjectURL(file) : null;
  if (type.startsWith('image/')) {
    const picture = element('img');
    picture.alt = '';
    picture.src = objectUrl ?? `/api/attachments/${upload.id}/content?thumbnail=true`;
    preview.append(picture);
  } else preview.append(icon(type.startsWith('video/') ? 'video' : type.startsWith('audio/') ? 'microphone' : 'file'));

  card.append(preview, description, remove, field);
  tray.append(card);

  return {
    card,
    progress: share => progress.value = share,
    showProgress() {
      setState('uploading');
      again.hidden = true;
      problem.textContent = '';
      progress.value = 0;
    },
    showReady(uploadId) {
      setState('ready');
      field.value = uploadId;
      field.disabled = false;
    },
    showProblem(text, canRepeat) {
      setState('failed');
      problem.textContent = text;
      problem.title = text;
      again.hidden = !canRepeat;
    },
    remove() {
      if (objectUrl) URL.revokeObjectURL(objectUrl);
      card.remove();
    },
  };

  function setState(next) {
    card.dataset.fileState = next;
    progress.hidden = next !== 'uploading';
  }
}

export function formatSize(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function button(className, hook) {
  const made = element('button', className);
  made.type = 'button';
  made.dataset[hook] = '';
  return made;
}

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}
