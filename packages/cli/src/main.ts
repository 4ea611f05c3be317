#!/usr/bin/env node
/** The command `joinery`. */

import { createProgram } from "./program.ts";

// Whoever reads the output may have read enough: `joinery ps 12 | head`.
process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => {
  if (code === "EPIPE") process.exit(0);
});

await createProgram().parseAsync();
