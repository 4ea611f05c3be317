/** The contract of executors, kept over BullMQ and a real Redis, between processes. */

import { afterAll, expect, test } from "vitest";
import { TestBed } from "../../../test/engines/test-bed.ts";
import { testConformance } from "../../../test/support/conformance.ts";

const bed = await TestBed.start("bullmq");
afterAll(() => bed.stop());

const others = testConformance(bed.harness());

test("every case applies", () => {
  expect(others).toEqual([]);
});
