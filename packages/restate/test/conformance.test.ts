/** The contract of executors, kept by Restate: its server, three workers. */

import { afterAll, expect, test } from "vitest";
import { testConformance } from "../../../test/support/conformance.ts";
import { TestBed } from "../../../test/engines/test-bed.ts";

const bed = await TestBed.start("restate");
afterAll(() => bed.stop());

const others = testConformance(bed.harness());

test("every case applies", () => {
  expect(others).toEqual([]);
});
