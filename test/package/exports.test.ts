import { expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };

const entries = Object.keys(manifest.exports).filter((entry) => !entry.endsWith(".json"));

test("the public names of every entry point", async () => {
  const surface: Record<string, string[]> = {};
  for (const entry of entries) {
    const name = entry.replace(".", manifest.name);
    surface[name] = Object.keys((await import(name)) as object).toSorted();
  }

  expect(surface).toMatchInlineSnapshot(`
    {
      "joinery": [
        "CancelledError",
        "ExceptionGroup",
        "InvalidStateError",
        "TimeoutError",
        "abandonable",
        "all",
        "allSettled",
        "allTasks",
        "any",
        "asCompleted",
        "busyTasks",
        "checkpoint",
        "createTask",
        "currentSignal",
        "currentTask",
        "enclosingTask",
        "eventTypes",
        "exceptStar",
        "formatException",
        "gather",
        "intercept",
        "isCancelled",
        "latestTask",
        "liveGhosts",
        "liveScopes",
        "moveOnAfter",
        "on",
        "programFrames",
        "race",
        "run",
        "shield",
        "sleep",
        "statistics",
        "subscribe",
        "suspend",
        "taskGroup",
        "timeLeft",
        "timeout",
        "timeoutAt",
        "wait",
        "waitFor",
      ],
      "joinery/executor": [
        "LostError",
        "createExecutor",
        "createWorker",
        "decodeError",
        "encodeError",
        "gracefulClose",
        "inProcess",
        "propagate",
        "registerError",
        "remote",
      ],
      "joinery/iter": [
        "buffer",
        "forEach",
        "map",
        "merge",
        "zip",
      ],
      "joinery/observe": [
        "channels",
        "eventRecord",
        "observe",
        "printTreeOnSignal",
        "publishEvents",
        "snapshot",
        "treeText",
      ],
      "joinery/sync": [
        "Barrier",
        "BoundedSemaphore",
        "BrokenBarrierError",
        "CapacityLimiter",
        "Channel",
        "ChannelClosedError",
        "Condition",
        "Event",
        "LifoQueue",
        "Lock",
        "PriorityQueue",
        "Queue",
        "QueueShutDown",
        "Semaphore",
      ],
      "joinery/testing": [
        "DeadlockError",
        "LeftBehindError",
        "ScheduleError",
        "Sequencer",
        "assertNoLeaks",
        "conformanceFunctions",
        "conformanceParent",
        "executorConformance",
        "explore",
        "printTreeWhenStuck",
        "recordEvents",
        "waitAllBlocked",
        "withVirtualTime",
      ],
    }
  `);
});
