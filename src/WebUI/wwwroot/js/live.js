// One connection a page. Handlers get ids only, and fetch what they show.
import { HubConnectionBuilder, LogLevel } from '../lib/signalr/signalr.js';

const handlers = { messageCreated: [], messageUpdated: [], conversationUpdated: [], state: [], missed: [] };
const connection = new HubConnectionBuilder()
  .withUrl('/hubs/inbox')
  .withAutomaticReconnect({ nextRetryDelayInMilliseconds: retry => delay(retry.previousRetryCount) })
  .configureLogging(LogLevel.None)
  .build();

for (const event of ['messageCreated', 'messageUpdated', 'conversationUpdated']) {
  connection.on(event, ids => tell(event, ids));
}

connection.onreconnecting(() => tell('state', 'reconnecting'));
connection.onreconnected(() => {
  tell('state', 'connected');
  tell('missed');
});
connection.onclose(() => start(1));

// A laptop that wakes up may have missed everything while the socket still looks alive.
let hiddenAt = 0;
document.addEventListener('visibilitychange', () => {
  if (document.hidden) hiddenAt = Date.now();
  else if (hiddenAt > 0 && Date.now() - hiddenAt > 60_000) tell('missed');
});

start(0);

/** events: messageCreated, messageUpdated, conversationUpdated, state ('connected' | 'reconnecting'), missed. */
export function on(event, handler) {
  handlers[event].push(handler);
}

/** Collects what is asked for within a moment, and does it once for each key. */
export function coalesce(work, wait = 60) {
  const waiting = new Set();
  let timer = 0;
  return key => {
    waiting.add(key);
    if (timer) return;
    timer = setTimeout(() => {
      timer = 0;
      const keys = [...waiting];
      waiting.clear();
      for (const one of keys) work(one);
    }, wait);
  };
}

async function start(attempt) {
  try {
    await connection.start();
    tell('state', 'connected');
    tell('missed');   // the first time, too: something may have come since the server made this page
  } catch {
    tell('state', 'reconnecting');
    setTimeout(() => start(attempt + 1), delay(attempt));
  }
}

function delay(attempt) {
  const seconds = Math.min(30, 2 ** attempt * 0.5);
  return seconds * 1000 * (0.75 + Math.random() / 2);
}

function tell(event, value) {
  for (const handler of handlers[event]) handler(value);
}
