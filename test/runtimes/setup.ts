import { holdToRecord } from "./as-recorded.ts";
import { name } from "./this-runtime.ts";

const expected = process.env["JOINERY_RUNTIME"];
if (expected !== name) throw new Error(`This should be ${expected}, and is ${name}`);

holdToRecord();
