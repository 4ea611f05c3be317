import { afterEach, test } from "node:test";
import { assertNoLeaks } from "joinery/testing";
import * as checks from "./checks.mjs";

afterEach(() => assertNoLeaks());

for (const [name, check] of Object.entries(checks)) void test(name, check);
