/** Every subject by its name. Loaded one at a time: what is not measured must not be in the process. */

import type { Subject, SubjectName } from "../subject.ts";

export const subjects: Record<SubjectName, () => Promise<Subject>> = {
  promises: async () => (await import("./promises.ts")).promises,
  "joinery taskGroup": async () => (await import("./joinery.ts")).taskGroup,
  "joinery all": async () => (await import("./joinery.ts")).all,
  "joinery, Semaphore": async () => (await import("./semaphore.ts")).subject,
  "joinery, counted": async () => (await import("./observed.ts")).counted,
  "joinery, observed": async () => (await import("./observed.ts")).observed,
  "joinery, all events": async () => (await import("./observed.ts")).allEvents,
  "abort-controller-x": async () => (await import("./abort-controller-x.ts")).subject,
  "effect forEach": async () => (await import("./effect.ts")).forEach,
  "effect FiberSet": async () => (await import("./effect.ts")).fiberSet,
  "effect forkChild": async () => (await import("./effect.ts")).forkChild,
  effection: async () => (await import("./effection.ts")).subject,
  "p-map": async () => (await import("./p-map.ts")).subject,
  "p-map, in a context": async () => (await import("./p-map-in-context.ts")).subject,
  "p-limit": async () => (await import("./p-limit.ts")).subject,
  "p-queue": async () => (await import("./p-queue.ts")).subject,
};
