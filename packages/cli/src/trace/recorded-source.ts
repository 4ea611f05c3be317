/** A recorded file as what the page shows. */

import type { InspectorSource } from "../inspector/source.ts";
import type { Trace } from "./trace-file.ts";

export function recordedSource({ command, snapshots, events }: Trace): InspectorSource {
  return {
    title: command,
    follow(listener) {
      const [first, ...later] = snapshots;
      if (first) listener({ snapshot: first });
      listener({ events: [...events] });
      for (const snapshot of later) listener({ snapshot });
      return async () => {};
    },
  };
}
