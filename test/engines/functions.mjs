// What the workers of the engines under test serve.
import { appendFileSync } from "node:fs";
import process from "node:process";
import { conformanceFunctions } from "joinery/testing";

const { echo, fail, who, left, work, workAgain, untransportable } = conformanceFunctions((line) =>
  appendFileSync(process.env.JOURNAL, `${line}\n`),
);
export { echo, fail, left, untransportable, who, work, workAgain };
