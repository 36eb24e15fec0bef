// Menus are <details>: they open without scripts. Scripts close them again.
const open = () => document.querySelectorAll('[data-menu][open]');

document.addEventListener('click', event => {
  for (const menu of open()) {
    const leaves = !menu.contains(event.target) || event.target.closest('.menu-item');
    if (leaves) menu.open = false;
  }
});

document.addEventListener('keydown', event => {
  if (event.key !== 'Escape') return;
  for (const menu of open()) {
    menu.open = false;
    menu.querySelector('summary').focus();
    event.stopPropagation();
  }
}, { capture: true });
