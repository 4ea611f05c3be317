/** Errors of real tasks in a page: as values, as text, uncaught; and aborts of the browser's own. */

import {
  exceptStar,
  type ExceptionGroup,
  formatException,
  isCancelled,
  on,
  taskGroup,
  type Task,
} from "joinery";
import { expect, test } from "vitest";
import { caught } from "./caught.ts";
import { takeUnhandledRejections } from "./page.ts";

function broken(): Promise<void> {
  return taskGroup(
    (pages) => {
      pages.createTask(() => Promise.reject(new TypeError("no title")), { name: "front" });
      pages.createTask(
        ({ signal }) =>
          taskGroup(
            (mirrors) => {
              const error = new RangeError("too large", { cause: new Error("quota") });
              mirrors.createTask(() => Promise.reject(error), { name: "mirror" });
            },
            { signal },
          ),
        { name: "archive" },
      );
    },
    { name: "pages", onError: "collect" },
  );
}

const tree = [
  "ExceptionGroup: unhandled errors in a TaskGroup (2 sub-exceptions)",
  "├─ 1 ─ TypeError: no title",
  "│      task: pages › front",
  "└─ 2 ─ ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)",
  "       task: pages › archive",
  "   └─ 1 ─ RangeError: too large",
  "          task: pages › archive › mirror",
  "      └─ cause: Error: quota",
];

function withoutFrames(text: string): string[] {
  return text.split("\n").filter((line) => !/^[\s│]*at /.test(line));
}

test("5: the tree of a failure is told with the task of each leaf, and its frames", async () => {
  const text = formatException(await caught(broken()));
  expect(withoutFrames(text)).toEqual(tree);
  expect(text).toMatch(/TypeError: no title\n.*task: pages › front\n│ +at .*tests\.js:\d+:\d+/);
});

test("5: one that nobody catches comes with the whole tree as its stack", async () => {
  void broken();
  const errors = await takeUnhandledRejections();
  expect(errors.map((error) => withoutFrames((error as Error).stack!))).toEqual([tree]);
});

test("5: it is taken apart by class", async () => {
  const error = (await caught(broken())) as ExceptionGroup;
  expect(error).toBeInstanceOf(AggregateError);
  expect([...error].map(String)).toEqual(["TypeError: no title", "RangeError: too large"]);
  const taken: string[] = [];
  const rest = await caught(
    exceptStar(
      error,
      on(RangeError, (group) => taken.push(...[...group].map(String))),
    ),
  );
  expect(taken).toEqual(["RangeError: too large"]);
  expect([...(rest as ExceptionGroup)].map(String)).toEqual(["TypeError: no title"]);
});

/** Work with a signal, that calls `busy` when it waits for what never comes. */
type ForeignWork = (signal: AbortSignal, busy: () => void) => Promise<unknown>;

/** A child that is busy when a sibling fails: how it ended, and what the group says. */
async function stopped(
  work: ForeignWork,
): Promise<{ child: Task<unknown>; outcome: unknown; errors: readonly Error[] }> {
  let child!: Task<unknown>;
  let outcome: unknown;
  const error = await caught(
    taskGroup((group) => {
      const isBusy = new Promise<void>((busy) => {
        child = group.createTask(({ signal }) => {
          const working = work(signal, busy);
          working.catch((reason: unknown) => (outcome = reason));
          return working;
        });
      });
      group.createTask(() => isBusy.then(() => Promise.reject(new Error("sibling"))));
    }),
  );
  return { child, outcome, errors: (error as ExceptionGroup).errors };
}

const fetching: ForeignWork = (signal, busy) => {
  const response = fetch("/silent", { signal });
  busy();
  return response;
};

test("3.4: a fetch that a failure of a sibling aborts counts as cancelled", async () => {
  const { child, outcome, errors } = await stopped(fetching);
  expect([child.state, errors]).toEqual(["cancelled", [new Error("sibling")]]);
  expect(outcome).toBe(child.signal.reason);
  expect(isCancelled(outcome)).toBe(true);
});

test("3.4: so does one through AbortSignal.any", async () => {
  const { child, errors } = await stopped((signal, busy) =>
    fetching(AbortSignal.any([signal, new AbortController().signal]), busy),
  );
  expect([child.state, errors.length]).toEqual(["cancelled", 1]);
});

test("3.4: so does one whose body is being read", async () => {
  const { child, errors } = await stopped(async (signal, busy) => {
    const text = (await fetch("/endless", { signal })).text();
    busy();
    return text;
  });
  expect([child.state, errors.length]).toEqual(["cancelled", 1]);
});
