/** A worker process: renders until it is asked to end, or its parent is gone. */

import { once } from "node:events";
import { serve } from "@joinery/bullmq";
import { run } from "joinery";
import * as frames from "../frames.ts";
import { queue } from "./bullmq.ts";

await run(async ({ signal }) => {
  await using _ = await serve(frames, { ...queue, lease: 5000 });
  process.send?.("ready");
  await once(process, "disconnect", { signal });
});
