// Shows times in the zone and the language that the reader or the organization has chosen, else in the browser's zone and English, in its
// order of day and month.
const chosen = document.documentElement.dataset;
export const timeZone = chosen.timeZone || undefined;
const language = chosen.language || (navigator.languages.find(name => name.startsWith('en-')) ?? 'en-GB');
const date = { day: 'numeric', month: 'short', year: 'numeric', timeZone };
const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone };
const formats = {
  full: new Intl.DateTimeFormat(language, { ...date, ...clock }),
  exact: new Intl.DateTimeFormat(language, { ...date, ...clock, second: '2-digit', fractionalSecondDigits: 3 }),
  time: new Intl.DateTimeFormat(language, clock),
  weekday: new Intl.DateTimeFormat(language, { weekday: 'short', timeZone }),
  date: new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', timeZone }),
  dateOfYear: new Intl.DateTimeFormat(language, date),
  longDay: new Intl.DateTimeFormat(language, { weekday: 'long', day: 'numeric', month: 'long', timeZone }),
};
const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Equal for two times on the same day of the reader's time zone. */
export const dayKey = at => new Date(at).toLocaleDateString('sv', { timeZone });

export const daysAgo = at => Math.round((new Date(`${dayKey(Date.now())}T12:00`) - new Date(`${dayKey(at)}T12:00`)) / day);

export function dayName(at) {
  const days = daysAgo(at);
  if (days === 0) return 'Today';
  if (days === 1) return 'Yesterday';
  return days < 300 ? formats.longDay.format(at) : formats.dateOfYear.format(at);
}

/** 3 h 20 min, 45 min, 30 s */
export function duration(milliseconds) {
  if (milliseconds < minute) return `${Math.max(0, Math.floor(milliseconds / 1000))} s`;
  const hours = Math.floor(milliseconds / hour);
  const minutes = Math.floor((milliseconds % hour) / minute);
  if (hours >= 48) return `${Math.floor(hours / 24)} days`;
  if (hours === 0) return `${minutes} min`;
  return hours < 6 && minutes > 0 ? `${hours} h ${minutes} min` : `${hours} h`;
}

function shortTime(at) {
  const age = Date.now() - at;
  if (age < minute) return 'now';
  if (age < hour) return `${Math.floor(age / minute)} min`;
  const days = daysAgo(at);
  if (days === 0) return formats.time.format(at);
  if (days < 7) return formats.weekday.format(at);
  return days < 300 ? formats.date.format(at) : formats.dateOfYear.format(at);
}

function relativeTime(at) {
  const span = at - Date.now();
  const size = Math.abs(span);
  if (size < minute) return span < 0 ? 'just now' : 'in a moment';
  if (size < hour) return relative.format(Math.trunc(span / minute), 'minute');
  if (size < day) return relative.format(Math.trunc(span / hour), 'hour');
  if (size < 14 * day) return relative.format(Math.trunc(span / day), 'day');
  return formats.full.format(at);
}

export function localise(root) {
  for (const element of root.querySelectorAll('time[data-local-time]')) {
    const at = new Date(element.dateTime).getTime();
    const kind = element.dataset.localTime;
    element.textContent = kind === 'short' ? shortTime(at) : kind === 'relative' ? relativeTime(at) : formats[kind].format(at);
    if (kind !== 'full') element.title = formats.full.format(at);
  }

  for (const ticks of root.querySelectorAll('[data-ticks]')) {
    const known = [['Sent', 'sentAt'], ['Delivered', 'deliveredAt'], ['Read', 'readAt']]
      .filter(([, key]) => ticks.dataset[key])
      .map(([label, key]) => `${label} ${formats.full.format(new Date(ticks.dataset[key]))}`);
    if (known.length > 0) ticks.title = known.join('\n');
  }
}

localise(document);
setInterval(() => localise(document), 30_000);
