/** `npm start`: plays the asyncio notebook. `npm start -- 6` plays one cell, `--plain` without colour. */

import { run } from "joinery";

// Stacks are to point into the .ts files. It counts for what is loaded after it.
process.setSourceMapsEnabled(true);
const { tour } = await import("./tour.ts");

process.exitCode = await run(() => tour(process.argv.slice(2)));
