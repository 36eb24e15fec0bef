// The SignalR connection of the page. Events carry ids only; handlers fetch what they show.
import { HttpTransportType, HubConnectionBuilder, LogLevel } from '../lib/signalr/signalr.js';

const handlers = { messageCreated: [], messageUpdated: [], conversationUpdated: [], presence: [], state: [], missed: [] };
// A WebSocket at once: what is negotiated with one node is unknown to the others, and a proxy may choose any of them.
let connection = connect({ transport: HttpTransportType.WebSockets, skipNegotiation: true });
let wasConnected = false;

// A computer that wakes up may have missed events although its connection still looks open.
let hiddenAt = 0;
document.addEventListener('visibilitychange', () => {
  if (document.hidden) hiddenAt = Date.now();
  else if (hiddenAt > 0 && Date.now() - hiddenAt > 60_000) notify('missed');
});

start(0);

/**
 * events, with spaces between: messageCreated, messageUpdated, conversationUpdated, presence, state ('connected' | 'reconnecting'),
 * missed.
 */
export function on(events, handler) {
  for (const event of events.split(' ')) handlers[event].push(handler);
}

/** Calls a method of the hub. The answer is null while the connection is not open. */
export async function call(method, ...values) {
  try {
    return await connection.invoke(method, ...values);
  } catch {
    return null;
  }
}

/**
 * Collects calls for the given time, then calls work once for each key. Calls that come while it runs wait for its end: an answer that
 * was asked for earlier must not take the place of a later one.
 */
export function coalesce(work, wait = 60) {
  const waiting = new Set();
  let isPlanned = false;

  async function run() {
    const keys = [...waiting];
    waiting.clear();
    await Promise.all(keys.map(async key => {
      try {
        await work(key);
      } catch (error) {
        reportError(error);
      }
    }));
    isPlanned = waiting.size > 0;
    if (isPlanned) setTimeout(run, wait);
  }

  return key => {
    waiting.add(key);
    if (isPlanned) return;
    isPlanned = true;
    setTimeout(run, wait);
  };
}

function connect(options) {
  const hub = new HubConnectionBuilder()
    .withUrl('/hubs/inbox', options)
    .withAutomaticReconnect({ nextRetryDelayInMilliseconds: retry => delay(retry.previousRetryCount) })
    .configureLogging(LogLevel.None)
    .build();
  for (const event of ['messageCreated', 'messageUpdated', 'conversationUpdated', 'presence']) {
    hub.on(event, ids => notify(event, ids));
  }

  hub.on('missed', () => notify('missed'));
  hub.onreconnecting(() => {
    notify('state', 'reconnecting');
    leaveIfSignedOut();
  });
  hub.onreconnected(() => {
    notify('state', 'connected');
    notify('missed');
  });
  hub.onclose(() => start(1));
  return hub;
}

async function start(attempt) {
  try {
    await connection.start();
    wasConnected = true;
    notify('state', 'connected');
    notify('missed');   // the first time, too: something may have happened since the server rendered the page
  } catch {
    notify('state', 'reconnecting');
    leaveIfSignedOut();
    // Some networks let no WebSocket through. What takes its place needs a proxy that keeps a browser on one node.
    if (!wasConnected && attempt === 1) connection = connect({});
    setTimeout(() => start(attempt + 1), delay(attempt));
  }
}

/** The server closes the connections of a session that has ended; loading the page again leads to the sign-in page. */
async function leaveIfSignedOut() {
  const answer = await fetch('/api/me', { method: 'HEAD' }).catch(() => null);
  if (answer?.status === 401) location.reload();
}

function delay(attempt) {
  const seconds = Math.min(30, 2 ** attempt * 0.5);
  return seconds * 1000 * (0.75 + Math.random() / 2);
}

function notify(event, value) {
  for (const handler of handlers[event]) handler(value);
}
