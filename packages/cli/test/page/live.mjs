/** This very process as a source. */

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
      let timer;
      const tell = async () => {
        const begin = performance.now();
        const events = kept.slice(told);
        told += events.length;
        if (events.length > 0) listener({ events });
        listener({ snapshot: await snapshot({ stacks: stacks && kept.length < 1000 }) });
        if (timer === null) return;
        // Most of the time belongs to what is looked at.
        const took = performance.now() - begin;
        timer = setTimeout(() => void tell(), Math.max(pace, took * 5));
      };
      void tell();
      return async () => {
        clearTimeout(timer);
        timer = null;
      };
    },
    stop() {
      unsubscribe();
      stopObserving();
    },
  };
}
