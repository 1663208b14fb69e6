// Long work that lets the page answer meanwhile.

const BUSY_MS = 25;

/** Awaited often, it lets the page answer now and then. A timer would do too, but sleeps in a hidden tab. */
export function breather() {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < BUSY_MS) return;
    await nextTurn();
    since = performance.now();
  };
}

export function nextTurn() {
  return new Promise((resume) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resume();
    };
    port2.postMessage(null);
  });
}
