/** Loaded into a program that joinery starts, before anything of its own. */

import type * as Core from "joinery";
import type * as Observe from "joinery/observe";
import { startFeed } from "../attach/in-target.ts";
import { type Order, orderVariable } from "./order.ts";
import { startRecording } from "./recording.ts";

const text = process.env[orderVariable];
delete process.env[orderVariable];

// Workers and forked children get the options of Node of this program, and no order.
if (text !== undefined) {
  const order = JSON.parse(text) as Order;
  const core = (await import(order.core)) as typeof Core;
  const observe = (await import(order.observe)) as typeof Observe;
  if ("feed" in order) startFeed({ core, observe }, order.feed);
  else if ("record" in order) startRecording({ core, observe }, order.record);
  else observe.observe();
}
