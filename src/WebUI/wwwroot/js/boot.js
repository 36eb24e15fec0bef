// Not a module, because it runs before the first paint: the page must not appear in one theme and change to another.
(() => {
  const root = document.documentElement;
  const system = matchMedia('(prefers-color-scheme: dark)');

  const apply = () => {
    let choice = 'auto';
    try {
      choice = localStorage.getItem('mm-theme') ?? 'auto';
    } catch {
      // The browser may forbid storage; the system's theme is used then.
    }

    root.dataset.themeChoice = choice;
    root.dataset.bsTheme = choice === 'auto' ? (system.matches ? 'dark' : 'light') : choice;
  };

  apply();
  system.addEventListener('change', apply);
  addEventListener('mm-theme', apply);

  const zone = encodeURIComponent(Intl.DateTimeFormat().resolvedOptions().timeZone ?? 'UTC');
  document.cookie = `mm_tz=${zone}; path=/; max-age=31536000; samesite=lax`;
})();
