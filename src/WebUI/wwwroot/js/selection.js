// Rows that can be selected, one by one or all of the page, and a button that wants at least one: data-on-selected.
const form = document.querySelector('[data-selection]');
if (form) {
  const rows = [...form.querySelectorAll('input[name="ids"]:not(:disabled)')];
  const all = form.querySelector('[data-select-all]');
  const words = form.querySelector('[data-selected-count]');
  const submit = form.querySelector('[data-on-selected]');
  const nothing = words.textContent;

  form.querySelector('[data-select-all-label]').hidden = false;
  all.addEventListener('change', () => {
    for (const row of rows) row.checked = all.checked;
    show();
  });
  form.addEventListener('change', show);
  // A browser that goes back brings the ticks along.
  addEventListener('pageshow', show);
  show();

  function show() {
    const count = rows.filter(row => row.checked).length;
    all.checked = count > 0 && count === rows.length;
    all.indeterminate = count > 0 && count < rows.length;
    words.textContent = count === 0 ? nothing : `${count} selected`;
    submit.disabled = count === 0;
  }
}
