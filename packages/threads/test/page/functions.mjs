// What the workers of the tests load.
import { sleep } from "joinery";
import { remote } from "joinery/executor";
import { note } from "./journal.mjs";

export * from "./results.mjs";

/** The worker that it runs in. */
export const where = remote("where", (_, { worker }) => worker);

/** Never lets the event loop turn. */
export const loops = remote("loops", (_, { checkpoint }) => {
  note("begun");
  try {
    for (;;) checkpoint();
  } finally {
    note("cleaned up");
  }
});

export const sleeps = remote("sleeps", async (_, { signal }) => {
  note("begun");
  try {
    await sleep(60_000, { signal });
  } finally {
    await new Promise((resolve) => setTimeout(resolve, 20));
    note(`cleaned up: ${signal.reason.source}`);
  }
});

export const neverLooks = remote("neverLooks", () => {
  note("begun");
  for (;;);
});

export const crashes = remote("crashes", () => {
  setTimeout(() => {
    throw new RangeError("nobody catches this");
  });
  return sleep(60_000);
});

export const rejects = remote("rejects", () => {
  void Promise.reject(new RangeError("nobody handles this"));
  return sleep(60_000);
});

export const closes = remote("closes", () => {
  globalThis.close();
  return sleep(60_000);
});

export const closesOnce = remote(
  "closesOnce",
  (_, { attempt }) => {
    if (attempt > 1) return attempt;
    globalThis.close();
    return sleep(60_000);
  },
  { idempotent: true },
);
