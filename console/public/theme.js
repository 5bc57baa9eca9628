// Before anything is painted, so that nothing flashes. A file of its own: the content security policy allows no script in the page.
(() => {
  try {
    const theme = localStorage.getItem('kaiten.theme');
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
    const language = localStorage.getItem('kaiten.language');
    if (language) document.documentElement.lang = language;
  } catch {
    // Storage may be forbidden; then it is the system's theme.
  }
})();
