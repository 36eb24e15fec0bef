for (const button of document.querySelectorAll('[data-reveal]')) {
  const field = document.getElementById(button.dataset.reveal);
  button.addEventListener('click', () => {
    const shown = field.type === 'text';
    field.type = shown ? 'password' : 'text';
    button.setAttribute('aria-pressed', String(!shown));
  });
}

for (const button of document.querySelectorAll('[data-generate]')) {
  const field = document.getElementById(button.dataset.generate);
  button.addEventListener('click', () => {
    const bytes = crypto.getRandomValues(new Uint8Array(20));
    field.value = Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
    field.focus();
  });
}
