import { Chart } from '../lib/chart.js/chart.js';
import { timeZone } from './times.js';

const page = document.querySelector('[data-dashboard]');
const box = document.querySelector('[data-chart]');
const zone = timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;

// The first request of a browser has no cookie with its time zone yet (boot.js sets it), so the page is loaded again once.
if (zone && page.dataset.timeZone !== zone && !sessionStorage.getItem('mm-zone-tried')) {
  sessionStorage.setItem('mm-zone-tried', zone);
  location.reload();
}

if (box) draw();

function draw() {
  box.hidden = false;
  document.querySelector('[data-chart-table]').open = false;

  const toggle = document.querySelector('[data-direction-toggle]');
  const buttons = [...toggle.querySelectorAll('button')];

  const rows = [...document.querySelectorAll('tr[data-day]')];
  const days = [...new Set(rows.map(row => row.dataset.day))];
  const numbers = (channel, direction) => days.map(day =>
    Number(rows.find(row => row.dataset.day === day && row.dataset.channel === channel).dataset[direction]));
  const name = day => new Date(`${day}T12:00`).toLocaleDateString(document.documentElement.lang, { day: 'numeric', month: 'short' });

  const bar = { maxBarThickness: 34, borderRadius: 4, borderSkipped: false };
  const chart = new Chart(box.querySelector('canvas'), {
    type: 'bar',
    data: {
      labels: days.map(name),
      datasets: [{ label: 'Messenger', ...bar }, { label: 'Instagram', ...bar }],
    },
    options: {
      responsive: true,
      maintainAspectRatio: false,
      animation: matchMedia('(prefers-reduced-motion: reduce)').matches ? false : { duration: 300 },
      interaction: { mode: 'index', intersect: false },
      plugins: {
        legend: { position: 'bottom', labels: { usePointStyle: true, pointStyle: 'circle', boxHeight: 7 } },
        tooltip: { callbacks: { footer: items => `Together: ${items.reduce((sum, item) => sum + item.raw, 0)}` } },
      },
      scales: {
        x: { stacked: true, grid: { display: false }, ticks: { maxRotation: 0, autoSkipPadding: 12 } },
        y: { stacked: true, beginAtZero: true, border: { display: false }, ticks: { precision: 0 } },
      },
    },
  });

  let direction = 'inbound';
  show();
  for (const button of buttons) {
    button.addEventListener('click', () => {
      direction = button.dataset.direction;
      show();
    });
  }

  new MutationObserver(show).observe(document.documentElement, { attributeFilter: ['data-bs-theme'] });

  function show() {
    for (const button of buttons) button.setAttribute('aria-pressed', String(button.dataset.direction === direction));

    const style = getComputedStyle(box);
    const colour = property => style.getPropertyValue(property).trim();
    const dark = document.documentElement.dataset.bsTheme === 'dark';
    const [messenger, instagram] = chart.data.datasets;
    messenger.data = numbers('FacebookMessenger', direction);
    messenger.backgroundColor = dark ? '#4c9dff' : '#0a6fe8';
    instagram.data = numbers('InstagramDm', direction);
    instagram.backgroundColor = dark ? '#f06aa8' : '#d62976';
    chart.options.color = colour('color');
    for (const scale of Object.values(chart.options.scales)) scale.ticks.color = colour('color');
    chart.options.scales.y.grid = { color: dark ? '#ffffff14' : '#00000012' };
    chart.update();
  }
}
