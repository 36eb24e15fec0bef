// Notices that something changed. The browser reconnects by itself; "hello" then brings every listener up to date.
const source = new EventSource('/sim/live');

export function on(topic, handler) {
  source.addEventListener(topic, event => handler(JSON.parse(event.data).customerId));
}

// Many notices in a row are one reason to look again.
export function soon(action, delay = 40) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(action, delay);
  };
}
