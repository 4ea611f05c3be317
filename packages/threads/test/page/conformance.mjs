// What the workers of the conformance suite load.
import { conformanceFunctions } from "joinery/testing";
import { note } from "./journal.mjs";

let me;
const functions = conformanceFunctions((line) => {
  me = JSON.parse(line).worker;
  note(line);
});
export const { echo, fail, left, untransportable, who, work, workAgain } = functions;

// For the test that kills a worker. No `finally` runs when a worker closes itself.
new BroadcastChannel("kill").addEventListener("message", ({ data }) => {
  if (data === me) globalThis.close();
});
