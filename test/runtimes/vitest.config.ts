/** The suite, as `npm run test:runtimes` runs it on one of the runtimes. */

import { join } from "node:path";
import { defineConfig, mergeConfig } from "vitest/config";
import base from "../../vitest.config.ts";

/** The command looks at programs through Node's inspector. */
const onlyOnNode = process.env["JOINERY_RUNTIME"]?.startsWith("node") ? [] : ["packages/cli/**"];

export default mergeConfig(
  base,
  defineConfig({
    root: join(import.meta.dirname, "..", ".."),
    test: {
      // About the repository and its tools, which do not change with the runtime.
      exclude: [
        "test/{package,tour,conformance,bench}/**",
        "test/runtimes/documented.test.ts",
        "test/testing/runners.test.ts",
        ...onlyOnNode,
      ],
      // Deno loads only modules of node_modules as they are, and one of theirs is a link to a folder outside.
      server: { deps: { inline: [/@opentelemetry/] } },
      setupFiles: ["./test/runtimes/setup.ts"],
      reporters: ["./test/runtimes/report.ts"],
      testTimeout: 30_000,
    },
  }),
);
