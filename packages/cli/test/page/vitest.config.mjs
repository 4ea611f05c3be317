import { join } from "node:path";
import { defineConfig } from "vitest/config";

const root = join(import.meta.dirname, "..", "..", "..", "..");

export default defineConfig({
  test: {
    root,
    include: ["packages/{cli,threads}/test/page/*.test.mjs"],
    pool: "forks",
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ["default", join(root, "test", "support", "closing-line.ts")],
  },
});
