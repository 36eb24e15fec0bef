import { post } from './http.js';

/** Forms that a passkey fills in: data-passkey says whether one is created or used, data-passkey-options where its options are. */
for (const form of document.querySelectorAll('form[data-passkey]')) {
  if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
    form.hidden = true;   // an old browser, or a page without https
    continue;
  }

  form.addEventListener('submit', async event => {
    event.preventDefault();
    const problem = form.querySelector('[data-passkey-problem]');
    problem.hidden = true;
    try {
      const answer = await post(form.dataset.passkeyOptions);
      const { options, state } = JSON.parse(answer.html);
      form.elements.Credential.value = JSON.stringify(await ask(form.dataset.passkey, JSON.parse(options)));
      form.elements.State.value = state;
      form.submit();   // does not raise the event again
    } catch (error) {
      problem.textContent = error.name === 'NotAllowedError' || error.name === 'AbortError'
        ? 'That was cancelled, or took too long. Try again.'
        : error.name === 'InvalidStateError' ? 'This device has a passkey for your account already.' : 'That did not work. Try again.';
      problem.hidden = false;
    }
  });
}

function ask(purpose, options) {
  return purpose === 'create'
    ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
    : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
}
