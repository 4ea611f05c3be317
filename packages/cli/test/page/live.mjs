/** This very process as a source, and as a recording of it. */

import { subscribe } from "joinery";
import { eventRecord, observe, snapshot } from "joinery/observe";

const pace = 500;

/** Follows this process from now on; what comes before somebody looks is kept for him. */
export function ownProcess(title, { stacks = true } = {}) {
  const stopObserving = observe();
  const kept = [];
  const unsubscribe = subscribe((event) => kept.push(eventRecord(event)));
  return {
    title,
    follow(listener) {
      let told = 0;
      const tell = async () => {
        const events = kept.slice(told);
        told += events.length;
        if (events.length > 0) listener({ events });
        listener({ snapshot: await snapshot({ stacks: stacks && kept.length < 1000 }) });
      };
      void tell();
      const timer = setInterval(() => void tell(), pace);
      return async () => clearInterval(timer);
    },
    recording(snapshots) {
      const startedAt = performance.timeOrigin;
      const head = { format: "joinery-trace", formatVersion: 1, pid: 1, command: title };
      return { ...head, runtime: "node", startedAt, events: kept, snapshots };
    },
    stop() {
      unsubscribe();
      stopObserving();
    },
  };
}
