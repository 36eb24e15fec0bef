// Notices that something has changed. The browser reconnects by itself, and the "hello" notice then reloads every listener.
const source = new EventSource('/sim/live');

export function on(topic, handler) {
  source.addEventListener(topic, event => handler(JSON.parse(event.data).customerId));
}

// Combines notices that arrive within the delay into one call.
export function debounce(action, delay = 40) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(action, delay);
  };
}
