/** A worker process: renders until it is asked to end, or its parent is gone. */

import { serve } from "@joinery/restate";
import * as frames from "../frames.ts";
import { ingress, port } from "./restate.ts";

// Ctrl-C reaches all processes of a terminal, and is for the caller, who tells them.
process.on("SIGINT", () => {});

const worker = await serve(frames, { ingress, port });
process.once("SIGTERM", () => void worker.close().then(() => process.exit()));
process.once("disconnect", () => process.exit());
process.send?.("ready");
