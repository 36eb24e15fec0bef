import { token } from './http.js';

/** Uploads a file; abort() of what it returns ends the upload. XMLHttpRequest, because fetch does not report progress. */
export function uploadFile(file, name, { progressed, stored, failed }) {
  const request = new XMLHttpRequest();
  request.upload.addEventListener('progress', event => {
    if (event.lengthComputable) progressed(event.loaded / event.total);
  });
  request.addEventListener('load', () => {
    const answer = parse(request.responseText);
    if (request.status === 201) stored(answer);
    else failed(answer?.detail ?? answer?.title ?? 'The server did not take this file.', request.status >= 500 || request.status === 429);
  });
  request.addEventListener('error', () => failed('The server cannot be reached.', true));

  const body = new FormData();
  body.append('file', file, name);
  request.open('POST', '/api/attachments');
  request.setRequestHeader('X-CSRF-TOKEN', token);
  request.setRequestHeader('Accept', 'application/json');
  request.send(body);
  return request;
}

function parse(json) {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
