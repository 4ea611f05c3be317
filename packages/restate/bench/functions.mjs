// What the workers of the measurements serve. They tell what happens by appending to a file.
import { appendFileSync } from "node:fs";
import process from "node:process";
import { sleep } from "joinery";
import { remote } from "joinery/executor";

const write = (line) => appendFileSync(process.env.JOURNAL, `${line}\n`);

export const echo = remote("echo", (value) => value);

/** Waits until it is cancelled, and writes when it saw its signal. */
export const waits = remote("waits", async (id, { signal }) => {
  signal.addEventListener("abort", () =>
    write(JSON.stringify({ event: "seen", id, at: Date.now() })),
  );
  write(JSON.stringify({ event: "began", id }));
  await sleep(600_000, { signal });
});
