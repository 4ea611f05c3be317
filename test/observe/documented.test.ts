/** What docs/observe.md says, beside what is so. */

import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { channels } from "joinery/observe";
import schema from "../../src/observe/snapshot.schema.json" with { type: "json" };
import { tableRows } from "../support/repository.ts";

const page = "docs/observe.md";

test("5: the page lists every channel with its type of event", () => {
  const rows = tableRows(page, ["channel", "type", "besides"]);
  const documented = Object.fromEntries(rows.map(([channel, type]) => [type, channel]));
  expect(documented).toEqual(channels);
});

test("5: the page lists every kind of warning", () => {
  const kinds = tableRows(page, ["kind", "when"]).map(([kind]) => kind);
  expect(kinds).toEqual(schema.$defs.warning.properties.kind.enum);
});

test("5: the page lists every state of a task", () => {
  const states = tableRows(page, ["state", "the task"]).map(([state]) => state);
  const ofBlocks = ["open", "joining"];
  const inSchema = schema.$defs.scope.properties.state.enum.filter((s) => !ofBlocks.includes(s));
  expect(new Set(states)).toEqual(new Set(inSchema));
});

test("5: the package has the schema where the page says it is", () => {
  const require = createRequire(import.meta.url);
  expect(require("joinery/observe/snapshot.schema.json")).toEqual(schema);
});
