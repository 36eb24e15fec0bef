// Runs before the first paint, so that the chosen theme never flashes: the one script that is no module.
(() => {
  const root = document.documentElement;
  const system = matchMedia('(prefers-color-scheme: dark)');

  const apply = () => {
    let choice = 'auto';
    try {
      choice = localStorage.getItem('mm-theme') ?? 'auto';
    } catch {
      // storage may be forbidden; the system's theme is a good answer
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
