/** Snapshots that are checked against the schema of the package. */

import { Ajv2020 } from "ajv/dist/2020.js";
import { snapshot, type ScopeSnapshot, type Snapshot, type SnapshotLimits } from "joinery/observe";
import { expect } from "vitest";
import schema from "../../src/observe/snapshot.schema.json" with { type: "json" };

const validate = new Ajv2020({ allErrors: true, strictTypes: false }).compile(schema);

/** `value`, once it has been written as JSON, read again, and found to be what the schema says. */
function valid(value: Snapshot): Snapshot {
  const read = JSON.parse(JSON.stringify(value)) as Snapshot;
  expect(read, "plain data").toEqual(value);
  validate(read);
  expect(validate.errors ?? [], "what the schema says").toEqual([]);
  return value;
}

export function now(limits?: SnapshotLimits): Snapshot {
  return valid(snapshot(limits));
}

export async function nowWithStacks(limits?: SnapshotLimits): Promise<Snapshot> {
  return valid(await snapshot({ ...limits, stacks: true }));
}

/** The open scope that is called `name`. */
export function scope(name: string, { scopes }: Snapshot = now()): ScopeSnapshot {
  const found = scopes.find((each) => each.name === name);
  if (found === undefined) throw new Error(`There is no scope called ${name}`);
  return found;
}
