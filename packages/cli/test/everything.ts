/** A program for recordings. */

import { all, shield, sleep, subscribe, taskGroup, timeout } from "joinery";
import { type EventRecord, eventRecord } from "joinery/observe";
import { Lock } from "joinery/sync";
import { withVirtualTime } from "joinery/testing";
import { chromeTrace, type ChromeTrace } from "../src/trace/chrome.ts";

/** What `program` does, in the format of Chrome's tracing. */
export async function traceOf(program: () => Promise<unknown>): Promise<ChromeTrace> {
  const events: EventRecord[] = [];
  await withVirtualTime(async () => {
    const stop = subscribe((event) => events.push(eventRecord(event)));
    await program().catch(() => {});
    stop();
  });
  const head = { pid: 4711, command: "node x.js", runtime: "node", startedAt: 0, snapshots: [] };
  return chromeTrace({ format: "joinery-trace", formatVersion: 1, ...head, events });
}

function twice(ms: number): Promise<void> {
  return sleep(ms).then(() => sleep(10));
}

/** A bit of everything: waits that overlap, deadlines, shields, failures, cancels that are caught. */
export async function everything(): Promise<void> {
  const lock = new Lock({ name: "db" });
  await taskGroup(
    async (group) => {
      for (let i = 0; i < 5; i++)
        group.createTask(
          () =>
            lock
              .acquire()
              .then(() => sleep(5))
              .finally(() => lock.release()),
          { name: `get-${i}` },
        );
      group.createTask(() => timeout(3, () => sleep(100)).catch(() => {}), { name: "slow" });
      group.createTask(() => Promise.all(Array.from({ length: 19 }, (_, i) => twice(i + 1))), {
        name: "many",
      });
      group.createTask(() => shield(() => sleep(50), { within: 100 }), { name: "writer" });
      group.createTask(() => sleep(60).catch(() => sleep(1).catch(() => {})), { name: "deaf" });
      group.createTask(() => all([() => sleep(2), () => sleep(4)]), { name: "inner" });
      await sleep(30);
      group.createTask(() => Promise.reject(new RangeError("too far")), { name: "fails" });
      await sleep(60);
    },
    { name: "crew" },
  );
}
