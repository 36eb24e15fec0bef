// Rows with check boxes, a check box for all of them, and a button (data-on-selected) that needs at least one.
const form = document.querySelector('[data-selection]');
if (form) {
  const rows = [...form.querySelectorAll('input[name="ids"]:not(:disabled)')];
  const all = form.querySelector('[data-select-all]');
  const counter = form.querySelector('[data-selected-count]');
  const submit = form.querySelector('[data-on-selected]');
  const noneSelected = counter.textContent;

  all.addEventListener('change', () => {
    for (const row of rows) row.checked = all.checked;
    show();
  });
  form.addEventListener('change', show);
  // A browser that goes back restores the check boxes.
  addEventListener('pageshow', show);
  show();

  function show() {
    const count = rows.filter(row => row.checked).length;
    all.checked = count > 0 && count === rows.length;
    all.indeterminate = count > 0 && count < rows.length;
    counter.textContent = count === 0 ? noneSelected : `${count} selected`;
    submit.disabled = count === 0;
  }
}
