const choices = ['auto', 'light', 'dark'];
const root = document.documentElement;

for (const toggle of document.querySelectorAll('[data-theme-toggle]')) {
  toggle.addEventListener('click', () => {
    const next = choices[(choices.indexOf(root.dataset.themeChoice) + 1) % choices.length];
    localStorage.setItem('mm-theme', next);
    dispatchEvent(new Event('mm-theme'));
    show();
  });
}

show();

function show() {
  for (const name of document.querySelectorAll('[data-theme-name]')) name.textContent = root.dataset.themeChoice;
}
