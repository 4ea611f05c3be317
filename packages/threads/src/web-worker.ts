/** The script of the workers that get their functions by URL. */

import { importAll } from "./thread.ts";
import { startThread } from "./web-thread.ts";

startThread(({ modules }) => importAll(modules));
