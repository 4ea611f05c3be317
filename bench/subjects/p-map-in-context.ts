import { AsyncLocalStorage } from "node:async_hooks";
import { subject as bare } from "./p-map.ts";
import type { Subject } from "../subject.ts";

const storage = new AsyncLocalStorage<string>();

/** As in a program with a tracer or a logger: what promises cost there, joinery does not add. */
export const subject: Subject = {
  joinLimited: (tasks, limit) => storage.run("request", () => bare.joinLimited!(tasks, limit)),
};
