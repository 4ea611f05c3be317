/** Calls `callback` in a later turn of the event loop. */
export const soon: (callback: () => void) => void =
  typeof setImmediate === "function" ? (callback) => void setImmediate(callback) : byMessage();

/** In a page. Its timers would take 4 ms each. */
function byMessage(): (callback: () => void) => void {
  const { port1, port2 } = new MessageChannel();
  const callbacks: (() => void)[] = [];
  port1.addEventListener("message", () => callbacks.shift()?.());
  port1.start();
  return (callback) => {
    callbacks.push(callback);
    port2.postMessage(null);
  };
}

/** Lets `count` turns of the event loop pass. */
export async function turn(count = 2): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise<void>(soon);
}
