/** Writes down what happens in this program, for as long as it lives. */

import { closeSync, openSync, writeSync } from "node:fs";
import type { EventRecord } from "joinery/observe";
import type { Joinery } from "../attach/in-target.ts";
import type { FeedMessage } from "../inspector/source.ts";

const flushEvery = 250;
/** One more thing in memory than this, and it is written. */
const mostBuffered = 1000;
/** Of that many flushes, one comes with a snapshot. */
const flushesPerSnapshot = 20;

/**
 * Lines of JSON, each a `FeedMessage`, into `file`. What has happened is in it at the end of the process, however it
 * ends; of one that is killed, all but the last quarter of a second.
 */
export function startRecording({ core, observe }: Joinery, file: string): void {
  const fd = openSync(file, "a");
  let events: EventRecord[] = [];
  const write = (message: FeedMessage): void => void writeSync(fd, `${JSON.stringify(message)}\n`);
  const flush = (): void => {
    if (events.length > 0) write({ events });
    events = [];
  };
  const look = (): void => {
    flush();
    write({ snapshot: observe.snapshot() });
  };
  observe.observe();
  core.subscribe((event) => {
    if (events.push(observe.eventRecord(event)) > mostBuffered) flush();
  });
  let flushes = 0;
  const timer = setInterval(() => {
    if (++flushes % flushesPerSnapshot === 0) look();
    else flush();
  }, flushEvery);
  timer.unref();
  process.on("exit", () => {
    look();
    closeSync(fd);
  });
  look();
}
