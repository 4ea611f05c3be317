import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const path = (place: string): string => fileURLToPath(new URL(place, import.meta.url));
// As in the root: joinery leads to its sources.
const conditions = ["joinery-source", "module", "node", "development|production"];

export default defineConfig({
  root: path("."),
  resolve: { conditions, alias: { "@joinery/bullmq": path("./src/index.ts") } },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ["test/**/*.test.ts"],
    pool: "forks",
    fileParallelism: false,
    // A worker that is gone is missed after its lease.
    testTimeout: 30_000,
    setupFiles: ["../../test/support/no-leaks.ts"],
    reporters: ["default", "../../test/support/closing-line.ts"],
  },
});
