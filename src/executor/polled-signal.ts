/**
 * `signal`, which looks with `poll` before it says whether it has aborted. For code that computes without
 * letting the event loop turn: there no event can tell it, but a look can.
 */
export function polled(signal: AbortSignal, poll: () => void): AbortSignal {
  const state = (key: "aborted" | "reason"): unknown =>
    Reflect.get(Object.getPrototypeOf(signal) as object, key, signal);
  const look = (key: "aborted" | "reason"): unknown => {
    if (state("aborted") === false) poll();
    return state(key);
  };
  return Object.defineProperties(signal, {
    aborted: { configurable: true, get: () => look("aborted") },
    reason: { configurable: true, get: () => look("reason") },
    throwIfAborted: {
      configurable: true,
      value() {
        if (look("aborted")) throw state("reason");
      },
    },
  });
}
