import { expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };

const entries = Object.keys(manifest.exports).filter((entry) => entry !== "./package.json");

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
        "checkpoint",
        "createTask",
        "currentSignal",
        "currentTask",
        "exceptStar",
        "formatException",
        "gather",
        "isCancelled",
        "moveOnAfter",
        "on",
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
        "inProcess",
        "propagate",
        "registerError",
        "remote",
      ],
      "joinery/testing": [
        "conformanceFunctions",
        "conformanceParent",
        "executorConformance",
      ],
    }
  `);
});
