// The card of one file in the compose bar.
import { icon } from './icons.js';

/** Adds the card of { state, name, size, type } and a file to upload, or the upload that a draft remembers. */
export function addCard(tray, { state, file, upload, name, size, type }) {
  const card = tray.querySelector('template').content.firstElementChild.cloneNode(true);
  const part = hook => card.querySelector(`[data-file-${hook}]`);
  const [preview, progress, problem, again, field] = ['preview', 'progress', 'problem', 'again', 'id'].map(part);
  const objectUrl = file && type.startsWith('image/') ? URL.createObjectURL(file) : null;

  part('name').textContent = name;
  part('size').textContent = formatSize(size);
  part('remove').setAttribute('aria-label', `Remove ${name}`);
  progress.setAttribute('aria-label', `Upload of ${name}`);
  field.value = upload?.id ?? '';
  field.disabled = !upload;
  if (type.startsWith('image/')) {
    const picture = new Image();
    picture.alt = '';
    picture.addEventListener('error', () => picture.replaceWith(icon('photo')));   // HEIC, for example
    picture.src = objectUrl ?? `/api/attachments/${upload.id}/content?thumbnail=true`;
    preview.append(picture);
  } else preview.append(icon(type.startsWith('video/') ? 'video' : type.startsWith('audio/') ? 'microphone' : 'file'));

  setState(state);
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
