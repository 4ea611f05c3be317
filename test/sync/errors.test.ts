import { BrokenBarrierError, ChannelClosedError, QueueShutDown } from "joinery/sync";
import { expect, test } from "vitest";

test("copies of the package know each other's errors, also of different versions: the brands are fixed", () => {
  const closed = new ChannelClosedError("JOINERY_NO_RECEIVER", "m");
  expect(Symbol.for("joinery.QueueShutDown") in new QueueShutDown("m")).toBe(true);
  expect(Symbol.for("joinery.ChannelClosedError") in closed).toBe(true);
  expect(Symbol.for("joinery.BrokenBarrierError") in new BrokenBarrierError("m")).toBe(true);
});
